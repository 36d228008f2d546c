"""Answers on a scale become an emotion on −2 … +2."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from journey.engine import Draft, literal, quoted
from journey.ingest.aliases import normalised
from journey.ingest.cells.labels import tidy
from journey.ingest.told import Note
from journey.language import _, listed, number
from journey.vocabulary import EMOTION_HIGH, EMOTION_LOW


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
    "balance": Scale(-100, 100, "x / 50.0"),
    "words": Scale(EMOTION_LOW, EMOTION_HIGH, "x"),
}
#: Words and signs for feelings, by the emotion they stand for.
_FEELINGS: Final[dict[float, str]] = {
    2: """very_happy|delighted|love|loved|excellent|amazing|great|very_satisfied|very_good|very_positive|joy|excited
        |strongly_agree|extremely_satisfied|foarte_mulțumit|foarte_fericit|sehr_zufrieden|😍|😁|😄|😀|🤩|🥰|😃|❤️|❤""",
    1: """happy|good|satisfied|positive|pleased|like|liked|glad|agree|somewhat_satisfied|mulțumit|fericit|pozitiv|bun
        |zufrieden|gut|positiv|satisfait|positif|contento|satisfecho|positivo|👍|🙂|😊|😌|☺️|☺|+""",
    0: """neutral|ok|okay|mixed|neither|average|indifferent|so-so|neither_agree_nor_disagree|neutru|neutre|neutro|😐|😶
        |😑|🤷""",
    -1: """sad|bad|unhappy|dissatisfied|negative|disappointed|annoyed|frustrated|poor|disagree|confused|worried
        |somewhat_dissatisfied|nemulțumit|trist|negativ|rău|unzufrieden|schlecht|insatisfait|négatif|negativo|👎|🙁
        |😕|😞|😟|😔|☹️|☹""",
    -2: """angry|very_sad|very_unhappy|very_dissatisfied|very_bad|very_negative|terrible|awful|horrible|furious|hate
        |hated|strongly_disagree|extremely_dissatisfied|foarte_nemulțumit|furios|nervos|sehr_unzufrieden|wütend
        |😠|😡|🤬|😢|😭|🤮""",
}
_EMOTION_CALLED: Final = {
    word.strip().replace("_", " "): emotion for emotion, words in _FEELINGS.items() for word in words.split("|")
}
_MOST_WORDS: Final = 50
_MOST_ANSWERS: Final = 1_000
#: Few answers that lie far outside those of all others are slips, and say nothing about the scale.
_SLIPS_SHARE: Final = 0.05
_FAR: Final = 2.0


@dataclass(frozen=True)
class ScoreColumn:
    """What the answers of a column are: their scale (None when unclear), and what lies outside it.

    `words` are the words answered in, each with its emotion; empty where the answers are numbers.
    """

    kind: str | None
    low: float | None = None
    high: float | None = None
    n_outside: int = 0
    words: tuple[tuple[str, float], ...] = ()

    def value_sql(self, column: str, amount: str) -> str:
        """Write the SQL of an answer as a number; `amount` is that of a cell that holds a number."""
        if not self.words:
            return amount
        cases = " ".join(f"WHEN {literal(word)} THEN {emotion}" for word, emotion in self.words)
        return f"CASE {quoted(column)} {cases} END"

    def notes(self, header: str) -> list[Note]:
        """Say on which scale the answers were read."""
        if self.kind is None or self.low is None or self.high is None:
            return []
        if self.words:
            shown = [f"“{word}” = {number(emotion)}" for word, emotion in self.words]
            text = _("The words in “{column}” were read as emotions from −2 to +2: {words}.")
            return [Note("SENTIMENT_SCALE", text.format(column=header, words=listed(shown, at_most=6)))]
        scale = SCALES[self.kind]
        text = _("The answers in “{column}” were read on a scale from {low} to {high} and put on −2 to +2.")
        said = text.format(column=header, low=number(scale.low), high=number(scale.high))
        if self.n_outside:
            said += " " + _("Answers outside it, which count as unknown: {n}.").format(n=number(self.n_outside))
        return [Note("SENTIMENT_SCALE", said)]


def score_column(draft: Draft, table: str, column: str, header: str, amount: str) -> ScoreColumn:
    """Find the scale of a column of answers, over all its rows; `amount` is the SQL of a cell as a number."""
    cell = quoted(column)
    answers = draft.rows(
        f"""SELECT score, count(*) FROM (SELECT {amount} AS score FROM {quoted(table)} WHERE {cell} <> '')
        WHERE score IS NOT NULL GROUP BY 1 ORDER BY 1"""
    )
    if not answers:
        return _in_words(draft, table, column)
    low, high, n_outside = _without_slips(answers)
    are_whole = all(score == round(score) for score, _n in answers if low <= score <= high)
    return ScoreColumn(kind_of(header, low, high, are_whole=are_whole), low, high, n_outside)


def _without_slips(answers: Sequence[tuple[float, int]]) -> tuple[float, float, int]:
    """Tell the lowest and the highest answer, a few leaving out that lie far beyond the next ones."""
    n_answers = sum(n for _score, n in answers)
    kept, n_outside = list(answers), 0
    while len(kept) > 2 and len(answers) <= _MOST_ANSWERS:
        last, before = kept[-1][0], max(abs(kept[0][0]), abs(kept[-2][0]))
        n_outside += kept[-1][1]
        if last < _FAR * before or n_outside > _SLIPS_SHARE * n_answers:
            n_outside -= kept[-1][1]
            break
        kept.pop()
    return kept[0][0], kept[-1][0], n_outside


def _in_words(draft: Draft, table: str, column: str) -> ScoreColumn:
    cell = quoted(column)
    written = draft.rows(
        f"SELECT {cell}, count(*) FROM {quoted(table)} WHERE {cell} <> '' GROUP BY 1 ORDER BY 1 LIMIT {_MOST_WORDS + 1}"
    )
    told = [(word, n, _EMOTION_CALLED.get(name.casefold())) for word, n in written if (name := tidy(word)) is not None]
    known = tuple((word, emotion) for word, _n, emotion in told if emotion is not None)
    n_unknown = sum(n for _word, n, emotion in told if emotion is None)
    n_known = sum(n for _word, n, emotion in told if emotion is not None)
    if len(written) > _MOST_WORDS or not known or n_unknown > n_known:
        return ScoreColumn(None)
    emotions = [emotion for _word, emotion in known]
    return ScoreColumn("words", min(emotions), max(emotions), n_unknown, known)


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
    if called == "sentiment" and SCALES["balance"].low <= low < -1 and high <= SCALES["balance"].high:
        # −5 … +5 is a scale, too.
        return "balance" if max(-low, high) > SCALES["ten"].high else None
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
