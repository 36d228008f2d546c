from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

from journey.charts.flow_layout import flow_layout
from journey.charts.flows import flow_alt, flow_chart, flow_figure, selection_of
from journey.charts.theme import LIGHT
from journey.vocabulary import LEFT, STILL_OPEN
from tests.charts.test_escaping import HOSTILE

ORDER = ["see", "try", "buy"]


def links(*rows: tuple[int, str, str, int, bool]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["position", "source", "target", "journeys", "is_return"])


@pytest.fixture
def travelled() -> pd.DataFrame:
    return links(
        (1, "see", "try", 60, False),
        (1, "see", LEFT, 30, False),
        (1, "see", STILL_OPEN, 10, False),
        (2, "try", "see", 25, True),
        (2, "try", "buy", 35, False),
    )


def clicked(kind: str, *indices: int) -> dict[str, Any]:
    return {"selection": {"selected": [{"data_type": kind, "data_indices": list(indices)}]}}


def test_a_loop_is_no_cycle_because_names_carry_their_position(travelled: pd.DataFrame) -> None:
    layout = flow_layout(travelled, order=ORDER)
    assert {node.key for node in layout.nodes if node.name == "see"} == {"1·see", "3·see"}
    assert all(int(link.source[0]) + 1 == int(link.target[0]) for link in layout.links)


def test_ends_stand_below_what_goes_on(travelled: pd.DataFrame) -> None:
    second = [node.name for node in flow_layout(travelled).columns[2]]
    assert second == ["try", LEFT, STILL_OPEN]


def test_a_node_holds_the_journeys_that_pass_it(travelled: pd.DataFrame) -> None:
    passing = {node.key: node.journeys for node in flow_layout(travelled).nodes}
    assert (passing["1·see"], passing["2·try"], passing["3·buy"]) == (100, 60, 35)


def test_stages_take_the_colours_of_the_ramp_and_ends_are_muted(travelled: pd.DataFrame) -> None:
    colours = {node.key: node.colour for node in flow_layout(travelled, order=ORDER).nodes}
    assert colours["1·see"] == colours["3·see"] == LIGHT.stage_ends[0]
    assert colours["3·buy"] == LIGHT.stage_ends[1]
    assert colours[f"2·{LEFT}"] == LIGHT.away


def test_returns_are_marked_by_a_sign_as_well_as_a_colour(travelled: pd.DataFrame) -> None:
    drawn = flow_chart(travelled, order=ORDER)["series"][0]["links"]
    back = [link for link in drawn if "edgeLabel" in link]
    assert [(link["source"], link["target"], link["edgeLabel"]["formatter"]) for link in back] == [
        ("2·try", "3·see", "↩")
    ]


def test_the_option_is_plain_json(travelled: pd.DataFrame) -> None:
    option = flow_chart(travelled, order=ORDER, theme="dark")
    assert json.loads(json.dumps(option, allow_nan=False)) == option
    assert option["series"][0]["selectedMode"] == "single"


def test_a_click_is_translated_into_what_was_clicked(travelled: pd.DataFrame) -> None:
    option = flow_chart(travelled, order=ORDER)
    names = [node["name"] for node in option["series"][0]["data"]]
    assert selection_of(clicked("node", names.index("2·try")), option) == ("node", 2, "try")
    assert selection_of(clicked("edge", 0), option) == ("link", 1, "see", "try")


@pytest.mark.parametrize(
    "event", [None, {}, {"selection": {"selected": []}}, clicked("node"), clicked("node", 99), clicked("main", 0)]
)
def test_no_click_or_a_click_on_an_older_picture_selects_nothing(event: Any, travelled: pd.DataFrame) -> None:
    assert selection_of(event, flow_chart(travelled)) is None


def test_a_name_may_hold_the_separator() -> None:
    option = flow_chart(links((1, "a·b", "c", 5, False)))
    assert selection_of(clicked("edge", 0), option) == ("link", 1, "a·b", "c")


def test_braces_in_a_name_are_no_template() -> None:
    option = flow_chart(links((1, "{b} {a|x}", "c", 5, False)))
    assert "{" not in option["series"][0]["data"][0]["label"]["formatter"]


def test_tooltips_name_the_unit_while_labels_stay_short(travelled: pd.DataFrame) -> None:
    series = flow_chart(travelled, order=ORDER)["series"][0]
    assert series["data"][0]["label"]["formatter"] == "see  100"
    assert series["data"][0]["tooltip"]["formatter"] == "see<br><b>100 journeys</b>"
    back = next(link for link in series["links"] if "edgeLabel" in link)
    assert back["tooltip"]["formatter"] == "try → see ↩<br><b>25 journeys</b>"
    assert "%{value:,} journeys" in flow_figure(travelled)["data"][0]["link"]["hovertemplate"]


def test_a_tooltip_shows_hostile_names_as_text() -> None:
    series = flow_chart(links((1, HOSTILE, "{b}", 1, False)))["series"][0]
    shown = [item["tooltip"]["formatter"] for item in (*series["data"], *series["links"])]
    assert not any("<b>x" in text or "{" in text for text in shown)
    assert shown[0].endswith("<b>1 journey</b>")


def test_plotly_draws_the_same_layout_with_hostile_names_as_text() -> None:
    trace = flow_figure(links((1, HOSTILE, "c", 5, False)))["data"][0]
    assert trace["link"]["value"] == [5]
    assert not any("<b>" in label for label in (*trace["node"]["label"], *trace["node"]["customdata"]))


def test_the_alternative_says_where_it_starts_and_how_often_it_leads_back(travelled: pd.DataFrame) -> None:
    assert flow_alt(travelled, order=ORDER) == (
        "100 journeys start; most at see (100 %). The widest way leads from see to try: 60 journeys. "
        "25 steps lead back."
    )


def test_no_links_say_so(travelled: pd.DataFrame) -> None:
    nothing = travelled.iloc[:0]
    assert flow_alt(nothing) == "Nobody travels here."
    assert flow_chart(nothing)["series"][0]["data"] == []
    assert flow_figure(nothing)["data"][0]["node"]["label"] == []
