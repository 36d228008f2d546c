"""Shares whose documents carry a mark, so that one byte of one of them in a wrong answer is noticed."""

from __future__ import annotations

import secrets
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from journey.sharing.links import Link, Links, Snapshot

DATASET_NAME = "Ledgerline customers of the north"
MADE_BY = "olga.owner"
SCRIPT = "document.title += '.'"
POLICY = (
    f"default-src 'none'; script-src 'self' 'sha256-{b64encode(sha256(SCRIPT.encode()).digest()).decode()}'; "
    "style-src 'unsafe-inline'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'"
)
#: About as large as a real one is when it is compressed.
FILLING_BYTES = 20_000


@dataclass(frozen=True)
class Share:
    """A link with what only its owner knows: its token, its password, and what its document says."""

    link: Link
    token: str
    mark: str
    password: str | None
    document: bytes

    @property
    def path(self) -> str:
        """Where it is opened."""
        return f"/s/{self.token}"


@dataclass(frozen=True)
class Shares:
    """One share of each kind; tests that change one make their own."""

    first: Share
    second: Share
    locked: Share
    locked_too: Share
    expired: Share
    revoked: Share

    @property
    def all(self) -> tuple[Share, ...]:
        """Every one of them."""
        return (self.first, self.second, self.locked, self.locked_too, self.expired, self.revoked)


def marked_document(mark: str) -> bytes:
    """A document that says who it is at its beginning, in its middle and at its end."""
    filling = "".join(f"<p>{mark} {line}</p>" for line in range(FILLING_BYTES // 40))
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{mark}</title></head>"
        f"<body><h1>{mark}</h1>{filling}<script>{SCRIPT}</script></body></html>\n"
    ).encode()


def new_snapshot(mark: str) -> Snapshot:
    """A snapshot of a marked document."""
    return Snapshot(document=marked_document(mark), policy=POLICY)


def new_share(links: Links, name: str, *, password: str | None = None, days: float = 30.0) -> Share:
    """Make a link to a document of its own; `name` is in its mark and its title."""
    mark = f"MARK-{name}-{secrets.token_hex(8)}"
    link, token = links.make(
        new_snapshot(mark),
        title=f"Board view of {name} {secrets.token_hex(4)}",
        dataset_id="5ba92f00d1e5",
        dataset_name=DATASET_NAME,
        version="v-20261122-77",
        choices={"pages": ["overview"]},
        expires_at=datetime.now(UTC) + timedelta(days=days),
        made_by=MADE_BY,
        password=password,
    )
    return Share(link, token, mark, password, marked_document(mark))


def an_unknown_token() -> str:
    """A token as it should look, of no link."""
    return secrets.token_urlsafe(32)
