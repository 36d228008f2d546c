"""Event logs of process mining and of retentioneering: a case, an activity, a time."""

from __future__ import annotations

from typing import Final

from journey.engine import Draft
from journey.ingest.exports.export import Columns, Export
from journey.ingest.exports.rows import cell, is_one_of, lowered, rewritten
from journey.ingest.files.staging import StagedTable

_LIFECYCLE: Final = "lifecycle:transition | lifecycle_id | lifecycle"
_BEFORE_COMPLETION: Final = ("schedule", "assign", "reassign", "start", "suspend", "resume")
_CASE: Final = "case:concept:name | case_id | Case ID | event_log_case_id | CaseKey | _CASE_KEY"
_ACTIVITY: Final = "concept:name | activity_id | Activity | ACTIVITY_EN"
#: Events that retentioneering adds to what customers did.
_SYNTHETIC: Final = (
    "path_start", "path_end", "session_start", "session_end", "session_start_cropped", "session_end_cropped",
    "new_user", "existing_user", "lost_user", "absent_user", "truncated_left", "truncated_right", "cropped_left",
    "cropped_right",
)  # fmt: skip
_ONE_ROW_TRAP: Final = (
    "An activity that has a row for its start and one for its completion counts once, when it was completed."
)


def _completed(draft: Draft, staged: StagedTable, columns: Columns) -> StagedTable:
    """Leave out the rows that only say an activity was scheduled or started, where another says it was completed."""
    if (header := columns.first(_LIFECYCLE)) is None:
        return staged
    phase = lowered(staged, header)
    activity = f"{cell(staged, columns.first(_CASE))}, {cell(staged, columns.first(_ACTIVITY))}"
    is_completed = f"bool_or(coalesce({phase} = 'complete', false)) OVER (PARTITION BY {activity})"
    return rewritten(draft, staged, {}, {"not_completed": f"{is_one_of(phase, _BEFORE_COMPLETION)} AND {is_completed}"})


def _of_customers(draft: Draft, staged: StagedTable, columns: Columns) -> StagedTable:
    """Leave out what retentioneering added: beginnings, ends, groups of users."""
    kind = lowered(staged, columns.first("event_type"))
    return rewritten(draft, staged, {}, {"synthetic": is_one_of(kind, _SYNTHETIC)})


EXPORTS: Final = (
    Export(
        name="xes_log",
        title="an event log in the columns of XES and pm4py",
        needs=("case:concept:name", "concept:name", "time:timestamp"),
        columns={
            "customer_id": "case:concept:name",
            "timestamp": "time:timestamp",
            "touchpoint": "concept:name",
            "channel": "case:channel",
            "ignore": """lifecycle:transition | start_timestamp | org:resource | org:group | org:role
                | concept:instance | @@index | @@case_index | EventID | Event ID""",
        },
        rules=((r"^case:.*(date|time|deadline|planned|responsible)", "ignore"), (r"^case:", "attribute")),
        traps=("The case is the customer.", _ONE_ROW_TRAP),
        preparation=_completed,
    ),
    Export(
        name="bupar_log",
        title="an event log in the columns of bupaR",
        needs=("case_id", "activity_id", "timestamp | start | complete"),
        hints="lifecycle_id | activity_instance_id | resource_id | .order | start | complete",
        columns={
            "customer_id": "case_id",
            "timestamp": "timestamp | complete | start",
            "touchpoint": "activity_id",
            "ignore": "lifecycle_id | activity_instance_id | resource_id | resource | .order | start",
        },
        traps=("The case is the customer.", _ONE_ROW_TRAP),
        preparation=_completed,
    ),
    Export(
        name="process_log",
        title="an event log of a process-mining tool (Celonis, Disco, ProM)",
        needs=(
            "Case ID | event_log_case_id | CaseKey | _CASE_KEY",
            "Activity | ACTIVITY_EN",
            "Complete Timestamp | Timestamp | Start Timestamp | EVENTTIME | End Timestamp | Eventtime",
        ),
        lacks="activity_id",
        columns={
            "customer_id": "Case ID | event_log_case_id | CaseKey | _CASE_KEY",
            "timestamp": "Complete Timestamp | Timestamp | EVENTTIME | End Timestamp | Start Timestamp",
            "touchpoint": "Activity | ACTIVITY_EN",
            "ignore": """lifecycle:transition | lifecycle | Variant | Variant index | Resource | Role | org:group
                | org:resource | _SORTING | SORTING | event_log_event_id""",
        },
        traps=("The case is the customer.", _ONE_ROW_TRAP),
        preparation=_completed,
    ),
    Export(
        name="retentioneering",
        title="an event stream of retentioneering",
        needs=("user_id", "event", "timestamp", "event_type", "event_index | event_id | session_id"),
        lacks="""amplitude_id | distinct_id | anonymous_id | messageId | product_id | user_session | domain_userid
            | collector_tstamp""",
        columns={
            "customer_id": "user_id",
            "timestamp": "timestamp",
            "touchpoint": "event",
            "ignore": "event_type | event_index | event_id | session_id",
        },
        traps=("Events that retentioneering adds (path_start, new_user, …) are left out: no customer did them.",),
        preparation=_of_customers,
    ),
)
