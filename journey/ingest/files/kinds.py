"""What the cells of a column nearly all are, judged from a few rows: enough to tell a header or a shifted row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from journey.ingest.cells.amounts import WRITTEN

TIME: Final = "time"
NUMBER: Final = "number"
_MOSTLY = 0.8
_MOST_CELLS = 40_000
_LONGEST_PATTERN = 80
#: How much a cell says about its row: numbers serve as names of columns now and then, times never.
_WEIGHTS: Final = {TIME: 3, NUMBER: 1}
_PATTERN_WEIGHT = 2
#: What stands in a cell that is empty.
_NO_VALUES: Final = frozenset(
    ("", "-", "–", "—", "null", "(null)", "none", "nan", "n/a", "na", "#n/a", "nil", "nat", "\\n", "?", ".", "unknown")
)
_CLOCK = r"\d{1,2}:\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?"
_ZONE = (
    r"(?:\s?(?:[AaPp]\.?[Mm]\.?|[Zz]|[+-]\d{2}:?\d{0,2}|[A-Z]{2,5}(?:[+-]\d+)?"
    r"|\(?[A-Z][A-Za-z]+(?:/[A-Za-z_]+)?\)?)){0,3}"
)
_AFTER_DATE = rf"(?:(?:[T_]|,?\s+(?:\w+\s+)?){_CLOCK}{_ZONE}|Z)?"
_TIME = re.compile(
    rf"(?:\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}{_AFTER_DATE}"
    rf"|(?:\w{{2,10}}\.?,?\s+)?\d{{1,2}}[-/.\s]\s?(?:\d{{1,2}}|[^\W\d]{{3,12}}\.?)[-/.,\s]\s?(?:\d{{4}}|\d{{2}})"
    rf"{_AFTER_DATE}"
    rf"|(?:\w{{2,10}},\s+)?[^\W\d]{{3,12}}\.?\s\d{{1,2}},?\s\d{{4}}{_AFTER_DATE}"
    rf"|\d{{4}}\s?[年년]\s?\d{{1,2}}\s?[月월]\s?\d{{1,2}}\s?[日일].{{0,24}}"
    rf"|{_CLOCK}(?:\s?[AaPp]\.?[Mm]\.?)?)"
)
_NUMBER = re.compile(WRITTEN)
_LETTERS, _DIGITS = re.compile(r"[^\W\d_]+"), re.compile(r"\d+")


def is_no_value(cell: str) -> bool:
    """Tell a cell that is empty, or says that it is."""
    return cell.strip().casefold() in _NO_VALUES


def kind_of(cell: str) -> str:
    """Tell a time, a number, or the pattern of a code (C001 is A9); plain words have no kind."""
    text = cell.strip()
    # A range, as in a line of units, is no number.
    if len(text) > _LONGEST_PATTERN or ".." in text or not any(sign.isdigit() for sign in text):
        return "A@A" if "@" in text and " " not in text else ""
    if _TIME.fullmatch(text):
        return TIME
    if _NUMBER.match(text):
        return NUMBER
    return _DIGITS.sub("9", _LETTERS.sub("A", text)) if " " not in text else ""


def kinds_of(rows: Sequence[Sequence[str]], width: int) -> tuple[str, ...]:
    """Tell what nearly all cells of each column are; “” where they are words or differ."""
    rows = rows[: max(3, _MOST_CELLS // max(1, width))]
    return tuple(_kind_of_column([row[place] for row in rows if place < len(row)]) for place in range(width))


def _kind_of_column(cells: Sequence[str]) -> str:
    filled = [cell for cell in cells if not is_no_value(cell)]
    if not filled:
        return ""
    kind, n_cells = Counter(map(kind_of, filled)).most_common(1)[0]
    return kind if n_cells >= _MOSTLY * len(filled) else ""


def fit(cells: Sequence[str], kinds: Sequence[str]) -> tuple[int, int]:
    """Weigh the cells of a row that are what their column holds, and those that are not."""
    fitting = misfitting = 0
    for cell, kind in zip(cells, kinds, strict=False):
        if not kind or is_no_value(cell):
            continue
        weight = _WEIGHTS.get(kind, _PATTERN_WEIGHT)
        if kind_of(cell) == kind:
            fitting += weight
        else:
            misfitting += weight
    return fitting, misfitting
