"""Datasets that are kept, found again, renamed and deleted."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from journey.disk import ORPHAN_SECONDS
from journey.errors import DatasetNotFoundError, FileUnreadableError, JourneyError, MappingError
from journey.workspace import Workspace, catalogue, default_home
from tests.workspace.stand_in import LOG, Ingest, Recipe, kept, upload
from tests.workspace.test_spool import Usage, files_in

OTHER_LOG = LOG + b"c,2025-01-03,see\n"


def leftovers(workspace: Workspace) -> list[Path]:
    return [path for folder in ("incoming", "staging", "bin") for path in (workspace.home / folder).iterdir()]


def grow_old(path: Path) -> None:
    long_ago = time.time() - ORPHAN_SECONDS - 60
    for each in (path, *path.rglob("*")):
        os.utime(each, (long_ago, long_ago))


# --- Keeping ---------------------------------------------------------------------------------------------------------


def test_an_import_becomes_a_dataset_that_tells_what_it_is(workspace: Workspace) -> None:
    info = kept(workspace)
    assert (info.name, info.customers, info.interactions) == ("Spring", 2, 3)
    assert info.source_names == ("log.csv",)
    assert info.first is not None
    assert info.last is not None
    assert info.first < info.last
    assert workspace.datasets() == [info]
    assert workspace.newest(info.id) == info == workspace.newest_dataset()


def test_a_version_is_a_directory_of_four_files_and_the_upload_is_gone(workspace: Workspace) -> None:
    info = kept(workspace)
    directory = workspace.home / "datasets" / info.id / info.version
    assert sorted(path.name for path in directory.iterdir()) == [
        "journey.duckdb", "recipe.yaml", "report.json", "set_aside.csv",
    ]  # fmt: skip
    assert not leftovers(workspace)


def test_an_opened_dataset_answers(workspace: Workspace) -> None:
    info = kept(workspace)
    dataset = workspace.open(info.id)
    assert dataset.version == info.version
    assert dataset.summary.customers == 2
    dataset.engine.close()


def test_a_new_workspace_on_the_same_home_has_the_same_datasets(workspace: Workspace) -> None:
    info = kept(workspace)
    restarted = Workspace(workspace.home)
    assert restarted.datasets() == [info]
    dataset = restarted.open(info.id, info.version)
    assert dataset.summary.interactions == 3
    dataset.engine.close()


def test_the_same_file_read_the_same_way_is_not_kept_twice(workspace: Workspace, ingest: Ingest) -> None:
    first = kept(workspace)
    assert kept(workspace, name="Again") == first
    assert workspace.datasets() == [first]
    assert ingest.n_built == 1
    assert not leftovers(workspace)


def test_the_same_file_is_recognised_before_its_mapping_is_known(workspace: Workspace) -> None:
    assert workspace.already_here([upload(workspace)]) is None
    info = kept(workspace)
    assert workspace.already_here([upload(workspace)]) == info
    other: Any = Recipe("who: email\n")
    assert workspace.already_here([upload(workspace)], other) is None
    assert workspace.already_here([upload(workspace, b"customer_id,country\n")]) is None


def test_the_same_file_read_another_way_is_another_dataset(workspace: Workspace) -> None:
    first = kept(workspace)
    other: Any = Recipe("who: email\n")
    second = workspace.keep([upload(workspace)], other, "By e-mail")
    assert [info.id for info in workspace.datasets()] == [second.id, first.id]


def test_the_order_of_files_does_not_matter(workspace: Workspace, ingest: Ingest) -> None:
    recipe: Any = Recipe()
    files = [upload(workspace), upload(workspace, b"customer_id,country\na,RO\n", "people.csv")]
    info = workspace.keep(files, recipe, "Spring")
    assert info.source_names == ("log.csv", "people.csv")
    again = [upload(workspace, b"customer_id,country\na,RO\n", "people.csv"), upload(workspace)]
    assert workspace.keep(again, recipe, "Spring") == info


def test_two_people_importing_the_same_file_at_once_get_one_dataset(workspace: Workspace) -> None:
    together = threading.Barrier(2)
    recipe: Any = Recipe()

    def import_it(name: str) -> Any:
        uploads = [upload(workspace)]
        return workspace.keep(
            uploads, recipe, name, lambda share, _what: together.wait(5) and None if not share else None
        )

    with ThreadPoolExecutor(2) as people:
        one, other = people.map(import_it, ["Ana", "Ben"])
    assert one == other
    assert len(workspace.datasets()) == 1
    assert [path.parent.name for path in files_in(workspace, "datasets")] == [one.version] * 4
    assert not leftovers(workspace)


def test_new_data_are_a_new_version_and_the_old_one_can_still_be_opened(workspace: Workspace) -> None:
    old = kept(workspace)
    new = kept(workspace, OTHER_LOG, dataset_id=old.id)
    assert (new.id, new.name) == (old.id, "Spring")
    assert workspace.datasets() == [new]
    for version in (old.version, new.version):
        dataset = workspace.open(old.id, version)
        assert dataset.version == version
        dataset.engine.close()


def test_a_version_for_a_dataset_that_is_not_here_is_refused_before_the_work(
    workspace: Workspace, ingest: Ingest
) -> None:
    with pytest.raises(DatasetNotFoundError):
        kept(workspace, dataset_id="nowhere")
    assert ingest.n_built == 0


def test_the_newest_dataset_is_the_one_imported_last_even_when_the_clock_was_set_back(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Earlier(catalogue.datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return catalogue.datetime(2001, 1, 1, tzinfo=tz)

    kept(workspace)
    with monkeypatch.context() as patched:
        patched.setattr(catalogue, "datetime", Earlier)
        later = kept(workspace, OTHER_LOG, "Autumn")
    assert workspace.newest_dataset() == later


def test_keeping_without_inspecting_inspects(workspace: Workspace, ingest: Ingest) -> None:
    recipe: Any = Recipe()
    workspace.keep([upload(workspace)], recipe, "Spring")
    assert (ingest.n_inspected, ingest.n_built) == (1, 1)


def test_an_upload_that_is_gone_is_said_to_be_gone(workspace: Workspace) -> None:
    uploads = [upload(workspace)]
    workspace.discard(uploads)
    with pytest.raises(FileUnreadableError, match=r"There is no file “log\.csv”"):
        workspace.inspect(uploads)


@pytest.mark.parametrize(
    ("asked", "name"), [("  ", "log.csv"), ("a\x00b", "ab"), ("Q1/Q2", "Q1/Q2"), ("x" * 500, "x" * 120)]
)
def test_any_name_is_only_a_name(workspace: Workspace, asked: str, name: str) -> None:
    assert kept(workspace, name=asked).name == name


# --- When it does not work out ---------------------------------------------------------------------------------------


def test_a_build_that_fails_leaves_the_upload_for_another_try_and_nothing_else(
    workspace: Workspace, ingest: Ingest
) -> None:
    ingest.error = MappingError.no_column_for("customer_id", ["a"])
    uploads = [upload(workspace)]
    recipe: Any = Recipe()
    with pytest.raises(MappingError):
        workspace.keep(uploads, recipe, "Spring")
    assert workspace.datasets() == []
    assert not files_in(workspace, "staging")
    assert not files_in(workspace, "datasets")
    ingest.error = None
    assert workspace.keep(uploads, recipe, "Spring").customers == 2


def test_an_exception_from_progress_cancels(workspace: Workspace) -> None:
    def stop(share: float, _what: str) -> None:
        if share >= 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kept(workspace, progress=stop)
    assert workspace.datasets() == []
    assert not files_in(workspace, "staging")


def test_a_disk_that_fills_up_while_building_is_told(workspace: Workspace, ingest: Ingest) -> None:
    ingest.error = OSError(28, "No space left on device")
    with pytest.raises(JourneyError, match=r"not enough room on the disk for “log\.csv”"):
        kept(workspace)
    assert workspace.datasets() == []
    assert not files_in(workspace, "staging")


def test_too_little_room_is_told_before_building(
    workspace: Workspace, ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads = [upload(workspace)]
    workspace.inspect(uploads)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10**9, 10**9, 1_000))
    recipe: Any = Recipe()
    with pytest.raises(JourneyError, match="not enough room"):
        workspace.keep(uploads, recipe, "Spring")
    assert ingest.n_built == 0


# --- Opening, renaming, deleting -------------------------------------------------------------------------------------


def test_many_threads_open_the_same_version_at_once(workspace: Workspace) -> None:
    info = kept(workspace)
    together = threading.Barrier(4)

    def counted(_thread: int) -> int:
        together.wait(5)
        dataset = workspace.open(info.id)
        customers = dataset.summary.customers
        dataset.engine.close()
        return customers

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(counted, range(4))) == [2, 2, 2, 2]


@pytest.mark.parametrize("wrong", ["nowhere", "", "..", "../datasets", "%", "' OR 1=1 --", "demo\x00"])
def test_what_is_not_here_is_not_found(workspace: Workspace, wrong: str) -> None:
    info = kept(workspace)
    for ask in (
        lambda: workspace.newest(wrong),
        lambda: workspace.open(wrong),
        lambda: workspace.open(info.id, wrong),
        lambda: workspace.rename(wrong, "x"),
        lambda: workspace.delete(wrong),
    ):
        with pytest.raises(DatasetNotFoundError):
            ask()
    assert workspace.datasets() == [info]


def test_a_version_of_another_dataset_is_not_found(workspace: Workspace) -> None:
    one, other = kept(workspace), kept(workspace, OTHER_LOG)
    with pytest.raises(DatasetNotFoundError):
        workspace.open(one.id, other.version)


def test_a_dataset_whose_files_were_taken_away_by_hand_is_not_found(workspace: Workspace) -> None:
    info = kept(workspace)
    shutil.rmtree(workspace.home / "datasets")
    with pytest.raises(DatasetNotFoundError):
        workspace.open(info.id)


def test_renaming_keeps_everything_else(workspace: Workspace) -> None:
    info = kept(workspace)
    workspace.rename(info.id, "Summer")
    assert workspace.newest(info.id).name == "Summer"
    workspace.rename(info.id, " ")
    assert workspace.newest(info.id).name == "Summer"
    assert workspace.newest(info.id).version == info.version


def test_a_deleted_dataset_is_gone_from_list_and_disk_while_open_ones_go_on(workspace: Workspace) -> None:
    info, other = kept(workspace), kept(workspace, OTHER_LOG, "Autumn")
    dataset = workspace.open(info.id)
    workspace.delete(info.id)
    assert workspace.datasets() == [other]
    assert not (workspace.home / "datasets" / info.id).exists()
    assert not leftovers(workspace)
    assert dataset.summary.interactions == 3
    dataset.engine.close()


def test_a_deleted_dataset_can_be_imported_again(workspace: Workspace) -> None:
    first = kept(workspace)
    workspace.delete(first.id)
    second = kept(workspace)
    assert second.id != first.id
    assert workspace.datasets() == [second]


# --- Sweeping --------------------------------------------------------------------------------------------------------


def test_a_start_sweeps_away_what_nobody_touched_for_an_hour(workspace: Workspace, ready: Path) -> None:
    info = kept(workspace)
    upload(workspace)
    for orphan in (
        workspace.home / "staging" / "half",
        workspace.home / "datasets" / info.id / "never-written-down",
        workspace.home / "datasets" / "whole-dataset" / "never-written-down",
        workspace.home / "bin" / "half-removed",
    ):
        shutil.copytree(ready, orphan)
    grow_old(workspace.home)
    Workspace(workspace.home)
    assert not leftovers(workspace)
    assert {path.parent.name for path in files_in(workspace, "datasets")} == {info.version}


def test_a_start_leaves_alone_what_another_process_may_be_working_on(workspace: Workspace, ready: Path) -> None:
    waiting = upload(workspace)
    grow_old(workspace.home)
    (waiting.path.parent / "room").mkdir()
    shutil.copytree(ready, workspace.home / "staging" / "growing", copy_function=shutil.copyfile)
    Workspace(workspace.home)
    assert waiting.path.exists()
    assert (workspace.home / "staging" / "growing").exists()


# --- The catalogue ---------------------------------------------------------------------------------------------------


def test_the_catalogue_is_written_for_keeps(workspace: Workspace) -> None:
    connection = workspace._catalogue._reading.raw_connection()
    try:
        cursor = connection.cursor()
        pragmas = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "user_version")
        }
    finally:
        connection.close()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "user_version": 2}


def test_the_tables_asked_are_the_tables_there_are(workspace: Workspace) -> None:
    connection = sqlite3.connect(workspace.home / "catalogue.db")
    for table in catalogue._metadata.tables.values():
        there = [row[1] for row in connection.execute(f"PRAGMA table_info({table.name})")]
        assert sorted(there) == sorted(column.name for column in table.columns)
    connection.close()


def test_a_home_of_a_newer_version_is_left_alone(workspace: Workspace) -> None:
    connection = sqlite3.connect(workspace.home / "catalogue.db")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(JourneyError, match="kept by a newer version of Journey"):
        Workspace(workspace.home)


def test_two_starts_at_once_on_an_empty_home_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as starts:
        assert list(starts.map(lambda _start: Workspace(tmp_path / "home").datasets(), range(4))) == [[]] * 4


# --- Where it lies ---------------------------------------------------------------------------------------------------


def test_the_home_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ana")
    for variable in ("JOURNEY_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(variable, raising=False)
    assert default_home() == Path("/home/ana/.local/share/journey")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert default_home() == Path("/data/journey")
    monkeypatch.setenv("JOURNEY_HOME", "~/kept")
    assert default_home() == Path("/home/ana/kept")
