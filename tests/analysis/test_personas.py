"""Personas: two or three plainly different ways of acting are found, named by what is true of them, and found again."""

from __future__ import annotations

import pandas as pd
import pytest

import journey
from journey.analysis.persona_features import Feature
from journey.analysis.persona_names import Contrast, feature_label, persona_names
from journey.dataset import Dataset, Filters
from journey.errors import ArgumentError, NotEnoughDataError

STAGES = ["awareness", "consideration", "purchase"]
START = pd.Timestamp("2025-01-01")


def rows_of(kind: str, number: int) -> list[dict[str, object]]:
    """One customer: phone people come once by a social ad, laptop people weigh and buy, tablet people use a forum."""
    ways: dict[str, list[tuple[str, str, str, float | None]]] = {
        "phone": [("Ad", "awareness", "Social", None)],
        "laptop": [
            ("Search", "awareness", "Search", None),
            ("Compare", "consideration", "Search", None),
            ("Pay", "purchase", "Direct", 100.0),
        ],
        "tablet": [("Forum", "awareness", "Forum", None)] * 4 + [("Compare", "consideration", "Forum", None)] * 4,
    }
    apart = {"phone": 1, "laptop": 12, "tablet": 2}[kind]
    return [
        {
            "customer_id": f"{kind}-{number:03d}",
            "timestamp": START + pd.Timedelta(days=number % 200 + place * (apart + number % 2)),
            "touchpoint": touchpoint,
            "stage": stage,
            "channel": channel,
            "device": kind,
            "revenue": revenue,
            "comment": f"Said by {kind} number {number:03d}, write to me@example.com" if place == 0 else None,
            "emotion": 1.0 if kind == "tablet" else -0.5,
        }
        for place, (touchpoint, stage, channel, revenue) in enumerate(ways[kind])
    ]


def log_of(**sizes: int) -> pd.DataFrame:
    return pd.DataFrame([row for kind, n in sizes.items() for number in range(n) for row in rows_of(kind, number)])


def load(rows: pd.DataFrame) -> Dataset:
    return journey.load(rows, stages=STAGES)


def three_kinds() -> pd.DataFrame:
    return log_of(phone=90, laptop=70, tablet=50)


@pytest.fixture(scope="module")
def found() -> journey.Personas:
    return journey.personas(load(three_kinds()))


def memberships(found: journey.Personas) -> dict[str, str]:
    table = found.dataset.table("customers").select("customer_id", "persona")
    rows = found.dataset.run(lambda _dataset: table).to_pylist()
    return {row["customer_id"]: row["persona"] for row in rows}


def test_three_plain_kinds_are_found_the_largest_first(found: journey.Personas) -> None:
    assert found.profiles["customers"].tolist() == [90, 70, 50]
    assert found.profiles["number"].tolist() == [1, 2, 3]
    kinds = {
        name: {customer.split("-")[0] for customer, held in memberships(found).items() if held == name}
        for name in found.names
    }
    assert list(kinds.values()) == [{"phone"}, {"laptop"}, {"tablet"}]
    assert found.stability.agreement == pytest.approx(1)
    assert found.choice.loc[found.choice["chosen"], "n_personas"].tolist() == [3]


def test_names_claim_what_the_contrasts_hold_up(found: journey.Personas) -> None:
    phone, laptop, tablet = found.names
    assert phone.startswith(("Mobile browsers", "Social browsers"))
    assert laptop.startswith(("Laptop", "Search"))
    assert tablet.startswith(("Tablet", "Forum"))


def test_profiles_tell_value_goal_and_feeling_with_their_bases(found: journey.Personas) -> None:
    profiles = found.profiles
    assert profiles["revenue_per_customer"].fillna(0).tolist() == [0, 100, 0]
    assert profiles["share_reaching_goal"].tolist() == [0, 1, 0]
    assert profiles["goal_low"].iloc[1] < 1 == profiles["goal_high"].iloc[1]
    assert profiles["emotion"].tolist() == pytest.approx([-0.5, -0.5, 1])
    assert profiles["n_scored"].tolist() == [90, 210, 400]
    assert profiles["share_of_customers"].sum() == pytest.approx(1)
    assert profiles["channels"].iloc[0] == (("Social", 1.0),)
    assert all(profiles["standouts"].map(len) > 0)


def test_quotes_hide_addresses(found: journey.Personas) -> None:
    quotes = found.profiles["quote"]
    assert all("Said by" in quote and "@" not in quote for quote in quotes)


def test_filters_change_the_profiles_and_not_who_belongs_where(found: journey.Personas) -> None:
    filters = Filters(first_channels=("Social", "Forum"))
    filtered = found.where(filters)
    assert filtered.names == found.names
    assert filtered.profiles["customers"].tolist() == [90, 0, 50]
    assert pd.isna(filtered.profiles["share_reaching_goal"].iloc[1])
    fitted_again = journey.personas(load(three_kinds()).where(filters))
    assert fitted_again.names == found.names
    assert fitted_again.profiles["customers"].tolist() == [90, 0, 50]


def test_personas_filter_and_break_down(found: journey.Personas) -> None:
    chosen = found.dataset.where(Filters(personas=(found.names[1],)))
    assert chosen.summary.customers == 70
    assert "persona" in found.dataset.breakdowns


def test_the_order_of_the_rows_changes_nothing(found: journey.Personas) -> None:
    shuffled = three_kinds().sample(frac=1, random_state=7)
    assert memberships(found) == memberships(journey.personas(load(shuffled)))


def test_a_frozen_model_assigns_customers_who_come_later(found: journey.Personas) -> None:
    later = load(log_of(phone=3, laptop=2, tablet=1))
    dataset = found.model.beside(later)
    [row] = (
        dataset.where(Filters(personas=(found.names[2],)))
        .run(lambda chosen: chosen.table("customers").select("customer_id"))
        .to_pylist()
    )
    assert row == {"customer_id": "tablet-000"}


def test_the_map_holds_customers_on_two_axes(found: journey.Personas) -> None:
    assert len(found.map) == 210
    assert set(found.map["persona"]) == set(found.names)
    assert 0 < found.map_share_of_variance <= 1


def test_contrasts_are_marked_as_part_of_the_fit(found: journey.Personas) -> None:
    contrasts = found.contrasts
    fitted = {feature.name for feature in found.model.features}
    assert set(contrasts["feature"]) == fitted
    assert (contrasts["in_fit"] == contrasts["feature"].isin(fitted)).all()
    forum = contrasts[(contrasts["feature"] == "channel=Forum") & (contrasts["inside"] == 1)]
    assert forum["outside"].tolist() == [0]


def test_outcomes_that_went_into_the_grouping_are_named(found: journey.Personas) -> None:
    assert {"revenue_per_customer", "share_reaching_goal", "channels", "devices"} <= set(found.fitted_outcomes)
    assert not {"emotion", "goal", "lowest_touchpoint"} & set(found.fitted_outcomes)


def test_what_told_nobody_apart_did_not_go_into_the_grouping() -> None:
    outcomes = journey.personas(load(three_kinds().assign(revenue=None, channel="Web"))).fitted_outcomes
    assert not {"revenue_per_customer", "channels"} & set(outcomes)
    assert {"share_reaching_goal", "devices"} <= set(outcomes)


def test_a_number_that_makes_a_tiny_group_is_not_chosen_by_itself() -> None:
    rows = log_of(phone=150, laptop=130, tablet=17)
    with pytest.raises(NotEnoughDataError, match="smallest personas need at least 30 customers; here are 17"):
        journey.personas(load(rows[rows["touchpoint"] != "Search"]))
    assert journey.personas(load(rows), n_personas=3).profiles["customers"].min() == 17


def test_the_lowest_moment_is_one_that_enough_customers_scored() -> None:
    rows = three_kinds()
    rows.loc[len(rows)] = rows.iloc[0]
    complaints = pd.DataFrame([rows.iloc[0].to_dict() | {"touchpoint": "Complaint", "emotion": -2.0}] * 40)
    told = journey.personas(load(pd.concat([rows, complaints], ignore_index=True)), n_personas=3).profiles
    assert "Complaint" not in told["lowest_touchpoint"].tolist()
    assert told["lowest_customers_scored"].dropna().ge(30).all()


def test_a_chosen_number_is_kept() -> None:
    assert len(journey.personas(load(three_kinds()), n_personas=2).names) == 2


@pytest.mark.parametrize("n_personas", [1, 9])
def test_other_numbers_are_refused(n_personas: int) -> None:
    with pytest.raises(ArgumentError, match="between 2 and 8"):
        journey.personas(load(three_kinds()), n_personas=n_personas)


def test_too_few_customers_are_said_to_be_too_few() -> None:
    with pytest.raises(NotEnoughDataError, match="need at least 90 customers; here are 40"):
        journey.personas(load(log_of(phone=20, laptop=20)))


def test_customers_who_all_do_the_same_make_no_personas() -> None:
    rows = log_of(phone=120).assign(timestamp=START)
    with pytest.raises(NotEnoughDataError, match="who differ"):
        journey.personas(load(rows))


def contrast(of: str, difference: float, value: str = "", inside: float = 1.0) -> Contrast:
    block = of if value else "relation"
    return Contrast(Feature(block, of, value, is_measure=not value), inside, 0.0, difference)


def test_two_groups_called_alike_are_told_apart_by_their_second_trait() -> None:
    quick = [contrast("device", 1.5, "phone"), contrast("days_between_visits", -0.6)]
    slow = [contrast("device", 1.4, "phone"), contrast("days_between_visits", 0.9)]
    assert persona_names([quick, slow]) == ("Mobile visitors who act quickly", "Mobile visitors who wait")


def test_names_stay_different_when_nothing_sets_groups_apart() -> None:
    assert persona_names([[], [], []]) == ("Visitors", "Visitors, group 2", "Visitors, group 3")


def test_a_name_does_not_claim_what_only_some_do() -> None:
    [name] = persona_names([[contrast("channel", 2.0, "Podcast", inside=0.1)]])
    assert name == "Visitors"


def test_a_bare_yes_or_no_is_named_by_its_attribute() -> None:
    feature = Feature("attribute", "newsletter", "false")
    [name] = persona_names([[Contrast(feature, 1.0, 0.0, 2.0)]], {"newsletter": "Newsletter"})
    assert name == "Visitors without Newsletter"


def test_an_attribute_is_named_as_people_read_it() -> None:
    assert feature_label(Feature("attribute", "company_size", "1–10"), {}) == "Company size: 1–10"
    assert feature_label(Feature("attribute", "size", "1–10"), {"size": "Size (FTE)"}) == "Size (FTE): 1–10"
