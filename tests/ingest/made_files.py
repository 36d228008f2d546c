"""Small files of every kind, made by hand where no library writes them, and what was read from them as plain lists."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from journey.ingest.formats import TextTable, tables_of

HEADER = ["who", "when", "what"]
ROWS = [["ana", "2024-03-01 10:00:00", "Home"], ["ben", "2024-03-02 11:30:00", "Cart"]]


def read(path: Path, name: str | None = None) -> list[TextTable]:
    """Open the tables of a file, its folder being the scratch folder."""
    return tables_of(path, name or path.name, path.parent)


def rows_of(table: TextTable) -> list[list[str | None]]:
    """All rows that are not set aside, as lists of cells."""
    return [list(row.values())[2:] for row in _rows(table) if row["ragged"] is None]


def lines_of(table: TextTable) -> list[tuple[int, str | None]]:
    """The line of every row, and its text where it is set aside."""
    return [(row["line"], row["ragged"]) for row in _rows(table)]


def _rows(table: TextTable) -> list[dict[str, object]]:
    return [row for batch in table.batches for row in batch.to_pylist()]


def codes_of(table: TextTable) -> list[str]:
    """The codes of what is told, once all rows are read."""
    return [note.code for note in table.reading.notes]


# --- Workbooks ---------------------------------------------------------------------------------------------------


def xlsx_cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def xlsx_rows(rows: Sequence[Sequence[str]]) -> str:
    written: list[str] = []
    for at, row in enumerate(rows, start=1):
        cells = "".join(xlsx_cell(f"{'ABCDEFGH'[place]}{at}", cell) for place, cell in enumerate(row))
        written.append(f'<row r="{at}">{cells}</row>')
    return "".join(written)


def write_xlsx(path: Path, sheet_rows: str, *, before: str = "", properties: str = "", **further: bytes) -> Path:
    """Write the parts of a workbook of one sheet; `further` are more entries, by name."""
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{package}/content-types"/>')
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
            f'Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{relations}">{properties}'
            '<sheets><sheet name="Log" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{relations}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'<?xml version="1.0"?>{before}<worksheet xmlns="{main}"><sheetData>{sheet_rows}</sheetData></worksheet>',
        )
        for name, content in further.items():
            archive.writestr(name, content)
    return path


def write_ods(path: Path, table_rows: str) -> Path:
    office = "urn:oasis:names:tc:opendocument:xmlns"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{office}:office:1.0" xmlns:table="{office}:table:1.0" '
            f'xmlns:text="{office}:text:1.0"><office:body><office:spreadsheet><table:table table:name="Log">'
            f"{table_rows}</table:table></office:spreadsheet></office:body></office:document-content>",
        )
        archive.writestr(
            "META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{office}:manifest:1.0"></manifest:manifest>'
        )
    return path


def ods_row(cells: Sequence[str], attributes: str = "") -> str:
    written = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
        for cell in cells
    )
    return f"<table:table-row {attributes}>{written}</table:table-row>"


def _record(kind: int, content: bytes = b"") -> bytes:
    """A record of a binary workbook: type and size in groups of seven bits."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, sizes = len(content), []
    while True:
        sizes.append(size & 0x7F | (0x80 if size > 0x7F else 0))
        size >>= 7
        if not size:
            return head + bytes(sizes) + content


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def write_xlsb(path: Path, cells: Sequence[tuple[int, int, str]]) -> Path:
    """Write a binary workbook with texts at given rows and columns."""
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    records = [_record(129), _record(148, struct.pack("<IIII", 0, 9, 0, 9)), _record(145)]
    last_row = -1
    for row, column, text in cells:
        if row != last_row:
            records.append(_record(0, struct.pack("<IIHHBI", row, 0, 300, 0, 0, 0)))
            last_row = row
        records.append(_record(6, struct.pack("<II", column, 0) + _wide(text)))
    records += [_record(146), _record(130)]
    sheet = _record(156, struct.pack("<II", 0, 1) + _wide("rId1") + _wide("Log"))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.bin", _record(131) + _record(143) + sheet + _record(144) + _record(132))
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
            f'Id="rId1" Type="{relations}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>',
        )
        archive.writestr("xl/worksheets/sheet1.bin", b"".join(records))
    return path


def _biff(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def write_xls(path: Path, rows: Sequence[Sequence[str | float]]) -> Path:
    """Write an Excel 97 workbook of one sheet: records in a stream in an OLE container."""
    begin = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 6)
    sheet = _biff(0x0809, begin[:2] + struct.pack("<HHHII", 0x0010, 0, 0, 0, 6))
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                text = struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le")
                sheet += _biff(0x0204, struct.pack("<HHH", row, column, 0) + text)
            else:
                sheet += _biff(0x0203, struct.pack("<HHHd", row, column, 0, cell))
    sheet += _biff(0x000A)
    name = struct.pack("<BB", 3, 0) + b"Log"
    start = len(_biff(0x0809, begin) + _biff(0x0085, bytes(6) + name) + _biff(0x000A))
    stream = _biff(0x0809, begin) + _biff(0x0085, struct.pack("<IBB", start, 0, 0) + name) + _biff(0x000A) + sheet
    path.write_bytes(_ole("Workbook", stream.ljust(4096, b"\x00")))
    return path


def _ole(name: str, stream: bytes) -> bytes:
    """An OLE container of one stream: header, table of sectors, directory, the stream's sectors."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    stream = stream.ljust(-(-len(stream) // 512) * 512, b"\x00")
    n_sectors = len(stream) // 512
    chain = [0xFFFFFFFD, end, *range(3, n_sectors + 2), end]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<I", 0) + b"\xff" * 4 * 108
    sectors = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")

    def entry(label: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = (label + "\x00").encode("utf-16-le")
        places = struct.pack("<HBBIII", len(text), kind, 1, free, free, child)
        return text.ljust(64, b"\x00") + places + bytes(36) + struct.pack("<IQ", start, size)

    directory = entry("Root Entry", 5, 1, end, 0) + entry(name, 2, free, 2, len(stream))
    return header + sectors + directory.ljust(512, b"\x00") + stream
