"""How often a link’s password was guessed at; addresses are kept as keyed hashes, for a quarter of an hour."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

import sqlalchemy as sa

from journey.sharing.links_schema import TRIES

MOST_TRIES: Final = 5
#: Whoever has a whole network has addresses without end: of all together a link bears so many.
MOST_TRIES_OF_ALL: Final = 100
WITHIN: Final = timedelta(minutes=15)


@dataclass(frozen=True)
class Attempt:
    """What came of a password, and the key that seals a pass for it; of a wrong one there is no key."""

    outcome: Literal["right", "wrong", "too many"]
    key: bytes | None = None


def address_hash(address: str, key: bytes) -> str:
    """Tell addresses apart without keeping them."""
    return hmac.new(key, address.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def may_try(connection: sa.Connection, link_id: str, address: str, now: datetime) -> bool:
    """Count a try before its password is looked at, so that many at once are not more; tell whether it may be one."""
    # A clock that was set back must not lock anyone out for as long as it had been ahead.
    outside = (TRIES.c.at <= now - WITHIN) | (TRIES.c.at >= now + WITHIN)
    connection.execute(sa.delete(TRIES).where(outside))
    n_tries = sa.select(sa.func.count()).select_from(TRIES)
    for tries, most in ((_of(link_id, address), MOST_TRIES), (TRIES.c.link_id == link_id, MOST_TRIES_OF_ALL)):
        if connection.execute(n_tries.where(tries)).scalar_one() >= most:
            return False
    connection.execute(sa.insert(TRIES).values(link_id=link_id, address=address, at=now))
    return True


def forget(connection: sa.Connection, link_id: str, address: str) -> None:
    """Let somebody who knew the password begin anew."""
    connection.execute(sa.delete(TRIES).where(_of(link_id, address)))


def _of(link_id: str, address: str) -> sa.ColumnElement[bool]:
    return (TRIES.c.link_id == link_id) & (TRIES.c.address == address)
