"""Names in cells become labels: tidied, words for nothing taken as missing, spellings of one name merged.

A column of names has few different ones, so that each is looked at once and the rows look it up.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Sequence
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
        "undefined",
        "\\n",
        "(null)",
        "<null>",
        "#null!",
        "-",
        "--",
        "?",
        "(not set)",
    }
)
_LONGEST_LABEL = 120
_INVISIBLE = re.compile("\x1b\\[[0-9;]*m|[\u200b\u200c\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Merged:
    """Spellings that differ in case only, and the one that is kept."""

    kept: str
    others: tuple[str, ...]


def tidy(text: str) -> str | None:
    """Clean a name: spaces, invisible signs, composed letters, 120 letters at most; None for a word for nothing."""
    name = " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())
    return None if name.casefold() in _NOTHING else name[:_LONGEST_LABEL]


def written_sql(columns: Sequence[str]) -> str:
    """Write the SQL of what a row says in the columns of one role; several are put together as `source / medium`."""
    if len(columns) == 1:
        return f"raw.{quoted(columns[0])}"
    cells = ", ".join(f"nullif(trim(raw.{quoted(column)}), '')" for column in columns)
    return f"concat_ws(' / ', {cells})"


@dataclass(frozen=True)
class Lookup:
    """How a role's cells become labels: through `table` (written, label), or as they stand when it is None."""

    columns: tuple[str, ...]
    table: str | None
    merged: tuple[Merged, ...]

    @property
    def label_sql(self) -> str:
        return f"{self.table}.label" if self.table else f"nullif({written_sql(self.columns)}, '')"

    @property
    def join_sql(self) -> str:
        return f"LEFT JOIN {self.table} ON {self.table}.written = {written_sql(self.columns)}" if self.table else ""


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
    counted = draft.rows(
        f"SELECT {written}, count(*) FROM {quoted(table)} AS raw WHERE {written} <> '' GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    labels = {cell: of(cell) for cell, _n_rows in counted}
    merged = _merge_case(labels, dict(counted)) if merges_case else []
    if all(cell == label for cell, label in labels.items()):
        return Lookup(tuple(columns), None, ())
    rows = pa.table(
        {"written": pa.array(list(labels), pa.string()), "label": pa.array(list(labels.values()), pa.string())}
    )
    draft.take(lookup, rows)
    return Lookup(tuple(columns), lookup, tuple(merged))


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
