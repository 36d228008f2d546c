"""A funnel broken down: per step and group the share of those before, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from journey.charts.escaping import plotly_text
from journey.charts.theme import ThemeName, figure_layout, mixed, palette, persona_colour, stage_label
from journey.language import _, interval, listed, ngettext, number, percent
from journey.vocabulary import MINIMUM_BASE

_MOST_VALUES = 8
#: Room below for the axis, and for the axis with the line that says how many groups are not drawn.
_AXIS_PX, _NOTE_PX = 52, 74


def group_dots(table: pd.DataFrame, breakdown: str, values: Sequence[str] | None, theme: ThemeName) -> dict[str, Any]:
    """Draw a dot with its interval per step and value; values with few customers hollow and pale.

    At most eight values are drawn; how many more there are is said below.
    """
    steps = [str(step) for step in dict.fromkeys(table["step"])]
    found = [str(value) for value in dict.fromkeys(table[breakdown])]
    order = list(values or found)
    rows = {value: _shown(table[table[breakdown].astype(str) == value]) for value in found}
    shown = [value for value in order if rows.get(value)][:_MOST_VALUES]
    offsets = [(place - (len(shown) - 1) / 2) * 0.7 / len(shown) for place in range(len(shown))]
    traces = [
        _dots(rows[value], value, persona_colour(order.index(value), theme), offset, steps, theme)
        for value, offset in zip(shown, offsets, strict=True)
    ]
    layout = figure_layout(
        theme,
        height=(18 * len(shown) + 24) * max(1, len(steps) - 1) + 90 + (_NOTE_PX if len(found) > len(shown) else 0),
        annotations=_more(len(found) - len(shown), theme),
        margin={"b": _NOTE_PX + 8 if len(found) > len(shown) else _AXIS_PX},
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"},
        xaxis={"tickformat": ".0%", "range": [0, 1.02], "title": {"text": plotly_text(_("share of those before"))}},
        yaxis={
            "tickvals": list(range(1, len(steps))),
            "ticktext": [plotly_text(stage_label(step)) for step in steps[1:]],
            "range": [len(steps) - 0.5, 0.5],
            "showgrid": False,
            "zeroline": False,
            "tickfont": {"color": palette(theme).ink, "size": 13},
        },
    )
    return {"data": traces, "layout": layout}


def groups_alt(table: pd.DataFrame, breakdown: str) -> str:
    """Say which share of each group comes from the first step to the last."""
    steps = table.groupby(breakdown, sort=False)["customers"]
    first, last = steps.agg(lambda counts: counts.iloc[0]), steps.agg(lambda counts: counts.iloc[-1])
    shares = (last / first)[first >= MINIMUM_BASE].dropna().sort_values(ascending=False)
    if shares.empty:
        return _("Every group has fewer than {n} customers: too few to compare.").format(n=number(MINIMUM_BASE))
    parts = [f"{value} {percent(share)}" for value, share in shares.items()]
    return _("Reach the last step from the first: {groups}.").format(groups=listed(parts, at_most=_MOST_VALUES))


def _more(n_hidden: int, theme: ThemeName) -> list[dict[str, Any]]:
    if not n_hidden:
        return []
    return [
        {
            "text": plotly_text(ngettext("and {n} more in the table", "and {n} more in the table", n_hidden)),
            "xref": "paper",
            "x": 0,
            "xanchor": "left",
            "yref": "paper",
            "y": 0,
            "yanchor": "top",
            "yshift": -_AXIS_PX,
            "showarrow": False,
            "font": {"size": 12, "color": palette(theme).muted},
        }
    ]


def _shown(rows: pd.DataFrame) -> list[dict[Any, Any]]:
    based = rows.assign(base=rows["customers"].shift(1))
    return based.iloc[1:].dropna(subset=["share_of_previous", "low", "high"]).to_dict("records")


def _dots(
    rows: list[dict[Any, Any]], value: str, colour: str, offset: float, steps: list[str], theme: ThemeName
) -> dict[str, Any]:
    pale = palette(theme).page
    is_few = [row["base"] < MINIMUM_BASE for row in rows]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": plotly_text(value),
        "x": [row["share_of_previous"] for row in rows],
        "y": [steps.index(str(row["step"])) + offset for row in rows],
        "marker": {
            "color": [mixed(colour, pale, 0.5) if few else colour for few in is_few],
            "symbol": ["circle-open" if few else "circle" for few in is_few],
            "size": 9,
        },
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [max(0.0, row["high"] - row["share_of_previous"]) for row in rows],
            "arrayminus": [max(0.0, row["share_of_previous"] - row["low"]) for row in rows],
            "color": colour,
            "thickness": 1.2,
            "width": 0,
        },
        "customdata": [_hover(row) for row in rows],
        "hovertemplate": "%{fullData.name}<br>%{customdata}<extra></extra>",
    }


def _hover(row: dict[Any, Any]) -> str:
    said = _("{share} of {n} {interval}").format(
        share=percent(row["share_of_previous"], 1),
        n=number(row["base"]),
        interval=interval(percent(row["low"], 1), percent(row["high"], 1)),
    )
    few = _(", too few to compare") if row["base"] < MINIMUM_BASE else ""
    return plotly_text(said + few)
