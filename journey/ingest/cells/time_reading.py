"""The SQL that reads a written time, one expression per layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from journey.engine import literal, quoted
from journey.ingest.cells.time_layouts import (
    DAY_AND_MONTH,
    EPOCH,
    FIRST_SERIAL,
    FORMS,
    LAST_SERIAL,
    ORDINAL,
    SERIAL,
    WEEK,
    tidied_sql,
)
from journey.ingest.cells.time_words import ZONE_MINUTES, is_region

#: Two-digit years up to this one are of our century.
_LAST_SHORT_YEAR = "68"
#: What the Buddhist calendar counts more.
BUDDHIST_YEARS = 543
_MOST_TEMPLATES = 12


@dataclass(frozen=True)
class Style:
    """What occurs in the cells of a column, so that only that is looked for."""

    words: tuple[tuple[str, int], ...] = ()
    zones: tuple[str, ...] = ()
    has_offsets: bool = False
    has_halves: bool = False
    has_leap_seconds: bool = False
    is_foreign: bool = False
    is_buddhist: bool = False
    #: Layout and template pairs: what a parser reads faster than a pattern does.
    templates: tuple[tuple[str, str], ...] = ()
    #: Two-digit years stand first, as in 24-03-05.
    year_leads: bool = False


def in_utc(moment: str, naive_zone: str) -> str:
    """Write the SQL that moves a local time to UTC."""
    return moment if naive_zone == "UTC" else f"timezone('UTC', timezone({literal(naive_zone)}, {moment}))"


def cell_sql(column: str, style: Style) -> str:
    """Write the SQL of a cell as the patterns want it."""
    return tidied_sql(quoted(column)) if style.is_foreign else quoted(column)


def parts_sql(cell: str, layout: str) -> str:
    """Write the SQL of the parts of a cell, all empty when it is written in another layout."""
    form = FORMS[layout]
    return f"regexp_extract({cell}, {literal(form.pattern)}, [{', '.join(map(literal, form.parts))}])"


def moment_sql(
    column: str, layout: str, style: Style, *, day_first: bool | None, naive_zone: str, is_thorough: bool = True
) -> str:
    """Write the SQL that reads a cell of one layout as a UTC time; missing when it is not written so, or is no time.

    Where a parser reads the layout, the pattern is tried on what the parser refuses (24:00, :60), if `is_thorough`.
    """
    if layout == DAY_AND_MONTH and day_first is None and not style.year_leads:
        return "CAST(NULL AS TIMESTAMP)"
    by_pattern = _by_pattern_sql(column, layout, style, day_first=day_first, naive_zone=naive_zone)
    templates = (
        [] if style.is_buddhist or style.year_leads else [each for name, each in style.templates if name == layout]
    )
    if not 0 < len(templates) <= _MOST_TEMPLATES:
        return by_pattern
    first, second = ("%d", "%m") if day_first else ("%m", "%d")
    # A year of two digits is tried first: four digits do not fit it, but two fit a year of four.
    formats = sorted(
        {each.format(first=first, second=second) for each in templates}, key=lambda each: ("%Y" in each, each)
    )
    parsed = f"try_strptime({cell_sql(column, style)}, [{', '.join(map(literal, formats))}])"
    quick = in_utc(parsed, naive_zone)
    return f"coalesce({quick}, {by_pattern})" if is_thorough else quick


def _by_pattern_sql(column: str, layout: str, style: Style, *, day_first: bool | None, naive_zone: str) -> str:
    parts = parts_sql(cell_sql(column, style), layout)
    if layout == EPOCH:
        return f"list_transform([{parts}], lambda p: {_epoch_sql('p.count')})[1]"
    if layout == SERIAL:
        return in_utc(f"list_transform([{parts}], lambda p: {_serial_sql('p.count')})[1]", naive_zone)
    local = _local_sql(layout, style, day_first=day_first)
    if "zone" not in FORMS[layout].parts or not (style.zones or style.has_offsets):
        return in_utc(f"list_transform([{parts}], lambda p: {local})[1]", naive_zone)
    placed = _placed_sql(style, naive_zone)
    inner = f"list_transform([struct_pack(local := {local}, p := p)], lambda q: {placed})[1]"
    return f"list_transform([{parts}], lambda p: {inner})[1]"


def _local_sql(layout: str, style: Style, *, day_first: bool | None) -> str:
    held = FORMS[layout].parts
    year = _year_sql("p.first" if layout == DAY_AND_MONTH and style.year_leads else "p.year", layout, style)
    if layout == WEEK:
        day = "CASE p.weekday WHEN '' THEN '1' ELSE p.weekday END"
        date = f"try_strptime(concat({year}, '-W', p.week, '-', {day}), '%G-W%V-%u')"
    elif layout == ORDINAL:
        date = f"try_strptime(concat({year}, '-', p.ordinal), '%Y-%j')"
    else:
        month, day = _month_and_day(layout, style, day_first=day_first)
        date = f"concat({year}, '-', {month}, '-', {day})"
    if "hour" not in held:
        return f"TRY_CAST({date} AS TIMESTAMP)"
    if layout in (WEEK, ORDINAL):
        date = f"strftime({date}, '%Y-%m-%d')"
    second = "CASE p.second WHEN '' THEN '00' ELSE p.second END"
    if style.has_leap_seconds:
        second = f"least({second}, '59')"
    minute = "CASE p.minute WHEN '' THEN '00' ELSE p.minute END"
    clock = f"{_hour_sql(held, style)}, ':', {minute}, ':', {second}"
    clock += ", '.', CASE p.fraction WHEN '' THEN '0' ELSE p.fraction END" if "fraction" in held else ""
    whole = f"CASE WHEN p.hour = '' THEN {date} ELSE concat({date}, ' ', {clock}) END"
    moment = f"TRY_CAST({whole} AS TIMESTAMP)"
    return f"{moment} + to_seconds(CASE p.second WHEN '60' THEN 1 ELSE 0 END)" if style.has_leap_seconds else moment


def _year_sql(year: str, layout: str, style: Style) -> str:
    if style.is_buddhist:
        return f"(TRY_CAST({year} AS INTEGER) - {BUDDHIST_YEARS})"
    if layout not in (DAY_AND_MONTH, "month name"):
        return year
    century = f"CASE WHEN {year} <= '{_LAST_SHORT_YEAR}' THEN '20' ELSE '19' END"
    return f"CASE WHEN length({year}) = 2 THEN concat({century}, {year}) ELSE {year} END"


def _month_and_day(layout: str, style: Style, *, day_first: bool | None) -> tuple[str, str]:
    if layout == DAY_AND_MONTH:
        if style.year_leads:
            return "p.second_number", "p.year"
        return ("p.second_number", "p.first") if day_first else ("p.first", "p.second_number")
    held = FORMS[layout].parts
    month = "p.month"
    if "word" in held:
        words = ", ".join(literal(word) for word, _month in style.words)
        numbers = ", ".join(str(number) for _word, number in style.words)
        month = f"[{numbers}][list_position([{words}], lower(p.word))]"
    return month, "p.day" if "day" in held else "'1'"


def _hour_sql(held: Sequence[str], style: Style) -> str:
    if not style.has_halves or "half" not in held:
        return "p.hour"
    is_late = "(upper(p.half[1:1]) = 'P' OR p.early_half IN ('下午', '晚上', '오후'))"
    # 13:15 PM is a quarter past one all the same.
    hour = "CAST(p.hour AS INTEGER)"
    twelve = f"CASE WHEN {hour} > 12 THEN {hour} ELSE {hour} % 12 + CASE WHEN {is_late} THEN 12 ELSE 0 END END"
    return f"CASE WHEN p.half = '' AND p.early_half = '' THEN p.hour ELSE CAST({twelve} AS VARCHAR) END"


def offset_sql(style: Style, parts: str) -> str:
    """Write the SQL of the minutes east of UTC that the parts of a cell name; missing for a zone named by its place."""
    minutes = f"CAST({parts}.zone_hours AS INTEGER) * 60 + CAST(concat('0', {parts}.zone_minutes) AS INTEGER)"
    named = [
        f"WHEN {parts}.zone = {literal(zone)} THEN {ZONE_MINUTES[zone.upper()]}"
        for zone in style.zones
        if not is_region(zone)
    ]
    cases = " ".join([f"WHEN {parts}.sign <> '' THEN CAST(concat({parts}.sign, '1') AS INTEGER) * ({minutes})", *named])
    return f"CASE {cases} END"


def _placed_sql(style: Style, naive_zone: str) -> str:
    """Write the SQL that moves `q.local` to UTC by the zone in `q.p`; a zone nobody knows makes no time."""
    regions = [literal(zone) for zone in style.zones if is_region(zone)]
    by_place = f"WHEN q.p.zone IN ({', '.join(regions)}) THEN timezone('UTC', timezone(q.p.zone, q.local))"
    return (
        f"CASE WHEN q.p.zone = '' AND q.p.sign = '' THEN {in_utc('q.local', naive_zone)} "
        f"{by_place if regions else ''} ELSE q.local - to_minutes({offset_sql(style, 'q.p')}) END"
    )


def _epoch_sql(count: str) -> str:
    """Write the SQL that tells the unit of a count since 1970 by its number of digits."""
    written_short = f"contains(lower({count}), 'e')"
    plain = f"CASE WHEN {written_short} THEN CAST(TRY_CAST({count} AS DECIMAL(38, 6)) AS VARCHAR) ELSE {count} END"
    digits = f"length(ltrim(split_part({plain}, '.', 1), '-'))"
    whole = f"TRY_CAST(split_part({plain}, '.', 1) AS BIGINT)"
    exact = f"CAST(round(TRY_CAST({plain} AS DECIMAL(30, 9)) * 1000000) AS BIGINT)"
    return f"""CASE {digits}
        WHEN 13 THEN make_timestamp({whole} * 1000) WHEN 16 THEN make_timestamp({whole})
        WHEN 19 THEN make_timestamp({whole} // 1000)
        WHEN 9 THEN make_timestamp({exact}) WHEN 10 THEN make_timestamp({exact}) END"""


def _serial_sql(count: str) -> str:
    days = f"TRY_CAST(replace({count}, ',', '.') AS DOUBLE)"
    seconds = f"CAST(round({days} * 86400) AS BIGINT)"
    return (
        f"CASE WHEN {days} BETWEEN {FIRST_SERIAL} AND {LAST_SERIAL} "
        f"THEN TIMESTAMP '1899-12-30' + to_seconds({seconds}) END"
    )
