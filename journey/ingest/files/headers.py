"""Names of columns from one or several header rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from journey.ingest.aliases import is_known

_INVISIBLE = str.maketrans(dict.fromkeys("\ufeff\u200b\u200c\u200d\u2060\u00ad"))
_COMMENTED = re.compile(r"#\s?([^\W\d]\w*)")
_UNIT = re.compile(
    r"[(\[<{][^\"]*[)\]>}]|[yYmMdDhHsSTZ:/.\- ]{4,}|%|[$€£¥]"
    r"|text|string|str|varchar|char|int|integer|float|double|decimal|number|numeric|bool|boolean|date|time|datetime"
    r"|timestamp|id|uuid|utc|gmt|cet|local|[a-z]{3}|ms|s|sec|secs|seconds|min|minutes|h|hours|days?|count|n|pcs|units?"
    r"|score|points|[-–—]\d.*\d",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Header:
    """The names, and for each header row why its cells are no part of them (None where they are)."""

    names: list[str]
    reasons: list[str | None]


def header_from(rows: Sequence[Sequence[str]], width: int) -> Header:
    """Name the columns from header rows.

    A row that names all columns differently is enough by itself: what stands above it groups columns, what stands
    below it are units or further words. Else the rows are joined column by column; a blank cell of an upper row takes
    the name on its left, as in merged cells.
    """
    if not rows:
        return Header([], [])
    cleaned = [[_cleaned(cell) for cell in row] for row in rows]
    width = max(width if len(rows) > 1 else 0, max(len(row) for row in cleaned))
    padded = [row + [""] * (width - len(row)) for row in cleaned]
    wholes = [place for place, row in enumerate(padded) if _is_whole(row)]
    # Of two rows that could be the header, the one whose names are known is.
    whole = wholes[0] if wholes else None
    if len(wholes) > 1:
        whole = max(wholes, key=lambda place: (sum(map(is_known, padded[place])), -place))
    if whole is not None:
        reasons = [_reason(row, place - whole, padded[whole]) for place, row in enumerate(padded)]
        return Header(_uncommented(padded[whole]), reasons)
    reasons = [_units_or_none(row) if place else None for place, row in enumerate(padded)]
    naming = [row for row, reason in zip(padded, reasons, strict=True) if reason is None]
    return Header(_uncommented(_joined(naming)), reasons)


def distinct_names(header: Sequence[str]) -> list[str]:
    """Give blank headers a name and repeated ones a number, so that each column can be told from the others."""
    taken: set[str] = set()
    names: list[str] = []
    for position, cell in enumerate(header, start=1):
        stem = _cleaned(cell) or f"column {position}"
        name, n_same = stem, 1
        while name.casefold() in taken:
            n_same += 1
            name = f"{stem} ({n_same})"
        taken.add(name.casefold())
        names.append(name)
    return names


def _cleaned(cell: str) -> str:
    return " ".join(unicodedata.normalize("NFC", cell.translate(_INVISIBLE)).split())


def _uncommented(names: list[str]) -> list[str]:
    match = _COMMENTED.fullmatch(names[0]) if names else None
    return [match[1], *names[1:]] if match else names


def _is_whole(row: Sequence[str]) -> bool:
    return all(row) and len({name.casefold() for name in row}) == len(row)


def _reason(row: Sequence[str], offset: int, names: Sequence[str]) -> str | None:
    if not offset:
        return None
    if offset < 0:
        return "group_row"
    if list(row) == list(names):
        return "repeated_header"
    return _units_or_none(row) or "extra_header"


def _units_or_none(row: Sequence[str]) -> str | None:
    filled = [cell for cell in row if cell]
    return "units" if filled and sum(bool(_UNIT.fullmatch(cell)) for cell in filled) * 2 > len(filled) else None


def _joined(rows: Sequence[Sequence[str]]) -> list[str]:
    columns: list[list[str]] = [[] for _name in rows[0]]
    for place, row in enumerate(rows):
        name_on_the_left = ""
        for parts, cell, below in zip(columns, row, rows[-1], strict=True):
            is_merged = not cell and place < len(rows) - 1 and below
            name_on_the_left = name_on_the_left if is_merged else cell
            if name_on_the_left and name_on_the_left not in parts:
                parts.append(name_on_the_left)
    return [" ".join(parts) for parts in columns]
