"""The streamed way in takes what a page of ours announced, once, whole, and nothing else."""

from __future__ import annotations

import http.client
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette

from journey.errors import FileUnreadableError
from journey.ui import tickets, uploads
from journey.ui.tickets import Desk, Ticket
from journey.workspace import Workspace

#: What a browser says of itself when our own page sends.
OWN = {"Sec-Fetch-Site": "same-origin"}
UNKNOWN = "This upload is no longer expected. Choose the file again."


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    workspace = Workspace(tmp_path / "home")
    monkeypatch.setattr(uploads, "_workspace", lambda: workspace)
    uploads._turns.cache_clear()
    return workspace.home


@pytest.fixture(autouse=True)
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk()
    monkeypatch.setattr(uploads, "DESK", made)
    return made


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Where a server with the one route listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(Starlette(routes=[uploads.ROUTE]), log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join()


def sent(
    port: int, code: str, content: Any = b"abc", headers: dict[str, str] | None = None, method: str = "PUT"
) -> tuple[int, str]:
    """The status and the words of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, f"/upload/{code}", content, OWN if headers is None else headers)
        answer = connection.getresponse()
        held = answer.read()
        return answer.status, json.loads(held)["told"] if answer.headers["content-type"] == "application/json" else ""
    finally:
        connection.close()


def left(home: Path) -> list[Path]:
    # A folder may go while it is looked at: walking passes over it.
    return [Path(folder, name) for folder, _folders, names in os.walk(home / "incoming") for name in names]


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_an_announced_file_arrives_for_its_box(port: int, desk: Desk, method: str) -> None:
    ticket = desk.ticket("box", "1", "log.csv", 3)
    assert sent(port, ticket.code, method=method) == (200, "")
    upload = desk.taken("box")["1"]
    assert (upload.name, upload.n_bytes, upload.path.read_bytes()) == ("log.csv", 3, b"abc")
    assert desk.taken("box") == {}


def test_a_file_in_pieces_of_unknown_number_arrives(port: int, desk: Desk) -> None:
    ticket = desk.ticket("box", "1", "log.csv", 3_000_000)
    assert sent(port, ticket.code, iter([bytes(1_000_000)] * 3)) == (200, "")
    assert desk.taken("box")["1"].n_bytes == 3_000_000


def test_an_empty_file_arrives(port: int, desk: Desk) -> None:
    assert sent(port, desk.ticket("box", "1", "log.csv", 0).code, b"") == (200, "")
    assert desk.taken("box")["1"].n_bytes == 0


def test_files_arrive_in_the_order_they_were_announced(port: int, desk: Desk) -> None:
    first, second = (desk.ticket("box", file, f"{file}.csv", 3) for file in "ab")
    sent(port, second.code)
    sent(port, first.code)
    assert [upload.name for upload in desk.taken("box").values()] == ["a.csv", "b.csv"]


def test_a_ticket_is_good_once(port: int, desk: Desk) -> None:
    ticket = desk.ticket("box", "1", "log.csv", 3)
    sent(port, ticket.code)
    assert sent(port, ticket.code) == (404, UNKNOWN)


def test_a_ticket_is_good_for_an_hour(port: int, desk: Desk, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = desk.ticket("box", "1", "log.csv", 3)
    ticket.made -= tickets.TICKET_SECONDS + 1
    assert sent(port, ticket.code) == (404, UNKNOWN)
    assert not left(home)


@pytest.mark.parametrize(
    "code",
    ["a", "A" * 43, "A" * 42, "A" * 44, "..%2F..%2Fetc%2Fpasswd", "%00" * 43, "*" * 43, "%25" * 43, "%C3%A9" * 43],
)
def test_what_is_no_ticket_gets_the_same_answer(port: int, desk: Desk, home: Path, code: str) -> None:
    desk.ticket("box", "1", "log.csv", 3)
    assert sent(port, code) in ((404, UNKNOWN), (404, ""))
    assert not left(home)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1"},
        {"Origin": "http://example.com"},
        {"Origin": "null"},
        {"Origin": ""},
    ],
)
def test_another_site_can_send_nothing_even_with_a_ticket(
    port: int, desk: Desk, home: Path, headers: dict[str, str]
) -> None:
    ticket = desk.ticket("box", "1", "log.csv", 3)
    assert sent(port, ticket.code, headers=headers)[0] == 403
    assert not left(home)
    # The ticket itself is still good for the page it was made for.
    assert sent(port, ticket.code)[0] == 200


def test_where_the_browser_says_nothing_the_origin_must_be_this_host(port: int, desk: Desk) -> None:
    ticket = desk.ticket("box", "1", "log.csv", 3)
    assert sent(port, ticket.code, headers={"Origin": f"http://127.0.0.1:{port + 1}"})[0] == 403
    assert sent(port, ticket.code, headers={"Origin": f"http://127.0.0.1:{port}"})[0] == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "OPTIONS", "PATCH"])
def test_only_sending_is_possible(port: int, desk: Desk, method: str) -> None:
    assert sent(port, desk.ticket("box", "1", "log.csv", 3).code, None, method=method)[0] == 405


@pytest.mark.parametrize("content", [b"abcd", b"ab", b"", iter([b"ab", b"cd"]), iter([b"a"])])
def test_more_or_less_than_was_announced_is_refused_and_nothing_stays(
    port: int, desk: Desk, home: Path, content: Any
) -> None:
    ticket = desk.ticket("box", "1", "log.csv", 3)
    status, told = sent(port, ticket.code, content)
    assert (status, told) == (
        422,
        "“log.csv” changed or broke off while it was uploaded; nothing was kept. Choose it again.",
    )
    assert not left(home)
    assert desk.taken("box") == {}
    assert desk.waiting("box") == []


def test_a_file_beyond_the_limit_gets_no_ticket(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(tickets.LIMIT_VARIABLE, "0.5")
    assert desk.ticket("box", "1", "log.csv", 500_000_000)
    with pytest.raises(FileUnreadableError, match=r"larger than 500 MB, the most this server takes") as caught:
        desk.ticket("box", "2", "log.csv", 500_000_001)
    assert caught.value.code == "TOO_BIG"


def sending(port: int, ticket: Ticket, announced: int) -> socket.socket:
    """A connection that announced a file and sent the first megabyte of it."""
    connection = socket.create_connection(("127.0.0.1", port))
    head = f"PUT /upload/{ticket.code} HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\n"
    connection.sendall(f"{head}Content-Length: {announced}\r\n\r\n".encode() + bytes(1_000_000))
    return connection


def test_a_browser_that_goes_away_leaves_nothing(port: int, desk: Desk, home: Path) -> None:
    ticket = desk.ticket("box", "1", "log.csv", 50_000_000)
    with sending(port, ticket, 50_000_000):
        wait_for(lambda: bool(left(home)))
    wait_for(lambda: not left(home) and not desk.waiting("box"))
    assert list((home / "incoming").iterdir()) == []


def test_a_browser_that_stalls_is_sent_away(port: int, desk: Desk, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "STALLED_SECONDS", 0.3)
    with sending(port, desk.ticket("box", "1", "log.csv", 50_000_000), 50_000_000) as connection:
        assert connection.recv(20).startswith(b"HTTP/1.1 408")
    wait_for(lambda: not left(home))


def test_what_is_called_back_on_the_way_is_thrown_away(port: int, desk: Desk, home: Path) -> None:
    ticket = desk.ticket("box", "1", "log.csv", 2_000_000)
    with sending(port, ticket, 2_000_000) as connection:
        wait_for(lambda: bool(left(home)))
        desk.call_back("box")
        connection.sendall(bytes(1_000_000))
        assert b" 422 " in connection.recv(20)
    wait_for(lambda: not left(home))
    assert desk.taken("box") == {}


def test_others_are_answered_while_files_come(port: int, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    # More uploads stand still than may be written at once: a finished one frees the turn of one that waits.
    monkeypatch.setattr(uploads, "MOST_AT_ONCE", 2)
    uploads._turns.cache_clear()
    slow = [sending(port, desk.ticket("box", str(n), "log.csv", 2_000_000), 2_000_000) for n in range(2)]
    assert sent(port, "A" * 43)[0] == 404
    for connection in slow:
        connection.sendall(bytes(1_000_000))
        assert b" 200 " in connection.recv(20)
        connection.close()
    assert sent(port, desk.ticket("box", "last", "log.csv", 3).code)[0] == 200
    assert len(desk.taken("box")) == 3


def test_too_little_room_on_the_disk_is_said(
    port: int, desk: Desk, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("journey.disk.SPACE_LEAST_BYTES", 10**18)
    status, told = sent(port, desk.ticket("box", "1", "log.csv", 3).code)
    assert status == 422
    assert told.startswith("There is not enough room on the disk for “log.csv”")
    assert not left(home)


def test_tickets_are_256_bits_that_nobody_guesses(desk: Desk) -> None:
    codes = {desk.ticket("box", str(n), "log.csv", 3).code for n in range(100)}
    assert len(codes) == 100
    assert {len(code) for code in codes} == {43}


def test_asking_twice_for_a_file_gives_the_same_ticket(desk: Desk) -> None:
    assert desk.ticket("box", "1", "log.csv", 3) is desk.ticket("box", "1", "log.csv", 3)
    assert desk.ticket("box", "1", "log.csv", 3) is not desk.ticket("other box", "1", "log.csv", 3)


def test_a_box_gets_nothing_of_another(port: int, desk: Desk) -> None:
    sent(port, desk.ticket("box", "1", "log.csv", 3).code)
    assert desk.taken("other box") == {}
    desk.call_back("other box")
    assert list(desk.taken("box")) == ["1"]
