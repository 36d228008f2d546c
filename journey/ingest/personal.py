"""Personal data in the columns of a table: found by header and by content, kept only where they are the ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from journey.engine import Draft, quoted
from journey.ingest.aliases import PERSONAL, is_called
from journey.ingest.files.staging import StagedTable, examples_of
from journey.ingest.mapping import Mapping
from journey.ingest.told import Note
from journey.ingest.wide_rows import wide_rows
from journey.language import _, listed

_EMAIL = re.compile(r"\s*[^\s@]+@[^\s@]+\.[A-Za-z]{2,}\s*")
_PHONE = re.compile(r"\s*(?:\+|00)[\d\s()./-]{8,20}|\s*\(?0\d{1,4}\)?[\s/-][\d\s/-]{5,14}")
_CARD = re.compile(r"\s*(?:\d[ -]?){13,19}\s*")
_IBAN = re.compile(r"\s*[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7}\s?[A-Z0-9]{0,4}\s*")
_ADDRESS = re.compile(r"\s*(?:\d{1,3}\.){3}\d{1,3}\s*")
_MOSTLY = 0.5
_N_EXAMPLES = 50
#: A question for each of more columns takes too long; so many rows are looked into then.
_WIDE_COLUMNS, _WIDE_ROWS = 100, 1_000


def personal_kind(header: str, examples: Sequence[str]) -> str | None:
    """Tell which kind of personal data a column holds: `email`, `phone`, `card`, `iban`, `address`, `name`, or none.

    >>> personal_kind("contact", ["ana@example.com", "ben@example.com"]), personal_kind("First Name", ["Ana"])
    ('email', 'name')
    >>> personal_kind("number", ["4111 1111 1111 1111"]), personal_kind("order", ["1234 5678 9012 3456"])
    ('card', None)
    """
    filled = [example for example in examples if example.strip()]
    for kind, is_one in _KINDS.items():
        if filled and sum(map(is_one, filled)) > _MOSTLY * len(filled):
            return kind
    return "name" if is_called(header, PERSONAL) else None


def _is_card(cell: str) -> bool:
    if not _CARD.fullmatch(cell):
        return False
    digits = [int(sign) for sign in reversed(cell) if sign.isdigit()]
    # The check sum of the cards: every second digit counts twice, and its digits are added up.
    doubled = [sum(divmod(2 * digit, 10)) if place % 2 else digit for place, digit in enumerate(digits)]
    return sum(doubled) % 10 == 0 and len(set(digits)) > 1


_KINDS: Final[dict[str, Callable[[str], bool]]] = {
    "email": lambda cell: _EMAIL.fullmatch(cell) is not None,
    "card": _is_card,
    "iban": lambda cell: _IBAN.fullmatch(cell) is not None,
    "ip": lambda cell: _ADDRESS.fullmatch(cell) is not None,
    "phone": lambda cell: _PHONE.fullmatch(cell) is not None,
}


def personal_columns(draft: Draft, staged: StagedTable) -> tuple[tuple[str, str], ...]:
    """Find the columns of a staged table that hold personal data, with the kind of each."""
    found = [(header, personal_kind(header, cells)) for header, cells in _examples(draft, staged)]
    return tuple((header, kind) for header, kind in found if kind is not None)


def _examples(draft: Draft, staged: StagedTable) -> Iterator[tuple[str, list[str]]]:
    """Hand out some cells of each column: those of the first rows where there are many columns to ask for."""
    if len(staged.header) <= _WIDE_COLUMNS:
        for header in staged.header:
            yield header, examples_of(draft, staged, header, _N_EXAMPLES)
        return
    rows = wide_rows(draft, staged.columns, f"FROM {quoted(staged.table)} ORDER BY line LIMIT {_WIDE_ROWS}")
    for place, header in enumerate(staged.header):
        yield header, list(dict.fromkeys(str(row[place]) for row in rows if row[place]))[:_N_EXAMPLES]


def kind_words(kind: str) -> str:
    """Name a kind of personal data."""
    return {
        "email": _("e-mail addresses"),
        "phone": _("phone numbers"),
        "card": _("card numbers"),
        "iban": _("bank accounts"),
        "ip": _("internet addresses"),
        "name": _("names or addresses"),
    }[kind]


def personal_note(name: str, mapping: Mapping, personal: Sequence[tuple[str, str]]) -> Note | None:
    """Tell which columns of a table hold personal data (header and kind), and what becomes of them."""
    if not personal:
        return None
    found = listed(
        [_("{what} in “{column}”").format(what=kind_words(kind), column=column) for column, kind in personal]
    )
    said = [_("“{name}” holds personal data: {found}.").format(name=name, found=found)]
    used = [f"“{column}”" for column, _kind in personal if mapping.role_of(column) in ("customer_id", "identity")]
    if used:
        words = _("{columns} tells customers apart; it stays on this machine and is shown as a code everywhere.")
        said.append(words.format(columns=listed(used)))
    dropped = [f"“{column}”" for column, _kind in personal if mapping.role_of(column) == "ignore"]
    if dropped:
        said.append(_("Not kept: {columns}.").format(columns=listed(dropped)))
    return Note("PII_FOUND", " ".join(said))
