"""Dates as people remember them, “March 2025” or “Q1 2025”: the stretch of time they stand for."""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass
from typing import Final

from journey.ingest.cells.time_words import month_called

_YEARS: Final = range(1900, 2101)
_PART_OF_MONTH: Final = {"early": (1, 10), "mid": (11, 20), "late": (21, 31)}
_QUARTER: Final = re.compile(r"^(?:q([1-4])[\s/-]*(\d{4})|(\d{4})[\s/-]*q([1-4]))$")
_YEAR_AND_MONTH: Final = re.compile(r"^(\d{4})[-/.](\d{1,2})$")
_MONTH_AND_YEAR: Final = re.compile(r"^(\d{1,2})[-/.](\d{4})$")
_DOTTED: Final = re.compile(r"^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})$")
_NAMED: Final = re.compile(
    r"^(?:(early|mid|late)[\s-]+)?(?:(\d{1,2})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?)?([^\W\d_]+)\.?,?\s+(\d{4})$"
)
_MONTH_FIRST: Final = re.compile(r"^([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$")


@dataclass(frozen=True)
class RoughDate:
    """A stretch of time from `start` up to, and without, `end`; `is_day` when it is a single day."""

    start: datetime.datetime
    end: datetime.datetime

    @property
    def is_day(self) -> bool:
        return self.end - self.start == datetime.timedelta(days=1)


def rough_date(text: str) -> RoughDate | None:
    """Read a day, month, quarter or year; None for anything else, a time of day included.

    >>> found = rough_date("March 2025")
    >>> str(found.start), str(found.end)
    ('2025-03-01 00:00:00', '2025-04-01 00:00:00')
    >>> rough_date("03/04/2025") is None, rough_date("next week") is None
    (True, True)
    """
    said = " ".join(text.casefold().split())
    try:
        return _day(said) or _stretch(said)
    except ValueError:
        return None


def _day(said: str) -> RoughDate | None:
    if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}(?: 00:00:00)?", said):
        year, month, day = (int(part) for part in said[:10].split("-"))
        return _from(year, month, day)
    if found := _DOTTED.match(said):
        return _from(int(found[3]), int(found[2]), int(found[1]))
    if (found := _MONTH_FIRST.match(said)) and (month_named := month_called(found[1])):
        return _from(int(found[3]), month_named, int(found[2]))
    if (found := _NAMED.match(said)) and found[2] and not found[1] and (month_named := month_called(found[3])):
        return _from(int(found[4]), month_named, int(found[2]))
    return None


def _stretch(said: str) -> RoughDate | None:
    if found := _QUARTER.match(said):
        year, quarter = int(found[2] or found[3]), int(found[1] or found[4])
        return _from(year, 3 * quarter - 2, n_months=3)
    if found := _YEAR_AND_MONTH.match(said):
        return _from(int(found[1]), int(found[2]), n_months=1)
    if found := _MONTH_AND_YEAR.match(said):
        return _from(int(found[2]), int(found[1]), n_months=1)
    if (found := _NAMED.match(said)) and not found[2] and (month := month_called(found[3])):
        first, last = _PART_OF_MONTH.get(found[1] or "", (1, 31))
        year = int(found[4])
        last = min(last, calendar.monthrange(year, month)[1])
        return RoughDate(_from(year, month, first).start, _from(year, month, last).end)
    if re.fullmatch(r"\d{4}", said):
        return _from(int(said), 1, n_months=12)
    return None


def _from(year: int, month: int, day: int = 1, n_months: int = 0) -> RoughDate:
    if year not in _YEARS:
        raise ValueError(year)
    start = datetime.datetime(year, month, day)  # noqa: DTZ001 - as it was written, without a zone
    if not n_months:
        return RoughDate(start, start + datetime.timedelta(days=1))
    after = month - 1 + n_months
    return RoughDate(start, start.replace(year=year + after // 12, month=after % 12 + 1))
