"""One customer's way: each interaction a dot in its stage, in the colour of the feeling."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from journey.charts.escaping import plotly_text
from journey.charts.theme import ThemeName, feeling_of, figure_layout, palette, stage_label
from journey.language import _, day, listed, money, ngettext, signed

_ROW_PX, _FRAME_PX = 46, 74
_DOT_PX, _PAID_PX = 11, 16


def timeline_chart(
    timeline: pd.DataFrame, stages: Sequence[str], *, currency: str | None, theme: ThemeName
) -> dict[str, Any]:
    """Draw interactions over time, a row per stage, with a thin line from one to the next.

    The colour of a dot is the feeling, open where none is known; a diamond brought revenue.

    Parameters
    ----------
    timeline
        One row per interaction: `timestamp, stage, touchpoint, channel, device, emotion, revenue`.
    stages
        All stages in order; those the customer never met are left out.
    """
    rows = timeline.to_dict("records")
    places = _places(rows, stages)
    colours = palette(theme)
    heights = [places.index(_known(row["stage"])) for row in rows]
    feelings = [feeling_of(row["emotion"]).colour if _is_number(row["emotion"]) else colours.muted for row in rows]
    is_paid = [_is_number(row["revenue"]) and row["revenue"] != 0 for row in rows]
    trace = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [row["timestamp"] for row in rows],
        "y": heights,
        "line": {"color": colours.line, "width": 1.5},
        "marker": {
            "color": feelings,
            "symbol": [_sign(paid, row) for paid, row in zip(is_paid, rows, strict=True)],
            "size": [_PAID_PX if paid else _DOT_PX for paid in is_paid],
            "line": {"color": feelings, "width": 1.5},
            # Signs of several sizes are drawn see-through unless told otherwise.
            "opacity": 1,
        },
        "text": [_hover(row, currency) for row in rows],
        "hovertemplate": "%{text}<extra></extra>",
    }
    layout = figure_layout(
        theme,
        height=_FRAME_PX + _ROW_PX * len(places),
        xaxis={"type": "date", "showgrid": False, "zeroline": False},
        yaxis={
            "tickvals": list(range(len(places))),
            "ticktext": [plotly_text(stage_label(place) if place else _("(no stage)")) for place in places],
            "autorange": "reversed",
            "zeroline": False,
            "tickfont": {"color": colours.ink, "size": 13},
        },
    )
    return {"data": [trace], "layout": layout}


def timeline_alt(timeline: pd.DataFrame) -> str:
    """Say where the way began and ended, and where it felt worst."""
    rows = timeline.to_dict("records")
    if not rows:
        return _("No interaction.")
    first, last = rows[0], rows[-1]
    said = [
        ngettext("{n} interaction", "{n} interactions", len(rows))
        + " "
        + _("from {first} on {first_day} to {last} on {last_day}.").format(
            first=first["touchpoint"],
            first_day=day(first["timestamp"]),
            last=last["touchpoint"],
            last_day=day(last["timestamp"]),
        )
    ]
    felt = [row for row in rows if _is_number(row["emotion"])]
    if felt:
        worst = min(felt, key=lambda row: float(row["emotion"]))
        said.append(
            _("It felt worst at {touchpoint} ({emotion}).").format(
                touchpoint=worst["touchpoint"], emotion=signed(worst["emotion"])
            )
        )
    return " ".join(said)


def _places(rows: Sequence[dict[Any, Any]], stages: Sequence[str]) -> list[str]:
    met = {_known(row["stage"]) for row in rows}
    return [*[stage for stage in stages if stage in met], *([""] if "" in met else [])]


def _known(name: Any) -> str:
    return name if isinstance(name, str) else ""


def _is_number(value: Any) -> bool:
    return value is not None and not math.isnan(value)


def _sign(is_paid: bool, row: dict[Any, Any]) -> str:
    shape = "diamond" if is_paid else "circle"
    return shape if _is_number(row["emotion"]) else f"{shape}-open"


def _hover(row: dict[Any, Any], currency: str | None) -> str:
    beside = [_known(row[name]) for name in ("channel", "device")]
    told = [
        str(row["touchpoint"]),
        day(row["timestamp"]),
        listed([name for name in beside if name]),
        _("revenue {amount}").format(amount=money(row["revenue"], currency)) if _is_number(row["revenue"]) else "",
        _("felt {emotion}").format(emotion=signed(row["emotion"])) if _is_number(row["emotion"]) else "",
    ]
    return "<br>".join(plotly_text(each) for each in told if each)
