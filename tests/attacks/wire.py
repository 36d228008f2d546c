"""Requests written byte by byte: what a client library would tidy up on its way out is sent as it is."""

from __future__ import annotations

import gzip
import itertools
import socket
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from urllib.parse import urlencode

LOCALHOST = "127.0.0.1"
#: A server that has not answered by then does not answer.
ANSWER_SECONDS = 20.0
_BLOCK = 250
_visitors = itertools.count(1)


def new_address() -> str:
    """A loopback address nobody has come from yet, so that one attack does not use up another's tries.

    Examples
    --------
    >>> new_address().startswith("127.")
    True
    """
    turn = next(_visitors)
    return f"127.{1 + turn // (_BLOCK * _BLOCK)}.{turn // _BLOCK % _BLOCK}.{1 + turn % _BLOCK}"


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers in their order, and the body as it was sent."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """The value of a header; None where it is not there."""
        found = [value for known, value in self.headers if known.lower() == name.lower()]
        return ", ".join(found) if found else None

    @property
    def content(self) -> bytes:
        """The body as a browser would read it."""
        return gzip.decompress(self.body) if self.header("content-encoding") == "gzip" else self.body

    @property
    def kept_headers(self) -> tuple[tuple[str, str], ...]:
        """All headers but the clock's, in an order of their own."""
        return tuple(sorted((name.lower(), value) for name, value in self.headers if name.lower() != "date"))


def written(
    target: str | bytes,
    *headers: tuple[str, str],
    method: str = "GET",
    host: str | None = LOCALHOST,
    body: bytes = b"",
    version: str = "HTTP/1.1",
) -> bytes:
    r"""The bytes of a request that asks to close afterwards; nothing in it is escaped.

    Examples
    --------
    >>> written("/s/x")
    b'GET /s/x HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n'
    """
    target = target.encode() if isinstance(target, str) else target
    lines = [b" ".join([method.encode(), target, version.encode()])]
    if host is not None:
        lines.append(b"Host: " + host.encode())
    lines += [f"{name}: {value}".encode("utf-8", "surrogateescape") for name, value in headers]
    if body and not any(name.lower() in ("content-length", "transfer-encoding") for name, _value in headers):
        lines.append(f"Content-Length: {len(body)}".encode())
    if not any(name.lower() == "connection" for name, _value in headers):
        lines.append(b"Connection: close")
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def form(target: str, fields: dict[str, str] | bytes, *headers: tuple[str, str]) -> bytes:
    """The bytes of a form sent by POST."""
    body = fields if isinstance(fields, bytes) else urlencode(fields).encode()
    length = () if body else (("Content-Length", "0"),)
    return written(
        target, ("Content-Type", "application/x-www-form-urlencoded"), *length, *headers, method="POST", body=body
    )


def connected(port: int, address: str | None = None, seconds: float = ANSWER_SECONDS) -> socket.socket:
    """A connection from an address of this machine; a fresh one unless told."""
    return socket.create_connection((LOCALHOST, port), seconds, (address or new_address(), 0))


def received(line: socket.socket, method: str = "GET") -> Answer:
    """Read one answer off a connection, which stays open."""
    response = HTTPResponse(line, method=method)
    try:
        response.begin()
        body = response.read()
        return Answer(response.status, tuple(response.getheaders()), body)
    finally:
        response.close()


def answer_to(port: int, request: bytes, *, address: str | None = None) -> Answer:
    """Send a request over a connection of its own, and read what comes back."""
    method = request.split(b" ", 1)[0].decode("ascii", "replace")
    with connected(port, address) as line:
        # A server may answer and hang up before it was told everything.
        with suppress(BrokenPipeError, ConnectionResetError):
            line.sendall(request)
        return received(line, method)


def answer_or_none(port: int, request: bytes, *, address: str | None = None) -> Answer | None:
    """As `answer_to`; None when the server hangs up without an answer."""
    try:
        return answer_to(port, request, address=address)
    except (HTTPException, ConnectionError):
        return None
