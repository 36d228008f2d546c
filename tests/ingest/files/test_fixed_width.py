"""Columns of fixed width."""

from __future__ import annotations

from pathlib import Path

import pytest

from journey.ingest.files import fixed_width
from tests.ingest.made_files import codes_of, lines_of, read, rows_of


def written(folder: Path, *lines: str) -> Path:
    path = folder / "log.txt"
    path.write_text("\r\n".join(lines) + "\r\n", "utf-8", newline="")
    return path


AMOUNTS = ("    9.50", "   12.00", " 1234.50", "    7.00", "    8.25", "    1.00")


def test_a_header_that_is_not_above_its_columns_names_them_all_the_same(tmp_path: Path) -> None:
    rows = [f" 0000{n} 2024030{n} {amount}" for n, amount in enumerate(AMOUNTS, start=1)]
    [table] = read(written(tmp_path, "who when amount", *rows))
    assert table.header == ["who", "when", "amount"]
    assert rows_of(table)[:3] == [
        ["00001", "20240301", "9.50"],
        ["00002", "20240302", "12.00"],
        ["00003", "20240303", "1234.50"],
    ]
    assert codes_of(table) == ["FIXED_WIDTH"]


def test_cells_with_blanks_in_them_are_cut_below_their_names_and_told_as_unclear(tmp_path: Path) -> None:
    pages = ("Home", "Shopping cart", "Help", "Thank you", "Home", "Price list")
    rows = [f"c{n}      2024-03-0{n} 10:00   {page}" for n, page in enumerate(pages, start=1)]
    [table] = read(written(tmp_path, "who     when               what", *rows))
    assert table.header == ["who", "when", "what"]
    assert rows_of(table)[1] == ["c2", "2024-03-02 10:00", "Shopping cart"]
    assert codes_of(table) == ["DELIMITER_UNCLEAR"]


def test_a_line_with_a_word_across_a_cut_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fixed_width, "_SAMPLE_LINES", 20)
    monkeypatch.setattr(fixed_width, "_MANY_LINES", 0)
    rows = [f"0000{n % 9} 2024030{n % 9} {n % 7}" for n in range(60)]
    [table] = read(written(tmp_path, "who   when     n", *rows[:30], "much too long a line", *rows[30:]))
    assert [each for each in lines_of(table) if each[1] is not None] == [(32, "much too long a line")]


def test_a_letter_is_no_table_of_fixed_columns(tmp_path: Path) -> None:
    [table] = read(written(tmp_path, "who", *[f"customer{n}" for n in range(9)]))
    assert table.header == ["who"]
