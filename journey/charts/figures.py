"""The figures that sum a period up, each on a card with its change and its base."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from journey.charts.escaping import html_text
from journey.charts.html import stylesheet
from journey.language import DAY, _, duration, interval, money, number, percent, signed

_LESS_IS_BETTER = ("median_days_to_goal",)
#: A stretch of whole months as `journey.language.period` writes it, `1 Oct – 31 Dec 2025`.
_MONTHS = re.compile(r"1 (\S+) – 3[01] (?!\1)(\S+) (\d{4})")


@dataclass(frozen=True)
class _Writing:
    """How numbers are written: in which currency, and whether times, money and feelings are known roughly only."""

    currency: str | None
    is_rough: bool


def figure_cards(
    figures: pd.DataFrame, *, currency: str | None = None, goal: str | None = None, is_rough: bool = False
) -> str:
    """Draw figures as cards.

    Parameters
    ----------
    figures
        One row per figure, as `journey.analysis.overview.figures`.
    currency
        Of the revenue.
    goal
        The stage that counts as success, as people read it.
    is_rough
        Of times and money two digits are known, of feelings one decimal, as in a shared document.

    Returns
    -------
    str
        HTML that needs no script.
    """
    writing = _Writing(currency, is_rough)
    cards = "".join(_card(row, writing, goal) for row in figures.to_dict("records"))
    return f'{stylesheet("figures")}<div class="j j-figures"><ul>{cards}</ul></div>'


def _card(row: dict[Any, Any], writing: _Writing, goal: str | None) -> str:
    lines = [
        f'<p class="j-term">{html_text(_title(row["figure"], goal))}</p>',
        f'<p class="j-big"{_exact(row, writing)}>{html_text(_written(row, writing)(row["value"]))}</p>',
        *_change(row, writing),
        *_told(_base(row)),
    ]
    return f"<li>{''.join(lines)}</li>"


def _told(text: str, tone: str = "", title: str = "") -> list[str]:
    if not text:
        return []
    hint = f' title="{html_text(title)}"' if title else ""
    return [f'<p class="{f"j-told {tone}".strip()}"{hint}>{html_text(text)}</p>']


def _title(figure: str, goal: str | None) -> str:
    titles = {
        "customers": _("Customers"),
        "share_reaching_goal": _("Reach {goal}").format(goal=goal) if goal else _("Reach the goal"),
        "median_days_to_goal": _("Median time to it"),
        "revenue": _("Revenue"),
        "emotion": _("Feeling (−2 … +2)"),
    }
    return titles.get(figure, figure)


def _written(row: dict[Any, Any], writing: _Writing) -> Callable[[float], str]:
    ways: dict[str, Callable[[float], str]] = {
        "share": lambda value: percent(value, 1),
        "days": lambda value: duration(value * DAY, is_rough=writing.is_rough),
        "money": lambda value: money(value, writing.currency, is_rough=writing.is_rough),
        "emotion": lambda value: signed(value, 1 if writing.is_rough else 2),
    }
    return ways.get(row["unit"], number)


def _exact(row: dict[Any, Any], writing: _Writing) -> str:
    """Keep the whole amount in the tooltip where it is known."""
    if row["unit"] != "money" or writing.is_rough:
        return ""
    return f' title="{html_text(number(row["value"], 2))}"'


def _base(row: dict[Any, Any]) -> str:
    if pd.isna(row["n"]):
        return _("too few customers to tell")
    n = number(row["n"])
    if row["unit"] == "emotion":
        return _("of {n} answers").format(n=n)
    return "" if row["figure"] == "customers" else _("of {n} customers").format(n=n)


# --- The change --------------------------------------------------------------------------------------------------


def _change(row: dict[Any, Any], writing: _Writing) -> list[str]:
    """Tell the change between the last two stretches and which these are; no colour where it is not sure or tiny."""
    change, low, high = row["change"], row["change_low"], row["change_high"]
    if pd.isna(change):
        return _told(_("change unknown"))
    if pd.isna(low) or low <= 0 <= high:
        return [*_told(_("no clear change")), *_compared(row)]
    if _rounds_to_nothing(row, writing):
        return [*_told(_("hardly any change")), *_compared(row)]
    is_better = (change > 0) != (row["figure"] in _LESS_IS_BETTER)
    size = _size(row, writing)
    told = _("{arrow} {change} {interval}").format(
        arrow="▲" if change > 0 else "▼",
        change=_unit(row).format(n=f"{'+' if change > 0 else '−'}{size(change)}"),
        interval=interval(*(f"{'−' if end < 0 else ''}{size(end)}" for end in (low, high))),
    )
    return [*_told(told, "j-good" if is_better else "j-bad"), *_compared(row)]


def _size(row: dict[Any, Any], writing: _Writing) -> Callable[[float], str]:
    """Write how big a change is, without its sign."""
    ways: dict[str, Callable[[float], str]] = {
        "share": lambda value: number(abs(value) * 100, 1),
        "days": lambda value: duration(abs(value) * DAY, is_rough=writing.is_rough),
        "money": lambda value: money(abs(value), writing.currency, is_rough=writing.is_rough),
        "emotion": lambda value: number(abs(value), 1 if writing.is_rough else 2),
    }
    return ways.get(row["unit"], lambda value: number(abs(value)))


def _unit(row: dict[Any, Any]) -> str:
    return _("{n} points") if row["unit"] == "share" else "{n}"


def _rounds_to_nothing(row: dict[Any, Any], writing: _Writing) -> bool:
    """Tell whether a reader could not see the change in the two written values."""
    written, size = _written(row, writing), _size(row, writing)
    return size(row["change"]) == size(0.0) or written(row["latest"]) == written(row["previous"])


def _compared(row: dict[Any, Any]) -> list[str]:
    """Name the two stretches that are compared, quarters by their months; in full in the tooltip."""
    latest, previous = str(row["latest_period"]), str(row["previous_period"])
    against = _("{latest} against {previous}")
    months = [_MONTHS.fullmatch(each) for each in (latest, previous)]
    if all(months):
        short = [f"{found[1]} – {found[2]}" for found in months if found]
        years = [found[3] for found in months if found]
        if years[0] != years[1]:
            short = [f"{each} {year}" for each, year in zip(short, years, strict=True)]
    else:
        short = [latest, previous]
    title = against.format(latest=latest, previous=previous)
    return _told(against.format(latest=short[0], previous=short[1]), "j-compared", title)
