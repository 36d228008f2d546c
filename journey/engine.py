"""The one door to a database: expressions in, Arrow out.

A dataset version is a DuckDB file that never changes. `Engine` opens it read-only and answers Ibis expressions;
`Draft` is a file being built, before anyone reads it. No other module imports a driver.
"""

from __future__ import annotations

import re
import secrets
import shutil
import threading
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import duckdb
import pyarrow as pa

if TYPE_CHECKING:
    # Ibis takes long to load, and who only builds a file asks nothing with it.
    import ibis.expr.types as ir

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
        import ibis

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
    import ibis

    return ibis.literal(f"{_MARK}{name}{_MARK}").cast(kind)


class Draft:
    """A database file being built by one writer; SQL in, rows or Arrow out.

    Tables lie in memory, or on disk beside the file when memory is short; `save` writes those that are left. So each
    is written once, and what was only worked with takes no room in the file. Large ones are created there at once, in
    the catalogue `kept`.
    """

    def __init__(self, path: Path | None = None, *, memory_limit: str | None = None) -> None:
        settings: dict[str, Any] = dict(_LOCKED_DOWN)
        if memory_limit:
            settings["memory_limit"] = memory_limit
        if path is not None:
            settings["temp_directory"] = f"{path}.spill"
        self._folder = path.with_name(f"{path.name}.parts") if path else None
        self._keeps_folder = False
        self._shown: dict[str, str] = {}
        self._connection = duckdb.connect(":memory:", config=settings)
        kept = f"{literal(str(path))} AS kept (STORAGE_VERSION 'latest')" if path else "':memory:' AS kept"
        self._connection.execute(f"ATTACH {kept}")
        self._connection.execute("SET search_path = 'memory.main,kept.main'")
        self._connection.execute("SET enable_progress_bar = false")

    def execute(self, sql: str, parameters: list[Any] | None = None) -> None:
        self._connection.execute(sql, parameters)

    def rows(self, sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql, parameters).fetchall()

    def arrow(self, sql: str, parameters: list[Any] | None = None) -> pa.Table:
        return self._connection.execute(sql, parameters).to_arrow_table()

    def batches(self, sql: str, n_rows: int) -> pa.RecordBatchReader:
        """Answer in Arrow batches of about `n_rows` rows; read to the end before the next question."""
        return self._connection.execute(sql).to_arrow_reader(n_rows)

    def take(self, name: str, rows: pa.Table | pa.RecordBatchReader) -> None:
        """Create a table from Arrow, batch by batch."""
        self._connection.register("taken_rows", rows)
        self._connection.execute(f"CREATE OR REPLACE TABLE {quoted(name)} AS SELECT * FROM taken_rows")
        self._connection.unregister("taken_rows")

    def append(self, name: str, rows: pa.Table | pa.RecordBatchReader) -> None:
        """Put Arrow rows into a table, batch by batch, whose columns they have in its order; `name` is SQL."""
        self._connection.register("appended_rows", rows)
        self._connection.execute(f"INSERT INTO {name} SELECT * FROM appended_rows")
        self._connection.unregister("appended_rows")

    def create_names(self, name: str, values: Sequence[str]) -> None:
        """Create a type of names, numbered in the order given, that kept tables may use."""
        self._connection.execute(f"CREATE TYPE kept.{quoted(name)} AS ENUM ({', '.join(map(literal, values))})")

    @property
    def folder(self) -> Path | None:
        """A folder for large files of the draft, gone with it unless they are kept; None when all is in memory."""
        if self._folder is not None:
            self._folder.mkdir(mode=0o700, exist_ok=True)
        return self._folder

    def show(self, name: str, paths: Sequence[Path]) -> None:
        """Show Parquet files of `folder` as one table."""
        files = ", ".join(literal(str(path)) for path in paths)
        self._shown[name] = f"SELECT * FROM read_parquet([{files}])"
        self._connection.execute(f"CREATE VIEW {quoted(name)} AS {self._shown[name]}")

    def drop(self, *tables: str) -> None:
        """Drop tables, whether they are held or shown."""
        for table in tables:
            kind = "VIEW" if self._shown.pop(table, None) else "TABLE"
            self._connection.execute(f"DROP {kind} {quoted(table)}")

    def rename(self, table: str, name: str) -> None:
        """Call a table something else, whether it is held or shown."""
        kind = "TABLE"
        if table in self._shown:
            kind, self._shown[name] = "VIEW", self._shown.pop(table)
        self._connection.execute(f"ALTER {kind} {quoted(table)} RENAME TO {quoted(name)}")

    def save(self) -> None:
        """Write every table that is left into the file; what is shown of files goes on being shown."""
        left = self.rows("SELECT table_name FROM duckdb_tables() WHERE database_name = 'memory' AND NOT temporary")
        for (name,) in left:
            self._connection.execute(f"CREATE TABLE kept.{quoted(name)} AS SELECT * FROM memory.{quoted(name)}")
        for name, selected in self._shown.items():
            self._connection.execute(f"CREATE VIEW kept.{quoted(name)} AS {selected}")
        self._keeps_folder = self._keeps_folder or bool(self._shown)
        self.drop(*(name for (name,) in left), *self._shown)

    def attach(self, path: Path, name: str) -> None:
        """Make the tables of another draft readable as `name.table`."""
        self._connection.execute(f"ATTACH {literal(str(path))} AS {quoted(name)} (READ_ONLY)")

    def columns(self, table: str) -> list[str]:
        return [row[0] for row in self.rows(f"DESCRIBE {quoted(table)}")]

    def close(self) -> None:
        self._connection.close()
        if self._folder is not None and not self._keeps_folder:
            shutil.rmtree(self._folder, ignore_errors=True)


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
