"""Asking an application directly, with nothing on the way that would put right what is asked."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

import anyio
from starlette.types import ASGIApp, Message

from journey.sharing import Link, Links, Snapshot

HOST = "share.test"
DOCUMENT = b"<!doctype html><title>Spring</title><p>" + b"12 of 40 customers. " * 200
POLICY = "default-src 'none'; script-src 'self'"
#: What a browser says of itself when a page of ours sends a form.
OWN = {"Sec-Fetch-Site": "same-origin"}
PASSWORD = "spring in the north"  # noqa: S105 - of links that are made for a test


@dataclass(frozen=True)
class Answer:
    """Status, headers with small names, body as it went over the wire, and cookies to be sent back."""

    status: int
    headers: dict[str, str]
    body: bytes
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        return gzip.decompress(self.body) if self.headers.get("content-encoding") == "gzip" else self.body

    @property
    def told(self) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
        """Everything a visitor could tell two answers apart by."""
        return self.status, tuple(sorted(self.headers.items())), self.body


@dataclass
class Visitor:
    """Somebody at an address, with a browser that keeps cookies as long as it is the same visitor."""

    app: ASGIApp
    address: str = "192.0.2.1"
    scheme: str = "http"
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(
        self,
        path: str | bytes,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        body: bytes = b"",
        query: bytes = b"",
    ) -> Answer:
        """Ask for a path as it would stand in the request's first line."""
        raw = path.encode() if isinstance(path, str) else path
        sent = {"Host": HOST, **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": self.scheme,
            "path": raw.decode("latin-1"),
            "raw_path": raw,
            "root_path": "",
            "query_string": query,
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in sent.items()],
            "client": (self.address, 50_000),
            "server": ("127.0.0.1", 80),
        }
        answer = anyio.run(_asked, self.app, scope, body)
        self.cookies.update(answer.cookies)
        return answer

    def send(self, path: str, fields: dict[str, str], headers: dict[str, str] | None = None) -> Answer:
        """Send a form as a page of ours does, unless the headers say otherwise."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask(
            path, "POST", form | (OWN if headers is None else headers), urlencode(fields, quote_via=quote).encode()
        )


async def _asked(app: ASGIApp, scope: dict[str, object], body: bytes) -> Answer:
    sent: list[Message] = []
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start, *pieces = sent
    pairs = [(name.decode().lower(), value.decode()) for name, value in start["headers"]]
    cookies = [value.partition(";")[0].partition("=") for name, value in pairs if name == "set-cookie"]
    whole = b"".join(piece.get("body", b"") for piece in pieces)
    return Answer(start["status"], dict(pairs), whole, {name: value for name, _sign, value in cookies})


def made(
    links: Links, document: bytes = DOCUMENT, *, password: str | None = None, title: str = "Spring"
) -> tuple[Link, str]:
    """Make a link, and tell its path."""
    link, token = links.make(
        Snapshot(document, POLICY),
        title=title,
        dataset_id="0123456789ab",
        dataset_name="Customers of the north",
        version="v1",
        choices={},
        made_by="ana",
        password=password,
    )
    return link, f"/s/{token}"


def library(links: Links, content: bytes = b"/* charts */" * 100) -> str:
    """Keep a chart library, and tell its path."""
    name = "plotly-0123456789abcdef.js"
    links.keep_library(name, content)
    return f"/s/{name}"
