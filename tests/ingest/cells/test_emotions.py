"""Answers on a scale become an emotion on −2 … +2; what is unknown stays unknown."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

import journey
from journey.engine import Draft
from journey.ingest.cells.amounts import amount_column, amount_sql
from journey.ingest.cells.emotions import ScoreColumn, kind_of, score_column


def felt(**columns: list[Any]) -> tuple[list[float | None], dict[str, Any]]:
    """Emotions of interactions with these columns beside who, when and what; and the report."""
    n_rows = len(next(iter(columns.values())))
    rows = pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(n_rows)],
            "timestamp": [f"2025-01-{i + 1:02d}" for i in range(n_rows)],
            "touchpoint": "home",
        }
        | columns
    )
    dataset = journey.load(rows)
    steps = dataset.engine.run("emotions", lambda: dataset.engine.table("steps").order_by("timestamp"))
    return steps.column("emotion").to_pylist(), dict(dataset.report)


@pytest.mark.parametrize(
    ("header", "answers", "emotions"),
    [
        ("NPS", [0, 6, 9, 10], [-2, -0.4, 1.2, 2]),
        ("nps_score", [7, 8, 0], [-2 / 15, 0.4, -2]),
        ("csat", [1, 3, 5], [-2, 0, 2]),
        ("stars", [2, 4, 5], [-1, 1, 2]),
        ("rating", [1, 10, 5.5], [-2, 2, 0]),
        ("CES score", [1, 4, 7], [-2, 0, 2]),
        ("thumbs rating", [0, 1, 1], [-2, 2, 2]),
        ("satisfaction", [0, 50, 100], [-2, 0, 2]),
        ("sentiment", [-1, 0.5, 0], [-2, 1, 0]),
        ("score", [0, 10, 6], [-2, 2, -0.4]),
    ],
)
def test_a_score_is_put_on_the_common_scale(header: str, answers: list[float], emotions: list[float]) -> None:
    found, _report = felt(**{header: answers})
    assert found == pytest.approx(emotions)


def test_each_row_may_name_its_scale() -> None:
    found, report = felt(score=[9, 5, 5, 5, None], score_kind=["NPS", "CSAT", "marks", None, "NPS"])
    assert found == pytest.approx([1.2, 2, None, None, None], nan_ok=True)
    assert report["share_scored"] == 0.4


def test_no_answer_is_no_emotion_and_never_zero() -> None:
    found, report = felt(nps=[0, None, 10, None])
    assert found == [-2, None, 2, None]
    assert report["share_scored"] == 0.5


def test_an_answer_outside_its_scale_is_unknown() -> None:
    assert felt(score=[5, 11], score_kind=["nps", "nps"])[0] == pytest.approx([-2 / 3, None], nan_ok=True)


def test_a_scale_nobody_can_know_makes_no_emotion_and_says_so() -> None:
    found, report = felt(score=[250, 900, 3])
    assert found == [None, None, None]
    assert "scale" in report["emotion_words"]
    assert "unclear" in report["emotion_words"]


def test_an_emotion_given_on_our_scale_is_kept_and_one_beyond_it_is_not() -> None:
    assert felt(emotion=[-2, 0.5, 3])[0] == [-2, 0.5, None]


def test_a_given_emotion_wins_over_a_score() -> None:
    assert felt(emotion=[1, None], nps=[0, 10])[0] == [1, 2]


@pytest.mark.parametrize(
    ("header", "low", "high", "are_whole"),
    [
        ("ces", 1, 5, True),
        ("effort score", 0, 10, True),
        ("nps", -100, 100, True),
        ("rating", 0, 10, True),
        ("sentiment", 0, 1, True),
        ("score", 0, 5, True),
        ("score", 3, 900, True),
    ],
)
def test_a_scale_that_could_be_another_is_not_guessed(header: str, low: float, high: float, are_whole: bool) -> None:
    assert kind_of(header, low, high, are_whole=are_whole) is None


def test_scores_and_comments_stand_in_their_own_table() -> None:
    rows = pd.DataFrame(
        {
            "customer_id": ["a", "a", "b"],
            "timestamp": ["2025-01-01", "2025-01-02", "2025-01-03"],
            "touchpoint": ["home", "survey", "survey"],
            "nps": [None, 9, 3],
            "comment": [None, None, "too slow to be any fun"],
        }
    )
    comments = journey.load(rows).table("comments").order_by("timestamp").to_pyarrow().to_pylist()
    assert [(row["score"], row["score_kind"], row["comment"]) for row in comments] == [
        (9, "nps", None),
        (3, "nps", "too slow to be any fun"),
    ]


def answered(header: str, *cells: str) -> tuple[ScoreColumn, list[float | None]]:
    draft = Draft()
    draft.take("rows", pa.table({"line": range(len(cells)), "c0": list(cells)}))
    amount = amount_sql("c0", amount_column(draft, "rows", "c0"))
    found = score_column(draft, "rows", "c0", header, amount)
    values = draft.rows(f"SELECT {found.value_sql('c0', amount)} FROM rows ORDER BY line")  # noqa: S608
    draft.close()
    return found, [value for (value,) in values]


def test_feelings_in_words_and_faces_are_emotions() -> None:
    found, values = answered("sentiment", "very happy", "Happy", "neutral", "sad", "ANGRY", "😡", "👍", "n/a")
    assert (found.kind, values) == ("words", [2, 1, 0, -1, -2, -2, 1, None])
    assert [note.code for note in found.notes("sentiment")] == ["SENTIMENT_SCALE"]


def test_words_that_are_no_feelings_make_no_emotion() -> None:
    assert answered("sentiment", "red", "blue", "happy")[0].kind is None


def test_one_slip_does_not_change_the_scale() -> None:
    found, _values = answered("sentiment", *["1", "2", "3", "4", "5"] * 10, "50")
    assert (found.kind, found.low, found.high, found.n_outside) == ("stars", 1, 5, 1)
    assert "Answers outside it, which count as unknown: 1." in found.notes("sentiment")[0].text


def test_several_high_answers_are_no_slip() -> None:
    assert answered("score", *["1", "2", "3"] * 5, *["50"] * 5)[0].kind == "percent"


def test_sentiment_in_percent_runs_on_both_sides_of_zero() -> None:
    found, _values = answered("sentiment", "-40%", "30%", "-20%", "100%")
    assert found.kind == "balance"
