"""What kind of file it is, told by its bytes and never by its name; and what the name claims it to be."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from journey.errors import FileUnreadableError
from journey.ingest.files.encodings import unmarked_utf16
from journey.ingest.files.markup import root_of
from journey.ingest.files.records import object_in
from journey.language import _

_START_BYTES = 65_536
_SAMPLE_BYTES = 4_096
_LONGEST_LINE_BYTES = 16 << 20
#: Control characters that texts have: breaks, tabs, escapes, and the signs that some exports part cells with.
_WRITTEN_CONTROLS: Final = (1, 9, 10, 12, 13, 27, 28, 29, 30, 31)
_BLANK = b" \t\r\n\x00\xef\xbb\xbf"
_JSON_LIST = re.compile(r'\[\s*([{\["\]]|-?\d+\s*[,\]])')
_JSON_OBJECT = re.compile(r'\{\s*["}]')
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class FileType:
    """A kind of file: its code, the endings it goes by, what it is called, and the next step if it is not read."""

    code: str
    suffixes: tuple[str, ...]
    words: Callable[[], str]
    step: Callable[[], str] | None = None


def _save_as_table() -> str:
    return _("Open it in the program it comes from, save the table as .xlsx or CSV, and upload that file.")


def _export_table() -> str:
    return _("Export the table in it as CSV and upload that file.")


def _unpack() -> str:
    return _("Unpack it and upload the table in it.")


DELIMITED = FileType("delimited", ("csv", "tsv", "tab", "psv", "txt", "log", "dat"), lambda: _("text with separators"))
JSON = FileType("json", ("json", "txt"), lambda: _("JSON"))
JSON_LINES = FileType("json_lines", ("jsonl", "ndjson", "json", "txt", "log"), lambda: _("JSON Lines"))
XES = FileType("xes", ("xes", "xml"), lambda: _("an XES event log"))
PARQUET = FileType("parquet", ("parquet", "pq"), lambda: _("a Parquet file"))
ARROW = FileType("arrow", ("feather", "arrow", "ipc", "arrows", "fea"), lambda: _("a Feather or Arrow file"))
FEATHER_1 = FileType("feather_1", ARROW.suffixes, lambda: _("a Feather file"))
XLSX = FileType("xlsx", ("xlsx", "xlsm", "xltx", "xltm"), lambda: _("an Excel workbook (.xlsx)"))
XLSB = FileType("xlsb", ("xlsb",), lambda: _("an Excel workbook (.xlsb)"))
ODS = FileType("ods", ("ods", "ots"), lambda: _("an OpenDocument spreadsheet (.ods)"))
XLS = FileType("xls", ("xls", "xlt"), lambda: _("an old Excel workbook (.xls)"))
GZIP = FileType("gzip", ("gz", "gzip"), lambda: _("a gzip file"))
ZIP = FileType("zip", ("zip",), lambda: _("a zip archive"))
HTML = FileType("html", ("html", "htm"), lambda: _("a web page, as some systems save tables under .xls"),
                lambda: _("Open it in Excel or LibreOffice, save it as .xlsx, and upload that file."))  # fmt: skip

_XML = FileType("xml", ("xml",), lambda: _("XML"), _export_table)
_OFFICE_XML = FileType("office_xml", ("xml", "xls"), lambda: _("an Excel 2003 workbook saved as XML"), _save_as_table)
_DOCUMENT = FileType("document", ("docx", "pptx", "doc", "ppt", "odt"), lambda: _("an Office document"), _save_as_table)
_PDF = FileType("pdf", ("pdf",), lambda: _("a PDF document"))
_IMAGE = FileType("image", ("png", "jpg", "jpeg", "gif", "webp", "bmp", "tiff", "heic"), lambda: _("an image"))
_SQLITE = FileType("sqlite", ("db", "sqlite", "sqlite3"), lambda: _("an SQLite database"), _export_table)
_DUCKDB = FileType("duckdb", ("duckdb",), lambda: _("a DuckDB database"), _export_table)
_PROGRAM = FileType("program", ("exe", "dll", "so", "bin", "bat", "sh", "js", "py"), lambda: _("a program"))
_PROGRAM_TEXT = FileType("script", _PROGRAM.suffixes, _PROGRAM.words)
_PICKLE = FileType("pickle", ("pkl", "pickle"), lambda: _("a Python pickle, which could run a program"), _export_table)
_COLUMNS = FileType("columns", ("avro", "orc", "h5", "hdf5", "dta", "sav", "sas7bdat", "rds", "rdata", "npy"),
                    lambda: _("a file of a statistics or data program"), _export_table)  # fmt: skip
_ARCHIVE = FileType("archive", ("7z", "rar", "tar", "bz2", "xz", "zst", "tgz"), lambda: _("an archive"), _unpack)
_BINARY = FileType("binary", (), lambda: _("a binary file"))

_ALL = (
    DELIMITED, JSON, JSON_LINES, XES, PARQUET, ARROW, XLSX, XLSB, ODS, XLS, GZIP, ZIP, HTML, _DOCUMENT, _PDF, _IMAGE,
    _SQLITE, _DUCKDB, _PROGRAM, _PICKLE, _COLUMNS, _ARCHIVE,
)  # fmt: skip
_MARKS: tuple[tuple[bytes, FileType], ...] = (
    (b"PAR1", PARQUET), (b"ARROW1", ARROW), (b"\xff\xff\xff\xff", ARROW), (b"FEA1", FEATHER_1), (b"\x1f\x8b", GZIP),
    (b"%PDF-", _PDF), (b"SQLite format 3\x00", _SQLITE), (b"MZ", _PROGRAM), (b"\x7fELF", _PROGRAM),
    (b"#!/", _PROGRAM_TEXT), (b"\x89PNG", _IMAGE), (b"\xff\xd8\xff", _IMAGE), (b"GIF8", _IMAGE), (b"BM6", _IMAGE),
    (b"Rar!", _ARCHIVE), (b"7z\xbc\xaf\x27\x1c", _ARCHIVE), (b"BZh", _ARCHIVE), (b"\xfd7zXZ", _ARCHIVE),
    (b"\x28\xb5\x2f\xfd", _ARCHIVE), (b"Obj\x01", _COLUMNS), (b"ORC", _COLUMNS), (b"\x89HDF", _COLUMNS),
    (b"$FL2", _COLUMNS), (b"\x93NUMPY", _COLUMNS), (b"RDX", _COLUMNS),
)  # fmt: skip
_PICKLE_END = re.compile(rb"\x80[\x02-\x05]|\(?c(os|posix|nt|builtins|__builtin__|subprocess)\n")
_PAGE_TAGS = ("<!doctype html", "<html", "<head", "<body", "<table", "<meta", "<style")


def file_type(path: Path, name: str) -> FileType:
    """Tell what a file is.

    Raises
    ------
    FileUnreadableError
        When there is no such file, or nothing in it.
    """
    if not path.is_file():
        raise FileUnreadableError.missing(name)
    with path.open("rb") as stream:
        start = stream.read(_START_BYTES)
    if not start.strip(_BLANK):
        raise FileUnreadableError.empty(name)
    return _by_mark(start, path, name) or _by_text(start, path, name)


def _by_mark(start: bytes, path: Path, name: str) -> FileType | None:
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed(path, name)
    if start.startswith(_OLE[:4]):
        return _of_ole(path, name)
    if start[8:12] == b"DUCK":
        return _DUCKDB
    if start[257:262] == b"ustar":
        return _ARCHIVE
    if _PICKLE_END.match(start):
        return _PICKLE
    kind = next((kind for mark, kind in _MARKS if start.startswith(mark)), None)
    # A column may be called MZ or ORC: marks that are letters count where the rest is no text.
    return kind if kind in (_PDF, _PROGRAM_TEXT) or not _is_plain(start) else None


def _is_plain(start: bytes) -> bool:
    return not any(start.count(code) for code in (*range(9), *range(14, 27)))


def _packed(path: Path, name: str) -> FileType:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise FileUnreadableError.truncated(name) from error
    if "xl/workbook.bin" in entries:
        return XLSB
    if any(entry.startswith("xl/") for entry in entries):
        return XLSX
    if any(entry.startswith(("word/", "ppt/")) for entry in entries):
        return _DOCUMENT
    if {"content.xml", "mimetype"} <= entries:
        return ODS
    return ZIP


def _of_ole(path: Path, name: str) -> FileType:
    """Tell what an old Office container holds, by the names of the streams in it."""
    held = {words: words.encode("utf-16-le") for words in ("EncryptedPackage", "Workbook", "Book")}
    found: set[str] = set()
    with path.open("rb") as stream:
        before = b""
        while chunk := stream.read(1 << 20):
            found |= {words for words, mark in held.items() if mark in before + chunk}
            before = chunk[-64:]
    if "EncryptedPackage" in found:
        raise FileUnreadableError.encrypted(name)
    return XLS if found else _DOCUMENT


def _by_text(start: bytes, path: Path, name: str) -> FileType:
    if _is_binary(start):
        return _BINARY
    text = _text_of(start).lstrip("\ufeff \t\r\n")
    if text.lower().startswith(_PAGE_TAGS):
        return HTML
    if text.startswith(("<?xml", "<!DOCTYPE", "<log", "<svg", "<rss", "<!--")):
        return _of_xml(path, name)
    if _JSON_LIST.match(text) or _JSON_OBJECT.match(text):
        return _of_json(text, path)
    return DELIMITED


def _text_of(start: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe\x00\x00", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if start.startswith(mark):
            return start.decode(encoding, "replace")
    return start.decode(unmarked_utf16(start[:_SAMPLE_BYTES]) or "utf-8", "replace")


def _of_xml(path: Path, name: str) -> FileType:
    with path.open("rb") as stream:
        root = root_of(iter(lambda: stream.read(_SAMPLE_BYTES), b""), name)
    if root is None:
        return _XML
    tag, attributes = root
    if tag.lower() == "html":
        return HTML
    if tag == "Workbook" and any("office:spreadsheet" in value for value in attributes.values()):
        return _OFFICE_XML
    return XES if tag == "log" else _XML


def _of_json(text: str, path: Path) -> FileType:
    """Tell JSON Lines, an object on each line, from a file that is one JSON value."""
    lines = [line for line in text.split("\n", 4)[:4] if line.strip()]
    is_whole = [object_in(line) is not None for line in lines]
    if len(lines) > 1:
        return JSON_LINES if is_whole[0] or is_whole[1:3] == [True, True] else JSON
    with path.open("rb") as stream:
        first = stream.readline(_LONGEST_LINE_BYTES)
        has_more = any(line.strip() for line in iter(lambda: stream.readline(_SAMPLE_BYTES), b""))
    return JSON_LINES if has_more and object_in(_text_of(first)) is not None else JSON


def _is_binary(start: bytes) -> bool:
    """Tell bytes that are no text: zero bytes that are not those of UTF-16 or UTF-32, or many control characters."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")) or unmarked_utf16(start[:_SAMPLE_BYTES]):
        return False
    if start.count(0) > len(start) // 10:
        return True
    controls = sum(start.count(code) for code in range(1, 32) if code not in _WRITTEN_CONTROLS)
    return controls > len(start) // 20


def claimed(name: str) -> str | None:
    """Tell the ending of a name, if it is one of a kind of file that is known."""
    _stem, dot, suffix = name.rpartition(".")
    suffix = suffix.strip().lower()
    return suffix if dot and any(suffix in kind.suffixes for kind in _ALL) else None


def require_readable(kind: FileType, name: str) -> None:
    """Refuse what is no table, with the next step."""
    if kind not in READABLE:
        raise FileUnreadableError.not_a_table(name, kind.words(), kind.step() if kind.step else "")


READABLE = (DELIMITED, JSON, JSON_LINES, XES, PARQUET, ARROW, FEATHER_1, XLSX, XLSB, ODS, XLS, GZIP, ZIP)
