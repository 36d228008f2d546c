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
