"""A delimited file in blocks of whole lines, each turned into a batch of text columns.

Most blocks of most files are clean: every line is a row, and all rows have the same number of cells. Those are cut all
at once, several side by side; the others row by row, with every oddity looked at. Both give the same batch.
"""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import IO

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from journey.ingest.files.delimited import QUOTE_WITHIN, Dialect, Oddities, Rows, cut, text_of
from journey.ingest.files.encodings import Encoding

_BLOCK_SIZE = 4 << 20
#: Blocks that are cut while earlier ones are used.
_N_AHEAD = 2


def table_columns(n_columns: int) -> list[str]:
    """Name the columns of a staged table: headers never become identifiers, their place in the file does."""
    return ["line", "ragged", *(f"c{position}" for position in range(n_columns))]


def schema_of(width: int) -> pa.Schema:
    """Describe a staged batch: the line, the text of a row with too many cells, the cells."""
    types = [pa.int64(), *[pa.string()] * (width + 1)]
    return pa.schema(list(zip(table_columns(width), types, strict=True)))


def batches_of(
    path: Path, encoding: Encoding, dialect: Dialect, width: int, n_before: int, oddities: Oddities
) -> Iterator[pa.RecordBatch]:
    """Read everything after the first `n_before` lines, flat in memory."""
    with path.open("rb") as stream, ThreadPoolExecutor(_N_AHEAD) as threads:
        source = _Source(_utf8(stream, encoding, dialect, n_before))
        for _line in range(n_before):
            source.readline()
        n_lines, n_ahead = n_before, 0
        ahead: deque[tuple[bytes, Future[list[pa.Array] | None]]] = deque()
        while True:
            # A block is cut ahead of its turn only while the blocks are clean: what follows a broken row is uncertain.
            while len(ahead) <= n_ahead and (block := source.block()):
                ahead.append((block, threads.submit(_clean_cells, block, dialect, width)))
            if not ahead:
                return
            block, cutting = ahead.popleft()
            cells = cutting.result()
            if cells is None:
                source.give_back([other for other, _cutting in ahead])
                ahead.clear()
                rows = cut(_lines_in(block), dialect, width, n_lines, more=_lines_after(source))
                n_lines += rows.n_lines
                oddities.add(rows)
                yield _batch(rows, width)
            else:
                yield _clean_batch(cells, width, n_lines)
                n_lines += len(cells[0])
            n_ahead = 0 if cells is None else _N_AHEAD


def _utf8(stream: IO[bytes], encoding: Encoding, dialect: Dialect, n_before: int) -> IO[bytes] | _Recoded:
    """Hand out UTF-8, whatever the file holds; what is UTF-8 already is handed out as it is."""
    is_utf8 = encoding.name == "utf-8" or (encoding.name == "utf-8-sig" and n_before > 0)
    if is_utf8 and not encoding.n_damaged_lines and dialect.line_end in ("\n", "\r\n"):
        return stream
    return _Recoded(text_of(stream, encoding))


class _Recoded:
    """Text read as the UTF-8 bytes it would have been."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text

    def read(self, size: int) -> bytes:
        return self._text.read(size).encode()

    def readline(self) -> bytes:
        return self._text.readline().encode()


class _Source:
    """Lines in blocks, of which some may be given back."""

    def __init__(self, stream: IO[bytes] | _Recoded) -> None:
        self._stream = stream
        self._given_back = io.BytesIO()

    def block(self) -> bytes:
        # A read may end within a line, a line within \r\n: the block goes up to the next line's beginning.
        block = self._given_back.read(_BLOCK_SIZE) or self._stream.read(_BLOCK_SIZE)
        return block + self.readline() if block else block

    def readline(self) -> bytes:
        return self._given_back.readline() or self._stream.readline()

    def give_back(self, blocks: Sequence[bytes]) -> None:
        if blocks:
            self._given_back = io.BytesIO(b"".join([*blocks, self._given_back.read()]))


def _lines_in(block: bytes) -> Iterator[str]:
    return io.StringIO(block.decode(), newline="")


def _lines_after(source: _Source) -> Iterator[str]:
    while line := source.readline():
        yield from _lines_in(line)


def _clean_cells(block: bytes, dialect: Dialect, width: int) -> list[pa.Array] | None:
    """Cut a block in which every line is a row of the same width; None when it is not such a one."""
    if not dialect.is_plain or (b"\r" in block and block.count(b"\r") != block.count(b"\r\n")):
        return None
    if dialect.quote == '"' and b'"' in block and QUOTE_WITHIN.search(block):
        return None
    names = table_columns(width)[2:]
    try:
        table = arrow_csv.read_csv(
            pa.py_buffer(block),
            arrow_csv.ReadOptions(column_names=names, block_size=len(block) + 1, use_threads=False),
            arrow_csv.ParseOptions(
                delimiter=dialect.separator, quote_char=dialect.quote or False, newlines_in_values=True
            ),
            arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
        )
    except pa.ArrowInvalid:
        return None
    n_lines = np.count_nonzero(np.frombuffer(block, np.uint8) == ord("\n")) + (not block.endswith(b"\n"))
    # As many rows as lines, and no line end within a cell: the block does not end within a row either.
    last = [str(column[-1]) for column in table.columns] if table.num_rows == n_lines else ["\n"]
    if any(sign in cell for cell in last for sign in "\r\n"):
        return None
    return [column.chunk(0) if column.num_chunks == 1 else column.combine_chunks() for column in table.columns]


def _clean_batch(cells: Sequence[pa.Array], width: int, n_before: int) -> pa.RecordBatch:
    n_rows = len(cells[0])
    lines = pa.array(np.arange(n_before + 1, n_before + n_rows + 1, dtype=np.int64))
    return pa.record_batch([lines, pa.nulls(n_rows, pa.string()), *cells], schema=schema_of(width))


def _batch(rows: Rows, width: int) -> pa.RecordBatch:
    n_whole, n_ragged = len(rows.lines), len(rows.ragged)
    columns: list[Sequence[str]] = list(zip(*rows.cells, strict=True)) or [()] * width
    lines = pa.array([*rows.lines, *(line for line, _text in rows.ragged)], pa.int64())
    ragged = [pa.nulls(n_whole, pa.string()), pa.array([text for _line, text in rows.ragged], pa.string())]
    missing = pa.nulls(n_ragged, pa.string())
    cells = [pa.concat_arrays([pa.array(column, pa.string()), missing]) for column in columns]
    return pa.record_batch([lines, pa.concat_arrays(ragged), *cells], schema=schema_of(width))
