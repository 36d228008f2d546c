"""The worksheet that people download here, fill in by hand and bring back."""

from __future__ import annotations

from typing import Final

from journey.engine import Draft
from journey.ingest.exports.export import Columns, Export
from journey.ingest.files.staging import StagedTable
from journey.ingest.worksheets.worksheet_rows import WORKED_OUT, prepared_worksheet, without_examples

_TIME, _FEELING = WORKED_OUT


def _in_order(draft: Draft, staged: StagedTable, _columns: Columns) -> StagedTable:
    return prepared_worksheet(draft, staged)


def _without_examples(draft: Draft, staged: StagedTable, _columns: Columns) -> StagedTable:
    return without_examples(draft, staged)


EXPORTS: Final = (
    Export(
        name="worksheet",
        title="a worksheet of notes and interviews",
        needs=("Who", "When", "What"),
        hints="Where | Stage | Feeling | Quote | Revenue",
        n_hints=2,
        columns={
            "customer_id": "Who",
            "timestamp": f"{_TIME} | When",
            "touchpoint": "What",
            "channel": "Where",
            "stage": "Stage",
            "emotion": f"{_FEELING} | Feeling",
            "comment": "Quote",
            "revenue": "Revenue",
        },
        preparation=_in_order,
    ),
    Export(
        name="worksheet_customers",
        title="the customers of a worksheet",
        needs=("Who", "About"),
        lacks="What",
        kind="customers",
        columns={"customer_id": "Who"},
        rules=((r".", "attribute"),),
        preparation=_without_examples,
    ),
)
