"""Files of every export, made up in the columns of the vendors, and how they are staged."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from journey.engine import Draft
from journey.ingest.exports import Export, recognised
from journey.ingest.files.nested import unfolded
from journey.ingest.files.staging import StagedTable, stage_frame
from journey.ingest.mapping import Mapping

FILES = Path(__file__).parent / "files"
NAMES = sorted(path.name for path in FILES.iterdir())


@dataclass(frozen=True)
class Sample:
    """One file: its header (made up where it has none) and its rows."""

    name: str
    header: list[str]
    rows: list[list[str]]

    @property
    def export(self) -> str:
        """The name of the export, as the file's name begins with it."""
        return Path(self.name).stem.partition("__")[0]


@dataclass
class Read:
    """A file as it is after its rows were rewritten."""

    export: Export
    staged: StagedTable
    mapping: Mapping
    draft: Draft

    def cells(self, *headers: str) -> list[tuple[str | None, ...]]:
        columns = ", ".join(self.staged.column(header) for header in headers)
        return self.draft.rows(f"SELECT {columns} FROM {self.staged.table} ORDER BY ALL")  # noqa: S608 - staged names

    def skipped(self) -> dict[str, int]:
        return dict(self.staged.skipped)


def sample(name: str) -> Sample:
    with (FILES / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t" if name.endswith(".tsv") else ","))
    if name.endswith("__bare.tsv"):
        return Sample(name, [f"column {place}" for place in range(len(rows[0]))], rows)
    return Sample(name, rows[0], rows[1:])


def read(draft: Draft, given: Sample | str) -> Read:
    """Do with a file what an import does up to its mapping."""
    held = sample(given) if isinstance(given, str) else given
    cells = {header: [row[place] for row in held.rows] for place, header in enumerate(held.header)}
    staged = unfolded(draft, stage_frame(draft, "raw", pa.table(cells), held.name))
    export = recognised(staged.header, held.rows)
    assert export is not None
    staged = export.prepared(draft, staged)
    return Read(export, staged, export.mapping(staged.header), draft)
