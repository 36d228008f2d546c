"""Ids stay text; what a spreadsheet did to them is mended where it can be, and told where not."""

from __future__ import annotations

import pyarrow as pa
import pytest

from journey.engine import Draft
from journey.ingest.cells.ids import id_cells, id_sql


def read(*cells: str) -> tuple[list[str], list[str | None]]:
    """Codes of what is told, and the ids."""
    draft = Draft()
    draft.take("rows", pa.table({"line": range(len(cells)), "c0": list(cells)}))
    ids = id_cells(draft, "rows", "c0")
    found = draft.rows(f"SELECT {id_sql('c0', ids)} FROM rows ORDER BY line")  # noqa: S608
    draft.close()
    return [note.code for note in ids.notes("user")], [value for (value,) in found]


@pytest.mark.parametrize(
    "cell", ["NA", "null", "None", "-", "0", "007", "000123", "9007199254740001", "ana@example.com"]
)
def test_an_id_is_kept_as_it_stands(cell: str) -> None:
    assert read(cell) == ([], [cell])


@pytest.mark.parametrize("cell", [" C1", "C1 ", "\tC1", "C1\u00a0", "C1"])
def test_spaces_around_an_id_are_no_part_of_it(cell: str) -> None:
    assert read(cell) == ([], ["C1"])


def test_an_empty_cell_is_no_id() -> None:
    assert read("C1", "", "  ") == ([], ["C1", None, None])


def test_a_point_and_zero_behind_whole_numbers_is_taken_off() -> None:
    assert read("1001.0", "1001", "7.0") == (["ID_NORMALISED"], ["1001", "1001", "7"])
    assert read("1001.0", "C-7") == (["ID_NORMALISED"], ["1001", "C-7"])


def test_ids_with_digits_behind_the_point_keep_it() -> None:
    assert read("1.0", "1.5") == (["ID_NORMALISED"], ["1.0", "1.5"])
    assert read("10.20.30.0", "1.2.0") == ([], ["10.20.30.0", "1.2.0"])


@pytest.mark.parametrize("cell", ["1.23457E+12", "4E+11", "1,23457E+12"])
def test_an_id_that_a_spreadsheet_shortened_is_told(cell: str) -> None:
    assert read(cell, "C1") == (["ID_DAMAGED"], [cell, "C1"])


def test_long_numbers_that_all_end_in_zeros_were_rounded() -> None:
    assert read(*(f"12345678901{i}4000" for i in range(100, 106)))[0] == ["ID_DAMAGED"]
    assert read(*(f"900719925474{i}" for i in range(1000, 1006)))[0] == []


@pytest.mark.parametrize("cell", ["C\x001", "\x1b[31mC1", "C1\x07", "\ufeffC1", "C\u200b1"])
def test_characters_that_cannot_be_seen_are_taken_out(cell: str) -> None:
    assert read(cell) == (["CONTROL_CHARS"], ["C1"])
