from __future__ import annotations

import copy
from typing import Any

import pytest

from journey.charts.emotions import emotion_chart
from journey.charts.flows import flow_figure
from journey.charts.funnels import funnel_chart
from journey.charts.theme import ThemeName
from journey.reports.document_data import changes, plain, script_json
from tests.reports.samples import collected
from tests.reports.test_html import document, kept


def changed(figure: Any, by: list[Any]) -> Any:
    """What the document's script does with differences."""
    figure = copy.deepcopy(figure)
    for path, value in by:
        if not path:
            figure = copy.deepcopy(value)
            continue
        part = figure
        for name in path[:-1]:
            part = part[name]
        part[path[-1]] = copy.deepcopy(value)
    return figure


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"a": 1, "b": {"c": None}}),
        ({"a": 1, "b": 2}, {"a": 1}),
        ({"a": [1, 2, 3]}, {"a": [1, 5, 3]}),
        ({"a": [{"x": 1}, {"y": 2}]}, {"a": [{"x": 1}, {"y": 3, "z": [1]}]}),
        ({"a": [{"x": 1}]}, {"a": [{"x": 1}, {"x": 2}]}),
        ({"a": {"b": 1}}, {"a": None}),
        ([], {"a": 1}),
        (None, {"a": {}}),
        ({"a": {}}, {"a": {}}),
    ],
)
def test_differences_turn_one_figure_into_the_other(before: Any, after: Any) -> None:
    assert changed(before, changes(before, after)) == after


def test_what_is_alike_is_not_kept_twice() -> None:
    layout = {"font": {"family": "x" * 1000, "color": "black"}}
    assert changes(layout, {"font": {"family": "x" * 1000, "color": "white"}}) == [[["font", "color"], "white"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_figure_of_every_view_is_what_the_charts_draw(theme: ThemeName) -> None:
    held = kept(document())["views"]
    whole = held[0]["figures"]
    for place, view in enumerate(collected().views):
        tables = view.tables
        assert tables.funnel is not None
        drawn = {
            "flow": flow_figure(tables.flow, theme=theme),
            "funnel": funnel_chart(tables.funnel, theme=theme),
            "emotion": emotion_chart(tables.emotion, by=collected().emotion_by, theme=theme, is_rough=True),
        }
        for name, figure in drawn.items():
            own = held[place]["figures"][name]
            light = changed(changed(None, whole[name]["light"]) if place else None, own["light"])
            assert changed(light, own["dark"] if theme == "dark" else []) == plain(figure)


def test_numbers_are_short_and_unknown_ones_are_null() -> None:
    assert plain([1 / 3, float("nan"), float("inf"), 7.0, 1234567.8]) == [0.333333, None, None, 7, 1234570.0]


def test_a_text_cannot_end_the_script_around_it() -> None:
    written = script_json({"</script><!--": "<b>&amp;</b>\u2028"})
    assert not set("<>&\u2028") & set(written)
