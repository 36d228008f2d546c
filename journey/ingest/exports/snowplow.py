"""Snowplow: its atomic events, with and without their header, and the tables it models from them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from journey.engine import Draft
from journey.ingest.exports.export import Columns, Export
from journey.ingest.exports.rows import cell, from_outside, is_one_of, lowered, rewritten
from journey.ingest.files.staging import StagedTable

#: The columns of an enriched event, which are written without a header.
ATOMIC: Final = (
    "app_id",
    "platform",
    "etl_tstamp",
    "collector_tstamp",
    "dvce_created_tstamp",
    "event",
    "event_id",
    "txn_id",
    "name_tracker",
    "v_tracker",
    "v_collector",
    "v_etl",
    "user_id",
    "user_ipaddress",
    "user_fingerprint",
    "domain_userid",
    "domain_sessionidx",
    "network_userid",
    "geo_country",
    "geo_region",
    "geo_city",
    "geo_zipcode",
    "geo_latitude",
    "geo_longitude",
    "geo_region_name",
    "ip_isp",
    "ip_organization",
    "ip_domain",
    "ip_netspeed",
    "page_url",
    "page_title",
    "page_referrer",
    "page_urlscheme",
    "page_urlhost",
    "page_urlport",
    "page_urlpath",
    "page_urlquery",
    "page_urlfragment",
    "refr_urlscheme",
    "refr_urlhost",
    "refr_urlport",
    "refr_urlpath",
    "refr_urlquery",
    "refr_urlfragment",
    "refr_medium",
    "refr_source",
    "refr_term",
    "mkt_medium",
    "mkt_source",
    "mkt_term",
    "mkt_content",
    "mkt_campaign",
    "contexts",
    "se_category",
    "se_action",
    "se_label",
    "se_property",
    "se_value",
    "unstruct_event",
    "tr_orderid",
    "tr_affiliation",
    "tr_total",
    "tr_tax",
    "tr_shipping",
    "tr_city",
    "tr_state",
    "tr_country",
    "ti_orderid",
    "ti_sku",
    "ti_name",
    "ti_category",
    "ti_price",
    "ti_quantity",
    "pp_xoffset_min",
    "pp_xoffset_max",
    "pp_yoffset_min",
    "pp_yoffset_max",
    "useragent",
    "br_name",
    "br_family",
    "br_version",
    "br_type",
    "br_renderengine",
    "br_lang",
    "br_features_pdf",
    "br_features_flash",
    "br_features_java",
    "br_features_director",
    "br_features_quicktime",
    "br_features_realplayer",
    "br_features_windowsmedia",
    "br_features_gears",
    "br_features_silverlight",
    "br_cookies",
    "br_colordepth",
    "br_viewwidth",
    "br_viewheight",
    "os_name",
    "os_family",
    "os_manufacturer",
    "os_timezone",
    "dvce_type",
    "dvce_ismobile",
    "dvce_screenwidth",
    "dvce_screenheight",
    "doc_charset",
    "doc_width",
    "doc_height",
    "tr_currency",
    "tr_total_base",
    "tr_tax_base",
    "tr_shipping_base",
    "ti_currency",
    "ti_price_base",
    "base_currency",
    "geo_timezone",
    "mkt_clickid",
    "mkt_network",
    "etl_tags",
    "dvce_sent_tstamp",
    "refr_domain_userid",
    "refr_dvce_tstamp",
    "derived_contexts",
    "domain_sessionid",
    "derived_tstamp",
    "event_vendor",
    "event_name",
    "event_format",
    "event_version",
    "event_fingerprint",
    "true_tstamp",
)
_EVENTS: Final = ("page_view", "page_ping", "struct", "unstruct", "transaction", "transaction_item")
_EVENT, _EVENT_ID = ATOMIC.index("event"), ATOMIC.index("event_id")
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def _is_enriched(first_rows: Sequence[Sequence[str]]) -> bool:
    """Tell enriched events without a header by the kind of event and its id, which have fixed places."""
    wide = [row for row in first_rows if len(row) == len(ATOMIC)]
    return any(row[_EVENT] in _EVENTS and _UUID.fullmatch(row[_EVENT_ID] or "") for row in wide)


def _named(draft: Draft, staged: StagedTable, columns: Columns) -> StagedTable:
    """Give the columns their names where the file has none, structured events theirs; leave the heartbeats out."""
    if "collector_tstamp" not in columns and len(staged.header) == len(ATOMIC):
        staged = replace(staged, header=ATOMIC)
        columns = Columns(ATOMIC)
    kind = lowered(staged, columns.first("event"))
    name = cell(staged, columns.first("event_name"))
    structured = f"""nullif(concat_ws(' ', {cell(staged, columns.first("se_category"))},
        {cell(staged, columns.first("se_action"))}), '')"""
    interaction = f"""CASE WHEN {kind} = 'struct' THEN coalesce({structured}, {name}, {kind})
        ELSE coalesce({name}, {kind}) END"""
    internal = f"coalesce({lowered(staged, columns.first('refr_medium'))} = 'internal', false)"
    referred = f"""CASE {lowered(staged, columns.first("refr_medium"))} WHEN 'search' THEN 'organic'
        WHEN 'unknown' THEN 'referral' WHEN 'internal' THEN NULL
        ELSE {cell(staged, columns.first("refr_medium"))} END"""
    source = cell(staged, columns.first("refr_source"))
    times = [cell(staged, header) for header in columns.found(_TIMES)]
    further = {
        "interaction": interaction,
        # Most events have only some of the times.
        "happened at": f"coalesce({', '.join(times)})",
        "order total": f"coalesce({cell(staged, columns.first('tr_total_base'))}, "
        f"{cell(staged, columns.first('tr_total'))})",
        "source": f"coalesce({cell(staged, columns.first('mkt_source'))}, CASE WHEN NOT {internal} THEN {source} END)",
        "medium": f"coalesce({cell(staged, columns.first('mkt_medium'))}, {referred})",
        "referrer": from_outside(
            cell(staged, columns.first("page_referrer")), cell(staged, columns.first("page_url")), internal
        ),
    }
    is_heartbeat = f"{is_one_of(kind, ('page_ping',))} OR {is_one_of(f'lower({name})', ('page_ping',))}"
    return rewritten(draft, staged, further, {"heartbeat": is_heartbeat})


_TIMES: Final = "true_tstamp | derived_tstamp | dvce_created_tstamp | collector_tstamp"
_WHO: Final = "stitched_user_id | user_id | user_identifier | domain_userid | network_userid"
_HOW: Final = {
    "channel": "default_channel_group | channel",
    "source": "mkt_source | refr_source",
    "medium": "mkt_medium | refr_medium",
    "campaign": "mkt_campaign | campaign",
}

EXPORTS: Final = (
    Export(
        name="snowplow_events",
        title="Snowplow events",
        needs=(
            "collector_tstamp | derived_tstamp",
            "event | event_name",
            "domain_userid | network_userid | user_identifier | stitched_user_id",
        ),
        shows_in=_is_enriched,
        columns={
            "customer_id": _WHO,
            "timestamp": f"happened at | {_TIMES}",
            "touchpoint": "interaction | event_name | event",
            "channel": "default_channel_group | channel",
            "source": "source | mkt_source",
            "medium": "medium | mkt_medium",
            "campaign": "mkt_campaign",
            "referrer": "referrer",
            "revenue": "order total | tr_total_base | tr_total",
            "device": "dvce_type",
            "attribute": "geo_country",
            "ignore": " | ".join(ATOMIC),
        },
        traps=(
            (
                "“event” is the coarse kind; the interaction is told by “event_name”, and of structured events by "
                "category and action."
            ),
            "Page pings are heartbeats while a page is open, no interactions: they are left out and counted.",
            "“derived_tstamp” is when it happened; “etl_tstamp” is when Snowplow worked it up.",
            "“ti_price” is part of “tr_total”, so it is not added to it.",
        ),
        preparation=_named,
    ),
    Export(
        name="snowplow_visits",
        title="visits modelled by Snowplow",
        needs=("start_tstamp", _WHO, "domain_sessionid | mkt_source | mkt_medium | channel | default_channel_group"),
        lacks="event_name | cv_tstamp | page_view_id",
        columns={
            "customer_id": _WHO,
            "timestamp": "start_tstamp",
            **_HOW,
            "referrer": "referrer | page_referrer",
            "device": "dvce_type | device_category",
            "attribute": "geo_country | first_geo_country",
            "ignore": """domain_sessionid | domain_sessionidx | session_identifier | end_tstamp | model_tstamp
                | app_id | platform | page_views | engaged_time_in_s | absolute_time_in_s | first_page_url
                | last_page_url | first_page_title | last_page_title | mkt_term | mkt_content | mkt_clickid
                | mkt_network""",
        },
        touchpoint="Visit",
    ),
    Export(
        name="snowplow_conversions",
        title="conversions modelled by Snowplow",
        needs=("cv_tstamp", "cv_type | cv_value | cv_id", _WHO),
        columns={
            "customer_id": _WHO,
            "timestamp": "cv_tstamp",
            "touchpoint": "cv_type",
            "revenue": "cv_value",
            "ignore": "cv_id | event_id | session_identifier | cv_currency | cv_tstamp_date | collector_tstamp",
        },
        touchpoint="Conversion",
    ),
)
