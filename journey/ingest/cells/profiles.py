"""What is in a column: the evidence by which a role is given or refused, counted over the whole file."""

from __future__ import annotations

import re
from dataclasses import dataclass

from journey.engine import Draft, quoted
from journey.ingest.cells.amounts import WRITTEN
from journey.ingest.cells.time_layouts import NUMBER_LAYOUTS, recognised, tidied
from journey.ingest.cells.timestamps import TimeColumn, time_column
from journey.ingest.files.staging import StagedTable
from journey.ingest.wide_rows import wide_rows

_SAMPLE_ROWS = 1_000
_N_FIRST, _N_EXAMPLES = 20, 3
_EXACT_ROWS = 50_000
#: Share of the sampled cells that must look like a time before all cells are looked at.
_WORTH_ASKING = 0.2
_WIDE_COLUMNS = 200
_NUMBER = re.compile(WRITTEN)
_CLOCK = re.compile(r"^\s*\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?(\s*[AaPp]\.?[Mm]\.?)?\s*$")


@dataclass(frozen=True)
class Profile:
    """One column: how many cells are filled, how many values there are (about), and what they look like.

    Shares are of the filled cells; `share_number` and `mean_length` come from a sample.
    """

    header: str
    column: str
    n_rows: int
    n_filled: int
    n_distinct: int
    share_number: float
    mean_length: float
    examples: tuple[str, ...]
    is_clock: bool = False
    times: TimeColumn | None = None

    @property
    def share_filled(self) -> float:
        return self.n_filled / self.n_rows if self.n_rows else 0.0

    @property
    def share_time(self) -> float:
        return self.times.n_matching / self.n_filled if self.times and self.n_filled else 0.0

    @property
    def is_time(self) -> bool:
        """Most cells are times, written in a way that no plain number has."""
        return self.times is not None and self.times.layout not in NUMBER_LAYOUTS and self.share_time > 0.5

    @property
    def is_constant(self) -> bool:
        return self.n_distinct <= 1

    @property
    def is_number(self) -> bool:
        return self.share_number >= 0.9

    @property
    def is_unique(self) -> bool:
        """Every row has another value, as an id of the row has. The count of values is an estimate, so it is near."""
        return self.n_filled == self.n_rows and self.n_distinct >= 0.9 * self.n_rows


def profiles(draft: Draft, staged: StagedTable) -> list[Profile]:
    """Look into every column of a staged table."""
    sample = _sample(draft, staged)
    cells = [[str(row[place]) for row in sample if row[place]] for place in range(len(staged.header))]
    is_whole = staged.n_rows <= _SAMPLE_ROWS
    counts = [(len(column), len(set(column))) for column in cells] if is_whole else _counted(draft, staged, cells)
    return [_profile(draft, staged, place, counts[place], cells[place]) for place in range(len(staged.header))]


def _profile(draft: Draft, staged: StagedTable, place: int, counts: tuple[int, int], sampled: list[str]) -> Profile:
    n_filled, n_distinct = counts
    column = f"c{place}"
    n_sampled = max(1, len(sampled))
    n_like_times = sum(recognised(tidied(cell)) is not None for cell in sampled)
    return Profile(
        header=staged.header[place],
        column=column,
        n_rows=staged.n_rows,
        n_filled=n_filled,
        n_distinct=min(n_distinct, n_filled),
        share_number=sum(_NUMBER.match(cell) is not None for cell in sampled) / n_sampled,
        mean_length=sum(map(len, sampled)) / n_sampled,
        examples=tuple(dict.fromkeys(sampled[:_N_FIRST]))[:_N_EXAMPLES],
        is_clock=bool(sampled) and all(_CLOCK.match(cell) for cell in sampled),
        times=time_column(draft, staged.table, column) if n_like_times > _WORTH_ASKING * n_sampled else None,
    )


def _counted(draft: Draft, staged: StagedTable, sampled: list[list[str]]) -> list[tuple[int, int]]:
    """Count filled cells and different values of every column; many different ones are an estimate in large files."""
    if staged.n_rows <= _EXACT_ROWS:
        counts = _in_one_pass(draft, staged, staged.columns, "count(DISTINCT {})")
    else:
        # Whether a column holds one value or two must not be an estimate; to count few values exactly is cheap.
        few = [name for name, cells in zip(staged.columns, sampled, strict=True) if 2 * len(set(cells)) <= len(cells)]
        many = [name for name in staged.columns if name not in few]
        counts = _in_one_pass(draft, staged, many, "approx_count_distinct({})")
        counts |= {name: _grouped(draft, staged, name) for name in few}
    return [counts[name] for name in staged.columns]


def _in_one_pass(draft: Draft, staged: StagedTable, columns: list[str], distinct: str) -> dict[str, tuple[int, int]]:
    counted: dict[str, tuple[int, int]] = {}
    for first in range(0, len(columns), _WIDE_COLUMNS):
        names = columns[first : first + _WIDE_COLUMNS]
        counts = ", ".join(
            f"count(*) FILTER ({name} <> ''), {distinct.format(name)} FILTER ({name} <> '')" for name in names
        )
        [row] = draft.rows(f"SELECT {counts} FROM {quoted(staged.table)}")
        counted |= dict(zip(names, zip(row[0::2], row[1::2], strict=True), strict=True))
    return counted


def _grouped(draft: Draft, staged: StagedTable, column: str) -> tuple[int, int]:
    [(n_filled, n_distinct)] = draft.rows(
        f"""SELECT CAST(coalesce(sum(n_rows), 0) AS BIGINT), count(*) FROM (
            SELECT {column}, count(*) AS n_rows FROM {quoted(staged.table)} GROUP BY 1) WHERE {column} <> ''"""
    )
    return n_filled, n_distinct


def _sample(draft: Draft, staged: StagedTable) -> list[tuple[str | None, ...]]:
    """Take rows spread evenly over the file, to learn which questions are worth asking of all rows."""
    every = max(1, staged.n_rows // _SAMPLE_ROWS)
    spread = f"ragged IS NULL AND line % {every} = 0 ORDER BY line LIMIT {2 * _SAMPLE_ROWS}"
    return wide_rows(draft, staged.columns, f"FROM {quoted(staged.table)} WHERE {spread}")
