"""Findings: one planted difference at a time is found, told with its figures, and nothing is found where nothing is."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import journey
from journey.analysis.finding_candidates import Compared, Place, compared_candidate, within_strata
from journey.analysis.finding_words import stretch_days
from journey.analysis.statistics import difference_of_shares
from journey.dataset import Dataset, Filters

STAGES = ["see", "try", "buy"]
START = pd.Timestamp("2025-01-06")
END = {"customer_id": "zz", "timestamp": START + pd.Timedelta(days=364), "touchpoint": "end"}
Row = dict[str, object]


def load(rows: list[Row], countries: dict[str, str] | None = None, *, ends: bool = True) -> Dataset:
    log = pd.DataFrame([*rows, END] if ends else rows)
    log["stage"] = log["touchpoint"].where(log["touchpoint"].isin(STAGES))
    if "stage_given" in log:
        log["stage"] = log["stage"].fillna(log.pop("stage_given"))
    customers = None
    if countries:
        customers = pd.DataFrame({"customer_id": list(countries), "country": list(countries.values())})
    return journey.load(log, customers=customers, stages=STAGES)


def walk(customer: str, day: float, *touchpoints: str, **columns: object) -> Iterator[Row]:
    """A customer meets touchpoints, an hour apart."""
    for place, touchpoint in enumerate(touchpoints):
        when = START + pd.Timedelta(days=day, hours=place)
        yield {"customer_id": customer, "timestamp": when, "touchpoint": touchpoint, **columns}


def two_countries(n_romanian: int = 20, n_others: int = 80, revenue: float | None = None) -> Dataset:
    """A hundred customers in each of two groups of countries; so many of each buy."""
    rows: list[Row] = []
    countries = {}
    for country, n_buyers in (("Romania", n_romanian), ("France", n_others)):
        for number in range(100):
            customer = f"{country}-{number}"
            countries[customer] = country
            rows += walk(customer, number * 2, "see")
            # Buyers are spread over the year, so that no weeks stand out.
            if number * 37 % 100 < n_buyers:
                bought = {"revenue": revenue} if revenue else {}
                rows += walk(customer, number * 2 + 1, "buy", **bought)
    return load(rows, countries)


def test_a_group_that_leaves_more_often_is_told_once_with_figures_base_and_cost() -> None:
    [found] = journey.findings(two_countries()).to_dict("records")
    assert found["kind"] == "group"
    assert (found["breakdown"], found["stage"], found["customers"], found["rest_customers"]) == (
        "country",
        "see",
        100,
        100,
    )
    assert abs(found["difference"]) == pytest.approx(0.6)
    assert {found["here"], found["rest"]} == {0.2, 0.8}
    assert found["cost"] == pytest.approx(60)
    assert found["cost_unit"] == "customers"
    assert found["low"] < 60 < found["high"]
    assert found["adjusted_p"] < 0.05
    assert "get beyond See within 30 days" in found["finding"]


def test_cost_is_revenue_where_revenue_is_known() -> None:
    [found] = journey.findings(two_countries(revenue=50.0)).to_dict("records")
    # Sixty customers, each worth the fifty that those who bought paid and those who left did not.
    assert found["cost"] == pytest.approx(60 * 50)
    assert found["cost_unit"] == "money"


def test_what_is_paid_is_followed_over_the_same_time_for_all() -> None:
    rows: list[Row] = []
    countries = {}
    for country, n_buyers in (("Romania", 20), ("France", 80)):
        for number in range(100):
            customer = f"{country}-{number}"
            countries[customer] = country
            # The last come on day 300, so that all are followed for the 64 days that are left of the year.
            rows += walk(customer, number * 3 + 3, "see")
            if number * 37 % 100 < n_buyers:
                rows += walk(customer, number * 3 + 4, "buy", revenue=50.0)
                # Half a thousand later on: those who came early would have had the time, the others not.
                rows += walk(customer, number * 3 + 80, "again", revenue=500.0) if number < 50 else []
    found = journey.findings(load(rows, countries))
    [group] = found[found["kind"] == "group"].to_dict("records")
    assert (group["cost"], group["cost_unit"]) == (pytest.approx(60 * 50), "money")


@pytest.mark.parametrize("paid", ["by those who stay", "by nobody who could"])
def test_going_on_that_brings_no_more_revenue_has_no_price(paid: str) -> None:
    rows: list[Row] = []
    countries = {}
    for country, n_buyers in (("Romania", 20), ("France", 80)):
        for number in range(100):
            customer = f"{country}-{number}"
            countries[customer] = country
            rows += walk(customer, number * 2, "see")
            if number * 37 % 100 < n_buyers:
                rows += walk(customer, number * 2 + 1, "buy")
            elif paid == "by those who stay":
                rows += walk(customer, number * 2 + 1, "see", revenue=10.0)
    if paid == "by nobody who could":
        rows += walk("payer", 0, "end", revenue=10.0)
    found = journey.findings(load(rows, countries))
    [group] = found[found["kind"] == "group"].to_dict("records")
    assert np.isnan(group["cost"])
    assert group["cost_unit"] is None


def test_days_of_a_stretch_are_told_in_the_reporting_time_zone() -> None:
    log = two_countries()
    facts = replace(log.facts, time_zone="America/New_York")
    weeks = Place(stage="see", start=4 * 86_400.0, end=18 * 86_400.0)
    # From Monday 5 January 1970 on, which is Sunday evening in New York.
    assert stretch_days(weeks, log) == (datetime.date(1970, 1, 5), datetime.date(1970, 1, 18))
    assert stretch_days(weeks, replace(log, facts=facts)) == (datetime.date(1970, 1, 4), datetime.date(1970, 1, 18))


def test_a_share_made_by_subtraction_stays_a_share() -> None:
    nothing = Compared(0.2, 0.2 + 4e-16, 0.1, 0.3, 0.01, 100, 100)
    assert compared_candidate("touchpoint", Place(), nothing).rest == 0
    assert compared_candidate("feeling", Place(), replace(nothing, difference=1.0)).rest == pytest.approx(-0.8)


def test_evidence_names_the_page_and_its_settings() -> None:
    [found] = journey.findings(two_countries()).to_dict("records")
    told = {"page": "funnels", "steps": ["see", "try"], "breakdown": "country", "window": 30}
    assert json.loads(found["evidence"]) == told


def test_nothing_is_told_where_groups_do_alike() -> None:
    assert journey.findings(two_countries(50, 50)).empty


def test_differences_too_small_to_matter_are_not_told() -> None:
    rows: list[Row] = []
    countries = {}
    for country, n_buyers in (("Romania", 2000), ("France", 2140)):
        for number in range(4000):
            countries[f"{country}-{number}"] = country
            rows += walk(f"{country}-{number}", number % 200, "see")
            if number % 4000 < n_buyers:
                rows += walk(f"{country}-{number}", number % 200 + 1, "buy")
    # Sure (p < 0.01), yet 3.5 points only.
    assert journey.findings(load(rows, countries)).empty


def test_groups_under_thirty_are_not_told() -> None:
    rows: list[Row] = []
    countries = {}
    for country, n, n_buyers in (("Romania", 29, 0), ("France", 100, 100)):
        for number in range(n):
            countries[f"{country}-{number}"] = country
            rows += walk(f"{country}-{number}", number, "see", *(["buy"] if number < n_buyers else []))
    assert journey.findings(load(rows, countries)).empty


def test_who_may_still_go_on_counts_neither_as_gone_on_nor_as_lost() -> None:
    rows: list[Row] = []
    countries = {}
    for country in ("Romania", "France"):
        for number in range(100):
            countries[f"{country}-{number}"] = country
            # Half of the Romanians came a week before the data end and have not bought yet.
            day = 360 if country == "Romania" and number % 2 else number
            rows += walk(f"{country}-{number}", day, "see", *(["buy"] if day < 360 else []))
    assert journey.findings(load(rows, countries)).empty


def test_weeks_in_which_one_device_goes_on_less_are_found_with_their_dates() -> None:
    rows: list[Row] = []
    for week in range(45):
        for device in ("phone", "laptop"):
            for number in range(24):
                is_broken = device == "phone" and 20 <= week < 23
                buys = number % (12 if is_broken else 2) == 0
                touchpoints = ["see", "buy"] if buys else ["see"]
                rows += walk(f"{device}-{week}-{number}", 7 * week + 2, *touchpoints, device=device)
    found = journey.findings(load(rows))
    stretch = found[found["kind"] == "stretch"].iloc[0]
    assert (stretch["breakdown"], stretch["value"]) == ("device", "phone")
    assert stretch["start"] == (START + pd.Timedelta(weeks=20)).date()
    assert stretch["end"] == (START + pd.Timedelta(weeks=23)).date() - datetime.timedelta(days=1)
    assert stretch["here"] == pytest.approx(1 / 12)
    assert stretch["rest"] == pytest.approx(1 / 2)
    assert json.loads(stretch["evidence"])["start"] == "2025-05-26"


def test_moving_to_another_device_is_compared_with_staying_at_the_same_point() -> None:
    rows: list[Row] = []
    for number in range(400):
        moves = number % 4 == 0
        goes_on = number % 10 < 5 if moves else number % 10 < 9
        rows += walk(f"c{number}", number % 250, "see", device="phone")
        rows += walk(f"c{number}", number % 250 + 0.2, "form", device="laptop" if moves else "phone")
        if goes_on:
            rows += walk(f"c{number}", number % 250 + 0.4, "buy", device="laptop" if moves else "phone")
    found = journey.findings(load(rows))
    [switch] = found[found["kind"] == "switch"].to_dict("records")
    assert (switch["from_value"], switch["to_value"], switch["stage"]) == ("phone", "laptop", "see")
    assert switch["customers"] == 100
    assert switch["here"] < switch["rest"]


def test_the_worst_and_the_best_moment_are_told() -> None:
    rows: list[Row] = []
    chance = np.random.default_rng(3)
    for number in range(120):
        for place, (touchpoint, mood) in enumerate((("see", 0.0), ("error", -1.2), ("help", 0.1), ("gift", 1.3))):
            emotion = float(np.clip(mood + chance.normal(0, 0.3), -2, 2))
            rows += walk(f"c{number}", number + place / 24, touchpoint, emotion=emotion)
    found = journey.findings(load(rows))
    feelings = found[found["kind"] == "feeling"]
    assert set(feelings["where"]) == {"error", "gift"}
    assert feelings["cost"].isna().all()
    assert feelings.set_index("where").loc["error", "here"] == pytest.approx(-1.2, abs=0.1)
    assert json.loads(feelings["evidence"].iloc[0])["page"] == "emotions"


def test_what_brings_silent_customers_back_is_told() -> None:
    rows: list[Row] = []
    for number in range(60):
        rows += walk(f"c{number}", number, "see", "read", "read")
        rows += walk(f"c{number}", number + 60, "letter" if number % 3 else "read", "read")
    [found] = journey.findings(load(rows)).to_dict("records")
    assert (found["kind"], found["where"]) == ("return", "letter")
    assert found["here"] == pytest.approx(2 / 3)


def test_personas_are_not_tested() -> None:
    log = two_countries()
    keys = log.run(lambda dataset: dataset.table("customers").select("customer_key", persona="country"))
    named = log.with_personas("personas_test", keys)
    assert "persona" not in set(journey.findings(named)["breakdown"])


def test_the_order_of_the_rows_changes_nothing() -> None:
    rows = [row for number in range(200) for row in walk(f"c{number}", number, "see", *(["buy"] * (number % 3 == 0)))]
    countries = {f"c{number}": "Romania" if number % 3 == 0 else "France" for number in range(200)}
    shuffled = pd.DataFrame(rows).sample(frac=1, random_state=4).to_dict("records")
    expected = journey.findings(load(rows, countries))
    pd.testing.assert_frame_equal(journey.findings(load(shuffled, countries)), expected)
    assert len(expected) == 1


@pytest.mark.parametrize(
    "make",
    [
        lambda: load(list(walk("a", 0, "see")), ends=False),
        lambda: two_countries().where(Filters(start=datetime.date(2030, 1, 1))),
    ],
)
def test_one_customer_or_none_gives_an_empty_table_with_its_columns(make: Callable[[], Dataset]) -> None:
    found = journey.findings(make())
    assert found.empty
    assert {"finding", "kind", "where", "customers", "cost", "low", "high", "evidence"} <= set(found.columns)


def test_within_one_stratum_the_comparison_is_that_of_two_shares() -> None:
    outcome = np.repeat([1.0, 0.0, 1.0, 0.0], [56, 14, 48, 32])
    exposed = np.repeat([True, False], [70, 80])
    found = within_strata(outcome, exposed, np.zeros(150, dtype=np.int64), np.arange(150))
    difference, _low, _high, p_value = difference_of_shares(56, 70, 48, 80)
    assert found is not None
    assert found.difference == pytest.approx(float(difference))
    # Each arm brings its own spread instead of the pooled one, and customers the factor n / (n − 1).
    assert found.p_value == pytest.approx(float(p_value), rel=0.1)


def test_alike_are_compared_with_alike() -> None:
    # In both strata the exposed do as the others do; together they seem to do better (8 of 12 against 7 of 18).
    strata = np.repeat([0, 0, 1, 1], [10, 5, 2, 13])
    exposed = np.repeat([True, False, True, False], [10, 5, 2, 13])
    outcome = np.concatenate([[1.0] * 8 + [0.0] * 2, [1.0] * 4 + [0.0], [0.0] * 2, [0.0] * 13])
    found = within_strata(outcome, exposed, strata, np.arange(30), n_minimum=1)
    assert found is not None
    assert found.difference == pytest.approx(0)


def test_repeats_of_a_customer_count_as_one() -> None:
    outcome, exposed = np.array([1.0, 0.0, 1.0, 0.0]), np.array([True, True, False, False])
    once = within_strata(outcome, exposed, np.zeros(4, dtype=np.int64), np.arange(4), n_minimum=1)
    many = within_strata(
        np.repeat(outcome, 50), np.repeat(exposed, 50), np.zeros(200, dtype=np.int64), np.repeat(np.arange(4), 50)
    )
    assert once is not None
    assert many is not None
    assert (many.low, many.high, many.n_here) == (pytest.approx(once.low), pytest.approx(once.high), 2)
