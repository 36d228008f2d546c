"""The parts of a workbook, looked through before a reader takes them: counted, free of entities, cells close together.

A reader makes a grid of everything between a sheet's first and last cell. One stray cell in the last corner of a sheet
would be a grid of seventeen billion cells, so that the cells' places are told first, from the stream of elements.
"""

from __future__ import annotations

import zipfile
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from journey.errors import FileUnreadableError
from journey.ingest.files.archives import Budget, damage_told, require_honest_entries
from journey.ingest.files.filetypes import ODS, XLSB, FileType
from journey.ingest.files.grids import BinarySheet, Grid, OpenDocumentSheets, XmlSheet
from journey.ingest.files.markup import parser, read_through, root_of
from journey.language import _

_CHUNK_BYTES = 1 << 18
_ENCRYPTED_FLAG = 1
#: How a sheet's part of a binary workbook begins.
_BINARY_SHEET = b"\x81\x01\x00"
_MACROS = ("vbaproject.bin", "macros.bin")


@dataclass
class Parts:
    """What a look through a workbook found."""

    has_macros: bool = False
    #: Entries with names that lead out of the archive.
    strange: list[str] = field(default_factory=list)
    has_dates_from_1904: bool = False
    #: The sheets' parts by their entry.
    sheets: dict[str, Grid] = field(default_factory=dict)

    @property
    def n_errors(self) -> int:
        return sum(sheet.n_errors for sheet in self.sheets.values())

    @property
    def n_uncalculated(self) -> int:
        return sum(sheet.n_uncalculated for sheet in self.sheets.values())

    @property
    def n_strays(self) -> int:
        return sum(sheet.n_strays for sheet in self.sheets.values() if sheet.is_too_large)

    @property
    def to_mend(self) -> dict[str, Grid]:
        """Name the sheets with cells to cut out before a reader sees them."""
        return {entry: sheet for entry, sheet in self.sheets.items() if sheet.n_errors or sheet.is_too_large}


def parts_of(path: Path, name: str, kind: FileType) -> Parts:
    """Look through a workbook.

    Raises
    ------
    FileUnreadableError
        When it unpacks to far too much, declares entities, is protected, damaged, or its cells lie too far apart.
    """
    parts, budget = Parts(), Budget(name, path.stat().st_size)
    with damage_told(name), zipfile.ZipFile(path) as archive:
        require_honest_entries(name, archive.infolist(), budget.packed_bytes)
        for entry in archive.infolist():
            if entry.flag_bits & _ENCRYPTED_FLAG:
                raise FileUnreadableError.encrypted(name)
            parts.has_macros |= entry.filename.lower().endswith(_MACROS)
            if entry.filename.startswith(("/", "\\")) or ".." in entry.filename.replace("\\", "/").split("/"):
                parts.strange.append(entry.filename)
            with closing(_counted(archive, entry, budget)) as chunks:
                if kind is XLSB:
                    _look_at_binary(parts, entry.filename, chunks)
                else:
                    _look_at_xml(parts, entry.filename, chunks, name, kind)
    for sheet in parts.sheets.values():
        if sheet.is_too_large and not sheet.can_be_mended:
            raise FileUnreadableError.over_limit(name, _("the cells of a sheet lie far apart"))
    return parts


def _counted(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: Budget) -> Generator[bytes, None, None]:
    with archive.open(entry) as packed:
        while chunk := packed.read(_CHUNK_BYTES):
            budget.take(len(chunk))
            yield chunk


def _look_at_binary(parts: Parts, entry: str, chunks: Iterator[bytes]) -> None:
    first = next(chunks, b"")
    if first.startswith(_BINARY_SHEET):
        sheet = parts.sheets[entry] = BinarySheet()
        sheet.read(first)
        for chunk in chunks:
            sheet.read(chunk)
    for _chunk in chunks:
        pass


def _look_at_xml(parts: Parts, entry: str, chunks: Iterator[bytes], name: str, kind: FileType) -> None:
    first = next(chunks, b"")
    root = root_of([first], name)
    tag = root[0] if root else ""
    if tag == "worksheet":
        sheet = parts.sheets[entry] = XmlSheet()
        made = parser(name, sheet.begun)
        read_through(made, [first], name, is_end=False)
        read_through(made, chunks, name)
        sheet.finish()
    elif tag == "document-content" and kind is ODS:
        held = parts.sheets[entry] = OpenDocumentSheets()
        made = parser(name, held.begun, held.ended)
        read_through(made, [first], name, is_end=False)
        read_through(made, chunks, name)
    elif tag == "workbook":
        parts.has_dates_from_1904 |= b'date1904="1"' in first or b'date1904="true"' in first
    for _chunk in chunks:
        pass


def mend(path: Path, name: str, parts: Parts, target: Path) -> None:
    """Write a copy of a workbook without the cells that a reader stumbles over."""
    with damage_told(name), zipfile.ZipFile(path) as archive, zipfile.ZipFile(target, "w") as copy:
        for entry in archive.infolist():
            sheet = parts.to_mend.get(entry.filename)
            cuts = _cuts(archive, entry, sheet, name) if isinstance(sheet, XmlSheet) else []
            with archive.open(entry) as packed, copy.open(entry.filename, "w", force_zip64=True) as plain:
                n_before = 0
                while chunk := packed.read(_CHUNK_BYTES):
                    for piece in _without(chunk, n_before, cuts):
                        plain.write(piece)
                    n_before += len(chunk)


def _cuts(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, found: XmlSheet, name: str) -> list[tuple[int, int]]:
    """Tell from which byte to which the cells to be cut out reach."""
    sheet = XmlSheet(cuts_strays=found.is_too_large)
    made = parser(name, sheet.begun, sheet.ended)
    sheet.place = lambda: made.CurrentByteIndex
    with archive.open(entry) as packed:
        read_through(made, iter(lambda: packed.read(_CHUNK_BYTES), b""), name)
    return sheet.cuts


def _without(chunk: bytes, n_before: int, cuts: list[tuple[int, int]]) -> Iterator[bytes]:
    start, end = n_before, n_before + len(chunk)
    while cuts and cuts[0][0] < end:
        first, last = cuts[0]
        if first > start:
            yield chunk[start - n_before : first - n_before]
        start = min(last, end)
        if last > end:
            break
        del cuts[0]
    yield chunk[start - n_before :]
