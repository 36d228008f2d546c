"""How numbers other than counts are told: as coarse as the people behind them need."""

from __future__ import annotations

import datetime
import math
from collections.abc import Hashable, Sequence
from typing import Any

import pandas as pd

from journey.analysis.statistics import wilson
from journey.reports.protection.cells import Cell, Guard, Population, within_days
from journey.reports.protection.ledger import CUSTOMERS, NOT_TOLD, Told
from journey.text.masking import masked
from journey.vocabulary import EMOTION_HIGH, EMOTION_LOW

Row = dict[Hashable, Any]


def is_known(value: Any) -> bool:
    """Tell whether there is a value."""
    return value is not None and not bool(pd.isna(value))


def known(value: Any) -> float:
    """Read a number that may be missing."""
    return float(value) if is_known(value) else NOT_TOLD


def share(part: float, whole: float) -> float:
    """Divide two told counts."""
    return part / whole if whole > 0 else NOT_TOLD


def share_interval(part: float, whole: float) -> tuple[float, float]:
    """Wilson interval of the share of two told counts."""
    low, high = wilson(part, whole)
    return float(low), float(high)


def felt(told: Told, cell: Cell, row: Row, names: Sequence[str] = ("emotion", "low", "high")) -> list[float]:
    """Tell a mean feeling and its interval, all moved alike and rounded to one decimal, within the scale."""
    if not told.is_told(cell):
        return [NOT_TOLD] * len(names)
    values = [known(row[name]) for name in names]
    moved = told.mean(cell, values[0])
    return [one_decimal(min(max(value + moved, EMOTION_LOW), EMOTION_HIGH)) for value in values]


def one_decimal(value: float) -> float:
    """Round to one decimal, never to −0."""
    return round(value, 1) + 0.0


def told_months(
    guard: Guard, population: Population, months: pd.DataFrame
) -> tuple[datetime.date | None, datetime.date | None]:
    """Tell the first day of the first month, and the last of the last, in which enough of a population did something.

    What lies before or after may be of one customer.
    """
    spans = [(row["month"], _month_end(row["month"]), int(row["customers"])) for row in records(months)]
    told = [
        (first, last)
        for first, last, customers in spans
        if not guard.is_small(Cell(within_days(population, first, last), CUSTOMERS, customers))
    ]
    return (told[0][0], told[-1][1]) if told else (None, None)


def _month_end(first: datetime.date) -> datetime.date:
    return (first + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)


def records(table: pd.DataFrame) -> list[Row]:
    """Hand out the rows of a table; many times as fast as `to_dict` for small ones."""
    names = list(table.columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*(table[name].tolist() for name in names), strict=True)]


def by_count(rows: Sequence[Row], *, names: Sequence[str], first: Sequence[str] = ()) -> list[Row]:
    """Put told rows in order by their told counts, the largest first: as they came they tell which is larger.

    What is in `first` stays in the order in which it came.
    """
    places: dict[tuple[Any, ...], int] = {}
    for row in rows:
        places.setdefault(tuple(row[name] for name in first), len(places))

    def place(row: Row) -> tuple[Any, ...]:
        told = known(row["customers"])
        return (
            places[tuple(row[name] for name in first)],
            -told if is_known(told) else math.inf,
            *(str(row[name]) for name in names),
        )

    return sorted(rows, key=place)


def told_table(table: pd.DataFrame, rows: Sequence[Row], labels: Sequence[str]) -> pd.DataFrame:
    """Build a table of the same columns from told rows.

    What looks like an address or a number of a person is blotted out of the labels; counts may be missing, so they are
    floats.
    """
    columns = {name: [row.get(name) for row in rows] for name in table.columns}
    for name in labels:
        columns[name] = [masked(text) if isinstance(text, str) else text for text in columns[name]]
    return pd.DataFrame(
        {
            name: pd.Series(values, dtype="object" if name in labels else table[name].dtype if not values else None)
            for name, values in columns.items()
        }
    )
