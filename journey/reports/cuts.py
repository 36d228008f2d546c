"""The values of a cut, each with the filters that select its customers or days."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace

from journey.analysis.periods import MONTHS_OF_QUARTER, compared, days_shown, full_periods
from journey.dataset import Dataset, Filters
from journey.language import months
from journey.reports.choices import PERIOD, PERSONA, cuts_of
from journey.reports.views import Cut
from journey.text.masking import masked

#: A viewer chooses among so many; the rarer values of a breakdown are in the whole only.
MOST_VALUES, MOST_PERIODS = 8, 6
FEWEST_PERIODS = 2


@dataclass(frozen=True)
class CutValue:
    """One value: what it is called, and the filters that select it among those of the owner."""

    value: str
    label: str
    filters: Filters


def cuts(dataset: Dataset, names: tuple[str, ...]) -> tuple[Cut, ...]:
    """Name the cuts for people; `dataset` with its personas laid beside it."""
    labels = cuts_of(dataset)
    return tuple(Cut(name, masked(labels[name]), parts_customers=name != PERIOD) for name in names)


def values_of(dataset: Dataset, cut: str) -> Iterator[CutValue]:
    """Walk the values of a cut that the filters leave: personas, the last periods, the most frequent values."""
    if cut == PERIOD:
        yield from _periods(dataset)
        return
    kept = _kept(dataset.filters, cut)
    known = [value for value in dataset.values_of(cut) if not kept or value in kept]
    for value in known[:MOST_VALUES]:
        yield CutValue(value, value, _with_value(dataset.filters, cut, value))


def _periods(dataset: Dataset) -> Iterator[CutValue]:
    """Take the last full quarters; of shorter data the last full months."""
    bounds = days_shown(dataset)
    if bounds is None:
        return
    quarters = full_periods(*bounds, MONTHS_OF_QUARTER)
    found = quarters if len(quarters) >= FEWEST_PERIODS else full_periods(*bounds, 1)
    if len(found) < FEWEST_PERIODS:
        return
    for first, last in found[-MOST_PERIODS:]:
        filters = replace(dataset.filters, start=first, end=last)
        yield CutValue(_written(first, last), months(first, last), filters)


def stretches_of(dataset: Dataset) -> tuple[tuple[datetime.date, datetime.date], ...]:
    """List the first and last days of the stretches of time that figures are compared between, the latest first."""
    periods = compared(dataset)
    return tuple((each.first, each.last) for each in (periods.latest, periods.previous) if each) if periods else ()


def _written(first: datetime.date, last: datetime.date) -> str:
    return f"{first:%Y-%m}" if first.month == last.month else f"{first:%Y-%m}/{last:%Y-%m}"


def _kept(filters: Filters, cut: str) -> tuple[str, ...]:
    chosen = {PERSONA: filters.personas, "channel": filters.first_channels, "device": filters.first_devices}
    return chosen.get(cut, dict(filters.attributes).get(cut, ()))


def _with_value(filters: Filters, cut: str, value: str) -> Filters:
    if cut == PERSONA:
        return replace(filters, personas=(value,))
    if cut == "channel":
        return replace(filters, first_channels=(value,))
    if cut == "device":
        return replace(filters, first_devices=(value,))
    others = tuple((name, values) for name, values in filters.attributes if name != cut)
    return replace(filters, attributes=(*others, (cut, (value,))))
