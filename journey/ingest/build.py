"""Staged tables and a mapping become the tables, the facts and the report of a dataset version."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from journey.dataset import RECIPE_FILE, REPORT_FILE, SET_ASIDE_FILE, Attribute, Facts
from journey.engine import Draft, quoted
from journey.ingest.attributes import gather_attributes
from journey.ingest.channels import infer_ownership, spell_spend_channels
from journey.ingest.clean import Cleaned, clean
from journey.ingest.ids import doubtful_ids
from journey.ingest.mapping import Mapping
from journey.ingest.materialise import materialise
from journey.ingest.notes import Outcome, emotion_words, notes_on, stage_words
from journey.ingest.report import ImportReport, TakenFile, reason_words
from journey.ingest.spend import take_spend
from journey.ingest.stages import Staging, stage_interactions
from journey.ingest.staging import StagedTable
from journey.language import _

Progress = Callable[[float, str], None]
#: A cell that begins with one of these is a formula to a spreadsheet.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_SET_ASIDE_BATCH = 10_000
_CODE_LETTERS = 3


@dataclass(frozen=True)
class Sources:
    """The staged tables an import is made of, and the files they came from."""

    interactions: StagedTable
    customers: StagedTable | None = None
    spend: StagedTable | None = None
    files: tuple[TakenFile, ...] = ()

    @property
    def tables(self) -> list[StagedTable]:
        return [staged for staged in (self.interactions, self.customers, self.spend) if staged is not None]


def build_version(draft: Draft, sources: Sources, mapping: Mapping, target: Path, progress: Progress) -> ImportReport:
    """Build all tables of a version in the draft, and write its report, recipe and rows set aside into `target`."""
    progress(0.05, _("Cleaning the rows"))
    cleaned = clean(draft, sources.interactions, mapping)
    progress(0.45, _("Finding the stages"))
    n_owned = infer_ownership(draft)
    staging = stage_interactions(draft, mapping)
    attributes, joined = gather_attributes(draft, sources.interactions, mapping, sources.customers)
    spend = take_spend(draft, sources.spend, mapping)
    spell_spend_channels(draft)
    [(n_scored, n_customers)] = draft.rows("SELECT count(emotion), count(DISTINCT customer_id) FROM typed")
    facts = _facts(draft, mapping, cleaned, staging, attributes)
    outcome = Outcome(
        sources.interactions, mapping, cleaned, doubtful_ids(draft), staging, joined, spend, facts, n_owned, n_scored,
        n_customers,
    )  # fmt: skip
    progress(0.6, _("Putting the journeys in order"))
    materialise(draft, staging.stages, attributes)
    draft.execute("CREATE TABLE facts AS SELECT ? AS facts", [facts.to_json()])
    progress(0.95, _("Writing the report"))
    report = _report(sources, outcome)
    _write_set_aside(draft, sources.interactions, target / SET_ASIDE_FILE)
    (target / REPORT_FILE).write_text(report.to_json(), "utf-8")
    (target / RECIPE_FILE).write_text(mapping.to_yaml(), "utf-8")
    progress(1.0, _("Done"))
    return report


def drop_staged(draft: Draft, sources: Sources) -> None:
    """Take the staged tables out of the draft."""
    draft.execute("DROP VIEW IF EXISTS timed_interactions")
    for staged in sources.tables:
        draft.execute(f"DROP TABLE {quoted(staged.table)}")


def _facts(
    draft: Draft, mapping: Mapping, cleaned: Cleaned, staging: Staging, attributes: tuple[Attribute, ...]
) -> Facts:
    [(first, last, n_revenue)] = draft.rows("SELECT min(timestamp), max(timestamp), count(revenue) FROM typed")
    return Facts(
        first=first,
        last=last,
        stages=staging.stages,
        stage_source=staging.source,
        time_zone=mapping.time_zone,
        currency=mapping.currency or _one_currency(cleaned),
        has_revenue=n_revenue > 0,
        attributes=attributes,
    )


def _one_currency(cleaned: Cleaned) -> str | None:
    """Tell the currency written beside the amounts, if it is one and its sign stands for no other."""
    found = cleaned.amounts["revenue"].currencies if "revenue" in cleaned.amounts else ()
    return found[0] if len(found) == 1 and len(found[0]) == _CODE_LETTERS else None


def _report(sources: Sources, outcome: Outcome) -> ImportReport:
    cleaned, staging, facts = outcome.cleaned, outcome.staging, outcome.facts
    return ImportReport(
        files=sources.files,
        rows_in=sources.interactions.n_rows,
        rows_kept=cleaned.n_kept,
        set_aside=cleaned.set_aside,
        skipped=outcome.skipped,
        customers=outcome.n_customers,
        first=_iso(facts.first),
        last=_iso(facts.last),
        columns=dict(outcome.mapping.roles),
        stage_source=staging.source,
        stages=staging.stages,
        share_staged=staging.share_staged,
        share_scored=outcome.share_scored,
        score_kind=cleaned.score_kind,
        stage_words=stage_words(outcome),
        emotion_words=emotion_words(outcome),
        duplicate_lines=cleaned.duplicates.n_lines,
        notes=notes_on(outcome),
    )


def _iso(moment: datetime.datetime) -> str:
    return moment.isoformat(timespec="seconds") + "Z"


def _write_set_aside(draft: Draft, staged: StagedTable, path: Path) -> None:
    """Write the rows set aside, so that they can be mended; a cell never becomes a formula in a spreadsheet."""
    [(n_rows,)] = draft.rows("SELECT count(*) FROM set_aside")
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["file", "line", "reason", "row"])
        for offset in range(0, n_rows, _SET_ASIDE_BATCH):
            rows = draft.rows(
                "SELECT line, reason, row FROM set_aside ORDER BY line LIMIT ? OFFSET ?", [_SET_ASIDE_BATCH, offset]
            )
            for line, reason, row in rows:
                name, own_line = staged.place_of(line)
                writer.writerow([harmless(name), own_line, reason_words(reason), harmless(row)])


def harmless(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would take as a formula.

    >>> harmless("=1+1"), harmless("C-1")
    ("'=1+1", 'C-1')
    """
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
