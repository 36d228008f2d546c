"""Sources become staged tables: every cell as text, every row with its line, headers beside and never in the SQL."""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeGuard

import pyarrow as pa

from journey.engine import Draft, quoted
from journey.errors import FileUnreadableError
from journey.ingest.files.blocks import schema_of, table_columns
from journey.ingest.files.columnar import as_text
from journey.ingest.files.headers import distinct_names
from journey.ingest.files.layouts import SkippedLine
from journey.ingest.files.parts import stage
from journey.ingest.formats import TextTable, sha256_of, tables_of
from journey.ingest.told import Note
from journey.language import _

STAGED_FILE = "staged.duckdb"
_FRAME_ROWS_START_AT_LINE = 2
_LONGEST_EXAMPLE = 60

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class StagedTable:
    """One table in the draft, as `table`: columns `line`, `ragged` and `c0`, `c1`, … in the order of `header`.

    `n_rows` counts the rows in it, those that are set aside among them; `skipped` the rows that are no interaction and
    were left out before, by reason. `sha256` names the table by the file's content and its title in the file.
    """

    name: str
    table: str
    header: tuple[str, ...]
    n_rows: int
    sha256: str = ""
    notes: tuple[Note, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    skipped: tuple[tuple[str, int], ...] = ()
    has_header: bool = True
    separator: str | None = None
    #: Lines that are no row of the table, as far as they are kept.
    skipped_lines: tuple[SkippedLine, ...] = ()
    #: Where the letters can be read in several encodings: those, the one taken first; and lines as each reads them.
    encodings: tuple[str, ...] = ()
    encoding_examples: tuple[tuple[str, ...], ...] = ()
    #: Of tables put under each other: their names, and how many lines lie before each.
    parts: tuple[tuple[str, int], ...] = ()

    def column(self, header: str) -> str:
        """Name the staged column of a header."""
        return f"c{self.header.index(header)}"

    @property
    def columns(self) -> list[str]:
        return [f"c{position}" for position in range(len(self.header))]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, held: dict[str, Any]) -> StagedTable:
        lists = {
            "header": tuple(held["header"]),
            "notes": tuple(Note(**note) for note in held["notes"]),
            "facts": tuple((str(name), str(words)) for name, words in held["facts"]),
            "skipped": tuple((str(reason), int(n_rows)) for reason, n_rows in held["skipped"]),
            "skipped_lines": tuple(SkippedLine(*line) for line in held["skipped_lines"]),
            "encodings": tuple(held["encodings"]),
            "encoding_examples": tuple(tuple(lines) for lines in held["encoding_examples"]),
            "parts": tuple((str(name), int(n_before)) for name, n_before in held["parts"]),
        }
        return cls(**(held | lists))

    def place_of(self, line: int) -> tuple[str, int]:
        """Tell the file and its own line of a line of this table."""
        name, n_before = next((part for part in reversed(self.parts) if part[1] < line), (self.name, 0))
        return name, line - n_before


def stage_file(
    draft: Draft,
    prefix: str,
    path: Path,
    name: str,
    scratch: Path,
    advanced: Callable[[int], None] | None = None,
    encoding: str | None = None,
) -> list[StagedTable]:
    """Read the tables of a file into the draft as `<prefix>_0`, `<prefix>_1`, …, batch by batch.

    `advanced` hears how many rows were read so far; `encoding` is what a person said the letters are written in. A
    table without a row is left out where the file has others.

    Raises
    ------
    FileUnreadableError
        When the file is no table, or has no row in it.
    """
    with TemporaryDirectory(dir=scratch) as folder:
        tables = tables_of(path, name, Path(folder), encoding)
        file_hash, n_before = sha256_of(path), 0
        staged: list[StagedTable] = []
        for position, table in enumerate(tables):
            shown = f"{name} – {table.title}" if len(tables) > 1 else name
            taken = _staged(draft, f"{prefix}_{position}", table, shown, _heard(advanced, n_before))
            sha256 = hashlib.sha256(f"{file_hash} {table.title}".encode()).hexdigest() if table.title else file_hash
            staged.append(replace(taken, sha256=sha256))
            n_before += taken.n_rows
    filled = [each for each in staged if each.n_rows]
    if not filled:
        raise FileUnreadableError.header_only(name)
    for empty in (each for each in staged if not each.n_rows):
        draft.drop(empty.table)
        note = Note("TABLE_EMPTY", _("“{name}” has column names but no rows; it was left out.").format(name=empty.name))
        filled[0] = replace(filled[0], notes=(*filled[0].notes, *empty.notes, note))
    return filled


def _heard(advanced: Callable[[int], None] | None, n_before: int) -> Callable[[int], None]:
    def heard(n_rows: int) -> None:
        if advanced is not None:
            advanced(n_before + n_rows)

    return heard


def _staged(draft: Draft, table: str, source: TextTable, name: str, advanced: Callable[[int], None]) -> StagedTable:
    n_rows = 0
    refusals: list[FileUnreadableError] = []

    def counted() -> Iterator[pa.RecordBatch]:
        nonlocal n_rows
        try:
            for batch in source.batches:
                n_rows += batch.num_rows
                advanced(n_rows)
                yield batch
        except FileUnreadableError as refusal:
            # The engine that asks for batches would make an error of its own of it.
            refusals.append(refusal)

    stage(draft, table, pa.RecordBatchReader.from_batches(schema_of(len(source.header)), counted()))
    if refusals:
        raise refusals[0]
    reading = source.reading
    return StagedTable(
        name=name,
        table=table,
        header=tuple(source.header),
        n_rows=n_rows,
        notes=tuple(reading.notes),
        facts=tuple(reading.facts),
        skipped=tuple(sorted(reading.skipped.items())),
        has_header=reading.has_header,
        separator=reading.separator,
        skipped_lines=tuple(reading.skipped_lines),
        encodings=reading.encodings,
        encoding_examples=reading.encoding_examples,
    )


def stage_frame(draft: Draft, table: str, rows: pd.DataFrame | pa.Table, name: str) -> StagedTable:
    """Take a DataFrame or Arrow table into the draft; its rows are numbered as the lines of a file with a header."""
    arrow = _arrow(rows)
    header = distinct_names(arrow.column_names)
    if not arrow.num_rows:
        raise FileUnreadableError.header_only(name) if header else FileUnreadableError.empty(name)
    columns = [as_text(column) for column in arrow.columns]
    lines = pa.array(range(_FRAME_ROWS_START_AT_LINE, arrow.num_rows + _FRAME_ROWS_START_AT_LINE), pa.int64())
    ragged = pa.nulls(arrow.num_rows, pa.string())
    draft.take(table, pa.table([lines, ragged, *columns], names=table_columns(len(header))))
    return StagedTable(name=name, table=table, header=tuple(header), n_rows=arrow.num_rows)


def is_frame(given: object) -> TypeGuard[pd.DataFrame | pa.Table]:
    """Tell a table in memory; who has a DataFrame has loaded pandas already."""
    pandas = sys.modules.get("pandas")
    return isinstance(given, pa.Table) or (pandas is not None and isinstance(given, pandas.DataFrame))


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
        draft.rename(first.table, table)
        return replace(first, table=table)
    selects, places, offset = [], [], 0
    lines: list[SkippedLine] = []
    for part in parts:
        places.append((part.name, offset))
        lines += [skipped._replace(line=skipped.line + offset) for skipped in part.skipped_lines]
        cells = ", ".join(f"{part.column(header)} AS c{position}" for position, header in enumerate(first.header))
        selects.append(f"SELECT line + {offset} AS line, ragged, {cells} FROM {quoted(part.table)}")
        offset += draft.rows(f"SELECT max(line) FROM {quoted(part.table)}")[0][0]
    draft.execute(f"CREATE TABLE {quoted(table)} AS {' UNION ALL '.join(selects)}")
    for part in parts:
        draft.drop(part.table)
    skipped: Counter[str] = Counter()
    for part in parts:
        skipped.update(dict(part.skipped))
    return replace(
        first,
        name=" + ".join(part.name for part in parts),
        table=table,
        n_rows=sum(part.n_rows for part in parts),
        notes=tuple(_notes_of(parts)),
        facts=tuple(fact for fact in first.facts if all(fact in part.facts for part in parts)),
        skipped=tuple(sorted(skipped.items())),
        skipped_lines=tuple(lines),
        parts=tuple(places),
    )


def _notes_of(parts: Sequence[StagedTable]) -> Iterator[Note]:
    """Tell once what holds for all tables, and of each what holds for it alone."""
    common = [note for note in parts[0].notes if all(note in part.notes for part in parts)]
    yield from common
    for part in parts:
        for note in part.notes:
            if note not in common:
                yield Note(note.code, _("{name}: {text}").format(name=part.name, text=note.text))


def keep_list(scratch: Path, staged: dict[str, Any]) -> None:
    (scratch / "staged.json").write_text(json.dumps(staged, ensure_ascii=False), "utf-8")


def kept_list(scratch: Path) -> dict[str, Any]:
    held: dict[str, Any] = json.loads((scratch / "staged.json").read_text("utf-8"))
    return held


def unnamed(kind: str) -> str:
    """Name a source that is no file."""
    return {"interactions": _("the interactions"), "customers": _("the customers"), "spend": _("the spend")}[kind]
