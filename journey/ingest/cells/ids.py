"""Ids as files write them: kept as text, freed of what no id has, and told when a spreadsheet ruined them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from journey.engine import Draft, literal, quoted
from journey.ingest.told import Note
from journey.language import _, number

#: Colours of terminals, control characters, invisible spaces and marks of direction.
_INVISIBLE: Final = r"\x1b\[[0-9;]*[A-Za-z]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x{200b}\x{200e}\x{200f}\x{2060}\x{feff}]"
_BLANKS: Final = "' \t\r\n\u00a0\u3000'"
#: A spreadsheet keeps so many digits of a number.
_KEPT_DIGITS: Final = 15
_FEWEST_LONG: Final = 5


@dataclass(frozen=True)
class IdCells:
    """How the cells of a column of ids are written, by number of cells.

    `n_scientific` like 1.23E+12; `n_long` of 16 digits and more, `n_long_rounded` of them with zeros where a
    spreadsheet drops digits; `n_with_point` like 1001.0, `n_fractions` like 1001.5; `n_invisible` with characters that
    can't be seen; `n_odd_spaces` with spaces around.
    """

    n_filled: int = 0
    n_scientific: int = 0
    n_long: int = 0
    n_long_rounded: int = 0
    n_with_point: int = 0
    n_fractions: int = 0
    n_invisible: int = 0

    @property
    def loses_point(self) -> bool:
        """The `.0` is taken off: no id has other digits behind its point, as versions do."""
        return self.n_with_point > 0 and not self.n_fractions

    @property
    def is_rounded(self) -> bool:
        """All long numbers end in zeros, which no numbering does by chance."""
        return self.n_long >= _FEWEST_LONG and self.n_long_rounded == self.n_long

    def notes(self, header: str) -> list[Note]:
        """Say what was mended and what can't be."""
        said: list[Note] = []
        n_damaged = self.n_scientific + (self.n_long_rounded if self.is_rounded else 0)
        if n_damaged:
            text = _(
                "Ids in “{column}” that a spreadsheet shortened, to the like of 1.23E+12 or of 1234567890123450: {n}. "
                "Different customers may share one now. Export again with the ids as text."
            )
            said.append(Note("ID_DAMAGED", text.format(column=header, n=number(n_damaged))))
        if self.loses_point:
            text = _("Ids in “{column}” that are written like 1001.0 were read as 1001: {n}.")
            said.append(Note("ID_NORMALISED", text.format(column=header, n=number(self.n_with_point))))
        elif self.n_with_point:
            text = _(
                "Ids in “{column}” that are written like 1001.0, kept as they stand because others have digits behind "
                "the point: {n}. A customer who is also called 1001 counts twice."
            )
            said.append(Note("ID_NORMALISED", text.format(column=header, n=number(self.n_with_point))))
        if self.n_invisible:
            text = _("Ids in “{column}” with characters that can't be seen; these were taken out: {n}.")
            said.append(Note("CONTROL_CHARS", text.format(column=header, n=number(self.n_invisible))))
        return said


def id_cells(draft: Draft, table: str, column: str) -> IdCells:
    """Look how the ids of a column are written, over all its rows."""
    cell = quoted(column)
    point = r"\.\d*$"
    odd = rf"{_INVISIBLE}|\d{point}|\d[eE]\+?\d|\d{{{_KEPT_DIGITS + 1}}}"
    whole = f"FROM {quoted(table)} WHERE {cell} <> ''"
    [(n_filled, n_odd)] = draft.rows(f"SELECT count(*), count(*) FILTER ({_matches(cell, odd)}) {whole}")
    if not n_odd:
        return IdCells(n_filled)
    patterns = (
        r"^\s*\d([.,]\d+)?[eE]\+?\d+\s*$",
        rf"^\s*[1-9]\d{{{_KEPT_DIGITS},}}\s*$",
        rf"^\s*[1-9]\d{{{_KEPT_DIGITS - 1}}}0+\s*$",
        r"^\s*-?\d+\.0*\s*$",
        r"^\s*-?\d+\.\d*[1-9]\d*\s*$",
        _INVISIBLE,
    )
    counts = ", ".join(f"count(*) FILTER ({_matches(cell, pattern)})" for pattern in patterns)
    [found] = draft.rows(f"SELECT {counts} {whole}")
    return IdCells(n_filled, *found)


def id_sql(cell: str, ids: IdCells) -> str:
    """Write the SQL of an id; missing only when the cell is empty: a customer may be called NA, null or 007."""
    visible = f"regexp_replace({cell}, {literal(_INVISIBLE)}, '', 'g')" if ids.n_invisible else cell
    bare = f"trim({visible}, {_BLANKS})"
    if ids.loses_point:
        bare = f"regexp_replace({bare}, {literal(_TRAILING_POINT)}, '\\1')"
    return f"nullif({bare}, '')"


_TRAILING_POINT: Final = r"^(-?\d+)\.0*$"


def _matches(cell: str, pattern: str) -> str:
    return f"regexp_matches({cell}, {literal(pattern)})"
