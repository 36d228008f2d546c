"""What is known of a customer, and what was spent: from the interactions and from tables beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import journey
from journey.dataset import Dataset
from journey.errors import MappingError
from journey.ingest.names.channels import ownership_of
from tests.logs import told


def log(**columns: Any) -> pd.DataFrame:
    """Two interactions of ana, two of ben, one of cat."""
    rows = {
        "customer_id": ["ana", "ana", "ben", "ben", "cat"],
        "timestamp": [f"2025-01-0{day}" for day in range(1, 6)],
        "touchpoint": ["home", "cart", "home", "cart", "home"],
    }
    return pd.DataFrame(rows | columns)


def known(dataset: Dataset, name: str) -> dict[str, Any]:
    customers = dataset.engine.run(name, lambda: dataset.engine.table("customers")).to_pylist()
    return {row["customer_id"]: row[name] for row in customers}


def test_the_first_known_value_in_time_counts() -> None:
    rows = log(country=[None, "RO", "DE", None, None]).iloc[::-1]
    dataset = journey.load(rows, mapping={"attribute": "country"})
    assert known(dataset, "country") == {"ana": "RO", "ben": "DE", "cat": None}


def test_a_table_of_customers_is_joined_by_the_column_that_holds_the_ids() -> None:
    customers = pd.DataFrame({"no": [1, 2, 3], "key": ["ben", "ana", "zoe"], "Plan type": ["pro", "free", "pro"]})
    dataset = journey.load(log(), customers=customers)
    assert known(dataset, "plan_type") == {"ana": "free", "ben": "pro", "cat": None}
    assert any("2 of the 3 customers were found in it by “key”" in note for note in told(dataset))


def test_the_first_row_of_a_repeated_customer_counts() -> None:
    customers = pd.DataFrame({"customer_id": ["ana", "ana", "ben"], "plan": ["pro", "free", "pro"]})
    dataset = journey.load(log(), customers=customers)
    assert known(dataset, "plan")["ana"] == "pro"
    assert dataset.summary.interactions == 5
    assert any("that repeat an id: 1." in note for note in told(dataset))


def test_a_table_of_other_customers_is_told_and_not_used() -> None:
    customers = pd.DataFrame({"customer_id": ["x", "y"], "plan": ["pro", "free"]})
    dataset = journey.load(log(), customers=customers)
    assert dataset.facts.attributes == ()
    assert any("holds no id of these customers" in note for note in told(dataset))


def test_numbers_are_numbers_when_there_are_enough_different_ones() -> None:
    customers = pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(20)],
            "age": range(20, 40),
            "level": [i % 3 for i in range(20)],
            "zip code": [f"{i:05d}" for i in range(20)],
        }
    )
    rows = pd.DataFrame({"customer_id": customers["customer_id"], "timestamp": "2025-01-01", "touchpoint": "home"})
    dataset = journey.load(rows, customers=customers)
    numeric = {attribute.name: attribute.numeric for attribute in dataset.facts.attributes}
    assert numeric == {"age": True, "level": False, "zip_code": False}
    assert known(dataset, "age")["c3"] == 23


def test_names_that_are_taken_get_a_number() -> None:
    customers = pd.DataFrame({"customer_id": ["ana", "ben", "cat"], "channel": ["x", "y", "x"], "持": ["a", "b", "a"]})
    dataset = journey.load(log(channel=["web", "app", "web", "app", "web"]), customers=customers)
    assert [(attribute.name, attribute.label) for attribute in dataset.facts.attributes] == [
        ("channel_2", "channel"),
        ("attribute_2", "持"),
    ]


def test_personal_data_does_not_become_an_attribute() -> None:
    customers = pd.DataFrame({"customer_id": ["ana", "ben"], "Email": ["a@x", "b@x"], "plan": ["pro", "free"]})
    assert [each.name for each in journey.load(log(), customers=customers).facts.attributes] == ["plan"]


# --- Spend -------------------------------------------------------------------------------------------------------


def test_spend_is_summed_by_day_channel_and_campaign() -> None:
    spend = pd.DataFrame(
        {
            "Day": ["2025-01-01", "2025-01-01", "2025-01-02", "soon"],
            "Channel": ["EMAIL", "EMAIL", "ads", "ads"],
            "Cost": ["1.50", "2.50", "3.00", "4.00"],
        }
    )
    dataset = journey.load(log(channel=["Email", "ads", "Email", "ads", "Email"]), spend=spend)
    found = dataset.table("spend").to_pyarrow().to_pylist()
    assert [(row["channel"], row["cost"]) for row in found] == [("Email", 4.0), ("ads", 3.0)]
    assert any("without a readable day or cost, left out: 1." in note for note in told(dataset))


def test_without_spend_the_table_is_empty() -> None:
    assert journey.load(log()).table("spend").to_pyarrow().num_rows == 0


def test_a_table_of_spend_without_costs_is_refused() -> None:
    with pytest.raises(MappingError, match="No column says"):
        journey.load(log(), spend=pd.DataFrame({"day": ["2025-01-01"], "channel": ["ads"]}))


def test_among_several_files_each_is_taken_for_what_it_is(tmp_path: Path) -> None:
    tables = {
        "a.csv": pd.DataFrame({"customer_id": [f"c{i}" for i in range(30)], "plan": ["pro", "free"] * 15}),
        "b.csv": pd.DataFrame(
            {
                "customer_id": [f"c{i % 30}" for i in range(90)],
                "timestamp": "2025-01-01",
                "event": ["x"] * 30 + ["y"] * 30 + ["z"] * 30,
            }
        ),
        "c.csv": pd.DataFrame({"date": ["2025-01-01"], "channel": ["ads"], "campaign": ["c"], "spend": ["3.5"]}),
    }
    for name, table in tables.items():
        table.to_csv(tmp_path / name, index=False)
    dataset = journey.load([tmp_path / name for name in tables])
    assert dataset.summary.interactions == 90
    assert [attribute.name for attribute in dataset.facts.attributes] == ["plan"]
    assert dataset.table("spend").to_pyarrow().num_rows == 1
    assert len(dataset.report["files"]) == 3


# --- Channels ----------------------------------------------------------------------------------------------------


def test_spellings_of_a_channel_are_one_channel() -> None:
    dataset = journey.load(log(channel=["Email", "email", "Email ", " Paid  Search", "n/a"]))
    steps = dataset.engine.run("channels", lambda: dataset.engine.table("steps").order_by("timestamp"))
    assert steps.column("channel").to_pylist() == ["Email", "Email", "Email", "Paid Search", None]
    assert steps.column("ownership").to_pylist() == ["owned", "owned", "owned", "paid", None]
    assert "“email” was taken as “Email”." in told(dataset)


def test_source_and_medium_tell_the_channel_together() -> None:
    dataset = journey.load(
        log(utm_source=["google", "google", None, "news", "bing"], utm_medium=["cpc", "organic", None, "email", None])
    )
    steps = dataset.engine.run("channels", lambda: dataset.engine.table("steps").order_by("timestamp"))
    assert steps.column("channel").to_pylist() == ["Paid search", "Organic search", None, "Email", "Organic search"]


@pytest.mark.parametrize(
    ("channel", "ownership"),
    [
        ("google / cpc", "paid"),
        ("Organic search", "earned"),
        ("Review site", "third-party"),
        ("Store", "owned"),
        ("zeta", None),
    ],
)
def test_who_owns_a_channel_is_told_by_its_name(channel: str, ownership: str | None) -> None:
    assert ownership_of(channel) == ownership


def test_what_the_file_says_about_ownership_is_kept() -> None:
    dataset = journey.load(log(channel=["ads"] * 5, ownership=["Owned", "third party", "PAID", "earned", None]))
    steps = dataset.engine.run("channels", lambda: dataset.engine.table("steps").order_by("timestamp"))
    assert steps.column("ownership").to_pylist() == ["owned", "third-party", "paid", "earned", None]
