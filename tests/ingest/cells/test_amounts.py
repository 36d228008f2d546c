"""Texts become numbers, with one decimal sign per column."""

from __future__ import annotations

import pyarrow as pa
import pytest

from journey.engine import Draft
from journey.ingest.cells.amounts import AmountColumn, amount_column, amount_sql


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
        (("1 234,50", "7,25"), [1234.5, 7.25]),
        (("1\u00a0234,50", "1\u202f000,00"), [1234.5, 1000]),
        (("1'234.50", "1’000.25"), [1234.5, 1000.25]),
        (("18,250.75", "1,23,456.00"), [18250.75, 123456]),
        (("1.234,50 lei", "0,00 lei"), [1234.5, 0]),
        (("1.234,50 RON", "RON 12,00"), [1234.5, 12]),
        (("12,50 zł", "1 200,00 zł"), [12.5, 1200]),
        (("1 200,50 kr", "99,00 kr."), [1200.5, 99]),
        (("¥1,200.00", "¥35.50"), [1200, 35.5]),
        (("R$ 1.234,50", "R$ 12,00"), [1234.5, 12]),
        (("US$5.50", "usd 7.25"), [5.5, 7.25]),
        (("Rs. 1,23,456.50",), [123456.5]),
        (("-€5.50", "€-5.50", "(€5.50)", "€5.50-"), [-5.5, -5.5, -5.5, -5.5]),
        (("−5.50", "–1.25"), [-5.5, -1.25]),
        (("١٢٣٤.٥٠", "٠.٠٠"), [1234.5, 0]),
        (("١٬٢٣٤٫٥٠",), [1234.5]),
        (("१२३४.५०",), [1234.5]),
        (("１２３４．５０", "０．００"), [1234.5, 0]),
        (("1.23E+05", "1e-2"), [123000, 0.01]),
        (("1.2k", "3.4M"), [1200, 3_400_000]),
        (("40%", "-25%"), [40, -25]),
        (("1,234", "2,345", "1500.75"), [1234, 2345, 1500.75]),
        (("1234.567", "1.234"), [1234.567, 1.234]),
        (("+5.5", "007.50"), [5.5, 7.5]),
    ],
)
def test_a_number_is_read_however_it_is_written(cells: tuple[str, ...], values: list[float]) -> None:
    assert read(*cells)[1] == values


@pytest.mark.parametrize(
    "cell",
    ["", "x", "nan", "inf", "-Infinity", "12abc", "1,2,3", "--", "1_000", "0x10", "1,23", "1.2.3", "3k", "1e999"],
)
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


def test_a_number_that_can_be_read_in_two_ways_is_unknown_without_an_answer() -> None:
    assert read("1.234", "5.678")[1] == [None, None]


def test_an_answer_settles_an_ambiguous_column() -> None:
    assert read("1.234", "5.678", decimal_sign=".")[1] == [1.234, 5.678]
    assert read("1.234", "5.678", decimal_sign=",")[1] == [1234, 5678]
    assert read("1,234", "12", decimal_sign=",")[1] == [1.234, 12]


def test_currencies_are_told_by_sign_or_code() -> None:
    assert read("12,50 lei", "€ 3,00")[0].currencies == ("EUR", "RON")
    assert read("$5")[0].currencies == ("$",), "a sign that several currencies share names none"


@pytest.mark.parametrize(
    "word",
    [
        *("NULL", "null", "NaN", "nan", "N/A", "n/a", "#N/A", "NA", "None", "none", "undefined", "\\N", "(null)"),
        *("<null>", "#NULL!", "-", "--", "?", "(not set)"),
    ],
)
def test_words_for_nothing_are_empty_and_no_unreadable_numbers(word: str) -> None:
    amounts, values = read("1.5", word)
    assert values == [1.5, None]
    assert amounts.n_matching == amounts.n_filled == 1


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("1.5", "2"), []),
        (("1,234.50",), ["NUMBER_FORMAT"]),
        (("1.234,50", "0,00"), ["NUMBER_FORMAT", "DECIMAL_COMMA"]),
        (("1.234",), ["NUMBER_AMBIGUOUS"]),
        (("€ 5.50", "$5.50"), ["NUMBER_FORMAT", "CURRENCY_MIXED"]),
        (("1.5", "unknown to us"), ["NUMBER_UNREADABLE"]),
        (("40%", "30%"), ["NUMBER_FORMAT"]),
        (("١٢٣٤.٥٠",), ["NUMBER_FORMAT"]),
    ],
)
def test_how_numbers_were_read_is_told(cells: tuple[str, ...], expected: list[str]) -> None:
    assert [note.code for note in read(*cells)[0].notes("Total", is_money=True)] == expected


def test_one_percent_sign_in_every_cell_is_noticed() -> None:
    assert read("40%", "-25 %")[0].is_percent
    assert not read("40%", "25")[0].is_percent


def test_the_order_of_the_cells_changes_nothing() -> None:
    assert read("1,5", "2,75", "3.5", "x")[0] == read("x", "3.5", "2,75", "1,5")[0]
