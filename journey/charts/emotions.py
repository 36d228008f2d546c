"""How it feels along the stages: a curve with its interval, open where nothing is known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from journey.charts.curves import known_runs
from journey.charts.emotion_dots import place_dots
from journey.charts.escaping import plotly_text
from journey.charts.html import is_few
from journey.charts.theme import (
    ThemeName,
    feeling_of,
    figure_layout,
    mixed,
    palette,
    persona_colour,
    picture_address,
    stage_label,
)
from journey.language import _, interval, listed, ngettext, number, signed
from journey.vocabulary import EMOTION_HIGH, EMOTION_LOW, MINIMUM_BASE

_MOST_VALUES = 8
_MOST_NAMED = 8


def emotion_chart(
    curve: pd.DataFrame,
    *,
    by: str = "stage",
    breakdown: str | None = None,
    values: Sequence[str] | None = None,
    theme: ThemeName = "light",
    is_rough: bool = False,
) -> dict[str, Any]:
    """Draw the feeling along the journey, with faces; broken down, a line per value.

    Touchpoints and channels have no order that a line could follow: they are drawn as rows of dots, the worst on top.

    Parameters
    ----------
    curve
        One row per place in the order to draw: the column named by `by`, and `emotion, low, high, n_scored,
        customers_scored`. Where there are `is_peak` and `is_end`, these are marked.
    by
        Name of the column that holds the place.
    breakdown
        Name of the column that holds the value, when the curve is broken down.
    values
        All values in the order that gives their colours; None: as they come.
    theme
        Light or dark.
    is_rough
        One decimal of a feeling is known, as in a shared document.

    Returns
    -------
    dict
        A Plotly figure.
    """
    if by != "stage":
        return place_dots(curve, by, breakdown, values, theme, is_rough=is_rough)
    places = [str(place) for place in dict.fromkeys(curve[by])]
    points = [] if breakdown else _on(places, curve, by)
    digits = 1 if is_rough else 2
    traces = (
        _lines(curve, by, breakdown, places, values, theme, digits) if breakdown else _single(points, theme, digits)
    )
    n_hidden = max(0, curve[breakdown].nunique() - _MOST_VALUES) if breakdown else 0
    labels = [plotly_text(stage_label(place)) for place in places]
    layout = figure_layout(
        theme,
        height=360,
        annotations=[
            *(_note(place, point, theme) for place, point in enumerate(points)),
            *([_hidden_values(n_hidden, theme)] if n_hidden else []),
        ],
        images=[_face(place, point) for place, point in enumerate(points) if point["emotion"] is not None],
        showlegend=bool(breakdown),
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        hovermode="closest",
        xaxis={
            "tickvals": list(range(len(places))),
            "ticktext": labels,
            "range": [-0.5, max(0.5, len(places) - 0.5)],
            "showgrid": False,
            "zeroline": False,
        },
        yaxis={
            "range": [EMOTION_LOW - 0.15, EMOTION_HIGH + 0.15],
            "tickvals": [-2, -1, 0, 1, 2],
            "ticktext": [signed(value, 0) for value in (-2, -1, 0, 1, 2)],
            "zeroline": True,
        },
    )
    return {"data": traces, "layout": layout}


def emotion_alt(curve: pd.DataFrame, *, by: str = "stage", breakdown: str | None = None) -> str:
    """Say where the feeling is lowest, where it is highest, and where it is unknown."""
    known = curve[curve["emotion"].notna() & ~curve["customers_scored"].map(is_few).astype(bool)]
    if known.empty:
        return _("Nowhere did at least {n} customers answer, so no feeling is told.").format(n=number(MINIMUM_BASE))
    lowest, highest = known.iloc[known["emotion"].argmin()], known.iloc[known["emotion"].argmax()]
    said = _(
        "Lowest at {low} ({low_value}, {low_n} customers), highest at {high} ({high_value}, {high_n} customers)."
    ).format(
        low=_place(lowest, by, breakdown),
        low_value=signed(lowest["emotion"]),
        low_n=number(lowest["customers_scored"]),
        high=_place(highest, by, breakdown),
        high_value=signed(highest["emotion"]),
        high_n=number(highest["customers_scored"]),
    )
    silent = [stage_label(str(place)) for place, rows in curve.groupby(by, sort=False) if rows["emotion"].isna().all()]
    return said + (" " + _("Unknown: {places}.").format(places=listed(silent, at_most=_MOST_NAMED)) if silent else "")


def _place(row: pd.Series, by: str, breakdown: str | None) -> str:
    label = stage_label(str(row[by]))
    return _("{place}, {value}").format(place=label, value=row[breakdown]) if breakdown else label


def _on(places: list[str], rows: pd.DataFrame, by: str) -> list[dict[str, Any]]:
    """Lay the rows on the places of the axis; what is missing stays missing."""
    found = {str(row[by]): row for row in rows.to_dict("records")}
    empty = {"emotion": None, "low": None, "high": None, "n_scored": 0, "customers_scored": 0}
    laid = [{**empty, **found.get(place, {}), "label": stage_label(place)} for place in places]
    return [{name: None if _is_missing(value) else value for name, value in row.items()} for row in laid]


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _single(points: list[dict[str, Any]], theme: ThemeName, digits: int) -> list[dict[str, Any]]:
    return _drawn(points, palette(theme).accent, _("feeling"), digits)


def _lines(
    curve: pd.DataFrame,
    by: str,
    breakdown: str,
    places: list[str],
    values: Sequence[str] | None,
    theme: ThemeName,
    digits: int,
) -> list[dict[str, Any]]:
    traces: list[dict[str, Any]] = []
    order = list(values or dict.fromkeys(curve[breakdown]))
    drawn = [value for value in order if (curve[breakdown] == value).any()][:_MOST_VALUES]
    for value in drawn:
        points = _on(places, curve[curve[breakdown] == value], by)
        traces += _drawn(points, persona_colour(order.index(value), theme), plotly_text(value), digits)
    return traces


def _drawn(points: list[dict[str, Any]], colour: str, name: str, digits: int) -> list[dict[str, Any]]:
    """Draw a line with its intervals: a band along it, a bar at a place that has no neighbour."""
    runs = list(known_runs([point["emotion"] for point in points]))
    bands = [_band(run, points, colour) for run in runs if len(run) > 1]
    lonely = {run[0] for run in runs if len(run) == 1}
    return [*bands, _line(points, lonely, colour, name, digits)]


def _band(run: list[int], points: list[dict[str, Any]], colour: str) -> dict[str, Any]:
    low = [points[place]["emotion"] if points[place]["low"] is None else points[place]["low"] for place in run]
    high = [points[place]["emotion"] if points[place]["high"] is None else points[place]["high"] for place in run]
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return {
        "type": "scatter",
        "x": [*run, *reversed(run)],
        "y": [*high, *reversed(low)],
        "fill": "toself",
        "fillcolor": f"rgba({red},{green},{blue},0.14)",
        "line": {"width": 0, "shape": "linear"},
        "mode": "lines",
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _line(points: list[dict[str, Any]], lonely: set[int], colour: str, name: str, digits: int) -> dict[str, Any]:
    is_few = [not _is_firm(point) for point in points]
    line: dict[str, Any] = {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": list(range(len(points))),
        "y": [point["emotion"] for point in points],
        "connectgaps": False,
        "line": {"color": colour, "width": 2.5},
        "marker": {"color": colour, "size": 8, "symbol": ["circle-open" if few else "circle" for few in is_few]},
        "customdata": [_hover(point, digits) for point in points],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    if lonely:
        line["error_y"] = {
            "type": "data",
            "symmetric": False,
            "array": [_length(point, "high") if place in lonely else None for place, point in enumerate(points)],
            "arrayminus": [_length(point, "low") if place in lonely else None for place, point in enumerate(points)],
            "color": colour,
            "thickness": 1.5,
            "width": 0,
        }
    return line


def _length(point: dict[str, Any], end: str) -> float | None:
    return None if point[end] is None else abs(float(point[end] - point["emotion"]))


def _hover(point: dict[str, Any], digits: int) -> str:
    if point["emotion"] is None:
        return ""
    said = _("{place}: {emotion} {interval}, {n} answers of {customers} customers").format(
        place=point["label"],
        emotion=signed(point["emotion"], digits),
        interval=interval(signed(point["low"], digits), signed(point["high"], digits)),
        n=number(point["n_scored"]),
        customers=number(point["customers_scored"]),
    )
    return plotly_text(said)


def _mark(point: dict[str, Any]) -> str:
    names = {"is_peak": _("peak"), "is_end": _("end")}
    return _(" and ").join(name for column, name in names.items() if point.get(column))


def _is_firm(point: dict[str, Any]) -> bool:
    return point["emotion"] is not None and not is_few(point["customers_scored"])


def _note(place: int, point: dict[str, Any], theme: ThemeName) -> dict[str, Any]:
    colours = palette(theme)
    if point["emotion"] is None:
        return {
            "x": place,
            "y": 0,
            "yshift": 10,
            "text": plotly_text(_("unknown")),
            "showarrow": False,
            "font": {"color": colours.muted, "size": 11},
        }
    said = _("{emotion} · n {n}").format(emotion=signed(point["emotion"]), n=number(point["customers_scored"]))
    mark = _mark(point)
    text = f"<b>{plotly_text(mark)}</b><br>{plotly_text(said)}" if mark else plotly_text(said)
    is_low = point["emotion"] < 0
    return {
        "x": place,
        "y": point["emotion"] if point["low"] is None else point["low" if is_low else "high"],
        "yshift": -14 if is_low else 14,
        "yanchor": "top" if is_low else "bottom",
        "text": text,
        "showarrow": False,
        "font": {"color": colours.ink if mark else mixed(colours.muted, colours.ink, 0.1), "size": 11},
    }


def _hidden_values(n_hidden: int, theme: ThemeName) -> dict[str, Any]:
    return {
        "text": plotly_text(ngettext("and {n} more in the table", "and {n} more in the table", n_hidden)),
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "yref": "paper",
        "y": 0,
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": 12, "color": palette(theme).muted},
    }


def _face(place: int, point: dict[str, Any]) -> dict[str, Any]:
    return {
        "source": picture_address(feeling_of(point["emotion"]).face),
        "xref": "x",
        "yref": "y",
        "x": place,
        "y": point["emotion"],
        "sizex": 0.3,
        "sizey": 0.3,
        "xanchor": "center",
        "yanchor": "middle",
        "opacity": 1.0 if _is_firm(point) else 0.45,
        "layer": "above",
    }
