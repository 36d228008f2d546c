"""Parquet, Feather and Arrow files, and any Arrow column, as text: written as a delimited file would have them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import feather
from pyarrow import parquet as pq

from journey.errors import FileUnreadableError
from journey.ingest.files.blocks import schema_of
from journey.ingest.files.headers import distinct_names
from journey.ingest.files.tables import Reading, TextTable, require_few_columns
from journey.language import _, listed, number

MOST_ROWS = 200_000_000
#: So many rows per byte are no interactions but the same row over and over.
_MOST_ROWS_PER_BYTE = 10
_RATIO_COUNTS_FROM_ROWS = 1_000_000
_BATCH_ROWS = 65_536
_FIRST_LINE = 2
_EXACT_INTEGERS_BELOW = 1e15
_UTC_NAMES = ("UTC", "Etc/UTC", "GMT", "Z", "+00:00")


def parquet_table(path: Path, name: str) -> TextTable:
    """Open a Parquet file; how large it is, is told by its footer before a row is read."""
    with _damage_told(name):
        source = pq.ParquetFile(path)
        _require_within_limits(name, source.metadata.num_rows, source.metadata.num_columns, path)
        return _table(name, source.schema_arrow, lambda: source.iter_batches(batch_size=_BATCH_ROWS))


def arrow_table(path: Path, name: str) -> TextTable:
    """Open an Arrow file (Feather 2): as a file with a footer, or as a stream without one."""
    with _damage_told(name):
        source = pa.memory_map(str(path))
        try:
            held = pa.ipc.open_file(source)
        except pa.ArrowInvalid:
            stream = pa.ipc.open_stream(pa.memory_map(str(path)))
            return _table(name, stream.schema, lambda: _checked(stream))
        return _table(
            name, held.schema, lambda: _checked(held.get_batch(position) for position in range(held.num_record_batches))
        )


def feather_table(path: Path, name: str) -> TextTable:
    """Read a file of the first Feather format, which can't be read in parts."""
    with _damage_told(name):
        held = feather.read_table(path)
        held.validate(full=True)
        return _table(name, held.schema, lambda: iter(held.to_batches(max_chunksize=_BATCH_ROWS)))


def _require_within_limits(name: str, n_rows: int, n_columns: int, path: Path) -> None:
    require_few_columns(name, n_columns)
    if n_rows > _RATIO_COUNTS_FROM_ROWS and n_rows > _MOST_ROWS_PER_BYTE * path.stat().st_size:
        raise FileUnreadableError.unpacks_to_too_much(name)
    if n_rows > MOST_ROWS:
        raise FileUnreadableError.over_limit(name, _("it has {n} rows").format(n=number(n_rows)))


def _checked(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        # A file of this kind is taken as it lies in memory: wrong offsets would read beyond it.
        batch.validate(full=True)
        for start in range(0, batch.num_rows, _BATCH_ROWS):
            yield batch.slice(start, _BATCH_ROWS)


@contextmanager
def _damage_told(name: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise FileUnreadableError.damaged(name, _("its content is damaged or incomplete")) from error


def _table(name: str, schema: pa.Schema, batches: Callable[[], Iterator[pa.RecordBatch]]) -> TextTable:
    flat = _flat(schema.empty_table())
    require_few_columns(name, flat.num_columns)
    reading = Reading()
    zones = {
        column.type.tz
        for column in flat.columns
        if pa.types.is_timestamp(column.type) and column.type.tz not in (None, *_UTC_NAMES)
    }
    if zones:
        reading.note(
            "TZ_CONVERTED",
            _("Times are kept with their zone ({zones}); they were converted to UTC.").format(
                zones=listed(sorted(zones))
            ),
        )
    return TextTable("", distinct_names(flat.column_names), _as_text_batches(name, batches), reading)


def _as_text_batches(name: str, batches: Callable[[], Iterator[pa.RecordBatch]]) -> Iterator[pa.RecordBatch]:
    n_before = _FIRST_LINE
    with _damage_told(name):
        for batch in batches():
            flat = _flat(pa.Table.from_batches([batch]))
            lines = pa.array(range(n_before, n_before + flat.num_rows), pa.int64())
            cells = [as_text(column.combine_chunks()) for column in flat.columns]
            n_before += flat.num_rows
            ragged = pa.nulls(flat.num_rows, pa.string())
            taken = pa.record_batch([lines, ragged, *cells], schema=schema_of(flat.num_columns))
            taken.validate(full=True)
            yield taken


def _flat(table: pa.Table) -> pa.Table:
    """Give the fields of nested columns columns of their own, named `column.field`."""
    while any(pa.types.is_struct(kind) for kind in table.schema.types):
        table = table.flatten()
    return table


def as_text(column: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """Write cells as a file would: times as ISO with their zone, whole numbers without a decimal point."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_timestamp(kind):
        moment = column.cast(pa.timestamp("us", kind.tz), safe=False)
        text = pc.strftime(moment.cast(pa.timestamp("us", "UTC")) if kind.tz else moment, "%Y-%m-%d %H:%M:%S")
        return pc.binary_join_element_wise(text, "Z", "") if kind.tz else text
    if pa.types.is_floating(kind):
        return _written(column.cast(pa.float64()))
    if pa.types.is_string(kind):
        return column
    try:
        return column.cast(pa.string())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        return pa.array([_as_json(cell) for cell in column.to_pylist()], pa.string())


def _written(numbers: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    known = pc.if_else(pc.is_nan(numbers), pa.scalar(None, pa.float64()), numbers)
    is_whole = pc.and_(pc.equal(known, pc.trunc(known)), pc.less(pc.abs(known), _EXACT_INTEGERS_BELOW))
    whole = pc.if_else(is_whole, known, pa.scalar(None, pa.float64())).cast(pa.int64()).cast(pa.string())
    return pc.coalesce(whole, known.cast(pa.string()))


def _as_json(cell: Any) -> str | None:
    """Write a list or a map as JSON, bytes as the text they are or as hexadecimal digits."""
    if cell is None:
        return None
    if isinstance(cell, bytes):
        return _letters(cell)
    return json.dumps(cell, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    return _letters(value) if isinstance(value, bytes) else str(value)


def _letters(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.hex()
