"""Journeys, visits, stages and what follows an interaction, worked out by head."""

from __future__ import annotations

from typing import Any

import pandas as pd

import journey
from journey.dataset import Dataset
from journey.vocabulary import COMMENTS, CUSTOMERS, STEPS
from tests.logs import make_log


def column(dataset: Dataset, name: str, customer: str = "a") -> list[Any]:
    rows = dataset.table("steps").order_by("sequence").to_pyarrow().to_pylist()
    return [row[name] for row in rows if row["customer_id"] == customer]


def test_a_silence_of_more_than_thirty_days_starts_a_new_journey() -> None:
    dataset = make_log(a=f"see > try+{30 * 24 * 60} > buy+{30 * 24 * 60 + 1}")
    assert column(dataset, "journey") == [1, 1, 2]
    assert column(dataset, "step") == [1, 2, 1]


def test_thirty_minutes_without_an_interaction_start_a_new_visit() -> None:
    dataset = make_log(a="see > try+29 > buy+30")
    assert column(dataset, "visit") == [1, 1, 2]


def test_what_follows_stays_within_the_journey() -> None:
    dataset = make_log(a="see > try | buy")
    assert column(dataset, "next_touchpoint") == ["try", None, None]
    assert column(dataset, "seconds_to_next") == [60.0, None, None]


def test_a_journey_is_open_when_it_ends_less_than_the_silence_before_the_end_of_the_data() -> None:
    days = 24 * 60
    dataset = make_log(a="see", b=f"see+{29 * days}", c=f"see+{30 * days + 5}", closed=False)
    assert column(dataset, "is_open", "a") == [False]
    assert column(dataset, "is_open", "b") == [True]
    assert column(dataset, "is_open", "c") == [True]


def test_interactions_of_one_moment_keep_the_order_of_the_file() -> None:
    moment = pd.Timestamp("2025-01-01")
    rows = pd.DataFrame({"customer_id": "a", "timestamp": [moment] * 3, "touchpoint": ["z", "m", "a"]})
    assert column(journey.load(rows), "touchpoint") == ["z", "m", "a"]
    assert column(journey.load(rows), "sequence") == [1, 2, 3]


def test_the_furthest_stage_is_by_the_order_of_stages_not_by_time_or_alphabet() -> None:
    dataset = make_log(a="try > zoo > see", stage_order=["zoo", "see", "try"])
    [row] = dataset.table("customers").filter(lambda table: table.customer_id == "a").to_pyarrow().to_pylist()
    assert row["stage_reached"] == "try"


def test_the_first_channel_is_that_of_the_first_interaction_even_when_unknown_later() -> None:
    dataset = make_log(a="see#ads > try#email")
    [row] = dataset.table("customers").filter(lambda table: table.customer_id == "a").to_pyarrow().to_pylist()
    assert (row["first_channel"], row["interactions"], row["journeys"]) == ("ads", 2, 1)


def test_an_unknown_first_channel_stays_unknown() -> None:
    dataset = make_log(a="see > try#email")
    [row] = dataset.table("customers").filter(lambda table: table.customer_id == "a").to_pyarrow().to_pylist()
    assert row["first_channel"] is None


def test_the_tables_hold_the_columns_that_the_vocabulary_promises() -> None:
    dataset = make_log(a="see~fine", attributes={"country": {"a": "RO"}})
    assert dataset.table("steps").columns == tuple(STEPS)
    assert dataset.table("customers").columns == (*CUSTOMERS, "country")
    assert dataset.table("comments").columns == tuple(COMMENTS)


def test_a_comment_is_kept_beside_the_steps() -> None:
    dataset = make_log(a="see~fine > try")
    [row] = dataset.table("comments").to_pyarrow().to_pylist()
    assert (row["touchpoint"], row["comment"], row["score"]) == ("see", "fine", None)
