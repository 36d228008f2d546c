"""How a text is cut into cells: the separator, the quote sign, and the odd ways of writing both.

Each combination that occurs is tried on the first lines; the one that cuts them into the most even rows is taken.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import IO, Final

from journey.ingest.files.layouts import is_rule
from journey.ingest.told import Note
from journey.language import _

SEPARATORS: Final = (",", ";", "\t", "|", "\x1f", "^", "~", "\x1e", "\x01", "¦", "§", "¬", "þ")
#: Taken only where no other cuts at all: times and words are full of them.
_WEAK_SEPARATORS: Final = (" ", ":", "#", "*", "/", "!", "@")
_TWO_CHARACTERS = re.compile(r"([|;,^~:#$%&*!@¦\t])\1|\|~\||~\|~|\^\|\^|@#@|#@#|<>|=>")
_SAMPLE_LINES, _SAMPLE_CHARACTERS = 200, 1 << 18
_MOST_CANDIDATE_LINES = 100
_NEARLY_ALL = 0.95
_EVEN, _SURELY_EVEN = 0.5, 0.9
_SEPARATOR_HINT = re.compile(r'\ufeff?\s*"?sep=(.{1,3}?)"?[\r\n ]*', re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\r|\n")
_CURLY = "“"
#: Signs nobody writes stand for what csv readers don't know: other separators, quotes, escaped signs.
_SEPARATOR, _QUOTE = "\ue100", "\ue101"
_ESCAPED: Final = {"\\": "\ue102", '"': "\ue103", "'": "\ue104", "s": "\ue105"}

# The tokeniser's own limit is smaller than a long letter; the whole file has limits of its own.
csv.field_size_limit(1 << 27)


@dataclass(frozen=True)
class Dialect:
    """How a file's text is cut into cells."""

    separator: str
    line_end: str
    #: A backslash before a quote or separator, instead of two quotes.
    has_backslashes: bool = False
    #: Lines before the table that are no part of it (`sep=;`).
    n_lines_before: int = 0
    #: The sign around cells: " or ' or “, or "" where none is.
    quote: str = '"'
    #: Spaces behind the separators, or on both sides, that belong to no cell.
    is_spaced: bool = False
    is_padded: bool = False
    #: Every line is one quoted cell that holds a row.
    is_wrapped: bool = False
    #: What nearly all cells of each column are, to tell extra cells at the end of a row from cells moved on.
    kinds: tuple[str, ...] = ()

    @property
    def is_plain(self) -> bool:
        """One separator sign, quotes doubled within quotes: what every reader of such files understands."""
        odd = self.has_backslashes or self.is_spaced or self.is_padded or self.is_wrapped or self.quote == _CURLY
        return len(self.separator) == 1 and self.separator.isascii() and not odd

    def notes(self) -> list[Note]:
        """Tell what was odd about the quotes."""
        notes: list[Note] = []
        if self.is_wrapped:
            notes.append(Note("LINES_UNWRAPPED", _("Every line stood in quotes as a whole; they were taken off.")))
        if self.quote == _CURLY:
            notes.append(Note("QUOTES_CURLY", _("Curly quotes around cells were read as quotes.")))
        return notes

    def reader(self, lines: Iterator[str], *, strict: bool = False) -> Iterator[list[str]]:
        """Cut lines into rows; a row may take several lines."""
        if self.is_plain:
            return self._reader(lines, self.separator, self.quote, strict=strict)
        separator = self.separator if len(self.separator) == 1 else _SEPARATOR
        quote = _QUOTE if self.quote == _CURLY else self.quote
        rows = self._reader(map(self._translated, lines), separator, quote, strict=strict)
        return map(self._restored, rows)

    def pieces(self, line: str) -> list[str]:
        """Cut a line at every separator, whatever its quotes say."""
        return (
            (self._translated(line) if self.is_wrapped or self.is_padded else line).rstrip("\r\n").split(self.separator)
        )

    def _reader(self, lines: Iterator[str], separator: str, quote: str, *, strict: bool) -> Iterator[list[str]]:
        if not quote:
            return csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE)
        return csv.reader(
            lines,
            delimiter=separator,
            quotechar=quote,
            skipinitialspace=self.is_spaced or self.is_padded,
            strict=strict,
        )

    def _translated(self, line: str) -> str:
        if self.is_wrapped:
            line = _unwrapped(line)
        if self.is_padded:
            line = _unboxed(line)
        if self.has_backslashes and "\\" in line:
            line = line.replace("\\\\", _ESCAPED["\\"])
            for sign in ('"', "'"):
                line = line.replace(f"\\{sign}", _ESCAPED[sign])
            line = line.replace(f"\\{self.separator}", _ESCAPED["s"])
        if self.quote == _CURLY:
            own = re.escape(self.separator)
            line = re.sub(rf"(^|{own})\s?[“”„]", rf"\g<1>{_QUOTE}", line)
            line = re.sub(rf"[“”](?=\s*$|\s?{own})", _QUOTE, line)
        return line if len(self.separator) == 1 else line.replace(self.separator, _SEPARATOR)

    def _restored(self, cells: list[str]) -> list[str]:
        if self.is_padded:
            cells = [cell.strip(" ") for cell in cells]
        if any("\ue100" <= sign <= "\ue105" for cell in cells for sign in cell):
            signs: dict[str, str | int | None] = {
                _SEPARATOR: self.separator,
                _QUOTE: "”",
                **{put: sign for sign, put in _ESCAPED.items()},
            }
            signs[_ESCAPED["s"]] = self.separator
            cells = [cell.translate(str.maketrans(signs)) for cell in cells]
        return cells


def _unwrapped(line: str) -> str:
    text = line.rstrip("\r\n")
    inner = text[1:-1]
    if len(text) < 2 or text[0] != '"' or text[-1] != '"' or '"' in inner.replace('""', ""):
        return line
    return inner.replace('""', '"') + line[len(text) :]


def _unboxed(line: str) -> str:
    text = line.strip(" \r\n")
    if is_rule([text]):
        return text + "\n"
    return text[1:-1] + "\n" if len(text) > 1 and text[0] == text[-1] == "|" else line


def dialect_of(text: IO[str]) -> Dialect:
    """Find the dialect that cuts the first lines into the most even rows of several cells."""
    lines = _sample(text)
    ends = {match[0] for line in lines for match in [_LINE_END.search(line)] if match}
    line_end = ends.pop() if len(ends) == 1 else "mixed" if ends else "\n"
    if lines and (hint := _SEPARATOR_HINT.fullmatch(lines[0])):
        hinted = max(_refined(lines[1:], Dialect(hint[1], line_end)), key=lambda each: _evenness(lines[1:], each))
        return replace(hinted if _evenness(lines[1:], hinted) else _best(lines[1:], line_end), n_lines_before=1)
    rows = [line for line in lines if line.strip()][:_MOST_CANDIDATE_LINES]
    if (inner := [_unwrapped(line) for line in rows]) != rows and _is_wrapped(rows, inner):
        return replace(_best(inner, line_end), is_wrapped=True)
    return _best(rows, line_end)


def _sample(text: IO[str]) -> list[str]:
    lines: list[str] = []
    n_left = _SAMPLE_CHARACTERS
    while len(lines) < _SAMPLE_LINES and n_left > 0 and (line := text.readline(n_left)):
        lines.append(line)
        n_left -= len(line)
    return lines


def _is_wrapped(rows: Sequence[str], inner: Sequence[str]) -> bool:
    """Tell lines that were quoted as a whole: they are one cell each, and cut into several once unwrapped."""
    n_wrapped = sum(before != after for before, after in zip(rows, inner, strict=True))
    is_one_cell = all(len(cells) <= 1 for cells in csv.reader(rows[-n_wrapped:]))
    return 2 * n_wrapped > len(rows) and is_one_cell and _evenness(inner, _best(inner, "\n")) >= _EVEN


def _best(rows: Sequence[str], line_end: str) -> Dialect:
    text = "".join(rows)
    twos = sorted({match[0] for match in _TWO_CHARACTERS.finditer(text)})
    twos = [two for two in twos if _stands_alone(two, rows)]
    ones = [one for one in SEPARATORS if one in text and not any(one in two for two in twos)]
    best = _most_even(rows, [*ones, *twos], line_end)
    if rows and (best is None or _evenness(rows, best) < _SURELY_EVEN):
        weak = [one for one in _WEAK_SEPARATORS if one in rows[0] and _is_surely(rows, Dialect(one, line_end))]
        return _most_even(rows, weak, line_end) or best or Dialect(",", line_end)
    return best or Dialect(",", line_end)


def _stands_alone(two: str, rows: Sequence[str]) -> bool:
    """Tell a separator of two signs from two separators around an empty cell: the signs never come alone."""
    if len(set(two)) > 1 or len(two) > 2:
        return sum(two in row for row in rows) >= _NEARLY_ALL * len(rows)
    # Cells may hold the sign, names of columns hardly do.
    is_header = rows[0].count(two[0]) == 2 * rows[0].count(two) > 0
    return is_header and sum(row.count(two) == rows[0].count(two) for row in rows) >= _NEARLY_ALL * len(rows)


def _most_even(rows: Sequence[str], separators: Sequence[str], line_end: str) -> Dialect | None:
    rated = [
        (_evenness(rows, each) + _clearness(rows, each), -place, each)
        for place, separator in enumerate(separators)
        for each in _refined(rows, Dialect(separator, line_end))
    ]
    rated = [each for each in rated if each[0] > 0]
    return max(rated, key=lambda each: each[:2])[2] if rated else None


def _refined(rows: Sequence[str], dialect: Dialect) -> list[Dialect]:
    """List the ways of quoting and spacing that occur with a separator, the simplest first."""
    text, separator = "".join(rows), re.escape(dialect.separator)
    found = [dialect]
    if re.search(rf"(?:^|{separator})\s?[“„”][^\r\n]*?[“”]\s?(?:{separator}|$)", text, re.MULTILINE):
        found.append(replace(dialect, quote=_CURLY))
    if re.search(rf"(?:^|{separator})\s?'[^\r\n]*?'\s?(?:{separator}|\r|\n|$)", text, re.MULTILINE):
        found.append(replace(dialect, quote="'"))
    if re.search(rf"\\[\"']|\\{separator}", text):
        found += [replace(each, has_backslashes=True) for each in found]
        doubled = re.sub(rf"{separator}\s?(\"\"|'')", "", text)
        if text.count('\\"') + text.count("\\'") > doubled.count('""') + doubled.count("''"):
            found.reverse()
    if dialect.separator == " ":
        return found
    share_before, share_behind = _spaces(rows, dialect)
    if share_behind >= _NEARLY_ALL and (share_before >= _NEARLY_ALL or dialect.separator == "|"):
        found = [replace(each, is_padded=True) for each in found]
    elif share_behind >= _NEARLY_ALL:
        found = [replace(each, is_spaced=True) for each in found]
    return found


def _spaces(rows: Sequence[str], dialect: Dialect) -> tuple[float, float]:
    """Tell before and behind which share of the separators there is a space, outside quoted cells."""
    bare = [re.sub(r'"[^"\r\n]*"|(?<=[ ,;|\t])\'[^\'\r\n]*\'(?=[,;|\t\r\n])', "q", row.rstrip("\r\n")) for row in rows]
    pieces = [row.split(dialect.separator) for row in bare if dialect.separator in row and not is_rule([row])]
    behind = [piece[:1] == " " for row in pieces for piece in row[1:] if piece]
    before = [piece[-1:] == " " for row in pieces for piece in row[:-1] if piece]
    return (sum(before) / len(before) if before else 0.0), (sum(behind) / len(behind) if behind else 0.0)


def _cut(rows: Sequence[str], dialect: Dialect) -> list[list[str]]:
    return [cells for cells in islice(dialect.reader(iter(rows)), _SAMPLE_LINES) if cells]


def _evenness(rows: Sequence[str], dialect: Dialect) -> float:
    """Rate a dialect: the share of rows with the most frequent width, and a little more for more cells.

    Above the first row of that width may be a preamble, which counts less.
    """
    widths = [len(cells) for cells in _cut(rows, dialect)]
    several = Counter(width for width in widths if width > 1)
    if not several:
        return 0.0
    width, n_rows = max(several.items(), key=lambda each: (each[1], each[0]))
    n_below = len(widths) - widths.index(width)
    return 0.8 * n_rows / n_below + 0.2 * n_rows / len(widths) + min(width, 50) / 1_000


def _clearness(rows: Sequence[str], dialect: Dialect) -> float:
    """Rate cells that hold no sign of another dialect: a quote at their end, a tab, a semicolon."""
    cells = [cell for row in _cut(rows, dialect) if len(row) > 1 for cell in row]
    if not cells:
        return -1.0
    n_unclear = sum(cell[:1] in "\"'“" and bool(cell[:1]) for cell in cells) + sum(cell[-1:] == '"' for cell in cells)
    n_joined = sum(any(sign in cell for sign in ";\t|\x1f") for cell in cells)
    return -(0.2 * n_unclear + 0.1 * n_joined) / len(cells)


def _is_surely(rows: Sequence[str], dialect: Dialect) -> bool:
    widths = [len(cells) for cells in _cut(rows, dialect)]
    return len(widths) > 1 and widths[0] > 2 and widths.count(widths[0]) >= _NEARLY_ALL * len(widths)
