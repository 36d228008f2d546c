"""Answers on a scale become an emotion on −2 … +2; what is unknown stays unknown."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import journey
from journey.ingest.emotions import kind_of


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
    assert any("scale" in note and "unclear" in note for note in report["notes"])


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
