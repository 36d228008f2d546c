"""Answers of customers: Delighted, Typeform, SurveyMonkey, Qualtrics."""

from __future__ import annotations

import re
from typing import Final

from journey.engine import Draft, quoted
from journey.ingest.cells.emotions import SCALES
from journey.ingest.exports.export import Columns, Export
from journey.ingest.exports.rows import cell, is_one_of, lowered, rewritten
from journey.ingest.files.staging import StagedTable

#: Questions by their words, the surest first; what a vendor's own columns are called does not fit them.
_RECOMMEND: Final = (
    r"how likely .*recommend|likel(y|ihood) to recommend|wie wahrscheinlich .*(empfehl|weiterempfehl)|probab.* recom"
    r"|recommanderi|cât de probabil|hoe waarschijnlijk|quanto è probabile|(^|[\W_])nps([\W_]|$)(?!.*group)"
)
_RATE: Final = (
    r"how satisfied|how would you rate|overall (satisfaction|rating|experience)|^(satisfaction|rating|score|csat)$"
    r"|(^|[\W_])csat([\W_]|$)|wie zufrieden|cât de mulțumit|satisfait|satisfech"
)
_WHY: Final = (
    r"open-ended|\bwhy\b|(main|primary) reason|reason for (your|the|this) (score|rating)"
    r"|what .*\b(better|improve|like|miss)"
    r"|tell us|(other|additional|any) (comments?|feedback)|anything else|^(comments?|feedback|verbatim)$|warum"
    r"|verbessern|anmerkung|de ce|îmbunătăț|pourquoi|commentaire"
)
_NPS_GROUP: Final = re.compile(r"^(.+)_NPS_GROUP$")
_LOWEST_NPS_TOP: Final = 5
_EMAIL: Final = r"e-?mail"
_OWN_ID: Final = "customer_id | user_id | userid | account_id | client_id | contact_id"
_UTM: Final = {"source": "utm_source", "medium": "utm_medium", "campaign": "utm_campaign"}
_QUESTIONS: Final = ((_RECOMMEND, "score"), (_RATE, "score"), (_WHY, "comment"))
#: Column of the recommendations where they prove to be on the scale 0–10.
_NPS: Final = "NPS"
_ALONE: Final = "Without an e-mail address or an id of yours, every answer counts as a customer of its own."


def _recommendations(draft: Draft, staged: StagedTable, columns: Columns) -> dict[str, str]:
    """Take the question for a recommendation as NPS where its answers go beyond 5 and not beyond 10."""
    grouped = [fits[1] for header in staged.header if (fits := _NPS_GROUP.match(header))]
    asked = [header for header in [*grouped, *columns.matching(_RECOMMEND)] if header in staged.header]
    if not asked:
        return {}
    answer = f"regexp_extract({cell(staged, asked[0])}, '^([0-9]+)([^0-9.,].*)?$', 1)"
    [(highest,)] = draft.rows(f"SELECT max(TRY_CAST({answer} AS INTEGER)) FROM {quoted(staged.table)}")
    return {_NPS: f"nullif({answer}, '')"} if highest and _LOWEST_NPS_TOP < highest <= SCALES["nps"].high else {}


def _with_recommendations(draft: Draft, staged: StagedTable, columns: Columns) -> StagedTable:
    return rewritten(draft, staged, _recommendations(draft, staged, columns))


def _without_tests(draft: Draft, staged: StagedTable, columns: Columns) -> StagedTable:
    """Leave out the two further header rows of Qualtrics, previews, tests and spam."""
    first, status = cell(staged, columns.first("ResponseId | StartDate")), lowered(staged, columns.first("Status"))
    start = cell(staged, columns.first("StartDate"))
    is_header = f"coalesce({first} IN ('Response ID', 'Start Date') OR {first} LIKE '{{\"ImportId%', false)"
    is_header += f" OR coalesce({start} IN ('Start Date') OR {start} LIKE '{{\"ImportId%', false)"
    is_test = is_one_of(status, ("survey preview", "survey test", "spam", "1", "2", "8", "9", "17"))
    left_out = {"extra_header": is_header, "test_answer": is_test}
    return rewritten(draft, staged, _recommendations(draft, staged, columns), left_out)


def _without_second_header(draft: Draft, staged: StagedTable, columns: Columns) -> StagedTable:
    """Leave out the second header row of SurveyMonkey, in which no respondent is named."""
    respondent = cell(staged, columns.first("Respondent ID"))
    left_out = {"extra_header": f"{respondent} IS NULL AND line <= 3"}
    return rewritten(draft, staged, _recommendations(draft, staged, columns), left_out)


EXPORTS: Final = (
    Export(
        name="delighted_responses",
        title="a Delighted responses export",
        needs=(
            "score | Score",
            "comment | Comment",
            "person | person_id | Person ID | person_email | Person Email | Email | Name | person.email",
            "survey_type | Survey Type | Response ID | permalink | Response Type",
        ),
        lacks="Submit Date (UTC) | Respondent ID",
        kind="feedback",
        prefixes=("person_properties", "person", "properties"),
        columns={
            "customer_id": f"{_OWN_ID} | person_email | email | person_id | person | Phone Number",
            "timestamp": "created_at | responded_at | Response Timestamp | Response time | Timestamp | Date",
            "score": "score",
            "score_kind": "survey_type",
            "comment": "comment",
            "ignore": """id | Response ID | permalink | tags | notes | name | first_name | last_name | updated_at
                | person_properties | Survey source | Locale | Additional answers | sent_at | Survey Sent At""",
            "attribute": "country | plan",
        },
        touchpoint="Survey answered",
        traps=("“survey_type” says on which scale the score is: NPS 0–10, CSAT 1–5.",),
    ),
    Export(
        name="typeform_responses",
        title="a Typeform responses export",
        needs=("Submit Date (UTC) | Submitted At", "Start Date (UTC) | Network ID | token | Response Type"),
        kind="feedback",
        columns={
            "customer_id": f"{_OWN_ID} | email | Email address | E-mail",
            "timestamp": "Submit Date (UTC) | Submitted At | Start Date (UTC)",
            **_UTM,
            "score": _NPS,
            "ignore": """# | token | Response Type | Start Date (UTC) | Stage Date (UTC) | Network ID | Tags | Ending
                | First name | Last name | Phone number | Company""",
        },
        rules=((_EMAIL, "identity"), *_QUESTIONS),
        touchpoint="Survey answered",
        traps=(
            "“Network ID” belongs to an internet connection, not to a person, so it tells no customers apart.",
            (
                "The question whose words ask for a recommendation or satisfaction is the score, the one that asks why "
                "the comment."
            ),
            _ALONE,
        ),
        preparation=_with_recommendations,
    ),
    Export(
        name="surveymonkey_responses",
        title="a SurveyMonkey responses export",
        needs=("Respondent ID", "Collector ID", "Start Date | End Date | Date Created | Date Modified"),
        kind="feedback",
        columns={
            "customer_id": f"{_OWN_ID} | Email Address | Respondent ID",
            "timestamp": "End Date | Date Modified | Start Date | Date Created",
            "score": _NPS,
            "ignore": "Collector ID | Start Date | Date Created | IP Address | First Name | Last Name",
        },
        rules=_QUESTIONS,
        touchpoint="Survey answered",
        traps=(
            "The export has two header rows; the second only continues the first and is no answer.",
            "“Respondent ID” is new with every answer: a customer is recognised again by the e-mail address.",
        ),
        preparation=_without_second_header,
    ),
    Export(
        name="qualtrics_responses",
        title="a Qualtrics responses export",
        needs=("ResponseId", "StartDate | EndDate | RecordedDate"),
        hints="""RecipientEmail | ExternalReference | ExternalDataReference | DistributionChannel | UserLanguage
            | Finished | Progress | Status""",
        n_hints=2,
        kind="feedback",
        columns={
            "customer_id": "ExternalReference | ExternalDataReference | RecipientEmail | ResponseId",
            "timestamp": "RecordedDate | EndDate | StartDate",
            "score": _NPS,
            "attribute": "UserLanguage",
            "ignore": """StartDate | EndDate | Status | IPAddress | Progress | Duration (in seconds) | Finished
                | RecipientFirstName | RecipientLastName | LocationLatitude | LocationLongitude | DistributionChannel
                | ResponseSet | Q_RecaptchaScore""",
        },
        rules=((_NPS_GROUP.pattern, "ignore"), *_QUESTIONS),
        touchpoint="Survey answered",
        traps=(
            "Two further header rows (the questions and their ids) are no answers, neither are previews and tests.",
            "“DistributionChannel” is how the survey was sent, no marketing channel.",
            (
                "“ResponseId” is new with every answer: a customer is recognised again by “ExternalReference” or the "
                "e-mail address."
            ),
        ),
        preparation=_without_tests,
    ),
)
