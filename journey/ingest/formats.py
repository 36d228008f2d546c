"""What a file is, told by its bytes and not by its name, and the reader that turns it into text cells."""

from __future__ import annotations

import gzip
import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from journey.errors import FileUnreadableError
from journey.ingest.blocks import Oddities, batches_of, table_columns
from journey.ingest.delimited import Dialect, dialect_of, header_of, text_of
from journey.ingest.encodings import Encoding, encoding_of, unmarked_utf16
from journey.language import _, number

MOST_COLUMNS = 2_000
_START_BYTES = 65_536
_SAMPLE_BYTES = 4096
_MOST_UNPACKED_BYTES = 4 << 30
_MOST_UNPACKED_RATIO = 200
_RATIO_COUNTS_FROM_BYTES = 64 << 20


@dataclass(frozen=True)
class TextTable:
    """A file as a table of text cells, its rows not read yet."""

    header: list[str]
    has_header: bool
    encoding: Encoding
    dialect: Dialect
    oddities: Oddities
    batches: Iterator[pa.RecordBatch]


def read_text_table(path: Path | str) -> tuple[list[str], list[list[str]]]:
    r"""Read a delimited file as header and rows of strings; nothing has to be said about it.

    Rows with more cells than the header are left out; shorter ones are padded at their end.

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
    table = opened(path, path.name)
    columns = [name for name in table_columns(len(table.header)) if name not in ("line", "ragged")]
    rows: list[list[str]] = []
    for batch in table.batches:
        whole = batch.filter(batch.column("ragged").is_null())
        rows.extend(list(cells) for cells in zip(*(whole.column(name).to_pylist() for name in columns), strict=True))
    return table.header, rows


def opened(path: Path, name: str) -> TextTable:
    """Open a file for reading as a table; `name` is what the person calls it."""
    if not path.is_file():
        raise FileUnreadableError.missing(name)
    with path.open("rb") as stream:
        start = stream.read(_START_BYTES)
    if not start.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise FileUnreadableError.empty(name)
    for kind in _KINDS:
        if kind.is_it(start, path):
            raise FileUnreadableError.not_a_table(name, kind.words())
    return _delimited(path, name)


def unpacked(path: Path, name: str, scratch: Path) -> Path:
    """Unpack a gzip file into the scratch folder; any other file stays where it is.

    What comes out is counted while it is written, so that a small file can't fill the disk.
    """
    if not path.is_file():
        raise FileUnreadableError.missing(name)
    with path.open("rb") as stream:
        if stream.read(2) != b"\x1f\x8b":
            return path
    packed_bytes, n_bytes = path.stat().st_size, 0
    target = scratch / f"{hashlib.sha256(str(path).encode()).hexdigest()[:16]}.unpacked"
    try:
        with gzip.open(path, "rb") as packed, target.open("wb") as plain:
            while chunk := packed.read(1 << 20):
                n_bytes += len(chunk)
                _require_within_limits(name, n_bytes, packed_bytes)
                plain.write(chunk)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise FileUnreadableError.damaged(name, _("the packed file breaks off or is damaged")) from error
    return target


def _require_within_limits(name: str, n_bytes: int, packed_bytes: int) -> None:
    is_bomb = n_bytes > _RATIO_COUNTS_FROM_BYTES and n_bytes > _MOST_UNPACKED_RATIO * packed_bytes
    if is_bomb or n_bytes > _MOST_UNPACKED_BYTES:
        raise FileUnreadableError.over_limit(name, _("it unpacks to far more than a table of this size holds"))


def sha256_of(path: Path) -> str:
    """Name a file by its content."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


# --- Delimited text ----------------------------------------------------------------------------------------------


def _delimited(path: Path, name: str) -> TextTable:
    with path.open("rb") as stream:
        encoding = encoding_of(stream)
    with text_of(path.open("rb"), encoding) as text:
        dialect = dialect_of(text)
    with text_of(path.open("rb"), encoding) as text:
        header, has_header, n_lines = header_of(text, dialect)
    if not header:
        raise FileUnreadableError.empty(name)
    if len(header) > MOST_COLUMNS:
        raise FileUnreadableError.over_limit(
            name, _("it has {n} columns, more than any export of interactions").format(n=number(len(header)))
        )
    oddities = Oddities()
    batches = batches_of(path, encoding, dialect, len(header), n_lines, oddities)
    return TextTable(header, has_header, encoding, dialect, oddities, batches)


# --- Files that are no delimited text ----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Kind:
    """A kind of file that is recognised and not read: how it is told, and what it is called."""

    is_it: Callable[[bytes, Path], bool]
    words: Callable[[], str]


def _begins(*marks: bytes) -> Callable[[bytes, Path], bool]:
    return lambda start, _path: start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(marks)


def _is_workbook(start: bytes, path: Path) -> bool:
    if not start.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.startswith(("xl/", "content.xml")) for name in archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def _is_markup(start: bytes, _path: Path) -> bool:
    # A header may begin with a tag that somebody typed; a page begins with one of its own.
    tags = (b"<!doctype", b"<?xml", b"<html", b"<head", b"<body", b"<table", b"<log", b"<svg", b"<rss")
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(tags)


def _is_duckdb(start: bytes, _path: Path) -> bool:
    return start[8:12] == b"DUCK"


def _is_binary(start: bytes, _path: Path) -> bool:
    """Tell bytes that are no text: zero bytes that are not those of UTF-16 or UTF-32, or many control characters."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")) or unmarked_utf16(start[:_SAMPLE_BYTES]):
        return False
    if start.count(0) > len(start) // 10:
        return True
    controls = sum(start.count(code) for code in range(1, 32) if code not in (9, 10, 12, 13, 27, 31))
    return controls > len(start) // 20


_KINDS = (
    _Kind(_is_workbook, lambda: _("an Excel or OpenDocument workbook")),
    _Kind(_begins(b"PK\x03\x04", b"PK\x05\x06"), lambda: _("a zip archive")),
    _Kind(_begins(b"\xd0\xcf\x11\xe0"), lambda: _("an old Office file (Excel 97–2003) or a protected workbook")),
    _Kind(_begins(b"%PDF"), lambda: _("a PDF document")),
    _Kind(_begins(b"PAR1"), lambda: _("a Parquet file")),
    _Kind(_begins(b"ARROW1", b"FEA1"), lambda: _("a Feather file")),
    _Kind(_begins(b"SQLite format 3"), lambda: _("an SQLite database")),
    _Kind(_is_duckdb, lambda: _("a DuckDB database")),
    _Kind(_begins(b"{", b"["), lambda: _("JSON")),
    _Kind(_is_markup, lambda: _("a web page or XML")),
    _Kind(_begins(b"MZ", b"\x7fELF"), lambda: _("a program")),
    _Kind(_is_binary, lambda: _("a binary file")),
)  # fmt: skip
