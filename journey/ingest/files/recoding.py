"""Letters that could be read in several encodings, read as a person said."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from journey.engine import Draft, quoted
from journey.errors import ArgumentError
from journey.ingest.files.staging import StagedTable


def recoded(draft: Draft, staged: StagedTable, encoding: str | None) -> StagedTable:
    """Read the cells of a table in another of its encodings; most tables stay as they are.

    Raises
    ------
    ArgumentError
        When the letters can't be read in that encoding.
    """
    if encoding is None or encoding in staged.encodings[:1]:
        return staged
    if encoding not in staged.encodings:
        raise ArgumentError.not_one_of("encoding", encoding, staged.encodings)
    taken = staged.encodings[0]
    rows = draft.arrow(f"SELECT * FROM {quoted(staged.table)}")
    columns = [
        _read_again(column, taken, encoding) if pa.types.is_string(column.type) else column for column in rows.columns
    ]
    table = f"recoded_{staged.table}"
    draft.take(table, pa.table(columns, names=rows.column_names))
    return replace(staged, table=table, encodings=(encoding,))


def _read_again(column: pa.ChunkedArray, taken: str, encoding: str) -> pa.ChunkedArray:
    cells = [
        cell if cell is None or cell.isascii() else cell.encode(taken, "replace").decode(encoding, "replace")
        for cell in column.to_pylist()
    ]
    return pa.chunked_array([pa.array(cells, pa.string())])
