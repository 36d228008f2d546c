"""Where the filled cells of a sheet lie, told from the stream of its elements or records, without a grid of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

#: A grid so large is no matter; a larger one has to be filled to a good part.
_SMALL_GRID_CELLS = 2_000_000
_GRID_CELLS_PER_FILLED = 10
#: Cells beyond so many empty rows or columns are no part of the table.
_FAR_ROWS, _FAR_COLUMNS = 1_000, 200
_FEW_STRAYS, _FEW_STRAYS_SHARE = 10, 0.001
_DIGITS = "0123456789"


@dataclass
class Grid:
    """The extent of a sheet's filled cells, and of those that lie together."""

    n_filled: int = 0
    n_strays: int = 0
    n_errors: int = 0
    n_uncalculated: int = 0
    first_row: int = -1
    last_row: int = -1
    first_column: int = -1
    last_column: int = -1
    _near_row: int = -1
    _near_column: int = -1

    @property
    def is_too_large(self) -> bool:
        n_cells = (self.last_row - self.first_row + 1) * (self.last_column - self.first_column + 1)
        return n_cells > _SMALL_GRID_CELLS + _GRID_CELLS_PER_FILLED * self.n_filled

    @property
    def can_be_mended(self) -> bool:
        """Tell whether what lies apart is so little that it was never meant to be there."""
        return False

    def take(self, row: int, column: int, n_rows: int = 1, n_columns: int = 1) -> bool:
        """Note a filled cell; tell whether it lies apart from those before it."""
        if self.first_row < 0:
            self.first_row, self.first_column = row, column
            self._near_row, self._near_column = row, column
        self.n_filled += 1
        self.first_row, self.last_row = min(self.first_row, row), max(self.last_row, row + n_rows - 1)
        self.first_column = min(self.first_column, column)
        self.last_column = max(self.last_column, column + n_columns - 1)
        if row > self._near_row + _FAR_ROWS or column > self._near_column + _FAR_COLUMNS:
            self.n_strays += 1
            return True
        self._near_row, self._near_column = max(self._near_row, row), max(self._near_column, column)
        return False


@dataclass
class XmlSheet(Grid):
    """A sheet of an .xlsx workbook; asked to, it tells where the cells to be cut out stand in the text."""

    cuts_strays: bool = False
    #: Tells at which byte the current element begins.
    place: Callable[[], int] | None = None
    cuts: list[tuple[int, int]] = field(default_factory=list)
    _row: int = -1
    _column: int = -1
    _kind: str = ""
    _has_formula: bool = False
    _is_behind: bool = False
    _begins: int = 0
    _is_cut: bool = False
    _is_ending: bool = False
    _columns: dict[str, int] = field(default_factory=dict)

    @property
    def can_be_mended(self) -> bool:
        return self.n_strays <= max(_FEW_STRAYS, _FEW_STRAYS_SHARE * self.n_filled)

    def begun(self, tag: str, attributes: dict[str, str]) -> None:
        """Hear of an element."""
        if self._is_ending:
            self._end_cut()
        if tag == "c":
            self.n_uncalculated += self._has_formula
            self._has_formula = self._is_cut = False
            self._kind = attributes.get("t", "")
            self._column = self._column_of(attributes["r"]) if "r" in attributes else self._column + 1
            if self.place is not None:
                self._begins = self.place()
        elif tag == "f":
            self._has_formula = not self._is_behind
        elif tag in ("v", "is"):
            self._has_formula = False
            is_error = self._kind == "e"
            self.n_errors += is_error
            is_stray = self.take(self._row, self._column)
            self._is_cut = is_error or (is_stray and self.cuts_strays)
        elif tag == "row":
            self._row = _whole(attributes.get("r"), self._row + 2) - 1
            self._column = -1
        elif tag == "extLst":
            # What stands behind the cells names formulas of its own.
            self._is_behind = True

    def finish(self) -> None:
        """Hear that the sheet is at its end."""
        self.n_uncalculated += self._has_formula

    def ended(self, tag: str) -> None:
        """Hear of an element's end."""
        if self._is_ending:
            self._end_cut()
        elif tag == "c" and self._is_cut:
            self._is_ending = True

    def _end_cut(self) -> None:
        if self.place is not None:
            self.cuts.append((self._begins, self.place()))
        self._is_cut = self._is_ending = False

    def _column_of(self, reference: str) -> int:
        letters = reference.rstrip(_DIGITS)
        if letters not in self._columns:
            column = 0
            for letter in letters.upper()[:4]:
                column = 26 * column + ord(letter) - ord("A") + 1
            self._columns[letters] = column - 1
        return self._columns[letters]


class OpenDocumentSheets(Grid):
    """The sheets of an .ods workbook, taken as one: rows and cells that are the same are written once and counted."""

    def __init__(self) -> None:
        super().__init__()
        self._row, self._n_rows, self._column = 0, 1, 0

    def begun(self, tag: str, attributes: dict[str, str]) -> None:
        """Hear of an element."""
        if tag == "table":
            self._row = 0
        elif tag == "table-row":
            self._column, self._n_rows = 0, _whole(_named(attributes, "number-rows-repeated"), 1)
        elif tag in ("table-cell", "covered-table-cell"):
            n_columns = _whole(_named(attributes, "number-columns-repeated"), 1)
            if _named(attributes, "value-type") is not None:
                self.take(self._row, self._column, self._n_rows, n_columns)
            self._column += n_columns

    def ended(self, tag: str) -> None:
        """Hear of an element's end."""
        if tag == "table-row":
            self._row += self._n_rows


class BinarySheet(Grid):
    """A sheet of an .xlsb workbook: records of a type, a size and their bytes."""

    _ROW = 0
    _CELLS = frozenset({2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 62})
    _START_BYTES = 4

    def __init__(self) -> None:
        super().__init__()
        self._rest = b""
        self._n_to_skip = 0
        self._row = 0

    def read(self, chunk: bytes) -> None:
        """Read on; what is left of a record waits for the next chunk."""
        held, at = self._rest + chunk, self._n_to_skip
        while (head := _record_head(held, at)) is not None:
            kind, n_bytes, start = head
            if start + min(n_bytes, self._START_BYTES) > len(held):
                break
            if kind == self._ROW:
                self._row = int.from_bytes(held[start : start + self._START_BYTES], "little")
            elif kind in self._CELLS:
                self.take(self._row, int.from_bytes(held[start : start + self._START_BYTES], "little"))
            at = start + n_bytes
        self._n_to_skip = max(0, at - len(held))
        self._rest = held[at:]


def _record_head(held: bytes, at: int) -> tuple[int, int, int] | None:
    """Read a record's type and size, in groups of seven bits; and tell where its bytes begin."""
    values: list[int] = []
    for most in (2, 4):
        value = 0
        for position in range(most):
            if at >= len(held):
                return None
            byte = held[at]
            at += 1
            value |= (byte & 0x7F) << (7 * position)
            if byte < 0x80:
                break
        values.append(value)
    return values[0], values[1], at


def _named(attributes: dict[str, str], name: str) -> str | None:
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), None)


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 10 else otherwise
