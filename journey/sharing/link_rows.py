"""A link as its owner sees it, and the row in which it is written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from journey.sharing.errors import LinkError
from journey.sharing.links_schema import LINKS


@dataclass(frozen=True)
class Link:
    """A link as its owner sees it. Times know their zone; `choices` is what the sharer picked, as plain values."""

    id: str
    title: str
    dataset_id: str
    dataset_name: str
    version: str
    choices: Mapping[str, Any]
    made_by: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    has_password: bool
    snapshot: str
    snapshot_at: datetime
    n_opened: int
    last_opened_at: datetime | None

    def state(self, now: datetime) -> Literal["open", "expired", "revoked"]:
        """Tell whether it opens."""
        if self.revoked_at is not None:
            return "revoked"
        return "open" if now < self.expires_at else "expired"


def row_of(connection: sa.Connection, link_id: str) -> sa.Row[Any]:
    row = connection.execute(sa.select(LINKS).where(LINKS.c.id == link_id)).first()
    if row is None:
        raise LinkError.unknown(link_id)
    return row


def update(connection: sa.Connection, link_id: str, **values: Any) -> None:
    connection.execute(sa.update(LINKS).where(LINKS.c.id == link_id).values(**values))


def link_of(row: sa.Row[Any]) -> Link:
    held = dict(row._mapping)  # noqa: SLF001 - the documented way to read a row by names
    held["has_password"] = held["password"] is not None
    return Link(**{field.name: held[field.name] for field in fields(Link)})


def changeable_link(connection: sa.Connection, link_id: str) -> Link:
    """Tell about a link that may be changed: one that was withdrawn stays as it was.

    Raises
    ------
    LinkError
        When there is no such link, or it was withdrawn.
    """
    link = link_of(row_of(connection, link_id))
    if link.revoked_at is not None:
        raise LinkError.revoked(link.title)
    return link
