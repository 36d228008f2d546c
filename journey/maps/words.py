"""What customers say at each stage."""

from __future__ import annotations

import pandas as pd

from journey.analysis.emotions import quotes
from journey.dataset import Dataset
from journey.language import _, signed
from journey.maps.document import Cell, Evidence, Lane, Tone
from journey.maps.titles import stages_that_lose
from journey.vocabulary import FEELINGS

#: From here on a mean feeling is called good.
_GOOD_FROM = next(low for low, word, _face in FEELINGS if word == "good")
_LONGEST = 110
#: One question brings quotes for most stages; only a stage that is not among these is asked for by itself.
_N_QUOTES = 500


def word_lane(dataset: Dataset, strip: pd.DataFrame) -> Lane:
    """Quote per stage one comment with a strong feeling: a bad one where it hurts or feels mixed, else a good one."""
    losing = set(stages_that_lose(strip)["stage"])
    is_sore = {
        str(row["stage"]): row["stage"] in losing or not row["emotion"] >= _GOOD_FROM
        for row in strip.to_dict("records")
    }
    strongest = {low: quotes(dataset, n_quotes=_N_QUOTES, low=low) for low in set(is_sore.values())}
    cells = [cell for stage, low in is_sore.items() for cell in _quoted(dataset, strongest[low], stage, low)]
    return Lane("words", _("In their words"), tuple(cells))


def _quoted(dataset: Dataset, strongest: pd.DataFrame, stage: str, low: bool) -> list[Cell]:
    found = strongest[strongest["stage"] == stage]
    if found.empty and len(strongest) == _N_QUOTES:
        found = quotes(dataset, stage=stage, low=low)
    if found.empty:
        return []
    said = found.iloc[0]
    is_known = bool(pd.notna(said["emotion"]))
    feeling = _("felt {emotion}").format(emotion=signed(said["emotion"])) if is_known else _("feeling unknown")
    tone: Tone = ("good" if said["emotion"] > 0 else "bad" if said["emotion"] < 0 else "") if is_known else ""
    cell = Cell(
        stage,
        _("“{comment}”").format(comment=_cut(str(said["comment"]))),
        tone=tone,
        n=1,
        base=_("one customer at {touchpoint}, {feeling}").format(touchpoint=said["touchpoint"], feeling=feeling),
        evidence=Evidence("emotions", (("by", "stage"), ("stage", stage))),
    )
    return [cell]


def _cut(comment: str) -> str:
    comment = " ".join(comment.split())
    return comment if len(comment) <= _LONGEST else comment[: _LONGEST - 1].rstrip() + "…"
