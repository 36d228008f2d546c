"""The key of a folder of links: it seals cookies, and lets addresses be told apart without keeping them."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from journey.sharing.links_schema import KEYS
from journey.sqlite_file import SqliteFile

_N_BYTES = 32


def kept_key(file: SqliteFile) -> bytes:
    """Hand out the key, made at the first call; the first of several processes wins."""
    wanted = sa.select(KEYS.c.value).where(KEYS.c.name == "viewers")
    with file.reading.begin() as connection:
        key = connection.execute(wanted).scalar()
    if key is None:
        made = insert(KEYS).values(name="viewers", value=secrets.token_bytes(_N_BYTES))
        with file.writing.begin() as connection:
            connection.execute(made.on_conflict_do_nothing())
            key = connection.execute(wanted).scalar_one()
    return bytes(key)
