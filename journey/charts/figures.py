"""The figures that sum a period up, each on a card with its change and its base."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from journey.charts.escaping import html_text
from journey.charts.html import stylesheet
from journey.language import _, interval, money, number, percent, points, signed

_LESS_IS_BETTER = ("median_days_to_goal",)


def figure_cards(figures: pd.DataFrame, *, currency: str | None = None, goal: str | None = None) -> str:
    """Draw figures as cards.

    Parameters
    ----------
    figures
        One row per figure, as `journey.analysis.overview.figures`.
    currency
        Of the revenue.
    goal
        The stage that counts as success, as people read it.

    Returns
    -------
    str
        HTML that needs no script.
    """
    cards = "".join(_card(row, currency, goal) for row in figures.to_dict("records"))
    return f'{stylesheet("figures")}<div class="j j-figures"><ul>{cards}</ul></div>'


def _card(row: dict[Any, Any], currency: str | None, goal: str | None) -> str:
    tone, told = _change(row, currency)
    exact = _exact(row)
    return (
        f'<li><p class="j-term">{html_text(_title(row["figure"], goal))}</p>'
        f'<p class="j-big" title="{html_text(exact)}">{html_text(_written(row, currency)(row["value"]))}</p>'
        f'<p class="j-told {tone}">{html_text(told)}</p>'
        f'<p class="j-told">{html_text(_base(row))}</p></li>'
    )


def _title(figure: str, goal: str | None) -> str:
    titles = {
        "customers": _("Customers"),
        "share_reaching_goal": _("Reach {goal}").format(goal=goal) if goal else _("Reach the goal"),
        "median_days_to_goal": _("Median days to it"),
        "revenue": _("Revenue"),
        "emotion": _("Feeling (−2 … +2)"),
    }
    return titles.get(figure, figure)


def _written(row: dict[Any, Any], currency: str | None) -> Callable[[float], str]:
    ways: dict[str, Callable[[float], str]] = {
        "share": lambda value: percent(value, 1),
        "days": lambda value: number(value, 1),
        "money": lambda value: money(value, currency),
        "emotion": lambda value: signed(value, 2),
    }
    return ways.get(row["unit"], number)


def _exact(row: dict[Any, Any]) -> str:
    return number(row["value"], 2) if row["unit"] == "money" else ""


def _base(row: dict[Any, Any]) -> str:
    n = number(row["n"])
    if row["unit"] == "emotion":
        return _("of {n} answers").format(n=n)
    return "" if row["figure"] == "customers" else _("of {n} customers").format(n=n)


def _change(row: dict[Any, Any], currency: str | None) -> tuple[str, str]:
    """Tell the change between the last two stretches, and whether it is good; none where its interval holds 0."""
    change, low, high = row["change"], row["change_low"], row["change_high"]
    if pd.isna(change):
        return "", _("no change told: too little to compare")
    if pd.isna(low) or low <= 0 <= high:
        return "", _("no clear change on {previous}").format(previous=row["previous_period"])
    is_better = (change > 0) != (row["figure"] in _LESS_IS_BETTER)
    write = _written_change(row, currency)
    told = _("{arrow} {change} {interval} on {previous}").format(
        arrow="▲" if change > 0 else "▼",
        change=write(change),
        interval=interval(write(low), write(high)),
        previous=row["previous_period"],
    )
    return "j-good" if is_better else "j-bad", told


def _written_change(row: dict[Any, Any], currency: str | None) -> Callable[[float], str]:
    ways: dict[str, Callable[[float], str]] = {
        "share": lambda value: points(value, 1),
        "days": lambda value: signed(value, 1),
        "money": lambda value: money(value, currency),
        "emotion": lambda value: signed(value, 2),
    }
    return ways.get(row["unit"], lambda value: signed(value, 0))
