"""What a person is told about the times of a column: how they were read, and what is odd about them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from journey.ingest.cells.time_layouts import (
    COARSE_LAYOUTS,
    COMPACT,
    DAY_AND_MONTH,
    EPOCH,
    ISO,
    MONTH_ONLY,
    ORDINAL,
    SERIAL,
    WEEK,
)
from journey.ingest.cells.time_words import ZONE_MINUTES, is_region, zone_words
from journey.ingest.told import Note
from journey.language import _, day, listed, number

if TYPE_CHECKING:
    from journey.ingest.cells.time_columns import TimeColumn

_LONGEST_EXAMPLE = 60


def time_notes(times: TimeColumn, header: str, *, naive_zone: str, day_first: bool | None) -> list[Note]:
    """Say how the times of a column were read, the most important first."""
    return [
        *_on_format(times, header, day_first),
        *_on_mixture(times, header),
        *_on_zones(times, header, naive_zone),
        *_on_what_is_no_time(times, header),
        *_on_the_future(times, header),
    ]


def _on_format(times: TimeColumn, header: str, day_first: bool | None) -> Iterator[Note]:
    if times.layout == ISO and times.n_plain:
        yield Note("DATE_FORMAT", _("Times in “{column}” are written with the year first.").format(column=header))
        return
    is_day_first = times.day_first if times.day_first is not None else day_first
    order = _("with the day first") if is_day_first else _("with the month first")
    if times.style.year_leads:
        order = _("with a year of two digits first")
    how = {
        ISO: _("with the year first"),
        DAY_AND_MONTH: order,
        COMPACT: _("as digits, the year first"),
        EPOCH: _("as a count since 1970, in UTC"),
        SERIAL: _("as a spreadsheet counts days, from 1900 (a file of an old Mac would be 4 years and a day later)"),
        WEEK: _("as a week of the year"),
        ORDINAL: _("as a day of the year"),
        MONTH_ONLY: _("as a month without a day, taken as its first"),
        "month name only": _("as a month without a day, taken as its first"),
    }.get(times.layout, _("with the month as a word"))
    example = times.counts.example
    shown = (
        _(" “{cell}” is {day}.").format(cell=example[0][:_LONGEST_EXAMPLE].strip(), day=day(example[1]))
        if example
        else ""
    )
    text = _("Times in “{column}” are written {how}.").format(column=header, how=how)
    yield Note("DATE_FORMAT", text + shown)
    if times.style.is_buddhist:
        text = _("The years of “{column}” lie in the future: they are those of the Buddhist calendar.")
        yield Note("DATE_FUTURE", text.format(column=header))
        yield Note("DATE_REPAIRED", _("543 years were taken off the times of “{column}”.").format(column=header))


def _on_mixture(times: TimeColumn, header: str) -> Iterator[Note]:
    others = times.n_by_layout[1:]
    if others:
        text = _("Cells of “{column}” that are written unlike the others and were each read in its own way: {n}.")
        yield Note("DATE_MIXED", text.format(column=header, n=number(sum(n_cells for _layout, n_cells in others))))
    if times.is_contradictory:
        text = _("Both 25/03 and 03/25 occur in “{column}”; the cells that do not fit the answer are set aside.")
        yield Note("DATE_MIXED", text.format(column=header))
    if times.looks_swapped:
        text = _(
            "In “{column}” every date with the year first has a day up to 12, every other one a day above 12. A "
            "spreadsheet may have swapped day and month of the first kind: compare some dates with the source."
        )
        yield Note("DATE_MIXED", text.format(column=header))
    if any(layout in COARSE_LAYOUTS for layout, _n_cells in times.n_by_layout):
        text = _("“{column}” tells no day, so that nothing shorter than a month can be measured.")
        yield Note("DATE_COARSE", text.format(column=header))


def _on_zones(times: TimeColumn, header: str, naive_zone: str) -> Iterator[Note]:
    n_counted = dict(times.n_by_layout).get(EPOCH, 0)
    n_naive = times.n_matching - times.n_with_zone - n_counted
    regions = [zone for zone in times.style.zones if is_region(zone)]
    named = [zone for zone in times.style.zones if zone.upper() not in ("Z", "UTC", "GMT") and not is_region(zone)]
    if n_naive > 0:
        text = _("Times of “{column}” that name no time zone, read as {zone}: {n}.")
        yield Note("TZ_ASSUMED", text.format(column=header, zone=naive_zone, n=number(n_naive)))
    shown = [*(zone_words(minutes) for minutes in times.counts.offsets), *regions]
    if len(shown) > 1 or (times.n_with_zone and n_naive > 0):
        text = _("“{column}” mixes time zones ({zones}); all times were converted to UTC.")
        zones = [*shown, *([_("none")] if n_naive > 0 else [])]
        yield Note("TZ_MIXED", text.format(column=header, zones=listed(zones)))
    elif shown and shown != ["UTC"]:
        text = _("The times of “{column}” are of {zone} and were converted to UTC.")
        yield Note("TZ_CONVERTED", text.format(column=header, zone=shown[0]))
    if named:
        meant = [f"{zone} = {zone_words(ZONE_MINUTES[zone.upper()])}" for zone in named]
        text = _("Short names of time zones in “{column}” were read so: {meant}.")
        yield Note("TZ_NAMED", text.format(column=header, meant=listed(meant)))


def _on_what_is_no_time(times: TimeColumn, header: str) -> Iterator[Note]:
    counts = times.counts
    if counts.n_damaged:
        text = _(
            "Times of “{column}” that a spreadsheet shortened to the like of 1.7E+12, so that the time is lost: {n}. "
            "Export again with the times as text."
        )
        yield Note("DATE_DAMAGED", text.format(column=header, n=number(counts.n_damaged)))
    if counts.n_unreadable:
        found = listed([f"“{cell[:_LONGEST_EXAMPLE]}”" for cell in counts.unreadable_examples])
        text = _("Cells of “{column}” that are no time (as {found}): {n}. Their rows were set aside.")
        yield Note("DATE_UNPARSED", text.format(column=header, n=number(counts.n_unreadable), found=found))
    if counts.n_undecided:
        text = _("Among them are dates whose day and month can't be told apart: {n}.")
        yield Note("DATE_AMBIGUOUS", text.format(n=number(counts.n_undecided)))
    if counts.n_sentinels:
        text = _(
            "Times of “{column}” that stand for none, like 1900-01-01, 1970-01-01 and 9999-12-31: {n}. Their rows "
            "were set aside."
        )
        yield Note("DATE_SENTINEL", text.format(column=header, n=number(counts.n_sentinels)))
    if counts.n_repaired:
        text = _("24:00 in “{column}” was read as midnight of the next day and :60 as the next minute; cells: {n}.")
        yield Note("DATE_REPAIRED", text.format(column=header, n=number(counts.n_repaired)))


def _on_the_future(times: TimeColumn, header: str) -> Iterator[Note]:
    counts = times.counts
    if counts.n_future and not times.style.is_buddhist:
        text = _(
            "Times of “{column}” that lie in the future, up to {day}: {n}. They stretch the period, and journeys "
            "before them count as finished. Check them."
        )
        yield Note("DATE_FUTURE", text.format(column=header, day=day(counts.latest), n=number(counts.n_future)))
