"""A file becomes tables of text cells: what it is, is told by its bytes, and the reader for it opens its tables."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp

from journey.errors import FileUnreadableError
from journey.ingest.files import filetypes
from journey.ingest.files.archives import Entry, ungzipped, unzipped
from journey.ingest.files.blocks import table_columns
from journey.ingest.files.columnar import arrow_table, feather_table, parquet_table
from journey.ingest.files.eventlogs import event_log_table
from journey.ingest.files.filetypes import FileType, claimed, file_type, require_readable
from journey.ingest.files.records import json_lines_table, json_table
from journey.ingest.files.tables import Reading, TextTable
from journey.ingest.files.text_tables import text_table
from journey.ingest.files.workbooks import workbook_tables
from journey.ingest.told import Note
from journey.language import _, listed

__all__ = ["Reading", "TextTable", "read_text_table", "sha256_of", "tables_of"]

_ONE_TABLE: dict[FileType, Callable[[Path, str], TextTable]] = {
    filetypes.JSON: json_table,
    filetypes.JSON_LINES: json_lines_table,
    filetypes.XES: event_log_table,
    filetypes.PARQUET: parquet_table,
    filetypes.ARROW: arrow_table,
    filetypes.FEATHER_1: feather_table,
}
_WORKBOOKS = (filetypes.XLSX, filetypes.XLSB, filetypes.ODS, filetypes.XLS)
#: Of the entries of an archive, those refused for these reasons are left out; any other reason refuses the archive.
_NO_TABLES = ("UNSUPPORTED_TYPE", "NOT_TABULAR", "EMPTY_FILE")


def read_text_table(path: Path | str) -> tuple[list[str], list[list[str]]]:
    r"""Read a delimited file as header and rows of strings; nothing has to be said about it.

    Rows that do not fit the header are left out; shorter ones are padded at their end.

    Raises
    ------
    FileUnreadableError
        When the file is empty or is not delimited text.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "log.csv")
    ...     _ = path.write_text("who;what\nana;home\nana;cart\n", encoding="utf-8")
    ...     read_text_table(path)
    (['who', 'what'], [['ana', 'home'], ['ana', 'cart']])
    """
    path = Path(path)
    kind = file_type(path, path.name)
    if kind is not filetypes.DELIMITED:
        raise FileUnreadableError.not_a_table(path.name, kind.words())
    table = text_table(path, path.name)
    columns = table_columns(len(table.header))[2:]
    rows: list[list[str]] = []
    for batch in table.batches:
        whole = batch.filter(batch.column("ragged").is_null())
        rows.extend(list(cells) for cells in zip(*(whole.column(name).to_pylist() for name in columns), strict=True))
    return table.header, rows


def tables_of(path: Path, name: str, scratch: Path, encoding: str | None = None) -> list[TextTable]:
    """Open the tables of a file: one per sheet of a workbook and per file of an archive, else one.

    Parameters
    ----------
    path
        Where the file lies.
    name
        What the person calls it; it is shown and never used as a path.
    scratch
        A folder of the caller's where files are unpacked; they have to stay until the tables were read.
    encoding
        How the letters of a text file are written, where a person was asked.

    Raises
    ------
    FileUnreadableError
        When the file is missing, empty, damaged, protected, harmful, too large, or no table.
    """
    kind = file_type(path, name)
    folder = Path(mkdtemp(dir=scratch))
    if kind is filetypes.GZIP:
        entry = ungzipped(path, name, folder)
        tables = _tables_in(entry, name, folder, encoding)
        _tell_type(tables, kind, name)
        _tell_type(tables, file_type(entry.path, name), entry.name)
    elif kind is filetypes.ZIP:
        tables = _tables_in_archive(unzipped(path, name, folder), name, folder, encoding)
        _tell_type(tables, kind, name)
    else:
        tables = _opened(kind, path, name, folder, encoding)
        _tell_type(tables, kind, name)
    return tables


def _opened(kind: FileType, path: Path, name: str, folder: Path, encoding: str | None) -> list[TextTable]:
    require_readable(kind, name)
    if kind in _WORKBOOKS:
        tables = workbook_tables(path, name, kind, folder)
    else:
        tables = [_ONE_TABLE[kind](path, name) if kind in _ONE_TABLE else text_table(path, name, encoding)]
    for table in tables:
        table.reading.facts.insert(0, (_("Format"), kind.words()))
    return tables


def _tables_in(entry: Entry, name: str, folder: Path, encoding: str | None) -> list[TextTable]:
    kind = file_type(entry.path, name)
    if kind in (filetypes.GZIP, filetypes.ZIP):
        words = _("an archive within an archive")
        raise FileUnreadableError.not_a_table(name, words, _("Unpack it and upload the table in it."))
    return _opened(kind, entry.path, name, Path(mkdtemp(dir=folder)), encoding)


def _tables_in_archive(entries: Iterable[Entry], name: str, folder: Path, encoding: str | None) -> list[TextTable]:
    tables: list[TextTable] = []
    taken: list[str] = []
    refusals: dict[str, FileUnreadableError] = {}
    for entry in entries:
        short = PurePosixPath(entry.name.replace("\\", "/")).name
        try:
            found = _tables_in(entry, f"{name} – {short}", folder, encoding)
        except FileUnreadableError as refusal:
            if refusal.code not in _NO_TABLES:
                raise
            refusals[short] = refusal
            continue
        _tell_type(found, file_type(entry.path, name), short)
        taken.append(short)
        tables += [replace(table, title=f"{short} – {table.title}" if table.title else short) for table in found]
    if not tables:
        if len(refusals) == 1:
            raise next(iter(refusals.values()))
        words = _("a zip archive without a table in it") if refusals else _("an empty zip archive")
        raise FileUnreadableError.not_a_table(name, words, _("Unpack it and upload the table in it."))
    first = tables[0].reading
    if refusals:
        text = _("Files in the archive that are no tables and were not read: {names}.")
        first.note("ARCHIVE_EXTRA", text.format(names=_quoted(list(refusals))))
    if len(taken) > 1:
        text = _("The archive holds several tables; each was read by itself: {names}.")
        first.note("ARCHIVE_SEVERAL", text.format(names=_quoted(taken)))
    return tables


def _tell_type(tables: list[TextTable], kind: FileType, name: str) -> None:
    """Say so when a file is something else than its name claims."""
    suffix = claimed(name)
    if suffix is not None and suffix not in kind.suffixes:
        text = _("The name ends in .{suffix}, but the file is {kind}; it was read as that.")
        tables[0].reading.notes.insert(0, Note("TYPE_BY_CONTENT", text.format(suffix=suffix, kind=kind.words())))


def _quoted(names: list[str]) -> str:
    return listed([f"“{name}”" for name in names], at_most=8)


def sha256_of(path: Path) -> str:
    """Name a file by its content."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
