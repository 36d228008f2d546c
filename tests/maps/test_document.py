from __future__ import annotations

import datetime
import json

import pytest

from journey.errors import ArgumentError
from journey.maps.document import FORMAT_VERSION, Cell, Evidence, Item, JourneyMap, Lane, Return


@pytest.fixture
def document() -> JourneyMap:
    proof = Evidence("funnels", (("steps", ("see", "buy")), ("entry", "open")))
    cells = (
        Cell("see", "two", tone="bad", n=2, base="of 2", items=(Item("Ad", 0.5, 1, is_foreign=True),), evidence=proof),
        Cell("see", "by hand", kind="written", is_stale=True),
        Cell("buy", emotion=0.5, low=0.1, high=0.9),
    )
    return JourneyMap(
        "Phone starters",
        "glad",
        2,
        0.5,
        datetime.date(2025, 1, 1),
        None,
        ("see", "buy"),
        (Lane("hurts", "Where it hurts", cells),),
        (Return("buy", "see", 0.5, 1),),
        "abc",
        ("a note",),
    )


def test_a_document_comes_back_from_json_as_it_was(document: JourneyMap) -> None:
    assert JourneyMap.from_dict(json.loads(json.dumps(document.to_dict(), allow_nan=False))) == document


def test_a_document_says_its_format(document: JourneyMap) -> None:
    assert document.to_dict()["version"] == FORMAT_VERSION


def test_a_document_of_a_newer_product_is_refused(document: JourneyMap) -> None:
    with pytest.raises(ArgumentError, match="format version is 99"):
        JourneyMap.from_dict(document.to_dict() | {"version": 99})


def test_cells_are_found_by_lane_and_stage(document: JourneyMap) -> None:
    assert [cell.text for cell in document.lane("hurts").of("see")] == ["two", "by hand"]
    assert document.lane("hurts").of("nowhere") == ()
    assert document.lane("nothing").cells == ()
