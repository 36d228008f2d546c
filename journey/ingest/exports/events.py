"""Product analytics: PostHog, Mixpanel, Amplitude."""

from __future__ import annotations

from typing import Final

from journey.engine import Draft
from journey.ingest.exports.export import Columns, Export
from journey.ingest.exports.rows import cell, from_outside, rewritten
from journey.ingest.files.staging import StagedTable

_UTM: Final = {"source": "utm_source", "medium": "utm_medium", "campaign": "utm_campaign"}
_REFERRER: Final = "$referrer | referrer | $referring_domain | referring_domain"
_PAGE: Final = "$current_url | current_url | page_url"
_FIRST_UTM: Final = """$initial_utm_source | $initial_utm_medium | $initial_utm_campaign | initial_utm_source
    | initial_utm_medium | initial_utm_campaign | $initial_referring_domain"""


def _from_outside(draft: Draft, staged: StagedTable, columns: Columns) -> StagedTable:
    """Leave the site's own pages out of the referrers."""
    if (referrer := columns.first(_REFERRER)) is None:
        return staged
    page = cell(staged, columns.first(_PAGE))
    return rewritten(draft, staged, {"outside referrer": from_outside(cell(staged, referrer), page)})


EXPORTS: Final = (
    Export(
        name="posthog_events",
        title="a PostHog events export",
        needs=("distinct_id", "timestamp", "event"),
        hints="""person_id | elements_chain | elements | person_properties | uuid | Url / Screen | person
            | properties.$lib | _inserted_at""",
        lacks="messageId | mp_processing_time_ms | amplitude_id",
        prefixes=("properties",),
        columns={
            "customer_id": "person_id | person.id | distinct_id",
            "timestamp": "timestamp",
            "touchpoint": "event",
            **_UTM,
            "referrer": f"outside referrer | {_REFERRER}",
            "revenue": "$revenue | revenue",
            "device": "$device_type",
            "attribute": f"{_FIRST_UTM} | $geoip_country_name | $geoip_country_code",
            "ignore": """uuid | id | elements | elements_chain | created_at | _inserted_at | inserted_at | team_id
                | person_properties | properties | Url / Screen | Person | person | $lib | $lib_version | $session_id
                | $window_id | $current_url | $pathname | $host | $ip | $device_id | $browser | $os | $insert_id | set
                | set_once | token""",
        },
        traps=(
            "“timestamp” is when it happened; “created_at” and “_inserted_at” are when PostHog stored it.",
            "“$initial_…” is how the person first came, not the channel of this event.",
        ),
        preparation=_from_outside,
    ),
    Export(
        name="mixpanel_events",
        title="a Mixpanel events export",
        needs=("distinct_id | $distinct_id", "time", "event | Event Name"),
        hints="""$insert_id | mp_processing_time_ms | $mp_api_timestamp_ms | mp_country_code | mp_lib
            | $initial_referrer | $device_id | properties""",
        prefixes=("properties",),
        columns={
            "customer_id": "$user_id | resolved_distinct_id | distinct_id | $distinct_id | $device_id",
            "timestamp": "time",
            "touchpoint": "event | Event Name",
            **_UTM,
            "referrer": f"outside referrer | {_REFERRER}",
            "revenue": "revenue | $amount | Amount",
            "device": "$device",
            "attribute": f"{_FIRST_UTM} | $initial_referrer | mp_country_code | Country | $country_code",
            "ignore": """$insert_id | mp_processing_time_ms | $mp_api_timestamp_ms | mp_lib | $lib_version | $city
                | $region | $os | $browser | $browser_version | $current_url | $duration_s | utm_term | utm_content
                | $search_engine | mp_keyword | properties | $screen_height | $screen_width
                | distinct_id_before_identity | $mp_api_endpoint | $import""",
        },
        traps=(
            (
                "“time” is when it happened, in seconds or milliseconds; “mp_processing_time_ms” is when Mixpanel "
                "took it in."
            ),
            "“$initial_referrer” is how the customer first came, not the channel of this event.",
        ),
        preparation=_from_outside,
    ),
    Export(
        name="amplitude_events",
        title="an Amplitude events export",
        needs=("amplitude_id", "event_time | client_event_time", "event_type"),
        prefixes=("event_properties", "user_properties"),
        columns={
            "customer_id": "user_id | amplitude_id | device_id",
            "timestamp": "event_time | client_event_time",
            "touchpoint": "event_type",
            **_UTM,
            "referrer": f"outside referrer | {_REFERRER}",
            "revenue": "$revenue | revenue",
            "device": "device_type | device_family",
            "attribute": f"{_FIRST_UTM} | country | paying | plan",
            "ignore": """session_id | $insert_id | insert_id | _insert_id | event_id | uuid | platform | city | region
                | dma | os_name | os_version | version_name | groups | group_properties | data | library | adid | idfa
                | is_attribution_event | amplitude_attribution_ids | amplitude_event_type | partner_id | app | $schema
                | client_upload_time | server_received_time | server_upload_time | processed_time | user_creation_time
                | event_properties | user_properties | ip_address | location_lat | location_lng | language
                | sample_rate | device_carrier | device_brand | device_manufacturer | device_model | start_version
                | global_user_properties | data_type | source_id | price | quantity | productId""",
        },
        traps=(
            "“session_id” is the time at which the visit began, in milliseconds, not an id of the customer.",
            "“event_time” is when it happened; the upload and processing times are when Amplitude took it in.",
        ),
        preparation=_from_outside,
    ),
)
