"""The result tables of a document as rows that its reader can sort: what to sort by, and how it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from journey.charts.flow_layout import node_label
from journey.language import _, duration, money, number, percent, signed
from journey.reports.document_data import plain
from journey.reports.views import Collected, Tables

Kind = Literal["text", "number", "share", "money", "duration", "feeling"]


@dataclass(frozen=True)
class Column:
    """How a column of a result is headed and written."""

    label: str
    kind: Kind = "text"
    hint: str = ""


@dataclass(frozen=True)
class Heading:
    """A table's caption and its columns, by their name in the result."""

    caption: str
    columns: Mapping[str, Column]


def headings(collected: Collected) -> dict[str, Heading]:
    """Head every table that a document may show, by its name among `Tables`."""
    return {
        "strip": _strip(),
        "profiles": _profiles(),
        "returns": _returns(),
        "flow": _flow(),
        "funnel": _funnel(),
        "lost": _lost(),
        "emotion": _emotion(collected.emotion_by),
    }


def rows(table: pd.DataFrame, heading: Heading, currency: str | None, *, is_rough: bool = False) -> list[list[Any]]:
    """Write a table row by row: a text stands for itself, a number as `[number, how it is written]`.

    What is unknown or not shown has no number and is written as a dash, never as 0. `is_rough`: of
    times and money two digits are known.
    """
    ways = _ways(currency, is_rough)
    kinds = [(name, column.kind) for name, column in heading.columns.items() if name in table]
    return [[_cell(row[name], kind, ways) for name, kind in kinds] for row in table.to_dict("records")]


def shown_columns(table: pd.DataFrame, heading: Heading) -> dict[str, Column]:
    """Choose the columns of a heading that a table has."""
    return {name: column for name, column in heading.columns.items() if name in table}


def table_of(tables: Tables, name: str) -> pd.DataFrame | None:
    """Hand out a table by its name."""
    found: pd.DataFrame | None = getattr(tables, name)
    return found


def _cell(value: Any, kind: Kind, ways: Mapping[Kind, Callable[[Any], str]]) -> Any:
    if kind == "text":
        return "" if pd.isna(value) else node_label(str(value))
    known = None if pd.isna(value) else value
    return [plain(known), ways[kind](known)]


def _ways(currency: str | None, is_rough: bool) -> dict[Kind, Callable[[Any], str]]:
    return {
        "number": lambda value: number(value, 0 if value is None or float(value).is_integer() else 1),
        "share": lambda value: percent(value, 1),
        "money": lambda value: money(value, currency, is_rough=is_rough),
        "duration": lambda value: duration(value, is_rough=is_rough),
        "feeling": signed,
    }


# --- The tables --------------------------------------------------------------------------------------------------


def _strip() -> Heading:
    return Heading(
        _("The journey in figures"),
        {
            "stage": Column(_("Stage")),
            "customers": Column(_("Customers"), "number"),
            "share_of_all": Column(_("Of all customers"), "share"),
            "share_leaving": Column(_("Leave after it"), "share"),
            "still_open": Column(_("Still on their way"), "number"),
            "emotion": Column(_("Feeling, −2 … +2"), "feeling"),
            "low": Column(_("from"), "feeling", _("Lower end of the 95 % interval")),
            "high": Column(_("to"), "feeling", _("Upper end of the 95 % interval")),
            "n_scored": Column(_("Answers"), "number"),
        },
    )


def _profiles() -> Heading:
    return Heading(
        _("Personas"),
        {
            "persona": Column(_("Persona")),
            "customers": Column(_("Customers"), "number"),
            "share_of_customers": Column(_("Share of customers"), "share"),
            "share_reaching_goal": Column(_("Reach the goal"), "share"),
            "goal_low": Column(_("from"), "share", _("Lower end of the 95 % interval")),
            "goal_high": Column(_("to"), "share", _("Upper end of the 95 % interval")),
            "median_days_to_goal": Column(_("Median days to it"), "number"),
            "revenue_per_customer": Column(_("Revenue per customer"), "money"),
            "emotion": Column(_("Feeling, −2 … +2"), "feeling"),
            "n_scored": Column(_("Answers"), "number"),
        },
    )


def _returns() -> Heading:
    return Heading(
        _("Back to an earlier stage"),
        {
            "source": Column(_("From")),
            "target": Column(_("Back to")),
            "customers": Column(_("Customers"), "number"),
            "share_of_customers_at_source": Column(_("Share of customers seen in the stage"), "share"),
            "median_seconds": Column(_("Median time between"), "duration"),
        },
    )


def _flow() -> Heading:
    return Heading(
        _("Every way that is drawn"),
        {
            "position": Column(_("Step"), "number"),
            "source": Column(_("From")),
            "target": Column(_("To")),
            "journeys": Column(_("Journeys"), "number"),
            "customers": Column(_("Customers"), "number"),
            "median_seconds": Column(_("Median time between"), "duration"),
        },
    )


def _funnel() -> Heading:
    return Heading(
        _("Who gets how far, in figures"),
        {
            "step": Column(_("Step")),
            "customers": Column(_("Customers"), "number"),
            "share_of_all": Column(_("Of all customers"), "share"),
            "share_of_first": Column(_("Of the first step"), "share"),
            "share_of_previous": Column(_("Of the step before"), "share"),
            "low": Column(_("from"), "share", _("Lower end of the 95 % interval of the share of the step before")),
            "high": Column(_("to"), "share", _("Upper end of that interval")),
            "lost": Column(
                _("Lost"), "number", _("Reached the step before, not this one, and are no longer on their way")
            ),
            "still_open": Column(_("Still on their way"), "number"),
            "median_seconds": Column(_("Median time"), "duration", _("From the step before")),
        },
    )


def _lost() -> Heading:
    return Heading(
        _("Where the lost went next"),
        {
            "step": Column(_("After reaching")),
            "next": Column(_("Their next interaction")),
            "customers": Column(_("Customers"), "number"),
            "share_of_lost": Column(_("Share of those lost there"), "share"),
        },
    )


def _emotion(by: str) -> Heading:
    places = {"stage": _("Stage"), "touchpoint": _("Touchpoint"), "channel": _("Channel")}
    return Heading(
        _("The feeling in figures"),
        {
            by: Column(places[by]),
            "emotion": Column(_("Feeling, −2 … +2"), "feeling"),
            "low": Column(_("from"), "feeling", _("Lower end of the 95 % interval")),
            "high": Column(_("to"), "feeling", _("Upper end of the 95 % interval")),
            "n_scored": Column(_("Answers"), "number"),
            "customers_scored": Column(_("Customers who answered"), "number"),
            "interactions": Column(_("Interactions"), "number"),
            "customers": Column(_("Customers"), "number"),
        },
    )
