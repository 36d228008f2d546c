# ruff: noqa: DTZ001 - times in a dataset are UTC and do not say so
"""Texts become UTC times, read in one way per column."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pytest

from journey.engine import Draft
from journey.ingest.cells.timestamps import TimeColumn, plausible_sql, time_column, timestamp_sql


def read(
    cells: list[str | None], *, zone: str = "UTC", day_first: bool | None = None
) -> tuple[TimeColumn, list[datetime | None]]:
    draft = Draft()
    draft.take("rows", pa.table({"line": range(len(cells)), "c0": pa.array(cells, pa.string())}))
    times = time_column(draft, "rows", "c0")
    assert times is not None
    sql = timestamp_sql("c0", times, day_first=day_first, naive_zone=zone)
    moments = draft.rows(
        f"SELECT {plausible_sql('moment')} FROM (SELECT line, {sql} AS moment FROM rows) ORDER BY line"  # noqa: S608
    )
    draft.close()
    return times, [moment for (moment,) in moments]


def codes(times: TimeColumn) -> list[str]:
    return [note.code for note in times.notes("timestamp")]


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2024-01-05", datetime(2024, 1, 5)),
        ("2024-01-05 10:00", datetime(2024, 1, 5, 10)),
        ("2024/01/05 11:15:41.000", datetime(2024, 1, 5, 11, 15, 41)),
        ("2024.01.05 10:00:00", datetime(2024, 1, 5, 10)),
        ("2024-01-05T10:00:00.123456", datetime(2024, 1, 5, 10, 0, 0, 123456)),
        ("2024-01-05 10:00:00,5", datetime(2024, 1, 5, 10, 0, 0, 500000)),
        ("2024-01-05T10:00:00Z", datetime(2024, 1, 5, 10)),
        ("2024-01-05 10:00:00 UTC", datetime(2024, 1, 5, 10)),
        ("2024-01-05 10:00:00.276+02:00", datetime(2024, 1, 5, 8, 0, 0, 276000)),
        ("2024-01-05T10:00:00+0100", datetime(2024, 1, 5, 9)),
        ("2024-01-05T10:00+01:00", datetime(2024, 1, 5, 9)),
        ("2024-01-05 10:00:00 +0900", datetime(2024, 1, 5, 1)),
        ("2024-07-05 10:00:00 Europe/Berlin", datetime(2024, 7, 5, 8)),
        ("  2024-01-05 10:00  ", datetime(2024, 1, 5, 10)),
        ("13/04/2024 9:05", datetime(2024, 4, 13, 9, 5)),
        ("04/13/2024 1:15 PM", datetime(2024, 4, 13, 13, 15)),
        ("04.03.2024", datetime(2024, 3, 4)),
        ("24-02-2015 11.35", datetime(2015, 2, 24, 11, 35)),
        ("13-4-24 9:05:07", datetime(2024, 4, 13, 9, 5, 7)),
        ("Fri, 05 Jan 2024 10:00:00 +0200", datetime(2024, 1, 5, 8)),
        ("5 January 2024", datetime(2024, 1, 5)),
        ("Jan 5, 2024 10:00", datetime(2024, 1, 5, 10)),
        ("5-Mar-2024 11:12:13", datetime(2024, 3, 5, 11, 12, 13)),
        ("2024-1-5 9:05", datetime(2024, 1, 5, 9, 5)),
        ("2024-01-05 24:00", datetime(2024, 1, 6)),
        ("2024-01-05 23:59:60", datetime(2024, 1, 6)),
        ("2024-01-05T10:00:00-05:00", datetime(2024, 1, 5, 15)),
        ("2024-01-05T10:00-0500", datetime(2024, 1, 5, 15)),
        ("2024-01-05 10:00:00 +02", datetime(2024, 1, 5, 8)),
        ("2024-01-05 10:00:00 GMT+2", datetime(2024, 1, 5, 8)),
        ("2024-01-05 10:00:00 UTC+05:30", datetime(2024, 1, 5, 4, 30)),
        ("2024-01-05 10:00:00 (EET)", datetime(2024, 1, 5, 8)),
        ("2024-01-05 10:00:00 PST", datetime(2024, 1, 5, 18)),
        ("2024-07-05T10:00:00+03:00[Europe/Bucharest]", datetime(2024, 7, 5, 7)),
        ("2024-07-05T10:00:00[Europe/Bucharest]", datetime(2024, 7, 5, 7)),
        ("2024-01-05 09:30:00 PM", datetime(2024, 1, 5, 21, 30)),
        ("2024-01-05 12:30 AM", datetime(2024, 1, 5, 0, 30)),
        ("13/04/2024 12:05 p.m.", datetime(2024, 4, 13, 12, 5)),
        ("13/04/2024 9 AM", datetime(2024, 4, 13, 9)),
        ("13.04.2024, 09:43 Uhr", datetime(2024, 4, 13, 9, 43)),
        ("13.04.2024 14h30", datetime(2024, 4, 13, 14, 30)),
        ("13/04/2024 à 14:30", datetime(2024, 4, 13, 14, 30)),
        ("13.04.69", datetime(1969, 4, 13)),
        ("Sat 13/04/2024", datetime(2024, 4, 13)),
        ("9 mar. 2024, ora 09:43", datetime(2024, 3, 9, 9, 43)),
        ("5 martie 2024", datetime(2024, 3, 5)),
        ("mar., 5 mar. 2024", datetime(2024, 3, 5)),
        ("5. März 2024", datetime(2024, 3, 5)),
        ("Dienstag, 5. März 2024 09:30", datetime(2024, 3, 5, 9, 30)),
        ("5 août 2024 à 9h30", datetime(2024, 8, 5, 9, 30)),
        ("1er juillet 2024", datetime(2024, 7, 1)),
        ("5 de marzo de 2024 a las 10:30", datetime(2024, 3, 5, 10, 30)),
        ("5 gennaio 2024", datetime(2024, 1, 5)),
        ("5 de fevereiro de 2024", datetime(2024, 2, 5)),
        ("5 mei 2024", datetime(2024, 5, 5)),
        ("5 września 2024", datetime(2024, 9, 5)),
        ("5 марта 2024 г. 10:30", datetime(2024, 3, 5, 10, 30)),
        ("2024年3月5日 09:30", datetime(2024, 3, 5, 9, 30)),
        ("2024年3月5日 下午3时30分", datetime(2024, 3, 5, 15, 30)),
        ("2024년 3월 5일 오후 3:30", datetime(2024, 3, 5, 15, 30)),
        ("2024. március 5.", datetime(2024, 3, 5)),
        ("5-Mar-24", datetime(2024, 3, 5)),
        ("2024-Mar-05 10:00", datetime(2024, 3, 5, 10)),
        ("March 5th, 2024 at 5:30 PM", datetime(2024, 3, 5, 17, 30)),
        ("Tue Mar  5 09:30:00 2024", datetime(2024, 3, 5, 9, 30)),
        ("Tue Mar  5 09:30:00 EST 2024", datetime(2024, 3, 5, 14, 30)),
        ("Tue Mar 05 2024 09:30:00 GMT+0200 (Eastern European Standard Time)", datetime(2024, 3, 5, 7, 30)),
        ("05/Mar/2024:09:30:00 +0200", datetime(2024, 3, 5, 7, 30)),
        ("2024-03-05-09.30.00.250000", datetime(2024, 3, 5, 9, 30, 0, 250000)),
        ("2024-W10-2", datetime(2024, 3, 5)),
        ("2024W10", datetime(2024, 3, 4)),
        ("2024-065", datetime(2024, 3, 5)),
        ("2024-03", datetime(2024, 3, 1)),
        ("Mar 2024", datetime(2024, 3, 1)),
        ("٢٠٢٤-٠٣-٠٥ ٠٩:٣٠", datetime(2024, 3, 5, 9, 30)),
        ("२०२४-०३-०५", datetime(2024, 3, 5)),
        ("２０２４／０３／０５　０９：３０", datetime(2024, 3, 5, 9, 30)),
        ("2024-03-05\u00a009:30", datetime(2024, 3, 5, 9, 30)),
        ("\u200e05.03.2024", datetime(2024, 3, 5)),
        ("202403050930", datetime(2024, 3, 5, 9, 30)),
        ("20240305T093000Z", datetime(2024, 3, 5, 9, 30)),
        ("20240305T093000+0200", datetime(2024, 3, 5, 7, 30)),
        ("-631152000", datetime(1950, 1, 1)),
        ("1700000000000.0", datetime(2023, 11, 14, 22, 13, 20)),
        ("1.70997738E+12", datetime(2024, 3, 9, 9, 43)),
        ("/Date(1709977380000)/", datetime(2024, 3, 9, 9, 43)),
        ("45356", datetime(2024, 3, 5)),
        ("45356.3958333333", datetime(2024, 3, 5, 9, 30)),
        ("45356,3958333333", datetime(2024, 3, 5, 9, 30)),
        ("20240105", datetime(2024, 1, 5)),
        ("20240105101112", datetime(2024, 1, 5, 10, 11, 12)),
        ("1700000000", datetime(2023, 11, 14, 22, 13, 20)),
        ("1700000000.5", datetime(2023, 11, 14, 22, 13, 20, 500000)),
        ("1700000000123", datetime(2023, 11, 14, 22, 13, 20, 123000)),
        ("1700000000123456", datetime(2023, 11, 14, 22, 13, 20, 123456)),
        ("1700000000123456789", datetime(2023, 11, 14, 22, 13, 20, 123456)),
    ],
)
def test_a_time_is_read_however_it_is_written(cell: str, moment: datetime) -> None:
    assert read([cell])[1] == [moment]


@pytest.mark.parametrize(
    "cell",
    [
        *("soon", "epoch", "infinity", "0000-00-00 00:00:00", "2024-02-30", "2567-03-01", "1970-01-01", "1900-01-01"),
        *("0001-01-01", "9999-12-31 23:59:59", "1969-12-31 19:00:00", "5 Foo 2024", "2024-01-05 10:00 Mars/Base"),
        *("12:30", "2024-13-01", "1.70998E+12", "10000", "2024-W60-1", "2024-01-05 25:00", "31/04/2024"),
    ],
)
def test_what_is_no_time_or_stands_for_none_is_missing(cell: str) -> None:
    assert read(["2024-01-05 10:00", cell])[1] == [datetime(2024, 1, 5, 10), None]


def test_empty_cells_stay_missing() -> None:
    assert read(["2024-01-05", "", None, " "])[1] == [datetime(2024, 1, 5), None, None, None]


def test_one_cell_that_allows_one_reading_decides_for_the_column() -> None:
    times, moments = read(["03/04/2024", "13/04/2024"])
    assert (times.day_first, times.is_ambiguous) == (True, False)
    assert moments == [datetime(2024, 4, 3), datetime(2024, 4, 13)]


def test_dates_that_can_be_read_both_ways_are_called_ambiguous() -> None:
    times, _moments = read(["03/04/2024", "05/06/2024"])
    assert times.is_ambiguous
    assert read(["03/04/2024"], day_first=True)[1] == [datetime(2024, 4, 3)]
    assert read(["03/04/2024"], day_first=False)[1] == [datetime(2024, 3, 4)]


def test_dates_that_contradict_each_other_are_never_read_one_by_one() -> None:
    cells: list[str | None] = ["14/03/2024", "03/14/2024"]
    assert read(cells)[0].is_contradictory
    assert read(cells, day_first=True)[1] == [datetime(2024, 3, 14), None]


def test_a_cell_that_can_be_read_in_one_way_only_is_read_beside_others() -> None:
    times, moments = read(["2024-01-05", "5 Mar 2024", "25/03/2024", "1704449400", "05.03.2024"])
    assert moments == [
        datetime(2024, 1, 5),
        datetime(2024, 3, 5),
        datetime(2024, 3, 25),
        datetime(2024, 1, 5, 10, 10),
        datetime(2024, 3, 5),
    ]
    assert "DATE_MIXED" in codes(times)


def test_a_few_cells_that_can_be_read_both_ways_are_missing_and_many_are_asked_about() -> None:
    few, moments = read(["2024-01-05"] * 40 + ["03/04/2024"])
    assert (few.is_ambiguous, few.counts.n_undecided, moments[40]) == (False, 1, None)
    many, moments = read(["2024-01-05", "2024-01-06", "03/04/2024"])
    assert (many.is_ambiguous, moments[2]) == (True, None)


def test_two_digits_that_hardly_change_are_the_year() -> None:
    assert read([f"24-03-{day:02d}" for day in range(1, 29)])[1][27] == datetime(2024, 3, 28)


def test_years_of_the_buddhist_calendar_are_converted_and_told() -> None:
    times, moments = read(["2567-02-29", "2567-03-05 10:00"])
    assert moments == [datetime(2024, 2, 29), datetime(2024, 3, 5, 10)]
    assert {"DATE_FUTURE", "DATE_REPAIRED"} <= set(codes(times))

    times, moments = read(["25/03/2567 10:00", "05/03/2567 11:00"])
    assert moments[0] == datetime(2024, 3, 25, 10)


def test_words_for_nothing_are_empty_cells_and_no_unreadable_times() -> None:
    times, moments = read(["2024-01-05", "NULL", "n/a", "-"])
    assert (times.n_filled, times.n_matching, times.counts.n_unreadable) == (1, 1, 0)
    assert moments[1:] == [None, None, None]


def test_dates_swapped_by_a_spreadsheet_are_suspected() -> None:
    cells: list[str | None] = [f"2024-03-{day:02d}" for day in range(1, 13)]
    assert read([*cells, *(f"{day}/03/2024" for day in range(13, 25))])[0].looks_swapped


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (["2024-01-05 10:00"], "TZ_ASSUMED"),
        (["2024-01-05T10:00:00+02:00", "2024-01-05T10:00:00+03:00"], "TZ_MIXED"),
        (["2024-01-05T10:00:00Z", "2024-01-05T10:00:00"], "TZ_MIXED"),
        (["2024-01-05 10:00 EST", "2024-01-05 10:00 Europe/Paris"], "TZ_MIXED"),
        (["2024-01-05T10:00:00+02:00"], "TZ_CONVERTED"),
        (["2024-01-05 10:00 EST"], "TZ_NAMED"),
        (["1704449400"], "DATE_FORMAT"),
        (["45356"], "DATE_FORMAT"),
        (["2024-01-05", "soon"], "DATE_UNPARSED"),
        (["2024-01-05", "9999-12-31"], "DATE_SENTINEL"),
        (["2024-01-05", "0001-01-01"], "DATE_SENTINEL"),
        (["2024-01-05", "2096-01-05"], "DATE_FUTURE"),
        (["2024-01-05 24:00:00", "2024-01-05 10:00:00"], "DATE_REPAIRED"),
        (["2024-01-05 10:00:60"], "DATE_REPAIRED"),
        (["1704449400", "1.70445E+9"], "DATE_DAMAGED"),
        (["2024-03", "2024-04"], "DATE_COARSE"),
        (["14/03/2024", "03/14/2024"], "DATE_MIXED"),
    ],
)
def test_what_is_odd_about_times_is_told(cells: list[str | None], code: str) -> None:
    assert code in codes(read(cells)[0])


def test_usual_times_are_told_in_two_sentences() -> None:
    times = read(["05.03.2024 09:30", "25.03.2024 10:00"])[0]
    assert [note.text for note in times.notes("When", naive_zone="Europe/Bucharest")] == [
        "Times in “When” are written with the day first. “05.03.2024 09:30” is 5 Mar 2024.",
        "Times of “When” that name no time zone, read as Europe/Bucharest: 2.",
    ]


def test_an_hour_that_daylight_saving_skips_or_repeats_makes_no_error() -> None:
    _times, moments = read(["2024-03-31 03:30", "2024-10-27 03:30"], zone="Europe/Bucharest")
    assert moments[0] == datetime(2024, 3, 31, 1, 30)
    assert moments[1] in (datetime(2024, 10, 27, 0, 30), datetime(2024, 10, 27, 1, 30))


def test_the_order_of_the_rows_changes_nothing() -> None:
    cells: list[str | None] = ["2024-01-05", "5 Mar 2024", "25/03/2024", "soon", "2024-01-05T10:00:00+02:00"]
    assert read(cells)[0] == read(cells[::-1])[0]


def test_times_without_a_zone_are_local_and_those_with_one_are_not() -> None:
    times, moments = read(["2024-07-01 12:00", "2024-01-01 12:00", "2024-07-01 12:00Z"], zone="Europe/Bucharest")
    assert times.n_with_zone == 1
    assert moments == [datetime(2024, 7, 1, 9), datetime(2024, 1, 1, 10), datetime(2024, 7, 1, 12)]


def test_a_column_without_times_has_no_layout() -> None:
    draft = Draft()
    draft.take("rows", pa.table({"c0": ["home", "", "12"]}))
    assert time_column(draft, "rows", "c0") is None
    draft.close()
