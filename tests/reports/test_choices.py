from __future__ import annotations

import datetime
import json
from typing import Any

import pytest

from journey.dataset import Filters
from journey.errors import ArgumentError, UnknownNameError
from journey.reports.choices import Choices, Quote, cuts_of
from tests.logs import make_log

UNTIL = datetime.date(2026, 3, 31)


def choices(**more: Any) -> Choices:
    return Choices(**{"title": "Spring", "valid_until": UNTIL, **more})


def test_choices_come_back_from_json_as_they_were() -> None:
    filters = Filters(
        start=datetime.date(2025, 1, 1),
        personas=("Readers",),
        first_devices=("phone", "laptop"),
        attributes=(("plan", ("pro", "basic")),),
    )
    picked = choices(cuts=("period", "plan"), least=20, quotes=(Quote("Fine.", "see"),), filters=filters)
    assert Choices.from_dict(json.loads(json.dumps(picked.to_dict()))) == picked


def test_filters_that_choose_nothing_are_not_written() -> None:
    assert choices().to_dict()["filters"] == {}


def test_pages_are_kept_in_the_order_of_the_app() -> None:
    assert choices(pages=("emotions", "overview")).pages == ("overview", "emotions")


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"title": "x" * 121},
        {"pages": ()},
        {"pages": ("overview", "overview")},
        {"pages": ("customer",)},
        {"cuts": ("a", "b", "c", "d")},
        {"cuts": ("period", "period")},
        {"least": 4},
        {"least": 1_001},
        {"quotes": (Quote("Fine."),) * 51},
    ],
)
def test_what_lies_outside_what_is_possible_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ArgumentError):
        choices(**wrong)


def test_a_comment_with_an_address_in_it_is_refused() -> None:
    with pytest.raises(ArgumentError, match="still holds an address") as caught:
        Quote("Write to ana@example.com")
    assert caught.value.code == "NOT_MASKED"


def test_the_furthest_stage_is_no_cut_because_it_is_the_outcome() -> None:
    dataset = make_log(a="see@phone#email > buy@phone#email", b="see@laptop#shop")
    assert list(cuts_of(dataset)) == ["channel", "device", "period"]
    with pytest.raises(UnknownNameError, match="stage_reached"):
        choices(cuts=("stage_reached",)).require_possible(dataset)
