"""The table is found among preambles, several headers, units, footers and other tables; nothing is lost silently."""

from __future__ import annotations

from pathlib import Path

import pytest

from journey.ingest.files.bodies import Leftovers, body
from journey.ingest.files.headers import distinct_names
from journey.ingest.files.kinds import kind_of
from journey.ingest.files.layouts import Layout, layout_of
from journey.ingest.files.tables import batches_of_rows
from journey.ingest.formats import read_text_table

NAMES = ["who", "when", "what", "paid"]
ROWS = [
    ["C001", "2025-01-02 09:00", "home", "1.50"],
    ["C001", "2025-01-03 09:00", "cart", "2.00"],
    ["C002", "2025-01-04 09:00", "home", ""],
    ["C003", "2025-01-05 09:00", "buy", "30.25"],
]


def read(rows: list[list[str]]) -> tuple[Layout, list[list[str]], Leftovers]:
    """The layout of rows, what is kept of them, and what is not."""
    numbered = [(line, cells) for line, cells in enumerate(rows, start=1) if any(cells)]
    layout = layout_of(numbered)
    leftovers, width = Leftovers(), len(layout.header)
    below = [(line, [*cells, *[""] * width][:width]) for line, cells in numbered[layout.n_rows_before :]]
    kept = [
        [row[f"c{at}"] for at in range(width)]
        for batch in body(batches_of_rows(below, width), layout, leftovers)
        for row in batch.to_pylist()
    ]
    return layout, kept, leftovers


def test_a_plain_table_is_kept_as_it_is() -> None:
    layout, kept, leftovers = read([NAMES, *ROWS])
    assert (layout.header, layout.has_header, layout.last_line_before) == (NAMES, True, 1)
    assert (kept, leftovers.lines, leftovers.notes(), layout.notes) == (ROWS, [], [], ())
    assert layout.time_columns == ["when"]


@pytest.mark.parametrize(
    "above",
    [
        [["Journey report"]],
        [["Journey report", "", "", ""], ["", "", "", ""]],
        [["Client", "Example Ltd"], ["Period", "2025-01-01"], []],
        [["# exported by somebody, on a Monday"], ["----"]],
        [["A title, with commas", "and more", "of them", "than", "columns", "below"], []],
    ],
)
def test_lines_above_the_table_are_left_out_and_told(above: list[list[str]]) -> None:
    layout, kept, leftovers = read([*above, NAMES, *ROWS])
    assert (layout.header, kept) == (NAMES, ROWS)
    assert [note.code for note in layout.notes] == ["PREAMBLE_OR_RULE_SKIPPED"]
    assert leftovers.lines[0].text.startswith(above[0][0])
    assert not leftovers.rows


def test_a_row_that_groups_columns_is_no_part_of_names_that_are_whole() -> None:
    layout, kept, _leftovers = read([["Customer", "Event", "", "Value"], NAMES, *ROWS])
    assert (layout.header, kept) == (NAMES, ROWS)
    assert [line.reason for line in layout.skipped] == ["group_row"]


def test_two_header_rows_are_joined_where_neither_is_whole() -> None:
    upper = ["Respondent ID", "Start Date", "What do you use?", "", "Why?"]
    lower = ["", "", "Phone", "Chat", "Open-Ended Response"]
    rows = [["101", "01/02/2025 10:00:00", "Phone", "", "fast"], ["102", "01/03/2025 10:00:00", "", "Chat", "near"]]
    layout, kept, _leftovers = read([upper, lower, *rows])
    assert layout.header == [
        "Respondent ID", "Start Date", "What do you use? Phone", "What do you use? Chat", "Why? Open-Ended Response",
    ]  # fmt: skip
    assert kept == rows


def test_a_second_header_row_may_fill_only_the_gaps_of_the_first() -> None:
    rows = [["2025-01-02", "Cluj", "5.00", "", "1.00"], ["2025-01-03", "Iasi", "", "7.00", "2.00"]]
    layout, kept, _leftovers = read([["Date", "Place", "Travel", "", "Total"], ["", "", "Rail", "Taxi", ""], *rows])
    assert layout.header == ["Date", "Place", "Travel Rail", "Travel Taxi", "Total"]
    assert kept == rows


def test_the_two_further_header_rows_of_qualtrics_are_left_out() -> None:
    header = ["StartDate", "ResponseId", "Q1"]
    words = ["Start Date", "Response ID", "How likely are you to recommend us?"]
    ids = ['{"ImportId":"startDate","timeZone":"Z"}', '{"ImportId":"_recordId"}', '{"ImportId":"QID1"}']
    rows = [["2025-01-02 09:00:00", "R_1a", "9"], ["2025-01-03 09:00:00", "R_2b", "3"]]
    layout, kept, leftovers = read([header, words, ids, *rows])
    assert (layout.header, kept) == (header, rows)
    assert leftovers.rows == {"extra_header": 2}


@pytest.mark.parametrize(
    "units", [["", "UTC", "", "EUR"], ["text", "datetime", "text", "number"], ["(id)", "[yyyy-mm-dd]", "", "($)"]]
)
def test_a_row_of_units_is_left_out_and_counted(units: list[str]) -> None:
    layout, kept, leftovers = read([NAMES, units, *ROWS])
    assert (layout.header, kept, leftovers.rows) == (NAMES, ROWS, {"units": 1})
    assert [note.code for note in layout.notes] == ["PREAMBLE_OR_RULE_SKIPPED"]


def test_the_first_row_is_never_taken_for_a_header() -> None:
    layout, kept, _leftovers = read(ROWS)
    assert (layout.header, layout.has_header) == ([f"column {n}" for n in range(1, 5)], False)
    assert kept == ROWS


def test_a_first_row_with_a_broken_time_is_a_row() -> None:
    rows = [["C009", "soon", "home", ""], *ROWS]
    assert read([NAMES, *rows])[1] == rows


def test_words_that_come_again_are_no_header() -> None:
    rows = [["ana", "home"], ["ben", "cart"], ["ana", "cart"]]
    layout, kept, _leftovers = read(rows)
    assert (layout.has_header, kept) == (False, rows)


def test_numbers_may_be_names_of_columns() -> None:
    layout, kept, _leftovers = read([["who", "when", "2024", "1"], *ROWS])
    assert (layout.header, kept) == (["who", "when", "2024", "1"], ROWS)


def test_row_numbers_without_a_name_come_first() -> None:
    numbered = [[str(n), *row] for n, row in enumerate(ROWS, start=1)]
    layout, kept, _leftovers = read([NAMES, *numbered])
    assert (layout.header, kept) == (["column 1", *NAMES], numbered)


def test_a_header_that_comes_again_is_left_out_and_counted() -> None:
    layout, kept, leftovers = read([NAMES, *ROWS[:2], NAMES, *ROWS[2:]])
    assert (kept, leftovers.rows, leftovers.lines[0][:2]) == (ROWS, {"repeated_header": 1}, (4, "repeated_header"))
    assert [note.code for note in leftovers.notes()] == ["HEADER_REPEATED"]
    assert layout.notes == ()


@pytest.mark.parametrize(
    ("footer", "reason"),
    [
        (["Total", "", "", "33.75"], "totals"),
        (["", "", "", "33.75"], "totals"),
        (["Summe", "", "", "33,75"], "totals"),
        (["总计", "", "", "33.75"], "totals"),
        (["(4 rows)"], "footer"),
        (["* prices with VAT"], "footer"),
        (["Generated on 2025-02-01 by somebody"], "footer"),
        (["Confidential and for internal use only"], "footer"),
    ],
)
def test_what_stands_below_the_table_is_no_row(footer: list[str], reason: str) -> None:
    _layout, kept, leftovers = read([NAMES, *ROWS, footer])
    assert (kept, leftovers.rows) == (ROWS, {reason: 1})
    assert [note.code for note in leftovers.notes()] == ["FOOTER_SKIPPED"]


@pytest.mark.parametrize(
    "last",
    [
        ["Total", "2025-01-06 09:00", "home", "1.00"],
        ["C004", "", "home", ""],
        ["C004", "", "", ""],
        ["C004", "soon", "home", "1"],
        ["", "2025-01-06 09:00", "home", "1.00"],
        ["C001", "2025-01-06 09:00", "Total", "1.00"],
    ],
)
def test_a_real_last_row_is_never_taken_for_a_footer(last: list[str]) -> None:
    _layout, kept, leftovers = read([NAMES, *ROWS, last])
    assert (kept, leftovers.rows) == ([*ROWS, last], {})


@pytest.mark.parametrize("last", [["dan", "", ""], ["Dan Brown", "", ""], ["dan", "buy", ""]])
def test_a_last_row_of_a_table_without_times_is_a_row(last: list[str]) -> None:
    rows = [["ana", "home", "fine"], ["ben", "cart", ""], ["cat", "buy", "well"], last]
    assert read([["who", "what", "note"], *rows])[1] == rows


def test_short_rows_below_a_blank_line_are_no_other_table() -> None:
    rows = [["ana", "home", "fine"], ["ben", "cart", "well"], ["cat", "buy", ""], ["dan", "home", ""]]
    assert read([["who", "what", "note"], *rows[:2], [], *rows[2:]])[1] == rows


@pytest.mark.parametrize("title", [[], [["Costs"]]])
def test_a_further_table_is_left_out_and_told(title: list[list[str]]) -> None:
    second = [["channel", "cost"], ["Web", "20"], ["Mail", "100"]]
    _layout, kept, leftovers = read([NAMES, *ROWS, [], *title, *second])
    assert (kept, leftovers.rows) == (ROWS, {"second_table": 3 + len(title)})
    assert leftovers.lines[-1] == (9 + len(title), "second_table", "Mail 100")
    assert [note.code for note in leftovers.notes()] == ["SECOND_TABLE_SKIPPED"]


def test_blank_lines_between_rows_begin_no_table() -> None:
    _layout, kept, leftovers = read([NAMES, ROWS[0], [], *ROWS[1:3], [], ROWS[3]])
    assert (kept, leftovers.rows) == (ROWS, {})


@pytest.mark.parametrize("n_rows", [1, 2, 3, 7])
def test_rows_are_the_same_however_they_are_batched(n_rows: int) -> None:
    second = [["channel", "cost", "", ""], ["Web", "20", "", ""]]
    body_rows = [*ROWS, ["", "", "", ""], NAMES, *ROWS * 15, ["Total", "", "", "9"], ["", "", "", ""], *second]
    numbered = list(enumerate([NAMES, *body_rows], start=1))
    layout = layout_of(numbered)

    def found(n_batch_rows: int) -> tuple[list[int], Leftovers]:
        leftovers = Leftovers()
        whole = next(batches_of_rows(numbered[1:], 4))
        pieces = (whole.slice(at, n_batch_rows) for at in range(0, whole.num_rows, n_batch_rows))
        return [line for batch in body(pieces, layout, leftovers) for line in batch.column(0).to_pylist()], leftovers

    assert found(n_rows) == found(1_000)
    assert found(n_rows)[1].rows == {"repeated_header": 1, "second_table": 2, "totals": 1}
    assert len(found(n_rows)[0]) == 64


def test_a_table_of_a_header_alone_has_no_rows() -> None:
    layout, kept, _leftovers = read([NAMES])
    assert (layout.header, layout.has_header, kept) == (NAMES, True, [])


def test_no_rows_are_no_table() -> None:
    assert layout_of([]).header == layout_of([(1, ["", " "])]).header == []


def test_same_names_are_told_apart_and_said() -> None:
    layout, _kept, _leftovers = read([["who", "when", "what", "what"], *ROWS])
    assert layout.header == ["who", "when", "what", "what (2)"]
    assert [note.code for note in layout.notes] == ["HEADER_DUPLICATE"]


def test_blank_and_repeated_headers_are_told_apart() -> None:
    assert distinct_names(["who", "", "Who", "who", " what  now "]) == [
        "who", "column 2", "Who (2)", "who (3)", "what now",
    ]  # fmt: skip


def test_the_table_that_psql_draws_is_read(tmp_path: Path) -> None:
    lines = [" who  |       when       | paid ", "------+------------------+------"]
    lines += [" C001 | 2025-01-02 09:00 | 1.50 ", " C002 | 2025-01-03 09:00 |      ", "(2 rows)", ""]
    path = tmp_path / "psql.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    rows = [["C001", "2025-01-02 09:00", "1.50"], ["C002", "2025-01-03 09:00", ""]]
    assert read_text_table(path) == (["who", "when", "paid"], rows)


def test_a_boxed_table_is_read(tmp_path: Path) -> None:
    rule = "+------+------------+"
    lines = [rule, "| who  | when       |", rule, "| C001 | 2025-01-02 |", "| C002 | 2025-01-03 |", rule]
    path = tmp_path / "mysql.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert read_text_table(path) == (["who", "when"], [["C001", "2025-01-02"], ["C002", "2025-01-03"]])


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("2025-01-02", "time"), ("2025-01-02T09:00:00.123Z", "time"), ("02.01.2025 09:00", "time"),
        ("1/2/25 9:05 PM", "time"), ("2 Jan 2025", "time"), ("Jan 2, 2025", "time"), ("2025年1月2日", "time"),
        ("09:30", "time"), ("49.90", "number"), ("-0,4", "number"), ("1,234.50 €", "number"), ("12 %", "number"),
        ("C001", "A9"), ("MG-8769", "A-9"), ("ana@example.com", "A@A"), ("Landing page", ""), ("Web", ""), ("", ""),
    ],
)  # fmt: skip
def test_the_kind_of_a_cell_is_told(cell: str, kind: str) -> None:
    assert kind_of(cell) == kind
