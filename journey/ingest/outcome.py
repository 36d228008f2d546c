"""What became of each table of an import."""

from __future__ import annotations

from dataclasses import dataclass

from journey.ingest.clean import Cleaned
from journey.ingest.files.staging import StagedTable
from journey.ingest.mapping import Mapping
from journey.ingest.told import Note


@dataclass(frozen=True)
class TableOutcome:
    """A table, what it was taken as, and, when its rows are interactions, what cleaning them found."""

    staged: StagedTable
    mapping: Mapping
    cleaned: Cleaned | None
    #: Columns with personal data, and the kind of them.
    personal: tuple[tuple[str, str], ...] = ()
    #: What there is to tell about its ids.
    id_notes: tuple[Note, ...] = ()

    @property
    def typed(self) -> str:
        """Name the table of its typed rows."""
        return "" if self.cleaned is None else self.cleaned.typed
