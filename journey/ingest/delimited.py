"""Text with separators becomes rows, each with the line it began on.

Python's own tokeniser cuts the rows. It is fed line by line, so that every row's line is known and one stray quote
can't swallow the rest of the file: a row that runs over several lines and comes out with the wrong number of cells is
read again as the single line it began on.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import IO

from journey.ingest.encodings import Encoding

SEPARATORS = (",", ";", "\t", "|", "\x1f")
_SAMPLE_LINES = 200
#: A quoted cell with more line breaks than this is a quote that was never closed.
_MOST_LINES_IN_A_ROW = 500
_CELL_LIMIT = 1 << 27
_DATE = re.compile(r"\s*(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})([T ].*)?")
_SEPARATOR_HINT = re.compile(r"\s*sep=(.)\s*", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Dialect:
    """How a file's text is cut into cells."""

    separator: str
    line_end: str
    #: A backslash before a quote inside a quoted cell, instead of two quotes.
    has_backslashes: bool = False
    #: Lines before the header that are no part of the table (`sep=;`).
    n_lines_before: int = 0

    def reader(self, lines: Iterator[str], *, strict: bool = False) -> Iterator[list[str]]:
        if self.has_backslashes:
            return csv.reader(lines, delimiter=self.separator, strict=strict, escapechar="\\", doublequote=False)
        return csv.reader(lines, delimiter=self.separator, strict=strict)


@dataclass
class Rows:
    """A stretch of rows as they stand in the file.

    `lines` and `cells` go together; rows that don't fit the header lie apart in `ragged`, line and text: they have
    more cells, or the file breaks off within them.
    """

    lines: list[int] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)
    ragged: list[tuple[int, str]] = field(default_factory=list)
    #: How many lines of the file these rows took.
    n_lines: int = 0
    #: Rows with fewer cells than the header, and rows with a quote that should not be there.
    n_padded: int = 0
    n_repaired: int = 0


def text_of(stream: IO[bytes], encoding: Encoding) -> io.TextIOWrapper:
    """Decode; a byte that can't be read becomes the replacement sign instead of stopping the import."""
    return io.TextIOWrapper(stream, encoding=encoding.name, errors=encoding.errors, newline="")


def dialect_of(text: IO[str]) -> Dialect:
    """Find the separator that cuts the first lines into the most even rows of several cells."""
    csv.field_size_limit(_CELL_LIMIT)
    lines = list(islice(text, _SAMPLE_LINES))
    ends = {match[0] for line in lines for match in [_LINE_END.search(line)] if match}
    line_end = ends.pop() if len(ends) == 1 else "mixed" if ends else "\n"
    sample = "".join(lines)
    has_backslashes = sample.count('\\"') > sample.count('""')
    if lines and (hint := _SEPARATOR_HINT.fullmatch(lines[0])):
        return Dialect(hint[1], line_end, has_backslashes, n_lines_before=1)
    separator = max(SEPARATORS, key=lambda each: (_evenness(lines, each), -SEPARATORS.index(each)))
    return Dialect(separator, line_end, has_backslashes)


def _evenness(lines: Sequence[str], separator: str) -> float:
    """Rate a separator: the share of rows with the most frequent width, and a little for more cells."""
    widths = Counter(len(cells) for cells in csv.reader(lines, delimiter=separator) if cells)
    several = {width: n_rows for width, n_rows in widths.items() if width > 1}
    if not several:
        return 0.0
    width, n_rows = max(several.items(), key=lambda each: each[1])
    return n_rows / widths.total() + min(width, 50) / 1_000


def header_of(text: IO[str], dialect: Dialect) -> tuple[list[str], bool, int]:
    """Read the header: its names made distinct, whether there is one, and after how many lines the rows begin.

    A first row that holds a date is a row, not a header; the columns are then called by their number.
    """
    n_before = sum(1 for _line in islice(text, dialect.n_lines_before))
    found = cut(iter(text), dialect, None, n_before, most_rows=1)
    if not found.cells:
        return [], False, n_before
    [cells] = found.cells
    if any(_DATE.fullmatch(cell) for cell in cells):
        return distinct_names([""] * len(cells)), False, n_before
    return distinct_names(cells), True, n_before + found.n_lines


def cut(
    lines: Iterator[str],
    dialect: Dialect,
    width: int | None,
    n_before: int,
    more: Iterator[str] | None = None,
    most_rows: int | None = None,
) -> Rows:
    """Cut lines into rows; blank lines are left out, rows with fewer cells than the header are padded at their end.

    `n_before` lines of the file came earlier. `more` is read only to finish a row that begins in `lines`.
    """
    csv.field_size_limit(_CELL_LIMIT)
    found, of_row, again = Rows(), list[str](), list[str]()

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
    while most_rows is None or len(found.cells) < most_rows:
        of_row.clear()
        cells = next(reader, None)
        if cells is None:
            break
        if (len(of_row) > 1 or len(cells) != width) and _is_misread(cells, of_row, dialect, width):
            again.extend(reversed(of_row[1:]))
            del of_row[1:]
            cells = [cell.strip('"') for cell in of_row[0].rstrip("\r\n").split(dialect.separator)]
            found.n_repaired += 1
            reader = dialect.reader(fed())
        line = n_before + found.n_lines + 1
        found.n_lines += len(of_row)
        if cells:
            _add(found, line, cells, width, dialect, is_ended=of_row[-1].endswith(("\n", "\r")))
    return found


def _add(found: Rows, line: int, cells: list[str], width: int | None, dialect: Dialect, *, is_ended: bool) -> None:
    if width is not None and len(cells) != width:
        is_short = len(cells) < width
        if (is_short and not is_ended) or any(cells[width:]):
            found.ragged.append((line, dialect.separator.join(cells)))
            return
        found.n_padded += is_short
        cells = cells[:width] + [""] * (width - len(cells))
    found.lines.append(line)
    found.cells.append(cells)


def _is_misread(cells: Sequence[str], lines: Sequence[str], dialect: Dialect, width: int | None) -> bool:
    """Tell whether a row is rather a line with a quote that should not be there."""
    if len(lines) > _MOST_LINES_IN_A_ROW:
        return True
    is_odd = width is not None and len(cells) != width
    try:
        # What follows a closing quote must be a separator, and every quote must be closed.
        list(dialect.reader(iter(lines), strict=True))
    except csv.Error:
        return is_odd or len(lines) > 1
    return is_odd and len(lines) > 1


def distinct_names(header: Sequence[str]) -> list[str]:
    """Give blank headers a name and repeated ones a number, so that each column can be told from the others."""
    taken: set[str] = set()
    names: list[str] = []
    for position, cell in enumerate(header, start=1):
        stem = " ".join(cell.replace("\ufeff", "").split()) or f"column {position}"
        name, n_same = stem, 1
        while name.casefold() in taken:
            n_same += 1
            name = f"{stem} ({n_same})"
        taken.add(name.casefold())
        names.append(name)
    return names
