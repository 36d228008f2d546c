"""A worksheet is written, filled in by hand, and understood without a question."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pyarrow as pa
import pytest
from python_calamine import CalamineWorkbook

from journey.engine import Draft
from journey.ingest.cells.rough_dates import rough_date
from journey.ingest.exports import worksheets
from journey.ingest.files.staging import StagedTable
from journey.ingest.worksheets.worksheet import (
    CUSTOMERS,
    HOW_TO,
    INTERACTIONS,
    WORKSHEET,
    WORKSHEET_CUSTOMERS,
    worksheet,
)
from journey.ingest.worksheets.worksheet_rows import (
    WORKED_OUT,
    feeling_of_cell,
    is_worksheet,
    prepared_worksheet,
    without_examples,
)


@pytest.fixture
def sheets(tmp_path: Path) -> dict[str, list[list[object]]]:
    """The rows of the sheets of a worksheet."""
    worksheet(tmp_path / "worksheet.xlsx")
    book = CalamineWorkbook.from_path(tmp_path / "worksheet.xlsx")
    return {name: [list(row) for row in book.get_sheet_by_name(name).to_python()] for name in book.sheet_names}


def staged(rows: list[tuple[str | None, str | None, str | None, str | None]]) -> tuple[Draft, StagedTable]:
    """A filled worksheet with the columns Who, When, What and Feeling."""
    draft, header = Draft(), ("Who", "When", "What", "Feeling")
    columns = {f"c{place}": pa.array([row[place] for row in rows], pa.string()) for place in range(len(header))}
    lines = {"line": range(2, len(rows) + 2), "ragged": pa.nulls(len(rows), pa.string())}
    draft.take("raw_notes", pa.table(lines | columns))
    return draft, StagedTable("notes.xlsx – Interactions", "raw_notes", header, len(rows))


def times(*rows: tuple[str, str | None]) -> list[str | None]:
    """The times that rows (who, when) get."""
    draft, table = staged([(who, when, "met", None) for who, when in rows])
    prepared = prepared_worksheet(draft, table)
    column = prepared.column("When, in order")
    return [time for (time,) in draft.rows(f"SELECT {column} FROM raw_notes ORDER BY line")]  # noqa: S608


def test_the_worksheet_has_its_sheets_and_headers(sheets: dict[str, list[list[object]]]) -> None:
    assert list(sheets) == [HOW_TO, INTERACTIONS, CUSTOMERS]
    assert tuple(sheets[INTERACTIONS][0]) == tuple(WORKSHEET)
    assert tuple(sheets[CUSTOMERS][0]) == WORKSHEET_CUSTOMERS
    assert len(sheets[INTERACTIONS]) == 4
    assert is_worksheet([str(name) for name in sheets[INTERACTIONS][0]])


def test_an_untouched_worksheet_holds_examples_only(sheets: dict[str, list[list[object]]]) -> None:
    draft = Draft()
    rows = [[str(cell) for cell in row] for row in sheets[INTERACTIONS][1:]]
    columns = {f"c{place}": [row[place] for row in rows] for place in range(len(WORKSHEET))}
    draft.take("raw_notes", pa.table({"line": [2, 3, 4], "ragged": pa.nulls(3, pa.string())} | columns))
    left = without_examples(draft, StagedTable("notes", "raw_notes", tuple(WORKSHEET), 3))
    assert (left.n_rows, left.skipped) == (0, (("example", 3),))


def test_stage_and_feeling_are_chosen_from_lists(tmp_path: Path) -> None:
    worksheet(tmp_path / "own.xlsx", ["meet", "eat"])
    with ZipFile(tmp_path / "own.xlsx") as parts:
        sheet = parts.read("xl/worksheets/sheet2.xml").decode()
    assert '"meet,eat"' in sheet
    assert "very bad (−2),bad (−1),mixed (0),good (+1),very good (+2)" in sheet


def test_the_same_worksheet_is_the_same_file(tmp_path: Path) -> None:
    worksheet(tmp_path / "a.xlsx")
    worksheet(tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_examples_are_skipped_and_counted() -> None:
    draft, table = staged(
        [("Ana (example)", "", "see", None), ("Ben", "2025-03-04", "see", None), (None, "", "", None)]
    )
    prepared = prepared_worksheet(draft, table)
    assert (prepared.n_rows, prepared.skipped) == (2, (("example", 1),))
    assert draft.rows("SELECT line FROM raw_notes ORDER BY line") == [(3,), (4,)]


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("2025-03-04", "2025-03-04", "2025-03-05"),
        ("4.3.2025", "2025-03-04", "2025-03-05"),
        ("4 March 2025", "2025-03-04", "2025-03-05"),
        ("March 4th, 2025", "2025-03-04", "2025-03-05"),
        ("4. März 2025", "2025-03-04", "2025-03-05"),
        ("March 2025", "2025-03-01", "2025-04-01"),
        ("mars 2025", "2025-03-01", "2025-04-01"),
        ("2025-12", "2025-12-01", "2026-01-01"),
        ("12/2025", "2025-12-01", "2026-01-01"),
        ("late February 2024", "2024-02-21", "2024-03-01"),
        ("mid May 2025", "2025-05-11", "2025-05-21"),
        ("Q4 2025", "2025-10-01", "2026-01-01"),
        ("2025 q1", "2025-01-01", "2025-04-01"),
        ("2025", "2025-01-01", "2026-01-01"),
    ],
)
def test_a_rough_date_is_a_stretch_of_time(written: str, start: str, end: str) -> None:
    found = rough_date(written)
    assert found is not None
    assert (f"{found.start:%Y-%m-%d}", f"{found.end:%Y-%m-%d}") == (start, end)


@pytest.mark.parametrize(
    "written", ["03/04/2025", "spring 2025", "13/2025", "31.2.2025", "1850", "soon", "2025-03-04 10:00"]
)
def test_what_can_be_read_in_two_ways_or_none_is_no_rough_date(written: str) -> None:
    assert rough_date(written) is None


def test_times_that_are_written_stay() -> None:
    assert times(("a", "2025-03-04 10:30:00"), ("a", "2 April 2025 9:05")) == [
        "2025-03-04 10:30:00",
        "2025-04-02 09:05:00",
    ]


def test_a_rough_date_follows_the_line_before_it_where_it_may() -> None:
    assert times(("a", "2025-03-10 08:00"), ("a", "March 2025"), ("a", "April 2025"), ("a", "2025")) == [
        "2025-03-10 08:00:00",
        "2025-03-10 08:01:00",
        "2025-04-01 00:00:00",
        "2025-04-01 00:01:00",
    ]


def test_a_line_without_a_date_stands_beside_its_neighbour() -> None:
    assert times(("a", None), ("a", ""), ("b", "2024"), ("a", "2025-03-10 08:00"), ("a", None)) == [
        "2025-03-10 07:58:00",
        "2025-03-10 07:59:00",
        "2024-01-01 00:00:00",
        "2025-03-10 08:00:00",
        "2025-03-10 08:01:00",
    ]


def test_persons_without_any_date_stand_on_the_first_day() -> None:
    assert times(("a", None), ("a", None), ("b", "2025-03-10 08:00"))[:2] == [
        "2025-03-10 00:00:00",
        "2025-03-10 00:01:00",
    ]
    assert times(("a", None), ("a", None)) == ["2000-01-01 00:00:00", "2000-01-01 00:01:00"]


def test_what_is_no_date_stays_to_be_set_aside_and_gives_no_order() -> None:
    assert times(("a", "soon"), ("a", None), ("a", "2025-03-10")) == [
        "soon",
        "2025-03-09 23:59:00",
        "2025-03-10 00:00:00",
    ]
    assert times(("a", "soon"), ("a", None)) == ["soon", ""]


def test_what_was_made_of_dates_is_told() -> None:
    draft, table = staged([("a", "March 2025", "x", None), ("a", "", "y", None), ("b", "", "z", None)])
    notes = prepared_worksheet(draft, table).notes
    assert [note.code for note in notes] == ["DATES_ROUGH", "ORDER_FOR_DATES", "ORDER_FOR_DATES"]
    assert notes[1].text == (
        "Lines without a date, put a minute beside the line of the same person next to them: 1. How long such steps "
        "took is not known."
    )
    assert "put on 1 Mar 2025 in the order of the sheet, a minute apart: 1." in notes[2].text


def test_feelings_become_numbers_and_unknown_ones_stay() -> None:
    cells = ["very bad (−2)", "mixed (0)", "sehr gut (+2)", "-1", "−0", "2", "Good", "3", "room 12", "", "v2"]
    assert [feeling_of_cell(cell) for cell in cells] == ["-2", "0", "2", "-1", "0", "2", "1", "3", "room 12", "", "v2"]
    draft, table = staged([("a", "2025", "x", "bad (−1)"), ("a", "2025", "x", None)])
    column = prepared_worksheet(draft, table).column("Feeling, as a number")
    assert draft.rows(f"SELECT {column} FROM raw_notes ORDER BY line") == [("-1",), ("",)]  # noqa: S608


def test_a_worksheet_is_mapped_without_a_question() -> None:
    interactions, customers = worksheets.EXPORTS
    header = (*WORKSHEET, *WORKED_OUT)
    assert interactions.matches(tuple(WORKSHEET))
    assert dict(interactions.mapping(header).roles) == WORKSHEET | {"When": "ignore", "Feeling": "ignore"} | WORKED_OUT
    assert customers.matches([*WORKSHEET_CUSTOMERS, "Age"])
    assert not customers.matches(tuple(WORKSHEET))
    assert customers.mapping([*WORKSHEET_CUSTOMERS, "Age"]).having("attribute") == ["About", "Country", "Age"]
