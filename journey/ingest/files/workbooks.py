"""Workbooks: each sheet with a table in it becomes a table of text, its cells written as a delimited file has them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import python_calamine as calamine

from journey.errors import FileUnreadableError
from journey.ingest.files.filetypes import XLS, FileType
from journey.ingest.files.layouts import Layout, layout_of
from journey.ingest.files.tables import Reading, Row, TextTable, require_few_columns, table_in
from journey.ingest.files.workbook_parts import Parts, mend, parts_of
from journey.language import _, listed, number

_LAYOUT_ROWS = 200
_EXACT_BELOW = 1e21
_FEWEST_COLUMNS = 2
_HALF_MILLISECOND = datetime.timedelta(microseconds=500)
_MACROS_IN_XLS = "_VBA_PROJECT".encode("utf-16-le")

_Cell = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta


@dataclass
class _Sheet:
    """A sheet with something in it: its first rows, and those that follow."""

    title: str
    is_visible: bool
    first_rows: list[tuple[int, list[str]]]
    further_rows: Iterator[tuple[int, list[str]]]
    layout: Layout
    n_merged: int

    @property
    def is_table(self) -> bool:
        n_below = len(self.first_rows) - self.layout.n_rows_before
        return len(self.layout.header) >= _FEWEST_COLUMNS and n_below > 0


def workbook_tables(path: Path, name: str, kind: FileType, scratch: Path) -> list[TextTable]:
    """Open a workbook: its sheets with a table in them, those that are hidden only where no other holds one."""
    parts = Parts(has_macros=_has_macros(path)) if kind is XLS else parts_of(path, name, kind)
    # The reader believes a file's ending, whatever is in it.
    ready = scratch / f"workbook.{kind.code}"
    if parts.to_mend:
        mend(path, name, parts, ready)
    else:
        ready.symlink_to(path.resolve())
    sheets = list(_sheets(ready, name))
    if not sheets:
        raise FileUnreadableError.empty(name)
    tables = [sheet for sheet in sheets if sheet.is_table] or sheets
    chosen = [sheet for sheet in tables if sheet.is_visible] or tables
    opened = [_opened(sheet, name) for sheet in chosen]
    for code, text in _notes(parts, chosen, [sheet for sheet in sheets if sheet not in chosen]):
        opened[0].reading.note(code, text)
    if parts.has_dates_from_1904:
        opened[0].reading.facts.append((_("Days are counted from"), "1904"))
    return opened


def _sheets(path: Path, name: str) -> Iterator[_Sheet]:
    with _damage_told(name):
        book = calamine.CalamineWorkbook.from_path(str(path))
        for about in book.sheets_metadata:
            if about.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(about.name)
            if sheet.start is None:
                continue
            require_few_columns(name, sheet.width)
            rows = _rows(sheet)
            first = list(islice(rows, _LAYOUT_ROWS))
            if any(any(cells) for _line, cells in first):
                is_visible = about.visible == calamine.SheetVisibleEnum.Visible
                n_merged = len(sheet.merged_cell_ranges or ())
                yield _Sheet(about.name, is_visible, first, rows, layout_of(first), n_merged)


def _opened(sheet: _Sheet, name: str) -> TextTable:
    reading = Reading(facts=[(_("Sheet"), sheet.title)])

    def rows() -> Iterator[Row]:
        width = len(sheet.layout.header)
        with _damage_told(name):
            for line, cells in chain(sheet.first_rows[sheet.layout.n_rows_before :], sheet.further_rows):
                yield line, cells if len(cells) <= width or not any(cells[width:]) else "\x1f".join(cells)

    return table_in(sheet.title, sheet.layout, rows(), reading)


def _rows(sheet: calamine.CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    """Write a sheet's rows; the cells that a cell was merged with downwards say the same as that one."""
    first_row, first_column = sheet.start or (0, 0)
    merged = {
        (top, left): bottom
        for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ()
        if bottom > top
    }  # fmt: skip
    going_on: dict[int, tuple[str, int]] = {}
    columns = {left for _top, left in merged}
    for row, cells in enumerate(sheet.iter_rows(), start=first_row):
        written = [_written(cell) for cell in cells]
        if columns and any(written):
            _fill_merged(written, row, first_column, going_on)
        for column in columns:
            if (row, column) in merged and column - first_column < len(written):
                going_on[column] = (written[column - first_column], merged[row, column])
        yield row + 1, written


def _fill_merged(written: list[str], row: int, first_column: int, going_on: dict[int, tuple[str, int]]) -> None:
    for column, (text, last_row) in going_on.items():
        if row <= last_row and not written[column - first_column]:
            written[column - first_column] = text


def _written(cell: _Cell) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, float):
        # Fifteen digits are what a spreadsheet keeps and shows.
        return str(int(cell)) if cell.is_integer() and abs(cell) < _EXACT_BELOW else f"{cell:.15g}"
    if isinstance(cell, datetime.datetime):
        return _moment(cell)
    if isinstance(cell, datetime.timedelta):
        return str(cell)
    return cell.isoformat()


def _moment(cell: datetime.datetime) -> str:
    """Write a moment; a fraction of a day has no exact milliseconds, so that they are rounded."""
    try:
        cell += _HALF_MILLISECOND
    except OverflowError:
        return cell.isoformat(" ")
    return cell.isoformat(" ", "milliseconds" if cell.microsecond >= 1_000 else "seconds")


def _notes(parts: Parts, chosen: Sequence[_Sheet], others: Sequence[_Sheet]) -> Iterator[tuple[str, str]]:
    if titles := [sheet.title for sheet in others if not sheet.is_table]:
        text = _("Read: {chosen}. Sheets without a table: {others}.")
        yield "SHEET_CHOSEN", text.format(chosen=_quoted([sheet.title for sheet in chosen]), others=_quoted(titles))
    if titles := [sheet.title for sheet in others if sheet.is_table]:
        text = _("Sheets that are hidden and were not read: {others}. Show them in the workbook to use them.")
        yield "SHEET_HIDDEN", text.format(others=_quoted(titles))
    if parts.has_macros:
        yield "MACRO_IGNORED", _("The workbook holds macros; they were not run.")
    if parts.strange:
        yield "ARCHIVE_EXTRA", _("The file holds parts that do not belong into a workbook; only the tables were read.")
    if parts.n_errors:
        text = _("Cells with an error of the spreadsheet (as #REF!), taken as empty: {n}.")
        yield "NULLS", text.format(n=number(parts.n_errors))
    if parts.n_uncalculated:
        text = _(
            "Cells with a formula whose result is not in the file, taken as empty: {n}. Open it in Excel, save it, and "
            "upload it again to have them."
        )
        yield "FORMULA_UNCALCULATED", text.format(n=number(parts.n_uncalculated))
    if parts.n_strays:
        text = _("Cells far away from the table, left out: {n}.")
        yield "STRAY_CELLS", text.format(n=number(parts.n_strays))
    if any(sheet.n_merged for sheet in chosen):
        yield "MERGED_FILLED", _("Cells that are merged downwards say the same in each of their rows.")


def _quoted(titles: Sequence[str]) -> str:
    return listed([f"“{title}”" for title in titles], at_most=8)


def _has_macros(path: Path) -> bool:
    with path.open("rb") as stream:
        before = b""
        while chunk := stream.read(1 << 20):
            if _MACROS_IN_XLS in before + chunk:
                return True
            before = chunk[-64:]
    return False


@contextmanager
def _damage_told(name: str) -> Iterator[None]:
    try:
        yield
    except calamine.PasswordError as error:
        raise FileUnreadableError.encrypted(name) from error
    except (calamine.CalamineError, calamine.ZipError, calamine.XmlError, OSError) as error:
        raise FileUnreadableError.damaged(name, _("the workbook is damaged")) from error
    except BaseException as error:
        # The reader's own breaking off is no exception of Python's and has no name to catch it by.
        if type(error).__name__ != "PanicException":
            raise
        raise FileUnreadableError.damaged(name, _("the workbook is damaged")) from error
