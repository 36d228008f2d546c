"""One SQLite file that survives a power cut: a write-ahead log, commits that are on the disk, and a growing schema."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from journey.disk import keep_private
from journey.errors import JourneyError


class SqliteFile:
    """A database in one file; safe for any number of threads and processes.

    Where the folder may only be read, the file is read and never changed.

    Parameters
    ----------
    path
        The file; made if it is not there, readable by its owner only.
    migrations
        What brings the schema from each version to the next. Only ever added to: old files take the same way.

    Attributes
    ----------
    is_writable
        Whether the file may be changed from here.
    reading, writing
        Engines; each `begin()` of theirs is one transaction, one of `writing` keeps other writers out from its start.

    Raises
    ------
    JourneyError
        When a newer version of the product wrote the file, or when it may only be read and nobody made it yet.
    """

    def __init__(self, path: Path, migrations: Sequence[Sequence[str]]) -> None:
        self.path, self._migrations = path, migrations
        self.is_writable = os.access(path.parent, os.W_OK)
        self.reading = sa.create_engine(
            sa.URL.create("sqlite", database=str(path)),
            poolclass=sa.NullPool,
            **({} if self.is_writable else {"creator": self._read_only}),
        )
        sa.event.listen(self.reading, "connect", _prepare)
        sa.event.listen(self.reading, "begin", _begin)
        self.writing = self.reading.execution_options(begin="IMMEDIATE")
        self._counting = threading.Lock()
        if not self.is_writable:
            self._require_schema()
            return
        with _alone(path):
            self._migrate()
        # As long as one connection is open, others need no new files: a full disk can still be read.
        self._held = self.reading.connect()
        with self._held.begin():
            _schema_version(self._held)

    @contextmanager
    def counting(self) -> Iterator[sa.Connection]:
        """Write in a transaction that a power cut may undo, without waiting for the disk; nothing else goes with it."""
        # Who waits for SQLite's own lock looks again only now and then; here the next one goes on at once.
        with self._counting, closing(self.writing.connect()) as connection:
            connection.connection.cursor().execute("PRAGMA synchronous = NORMAL")
            with connection.begin():
                yield connection

    def _read_only(self) -> sqlite3.Connection:
        # Without a log nobody is writing, and SQLite could not make the one it asks for.
        is_still = not self.path.with_name(f"{self.path.name}-wal").exists()
        address = f"file:{quote(str(self.path))}?mode=ro{'&immutable=1' if is_still else ''}"
        return sqlite3.connect(address, uri=True, check_same_thread=False)

    def _require_schema(self) -> None:
        known = 0
        if self.path.exists():
            with self.reading.connect() as connection:
                known = _schema_version(connection)
        if known < len(self._migrations):
            raise JourneyError.not_made_yet(str(self.path.parent))
        self._require_known(known)

    def _require_known(self, version: int) -> None:
        if version > len(self._migrations):
            raise JourneyError.newer_workspace(str(self.path.parent))

    def _migrate(self) -> None:
        if not self.path.exists():
            self.path.touch(mode=0o600)
        keep_private(self.path)
        with self.reading.connect() as connection:
            known = _schema_version(connection)
        if known == len(self._migrations):
            return
        if known == 0:
            # Kept in the file; it can't be set inside a transaction.
            with closing(self.reading.raw_connection()) as file:
                file.cursor().execute("PRAGMA journal_mode = WAL")
        with self.writing.begin() as connection:
            known = _schema_version(connection)
            self._require_known(known)
            for statements in self._migrations[known:]:
                for statement in statements:
                    connection.exec_driver_sql(statement)
            connection.exec_driver_sql(f"PRAGMA user_version = {len(self._migrations)}")


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep other processes and threads from making the same file at the same time."""
    place = path.with_suffix(".lock")
    if not place.exists():
        place.touch(mode=0o600)
    keep_private(place)
    with place.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _schema_version(connection: sa.Connection) -> int:
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def _prepare(connection: Any, _record: object) -> None:
    # Python's driver must not open transactions of its own; `_begin` does, so that schema changes are in them, too.
    connection.isolation_level = None
    for pragma in ("busy_timeout = 10000", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection) -> None:
    kind = connection.get_execution_options().get("begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {kind}")
