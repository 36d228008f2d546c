"""Public event logs: as many cases and events as their publishers count.

Receipt phase of a building-permit process (4TU, doi:10.4121/uuid:a07386a5-7be3-4367-9535-70bc9e77dbe6): 1,434 cases,
8,577 events, 27 activities. Sepsis cases (4TU, doi:10.4121/uuid:915d2bfb-7e84-49ad-a286-dc35f063a460): 1,050 cases,
15,214 events, 16 activities.
"""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

import journey
from journey.dataset import Dataset

# Times in a dataset are UTC and do not say so.
# ruff: noqa: DTZ001


@pytest.fixture(scope="module")
def receipt(reference_data: Path) -> Dataset:
    return journey.load(reference_data / "data" / "receipt.csv")


@pytest.fixture(scope="module")
def sepsis(reference_data: Path) -> Dataset:
    return journey.load(reference_data / "data" / "sepsis.csv")


def customers_meeting(dataset: Dataset, touchpoint: str) -> int:
    steps = dataset.table("steps")
    met = steps.filter(steps.touchpoint == touchpoint)
    return len(met.select("customer_key").distinct().to_pyarrow())


def n_touchpoints(dataset: Dataset) -> int:
    return len(dataset.table("steps").select("touchpoint").distinct().to_pyarrow())


def test_the_permit_requests_are_all_there(receipt: Dataset) -> None:
    assert (receipt.summary.customers, receipt.summary.interactions) == (1_434, 8_577)
    assert n_touchpoints(receipt) == 27
    assert customers_meeting(receipt, "Confirmation of receipt") == 1_434


def test_the_permit_requests_begin_where_their_offset_says(receipt: Dataset) -> None:
    steps = receipt.table("steps")
    first = steps.filter(steps.customer_id == "case-10011", steps.sequence == 1).select("timestamp").to_pyarrow()
    assert first.column("timestamp").to_pylist() == [datetime.datetime(2011, 10, 11, 11, 45, 40, 276000)], (
        "13:45:40.276+02:00"
    )


def test_every_patient_is_there_and_one_is_called_na(sepsis: Dataset) -> None:
    assert (sepsis.summary.customers, sepsis.summary.interactions) == (1_050, 15_214)
    assert n_touchpoints(sepsis) == 16
    steps = sepsis.table("steps")
    assert len(steps.filter(steps.customer_id == "NA").to_pyarrow()) > 0
    assert customers_meeting(sepsis, "ER Registration") == 1_050


def test_touchpoints_stand_in_for_stages_nobody_named(receipt: Dataset, sepsis: Dataset) -> None:
    assert (receipt.facts.stage_source, sepsis.facts.stage_source) == ("touchpoints", "touchpoints")
    assert receipt.facts.stages[0] == "Confirmation of receipt"
    assert sepsis.facts.stages[0] == "ER Registration"
    assert len(receipt.facts.stages) == len(sepsis.facts.stages) == 8


def test_no_row_of_the_shop_is_lost(reference_data: Path) -> None:
    shop = journey.load(reference_data / "data" / "ecom.csv.gz")
    assert (shop.summary.customers, shop.summary.interactions) == (600, 31_106)
    assert shop.facts.stage_source == "inferred"
    assert shop.report["duplicate_lines"] == 30


def test_a_small_shop_with_stages_of_its_own(reference_data: Path) -> None:
    shop = journey.load(reference_data / "data" / "shopeasy" / "customer_journey.csv")
    assert shop.report["tables"][0]["columns"] | {"JourneyID": "ignore"} == {
        "JourneyID": "ignore",
        "CustomerID": "customer_id",
        "ProductID": "ignore",
        "VisitDate": "timestamp",
        "Stage": "stage",
        "Action": "touchpoint",
        "Duration": "ignore",
    }
    assert shop.facts.stages == ("Homepage", "ProductPage", "Checkout"), "Checkout and checkout are one"
