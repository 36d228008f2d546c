"""What was done to links and with them, and when: a line for each change, a line a day for what viewers do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from journey.sharing.links_schema import ENTRIES

Action = Literal["made", "refreshed", "expiry", "password", "revoked", "opened", "blocked"]


@dataclass(frozen=True)
class Entry:
    """A line of the log: `n_times` on the day of `at` (UTC), which is when it first happened on that day."""

    at: datetime
    link_id: str
    action: Action
    by: str
    detail: str
    n_times: int


def note(connection: sa.Connection, link_id: str, action: Action, at: datetime, by: str, detail: str = "") -> None:
    """Write down a change."""
    line = {"at": at, "link_id": link_id, "action": action, "by": by, "detail": detail, "n_times": 1}
    connection.execute(sa.insert(ENTRIES).values(line))


def count(connection: sa.Connection, link_id: str, action: Action, at: datetime) -> None:
    """Count what viewers do: a line a day, so that nobody can fill the disk by asking."""
    line = {"at": at, "link_id": link_id, "action": action, "by": "", "detail": "", "n_times": 1}
    counted = insert(ENTRIES).values(**line, day=at.date().isoformat())
    once_more = {"n_times": ENTRIES.c.n_times + 1}
    connection.execute(counted.on_conflict_do_update(index_elements=["link_id", "action", "day"], set_=once_more))


def entries_of(connection: sa.Connection, link_id: str | None) -> list[Entry]:
    """List the lines of one link or of all, the latest first."""
    names = ("at", "link_id", "action", "by", "detail", "n_times")
    listed = sa.select(*(ENTRIES.c[name] for name in names)).order_by(ENTRIES.c.number.desc())
    if link_id is not None:
        listed = listed.where(ENTRIES.c.link_id == link_id)
    return [Entry(*row) for row in connection.execute(listed)]
