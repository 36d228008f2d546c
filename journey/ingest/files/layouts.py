"""Where a table begins among the rows of a file or a sheet, and what its columns are called.

Pure functions over rows of text cells with their line numbers, for delimited text and workbooks alike. What follows
the header is looked at by `journey.ingest.files.bodies.body`.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from journey.ingest.files.headers import Header, distinct_names, header_from
from journey.ingest.files.kinds import TIME, fit, kinds_of
from journey.ingest.told import Note
from journey.language import _, number

#: A row as it stands in the file: the line it begins on (from 1), and its cells.
Row = tuple[int, Sequence[str]]

#: More columns than this are not looked into: no export has as many.
_MOST_COLUMNS = 2_000
_MOST_HEADER_ROWS = 4
_MOST_LINES_ABOVE = 30
_FEWEST_ROWS = 3
_LONGEST_QUOTE = 60
#: What a line without a word consists of; old systems end a file with the last of these.
_NOTHING = " \t\r\n\v\f\u00a0\ufeff\x00\x1a"
#: Cells a header row has at least, of those its table has.
_HEADER_SHARE = 0.5
#: A table above the table: at least so many columns and rows, or it is a preamble.
_TABLE_COLUMNS, _TABLE_ROWS = 3, 2
_NEARLY_ALL = 0.8
_PIECE = re.compile(r"\s?\d{1,3}")
_RULE = re.compile(r"[\s|+:=_─━│┼\-–—*#~]*[-=_─━*#~–—]{3,}[\s|+:=_─━│┼\-–—*#~]*")


class SkippedLine(NamedTuple):
    """A line that is no row of the table, why, and its text."""

    line: int
    reason: str
    text: str


@dataclass(frozen=True)
class Layout:
    """Where the table begins and what its columns are called.

    `header` holds distinct names, `written_headers` the cells of the header rows as they stand, to know them when they
    come again; `kinds` tells what nearly all cells of each column are (see `journey.ingest.files.kinds`).
    """

    header: list[str]
    has_header: bool
    #: Everything up to and including this line lies above the body …
    last_line_before: int
    #: … and so do so many of the rows given.
    n_rows_before: int
    written_headers: tuple[tuple[str, ...], ...] = ()
    kinds: tuple[str, ...] = ()
    #: What stands between the cells of rows that are handed on as text.
    separator: str = "\t"
    skipped: tuple[SkippedLine, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def time_columns(self) -> list[str]:
        """Name the columns that hold times; many of them beside one id make a wide table."""
        return [name for name, kind in zip(self.header, self.kinds, strict=False) if kind == TIME]


def layout_of(rows: Sequence[Row]) -> Layout:
    """Find the table among the first rows of a file or sheet (200 or so are enough).

    The header is what stands above the first row that is like the rows below it: whose times are times and whose
    numbers are numbers. Where all cells are words, it is the first full row, unless its words come again below.
    """
    places = [place for place, (_line, cells) in enumerate(rows) if not is_blank(cells) and not is_rule(cells)]
    if not places:
        return Layout([], has_header=False, last_line_before=0, n_rows_before=0)
    width = _width([rows[place][1] for place in places])
    if width > _MOST_COLUMNS:
        first = next(place for place in places if len(rows[place][1]) >= width)
        return Layout(list(rows[first][1]), True, rows[first][0], first + 1)
    full = [place for place in places if _is_full(rows[place][1], width)]
    later = [rows[place][1] for place in full[min(_MOST_HEADER_ROWS, (len(full) + 1) // 2) :]]
    kinds = kinds_of(later, width)
    headers = _of_width(rows, _header_places(rows, places, full, kinds, width), width)
    body = next((place for place in places if place > headers[-1]), len(rows)) if headers else (full or places)[0]
    return _layout(rows, headers, body, width)


def is_blank(cells: Iterable[str]) -> bool:
    """Tell a row without a filled cell."""
    return not any(cell.strip(_NOTHING) for cell in cells)


def is_rule(cells: Sequence[str]) -> bool:
    """Tell a line that only draws a line."""
    return len(cells[0]) < 1_000 and _RULE.fullmatch("|".join(cells)) is not None


def trimmed(cells: Sequence[str]) -> Sequence[str]:
    """Leave out the empty cells at the end of a row."""
    last = next((place for place in range(len(cells), 0, -1) if cells[place - 1].strip()), 0)
    return cells[:last]


def _width(rows: Sequence[Sequence[str]]) -> int:
    """Tell how many columns the table has: the most frequent length of the later rows; above them may be a preamble."""
    lengths = Counter(map(len, rows)) + Counter(map(len, rows[len(rows) // 2 :]))
    weights = {length: n_rows * (math.log2(1 + length) if length > 1 else 0.4) for length, n_rows in lengths.items()}
    width = max(weights, key=lambda length: (weights[length], length))
    if len(lengths) > 1:
        width = min(width, max(len(trimmed(row)) for row in rows))
    first = next(row for row in rows if len(row) >= width)
    # Some programs leave out the empty cells at the end of a row; the header has them all.
    is_header = all(first) and len(set(first)) == len(first) and len(first) in map(len, rows[1:])
    return len(first) if is_header else width


def _is_full(cells: Sequence[str], width: int) -> bool:
    n_filled = sum(bool(cell.strip()) for cell in cells)
    return n_filled >= max(min(2, width), math.ceil(_HEADER_SHARE * width))


def _header_places(
    rows: Sequence[Row], places: Sequence[int], full: Sequence[int], kinds: Sequence[str], width: int
) -> list[int]:
    """Find the rows that name the columns; none when the table begins with its first row."""
    if not full:
        return []
    first = _first_place(rows, full, kinds, width)
    fitting, misfitting = fit(rows[first][1], kinds)
    if fitting > misfitting or (len(full) == 1 and "time" in kinds_of([rows[first][1]], len(rows[first][1]))):
        return []
    if not misfitting and _comes_again(rows, first, full):
        return []
    found = _rows_above(rows, places, first)
    for place in places[places.index(first) + 1 :][: _MOST_HEADER_ROWS - 1]:
        # A row that is like no other row names columns, too; with one like the others the body has begun.
        cells = rows[place][1]
        fitting, misfitting = fit(cells, kinds)
        is_below = _fills_gaps(cells, rows[found[-1]][1]) or _lacks_all(cells, kinds)
        names_more = is_below or (misfitting and place in full and not _comes_again(rows, place, full))
        if not is_import_ids(cells) and (fitting or not names_more):
            break
        found.append(place)
    return found


def _first_place(rows: Sequence[Row], full: Sequence[int], kinds: Sequence[str], width: int) -> int:
    """Take the first full row for the first of the table, unless a whole header stands below shorter lines."""
    for place in full[:_MOST_LINES_ABOVE]:
        fitting, misfitting = fit(rows[place][1], kinds)
        if len(trimmed(rows[place][1])) == width and misfitting and not fitting:
            return place
        if len(trimmed(rows[place][1])) >= width:
            break
    return full[0]


def _lacks_all(cells: Sequence[str], kinds: Sequence[str]) -> bool:
    """Tell a row without an id, a time or a number in a table that has times: it says more of its columns' names."""
    return TIME in kinds and not any(cell.strip() for cell, kind in zip(cells, kinds, strict=False) if kind)


def _of_width(rows: Sequence[Row], headers: list[int], width: int) -> list[int]:
    """Leave a title with more commas than the table has columns to the preamble."""
    first = next((at for at, place in enumerate(headers) if len(trimmed(rows[place][1])) == width), 0)
    return headers[first:] if headers and len(trimmed(rows[headers[0]][1])) > width else headers


def _fills_gaps(cells: Sequence[str], header: Sequence[str]) -> bool:
    """Tell a row of words that names the columns which the other header row leaves blank."""
    filled = [at for at, cell in enumerate(cells) if cell.strip()]
    gaps = [at for at in filled if at >= len(header) or not header[at].strip()]
    return len(gaps) > 0 and 2 * len(gaps) >= len(filled) and not any(map(str.isdigit, (cells[at] for at in filled)))


def is_import_ids(cells: Sequence[str]) -> bool:
    """Tell the third header row of a Qualtrics export."""
    filled = [cell for cell in cells if cell.strip()]
    return bool(filled) and all(cell.replace(" ", "").startswith('{"ImportId"') for cell in filled)


def _rows_above(rows: Sequence[Row], places: Sequence[int], first: int) -> list[int]:
    """Take the row right above the first full one for a part of the header if it groups columns."""
    at = places.index(first)
    above = places[at - 1] if at else None
    if above is None or above + 1 != first:
        return [first]
    line, cells = rows[above]
    # A row of a file may run over several lines; a blank line between the two parts them.
    is_right_above = line + 1 + sum(cell.count("\n") for cell in cells) >= rows[first][0]
    n_filled = sum(bool(cell.strip()) for cell in cells)
    return [above, first] if is_right_above and n_filled > 1 and len(cells) == len(rows[first][1]) else [first]


def _comes_again(rows: Sequence[Row], place: int, full: Sequence[int]) -> bool:
    """Tell whether a cell of a row stands in its column again, further down."""
    own = rows[place][1]
    below = [rows[each][1] for each in full if each > place and list(rows[each][1]) != list(own)]
    return any(cell.strip() and any(at < len(row) and row[at] == cell for row in below) for at, cell in enumerate(own))


def _layout(rows: Sequence[Row], headers: Sequence[int], body: int, width: int) -> Layout:
    found = header_from([rows[place][1] for place in headers], width)
    skipped = [*_skipped_above(rows[: headers[0] if headers else body]), *_skipped_headers(rows, headers, found)]
    between = range(headers[0] + 1, body) if headers else range(0)
    skipped += [skipped_line(*rows[place], "rule") for place in between if is_rule(rows[place][1])]
    names = _names_to_width(found.names, rows[body:], width)
    last_row = rows[-1][0] + sum(cell.count("\n") for cell in rows[-1][1])
    return Layout(
        header=distinct_names(names),
        has_header=bool(headers),
        last_line_before=rows[body][0] - 1 if body < len(rows) else last_row,
        n_rows_before=body,
        written_headers=tuple(tuple(rows[place][1]) for place in headers),
        kinds=kinds_of(_first_stretch(rows[body:]), len(names)),
        skipped=tuple(sorted(skipped)),
        notes=tuple(_notes(names, skipped, _n_pieces(found.names, rows[body:], width) if headers else 0)),
    )


def _first_stretch(body: Sequence[Row]) -> list[Sequence[str]]:
    """Take the rows up to the first gap: below it another table may stand."""
    stretch: list[Sequence[str]] = []
    next_line = body[0][0] if body else 0
    for line, cells in body:
        if line > next_line and len(stretch) >= _FEWEST_ROWS:
            break
        stretch.append(cells)
        next_line = line + 1 + sum(cell.count("\n") for cell in cells)
    return stretch


def _n_pieces(names: Sequence[str], body: Sequence[Row], width: int) -> int:
    """Count the columns without a name whose last holds a few digits: pieces of numbers with a decimal comma."""
    if width <= len(names):
        return 0
    last = [cells[-1] for _line, cells in body if len(cells) == width]
    pieces = [cell for cell in last if _PIECE.fullmatch(cell)]
    return width - len(names) if len(pieces) >= _NEARLY_ALL * len(last) and len(set(pieces)) > 1 else 0


def _names_to_width(names: list[str], body: Sequence[Row], width: int) -> list[str]:
    """Leave no column without a place for its name: R writes the numbers of the rows in front of the first name."""
    if len(names) + 1 == width and "" not in names:
        first = [cells[0] for _line, cells in body if len(cells) == width]
        if len(first) > 1 and len(set(first)) == len(first) and first[0] in ("0", "1"):
            return ["", *names]
    return names + [""] * (width - len(names))


def skipped_line(line: int, cells: Sequence[str], reason: str) -> SkippedLine:
    """Note a line that is left out, with what it says."""
    return SkippedLine(line, reason, " ".join(cell.strip() for cell in trimmed(cells)))


def _skipped_above(rows: Sequence[Row]) -> list[SkippedLine]:
    filled = [row for row in rows if not is_blank(row[1])]
    lengths = Counter(len(trimmed(cells)) for _line, cells in filled)
    tables = {length for length, n_rows in lengths.items() if length >= _TABLE_COLUMNS and n_rows >= _TABLE_ROWS}
    return [skipped_line(line, cells, _reason(cells, tables)) for line, cells in filled]


def _reason(cells: Sequence[str], tables: set[int]) -> str:
    if is_rule(cells):
        return "rule"
    return "second_table" if len(trimmed(cells)) in tables else "preamble"


def _skipped_headers(rows: Sequence[Row], headers: Sequence[int], found: Header) -> list[SkippedLine]:
    return [
        skipped_line(*rows[place], reason)
        for place, reason in zip(headers, found.reasons, strict=True)
        if reason is not None
    ]


def _notes(names: Sequence[str], skipped: Sequence[SkippedLine], n_surplus: int = 0) -> list[Note]:
    reasons = Counter(line.reason for line in skipped)
    notes: list[Note] = []
    if n_surplus:
        text = _("The rows have more cells than there are names of columns: commas within numbers may have cut them.")
        notes.append(Note("DELIMITER_UNCLEAR", text))
    if n_lines := reasons["preamble"] + reasons["rule"] + reasons["group_row"]:
        first = next(line.text for line in skipped if line.reason in ("preamble", "rule", "group_row"))
        text = _("Lines above the table that are no rows were left out: {n}, the first is “{first}”.")
        notes.append(Note("PREAMBLE_OR_RULE_SKIPPED", text.format(n=number(n_lines), first=_shortened(first))))
    if reasons["units"]:
        notes.append(Note("PREAMBLE_OR_RULE_SKIPPED", _("The line of units below the header was left out.")))
    if n_lines := reasons["extra_header"]:
        text = _("Further header lines that were left out: {n}.").format(n=number(n_lines))
        notes.append(Note("PREAMBLE_OR_RULE_SKIPPED", text))
    if n_lines := reasons["second_table"]:
        text = _("Another, smaller table of {n} lines stands above and was left out. To use it, save it by itself.")
        notes.append(Note("SECOND_TABLE_SKIPPED", text.format(n=number(n_lines))))
    if reasons["repeated_header"]:
        notes.append(Note("HEADER_REPEATED", _("The header stands there twice and was read once.")))
    given = [" ".join(name.split()).casefold() for name in names if name.strip()]
    if twice := [name for name, n_columns in Counter(given).items() if n_columns > 1]:
        text = _("Several columns are called “{name}”; they are told apart by a number.").format(name=twice[0])
        notes.append(Note("HEADER_DUPLICATE", text))
    return notes


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"
