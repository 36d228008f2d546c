"""Event pipelines: Segment and RudderStack, from a warehouse or as raw messages."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from journey.engine import Draft
from journey.ingest.exports.export import Columns, Export
from journey.ingest.exports.rows import cell, from_outside, lowered, rewritten
from journey.ingest.files.staging import StagedTable

_RUDDER_MARKS: Final = """channel | rudder_id | context_request_ip | context_passed_ip | context_source_id
    | context_destination_id | context_session_id | context_page_initial_referrer
    | context_page_initial_referring_domain"""
_CHANNEL_TRAP: Final = (
    "“channel” says where the code ran (web, mobile, server); it is no marketing channel and is not used."
)
_TIME_TRAP: Final = (
    "Of the times, that of the event is taken; “received_at” and “sent_at” are when the message travelled."
)
_REFERRER: Final = "context_page_referrer | context.page.referrer | referrer | properties.referrer"
_WAREHOUSE: Final = {
    "customer_id": "user_id | anonymous_id",
    "timestamp": "timestamp | original_timestamp | sent_at | received_at",
    "source": "context_campaign_source | context_utm_source",
    "medium": "context_campaign_medium",
    "campaign": "context_campaign_name | context_campaign_campaign",
    "referrer": f"outside referrer | {_REFERRER}",
    "device": "context_device_type",
    "attribute": """context_page_initial_referring_domain | context_page_initial_referrer | context_location_country
        | context_country""",
}
_NOT_USED: Final = """id | channel | rudder_id | uuid_ts | uuid | loaded_at | context_ip | context_request_ip
    | context_passed_ip | context_user_agent | context_library_name | context_library_version | context_locale
    | context_timezone | context_page_url | context_page_path | context_page_title | context_page_search
    | context_page_tab_url | context_campaign_content | context_campaign_term | context_campaign_terms
    | context_session_id | context_source_id | context_source_type | context_destination_id | context_destination_type
    | context_screen_width | context_screen_height | context_traits_email | context_traits_name
    | context_protocols_source_id | order_id | currency | coupon | discount | tax | shipping | price | quantity | sku
    | product_id"""


def _named(draft: Draft, staged: StagedTable, columns: Columns) -> StagedTable:
    """Name what was met: calls of different kinds say it in different columns; leave own pages out of the referrers."""
    names = [cell(staged, header) for header in columns.found("event_text | event | name | title | path | url")]
    kind = lowered(staged, columns.first("type"))
    identified = f"CASE WHEN {kind} IN ('identify', 'alias', 'group') THEN 'Identified' END"
    pages = columns.found("context_page_url | context.page.url | properties.url | url")
    further = {"interaction": f"coalesce({', '.join([*names, identified, kind])})"}
    if referrer := columns.first(_REFERRER):
        further["outside referrer"] = from_outside(cell(staged, referrer), cell(staged, next(iter(pages), None)))
    return rewritten(draft, staged, further)


_TRACKS: Final = Export(
    name="segment_tracks",
    title="a Segment table of events",
    needs=("event", "event_text", "received_at | original_timestamp | sent_at", "user_id | anonymous_id"),
    lacks=f"messageId | {_RUDDER_MARKS}",
    columns={
        **_WAREHOUSE,
        "touchpoint": "interaction | event_text | event",
        "revenue": "revenue | total | value | subtotal",
        "ignore": _NOT_USED,
    },
    traps=(
        "“event” is a shorthand, “event_text” the name of the event as it was written; the name is taken.",
        "“id” is the number of the message, not of a customer.",
        _TIME_TRAP,
    ),
    preparation=_named,
)
_PAGES: Final = Export(
    name="segment_pages",
    title="a Segment table of pages",
    needs=("received_at", "original_timestamp | sent_at | uuid_ts", "user_id | anonymous_id", "path | url | title"),
    lacks=f"event | event_text | messageId | {_RUDDER_MARKS}",
    columns={
        **_WAREHOUSE,
        "touchpoint": "interaction | name | title | path | url",
        "ignore": f"search | category | {_NOT_USED}",
    },
    traps=("“name” is the name of the page, not of a person.", _TIME_TRAP),
    preparation=_named,
)
_IDENTIFIES: Final = Export(
    name="segment_identifies",
    title="a Segment table of identified users",
    needs=("received_at", "original_timestamp | sent_at | uuid_ts", "user_id", "anonymous_id"),
    hints="email | context_traits_email | traits_email | first_name | last_name | plan | company | industry",
    lacks=f"event | event_text | messageId | path | url | title | {_RUDDER_MARKS}",
    kind="customers",
    columns={
        "customer_id": "user_id | anonymous_id | email | context_traits_email",
        "attribute": "plan | industry | context_location_country | country",
        "ignore": f"""received_at | sent_at | original_timestamp | timestamp | created_at | name | first_name
            | last_name | company | phone | address | birthday | {_NOT_USED}""",
    },
    traps=("A row ties the anonymous visitor to the user; it is no interaction of its own.",),
)
_RAW: Final = {
    "customer_id": "userId | anonymousId",
    "timestamp": "timestamp | originalTimestamp | sentAt | receivedAt",
    "touchpoint": "interaction | event | name | type",
    "source": "context.campaign.source",
    "medium": "context.campaign.medium",
    "campaign": "context.campaign.name",
    "referrer": f"outside referrer | {_REFERRER}",
    "revenue": "properties.revenue | properties.total | properties.value",
    "device": "context.device.type",
    "ignore": """messageId | channel | type | version | projectId | writeKey | context | properties | integrations
        | traits | rudderId | context.ip | context.userAgent | context.locale | context.timezone | context.page.url
        | context.page.path | context.page.title | context.library.name | context.library.version | properties.url
        | properties.path | properties.title | properties.order_id | properties.currency | request_ip | metadata""",
}


def _of_rudderstack(export: Export) -> Export:
    """Describe the same table as RudderStack writes it: some columns more, and `channel` among them."""
    return replace(
        export,
        name=export.name.replace("segment", "rudderstack"),
        title=export.title.replace("Segment", "RudderStack"),
        hints=_RUDDER_MARKS,
        n_hints=1,
        lacks=export.lacks.removesuffix(f"| {_RUDDER_MARKS}"),
        traps=(*export.traps, _CHANNEL_TRAP) if export.kind != "customers" else export.traps,
    )


EXPORTS: Final = (
    _TRACKS,
    _PAGES,
    _IDENTIFIES,
    Export(
        name="segment_messages",
        title="raw Segment messages",
        needs=("messageId", "userId | anonymousId", "timestamp | originalTimestamp | receivedAt", "type | event"),
        lacks="rudderId",
        columns=_RAW,
        traps=(_CHANNEL_TRAP, _TIME_TRAP.replace("received_at", "receivedAt").replace("sent_at", "sentAt")),
        preparation=_named,
    ),
    _of_rudderstack(_TRACKS),
    _of_rudderstack(_PAGES),
    _of_rudderstack(_IDENTIFIES),
    Export(
        name="rudderstack_messages",
        title="raw RudderStack messages",
        needs=("messageId", "rudderId", "userId | anonymousId", "originalTimestamp | receivedAt | timestamp"),
        columns=_RAW,
        traps=(_CHANNEL_TRAP, _TIME_TRAP.replace("received_at", "receivedAt").replace("sent_at", "sentAt")),
        preparation=_named,
    ),
)
