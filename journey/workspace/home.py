"""The home of everything that is kept: uploads on their way, dataset versions, and the catalogue that names them."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from journey import errors
from journey.dataset import Dataset
from journey.demo import demo_files
from journey.disk import disk_full_told, orphans, remove, require_room, settle
from journey.errors import FileUnreadableError
from journey.facts import RECIPE_FILE, REPORT_FILE
from journey.ingest.guard import tasks
from journey.ingest.guard.sandbox import Progress
from journey.ingest.recipe import Recipe
from journey.ingest.report import ImportReport
from journey.language import _
from journey.workspace.catalogue import Catalogue, DatasetInfo, Version, random_id
from journey.workspace.spool import Upload, bytes_of, names_of, room_of, sha256_of, shown, sources_of, spooled

if TYPE_CHECKING:
    from journey.ingest.proposal import Proposal

DEMO_ID = "demo"
#: Beside the package in a clone; an installed package draws the same files anew.
SAMPLE_FOLDER = Path(errors.__file__).parents[1] / "sample_data"
_INSPECTED = "inspected"
_DEMO_FILES = ("interactions.csv", "customers.csv", "spend.csv")


class Workspace:
    """The datasets kept in one folder, for any number of threads and processes.

    A file comes in by `spool`, is read by `inspect`, and becomes a dataset by `keep`. An import that ends in the
    middle, however it ends, leaves nothing that anyone sees.

    Parameters
    ----------
    home
        The folder; made if it is not there, readable by its owner only.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as home:
    ...     Workspace(Path(home)).datasets()
    []
    """

    def __init__(self, home: Path) -> None:
        self.home = home.absolute()
        self._incoming, self._staging, self._datasets, self._bin = (
            self.home / name for name in ("incoming", "staging", "datasets", "bin")
        )
        for directory in (self.home, self._incoming, self._staging, self._datasets, self._bin):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._catalogue = Catalogue(self.home / "catalogue.db")
        self.tellings = self._catalogue.tellings
        self._demo_lock, self._locks_lock = threading.Lock(), threading.Lock()
        self._room_locks: dict[str, threading.Lock] = {}
        self._sweep()

    # --- Coming in -----------------------------------------------------------------------------------------------

    def spool(self, name: str, stream: IO[bytes]) -> Upload:
        """Write an upload to disk, away from the server's memory.

        Parameters
        ----------
        name
            How the person knows the file; only ever shown.
        stream
            Its bytes; read from the beginning if that is possible.

        Raises
        ------
        JourneyError
            When the disk could not hold what becomes of it.
        """
        self._sweep()
        return spooled(self._incoming, name, stream)

    def inspect(
        self, uploads: Sequence[Upload], progress: Progress | None = None, *, into: str | None = None
    ) -> Proposal:
        """Read uploads that belong together, in a process of their own, and propose what their columns mean.

        `into` is the id of a dataset whose newest version they are added to.

        An exception that `progress` raises ends the reading.

        Raises
        ------
        JourneyError
            When the files can't be taken as tables, or break a limit.
        """
        for upload in uploads:
            if not upload.path.is_file():
                raise FileUnreadableError.missing(upload.name)
        room = room_of(uploads)
        shutil.rmtree(room, ignore_errors=True)
        try:
            with disk_full_told(names_of(uploads), self.home, bytes_of(uploads)):
                base = None if into is None else self.newest(into).version
                earlier = None if into is None or base is None else self.directory(into, base)
                proposal = tasks.inspect_guarded(room, sources_of(uploads), progress, earlier)
            (room / _INSPECTED).write_text(base or "")
        except BaseException:  # whatever ended it, an interrupt too: nothing half-read stays, and it goes on upwards
            shutil.rmtree(room, ignore_errors=True)
            raise
        return proposal

    def keep(
        self,
        uploads: Sequence[Upload],
        recipe: Recipe,
        name: str,
        progress: Progress | None = None,
        *,
        dataset_id: str | None = None,
    ) -> DatasetInfo:
        """Make a dataset of uploads and let them go; the same bytes and recipe give the dataset that is there.

        An exception that `progress` raises ends the import, and nothing is kept.

        Parameters
        ----------
        uploads
            The files that were inspected together.
        recipe
            What their tables and columns mean.
        name
            The dataset's name; one that exists keeps its own.
        dataset_id
            Make a new version of this dataset instead of a new dataset.

        Raises
        ------
        DatasetNotFoundError
            When there is no dataset `dataset_id`.
        JourneyError
            When the files do not hold what the recipe says, or break a limit.
        """
        with self._lock_of(uploads):
            return self._keep_alone(uploads, recipe, name, progress, dataset_id)

    def _lock_of(self, uploads: Sequence[Upload]) -> threading.Lock:
        """Two clicks must not build in the same room at once; the second finds what the first kept."""
        with self._locks_lock:
            return self._room_locks.setdefault(room_of(uploads).name, threading.Lock())

    def _keep_alone(
        self,
        uploads: Sequence[Upload],
        recipe: Recipe,
        name: str,
        progress: Progress | None,
        dataset_id: str | None,
    ) -> DatasetInfo:
        if dataset_id is not None:
            self._catalogue.newest(dataset_id)
        known = self.already_here(uploads, recipe)
        if known is not None and dataset_id in (None, known.id):
            self.discard(uploads)
            return known
        goal = _Goal(dataset_id or random_id(), None if dataset_id else shown(name) or uploads[0].name, not dataset_id)
        return self._keep(uploads, recipe, goal, progress)

    def prepare(self, uploads: Sequence[Upload], recipe: Recipe, progress: Progress | None = None) -> ImportReport:
        """Build what `keep` would keep, without keeping it, and tell what came of it.

        Raises
        ------
        JourneyError
            When the files do not hold what the recipe says, or break a limit.
        """
        return ImportReport.from_json((self._prepared(uploads, recipe, progress) / REPORT_FILE).read_text("utf-8"))

    def already_here(self, uploads: Sequence[Upload], recipe: Recipe | None = None) -> DatasetInfo | None:
        """Find the dataset made from the same bytes, and if a recipe is given, by that recipe."""
        digest = None if recipe is None else _recipe_sha256(recipe)
        return self._catalogue.made_from(sha256_of(uploads), digest)

    def discard(self, uploads: Sequence[Upload]) -> None:
        """Take uploads away with everything that was worked out from them."""
        for upload in uploads:
            remove(upload.path.parent, self._bin)

    def add_demo(self, progress: Progress | None = None) -> DatasetInfo:
        """Import the sample company, unless it is here; its dataset is always called `demo`."""
        with self._demo_lock:
            for info in self.datasets():
                if info.id == DEMO_ID:
                    return info
            if (SAMPLE_FOLDER / "interactions.csv").is_file():
                return self._demo_from(SAMPLE_FOLDER, progress)
            with tempfile.TemporaryDirectory() as folder:
                demo_files(Path(folder))
                return self._demo_from(Path(folder), progress)

    # --- What is here --------------------------------------------------------------------------------------------

    def datasets(self) -> list[DatasetInfo]:
        """List the datasets, the one imported last first."""
        return self._catalogue.datasets()

    def newest_dataset(self) -> DatasetInfo | None:
        """Tell about the dataset imported last, or None when there is none."""
        return next(iter(self.datasets()), None)

    def newest(self, dataset_id: str) -> DatasetInfo:
        """Tell about a dataset's newest version.

        Raises
        ------
        DatasetNotFoundError
            When it is not here.
        """
        return self._catalogue.newest(dataset_id)

    def open(self, dataset_id: str, version: str | None = None) -> Dataset:
        """Open a dataset's newest version, or the one asked for; close its `engine` when done.

        Raises
        ------
        DatasetNotFoundError
            When it is not here.
        """
        info = self.newest(dataset_id) if version is None else self._catalogue.version(dataset_id, version)
        directory = self._datasets / info.id / info.version
        if not directory.is_dir():
            raise errors.DatasetNotFoundError.with_id(dataset_id)
        return Dataset.open(directory)

    def directory(self, dataset_id: str, version: str) -> Path:
        """Tell where a version is kept, whether it is still there or not."""
        return self._datasets / dataset_id / version

    def recipe_text(self, dataset_id: str) -> str:
        """Read the recipe of a dataset's newest version.

        Raises
        ------
        DatasetNotFoundError
            When it is not here.
        """
        path = self.directory(dataset_id, self.newest(dataset_id).version) / RECIPE_FILE
        if not path.is_file():
            raise errors.DatasetNotFoundError.with_id(dataset_id)
        return Recipe.from_yaml(path.read_text("utf-8")).to_yaml()

    def rename(self, dataset_id: str, name: str) -> None:
        """Call a dataset something else; a blank name changes nothing.

        Raises
        ------
        DatasetNotFoundError
            When it is not here.
        """
        self._catalogue.rename(dataset_id, shown(name) or self.newest(dataset_id).name)

    def delete(self, dataset_id: str) -> None:
        """Delete a dataset with all its versions; who has it open can go on until they close it.

        Raises
        ------
        DatasetNotFoundError
            When it is not here.
        """
        info = self._catalogue.newest(dataset_id)
        self._catalogue.delete(info.id)
        remove(self._datasets / info.id, self._bin)

    # --- How it is done ------------------------------------------------------------------------------------------

    def _keep(self, uploads: Sequence[Upload], recipe: Recipe, goal: _Goal, progress: Progress | None) -> DatasetInfo:
        prepared = self._prepared(uploads, recipe, progress)
        # What others added meanwhile would be gone with the version that these files were added to.
        if (base := (prepared.parent / _INSPECTED).read_text()) and base != self.newest(goal.dataset_id).version:
            raise errors.JourneyError.dataset_changed(names_of(uploads))
        staged = self._staging / random_id()
        prepared.rename(staged)
        try:
            with disk_full_told(names_of(uploads), self.home, bytes_of(uploads)):
                info = self._settled(staged, uploads, recipe, goal)
        finally:
            remove(staged, self._bin)
        self.discard(uploads)
        return info

    def _prepared(self, uploads: Sequence[Upload], recipe: Recipe, progress: Progress | None) -> Path:
        """Build a version beside the uploads, unless it was built from this recipe before."""
        room, names = room_of(uploads), names_of(uploads)
        if not (room / _INSPECTED).exists():
            self.inspect(uploads, progress)
        place = room / f"built-{_recipe_sha256(recipe)[:16]}"
        if place.is_dir():
            return place
        require_room(names, self.home, bytes_of(uploads))
        unfinished = room / f"building-{random_id()}"
        unfinished.mkdir(mode=0o700)
        try:
            with disk_full_told(names, self.home, bytes_of(uploads)):
                tasks.build_guarded(room, sources_of(uploads), recipe, unfinished, progress)
            unfinished.rename(place)
        except FileNotFoundError as error:
            if uploads[0].path.is_file():
                raise
            raise errors.JourneyError.cancelled(names) from error  # somebody discarded the uploads meanwhile
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        return place

    def _settled(self, staged: Path, uploads: Sequence[Upload], recipe: Recipe, goal: _Goal) -> DatasetInfo:
        """Move a built version to its place, then write it down: before that nobody sees it."""
        built = Dataset.open(staged)
        summary = built.summary
        built.engine.close()
        version = Version(
            id=staged.name,
            source_sha256=sha256_of(uploads),
            recipe_sha256=_recipe_sha256(recipe),
            source_names=tuple(upload.name for upload in uploads),
            **asdict(summary),
        )
        place = self._datasets / goal.dataset_id / version.id
        settle(staged, place)
        kept = None
        try:
            kept = self._catalogue.add(goal.dataset_id, goal.name, version, is_unique=goal.is_unique)
            return kept
        finally:
            if kept is None or kept.version != version.id:
                remove(place, self._bin)

    def _demo_from(self, folder: Path, progress: Progress | None) -> DatasetInfo:
        uploads = []
        for name in _DEMO_FILES:
            with (folder / name).open("rb") as stream:
                uploads.append(self.spool(name, stream))
        try:
            recipe = self.inspect(uploads).recipe.with_given({"currency": "EUR"})
            return self._keep(uploads, recipe, _Goal(DEMO_ID, _("Demo: Tallybrook"), is_unique=False), progress)
        finally:
            self.discard(uploads)

    def _sweep(self) -> None:
        """Take away what imports left that were killed. Younger things may belong to one that still runs."""
        for path in (*orphans(self._incoming), *orphans(self._staging)):
            remove(path, self._bin)
        kept = self._catalogue.version_ids()
        for dataset in filter(Path.is_dir, self._datasets.iterdir()):
            for path in orphans(dataset):
                if (dataset.name, path.name) not in kept:
                    remove(path, self._bin)
        for path in self._bin.iterdir():
            shutil.rmtree(path, ignore_errors=True)


@dataclass(frozen=True)
class _Goal:
    """Which dataset an import is for; `name` when it may be a new one, `is_unique` when its bytes must be new."""

    dataset_id: str
    name: str | None
    is_unique: bool


def _recipe_sha256(recipe: Recipe) -> str:
    return hashlib.sha256(recipe.to_yaml().encode()).hexdigest()
