"""Staged tables and a recipe become the tables, the facts and the report of a dataset version."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from journey.engine import Draft
from journey.errors import MappingError
from journey.facts import RECIPE_FILE, REPORT_FILE, SET_ASIDE_FILE, Attribute, Facts
from journey.ingest.account import import_report
from journey.ingest.attributes import gather_attributes
from journey.ingest.clean import Cleaned, clean
from journey.ingest.files.recoding import recoded
from journey.ingest.files.staging import StagedTable
from journey.ingest.identity.who import People, people_of, who, with_plain_ids
from journey.ingest.mapping import Mapping
from journey.ingest.materialise import materialise
from journey.ingest.names.channels import infer_ownership, spell_spend_channels
from journey.ingest.names.naming import Naming
from journey.ingest.names.stage_choice import stage_table
from journey.ingest.names.stages import Staging, met_touchpoints, mostly_given, stage_interactions
from journey.ingest.notes import export_missing, outcome_of, told_of_tables
from journey.ingest.outcome import TableOutcome
from journey.ingest.personal import personal_columns
from journey.ingest.previous import EARLIER_VERSION, is_earlier
from journey.ingest.recipe import Recipe
from journey.ingest.report import ImportReport, TakenFile, reason_words
from journey.ingest.spend import take_spend
from journey.ingest.typed import gather_typed
from journey.language import _

Progress = Callable[[float, str], None]
#: A cell that begins with one of these is a formula to a spreadsheet.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_SET_ASIDE_BATCH = 10_000
_CODE_LETTERS = 3


@dataclass(frozen=True)
class Sources:
    """The staged tables an import is made of, in the order of their content, and the files they came from."""

    tables: tuple[StagedTable, ...]
    files: tuple[TakenFile, ...] = ()


def build_version(draft: Draft, sources: Sources, recipe: Recipe, target: Path, progress: Progress) -> ImportReport:
    """Build all tables of a version in the draft, and write its report, recipe and rows set aside into `target`."""
    written, recipe = recipe, recipe.followed
    require_interactions(sources.tables, recipe)
    progress(0.05, _("Finding who is who"))
    plain = [
        with_plain_ids(draft, recoded(draft, staged, mapping.encoding), mapping)
        for staged, mapping in zip(sources.tables, recipe.tables, strict=True)
    ]
    people = people_of(draft, [staged for staged, _notes in plain], recipe)
    progress(0.1, _("Cleaning the rows"))
    naming = Naming(recipe)
    outcomes = [
        TableOutcome(
            staged,
            mapping,
            _cleaned(draft, staged, mapping, people, naming),
            personal_columns(draft, staged),
            id_notes,
        )
        for (staged, id_notes), mapping in zip(plain, recipe.tables, strict=True)
    ]
    attributes, joined = gather_attributes(draft, outcomes, people)
    gather_typed(draft, outcomes)
    progress(0.45, _("Finding the stages"))
    n_owned = infer_ownership(draft)
    staging = stage_interactions(draft, recipe)
    spend = take_spend(draft, outcomes)
    spell_spend_channels(draft)
    facts = _facts(draft, recipe, outcomes, staging, attributes)
    outcome = outcome_of(draft, outcomes, recipe, staging, joined, spend, people.stitched, facts, n_owned)
    given = mostly_given(draft)
    progress(0.6, _("Putting the journeys in order"))
    materialise(draft, staging.stages, attributes)
    touchpoints = stage_table(met_touchpoints(draft, given), recipe)
    draft.execute("CREATE TABLE facts AS SELECT ? AS facts", [facts.to_json()])
    for staged in sources.tables:
        draft.execute(f"DROP TABLE IF EXISTS recoded_{staged.table}")
    progress(0.95, _("Writing the report"))
    report = import_report(outcome, sources.files, touchpoints)
    _write_set_aside(draft, outcomes, target / SET_ASIDE_FILE)
    (target / REPORT_FILE).write_text(report.to_json(), "utf-8")
    (target / RECIPE_FILE).write_text(written.to_yaml(), "utf-8")
    progress(1.0, _("Done"))
    return report


def require_fitting(tables: Sequence[StagedTable], recipe: Recipe) -> None:
    """Raise `MappingError` when a recipe speaks of other tables or columns than there are."""
    spoken = sorted({header for mapping in recipe.tables for header in mapping.headers})
    there = [header for staged in tables for header in staged.header]
    if len(tables) != len(recipe.tables) or any(
        not set(mapping.headers) <= set(staged.header) or (mapping.export == EARLIER_VERSION) != is_earlier(staged)
        for staged, mapping in zip(tables, recipe.tables, strict=True)
    ):
        raise MappingError.recipe_of_other_files(spoken, there)


def require_interactions(tables: Sequence[StagedTable], recipe: Recipe) -> None:
    """Raise `MappingError` when no table tells of interactions."""
    if not any(mapping.is_interacting for mapping in recipe.tables):
        is_explained = any(export_missing(mapping) for mapping in recipe.tables)
        raise MappingError.no_interactions(told_of_tables(tables, recipe), is_explained=is_explained)


def drop_staged(draft: Draft, sources: Sources) -> None:
    """Take the staged tables out of the draft."""
    for staged in sources.tables:
        draft.execute(f"DROP VIEW IF EXISTS timed_{staged.table}")
        draft.drop(staged.table)


def _cleaned(draft: Draft, staged: StagedTable, mapping: Mapping, people: People, naming: Naming) -> Cleaned | None:
    if not mapping.is_interacting:
        return None
    mapping.require_complete()
    return clean(draft, staged, mapping, who(staged, mapping, people), naming)


def _facts(
    draft: Draft,
    recipe: Recipe,
    outcomes: Sequence[TableOutcome],
    staging: Staging,
    attributes: tuple[Attribute, ...],
) -> Facts:
    [(first, last, n_revenue)] = draft.rows("SELECT min(timestamp), max(timestamp), count(revenue) FROM typed")
    return Facts(
        first=first,
        last=last,
        stages=staging.stages,
        stage_source=staging.source,
        time_zone=recipe.time_zone,
        currency=recipe.currency or _one_currency(outcomes),
        has_revenue=n_revenue > 0,
        attributes=attributes,
    )


def _one_currency(outcomes: Sequence[TableOutcome]) -> str | None:
    """Tell the currency written beside the amounts, if it is one and its sign stands for no other."""
    found = {
        currency
        for outcome in outcomes
        if outcome.cleaned is not None and "revenue" in outcome.cleaned.amounts
        for currency in outcome.cleaned.amounts["revenue"].currencies
    }
    return next(iter(found)) if len(found) == 1 and len(next(iter(found))) == _CODE_LETTERS else None


def _write_set_aside(draft: Draft, outcomes: Sequence[TableOutcome], path: Path) -> None:
    """Write the rows set aside, so that they can be mended; a cell never becomes a formula in a spreadsheet."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["file", "line", "reason", "row"])
        for outcome in outcomes:
            for skipped in outcome.staged.skipped_lines:
                name, own_line = outcome.staged.place_of(skipped.line)
                writer.writerow([harmless(name), own_line, reason_words(skipped.reason), harmless(skipped.text)])
            if outcome.cleaned is None:
                continue
            table = f"aside_{outcome.staged.table}"
            [(n_rows,)] = draft.rows(f"SELECT count(*) FROM {table}")
            for offset in range(0, n_rows, _SET_ASIDE_BATCH):
                rows = draft.rows(
                    f"SELECT line, reason, row FROM {table} ORDER BY line LIMIT ? OFFSET ?", [_SET_ASIDE_BATCH, offset]
                )
                for line, reason, row in rows:
                    name, own_line = outcome.staged.place_of(line)
                    writer.writerow([harmless(name), own_line, reason_words(reason), harmless(row)])
            draft.execute(f"DROP TABLE {table}")


def harmless(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would take as a formula.

    >>> harmless("=1+1"), harmless("C-1")
    ("'=1+1", 'C-1')
    """
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
