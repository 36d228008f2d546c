"""Who reaches each step: bars of customers, with those still on their way and those lost shown apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from journey.charts.escaping import plotly_text
from journey.charts.funnel_groups import group_dots, groups_alt
from journey.charts.theme import ThemeName, figure_layout, mixed, palette, stage_label, stage_ramp
from journey.language import _, interval, number, percent

_ROW_HEIGHT = 54


def funnel_chart(
    table: pd.DataFrame,
    *,
    breakdown: str | None = None,
    values: Sequence[str] | None = None,
    theme: ThemeName = "light",
) -> dict[str, Any]:
    """Draw a funnel as horizontal bars, or, broken down, as shares with their intervals.

    Parameters
    ----------
    table
        One row per step: `step, customers, from_previous, share_of_previous, low, high, still_open, lost`; broken down
        per value and step.
    breakdown
        Name of the column that holds the value, when the funnel is broken down.
    values
        All values in the order that gives their colours; None: as they come.
    theme
        Light or dark.

    Returns
    -------
    dict
        A Plotly figure.
    """
    return group_dots(table, breakdown, values, theme) if breakdown else _bars(table, theme)


def funnel_alt(table: pd.DataFrame, *, breakdown: str | None = None) -> str:
    """Say what the funnel shows: how many come through, and where most are lost."""
    if table.empty or not table["customers"].iloc[0]:
        return _("Nobody reaches the first step.")
    if breakdown:
        return groups_alt(table, breakdown)
    laid_out = _rows(table)
    rows = [row for row in laid_out if row["customers"] is not None]
    if len(rows) < len(laid_out) and (not rows or not rows[0]["is_first"]):
        return _("Too few customers to tell who gets how far.")
    ends = {"n": number(rows[-1]["customers"]), "first": number(rows[0]["customers"])}
    ends |= {"start": rows[0]["label"], "end": rows[-1]["label"]}
    if any(row["entered"] for row in rows):
        said = [_("{first} customers at {start}, {n} at {end}.").format(**ends)]
    else:
        share = percent(rows[-1]["customers"] / rows[0]["customers"])
        said = [_("{n} of {first} customers at {start} reach {end} ({share}).").format(**ends, share=share)]
    worst = max(rows[1:], key=lambda row: row["lost"] or 0, default=None)
    if worst and worst["lost"]:
        said.append(
            _("Most are lost before {step}: {n}, while {share} of those before come.").format(
                step=worst["label"], n=number(worst["lost"]), share=percent(worst["share_of_previous"])
            )
        )
    open_rows = [row["still_open"] for row in laid_out]
    still_open = 0 if None in open_rows else sum(open_rows)
    if still_open:
        said.append(_("{n} are still on their way.").format(n=number(still_open)))
    return " ".join(said)


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Lay out each step: who comes from the step before, who enters here, who may still come, who is lost.

    What is not told is None, and not drawn; nor are the parts of a step whose customers are not told.
    """
    rows: list[dict[str, Any]] = []
    for row in table.to_dict("records"):
        is_first = not rows
        customers = _whole(row["customers"])
        from_previous = customers if is_first else _whole(row["from_previous"])
        rows.append(
            {
                "label": stage_label(str(row["step"])),
                "customers": customers,
                "is_first": is_first,
                "before": None if is_first else rows[-1]["customers"],
                "from_previous": from_previous,
                "entered": None if customers is None or from_previous is None else customers - from_previous,
                "still_open": 0 if is_first else None if customers is None else _whole(row["still_open"]),
                "lost": 0 if is_first else None if customers is None else _whole(row["lost"]),
                **{name: row[name] for name in ("share_of_previous", "low", "high")},
            }
        )
    return rows


def _whole(count: Any) -> int | None:
    return None if pd.isna(count) else int(count)


def _bars(table: pd.DataFrame, theme: ThemeName) -> dict[str, Any]:
    rows, colours = _rows(table), palette(theme)
    ramp = stage_ramp(len(rows), theme)
    hatched = {
        "color": colours.surface,
        "line": {"color": colours.muted, "width": 0.5},
        "pattern": {"shape": "/", "fgcolor": colours.muted, "size": 6, "solidity": 0.25},
    }
    entering = {"color": [mixed(colour, colours.page, 0.55) for colour in ramp]}
    comes = _("come from before") if any(row["entered"] for row in rows) else _("reach it")
    parts: list[tuple[str, str, dict[str, Any]]] = [
        (comes, "from_previous", {"color": ramp, "line": {"color": colours.accent, "width": 0.5}}),
        (_("enter here"), "entered", entering),
        (_("still on their way"), "still_open", hatched),
        (_("lost"), "lost", {"color": mixed(colours.bad, colours.page, 0.78)}),
    ]
    traces = [_part(rows, *part) for part in parts if part[1] == "from_previous" or any(row[part[1]] for row in rows)]
    traces[0] |= {"customdata": [_hover(row) for row in rows], "hovertemplate": "%{customdata}<extra></extra>"}
    layout = figure_layout(
        theme,
        barmode="stack",
        bargap=0.34,
        height=_ROW_HEIGHT * max(1, len(rows)) + 46,
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "traceorder": "normal"},
        xaxis={"visible": False, "rangemode": "tozero"},
        yaxis={"autorange": "reversed", "tickfont": {"color": colours.ink, "size": 13}, "showgrid": False},
    )
    return {"data": [*traces, _whiskers(rows, theme)], "layout": layout}


def _part(rows: list[dict[str, Any]], name: str, column: str, marker: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "y": [_tick(row) for row in rows],
        "x": [row[column] for row in rows],
        "marker": marker,
        "hovertemplate": "%{x:,} " + plotly_text(name) + "<extra></extra>",
    }


def _tick(row: dict[str, Any]) -> str:
    said = number(row["customers"])
    if not row["is_first"] and row["customers"] is not None and not pd.isna(row["share_of_previous"]):
        said = _("{n} · {share} of before").format(n=said, share=percent(row["share_of_previous"]))
    return f"{plotly_text(row['label'])}<br><span style='font-size:.85em'>{plotly_text(said)}</span>"


def _hover(row: dict[str, Any]) -> str:
    if row["is_first"] or row["from_previous"] is None or pd.isna(row["share_of_previous"]):
        return plotly_text(_("{n} customers").format(n=number(row["customers"])))
    said = _("{n} of the {before} before: {share} {interval}").format(
        n=number(row["from_previous"]),
        before=number(row["before"]),
        share=percent(row["share_of_previous"], 1),
        interval=interval(percent(row["low"], 1), percent(row["high"], 1)),
    )
    return plotly_text(said)


def _whiskers(rows: list[dict[str, Any]], theme: ThemeName) -> dict[str, Any]:
    """Draw the intervals as points of their own, or the next part of the bar would cover their upper ends."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [row["from_previous"] for row in rows],
        "y": [_tick(row) for row in rows],
        "marker": {"opacity": 0},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [_length(row, "high", 1) for row in rows],
            "arrayminus": [_length(row, "low", -1) for row in rows],
            "color": palette(theme).ink,
            "thickness": 1.2,
            "width": 4,
        },
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _length(row: dict[str, Any], end: str, sign: int) -> float:
    """How far an end of the interval of the share lies from the end of the bar, in customers."""
    if row["before"] is None or pd.isna(row[end]):
        return 0.0
    return float(max(0.0, sign * (row[end] - row["share_of_previous"]) * row["before"]))
