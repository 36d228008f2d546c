"""What the import would do with a file, before it does it: to be shown, corrected and confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from journey.ingest.mapping import Mapping
from journey.ingest.recipe import Recipe
from journey.ingest.told import Note
from journey.language import _


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
    """Something a table does not show; `setting` is the entry of its mapping that holds the answer."""

    setting: str
    text: str
    choices: tuple[Choice, ...]
    #: The place of the table it is about.
    place: int = 0
    code: str = "AMBIGUOUS"
    #: Left open, something stays unknown, and that is told; nothing is read wrongly.
    is_optional: bool = False


@dataclass(frozen=True)
class TableProposal:
    """A table as it was understood.

    `label` says what export it looks like, where it was recognised; `facts` are pairs of words (encoding, separator,
    …); `first_rows` are the cells of the first rows in the order of `columns`.
    """

    name: str
    n_rows: int
    label: str | None
    columns: tuple[ColumnProposal, ...]
    first_rows: tuple[tuple[str, ...], ...]
    sentence: str
    facts: tuple[tuple[str, str], ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """Files as they were understood: their tables in the order of `recipe.tables`, and what has to be asked.

    `currencies` were found in the amounts.
    """

    name: str
    tables: tuple[TableProposal, ...]
    recipe: Recipe
    questions: tuple[Question, ...] = ()
    currencies: tuple[str, ...] = ()

    @property
    def main(self) -> TableProposal:
        """The table that holds the interactions, or that is nearest to it."""
        return self.tables[self.recipe.main]

    @property
    def missing_roles(self) -> tuple[str, ...]:
        return self.recipe.missing_roles

    @property
    def notes(self) -> tuple[Note, ...]:
        return tuple(note for table in self.tables for note in table.notes)

    def unanswered(self, recipe: Recipe) -> list[Question]:
        """List the questions that a recipe leaves open."""
        return [
            question
            for question in self.questions
            if not question.is_optional and not _is_answered(recipe.tables[question.place], question.setting)
        ]

    @property
    def is_certain(self) -> bool:
        """Nothing has to be chosen or answered before the dataset can be built."""
        return self.recipe.is_complete and not self.unanswered(self.recipe)


def _is_answered(table: Mapping, setting: str) -> bool:
    if setting == "moments":
        return bool(table.moments) or table.taken is not None
    return getattr(table, setting) is not None


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
        "identity": _("another id of the customer"),
        "source": _("the source"),
        "medium": _("the medium"),
        "referrer": _("the page that linked here"),
        "cost": _("the cost"),
        "attribute": _("an attribute of the customer"),
        "ignore": _("not used"),
    }[role]


def kind_words(kind: str) -> str:
    """Say what the rows of a table are."""
    return {
        "interactions": _("interactions, one per row"),
        "feedback": _("answers of customers"),
        "customers": _("a table of customers, one per row"),
        "spend": _("marketing spend"),
        "touchpoints": _("a count of touchpoints"),
        "unused": _("not used"),
    }[kind]
