from __future__ import annotations

import pytest

from journey.charts.theme import (
    DARK,
    LIGHT,
    ThemeName,
    contrast,
    feeling_of,
    figure_layout,
    ink_on,
    palette,
    persona_colour,
    stage_label,
    stage_ramp,
)

READABLE = 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_words_are_readable_on_every_ground(colours: object) -> None:
    for ink in ("ink", "muted", "accent", "good", "bad"):
        for ground in ("surface", "page"):
            assert contrast(getattr(colours, ink), getattr(colours, ground)) >= READABLE, (ink, ground)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("n_stages", range(1, 13))
def test_stage_names_are_readable_on_their_colour(theme: ThemeName, n_stages: int) -> None:
    for colour in stage_ramp(n_stages, theme):
        assert contrast(ink_on(colour), colour) >= READABLE


def test_stages_go_one_way_from_pale_to_strong() -> None:
    grounds = [contrast(colour, LIGHT.page) for colour in stage_ramp(8)]
    assert grounds == sorted(grounds)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_personas_have_different_colours(theme: ThemeName) -> None:
    assert len({persona_colour(place, theme) for place in range(8)}) == 8


def test_each_feeling_has_its_own_face_as_well_as_its_own_colour() -> None:
    feelings = [feeling_of(emotion) for emotion in (-2.0, -1.0, 0.0, 1.0, 2.0)]
    assert [feeling.word for feeling in feelings] == ["very bad", "bad", "mixed", "good", "very good"]
    assert len({feeling.face.split("<path")[1] for feeling in feelings}) == 5


def test_a_stage_of_the_datas_own_keeps_its_name() -> None:
    assert [stage_label("purchase"), stage_label("POST_sale")] == ["Purchase", "POST_sale"]


def test_a_layout_changes_only_what_it_names() -> None:
    axis = figure_layout("dark", xaxis={"title": {"text": "days"}})["xaxis"]
    assert axis["title"] == {"font": {"color": palette("dark").muted, "size": 12}, "text": "days"}
    assert axis["gridcolor"] == palette("dark").line
