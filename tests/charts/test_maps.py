from __future__ import annotations

import re

import pytest

from journey.charts.maps import map_alt, map_grid
from journey.maps.document import Cell, Evidence, Item, JourneyMap, Lane, Return
from tests.charts.test_escaping import HOSTILE


@pytest.fixture
def drafted() -> JourneyMap:
    proof = Evidence("funnels", (("steps", ("awareness", "purchase")),))
    items = (Item(HOSTILE, 0.41, 41, is_foreign=True), Item("Shop", 0.2, 20))
    lanes = (
        Lane("touchpoints", "Touchpoints", (Cell("awareness", n=100, base="of 100 customers", items=items),)),
        Lane("feeling", "Feeling", (Cell("awareness", "", n=90, base="n 90", emotion=-1.0, low=-1.2, high=-0.8),)),
        Lane("hurts", "Where it hurts", (Cell("purchase", HOSTILE, tone="bad", n=9, base="9 lost", evidence=proof),)),
        Lane("goals", "Goal", (Cell("purchase", "Start today", kind="written", is_stale=True),)),
    )
    returns = (Return("purchase", "awareness", 0.1, 9),)
    return JourneyMap(None, "All: glad", 100, 1.0, None, None, ("awareness", "purchase"), lanes, returns)


def test_the_grid_has_a_column_per_stage_and_a_row_per_lane(drafted: JourneyMap) -> None:
    drawn = map_grid(drafted.to_dict())
    assert re.findall(r'scope="col"[^>]*>(\w+)', drawn) == ["Awareness", "Purchase"]
    assert re.findall(r'scope="row">([\w ]+)', drawn) == ["Touchpoints", "Feeling", "Where it hurts", "Goal"]


def test_a_cell_says_its_base_and_links_to_what_proves_it(drafted: JourneyMap) -> None:
    drawn = map_grid(drafted.to_dict(), address=lambda page, settings: f"/{page}?steps={len(settings['steps'])}&x=1")
    assert '<a class="j-base" href="/funnels?steps=2&amp;x=1" target="_self">9 lost</a>' in drawn
    assert '<span class="j-base">of 100 customers</span>' in drawn


def test_what_is_not_ours_what_is_written_and_what_is_stale_is_marked(drafted: JourneyMap) -> None:
    drawn = map_grid(drafted.to_dict())
    assert drawn.count("◇") == 1
    assert re.findall(r'class="j-mark">(\w+)', drawn) == ["stale", "written"]


def test_a_return_says_its_share_and_its_base(drafted: JourneyMap) -> None:
    assert "10 % of 90 come back from Purchase to Awareness" in map_grid(drafted.to_dict())


def test_hostile_names_are_text(drafted: JourneyMap) -> None:
    drawn = map_grid(drafted.to_dict())
    assert "<b>x" not in drawn
    assert drawn.count("&lt;b&gt;x&lt;/b&gt; ![i](http://127.0.0.1:9/i.png) $5") == 2


def test_the_region_that_scrolls_can_be_reached_and_says_what_it_is(drafted: JourneyMap) -> None:
    region = re.search(r'<div class="j-scroll"[^>]*>', map_grid(drafted.to_dict()))
    assert region
    assert 'role="region" tabindex="0"' in region[0]
    assert map_alt(drafted.to_dict()) == "Journey map of all customers, 100 customers: All: glad"


def test_a_line_says_that_the_grid_scrolls_but_is_not_read_aloud(drafted: JourneyMap) -> None:
    assert '<p class="j-hint" aria-hidden="true">scroll sideways →</p>' in map_grid(drafted.to_dict())
