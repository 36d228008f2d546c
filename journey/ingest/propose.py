"""A staged file becomes a proposal: what each column stands for, what has to be asked, in words."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Given
from typing import Any

from journey.engine import Draft, quoted
from journey.ingest.aliases import normalised
from journey.ingest.amounts import CURRENCIES, DECIMAL_SIGNS, AmountColumn, amount_column, amount_sql
from journey.ingest.mapping import Mapping
from journey.ingest.notes import file_notes
from journey.ingest.profiles import Profile, profiles
from journey.ingest.proposal import Choice, ColumnProposal, Proposal, Question, role_words
from journey.ingest.recognise import Guess, guesses
from journey.ingest.staging import StagedTable
from journey.ingest.timestamps import TimeColumn, timestamp_sql
from journey.language import UNKNOWN, _, day, listed, number
from journey.vocabulary import NEEDED_ROLES

_N_FIRST_ROWS = 8
_LONGEST_CELL = 200
_N_READINGS = 3
_TOLD_ROLES = (*NEEDED_ROLES, "channel", "stage", "device", "revenue", "emotion", "score", "comment")


def propose(draft: Draft, staged: StagedTable, notes: Sequence[str] = ()) -> Proposal:
    """Guess the role of every column, and gather the questions that the file leaves open."""
    columns = profiles(draft, staged)
    found = guesses(draft, staged, columns)
    amounts = {
        profile.header: amount_column(draft, staged.table, profile.column)
        for profile in columns
        if found[profile.header].role in ("revenue", "emotion", "score")
    }
    currencies = _currencies(columns, found, amounts)
    mapping = Mapping(
        roles=tuple((header, guess.role) for header, guess in found.items()),
        currency=currencies[0] if len(currencies) == 1 else None,
    )
    return Proposal(
        file_name=staged.name,
        n_rows=staged.n_rows,
        columns=tuple(_column(profile, found[profile.header]) for profile in columns),
        first_rows=_first_rows(draft, staged),
        mapping=mapping,
        sentence=_sentence(mapping),
        facts=tuple(_file_facts(staged)),
        notes=(*file_notes(staged), *notes),
        questions=tuple(_questions(draft, staged, columns, found, amounts)),
        currencies=currencies,
    )


def _column(profile: Profile, guess: Guess) -> ColumnProposal:
    return ColumnProposal(
        header=profile.header,
        role=guess.role,
        reason=guess.reason,
        examples=tuple(example[:_LONGEST_CELL] for example in profile.examples),
        share_filled=profile.share_filled,
        n_distinct=profile.n_distinct,
    )


def _first_rows(draft: Draft, staged: StagedTable) -> tuple[tuple[str, ...], ...]:
    cells = ", ".join(f"coalesce({column}, '')[1:{_LONGEST_CELL}]" for column in staged.columns)
    whole = f"FROM {quoted(staged.table)} WHERE ragged IS NULL"
    return tuple(draft.rows(f"SELECT {cells} {whole} ORDER BY line LIMIT {_N_FIRST_ROWS}"))


def _sentence(mapping: Mapping) -> str:
    """Say which columns were taken as what, and what is missing."""
    taken = [
        _("{columns} as {role}").format(
            columns=listed([f"“{header}”" for header in mapping.having(role)]), role=role_words(role)
        )
        for role in _TOLD_ROLES
        if mapping.having(role)
    ]
    missing = [role_words(role) for role in NEEDED_ROLES if not mapping.having(role)]
    said = [_("We took {columns}.").format(columns=listed(taken))] if taken else []
    said += [_("No column was found for {roles}.").format(roles=listed(missing))] if missing else []
    return " ".join(said)


def _file_facts(staged: StagedTable) -> Iterator[tuple[str, str]]:
    yield _("Rows"), number(staged.n_rows)
    if not staged.is_file:
        return
    separators = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("vertical bar")}
    ends = {"\r\n": _("Windows (CRLF)"), "\n": _("Unix (LF)"), "\r": _("old Mac (CR)"), "mixed": _("mixed")}
    yield _("Encoding"), str(staged.encoding).upper()
    yield _("Separator"), separators.get(str(staged.separator), str(staged.separator))
    yield _("Line ends"), ends[str(staged.line_end)]


def _currencies(
    columns: Sequence[Profile], found: Given[str, Guess], amounts: Given[str, AmountColumn]
) -> tuple[str, ...]:
    written = {code for header, each in amounts.items() if found[header].role == "revenue" for code in each.currencies}
    for profile in columns:
        if normalised(profile.header) in ("currency", "currency_code"):
            written |= {example.strip().upper() for example in profile.examples}
    return tuple(sorted(written & set(CURRENCIES)))


# --- Questions ---------------------------------------------------------------------------------------------------


def _questions(
    draft: Draft,
    staged: StagedTable,
    columns: Sequence[Profile],
    found: Given[str, Guess],
    amounts: Given[str, AmountColumn],
) -> Iterator[Question]:
    for profile in columns:
        times = profile.times
        if found[profile.header].role == "timestamp" and times and (times.is_ambiguous or times.is_contradictory):
            yield _day_first_question(draft, staged, profile, times)
    unclear = [profile for profile in columns if profile.header in amounts and amounts[profile.header].is_ambiguous]
    if unclear:
        yield _decimal_question(draft, staged, unclear[0], amounts[unclear[0].header])


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
