"""What others say: mentions found by Brandwatch, Mention, Talkwalker, Brand24, Meltwater and their like."""

from __future__ import annotations

from typing import Final

from journey.engine import Draft
from journey.ingest.exports.export import Columns, Export
from journey.ingest.exports.rows import lowered, rewritten
from journey.ingest.files.staging import StagedTable

_SENTIMENT: Final = "Sentiment | Tone"
_WHERE: Final = """Page Type | Source Type | source_type | Content Source Name | Network | Platform | Media Type
    | Source | Source Name | Site | Domain | Content Source"""
_REVIEWS: Final = r"review|forum|trustpilot|tripadvisor|capterra|app ?store|google play|quora|reddit|q&a"


def _felt(draft: Draft, staged: StagedTable, columns: Columns) -> StagedTable:
    """Read the sentiment's word, and whose the place is: forums and review sites are third parties."""
    sentiment = lowered(staged, columns.first(_SENTIMENT))
    emotion = f"""CASE {sentiment} WHEN 'very positive' THEN '2' WHEN 'positive' THEN '1' WHEN 'neutral' THEN '0'
        WHEN 'negative' THEN '-1' WHEN 'very negative' THEN '-2' END"""
    places = [lowered(staged, header) for header in columns.found(_WHERE)]
    # The more exact column comes first; any of them may name the forum.
    where = f"concat_ws(' ', {', '.join(places)})" if places else "''"
    ownership = f"CASE WHEN regexp_matches({where}, '{_REVIEWS}') THEN 'third-party' ELSE 'earned' END"
    return rewritten(draft, staged, {"felt": emotion, "ownership": ownership})


EXPORTS: Final = (
    Export(
        name="mentions",
        title="an export of social-listening mentions",
        needs=(
            (
                "Author | Author Name | Author Username | extra_author_attributes.name | Influencer | Screen Name | "
                "Author Handle"
            ),
            (
                "Full Text | Snippet | Mention Snippet | Hit Sentence | Opening Text | Text | Content | Description"
                " | Mention Content | Message"
            ),
            "Date | published | Published At | Date (UTC) | Created At | Publication date",
            f"{_WHERE} | URL | extra_source_attributes.name",
        ),
        hints=f"{_SENTIMENT} | Reach | Reach (new) | URL | Engagement | Query Name | Impressions | Domain",
        n_hints=2,
        lacks="Rating | Score | Stars | Requester id | Lineitem name",
        columns={
            "timestamp": "Date | Date (UTC) | published | Published At | Created At | Publication date",
            "channel": _WHERE,
            "ownership": "ownership",
            "emotion": "felt",
            "comment": """Full Text | Mention Content | Content | Text | Hit Sentence | Message | Mention Snippet
                | Snippet | Opening Text | Description""",
            "attribute": "Country | Language | lang",
            "ignore": f"""{_SENTIMENT} | Title | Headline | URL | Url | Reach | Reach (new) | Impressions | Engagement
                | Engagement Type | Query Id | Query Name | Resource Id | Added | Category Details | Checked
                | Assignment | Account Type | Author Followers | Likes | Shares | Comments | Time | AVE | Keywords
                | Key Phrases | Input Name | Document Tags | Hashtags | City | Region | State | Gender | Thread Author
                | Thread Id | Full Name | Avatar | Starred | Views | extra_source_attributes.name""",
        },
        customer_names="""Author Username | Author Handle | Author | Author Name | extra_author_attributes.name
            | Influencer | Screen Name""",
        touchpoint="Mention",
        traps=(
            (
                "The author is the customer, but only by the name used there: it is tied to your own ids where both "
                "are known."
            ),
            "Reach and engagement count other people, so they are not used.",
            "Positive, neutral and negative become an emotion of +1, 0 and −1; numbers of one tool’s own scale do not.",
        ),
        preparation=_felt,
    ),
)
