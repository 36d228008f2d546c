"""Sources become staged tables: every cell as text, every row with its line, headers beside and never in the SQL."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from journey.engine import Draft, quoted
from journey.errors import FileUnreadableError
from journey.ingest.blocks import schema_of, table_columns
from journey.ingest.delimited import distinct_names
from journey.ingest.formats import opened, sha256_of, unpacked
from journey.language import _

STAGED_FILE = "staged.duckdb"
_FRAME_ROWS_START_AT_LINE = 2
_LONGEST_EXAMPLE = 60


@dataclass(frozen=True)
class StagedTable:
    """One source in the draft, as `table`: columns `line`, `ragged` and `c0`, `c1`, … in the order of `header`."""

    name: str
    table: str
    header: tuple[str, ...]
    n_rows: int
    sha256: str = ""
    encoding: str | None = None
    encoding_is_certain: bool = True
    n_damaged_lines: int = 0
    fallback_encoding: str | None = None
    n_padded: int = 0
    n_repaired: int = 0
    separator: str | None = None
    line_end: str | None = None
    has_header: bool = True
    #: Of tables put under each other: their names, and how many lines lie before each.
    parts: tuple[tuple[str, int], ...] = ()

    def column(self, header: str) -> str:
        """Name the staged column of a header."""
        return f"c{self.header.index(header)}"

    @property
    def columns(self) -> list[str]:
        return [f"c{position}" for position in range(len(self.header))]

    @property
    def is_file(self) -> bool:
        return self.encoding is not None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, held: dict[str, Any]) -> StagedTable:
        parts = tuple((str(name), int(n_before)) for name, n_before in held["parts"])
        return cls(**(held | {"header": tuple(held["header"]), "parts": parts}))

    def place_of(self, line: int) -> tuple[str, int]:
        """Tell the file and its own line of a line of this table."""
        name, n_before = next((part for part in reversed(self.parts) if part[1] < line), (self.name, 0))
        return name, line - n_before


def stage_file(
    draft: Draft,
    table: str,
    path: Path,
    name: str,
    scratch: Path,
    advanced: Callable[[int], None] | None = None,
) -> StagedTable:
    """Read a file into the draft, batch by batch; `advanced` hears how many rows were read so far."""
    plain = unpacked(path, name, scratch)
    source = opened(plain, name)
    n_rows = 0

    def counted() -> Iterator[pa.RecordBatch]:
        nonlocal n_rows
        for batch in source.batches:
            n_rows += batch.num_rows
            if advanced is not None:
                advanced(n_rows)
            yield batch

    draft.take(table, pa.RecordBatchReader.from_batches(schema_of(len(source.header)), counted()))
    if plain != path:
        plain.unlink()
    if not n_rows:
        raise FileUnreadableError.header_only(name)
    return StagedTable(
        name=name,
        table=table,
        header=tuple(source.header),
        n_rows=n_rows,
        sha256=sha256_of(path),
        encoding=source.encoding.name,
        encoding_is_certain=source.encoding.is_certain,
        n_damaged_lines=source.encoding.n_damaged_lines,
        fallback_encoding=source.encoding.fallback,
        n_padded=source.oddities.n_padded,
        n_repaired=source.oddities.n_repaired,
        separator=source.dialect.separator,
        line_end=source.dialect.line_end,
        has_header=source.has_header,
    )


def stage_frame(draft: Draft, table: str, rows: pd.DataFrame | pa.Table, name: str) -> StagedTable:
    """Take a DataFrame or Arrow table into the draft; its rows are numbered as the lines of a file with a header."""
    arrow = _arrow(rows)
    header = distinct_names(arrow.column_names)
    if not arrow.num_rows:
        raise FileUnreadableError.header_only(name) if header else FileUnreadableError.empty(name)
    columns = [_as_text(column) for column in arrow.columns]
    lines = pa.array(range(_FRAME_ROWS_START_AT_LINE, arrow.num_rows + _FRAME_ROWS_START_AT_LINE), pa.int64())
    ragged = pa.nulls(arrow.num_rows, pa.string())
    draft.take(table, pa.table([lines, ragged, *columns], names=table_columns(len(header))))
    return StagedTable(name=name, table=table, header=tuple(header), n_rows=arrow.num_rows)


def _arrow(rows: pd.DataFrame | pa.Table) -> pa.Table:
    if isinstance(rows, pa.Table):
        return rows
    if any(name is not None for name in rows.index.names):
        rows = rows.reset_index()
    columns = [_column(rows.iloc[:, position]) for position in range(rows.shape[1])]
    return pa.table(columns, names=[str(name) for name in rows.columns])


def _column(values: pd.Series) -> pa.Array:
    try:
        taken = pa.Array.from_pandas(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        # Cells of several types in one column.
        taken = pa.array([None if cell is None or cell != cell else str(cell) for cell in values], pa.string())
    return taken.combine_chunks() if isinstance(taken, pa.ChunkedArray) else taken


def _as_text(column: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """Write cells as a file would: times as ISO with their zone, whole numbers without a decimal point."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_timestamp(kind):
        moment = column.cast(pa.timestamp("us", kind.tz), safe=False)
        text = pc.strftime(moment.cast(pa.timestamp("us", "UTC")) if kind.tz else moment, "%Y-%m-%d %H:%M:%S")
        return pc.binary_join_element_wise(text, "Z", "") if kind.tz else text
    if pa.types.is_floating(kind):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, kind), column)
        is_whole = pc.all(pc.equal(column, pc.round(column))).as_py() is not False
        small = pc.all(pc.less(pc.abs(column), 1e15)).as_py() is not False
        return column.cast(pa.int64()).cast(pa.string()) if is_whole and small else column.cast(pa.string())
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_null(kind):
        return pa.array([None if cell is None else str(cell) for cell in column.to_pylist()], pa.string())
    return column.cast(pa.string())


def examples_of(draft: Draft, staged: StagedTable, header: str, n_examples: int = 3) -> list[str]:
    """Name some filled cells of a column."""
    column = staged.column(header)
    rows = draft.rows(f"SELECT {column} FROM {quoted(staged.table)} WHERE {column} <> '' LIMIT 200")
    return list(dict.fromkeys(str(cell)[:_LONGEST_EXAMPLE] for (cell,) in rows))[:n_examples]


def stack(draft: Draft, table: str, parts: Sequence[StagedTable]) -> StagedTable:
    """Put tables with the same headers under each other.

    Files come in the order of their content, so that the order in which they were given changes nothing; the lines of
    each go on behind those of the one before.
    """
    parts = sorted(parts, key=lambda part: part.sha256)
    first = parts[0]
    if len(parts) == 1:
        draft.execute(f"ALTER TABLE {quoted(first.table)} RENAME TO {quoted(table)}")
        return replace(first, table=table)
    selects, places, offset = [], [], 0
    for part in parts:
        places.append((part.name, offset))
        cells = ", ".join(f"{part.column(header)} AS c{position}" for position, header in enumerate(first.header))
        selects.append(f"SELECT line + {offset} AS line, ragged, {cells} FROM {quoted(part.table)}")
        offset += draft.rows(f"SELECT max(line) FROM {quoted(part.table)}")[0][0]
    draft.execute(f"CREATE TABLE {quoted(table)} AS {' UNION ALL '.join(selects)}")
    for part in parts:
        draft.execute(f"DROP TABLE {quoted(part.table)}")
    return replace(
        first,
        name=" + ".join(part.name for part in parts),
        table=table,
        n_rows=sum(part.n_rows for part in parts),
        n_padded=sum(part.n_padded for part in parts),
        n_repaired=sum(part.n_repaired for part in parts),
        parts=tuple(places),
    )


def keep_list(scratch: Path, staged: dict[str, Any]) -> None:
    (scratch / "staged.json").write_text(json.dumps(staged, ensure_ascii=False), "utf-8")


def kept_list(scratch: Path) -> dict[str, Any]:
    held: dict[str, Any] = json.loads((scratch / "staged.json").read_text("utf-8"))
    return held


def unnamed(kind: str) -> str:
    """Name a source that is no file."""
    return {"interactions": _("the interactions"), "customers": _("the customers"), "spend": _("the spend")}[kind]
