from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import pytest

from journey.charts.emotions import emotion_alt, emotion_chart
from tests.charts.test_escaping import HOSTILE


@pytest.fixture
def curve() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "touchpoint": ["shop", "phone", "forum", "poster"],
            "emotion": [0.5, -1.2, 1.0, None],
            "low": [0.4, -1.5, None, None],
            "high": [0.6, -0.9, None, None],
            "n_scored": [90, 60, 1, 0],
            "customers_scored": [80, 40, 1, 0],
        }
    )


def many(n: int) -> pd.DataFrame:
    """Places 0 … n−1, the later ones with more answers and better felt."""
    told = {"touchpoint": [f"p{place}" for place in range(n)], "emotion": [place / n for place in range(n)]}
    return pd.DataFrame(told | {"low": 0.0, "high": 1.0, "n_scored": range(1, n + 1), "customers_scored": 50})


def test_places_without_an_order_are_rows_from_the_worst_to_the_best(curve: pd.DataFrame) -> None:
    figure = go.Figure(emotion_chart(curve, by="touchpoint"))
    assert list(figure.layout.yaxis.ticktext) == ["phone", "shop", "forum"]
    assert {trace.mode for trace in figure.data} == {"markers"}
    assert list(figure.data[0].x) == [0.5, -1.2, 1.0]
    assert list(figure.data[0].y) == [1, 0, 2]


def test_intervals_are_drawn_where_they_are_known(curve: pd.DataFrame) -> None:
    bars = go.Figure(emotion_chart(curve, by="touchpoint")).data[0].error_x
    assert bars.array == pytest.approx([0.1, 0.3, 0.0])
    assert bars.arrayminus == pytest.approx([0.1, 0.3, 0.0])


def test_places_with_few_customers_are_hollow_and_pale(curve: pd.DataFrame) -> None:
    marker = go.Figure(emotion_chart(curve, by="touchpoint")).data[0].marker
    assert list(marker.symbol) == ["circle", "circle", "circle-open"]
    assert marker.color[0] == marker.color[1] != marker.color[2]


def test_each_row_says_its_value_and_base_and_unknown_ones_are_counted_not_drawn(curve: pd.DataFrame) -> None:
    layout = go.Figure(emotion_chart(curve, by="touchpoint")).layout
    assert [note.text for note in layout.annotations] == ["−1.2 · n 40", "+0.5 · n 80", "+1.0 · n 1"]
    assert layout.title.text == "1 without any answer."


def test_of_many_places_those_with_most_answers_are_drawn_and_the_rest_is_said() -> None:
    layout = go.Figure(emotion_chart(many(35), by="touchpoint")).layout
    assert layout.yaxis.ticktext[0] == "p5"
    assert len(layout.yaxis.ticktext) == 30
    assert layout.title.text == "The 30 with most answers; 5 more in the table."
    assert layout.height > go.Figure(emotion_chart(many(5), by="touchpoint")).layout.height


def test_broken_down_each_value_is_a_colour_beside_the_others(curve: pd.DataFrame) -> None:
    both = pd.concat([curve.assign(value="a"), curve.assign(value="b")])
    figure = go.Figure(emotion_chart(both, by="touchpoint", breakdown="value"))
    assert [trace.name for trace in figure.data] == ["a", "b"]
    assert figure.data[0].y[0] < 1 < figure.data[1].y[0]
    assert figure.layout.showlegend


def test_hostile_places_are_text_and_long_ones_are_cut(curve: pd.DataFrame) -> None:
    hostile = curve.assign(touchpoint=[HOSTILE, "x" * 60, "b", "c"])
    figure = go.Figure(emotion_chart(hostile, by="touchpoint"))
    assert not any("<b>" in label for label in figure.layout.yaxis.ticktext)
    assert max(map(len, figure.layout.yaxis.ticktext[:1])) == 26
    assert "x" * 60 in figure.data[0].customdata[1]


def test_nothing_scored_is_no_error(curve: pd.DataFrame) -> None:
    silent = curve.assign(emotion=float("nan"))
    assert list(go.Figure(emotion_chart(silent, by="touchpoint")).layout.yaxis.ticktext) == []
    assert list(go.Figure(emotion_chart(curve.iloc[:0], by="touchpoint")).layout.yaxis.ticktext) == []


def test_the_alternative_names_only_some_of_many_unknown_places() -> None:
    known = many(2).assign(customers_scored=50)
    silent = many(20).assign(emotion=None, touchpoint=[f"q{place}" for place in range(20)])
    assert emotion_alt(pd.concat([known, silent]), by="touchpoint").endswith("q7 and 12 more.")


def test_broken_down_fewer_places_are_drawn_so_that_the_picture_stays_a_picture() -> None:
    both = pd.concat([many(35).assign(value="a"), many(35).assign(value="b")])
    layout = go.Figure(emotion_chart(both, by="touchpoint", breakdown="value")).layout
    assert layout.title.text == "The 12 with most answers; 23 more in the table."
