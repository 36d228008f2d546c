"""The running app: every path and method is answered with the guards, and it does not start where it would be open."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path

import pytest

from journey.ui.headers import CONTENT_POLICY
from tests.browser.driver import ROOT, Server, running_server

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
ASSET = "a file of the program, named by its content"
#: Path → what a visitor gets there by GET.
PATHS = {
    "/": 200,
    "/overview": 200,
    "/journey-map?dataset=x": 200,
    "/nowhere": 200,
    "/no/where": 200,
    "/healthz": 200,
    "/healthz/": 301,
    "/favicon.png": 200,
    "/manifest.json": 200,
    "/index.html": 200,
    ASSET: 200,
    "/static/js/none.js": 200,
    "/static/%2e%2e/%2e%2e/index.html": 400,
    "/../../etc/passwd": 400,
    "/..%2f..%2fetc/passwd": 400,
    "/%5c%5cserver%5cshare": 400,
    "//evil.example/": 400,
    "/media/": 404,
    "/media/0.csv": 404,
    "/media/%2e%2e/x": 400,
    "/upload/x": 405,
    "/preview/x": 404,
    "/_stcore/health": 200,
    "/_stcore/host-config": 200,
    "/_stcore/stream": 404,
    "/_stcore/metrics": 404,
    "/%5fstcore/metrics": 404,
    "/_stcore/metrics?families=cache_memory_bytes": 404,
    "/_stcore/upload_file/a/b": 404,
    "/_stcore/script-health-check": 404,
    "/_stcore/agent/interact": 404,
    "/_stcore/agent/openapi.json": 404,
    "/_stcore/bidi-components/journey.upload/none.js": 404,
    "/_stcore/bidi-components/other/upload.js": 404,
    "/_stcore/": 404,
    "/component/x/index.html": 404,
    "/app/static/x": 404,
    "/auth/login": 404,
    "/auth/logout": 404,
    "/oauth2callback": 404,
    "/funnels/_stcore/health": 404,
    "/" + "a" * 9000: 414,
}
GUARDS = (
    "content-security-policy",
    "cache-control",
    "x-content-type-options",
    "referrer-policy",
    "x-frame-options",
    "cross-origin-opener-policy",
    "permissions-policy",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("doors")) as running:
        yield running


def answer_to(server: Server, method: str, path: str, *headers: str, host: str | None = None) -> HTTPResponse:
    """Send a request as it is written here, and read what comes back."""
    name = server.url.removeprefix("http://")
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host or name}", *headers]
    if not any(line.startswith("Connection:") for line in headers):
        lines.append("Connection: close")
    with socket.create_connection(("127.0.0.1", int(name.rpartition(":")[2])), timeout=30) as line:
        line.sendall("\r\n".join([*lines, "", ""]).encode())
        response = HTTPResponse(line, method=method)
        response.begin()
        # A connection that is let in stays open, and has nothing to read yet.
        response.text = response.read().decode("utf-8", "replace") if response.status != 101 else ""  # type: ignore[attr-defined]
        return response


def asset_path(server: Server) -> str:
    index = str(answer_to(server, "GET", "/").text)  # type: ignore[attr-defined]
    found = re.search(r'src="\.(/static/js/[^"]+)"', index)
    assert found is not None
    return found[1]


def test_every_path_and_method_is_answered_with_the_guards(server: Server) -> None:
    met: dict[str, int] = {}
    bare: list[str] = []
    for path in PATHS:
        real = asset_path(server) if path == ASSET else path
        for method in METHODS:
            answer = answer_to(server, method, real)
            present = {name.lower() for name, _value in answer.getheaders()}
            if not present.issuperset(GUARDS):
                bare.append(f"{method} {path[:60]} {answer.status} lacks {set(GUARDS) - present}")
            if method == "GET":
                met[path] = answer.status
            elif method == "HEAD":
                assert answer.status in {met[path], 405}, path[:60]
            elif not path.startswith("/upload/"):
                assert answer.status in {400, 404, 405, 414}, f"{method} {path[:60]}"
    assert bare == []
    assert met == PATHS


def test_nothing_is_kept_but_the_files_of_the_program(server: Server) -> None:
    for path in ("/", "/overview", "/healthz", "/_stcore/health", "/_stcore/host-config", "/media/x", "/nowhere/x.js"):
        assert answer_to(server, "GET", path).getheader("cache-control") == "no-store", path
    kept = answer_to(server, "GET", asset_path(server))
    assert kept.getheader("cache-control") == "public, immutable, max-age=31536000"
    assert kept.getheader("content-security-policy") == CONTENT_POLICY


def test_no_other_site_may_send_the_app_messages(server: Server) -> None:
    told = answer_to(server, "GET", "/_stcore/host-config", "Origin: https://share.streamlit.io")
    assert '"allowedOrigins":[]' in told.text  # type: ignore[attr-defined]
    assert told.getheader("access-control-allow-origin") is None


@pytest.mark.parametrize(
    ("origin", "host", "status"),
    [
        ("own", None, 101),
        (None, None, 403),
        ("http://evil.example", None, 403),
        ("null", None, 403),
        ("http://evil.example", "evil.example", 421),
    ],
)
def test_only_pages_of_the_app_are_connected(server: Server, origin: str | None, host: str | None, status: int) -> None:
    handshake = [
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol: streamlit",
    ]
    if origin:
        handshake.append(f"Origin: {server.url if origin == 'own' else origin}")
    answer = answer_to(server, "GET", "/_stcore/stream", *handshake, host=host)
    assert answer.status == status
    assert {name.lower() for name, _value in answer.getheaders()}.issuperset(GUARDS)


def test_a_name_made_to_lead_here_gets_nothing(server: Server) -> None:
    for path in ("/", "/healthz", "/media/x", asset_path(server)):
        assert answer_to(server, "GET", path, host="rebound.example").status == 421


def started(folder: Path, **variables: str) -> tuple[int, str]:
    """How the app ends, and what it says, when it does not start."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JOURNEY_")}
    environment |= {"JOURNEY_HOME": str(folder / "home"), "PORT": "8599"} | variables
    ended = subprocess.run(
        [sys.executable, str(ROOT / "app.py")], cwd=folder, env=environment, capture_output=True, text=True, timeout=60
    )
    return ended.returncode, ended.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])  # noqa: S104
def test_without_a_login_it_does_not_listen_for_others(host: str, tmp_path: Path) -> None:
    code, said = started(tmp_path, HOST=host)
    assert code == 1
    assert said.startswith(f"Journey does not listen on {host}: everybody who reaches it would see and could delete")
    assert "Traceback" not in said


@pytest.mark.parametrize("host", ["192.0.2.7", "box.invalid"])
def test_where_it_cannot_listen_it_says_so(host: str, tmp_path: Path) -> None:
    code, said = started(tmp_path, HOST=host)
    assert code == 1
    assert said.startswith(f"“{host}” in HOST is no address of this machine.")
    assert "Traceback" not in said


def test_a_login_that_cannot_be_read_is_not_taken_for_none(tmp_path: Path) -> None:
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text('[auth]\nclient_id = "x')
    code, said = started(tmp_path, HOST="127.0.0.1")
    assert code == 1
    assert "secrets.toml can’t be read" in said


def test_a_proxy_that_is_none_stops_it(tmp_path: Path) -> None:
    code, said = started(tmp_path, JOURNEY_PROXIES="everybody")
    assert code == 1
    assert "“everybody”" in said
    assert "Traceback" not in said


def test_beneath_a_path_it_does_not_start(tmp_path: Path) -> None:
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "config.toml").write_text('[server]\nbaseUrlPath = "journey"\n')
    code, said = started(tmp_path, PORT="8599")
    assert code == 1
    assert "server.baseUrlPath is “journey”" in said
    assert "Traceback" not in said
