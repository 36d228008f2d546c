"""What is kept, written down: datasets and their versions, in one SQLite file.

A version is there when its row is there: everything else about an import may be half done, a transaction can't.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from journey.errors import DatasetNotFoundError
from journey.sqlite_file import SqliteFile
from journey.workspace.tellings import SCHEMA as TELLINGS_SCHEMA
from journey.workspace.tellings import Tellings

#: What brings a catalogue from each schema version to the next. Only ever added to: old homes take the same way.
_MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE datasets (
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            created_at TIMESTAMP NOT NULL,
            newest_version TEXT NOT NULL REFERENCES versions (id) DEFERRABLE INITIALLY DEFERRED
        )""",
        # The number tells newer from older even when the clock was set back in between.
        """CREATE TABLE versions (
            number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            dataset_id TEXT NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
            created_at TIMESTAMP NOT NULL,
            source_sha256 TEXT NOT NULL,
            recipe_sha256 TEXT NOT NULL,
            source_names JSON NOT NULL,
            customers INTEGER NOT NULL,
            interactions INTEGER NOT NULL,
            first TIMESTAMP,
            last TIMESTAMP
        )""",
        "CREATE INDEX versions_of_dataset ON versions (dataset_id)",
        "CREATE INDEX versions_of_source ON versions (source_sha256)",
    ),
    (TELLINGS_SCHEMA,),
)

_metadata = sa.MetaData()
_datasets = sa.Table(
    "datasets",
    _metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
    sa.Column("newest_version", sa.String, nullable=False),
)
_versions = sa.Table(
    "versions",
    _metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("id", sa.String, nullable=False),
    sa.Column("dataset_id", sa.String, nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
    sa.Column("source_sha256", sa.String, nullable=False),
    sa.Column("recipe_sha256", sa.String, nullable=False),
    sa.Column("source_names", sa.JSON, nullable=False),
    sa.Column("customers", sa.Integer, nullable=False),
    sa.Column("interactions", sa.Integer, nullable=False),
    sa.Column("first", sa.DateTime),
    sa.Column("last", sa.DateTime),
)


@dataclass(frozen=True)
class DatasetInfo:
    """A dataset as it is listed: its newest version, or the version asked for. Times are UTC."""

    id: str
    name: str
    created_at: datetime
    version: str
    imported_at: datetime
    customers: int
    interactions: int
    first: datetime | None
    last: datetime | None
    source_names: tuple[str, ...]


@dataclass(frozen=True)
class Version:
    """A dataset version to be written down."""

    id: str
    source_sha256: str
    recipe_sha256: str
    source_names: tuple[str, ...]
    customers: int
    interactions: int
    first: datetime | None
    last: datetime | None


def random_id() -> str:
    """Make up an id that is short, fits into an address and a file name, and says nothing."""
    return secrets.token_hex(6)


class Catalogue:
    """The datasets kept in one home; safe for any number of threads and processes."""

    def __init__(self, path: Path) -> None:
        self._file = SqliteFile(path, _MIGRATIONS)
        self._reading, self._writing = self._file.reading, self._file.writing
        self.tellings = Tellings(self._file)

    def datasets(self) -> list[DatasetInfo]:
        """List the datasets, the one with the newest version first."""
        return self._found(_newest_versions())

    def newest(self, dataset_id: str) -> DatasetInfo:
        """Tell about a dataset's newest version."""
        return self._one(dataset_id, _newest_versions().where(_datasets.c.id == dataset_id))

    def version(self, dataset_id: str, version: str) -> DatasetInfo:
        """Tell about one version of a dataset."""
        wanted = (_datasets.c.id == dataset_id) & (_versions.c.id == version)
        return self._one(dataset_id, _all_versions().where(wanted))

    def made_from(self, source_sha256: str, recipe_sha256: str | None = None) -> DatasetInfo | None:
        """Find the newest version made from the same bytes and, if a recipe is given, in the same way."""
        found = self._found(_same(source_sha256, recipe_sha256))
        return found[0] if found else None

    def version_ids(self) -> set[tuple[str, str]]:
        """Name every version kept, as pairs of dataset and version."""
        with self._reading.begin() as connection:
            rows = connection.execute(sa.select(_versions.c.dataset_id, _versions.c.id)).all()
        return {(dataset_id, version) for dataset_id, version in rows}

    def add(self, dataset_id: str, name: str | None, version: Version, *, is_unique: bool) -> DatasetInfo:
        """Write down a version of a dataset, which is made if it is new; without a name it must be there.

        The same bytes read in the same way are not kept twice in a dataset, or with `is_unique` in the whole catalogue:
        what is there is handed out.
        """
        now = datetime.now(UTC).replace(tzinfo=None)
        with self._writing.begin() as connection:
            same = _same(version.source_sha256, version.recipe_sha256)
            if not is_unique:
                same = same.where(_datasets.c.id == dataset_id)
            if (row := connection.execute(same).first()) is not None:
                return _info(row)
            moved = sa.update(_datasets).where(_datasets.c.id == dataset_id).values(newest_version=version.id)
            if connection.execute(moved).rowcount == 0:
                if name is None:
                    raise DatasetNotFoundError.with_id(dataset_id)
                dataset = {"id": dataset_id, "name": name, "created_at": now, "newest_version": version.id}
                connection.execute(sa.insert(_datasets).values(dataset))
            written = {**asdict(version), "dataset_id": dataset_id, "created_at": now}
            connection.execute(sa.insert(_versions).values(written))
            return _info(connection.execute(_all_versions().where(_versions.c.id == version.id)).one())

    def rename(self, dataset_id: str, name: str) -> None:
        self._change(dataset_id, sa.update(_datasets).where(_datasets.c.id == dataset_id).values(name=name))

    def delete(self, dataset_id: str) -> None:
        """Strike out a dataset with all its versions."""
        self._change(dataset_id, sa.delete(_datasets).where(_datasets.c.id == dataset_id))

    def _change(self, dataset_id: str, statement: sa.Update | sa.Delete) -> None:
        with self._writing.begin() as connection:
            if connection.execute(statement).rowcount == 0:
                raise DatasetNotFoundError.with_id(dataset_id)

    def _one(self, dataset_id: str, wanted: sa.Select[Any]) -> DatasetInfo:
        found = self._found(wanted)
        if not found:
            raise DatasetNotFoundError.with_id(dataset_id)
        return found[0]

    def _found(self, wanted: sa.Select[Any]) -> list[DatasetInfo]:
        with self._reading.begin() as connection:
            return [_info(row) for row in connection.execute(wanted)]


def _all_versions() -> sa.Select[Any]:
    listed = sa.select(
        _datasets.c.id,
        _datasets.c.name,
        _datasets.c.created_at,
        _versions.c.id.label("version"),
        _versions.c.created_at.label("imported_at"),
        *(_versions.c[name] for name in ("customers", "interactions", "first", "last", "source_names")),
    )
    return listed.join_from(_datasets, _versions, _versions.c.dataset_id == _datasets.c.id).order_by(
        _versions.c.number.desc()
    )


def _newest_versions() -> sa.Select[Any]:
    return _all_versions().where(_versions.c.id == _datasets.c.newest_version)


def _same(source_sha256: str, recipe_sha256: str | None) -> sa.Select[Any]:
    same = _all_versions().where(_versions.c.source_sha256 == source_sha256)
    return same if recipe_sha256 is None else same.where(_versions.c.recipe_sha256 == recipe_sha256)


def _info(row: sa.Row[Any]) -> DatasetInfo:
    held = dict(row._mapping)  # noqa: SLF001 - the documented way to read a row by names
    held["source_names"] = tuple(held["source_names"])
    return DatasetInfo(**held)
