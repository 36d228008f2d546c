"""The two stretches of time a figure is compared between: full quarters in the reporting time zone, else halves."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from journey.dataset import Dataset
from journey.language import period

DAYS_OF_SHORTEST_HALF = 1
MONTHS_OF_QUARTER = 3


@dataclass(frozen=True)
class Stretch:
    """Whole days, both included, and the UTC instants at which they begin and end (the end not included)."""

    first: datetime.date
    last: datetime.date
    start: datetime.datetime
    end: datetime.datetime

    def __str__(self) -> str:
        return period(self.first, self.last)


@dataclass(frozen=True)
class Compared:
    """The whole period looked at, and its last two stretches; no stretches when it is too short to compare."""

    whole: Stretch
    latest: Stretch | None = None
    previous: Stretch | None = None


def compared(dataset: Dataset) -> Compared | None:
    """Find the last two full quarters of the period a dataset shows, or its halves; None when nothing is left."""
    zone = ZoneInfo(dataset.facts.time_zone)
    bounds = days_shown(dataset)
    if bounds is None:
        return None
    first, last = bounds
    whole = _stretch(first, last, zone)
    quarters = full_periods(first, last, MONTHS_OF_QUARTER)
    if len(quarters) >= 2:
        (previous_first, previous_last), (latest_first, latest_last) = quarters[-2:]
    else:
        n_days = ((last - first).days + 1) // 2
        if n_days < DAYS_OF_SHORTEST_HALF:
            return Compared(whole)
        latest_first, latest_last = last - datetime.timedelta(days=n_days - 1), last
        previous_last = latest_first - datetime.timedelta(days=1)
        previous_first = previous_last - datetime.timedelta(days=n_days - 1)
    return Compared(whole, _stretch(latest_first, latest_last, zone), _stretch(previous_first, previous_last, zone))


def _stretch(first: datetime.date, last: datetime.date, zone: ZoneInfo) -> Stretch:
    start, end = (
        datetime.datetime.combine(day, datetime.time(), zone).astimezone(datetime.UTC).replace(tzinfo=None)
        for day in (first, last + datetime.timedelta(days=1))
    )
    return Stretch(first, last, start, end)


def days_shown(dataset: Dataset) -> tuple[datetime.date, datetime.date] | None:
    """Tell the first and the last day that a dataset shows; None when nothing is left.

    A filter's bounds count also where nothing happened on their days; else the data say when they begin and end.
    """
    summary = dataset.summary
    if summary.first is None or summary.last is None:
        return None
    first, last = dataset.days
    return max(dataset.filters.start or first, first), min(dataset.filters.end or last, last)


def full_periods(first: datetime.date, last: datetime.date, n_months: int) -> list[tuple[datetime.date, datetime.date]]:
    """List the calendar months (`n_months` 1) or quarters (3) that lie wholly between two days, both included."""
    found = []
    begin = datetime.date(first.year, n_months * ((first.month - 1) // n_months) + 1, 1)
    while begin <= last:
        following = (begin + datetime.timedelta(days=31 * n_months)).replace(day=1)
        end = following - datetime.timedelta(days=1)
        if first <= begin and end <= last:
            found.append((begin, end))
        begin = following
    return found
