"""JSON in cells becomes columns."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pyarrow as pa
import pytest

from journey.engine import Draft
from journey.ingest.files.nested import MOST_KEYS, unfolded
from journey.ingest.files.staging import StagedTable, stage_frame


@pytest.fixture
def draft() -> Iterator[Draft]:
    opened = Draft()
    yield opened
    opened.close()


def staged(draft: Draft, **columns: list[str | None]) -> StagedTable:
    return unfolded(draft, stage_frame(draft, "raw", pa.table(columns), "log.csv"))


def rows(draft: Draft, table: StagedTable, first: int = 0) -> list[tuple[str | None, ...]]:
    return draft.rows(f"SELECT {', '.join(table.columns[first:])} FROM raw ORDER BY line")  # noqa: S608 - staged names


def test_single_values_of_objects_become_columns_and_the_cells_stay(draft: Draft) -> None:
    table = staged(draft, p=['{"plan": "pro", "n": 2, "who": {"paid": true}}', '{"plan": null, "tags": ["a"]}'])
    assert table.header == ("p", "p.n", "p.plan", "p.who.paid")
    assert rows(draft, table, 1) == [("2", "pro", "true"), (None, None, None)]


def test_lists_of_keys_and_values_become_columns_whatever_type_the_value_has(draft: Draft) -> None:
    first = [
        {"key": "page", "value": {"string_value": "/a", "int_value": None}},
        {"key": "session", "value": {"int_value": "12"}},
        {"key": "share", "value": {"double_value": 0.5}},
    ]
    table = staged(draft, e=[json.dumps(first), "[]", None])
    assert table.header == ("e", "e.page", "e.session", "e.share")
    assert rows(draft, table, 1) == [("/a", "12", "0.5"), (None, None, None), (None, None, None)]


def test_plain_values_in_such_a_list_are_read_too_and_the_first_of_equal_keys_counts(draft: Draft) -> None:
    table = staged(draft, e=['[{"key": "k", "value": "v"}, {"key": "k", "value": "w"}]'])
    assert rows(draft, table, 1) == [("v",)]


def test_keys_of_any_kind_are_data(draft: Draft) -> None:
    hostile = {"$a.b": 1, "'; DROP TABLE raw; --": 2, "日本": 3, "a]b": 4}
    table = staged(draft, p=[json.dumps(hostile)])
    assert sorted(table.header[1:]) == sorted(f"p.{key}" for key in hostile)
    assert dict(zip(table.header[1:], rows(draft, table, 1)[0], strict=True)) == {
        f"p.{key}": str(value) for key, value in hostile.items()
    }


@pytest.mark.parametrize("cells", [["a", "b"], ["[1, 2]", "[3]"], ["{broken", "{too"], [None, ""], ['"text"', "7"]])
def test_columns_of_something_else_stay_as_they_are(draft: Draft, cells: list[str | None]) -> None:
    assert staged(draft, p=cells).header == ("p",)


def test_a_few_broken_cells_cost_only_themselves(draft: Draft) -> None:
    table = staged(draft, p=['{"a": 1}'] * 9 + ["{oops"])
    assert rows(draft, table, 1) == [("1",)] * 9 + [(None,)]


def test_at_most_sixty_keys_become_columns_the_commonest_first(draft: Draft) -> None:
    many = json.dumps({f"k{place:03d}": place for place in range(100)})
    table = staged(draft, p=[many, '{"k099": 5}'])
    assert len(table.header) == 1 + MOST_KEYS
    assert "p.k099" in table.header


def test_a_column_the_file_has_already_is_not_written_over(draft: Draft) -> None:
    table = staged(draft, **{"p": ['{"a": 1}'], "p.a": ["own"]})
    assert table.header == ("p", "p.a")
    assert rows(draft, table) == [('{"a": 1}', "own")]


def test_the_order_of_rows_changes_no_column(draft: Draft) -> None:
    cells = [json.dumps({f"k{place % 7}": place}) for place in range(30)]
    forth, back = staged(draft, p=list(cells)), staged(Draft(), p=cells[::-1])
    assert forth.header == back.header
