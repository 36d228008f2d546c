"""A change of a link that ends at whatever moment leaves the old document, the new one or none; never half of one."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from journey.sharing import Links
from tests.sharing.kill import CHANGES, LIBRARY
from tests.sharing.stand_ins import files_in, made, snapshot
from tests.workspace.test_workspace import grow_old

ROOT = Path(__file__).parents[2]
N_KILLS = 12
#: After each of so many kills links are changed again.
EACH = 5


def ran(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("killed")


@pytest.fixture(scope="module")
def kills(folders: Path) -> list[dict[str, Any]]:
    killed = ran([sys.executable, "-m", "tests.sharing.kill", str(folders)])
    assert killed.returncode == 0, killed.stderr
    return [json.loads(line) for line in killed.stdout.splitlines()]


def shown(links: Links) -> dict[str, object]:
    """What each link shows, by its title, and the version its row tells; both ways of being served agree."""
    told: dict[str, object] = {}
    for link in links.all():
        plain, compressed = links.document(link), links.document(link, is_compressed=True)
        if plain is not None and compressed is not None:
            assert gzip.decompress(compressed.document) == plain.document
            assert compressed.policy == plain.policy
        else:
            assert plain is compressed is None
        told[link.title] = (plain, link.version)
    return told


def test_killed_before_each_thing_it_does_a_link_shows_the_old_the_new_or_nothing(
    folders: Path, kills: list[dict[str, Any]]
) -> None:
    old, other = {"Ours": (snapshot("old"), "v1")}, {"Theirs": (snapshot("other"), "v1")}
    new = {
        "make": old | {"Spring": (snapshot("made"), "v1")},
        "refresh": {"Ours": (snapshot("new"), "v2")},
        "revoke": {"Ours": (None, "v1")},
        "library": old,
    }
    states: dict[str, list[bool]] = {change: [] for change in CHANGES}
    for kill in kills:
        links = Links(folders / kill["folder"])
        told = shown(links)
        assert told in (old | other, new[kill["change"]] | other), kill
        is_new = told != old | other
        assert is_new or not kill["answered"] or kill["change"] == "library", kill
        found = links.found(kill["token"], links.all()[-1].made_at)
        assert (found is None) == (is_new and kill["change"] == "revoke"), kill
        if kill["change"] == "library":
            assert links.library(LIBRARY) in (None, b"draw()" * 100), kill
            assert links.library(LIBRARY) is None or links.library(LIBRARY, is_compressed=True) is not None, kill
        states[kill["change"]].append(is_new)
    # Once the new state is there it stays, and only the commit brings it.
    for change in ("make", "refresh", "revoke"):
        turn = states[change].index(True)
        assert states[change] == [False] * turn + [True] * (len(states[change]) - turn), change
        assert [kill for kill in kills if kill["change"] == change][turn - 1]["before"] == "commit", change


def test_so_many_moments_were_tried(kills: list[dict[str, Any]]) -> None:
    n_points = Counter(kill["change"] for kill in kills)
    assert n_points["make"] >= 30
    assert n_points["refresh"] >= 30
    assert n_points["revoke"] >= 10
    assert {"open", "write", "write the rest", "close", "fsync", "os.rename", "os.mkdir", "os.rmdir", "commit"} <= {
        kill["before"] for kill in kills
    }


def test_the_next_start_sweeps_what_the_killed_left_and_changes_work_again(
    folders: Path, kills: list[dict[str, Any]]
) -> None:
    for kill in kills:
        folder = folders / kill["folder"]
        grow_old(folder)
        links = Links(folder)
        n_open = sum(link.revoked_at is None for link in links.all())
        assert len(files_in(folder)) == 3 * n_open, kill
        if int(kill["folder"][-3:]) % EACH:
            continue
        again, _token = made(links, "again", title="Again")
        links.refresh(again.id, snapshot("again new"), "v2", by="Ana")
        links.revoke(again.id, by="Ana")
        links.keep_library(LIBRARY, b"draw()" * 100)
        assert links.library(LIBRARY) == b"draw()" * 100
        assert len(files_in(folder)) == 3 * n_open, kill


def test_killed_at_random_moments_acknowledged_changes_hold_and_nothing_is_half(tmp_path: Path) -> None:
    killed = ran([sys.executable, "-m", "tests.sharing.random_kills", str(tmp_path), str(N_KILLS)])
    assert killed.returncode == 0, killed.stdout + killed.stderr
    told = json.loads(killed.stdout.splitlines()[-1])
    assert (told["kills"], told["wrong"]) == (N_KILLS, 0)
    assert told["changes"] > 0
