"""Contacts and deals of a CRM: HubSpot, as it exports them, by its internal names, and as Fivetran copies them."""

from __future__ import annotations

from typing import Final

from journey.engine import Draft
from journey.ingest.exports.export import Columns, Export
from journey.ingest.exports.rows import cell, is_true, lowered, rewritten
from journey.ingest.files.staging import StagedTable
from journey.ingest.mapping import Moment

_STAGE: Final = "Deal Stage | dealstage | deal_stage | deal_pipeline_stage_id"
_CLOSED: Final = "Close Date | closedate"
_CONTACTS: Final = "Associated Contact IDs | Associated Contact ID | Contact ID | contact_id"


def _outcomes(draft: Draft, staged: StagedTable, columns: Columns) -> StagedTable:
    """Tell won from lost deals: the close date of an open deal only says when it is hoped to close."""
    stage = f"replace({lowered(staged, columns.first(_STAGE))}, ' ', '')"
    closed = cell(staged, columns.first(_CLOSED))
    is_won = f"(coalesce(contains({stage}, 'closedwon'), false) OR {is_true(staged, columns.first('Is Closed Won'))})"
    is_lost = f"coalesce(contains({stage}, 'closedlost'), false)"
    further = {
        "won at": f"CASE WHEN {is_won} THEN {closed} END",
        "lost at": f"CASE WHEN {is_lost} AND NOT {is_won} THEN {closed} END",
    }
    if contacts := columns.first(_CONTACTS):
        further["first contact"] = f"trim(split_part({cell(staged, contacts)}, ';', 1))"
    return rewritten(draft, staged, further)


EXPORTS: Final = (
    Export(
        name="hubspot_deals",
        title="a HubSpot deals export",
        needs=("Deal Stage | dealstage | deal_stage | deal_pipeline_stage_id | property_dealstage",),
        hints="""Deal Name | dealname | Amount | Close Date | closedate | Pipeline | Associated Contact IDs | deal_id
            | property_amount | property_closedate | property_dealname | deal_pipeline_id""",
        n_hints=2,
        prefixes=("property",),
        columns={
            "customer_id": "first contact",
            "revenue": "Amount in company currency | Amount | hs_amount_in_home_currency",
            "ignore": """Record ID | hs_object_id | deal_id | Deal Name | dealname | Deal owner | hubspot_owner_id
                | owner_id | Deal Stage | dealstage | deal_stage | deal_pipeline_stage_id | Pipeline
                | deal_pipeline_id | Last Modified Date | hs_lastmodifieddate | Date entered current stage
                | Associated Contact | Associated Company | Close Date | Currency | deal_currency_code | Is Closed Won
                | portal_id""",
            "attribute": """Deal Type | Original Traffic Source | Original Source Type | Original Source
                | hs_analytics_source | Lead source""",
        },
        customer_names=f"{_CONTACTS} | Associated Company IDs | Associated Company ID | company_id",
        moments=(
            Moment("Create Date | createdate", "Deal created"),
            Moment("won at", "Deal won", carries=("revenue",)),
            Moment("lost at", "Deal lost"),
        ),
        traps=(
            "“Record ID” is the number of the deal, not of a contact; the customer is the first associated contact.",
            "“Close Date” of an open deal is a forecast: only deals won count as a purchase, with their amount.",
            "“Lead source” is how the customer first came, so it describes the customer.",
            "Without “Associated Contact IDs” the company is the customer; export that column if it is missing.",
        ),
        preparation=_outcomes,
    ),
    Export(
        name="hubspot_contacts",
        title="a HubSpot contacts export",
        needs=(
            "Record ID | hs_object_id | vid | Contact ID | contact_id",
            "Email | property_email",
            (
                "Lifecycle Stage | lifecyclestage | Lead Status | Original Source | Original Traffic Source"
                " | hs_analytics_source | Marketing contact status"
                " | property_lifecyclestage | property_hs_analytics_source"
                " | Contact owner"
            ),
        ),
        lacks="Deal Stage | dealstage | deal_stage | property_dealstage | Lineitem name",
        kind="customers",
        prefixes=("property",),
        columns={
            "customer_id": "Record ID | Record ID - Contact | hs_object_id | vid | Contact ID | contact_id | Email",
            "attribute": """Lifecycle Stage | lifecyclestage | Lead Status | hs_lead_status | Original Source
                | Original Traffic Source | hs_analytics_source | Original Source Drill-Down 1
                | hs_analytics_source_data_1 | Latest Source | Latest Traffic Source | hs_latest_source
                | Annual Revenue | annualrevenue | Lead Score | HubSpot Score | hubspotscore
                | Number of Associated Deals | num_associated_deals | Country/Region | Country | Industry | Persona
                | hs_persona | Marketing contact status""",
            "ignore": """First Name | firstname | Last Name | lastname | Company Name | company | Phone Number | phone
                | Mobile Phone Number | mobilephone | Street Address | address | City | State/Region | state
                | Postal Code | zip | Job Title | jobtitle | Contact owner | hubspot_owner_id | owner_id | portal_id
                | Last Modified Date | lastmodifieddate | Last Activity Date | notes_last_updated
                | Original Source Drill-Down 2 | hs_analytics_source_data_2 | First Page Seen | Last Page Seen
                | First Conversion | Recent Conversion | first_conversion_event_name | recent_conversion_event_name
                | hs_email_first_click_date | Associated Company | Associated Company IDs""",
        },
        moments=(
            Moment("Create Date | createdate", "Contact created"),
            Moment("First Conversion Date | first_conversion_date", "Form submitted"),
            Moment(
                "Became a Marketing Qualified Lead Date | hs_lifecyclestage_marketingqualifiedlead_date",
                "Marketing qualified lead",
            ),
            Moment(
                "Became a Sales Qualified Lead Date | hs_lifecyclestage_salesqualifiedlead_date", "Sales qualified lead"
            ),
            Moment("Became an Opportunity Date | hs_lifecyclestage_opportunity_date", "Opportunity"),
            Moment("Became a Customer Date | hs_lifecyclestage_customer_date", "Became a customer"),
        ),
        traps=(
            "“Lifecycle Stage” is where the contact stands today, not when it came there: it describes the customer.",
            "“Original Source” is how the contact first came, not the channel of each interaction.",
            "“Last Modified Date” and “Last Activity Date” tell what HubSpot did last, so they are not used.",
        ),
    ),
)
