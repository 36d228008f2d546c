"""Filters select customers and one time window; steps keep the neighbours they had."""

from __future__ import annotations

import datetime
import threading
from typing import Any

import pandas as pd
import pytest

import journey
from journey.dataset import Dataset, Facts, Filters
from journey.errors import ArgumentError, UnknownNameError
from tests.logs import make_log

DAY = datetime.date(2025, 1, 1)


def steps(dataset: Dataset) -> list[dict[str, Any]]:
    return dataset.table("steps").order_by("customer_key", "sequence").to_pyarrow().to_pylist()


def test_a_filter_keeps_all_interactions_of_the_customers_it_chooses() -> None:
    dataset = make_log(a="see#ads > try#email", b="see#email > try#email")
    chosen = dataset.where(Filters(first_channels=("ads",)))
    assert [(row["customer_id"], row["touchpoint"]) for row in steps(chosen)] == [("a", "see"), ("a", "try")]


def test_customers_are_chosen_by_the_device_they_began_on() -> None:
    dataset = make_log(a="see@phone > try@laptop", b="see@laptop")
    chosen = Filters(first_devices=("phone",))
    assert bool(chosen)
    assert {row["customer_id"] for row in steps(dataset.where(chosen))} == {"a"}


def test_two_filters_are_combined_with_and_their_values_with_or() -> None:
    attributes = {"country": {"a": "RO", "b": "CN", "c": "RO"}}
    dataset = make_log(a="see#x", b="see#x", c="see#y", attributes=attributes)
    both = Filters(first_channels=("x", "y"), attributes=(("country", ("RO",)),))
    assert {row["customer_id"] for row in steps(dataset.where(both))} == {"a", "c"}


def test_the_parts_of_a_filter_add_up_to_the_whole() -> None:
    dataset = make_log(a="see", b="try", c="see", attributes={"country": {"a": "RO", "b": "CN"}})
    parts = [dataset.where(Filters(attributes=(("country", (value,)),))) for value in ("RO", "CN", "(unknown)")]
    assert sum(part.summary.customers for part in parts) == dataset.summary.customers


def test_a_customer_without_a_value_is_found_as_unknown() -> None:
    dataset = make_log(a="see#ads", b="see")
    unknown = dataset.where(Filters(first_channels=("(unknown)",)))
    assert {row["customer_id"] for row in steps(unknown)} == {"b", "zz"}


def test_stage_reached_means_met_at_any_time() -> None:
    dataset = make_log(a="see > try > see", b="see")
    assert {row["customer_id"] for row in steps(dataset.where(Filters(stages_reached=("try",))))} == {"a"}


def test_a_transition_counts_when_both_its_ends_lie_in_the_window() -> None:
    dataset = make_log(a="see > try+1440 > buy+1440", closed=False)
    first_two_days = dataset.where(Filters(start=DAY, end=DAY + datetime.timedelta(days=1)))
    assert [(row["touchpoint"], row["next_touchpoint"]) for row in steps(first_two_days)] == [
        ("see", "try"),
        ("try", None),
    ]


def test_a_journey_that_goes_on_behind_the_window_is_open_not_ended() -> None:
    dataset = make_log(a="see > try+1440")
    [cut] = steps(dataset.where(Filters(end=DAY)))
    assert cut["is_open"]
    assert not any(row["is_open"] for row in steps(dataset) if row["customer_id"] == "a")


def test_the_window_is_cut_in_the_reporting_time_zone() -> None:
    # 23:30 UTC on 1 January is 01:30 on 2 January in Bucharest.
    moment = pd.Timestamp("2025-01-01 23:30")
    rows = pd.DataFrame({"customer_id": ["a"], "timestamp": [moment], "touchpoint": ["see"]})
    dataset = journey.load(rows)
    there = Dataset(
        dataset.engine,
        dataset.version,
        Facts(dataset.facts.first, dataset.facts.last, (), "given", time_zone="Europe/Bucharest"),
        dataset.directory,
    )
    assert there.where(Filters(start=DAY, end=DAY)).summary.customers == 0
    assert there.where(Filters(start=DAY + datetime.timedelta(days=1))).summary.customers == 1


def test_customers_outside_the_window_are_not_counted() -> None:
    dataset = make_log(a="see", b="see+5000")
    view = dataset.where(Filters(end=DAY))
    assert view.summary.customers == 1
    assert view.table("customers").count().to_pyarrow().as_py() == 1


def test_an_unknown_stage_is_answered_with_the_nearest() -> None:
    dataset = make_log(a="see > purchase")
    with pytest.raises(UnknownNameError, match="Did you mean “purchase”"):
        dataset.where(Filters(stages_reached=("purchas",)))


def test_a_window_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ArgumentError, match="must lie between"):
        make_log(a="see").where(Filters(start=DAY, end=DAY - datetime.timedelta(days=1)))


def test_an_unknown_table_is_refused_with_the_list_of_tables() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean “steps”"):
        make_log(a="see").table("step")


def test_values_are_ordered_by_the_number_of_customers() -> None:
    dataset = make_log(a="see#rare", b="see#often", c="see#often")
    assert dataset.values_of("channel") == ("often", "rare")


def test_the_answers_of_many_threads_are_their_own() -> None:
    dataset = make_log(**{f"c{number}": " > ".join(["see"] * (number + 1)) for number in range(8)})
    views = {n: dataset.where(Filters(stages_reached=("see",), end=DAY)) for n in range(8)}
    found: dict[int, int] = {}

    def count(number: int) -> None:
        for _turn in range(5):
            found[number] = views[number].summary.interactions

    threads = [threading.Thread(target=count, args=(number,)) for number in views]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == dict.fromkeys(range(8), 36)


def test_facts_survive_being_written_and_read() -> None:
    facts = make_log(a="see", attributes={"age": {"a": "30"}}).facts
    assert Facts.from_json(facts.to_json()) == facts


def test_no_text_of_a_filter_becomes_sql() -> None:
    dataset = make_log(a="see#ads")
    hostile = "x' OR 1=1; DROP TABLE steps; --"
    assert dataset.where(Filters(first_channels=(hostile,))).summary.customers == 0
    assert dataset.summary.customers == 2
