"""Workbooks of every kind: sheets as tables, cells as text, and what must not harm."""

from __future__ import annotations

import datetime
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from journey.errors import FileUnreadableError
from tests.ingest.made_files import (
    HEADER,
    ROWS,
    codes_of,
    lines_of,
    ods_row,
    read,
    rows_of,
    write_ods,
    write_xls,
    write_xlsb,
    write_xlsx,
    xlsx_cell,
    xlsx_rows,
)

LOG = xlsx_rows([HEADER, *ROWS])


def test_cells_are_written_as_a_delimited_file_has_them(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Log")
        time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet.write_row(0, 0, ["who", "when", "what", "amount", "is new"])
        sheet.write_string(1, 0, "007")
        sheet.write_datetime(1, 1, datetime.datetime.fromisoformat("2024-03-09T09:43:12"), time)
        sheet.write_row(1, 2, ["Home", 12, True])
        sheet.write_number(2, 0, 1234567890123456)
        sheet.write_number(2, 1, 45360.5)
        sheet.write_row(2, 2, ["Cart", 0.1 + 0.2, False])
    [table] = read(path)
    assert table.header == ["who", "when", "what", "amount", "is new"]
    assert rows_of(table) == [
        ["007", "2024-03-09 09:43:12", "Home", "12", "true"],
        ["1234567890123456", "45360.5", "Cart", "0.3", "false"],
    ]


def test_each_sheet_with_a_table_is_a_table_and_a_cover_is_none(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Cover").write_column(0, 0, ["Report", "for us"])
        for title, row in (("March", ROWS[0]), ("April", ROWS[1])):
            sheet = book.add_worksheet(title)
            sheet.write_row(0, 0, HEADER)
            sheet.write_row(1, 0, row)
        book.add_worksheet("Nothing")
    march, april = read(path)
    assert (march.title, rows_of(march)) == ("March", [ROWS[0]])
    assert (april.title, rows_of(april)) == ("April", [ROWS[1]])
    assert march.reading.notes[0].text == "Read: “March” and “April”. Sheets without a table: “Cover”."
    assert codes_of(march) == ["SHEET_CHOSEN"]


def test_a_hidden_sheet_is_told_and_not_read_unless_it_is_the_only_table(tmp_path: Path) -> None:
    for has_other in (True, False):
        path = tmp_path / f"log{has_other}.xlsx"
        with xlsxwriter.Workbook(path) as book:
            other = book.add_worksheet("Shown")
            hidden = book.add_worksheet("Hidden")
            hidden.hide()
            for sheet in [other, hidden] if has_other else [hidden]:
                sheet.write_row(0, 0, HEADER)
                sheet.write_row(1, 0, ROWS[0])
        [table] = read(path)
        assert table.title == ("Shown" if has_other else "Hidden")
        assert codes_of(table) == (["SHEET_HIDDEN"] if has_other else [])


def test_a_title_above_the_table_and_the_lines_of_rows_are_known(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "All interactions")
        sheet.write_row(2, 0, HEADER)
        sheet.write_row(3, 0, ROWS[0])
        sheet.write_row(5, 0, ROWS[1])
    [table] = read(path)
    assert table.header == HEADER
    assert lines_of(table) == [(4, None), (6, None)]
    assert codes_of(table) == ["PREAMBLE_OR_RULE_SKIPPED"]


def test_cells_merged_downwards_say_the_same_in_each_row(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.merge_range(1, 0, 2, 0, "ana")
        sheet.write_row(1, 1, ROWS[0][1:])
        sheet.write_row(2, 1, ROWS[1][1:])
        sheet.write_row(3, 1, ROWS[1][1:])
    [table] = read(path)
    assert [cells[0] for cells in rows_of(table)] == ["ana", "ana", ""]
    assert codes_of(table) == ["MERGED_FILLED"]


def test_days_counted_from_1904_are_four_years_later(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["who", "when"])
        sheet.write(1, 0, "ana")
        sheet.write_datetime(
            1, 1, datetime.datetime.fromisoformat("2024-03-09"), book.add_format({"num_format": "yyyy-mm-dd"})
        )
    [table] = read(path)
    assert rows_of(table) == [["ana", "2024-03-09"]]
    assert ("Days are counted from", "1904") in table.reading.facts


def test_a_stray_cell_in_the_last_corner_is_left_out_and_told(tmp_path: Path) -> None:
    stray = f'<row r="1048576">{xlsx_cell("XFD1048576", "x")}</row>'
    [table] = read(write_xlsx(tmp_path / "log.xlsx", LOG + stray))
    assert rows_of(table) == ROWS
    assert codes_of(table) == ["STRAY_CELLS"]


def test_two_far_tables_in_a_sheet_are_refused_before_a_grid_is_made(tmp_path: Path) -> None:
    far = "".join(f'<row r="{row}">{xlsx_cell(f"XFD{row}", "x")}</row>' for row in range(900_000, 900_040))
    with pytest.raises(FileUnreadableError, match="lie far apart") as refused:
        read(write_xlsx(tmp_path / "log.xlsx", LOG + far))
    assert refused.value.code == "TOO_BIG"


def test_errors_of_the_spreadsheet_are_empty_cells_even_unknown_ones(tmp_path: Path) -> None:
    broken = '<row r="4"><c r="A4" t="e"><v>#NEW!</v></c>' + xlsx_cell("B4", "2024-03-03 10:00:00") + "</row>"
    [table] = read(write_xlsx(tmp_path / "log.xlsx", LOG + broken))
    assert rows_of(table)[2] == ["", "2024-03-03 10:00:00", ""]
    assert table.reading.notes[0].text == "Cells with an error of the spreadsheet (as #REF!), taken as empty: 1."
    assert codes_of(table) == ["NULLS"]


def test_formulas_have_their_value_and_those_without_one_are_counted(tmp_path: Path) -> None:
    cells = '<c r="A4" t="str"><f>A2</f><v>ana</v></c>' + xlsx_cell("B4", ROWS[0][1]) + '<c r="C4"><f>C2</f></c>'
    [table] = read(write_xlsx(tmp_path / "log.xlsx", f'{LOG}<row r="4">{cells}</row>'))
    assert rows_of(table)[2] == ["ana", ROWS[0][1], ""]
    assert codes_of(table) == ["FORMULA_UNCALCULATED"]


def test_entities_are_refused(tmp_path: Path) -> None:
    declared = '<!DOCTYPE worksheet [<!ENTITY a "aaaa">]>'
    with pytest.raises(FileUnreadableError, match="declares XML entities") as refused:
        read(write_xlsx(tmp_path / "log.xlsx", LOG, before=declared))
    assert refused.value.code == "XML_ENTITY"


def test_a_sheet_that_unpacks_to_far_more_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadableError, match="unpacks to far more") as refused:
        read(write_xlsx(tmp_path / "log.xlsx", LOG + " " * (80 << 20)))
    assert refused.value.code == "BOMB"


def test_macros_and_entries_that_lead_elsewhere_are_told_and_not_touched(tmp_path: Path) -> None:
    further = {"xl/vbaProject.bin": b"\x00", "../../evil.txt": b"x"}
    [table] = read(write_xlsx(tmp_path / "log.xlsm", LOG, **further))
    assert rows_of(table) == ROWS
    assert codes_of(table) == ["MACRO_IGNORED", "ARCHIVE_EXTRA"]
    assert not list(tmp_path.rglob("evil.txt"))


def test_an_empty_workbook_is_empty(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadableError) as refused:
        read(write_xlsx(tmp_path / "log.xlsx", ""))
    assert refused.value.code == "EMPTY_FILE"


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "log.xlsx", LOG)
    content = path.read_bytes()
    place = content.index(b"sheet1.xml") + 20
    path.write_bytes(content[:place] + bytes(8) + content[place + 8 :])
    with pytest.raises(FileUnreadableError, match="the packed file is damaged") as refused:
        read(path)
    assert refused.value.code == "CORRUPT"
    path.write_bytes(content[:-40])
    with pytest.raises(FileUnreadableError) as refused:
        read(path)
    assert refused.value.code == "TRUNCATED"


def test_an_open_document_is_read(tmp_path: Path) -> None:
    rows = "".join(ods_row(row) for row in [HEADER, *ROWS])
    blank = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    [table] = read(write_ods(tmp_path / "log.ods", rows + blank))
    assert (table.header, rows_of(table)) == (HEADER, ROWS)


def test_an_open_document_of_one_cell_a_million_times_is_refused(tmp_path: Path) -> None:
    repeated = ods_row(["x"], 'table:number-rows-repeated="1048576"').replace(
        "<table:table-cell ", '<table:table-cell table:number-columns-repeated="16384" '
    )
    with pytest.raises(FileUnreadableError, match="lie far apart"):
        read(write_ods(tmp_path / "log.ods", ods_row(HEADER) + repeated))


def test_a_binary_workbook_is_read_and_its_stray_cell_is_refused(tmp_path: Path) -> None:
    cells = [(row, column, text) for row, texts in enumerate([HEADER, *ROWS]) for column, text in enumerate(texts)]
    [table] = read(write_xlsb(tmp_path / "log.xlsb", cells))
    assert (table.header, rows_of(table)) == (HEADER, ROWS)
    with pytest.raises(FileUnreadableError, match="lie far apart"):
        read(write_xlsb(tmp_path / "far.xlsb", [*cells, (1_048_575, 16_383, "x")]))


def test_an_old_workbook_is_read(tmp_path: Path) -> None:
    [table] = read(
        write_xls(tmp_path / "log.xls", [["who", "what", "amount"], ["ană", "Home", 12.0], ["ben", "Cart", 0.5]])
    )
    assert table.header == ["who", "what", "amount"]
    assert rows_of(table) == [["ană", "Home", "12"], ["ben", "Cart", "0.5"]]


def test_a_protected_workbook_is_refused_with_the_next_step(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(FileUnreadableError, match="Save a copy without the password") as refused:
        read(path)
    assert refused.value.code == "ENCRYPTED"


def test_a_workbook_of_too_many_parts_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "log.xlsx", LOG)
    with zipfile.ZipFile(path, "a") as archive:
        for place in range(2_001):
            archive.writestr(f"xl/{place}", b"")
    with pytest.raises(FileUnreadableError) as refused:
        read(path)
    assert refused.value.code == "TOO_BIG"
