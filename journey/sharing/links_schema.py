"""The tables in which links are written down."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

#: What brings the file from each schema version to the next. Only ever added to: old files take the same way.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE links (
            number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            token_sha256 TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL,
            dataset_id TEXT NOT NULL,
            dataset_name TEXT NOT NULL,
            version TEXT NOT NULL,
            choices JSON NOT NULL,
            made_by TEXT NOT NULL,
            made_at TIMESTAMP NOT NULL,
            expires_at TIMESTAMP NOT NULL,
            revoked_at TIMESTAMP,
            password TEXT,
            snapshot TEXT NOT NULL,
            snapshot_at TIMESTAMP NOT NULL,
            n_opened INTEGER NOT NULL DEFAULT 0,
            last_opened_at TIMESTAMP
        )""",
        # The number tells newer from older even when the clock was set back in between.
        """CREATE TABLE entries (
            number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
            at TIMESTAMP NOT NULL,
            link_id TEXT NOT NULL,
            "action" TEXT NOT NULL,
            "by" TEXT NOT NULL,
            detail TEXT NOT NULL,
            day TEXT,
            n_times INTEGER NOT NULL DEFAULT 1,
            UNIQUE (link_id, "action", day)
        )""",
        """CREATE TABLE tries (
            number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
            link_id TEXT NOT NULL,
            address TEXT NOT NULL,
            at TIMESTAMP NOT NULL
        )""",
        "CREATE INDEX tries_of_address ON tries (link_id, address)",
        "CREATE INDEX tries_at ON tries (at)",
        "CREATE TABLE keys (name TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL)",
    ),
)


class UtcTime(sa.types.TypeDecorator[datetime]):
    """A time that knows its zone; kept as UTC, so that times sort as texts."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Any) -> datetime | None:
        """Write a time down; one without a zone would be anyone's guess, and is refused by `utcoffset`."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise TypeError("times of links know their zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, _dialect: Any) -> datetime | None:
        """Read a time."""
        return None if value is None else value.replace(tzinfo=UTC)


_metadata = sa.MetaData()
LINKS = sa.Table(
    "links",
    _metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    *(sa.Column(name, sa.String) for name in ("id", "token_sha256", "title", "dataset_id", "dataset_name", "version")),
    sa.Column("choices", sa.JSON),
    sa.Column("made_by", sa.String),
    *(sa.Column(name, UtcTime) for name in ("made_at", "expires_at", "revoked_at")),
    sa.Column("password", sa.String),
    sa.Column("snapshot", sa.String),
    sa.Column("snapshot_at", UtcTime),
    sa.Column("n_opened", sa.Integer),
    sa.Column("last_opened_at", UtcTime),
)
ENTRIES = sa.Table(
    "entries",
    _metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", UtcTime),
    *(sa.Column(name, sa.String) for name in ("link_id", "action", "by", "detail", "day")),
    sa.Column("n_times", sa.Integer),
)
TRIES = sa.Table(
    "tries",
    _metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    *(sa.Column(name, sa.String) for name in ("link_id", "address")),
    sa.Column("at", UtcTime),
)
KEYS = sa.Table("keys", _metadata, sa.Column("name", sa.String, primary_key=True), sa.Column("value", sa.LargeBinary))
