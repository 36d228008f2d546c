"""An import killed at whatever moment leaves the old state or the new one, and no half dataset."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from journey.workspace import Workspace
from tests.workspace.stand_in import kept
from tests.workspace.test_workspace import grow_old, leftovers

ROOT = Path(__file__).parents[2]


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
