"""Names in cells become labels, each looked at once."""

from __future__ import annotations

import pyarrow as pa
import pytest

from journey.engine import Draft
from journey.ingest.cells.labels import Lookup, Merged, look_up_labels, tidy, without_accents


def labelled(*columns: list[str | None], merges_case: bool = False) -> tuple[list[str | None], Lookup]:
    """The label of every row, and how it was found."""
    draft = Draft()
    cells = {f"c{place}": pa.array(column, pa.string()) for place, column in enumerate(columns)}
    draft.take("raw_rows", pa.table({"line": range(len(columns[0]))} | cells))
    found = look_up_labels(draft, "raw_rows", "names", list(cells), merges_case=merges_case)
    rows = draft.rows(f"SELECT {found.label_sql} FROM raw_rows AS raw {found.join_sql} ORDER BY line")  # noqa: S608
    return [label for (label,) in rows], found


@pytest.mark.parametrize(
    ("cell", "label"),
    [
        ("  Home   page ", "Home page"),
        ("Home\u00a0page\u200b", "Home page"),
        ("Cafe\u0301", "Café"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("N/A", None),
        ("(not set)", None),
        ("", None),
        ("None of these", "None of these"),
        ("x" * 200, "x" * 120),
    ],
)
def test_a_cell_is_tidied_and_words_for_nothing_are_missing(cell: str, label: str | None) -> None:
    assert tidy(cell) == label


def test_cells_that_are_their_own_label_need_no_lookup() -> None:
    labels, found = labelled(["see", "buy", None, ""])
    assert (labels, found.table, found.join_sql) == (["see", "buy", None, None], None, "")


def test_cells_that_are_not_find_their_label() -> None:
    labels, found = labelled(["see", " see", "n/a", None, "It's"])
    assert labels == ["see", "see", None, None, "It's"]
    assert found.table == "names"


def test_spellings_that_differ_in_case_take_the_most_frequent() -> None:
    labels, found = labelled(["email", "Email", "Email ", "EMAIL"], merges_case=True)
    assert labels == ["Email"] * 4
    assert found.merged == (Merged("Email", ("EMAIL", "email")),)


def test_two_columns_are_written_together() -> None:
    assert labelled(["google", None, ""], ["cpc", "email", None])[0] == ["google / cpc", "email", None]


def test_accents_are_taken_off_letters_that_have_them() -> None:
    assert [without_accents(text) for text in ("plain", "Ștefan", "naïve", "й", "がぎ", "한국")] == [
        "plain", "Stefan", "naive", "и", "がぎ", "한국",
    ]  # fmt: skip
