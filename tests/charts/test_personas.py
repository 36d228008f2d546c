from __future__ import annotations

import re
from xml.etree import ElementTree

import pandas as pd
import plotly.graph_objects as go
import pytest

from journey.charts.persona_pictures import persona_image, persona_picture
from journey.charts.personas import contrast_alt, contrast_chart, persona_map_alt, persona_map_chart
from tests.charts.test_escaping import HOSTILE


@pytest.fixture
def contrasts() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "persona": ["a", "a", "a", "b"],
            "label": ["phone", "laptop", "returns", "phone"],
            "inside": [0.9, 0.1, 0.2, 0.1],
            "outside": [0.1, 0.9, 0.1, 0.9],
            "standardised_difference": [2.0, -2.5, float("inf"), -1.0],
        }
    )


def test_the_same_seed_draws_the_same_picture() -> None:
    assert persona_picture("Phone starters") == persona_picture("Phone starters")


def test_pictures_differ_between_personas() -> None:
    assert len({persona_picture(seed) for seed in range(20)}) == 20


def test_a_picture_is_one_drawing_with_a_title_and_nothing_from_elsewhere() -> None:
    drawn = ElementTree.fromstring(persona_picture(1, title=HOSTILE))  # noqa: S314 - our own drawing
    assert drawn.find("{http://www.w3.org/2000/svg}title").text == HOSTILE  # type: ignore[union-attr]
    assert not re.search(r"href|<image|<script", persona_picture(1))


def test_an_image_carries_its_text_alternative() -> None:
    assert 'alt="Drawn picture of &lt;b&gt;"' in persona_image(1, title="Drawn picture of <b>")


def test_the_map_carries_no_id_of_a_customer() -> None:
    points = pd.DataFrame({"x": [0.1, 0.2], "y": [1.0, 2.0], "persona": ["a", "b"], "customer_key": [71234, 79999]})
    drawn = str(persona_map_chart(points, ["a", "b"]))
    assert "71234" not in drawn
    assert "customer_key" not in drawn


def test_personas_differ_by_shape_as_well_as_by_colour() -> None:
    points = pd.DataFrame({"x": [0.1, 0.2], "y": [1.0, 2.0], "persona": ["a", "b"]})
    drawn = go.Figure(persona_map_chart(points, ["a", "b"])).data
    assert len({trace.marker.symbol for trace in drawn}) == len({trace.marker.color for trace in drawn}) == 2


def test_the_map_says_how_many_groups_there_are() -> None:
    profiles = pd.DataFrame({"persona": ["a", "b"], "share_of_customers": [0.75, 0.25], "customers": [75, 25]})
    assert persona_map_alt(profiles) == "2 groups of customers: a (75 %, 75 customers) and b (25 %, 25 customers)."


def test_contrasts_are_drawn_strongest_first_and_stay_in_the_picture(contrasts: pd.DataFrame) -> None:
    figure = go.Figure(contrast_chart(contrasts, "a"))
    assert list(figure.layout.yaxis.ticktext) == ["returns", "laptop", "phone"]
    assert list(figure.data[0].x) == [3.0, -2.5, 2.0]


def test_contrasts_are_told_as_more_and_less(contrasts: pd.DataFrame) -> None:
    assert contrast_alt(contrasts, "a") == "Against all other customers, a: more returns and phone; less laptop."


def test_a_hostile_persona_is_text() -> None:
    points = pd.DataFrame({"x": [0.1], "y": [1.0], "persona": [HOSTILE]})
    figure = go.Figure(persona_map_chart(points, [HOSTILE]))
    assert "<b>x" not in figure.data[0].name
    assert figure.layout.annotations[0].text.startswith("<b>&lt;b&gt;x")


def test_differences_stand_in_a_column_of_their_own_beside_the_bars(contrasts: pd.DataFrame) -> None:
    figure = go.Figure(contrast_chart(contrasts.replace(float("inf"), 3.0), "a"))
    assert [(note.y, note.xref, note.x, note.text) for note in figure.layout.annotations] == [
        (0, "paper", 1, "+3.0"),
        (1, "paper", 1, "−2.5"),
        (2, "paper", 1, "+2.0"),
    ]


def test_long_labels_are_broken_so_that_a_phone_has_room_for_the_bars(contrasts: pd.DataFrame) -> None:
    long = contrasts.assign(label=["interactions through Webinar and Events", "b", "c", "d"])
    figure = go.Figure(contrast_chart(long, "a"))
    assert "interactions through<br>Webinar and Events" in figure.layout.yaxis.ticktext
