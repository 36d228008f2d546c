"""What a refresh changes: the figures that readers see now beside those they would see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import streamlit as st

from journey.charts.theme import stage_label
from journey.language import DAY, UNKNOWN, _, day, duration, listed, money, number, percent, signed
from journey.reports.views import Collected
from journey.ui.text import plain


def changes(before: Collected | None, after: Collected) -> pd.DataFrame:
    """Compare what two documents say of the whole.

    Returns
    -------
    pandas.DataFrame
        One row per figure in one of them.

        - **figure** (*str*): its name.
        - **before**, **after** (*str*): as it is read; “–” where it is unknown or was left out.
    """
    told_before = dict(_told(before)) if before is not None else {}
    told_after = dict(_told(after))
    names = [*told_after, *(name for name in told_before if name not in told_after)]
    rows = [(name, told_before.get(name, UNKNOWN), told_after.get(name, UNKNOWN)) for name in names]
    return pd.DataFrame(rows, columns=["figure", "before", "after"])


def show(before: Collected | None, after: Collected) -> None:
    """Show what a refresh changes."""
    table = changes(before, after)
    st.dataframe(
        table.rename(columns={"figure": _("Figure"), "before": _("Shown now"), "after": _("After the refresh")}),
        hide_index=True,
        alt=_("What changes"),
    )
    if before is None:
        st.caption(_("What is shown now can't be worked out any more, so that the two can't be compared."))
        return
    if (table["before"] == table["after"]).all():
        st.caption(_("None of these figures changes."))
    _groups(before, after)


def _groups(before: Collected, after: Collected) -> None:
    """Tell which groups can be switched to that could not, and the other way round."""
    had, have = (list(dict.fromkeys(view.label for view in each.views[1:])) for each in (before, after))
    for told, names in (
        (_("New groups to switch to: {names}."), [name for name in have if name not in had]),
        (_("Groups no longer shown: {names}."), [name for name in had if name not in have]),
    ):
        if names:
            st.caption(plain(told.format(names=listed(names, at_most=8))))


def _told(collected: Collected) -> Iterator[tuple[str, str]]:
    tables = collected.whole.tables
    yield _("Data until"), day(tables.last)
    yield _("Interactions"), number(tables.interactions)
    ways = _ways(collected)
    for row in tables.figures.to_dict("records"):
        name, write = ways.get(row["figure"], (str(row["figure"]), number))
        yield name, write(row["value"])
    yield _("Groups to switch to"), number(len(collected.views) - 1)


def _ways(collected: Collected) -> dict[str, tuple[str, Callable[[Any], str]]]:
    goal = stage_label(collected.goal) if collected.goal else _("the goal")
    return {
        "customers": (_("Customers"), number),
        "share_reaching_goal": (_("Reach {goal}").format(goal=goal), lambda value: percent(value, 1)),
        "median_days_to_goal": (_("Median time to it"), lambda value: duration(value * DAY)),
        "revenue": (_("Revenue"), lambda value: money(value, collected.currency)),
        "emotion": (_("Feeling (−2 … +2)"), lambda value: signed(value, 2)),
    }
