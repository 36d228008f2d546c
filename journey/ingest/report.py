"""What an import did, to be read by people and kept beside the dataset."""

from __future__ import annotations

import json
from collections.abc import Mapping as Given
from dataclasses import asdict, dataclass
from typing import Any

from journey.language import _, listed, number, percent


@dataclass(frozen=True)
class TakenFile:
    """A file that went in: its name as the person knows it, the hash of its content, its rows."""

    name: str
    sha256: str
    rows: int


@dataclass(frozen=True)
class ImportReport:
    """The account of an import: `rows_in = rows_kept + rows_set_aside + rows_skipped`, always.

    `set_aside` and `skipped` count rows by reason (codes; `reason_words` says them); shares are of the kept
    interactions; `columns` tells what each column was taken as; `stage_words` and `emotion_words` say where stages and
    feelings come from; `notes` are whole sentences, these two among them.
    """

    files: tuple[TakenFile, ...]
    rows_in: int
    rows_kept: int
    set_aside: Given[str, int]
    skipped: Given[str, int]
    customers: int
    first: str
    last: str
    columns: Given[str, str]
    stage_source: str
    stages: tuple[str, ...]
    share_staged: float
    share_scored: float
    score_kind: str | None
    duplicate_lines: int
    stage_words: str
    emotion_words: str
    notes: tuple[str, ...]

    @property
    def rows_set_aside(self) -> int:
        return sum(self.set_aside.values())

    @property
    def rows_skipped(self) -> int:
        return sum(self.skipped.values())

    def to_json(self) -> str:
        sums = {"rows_set_aside": self.rows_set_aside, "rows_skipped": self.rows_skipped}
        return json.dumps(asdict(self) | sums, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> ImportReport:
        held: dict[str, Any] = json.loads(text)
        for computed in ("rows_set_aside", "rows_skipped"):
            del held[computed]
        held["files"] = tuple(TakenFile(**file) for file in held["files"])
        held |= {name: tuple(held[name]) for name in ("stages", "notes")}
        return cls(**held)


def reason_words(reason: str) -> str:
    """Say why a row was set aside or skipped."""
    return {
        "ragged": _("another number of cells than the header"),
        "no_customer": _("no customer"),
        "no_time": _("no time"),
        "unreadable_time": _("a time that can't be read, or is not written like the others in its column"),
        "no_touchpoint": _("no touchpoint"),
        "duplicate": _("repeats an earlier line in every cell"),
    }[reason]


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


def not_stitched() -> str:
    return _("Identities are not stitched yet: one id is one customer.")
