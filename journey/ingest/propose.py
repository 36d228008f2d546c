"""A staged file becomes a proposal: what each column stands for, what has to be asked, in words."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Given
from dataclasses import dataclass, replace
from typing import Any

from journey.engine import Draft, quoted
from journey.errors import MappingError
from journey.ingest.aliases import PAGES, rank
from journey.ingest.cells.amounts import CURRENCIES, DECIMAL_SIGNS, AmountColumn, amount_column, amount_sql
from journey.ingest.cells.profiles import Profile, profiles
from journey.ingest.cells.timestamps import TimeColumn, timestamp_sql
from journey.ingest.currencies import currencies_beside
from journey.ingest.exports import Export
from journey.ingest.files.staging import StagedTable
from journey.ingest.gather import Gathered, Hint, first_rows
from journey.ingest.identity.who import n_shared
from journey.ingest.mapping import Mapping
from journey.ingest.names.touchpoints import is_page_view
from journey.ingest.proposal import (
    Choice,
    ColumnProposal,
    Proposal,
    Question,
    TableProposal,
    kind_words,
    role_words,
)
from journey.ingest.recipe import Recipe
from journey.ingest.recognise import Guess, customer_guesses, guesses
from journey.ingest.spend import SPEND_ROLES, spend_columns
from journey.ingest.table_kinds import constant_touchpoint, feedback_guesses, kind_of_table, wide_moments
from journey.language import UNKNOWN, _, day, listed, number
from journey.vocabulary import NEEDED_ROLES

_N_FIRST_ROWS = 8
_LONGEST_CELL = 200
_N_READINGS = 3
_MOST_EVENTS = 2_000
_TOLD_ROLES = (
    *NEEDED_ROLES,
    "identity",
    "source",
    "medium",
    "channel",
    "stage",
    "device",
    "revenue",
    "emotion",
    "score",
    "comment",
)


@dataclass(frozen=True)
class _Looked:
    """A table that was looked into: its columns, what they were taken for, and the mapping that makes of it."""

    staged: StagedTable
    columns: list[Profile]
    found: dict[str, Guess]
    export: Export | None
    mapping: Mapping


def propose(draft: Draft, gathered: Gathered) -> Proposal:
    """Guess what each table and each of its columns stands for, and gather the questions that they leave open."""
    sources = gathered.sources
    looked = [_looked(draft, staged, hint) for staged, hint in zip(sources.tables, gathered.hints, strict=True)]
    if len(looked) > 1:
        # A sheet that only holds its examples says nothing.
        looked = [
            each if each.staged.n_rows else replace(each, mapping=replace(each.mapping, kind="unused"))
            for each in looked
        ]
    if len(looked) == 1 and looked[0].mapping.kind == "unused" and looked[0].export is None:
        # The only table there is: what is missing is asked for.
        looked = [replace(looked[0], mapping=replace(looked[0].mapping, kind="interactions"))]
    looked = [_with_page(draft, each) for each in _with_ids_of_customers(draft, looked)]
    amounts = [_amounts(draft, each) for each in looked]
    currencies = tuple(
        sorted({code for each, found in zip(looked, amounts, strict=True) for code in _codes(draft, each, found)})
    )
    earlier = {hint.currency for hint in gathered.hints if hint.currency is not None}
    if earlier and not set(currencies) <= earlier:
        raise MappingError.other_currency(listed(sorted(earlier)), listed(currencies))
    recipe = Recipe(
        tables=tuple(each.mapping for each in looked), currency=currencies[0] if len(currencies) == 1 else None
    )
    questions = [
        question
        for place, (each, found) in enumerate(zip(looked, amounts, strict=True))
        if each.mapping.kind != "unused"
        for question in _questions(draft, each, found, place)
    ]
    return Proposal(
        name=sources.files[0].name if sources.files else looked[recipe.main].staged.name,
        tables=tuple(_table(draft, each) for each in looked),
        recipe=recipe,
        questions=tuple(questions),
        currencies=currencies,
    )


def _looked(draft: Draft, staged: StagedTable, hint: Hint) -> _Looked:
    columns = profiles(draft, staged)
    if hint.mapping is not None:
        found = {header: Guess(role, _("as it was")) for header, role in hint.mapping.roles}
        return _Looked(staged, columns, found, None, hint.mapping)
    if hint.export is not None:
        return _of_export(draft, staged, columns, hint.export)
    found = guesses(draft, staged, columns)
    kind = hint.kind or kind_of_table(staged.header, columns, found)
    if kind == "customers":
        found = customer_guesses(columns)
    if kind == "feedback":
        found = feedback_guesses(columns, found)
    if kind == "spend":
        roles = {header: SPEND_ROLES[name] for name, header in spend_columns(staged.header).items()}
        found = {header: Guess(roles.get(header, "ignore"), _("by its name")) for header in staged.header}
    touchpoint = None if "touchpoint" in _roles(found) else constant_touchpoint(kind, columns, found)
    mapping = Mapping(
        roles=tuple((header, guess.role) for header, guess in found.items()),
        table=staged.name,
        kind=kind,
        touchpoint=touchpoint,
        customer_per_row=kind == "feedback" and not {"customer_id", "identity"} & _roles(found),
    )
    return _Looked(staged, columns, found, None, mapping)


def _of_export(draft: Draft, staged: StagedTable, columns: list[Profile], export: Export) -> _Looked:
    """Take the columns as the vendor means them; columns of the company's own are told by their cells."""
    empty = [profile.header for profile in columns if not profile.n_filled]
    mapping = replace(export.mapping(staged.header, empty), table=staged.name)
    reason = _("this is what {label} calls it").format(label=export.label)
    found = {header: Guess(role, reason) for header, role in mapping.roles}
    unknown = export.unknown_columns(staged.header)
    if mapping.kind == "customers":
        guessed = customer_guesses([profile for profile in columns if profile.header in unknown])
    else:
        guessed = guesses(draft, staged, columns) if unknown else {}
    own = {
        # An id of the company's own beside the vendor's: both are the customer's.
        header: replace(guess, role="identity") if guess.role == "customer_id" else guess
        for header, guess in guessed.items()
        if header in unknown and guess.role in ("attribute", "identity", "customer_id")
    }
    roles = tuple((header, own[header].role if header in own else role) for header, role in mapping.roles)
    return _Looked(staged, columns, found | own, export, replace(mapping, roles=roles))


def _roles(found: Given[str, Guess]) -> set[str]:
    return {guess.role for guess in found.values()}


def _with_page(draft: Draft, looked: _Looked) -> _Looked:
    """Let the page tell what was met where the event only says that one was seen."""
    mapping, staged = looked.mapping, looked.staged
    events = mapping.having("touchpoint")
    ranks = {
        profile.header: place
        for profile in looked.columns
        if mapping.role_of(profile.header) in ("ignore", "attribute")
        and profile.n_filled
        and (place := rank(profile.header, PAGES)) is not None
    }
    if len(events) != 1 or not ranks or rank(events[0], PAGES) is not None or not mapping.is_interacting:
        return looked
    column = staged.column(events[0])
    named = draft.rows(f"SELECT {column} FROM {quoted(staged.table)} GROUP BY 1 LIMIT {_MOST_EVENTS}")
    if not any(is_page_view(str(event)) for (event,) in named if event):
        return looked
    page = min(ranks, key=lambda header: ranks[header])
    guess = Guess("touchpoint", _("the page, where the event only says that one was seen"))
    return replace(
        looked, mapping=mapping.with_columns("touchpoint", [events[0], page]), found=looked.found | {page: guess}
    )


def _with_ids_of_customers(draft: Draft, looked: Sequence[_Looked]) -> list[_Looked]:
    """Find the ids of a table of customers by the ids of the interactions, where no name tells them."""
    ids = [
        (each.staged.table, each.staged.column(header))
        for each in looked
        if each.mapping.is_interacting
        for header in (*each.mapping.having("customer_id"), *each.mapping.having("identity"))
    ]
    return [
        _with_shared_ids(draft, each, ids) if each.mapping.kind == "customers" and each.export is None else each
        for each in looked
    ]


def _with_shared_ids(draft: Draft, looked: _Looked, ids: Sequence[tuple[str, str]]) -> _Looked:
    mapping, staged = looked.mapping, looked.staged
    shared = {
        profile.header: max((n_shared(draft, staged.table, profile.column, *each) for each in ids), default=0)
        for profile in looked.columns
        if not profile.is_time
    }
    best = max(shared, key=lambda header: (shared[header], mapping.role_of(header) == "customer_id"), default=None)
    named = mapping.column("customer_id")
    if best is None or not shared[best] or (named is not None and shared[named] == shared[best]):
        return looked
    if named is not None and shared[named]:
        return looked
    mapping = mapping.with_role(named, "identity") if named is not None else mapping
    guess = Guess("customer_id", _("its values are ids of the interactions"))
    return replace(looked, mapping=mapping.with_role(best, "customer_id"), found=looked.found | {best: guess})


def _amounts(draft: Draft, looked: _Looked) -> dict[str, AmountColumn]:
    return {
        header: amount_column(draft, looked.staged.table, looked.staged.column(header))
        for header, role in looked.mapping.roles
        if role in ("revenue", "emotion", "score") and looked.mapping.is_interacting
    }


def _table(draft: Draft, looked: _Looked) -> TableProposal:
    return TableProposal(
        name=looked.staged.name,
        n_rows=looked.staged.n_rows,
        label=None if looked.export is None else looked.export.label,
        columns=tuple(_column(profile, looked.found[profile.header], looked.mapping) for profile in looked.columns),
        first_rows=first_rows(draft, looked.staged, _N_FIRST_ROWS, _LONGEST_CELL),
        sentence=" ".join(_sentences(looked)),
        facts=((_("Rows"), number(looked.staged.n_rows)), *looked.staged.facts),
        notes=looked.staged.notes,
    )


def _column(profile: Profile, guess: Guess, mapping: Mapping) -> ColumnProposal:
    return ColumnProposal(
        header=profile.header,
        role=mapping.role_of(profile.header),
        reason=guess.reason,
        examples=tuple(example[:_LONGEST_CELL] for example in profile.examples),
        share_filled=profile.share_filled,
        n_distinct=profile.n_distinct,
    )


def _sentences(looked: _Looked) -> Iterator[str]:
    """Say what the table looks like, which columns were taken as what, and what is missing."""
    mapping = looked.mapping
    if looked.export is not None:
        yield _("This looks like {label}.").format(label=looked.export.label)
        yield from looked.export.notes
    if mapping.kind == "unused":
        if looked.export is None:
            yield _("No column of it says who; it can’t be joined with the others and is not used.")
        return
    words = kind_words(mapping.kind)
    if mapping.kind != "interactions":
        yield _("It was taken as {what}.").format(what=words)
    taken = [
        _("{columns} as {role}").format(
            columns=listed([f"“{header}”" for header in mapping.having(role)]), role=role_words(role)
        )
        for role in _TOLD_ROLES
        if mapping.having(role)
    ]
    taken += [_("“{column}” as the time of “{touchpoint}”").format(column=each.column, touchpoint=each.touchpoint)
              for each in mapping.moments]  # fmt: skip
    if taken:
        yield _("We took {columns}.").format(columns=listed(taken))
    if mapping.touchpoint:
        yield _("Every row counts as “{touchpoint}”.").format(touchpoint=mapping.touchpoint)
    if mapping.customer_per_row:
        yield _("No column says who; each row counts as a customer of its own.")
    if mapping.is_interacting and mapping.missing_roles:
        missing = [role_words(role) for role in mapping.missing_roles]
        yield _("No column was found for {roles}.").format(roles=listed(missing))


def _codes(draft: Draft, looked: _Looked, amounts: Given[str, AmountColumn]) -> set[str]:
    """Name the currencies of a table, written beside its amounts or in a column of their own."""
    revenue = [each for header, each in amounts.items() if looked.mapping.role_of(header) == "revenue"]
    codes = {code for each in revenue for code in each.currencies}
    if looked.export is not None and (code := looked.export.currency(looked.staged.header)) is not None:
        codes.add(code)
    codes |= set(currencies_beside(draft, looked.staged)) if revenue else set()
    return codes & set(CURRENCIES)


# --- Questions ---------------------------------------------------------------------------------------------------


def _questions(draft: Draft, looked: _Looked, amounts: Given[str, AmountColumn], place: int) -> Iterator[Question]:
    staged, mapping = looked.staged, looked.mapping
    yield from (replace(question, place=place) for question in _questions_of_table(looked))
    told = {moment.column for moment in mapping.moments} or set(mapping.having("timestamp")[:1])
    for profile in looked.columns:
        times = profile.times
        if profile.header in told and times and (times.is_ambiguous or times.is_contradictory):
            yield replace(_day_first_question(draft, staged, profile, times), place=place)
            break
    unclear = [
        profile for profile in looked.columns if profile.header in amounts and amounts[profile.header].is_ambiguous
    ]
    if unclear:
        question = _decimal_question(draft, staged, unclear[0], amounts[unclear[0].header])
        # Left open, the amounts are unknown, which is told; other questions can't be left open.
        yield replace(question, place=place, code="NUMBER_AMBIGUOUS", is_optional=True)


def _questions_of_table(looked: _Looked) -> Iterator[Question]:
    """Ask what the whole table does not show: its letters, where its columns are cut, whether it is meant at all."""
    staged = looked.staged
    if len(staged.encodings) > 1:
        # Each line as every encoding reads it.
        readings = list(zip(*staged.encoding_examples, strict=True))
        choices = tuple(
            Choice(encoding, encoding.upper().replace("_", "-"), listed([f"“{line}”" for line in lines]))
            for encoding, lines in zip(staged.encodings, readings, strict=False)
        )
        text = _("Some letters of “{name}” can be read in several ways. Which looks right?").format(name=staged.name)
        yield Question("encoding", text, choices, code="ENCODING_AMBIGUOUS")
    codes = {note.code for note in staged.notes}
    taken = kind_words(looked.mapping.kind)
    shown = listed([f"“{header}”" for header in staged.header], at_most=6)
    if "DELIMITER_UNCLEAR" in codes:
        text = _("It is not clear where the columns of “{name}” are cut. Are these its columns?").format(
            name=staged.name
        )
        choices = (Choice(True, _("Yes"), shown), Choice(False, _("No, leave it out"), ""))
        yield Question("taken", text, choices, code="DELIMITER_UNCLEAR")
    if "ARCHIVE_SEVERAL" in codes:
        text = _("“{name}” came with others in one archive. Is it meant?").format(name=staged.name)
        choices = (
            Choice(True, _("Yes, as {what}").format(what=taken), shown),
            Choice(False, _("No, leave it out"), ""),
        )
        yield Question("taken", text, choices, code="ARCHIVE_SEVERAL")
    wide = wide_moments(looked.columns, looked.found) if looked.mapping.kind == "customers" else ()
    if wide:
        columns = listed([f"“{moment.column}”" for moment in wide], at_most=8)
        text = _("“{name}” has one row per customer and {n} columns of times. Is each of them a touchpoint?").format(
            name=staged.name, n=number(len(wide))
        )
        choices = (
            Choice(wide, _("Yes"), columns),
            Choice((), _("No, these are dates about the customer"), ""),
        )
        yield Question("moments", text, choices, code="WIDE_FORMAT")


def _day_first_question(draft: Draft, staged: StagedTable, profile: Profile, times: TimeColumn) -> Question:
    why = (
        _("Some cells can only be read one way and some only the other; those that don’t fit are set aside.")
        if times.is_contradictory
        else _("Every date in the file can be read both ways.")
    )
    choices = []
    for day_first in (True, False):
        readings = _readings(
            draft, staged, profile, timestamp_sql(profile.column, times, day_first=day_first, naive_zone="UTC")
        )
        shown = [f"{cell}: {day(moment)}" for cell, moment in readings if _is_moment(moment)]
        words = _("The day comes first") if day_first else _("The month comes first")
        choices.append(Choice(day_first, words, listed(shown) if shown else UNKNOWN))
    text = _("Does the day or the month come first in “{column}”? {why}").format(column=profile.header, why=why)
    return Question("day_first", text, tuple(choices))


def _is_moment(moment: object) -> bool:
    return isinstance(moment, datetime.datetime)


def _decimal_question(draft: Draft, staged: StagedTable, profile: Profile, amounts: AmountColumn) -> Question:
    choices = []
    for sign in DECIMAL_SIGNS:
        readings = _readings(draft, staged, profile, amount_sql(profile.column, amounts, sign))
        values = [(cell, value) for cell, value in readings if value is not None]
        shown = [f"{cell}: {number(value, 0 if value % 1 == 0 else 3)}" for cell, value in values]
        words = _("The point is the decimal sign") if sign == "." else _("The comma is the decimal sign")
        choices.append(Choice(sign, words, listed(shown) if shown else UNKNOWN))
    text = _("Is the sign in the numbers of “{column}” a decimal sign, or does it part thousands?").format(
        column=profile.header
    )
    return Question("decimal_sign", text, tuple(choices))


def _readings(draft: Draft, staged: StagedTable, profile: Profile, sql: str) -> list[tuple[str, Any]]:
    """Read the first cells one way."""
    cells = f"SELECT {profile.column}, line FROM {quoted(staged.table)} WHERE {profile.column} <> '' ORDER BY line"
    rows = draft.rows(f"SELECT {profile.column}, {sql} FROM ({cells} LIMIT 200) ORDER BY line")
    return list(dict(rows).items())[:_N_READINGS]
