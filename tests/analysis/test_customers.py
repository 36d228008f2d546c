"""One customer, told whole; and the list to choose one from."""

from __future__ import annotations

import datetime

import pandas as pd
import pytest

import journey
from journey.analysis.customers import TIMELINE, customer, customer_ids, customer_list, customer_of_key
from journey.dataset import Dataset, Filters
from journey.errors import ArgumentError, UnknownNameError
from tests.logs import MINUTE, START, make_log


def example() -> Dataset:
    return make_log(
        a="see@phone#ads > try@phone#email!-1 > buy@laptop#email$20+90 | buy@laptop#email$-5!1.5",
        b="see@phone#ads!2",
        attributes={"country": {"a": "Romania", "b": "France"}},
        stages={"see": "awareness", "try": "consideration", "buy": "purchase"},
        stage_order=["awareness", "consideration", "purchase"],
    )


def test_a_customer_is_told_whole() -> None:
    found = customer(example(), "a")
    assert (found.interactions, found.visits, found.journeys) == (4, 3, 2)
    assert (found.purchases, found.revenue) == (1, 15.0)
    assert (found.emotion, found.last_emotion, found.n_scored) == (0.25, 1.5, 2)
    assert found.devices == (("laptop", 2), ("phone", 2))
    assert found.channels == (("email", 3), ("ads", 1))
    assert found.attributes == (("country", "Romania"),)
    assert found.stage_reached == "purchase"
    assert found.first == START + 2 * MINUTE


def test_the_timeline_has_a_row_per_interaction_in_time_order() -> None:
    timeline = customer(example(), "a").timeline
    assert tuple(timeline.columns) == TIMELINE
    assert timeline["touchpoint"].tolist() == ["see", "try", "buy", "buy"]
    assert timeline["visit"].tolist() == [1, 1, 2, 3]
    assert timeline["stage"].tolist() == ["awareness", "consideration", "purchase", "purchase"]
    assert timeline["timestamp"].is_monotonic_increasing


def test_comments_are_masked_and_stand_at_their_interaction() -> None:
    dataset = make_log(a="see > chat~call me on 0722 123 456 > buy")
    comments = customer(dataset, "a").timeline["comment"]
    assert comments.isna().tolist() == [True, False, True]
    assert comments[1] == "call me on [phone number]"


def test_without_revenue_in_the_data_it_is_unknown_and_not_nothing() -> None:
    found = customer(make_log(a="see"), "a")
    assert (found.purchases, found.revenue, found.emotion, found.last_emotion) == (None, None, None, None)


def test_filters_do_not_cut_a_customer() -> None:
    narrow = example().where(Filters(start=datetime.date(2025, 1, 1), end=datetime.date(2025, 1, 1)))
    assert customer(narrow, "a").interactions == 4
    assert customer(example().where(Filters(attributes=(("country", ("France",)),))), "a").interactions == 4


def test_a_customer_is_found_by_the_key_too() -> None:
    dataset = example()
    keys = dict(customer_ids(dataset)[["customer_id", "customer_key"]].itertuples(index=False))
    assert list(keys.values()) == list(range(1, len(keys) + 1))
    assert customer_of_key(dataset, keys["b"]).customer_id == "b"


def test_nobody_is_told_in_words() -> None:
    with pytest.raises(UnknownNameError):
        customer(example(), "nobody")
    with pytest.raises(UnknownNameError):
        customer_of_key(example(), 99)


@pytest.mark.parametrize(
    ("order", "ids"),
    [("recent", ["zz", "a", "b"]), ("revenue", ["a", "b", "zz"]), ("worst", ["a", "b", "zz"]),
     ("visits", ["a", "b", "zz"])],
)  # fmt: skip
def test_the_list_comes_in_the_order_asked_for(order: str, ids: list[str]) -> None:
    assert customer_list(example(), order=order)["customer_id"].tolist() == ids


def test_the_list_keeps_to_filters_search_and_number() -> None:
    dataset = example()
    france = dataset.where(Filters(attributes=(("country", ("France",)),)))
    assert customer_list(france)["customer_id"].tolist() == ["b"]
    assert customer_list(dataset, search=" Z")["customer_id"].tolist() == ["zz"]
    assert customer_list(dataset, search="%")["customer_id"].tolist() == []
    assert len(customer_list(dataset, n_customers=2)) == 2


def test_the_figures_of_the_list_are_of_all_interactions() -> None:
    row = customer_list(example(), search="a").iloc[0]
    assert (row["visits"], row["interactions"], row["revenue"], row["emotion"], row["n_scored"]) == (3, 4, 15, 0.25, 2)
    assert row["stage_reached"] == "purchase"


def test_what_is_out_of_range_is_told() -> None:
    with pytest.raises(ArgumentError):
        customer_list(example(), n_customers=0)
    with pytest.raises(ArgumentError):
        customer_list(example(), order="best")


def test_the_order_of_rows_changes_nothing() -> None:
    rows = pd.DataFrame(
        {
            "customer_id": ["a", "b", "a"],
            "touchpoint": ["see", "see", "buy"],
            "timestamp": pd.to_datetime(["2025-01-01", "2025-01-02", "2025-01-03"]),
        }
    )
    one, other = journey.load(rows), journey.load(rows.iloc[::-1])
    assert customer(one, "a").timeline.equals(customer(other, "a").timeline)
    assert customer_list(one).equals(customer_list(other))
