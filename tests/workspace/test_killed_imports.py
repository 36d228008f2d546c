"""An import that ends at whatever moment, however it ends, leaves the old state or the new one, and no half dataset."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from journey.errors import JourneyError
from journey.workspace import Workspace
from tests.workspace.random_kills import NEW, OLD, PHASES, imported
from tests.workspace.stand_in import kept, upload
from tests.workspace.test_workspace import grow_old, leftovers

ROOT = Path(__file__).parents[2]
N_KILLS = 2 * len(PHASES)
#: Room in kB: too little for the file, for reading it, and enough.
FREE_KILOBYTES = (10, 1000, 8000)


def ran(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_killed_before_each_thing_it_does_the_old_or_the_new_state_is_there(tmp_path: Path, ready: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.workspace.kill", str(tmp_path), str(ready)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    kills = [json.loads(line) for line in ran.stdout.splitlines()]
    states = []
    for kill in kills:
        workspace = Workspace(tmp_path / kill["home"])
        names = [info.name for info in workspace.datasets()]
        assert names in (["Old"], ["New", "Old"]), kill
        assert names == ["New", "Old"] or not kill["answered"], kill
        for info in workspace.datasets():
            dataset = workspace.open(info.id)
            assert (dataset.summary.customers, dataset.summary.interactions) == (2, 3), kill
            dataset.engine.close()
        states.append(names)
    # Once the new state is there it stays, and only the commit brings it.
    turn = states.index(["New", "Old"])
    assert all(names == ["Old"] for names in states[:turn])
    assert all(names == ["New", "Old"] for names in states[turn:])
    assert kills[turn - 1]["before"] == "commit"
    assert len(kills) >= 40
    assert {"open", "fsync", "os.rename", "os.mkdir", "commit"} <= {kill["before"] for kill in kills}


def test_the_next_start_sweeps_what_a_killed_import_left_and_the_import_works_again(
    tmp_path: Path, workspace: Workspace, ready: Path
) -> None:
    shutil.copytree(ready, workspace.home / "datasets" / "unwritten" / "version")
    shutil.copytree(ready, workspace.home / "staging" / "half")
    grow_old(workspace.home)
    restarted = Workspace(workspace.home)
    assert not leftovers(restarted)
    assert restarted.datasets() == []
    assert kept(restarted).customers == 2


def test_killed_at_random_moments_while_really_reading_the_old_or_the_new_state_is_there(tmp_path: Path) -> None:
    killed = ran([sys.executable, "-m", "tests.workspace.random_kills", str(tmp_path), str(N_KILLS)])
    assert killed.returncode == 0, killed.stdout + killed.stderr
    told = json.loads(killed.stdout.splitlines()[-1])
    assert (told["kills"], told["wrong"]) == (N_KILLS, 0)
    assert set(told["killed during"]) == set(PHASES)


def may_mount() -> bool:
    return (
        shutil.which("unshare") is not None
        and not ran(["unshare", "-Urm", "mount", "-t", "tmpfs", "none", "/mnt"]).returncode
    )


@pytest.mark.skipif(not may_mount(), reason="this system lets no ordinary process lay a small disk over a folder")
def test_a_disk_that_fills_up_on_the_way_is_told_and_harms_nothing(tmp_path: Path) -> None:
    tried = ran(
        ["unshare", "-Urm", sys.executable, "-m", "tests.workspace.full_disk", str(tmp_path), *map(str, FREE_KILOBYTES)]
    )
    assert tried.returncode == 0, tried.stderr
    for line in tried.stdout.splitlines():
        told = json.loads(line)
        assert (told["told"], told["names"]) in (("DISK_LOW", ["Old"]), ("", ["New", "Old"])), told
        assert told["afterwards"] == {"New": 900, "Old": 600}, told
    assert json.loads(tried.stdout.splitlines()[0])["told"] == "DISK_LOW"


def test_cancelled_half_way_nothing_is_kept_and_the_next_try_works(tmp_path: Path) -> None:
    home = Workspace(tmp_path / "home")
    for stop_at in (0.0, 0.5):
        uploads = [upload(home, NEW)]
        with pytest.raises(KeyboardInterrupt):
            home.inspect(uploads, stopping(stop_at))
        recipe = home.inspect(uploads).recipe
        with pytest.raises(KeyboardInterrupt):
            home.keep(uploads, recipe, "New", stopping(stop_at))
        assert home.datasets() == []
        assert home.keep(uploads, recipe, "New").interactions == 900
        assert not leftovers(home)
        home.delete(home.datasets()[0].id)


def stopping(at: float) -> Callable[[float, str], None]:
    """A progress that ends the import once it is so far."""

    def step(share: float, _what: str) -> None:
        if share >= at:
            raise KeyboardInterrupt

    return step


def test_two_files_imported_at_once_become_two_datasets_and_the_same_file_is_known(tmp_path: Path) -> None:
    home = Workspace(tmp_path / "home")
    with ThreadPoolExecutor(2) as people:
        list(people.map(lambda each: imported(home, *each), [(OLD, "Old"), (NEW, "New")]))
    assert {info.name: info.interactions for info in home.datasets()} == {"Old": 600, "New": 900}
    imported(home, NEW, "The same again")
    assert {info.name for info in home.datasets()} == {"Old", "New"}
    assert home.already_here([upload(home, NEW, "renamed.csv")]) is not None


def test_a_file_that_breaks_a_limit_leaves_nothing_of_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("journey.ingest.guard.limits.WRITTEN_LEAST_BYTES", 20_000)
    monkeypatch.setattr("journey.ingest.guard.limits.WRITTEN_TIMES_FILE", 0)
    home = Workspace(tmp_path / "home")
    uploads = [upload(home, NEW)]
    with pytest.raises(JourneyError, match=r"unpacks to more than 20.0 kB"):
        home.inspect(uploads)
    home.discard(uploads)
    assert not leftovers(home)
    assert home.datasets() == []
