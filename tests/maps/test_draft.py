from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pandas as pd
import pyarrow as pa
import pytest

import journey
from journey.dataset import Filters
from journey.errors import UnknownNameError
from journey.maps.draft import draft_map, map_of
from journey.maps.facts import map_facts
from tests.logs import make_log

STAGES = {
    "Ad": "awareness",
    "Review": "awareness",
    "Form": "consideration",
    "Error": "consideration",
    "Pay": "purchase",
}
ORDER = ["awareness", "consideration", "purchase"]


def shop(n: int = 40, **more: str) -> journey.Dataset:
    """`n` customers who see the ad and the form; all but every fourth meet an error and leave; the others pay."""
    journeys = {
        f"c{place:03}": "Ad!1 > Form > Pay!1.5" if place % 4 == 0 else "Ad!1 > Form > Error!-1.5~it_spins"
        for place in range(n)
    }
    return make_log(stages=STAGES, stage_order=ORDER, **journeys, **more)


def test_touchpoints_are_ranked_by_the_share_of_the_stages_customers() -> None:
    [cell] = draft_map(shop()).lane("touchpoints").of("consideration")
    assert [(item.name, item.share, item.customers) for item in cell.items] == [("Form", 1.0, 40), ("Error", 0.75, 30)]
    assert (cell.n, cell.base) == (40, "of 40 customers")


def test_figures_say_how_many_of_those_before_went_on() -> None:
    cells = draft_map(shop()).lane("figures").cells
    assert [cell.text for cell in cells] == ["40 · 98 % of all", "40 · 98 % of all", "10 · 24 % of all"]
    assert [cell.base for cell in cells] == [
        "of 41 customers",
        "100 % of those before went further",
        "25 % of those before went further",
    ]


def test_it_hurts_where_more_leave_than_elsewhere_and_at_the_worst_moment() -> None:
    cells = draft_map(shop()).lane("hurts").cells
    assert [(cell.stage, cell.n) for cell in cells] == [("consideration", 40), ("consideration", 30)]
    assert cells[0].text.startswith("75 % [60 %, 86 %] leave here, 0 % at the other stages")
    assert cells[1].text == "Error: −1.5 [−1.5, −1.5]"
    assert cells[0].evidence is not None
    assert cells[0].evidence.settings[0] == ("steps", ("consideration", "purchase"))


def test_the_title_says_where_it_is_glad_and_where_it_loses() -> None:
    assert draft_map(shop()).title == "All customers: gladdest at awareness, lost before purchase"


def test_a_map_where_nothing_stands_out_says_so() -> None:
    assert (
        draft_map(make_log(a="Ad", stages=STAGES, stage_order=ORDER)).title == "All customers: nothing stands out yet"
    )


def test_few_answers_are_said_and_never_drawn_as_0() -> None:
    [cell] = draft_map(shop()).lane("feeling").of("purchase")
    assert (cell.text, cell.n, cell.emotion) == ("too few customers answered (n 10)", 10, None)


def test_many_answers_of_one_customer_are_too_few_to_tell() -> None:
    gloomy = " > ".join(["Error!-2"] * 40)
    drafted = draft_map(make_log(stages=STAGES, stage_order=ORDER, a=gloomy, b="Ad"))
    [cell] = drafted.lane("feeling").of("consideration")
    assert (cell.text, cell.n, cell.emotion) == ("too few customers answered (n 1)", 1, None)
    assert drafted.lane("hurts").cells == ()
    assert "unhappiest" not in drafted.title


def test_the_base_of_a_feeling_are_customers() -> None:
    [cell] = draft_map(shop(zy="Ad!1 > Ad!1")).lane("feeling").of("awareness")
    assert (cell.n, cell.base) == (41, "42 answers of 41 customers")


def test_days_are_those_of_the_reporting_time_zone() -> None:
    dataset = shop()
    there = replace(dataset, facts=replace(dataset.facts, time_zone="America/New_York"))
    assert (draft_map(dataset).first, draft_map(there).first) == (date(2025, 1, 1), date(2024, 12, 31))


def test_few_customers_are_said() -> None:
    [cell] = draft_map(shop()).lane("touchpoints").of("purchase")
    assert (cell.text, cell.items) == ("too few customers (n 10)", ())


def test_where_it_hurts_a_bad_comment_is_quoted_masked() -> None:
    dataset = shop(zy="Ad > Error!-2~write_to_me@x.org")
    quoted = draft_map(dataset).lane("words").cells
    assert [cell.stage for cell in quoted] == ["consideration"]
    assert quoted[0].tone == "bad"


def test_journeys_still_open_are_not_counted_as_leaving() -> None:
    journeys = {f"c{place:03}": "Ad > Form" for place in range(40)}
    open_map = draft_map(make_log(stages=STAGES, stage_order=ORDER, closed=False, **journeys))
    assert open_map.lane("hurts").cells == ()
    assert "40 still open" in open_map.lane("figures").of("consideration")[0].base


def test_the_most_taken_way_back_is_drawn() -> None:
    journeys = {f"c{place:03}": "Ad > Form > Ad" if place < 10 else "Ad > Form" for place in range(40)}
    [back] = draft_map(make_log(stages=STAGES, stage_order=ORDER, **journeys)).returns
    assert (back.source, back.target, back.share, back.customers) == ("consideration", "awareness", 0.25, 10)


def with_personas(dataset: journey.Dataset) -> journey.Dataset:
    keys = dataset.table("customers").customer_key.to_pyarrow().to_pylist()
    names = ["payers" if key % 2 else "others" for key in keys]
    return dataset.with_personas("personas_of_test", pa.table({"customer_key": keys, "persona": names}))


def test_a_personas_map_is_about_its_customers_only() -> None:
    dataset = with_personas(shop())
    maps = {name: draft_map(dataset, name) for name in ("payers", "others")}
    assert sum(each.customers for each in maps.values()) == 41
    assert sum(each.share_of_customers for each in maps.values()) == pytest.approx(1)
    assert maps["payers"].persona == "payers"


def test_a_persona_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean “payers”"):
        draft_map(with_personas(shop()), "payer")
    with pytest.raises(UnknownNameError, match="There is no persona"):
        draft_map(shop(), "payers")


@pytest.mark.parametrize("n", [0, 1])
def test_nobody_or_one_customer_gives_a_map_that_says_so(n: int) -> None:
    dataset = make_log(a="Ad > Form > Pay", stages=STAGES, stage_order=ORDER)
    chosen = dataset if n else dataset.where(Filters(first_channels=("none",)))
    drafted = draft_map(chosen)
    json.dumps(drafted.to_dict(), allow_nan=False)
    assert drafted.lane("hurts").cells == ()
    assert {cell.text for cell in drafted.lane("feeling").cells} == {"nobody answered"}


def test_a_base_is_of_something_or_is_left_out() -> None:
    facts = map_facts(shop(120))
    drafted = map_of(replace(facts, reach=facts.reach[facts.reach["by"] != "channel"]))
    assert drafted.lane("channels").cells == ()
    assert all(cell.items or cell.text for cell in drafted.lane("touchpoints").cells)


def test_what_mostly_others_own_is_marked() -> None:
    rows = pd.DataFrame(
        [
            {"customer_id": f"c{place}", "touchpoint": name, "timestamp": day, "stage": "awareness", "ownership": owner}
            for place in range(40)
            for name, day, owner in (("Site", "2025-01-01", "owned"), ("Reviews", "2025-01-02", "third-party"))
        ]
    )
    rows["timestamp"] = pd.to_datetime(rows["timestamp"])
    [cell] = draft_map(journey.load(rows, stages=["awareness"])).lane("touchpoints").of("awareness")
    assert {item.name: item.is_foreign for item in cell.items} == {"Reviews": True, "Site": False}


def test_numbers_that_are_not_told_are_said_to_be_so_and_never_0() -> None:
    facts = map_facts(shop(120))
    strip = facts.strip.astype({"customers": "float64", "customers_scored": "float64"})
    strip.loc[1, ["customers", "left", "gone_on", "still_open", "share_leaving", "share_of_all"]] = float("nan")
    strip.loc[0, ["customers_scored", "n_scored", "emotion", "low", "high"]] = float("nan")
    reach = facts.reach.assign(customers=facts.reach["customers"].where(facts.reach["name"] != "Review"))
    drafted = map_of(replace(facts, strip=strip, reach=reach))
    [figure] = drafted.lane("figures").of("consideration")
    assert (figure.text, figure.n) == ("too few to show", None)
    [after] = drafted.lane("figures").of("purchase")
    assert "went further" not in after.base
    [met] = drafted.lane("touchpoints").of("consideration")
    assert (met.text, met.items) == ("too few to show", ())
    [felt] = drafted.lane("feeling").of("awareness")
    assert (felt.text, felt.emotion) == ("too few answered to show", None)
    assert "leave here" not in "".join(cell.text for cell in drafted.lane("hurts").cells)


def test_a_map_is_the_same_composed_of_its_facts() -> None:
    dataset = shop(120)
    assert map_of(map_facts(dataset)) == draft_map(dataset)


def test_a_quote_whose_feeling_is_not_to_be_told_says_only_where_it_was() -> None:
    picked = pd.DataFrame({"stage": ["purchase"], "comment": ["Fine."], "touchpoint": ["Pay"]})
    [cell] = map_of(replace(map_facts(shop()), quotes=picked)).lane("words").cells
    assert (cell.text, cell.base, cell.tone) == ("“Fine.”", "one customer at Pay", "")
