"""Names in cells become labels: tidied, words for nothing taken as missing, spellings of one name merged.

A column of names has few different ones, so that each is looked at once and the rows look it up.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from journey.engine import Draft, quoted

#: Words with which exports say that there is nothing; never applied to ids: a customer may be called NA.
_NOTHING = frozenset(
    {
        "",
        "null",
        "nan",
        "n/a",
        "#n/a",
        "na",
        "none",
        "nil",
        "undefined",
        "\\n",
        "(null)",
        "<null>",
        "#null!",
        "-",
        "--",
        ".",
        "?",
        "(not set)",
        "(blank)",
        "n.a.",
        "nat",
        "#value!",
        "#ref!",
        "#div/0!",
        "#name?",
        "#num!",
    }
)
_LONGEST_LABEL = 120
#: The end of the letters to which marks above and below are accents: Latin, Greek, Cyrillic.
_LAST_WITH_ACCENTS = "\u0530"
_INVISIBLE = re.compile("\x1b\\[[0-9;]*m|[\u200b\u200c\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")


@dataclass(frozen=True)
class Merged:
    """Spellings that differ in case only, and the one that is kept."""

    kept: str
    others: tuple[str, ...]


def tidy(text: str) -> str | None:
    """Clean a name: spaces, invisible signs, composed letters, 120 letters at most; None for a word for nothing."""
    name = " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())
    return None if name.casefold() in _NOTHING else name[:_LONGEST_LABEL]


def without_accents(text: str) -> str:
    """Leave out the accents of Latin, Greek and Cyrillic letters; signs of other writing stand for themselves.

    >>> without_accents("Café à Łódź"), without_accents("がぎ")
    ('Cafe a Łodz', 'がぎ')
    """
    if text.isascii():
        return text
    kept: list[str] = []
    for sign in unicodedata.normalize("NFKD", text):
        if not (unicodedata.combining(sign) and kept and kept[-1] < _LAST_WITH_ACCENTS):
            kept.append(sign)
    return unicodedata.normalize("NFC", "".join(kept))


def written_sql(columns: Sequence[str]) -> str:
    """Write the SQL of what a row says in the columns of one role; several are put together as `source / medium`."""
    if len(columns) == 1:
        return f"raw.{quoted(columns[0])}"
    cells = ", ".join(f"nullif(trim(raw.{quoted(column)}), '')" for column in columns)
    return f"concat_ws(' / ', {cells})"


@dataclass(frozen=True)
class Lookup:
    """How a role's cells become labels: through `table` (written, label), or as they stand when it is None.

    `written` is the SQL of what a row of the staged table, called `raw`, says.
    """

    written: str
    table: str | None
    merged: tuple[Merged, ...] = ()
    #: Rows whose name was too long and was cut, and rows with signs that can't be seen.
    n_cut: int = 0
    n_invisible: int = 0

    @property
    def label_sql(self) -> str:
        return f"{self.table}.label" if self.table else f"nullif({self.written}, '')"

    @property
    def join_sql(self) -> str:
        return f"LEFT JOIN {self.table} ON {self.table}.written = {self.written}" if self.table else ""


def counted(draft: Draft, table: str, written: str) -> dict[str, int]:
    """Count the rows of everything that is written, the most frequent first."""
    # Written once: the engine would work out a condition on it a second time.
    rows = draft.rows(f"SELECT {written}, count(*) FROM {quoted(table)} AS raw GROUP BY 1 ORDER BY 2 DESC, 1")
    return {cells: n for cells, n in rows if cells}


def keep_labels(draft: Draft, lookup: str, labels: Mapping[str, str | None]) -> None:
    """Make the table (written, label) through which rows find their label."""
    columns = {"written": list(labels), "label": list(labels.values())}
    draft.take(lookup, pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()}))


def n_mended(n_rows: Mapping[str, int]) -> tuple[int, int]:
    """Count the rows whose name is cut because it is too long, and those with signs that can't be seen."""
    return (
        sum(n for cell, n in n_rows.items() if len(cell) > _LONGEST_LABEL),
        sum(n for cell, n in n_rows.items() if _INVISIBLE.search(cell)),
    )


def look_up_labels(
    draft: Draft,
    table: str,
    lookup: str,
    columns: Sequence[str],
    *,
    merges_case: bool,
    of: Callable[[str], str | None] = tidy,
) -> Lookup:
    """Clean everything that is written in the columns; where that changes nothing, no table `lookup` is needed."""
    written = written_sql(columns)
    n_rows = counted(draft, table, written)
    labels = {cell: of(cell) for cell in n_rows}
    merged = _merge_case(labels, n_rows) if merges_case else []
    if all(cell == label for cell, label in labels.items()):
        return Lookup(written, None)
    keep_labels(draft, lookup, labels)
    return Lookup(written, lookup, tuple(merged), *n_mended(n_rows))


def _merge_case(labels: dict[str, str | None], n_rows: dict[str, int]) -> list[Merged]:
    """Give spellings of one name the most frequent one."""
    weights: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for cell, label in labels.items():
        if label is not None:
            weights[label.casefold()][label] += n_rows[cell]
    kept = {key: min(spellings, key=lambda each: (-spellings[each], each)) for key, spellings in weights.items()}
    for cell, label in labels.items():
        if label is not None:
            labels[cell] = kept[label.casefold()]
    return [
        Merged(kept[key], tuple(sorted(set(spellings) - {kept[key]})))
        for key, spellings in weights.items()
        if len(spellings) > 1
    ]


def bare_sql(cell: str) -> str:
    """Write the SQL of a cell without the blanks around it; missing when nothing is left.

    Trimming is the dearest thing that is done to a cell, so that only cells are trimmed that begin or end with a blank.
    """
    ends = " OR ".join(f"suffix({cell}, {sign})" for sign in ("' '", "'\t'", "'\r'", "'\n'"))
    return f"CASE WHEN {cell} < '!' OR {ends} THEN nullif(trim({cell}, ' \t\r\n'), '') ELSE {cell} END"
