"""How it feels at places that have no order: a row each, sorted by feeling, with its interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from journey.charts.escaping import plotly_text
from journey.charts.html import is_few
from journey.charts.theme import ThemeName, figure_layout, mixed, palette, persona_colour, stage_label
from journey.language import _, interval, ngettext, number, signed
from journey.vocabulary import EMOTION_HIGH, EMOTION_LOW

_MOST_PLACES, _MOST_PLACES_BROKEN_DOWN = 30, 12
_MOST_VALUES = 8
_LONGEST_LABEL = 26
_ROW_PX, _DOT_PX = 24, 13
#: A legend takes its room from the rows; fewer would push the axis over the edge.
_LEAST_PX_UNDER_LEGEND = 90


def place_dots(
    curve: pd.DataFrame,
    by: str,
    breakdown: str | None,
    values: Sequence[str] | None,
    theme: ThemeName,
    *,
    is_rough: bool = False,
) -> dict[str, Any]:
    """Draw a dot with its interval per place, the worst on top; broken down, a dot per value in each row.

    Of more than 30 places (12 when broken down) those with most answers are drawn. Places without any answer are not
    drawn; both are said. `is_rough`: one decimal of a feeling is known.
    """
    digits = 1 if is_rough else 2
    scored = curve[curve["emotion"].notna()]
    places = _places(scored, by, _MOST_PLACES_BROKEN_DOWN if breakdown else _MOST_PLACES)
    order = [str(value) for value in (values or dict.fromkeys(scored[breakdown]))] if breakdown else [""]
    found = set(scored[breakdown].astype(str)) if breakdown else {""}
    shown = [value for value in order if value in found][:_MOST_VALUES]
    traces = []
    for place, value in enumerate(shown):
        rows = scored[scored[breakdown].astype(str) == value] if breakdown else scored
        colour = persona_colour(order.index(value), theme) if breakdown else palette(theme).accent
        offset = (place - (len(shown) - 1) / 2) * 0.7 / len(shown)
        rows = rows[rows[by].astype(str).isin(places)]
        traces.append(_dots(rows, by, places, offset, colour, value, theme, digits))
    notes = [] if breakdown else _values(scored, by, places, theme)
    left_out = _left_out(curve[by].nunique(), scored[by].nunique(), len(places), len(found) - len(shown))
    return {"data": traces, "layout": _layout(places, len(shown), notes, left_out, bool(breakdown), theme)}


def _places(scored: pd.DataFrame, by: str, at_most: int) -> list[str]:
    """Choose the places with most answers and sort them by the feeling of all who answered there."""
    weighed = scored.assign(place=scored[by].astype(str), total=scored["emotion"] * scored["n_scored"])
    sums = weighed.groupby("place", sort=False)[["total", "n_scored"]].sum()
    most = sums.sort_values("n_scored", ascending=False, kind="stable").head(at_most)
    return list((most["total"] / most["n_scored"]).sort_values(kind="stable").index)


def _dots(
    rows: pd.DataFrame,
    by: str,
    places: list[str],
    offset: float,
    colour: str,
    name: str,
    theme: ThemeName,
    digits: int,
) -> dict[str, Any]:
    # The legend takes its sign from the first point: a firm one where there is any.
    found = rows.sort_values("customers_scored", ascending=False, kind="stable").to_dict("records")
    pale = mixed(colour, palette(theme).page, 0.5)
    are_few = [is_few(row["customers_scored"]) for row in found]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": plotly_text(name),
        "x": [row["emotion"] for row in found],
        "y": [places.index(str(row[by])) + offset for row in found],
        "marker": {
            "color": [pale if few else colour for few in are_few],
            "symbol": ["circle-open" if few else "circle" for few in are_few],
            "size": 9,
        },
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [_reach(row["high"], row["emotion"]) for row in found],
            "arrayminus": [_reach(row["emotion"], row["low"]) for row in found],
            "color": pale,
            "thickness": 1.5,
            "width": 0,
        },
        "customdata": [_hover(row, by, digits) for row in found],
        "hovertemplate": "%{customdata}<extra>%{fullData.name}</extra>" if name else "%{customdata}<extra></extra>",
    }


def _reach(upper: float, lower: float) -> float:
    length = upper - lower
    return 0.0 if math.isnan(length) else max(0.0, length)


def _hover(row: dict[Any, Any], by: str, digits: int) -> str:
    said = _("{place}: {emotion} {interval}, {n} answers of {customers} customers").format(
        place=stage_label(str(row[by])),
        emotion=signed(row["emotion"], digits),
        interval=interval(signed(row["low"], digits), signed(row["high"], digits)),
        n=number(row["n_scored"]),
        customers=number(row["customers_scored"]),
    )
    return plotly_text(said)


def _values(scored: pd.DataFrame, by: str, places: list[str], theme: ThemeName) -> list[dict[str, Any]]:
    """Write each value with its base in a column of its own, so that no dot or interval lies under it."""
    rows = {str(row[by]): row for row in scored.to_dict("records")}
    colours = palette(theme)
    return [
        {
            "xref": "paper",
            "x": 1,
            "xanchor": "left",
            "xshift": 8,
            "y": y,
            "showarrow": False,
            "font": {"size": 11, "color": colours.muted if is_few(rows[place]["customers_scored"]) else colours.ink},
            "text": plotly_text(
                _("{emotion} · n {n}").format(
                    emotion=signed(rows[place]["emotion"]), n=number(rows[place]["customers_scored"])
                )
            ),
        }
        for y, place in enumerate(places)
    ]


def _left_out(n_all: int, n_scored: int, n_places: int, n_hidden_values: int) -> str:
    said = []
    if n_scored > n_places:
        told = _("The {n} with most answers; {hidden} more in the table.")
        said.append(told.format(n=number(n_places), hidden=number(n_scored - n_places)))
    if n_all > n_scored:
        said.append(ngettext("{n} without any answer.", "{n} without any answer.", n_all - n_scored))
    if n_hidden_values:
        said.append(ngettext("{n} more group in the table.", "{n} more groups in the table.", n_hidden_values))
    return " ".join(said)


def _layout(
    places: list[str], n_shown: int, notes: list[dict[str, Any]], left_out: str, has_legend: bool, theme: ThemeName
) -> dict[str, Any]:
    rows_px = max(1, len(places)) * max(_ROW_PX, _DOT_PX * n_shown)
    rows_px = max(rows_px, _LEAST_PX_UNDER_LEGEND) if has_legend else rows_px
    below = 56 if left_out else 30
    colours = palette(theme)
    caption = {
        "text": plotly_text(left_out),
        "font": {"size": 12, "color": colours.muted},
        "xref": "container",
        "x": 0,
        "xanchor": "left",
        "yref": "container",
        "y": 0,
        "yanchor": "bottom",
        "pad": {"b": 6, "l": 4},
        "automargin": False,
    }
    return figure_layout(
        theme,
        height=rows_px + below + (40 if has_legend else 8),
        **({"title": caption} if left_out else {}),
        annotations=notes,
        margin={"r": 92 if notes else 12, "b": below},
        showlegend=has_legend,
        legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"},
        hovermode="closest",
        xaxis={
            "range": [EMOTION_LOW - 0.1, EMOTION_HIGH + 0.1],
            "tickvals": [-2, -1, 0, 1, 2],
            "ticktext": [signed(value, 0) for value in (-2, -1, 0, 1, 2)],
            "zeroline": True,
            "zerolinecolor": colours.muted,
        },
        yaxis={
            "tickvals": list(range(len(places))),
            "ticktext": [plotly_text(_cut(stage_label(place))) for place in places],
            "range": [max(1, len(places)) - 0.5, -0.5],
            "showgrid": False,
            "zeroline": False,
            "tickfont": {"color": colours.ink, "size": 12},
        },
    )


def _cut(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1].rstrip() + "…"
