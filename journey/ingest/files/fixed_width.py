"""Text whose columns begin at the same place in every line, with nothing but blanks between them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import IO

from journey.ingest.files.layouts import layout_of
from journey.ingest.files.tables import Reading, Row, TextTable, table_in
from journey.language import _, number

#: Few lines tell that the columns are fixed, many where they begin: the longest numbers reach furthest to the left.
_SAMPLE_LINES, _MANY_LINES = 500, 200_000
_LAYOUT_ROWS = 200
_FEWEST_LINES = 5
_FEWEST_COLUMNS = 2
#: So many lines reach into the last column, and fill each column.
_MOST = 0.9
_FILLED = 0.3
_WORDS = re.compile(r"\S+")


@dataclass(frozen=True)
class Cuts:
    """Where the columns begin."""

    starts: tuple[int, ...]
    #: The cells have no blanks in them, so that no other way to cut the lines is thinkable.
    is_clear: bool

    def cells(self, line: str) -> list[str] | None:
        """Cut a line; None when a word of it runs across a cut."""
        if any(line[start - 1 : start].strip() and line[start : start + 1].strip() for start in self.starts[1:]):
            return None
        ends = (*self.starts[1:], None)
        return [line[start:end].strip() for start, end in zip((0, *self.starts[1:]), ends, strict=True)]


def cuts_of(lines: Sequence[str]) -> Cuts | None:
    """Find where the columns of the first lines begin; None when they are not cut at fixed places."""
    lines = [line.rstrip() for line in lines if line.strip()]
    if len(lines) <= _FEWEST_LINES or any("\t" in line for line in lines):
        return None
    head, rows = lines[0], lines[1:]
    fields = _fields(rows)
    named = _named(head, fields)
    # A header that is not written above its columns has a word for each of them.
    if not named and len(_WORDS.findall(head)) != len(fields) and _fields(lines) != fields:
        return None
    fields = named or fields
    reaching = sum(len(row) > fields[-1][0] for row in rows) if fields else 0
    if len(fields) < _FEWEST_COLUMNS or reaching < _MOST * len(rows):
        return None
    if any(sum(bool(row[start:end].strip()) for row in rows) < _FILLED * len(rows) for start, end in fields):
        return None
    n_words = [len(_WORDS.findall(row)) for row in rows]
    return Cuts(tuple(start for start, _end in fields), is_clear=max(n_words) <= len(fields))


def _fields(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Name the stretches between the places that are blank in every line."""
    is_filled = [False] * max(map(len, lines))
    for line in lines:
        for word in _WORDS.finditer(line):
            is_filled[word.start() : word.end()] = [True] * (word.end() - word.start())
    text = "".join("x" if each else " " for each in is_filled)
    return [word.span() for word in _WORDS.finditer(text)]


def _named(head: str, fields: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Put what has no name above it to the field on its left; nothing when the header stands elsewhere."""
    words = [word.span() for word in re.finditer(r"\S+(?: \S+)*", head)]
    joined: list[tuple[int, int]] = []
    n_words = 0
    for start, end in fields:
        above = [word for word in words if word[0] < end and word[1] > start]
        if above:
            n_words += len(above)
            joined.append((min(start, above[0][0]), end))
        elif joined:
            joined[-1] = (joined[-1][0], end)
        else:
            return []
    is_above = n_words == len(words) == len(joined) and all(
        later[0] > before[1] for before, later in zip(words, joined[1:], strict=False)
    )
    return joined if is_above else []


def fixed_width_table(opened: Callable[[], IO[str]]) -> TextTable | None:
    """Open text as a table of fixed columns; None when it is none."""
    with closing(opened()) as text:
        sample = list(islice(text, _SAMPLE_LINES))
        if cuts_of(sample) is None:
            return None
        cuts = cuts_of(sample + list(islice(text, _MANY_LINES)))
    if cuts is None:
        return None
    reading = Reading()
    first = [(line, cells) for line, cells in islice(_rows(opened, cuts), _LAYOUT_ROWS) if not isinstance(cells, str)]
    layout = layout_of(first)
    told = _("The columns are cut where each line has a blank, at the places {places}.")
    places = ", ".join(number(start + 1) for start in cuts.starts)
    reading.note("FIXED_WIDTH" if cuts.is_clear else "DELIMITER_UNCLEAR", told.format(places=places))
    rows: Iterator[Row] = ((line, cells) for line, cells in _rows(opened, cuts) if line > layout.last_line_before)
    return table_in("", layout, rows, reading)


def _rows(opened: Callable[[], IO[str]], cuts: Cuts) -> Iterator[tuple[int, list[str] | str]]:
    with closing(opened()) as text:
        for position, line in enumerate(text, start=1):
            if not line.strip():
                continue
            cells = cuts.cells(line.rstrip("\r\n"))
            words = _WORDS.findall(line)
            if position == 1 and len(words) == len(cuts.starts):
                cells = words
            yield position, line.rstrip("\r\n") if cells is None else cells
