"""What a person should know about an import, in sentences."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from journey.engine import Draft
from journey.facts import Facts
from journey.ingest.aliases import normalised
from journey.ingest.attributes import JoinedCustomers
from journey.ingest.cells.checkup import notes_on_content
from journey.ingest.cells.labels import Lookup
from journey.ingest.clean import Cleaned
from journey.ingest.currencies import currencies_beside
from journey.ingest.exports import Export, export_named
from journey.ingest.files.staging import StagedTable
from journey.ingest.identity.identity_counts import Stitched
from journey.ingest.mapping import Mapping
from journey.ingest.names.channel_groups import GroupedChannels
from journey.ingest.names.stages import Staging
from journey.ingest.names.touchpoints import NamedTouchpoints
from journey.ingest.outcome import TableOutcome
from journey.ingest.personal import personal_note
from journey.ingest.proposal import role_words
from journey.ingest.recipe import Recipe
from journey.ingest.report import stage_sentence
from journey.ingest.spend import TakenSpend
from journey.ingest.told import Note
from journey.language import _, day, listed, number, percent

_AT_MOST = 5
_FEW_SCORED = 0.1


@dataclass(frozen=True)
class Outcome:
    """All that an import found and did."""

    tables: Sequence[TableOutcome]
    recipe: Recipe
    staging: Staging
    joined: Sequence[JoinedCustomers]
    spend: Sequence[TakenSpend]
    stitched: Stitched | None
    facts: Facts
    n_owned: int
    n_scored: int
    n_customers: int
    n_interactions: int
    content: Sequence[Note]

    @property
    def cleaned(self) -> list[tuple[TableOutcome, Cleaned]]:
        """The tables whose rows are interactions, with what cleaning them found."""
        return [(each, each.cleaned) for each in self.tables if each.cleaned is not None]

    @property
    def share_scored(self) -> float:
        return self.n_scored / self.n_interactions


def outcome_of(
    draft: Draft,
    tables: Sequence[TableOutcome],
    recipe: Recipe,
    staging: Staging,
    joined: Sequence[JoinedCustomers],
    spend: Sequence[TakenSpend],
    stitched: Stitched | None,
    facts: Facts,
    n_owned: int,
) -> Outcome:
    """Count what there is to tell, while `typed` is there."""
    [(n_scored, n_customers, n_interactions)] = draft.rows(
        "SELECT count(emotion), (SELECT count(*) FROM attribute_values), count(*) FROM typed"
    )
    content = [*_on_currencies(draft, tables), *notes_on_content(draft, staging.stages)]
    return Outcome(
        tables, recipe, staging, joined, spend, stitched, facts, n_owned, n_scored, n_customers, n_interactions, content
    )  # fmt: skip


def _on_currencies(draft: Draft, tables: Sequence[TableOutcome]) -> Iterator[Note]:
    """Say where the rows of a table name different currencies: what was added up is no amount of money."""
    for table in tables:
        if table.cleaned is None or "revenue" not in table.cleaned.amounts:
            continue
        codes = currencies_beside(draft, table.staged)
        if len(codes) > 1:
            words = _("“{name}” mixes currencies ({currencies}); they were added up as they stand. Convert them first.")
            yield Note("CURRENCY_MIXED", words.format(name=table.staged.name, currencies=listed(codes)))


def import_notes(outcome: Outcome, rows: str) -> Iterator[Note]:
    """Gather everything worth knowing, the most important first."""
    is_aside = any(cleaned.set_aside for _table, cleaned in outcome.cleaned)
    yield Note("ROWS_SET_ASIDE" if is_aside else "ROWS", rows)
    for table in outcome.tables:
        yield from _on_table(table)
    yield from outcome.stitched.notes() if outcome.stitched else ()
    yield from _on_joined(outcome.joined)
    yield from _on_spend(outcome.spend)
    yield Note("STAGES", stage_words(outcome))
    yield Note("EMOTIONS", emotion_words(outcome))
    yield from _on_facts(outcome)
    yield from outcome.content
    for table in outcome.tables:
        yield from table.staged.notes


def told_of_tables(tables: Sequence[StagedTable], recipe: Recipe) -> str:
    """Say what each table holds, where none holds interactions."""
    words = {
        "customers": _("“{name}” tells about customers, one row each."),
        "spend": _("“{name}” tells what was spent."),
        "touchpoints": _("“{name}” counts touchpoints, not the single customers who met them."),
        "unused": _("“{name}” was left out."),
    }
    said = []
    for staged, mapping in zip(tables, recipe.tables, strict=True):
        export = _export(mapping)
        if export is not None:
            said.append(_looks_like(staged.name, export))
        if export is not None and export.missing:
            said.append(export.missing)
        elif mapping.kind in words:
            said.append(words[mapping.kind].format(name=staged.name))
    return " ".join(said)


def export_missing(mapping: Mapping) -> str | None:
    """Tell why no journey can be built from a recognised export; None where one can, or for any other table."""
    export = _export(mapping)
    return None if export is None else export.missing


def _export(mapping: Mapping) -> Export | None:
    return None if mapping.export is None else export_named(mapping.export)


def _looks_like(name: str, export: Export) -> str:
    return _("“{name}” looks like {label}.").format(name=name, label=export.label)


def _on_table(outcome: TableOutcome) -> Iterator[Note]:
    """Say what a table was taken as, and what was found in its columns."""
    yield from _on_kind(outcome)
    yield from outcome.id_notes
    if outcome.cleaned is not None:
        yield from _on_columns(outcome.mapping, outcome.cleaned)


def _on_kind(outcome: TableOutcome) -> Iterator[Note]:
    mapping, name = outcome.mapping, outcome.staged.name
    if (personal := personal_note(name, mapping, outcome.personal)) is not None:
        yield personal
    if (export := _export(mapping)) is not None:
        yield Note("EXPORT", _looks_like(name, export))
        yield from (Note("EXPORT", trap) for trap in export.notes)
    elif mapping.kind == "unused":
        words = _("No column of “{name}” says who; it can’t be joined with the others and is not used.")
        yield Note("TABLE_UNUSED", words.format(name=name))
    elif mapping.export is None:
        yield from _on_guesses(name, mapping)
    if mapping.customer_per_row and outcome.cleaned is not None:
        words = _("No column of “{name}” says who; each row counts as a customer of its own.")
        yield Note("NO_CUSTOMER_COLUMN", words.format(name=name))


def _on_columns(mapping: Mapping, cleaned: Cleaned) -> Iterator[Note]:
    yield from _on_duplicates(cleaned)
    for header, times in cleaned.times.items():
        yield from times.notes(header, day_first=mapping.day_first, naive_zone=mapping.naive_time_zone)
    for role, amounts in cleaned.amounts.items():
        told = amounts.notes(str(mapping.column(role)), is_money=role == "revenue")
        yield from (note for note in told if note.code != "NUMBER_AMBIGUOUS" or mapping.decimal_sign is None)
    if cleaned.scores is not None:
        yield from cleaned.scores.notes(str(mapping.column("score")))
    if cleaned.n_cut:
        words = _("Comments and rows set aside that are too long were cut: {n}.")
        yield Note("CELL_TRUNCATED", words.format(n=number(cleaned.n_cut)))
    for lookup in cleaned.labels.values():
        if isinstance(lookup, GroupedChannels | NamedTouchpoints):
            yield from lookup.notes
        yield from _on_mended(lookup)
        for merged in lookup.merged[:_AT_MOST]:
            words = _("“{others}” was taken as “{kept}”.").format(others=listed(merged.others), kept=merged.kept)
            yield Note("LABELS_MERGED", words)


def _on_guesses(name: str, mapping: Mapping) -> Iterator[Note]:
    """Say which columns were taken as what, where they are not called by our own names, and which were left out."""
    guessed = [
        _("“{column}” as {role}").format(column=header, role=role_words(role))
        for header, role in mapping.roles
        if role not in ("ignore", "attribute")
    ]
    if all(normalised(header) == role for header, role in mapping.roles if role not in ("ignore", "attribute")):
        guessed = []
    unused = [f"“{header}”" for header in mapping.having("ignore")]
    said = [_("In “{name}” we took {guessed}.").format(name=name, guessed=listed(guessed))] if guessed else []
    if unused:
        said.append(_("Not used in “{name}”: {columns}.").format(name=name, columns=listed(unused, at_most=12)))
    if said:
        yield Note("MAPPING_GUESSED", " ".join(said))


def _on_mended(lookup: Lookup) -> Iterator[Note]:
    if lookup.n_cut:
        words = _("Names that are too long were cut after 120 letters; rows: {n}.")
        yield Note("CELL_TRUNCATED", words.format(n=number(lookup.n_cut)))
    if lookup.n_invisible:
        words = _("Signs that can’t be seen were taken out of names; rows: {n}.")
        yield Note("CONTROL_CHARS", words.format(n=number(lookup.n_invisible)))


def _on_duplicates(cleaned: Cleaned) -> Iterator[Note]:
    found = cleaned.duplicates
    n_lines = number(found.n_lines)
    if not found.n_lines:
        return
    if not found.are_skipped:
        words = _(
            "Lines that repeat another in every cell: {n}. They were kept: two equal lines can be two interactions."
        ).format(n=n_lines)
    elif found.id_column is not None:
        words = _(
            "Lines that repeat another, “{column}” included: {n}. The export repeats itself; they were skipped."
        ).format(n=n_lines, column=found.id_column)
    else:
        words = _(
            "Lines that repeat another in every cell: {n}, too many to be equal interactions. They were skipped."
        ).format(n=n_lines)
    yield Note("DUPLICATES", words)


def stage_words(outcome: Outcome) -> str:
    """Say where the stages come from."""
    staging = outcome.staging
    return stage_sentence(staging.source, staging.share_staged, staging.share_inferred)


def emotion_words(outcome: Outcome) -> str:
    """Say where the feelings come from, and how many interactions have one."""
    said = [each for table, cleaned in outcome.cleaned for each in _on_emotions(table, cleaned)]
    if not said:
        return _("No column says how customers felt; the emotion is unknown.")
    share = percent(outcome.share_scored, 1 if outcome.share_scored < _FEW_SCORED else 0)
    return " ".join([*said, _("{share} of the interactions have an emotion.").format(share=share)])


def _on_emotions(table: TableOutcome, cleaned: Cleaned) -> Iterator[str]:
    mapping, kind = table.mapping, cleaned.score_kind
    given, score = mapping.column("emotion"), mapping.column("score")
    if given:
        yield _("The emotion is given in “{column}”.").format(column=given)
    elif score is not None and kind is None and not mapping.column("score_kind"):
        yield _("The scale of the answers in “{column}” is unclear, so that no emotion was made of them.").format(
            column=score
        )
    elif score is not None:
        yield _("The emotion was worked out from the answers in “{column}” ({kind}).").format(
            column=score, kind=kind or _("each row names its scale")
        )


def _on_facts(outcome: Outcome) -> Iterator[Note]:
    facts = outcome.facts
    tomorrow = datetime.datetime.now(datetime.UTC).replace(tzinfo=None) + datetime.timedelta(days=1)
    if facts.last > tomorrow:
        words = _("The last interaction lies in the future ({day}). Check the times.").format(day=day(facts.last))
        yield Note("DATE_FUTURE", words)
    if facts.has_revenue and facts.currency is None:
        yield Note("CURRENCY_UNKNOWN", _("No currency is named; amounts are shown without one."))
    if outcome.n_owned:
        share = percent(outcome.n_owned / outcome.n_interactions)
        words = _("Who owns a channel was told by its name, for {share} of the interactions.").format(share=share)
        yield Note("OWNERSHIP", words)


def _on_joined(joined: Sequence[JoinedCustomers]) -> Iterator[Note]:
    for each in joined:
        if not each.n_matched:
            words = _("“{name}” holds no id of these customers, so that nothing was taken from it.")
            yield Note("CUSTOMERS_NOT_FOUND", words.format(name=each.name))
            continue
        words = _("“{name}” tells about customers: {n} of the {all} customers were found in it by {columns}.").format(
            name=each.name,
            n=number(each.n_matched),
            all=number(each.n_customers),
            columns=listed([f"“{header}”" for header in each.id_columns]),
        )
        yield Note("CUSTOMERS_JOINED", words)
        if each.n_repeated:
            words = _("Rows of it that repeat an id: {n}. The first row of each id counts.")
            yield Note("CUSTOMERS_REPEATED", words.format(n=number(each.n_repeated)))


def _on_spend(spend: Sequence[TakenSpend]) -> Iterator[Note]:
    for each in spend:
        words = _("“{name}” tells about spend; rows: {n}.").format(name=each.name, n=number(each.n_rows))
        if each.n_set_aside:
            words += " " + _("Rows without a readable day or cost, left out: {n}.").format(n=number(each.n_set_aside))
        if each.n_repeated:
            words += " " + _("Rows that two of its files have alike, counted once: {n}.").format(
                n=number(each.n_repeated)
            )
        if each.n_already_here:
            words += " " + _("Rows about days and campaigns that the dataset has already, left out: {n}.").format(
                n=number(each.n_already_here)
            )
        yield Note("SPEND", words)
