"""The key of a workspace is made once, for its owner only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from journey.errors import JourneyError
from journey.workspace.keys import KEY_FILE, workspace_key


def test_a_key_is_made_once_and_stays(tmp_path: Path) -> None:
    key = workspace_key(tmp_path)
    assert len(key) == 32
    assert workspace_key(tmp_path) == key
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


def test_its_file_is_for_its_owner_only(tmp_path: Path) -> None:
    workspace_key(tmp_path)
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600


def test_two_workspaces_have_two_keys(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert workspace_key(tmp_path / "a") != workspace_key(tmp_path / "b")


def test_many_who_ask_at_once_get_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _number: workspace_key(tmp_path), range(32)))
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


def test_a_damaged_key_is_told_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_bytes(b"short")
    with pytest.raises(JourneyError, match="backup"):
        workspace_key(tmp_path)
    assert (tmp_path / KEY_FILE).read_bytes() == b"short"
