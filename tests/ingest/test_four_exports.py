"""The sample company's year as four tools would export it: events, contacts, tickets and answers become one dataset."""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

import journey
from journey.dataset import Dataset

SAMPLE = Path(__file__).parents[2] / "sample_data"
N_CUSTOMERS = 2_860
MICROSECONDS = 1_000


def email_of(customer_id: pd.Series) -> pd.Series:
    return customer_id.str.lower() + "@example.com"


def ga4_events(rows: pd.DataFrame) -> pd.DataFrame:
    """Everything but tickets and answers; a device is known by its cookie, a customer also by their id."""
    is_known = rows["customer_id"].str.startswith("C-")
    return pd.DataFrame(
        {
            "event_date": rows["timestamp"].str[:10].str.replace("-", ""),
            "event_timestamp": pd.to_datetime(rows["timestamp"]).astype("int64"),
            "event_name": rows["touchpoint"],
            "user_pseudo_id": rows["anonymous_id"].fillna(rows["customer_id"].where(~is_known)),
            "user_id": rows["customer_id"].where(is_known),
            "device_category": rows["device"],
            "ecommerce_purchase_revenue": rows["revenue"],
        }
    )


def hubspot_contacts(customers: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Record ID": range(50_001, 50_001 + len(customers)),
            "First Name": "Sam",
            "Email": email_of(customers["customer_id"]),
            "User ID": customers["customer_id"],
            "Lifecycle Stage": "Customer",
            "Lead Status": "Open",
            "Country/Region": customers["country"],
            "plan": customers["plan"],
        }
    )


def zendesk_tickets(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Id": range(1, len(rows) + 1),
            "Requester": "Sam",
            "Requester id": [900_000 + number for number in pd.factorize(rows["customer_id"])[0]],
            "Requester email": email_of(rows["customer_id"]).str.upper(),
            "Subject": "A question",
            "Status": "Open",
            "Via": "Mail",
            "Created at": rows["timestamp"].str.replace("T", " ").str.rstrip("Z"),
            "Updated at": rows["timestamp"].str.replace("T", " ").str.rstrip("Z"),
            "Satisfaction Score": "Offered",
        }
    )


def nps_answers(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Response ID": [f"r{number}" for number in range(len(rows))],
            "Email": email_of(rows["customer_id"]),
            "Score": rows["score"].astype(int),
            "Comment": rows["comment"],
            "Survey type": "nps",
            "Response time": rows["timestamp"].str.replace("T", " ").str.rstrip("Z"),
        }
    )


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("exports")
    rows = pd.read_csv(SAMPLE / "interactions.csv", dtype={"score": float})
    customers = pd.read_csv(SAMPLE / "customers.csv")
    # Tickets and answers are of people who are known: nobody writes them before they have an address.
    is_known = rows["customer_id"].str.startswith("C-")
    is_ticket = is_known & (rows["touchpoint"] == "Support ticket opened")
    is_answer = is_known & (rows["score_kind"] == "nps") & ~is_ticket
    tables = {
        "events.csv": ga4_events(rows[~is_ticket & ~is_answer]),
        "contacts.csv": hubspot_contacts(customers),
        "tickets.csv": zendesk_tickets(rows[is_ticket]),
        "answers.csv": nps_answers(rows[is_answer]),
    }
    for name, table in tables.items():
        table.to_csv(folder / name, index=False)
    return [folder / name for name in tables]


@pytest.fixture(scope="module")
def dataset(files: list[Path]) -> Dataset:
    return journey.load(files)


def test_each_file_is_recognised(dataset: Dataset) -> None:
    assert {table["name"]: (table["export"], table["kind"]) for table in dataset.report["tables"]} == {
        "events.csv": ("ga4_events", "interactions"),
        "contacts.csv": ("hubspot_contacts", "customers"),
        "tickets.csv": ("zendesk_tickets", "interactions"),
        "answers.csv": ("delighted_responses", "feedback"),
    }


def test_the_four_files_speak_of_the_same_customers(dataset: Dataset) -> None:
    assert dataset.summary.customers == N_CUSTOMERS
    report = dataset.report
    assert report["rows_in"] == report["rows_kept"] + report["rows_set_aside"] + report["rows_skipped"]
    assert report["rows_set_aside"] == 0
    assert dataset.summary.interactions == report["rows_kept"] - N_CUSTOMERS, (
        "a row per customer tells of no interaction"
    )
    matches = [note["text"] for note in report["notes"] if note["code"] == "IDENTITY_MATCH"]
    assert any("tickets.csv" in text and "contacts.csv" in text and "(100 %)" in text for text in matches)
    assert {"plan", "country_region"} <= set(dataset.breakdowns)


def test_no_two_people_became_one(dataset: Dataset) -> None:
    people = dataset.engine.run("people", lambda: dataset.engine.table("people")).to_pylist()
    users: defaultdict[str, set[str]] = defaultdict(set)
    for row in people:
        if row["glues"] and row["id"].casefold().startswith("c-"):
            users[row["customer_id"]].add(row["id"].casefold().removesuffix("@example.com"))
    assert len(users) == N_CUSTOMERS
    assert {len(ids) for ids in users.values()} == {1}


def everything(dataset: Dataset, name: str) -> pa.Table:
    return dataset.engine.run(("everything in", name), lambda: dataset.engine.table(name))


def test_the_order_of_the_files_changes_nothing(dataset: Dataset, files: list[Path]) -> None:
    shuffled = files[:]
    random.Random(3).shuffle(shuffled)  # noqa: S311 - no secret
    again = journey.load(shuffled)
    for name in ("steps", "customers"):
        assert everything(dataset, name).equals(everything(again, name)), name


def test_orders_tickets_and_contacts_with_moments_of_their_own_become_one_dataset() -> None:
    folder = Path(__file__).parent / "exports" / "files"
    dataset = journey.load(
        [folder / f"{name}.csv" for name in ("shopify_orders", "zendesk_tickets", "hubspot_contacts")]
    )
    met = dataset.engine.run("met", lambda: dataset.engine.table("steps").select("customer_id", "touchpoint"))
    touchpoints: defaultdict[str, set[str]] = defaultdict(set)
    for row in met.to_pylist():
        touchpoints[row["customer_id"]].add(row["touchpoint"])
    assert any({"Order placed", "Ticket opened", "Became a customer"} <= each for each in touchpoints.values()), (
        touchpoints
    )
    report = dataset.report
    assert report["rows_in"] == report["rows_kept"] + report["rows_set_aside"] + report["rows_skipped"]
