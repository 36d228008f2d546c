"""Links to snapshots: made, refreshed, withdrawn, and found again by their token.

A link shows what its row says, and the row changes in one transaction: files are there before it names them, and go
after it does not any more.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from journey.disk import disk_full_told
from journey.errors import JourneyError
from journey.language import number
from journey.sharing import links_log, tries
from journey.sharing.errors import LinkError
from journey.sharing.keys import kept_key
from journey.sharing.link_rows import Link, changeable_link, link_of, row_of, update
from journey.sharing.links_log import Entry
from journey.sharing.links_schema import LINKS, MIGRATIONS, UtcTime
from journey.sharing.passwords import hashed, is_right
from journey.sharing.snapshots import Snapshot, Snapshots
from journey.sharing.tries import Attempt
from journey.sqlite_file import SqliteFile

__all__ = ["MOST_DAYS", "USUAL_DAYS", "Entry", "Link", "Links", "Snapshot", "utc_now"]

USUAL_DAYS, MOST_DAYS = 30, 365
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


def utc_now() -> datetime:
    """Tell the time with its zone."""
    return datetime.now(UTC)


class Links:
    """The links kept in one folder, for any number of threads and processes.

    A process that may only read the folder finds and serves links; it counts no openings, and lets nobody try a
    password, as nobody could count the tries.

    Parameters
    ----------
    folder
        The folder; made if it is not there, readable by its owner only. Nothing outside it is needed.
    clock
        What tells the time of changes.

    Raises
    ------
    JourneyError
        When a newer version of the product wrote the links, or the folder may only be read and is empty.
    """

    def __init__(self, folder: Path, clock: Callable[[], datetime] = utc_now) -> None:
        self.folder, self._clock = folder.absolute(), clock
        self._snapshots = Snapshots(self.folder)
        self._snapshots.prepare()
        self._file = SqliteFile(self.folder / "links.sqlite", MIGRATIONS)
        if self._file.is_writable:
            self._sweep()
        self._key = kept_key(self._file)

    # --- The owner's side ----------------------------------------------------------------------------------------

    def make(
        self,
        snapshot: Snapshot,
        *,
        title: str,
        dataset_id: str,
        dataset_name: str,
        version: str,
        choices: Mapping[str, Any],
        made_by: str,
        expires_at: datetime | None = None,
        password: str | None = None,
    ) -> tuple[Link, str]:
        """Make a link to a snapshot, and hand out its token: it is not kept, so that nobody can read it again.

        Without `expires_at` it lasts for 30 days.

        Raises
        ------
        LinkError
            When it would last for more than 365 days or not at all, or the password is too short or too long.
        JourneyError
            When the disk is full.
        """
        now = self._clock()
        if expires_at is None:
            expires_at = now + timedelta(days=USUAL_DAYS)
        if expires_at <= now:
            raise LinkError.ends_in_the_past()
        _require_not_too_late(expires_at, now)
        kept_password = None if password is None else hashed(password)
        token, link_id = secrets.token_urlsafe(32), secrets.token_hex(6)
        with self._writing(title, snapshot) as (connection, name):
            made = {
                "id": link_id, "token_sha256": _sha256(token), "title": title, "dataset_id": dataset_id,
                "dataset_name": dataset_name, "version": version, "choices": dict(choices), "made_by": made_by,
                "made_at": now, "expires_at": expires_at, "password": kept_password, "snapshot": name,
                "snapshot_at": now,
            }  # fmt: skip
            connection.execute(sa.insert(LINKS).values(made))
            links_log.note(connection, link_id, "made", now, made_by, version)
        return self.link(link_id), token

    def refresh(self, link_id: str, snapshot: Snapshot, version: str, *, by: str) -> Link:
        """Let a link show another snapshot; who opens it meanwhile sees the old one or the new one.

        Raises
        ------
        LinkError
            When there is no such link, or it was withdrawn.
        JourneyError
            When the disk is full.
        """
        now = self._clock()
        with self._file.reading.begin() as connection:
            title = changeable_link(connection, link_id).title
        with self._writing(title, snapshot) as (connection, name):
            before = changeable_link(connection, link_id)
            update(connection, link_id, version=version, snapshot=name, snapshot_at=now)
            links_log.note(connection, link_id, "refreshed", now, by, version)
        self._snapshots.remove(before.snapshot)
        return self.link(link_id)

    def set_expiry(self, link_id: str, expires_at: datetime, *, by: str) -> Link:
        """Let a link end at another time; one that is past ends it now, and a later one opens it again.

        Raises
        ------
        LinkError
            When there is no such link, it was withdrawn, or it would last for more than 365 days from now.
        """
        _require_not_too_late(expires_at, self._clock())
        return self._change(link_id, "expiry", by, expires_at.astimezone(UTC).isoformat(), expires_at=expires_at)

    def set_password(self, link_id: str, password: str | None, *, by: str) -> Link:
        """Ask viewers for another password, or for none; who gave the old one is asked again.

        Raises
        ------
        LinkError
            When there is no such link, it was withdrawn, or the password is too short or too long.
        """
        kept = None if password is None else hashed(password)
        return self._change(link_id, "password", by, "removed" if password is None else "set", password=kept)

    def revoke(self, link_id: str, *, by: str) -> Link:
        """Withdraw a link for good; doing it again changes nothing.

        Raises
        ------
        LinkError
            When there is no such link.
        """
        link = self.link(link_id)
        self._revoke(LINKS.c.id == link_id, link.title, by)
        return self.link(link_id)

    def revoke_dataset(self, dataset_id: str, *, by: str) -> list[Link]:
        """Withdraw all links to a dataset, for good, and tell which they were."""
        name = next((link.dataset_name for link in self.all() if link.dataset_id == dataset_id), dataset_id)
        ids = self._revoke(LINKS.c.dataset_id == dataset_id, name, by)
        return [self.link(link_id) for link_id in ids]

    def all(self) -> list[Link]:
        """List the links, the one made last first."""
        with self._file.reading.begin() as connection:
            return [link_of(row) for row in connection.execute(sa.select(LINKS).order_by(LINKS.c.number.desc()))]

    def link(self, link_id: str) -> Link:
        """Tell about one link.

        Raises
        ------
        LinkError
            When there is no such link.
        """
        with self._file.reading.begin() as connection:
            return link_of(row_of(connection, link_id))

    def entries(self, link_id: str | None = None) -> list[Entry]:
        """List what was done to one link or to all, and by viewers, the latest first."""
        with self._file.reading.begin() as connection:
            return links_log.entries_of(connection, link_id)

    def keep_library(self, name: str, content: bytes) -> None:
        """Keep the chart library that documents ask for, unless it is here; its name tells its content.

        Raises
        ------
        LinkError
            When the name is not one of a chart library.
        JourneyError
            When the disk is full.
        """
        with disk_full_told(name, self.folder, len(content)):
            self._snapshots.keep_library(name, content)

    # --- The viewers' side ---------------------------------------------------------------------------------------

    def found(self, token: object, now: datetime) -> Link | None:
        """Find the link of a token; unknown, expired and withdrawn ones are all the same: none."""
        if not isinstance(token, str) or _TOKEN.fullmatch(token) is None:
            return None
        wanted = LINKS.c.token_sha256 == _sha256(token)
        is_open = LINKS.c.revoked_at.is_(None) & (LINKS.c.expires_at > now)
        with self._file.reading.begin() as connection:
            row = connection.execute(sa.select(LINKS).where(wanted, is_open)).first()
        return None if row is None else link_of(row)

    def document(self, link: Link, *, is_compressed: bool = False) -> Snapshot | None:
        """Read what a link shows, compressed with gzip if asked so; None when it was withdrawn meanwhile."""
        name: str | None = link.snapshot
        while name is not None:
            snapshot = self._snapshots.read(name, is_compressed=is_compressed)
            if snapshot is not None:
                return snapshot
            # It was refreshed between being found and being read: the row names what took its place.
            before, name = name, self._snapshot_of(link.id)
            if name == before:
                return None
        return None

    def library(self, name: str, *, is_compressed: bool = False) -> bytes | None:
        """Read a chart library, or None when there is none of this name."""
        return self._snapshots.library(name, is_compressed=is_compressed)

    def opened(self, link_id: str, at: datetime) -> None:
        """Count an opening, if it can be counted: a viewer never waits for it, nor fails by it."""
        if not self._file.is_writable:
            return
        with suppress(OperationalError), self._file.counting() as connection:
            now = sa.literal(at, UtcTime)
            latest = sa.func.max(sa.func.coalesce(LINKS.c.last_opened_at, now), now)
            once_more = {"n_opened": LINKS.c.n_opened + 1, "last_opened_at": latest}
            counted = sa.update(LINKS).where(LINKS.c.id == link_id, LINKS.c.revoked_at.is_(None))
            if connection.execute(counted.values(once_more)).rowcount:
                links_log.count(connection, link_id, "opened", at)

    def blocked(self, at: datetime, link_id: str = "") -> None:
        """Count that somebody was turned away for asking too often, of one link or of links that are not there."""
        if self._file.is_writable:
            with suppress(OperationalError), self._file.counting() as connection:
                links_log.count(connection, link_id, "blocked", at)

    def password_attempt(self, link_id: str, password: str, address: str, now: datetime) -> Attempt:
        """Look at a password that a viewer gave.

        Within 15 minutes five wrong ones of one address are too many, and a hundred of all addresses together. The key
        is that of the password that was looked at, even where another one is set meanwhile.
        """
        with self._file.reading.begin() as connection:
            row = row_of(connection, link_id)
        if row.password is None:
            return Attempt("wrong")
        if not self._may_try(link_id, address, now):
            self.blocked(now, link_id)
            return Attempt("too many")
        if not is_right(password, row.password):
            return Attempt("wrong")
        with suppress(OperationalError), self._file.counting() as connection:
            tries.forget(connection, link_id, self._hashed(address))
        return Attempt("right", self._viewer_key(row))

    def viewer_key(self, link_id: str) -> bytes:
        """Tell the key that seals what a viewer's browser remembers of one link; another password, another key."""
        with self._file.reading.begin() as connection:
            return self._viewer_key(row_of(connection, link_id))

    # --- How it is done ------------------------------------------------------------------------------------------

    @contextmanager
    def _writing(self, title: str, snapshot: Snapshot) -> Iterator[tuple[sa.Connection, str]]:
        """Keep a snapshot, and open the transaction that names it; without the one, the other goes."""
        with disk_full_told(title, self.folder, len(snapshot.document)):
            name = self._snapshots.keep(snapshot)
            is_named = False
            try:
                with self._file.writing.begin() as connection:
                    yield connection, name
                is_named = True
            finally:
                if not is_named:
                    self._snapshots.remove(name)

    def _change(self, link_id: str, action: links_log.Action, by: str, detail: str, **values: Any) -> Link:
        with disk_full_told(self.link(link_id).title, self.folder, 0), self._file.writing.begin() as connection:
            changeable_link(connection, link_id)
            update(connection, link_id, **values)
            links_log.note(connection, link_id, action, self._clock(), by, detail)
        return self.link(link_id)

    def _revoke(self, which: sa.ColumnElement[bool], title: str, by: str) -> list[str]:
        wanted = sa.select(LINKS).where(which, LINKS.c.revoked_at.is_(None)).order_by(LINKS.c.number)
        try:
            rows = self._revoked(wanted, title, by)
        except JourneyError:
            # On a full disk there is no room to write that they are withdrawn: their files make it.
            with self._file.reading.begin() as connection:
                self._remove(connection.execute(wanted).all())
            rows = self._revoked(wanted, title, by)
        self._remove(rows)
        return [row.id for row in rows]

    def _revoked(self, wanted: sa.Select[Any], title: str, by: str) -> Sequence[sa.Row[Any]]:
        now = self._clock()
        with disk_full_told(title, self.folder, 0), self._file.writing.begin() as connection:
            rows = connection.execute(wanted).all()
            for row in rows:
                update(connection, row.id, revoked_at=now, password=None)
                links_log.note(connection, row.id, "revoked", now, by)
        return rows

    def _remove(self, rows: Sequence[sa.Row[Any]]) -> None:
        for row in rows:
            self._snapshots.remove(row.snapshot)

    def _snapshot_of(self, link_id: str) -> str | None:
        wanted = sa.select(LINKS.c.snapshot).where(LINKS.c.id == link_id, LINKS.c.revoked_at.is_(None))
        with self._file.reading.begin() as connection:
            return connection.execute(wanted).scalar()

    def _may_try(self, link_id: str, address: str, now: datetime) -> bool:
        if not self._file.is_writable:
            return False
        try:
            with self._file.counting() as connection:
                return tries.may_try(connection, link_id, self._hashed(address), now)
        except OperationalError:  # a disk that is full: what can't be counted is not allowed
            return False

    def _hashed(self, address: str) -> str:
        return tries.address_hash(address, self._key)

    def _viewer_key(self, row: sa.Row[Any]) -> bytes:
        return hmac.new(self._key, f"viewer/{row.id}/{row.password or ''}".encode(), hashlib.sha256).digest()

    def _sweep(self) -> None:
        with self._file.reading.begin() as connection:
            rows = connection.execute(sa.select(LINKS.c.snapshot, LINKS.c.revoked_at)).all()
        for row in rows:
            if row.revoked_at is not None:
                self._snapshots.remove(row.snapshot)
        self._snapshots.sweep({row.snapshot for row in rows if row.revoked_at is None})


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _require_not_too_late(expires_at: datetime, now: datetime) -> None:
    if expires_at > now + timedelta(days=MOST_DAYS):
        raise LinkError.ends_too_late(number(MOST_DAYS))
