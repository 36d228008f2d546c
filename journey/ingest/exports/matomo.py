"""Matomo: its log of visits with the actions side by side, and the tables of its database."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import Final

from journey.engine import Draft, literal, quoted
from journey.ingest.exports.export import Columns, Export
from journey.ingest.exports.rows import cell, lowered, rewritten
from journey.ingest.files.staging import StagedTable

_ACTION: Final = re.compile(r"^(?:\*\.)?actionDetails[._](\d+)[._](.+)$", re.IGNORECASE)
#: What an action of these kinds is called; the others are called by what they say of themselves.
_KINDS: Final = {
    "ecommerceOrder": "Order", "ecommerceAbandonedCart": "Abandoned cart", "download": "Download", "outlink": "Outlink",
    "search": "Site search", "goal": "Goal",
}  # fmt: skip
_NAMES: Final = ("goalName", "eventAction", "pageTitle", "title", "subtitle", "url")
#: Kinds of referrers, as the log and as the database write them, and the medium they are.
_MEDIUMS: Final = (
    ("('direct', '1')", "(none)"), ("('search', '2')", "organic"), ("('website', '3')", "referral"),
    ("('social', '7')", "social"),
)  # fmt: skip


def _actions(draft: Draft, staged: StagedTable, _columns: Columns) -> StagedTable:
    """Make a row of every action: the log has a row per visit, with its actions side by side.

    Actions of the same second keep their order by millionths of it.
    """
    actions: dict[int, dict[str, str]] = defaultdict(dict)
    for header in staged.header:
        if fits := _ACTION.match(header):
            actions[int(fits[1])].setdefault(fits[2].casefold(), header)
    if not actions:
        return staged
    kept = [header for header in staged.header if not _ACTION.match(header)]
    cells = ", ".join(f"{staged.column(header)} AS c{place}" for place, header in enumerate(kept))
    told = ", ".join(_told(staged, number, actions[number]) for number in sorted(actions))
    width, table, fresh = len(kept), quoted(staged.table), quoted(f"{staged.table}_actions")
    # A visit without any action, and a row set aside for being ragged, stay as they are.
    alone = "{'number': 0, 'time': NULL, 'name': NULL, 'paid': NULL, 'is_filled': true}"
    # Lines are told apart: the first action keeps its visit's, the further ones are counted on behind the file's last.
    is_first = "row_number() OVER (PARTITION BY line ORDER BY action.number) = 1"
    behind = "max(line) OVER () + row_number() OVER (ORDER BY line, action.number)"
    draft.execute(
        f"""CREATE TABLE {fresh} AS
        SELECT CAST(CASE WHEN {is_first} THEN line ELSE {behind} END AS BIGINT) AS line, ragged,
            {cells + ", " if cells else ""}action.time AS c{width}, action.name AS c{width + 1},
            action.paid AS c{width + 2}
        FROM (SELECT *, unnest(CASE WHEN len(filled) > 0 THEN filled ELSE [{alone}] END) AS action FROM (
            SELECT *, list_filter([{told}], lambda each: each.is_filled) AS filled FROM {table}))
        ORDER BY 1"""
    )
    draft.drop(staged.table)
    draft.execute(f"ALTER TABLE {fresh} RENAME TO {table}")
    [(n_rows,)] = draft.rows(f"SELECT count(*) FROM {table}")
    return replace(staged, header=(*kept, "action time", "action", "action revenue"), n_rows=n_rows)


def _told(staged: StagedTable, number: int, headers: dict[str, str]) -> str:
    """Write the SQL of one action: when, what, and what was paid."""
    kind = cell(staged, headers.get("type"))
    named = " ".join(f"WHEN {kind} = {literal(name)} THEN {literal(word)}" for name, word in _KINDS.items())
    words = [cell(staged, headers[name.casefold()]) for name in _NAMES if name.casefold() in headers]
    own = f"coalesce({', '.join([*words, kind])})"
    by_kind = f"CASE {named} ELSE {own} END" if "type" in headers else own
    goal = cell(staged, headers.get("goalname"))
    time = cell(staged, headers.get("timestamp") or headers.get("servertime"))
    is_epoch = f"regexp_full_match({time}, '[0-9]{{9,10}}')"
    in_order = f"CASE WHEN {is_epoch} THEN concat({time}, '.{number:06}') ELSE {time} END"
    paid = cell(staged, headers.get("revenue"))
    return (
        f"{{'number': {number}, 'time': {in_order}, 'name': CAST(coalesce({goal}, {by_kind}) AS VARCHAR), "
        f"'paid': {paid}, 'is_filled': {own} IS NOT NULL}}"
    )


def _referred(draft: Draft, staged: StagedTable, columns: Columns) -> StagedTable:
    """Write how a visit came as source and medium: Matomo says the kind of referrer, the database by a number."""
    kind = lowered(staged, columns.first("referrerType | referer_type"))
    cases = " ".join(f"WHEN {kind} IN {names} THEN {literal(medium)}" for names, medium in _MEDIUMS)
    is_direct = f"coalesce({kind} IN ('direct', '1'), false)"
    source = cell(staged, columns.first("campaignSource | campaign_source"))
    name = cell(staged, columns.first("referrerName | referer_name"))
    further = {
        "source": f"coalesce({source}, CASE WHEN {is_direct} THEN '(direct)' ELSE {name} END)",
        "medium": f"coalesce({cell(staged, columns.first('campaignMedium | campaign_medium'))}, CASE {cases} END)",
    }
    return rewritten(draft, staged, further)


def _referred_actions(draft: Draft, staged: StagedTable, columns: Columns) -> StagedTable:
    return _actions(draft, _referred(draft, staged, columns), columns)


EXPORTS: Final = (
    Export(
        name="matomo_visits",
        title="a Matomo visits log",
        needs=("idVisit", "visitorId", "serverDate | serverTimestamp | firstActionTimestamp | lastActionDateTime"),
        hints="visitorType | visitCount | actions | visitDuration | referrerType | actionDetails",
        columns={
            "customer_id": "userId | visitorId",
            "timestamp": """action time | firstActionTimestamp | serverTimestamp | lastActionTimestamp
                | lastActionDateTime | serverDate""",
            "touchpoint": "action",
            "source": "source | campaignSource",
            "medium": "medium | campaignMedium",
            "campaign": "campaignName",
            "referrer": "referrerUrl",
            "revenue": "action revenue | totalEcommerceRevenue",
            "device": "deviceType",
            "attribute": "country | visitorType",
            "ignore": """idSite | idVisit | visitIp | referrerType | referrerTypeName | referrerName | fingerprint
                | actions | interactions | visitCount | visitDuration | visitDurationPretty | goalConversions
                | visitEcommerceStatus | searches | events | referrerKeyword | daysSinceFirstVisit
                | daysSinceLastVisit | daysSinceLastEcommerceOrder | city | region | countryCode | continent
                | continentCode | latitude | longitude | browser | browserName | operatingSystem | operatingSystemName
                | serverDatePretty | serverTimePretty | visitLocalTime | actionDetails | visitConverted
                | visitorTypeIcon | languageCode | language | location""",
        },
        touchpoint="Visit",
        traps=(
            (
                "“actions” is a count; the actions themselves stand side by side (actionDetails_0_…): each becomes an "
                "interaction."
            ),
            "The kind of referrer is that of the visit, and counts for all of its actions.",
        ),
        preparation=_referred_actions,
    ),
    Export(
        name="matomo_database",
        title="rows of the Matomo database",
        needs=("idvisitor", "idvisit", "server_time | visit_first_action_time | visit_last_action_time"),
        lacks="visitorId",
        columns={
            "customer_id": "user_id | idvisitor",
            "timestamp": "server_time | visit_first_action_time | visit_last_action_time",
            "touchpoint": "action_name | page_title | page_url | name | url",
            "source": "source | campaign_source",
            "medium": "medium | campaign_medium",
            "campaign": "campaign_name",
            "referrer": "referer_url",
            "revenue": "revenue | visit_total_revenue",
            "device": "config_device_type",
            "attribute": "location_country",
            "ignore": """idvisit | idsite | idaction_name | idaction_url | idlink_va | idaction_url_ref
                | idaction_name_ref | idaction_event_category | idaction_event_action | time_spent_ref_action
                | referer_type | referer_name | referer_keyword | campaign_content | campaign_id | campaign_keyword
                | price | idorder | idgoal | visit_goal_converted | visit_goal_buyer | visit_total_actions
                | visit_total_time | visitor_returning | visitor_count_visits | location_ip | location_city
                | location_region | config_id | custom_float""",
        },
        touchpoint="Visit",
        traps=(
            (
                "“idaction_name” and “idaction_url” are numbers: add the names from “log_action”, or each row"
                " counts as a visit only."
            ),
        ),
        preparation=_referred,
    ),
)
