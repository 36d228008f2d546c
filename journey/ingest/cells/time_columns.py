"""How a column writes its times, and the SQL that reads them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Final

from journey.engine import quoted
from journey.ingest.cells.time_layouts import ISO
from journey.ingest.cells.time_notes import time_notes
from journey.ingest.cells.time_reading import Style, in_utc, moment_sql
from journey.ingest.told import Note

FIRST_YEAR, LAST_YEAR = 1900, 2100


@dataclass(frozen=True)
class TimeCounts:
    """How many cells of a column are worth a word, by what is worth it."""

    n_unreadable: int = 0
    n_sentinels: int = 0
    n_future: int = 0
    n_repaired: int = 0
    n_damaged: int = 0
    n_buddhist: int = 0
    n_undecided: int = 0
    latest: datetime.datetime | None = None
    #: Different offsets, in minutes east of UTC.
    offsets: tuple[int, ...] = ()
    #: A cell of the main layout and what it was read as.
    example: tuple[str, datetime.datetime] | None = None
    unreadable_examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class TimeColumn:
    """How a column writes its times.

    `layout` is the one most cells have, `n_by_layout` tells all of them. `day_first` is None where it does not matter
    or is not known; `is_ambiguous` when both readings fit every cell, `is_contradictory` when some cells allow only
    the one and some only the other. `n_plain` cells are read by a plain cast. `looks_swapped` when a spreadsheet seems
    to have read the one half of the dates month first.
    """

    layout: str
    n_matching: int
    n_filled: int
    n_with_zone: int = 0
    day_first: bool | None = None
    is_ambiguous: bool = False
    is_contradictory: bool = False
    looks_swapped: bool = False
    n_plain: int = 0
    n_by_layout: tuple[tuple[str, int], ...] = ()
    style: Style = field(default_factory=Style)
    counts: TimeCounts = field(default_factory=TimeCounts)

    @property
    def is_even(self) -> bool:
        """Every filled cell is written in the layout."""
        return len(self.n_by_layout) == 1 and self.n_by_layout[0][1] == self.n_filled

    @property
    def is_plain(self) -> bool:
        """Every filled cell is read by a plain cast."""
        return self.n_plain == self.n_filled

    def notes(self, header: str, *, naive_zone: str = "UTC", day_first: bool | None = None) -> list[Note]:
        """Say how the times were read; `day_first` is what was answered where the file does not show it."""
        return time_notes(self, header, naive_zone=naive_zone, day_first=day_first)


def timestamp_sql(column: str, times: TimeColumn, *, day_first: bool | None, naive_zone: str) -> str:
    """Write the SQL that reads a cell as a UTC timestamp; missing when it is not written in a layout of the column."""
    cell = quoted(column)
    if times.is_plain and not times.n_with_zone:
        return in_utc(f"TRY_CAST({cell} AS TIMESTAMP)", naive_zone)
    plain = [_plain_sql(cell, times, naive_zone)] if times.n_plain else []
    known = times.day_first if times.day_first is not None else day_first
    written = [
        moment_sql(column, layout, times.style, day_first=known, naive_zone=naive_zone)
        for layout, n_cells in times.n_by_layout
        if layout != ISO or n_cells > times.n_plain
    ]
    readings = [*plain, *written]
    return readings[0] if len(readings) == 1 else f"coalesce({', '.join(readings)})"


#: Times between these bounds that are no time: where counts of seconds and days begin, in every zone.
_NO_TIME: Final = "BETWEEN TIMESTAMP '1969-12-31 10:00:00' AND TIMESTAMP '1970-01-01 14:00:00'"


def plausible_sql(moment: str) -> str:
    """Write the SQL that drops times outside the years in which customers were met, and those that stand for none."""
    return f"CASE WHEN {is_plausible_sql(moment)} THEN {moment} END"


def is_plausible_sql(moment: str) -> str:
    return (
        f"{moment} >= TIMESTAMP '{FIRST_YEAR}-01-02' AND {moment} < TIMESTAMP '{LAST_YEAR + 1}-01-01' "
        f"AND {moment} NOT {_NO_TIME}"
    )


# --- Cells that a plain cast reads -------------------------------------------------------------------------------


def is_plain_sql(cell: str) -> str:
    """Write the SQL that tells a cell the engine reads as people mean it: it also reads `epoch` and `infinity`."""
    return (
        f"{cell} >= '0' AND {cell} < ':' AND substr({cell}, 5, 1) IN ('-', '/') AND "
        f"(right({cell}, 1) < ':' OR ends_with({cell}, 'Z')) "
        f"AND TRY_CAST({cell} AS TIMESTAMP) >= TIMESTAMP '1000-01-01'"
    )


def has_zone_sql(cell: str) -> str:
    """Write the SQL that tells a zone behind a plain cell."""
    return (
        f"(contains({cell}, '+') OR ends_with({cell}, 'Z') "
        f"OR (length({cell}) > 16 AND contains(substr({cell}, 12), '-')))"
    )


def _plain_sql(cell: str, times: TimeColumn, naive_zone: str) -> str:
    naive = in_utc(f"TRY_CAST({cell} AS TIMESTAMP)", naive_zone)
    zoned = f"timezone('UTC', TRY_CAST({cell} AS TIMESTAMPTZ))"
    if times.is_plain and times.n_with_zone == times.n_filled:
        return zoned
    moment = f"CASE WHEN {has_zone_sql(cell)} THEN {zoned} ELSE {naive} END" if times.n_with_zone else naive
    return moment if times.is_plain else f"CASE WHEN {is_plain_sql(cell)} THEN {moment} END"
