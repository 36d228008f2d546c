"""A folder that may only be read is served from, and a full disk is told of; neither shows anything wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.workspace.test_killed_imports import ROOT, may_mount

#: Room in kB: none, a little, enough to withdraw, to refresh, and for everything.
FREE_KILOBYTES = (0, 20, 200, 700, 2000)

pytestmark = pytest.mark.skipif(not may_mount(), reason="this system lets no ordinary process lay a disk over a folder")


def told_by(script: str, *arguments: object) -> list[dict[str, Any]]:
    ran = subprocess.run(
        ["unshare", "-Urm", sys.executable, "-m", f"tests.sharing.{script}", *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]


def test_whoever_may_only_read_serves_links_as_they_are_counts_nothing_and_lets_nobody_guess(tmp_path: Path) -> None:
    assert told_by("read_only", tmp_path) == [
        {"nothing_there": "NOT_MADE_YET"},
        {"found": True, "document": True, "keys": True},
        {"tried": "too many", "n_opened": 0},
        {"refreshed": True},
        {"revoked": True},
        {"log_is_gone": True, "found_without_log": True},
        {"log_is_left": True, "found_in_left_log": True},
    ]


def test_a_disk_that_fills_up_is_told_keeps_the_old_document_and_lets_links_be_withdrawn(tmp_path: Path) -> None:
    tried = told_by("full_disk", tmp_path, *FREE_KILOBYTES)
    for told in tried:
        assert (told["refresh"], told["shown"]) in (("DISK_LOW", "old"), ("", "new")), told
        assert (told["make"], told["links"]) in (("DISK_LOW", 2), ("", 3)), told
        # Its row may find no room; its files are gone all the same.
        assert (told["revoked"], told["files"]) == ("yes", 3 * (told["links"] - 1)), told
        assert told["afterwards"] == "new", told
    assert (tried[0]["refresh"], tried[0]["make"]) == ("DISK_LOW", "DISK_LOW")
    assert (tried[-1]["refresh"], tried[-1]["make"], tried[-1]["revoke"]) == ("", "", "")
