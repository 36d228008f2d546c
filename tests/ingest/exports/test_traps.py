"""What is easily misread in an export is read right."""

from __future__ import annotations

from journey.engine import Draft
from journey.ingest.exports import recognised
from journey.ingest.exports.rows import from_outside, rewritten
from journey.ingest.files.staging import StagedTable
from tests.ingest.exports.samples import Sample, read, sample


def altered(file: str, /, **cells: str) -> Sample:
    """One row of a file with some cells changed."""
    given = sample(file)
    row = dict(zip(given.header, given.rows[0], strict=True)) | cells
    return Sample(file, given.header, [[row[header] for header in given.header]])


# --- Shopify, shops ----------------------------------------------------------------------------------------------


def test_further_lines_of_a_shopify_order_are_no_orders(draft: Draft) -> None:
    made = read(draft, "shopify_orders.csv")
    assert made.cells("Name", "Total") == [("#1001", "45.00"), ("#1002", "12.00")]
    assert made.skipped() == {"order_line": 1}
    assert made.staged.n_rows == 2


def test_a_shopify_order_written_out_on_every_line_counts_once(draft: Draft) -> None:
    given = sample("shopify_orders.csv")
    made = read(draft, Sample(given.name, given.header, [given.rows[0], given.rows[0], given.rows[2]]))
    assert made.cells("Name", "Total") == [("#1001", "45.00"), ("#1002", "12.00")]
    assert made.skipped() == {"order_line": 1}


def test_a_lone_line_of_an_order_whose_beginning_is_missing_is_kept_to_be_set_aside(draft: Draft) -> None:
    given = sample("shopify_orders.csv")
    made = read(draft, Sample(given.name, given.header, [given.rows[1]]))
    assert made.staged.n_rows == 1
    assert made.skipped() == {}


def test_the_name_of_a_shopify_order_is_no_person_and_its_source_the_sales_channel(draft: Draft) -> None:
    made = read(draft, "shopify_orders.csv").mapping
    assert (made.role_of("Name"), made.role_of("Billing Name")) == ("ignore", "ignore")
    assert (made.role_of("Source"), made.role_of("Email")) == ("channel", "customer_id")


def test_a_price_is_revenue_only_where_the_article_was_bought(draft: Draft) -> None:
    assert read(draft, "rees46.csv").cells("event_type", "price paid") == [("purchase", "35.79"), ("view", None)]


def test_lines_of_an_invoice_are_added_up_and_one_that_cannot_be_read_leaves_the_sum_unknown(draft: Draft) -> None:
    made = read(draft, "online_retail.csv")
    assert made.cells("Invoice", "order", "order total") == [
        ("489434", "Order placed", "104.4"),
        ("489435", "Order placed", None),
        ("C489449", "Order cancelled", "-35.4"),
    ]
    assert made.skipped() == {"order_line": 1}


# --- HubSpot, Zendesk --------------------------------------------------------------------------------------------


def test_only_won_deals_are_purchases_and_open_ones_have_no_end(draft: Draft) -> None:
    made = read(draft, "hubspot_deals.csv")
    assert made.cells("Record ID", "won at", "lost at", "first contact") == [
        ("9001", "2025-03-01 10:00", None, "101"),
        ("9002", None, None, "103"),
        ("9003", None, "2025-03-05 00:00", "104"),
    ]


def test_a_company_is_the_customer_only_where_no_contact_is_known(draft: Draft) -> None:
    given = sample("hubspot_deals.csv")
    without = [header for header in given.header if header != "Associated Contact IDs"]
    rows = [[row[given.header.index(header)] for header in without] for row in given.rows]
    assert read(draft, Sample(given.name, without, rows)).mapping.column("customer_id") == "Associated Company IDs"
    with_contacts = read(Draft(), given).mapping
    assert with_contacts.role_of("Associated Company IDs") == "ignore"


def test_the_record_id_is_the_contact_in_one_file_and_the_deal_in_the_other(draft: Draft) -> None:
    assert read(draft, "hubspot_contacts.csv").mapping.role_of("Record ID") == "customer_id"
    assert read(Draft(), "hubspot_deals.csv").mapping.role_of("Record ID") == "ignore"


def test_a_satisfaction_that_was_only_offered_is_no_answer(draft: Draft) -> None:
    made = read(draft, "zendesk_tickets.csv")
    assert made.cells("Id", "satisfied") == [("501", "0"), ("502", None)]
    assert made.mapping.score_kind == "thumbs"


def test_the_name_of_a_requester_ties_nobody_together(draft: Draft) -> None:
    made = read(draft, "zendesk_tickets.csv").mapping
    assert (made.role_of("Requester"), made.role_of("Id"), made.role_of("Via")) == ("ignore", "ignore", "channel")
    assert made.having("identity") == ["Requester id", "Requester email"]


# --- Event pipelines ---------------------------------------------------------------------------------------------


def test_the_channel_of_segment_and_rudderstack_is_no_marketing_channel(draft: Draft) -> None:
    for name in ("segment_messages.csv", "rudderstack_tracks.csv", "rudderstack_messages.csv"):
        assert read(Draft(), name).mapping.role_of("channel") == "ignore"


def test_the_id_of_a_segment_table_is_the_message_and_the_text_of_an_event_its_name(draft: Draft) -> None:
    made = read(draft, "segment_tracks.csv")
    assert made.mapping.role_of("id") == "ignore"
    assert made.mapping.column("timestamp") == "timestamp"
    assert made.cells("interaction") == [("Order Completed",)]


def test_messages_that_are_no_events_have_a_name_too(draft: Draft) -> None:
    page = altered("segment_messages.csv", type="page", event="", name="Pricing")
    identify = altered("segment_messages.csv", type="identify", event="", name="")
    assert read(draft, page).cells("interaction") == [("Pricing",)]
    assert read(Draft(), identify).cells("interaction") == [("Identified",)]


def test_pages_of_the_own_site_are_no_referrers(draft: Draft) -> None:
    def outside(referrer: str, page: str) -> str | None:
        [(kept,)] = draft.rows(f"SELECT {from_outside(repr(referrer), repr(page))}")
        return kept

    assert outside("https://www.google.com/", "https://shop.example.com/a") == "https://www.google.com/"
    assert outside("https://shop.example.com/a", "https://shop.example.com/b") is None
    assert outside("https://www.example.com/", "https://shop.example.com/b") is None
    assert outside("https://notexample.com/", "https://example.com/b") == "https://notexample.com/"
    assert outside("$direct", "https://example.com/b") is None


# --- Snowplow, Matomo, GA4 ---------------------------------------------------------------------------------------


def test_snowplow_events_are_the_same_with_and_without_a_header(draft: Draft) -> None:
    bare, named = read(draft, "snowplow_events__bare.tsv"), read(Draft(), "snowplow_events.csv")
    assert bare.staged.header == named.staged.header
    wanted = ("interaction", "happened at", "medium", "order total")
    assert bare.cells(*wanted) == named.cells(*wanted)
    assert bare.cells("interaction") == [
        ("checkout",),
        ("page_view",),
        ("shop add-to-basket",),
        ("transaction",),
    ]
    assert bare.skipped() == {"heartbeat": 1}


def test_a_row_of_131_other_cells_is_no_snowplow_event() -> None:
    assert recognised([f"column {place}" for place in range(131)], [["x"] * 131]) is None


def test_every_action_of_a_matomo_visit_becomes_a_row(draft: Draft) -> None:
    made = read(draft, "matomo_visits.csv")
    assert made.cells("idVisit", "action time", "action", "action revenue", "medium") == [
        ("11", "1740823200.000000", "Pricing", None, "cpc"),
        ("11", "1740823260.000001", "Play", None, "cpc"),
        ("11", "1740823500.000002", "Order", "49.50", "cpc"),
        ("12", "1740909600.000000", "Home", None, "(none)"),
    ]
    assert len(draft.rows("SELECT DISTINCT line FROM raw")) == 4
    assert draft.rows("SELECT line FROM raw WHERE line <= 3 ORDER BY ALL") == [(2,), (3,)]
    assert made.mapping.role_of("actions") == "ignore"


def test_a_matomo_visit_without_actions_stays_a_row(draft: Draft) -> None:
    given = sample("matomo_visits.csv")
    bare = [
        cell if not header.startswith("actionDetails") else ""
        for header, cell in zip(given.header, given.rows[0], strict=True)
    ]
    made = read(draft, Sample(given.name, given.header, [bare]))
    assert made.cells("idVisit", "action") == [("11", None)]


def test_numbers_of_matomos_database_become_mediums(draft: Draft) -> None:
    direct = altered("matomo_database.csv", referer_type="1", campaign_source="", campaign_medium="")
    assert read(draft, direct).cells("source", "medium") == [("(direct)", "(none)")]


def test_the_first_source_of_a_ga4_customer_is_no_channel_of_the_event(draft: Draft) -> None:
    made = read(draft, "ga4_events.csv").mapping
    assert {made.role_of(f"traffic_source.{part}") for part in ("source", "medium", "name")} == {"attribute"}
    assert made.column("source") == "collected_traffic_source.manual_source"


def test_a_ga4_refund_is_negative_revenue_and_no_revenue_is_unknown(draft: Draft) -> None:
    made = read(draft, "ga4_events.csv")
    assert made.cells("event_name", "net revenue_in_usd") == [
        ("page_view", None),
        ("purchase", "49.5"),
        ("refund", "-49.5"),
    ]
    assert made.export.currency(made.staged.header) == "USD"


def test_amounts_of_universal_analytics_are_millionths(draft: Draft) -> None:
    assert read(draft, "ua_sessions.csv").cells("revenue in units") == [("12.5",), (None,)]


def test_the_visit_of_amplitude_is_no_id() -> None:
    assert read(Draft(), "amplitude_events.csv").mapping.role_of("session_id") == "ignore"


# --- Surveys -----------------------------------------------------------------------------------------------------


def test_headers_and_previews_of_qualtrics_are_no_answers(draft: Draft) -> None:
    made = read(draft, "qualtrics_responses.csv")
    assert made.cells("ResponseId", "NPS") == [("R_1", "9")]
    assert made.skipped() == {"extra_header": 2, "test_answer": 1}


def test_the_second_header_of_surveymonkey_is_no_answer(draft: Draft) -> None:
    made = read(draft, "surveymonkey_responses.csv")
    assert made.cells("Respondent ID", "NPS") == [("118000001", "9")]
    assert made.skipped() == {"extra_header": 1}


def test_a_recommendation_is_nps_only_on_its_scale(draft: Draft) -> None:
    question = "How likely are you to recommend us to a friend?"
    on_ten = read(draft, altered("typeform_responses.csv", **{question: "10 - Extremely likely"}))
    assert on_ten.cells("NPS") == [("10",)]
    on_five = read(Draft(), altered("typeform_responses.csv", **{question: "4"}))
    assert "NPS" not in on_five.staged.header
    assert on_five.mapping.column("score") == question


def test_answers_without_any_id_are_customers_of_their_own(draft: Draft) -> None:
    given = sample("typeform_responses.csv")
    kept = [header for header in given.header if header != "Your email"]
    rows = [[row[given.header.index(header)] for header in kept] for row in given.rows]
    assert read(draft, Sample(given.name, kept, rows)).mapping.customer_per_row is True


# --- Event logs, advertising, mentions ---------------------------------------------------------------------------


def test_an_activity_that_was_started_and_completed_counts_once(draft: Draft) -> None:
    made = read(draft, "xes_log.csv")
    assert made.cells("concept:name", "lifecycle:transition") == [("Check", "start"), ("Register", "complete")]
    assert made.skipped() == {"not_completed": 1}


def test_events_that_retentioneering_adds_are_left_out(draft: Draft) -> None:
    made = read(draft, "retentioneering.csv")
    assert made.cells("event") == [("cart",), ("catalog",)]
    assert made.skipped() == {"synthetic": 1}


def test_the_channel_of_google_ads_follows_from_the_campaign_type(draft: Draft) -> None:
    assert read(draft, "google_ads.csv").cells("Campaign", "channel") == [
        ("brand", "Paid Search"),
        ("clips", "Paid Video"),
    ]
    assert read(Draft(), "google_ads__api.csv").cells("channel", "cost") == [("Paid Search", "35.2")]


def test_sentiment_words_become_emotions_and_numbers_of_a_tools_own_scale_do_not(draft: Draft) -> None:
    assert read(draft, "mentions.csv").cells("Author", "felt", "ownership") == [
        ("ana_p", "1", "earned"),
        ("ben", "-1", "third-party"),
        ("dan", None, "earned"),
    ]


def test_ragged_rows_are_never_left_out(draft: Draft) -> None:
    draft.execute("CREATE TABLE raw AS SELECT 2 AS line, 'a;b;c' AS ragged, CAST(NULL AS VARCHAR) AS c0")
    staged = StagedTable(name="x.csv", table="raw", header=("a",), n_rows=1)
    assert rewritten(draft, staged, {}, {"reason": "true"}).n_rows == 1
