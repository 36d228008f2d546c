"""An import without reading: the version that a build leaves is laid ready, so that what is tested is the keeping."""

from __future__ import annotations

import io
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from journey.facts import DATABASE_FILE, RECIPE_FILE, REPORT_FILE, SET_ASIDE_FILE
from journey.ingest.guard import tasks
from journey.workspace import DatasetInfo, Upload, Workspace
from tests.logs import make_log

LOG = b"customer_id,timestamp,touchpoint\na,2025-01-01,see\na,2025-01-02,buy\nb,2025-01-01,see\n"


@dataclass(frozen=True)
class Recipe:
    """A recipe of which only the text matters."""

    text: str = "who: customer_id\n"

    def to_yaml(self) -> str:
        return self.text

    def with_given(self, given: dict[str, str]) -> Recipe:
        return Recipe(self.text + "".join(f"{name}: {value}\n" for name, value in given.items()))


@dataclass(frozen=True)
class Guess:
    recipe: Recipe = Recipe()


def lay_ready(directory: Path) -> Path:
    """Make the files of a version: 2 customers, 3 interactions."""
    dataset = make_log(closed=False, a="see > buy", b="see")
    dataset.engine.close()
    directory.mkdir()
    shutil.copy(dataset.directory / DATABASE_FILE, directory)
    for name, content in ((REPORT_FILE, "{}"), (RECIPE_FILE, "who: customer_id\n"), (SET_ASIDE_FILE, "line,reason\n")):
        (directory / name).write_text(content)
    return directory


class Ingest:
    """Stands in for the two guarded tasks; counts how often each was asked."""

    def __init__(self, ready: Path) -> None:
        self.ready = ready
        self.n_inspected = self.n_built = 0
        self.error: Exception | None = None

    def inspect_guarded(
        self, room: Path, _sources: Sequence[tasks.Source], _progress: Any = None, _earlier: Path | None = None
    ) -> Guess:
        self.n_inspected += 1
        (room / "scratch").mkdir(parents=True)
        return Guess()

    def build_guarded(
        self, _room: Path, _sources: Sequence[tasks.Source], _recipe: Recipe, target: Path, progress: Any = None
    ) -> None:
        self.n_built += 1
        for position, path in enumerate(sorted(self.ready.iterdir())):
            if progress is not None:
                progress(position / 4, path.name)
            if self.error is not None and position == 2:
                raise self.error
            shutil.copy(path, target)


def upload(workspace: Workspace, content: bytes = LOG, name: str = "log.csv") -> Upload:
    return workspace.spool(name, io.BytesIO(content))


def kept(workspace: Workspace, content: bytes = LOG, name: str = "Spring", **options: Any) -> DatasetInfo:
    uploads = [upload(workspace, content)]
    proposal: Any = workspace.inspect(uploads)
    return workspace.keep(uploads, proposal.recipe, name, **options)
