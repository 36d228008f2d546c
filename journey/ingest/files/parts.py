"""A large table of texts as compressed files beside the draft: written by several threads, read column by column."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from journey.engine import Draft

_PART_ROWS, _PART_BYTES = 250_000, 32 << 20
_N_THREADS = 2


def stage(draft: Draft, table: str, rows: pa.RecordBatchReader) -> None:
    """Make a table of the draft of staged batches (`blocks.schema_of`), read once from beginning to end."""
    groups = _groups(rows)
    first, second = next(groups, None), next(groups, None)
    if first is None or second is None or draft.folder is None:
        rest = [batch for group in groups for batch in group]
        draft.take(table, pa.Table.from_batches([*(first or []), *(second or []), *rest], rows.schema))
        return
    paths: list[Path] = []
    with ThreadPoolExecutor(_N_THREADS) as threads:
        writing: deque[Future[None]] = deque()
        for group in _chained(first, second, groups):
            paths.append(draft.folder / f"{table}-{len(paths):05}.parquet")
            writing.append(threads.submit(_write, pa.Table.from_batches(group), paths[-1]))
            if len(writing) > _N_THREADS:
                writing.popleft().result()
        while writing:
            writing.popleft().result()
    draft.show(table, paths)


def _groups(rows: pa.RecordBatchReader) -> Iterator[list[pa.RecordBatch]]:
    """Put batches together that are large enough to be a file."""
    group: list[pa.RecordBatch] = []
    n_rows = n_bytes = 0
    for batch in rows:
        group.append(batch)
        n_rows, n_bytes = n_rows + batch.num_rows, n_bytes + batch.nbytes
        if n_rows >= _PART_ROWS or n_bytes >= _PART_BYTES:
            yield group
            group, n_rows, n_bytes = [], 0, 0
    if group:
        yield group


def _chained(
    first: list[pa.RecordBatch], second: list[pa.RecordBatch], others: Iterator[list[pa.RecordBatch]]
) -> Iterator[list[pa.RecordBatch]]:
    yield first
    yield second
    yield from others


def _write(table: pa.Table, path: Path) -> None:
    texts = [name for name in table.column_names if name != "line"]
    parquet.write_table(
        table.combine_chunks(),
        path,
        compression="lz4",
        use_dictionary=texts,
        column_encoding={"line": "DELTA_BINARY_PACKED"},
        write_statistics=False,
        row_group_size=table.num_rows,
    )
