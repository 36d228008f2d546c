"""Text becomes rows: every row keeps its line, and no oddity swallows another row."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pytest

from journey.ingest.files.blocks import _batch, _clean_batch, _clean_cells, _lines_in
from journey.ingest.files.delimited import Dialect, cut
from journey.ingest.files.dialects import dialect_of
from journey.ingest.files.text_tables import text_table
from journey.ingest.formats import read_text_table

COMMA = Dialect(",", "\n")


def written(folder: Path, content: str | bytes, name: str = "log.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def lines_and_rows(path: Path) -> list[tuple[int, str | None, list[str]]]:
    """All rows of a file: line, the text of a ragged row, cells."""
    return [
        (row["line"], row["ragged"], [row[name] for name in row if name.startswith("c")])
        for batch in text_table(path, path.name).batches
        for row in batch.to_pylist()
    ]


def codes_of(path: Path) -> list[str]:
    """The codes of all that is told about a file."""
    table = text_table(path, path.name)
    for _batch_of_rows in table.batches:
        pass
    return [note.code for note in table.reading.notes]


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
    assert codes_of(path) == ["ROWS_PADDED"]


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


def test_a_first_row_with_a_date_is_a_row(tmp_path: Path) -> None:
    table = text_table(written(tmp_path, "ana,2025-01-02,home\nben,2025-01-03,cart\n"), "log.csv")
    assert (table.header, table.reading.has_header) == (["column 1", "column 2", "column 3"], False)
    assert sum(batch.num_rows for batch in table.batches) == 2


def test_many_blocks_count_lines_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("journey.ingest.files.blocks._BLOCK_SIZE", 40)
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
        cells = _clean_cells(block, COMMA, width) if block.strip() else None
        if cells is not None:
            n_compared += 1
            assert _clean_batch(cells, width, 1).equals(_batch(cut(_lines_in(block), COMMA, width, 1), width)), block
    assert n_compared > 500


@pytest.mark.parametrize("text", ["", "\n\n", "one\ntwo\n"])
def test_text_without_separators_is_cut_by_commas(text: str) -> None:
    assert dialect_of(io.StringIO(text, newline="")).separator == ","


# --- What goes wrong when tables are written by hand or by old programs ---------------------------------------------

LOG = (
    "who,when,what,paid\nC001,2025-01-02 09:00,home,1.50\nC001,2025-01-03 09:00,cart,2.00\n"
    "C002,2025-01-04 09:00,home,3.00\nC003,2025-01-05 09:00,buy,30.25\n"
)
LOG_LINES = LOG.splitlines()
LOG_ROWS = [line.split(",") for line in LOG_LINES]


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        ("".join(f'"{line}"\n' for line in LOG_LINES), ["LINES_UNWRAPPED"]),
        (LOG_LINES[0] + "\n" + "".join(f'"{line}"\n' for line in LOG_LINES[1:]), ["LINES_UNWRAPPED"]),
        (",".join(f"“{cell}”" for cell in LOG_ROWS[0]) + "\n" + LOG.split("\n", 1)[1], ["QUOTES_CURLY"]),
        ("sep=;\n" + LOG.replace(",", ";"), []),
        ("\ufeffsep=\t\n" + LOG.replace(",", "\t"), []),
        ("sep=;\n" + LOG, []),
        ("#" + LOG, []),
        (LOG.replace("\n", ",,\n").replace("paid,,", "paid"), []),
        (LOG + ",,,\n\n   \n\x1a", []),
        (LOG.replace("\n", "\r\r\n"), []),
        ("Report: journeys\nFrom,2025-01-01\n\n" + LOG, ["PREAMBLE_OR_RULE_SKIPPED"]),
        (LOG + "\nRows: 4\n", ["FOOTER_SKIPPED"]),
        (LOG + "\nchannel,cost\nWeb,1\n\nregion,cost\nEU,2\n", ["SECOND_TABLE_SKIPPED"]),
    ],
)
def test_the_rows_are_found_in_all_this(tmp_path: Path, content: str, codes: list[str]) -> None:
    path = written(tmp_path, content)
    assert read_text_table(path) == (LOG_ROWS[0], LOG_ROWS[1:])
    assert codes_of(path) == codes


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('C004,2025-01-06 09:00,"the 5" screen, black",2.00', ['the 5" screen, black']),
        ('C004,2025-01-06 09:00,"home,2.00', ["home"]),
        ('"C004,2025-01-06 09:00,"a, b",2.00', ["a, b"]),
    ],
)
def test_a_line_with_a_wrong_quote_is_repaired_and_told(tmp_path: Path, line: str, cells: list[str]) -> None:
    path = written(tmp_path, f"{LOG}{line}\n{LOG_LINES[1]}\n")
    assert read_text_table(path)[1][4:] == [["C004", "2025-01-06 09:00", *cells, "2.00"], LOG_ROWS[1]]
    assert codes_of(path) == ["ROWS_REPAIRED"]


@pytest.mark.parametrize(
    "line",
    [
        "C004,2025-01-06 09:00,home, sweet home,2.00",
        "C004,2025-01-06 09:00 home,2.00",
        "C004,2025-01-06 09:00,home,2,00",
    ],
)
def test_a_row_whose_cells_stand_in_other_columns_is_set_aside(tmp_path: Path, line: str) -> None:
    found = lines_and_rows(written(tmp_path, f"{LOG}{line}\n{LOG_LINES[1]}\n"))
    assert [(number, text) for number, text, _cells in found if text is not None] == [(6, line)]


def test_extra_cells_behind_a_whole_row_are_left_out_and_told(tmp_path: Path) -> None:
    path = written(tmp_path, f"{LOG}C004,2025-01-06 09:00,home,2.00,extra\n")
    assert read_text_table(path)[1][4] == ["C004", "2025-01-06 09:00", "home", "2.00"]
    assert codes_of(path) == ["ROWS_TRIMMED"]


def test_a_cell_of_endless_lines_harms_no_other_row(tmp_path: Path) -> None:
    path = written(tmp_path, LOG + 'C004,2025-01-06 09:00,"' + "so\n" * 600 + '",2.00\n' + LOG.split("\n", 1)[1])
    assert [row for row in read_text_table(path)[1] if row[0] in ("C001", "C002", "C003")] == LOG_ROWS[1:] * 2


@pytest.mark.parametrize(
    "content", ["who:what:paid\nana:home:1\nben:cart:2\n", "who what paid\nana home 1\nben cart 2\n"]
)
def test_signs_that_words_are_full_of_separate_where_nothing_else_does(tmp_path: Path, content: str) -> None:
    assert read_text_table(written(tmp_path, content)) == (
        ["who", "what", "paid"],
        [["ana", "home", "1"], ["ben", "cart", "2"]],
    )


# --- Every way of writing the same table ----------------------------------------------------------------------------

HEADER = ["who", "when", "what", "note"]
ROWS = [
    ["C001", "2025-01-02 09:00:00", "Landing page", "5, maybe; 6"],
    ["C001", "2025-01-03 10:30:00", "Cart", "a | b"],
    ["C002", "2025-01-04 11:45:10", "Support", 'said "no", left'],
    ["C003", "2025-01-05 08:00:00", "Landing page", ""],
    ["C004", "2025-01-06 23:59:59", "Purchase", "it's fine"],
]
SEPARATORS = [",", ";", "\t", "|", "\x1f", "^", "~", "||", ";;", "::", "~~", ", ", " | "]


def joined(cells: list[str], separator: str, quote: str, *, escape: str, quotes_all: bool) -> str:
    def one(cell: str) -> str:
        needs = quotes_all or any(sign in cell for sign in (separator.strip(" ") or " ", quote, "\n"))
        return f"{quote}{cell.replace(quote, escape + quote)}{quote}" if needs else cell

    return separator.join(map(one, cells))


@pytest.mark.parametrize("quotes_all", [True, False])
@pytest.mark.parametrize("escape", ["doubled", "backslash"])
@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize("separator", SEPARATORS)
def test_the_same_table_is_read_however_it_is_written(
    tmp_path: Path, separator: str, quote: str, escape: str, quotes_all: bool
) -> None:
    # Each separator is tried with one kind of line end; all kinds come up with each quote.
    line_end = ("\n", "\r\n", "\r")[SEPARATORS.index(separator) % 3]
    sign = "\\" if escape == "backslash" else quote
    lines = [joined(row, separator, quote, escape=sign, quotes_all=quotes_all) for row in [HEADER, *ROWS]]
    path = written(tmp_path, line_end.join([*lines, ""]))
    assert read_text_table(path) == (HEADER, ROWS)
