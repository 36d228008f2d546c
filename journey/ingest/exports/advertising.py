"""Advertising and search: what was spent at Meta and Google, and reports that count customers together."""

from __future__ import annotations

from typing import Final

from journey.engine import Draft, literal
from journey.ingest.exports.export import Columns, Export
from journey.ingest.exports.rows import amount, lowered, rewritten, written
from journey.ingest.files.staging import StagedTable

#: Channels by the campaign type of Google Ads, named as GA4's default channel groups.
_TYPES: Final = {
    "search": "Paid Search", "display": "Display", "shopping": "Paid Shopping", "video": "Paid Video",
    "demand gen": "Paid Video", "performance max": "Cross-network", "discovery": "Cross-network",
    "app": "Cross-network",
}  # fmt: skip
_TYPE: Final = "Campaign type | campaign.advertising_channel_type | Advertising channel type"
_MILLIONTHS: Final = "metrics.cost_micros | cost_micros"


def _by_type(draft: Draft, staged: StagedTable, columns: Columns) -> StagedTable:
    """Name the channel by the type of the campaign, and bring costs in millionths into units."""
    kind = f"replace({lowered(staged, columns.first(_TYPE))}, '_', ' ')"
    cases = " ".join(f"WHEN {literal(name)} THEN {literal(channel)}" for name, channel in _TYPES.items())
    further = {"channel": f"CASE {kind} {cases} ELSE 'Paid Search' END"} if columns.first(_TYPE) else {}
    if millionths := columns.first(_MILLIONTHS):
        further["cost"] = written(f"({amount(staged, millionths)}) / 1e6")
    return rewritten(draft, staged, further)


EXPORTS: Final = (
    Export(
        name="meta_ads",
        title="a Meta Ads report",
        needs=(
            "Campaign name | Ad set name | Ad name",
            "Reporting starts | Reporting ends | Day",
        ),
        hints="Ad set name | Link clicks | Clicks (all) | Results | Result type | Reach | Attribution setting",
        kind="spend",
        columns={
            "timestamp": "Day | Reporting starts",
            "campaign": "Campaign name | Ad set name | Ad name",
            "cost": "Amount spent",
            "ignore": """Reporting ends | Account name | Impressions | Reach | Frequency | Link clicks | Clicks (all)
                | Results | Result type | Result indicator | Cost per results | Purchases conversion value | Purchases
                | Platform | Placement | Objective | Campaign delivery | Ad set delivery | Attribution setting
                | Ad set budget | Ad set budget type | Ends | CPM (cost per 1,000 impressions)""",
        },
        rules=((r"^amount spent \([a-z]{3}\)$", "cost"),),
        channel="Paid Social",
        traps=(
            (
                "Without “Day” a row covers the whole period: its cost counts on the first day. Export it broken down"
                " by day."
            ),
            "“Results” and “Purchases conversion value” are what Meta claims for itself, so they are not used.",
        ),
    ),
    Export(
        name="google_ads",
        title="a Google Ads report",
        needs=(
            "Campaign | Campaign ID | campaign.name | Ad group",
            "Cost | metrics.cost_micros | cost_micros",
            "Day | Date | segments.date | Week | Month",
        ),
        hints="Impr. | Impressions | Clicks | Avg. CPC | CTR | Currency code | Campaign type | metrics.clicks",
        lacks="Channel | Source | Medium | Ad set name",
        kind="spend",
        columns={
            "timestamp": "Day | Date | segments.date | Week | Month",
            "campaign": "Campaign | campaign.name | Campaign ID | Ad group",
            "channel": "channel",
            "cost": "cost",
            "ignore": f"""{_TYPE} | {_MILLIONTHS} | Currency code | Clicks | Impr. | Impressions | Avg. CPC | CTR
                | Conversions | Conv. value | Cost / conv. | Conv. rate | Campaign status | Campaign state | Budget
                | Network | Network (with search partners) | Device | Account | Customer ID | metrics.clicks
                | metrics.impressions | metrics.conversions | Budget type | Status | Status reasons
                | Bid strategy type""",
        },
        channel="Paid Search",
        traps=(
            "The channel follows from the campaign type; where the file has none, all of it counts as paid search.",
            "Conversions are what Google Ads claims for itself, so they are not used.",
        ),
        preparation=_by_type,
    ),
    Export(
        name="search_console",
        title="a Search Console report",
        needs=("Clicks", "Impressions", "CTR", "Position"),
        hints="Top queries | Query | Queries | Top pages | Page | Pages | Date | Country | Device | Search Appearance",
        lacks="Cost | Spend | Campaign | Campaign name",
        kind="unused",
        lacking=(
            "Search Console counts clicks per search and page: it has no customer ids and no times of single "
            "visits, so that no journey can be built from it. Which visits came from organic search stands in"
            " your web analytics: export the events from there."
        ),
    ),
    Export(
        name="channel_paths",
        title="a file of aggregated channel paths",
        needs=("path", "total_conversions"),
        hints="total_conversion_value | total_null",
        kind="unused",
        lacking=(
            "Every row is a path of channels and how many took it: it has no customers and no times, so that "
            "no journey can be built from it. Export the single interactions instead: a customer’s id, a "
            "time, and the channel."
        ),
    ),
)
