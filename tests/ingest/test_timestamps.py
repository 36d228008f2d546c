# ruff: noqa: DTZ001 - times in a dataset are UTC and do not say so
"""Texts become UTC times, read in one way per column."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pytest

from journey.engine import Draft
from journey.ingest.timestamps import TimeColumn, plausible_sql, time_column, timestamp_sql


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
    "cell", ["soon", "epoch", "infinity", "0000-00-00 00:00:00", "2024-02-30", "2567-03-01", "1970-01-01", "1900-01-01"]
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


def test_cells_written_unlike_the_others_are_missing() -> None:
    assert read(["2024-01-05", "2024-01-06", "03/04/2024"])[1][2] is None


def test_times_without_a_zone_are_local_and_those_with_one_are_not() -> None:
    times, moments = read(["2024-07-01 12:00", "2024-01-01 12:00", "2024-07-01 12:00Z"], zone="Europe/Bucharest")
    assert times.n_with_zone == 1
    assert moments == [datetime(2024, 7, 1, 9), datetime(2024, 1, 1, 10), datetime(2024, 7, 1, 12)]


def test_a_column_without_times_has_no_layout() -> None:
    draft = Draft()
    draft.take("rows", pa.table({"c0": ["home", "", "12"]}))
    assert time_column(draft, "rows", "c0") is None
    draft.close()
