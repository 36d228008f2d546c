"""A file of tables whose schema moves forward whole or not at all."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from journey.errors import JourneyError
from journey.sqlite_file import SqliteFile

FIRST = ("CREATE TABLE things (name TEXT)",)
SECOND = ("ALTER TABLE things ADD COLUMN colour TEXT", "UPDATE things SET colour = 'red'")
BROKEN = ("CREATE TABLE more (name TEXT)", "ALTER TABLE absent ADD COLUMN colour TEXT")


def things(file: SqliteFile) -> list[tuple[object, ...]]:
    with file.reading.begin() as connection:
        return [tuple(row) for row in connection.exec_driver_sql("SELECT * FROM things")]


def version_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "things.sqlite"
    with SqliteFile(path, [FIRST]).writing.begin() as connection:
        connection.exec_driver_sql("INSERT INTO things VALUES ('a')")
    return path


def test_an_old_file_is_brought_forward_with_what_it_holds(path: Path) -> None:
    assert things(SqliteFile(path, [FIRST, SECOND])) == [("a", "red")]
    assert version_of(path) == 2
    assert things(SqliteFile(path, [FIRST, SECOND])) == [("a", "red")]


def test_a_new_file_takes_the_same_way(tmp_path: Path) -> None:
    assert things(SqliteFile(tmp_path / "new.sqlite", [FIRST, SECOND])) == []
    assert version_of(tmp_path / "new.sqlite") == 2


def test_a_migration_that_breaks_off_changes_nothing(path: Path) -> None:
    with pytest.raises(sa.exc.OperationalError, match="no such table: absent"):
        SqliteFile(path, [FIRST, SECOND, BROKEN])
    assert version_of(path) == 1
    assert things(SqliteFile(path, [FIRST])) == [("a",)]


def test_a_file_of_a_newer_version_is_left_alone(path: Path) -> None:
    SqliteFile(path, [FIRST, SECOND])
    with pytest.raises(JourneyError, match="newer version of Journey") as error:
        SqliteFile(path, [FIRST])
    assert error.value.code == "NEWER_WORKSPACE"


def test_a_file_is_for_its_owner_only(path: Path) -> None:
    assert oct(path.stat().st_mode & 0o777) == "0o600"


def test_what_is_counted_is_there_for_others_at_once(path: Path) -> None:
    file, other = SqliteFile(path, [FIRST]), SqliteFile(path, [FIRST])
    with file.counting() as connection:
        connection.exec_driver_sql("INSERT INTO things VALUES ('b')")
    assert things(other) == [("a",), ("b",)]
    with pytest.raises(sa.exc.OperationalError), file.counting() as connection:
        connection.exec_driver_sql("INSERT INTO things SELECT 'c' FROM absent")
    assert things(other) == [("a",), ("b",)]
