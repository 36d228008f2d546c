"""What comes in passes the doors first: the right host, method and size, and an answer that carries its guards."""

from __future__ import annotations

import asyncio
import logging
import re
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from journey.ui import doors, hosts, login, server
from journey.ui.doors import BODY_SECONDS, LARGEST_BODY_BYTES, Doors
from journey.ui.headers import CONTENT_POLICY

HERE = "127.0.0.1:8501"
GUARDS = {
    "content-security-policy": CONTENT_POLICY,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-robots-tag": "noindex, nofollow, noarchive",
}
REFUSED = re.compile(
    r'<!doctype html><meta charset="utf-8"><title>(\d{3})</title><p>This was refused\. The log has it under '
    r"([0-9a-f]{8})\.</p>"
)
BROKEN = re.compile(
    r'<!doctype html><meta charset="utf-8"><title>500</title><p>Something went wrong here, and it is our fault\. The '
    r"log has it under ([0-9a-f]{8})\.</p>"
)

App = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


@dataclass
class Answer:
    """What was sent back over a connection."""

    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self.messages[0]["headers"]}

    @property
    def text(self) -> str:
        return b"".join(message.get("body", b"") for message in self.messages).decode()

    @property
    def kinds(self) -> list[str]:
        return [str(message["type"]) for message in self.messages]


async def well(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """An app that reads all there is and says how much."""
    n_bytes, is_whole = 0, False
    while not is_whole:
        message = await receive()
        n_bytes += len(message.get("body", b""))
        is_whole = not message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"cache-control", b"no-cache")]})
    await send({"type": "http.response.body", "body": str(n_bytes).encode()})


def asked(
    path: str = "/",
    *,
    method: str = "GET",
    host: str | None = HERE,
    headers: tuple[tuple[str, str], ...] = (),
    body: tuple[bytes, ...] = (b"",),
    app: App = well,
    server: tuple[str, int] = ("127.0.0.1", 8501),
    kind: str = "http",
    query: bytes = b"",
    stalls: bool = False,
) -> Answer:
    """The answer to one request that goes through the doors."""
    named = headers if host is None else (("host", host), *headers)
    pieces = list(body)
    answer = Answer()

    async def receive() -> dict[str, Any]:
        if not pieces:
            await asyncio.sleep(60 if stalls else 0)
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces) or stalls}

    async def send(message: dict[str, Any]) -> None:
        answer.messages.append(message)

    scope = {
        "type": kind,
        "http_version": "1.1",
        "method": method,
        "scheme": "http" if kind == "http" else "ws",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in named],
        "client": ("127.0.0.1", 50000),
        "server": server,
        "extensions": {"websocket.http.response": {}},
    }
    asyncio.run(Doors(app)(scope, receive, send))
    return answer


@pytest.fixture(autouse=True)
def without_login(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (hosts.HOSTS_VARIABLE, hosts.HOST_VARIABLE, "JOURNEY_PROXIES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(login, "is_on", lambda: False)


def test_every_answer_carries_its_guards() -> None:
    answer = asked()
    assert (answer.status, answer.text) == (200, "0")
    assert GUARDS.items() <= answer.headers.items()
    assert "strict-transport-security" not in answer.headers


def test_an_answer_that_brings_its_own_rules_keeps_them() -> None:
    async def strict(_scope: dict[str, Any], _receive: Any, send: Any) -> None:
        own = [(b"Content-Security-Policy", b"default-src 'none'"), (b"cache-control", b"public, immutable")]
        await send({"type": "http.response.start", "status": 200, "headers": own})
        await send({"type": "http.response.body", "body": b""})

    answer = asked(app=strict)
    names = [name for name, _value in answer.messages[0]["headers"]]
    assert answer.headers["content-security-policy"] == "default-src 'none'"
    assert answer.headers["cache-control"] == "public, immutable"
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8501", "localhost.", "127.0.0.1", "127.9.9.9:1", "[::1]:8501", "app.localhost"]
)
def test_names_of_this_computer_are_let_in(host: str) -> None:
    assert asked(host=host).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8501",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "0.0.0.0:8501",
        "192.0.2.7",
        "[::ffff:192.0.2.7]",
        "2130706433",
        "127.1",
        "0x7f.1",
        "localhost\u00e9",
    ],
)
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_a_foreign_host_is_refused(host: str, kind: str) -> None:
    answer = asked(
        "/" if kind == "http" else doors.STREAM, host=host, kind=kind, headers=(("origin", f"http://{host}"),)
    )
    assert answer.status == 421
    assert GUARDS.items() <= answer.headers.items()


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        ":8501",
        "localhost:port",
        "localhost:99999",
        "me@localhost",
        "localhost/x",
        "localhost?x",
        "localhost#x",
        "[",
        "[::1",
        "local host",
        "localhost\\x",
        "127.0.0.1, evil.example",
        "\t",
        ".",
    ],
)
def test_what_is_no_host_is_refused(host: str | None) -> None:
    answer = asked(host=host)
    assert answer.status in {400, 421}
    assert REFUSED.fullmatch(answer.text)


def test_two_hosts_are_refused() -> None:
    assert asked(headers=(("host", HERE),)).status == 400


def test_the_address_it_was_reached_at_and_configured_names_are_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login, "is_on", lambda: True)
    monkeypatch.setattr(doors, "get_origin_from_redirect_uri", lambda: "http://127.0.0.1:8501")
    assert asked(host="192.0.2.7:8501", server=("192.0.2.7", 8501)).status == 200
    assert asked(host="192.0.2.8:8501", server=("192.0.2.7", 8501)).status == 421
    assert asked(host="192.0.2.7", server=("::ffff:192.0.2.7", 8501)).status == 200
    monkeypatch.setenv(hosts.HOSTS_VARIABLE, "journey.example.com, Other.example.com.")
    assert [asked(host=host).status for host in ("journey.example.com", "other.example.com:443")] == [200, 200]
    assert asked(host="sub.journey.example.com").status == 421
    monkeypatch.setenv(hosts.HOST_VARIABLE, "box.lan")
    assert asked(host="box.lan:8501").status == 200


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"PORT": "abc"}, "“abc” in PORT is no port. Write a number from 1 to 65535"),
        ({"PORT": "65536"}, "“65536” in PORT is no port"),
        ({"HOST": "nonsense.invalid"}, "“nonsense.invalid” in HOST is no address of this machine"),
        ({"HOST": "http://127.0.0.1"}, "“http://127.0.0.1” in HOST is no address of this machine"),
        ({"HOST": "192.0.2.7"}, "“192.0.2.7” in HOST is no address of this machine"),
        ({"HOST": "a" * 70}, "in HOST is no address of this machine"),
        (
            {"JOURNEY_HOSTS": "ok.example, http://journey.example"},
            "“http://journey.example” in JOURNEY_HOSTS is no name",
        ),
        ({"JOURNEY_HOSTS": "journey.example:443"}, "“journey.example:443” in JOURNEY_HOSTS is no name of a host"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_in_a_sentence(
    variables: dict[str, str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", str(free_port()))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as end:
        server.settings()
    assert told in str(end.value)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def test_of_a_port_that_is_taken_it_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        with pytest.raises(SystemExit, match=r"Address already in use.* choose another port, as in “make run PORT="):
            server.settings()


def test_where_it_can_listen_nothing_is_said() -> None:
    hosts.require_place("127.0.0.1", free_port())
    hosts.require_place("localhost", free_port())


def test_where_others_reach_it_it_is_shut_without_a_login() -> None:
    assert asked(host="192.0.2.7", server=("192.0.2.7", 8501)).status == 403
    assert asked(server=("unix", 0)).status == 403


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics",
        "/_stcore/metrics/",
        "/_stcore/upload_file/a/b",
        "/_stcore/script-health-check",
        "/_stcore/agent/interact",
        "/_stcore/agent/openapi.json",
        "/_stcore/bidi-components/other/x.js",
        "/_stcore/",
        "/component/x/index.html",
        "/app/static/x",
        "/auth/login",
        "/auth/logout",
        "/oauth2callback",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "OPTIONS"])
def test_ways_in_that_nobody_needs_are_shut(path: str, method: str) -> None:
    answer = asked(path, method=method)
    found = REFUSED.fullmatch(answer.text)
    assert answer.status == 404
    assert found is not None
    assert found[1] == "404"


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/", "GET, HEAD"),
        ("/funnels", "GET, HEAD"),
        ("/_stcore/health", "GET, HEAD"),
        ("/_stcore/host-config", "GET, HEAD"),
        ("/media/x", "GET, HEAD"),
        ("/preview/x", "GET, HEAD"),
        ("/static/js/x.js", "GET, HEAD"),
        ("/upload/x", "PUT, POST"),
    ],
)
def test_only_the_methods_in_use_are_let_in(path: str, methods: str) -> None:
    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get"):
        answer = asked(path, method=method)
        if method in methods.split(", "):
            assert answer.status == 200
        else:
            assert (answer.status, answer.headers["allow"]) == (405, methods)


def test_with_a_login_files_of_people_are_for_the_invited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login, "is_on", lambda: True)
    monkeypatch.setattr(doors, "get_origin_from_redirect_uri", lambda: "https://journey.example.com")
    ways = (("GET", "/media/x"), ("PUT", "/upload/x"), ("POST", "/upload/x"), ("GET", "/preview/x"))
    for is_in, status in ((False, 403), (True, 200)):
        monkeypatch.setattr(login, "lets_in", lambda _cookies, is_in=is_in: is_in)
        assert [asked(path, method=method).status for method, path in ways] == [status] * len(ways)
        for path in ("/", "/s/x", "/healthz", "/_stcore/health", "/auth/login", "/auth/logout", "/oauth2callback"):
            assert asked(path).status == 200, path
    assert asked("/").headers["strict-transport-security"] == "max-age=31536000"


def test_links_answer_for_themselves_whatever_the_method() -> None:
    assert [asked("/s/x", method=method).status for method in ("GET", "POST", "DELETE", "TRACE")] == [200] * 4


@pytest.mark.parametrize("path", ["//evil.example", "http://127.0.0.1/", "*", ""])
def test_what_is_no_path_is_refused(path: str) -> None:
    assert asked(path).status == 400


def test_long_addresses_and_headers_are_refused() -> None:
    assert asked("/" + "a" * doors.LONGEST_ADDRESS_BYTES).status == 414
    assert asked(query=b"a" * doors.LONGEST_ADDRESS_BYTES).status == 414
    assert asked(headers=(("cookie", "a" * doors.LARGEST_HEADERS_BYTES),)).status == 431


def test_a_body_is_small_unless_it_is_a_file() -> None:
    large = LARGEST_BODY_BYTES + 1
    assert asked("/s/x", method="POST", body=(bytes(LARGEST_BODY_BYTES),)).text == str(LARGEST_BODY_BYTES)
    assert asked("/s/x", method="POST", headers=(("content-length", str(large)),)).status == 413
    assert asked("/s/x", method="POST", headers=(("content-length", "many"),)).status == 413
    assert asked("/s/x", method="POST", body=(bytes(LARGEST_BODY_BYTES), b"x")).status == 413
    assert asked("/s/x", method="POST", body=(bytes(LARGEST_BODY_BYTES), b"x")).headers["connection"] == "close"
    assert asked("/upload/x", method="PUT", body=(bytes(large),)).text == str(large)


def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert BODY_SECONDS <= 30
    monkeypatch.setattr(doors, "BODY_SECONDS", 0.05)
    assert asked("/s/x", method="POST", body=(b"x",), stalls=True).status == 408


@pytest.mark.parametrize(
    "origins",
    [
        (),
        ("null",),
        ("",),
        ("http://evil.example",),
        ("http://127.0.0.1:8502",),
        ("http://127.0.0.1",),
        ("http://127.0.0.1:8501.evil.example",),
        ("http://me@127.0.0.1:8501",),
        ("file://127.0.0.1:8501",),
        ("127.0.0.1:8501",),
        (f"http://{HERE}", "http://evil.example"),
    ],
)
def test_a_connection_no_page_of_ours_opens_is_refused(origins: tuple[str, ...]) -> None:
    headers = tuple(("origin", origin) for origin in origins)
    answer = asked(doors.STREAM, kind="websocket", headers=headers)
    assert answer.kinds == ["websocket.http.response.start", "websocket.http.response.body"]
    assert answer.status == 403
    assert GUARDS.items() <= answer.headers.items()
    assert REFUSED.fullmatch(answer.text)


async def connected(_scope: dict[str, Any], _receive: Any, send: Any) -> None:
    await send({"type": "websocket.accept", "headers": []})


def test_a_page_of_ours_is_connected() -> None:
    own = (("origin", f"http://{HERE}"),)
    answer = asked(doors.STREAM, kind="websocket", headers=own, app=connected)
    assert answer.kinds == ["websocket.accept"]
    assert GUARDS.items() <= answer.headers.items()
    assert asked("/other", kind="websocket", headers=own, app=connected).status == 404


def test_a_connection_the_app_refuses_gets_our_answer() -> None:
    async def closed(_scope: dict[str, Any], _receive: Any, send: Any) -> None:
        await send({"type": "websocket.close", "code": 1008})

    answer = asked(doors.STREAM, kind="websocket", headers=(("origin", f"http://{HERE}"),), app=closed)
    assert (answer.status, answer.kinds[0]) == (403, "websocket.http.response.start")


def test_what_breaks_shows_an_id_and_the_log_has_the_rest(caplog: pytest.LogCaptureFixture) -> None:
    async def breaks(_scope: dict[str, Any], _receive: Any, _send: Any) -> None:
        raise ZeroDivisionError("/home/ana/secret.csv")

    answer = asked(app=breaks)
    found = BROKEN.fullmatch(answer.text)
    assert answer.status == 500
    assert found is not None
    assert GUARDS.items() <= answer.headers.items()
    assert found[1] in caplog.text
    assert "secret.csv" in caplog.text


def test_half_an_answer_is_left_half() -> None:
    async def breaks_later(_scope: dict[str, Any], _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ZeroDivisionError

    assert asked(app=breaks_later).kinds == ["http.response.start"]


def test_a_connection_that_breaks_is_closed() -> None:
    async def breaks_later(_scope: dict[str, Any], _receive: Any, send: Any) -> None:
        await send({"type": "websocket.accept", "headers": []})
        raise ZeroDivisionError

    answer = asked(doors.STREAM, kind="websocket", headers=(("origin", f"http://{HERE}"),), app=breaks_later)
    assert answer.messages[-1] == {"type": "websocket.close", "code": 1011}


def test_the_log_of_a_refusal_holds_no_more_of_an_address_than_its_first_part(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING, "journey"):
        answer = asked("/upload/ticket\n-of-somebody")
        asked("/" + "x." * 45 + "\nforged line", host="evil.example")
    found = REFUSED.fullmatch(answer.text)
    assert found is not None
    assert f"id {found[2]}: 'GET' '/upload', another method" in caplog.text
    assert "the host 'evil.example' is not in JOURNEY_HOSTS" in caplog.text
    assert "ticket" not in caplog.text
    assert "forged" not in caplog.text


def test_over_https_cookies_and_the_way_here_are_marked_as_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    async def sets_cookies(_scope: dict[str, Any], _receive: Any, send: Any) -> None:
        cookies = [(b"set-cookie", b"a=1; Path=/"), (b"set-cookie", b"b=2; Secure")]
        await send({"type": "http.response.start", "status": 200, "headers": cookies})
        await send({"type": "http.response.body", "body": b""})

    forwarded = (("x-forwarded-proto", "https"),)
    plain = asked(app=sets_cookies, headers=forwarded)
    assert plain.messages[0]["headers"][0] == (b"set-cookie", b"a=1; Path=/")
    monkeypatch.setenv("JOURNEY_PROXIES", "127.0.0.1")
    safe = asked(app=sets_cookies, headers=forwarded)
    cookies = [value for name, value in safe.messages[0]["headers"] if name == b"set-cookie"]
    assert cookies == [b"a=1; Path=/; Secure", b"b=2; Secure"]
    assert safe.headers["strict-transport-security"] == "max-age=31536000"


def test_however_it_is_started_the_doors_stay_shut_beneath_a_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors.config, "get_option", {"server.baseUrlPath": "journey"}.get)
    with pytest.raises(login.StartRefusedError, match="at the root of an address only") as told:
        Doors(well)
    assert told.value.code == "BASE_PATH"
