"""Lines that repeat another in every cell: two equal clicks in one second, or an export that ran twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from journey.engine import Draft, quoted
from journey.ingest.aliases import EVENT_IDS, is_called
from journey.ingest.files.staging import StagedTable
from journey.ingest.mapping import Mapping

#: More repeated lines than this share of all lines are a fault of the export.
FAULT_SHARE: Final = 0.05


@dataclass(frozen=True)
class DuplicateLines:
    """How many lines repeat an earlier one, whether they are skipped, and the id column that shows the fault."""

    n_lines: int = 0
    are_skipped: bool = False
    id_column: str | None = None


def find_duplicate_lines(draft: Draft, staged: StagedTable, mapping: Mapping) -> DuplicateLines:
    """Count the lines that repeat an earlier one; those to be skipped are in table `duplicate_lines` (line)."""
    draft.execute("CREATE TABLE duplicate_lines (line BIGINT)")
    cells = ", ".join(staged.columns)
    # Equal hashes are few: only those lines are compared cell by cell.
    alike = _alike(draft, f"SELECT line, hash({cells}) AS print FROM {quoted(staged.table)} WHERE ragged IS NULL")
    if not len(alike):
        return DuplicateLines()
    draft.take("alike", pa.table({"line": alike}))
    draft.execute(
        f"""CREATE TEMP TABLE repeated AS
        SELECT line, row_number() OVER (PARTITION BY {cells} ORDER BY line) AS occurrence FROM {quoted(staged.table)}
        WHERE ragged IS NULL AND line IN (SELECT line FROM alike)"""
    )
    draft.drop("alike")
    [(n_lines,)] = draft.rows("SELECT count(*) FROM repeated WHERE occurrence > 1")
    id_column = _repeated_id(draft, staged, mapping) if n_lines else None
    is_fault = id_column is not None or n_lines > FAULT_SHARE * staged.n_rows
    are_skipped = n_lines > 0 and (mapping.duplicates == "skip" or (mapping.duplicates == "auto" and is_fault))
    if are_skipped:
        draft.execute("INSERT INTO duplicate_lines SELECT line FROM repeated WHERE occurrence > 1")
    draft.execute("DROP TABLE repeated")
    return DuplicateLines(n_lines, are_skipped, id_column)


def _alike(draft: Draft, question: str) -> NDArray[np.int64]:
    """Find the lines whose hash comes more than once; to sort hashes takes half the time of grouping by them."""
    asked = draft.arrow(question)
    prints = asked["print"].to_numpy()
    ordered = np.sort(prints)
    repeated = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    del ordered
    lines: NDArray[np.int64] = asked["line"].to_numpy()[np.isin(prints, repeated)] if len(repeated) else repeated[:0]
    return lines


def _repeated_id(draft: Draft, staged: StagedTable, mapping: Mapping) -> str | None:
    """Find a column that numbers the lines: another value in every line but the repeated ones."""
    for header in staged.header:
        if mapping.role_of(header) not in ("ignore", "attribute") or not is_called(header, EVENT_IDS):
            continue
        column = staged.column(header)
        [(n_distinct, n_expected)] = draft.rows(
            f"""SELECT count(DISTINCT nullif({column}, '')),
                count(*) - (SELECT count(*) FROM repeated WHERE occurrence > 1)
            FROM {quoted(staged.table)} WHERE ragged IS NULL"""
        )
        if n_distinct == n_expected:
            return header
    return None
