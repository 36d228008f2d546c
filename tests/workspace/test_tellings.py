"""What shared documents told of is remembered as long as the dataset is there."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing

import pytest
from sqlalchemy.exc import IntegrityError

from journey.errors import JourneyError
from journey.sqlite_file import SqliteFile
from journey.workspace import Workspace, catalogue
from journey.workspace.tellings import Telling
from tests.workspace.stand_in import LOG, kept

FIRST, SECOND = Telling("[]", 0, b"\x00\xff" * 8), Telling("[]", 1, b"\x07" * 8)


def always(*tellings: Telling) -> Callable[[list[Telling]], tuple[Telling, ...]]:
    return lambda _earlier: tellings


def test_what_was_told_comes_back_the_oldest_first_and_each_set_of_customers_once(workspace: Workspace) -> None:
    spring, other = kept(workspace), kept(workspace, LOG + b"c,2025-01-03,see\n", "Other")
    assert workspace.tellings.of(spring.id) == []
    workspace.tellings.note(spring.id, always(FIRST, SECOND))
    workspace.tellings.note(spring.id, always(FIRST))
    workspace.tellings.note(other.id, always(Telling("other", 3, FIRST.digests)))
    assert workspace.tellings.of(spring.id) == [FIRST, SECOND]
    assert Workspace(workspace.home).tellings.of(spring.id) == [FIRST, SECOND]
    assert workspace.tellings.of(other.id) == [Telling("other", 3, FIRST.digests)]


def test_of_two_at_once_the_second_sees_what_the_first_told(workspace: Workspace) -> None:
    info, seen, is_choosing, may_go_on = kept(workspace), list[int](), threading.Event(), threading.Event()

    def slowly(earlier: list[Telling]) -> list[Telling]:
        seen.append(len(earlier))
        is_choosing.set()
        may_go_on.wait(5)
        return [FIRST]

    def quickly(earlier: list[Telling]) -> list[Telling]:
        seen.append(len(earlier))
        return [SECOND]

    first = threading.Thread(target=workspace.tellings.note, args=(info.id, slowly))
    first.start()
    assert is_choosing.wait(5)
    second = threading.Thread(target=workspace.tellings.note, args=(info.id, quickly))
    second.start()
    may_go_on.set()
    first.join()
    second.join()
    assert seen == [0, 1]
    assert workspace.tellings.of(info.id) == [FIRST, SECOND]


def test_nothing_is_noted_when_the_choice_fails(workspace: Workspace) -> None:
    info = kept(workspace)

    def refuse(_earlier: list[Telling]) -> list[Telling]:
        raise JourneyError.shared_meanwhile()

    with pytest.raises(JourneyError, match="Preview it once more"):
        workspace.tellings.note(info.id, refuse)
    assert workspace.tellings.of(info.id) == []


def test_it_goes_with_its_dataset_and_there_is_none_without_one(workspace: Workspace) -> None:
    info = kept(workspace)
    workspace.tellings.note(info.id, always(FIRST))
    workspace.delete(info.id)
    assert workspace.tellings.of(info.id) == []
    with pytest.raises(IntegrityError):
        workspace.tellings.note(info.id, always(FIRST))
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
    migrated.tellings.note(info.id, always(FIRST))
    assert migrated.tellings.of(info.id) == [FIRST]
