"""What shared documents told of is remembered as long as the dataset is there."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy.exc import IntegrityError

from journey.sqlite_file import SqliteFile
from journey.workspace import Workspace, catalogue
from journey.workspace.tellings import Telling
from tests.workspace.stand_in import LOG, kept


def test_what_was_told_comes_back_the_oldest_first_and_each_set_of_customers_once(workspace: Workspace) -> None:
    spring, other = kept(workspace), kept(workspace, LOG + b"c,2025-01-03,see\n", "Other")
    assert workspace.tellings.of(spring.id) == []
    first, second = frozenset({0, 7, 2**64 - 1}), frozenset({7})
    for digests, epoch in ((first, 0), (second, 1), (first, 0)):
        workspace.tellings.note(spring.id, digests, epoch)
    workspace.tellings.note(other.id, first, 3)
    told = [Telling(first, 0), Telling(second, 1)]
    assert workspace.tellings.of(spring.id) == told
    assert Workspace(workspace.home).tellings.of(spring.id) == told
    assert workspace.tellings.of(other.id) == [Telling(first, 3)]


def test_it_goes_with_its_dataset_and_there_is_none_without_one(workspace: Workspace) -> None:
    info = kept(workspace)
    workspace.tellings.note(info.id, {1, 2}, 0)
    workspace.delete(info.id)
    assert workspace.tellings.of(info.id) == []
    with pytest.raises(IntegrityError):
        workspace.tellings.note(info.id, {1, 2}, 0)
    with closing(sqlite3.connect(workspace.home / "catalogue.db")) as file:
        assert file.execute("SELECT count(*) FROM tellings").fetchone() == (0,)


def test_a_home_of_the_first_schema_is_brought_to_this_one_with_its_datasets(workspace: Workspace) -> None:
    info = kept(workspace)
    path = workspace.home / "catalogue.db"
    with closing(sqlite3.connect(path)) as file:
        file.execute("DROP TABLE tellings")
        file.execute("PRAGMA user_version = 1")
    SqliteFile(path, catalogue._MIGRATIONS[:1])
    migrated = Workspace(workspace.home)
    assert migrated.datasets() == [info]
    migrated.tellings.note(info.id, {1}, 0)
    assert migrated.tellings.of(info.id) == [Telling(frozenset({1}), 0)]
