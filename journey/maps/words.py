"""What customers say at each stage."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from journey.language import _, signed
from journey.maps.document import Cell, Evidence, Lane, Tone

_LONGEST = 110


def word_lane(quotes: pd.DataFrame) -> Lane:
    """Quote per stage the comment chosen for it; the feeling is left out where it is not told."""
    return Lane("words", _("In their words"), tuple(_quoted(row) for row in quotes.to_dict("records")))


def _quoted(said: dict[Hashable, Any]) -> Cell:
    emotion = said.get("emotion", float("nan"))
    tone: Tone = "good" if emotion > 0 else "bad" if emotion < 0 else ""
    return Cell(
        str(said["stage"]),
        _("“{comment}”").format(comment=_cut(str(said["comment"]))),
        tone=tone,
        n=1,
        base=_base(said),
        evidence=Evidence("emotions", (("by", "stage"), ("stage", str(said["stage"])))),
    )


def _base(said: dict[Hashable, Any]) -> str:
    if pd.isna(said["touchpoint"]):
        return _("one customer")
    if "emotion" not in said:
        return _("one customer at {touchpoint}").format(touchpoint=said["touchpoint"])
    is_known = not pd.isna(said["emotion"])
    feeling = _("felt {emotion}").format(emotion=signed(said["emotion"])) if is_known else _("feeling unknown")
    return _("one customer at {touchpoint}, {feeling}").format(touchpoint=said["touchpoint"], feeling=feeling)


def _cut(comment: str) -> str:
    comment = " ".join(comment.split())
    return comment if len(comment) <= _LONGEST else comment[: _LONGEST - 1].rstrip() + "…"
