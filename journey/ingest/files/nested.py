"""Cells that hold JSON become columns: the values of an object, and of a list of keys and values as GA4 writes it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from journey.engine import Draft, literal, quoted
from journey.ingest.files.staging import StagedTable
from journey.ingest.wide_rows import wide_rows

MOST_KEYS: Final = 60
_SAMPLE_ROWS: Final = 400
_MOSTLY: Final = 0.8
_DEEPEST: Final = 3
#: Where a list of keys and values keeps the value, by its type.
_TYPED_VALUES: Final = ("string_value", "int_value", "float_value", "double_value")
#: Signs with a meaning of their own in a path; keys that hold one are left in their cell.
_PATH_SIGNS: Final = frozenset('"\\*')

Path = tuple[str, ...]


@dataclass(frozen=True)
class _Nested:
    """A column of objects or of lists of keys and values, and the paths that lead to single values in it."""

    header: str
    column: str
    paths: tuple[Path, ...]
    is_list: bool = False
    has_typed_values: bool = False


def unfolded(draft: Draft, staged: StagedTable) -> StagedTable:
    """Add a column `header.key` for the single values in cells that hold JSON; the cells themselves stay.

    A column counts as JSON when most of its filled cells are objects, or lists of `{key, value}`. The keys that most
    rows have become columns, up to `MOST_KEYS`; lists and what lies deeper than three levels stay in their cell.
    """
    found = [each for each in _nested(draft, staged) if each.paths]
    added: dict[str, str] = {}
    for each in found:
        for place, path in enumerate(each.paths, start=1):
            header = ".".join((each.header, *path))
            if header not in staged.header:
                added.setdefault(header, _value(each, place, path))
    if not added:
        return staged
    cells = ", ".join(f"{sql} AS c{place}" for place, sql in enumerate(added.values(), len(staged.header)))
    taken = ", ".join(_taken(each) for each in found)
    parts = ", ".join(part for each in found for part in _parts(each))
    table, fresh = quoted(staged.table), quoted(f"{staged.table}_unfolded")
    draft.execute(f"CREATE TABLE {fresh} AS SELECT * EXCLUDE ({parts}), {cells} FROM (SELECT *, {taken} FROM {table})")
    draft.drop(staged.table)
    draft.execute(f"ALTER TABLE {fresh} RENAME TO {table}")
    return replace(staged, header=(*staged.header, *added))


# --- Which columns -----------------------------------------------------------------------------------------------


def _nested(draft: Draft, staged: StagedTable) -> Iterator[_Nested]:
    every = max(1, staged.n_rows // _SAMPLE_ROWS)
    rows = wide_rows(
        draft,
        staged.columns,
        f"FROM {quoted(staged.table)} "
        f"WHERE ragged IS NULL AND line % {every} = 0 ORDER BY line LIMIT {2 * _SAMPLE_ROWS}",
    )
    for place, (header, column) in enumerate(zip(staged.header, staged.columns, strict=True)):
        filled = [str(row[place]).strip() for row in rows if row[place] is not None and str(row[place]).strip()]
        for first, reading in (("{", _objects), ("[", _lists)):
            if filled and sum(cell.startswith(first) for cell in filled) >= _MOSTLY * len(filled):
                values = [value for cell in filled if (value := _read(cell)) is not None]
                if len(values) >= _MOSTLY * len(filled):
                    yield reading(header, column, values)


def _read(cell: str) -> Any:
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return None


def _objects(header: str, column: str, values: Sequence[Any]) -> _Nested:
    found = Counter(path for value in values if isinstance(value, dict) for path in _leaves(value, ()))
    return _Nested(header, column, _commonest(found))


def _lists(header: str, column: str, values: Sequence[Any]) -> _Nested:
    entries = [entry for value in values if isinstance(value, list) for entry in value]
    if not all(isinstance(entry, dict) and {"key", "value"} <= set(entry) for entry in entries):
        return _Nested(header, column, ())
    keys: Counter[Path] = Counter((str(entry["key"]),) for entry in entries)
    has_typed_values = any(isinstance(entry["value"], dict) for entry in entries)
    return _Nested(header, column, _commonest(keys), is_list=True, has_typed_values=has_typed_values)


def _leaves(value: dict[str, Any], before: Path) -> Iterator[Path]:
    for key, held in value.items():
        path = (*before, key)
        if not key or _PATH_SIGNS & set(key):
            continue
        if isinstance(held, dict):
            if len(path) < _DEEPEST:
                yield from _leaves(held, path)
        elif not isinstance(held, list):
            yield path


def _commonest(found: Counter[Path]) -> tuple[Path, ...]:
    """Choose the keys of most rows, and put them in an order that no order of rows changes."""
    chosen = sorted(found, key=lambda path: (-found[path], path))[:MOST_KEYS]
    return tuple(sorted(chosen))


# --- The SQL -----------------------------------------------------------------------------------------------------


def _parts(nested: _Nested) -> list[str]:
    """Name what is read out of a cell once, before its values are picked."""
    return [f"{nested.column}_keys", f"{nested.column}_values"] if nested.is_list else [f"{nested.column}_values"]


def _taken(nested: _Nested) -> str:
    """Write the SQL that reads a cell once, whatever the number of its keys."""
    cell = f"CASE WHEN json_valid({nested.column}) THEN {nested.column} END"
    if not nested.is_list:
        paths = ", ".join(literal("$" + "".join(f'."{key}"' for key in path)) for path in nested.paths)
        return f"json_extract_string({cell}, [{paths}]) AS {nested.column}_values"
    held = "VARCHAR"
    value = "entry.value"
    if nested.has_typed_values:
        held = "{" + ", ".join(f'"{name}": "VARCHAR"' for name in _TYPED_VALUES) + "}"
        value = f"coalesce({', '.join(f'entry.value.{name}' for name in _TYPED_VALUES)})"
    shape = literal(f'[{{"key": "VARCHAR", "value": {held if nested.has_typed_values else json.dumps(held)}}}]')
    entries = f"json_transform({cell}, {shape})"
    return (
        f"list_transform({entries}, lambda entry: entry.key) AS {nested.column}_keys, "
        f"list_transform({entries}, lambda entry: {value}) AS {nested.column}_values"
    )


def _value(nested: _Nested, place: int, path: Path) -> str:
    if nested.is_list:
        return f"{nested.column}_values[list_position({nested.column}_keys, {literal(path[0])})]"
    return f"{nested.column}_values[{place}]"
