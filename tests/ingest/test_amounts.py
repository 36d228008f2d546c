"""Texts become numbers, with one decimal sign per column."""

from __future__ import annotations

import pyarrow as pa
import pytest

from journey.engine import Draft
from journey.ingest.amounts import AmountColumn, amount_column, amount_sql


def read(*cells: str, decimal_sign: str | None = None) -> tuple[AmountColumn, list[float | None]]:
    draft = Draft()
    draft.take("rows", pa.table({"line": range(len(cells)), "c0": list(cells)}))
    amounts = amount_column(draft, "rows", "c0")
    found = draft.rows(f"SELECT {amount_sql('c0', amounts, decimal_sign)} FROM rows ORDER BY line")  # noqa: S608
    draft.close()
    return amounts, [value for (value,) in found]


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (("1.5", "2", "-3.25", " 4 "), [1.5, 2, -3.25, 4]),
        (("1.234,50", "0,00", "-12,5"), [1234.5, 0, -12.5]),
        (("1,234.50", "12"), [1234.5, 12]),
        (("1'234.50", "2 345.10"), [1234.5, 2345.1]),
        (("12,34,567.50",), [1234567.5]),
        (("1.234.567",), [1234567]),
        (("€ 12,50", "3,00 EUR"), [12.5, 3]),
        (("(1,234.00)", "$5", "12-"), [-1234, 5, -12]),
        (("1.5e3",), [1500]),
        (("49.9 %",), [49.9]),
        (("0.123", "0.456"), [0.123, 0.456]),
    ],
)
def test_a_number_is_read_however_it_is_written(cells: tuple[str, ...], values: list[float]) -> None:
    assert read(*cells)[1] == values


@pytest.mark.parametrize("cell", ["", "x", "nan", "inf", "12abc", "1,2,3", "--"])
def test_what_is_no_number_is_missing(cell: str) -> None:
    assert read("1.5", cell)[1] == [1.5, None]


def test_a_number_that_fits_neither_sign_is_missing_and_not_misread() -> None:
    assert read("1,5", "2,75", "3.5")[1] == [1.5, 2.75, None]


def test_1_234_is_ambiguous_only_where_nothing_decides() -> None:
    assert read("1.234", "5.678")[0].is_ambiguous
    assert read("1,234", "12")[0].is_ambiguous
    assert not read("1.234", "5.67")[0].is_ambiguous
    assert not read("1.234", "1500")[0].is_ambiguous
    assert not read("1.234", "1.234,5")[0].is_ambiguous


def test_an_answer_settles_an_ambiguous_column() -> None:
    assert read("1.234", "5.678", decimal_sign=".")[1] == [1.234, 5.678]
    assert read("1.234", "5.678", decimal_sign=",")[1] == [1234, 5678]
    assert read("1,234", "12", decimal_sign=",")[1] == [1.234, 12]


def test_currencies_are_told_by_sign_or_code() -> None:
    assert read("12,50 lei", "€ 3,00")[0].currencies == ("EUR", "RON")
    assert read("$5")[0].currencies == ("$",), "a sign that several currencies share names none"
