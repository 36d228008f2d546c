"""Texts become times: how a column writes them is decided once, over the whole file, never row by row.

Cells that a plain cast reads are the common case and are looked at no further. The others are grouped by their shape
(every digit alike), and each shape is recognised once. A cell written unlike the others is read when it can only be
read in one way. Whether 03/04 is April or March is decided by the cells that allow one reading only; where none does,
it is asked.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from journey.engine import Draft, quoted
from journey.ingest.cells.labels import tidy
from journey.ingest.cells.time_columns import (
    FIRST_YEAR,
    LAST_YEAR,
    TimeColumn,
    TimeCounts,
    has_zone_sql,
    is_plain_sql,
    is_plausible_sql,
    plausible_sql,
    timestamp_sql,
)
from journey.ingest.cells.time_layouts import (
    DAMAGED,
    DAY_AND_MONTH,
    FORMS,
    ISO,
    LAYOUTS,
    NUMBER_LAYOUTS,
    recognised,
    shape_sql,
    tidied,
)
from journey.ingest.cells.time_reading import BUDDHIST_YEARS, Style, cell_sql, moment_sql, offset_sql, parts_sql
from journey.ingest.cells.time_words import month_called

__all__ = ["LAYOUTS", "NUMBER_LAYOUTS", "TimeColumn", "plausible_sql", "time_column", "timestamp_sql"]

#: Lengths of `2024-03-05`, `2024-03-05 09:30` and `2024-03-05 09:30:00`; no zone fits into them.
_PLAIN_LENGTHS: Final = (10, 16, 19)
#: Shapes beyond so many are taken as unreadable: no column of times has them.
_MOST_SHAPES: Final = 20_000
#: More cells than this share whose day and month can't be told apart are asked about; fewer are set aside.
_WORTH_ASKING: Final = 0.05
#: A calendar is the column's when so large a share of its years is.
_NEARLY_ALL: Final = 0.9
#: Two-digit years take few values, days many.
_FEW_YEARS, _MANY_DAYS = 3, 10
_LAST_MONTH: Final = 12
_FEW_CELLS: Final = 10
_N_EXAMPLES: Final = 3
_DAMAGED: Final = re.compile(DAMAGED)


def _tomorrow() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None) + datetime.timedelta(days=1)


#: Counts of `moment` and `is_repaired`; the parameter is tomorrow.
_COUNTED: Final = f"""
    max(moment) FILTER ({is_plausible_sql("moment")}),
    count(*) FILTER (moment BETWEEN TIMESTAMP '{FIRST_YEAR + BUDDHIST_YEARS}-01-01'
        AND TIMESTAMP '{LAST_YEAR + BUDDHIST_YEARS}-12-31'),
    count(*) FILTER (NOT ({is_plausible_sql("moment")})),
    count(*) FILTER (moment > ? AND {is_plausible_sql("moment")}),
    count(*) FILTER (is_repaired AND moment IS NOT NULL)"""


def time_column(draft: Draft, table: str, column: str) -> TimeColumn | None:
    """Find how a column writes its times, over all its rows; None when no cell looks like one."""
    cell = quoted(column)
    [(n_filled, n_cast, shortest, longest, is_recent, latest, n_buddhist, n_none, n_future, n_repaired)] = draft.rows(
        f"""SELECT count(*), count(moment), min(length({cell})), max(length({cell})),
            min(moment) >= TIMESTAMP '1000-01-01', {_COUNTED}
        FROM (SELECT {cell}, TRY_CAST({cell} AS TIMESTAMP) AS moment,
            substr({cell}, 12, 2) = '24' AS is_repaired FROM {quoted(table)} WHERE {cell} <> '')""",
        [_tomorrow()],
    )
    if not n_filled:
        return None
    counts = TimeCounts(n_sentinels=n_none, n_future=n_future, n_repaired=n_repaired, latest=latest)
    plain = TimeColumn(ISO, n_filled, n_filled, n_plain=n_filled, n_by_layout=((ISO, n_filled),), counts=counts)
    # The engine reads 1/2/13, too, as a day of the year 1.
    is_regular = n_cast == n_filled and is_recent and not n_buddhist
    if is_regular and shortest == longest and shortest in _PLAIN_LENGTHS:
        return plain
    found = _plain_cells(draft, table, column) if n_cast else _PlainCells()
    if is_regular and found.n_cells == n_filled:
        return replace(plain, n_with_zone=found.n_zoned, counts=replace(counts, offsets=found.offsets))
    times = _irregular(draft, table, column, n_filled, found)
    if times is not None and times.counts.n_buddhist > _NEARLY_ALL * times.n_matching:
        return _irregular(draft, table, column, n_filled, _PlainCells(), is_buddhist=True)
    return times


@dataclass(frozen=True)
class _PlainCells:
    """What is known of the cells that a plain cast reads: `offsets` are the lowest and the highest written."""

    n_cells: int = 0
    n_zoned: int = 0
    offsets: tuple[int, ...] = ()
    longest_day: int = 0


def _plain_cells(draft: Draft, table: str, column: str) -> _PlainCells:
    cell = quoted(column)
    ending = f"CASE WHEN {has_zone_sql(cell)} THEN right({cell}, 6) END"
    [(n_cells, n_zoned, low, high, longest_day)] = draft.rows(
        f"""SELECT count(*), count(ending), min(ending), max(ending), max(day)
        FROM (SELECT {ending} AS ending, day(TRY_CAST({cell} AS TIMESTAMP)) AS day
            FROM {quoted(table)} WHERE {cell} <> '' AND {is_plain_sql(cell)})"""
    )
    offsets = {_offset(ending) for ending in (low, high) if ending is not None}
    return _PlainCells(n_cells, n_zoned, tuple(sorted(offsets)), longest_day or 0)


def _offset(ending: str) -> int:
    """Read the minutes east of UTC at the end of a cell.

    >>> _offset("+02:00"), _offset("0-0530"), _offset(":00:0Z")
    (120, -330, 0)
    """
    found = re.search(r"([+-])(\d{2}):?(\d{2})?$", ending)
    if found is None:
        return 0
    sign, hours, minutes = found.groups("0")
    return (-1 if sign == "-" else 1) * (int(hours) * 60 + int(minutes))


# --- Cells written in other ways ---------------------------------------------------------------------------------


def _irregular(
    draft: Draft, table: str, column: str, n_filled: int, plain: _PlainCells, *, is_buddhist: bool = False
) -> TimeColumn | None:
    cell = quoted(column)
    is_other = f"NOT coalesce({is_plain_sql(cell)}, false)" if plain.n_cells else "true"
    others = f"FROM {quoted(table)} WHERE {cell} <> '' AND {is_other}"
    shapes = draft.rows(
        f"""SELECT count(*) AS n_cells, min({cell}), max({cell}) {others}
        GROUP BY {shape_sql(cell)}
        ORDER BY n_cells DESC, 2 LIMIT {_MOST_SHAPES}"""
    )
    seen = _Seen.of(shapes)
    n_by_layout = Counter(seen.n_by_layout)
    n_by_layout[ISO] += plain.n_cells
    if not sum(n_by_layout.values()):
        return None
    known = tuple((layout, n_cells) for layout, n_cells in sorted(n_by_layout.items(), key=_by_count) if n_cells)
    times = TimeColumn(
        known[0][0],
        0,
        n_filled - seen.n_words_for_nothing,
        plain.n_zoned + seen.n_with_zone,
        n_plain=plain.n_cells,
        n_by_layout=known,
        style=replace(seen.style, is_buddhist=is_buddhist),
        counts=TimeCounts(offsets=plain.offsets, n_damaged=seen.n_damaged),
    )
    times = _ordered(draft, column, times, seen, others, plain.longest_day)
    return _counted(draft, table, column, times, seen, others)


def _by_count(layout: tuple[str, int]) -> tuple[int, int]:
    return -layout[1], list(FORMS).index(layout[0])


@dataclass
class _Seen:
    """What the shapes of the cells show."""

    n_by_layout: Counter[str] = field(default_factory=Counter)
    n_with_zone: int = 0
    n_damaged: int = 0
    n_words_for_nothing: int = 0
    words: dict[str, int] = field(default_factory=dict)
    zones: set[str] = field(default_factory=set)
    has_offsets: bool = False
    has_halves: bool = False
    has_short_years: bool = False
    is_foreign: bool = False
    templates: set[tuple[str, str]] = field(default_factory=set)
    examples: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, shapes: Sequence[tuple[int, str, str]]) -> _Seen:
        """Look at the number of cells of each shape, and at two of them."""
        seen = cls()
        for n_cells, low, high in shapes:
            seen._take(n_cells, low, high)
        return seen

    def _take(self, n_cells: int, low: str, high: str) -> None:
        found = recognised(tidied(low)) or recognised(tidied(high))
        if found is None:
            self.n_damaged += n_cells if _DAMAGED.match(low) else 0
            self.n_words_for_nothing += n_cells if tidy(low) is None else 0
            return
        parts = found.parts
        if found.template:
            self.templates.add((found.layout, found.template))
        self.examples.setdefault(found.layout, []).extend((low, high))
        self.has_short_years |= len(parts.get("year", "")) == 2
        self.n_by_layout[found.layout] += n_cells
        self.is_foreign |= tidied(low) != low
        self.has_halves |= bool(parts.get("half") or parts.get("early_half"))
        if (month := month_called(parts.get("word", ""))) is not None:
            self.words[parts["word"].lower()] = month
        if zone := parts.get("zone"):
            self.zones.add(zone)
        self.has_offsets |= bool(parts.get("sign"))
        self.n_with_zone += n_cells if zone or parts.get("sign") else 0

    @property
    def style(self) -> Style:
        return Style(
            tuple(sorted(self.words.items())), tuple(sorted(self.zones)), self.has_offsets, self.has_halves,
            has_leap_seconds=True, is_foreign=self.is_foreign, templates=tuple(sorted(self.templates)),
        )  # fmt: skip


def _ordered(draft: Draft, column: str, times: TimeColumn, seen: _Seen, others: str, longest_day: int) -> TimeColumn:
    """Find whether the day or the month comes first."""
    n_cells = dict(times.n_by_layout).get(DAY_AND_MONTH, 0)
    if not n_cells:
        return times
    if seen.has_short_years and _is_year_first(draft, column, times.style, others, n_cells):
        return replace(times, style=replace(times.style, year_leads=True))
    cell = cell_sql(column, times.style)
    by_day, by_month = (
        moment_sql(column, DAY_AND_MONTH, times.style, day_first=day_first, naive_zone="UTC", is_thorough=False)
        for day_first in (True, False)
    )
    [(first_leads, second_leads, has_dots, n_both)] = draft.rows(
        f"""SELECT coalesce(bool_or(by_month IS NULL), false), coalesce(bool_or(by_day IS NULL), false),
            bool_and(has_dots), count(*) FILTER (by_day IS NOT NULL AND by_month IS NOT NULL)
        FROM (SELECT {by_day} AS by_day, {by_month} AS by_month, ltrim({cell})[2:3] LIKE '%.%' AS has_dots {others})
        WHERE by_day IS NOT NULL OR by_month IS NOT NULL"""
    )
    # Nobody writes the month first with dots.
    day_first = first_leads if first_leads != second_leads else (True if has_dots and not second_leads else None)
    is_worth_asking = n_cells > _WORTH_ASKING * times.n_filled
    n_plain_few = min(n_cells, times.n_plain) >= _FEW_CELLS
    return replace(
        times,
        day_first=day_first,
        is_ambiguous=day_first is None and not first_leads and is_worth_asking,
        is_contradictory=bool(first_leads and second_leads) and is_worth_asking,
        looks_swapped=n_plain_few and first_leads and not n_both and longest_day <= _LAST_MONTH,
    )


def _is_year_first(draft: Draft, column: str, style: Style, others: str, n_cells: int) -> bool:
    """Tell 24-03-05: what stands first is never a month and hardly changes, what stands last takes many values."""
    parts = parts_sql(cell_sql(column, style), DAY_AND_MONTH)
    [(n_short, least, n_firsts, n_lasts)] = draft.rows(
        f"""SELECT count(*) FILTER (length(p.year) = 2), min(TRY_CAST(p.first AS INTEGER)), count(DISTINCT p.first),
            count(DISTINCT p.year) FROM (SELECT {parts} AS p {others}) WHERE p.first <> ''"""
    )
    return bool(n_short == n_cells and least > _LAST_MONTH and n_firsts <= _FEW_YEARS and n_lasts >= _MANY_DAYS)


def _counted(draft: Draft, table: str, column: str, times: TimeColumn, seen: _Seen, others: str) -> TimeColumn | None:
    """Count what was read and what is worth a word."""
    cell = quoted(column)
    is_asked = times.is_ambiguous or times.is_contradictory
    readings = [
        timestamp_sql(column, times, day_first=day_first, naive_zone="UTC")
        for day_first in ((True, False) if is_asked else (None,))
    ]
    moment = f"coalesce({', '.join(readings)})"
    # A pattern is dear, and these two are rare.
    is_repaired = (
        f"CASE WHEN contains({cell}, '24:00') OR contains({cell}, ':60') "
        f"THEN regexp_matches({cell}, '(^|[^0-9:])24:00|:60([^0-9]|$)') END"
    )
    [(n_matching, latest, n_buddhist, n_sentinels, n_future, n_repaired, unreadable)] = draft.rows(
        f"""SELECT count(moment), {_COUNTED}, min(cell) FILTER (moment IS NULL)
        FROM (SELECT {cell} AS cell, {moment} AS moment, {is_repaired} AS is_repaired
            FROM {quoted(table)} WHERE {cell} <> '')""",
        [_tomorrow()],
    )
    if not n_matching:
        return None
    example = _example(draft, column, seen.examples.get(times.layout, []), readings[0])
    counts = replace(
        times.counts,
        n_unreadable=times.n_filled - n_matching,
        n_sentinels=n_sentinels,
        n_buddhist=n_buddhist,
        n_future=n_future,
        n_repaired=n_repaired,
        n_undecided=0 if is_asked or times.day_first is not None else dict(times.n_by_layout).get(DAY_AND_MONTH, 0),
        latest=latest,
        offsets=_offsets(draft, column, times, others),
        example=example,
        unreadable_examples=(unreadable,) if unreadable else (),
    )
    style = replace(times.style, has_leap_seconds=n_repaired > 0)
    return replace(times, n_matching=n_matching, counts=counts, style=style)


def _example(draft: Draft, column: str, cells: Sequence[str], reading: str) -> tuple[str, datetime.datetime] | None:
    """Tell the first cell of a layout, and what it is read as."""
    if not cells:
        return None
    [found] = draft.rows(
        f"""SELECT min(cell), arg_min(moment, cell) FROM (
            SELECT {quoted(column)} AS cell, {reading} AS moment FROM (SELECT unnest(?) AS {quoted(column)})
        ) WHERE {is_plausible_sql("moment")}""",
        [list(cells)],
    )
    return None if found[0] is None else found


def _offsets(draft: Draft, column: str, times: TimeColumn, others: str) -> tuple[int, ...]:
    """Tell the lowest and the highest offset from UTC that is written in the column."""
    found = set(times.counts.offsets)
    style = times.style
    if style.has_offsets or style.zones:
        cell = cell_sql(column, style)
        for layout, _n_cells in times.n_by_layout:
            if "zone" not in FORMS[layout].parts:
                continue
            parts = parts_sql(cell, layout)
            found |= {
                int(minutes)
                for bounds in draft.rows(
                    f"SELECT min(minutes), max(minutes) FROM (SELECT {offset_sql(style, 'p')} AS minutes "
                    f"FROM (SELECT {parts} AS p {others}))"
                )
                for minutes in bounds
                if minutes is not None
            }
    return tuple(sorted(found))
