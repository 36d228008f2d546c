"""What became of every row of an import, written as its report."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace

from journey.ingest.names.stage_choice import StageRow
from journey.ingest.notes import Outcome, emotion_words, import_notes, stage_words
from journey.ingest.outcome import TableOutcome
from journey.ingest.report import IdentityReport, ImportReport, TableReport, TakenFile, rows_sentence

#: So many touchpoints, the most frequent ones, are listed with their stages.
_MOST_TOUCHPOINTS = 1_000


def import_report(outcome: Outcome, files: Sequence[TakenFile], touchpoints: Sequence[StageRow]) -> ImportReport:
    """Write the account of an import."""
    tables = tuple(_table_report(outcome, table) for table in outcome.tables)
    facts, staging = outcome.facts, outcome.staging
    report = ImportReport(
        files=tuple(files),
        tables=tables,
        interactions=outcome.n_interactions,
        customers=outcome.n_customers,
        first=_iso(facts.first),
        last=_iso(facts.last),
        stage_source=staging.source,
        stages=staging.stages,
        share_staged=staging.share_staged,
        share_scored=outcome.share_scored,
        score_kind=next((cleaned.score_kind for _table, cleaned in outcome.cleaned if cleaned.score_kind), None),
        duplicate_lines=sum(cleaned.duplicates.n_lines for _table, cleaned in outcome.cleaned),
        stage_words=stage_words(outcome),
        emotion_words=emotion_words(outcome),
        notes=(),
        touchpoints=tuple(touchpoints[:_MOST_TOUCHPOINTS]),
        identity=_identity_report(outcome),
    )
    rows = rows_sentence(report.rows_in, report.rows_kept, report.set_aside, report.skipped)
    notes = tuple({note.text: note for note in import_notes(outcome, rows)}.values())
    return replace(report, notes=notes)


def _table_report(outcome: Outcome, table: TableOutcome) -> TableReport:
    staged, mapping = table.staged, table.mapping
    skipped = dict(staged.skipped)
    set_aside: dict[str, int] = {}
    if table.cleaned is not None:
        set_aside |= table.cleaned.set_aside
        skipped |= {"duplicate": table.cleaned.n_skipped} if table.cleaned.n_skipped else {}
        skipped |= {"already_here": table.cleaned.n_already_here} if table.cleaned.n_already_here else {}
    elif mapping.kind == "customers":
        [joined] = [each for each in outcome.joined if each.name == staged.name]
        set_aside |= {"no_customer": joined.n_without_id} if joined.n_without_id else {}
        skipped |= {"repeated_id": joined.n_repeated} if joined.n_repeated else {}
    elif mapping.kind == "spend":
        [taken] = [each for each in outcome.spend if each.name == staged.name]
        set_aside |= {"no_day_or_cost": taken.n_set_aside} if taken.n_set_aside else {}
        skipped |= {"duplicate": taken.n_repeated} if taken.n_repeated else {}
        skipped |= {"already_here": taken.n_already_here} if taken.n_already_here else {}
    else:
        skipped |= {"unused": staged.n_rows} if staged.n_rows else {}
    rows_in = staged.n_rows + sum(count for _reason, count in staged.skipped)
    return TableReport(
        name=staged.name,
        kind=mapping.kind,
        export=mapping.export,
        rows_in=rows_in,
        rows_kept=rows_in - sum(set_aside.values()) - sum(skipped.values()),
        set_aside=set_aside,
        skipped=skipped,
        columns=dict(mapping.roles),
    )


def _identity_report(outcome: Outcome) -> IdentityReport | None:
    stitched = outcome.stitched
    if stitched is None:
        return None
    return IdentityReport(
        ids=dict(stitched.ids_by_space),
        customers=stitched.n_customers,
        merged=stitched.n_merged,
        notes=tuple(note.text for note in stitched.notes()),
    )


def _iso(moment: datetime.datetime) -> str:
    return moment.isoformat(timespec="seconds") + "Z"
