"""Answers on a scale become an emotion on −2 … +2."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from journey.engine import literal
from journey.ingest.aliases import normalised


@dataclass(frozen=True)
class Scale:
    """A kind of score: its lowest and highest answer, and the SQL of the emotion of answer `x`."""

    low: float
    high: float
    emotion: str


#: NPS follows its own bands: up to 6 below zero, 9 and 10 clearly above.
SCALES: Final[dict[str, Scale]] = {
    "nps": Scale(0, 10, "CASE WHEN x <= 7.5 THEN 2 * (x - 7.5) / 7.5 ELSE 2 * (x - 7.5) / 2.5 END"),
    "csat": Scale(1, 5, "x - 3"),
    "stars": Scale(1, 5, "x - 3"),
    "ces": Scale(1, 7, "2 * (x - 4) / 3"),
    "ten": Scale(1, 10, "2 * (x - 5.5) / 4.5"),
    "thumbs": Scale(0, 1, "2 * (2 * x - 1)"),
    "percent": Scale(0, 100, "2 * (x - 50) / 50"),
    "sentiment": Scale(-1, 1, "2 * x"),
}
#: What files call these kinds, by a word of the name.
_WORDS: Final[tuple[tuple[str, str], ...]] = (
    ("nps", "nps"), ("promoter", "nps"), ("csat", "csat"), ("satisfaction", "csat"), ("ces", "ces"), ("effort", "ces"),
    ("thumbs", "thumbs"), ("thumb", "thumbs"), ("percent", "percent"), ("ten", "ten"), ("star", "stars"),
    ("stars", "stars"), ("rating", "stars"), ("sentiment", "sentiment"), ("polarity", "sentiment"),
    ("compound", "sentiment"),
)  # fmt: skip


def kind_called(name: str) -> str | None:
    """Tell the kind of score from a name, a column's header or a cell that names the survey.

    >>> kind_called("NPS_SCORE"), kind_called("Star Rating"), kind_called("points")
    ('nps', 'stars', None)
    """
    words = normalised(name).split("_")
    return next((kind for word, kind in _WORDS if word in words), None)


def kind_of(header: str, low: float, high: float, *, are_whole: bool) -> str | None:
    """Tell the kind of a score column from its header, if the answers fit, else from the answers; None when unclear.

    An effort score up to 5 may be the older one that runs the other way, and a sentiment of 0 and 1 may be a yes or no:
    neither is guessed.
    """
    called = kind_called(header)
    is_yes_or_no = are_whole and (low, high) == (0, 1)
    if called == "sentiment" and low >= -1 and high <= 1:
        return None if is_yes_or_no else "sentiment"
    if is_yes_or_no and called != "nps":
        return "thumbs"
    if called == "nps":
        return "nps" if low >= 0 and high <= SCALES["nps"].high else None
    if called == "ces":
        return "ces" if low >= 1 and SCALES["csat"].high < high <= SCALES["ces"].high else None
    return _kind_by_answers(low, high, are_whole=are_whole, is_rating=called in ("csat", "stars"))


def _kind_by_answers(low: float, high: float, *, are_whole: bool, is_rating: bool) -> str | None:
    if low < 0:
        return "sentiment" if low >= -1 and high <= 1 else None
    if low >= 1 and high <= SCALES["stars"].high:
        return "stars"
    if high <= SCALES["ten"].high:
        # Only a zero tells a recommendation from a mark out of ten, and nobody gives a rating of zero.
        is_nps = low < 1 and are_whole and not is_rating and high > SCALES["stars"].high
        return "ten" if low >= 1 else "nps" if is_nps else None
    return "percent" if high <= SCALES["percent"].high else None


def emotion_sql(score: str, kind: str) -> str:
    """Write the SQL of the emotion; answers outside their scale and unknown kinds stay unknown."""
    cases = " ".join(
        f"WHEN {kind} = {literal(name)} AND {score} BETWEEN {scale.low} AND {scale.high} "
        f"THEN {scale.emotion.replace('x', score)}"
        for name, scale in SCALES.items()
    )
    return f"CASE {cases} END"
