"""Text becomes rows: every row keeps its line, and no oddity swallows another row."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from journey.ingest.blocks import _batch, _clean_batch, _lines_in
from journey.ingest.delimited import Dialect, cut, dialect_of, distinct_names
from journey.ingest.formats import opened, read_text_table

COMMA = Dialect(",", "\n")


def written(folder: Path, content: str | bytes, name: str = "log.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def lines_and_rows(path: Path) -> list[tuple[int, str | None, list[str]]]:
    """All rows of a file: line, the text of a ragged row, cells."""
    table = opened(path, path.name)
    return [
        (row["line"], row["ragged"], [row[name] for name in row if name.startswith("c")])
        for batch in table.batches
        for row in batch.to_pylist()
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "\x1f"])
def test_the_separator_is_found(tmp_path: Path, separator: str) -> None:
    path = written(tmp_path, f"who{separator}what\nana{separator}home\n")
    assert read_text_table(path) == (["who", "what"], [["ana", "home"]])


def test_a_separator_named_in_the_first_line_is_believed(tmp_path: Path) -> None:
    path = written(tmp_path, "sep=;\nwho;what\nana;a,b,c\n")
    assert read_text_table(path) == (["who", "what"], [["ana", "a,b,c"]])
    assert lines_and_rows(path)[0][0] == 3


def test_commas_in_texts_do_not_win_over_the_separator(tmp_path: Path) -> None:
    path = written(tmp_path, "who;what\nana;a, b\nben;c, d, e\n")
    assert read_text_table(path)[1] == [["ana", "a, b"], ["ben", "c, d, e"]]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_rows_are_told_by_any_line_end(tmp_path: Path, line_end: str) -> None:
    path = written(tmp_path, line_end.join(["who,what", "ana,home", "ben,cart"]))
    assert [line for line, _ragged, _cells in lines_and_rows(path)] == [2, 3]


def test_mixed_line_ends_are_no_trouble(tmp_path: Path) -> None:
    path = written(tmp_path, "who,what\rana,home\r\nben,cart\ncat,buy")
    assert lines_and_rows(path) == [(2, None, ["ana", "home"]), (3, None, ["ben", "cart"]), (4, None, ["cat", "buy"])]


def test_a_row_is_known_by_the_line_it_begins_on(tmp_path: Path) -> None:
    path = written(tmp_path, 'who,what\nana,"two\nlines"\n\nben,cart\n')
    assert lines_and_rows(path) == [(2, None, ["ana", "two\nlines"]), (5, None, ["ben", "cart"])]


def test_short_rows_are_padded_at_their_end(tmp_path: Path) -> None:
    path = written(tmp_path, "who,what,where\nana,home\nben,cart,web\n")
    assert lines_and_rows(path)[0] == (2, None, ["ana", "home", ""])
    table = opened(path, "log.csv")
    assert (sum(batch.num_rows for batch in table.batches), table.oddities.n_padded) == (2, 1)


def test_rows_with_more_cells_are_kept_apart_as_text(tmp_path: Path) -> None:
    path = written(tmp_path, "who,what\nana,home,extra\nben,cart\n")
    assert sorted(lines_and_rows(path), key=lambda row: row[0]) == [
        (2, "ana,home,extra", [None, None]),
        (3, None, ["ben", "cart"]),
    ]


def test_empty_cells_behind_the_last_column_are_no_cells(tmp_path: Path) -> None:
    assert read_text_table(written(tmp_path, "who,what\nana,home,,\n"))[1] == [["ana", "home"]]


def test_a_last_line_that_breaks_off_is_kept_apart(tmp_path: Path) -> None:
    path = written(tmp_path, "who,what,where\nana,home,web\nben,ca")
    assert lines_and_rows(path)[-1] == (3, "ben,ca", [None, None, None])


def test_a_whole_last_line_needs_no_line_end(tmp_path: Path) -> None:
    assert read_text_table(written(tmp_path, "who,what\nana,home"))[1] == [["ana", "home"]]


@pytest.mark.parametrize("place", [2, 3, 4])
def test_a_stray_quote_harms_its_own_line_at_most(tmp_path: Path, place: int) -> None:
    lines = ["who,what,where", "ana,home,web", "ben,cart,app", "cat,buy,web"]
    who, rest = lines[place - 1].split(",", 1)
    lines[place - 1] = f'{who},"{rest}'
    path = written(tmp_path, "\n".join(lines) + "\n")
    assert read_text_table(path)[1] == [["ana", "home", "web"], ["ben", "cart", "app"], ["cat", "buy", "web"]]


def test_two_stray_quotes_do_not_join_what_lies_between(tmp_path: Path) -> None:
    path = written(tmp_path, 'who,what,where\nana,"home,web\nben,cart,app\ncat,"buy,web\n')
    assert [row[0] for row in read_text_table(path)[1]] == ["ana", "ben", "cat"]


def test_backslashes_before_quotes_are_understood(tmp_path: Path) -> None:
    path = written(tmp_path, 'who,what\n"ana","said \\"hi, you\\""\n')
    assert read_text_table(path)[1] == [["ana", 'said "hi, you"']]


def test_blank_and_repeated_headers_are_told_apart() -> None:
    assert distinct_names(["who", "", "Who", "who", " what  now "]) == [
        "who",
        "column 2",
        "Who (2)",
        "who (3)",
        "what now",
    ]


def test_a_first_row_with_a_date_is_a_row(tmp_path: Path) -> None:
    table = opened(written(tmp_path, "ana,2025-01-02,home\nben,2025-01-03,cart\n"), "log.csv")
    assert (table.header, table.has_header) == (["column 1", "column 2", "column 3"], False)
    assert sum(batch.num_rows for batch in table.batches) == 2


def test_many_blocks_count_lines_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("journey.ingest.blocks._BLOCK_SIZE", 40)
    rows = [f'c{i},"a\nb"' if i % 7 == 0 else f"c{i},home" for i in range(60)]
    found = lines_and_rows(written(tmp_path, "\n".join(["who,what", *rows]) + "\n"))
    n_before = 1
    for row, (line, _ragged, cells) in zip(rows, found, strict=True):
        assert (line, cells[0]) == (n_before + 1, row.split(",")[0])
        n_before += 1 + row.count("\n")


def test_both_ways_of_cutting_a_block_agree() -> None:
    dice = random.Random(7)  # noqa: S311
    pieces = ["a", "b", '"', '""', ",", ",", ",", " ", "\n", "\r\n", "é", "x,y", '"a"', '"a,b"', "\t", ""]
    n_compared = 0
    for _trial in range(8_000):
        width = dice.choice([2, 3])
        block = "".join(dice.choice(pieces) for _piece in range(dice.randint(3, 14))).encode()
        at_once = _clean_batch(block, COMMA, width, 1) if block.strip() else None
        if at_once is not None:
            n_compared += 1
            assert at_once.equals(_batch(cut(_lines_in(block), COMMA, width, 1), width)), block
    assert n_compared > 500


@pytest.mark.parametrize("text", ["", "\n\n", "one\ntwo\n"])
def test_text_without_separators_is_cut_by_commas(text: str) -> None:
    assert dialect_of(iter(text.splitlines(keepends=True))).separator == ","  # type: ignore[arg-type]
