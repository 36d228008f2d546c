"""The one door to a database: expressions in, Arrow out.

A dataset version is a DuckDB file that never changes. `Engine` opens it read-only and answers Ibis expressions;
`Draft` is a file being built, before anyone reads it. No other module imports a driver.
"""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

# What comes from a file is data: it must neither load code, nor read other files, nor find Python variables.
_LOCKED_DOWN = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
}
_SQL_CACHE_SIZE = 2_000
# Drawn anew by every process: no text from data can look like it.
_MARK = f"_{secrets.token_hex(8)}_"
_PARAMETER = re.compile(f"'{_MARK}([a-z][a-z0-9_]*){_MARK}'")


class Engine:
    """One dataset version, open for reading from any number of threads."""

    def __init__(self, path: Path) -> None:
        self._connection = duckdb.connect(":memory:", config=cast("dict[str, Any]", _LOCKED_DOWN))
        self._connection.execute(f"ATTACH {literal(str(path))} AS version (READ_ONLY)")
        tables = self._connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_catalog = 'version'"
        ).fetchall()
        # Side tables (personas) live in memory beside the file, so both are named without their catalogue.
        for (name,) in tables:
            self._connection.execute(f"CREATE VIEW {quoted(name)} AS SELECT * FROM version.{quoted(name)}")
        self._backend = ibis.duckdb.from_connection(self._connection)
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET lock_configuration = true")
        self._tables = {name: self._backend.table(name) for (name,) in tables}
        self._lock = threading.Lock()
        self._threads = threading.local()
        self._questions: dict[Hashable, _Question] = {}

    def table(self, name: str) -> ir.Table:
        """Hand out a table or side table; `KeyError` when there is none."""
        return self._tables[name]

    def has_table(self, name: str) -> bool:
        return name in self._tables

    def add_side_table(self, name: str, rows: pa.Table) -> None:
        """Keep rows in memory beside the version, under a name not used before."""
        with self._lock:
            if name in self._tables:
                return
            cursor = self._connection.cursor()
            cursor.register("side_rows", rows)
            cursor.execute(f"CREATE TABLE {quoted(name)} AS SELECT * FROM side_rows")
            cursor.unregister("side_rows")
            cursor.close()
            self._tables[name] = self._backend.table(name)

    def run(
        self, key: Hashable, build: Callable[[], ir.Table], parameters: Mapping[str, object] | None = None
    ) -> pa.Table:
        """Answer an expression; `build` is only called when the SQL for `key` is not known yet.

        Compiling takes 3–100 ms and depends on nothing but `key`, so that the SQL is kept, the result is not. What may
        change from question to question stands in the expression as `parameter(name, …)`; its value is bound.
        """
        question = self._questions.get(key)
        if question is None:
            question = _Question.of(str(self._backend.compile(build())))
            with self._lock:
                if len(self._questions) >= _SQL_CACHE_SIZE:
                    self._questions.pop(next(iter(self._questions)))
                self._questions[key] = question
        bound = {name: (parameters or {})[name] for name in question.parameters}
        return _plain(self._cursor().execute(question.sql, bound or None).to_arrow_table())

    def close(self) -> None:
        self._connection.close()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        # A cursor per thread: DuckDB answers them side by side, an Ibis backend is not thread-safe.
        cursor = getattr(self._threads, "cursor", None)
        if cursor is None:
            cursor = self._threads.cursor = self._connection.cursor()
        return cast("duckdb.DuckDBPyConnection", cursor)


@dataclass(frozen=True)
class _Question:
    """Compiled SQL, and the names of the parameters in it."""

    sql: str
    parameters: tuple[str, ...]

    @classmethod
    def of(cls, compiled: str) -> _Question:
        names = tuple(sorted(set(_PARAMETER.findall(compiled))))
        return cls(_PARAMETER.sub(r"$\1", compiled), names)


def parameter(name: str, kind: str) -> ir.Value:
    """Stand for a value of the Ibis type `kind` that is bound when the expression is answered.

    Ibis writes values into the SQL; so a mark that no data can hold is written, and exchanged for a bound parameter.
    """
    return ibis.literal(f"{_MARK}{name}{_MARK}").cast(kind)


class Draft:
    """A database file being built by one writer; SQL in, rows or Arrow out."""

    def __init__(self, path: Path | None = None, *, memory_limit: str | None = None) -> None:
        settings: dict[str, Any] = dict(_LOCKED_DOWN)
        if memory_limit:
            settings["memory_limit"] = memory_limit
        self._connection = duckdb.connect(str(path) if path else ":memory:", config=settings)

    def execute(self, sql: str, parameters: list[Any] | None = None) -> None:
        self._connection.execute(sql, parameters)

    def rows(self, sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql, parameters).fetchall()

    def arrow(self, sql: str, parameters: list[Any] | None = None) -> pa.Table:
        return self._connection.execute(sql, parameters).to_arrow_table()

    def take(self, name: str, rows: pa.Table | pa.RecordBatchReader) -> None:
        """Create a table from Arrow, batch by batch."""
        self._connection.register("taken_rows", rows)
        self._connection.execute(f"CREATE OR REPLACE TABLE {quoted(name)} AS SELECT * FROM taken_rows")
        self._connection.unregister("taken_rows")

    def attach(self, path: Path, name: str) -> None:
        """Make the tables of another draft readable as `name.table`."""
        self._connection.execute(f"ATTACH {literal(str(path))} AS {quoted(name)} (READ_ONLY)")

    def columns(self, table: str) -> list[str]:
        return [row[0] for row in self.rows(f"DESCRIBE {quoted(table)}")]

    def close(self) -> None:
        self._connection.close()


def quoted(name: str) -> str:
    """Quote an identifier for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text for SQL; values that fit a parameter go there instead."""
    return "'" + text.replace("'", "''") + "'"


def frozen(value: object) -> Hashable:
    """Make an argument usable as part of a cache key."""
    if isinstance(value, dict):
        return tuple((key, frozen(item)) for key, item in sorted(value.items()))
    if isinstance(value, list | tuple):
        return tuple(frozen(item) for item in cast("Iterable[object]", value))
    return value


def _plain(table: pa.Table) -> pa.Table:
    """Turn dictionary columns (enumerations in the file) into plain text columns."""
    for position, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            table = table.set_column(position, field.name, table.column(position).cast(field.type.value_type))
    return table
