"""What the import would do with a file, before it does it: to be shown, corrected and confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from journey.ingest.mapping import Mapping
from journey.language import _
from journey.vocabulary import NEEDED_ROLES


@dataclass(frozen=True)
class ColumnProposal:
    """A column, the role it would have and why. `n_distinct` is an estimate in files above 50,000 rows."""

    header: str
    role: str
    reason: str
    examples: tuple[str, ...]
    share_filled: float
    n_distinct: int


@dataclass(frozen=True)
class Choice:
    """One possible answer: the value it puts into the mapping, and how the file reads then."""

    value: Any
    words: str
    preview: str


@dataclass(frozen=True)
class Question:
    """Something the file does not show; `setting` is the field of the mapping that holds the answer."""

    setting: str
    text: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Proposal:
    """A file as it was understood.

    `notes` are whole sentences about what was found; `facts` are pairs of words (encoding, separator, …);
    `first_rows` are the cells of the first rows in the order of `columns`; `missing_roles` are the needed ones that no
    column was found for; `currencies` were found in the amounts.
    """

    file_name: str
    n_rows: int
    columns: tuple[ColumnProposal, ...]
    first_rows: tuple[tuple[str, ...], ...]
    mapping: Mapping
    sentence: str
    facts: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    currencies: tuple[str, ...] = ()

    @property
    def missing_roles(self) -> tuple[str, ...]:
        return tuple(role for role in NEEDED_ROLES if self.mapping.column(role) is None)

    @property
    def is_certain(self) -> bool:
        """Nothing has to be chosen or answered before the dataset can be built."""
        return not self.missing_roles and not self.questions


def role_words(role: str) -> str:
    """Name a role as a person would."""
    return {
        "customer_id": _("the customer"),
        "timestamp": _("the time"),
        "touchpoint": _("the touchpoint"),
        "channel": _("the channel"),
        "ownership": _("the ownership"),
        "stage": _("the stage"),
        "device": _("the device"),
        "campaign": _("the campaign"),
        "revenue": _("the revenue"),
        "emotion": _("the emotion"),
        "score": _("the score"),
        "score_kind": _("the kind of score"),
        "comment": _("the comment"),
        "attribute": _("an attribute of the customer"),
        "ignore": _("not used"),
    }[role]
