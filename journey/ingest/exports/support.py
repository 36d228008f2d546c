"""Tickets of a help desk: Zendesk, from its reports, its API, and as Fivetran copies them."""

from __future__ import annotations

from typing import Final

from journey.engine import Draft
from journey.ingest.exports.export import Columns, Export
from journey.ingest.exports.rows import lowered, rewritten
from journey.ingest.files.staging import StagedTable
from journey.ingest.mapping import Moment

_RATING: Final = "Satisfaction Score | satisfaction_rating.score | satisfaction_rating_score"


def _ratings(draft: Draft, staged: StagedTable, columns: Columns) -> StagedTable:
    """Read the words of a rating; one that was only offered is no answer."""
    rating = lowered(staged, columns.first(_RATING))
    if columns.first(_RATING) is None:
        return staged
    good_or_bad = f"CASE WHEN {rating} LIKE 'good%' THEN '1' WHEN {rating} LIKE 'bad%' THEN '0' END"
    return rewritten(draft, staged, {"satisfied": good_or_bad})


_MINUTES: Final = " | ".join(
    f"{each} in minutes{hours}"
    for each in (
        "First reply time", "First resolution time", "Full resolution time", "Agent wait time", "Requester wait time",
        "On hold time",
    )
    for hours in ("", " within business hours")
)  # fmt: skip

EXPORTS: Final = (
    Export(
        name="zendesk_tickets",
        title="a Zendesk tickets export",
        needs=(
            "Requester id | requester_id | Requester email | Requester external id | Requester",
            "Created at",
            "Status",
        ),
        hints="""Via | via_channel | via.channel | Satisfaction Score | Group stations | Assignee stations
            | submitter_id | ticket_form_id | brand_id | Assigned at | Ticket type | Reopens""",
        columns={
            "customer_id": """Requester external id | Requester id | requester_id | Requester email | requester.email
                | email""",
            "channel": "Via | via_channel | via.channel",
            "score": "satisfied",
            "comment": "Description | Subject",
            "attribute": "Organization",
            "ignore": f"""Summation column | Id | {_RATING} | Ticket type | type | Priority | Status | Tags | Group
                | Assignee | Assignee id | assignee_id | submitter_id | Submitter | Updated at | Assigned at
                | Initially assigned at | Due date | due_at | Reopens | Replies | Group stations | Assignee stations
                | group_id | ticket_form_id | brand_id | Brand | via_source_from_title | url | external_id
                | Resolution time | organization_id | Requester domain | {_MINUTES}""",
        },
        customer_names="Requester",
        score_kind="thumbs",
        moments=(
            Moment("Created at", "Ticket opened", carries=("comment",)),
            Moment("Solved at", "Ticket solved", carries=("score",)),
        ),
        traps=(
            "“Id” is the number of the ticket; the customer is the requester.",
            "“Via” is the channel by which the ticket came.",
            "A satisfaction “Offered” or “Unoffered” is no answer: only “Good” and “Bad” count.",
            "“Updated at” changes whenever anyone touches the ticket, so it is not used.",
        ),
        preparation=_ratings,
    ),
)
