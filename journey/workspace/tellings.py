"""Of which customers a dataset's shared documents told, so that the next one can tell how few came, went or changed."""

from __future__ import annotations

import hashlib
import sys
from array import array
from collections.abc import Collection
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
    sa.Column("epoch", sa.Integer),
    sa.Column("sha256", sa.String),
    sa.Column("digests", sa.LargeBinary),
)


@dataclass(frozen=True)
class Telling:
    """What was told of once: a keyed 64-bit digest of each customer, and the epoch of the noise."""

    digests: frozenset[int]
    epoch: int


class Tellings:
    """What was told of each dataset; it never leaves the workspace."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def of(self, dataset_id: str) -> list[Telling]:
        """List what was told of a dataset, the oldest first."""
        wanted = sa.select(_tellings.c.digests, _tellings.c.epoch).where(_tellings.c.dataset_id == dataset_id)
        with self._file.reading.begin() as connection:
            rows = connection.execute(wanted.order_by(_tellings.c.number)).all()
        return [Telling(_unpacked(digests), epoch) for digests, epoch in rows]

    def note(self, dataset_id: str, digests: Collection[int], epoch: int) -> None:
        """Write down what is about to be told; the same customers are written down once."""
        packed = _packed(digests)
        told = {
            "dataset_id": dataset_id, "told_at": datetime.now(UTC).replace(tzinfo=None), "epoch": epoch,
            "sha256": hashlib.sha256(packed).hexdigest(), "digests": packed,
        }  # fmt: skip
        with self._file.writing.begin() as connection:
            connection.execute(insert(_tellings).values(told).on_conflict_do_nothing())


def _packed(digests: Collection[int]) -> bytes:
    return _little(array("Q", sorted(set(digests)))).tobytes()


def _unpacked(packed: bytes) -> frozenset[int]:
    return frozenset(_little(array("Q", packed)))


def _little(numbers: array[int]) -> array[int]:
    """Keep numbers with their low bytes first, so that a workspace can move to another machine."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
