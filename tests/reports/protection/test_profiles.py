from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from journey.analysis.statistics import wilson
from journey.reports.protection import Guard, protected
from journey.reports.views import Collected
from tests.reports.protection.worlds import collected, people

GUARD = Guard(b"a secret of sixteen", least=10)


def persona(name: str, number: int, customers: int, **more: object) -> dict[str, object]:
    return {
        "persona": name,
        "number": number,
        "customers": customers,
        "share_of_customers": 0.5,
        "revenue": 1234.5 * customers,
        "revenue_per_customer": 1234.5,
        "median_interactions": 12.5,
        "reached_goal": float(customers // 2),
        "share_reaching_goal": 0.5,
        "goal_low": 0.4,
        "goal_high": 0.6,
        "median_days_to_goal": 12.34,
        "emotion": 0.456,
        "low": 0.3,
        "high": 0.6,
        "n_scored": customers,
        "customers_scored": customers // 2,
        "goal": "to save",
        "share_with_goal": 0.5,
        "customers_with_goal": customers // 4,
        "lowest_touchpoint": "chat",
        "lowest_emotion": -1.26,
        "lowest_n_scored": 40,
        "lowest_customers_scored": 35,
        "channels": (("ads", 0.456), ("fax", 0.02)),
        "channel_customers": (customers // 2, 3),
        "quote": "I said so",
        "standouts": ("interactions on phone: 91.2 %, the rest 3 %",),
        "largest_share_of_revenue": 0.05,
        **more,
    }


CONTRASTS = pd.DataFrame(
    [
        ("Readers", "device=phone", "interactions on phone", 0.8123, 0.321, 1.234, True, True),
        ("Readers", "plan=gold", "plan: gold", 0.02, 0.5, -0.9, True, True),
        ("Readers", "visits", "visits", 12.345, 3.21, 0.8, False, True),
        ("Few", "visits", "visits", 1.0, 3.21, 0.8, False, True),
    ],
    columns=["persona", "feature", "label", "inside", "outside", "standardised_difference", "is_share", "in_fit"],
)


@pytest.fixture
def exact() -> Collected:
    """A hundred and sixty customers of three personas, one of them of six."""
    found = collected(people(np.random.default_rng(1), 160))
    profiles = pd.DataFrame([persona("Readers", 1, 90), persona("Buyers", 2, 64), persona("Few", 3, 6)])
    whole = replace(found.whole, tables=replace(found.whole.tables, profiles=profiles, contrasts=CONTRASTS))
    return replace(found, views=(whole,), cuts=(), persona_names=("Readers", "Buyers", "Few"), has_revenue=True)


def test_a_small_persona_is_left_out_and_the_smallest_other_with_it(exact: Collected) -> None:
    told = protected(exact, GUARD)
    profiles = told.whole.tables.profiles
    assert profiles is not None
    assert profiles["persona"].tolist() == ["Readers"]
    assert told.persona_names == ("Readers",)
    # Of how many all personas are is not said where some are left out.
    assert profiles["share_of_customers"].isna().all()


def test_a_card_tells_only_what_is_protected(exact: Collected) -> None:
    profiles = protected(exact, GUARD).whole.tables.profiles
    assert profiles is not None
    [card] = profiles.to_dict("records")
    low, high = wilson(card["reached_goal"], card["customers"])
    assert abs(card["customers"] - 90) <= 2
    assert abs(card["reached_goal"] - 45) <= 2
    assert (card["share_reaching_goal"], card["goal_low"]) == (card["reached_goal"] / card["customers"], float(low))
    assert card["goal_high"] == float(high)
    assert card["quote"] is None
    assert [name for name, _share in card["channels"]] == ["ads"]
    assert card["median_days_to_goal"] in {12.0, 13.0}
    assert card["standouts"][1] == "visits: 12, the rest 3.2"
    assert len(card["standouts"]) == 2


def test_contrasts_of_few_customers_and_of_small_personas_have_no_row(exact: Collected) -> None:
    contrasts = protected(exact, GUARD).whole.tables.contrasts
    assert contrasts is not None
    assert contrasts["feature"].tolist() == ["device=phone", "visits"]
    phone, visits = contrasts.to_dict("records")
    assert abs(phone["inside"] - 0.8123) <= 0.005 + 2 / 90
    assert phone["standardised_difference"] == 1.2
    assert (visits["inside"], visits["outside"]) == (12.0, 3.2)


def held(*counts: int) -> pd.DataFrame:
    """Make contrasts of how many hold a card: of Readers, Buyers and Lookers, a hundred each."""
    names = ("Readers", "Buyers", "Lookers")
    return pd.DataFrame(
        [
            (name, "card=gold", "card: gold", n / 100, (sum(counts) - n) / 200, 48.7, True, True)
            for name, n in zip(names, counts, strict=True)
        ],
        columns=CONTRASTS.columns,
    )


def told_contrasts(exact: Collected, contrasts: pd.DataFrame) -> pd.DataFrame:
    names = ("Readers", "Buyers", "Lookers")
    profiles = pd.DataFrame([persona(name, place, 100) for place, name in enumerate(names, start=1)])
    everybody = collected(people(np.random.default_rng(1), 300)).whole
    whole = replace(everybody, tables=replace(everybody.tables, profiles=profiles, contrasts=contrasts))
    found = protected(replace(exact, views=(whole,), persona_names=names, all_customers=300), GUARD)
    told = found.whole.tables.contrasts
    assert told is not None
    return told


def test_shares_of_customers_are_those_of_told_counts_and_the_difference_follows(exact: Collected) -> None:
    told = told_contrasts(exact, held(60, 30, 40)).set_index("persona")
    assert set(told.index) == {"Readers", "Buyers", "Lookers"}
    readers = told.loc["Readers"]
    assert abs(readers["inside"] - 0.6) <= 4 / 98 + 0.005
    assert abs(readers["outside"] - 0.35) <= 8 / 196 + 0.005
    assert 0.3 < readers["standardised_difference"] < 0.8


@pytest.mark.parametrize("counts", [(60, 30, 3), (60, 30, 0), (60, 30, 97), (60, 30, 100)])
def test_a_count_of_few_takes_another_contrast_with_it(exact: Collected, counts: tuple[int, ...]) -> None:
    assert len(told_contrasts(exact, held(*counts))) <= 1


def test_a_difference_is_told_as_five_at_most_and_never_as_infinite(exact: Collected) -> None:
    contrasts = CONTRASTS.assign(standardised_difference=[1e15, 48.7, -np.inf, np.inf])
    told = protected(
        replace(exact, views=(replace(exact.whole, tables=replace(exact.whole.tables, contrasts=contrasts)),)),
        GUARD,
    ).whole.tables.contrasts
    assert told is not None
    assert told["standardised_difference"].abs().max() == 5.0


def test_personas_and_their_channels_stand_in_order_of_told_counts(exact: Collected) -> None:
    rows = [persona(name, place, 50) for place, name in enumerate(("E", "D", "C", "B", "A"), start=1)]
    profiles = pd.DataFrame(
        [{**row, "channels": (("ads", 0.4), ("fax", 0.3)), "channel_customers": (25, 25)} for row in rows]
    )
    everybody = collected(people(np.random.default_rng(1), 250)).whole
    whole = replace(everybody, tables=replace(everybody.tables, profiles=profiles, contrasts=None))
    found = protected(replace(exact, views=(whole,), persona_names=tuple("EDCBA"), all_customers=250), GUARD)
    told = found.whole.tables.profiles
    assert told is not None
    placed = [(-row["customers"], row["persona"]) for row in told.to_dict("records")]
    assert placed == sorted(placed)
    assert told["number"].tolist() == [1, 2, 3, 4, 5]
    for row in told.to_dict("records"):
        assert list(row["channel_customers"]) == sorted(row["channel_customers"], reverse=True)
        shares = [round(customers / row["customers"], 2) for customers in row["channel_customers"]]
        assert [share for _name, share in row["channels"]] == shares


def test_links_and_the_lost_stand_in_order_of_told_counts() -> None:
    for seed in range(5):
        tables = protected(collected(people(np.random.default_rng(seed), 300)), GUARD).whole.tables
        assert tables.lost is not None
        for table, first in ((tables.flow, "position"), (tables.lost, "step")):
            for _place, rows in table.groupby(first):
                assert rows["customers"].tolist() == sorted(rows["customers"], reverse=True)


def test_money_of_a_persona_is_told_only_with_that_of_another(exact: Collected) -> None:
    tables = exact.whole.tables
    assert tables.profiles is not None
    profiles = pd.DataFrame([persona("Readers", 1, 90), persona("Buyers", 2, 70, largest_share_of_revenue=0.5)])
    figures = pd.DataFrame({"figure": [], "value": []})
    changed = replace(tables, profiles=profiles, figures=figures)
    told = protected(
        replace(exact, views=(replace(exact.whole, tables=changed),), persona_names=("Readers", "Buyers")), GUARD
    ).whole.tables.profiles
    assert told is not None
    assert told["persona"].tolist() == ["Readers", "Buyers"]
    assert told["revenue"].isna().tolist()[1]
