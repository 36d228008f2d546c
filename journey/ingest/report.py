"""What an import did, to be read by people and kept beside the dataset."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping as Given
from dataclasses import asdict, dataclass
from typing import Any

from journey.ingest.names.stage_choice import StageRow
from journey.ingest.told import Note
from journey.language import _, listed, number, percent


@dataclass(frozen=True)
class TakenFile:
    """A file that went in: its name as the person knows it, the hash of its content, its rows."""

    name: str
    sha256: str
    rows: int


@dataclass(frozen=True)
class IdentityReport:
    """How ids became customers: ids by kind, and what joined, what did not and why, in sentences."""

    ids: Given[str, int]
    customers: int
    merged: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class TableReport:
    """The account of one table: `rows_in = rows_kept + rows set aside + rows skipped`, always.

    `export` names the export it was recognised as; `columns` tells what each column was taken as.
    """

    name: str
    kind: str
    export: str | None
    rows_in: int
    rows_kept: int
    set_aside: Given[str, int]
    skipped: Given[str, int]
    columns: Given[str, str]


@dataclass(frozen=True)
class ImportReport:
    """The account of an import: `rows_in = rows_kept + rows_set_aside + rows_skipped`, always, over all its tables.

    `set_aside` and `skipped` count rows by reason (codes; `reason_words` says them); a row may tell of several
    `interactions`; shares are of the interactions; `stage_words` and `emotion_words` say where stages and feelings come
    from; `notes` are whole sentences with their codes, these two among them.
    """

    files: tuple[TakenFile, ...]
    tables: tuple[TableReport, ...]
    interactions: int
    customers: int
    first: str
    last: str
    stage_source: str
    stages: tuple[str, ...]
    share_staged: float
    share_scored: float
    score_kind: str | None
    duplicate_lines: int
    stage_words: str
    emotion_words: str
    notes: tuple[Note, ...]
    touchpoints: tuple[StageRow, ...] = ()
    identity: IdentityReport | None = None

    @property
    def rows_in(self) -> int:
        return sum(table.rows_in for table in self.tables)

    @property
    def rows_kept(self) -> int:
        return sum(table.rows_kept for table in self.tables)

    @property
    def set_aside(self) -> dict[str, int]:
        return _summed(table.set_aside for table in self.tables)

    @property
    def skipped(self) -> dict[str, int]:
        return _summed(table.skipped for table in self.tables)

    @property
    def rows_set_aside(self) -> int:
        return sum(self.set_aside.values())

    @property
    def rows_skipped(self) -> int:
        return sum(self.skipped.values())

    def to_json(self) -> str:
        sums = {name: getattr(self, name) for name in _SUMS}
        return json.dumps(sums | asdict(self), ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> ImportReport:
        held: dict[str, Any] = json.loads(text)
        for computed in _SUMS:
            del held[computed]
        held["files"] = tuple(TakenFile(**file) for file in held["files"])
        held["tables"] = tuple(TableReport(**table) for table in held["tables"])
        held["notes"] = tuple(Note(**note) for note in held["notes"])
        held["touchpoints"] = tuple(StageRow(**each) for each in held["touchpoints"])
        held["identity"] = held["identity"] and IdentityReport(**held["identity"])
        held["stages"] = tuple(held["stages"])
        return cls(**held)


_SUMS = ("rows_in", "rows_kept", "set_aside", "skipped", "rows_set_aside", "rows_skipped")


def _summed(counts: Iterable[Given[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return dict(total.most_common())


def reason_words(reason: str) -> str:
    """Say why a row was set aside or skipped."""
    return {
        "ragged": _("another number of cells than the header"),
        "no_customer": _("no customer"),
        "no_time": _("no time"),
        "unreadable_time": _("a time that can't be read, or is not written like the others in its column"),
        "no_touchpoint": _("no touchpoint"),
        "duplicate": _("repeats an earlier line in every cell"),
        "repeated_id": _("a further row about the same customer"),
        "no_day_or_cost": _("no readable day or cost"),
        "unused": _("in a table that is not used"),
        "footer": _("a line below the table"),
        "totals": _("a line of totals"),
        "repeated_header": _("the header again"),
        "extra_header": _("a further header line"),
        "units": _("a line of units"),
        "rule": _("a line that is only drawn"),
        "blank": _("a blank line"),
        "group_row": _("a heading between the rows"),
        "preamble": _("a line above the table"),
        "second_table": _("in a second table of the file"),
        "heartbeat": _("only says that a page was still open"),
        "synthetic": _("made up by the tool itself"),
        "not_completed": _("begun and not completed"),
        "test_answer": _("a test answer"),
        "order_line": _("a further line of the same order"),
        "example": _("an example of the worksheet"),
        "already_here": _("already in the dataset"),
    }.get(reason, reason)


def rows_sentence(rows_in: int, rows_kept: int, set_aside: Given[str, int], skipped: Given[str, int]) -> str:
    """Say where all rows went."""
    parts = [_("{n} kept").format(n=number(rows_kept))]
    if n_aside := sum(set_aside.values()):
        reasons = listed([f"{number(n_rows)} × {reason_words(reason)}" for reason, n_rows in set_aside.items()])
        parts.append(_("{n} set aside ({reasons})").format(n=number(n_aside), reasons=reasons))
    if n_skipped := sum(skipped.values()):
        reasons = listed([reason_words(reason) for reason in skipped])
        parts.append(_("{n} skipped ({reasons})").format(n=number(n_skipped), reasons=reasons))
    return _("{n} rows were read: {parts}.").format(n=number(rows_in), parts=listed(parts))


def stage_sentence(source: str, share_staged: float, share_inferred: float | None) -> str:
    """Say where the stages come from."""
    if source == "given":
        return _("The stages are those of the file; {share} of the interactions have one.").format(
            share=percent(share_staged)
        )
    if source == "inferred":
        return _(
            "The file has no stages. They were inferred from the touchpoints’ names; "
            "{share} of the interactions have one."
        ).format(share=percent(share_staged))
    return _(
        "The file has no stages, and only {inferred} of the interactions could be given one by the touchpoint’s name. "
        "The touchpoints met by most customers stand in for stages, in the order in which customers meet them; "
        "{share} of the interactions are with one of them."
    ).format(inferred=percent(share_inferred or 0.0), share=percent(share_staged))
