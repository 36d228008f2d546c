"""Rows of tables with thousands of columns, asked for in pieces: the engine takes memory for each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from journey.engine import Draft

_COLUMNS_AT_ONCE = 50


def wide_rows(draft: Draft, cells: Sequence[str], tail: str) -> list[tuple[Any, ...]]:
    """Ask for cells, each written in SQL, of the rows that `tail` names: from where, which, and in which order."""
    pieces = [
        draft.rows(f"SELECT {', '.join(cells[first : first + _COLUMNS_AT_ONCE])} {tail}")
        for first in range(0, len(cells), _COLUMNS_AT_ONCE)
    ]
    if len(pieces) == 1:
        return pieces[0]
    return [tuple(chain.from_iterable(parts)) for parts in zip(*pieces, strict=True)]
