"""Headers and cells tell what a column stands for."""

from __future__ import annotations

import pandas as pd
import pytest

import journey
from journey.engine import Draft
from journey.ingest.build import Sources
from journey.ingest.files.staging import stage_frame
from journey.ingest.gather import Gathered, Hint
from journey.ingest.proposal import Proposal
from journey.ingest.propose import propose

N_ROWS = 40


def proposed(rows: pd.DataFrame) -> Proposal:
    draft = Draft()
    staged = stage_frame(draft, "raw", rows, "log.csv")
    proposal = propose(draft, Gathered(Sources((staged,)), (Hint(),)))
    draft.close()
    return proposal


def log(**columns: object) -> pd.DataFrame:
    """Forty rows of eight customers; `columns` are added or replace what is there, None takes a column away."""
    rows = {
        "user_id": [f"u{i % 8}" for i in range(N_ROWS)],
        "timestamp": [f"2025-01-{1 + i // 8:02d} 10:{i:02d}:00" for i in range(N_ROWS)],
        "event": [["home", "search", "cart"][i % 3] for i in range(N_ROWS)],
    }
    return pd.DataFrame({name: cells for name, cells in (rows | columns).items() if cells is not None})


def roles(rows: pd.DataFrame) -> dict[str, str]:
    return dict(proposed(rows).recipe.mapping.roles)


@pytest.mark.parametrize(
    ("who", "when", "what"),
    [
        ("user_pseudo_id", "event_timestamp", "event_name"),
        ("distinct_id", "time", "event"),
        ("Case ID", "Complete Timestamp", "Activity"),
        ("case:concept:name", "time:timestamp", "concept:name"),
        ("CustomerID", "VisitDate", "Action"),
        ("userId", "originalTimestamp", "event"),
        ("*.distinct_id", "*.timestamp", "*.event"),
        ("domain_userid", "collector_tstamp", "event_name"),
        ("cookie", "time", "interaction"),
        ("Kunde", "Zeitstempel", "Ereignis"),
        ("客户编号", "时间", "触点"),
    ],
)
def test_the_names_of_exports_are_known(who: str, when: str, what: str) -> None:
    rows = log().set_axis([who, when, what], axis="columns")
    assert roles(rows) == {who: "customer_id", when: "timestamp", what: "touchpoint"}


def test_the_only_column_of_times_is_the_time_whatever_its_name() -> None:
    rows = log().rename(columns={"timestamp": "Wann"})
    assert roles(rows)["Wann"] == "timestamp"


def test_an_id_that_differs_in_every_row_is_not_the_customer_if_another_is_there() -> None:
    rows = log(id=[f"e{i}" for i in range(N_ROWS)], person_id=None).rename(columns={"user_id": "member"})
    rows = rows.rename(columns={"member": "contact_id"}).assign(user_id=[f"x{i}" for i in range(N_ROWS)])
    assert roles(rows)["contact_id"] == "customer_id"


def test_a_time_of_ingestion_gives_way_to_the_time_of_the_event() -> None:
    assert roles(log(timestamp=None, received_at=log()["timestamp"], created_at=log()["timestamp"]))["received_at"] == (
        "ignore"
    )


def test_a_count_is_no_touchpoint() -> None:
    assert roles(log(event=None, actions=range(N_ROWS), action=["view", "buy"] * 20))["action"] == "touchpoint"
    assert "touchpoint" not in roles(log(event=None, action=range(N_ROWS))).values()


def test_the_channel_of_developer_tools_is_no_marketing_channel() -> None:
    with_tool = log(channel=["server", "browser"] * 20, anonymous_id=[f"a{i % 8}" for i in range(N_ROWS)])
    assert roles(with_tool)["channel"] != "channel"
    assert roles(log(channel=["web", "mobile"] * 20))["channel"] == "channel"


def test_source_and_medium_are_the_channel_together() -> None:
    found = roles(log(utm_source=["google", "bing"] * 20, utm_medium=["cpc", "organic"] * 20))
    assert (found["utm_source"], found["utm_medium"]) == ("source", "medium")
    found = roles(log(channel=["a", "b"] * 20, utm_source=["google", "bing"] * 20, utm_medium=["cpc", "x"] * 20))
    assert found["channel"] == "channel"
    assert "channel" not in (found["utm_source"], found["utm_medium"])


def test_a_date_and_its_time_of_day_are_read_together() -> None:
    moments = pd.to_datetime(log()["timestamp"])
    rows = log(timestamp=None, date=moments.dt.strftime("%Y-%m-%d"), time=moments.dt.strftime("%H:%M"))
    assert [header for header, role in roles(rows).items() if role == "timestamp"] == ["date", "time"]


def test_what_a_customer_always_has_is_an_attribute() -> None:
    found = roles(log(country=["RO", "DE"] * 20, page=[f"/p/{i}" for i in range(N_ROWS)]))
    assert (found["country"], found["page"]) == ("attribute", "ignore")


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("first_name", ["Ana", "Ben"] * 20),
        ("card", ["4111 1111 1111 1111", "5500 0000 0000 0004"] * 20),
        ("empty", [None] * N_ROWS),
        ("always", ["x"] * N_ROWS),
        ("signup_date", ["2024-01-01", "2024-02-01"] * 20),
    ],
)
def test_what_tells_nothing_about_groups_is_not_used(header: str, cells: list[object]) -> None:
    assert roles(log(**{header: cells}))[header] == "ignore"


@pytest.mark.parametrize("header", ["email", "anonymous_id", "device_id"])
def test_another_id_of_the_customer_is_an_identity(header: str) -> None:
    assert roles(log(**{header: [f"a{i % 8}@example.com" for i in range(N_ROWS)]}))[header] == "identity"


def test_the_sentence_says_what_was_taken() -> None:
    assert proposed(log()).main.sentence == (
        "We took “user_id” as the customer, “timestamp” as the time and “event” as the touchpoint."
    )


def test_what_is_missing_is_said_and_can_be_chosen() -> None:
    proposal = proposed(log(timestamp=None, event=None, colour=["red", "blue"] * 20))
    assert proposal.missing_roles == ("timestamp", "touchpoint")
    assert "No column was found for the time and the touchpoint." in proposal.main.sentence
    assert not proposal.is_certain
    assert proposal.recipe.mapping.with_role("colour", "touchpoint").column("touchpoint") == "colour"


def test_dates_that_can_be_read_both_ways_are_asked_about_with_both_readings() -> None:
    [question] = proposed(log(timestamp=["03/04/2025", "05/06/2025"] * 20)).questions
    assert question.setting == "day_first"
    assert [(choice.value, choice.preview) for choice in question.choices] == [
        (True, "03/04/2025: 3 Apr 2025 and 05/06/2025: 5 Jun 2025"),
        (False, "03/04/2025: 4 Mar 2025 and 05/06/2025: 6 May 2025"),
    ]


def test_a_sign_that_may_part_thousands_is_asked_about() -> None:
    [question] = proposed(log(revenue=["1.234", "5.678"] * 20)).questions
    assert question.setting == "decimal_sign"
    assert [choice.preview for choice in question.choices] == [
        "1.234: 1.234 and 5.678: 5.678",
        "1.234: 1,234 and 5.678: 5,678",
    ]


def test_the_currency_is_told_by_the_amounts_or_by_a_column() -> None:
    assert proposed(log(revenue=["€ 5,20", "3,10 €"] * 20)).recipe.currency == "EUR"
    assert proposed(log(revenue=["5.20", "3.10"] * 20, currency=["RON"] * N_ROWS)).recipe.currency == "RON"
    assert proposed(log(revenue=["$5.20", "$3.10"] * 20)).recipe.currency is None


def test_columns_come_with_examples_and_their_fill() -> None:
    column = proposed(log(note=["a", None] * 20)).main.columns[-1]
    assert (column.header, column.examples, column.share_filled, column.n_distinct) == ("note", ("a",), 0.5, 1)


def test_a_column_called_by_our_own_name_is_believed() -> None:
    rows = pd.DataFrame({"customer_id": [1], "timestamp": ["2025-01-01"], "touchpoint": [7], "channel": [3]})
    assert set(roles(rows).values()) == {"customer_id", "timestamp", "touchpoint", "channel"}


def test_the_page_is_the_touchpoint_where_the_event_only_says_that_one_was_seen() -> None:
    rows = log(
        page_location=["https://shop.example.com/pricing", "https://shop.example.com/cart"] * 20,
        event=["page_view", "add_to_cart"] * 20,
    )
    assert [header for header, role in roles(rows).items() if role == "touchpoint"] == ["event", "page_location"]
    dataset = journey.load(rows)
    names = dataset.engine.run("names", lambda: dataset.engine.table("steps").select("touchpoint").distinct())
    assert sorted(names.column("touchpoint").to_pylist()) == ["Pricing page", "add_to_cart"]
