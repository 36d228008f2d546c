"""Which currencies the rows of a table say they are in: every row is asked, because one of another kind spoils sums."""

from __future__ import annotations

from typing import Final

from journey.engine import Draft, quoted
from journey.ingest.aliases import normalised
from journey.ingest.cells.amounts import CURRENCIES
from journey.ingest.files.staging import StagedTable

_HEADERS: Final = ("currency", "currency_code")


def currencies_beside(draft: Draft, staged: StagedTable) -> tuple[str, ...]:
    """Name the currencies in the column of a table that says them for each row."""
    codes: set[str] = set()
    for header, column in zip(staged.header, staged.columns, strict=True):
        if normalised(header) in _HEADERS:
            said = f"SELECT DISTINCT upper(trim({column})) FROM {quoted(staged.table)} WHERE {column} <> ''"
            found = draft.rows(said)
            codes |= {code for (code,) in found} & set(CURRENCIES)
    return tuple(sorted(codes))
