"""Slow, large and many: whoever holds on to the door does not keep others from coming in."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack, suppress

import pytest

from tests.attacks.oracle import leaks
from tests.attacks.shares import Shares
from tests.attacks.target import Target
from tests.attacks.wire import LOCALHOST, answer_or_none, connected, received, written

#: More than the threads that serve documents, and than the connections an untouched default would queue.
N_HANGERS_ON = 150
N_OF_ONE_ADDRESS = 600
MEGABYTE = 1 << 20
#: Room for caches that warm up; a body or a header that is held in memory is larger.
MOST_GROWTH_BYTES = 60 * MEGABYTE


def require_serving(target: Target, shares: Shares) -> None:
    """Documents and the health answer come while the attack goes on."""
    for share in (shares.first, shares.second):
        assert target.opened(share.path).content == share.document
    assert target.opened("/healthz").status == 200


def require_serving_soon(target: Target, shares: Shares) -> None:
    """What came at one blow is turned away one by one; after that documents come."""
    for _turn in range(40):
        with suppress(AssertionError, OSError):
            require_serving(target, shares)
            return
        time.sleep(0.25)
    require_serving(target, shares)


UNFINISHED = {
    "nothing": b"",
    "half-a-method": b"GE",
    "half-a-path": b"GET /s/AAAA",
    "half-a-header": b"GET /s/x HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ",
    "headers-without-an-end": b"GET /s/x HTTP/1.1\r\nHost: 127.0.0.1\r\n",
    "a-body-that-does-not-come": b"POST /s/x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n",
    "a-piece-that-does-not-come": b"POST /s/x HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    "a-tls-greeting": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
}


@pytest.mark.parametrize("how", UNFINISHED)
def test_others_are_served_while_many_requests_are_never_finished(target: Target, shares: Shares, how: str) -> None:
    with ExitStack() as lines:
        held = [lines.enter_context(connected(target.port)) for _line in range(N_HANGERS_ON)]
        for line in held:
            line.sendall(UNFINISHED[how])
        require_serving(target, shares)
        for line in held:
            with suppress(ConnectionError):
                line.sendall(b"x")
        require_serving(target, shares)
    require_serving(target, shares)


def test_one_address_cannot_take_all_connections(publisher: Target, shares: Shares) -> None:
    """As many as there may be at all, and all from one place; some of them are refused, and others come in."""
    with ExitStack() as lines:
        for _line in range(N_OF_ONE_ADDRESS):
            with suppress(ConnectionError):
                lines.enter_context(connected(publisher.port, "127.210.0.1")).sendall(b"GET /s/")
        require_serving_soon(publisher, shares)
        require_serving(publisher, shares)
    require_serving(publisher, shares)


def test_others_are_served_while_forms_to_a_locked_link_are_never_finished(target: Target, shares: Shares) -> None:
    head = written(
        shares.locked.path,
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Origin", f"http://{LOCALHOST}"),
        ("Content-Length", "30"),
        method="POST",
    )
    with ExitStack() as lines:
        for _line in range(N_HANGERS_ON):
            lines.enter_context(connected(target.port)).sendall(head + b"pass")
        require_serving(target, shares)


def test_others_are_served_while_documents_are_never_read(target: Target, shares: Shares) -> None:
    with ExitStack() as lines:
        for _line in range(N_HANGERS_ON):
            line = lines.enter_context(connected(target.port))
            line.sendall(written(shares.first.path, ("Connection", "keep-alive")) * 20)
        require_serving(target, shares)


def test_others_are_served_while_connections_come_and_break(target: Target, shares: Shares) -> None:
    for turn in range(300):
        with connected(target.port) as line:
            line.sendall(written(shares.first.path)[: 10 + turn % 60])
    require_serving(target, shares)


def posted(path: str, body: bytes, *headers: tuple[str, str]) -> bytes:
    """A form as this host's own page sends it."""
    own = (("Content-Type", "application/x-www-form-urlencoded"), ("Origin", f"http://{LOCALHOST}"))
    return written(path, *own, *headers, method="POST", body=body)


_IN_PIECES = ("Transfer-Encoding", "chunked")
_PIECE = b"10000\r\n" + b"a" * 65536 + b"\r\n"
LARGE: dict[str, Callable[[str], bytes]] = {
    "a-path": lambda path: written(path + "a" * MEGABYTE),
    "a-query": lambda path: written(f"{path}?a=" + "b" * MEGABYTE),
    "a-header": lambda path: written(path, ("X-A", "b" * MEGABYTE)),
    "a-cookie": lambda path: written(path, ("Cookie", "journey=" + "b" * MEGABYTE)),
    "many-headers": lambda path: written(path, *((f"X-{number}", "b") for number in range(50_000))),
    "a-header-name": lambda path: written(path, ("X" * MEGABYTE, "b")),
    "a-method": lambda path: written(path, method="G" * MEGABYTE),
    "a-host": lambda path: written(path, host="h" * MEGABYTE),
    "a-form": lambda path: posted(path, b"password=" + b"a" * 8 * MEGABYTE),
    "a-form-in-pieces": lambda path: posted(path, _PIECE * 128 + b"0\r\n\r\n", _IN_PIECES),
    "a-form-in-crumbs": lambda path: posted(path, b"1\r\na\r\n" * 100_000 + b"0\r\n\r\n", _IN_PIECES),
    "a-form-longer-than-any": lambda path: posted(path, b"a" * MEGABYTE, ("Content-Length", str(1 << 50))),
    "a-body-of-a-get": lambda path: written(path, body=b"a" * 8 * MEGABYTE),
    "a-body-of-a-put": lambda path: written(path, method="PUT", body=b"a" * 8 * MEGABYTE),
    "a-body-of-a-state": lambda path: posted(f"{path}/status", b"a" * 8 * MEGABYTE),
    "a-compressed-body": lambda path: posted(path, b"\x1f\x8b" + b"\0" * MEGABYTE, ("Content-Encoding", "gzip")),
}


@pytest.mark.parametrize("what", LARGE)
def test_a_large_request_shows_nothing_and_costs_no_memory(
    target: Target, shares: Shares, hidden: list[bytes], what: str
) -> None:
    before = target.resident_bytes
    answer = answer_or_none(target.port, LARGE[what](shares.locked.path))
    assert answer is None or leaks(answer, hidden) == []
    assert answer is None or answer.status in (204, 400, 401, 403, 405, 408, 413, 414, 415, 431)
    assert target.resident_bytes - before < MOST_GROWTH_BYTES
    require_serving(target, shares)


def test_many_passwords_at_once_cost_no_memory_and_keep_nobody_waiting(target: Target, shares: Shares) -> None:
    """Each check of a password holds 32 MB: all of these at once would be half a gigabyte."""
    before = target.resident_bytes
    request = posted(shares.locked_too.path, b"password=wrong+horse+battery")
    with ExitStack() as lines:
        guessers = [lines.enter_context(connected(target.port)) for _line in range(16)]
        for line in guessers:
            line.sendall(request)
        require_serving(target, shares)
        assert target.resident_bytes - before < 4 * MOST_GROWTH_BYTES
        assert {received(line).status for line in guessers} <= {401, 403, 429, 503}


def test_guesses_from_everywhere_are_forgotten_in_the_end(target: Target, shares: Shares) -> None:
    before = target.resident_bytes
    for turn in range(200):
        target.opened("/s/" + "Y" * 43, address=f"127.202.{turn}.7")
    assert target.resident_bytes - before < MOST_GROWTH_BYTES
    require_serving(target, shares)
