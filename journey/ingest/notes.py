"""What a person should know about an import, in sentences."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from journey.dataset import Facts
from journey.ingest.attributes import JoinedCustomers
from journey.ingest.clean import DUPLICATE, Cleaned
from journey.ingest.ids import DoubtfulIds
from journey.ingest.mapping import Mapping
from journey.ingest.report import not_stitched, rows_sentence, stage_sentence
from journey.ingest.spend import TakenSpend
from journey.ingest.stages import Staging
from journey.ingest.staging import StagedTable
from journey.language import _, day, listed, number, percent

_AT_MOST = 5
_FEW_SCORED = 0.1


@dataclass(frozen=True)
class Outcome:
    """All that an import found and did."""

    staged: StagedTable
    mapping: Mapping
    cleaned: Cleaned
    ids: DoubtfulIds
    staging: Staging
    joined: JoinedCustomers | None
    spend: TakenSpend | None
    facts: Facts
    n_owned: int
    n_scored: int
    n_customers: int

    @property
    def share_scored(self) -> float:
        return self.n_scored / self.cleaned.n_kept

    @property
    def skipped(self) -> dict[str, int]:
        return {DUPLICATE: self.cleaned.n_skipped} if self.cleaned.n_skipped else {}


def notes_on(outcome: Outcome) -> tuple[str, ...]:
    """Gather everything worth knowing, the most important first."""
    cleaned = outcome.cleaned
    return (
        rows_sentence(outcome.staged.n_rows, cleaned.n_kept, cleaned.set_aside, outcome.skipped),
        *_on_duplicates(cleaned),
        *_on_ids(outcome),
        *_on_times(outcome),
        stage_words(outcome),
        emotion_words(outcome),
        *_on_amounts(outcome),
        *_on_names(outcome),
        *_on_other_tables(outcome.joined, outcome.spend),
        *file_notes(outcome.staged),
    )


def _on_duplicates(cleaned: Cleaned) -> Iterator[str]:
    found = cleaned.duplicates
    n_lines = number(found.n_lines)
    if not found.n_lines:
        return
    if not found.are_skipped:
        yield _(
            "Lines that repeat another in every cell: {n}. They were kept: two equal lines can be two interactions."
        ).format(n=n_lines)
    elif found.id_column is not None:
        yield _(
            "Lines that repeat another, “{column}” included: {n}. The export repeats itself; they were skipped."
        ).format(n=n_lines, column=found.id_column)
    else:
        yield _(
            "Lines that repeat another in every cell: {n}, too many to be equal interactions. They were skipped."
        ).format(n=n_lines)


def stage_words(outcome: Outcome) -> str:
    """Say where the stages come from."""
    staging = outcome.staging
    return stage_sentence(staging.source, staging.share_staged, staging.share_inferred)


def emotion_words(outcome: Outcome) -> str:
    """Say where the feelings come from, and how many interactions have one."""
    return " ".join(_on_emotions(outcome))


def _on_ids(outcome: Outcome) -> Iterator[str]:
    header = outcome.mapping.column("customer_id")
    yield not_stitched()
    if outcome.ids.n_rounded:
        yield _(
            "Ids in “{column}” that are written like 1.23E+12: {n}. A spreadsheet rounded them, and different "
            "customers may share one now. Export again with the ids as text."
        ).format(n=number(outcome.ids.n_rounded), column=header)
    if outcome.ids.n_with_decimals:
        yield _(
            "Ids in “{column}” that are written like 1001.0: {n}. A customer who is also called 1001 counts twice."
        ).format(n=number(outcome.ids.n_with_decimals), column=header)


def _on_times(outcome: Outcome) -> Iterator[str]:
    times, mapping = outcome.cleaned.times, outcome.mapping
    is_day_first = times.day_first if times.day_first is not None else mapping.day_first
    how = {
        "iso": _("year first"),
        "day and month": _("day first") if is_day_first else _("month first"),
        "month name": _("month as a word"),
        "compact": _("digits only, year first"),
        "epoch": _("as a count since 1970"),
    }[times.layout]
    yield _("Times are written {how}.").format(how=how)
    if times.n_with_zone == 0 and times.layout != "epoch":
        yield _("They name no time zone and were read as {zone}.").format(zone=mapping.naive_time_zone)
    elif 0 < times.n_with_zone < times.n_matching:
        yield _("Some name a time zone, others don’t; those were read as {zone}.").format(zone=mapping.naive_time_zone)
    tomorrow = datetime.datetime.now(datetime.UTC).replace(tzinfo=None) + datetime.timedelta(days=1)
    if outcome.facts.last > tomorrow:
        yield _("The last interaction lies in the future ({day}). Check the times.").format(day=day(outcome.facts.last))


def _on_emotions(outcome: Outcome) -> Iterator[str]:
    mapping, kind = outcome.mapping, outcome.cleaned.score_kind
    given, score = mapping.column("emotion"), mapping.column("score")
    share = percent(outcome.share_scored, 1 if outcome.share_scored < _FEW_SCORED else 0)
    if given:
        yield _("The emotion is given in “{column}”; {share} of the interactions have one.").format(
            column=given, share=share
        )
    elif score is None:
        yield _("No column says how customers felt; the emotion is unknown.")
    elif kind is None and not mapping.column("score_kind"):
        yield _("The scale of the answers in “{column}” is unclear, so that no emotion was made of them.").format(
            column=score
        )
    else:
        yield _(
            "The emotion was worked out from the answers in “{column}” ({kind}); "
            "{share} of the interactions are scored."
        ).format(column=score, kind=kind or _("each row names its scale"), share=share)


def _on_amounts(outcome: Outcome) -> Iterator[str]:
    for role, amounts in outcome.cleaned.amounts.items():
        header = outcome.mapping.column(role)
        if not amounts.is_plain and amounts.decimal_sign == ",":
            yield _("Numbers in “{column}” have a decimal comma.").format(column=header)
        if role == "revenue" and len(amounts.currencies) > 1:
            yield _(
                "“{column}” mixes currencies ({currencies}); they were added up as they stand. Convert them first."
            ).format(column=header, currencies=listed(amounts.currencies))
        if n_unreadable := amounts.n_filled - amounts.n_matching:
            yield _("Cells of “{column}” that are no number and count as unknown: {n}.").format(
                n=number(n_unreadable), column=header
            )
    if outcome.facts.has_revenue and outcome.facts.currency is None:
        yield _("No currency is named; amounts are shown without one.")


def _on_names(outcome: Outcome) -> Iterator[str]:
    for lookup in outcome.cleaned.labels.values():
        for merged in lookup.merged[:_AT_MOST]:
            yield _("“{others}” was taken as “{kept}”.").format(others=listed(merged.others), kept=merged.kept)
    if outcome.n_owned:
        yield _("Who owns a channel was told by its name, for {share} of the interactions.").format(
            share=percent(outcome.n_owned / outcome.cleaned.n_kept)
        )


def _on_other_tables(joined: JoinedCustomers | None, spend: TakenSpend | None) -> Iterator[str]:
    if joined is not None and not joined.n_matched:
        yield _("“{name}” holds no id of these customers, so that nothing was taken from it.").format(name=joined.name)
    elif joined is not None:
        yield _("“{name}” tells about customers: {n} of the {all} customers were found in it by “{column}”.").format(
            name=joined.name, n=number(joined.n_matched), all=number(joined.n_customers), column=joined.id_column
        )
        if joined.n_repeated:
            yield _("Rows of it that repeat an id: {n}. The first row of each id counts.").format(
                n=number(joined.n_repeated)
            )
    if spend is not None:
        yield _("“{name}” tells about spend; rows: {n}.").format(name=spend.name, n=number(spend.n_rows))
        if spend.n_set_aside:
            yield _("Rows without a readable day or cost, left out: {n}.").format(n=number(spend.n_set_aside))


def file_notes(staged: StagedTable) -> Iterator[str]:
    """Say what was special about the file itself."""
    if not staged.has_header:
        yield _("“{name}” has no header line; its columns are called by their number.").format(name=staged.name)
    if staged.fallback_encoding:
        yield _("The file mixes encodings. Lines that are not UTF-8 and were read as {encoding}: {n}.").format(
            n=number(staged.n_damaged_lines), encoding=staged.fallback_encoding.upper()
        )
    elif staged.n_damaged_lines:
        yield _("Lines with characters that could not be read and are shown as �: {n}.").format(
            n=number(staged.n_damaged_lines)
        )
    elif staged.encoding and not staged.encoding_is_certain:
        yield _("The letters were read as {encoding}. If names look wrong, save the file as UTF-8.").format(
            encoding=staged.encoding.upper()
        )
    if staged.n_repaired:
        yield _("Rows with a quote that should not be there; it was left out: {n}.").format(n=number(staged.n_repaired))
    if staged.n_padded:
        yield _("Rows with fewer cells than the header, the missing ones taken as empty: {n}.").format(
            n=number(staged.n_padded)
        )
