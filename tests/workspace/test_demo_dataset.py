"""The sample company is one click away, once, under an address that never changes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from journey.workspace import Workspace, home
from tests.workspace.stand_in import Ingest
from tests.workspace.test_workspace import leftovers


def test_the_demo_is_imported_once_even_when_two_ask_at_once(workspace: Workspace, ingest: Ingest) -> None:
    with ThreadPoolExecutor(2) as people:
        one, other = people.map(lambda _person: workspace.add_demo(), range(2))
    assert one == other == workspace.newest("demo")
    assert one.source_names == ("interactions.csv", "customers.csv", "spend.csv")
    assert ingest.n_built == 1
    assert not leftovers(workspace)


def test_a_deleted_demo_can_be_added_again_under_the_same_id(workspace: Workspace) -> None:
    first = workspace.add_demo()
    workspace.delete("demo")
    second = workspace.add_demo()
    assert second.id == first.id == "demo"
    assert second.version != first.version


def test_without_the_sample_files_the_demo_is_drawn(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "SAMPLE_FOLDER", tmp_path / "nowhere")
    assert workspace.add_demo().source_names == ("interactions.csv", "customers.csv", "spend.csv")
