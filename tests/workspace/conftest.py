"""A workspace in a folder of the test's own, with an import that stands in for the real one."""

from __future__ import annotations

from pathlib import Path

import pytest

from journey.ingest.guard import tasks
from journey.workspace import Workspace
from tests.workspace.stand_in import Ingest, lay_ready


@pytest.fixture(scope="session")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_ready(tmp_path_factory.mktemp("ready") / "version")


@pytest.fixture
def ingest(ready: Path, monkeypatch: pytest.MonkeyPatch) -> Ingest:
    stand_in = Ingest(ready)
    monkeypatch.setattr(tasks, "inspect_guarded", stand_in.inspect_guarded)
    monkeypatch.setattr(tasks, "build_guarded", stand_in.build_guarded)
    return stand_in


@pytest.fixture
def workspace(tmp_path: Path, ingest: Ingest) -> Workspace:
    return Workspace(tmp_path / "home")
