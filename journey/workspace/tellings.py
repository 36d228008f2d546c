"""Of which customers a dataset's shared documents told, so that the next one can tell how few came, went or changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from journey.sqlite_file import SqliteFile

#: What the catalogue's migrations hold of it. It goes with the dataset.
SCHEMA = """CREATE TABLE tellings (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    dataset_id TEXT NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    told_at TIMESTAMP NOT NULL,
    name TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    digests BLOB NOT NULL,
    UNIQUE (dataset_id, sha256)
)"""

_tellings = sa.Table(
    "tellings",
    sa.MetaData(),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("dataset_id", sa.String),
    sa.Column("told_at", sa.DateTime),
    sa.Column("name", sa.String),
    sa.Column("epoch", sa.Integer),
    sa.Column("sha256", sa.String),
    sa.Column("digests", sa.LargeBinary),
)


@dataclass(frozen=True)
class Telling:
    """Of whom something was told: the keyed digests of the customers in one row of bytes, and how counts were moved."""

    name: str
    epoch: int
    digests: bytes


class Tellings:
    """What was told of each dataset; it never leaves the workspace."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def of(self, dataset_id: str) -> list[Telling]:
        """List what was told of a dataset, the oldest first."""
        with self._file.reading.begin() as connection:
            return _told(connection, dataset_id)

    def note(self, dataset_id: str, choose: Callable[[list[Telling]], Iterable[Telling]]) -> None:
        """Write down what is about to be told; the same customers are written down once.

        Parameters
        ----------
        dataset_id
            Of which dataset.
        choose
            Is given what was told so far, and hands out what is told now. Nobody else notes anything meanwhile; what it
            raises leaves everything as it was.
        """
        with self._file.writing.begin() as connection:
            for telling in choose(_told(connection, dataset_id)):
                told = {
                    "dataset_id": dataset_id, "told_at": datetime.now(UTC).replace(tzinfo=None), "name": telling.name,
                    "epoch": telling.epoch, "sha256": hashlib.sha256(telling.digests).hexdigest(),
                    "digests": telling.digests,
                }  # fmt: skip
                connection.execute(insert(_tellings).values(told).on_conflict_do_nothing())


def _told(connection: sa.Connection, dataset_id: str) -> list[Telling]:
    columns = (_tellings.c.name, _tellings.c.epoch, _tellings.c.digests)
    wanted = sa.select(*columns).where(_tellings.c.dataset_id == dataset_id).order_by(_tellings.c.number)
    return [Telling(*row) for row in connection.execute(wanted)]
