"""Web analytics of Google: the events GA4 keeps in BigQuery, its reports, and the visits of Universal Analytics."""

from __future__ import annotations

from typing import Final

from journey.engine import Draft
from journey.ingest.exports.export import Columns, Export
from journey.ingest.exports.rows import amount, cell, from_outside, rewritten, written
from journey.ingest.files.staging import StagedTable

_LAST_CLICK: Final = "session_traffic_source_last_click"
_REFUNDED: Final = "ecommerce.refund_value_in_usd"
_PAID: Final = "ecommerce.purchase_revenue_in_usd"


def _net_and_from_outside(draft: Draft, staged: StagedTable, columns: Columns) -> StagedTable:
    """Take refunds off, which stand in a column of their own, and the site's own pages out of the referrers."""
    further = {}
    if columns.first("page_referrer"):
        page = cell(staged, columns.first("page_location"))
        further["referrer"] = from_outside(cell(staged, columns.first("page_referrer")), page)
    for paid, refunded in ((_PAID, _REFUNDED), ("ecommerce.purchase_revenue", "ecommerce.refund_value")):
        if columns.has(paid) and columns.has(refunded):
            back = amount(staged, columns.first(refunded))
            bought = amount(staged, columns.first(paid))
            net = f"coalesce({bought}, 0) - coalesce({back}, 0)"
            known = f"CASE WHEN {bought} <> 0 OR {back} <> 0 THEN {written(net)} END"
            further[f"net revenue{'_in_usd' if paid == _PAID else ''}"] = known
            break
    return rewritten(draft, staged, further)


def _in_units(draft: Draft, staged: StagedTable, columns: Columns) -> StagedTable:
    """Bring amounts into units: Universal Analytics writes millionths."""
    millionths = amount(staged, columns.first("totals.transactionRevenue | totals.totalTransactionRevenue"))
    return rewritten(draft, staged, {"revenue in units": written(f"({millionths}) / 1e6")})


EXPORTS: Final = (
    Export(
        name="ga4_events",
        title="GA4 events from BigQuery",
        needs=(
            "event_name",
            "event_timestamp | event_date | event_date_dt",
            "user_pseudo_id | client_key | event_params.ga_session_id | user_first_touch_timestamp",
        ),
        prefixes=("event_params",),
        columns={
            "customer_id": "user_id | user_pseudo_id | client_key | client_id",
            "timestamp": "event_timestamp | event_date_dt | event_date",
            "touchpoint": "event_name",
            "channel": f"""{_LAST_CLICK}.cross_channel_campaign.default_channel_group
                | {_LAST_CLICK}.cross_channel_campaign.primary_channel_group | session_default_channel_group
                | default_channel_group | default_channel_grouping""",
            "source": f"""collected_traffic_source.manual_source | {_LAST_CLICK}.manual_campaign.source
                | {_LAST_CLICK}.cross_channel_campaign.source | event_source | session_source | source""",
            "medium": f"""collected_traffic_source.manual_medium | {_LAST_CLICK}.manual_campaign.medium
                | {_LAST_CLICK}.cross_channel_campaign.medium | event_medium | session_medium | medium""",
            "campaign": f"""collected_traffic_source.manual_campaign_name
                | {_LAST_CLICK}.manual_campaign.campaign_name | {_LAST_CLICK}.cross_channel_campaign.campaign_name
                | event_campaign | session_campaign | campaign""",
            "referrer": "referrer | page_referrer",
            "revenue": f"""net revenue_in_usd | {_PAID} | purchase_revenue_in_usd | net revenue
                | ecommerce.purchase_revenue | purchase_revenue | event_value_in_usd""",
            "device": "device.category | device_category",
            "attribute": """traffic_source.source | traffic_source.medium | traffic_source.name | user_source
                | user_medium | user_campaign | geo.country | country""",
            "ignore": f"""event_previous_timestamp | user_first_touch_timestamp | event_bundle_sequence_id | stream_id
                | event_server_timestamp_offset | ga_session_id | ga_session_number | session_id | session_number
                | session_key | event_key | page_location | page_title | engagement_time_msec | session_engaged
                | entrances | term | content | collected_traffic_source.gclid | collected_traffic_source.dclid
                | collected_traffic_source.srsltid | ecommerce.transaction_id | ecommerce.refund_value | {_REFUNDED}
                | ecommerce.total_item_quantity | ecommerce.unique_items | user_ltv.revenue | user_ltv.currency
                | event_params | user_properties | items | device | geo | app_info | privacy_info | traffic_source
                | ecommerce | collected_traffic_source | {_LAST_CLICK} | user_ltv | geo.city | geo.region | platform
                | geo.continent | geo.sub_continent | geo.metro""",
        },
        traps=(
            (
                "“traffic_source” is how the customer first came, and says nothing of this event: it describes the "
                "customer."
            ),
            "“event_timestamp” counts millionths of a second since 1970; “event_date” is only its day.",
            (
                "“user_id” is known only of customers who log in; the others are told by “user_pseudo_id”, and both "
                "are joined."
            ),
            "Revenue is that of purchases, in US dollars where GA4 gives them, with refunds taken off.",
        ),
        preparation=_net_and_from_outside,
    ),
    Export(
        name="ga4_report",
        title="a report of the GA4 web page",
        needs=(
            (
                "Session default channel group | Session primary channel group (Default Channel Group)"
                " | First user default channel group | First user primary channel group (Default Channel Group)"
                " | Session source / medium | First user source / medium | Session source | Session medium"
                " | Session campaign | Page path and screen class"
                " | Page title and screen class | Page title and screen name"
                " | Landing page | Landing page + query string | Event name"
            ),
        ),
        hints="""Sessions | Engaged sessions | Engagement rate | Total users | Active users | New users | Event count
            | Views | Key events | Total revenue | Event count per active user | Events per session""",
        n_hints=2,
        lacks="user_pseudo_id | user_id | event_timestamp | client_id | distinct_id | client_key",
        kind="unused",
        lacking=(
            "A GA4 report counts all customers together: it has no customer ids and no times of single "
            "events, so that no journey can be built from it. Export the events instead: GA4 → Admin → "
            "BigQuery links, then the tables “events_…”."
        ),
    ),
    Export(
        name="ua_sessions",
        title="visits of Universal Analytics from BigQuery",
        needs=("fullVisitorId", "visitStartTime", "visitId | visitNumber | channelGrouping"),
        columns={
            "customer_id": "userId | fullVisitorId | clientId",
            "timestamp": "visitStartTime",
            "channel": "channelGrouping",
            "source": "trafficSource.source",
            "medium": "trafficSource.medium",
            "campaign": "trafficSource.campaign",
            "referrer": "trafficSource.referralPath",
            "revenue": "revenue in units",
            "device": "device.deviceCategory",
            "attribute": "geoNetwork.country",
            "ignore": """visitId | visitNumber | date | totals | trafficSource | device | geoNetwork | hits
                | customDimensions | socialEngagementType | totals.visits | totals.hits | totals.pageviews
                | totals.timeOnSite | totals.bounces | totals.transactions | totals.transactionRevenue
                | totals.totalTransactionRevenue | totals.newVisits""",
        },
        touchpoint="Visit",
        traps=(
            "A row is a whole visit: what happened in it stands in “hits”, which is not read.",
            "“totals.transactionRevenue” is in millionths; it is brought into units.",
        ),
        preparation=_in_units,
    ),
)
