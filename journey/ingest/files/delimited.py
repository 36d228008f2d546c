"""Text with separators becomes rows, each with the line it began on.

Python's own tokeniser cuts the rows. It is fed line by line, so that every row's line is known and one stray quote
can't swallow the rest of the file: a row that runs over several lines and comes out with the wrong number of cells, or
with other rows inside it, is read again as the single line it began on.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import IO

from journey.ingest.files.dialects import Dialect, dialect_of
from journey.ingest.files.encodings import Encoding
from journey.ingest.files.headers import distinct_names
from journey.ingest.files.kinds import fit
from journey.ingest.files.layouts import Layout, Row, is_blank, layout_of
from journey.ingest.told import Note
from journey.language import _, number

__all__ = [
    "Dialect", "Oddities", "Rows", "cut", "dialect_of", "distinct_names", "first_rows", "read_layout", "text_of",
]  # fmt: skip

#: A quoted cell with more line breaks than this is a quote that was never closed.
_MOST_LINES_IN_A_ROW = 500
_FIRST_LINES, _FIRST_CHARACTERS = 200, 1 << 22
#: Rows of more cells than this are not tried for where a separator was left out or put in.
_MOST_CELLS_TRIED = 60
#: A cell with more separators than this has a quote that was never closed.
_MOST_PIECES = 200
_N_TOLD = 5
_LONG_CELL = 10_000
#: A quote with letters on both sides neither opens nor closes a cell: what it is, is judged row by row.
QUOTE_WITHIN = re.compile(rb'[^,;\t|\r\n"]"[^,;\t|\r\n"]')


@dataclass
class Oddities:
    """How many rows were not as they should be, and what was done; counted while the rows are read."""

    n_padded: int = 0
    n_trimmed: int = 0
    #: Rows that lost a cell too long to be seen through by eye.
    n_cut: int = 0
    n_repaired: int = 0
    #: The file ends within its last row.
    n_broken: int = 0
    repaired_lines: list[int] = field(default_factory=list)

    def add(self, rows: Rows) -> None:
        """Count those of a stretch of rows."""
        own = rows.oddities
        self.n_padded += own.n_padded
        self.n_trimmed += own.n_trimmed
        self.n_cut += own.n_cut
        self.n_repaired += own.n_repaired
        self.n_broken += own.n_broken
        self.repaired_lines += own.repaired_lines[: _N_TOLD - len(self.repaired_lines)]

    def notes(self) -> list[Note]:
        """Tell what was mended."""
        notes: list[Note] = []
        if self.n_padded:
            text = _("Rows with fewer cells than the header: {n}; what is missing at their end was left empty.")
            notes.append(Note("ROWS_PADDED", text.format(n=number(self.n_padded))))
        if self.n_trimmed:
            text = _("Rows with more cells than the header: {n}; what is too much at their end was left out.")
            notes.append(Note("ROWS_TRIMMED", text.format(n=number(self.n_trimmed))))
        if self.n_cut:
            text = _("Rows that lost a cell of more than {length} letters, for which there is no column: {n}.")
            told = text.format(length=number(_LONG_CELL), n=number(self.n_cut))
            notes.append(Note("CELL_TRUNCATED", told))
        if self.n_repaired:
            lines = ", ".join(map(number, self.repaired_lines)) + (" …" if self.n_repaired > _N_TOLD else "")
            text = _("Lines with a quote that should not be there: {n} (lines {lines}); each was repaired by itself.")
            notes.append(Note("ROWS_REPAIRED", text.format(n=number(self.n_repaired), lines=lines)))
        if self.n_broken:
            notes.append(Note("LAST_ROW_BROKEN", _("The file breaks off within its last row, which was set aside.")))
        return notes


@dataclass
class Rows:
    """A stretch of rows as they stand in the file.

    `lines` and `cells` go together; rows that don't fit the header lie apart in `ragged`, line and text: they have
    other cells, or the file breaks off within them.
    """

    lines: list[int] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)
    ragged: list[tuple[int, str]] = field(default_factory=list)
    #: How many lines of the file these rows took.
    n_lines: int = 0
    oddities: Oddities = field(default_factory=Oddities)


def text_of(stream: IO[bytes], encoding: Encoding) -> io.TextIOWrapper:
    """Decode; a byte that can't be read becomes the replacement sign instead of stopping the import."""
    return io.TextIOWrapper(stream, encoding=encoding.codec, errors=encoding.errors, newline="")


def read_layout(text: IO[str]) -> tuple[Dialect, Layout]:
    """Find out from the beginning of a text how it is cut into cells, and where its table begins."""
    dialect = dialect_of(text)
    text.seek(0)
    layout = replace(layout_of(first_rows(text, dialect)), separator=dialect.separator)
    return replace(dialect, kinds=layout.kinds), layout


def first_rows(text: IO[str], dialect: Dialect) -> list[Row]:
    """Cut the first lines, blank ones left out."""
    lines: list[str] = []
    n_left = _FIRST_CHARACTERS
    while len(lines) < _FIRST_LINES + dialect.n_lines_before and n_left > 0 and (line := text.readline()):
        lines.append(line)
        n_left -= len(line)
    n_before, lines = dialect.n_lines_before, lines[dialect.n_lines_before :]
    # What a stray quote joins shows only when it is known how many cells a row has.
    widths = Counter(len(cells) for cells in islice(dialect.reader(iter(lines)), _FIRST_LINES) if cells)
    found = cut(iter(lines), dialect, None, n_before, usual_width=max(widths, key=lambda each: widths[each], default=1))
    return list(zip(found.lines, found.cells, strict=True))


def cut(
    lines: Iterator[str],
    dialect: Dialect,
    width: int | None,
    n_before: int,
    more: Iterator[str] | None = None,
    usual_width: int | None = None,
) -> Rows:
    """Cut lines into rows; blank lines are left out, rows with fewer cells than the header are padded at their end.

    `n_before` lines of the file came earlier. `more` is read only to finish a row that begins in `lines`. Without a
    `width`, rows are left as long as they are.
    """
    found, of_row, again = Rows(), list[str](), list[str]()
    usual_width = width if usual_width is None else usual_width

    def fed() -> Iterator[str]:
        # Ends early when a row gets too long: the tokeniser then hands out what it has.
        while len(of_row) <= _MOST_LINES_IN_A_ROW:
            line = again.pop() if again else next(lines, None)
            if line is None and of_row and more is not None:
                line = next(more, None)
            if line is None:
                return
            of_row.append(line)
            yield line

    reader = dialect.reader(fed())
    while True:
        of_row.clear()
        cells = next(reader, None)
        if cells is None:
            break
        line = n_before + found.n_lines + 1
        is_odd = len(of_row) > 1 or len(cells) != usual_width or _has_quote_within(cells, of_row[0], dialect)
        if is_odd and _is_misread(cells, of_row, dialect, usual_width):
            again.extend(reversed(of_row[1:]))
            del of_row[1:]
            cells = _mended(dialect, of_row[0], usual_width)
            found.oddities.n_repaired += 1
            found.oddities.repaired_lines.append(line)
            reader = dialect.reader(fed())
        found.n_lines += len(of_row)
        if not is_blank(cells) or (width is not None and len(cells) == width > 1):
            _add(found, line, cells, width, dialect, is_ended=of_row[-1].endswith(("\n", "\r")))
    return found


def _add(found: Rows, line: int, cells: list[str], width: int | None, dialect: Dialect, *, is_ended: bool) -> None:
    if width is not None and len(cells) != width:
        is_short = len(cells) < width
        is_broken = is_short and not is_ended and len(cells) > 1
        if is_broken or not _is_whole_but(cells, width, dialect):
            found.oddities.n_broken += is_broken
            found.ragged.append((line, dialect.separator.join(cells)))
            return
        found.oddities.n_padded += is_short and len(cells) > 1
        found.oddities.n_trimmed += any(cells[width:])
        found.oddities.n_cut += any(len(cell) > _LONG_CELL for cell in cells[width:])
        cells = cells[:width] + [""] * (width - len(cells))
    found.lines.append(line)
    found.cells.append(cells)


def _is_whole_but(cells: list[str], width: int, dialect: Dialect) -> bool:
    """Tell whether only the end of a row is too short or too long.

    Else a separator was left out or put in further to the left, and the cells behind it stand in other columns.
    """
    if not any(cells[width:]) and len(cells) > width:
        return True
    kinds, n_more = dialect.kinds, len(cells) - width
    if not any(kinds) or width > _MOST_CELLS_TRIED:
        return n_more < 0
    rated = _rating(cells[:width], kinds)
    if n_more < 0:
        moved = ([*cells[:at], *[""] * -n_more, *cells[at:]] for at in range(len(cells)))
        return rated >= 0 and all(_rating(other, kinds) <= rated for other in moved)
    joined = (
        [*cells[:at], dialect.separator.join(cells[at : at + n_more + 1]), *cells[at + n_more + 1 :]]
        for at in range(width)
    )
    return all(_rating(other, kinds) < rated for other in joined)


def _rating(cells: Sequence[str], kinds: Sequence[str]) -> int:
    fitting, misfitting = fit(cells, kinds)
    return fitting - misfitting


def _is_misread(cells: Sequence[str], lines: Sequence[str], dialect: Dialect, width: int | None) -> bool:
    """Tell whether a row is rather a line with a quote that should not be there."""
    if len(lines) > _MOST_LINES_IN_A_ROW:
        return True
    is_odd = width is not None and len(cells) != width
    if len(lines) > 1 and width is not None and width > 1 and (is_odd or _holds_rows(lines, dialect, width)):
        return True
    try:
        # What follows a closing quote must be a separator, and every quote must be closed.
        list(dialect.reader(iter(lines), strict=True))
    except csv.Error:
        return is_odd or len(lines) > 1 or _has_quote_within(cells, lines[0], dialect)
    return False


def _has_quote_within(cells: Sequence[str], line: str, dialect: Dialect) -> bool:
    """Tell a cell in quotes that holds quotes which are not doubled (“the "big" one”): it keeps the wrong ones."""
    ends_in_quote = bool(dialect.quote) and any(cell[-1:] == dialect.quote for cell in cells)
    return ends_in_quote and QUOTE_WITHIN.search(line.encode()) is not None


def _holds_rows(lines: Sequence[str], dialect: Dialect, width: int) -> bool:
    """Tell whether a later line of a row is a row by itself, cell for cell like the others."""
    later = [dialect.pieces(line) for line in lines[1:] if not dialect.quote or dialect.quote not in line]
    return any(len(pieces) == width and _rating(pieces, dialect.kinds) > 0 for pieces in later)


def _mended(dialect: Dialect, line: str, width: int | None) -> list[str]:
    """Cut a line with a stray quote: cells that are quoted as they should be are, the quotes of others are left out.

    Quotes within a quoted cell that are not doubled are allowed for where the line has as many cells as others then.
    """
    pieces = dialect.pieces(line)
    strict = _put_together(pieces, dialect, is_strict=True)
    if width is None or len(strict) == width:
        return strict
    lenient = _put_together(pieces, dialect, is_strict=False)
    return lenient if len(lenient) == width else strict


def _put_together(pieces: Sequence[str], dialect: Dialect, *, is_strict: bool) -> list[str]:
    quote = dialect.quote or '"'
    cells: list[str] = []
    at = 0
    while at < len(pieces):
        ends = range(at + 1, min(len(pieces), at + _MOST_PIECES) + 1) if pieces[at].lstrip().startswith(quote) else ()
        end = next((end for end in ends if _is_quoted(pieces[at:end], dialect, is_strict=is_strict)), None)
        text = dialect.separator.join(pieces[at : end or at + 1])
        cells.append(text.strip()[1:-1].replace(quote * 2, quote) if end else text.strip(quote))
        at = end or at + 1
    return cells


def _is_quoted(pieces: Sequence[str], dialect: Dialect, *, is_strict: bool) -> bool:
    text, quote = dialect.separator.join(pieces).strip(), dialect.quote or '"'
    inner = text[1:-1]
    if len(text) < 2 or text[0] != quote or text[-1] != quote:
        return False
    return (
        quote not in inner.replace(quote * 2, "")
        if is_strict
        else not inner.endswith(quote) or inner.endswith(quote * 2)
    )
