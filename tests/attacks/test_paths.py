"""Paths that climb, hide or guess: links and a health answer are all there is to find."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.attacks.oracle import differences, leaks, not_found, unguarded
from tests.attacks.shares import Share, Shares
from tests.attacks.target import APP, Target
from tests.attacks.wire import answer_or_none, connected, received, written

#: Ways out of a link's path; what they name is not to be reached, by whatever door.
CLIMBS: dict[str, Callable[[Share], str]] = {
    "up": lambda _share: "/s/../",
    "up-escaped": lambda _share: "/s/%2e%2e/",
    "up-half-escaped": lambda _share: "/s/.%2e/",
    "up-with-an-escaped-slash": lambda _share: "/s/..%2f",
    "up-escaped-twice": lambda _share: "/s/%252e%252e%252f",
    "up-overlong": lambda _share: "/s/%c0%ae%c0%ae%c0%af",
    "up-with-backslashes": lambda _share: "/s/..\\..\\",
    "up-with-escaped-backslashes": lambda _share: "/s/..%5c..%5c",
    "up-with-parameters": lambda _share: "/s/..;/..;/",
    "up-and-a-nul": lambda _share: "/s/..%00/",
    "to-the-links": lambda _share: "/s/links.sqlite",
    "to-the-journal-of-the-links": lambda _share: "/s/links.sqlite-wal",
    "to-the-shared-memory-of-the-links": lambda _share: "/s/links.sqlite-shm",
    "to-the-snapshots": lambda _share: "/s/snapshots/",
    "to-a-snapshot-by-name": lambda share: f"/s/snapshots/{share.link.snapshot}",
    "to-a-snapshot-alone": lambda share: f"/s/{share.link.snapshot}",
    "to-a-document-by-name": lambda _share: "/s/document.html",
    "to-a-document-in-its-snapshot": lambda share: f"/s/{share.link.snapshot}/document.html",
    "to-a-compressed-document": lambda share: f"/s/snapshots/{share.link.snapshot}/document.html.gz",
    "through-a-link-to-the-links": lambda _share: f"/s/{'A' * 43}/../links.sqlite",
    "through-a-link-to-the-metrics": lambda _share: "/s/x/../../_stcore/metrics",
    "through-a-link-to-the-metrics-escaped": lambda _share: "/s/x/%2e%2e/%2e%2e/_stcore/metrics",
    "through-a-link-to-the-machine": lambda _share: f"/s/{'../' * 12}etc/passwd",
    "through-a-link-to-the-machine-escaped": lambda _share: f"/s/{'%2e%2e%2f' * 12}etc%2fpasswd",
    "through-a-link-to-the-environment": lambda _share: f"/s/{'..%2f' * 12}proc/self/environ",
    "an-absolute-path": lambda _share: "/s//etc/passwd",
    "an-absolute-path-escaped": lambda _share: "/s/%2fetc%2fpasswd",
    "a-file-address": lambda _share: "/s/file:%2f%2f%2fetc%2fpasswd",
    "a-foreign-address": lambda _share: "/s/http:%2f%2f127.0.0.1:9%2f",
    "a-double-slash": lambda _share: "//s//",
    "a-library-that-climbs": lambda _share: "/s/plotly-../../links.sqlite.js",
    "a-library-that-climbs-escaped": lambda _share: "/s/plotly-..%2f..%2flinks.sqlite",
    "a-library-that-climbs-to-js": lambda _share: "/s/plotly-%2e%2e%2fsnapshots%2fx.js",
    "a-library-of-another-name": lambda _share: "/s/plotly-00000000.js",
    "a-library-with-a-wildcard": lambda _share: "/s/plotly-*.js",
    "a-library-without-a-name": lambda _share: "/s/plotly-.js",
    "a-source-map": lambda _share: "/s/plotly.min.js.map",
    "the-catalogue": lambda _share: "/s/../catalogue.db",
    "a-hidden-file": lambda _share: "/s/.env",
    "a-repository": lambda _share: "/s/.git/config",
    "a-status-of-nothing": lambda _share: "/s/status",
    "a-status-of-everything": lambda _share: "/s/*/status",
    "a-status-of-the-links": lambda _share: "/s/links.sqlite/status",
    "a-document-of-a-link-beneath": lambda share: f"/s/{share.token}/document.html",
    "a-data-file-of-a-link": lambda share: f"/s/{share.token}/data.json",
    "a-status-beneath-a-status": lambda share: f"/s/{share.token}/status/status",
    "a-download-of-a-link": lambda share: f"/s/{share.token}/download",
    "an-edit-of-a-link": lambda share: f"/s/{share.token}/edit",
    "a-revocation-of-a-link": lambda share: f"/s/{share.token}/revoke",
    "an-api": lambda share: f"/api/s/{share.token}",
    "another-letter": lambda share: f"/S/{share.token}",
    "another-word": lambda share: f"/share/{share.token}",
    "a-token-at-the-root": lambda share: f"/{share.token}",
    "a-slash-too-many": lambda share: f"/s//{share.token}",
    "a-dot-between": lambda share: f"/s/./{share.token}",
    "a-way-round": lambda share: f"/x/../s/{share.token}",
    "a-way-round-within": lambda share: f"/s/x/../{share.token}",
    "a-backslash": lambda share: f"\\s\\{share.token}",
}

#: What only the app has: through the publishing process none of it is there.
OF_THE_APP = [
    "/", "/index.html", "/overview", "/personas", "/flows", "/funnels", "/emotions", "/journey-map", "/share",
    "/customer", "/start", "/_stcore/health", "/_stcore/metrics", "/_stcore/host-config", "/_stcore/stream",
    "/_stcore/script-health-check", "/_stcore/allowed-message-origins", "/_stcore/upload_file/a/b",
    "/_stcore/bidi-components/x/y.js", "/stream", "/healthz/", "/healthz/x", "/HEALTHZ", "/health", "/media/",
    "/media/" + "0" * 56 + ".csv", "/media/..%2f..%2fcatalogue.db", "/component/x/index.html", "/upload/" + "A" * 43,
    "/upload/", "/preview/" + "A" * 43, "/preview/" + "A" * 43 + "/file", "/app/static/x", "/static/js/index.js",
    "/static/../../etc/passwd", "/catalogue.db", "/shared/links.sqlite", "/links.sqlite", "/datasets/", "/keys",
    "/docs", "/redoc", "/openapi.json", "/metrics", "/server-status", "/debug", "/console", "/robots.txt",
    "/favicon.ico", "/.well-known/security.txt", "/.env", "/.git/HEAD", "/login", "/oauth2callback", "/auth/login",
    "/setup", "/admin", "/api/session/properties", "/api/public/dashboard/x", "/api/snapshots/:key",
    "/dashboard/snapshot/:key", "/reset_password", "/guest_token", "/%2f..%2f", "/%00", "/..", "/.", "//", "///s",
]  # fmt: skip


@pytest.mark.parametrize("climb", CLIMBS)
def test_a_path_that_climbs_reaches_nothing(target: Target, shares: Shares, hidden: list[bytes], climb: str) -> None:
    answer = target.answer(written(CLIMBS[climb](shares.first)))
    # The app's own pages live outside /s/: there, a path that names no link may be a page of the app.
    allowed = {400, 404, 405} | ({200} if target.name == APP else set())
    assert answer.status in allowed
    given_away = leaks(answer, hidden) if target.name != APP else [mark for mark in hidden if mark in answer.content]
    assert given_away == []
    assert b"root:" not in answer.content


@pytest.mark.parametrize("path", OF_THE_APP)
def test_the_publishing_process_has_nothing_of_the_app(publisher: Target, hidden: list[bytes], path: str) -> None:
    for method in ("GET", "POST", "PUT"):
        answer = publisher.answer(written(path, method=method))
        assert answer.status in (400, 404, 405), method
        assert leaks(answer, hidden) == []
        if answer.status != 400:
            assert unguarded(answer) == []


@pytest.mark.parametrize("path", ["/s", "/s/", "/", "/share", "/media/x", "/_stcore/health", "/nothing"])
def test_the_publishing_process_answers_the_same_wherever_nothing_is(publisher: Target, path: str) -> None:
    assert differences(publisher.answer(written(path)), not_found(publisher)) == []


EQUAL_PATHS: dict[str, Callable[[Share], str]] = {
    "escaped-letters": lambda share: "/s/" + "".join(f"%{ord(sign):02X}" for sign in share.token),
    "an-escaped-s": lambda share: f"/%73/{share.token}",
    "an-escaped-slash": lambda share: f"/s%2f{share.token}",
    "an-absolute-address": lambda share: f"http://127.0.0.1{share.path}",
    "an-address-of-a-foreign-host": lambda share: f"http://evil.example{share.path}",
    "an-address-with-a-name": lambda share: f"http://user:word@127.0.0.1{share.path}",
    "a-fragment": lambda share: f"{share.path}#x",
    "a-slash-at-the-end": lambda share: f"{share.path}/",
    "an-escaped-question-mark": lambda share: f"{share.path}%3Fx=1",
    "an-escaped-hash": lambda share: f"{share.path}%23",
}


@pytest.mark.parametrize("kind", EQUAL_PATHS)
def test_another_way_to_write_a_path_opens_that_link_or_nothing(
    target: Target, shares: Shares, hidden: list[bytes], kind: str
) -> None:
    """Who writes it knows the token; what must not happen is another document, or a hint where none is due."""
    answer = target.answer(written(EQUAL_PATHS[kind](shares.first)))
    if answer.status == 200:
        assert answer.content == shares.first.document
    else:
        assert answer.status in (400, 404)
        assert leaks(answer, hidden) == []


@pytest.mark.parametrize("kind", EQUAL_PATHS)
def test_another_way_to_write_a_path_does_not_get_round_a_password(target: Target, shares: Shares, kind: str) -> None:
    answer = target.answer(written(EQUAL_PATHS[kind](shares.locked)))
    assert shares.locked.mark.encode() not in answer.content
    assert shares.locked.link.title.encode() not in answer.content


@pytest.mark.parametrize("path", ["/_stcore/stream", "/s/x", "/"])
def test_the_publishing_process_speaks_no_websocket(publisher: Target, path: str, hidden: list[bytes]) -> None:
    request = written(
        path,
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("Origin", "http://evil.example"),
    )
    answer = publisher.answer(request)
    assert answer.status in (400, 403, 404, 405, 426)
    assert leaks(answer, hidden) == []


def test_the_publishing_process_speaks_no_unencrypted_http_2(publisher: Target, shares: Shares) -> None:
    upgrade = (
        ("Connection", "Upgrade, HTTP2-Settings"),
        ("Upgrade", "h2c"),
        ("HTTP2-Settings", "AAMAAABkAAQAoAAAAAIAAAAA"),
    )
    answer = publisher.answer(written(shares.first.path, *upgrade))
    assert answer.status != 101
    assert answer.content in (shares.first.document, not_found(publisher).content)


SMUGGLED = {
    "both-lengths": (("Content-Length", "6"), ("Transfer-Encoding", "chunked")),
    "two-lengths": (("Content-Length", "0"), ("Content-Length", "60")),
    "a-list-of-lengths": (("Content-Length", "0, 60"),),
    "a-signed-length": (("Content-Length", "+60"),),
    "a-negative-length": (("Content-Length", "-1"),),
    "a-length-in-hex": (("Content-Length", "0x3c"),),
    "a-length-out-of-range": (("Content-Length", "9" * 40),),
    "an-unknown-coding": (("Transfer-Encoding", "chunked, identity"),),
    "a-coding-in-capitals": (("Transfer-Encoding", "CHUNKED"), ("Content-Length", "4")),
    "a-coding-after-a-tab": (("Transfer-Encoding", "\tchunked"), ("Content-Length", "4")),
    "a-coding-twice": (("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "identity")),
    "a-name-with-a-space": (("Content-Length ", "60"),),
    "a-folded-header": (("X-A", "b\r\n Content-Length: 60"),),
}


@pytest.mark.parametrize("trick", SMUGGLED)
def test_a_request_hidden_in_another_opens_nothing_for_the_next(target: Target, shares: Shares, trick: str) -> None:
    inner = f"GET {shares.locked.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    request = written(
        "/s/" + "A" * 43, *SMUGGLED[trick], ("Connection", "keep-alive"), method="POST", body=b"0\r\n\r\n" + inner
    )
    answer = answer_or_none(target.port, request)
    assert answer is None or answer.status in (400, 404, 405, 411, 413, 501)
    assert answer is None or shares.locked.mark.encode() not in answer.content


def test_answers_on_one_connection_keep_their_order(target: Target, shares: Shares) -> None:
    order = [shares.first, shares.second, shares.second, shares.first, shares.first]
    with connected(target.port) as line:
        stream = line.makefile("rb")
        for share in order:
            line.sendall(written(share.path, ("Connection", "keep-alive")))
            assert received(line).content == share.document
        stream.close()
