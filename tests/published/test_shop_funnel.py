"""Published funnel of the shop data: retentioneering-tools, notebooks `api_showcase` and `ecom_demo`."""

from __future__ import annotations

from pathlib import Path

import pytest

import journey
from journey.dataset import Dataset

STEPS = ["catalog", "add_to_cart", "cart", "purchase"]


@pytest.fixture(scope="module")
def shop(reference_data: Path) -> Dataset:
    return journey.load(
        reference_data / "data" / "ecom.csv.gz", mapping={"customer_id": "user_id", "touchpoint": "event"}
    )


def test_the_shop_has_the_published_rows_and_customers(shop: Dataset) -> None:
    assert (shop.summary.interactions, shop.summary.customers) == (31_106, 600)


def test_the_shop_funnel_has_the_published_customers_and_shares(shop: Dataset) -> None:
    found = journey.funnel(shop, STEPS, by="touchpoint")
    assert found["customers"].tolist() == [600, 511, 431, 225]
    assert found["share_of_all"].tolist() == [1.0, 0.8516666666666667, 0.7183333333333334, 0.375]
    assert found["share_of_previous"].tolist()[2:] == [0.8434442270058709, 0.5220417633410673]


def test_collapsing_repeats_leaves_the_published_rows_within_journeys(shop: Dataset) -> None:
    # Published per customer in file order: 27,174. Repeats on both sides of a long silence stay apart here.
    steps = shop.table("steps")
    repeats = journey.transitions(shop)
    n_repeats = repeats.loc[repeats["source"] == repeats["target"], "transitions"].sum()
    across = shop.engine.run("silences", lambda: steps.aggregate(n=(steps.step == 1).sum())).column("n")[0].as_py()
    assert 27_174 <= 31_106 - n_repeats <= 27_174 + int(across) - 600
