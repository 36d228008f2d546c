"""The publishing process answers for links and for its health, for nothing else, and not to those who dawdle."""

from __future__ import annotations

import logging
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from journey.__main__ import main
from journey.sharing import Links, beside, lines
from journey.sharing.addresses import Place
from journey.sharing.beside import Publishing
from journey.sharing.errors import PlaceError
from journey.sharing.publisher import listening, publisher_app, server_of
from tests.sharing.asking import DOCUMENT, HOST, Visitor, library, made

ROOT = Path(__file__).resolve().parents[2]
HERE = "127.0.0.1"
HEAVY = {"streamlit", "pandas", "numpy", "duckdb", "plotly", "sklearn", "pyarrow", "ibis", "journey.workspace"}
#: Far above what it takes (47 MB), far below what a data frame would bring along.
MOST_RESIDENT_MB = 75


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("SHARE", "PORT", "HOST", "JOURNEY_SHARE_URL", "JOURNEY_SHARE_HOSTS", "JOURNEY_PROXIES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("JOURNEY_HOME", str(tmp_path))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of links in the home of this test."""
    return tmp_path / "shared"


@pytest.fixture
def links(folder: Path) -> Links:
    """Links by the clock on the wall, as a process of its own sees them."""
    return Links(folder)


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


# --- What it answers ---------------------------------------------------------------------------------------------


def test_it_serves_links_and_its_health(links: Links, folder: Path) -> None:
    _link, path = made(links)
    visitor = Visitor(publisher_app(folder))
    assert visitor.ask(path).body == DOCUMENT
    assert visitor.ask(library(links)).status == 200
    assert (visitor.ask("/healthz").status, visitor.ask("/healthz").body) == (200, b"ok")
    assert (visitor.ask("/healthz", "HEAD").status, visitor.ask("/healthz", "HEAD").body) == (200, b"")


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS"])
@pytest.mark.parametrize(
    "path",
    ["/", "/x", "*", "", "//s/x", "/_stcore/health", "/_stcore/stream", "/_stcore/metrics", "/media/x.html",
     "/healthz/", "/upload/x", "/preview/x", "/overview", "/static/index.html", "/S/x", "/.env", "http://share.test/s/x"],
)  # fmt: skip
def test_everything_else_is_the_one_answer(links: Links, folder: Path, path: str, method: str) -> None:
    app = publisher_app(folder)
    assert Visitor(app).ask(path, method).told == Visitor(app).ask("/s/" + "A" * 43).told


def test_what_is_elsewhere_does_not_use_up_the_tries(links: Links, folder: Path) -> None:
    visitor = Visitor(publisher_app(folder))
    assert {visitor.ask("/favicon.ico").status for _time in range(30)} == {404}
    assert visitor.ask("/s/" + "A" * 43).status == 404


@pytest.mark.parametrize(
    ("variable", "value"),
    [("JOURNEY_SHARE_HOSTS", f"other.test, {HOST.upper()}"), ("JOURNEY_SHARE_URL", f"https://{HOST}")],
)
def test_where_hosts_are_named_it_answers_to_these_alone(
    links: Links, folder: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    _link, path = made(links)
    visitor = Visitor(publisher_app(folder))
    for own in (HOST, f"{HOST}:8600", f"{HOST}."):
        assert visitor.ask(path, headers={"Host": own}).status == 200
    for foreign in ("evil.test", f"{HOST}.evil.test", f"evil{HOST}", f"a@{HOST}", "", "[::1]", "127.0.0.1"):
        assert visitor.ask(path, headers={"Host": foreign}).told == visitor.ask("/x").told
    assert visitor.ask("/healthz", headers={"Host": "10.1.2.3"}).status == 200


def test_the_log_says_what_was_asked_for_and_not_by_whom(
    links: Links, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _link, path = made(links)
    visitor = Visitor(publisher_app(folder))
    with caplog.at_level(logging.INFO, "journey.sharing"):
        for asked in (path, f"{path}/status", "/healthz", "/secret/thing", path[:-1]):
            visitor.ask(asked)
    said = [message.rpartition(" ")[0].rpartition(" ")[0] for message in caplog.messages]
    assert said == ["GET link 200", "GET status 204", "GET health 200", "GET nothing 404", "GET nothing 404"]
    assert visitor.address not in caplog.text


def test_what_breaks_is_told_by_an_id_that_the_log_knows(
    links: Links, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _link, path = made(links)
    token = path.removeprefix("/s/")
    app = publisher_app(folder)

    def break_down(_links: Links, asked: str, _now: object) -> None:
        raise RuntimeError(f"no such table: links, looking for {asked}")

    monkeypatch.setattr(Links, "found", break_down)
    with caplog.at_level(logging.ERROR, "journey.sharing"):
        answer = Visitor(app).ask(path)
    assert answer.status == 500
    assert answer.headers["x-content-type-options"] == "nosniff"
    [error_id] = [part.partition("</code>")[0] for part in answer.body.decode().split("<code>")[1:]]
    assert f"error {error_id}" in caplog.text
    assert "no such table" in caplog.text
    assert token not in caplog.text
    assert "table" not in answer.body.decode()
    assert "Traceback" not in answer.body.decode()


# --- On a real connection ----------------------------------------------------------------------------------------


@pytest.fixture
def port(links: Links, folder: Path) -> Iterator[int]:
    """Where a publishing server listens, in a thread of this process."""
    server = server_of(folder)
    with listening(Place(HERE, free_port())) as line:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [line]})
        thread.start()
        yield line.getsockname()[1]
        server.should_exit = True
        thread.join()


def free_port() -> int:
    with socket.create_server((HERE, 0)) as probe:
        return int(probe.getsockname()[1])


def answer_of(port: int, path: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection(HERE, port, timeout=20)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def said_to(port: int, request: bytes) -> tuple[int, dict[str, str], bytes]:
    """What comes back for bytes as they are."""
    with socket.create_connection((HERE, port), timeout=20) as line:
        line.sendall(request)
        answer = HTTPResponse(line)
        answer.begin()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def test_nothing_says_what_serves_it(links: Links, port: int) -> None:
    _link, path = made(links)
    for asked in (path, "/x", "/healthz"):
        _status, headers, _body = answer_of(port, asked)
        assert {"server", "x-powered-by"} & set(headers) == set()


@pytest.mark.parametrize(
    "request_",
    [
        b"nonsense\r\n\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        b"POST /s/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
    ids=["no request", "long line", "long header", "no host", "two hosts", "two lengths"],
)
def test_what_is_no_good_request_is_refused_with_all_the_headers(port: int, request_: bytes) -> None:
    status, headers, body = said_to(port, request_)
    assert status in (400, 404)
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert b"uvicorn" not in body.lower()


def test_whoever_does_not_finish_a_request_is_let_go(
    links: Links, folder: Path, monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    from journey.sharing import connections

    monkeypatch.setattr(connections, "REQUEST_SECONDS", 0.3)
    with (
        socket.create_connection((HERE, port), timeout=20) as silent,
        socket.create_connection((HERE, port), timeout=20) as slow,
    ):
        slow.sendall(b"GET /s/")
        assert (silent.recv(1), slow.recv(1)) == (b"", b"")


def test_whoever_does_not_fetch_an_answer_is_let_go(links: Links, monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    monkeypatch.setattr(lines, "ANSWER_SECONDS", 0.5)
    _link, path = made(links, os.urandom(5_000_000))
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.settimeout(20)
        line.connect((HERE, port))
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        hung_up = select.poll()
        hung_up.register(line, select.POLLHUP)
        assert hung_up.poll(20_000) != []


def test_one_address_does_not_get_every_connection(links: Links, monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    monkeypatch.setattr(lines, "MOST_OF_ONE_ADDRESS", 3)
    held = [socket.create_connection((HERE, port), timeout=20) for _line in range(3)]
    try:
        wait_until(lambda: said_to(port, b"")[0] == 503)
        with socket.socket() as other:
            other.bind(("127.0.0.2", 0))
            other.settimeout(20)
            other.connect((HERE, port))
            other.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert other.recv(15) == b"HTTP/1.1 200 OK"
    finally:
        for line in held:
            line.close()


def test_many_at_once_all_get_their_own(links: Links, port: int) -> None:
    paths = [made(links, f"document {number}".encode() * 2000)[1] for number in range(5)]
    with ThreadPoolExecutor(20) as viewers:
        found = list(viewers.map(lambda n: answer_of(port, paths[n % 5])[2], range(60)))
    assert found == [f"document {n % 5}".encode() * 2000 for n in range(60)]


# --- As a process ------------------------------------------------------------------------------------------------


def test_publishing_loads_nothing_heavy() -> None:
    question = (
        "import sys, journey.__main__, journey.sharing.publisher, journey.sharing.beside;"
        "journey.__main__.parser();"
        f"print(*sorted({HEAVY!r} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", question], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.split() == []


@contextmanager
def running(*command: str, **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | variables
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment, stderr=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def is_answering(port: int) -> bool:
    try:
        return answer_of(port, "/healthz")[0] == 200
    except OSError:
        return False


def test_the_command_publishes_in_little_memory_and_ends_when_told(links: Links, folder: Path) -> None:
    _link, path = made(links)
    port = free_port()
    with running("-m", "journey", "publish", f"{HERE}:{port}") as process:
        wait_until(lambda: is_answering(port))
        assert answer_of(port, path)[2] == DOCUMENT
        loaded = Path(f"/proc/{process.pid}/maps").read_text()
        assert not any(f"/{name}/" in loaded for name in HEAVY)
        pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
        assert pages * os.sysconf("SC_PAGE_SIZE") / 1e6 < MOST_RESIDENT_MB
        process.send_signal(signal.SIGTERM)
        _out, told = process.communicate(timeout=30)
    log = told.decode()
    assert f"links are published on {HERE}:{port}" in log
    assert "GET link 200" in log
    assert path.removeprefix("/s/") not in log
    assert "Traceback" not in log


@pytest.mark.parametrize(
    "place", ["8600", "10.0.0.1", "0.0.0.0:", "0.0.0.0:0", "0.0.0.0:65536", "::1:8600", "a b:1", ":1"]
)
def test_a_wrong_place_is_refused_in_a_sentence(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["publish", place]) == 2
    told = capsys.readouterr().err
    assert told == f"“{place}” is no address with a port. Write both, as in “publish 0.0.0.0:8600”.\n"


def test_a_port_that_is_taken_is_refused_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server((HERE, 0)) as taken:
        place = f"{HERE}:{taken.getsockname()[1]}"
        assert main(["publish", place]) == 2
    told = capsys.readouterr().err
    assert told == (
        f"Links can’t be published on “{place}”: Address already in use. Choose another address or port, as in "
        "“publish 0.0.0.0:8601”.\n"
    )


# --- Beside the app ----------------------------------------------------------------------------------------------


def children() -> set[int]:
    """The processes that this one started, by their ids."""
    listed = subprocess.run(["ps", "--ppid", str(os.getpid()), "-o", "pid=,args="], capture_output=True, text=True)
    return {int(line.split()[0]) for line in listed.stdout.splitlines() if "journey.sharing.beside" in line}


def test_without_share_nothing_is_published() -> None:
    with Publishing().running():
        assert children() == set()


def test_the_process_beside_the_app_is_started_again_and_ended(links: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    _link, path = made(links)
    port = free_port()
    monkeypatch.setenv("SHARE", f"{HERE}:{port}")
    monkeypatch.setattr(beside, "FIRST_PAUSE_SECONDS", 0.1)
    with Publishing().running():
        assert answer_of(port, path)[2] == DOCUMENT
        [first] = children()
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: children() - {first} != set())
        assert answer_of(port, path)[2] == DOCUMENT  # whoever came meanwhile waited
    assert children() == set()
    with pytest.raises(ConnectionRefusedError):
        answer_of(port, "/healthz")


APP = """
import os, time
from journey.sharing.beside import Publishing
with Publishing().running():
    time.sleep(600)
"""


def test_it_dies_with_the_app_however_the_app_dies(links: Links) -> None:
    port = free_port()
    with running("-c", APP, SHARE=f"{HERE}:{port}") as app:
        wait_until(lambda: is_answering(port))
        app.kill()
        app.wait()
        wait_until(lambda: not is_answering(port))


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"SHARE": "everywhere"}, "“everywhere” is no address with a port. .* “SHARE=0.0.0.0:8600”"),
        ({"SHARE": f"{HERE}:8501"}, f"“{HERE}:8501”: the app itself listens on this port"),
        ({"SHARE": f"{HERE}:8600", "PORT": "abc"}, "“abc” in PORT is no port"),
        (
            {"SHARE": f"{HERE}:8600", "JOURNEY_SHARE_HOSTS": "a.test, http://b.test"},
            "“http://b.test” in JOURNEY_SHARE_H",
        ),
        ({"SHARE": f"{HERE}:8600", "JOURNEY_SHARE_HOSTS": "a.test:443"}, "“a.test:443” in JOURNEY_SHARE_HOSTS is no n"),
        ({"SHARE": f"{HERE}:8600", "JOURNEY_SHARE_URL": "share.example.com"}, "is no address for JOURNEY_SHARE_URL"),
    ],
)
def test_a_wrong_setting_is_refused_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], told: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(PlaceError, match=told):
        Publishing().listen()
