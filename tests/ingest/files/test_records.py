"""JSON and JSON Lines as tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from journey.errors import FileUnreadableError
from tests.ingest.made_files import codes_of, lines_of, read, rows_of


def written(folder: Path, content: str | bytes, name: str = "log.json") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_objects_become_rows_and_nested_ones_columns_with_dots(tmp_path: Path) -> None:
    first = '{"who": "ana", "at": {"page": "Home", "x": {"y": 1}}, "tags": ["a", 2.50]}'
    second = '{"who": 7, "new": true, "at": null}'
    [table] = read(written(tmp_path, f"[{first}, {second}]"))
    assert table.header == ["who", "at.page", "at.x.y", "tags", "new", "at"]
    assert rows_of(table) == [["ana", "Home", "1", '["a", 2.5]', None, None], ["7", None, None, None, "true", None]]


def test_numbers_stay_as_they_are_written(tmp_path: Path) -> None:
    [table] = read(written(tmp_path, '[{"a": 49.90, "b": 12345678901234567890, "c": -0.10, "d": 1e3}]'))
    assert rows_of(table) == [["49.90", "12345678901234567890", "-0.10", "1000"]]


@pytest.mark.parametrize(
    "content",
    [
        '{"meta": {"n": 2, "tags": ["x"]}, "data": {"items": [{"who": "ana"}, {"who": "ben"}]}}',
        '\ufeff[{"who": "ana"},\n {"who": "ben"}]',
        '[{"who": "ana"}, {"who": "ben"}]'.encode("utf-16"),
    ],
)
def test_the_first_list_of_objects_is_the_table(tmp_path: Path, content: str | bytes) -> None:
    [table] = read(written(tmp_path, content))
    assert (table.header, rows_of(table)) == (["who"], [["ana"], ["ben"]])


def test_a_single_object_is_a_row(tmp_path: Path) -> None:
    [table] = read(written(tmp_path, '{"who": "ana",\n "what": "Home"}'))
    assert (table.header, rows_of(table)) == (["who", "what"], [["ana", "Home"]])


def test_lines_of_json_may_have_other_keys_and_broken_ones_are_set_aside(tmp_path: Path) -> None:
    content = '{"who": "ana", "what": {"name": "Home"}}\n\n{"who": "ben"\n[1]\n{"when": "2024-03-01", "who": "cleo"}\n'
    path = written(tmp_path, content, "log.jsonl")
    [table] = read(path)
    assert table.header == ["who", "what.name", "when"]
    assert rows_of(table) == [["ana", "Home", None], ["cleo", None, "2024-03-01"]]
    assert codes_of(table) == ["ROWS_SET_ASIDE"]
    assert lines_of(read(path)[0]) == [(1, None), (5, None), (3, '{"who": "ben"'), (4, "[1]")]


def test_json_lines_are_known_whatever_the_name(tmp_path: Path) -> None:
    [table] = read(written(tmp_path, '{"who": "ana"}\n{"who": "ben"}\n', "log.csv"))
    assert rows_of(table) == [["ana"], ["ben"]]
    assert codes_of(table) == ["TYPE_BY_CONTENT"]


def test_half_of_a_sign_does_not_stop_the_import(tmp_path: Path) -> None:
    [table] = read(written(tmp_path, '{"who": "\\ud83d"}\n{"who": "\\ud83d\\ude00"}\n', "log.jsonl"))
    assert rows_of(table) == [["�"], ["😀"]]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ('[{"who": "ana"}, {"who": ', "TRUNCATED"),
        ('[{"who": "ana"}, {who: "ben"}]', "CORRUPT"),
        ('["ana", "ben"]', "NOT_TABULAR"),
        ("[]", "NOT_TABULAR"),
        ('[{"it": ' + "[" * 3_000 + "]" * 3_000 + "}]", "CORRUPT"),
        ("[{" + ", ".join(f'"c{n}": 1' for n in range(2_001)) + "}]", "TOO_MANY_COLUMNS"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(tmp_path: Path, content: str, code: str) -> None:
    with pytest.raises(FileUnreadableError) as refused:
        rows_of(read(written(tmp_path, content))[0])
    assert refused.value.code == code


def test_a_column_may_be_called_in_brackets(tmp_path: Path) -> None:
    [table] = read(written(tmp_path, "[who],[what]\nana,Home\nben,Cart\n", "log.csv"))
    assert rows_of(table) == [["ana", "Home"], ["ben", "Cart"]]
