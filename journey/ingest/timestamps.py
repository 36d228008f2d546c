"""Texts become times: how a column writes them is decided once, over the whole file, never row by row.

A *layout* is a way of writing times. The column's layout is the one that most of its cells have; cells written
otherwise are set aside. Whether 03/04 is April or March is decided by the cells that allow one reading only; where
none does, it is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from journey.engine import Draft, literal, quoted

FIRST_YEAR, LAST_YEAR = 1900, 2100
#: What systems write when there is no time.
_NO_TIMES = ("1900-01-01", "1970-01-01")
_ZONE = r"(?:Z|z|[A-Z][A-Za-z]+/[A-Za-z_/]+|[A-Z]{3,4}|[+-]\d{2}:?(?:\d{2})?)"
_HALF = r"(?:\s*[AaPp]\.?[Mm]\.?)"
_CLOCK = rf"(?:(?:[Tt]|,?\s+)\d{{1,2}}[:.]\d{{2}}(?:[:.]\d{{2}}(?:[.,]\d+)?)?{_HALF}?(?:\s*{_ZONE})?)?"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?:[Jj]an|[Ff]eb|[Mm]ar|[Aa]pr|[Mm]ay|[Jj]un|[Jj]ul|[Aa]ug|[Ss]ep|[Oo]ct|[Nn]ov|[Dd]ec)[a-z]*\.?"
_WEEKDAY = r"(?:[A-Z][a-z]{2,8},?\s+)?"

_CLOCK_WITH_ZONE = rf"[:.]\d{{2}}(?:[.,]\d+)?{_HALF}?\s*{_ZONE}\s*$"
_CLOCK_WITH_HALF = rf"\d{_HALF}(?:\s|$)"
_DOTTED_DATE = r"^\s*\d+\.\d+\."

#: The ways of writing a time, each as a pattern that the whole cell matches.
LAYOUTS: Final[dict[str, str]] = {
    "iso": rf"^\s*\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}{_CLOCK}\s*$",
    "day and month": rf"^\s*\d{{1,2}}[-/.]\d{{1,2}}[-/.](?:\d{{4}}|\d{{2}}){_CLOCK}\s*$",
    "month name": rf"^\s*{_WEEKDAY}(?:\d{{1,2}}[\s-]{_MONTH}|{_MONTH}\s+\d{{1,2}},?)[\s,-]\s*\d{{4}}{_CLOCK}\s*$",
    "compact": r"^\s*(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:T?[0-2]\d[0-5]\d[0-5]\d)?\s*$",
    "epoch": r"^\s*(?:\d{9,10}(?:\.\d+)?|\d{13}|\d{16}|\d{19})\s*$",
}
#: Layouts that hold for many numbers as well: only a column called like a time is taken as one.
NUMBER_LAYOUTS: Final = ("compact", "epoch")


@dataclass(frozen=True)
class TimeColumn:
    """How a column writes its times.

    `day_first` is None where it does not matter; `is_ambiguous` when both readings fit every cell, `is_contradictory`
    when some cells allow only the one and some only the other.
    """

    layout: str
    n_matching: int
    n_filled: int
    n_with_zone: int = 0
    has_halves: bool = False
    day_first: bool | None = None
    is_ambiguous: bool = False
    is_contradictory: bool = False

    @property
    def is_even(self) -> bool:
        """Every filled cell is written in the layout."""
        return self.n_matching == self.n_filled


def time_column(draft: Draft, table: str, column: str) -> TimeColumn | None:
    """Find how a column writes its times, over all its rows; None when no cell looks like one."""
    cell = quoted(column)
    counts: dict[str, int] = {}
    [(n_filled,)] = draft.rows(f"SELECT count(*) FILTER ({cell} <> '') FROM {quoted(table)}")
    for name, pattern in LAYOUTS.items():
        [(counts[name],)] = draft.rows(f"SELECT count(*) FILTER ({_matches(cell, pattern)}) FROM {quoted(table)}")
        if counts[name] > n_filled // 2:
            break
    layout = max(counts, key=lambda name: counts[name])
    n_matching = counts[layout]
    if not n_matching:
        return None
    rows = f"FROM {quoted(table)} WHERE {_matches(cell, LAYOUTS[layout])}"
    [(n_with_zone, has_halves)] = draft.rows(
        f"""SELECT count(*) FILTER ({_has_zone(cell)}),
            coalesce(bool_or(contains(lower({cell}), 'm') AND {_matches(cell, _CLOCK_WITH_HALF)}), false) {rows}"""
    )
    if layout != "day and month":
        return TimeColumn(layout, n_matching, n_filled, n_with_zone, has_halves)
    [(day_leads, month_leads, has_dots)] = draft.rows(
        f"""SELECT max(first) > 12, max(second) > 12, bool_and(dots) FROM (
            SELECT CAST(regexp_extract({cell}, '(\\d+)', 1) AS INTEGER) AS first,
                CAST(regexp_extract({cell}, '\\d+[-/.](\\d+)', 1) AS INTEGER) AS second,
                {_matches(cell, _DOTTED_DATE)} AS dots
            {rows})"""
    )
    # Nobody writes the month first with dots.
    day_first = day_leads if day_leads != month_leads else (True if has_dots and not month_leads else None)
    return TimeColumn(
        layout,
        n_matching,
        n_filled,
        n_with_zone,
        has_halves,
        day_first=day_first,
        is_ambiguous=day_first is None and not day_leads,
        is_contradictory=bool(day_leads and month_leads),
    )


def _matches(cell: str, pattern: str) -> str:
    return f"regexp_matches({cell}, {literal(pattern)})"


def _has_zone(cell: str) -> str:
    """Write the SQL that tells a zone behind the clock; the cell's end settles it for most, and cheaply."""
    may_have = _matches(f"right({cell}, 6)", r"[A-Za-z]\s*$|[+-]\d{2}:?\d{0,2}\s*$")
    return f"CASE WHEN {may_have} THEN {_matches(cell, _CLOCK_WITH_ZONE)} ELSE false END"


def _replaced(text: str, *steps: tuple[str, str]) -> str:
    """Write the SQL that rewrites a text by patterns, one after the other."""
    for pattern, by in steps:
        text = f"regexp_replace({text}, {literal(pattern)}, {literal(by)})"
    return text


def timestamp_sql(column: str, times: TimeColumn, *, day_first: bool | None, naive_zone: str) -> str:
    """Write the SQL that reads a cell as a UTC timestamp; missing when it is not written in the column's layout."""
    cell = f"trim({quoted(column)})"
    if times.layout == "epoch":
        moment = _epoch_sql(cell)
    elif times.layout == "compact":
        moment = _in_utc(_compact_sql(cell), naive_zone)
    else:
        written = _written_sql(cell, times.layout, times.day_first if times.day_first is not None else day_first)
        moment = _read_sql(cell, written, times, naive_zone)
    if times.is_even:
        return moment
    return f"CASE WHEN {_matches(quoted(column), LAYOUTS[times.layout])} THEN {moment} END"


def plausible_sql(moment: str) -> str:
    """Write the SQL that drops times outside the years in which customers were met, and those that stand for none."""
    in_range = f"{moment} >= DATE '{FIRST_YEAR}-01-01' AND {moment} < DATE '{LAST_YEAR + 1}-01-01'"
    not_none = " AND ".join(f"{moment} <> TIMESTAMP '{each}'" for each in _NO_TIMES)
    return f"CASE WHEN {in_range} AND {not_none} THEN {moment} END"


def _in_utc(moment: str, naive_zone: str) -> str:
    """Move a local time to UTC."""
    return moment if naive_zone == "UTC" else f"timezone('UTC', timezone({literal(naive_zone)}, {moment}))"


def _written_sql(cell: str, layout: str, day_first: bool | None) -> str:
    """Write the SQL that brings a cell into the form `2025-1-31 9:05:07.5`, its zone left behind it."""
    if layout == "month name":
        month = f"lower(regexp_extract({cell}, {literal(f'({_MONTH})')}, 1)[1:3])"
        number = f"list_position(string_split('{','.join(_MONTHS)}', ','), {month})"
        day = f"regexp_extract({_replaced(cell, (r'[0-9]{4}.*$', ''))}, '([0-9]{{1,2}})', 1)"
        year, clock = f"regexp_extract({cell}, '[0-9]{{4}}')", f"regexp_extract({cell}, '[0-9]{{4}}[T, ]*(.*)$', 1)"
        dated = f"concat({year}, '-', {number}, '-', {day}, ' ', {clock})"
    elif layout == "day and month":
        dated = _replaced(
            cell,
            (r"^(\d{1,2}[-/.]\d{1,2}[-/.])(\d{2})(\D|$)", r"\120\2\3"),
            (
                r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})[Tt, ]*",
                r"\3-\2-\1 " if day_first else r"\3-\1-\2 ",
            ),
        )
    else:
        dated = _replaced(cell, (r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[Tt, ]*", r"\1-\2-\3 "))
    tidy = _replaced(
        dated, (r" (\d{1,2})\.(\d{2})", r" \1:\2"), (r"( \d{1,2}:\d{2})\.(\d{2})$", r"\1:\2"), (r"(\d),(\d)", r"\1.\2")
    )
    return f"trim({tidy})"


def _read_sql(cell: str, written: str, times: TimeColumn, naive_zone: str) -> str:
    """Write the SQL that reads ISO text; the common cell is read as it stands, `written` only where that fails."""
    is_direct = times.layout == "iso"
    if times.has_halves:
        tidy = _replaced(f"upper({written})", (r"\s*([AP])\.?M\.?", r" \1M"))
        formats = ("%Y-%m-%d %I:%M:%S %p", "%Y-%m-%d %I:%M:%S.%f %p", "%Y-%m-%d %I:%M %p")
        tries = ", ".join(f"try_strptime({tidy}, {literal(each)})" for each in formats)
        return _in_utc(f"coalesce({tries}, TRY_CAST({written} AS TIMESTAMP))", naive_zone)
    as_it_stands = f"TRY_CAST({cell} AS TIMESTAMP), " if is_direct else ""
    naive = _in_utc(f"coalesce({as_it_stands}TRY_CAST({written} AS TIMESTAMP))", naive_zone)
    if not times.n_with_zone:
        return naive
    # With a zone behind it, the engine wants seconds and no space before the offset.
    full = _replaced(written, (r"^(\S+ \d{1,2}:\d{2})(\s*[^\d:.].*)$", r"\1:00\2"), (r"\s+([+-]\d{2})", r"\1"))
    as_it_stands = f"TRY_CAST({cell} AS TIMESTAMPTZ), " if is_direct else ""
    zoned = f"timezone('UTC', coalesce({as_it_stands}TRY_CAST({full} AS TIMESTAMPTZ)))"
    if times.n_with_zone == times.n_filled:
        return zoned
    return f"CASE WHEN {_has_zone(cell)} THEN {zoned} ELSE {naive} END"


def _compact_sql(cell: str) -> str:
    return f"""CASE WHEN length({cell}) = 8 THEN try_strptime({cell}, '%Y%m%d')
        ELSE try_strptime(replace({cell}, 'T', ''), '%Y%m%d%H%M%S') END"""


def _epoch_sql(cell: str) -> str:
    """Write the SQL that tells the unit of a count since 1970 by its number of digits."""
    whole = f"TRY_CAST({cell} AS BIGINT)"
    return f"""CASE length(split_part({cell}, '.', 1))
        WHEN 13 THEN make_timestamp({whole} * 1000) WHEN 16 THEN make_timestamp({whole})
        WHEN 19 THEN make_timestamp({whole} // 1000)
        ELSE make_timestamp(CAST(round(TRY_CAST({cell} AS DECIMAL(30, 9)) * 1000000) AS BIGINT)) END"""
