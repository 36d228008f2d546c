"""What the exports call their columns: header to role, best name first."""

from __future__ import annotations

import re
from typing import Final

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_OTHER = re.compile(r"[^\w]+|_+")
_PREFIXES: Final = (
    "properties_", "event_params_", "event_properties_", "context_", "user_properties_", "property_", "mp_", "hs_",
    "case_",
)  # fmt: skip


def normalised(header: str) -> str:
    """Bring a header into the form the dictionary is written in.

    >>> normalised("VisitDate"), normalised("case:concept:name"), normalised("$insert_id")
    ('visit_date', 'case_concept_name', 'insert_id')
    """
    return _OTHER.sub("_", _CAMEL.sub("_", header.strip().strip('"\ufeff'))).strip("_").casefold()


def forms(header: str) -> tuple[str, ...]:
    """Name the forms under which a header is looked up: the full name, then without the prefix of its export.

    >>> forms("case:concept:name"), forms("properties.revenue")
    (('case_concept_name', 'concept_name'), ('properties_revenue', 'revenue'))
    """
    full = normalised(header.removeprefix("*."))
    stripped = next((full.removeprefix(prefix) for prefix in _PREFIXES if full.startswith(prefix)), full)
    return (full,) if stripped in (full, "") else (full, stripped)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.replace("_", "") for name in text.split())


#: Names per role, the best first, without underscores.
ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "customer_id": _names(
        """customer_id customer user_id user stitched_user_id person_id distinct_id resolved_distinct_id amplitude_id
        user_pseudo_id client_key client_id anonymous_id domain_userid network_userid visitor_id idvisitor
        full_visitor_id user_identifier device_id cookie uid member_id subscriber_id account_id contact_id record_id
        associated_contact_ids object_id requester_id requester_external_id respondent_id response_id case_id
        case_concept_name patient_id email e_mail email_address requester_email person_email recipient_email phone
        kunde kunden_id kundennummer id_client client klant klant_id cliente id_cliente
        客户 客户编号 客户id 用户 用户id"""
    ),
    "timestamp": _names(
        """timestamp event_timestamp event_time original_timestamp client_event_time derived_tstamp dvce_created_tstamp
        collector_tstamp time time_timestamp datetime date_time occurred_at happened_at complete_timestamp
        start_timestamp created_at create_date server_time last_action_date_time last_action_timestamp
        visit_first_action_time start_tstamp cv_tstamp paid_at submit_date_utc submitted_at recorded_date
        interaction_time interaction_date visit_date end_date date_entered close_date solved_at invoice_date
        purchase_date order_date response_date review_date event_date tweet_created start_date date day sent_at
        received_at
        zeitstempel zeit datum zeitpunkt data data_ora fecha 时间 日期 时间戳"""
    ),
    "touchpoint": _names(
        """touchpoint touch_point event_name event_text event interaction action activity activity_id activity_name
        concept_name event_type amplitude_event_type interaction_type se_action page_name screen_name type name
        deal_stage lifecycle_stage status page
        page_path page_title page_url url page_location current_url
        ereignis kontaktpunkt kontakt aktion eveniment actiune evento accion 事件 触点 接触点 行为"""
    ),
    "channel": _names(
        """channel marketing_channel acquisition_channel default_channel_group primary_channel_group channel_grouping
        channel_group utm_medium_source medium utm_medium mkt_medium manual_medium campaign_medium source utm_source
        mkt_source manual_source campaign_source referrer_type referrer_type_name original_source analytics_source
        latest_source via via_channel lead_source distribution_channel source_name kanal canal 渠道"""
    ),
    "ownership": _names("ownership media_type owned_paid_earned poem"),
    "stage": _names("stage journey_stage funnel_stage lifecycle_stage customer_stage deal_stage phase etapa 阶段"),
    "device": _names("device device_category device_type dvce_type platform os device_name gerät dispozitiv"),
    "campaign": _names("campaign campaign_name utm_campaign mkt_campaign manual_campaign_name ad_name"),
    "revenue": _names(
        """revenue purchase_revenue purchase_revenue_in_usd event_value_in_usd conversion_value cv_value amount
        deal_amount total tr_total order_total order_value total_ecommerce_revenue total_conversion_value value price
        ltv monetary_value umsatz venit ingresos 收入 金额"""
    ),
    "emotion": _names("emotion feeling"),
    "score": _names(
        """score nps nps_score csat csat_score ces ces_score satisfaction_score satisfaction rating star_rating stars
        sentiment_score sentiment survey_response stimmung 情感 情绪"""
    ),
    "score_kind": _names("score_kind score_type survey_type scale"),
    "comment": _names(
        "comment comments verbatim feedback review_text text reason response_text additional_comments review message"
    ),
}
#: Names of columns that number the lines or events of an export: they repeat only if the export repeats itself.
EVENT_IDS: Final = frozenset(
    _names("event_id insert_id message_id uuid event_uuid id row_id hit_id log_id interaction_id journey_id ticket_id")
)
#: Names of columns with personal data that no analysis here needs.
PERSONAL: Final = frozenset(
    _names(
        """name first_name last_name full_name customer_name user_name email e_mail email_address phone phone_number
        mobile address street zip postcode postal_code ip ip_address iban cnp ssn passport birth_date date_of_birth
        birthday billing_name billing_phone shipping_name shipping_phone"""
    )
)
#: Names of times at which a tool took a line in, not at which a customer did something.
INGEST_TIMES: Final = frozenset(
    _names(
        """inserted_at received_at sent_at etl_tstamp processing_time_ms api_timestamp_ms server_upload_time
        server_received_time client_upload_time processed_time updated_at updated last_modified_date uuid_ts
        loaded_at"""
    )
)
#: Values of the `channel` that tools for developers write: where the code ran, not how the customer came.
CODE_ORIGINS: Final = frozenset({"server", "browser", "mobile", "web", "sources", "http", "client"})
DEVELOPER_HEADERS: Final = frozenset(_names("anonymous_id message_id original_timestamp received_at uuid_ts"))
SPEND_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "date": _names("date day week reporting_starts start_date month"),
    "channel": _names("channel medium utm_medium source utm_source platform network publisher_platform"),
    "campaign": _names("campaign campaign_name utm_campaign campaign_id"),
    "cost": _names("cost spend amount_spent amount_spent_usd amount_spent_eur ad_spend spent costs"),
}


def rank(header: str, names: tuple[str, ...]) -> float | None:
    """Rate how well a header matches a role's names: 0 is best, None is not at all; a stripped name comes second."""
    for n_stripped, form in enumerate(forms(header)):
        compact = form.replace("_", "")
        if compact in names:
            return names.index(compact) + 0.5 * n_stripped
    return None


def is_called(header: str, names: frozenset[str]) -> bool:
    return any(form.replace("_", "") in names for form in forms(header))
