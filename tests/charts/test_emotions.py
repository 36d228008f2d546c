from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import pytest

from journey.charts.emotions import emotion_alt, emotion_chart


@pytest.fixture
def curve() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "stage": ["awareness", "consideration", "purchase", "retention"],
            "emotion": [0.5, None, -1.2, 1.0],
            "low": [0.4, None, -1.5, 0.5],
            "high": [0.6, None, -0.9, 1.5],
            "n_scored": [90, 0, 60, 10],
            "customers_scored": [80, 0, 40, 8],
            "is_peak": [False, False, True, False],
            "is_end": [False, False, True, False],
        }
    )


def test_the_curve_is_open_where_nothing_is_known(curve: pd.DataFrame) -> None:
    figure = go.Figure(emotion_chart(curve))
    line = figure.data[-1]
    assert list(line.y) == [0.5, None, -1.2, 1.0]
    assert line.connectgaps is False
    assert [note.text for note in figure.layout.annotations][1] == "unknown"


def test_peak_and_end_are_marked_with_their_base(curve: pd.DataFrame) -> None:
    texts = [note.text for note in go.Figure(emotion_chart(curve)).layout.annotations]
    assert texts[2] == "<b>peak and end</b><br>−1.2 · n 40"
    assert texts[3] == "+1.0 · n 8"


def test_the_hover_says_answers_and_customers(curve: pd.DataFrame) -> None:
    said = go.Figure(emotion_chart(curve)).data[-1].customdata[0]
    assert said == "Awareness: +0.50 [+0.40, +0.60], 90 answers of 80 customers"


def test_few_answers_are_drawn_hollow(curve: pd.DataFrame) -> None:
    assert list(go.Figure(emotion_chart(curve)).data[-1].marker.symbol)[-1] == "circle-open"


def test_the_alternative_leaves_few_answers_out(curve: pd.DataFrame) -> None:
    assert emotion_alt(curve) == (
        "Lowest at Purchase (−1.2, 40 customers), highest at Awareness (+0.5, 80 customers). Unknown: Consideration."
    )


def test_too_few_answers_everywhere_are_said(curve: pd.DataFrame) -> None:
    assert emotion_alt(curve.assign(customers_scored=3)).startswith("Nowhere did at least 30 customers answer")


def test_each_value_has_a_line_in_its_own_colour(curve: pd.DataFrame) -> None:
    both = pd.concat([curve.assign(value="a"), curve.assign(value="b")])
    lines = [trace for trace in go.Figure(emotion_chart(both, breakdown="value")).data if trace.name]
    assert [line.name for line in lines] == ["a", "b"]
    assert len({line.line.color for line in lines}) == 2


def test_an_empty_curve_is_no_error(curve: pd.DataFrame) -> None:
    assert go.Figure(emotion_chart(curve.iloc[:0])).layout.annotations == ()


def test_groups_that_are_not_drawn_are_counted(curve: pd.DataFrame) -> None:
    many = pd.concat([curve.assign(value=str(number)) for number in range(10)])
    notes = go.Figure(emotion_chart(many, breakdown="value")).layout.annotations
    assert [note.text for note in notes] == ["and 2 more in the table"]
