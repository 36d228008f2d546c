"""Every export is recognised by its columns alone, as itself and nothing else, and mapped without a question."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from journey.engine import Draft
from journey.ingest.exports import EXPORTS, export_named, recognised
from journey.ingest.names.stage_names import stage_of
from tests.ingest.exports.samples import NAMES, read, sample

GOLDEN = yaml.safe_load((Path(__file__).parent / "golden.yaml").read_text("utf-8"))
DOCUMENTED = (Path(__file__).parents[3] / "docs" / "exports.md").read_text("utf-8")
WITH_HEADER = [name for name in NAMES if not name.endswith(".tsv")]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_fits_its_export_and_no_other(name: str) -> None:
    given = sample(name)
    assert [export.name for export in EXPORTS if export.matches(given.header, given.rows)] == [given.export]


@pytest.mark.parametrize("name", WITH_HEADER)
def test_the_order_and_case_of_headers_and_further_columns_do_not_matter(name: str) -> None:
    given = sample(name)
    header = [*given.header, "Our own column", "zz_extra"]
    random.Random(7).shuffle(header)  # noqa: S311 - nothing secret
    for changed in (header, [each.upper() for each in header], [each.lower() for each in header]):
        found = recognised(changed)
        assert found is not None
        assert found.name == given.export


@pytest.mark.parametrize("name", NAMES)
def test_every_column_gets_the_role_written_down_for_it(name: str, draft: Draft) -> None:
    made = read(draft, name).mapping
    assert made.export == sample(name).export
    roles: dict[str, list[str]] = {}
    for header, role in made.roles:
        if role != "ignore":
            roles.setdefault(role, []).append(header)
    written: dict[str, Any] = {"kind": made.kind}
    for role, headers in roles.items():
        written[role] = headers if len(headers) > 1 or role in ("identity", "attribute") else headers[0]
    for entry in ("touchpoint", "channel", "score_kind"):
        if held := getattr(made, entry):
            written[f"every_{entry}"] = held
    if made.moments:
        written["moments"] = [
            {"at": moment.column, "touchpoint": moment.touchpoint}
            | ({"carries": list(moment.carries)} if moment.carries else {})
            for moment in made.moments
        ]
    assert written == GOLDEN[name]


@pytest.mark.parametrize("name", [name for name in NAMES if export_named(sample(name).export).lacking is None])  # type: ignore[union-attr]
def test_nothing_needed_is_missing_from_the_mapping(name: str, draft: Draft) -> None:
    made = read(draft, name).mapping
    if made.is_interacting:
        assert made.missing_roles == ()


def test_every_export_has_a_file() -> None:
    assert {sample(name).export for name in NAMES} == {export.name for export in EXPORTS}
    assert set(GOLDEN) == set(NAMES)


@pytest.mark.parametrize(
    "header",
    [
        ["Kunde", "Zeitpunkt", "Ereignis", "Kanal"],
        ["customer_id", "timestamp", "touchpoint", "channel", "revenue"],
        ["user_id", "event", "timestamp"],
        ["id", "name", "email", "created_at", "status"],
        ["Date", "Product", "Quantity", "Price", "Customer"],
        ["Date", "Campaign", "Channel", "Spend"],
        ["tweet_id", "airline_sentiment", "airline", "name", "text", "tweet_created", "tweet_location"],
        ["JourneyID", "CustomerID", "ProductID", "VisitDate", "Stage", "Action", "Duration"],
        ["CUSTOMER_RESPONSE_DATE", "SURVEY_SUB_TYPE", "NPS_RATING", "NPS_SCORE", "text"],
        ["customerID", "gender", "tenure", "Contract", "MonthlyCharges", "Churn"],
        [],
        [""],
    ],
)
def test_a_file_of_nobodys_tool_is_not_taken_for_an_export(header: list[str]) -> None:
    assert recognised(header) is None


def test_random_headers_are_not_taken_for_an_export() -> None:
    chance = random.Random(3)  # noqa: S311 - nothing secret
    for _round in range(200):
        header = ["".join(chance.choices("abcdefghij_ ", k=chance.randint(1, 12))) for _column in range(20)]
        assert recognised(header) is None


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.name)
def test_an_export_is_named_as_a_part_of_a_sentence(export: Any) -> None:
    assert not export.label.endswith(".")
    assert all(note[-1] == "." for note in export.notes)
    assert export_named(export.name) is export


@pytest.mark.parametrize("name", ["ga4_report", "search_console", "channel_paths"])
def test_reports_that_count_customers_together_say_what_is_missing(name: str) -> None:
    export = export_named(name)
    assert export is not None
    assert "no journey can be built from it" in " ".join((export.missing or "").split())
    assert export.kind == "unused"


def test_aggregated_paths_are_refused_for_their_missing_customers_and_times() -> None:
    export = recognised(["path", "total_conversions", "total_conversion_value", "total_null"])
    assert export is not None
    assert "it has no customers and no times" in (export.missing or "")


def test_all_other_exports_can_be_imported() -> None:
    lacking = {export.name for export in EXPORTS if export.missing}
    assert lacking == {"ga4_report", "search_console", "channel_paths"}


def test_columns_without_a_filled_cell_stand_for_nothing() -> None:
    given = sample("shopify_orders.csv")
    export = recognised(given.header)
    assert export is not None
    made = export.mapping(given.header, empty={"Cancelled at", "Source"})
    assert [moment.touchpoint for moment in made.moments] == ["Order placed", "Order fulfilled"]
    assert made.column("channel") is None
    assert made.role_of("Source") == "ignore"


def test_columns_that_are_not_the_vendors_are_named_for_a_closer_look() -> None:
    given = sample("hubspot_contacts.csv")
    export = recognised(given.header)
    assert export is not None
    assert export.unknown_columns([*given.header, "Favourite plan"]) == ("Favourite plan",)


@pytest.mark.parametrize(
    ("header", "currency"),
    [("Amount spent (RON)", "RON"), ("Amount spent (EUR)", "EUR"), ("Amount spent", None)],
)
def test_the_currency_is_read_from_the_header(header: str, currency: str | None) -> None:
    header_row = ["Campaign name", "Day", "Reporting starts", "Link clicks", header]
    export = recognised(header_row)
    assert export is not None
    assert export.currency(header_row) == currency


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.name)
def test_the_touchpoints_of_moments_find_their_stage(export: Any) -> None:
    no_stage = {"Order cancelled", "Deal lost"}
    for moment in export.moments:
        assert (stage_of(moment.touchpoint) == (None, None)) == (moment.touchpoint in no_stage)


# --- What people are told ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.name)
def test_the_documentation_has_the_export_with_its_columns_and_traps(export: Any) -> None:
    sections = {part.partition("\n")[0]: part for part in DOCUMENTED.split("\n### ")[1:]}
    of_export = [part for part in sections.values() if f"`{export.name}`" in part]
    assert len(of_export) == 1
    [part] = of_export
    assert part.partition("\n")[0].casefold() in export.title.casefold()
    for sentence in (*export.traps, export.lacking or ""):
        assert sentence in part
    for moment in export.moments:
        assert f"“{moment.touchpoint}”" in part
    for role, names in export.columns.items():
        if role != "ignore" and names:
            best = names.partition("|")[0].strip()
            assert f"`{best}`" in part or f"*{best}*" in part
