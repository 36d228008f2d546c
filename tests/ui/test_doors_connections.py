"""A connection on which no request comes in time is closed, however it dawdles."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn

from journey.sharing import connections
from journey.sharing.connections import Connection, use_for_every_server

REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
#: Far more than the half second a request may take here.
PATIENCE_SECONDS = 15


async def says_ok(scope: object, receive: object, send: object) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})  # type: ignore[operator]
    await send({"type": "http.response.body", "body": b"ok"})  # type: ignore[operator]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with pytest.MonkeyPatch.context() as patch, socket.create_server(("127.0.0.1", 0)) as listening:
        patch.setattr(connections, "REQUEST_SECONDS", 0.5)
        config = uvicorn.Config(says_ok, http=Connection, ws="none", log_level="critical", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join()


def received(port: int, *pieces: bytes) -> bytes:
    """All that comes back until the server hangs up; each piece is sent a little later than the one before."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as line:
        came = b""
        for piece in pieces:
            try:
                line.sendall(piece)
            except OSError:
                break
            line.settimeout(0.1)
            try:
                while part := line.recv(65536):
                    came += part
                return came
            except TimeoutError:
                continue
            except ConnectionError:
                return came
        line.settimeout(PATIENCE_SECONDS)
        try:
            while part := line.recv(65536):
                came += part
        except ConnectionError:
            pass
        return came


def test_a_request_in_pieces_is_answered(port: int) -> None:
    answer = received(port, REQUEST, b"Connection: close\r\n", b"\r\n")
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(b"\r\n\r\nok")


@pytest.mark.parametrize(
    ("pieces", "n_answers"),
    [
        ([b""], 0),
        ([REQUEST], 0),
        ([REQUEST, *[b"X: x\r\n"] * 100], 0),
        ([REQUEST + b"\r\n", *[b"G"] * 100], 1),
        ([REQUEST + b"Content-Length: 500\r\n\r\n", *[b"x"] * 100], 1),
    ],
    ids=["nothing", "no end", "line by line", "after an answer", "a body byte by byte"],
)
def test_who_dawdles_does_not_keep_the_connection(port: int, pieces: list[bytes], n_answers: int) -> None:
    started = time.monotonic()
    assert received(port, *pieces).count(b"HTTP/1.1 200 OK") == n_answers
    assert time.monotonic() - started < PATIENCE_SECONDS


def test_what_is_no_request_gets_an_answer_with_its_guards(port: int) -> None:
    answer = received(port, b"\x16\x03\x01\r\n\r\n").decode()
    assert answer.startswith("HTTP/1.1 400 Bad Request\r\n")
    assert "\r\nContent-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n" in answer
    assert "\r\nX-Content-Type-Options: nosniff\r\n" in answer
    assert answer.endswith("\r\n\r\nInvalid HTTP request received.")


def test_every_server_takes_its_connections_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HTTP_PROTOCOLS", {"auto": "uvicorn.protocols.http.auto:AutoHTTPProtocol"})
    use_for_every_server()
    assert connections.HTTP_PROTOCOLS == {"auto": "journey.sharing.connections:Connection"}
