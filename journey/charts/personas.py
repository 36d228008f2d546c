"""Who the customers are: the map of the groups, and what sets one apart from the rest."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

import pandas as pd

from journey.charts.escaping import plotly_text
from journey.charts.theme import ThemeName, figure_layout, palette, persona_colour
from journey.language import _, listed, number, percent, rough, signed

#: Second cue beside the colour, in the order of the personas.
_SYMBOLS = ("circle", "diamond", "square", "triangle-up", "cross", "star", "triangle-down", "hexagon")
_MOST_CONTRASTS = 8
_LONGEST_LINE = 26
#: A difference of this many standard deviations fills the picture; beyond it only the number tells.
_WIDEST_DIFFERENCE = 3.0


def persona_map_chart(points: pd.DataFrame, names: Sequence[str], *, theme: ThemeName = "light") -> dict[str, Any]:
    """Draw customers as dots where alike ones lie together, by colour and shape of their persona.

    Parameters
    ----------
    points
        One row per customer: `x, y, persona`.
    names
        The personas in the order that gives their colours.
    theme
        Light or dark.

    Returns
    -------
    dict
        A Plotly figure. It carries no id of a customer.
    """
    traces, notes = [], []
    for place, name in enumerate(names):
        mine = points[points["persona"] == name]
        if mine.empty:
            continue
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": plotly_text(name),
                "x": mine["x"].astype(float).round(3).tolist(),
                "y": mine["y"].astype(float).round(3).tolist(),
                "marker": {
                    "color": persona_colour(place, theme),
                    "symbol": _SYMBOLS[place % len(_SYMBOLS)],
                    "size": 6,
                    "opacity": 0.55,
                },
                "hovertemplate": "%{fullData.name}<extra></extra>",
            }
        )
        notes.append(_name_at(name, float(mine["x"].median()), float(mine["y"].median()), theme))
    hidden = {"visible": False, "zeroline": False}
    layout = figure_layout(
        theme,
        height=380,
        annotations=notes,
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "itemsizing": "constant"},
        xaxis=hidden,
        yaxis={**hidden, "scaleanchor": "x"},
    )
    return {"data": traces, "layout": layout}


def persona_map_alt(profiles: pd.DataFrame) -> str:
    """Say how many personas there are, and how big each is."""
    parts = [
        _("{persona} ({share}, {n} customers)").format(
            persona=row["persona"], share=percent(row["share_of_customers"]), n=number(row["customers"])
        )
        for row in profiles.to_dict("records")
    ]
    return _("{n} groups of customers: {groups}.").format(n=number(len(parts)), groups=listed(parts))


def contrast_chart(
    contrasts: pd.DataFrame, persona: str, *, theme: ThemeName = "light", is_rough: bool = False
) -> dict[str, Any]:
    """Draw what sets a persona apart: how far it lies from all other customers, feature by feature.

    Parameters
    ----------
    contrasts
        One row per persona and feature: `persona, label, inside, outside, standardised_difference`.
    persona
        Whose contrasts to draw.
    theme
        Light or dark.
    is_rough
        Of the typical values two digits are known.

    Returns
    -------
    dict
        A Plotly figure.
    """
    colours = palette(theme)
    rows = _strongest(contrasts, persona)
    differences = [_within(float(row["standardised_difference"])) for row in rows]
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(rows))),
        "x": differences,
        "marker": {"color": [colours.accent if value > 0 else colours.back for value in differences]},
        "customdata": [_contrast_hover(row, is_rough) for row in rows],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    reach = max((abs(value) for value in differences), default=1.0) * 1.05
    layout = figure_layout(
        theme,
        height=34 * max(1, len(rows)) + 44,
        bargap=0.4,
        title=_caption(_("← less than the rest · more than the rest →"), theme),
        annotations=[_difference(y, row, theme) for y, row in enumerate(rows)],
        margin={"r": 46, "b": 36},
        xaxis={
            "range": [-reach, reach],
            "zeroline": True,
            "zerolinecolor": colours.muted,
            "showgrid": False,
            "showticklabels": False,
        },
        yaxis={
            "tickvals": list(range(len(rows))),
            "ticktext": [_wrapped(str(row["label"])) for row in rows],
            "autorange": "reversed",
            "showgrid": False,
            "zeroline": False,
            "tickfont": {"color": colours.ink, "size": 13},
        },
    )
    return {"data": [trace], "layout": layout}


def contrast_alt(contrasts: pd.DataFrame, persona: str) -> str:
    """Say what a persona does more and less than the rest."""
    rows = _strongest(contrasts, persona)
    more = [str(row["label"]) for row in rows if row["standardised_difference"] > 0]
    less = [str(row["label"]) for row in rows if row["standardised_difference"] < 0]
    parts = []
    if more:
        parts.append(_("more {features}").format(features=listed(more, at_most=4)))
    if less:
        parts.append(_("less {features}").format(features=listed(less, at_most=4)))
    if not parts:
        return _("Nothing sets {persona} apart.").format(persona=persona)
    return _("Against all other customers, {persona}: {parts}.").format(persona=persona, parts="; ".join(parts))


def _strongest(contrasts: pd.DataFrame, persona: str) -> list[dict[Any, Any]]:
    mine = contrasts[(contrasts["persona"] == persona) & contrasts["standardised_difference"].notna()]
    order = mine["standardised_difference"].abs().sort_values(ascending=False, kind="stable").index
    return mine.loc[order[:_MOST_CONTRASTS]].to_dict("records")


def _caption(text: str, theme: ThemeName) -> dict[str, Any]:
    """Write a line under the whole picture: under the bars alone a phone would cut it."""
    return {
        "text": plotly_text(text),
        "font": {"size": 12, "color": palette(theme).muted},
        "xref": "container",
        "x": 0.5,
        "xanchor": "center",
        "yref": "container",
        "y": 0,
        "yanchor": "bottom",
        "pad": {"b": 8},
    }


def _difference(y: int, row: dict[Any, Any], theme: ThemeName) -> dict[str, Any]:
    """Write a difference in a column of its own, where no bar or label reaches on any width."""
    return {
        "xref": "paper",
        "x": 1,
        "xanchor": "left",
        "xshift": 8,
        "y": y,
        "text": signed(float(row["standardised_difference"])),
        "showarrow": False,
        "font": {"size": 12, "color": palette(theme).ink},
    }


def _wrapped(label: str) -> str:
    return "<br>".join(plotly_text(line) for line in wrap(label, _LONGEST_LINE)[:2])


def _within(difference: float) -> float:
    return max(-_WIDEST_DIFFERENCE, min(_WIDEST_DIFFERENCE, difference))


def _contrast_hover(row: dict[Any, Any], is_rough: bool) -> str:
    inside, outside = (rough(row[side]) if is_rough else number(row[side], 2) for side in ("inside", "outside"))
    said = _("{label}: {inside} against {outside} in the rest").format(
        label=row["label"], inside=inside, outside=outside
    )
    return plotly_text(said)


def _name_at(name: str, x: float, y: float, theme: ThemeName) -> dict[str, Any]:
    colours = palette(theme)
    return {
        "x": x,
        "y": y,
        "text": f"<b>{plotly_text(name)}</b>",
        "showarrow": False,
        "font": {"color": colours.ink, "size": 12},
        "bgcolor": colours.surface,
        "borderpad": 3,
        "opacity": 0.9,
    }
