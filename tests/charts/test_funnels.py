from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import pytest

from journey.charts.funnels import funnel_alt, funnel_chart
from tests.charts.test_escaping import HOSTILE


@pytest.fixture
def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "step": ["awareness", "consideration", "purchase"],
            "customers": [100, 60, 15],
            "from_previous": [0, 60, 15],
            "share_of_previous": [None, 0.6, 0.25],
            "low": [None, 0.5, 0.16],
            "high": [None, 0.69, 0.37],
            "still_open": [0, 10, 5],
            "lost": [0, 30, 40],
        }
    )


def named(figure: dict[str, object], name: str) -> go.Bar:
    return next(trace for trace in go.Figure(figure).data if trace.name == name)


def test_each_bar_adds_up_to_those_at_the_step_before(table: pd.DataFrame) -> None:
    figure = funnel_chart(table)
    parts = [named(figure, name).x for name in ("reach it", "still on their way", "lost")]
    assert [sum(step) for step in zip(*parts, strict=True)] == [100, 100, 60]


def test_the_whiskers_are_the_interval_in_customers(table: pd.DataFrame) -> None:
    whiskers = go.Figure(funnel_chart(table)).data[-1].error_x
    assert whiskers.array == pytest.approx([0, 9, 0.12 * 60])
    assert whiskers.arrayminus == pytest.approx([0, 10, 0.09 * 60])


def test_shares_name_their_base(table: pd.DataFrame) -> None:
    assert [tick.split(">")[-2] for tick in named(funnel_chart(table), "reach it").y] == [
        "100</span",
        "60 · 60 % of before</span",
        "15 · 25 % of before</span",
    ]


def test_with_open_entry_those_who_enter_here_are_shown_apart(table: pd.DataFrame) -> None:
    figure = funnel_chart(table.assign(customers=[100, 80, 15]))
    assert list(named(figure, "enter here").x) == [0, 20, 0]
    assert funnel_alt(table.assign(customers=[100, 80, 15])).startswith("100 customers at Awareness, 15 at Purchase.")


def test_the_alternative_says_where_most_are_lost(table: pd.DataFrame) -> None:
    assert funnel_alt(table) == (
        "15 of 100 customers at Awareness reach Purchase (15 %). "
        "Most are lost before Purchase: 40, while 25 % of those before come. 15 are still on their way."
    )


def test_nobody_at_the_first_step_is_said(table: pd.DataFrame) -> None:
    assert funnel_alt(table.assign(customers=0)) == "Nobody reaches the first step."
    assert funnel_alt(table.iloc[:0]) == "Nobody reaches the first step."


def test_groups_keep_their_colour_when_one_is_missing(table: pd.DataFrame) -> None:
    both = pd.concat([table.assign(value="a"), table.assign(value="b")])
    drawn = go.Figure(funnel_chart(both, breakdown="value", values=["a", "b"])).data
    only = go.Figure(funnel_chart(both[both["value"] == "b"], breakdown="value", values=["a", "b"])).data
    assert drawn[1].error_x.color == only[0].error_x.color


def test_groups_with_few_customers_are_drawn_hollow(table: pd.DataFrame) -> None:
    few = table.assign(value="a", customers=[100, 20, 5])
    assert list(go.Figure(funnel_chart(few, breakdown="value")).data[0].marker.symbol) == ["circle", "circle-open"]


def test_groups_are_told_by_how_many_come_through(table: pd.DataFrame) -> None:
    both = pd.concat([table.assign(value="a"), table.assign(value="b", customers=[20, 10, 9])])
    assert funnel_alt(both, breakdown="value") == "Reach the last step from the first: a 15 %."


def test_a_hostile_step_is_text(table: pd.DataFrame) -> None:
    hostile = table.assign(step=[HOSTILE, "b", "c"])
    assert "<b>" not in named(funnel_chart(hostile), "reach it").y[0]
    labels = go.Figure(funnel_chart(hostile.assign(value=HOSTILE), breakdown="value"))
    assert "<b>" not in labels.data[0].name


def test_groups_that_are_not_drawn_are_counted(table: pd.DataFrame) -> None:
    many = pd.concat([table.assign(value=str(number)) for number in range(10)])
    figure = go.Figure(funnel_chart(many, breakdown="value"))
    assert len(figure.data) == 8
    assert [note.text for note in figure.layout.annotations] == ["and 2 more in the table"]
    few = go.Figure(funnel_chart(many[many["value"] < "8"], breakdown="value"))
    assert few.layout.annotations == ()


def test_what_is_not_told_of_a_step_is_a_dash_and_not_drawn(table: pd.DataFrame) -> None:
    counts = ["customers", "from_previous", "share_of_previous", "low", "high", "still_open"]
    told = table.astype(dict.fromkeys(["lost", *counts], "float64"))
    told.loc[2, counts] = None
    figure = funnel_chart(told)
    assert [list(named(figure, name).x)[2] for name in ("reach it", "still on their way", "lost")] == [None] * 3
    assert "–" in named(figure, "reach it").y[2]
    assert funnel_alt(told) == (
        "60 of 100 customers at Awareness reach Consideration (60 %). Most are lost before Consideration: 30, while "
        "60 % of those before come."
    )


def test_a_first_step_that_is_not_told_tells_nothing(table: pd.DataFrame) -> None:
    told = table.astype({"customers": "float64"})
    told.loc[0, "customers"] = None
    assert funnel_alt(told) == "Too few customers to tell who gets how far."


def test_groups_whose_last_step_is_not_told_are_not_compared_by_an_earlier_one(table: pd.DataFrame) -> None:
    told = pd.concat([table.assign(value="here"), table.assign(value="there")], ignore_index=True)
    told = told.astype({"customers": "float64"})
    told.loc[2, "customers"] = None
    assert funnel_alt(told, breakdown="value") == "Reach the last step from the first: there 15 %."
