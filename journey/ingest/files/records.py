"""JSON and JSON Lines as tables: a row for each object, nested objects as columns of their own, lists as JSON text.

Both are read twice, piece by piece: once for the columns, which any object may add to, and once for the rows.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import ijson

from journey.errors import FileUnreadableError
from journey.ingest.files.delimited import text_of
from journey.ingest.files.encodings import Encoding, encoding_of
from journey.ingest.files.headers import distinct_names
from journey.ingest.files.tables import Reading, Row, TextTable, batches_of_rows, require_few_columns
from journey.language import _, number

_LONGEST_LINE = 64 << 20
_DEEPEST = 20
#: Records that lie deeper in a file than so many lists and objects are none.
_MOST_STEPS = 100
#: Decimals keep a number as it is written: 49.90 stays that.
_DECODER = json.JSONDecoder(parse_float=Decimal)
_ENCODER = json.JSONEncoder(ensure_ascii=False, default=float)
#: Where the objects lie: the steps from the top, as in `data.items.item`.
_Place = str
#: A line or position, and the object found there; a text is none and is set aside.
_Record = tuple[int, dict[str, Any] | str]


def json_table(path: Path, name: str) -> TextTable:
    """Open a JSON file: a list of objects, wherever in the file the first one is, or a single object."""
    encoding = _encoding_of(path)

    def records(place: _Place) -> Iterator[_Record]:
        with _damage_told(name), _utf8(path, encoding) as stream:
            for position, record in enumerate(ijson.items(stream, place), start=1):
                yield position, record if isinstance(record, dict) else _as_json(record)

    with _damage_told(name), _utf8(path, encoding) as stream:
        place = _place_of_records(ijson.basic_parse(stream))
    return _table(name, encoding, lambda: records(place), Reading())


def json_lines_table(path: Path, name: str) -> TextTable:
    """Open a file with an object on each line; lines that are none are set aside."""
    encoding = _encoding_of(path)
    reading = Reading()

    def records() -> Iterator[_Record]:
        with text_of(path.open("rb"), encoding) as text:
            for line, content in enumerate(_lines(text, name), start=1):
                if content.strip(" \t\r\n\ufeff\x00"):
                    yield line, _object_in(content)

    return _table(name, encoding, records, reading)


def object_in(line: str) -> dict[str, Any] | None:
    """Read a line as a JSON object; None when it is none."""
    found = _object_in(line)
    return found if isinstance(found, dict) else None


def _object_in(line: str) -> dict[str, Any] | str:
    text = line.strip(" \t\r\n\ufeff\x00")
    try:
        found = _DECODER.decode(text)
    except (ValueError, RecursionError):
        return text
    return found if isinstance(found, dict) else text


def _encoding_of(path: Path) -> Encoding:
    with path.open("rb") as stream:
        return encoding_of(stream)


@contextmanager
def _utf8(path: Path, encoding: Encoding) -> Iterator[IO[bytes] | _Recoded]:
    """Hand out UTF-8 without a mark, which is all the parser reads."""
    if encoding.name == "utf-8" and not encoding.n_damaged_lines:
        with path.open("rb") as stream:
            yield stream
    else:
        with text_of(path.open("rb"), encoding) as text:
            yield _Recoded(text)


class _Recoded:
    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text

    def read(self, size: int = -1) -> bytes:
        return self._text.read(size).encode()


def _lines(text: IO[str], name: str) -> Iterator[str]:
    while line := text.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise FileUnreadableError.over_limit(name, _("one of its lines is longer than any record"))
        yield line


@contextmanager
def _damage_told(name: str) -> Iterator[None]:
    try:
        yield
    except ijson.IncompleteJSONError as error:
        raise (
            FileUnreadableError.truncated(name)
            if "premature" in str(error) or "incomplete" in str(error).lower()
            else FileUnreadableError.damaged(name, _("its JSON is not written as JSON has to be"))
        ) from error
    # The parser has no memory for what is nested without end, and says no more than that.
    except (ijson.JSONError, RecursionError, ValueError, MemoryError) as error:
        if isinstance(error, FileUnreadableError):
            raise
        raise FileUnreadableError.damaged(name, _("its JSON is not written as JSON has to be")) from error


def _place_of_records(events: Iterable[tuple[str, Any]]) -> _Place:
    """Find the first list that begins with an object; without one, the whole file is one record."""
    steps: list[str] = []
    for event, value in events:
        if len(steps) > _MOST_STEPS:
            raise ValueError(steps[-1])
        if event == "start_array":
            steps.append("item")
        elif event == "start_map":
            if steps and steps[-1] == "item":
                return ".".join(steps)
            steps.append("")
        elif event == "map_key":
            steps[-1] = value
        elif event in ("end_array", "end_map"):
            steps.pop()
    return ""


def _table(name: str, encoding: Encoding, records: Callable[[], Iterator[_Record]], reading: Reading) -> TextTable:
    columns: dict[str, int] = {}
    for _line, record in records():
        for key in _flat(record) if isinstance(record, dict) else ():
            columns.setdefault(key, len(columns))
        require_few_columns(name, len(columns))
    if not columns:
        raise FileUnreadableError.no_table(name, _("its JSON lists no objects with names and values"))
    reading.tell_encoding(encoding)

    def rows() -> Iterator[Row]:
        n_ragged = 0
        with _damage_told(name):
            for line, record in records():
                n_ragged += isinstance(record, str)
                yield line, record if isinstance(record, str) else _cells(record, columns)
        if n_ragged:
            reading.note(
                "ROWS_SET_ASIDE",
                _("Records that are no object with names and values, set aside: {n}.").format(n=number(n_ragged)),
            )

    return TextTable("", distinct_names(list(columns)), batches_of_rows(rows(), len(columns)), reading)


def _cells(record: dict[str, Any], columns: dict[str, int]) -> list[str | None]:
    cells: list[str | None] = [None] * len(columns)
    for key, value in _flat(record).items():
        cells[columns[key]] = _as_text(value)
    return cells


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    """Give values of nested objects names with dots."""
    found: dict[str, Any] = {}
    _flatten(record, "", 0, found)
    return found


def _flatten(record: dict[str, Any], stem: str, depth: int, found: dict[str, Any]) -> None:
    for key, value in record.items():
        if isinstance(value, dict) and value and depth < _DEEPEST:
            _flatten(value, f"{stem}{key}.", depth + 1, found)
        else:
            found[f"{stem}{key}"] = value


def _as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return _as_json(value) if value else None
    return format(value, "f") if isinstance(value, Decimal) and abs(value.adjusted()) < _DEEPEST else str(value)


def _as_json(value: object) -> str:
    return _ENCODER.encode(value)
