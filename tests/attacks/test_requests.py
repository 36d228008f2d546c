"""Methods, parameters, headers and hosts: a link shows the same bytes whatever is asked beside its path."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from journey.sharing.links import Links
from tests.attacks.oracle import differences, leaks, not_found, unguarded
from tests.attacks.shares import Shares
from tests.attacks.target import PUBLISHER, Target, running_publisher
from tests.attacks.wire import LOCALHOST, answer_or_none, form, written

PROXY = "127.220.0.1"


@pytest.fixture(scope="module")
def named_publisher(home: Path, links: Links) -> Iterator[Target]:
    """A publishing process that knows its address and the proxy before it."""
    with running_publisher(home, JOURNEY_SHARE_URL="https://share.example.com", JOURNEY_PROXIES=PROXY) as target:
        yield target


METHODS = [
    "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK",
    "SEARCH", "PURGE", "BAN", "DEBUG", "TRACK", "LINK", "VIEW", "get", "Get", "GETT", "FOO-BAR", "A" * 300,
]  # fmt: skip


@pytest.mark.parametrize("method", METHODS)
def test_a_link_is_opened_by_get_and_by_nothing_like_it(
    target: Target, shares: Shares, hidden: list[bytes], method: str
) -> None:
    answer = target.answer(written(shares.first.path, method=method))
    assert answer.status in (400, 404, 405, 501)
    assert leaks(answer, hidden) == []
    assert target.opened(shares.first.path).content == shares.first.document


def test_head_tells_what_get_would_and_shows_nothing(target: Target, shares: Shares) -> None:
    head, got = target.answer(written(shares.first.path, method="HEAD")), target.answer(written(shares.first.path))
    assert (head.status, head.body) == (got.status, b"")
    # Streamlit's own compression says a second time that it looked at what is accepted.
    assert {pair for pair in set(head.kept_headers) ^ set(got.kept_headers) if pair[0] != "vary"} == set()


OVERRIDES = ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "_method", "X-Original-Method"]


@pytest.mark.parametrize("header", OVERRIDES)
@pytest.mark.parametrize("wanted", ["DELETE", "PUT", "POST"])
def test_a_header_does_not_change_the_method(target: Target, shares: Shares, header: str, wanted: str) -> None:
    answer = target.answer(written(shares.first.path, (header, wanted)))
    assert (answer.status, answer.content) == (200, shares.first.document)


def test_a_field_does_not_change_the_method(target: Target, shares: Shares) -> None:
    target.answer(form(shares.second.path, {"_method": "DELETE", "password": "x"}))
    assert target.opened(shares.second.path).content == shares.second.document


PARAMETERS = [
    "?", "?token=", "?token=x", "?token[]=x", "?token={%22select%22:1}", "?persona=Careful%20planners", "?persona=*",
    "?persona=%25", "?k=1", "?k=0", "?least=1", "?least=-1", "?format=json", "?format=csv", "?download=1", "?raw=1",
    "?debug=1", "?debug=true", "?preview=1", "?refresh=1", "?nocache=1", "?cut=customer_id", "?cut=persona&value=x",
    "?period=1900-01-01..2100-01-01", "?from=1900-01-01&to=2100-12-31", "?filters={}", "?filters=[]",
    "?filters=country:eq:RO", "?dataset=demo", "?version=1", "?snapshot=latest", "?id=1", "?id=1%20OR%201=1",
    "?query=select%201", "?sql=select%20*%20from%20links", "?callback=alert", "?jsonp=alert",
    "?redirect=//evil.example", "?next=//evil.example", "?url=http://127.0.0.1:9/", "?password=x", "?lang=../../x",
    "?theme=<script>", "?embed=true&embed_options=show_toolbar", "?utm_source=%0d%0aSet-Cookie:a=b",
    "?a=" + "a" * 5_000, "?" + "&".join(f"p{number}=1" for number in range(1_000)), "?%00", "?%ff%fe", "??",
    "?a=b?c=d", "?__proto__[x]=1",
]  # fmt: skip


@pytest.mark.parametrize("parameters", PARAMETERS, ids=lambda text: text[:32])
def test_a_parameter_changes_nothing(target: Target, shares: Shares, hidden: list[bytes], parameters: str) -> None:
    plain = target.answer(written(shares.first.path))
    assert differences(target.answer(written(shares.first.path + parameters)), plain) == []
    unknown = target.answer(written("/s/" + "A" * 43 + parameters))
    assert differences(unknown, not_found(target)) == []
    locked = target.answer(written(shares.locked.path + parameters))
    assert shares.locked.mark.encode() not in locked.content
    assert shares.locked.link.title.encode() not in locked.content


HEADERS = [
    ("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-For", "127.0.0.1, ::1, localhost"),
    ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Proto", "javascript"),
    ("X-Forwarded-Port", "9"), ("X-Forwarded-Prefix", "/s/../"), ("X-Forwarded-Server", "evil.example"),
    ("Forwarded", "host=evil.example;proto=https"), ("X-Original-URL", "/s/links.sqlite"),
    ("X-Rewrite-URL", "/s/links.sqlite"), ("X-Original-Host", "evil.example"), ("X-Host", "evil.example"),
    ("X-HTTP-Host-Override", "evil.example"), ("X-Sendfile", "/etc/passwd"), ("X-Accel-Redirect", "/snapshots/x"),
    ("X-Custom-IP-Authorization", "127.0.0.1"), ("X-Real-IP", "127.0.0.1"), ("Range", "bytes=0-10"),
    ("Range", "bytes=-1"), ("Range", "bytes=0-0,5-6,10-"), ("Range", "bytes=99999999-"), ("Range", "rows=0-1"),
    ("Range", "bytes=" + ",".join(f"{start}-" for start in range(500))), ("If-Range", '"x"'), ("If-None-Match", "*"),
    ("If-None-Match", 'W/"x"'), ("If-Match", "*"), ("If-Match", '"x"'),
    ("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT"), ("If-Unmodified-Since", "Mon, 01 Jan 1990 00:00:00 GMT"),
    ("If-Modified-Since", "yesterday"), ("Accept", "application/json"), ("Accept", "text/csv"),
    ("Accept", "text/event-stream"), ("Accept", "*/*;q=0"), ("Accept", "../../etc/passwd"),
    ("Accept-Language", "../../x"), ("Accept-Charset", "utf-7"), ("Authorization", "Basic b3duZXI6b3duZXI="),
    ("Authorization", "Bearer null"), ("Proxy-Authorization", "Basic eDp4"), ("X-Requested-With", "XMLHttpRequest"),
    ("Origin", "http://evil.example"), ("Origin", "null"), ("Access-Control-Request-Method", "DELETE"),
    ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Dest", "iframe"), ("Referer", "http://evil.example/"),
    ("User-Agent", "() { :; }; echo x"), ("User-Agent", "${jndi:ldap://127.0.0.1:9/}"), ("User-Agent", ""),
    ("Expect", "100-continue"), ("Upgrade", "TLS/1.0"), ("TE", "trailers"), ("Max-Forwards", "0"),
    ("Content-Type", "text/xml"), ("Content-Encoding", "gzip"), ("Pragma", "no-cache"),
    ("Cache-Control", "only-if-cached"), ("Want-Digest", "sha-256"), ("Proxy", "http://127.0.0.1:9"),
    ("Service-Worker", "script"), ("Purpose", "prefetch"), ("X-Nul", "a\udc80b"), ("Cookie", "a=b; a=c; $Version=1"),
    ("Cookie", ";" * 500), ("Cookie", "journey="),
]  # fmt: skip


@pytest.mark.parametrize("header", HEADERS, ids=lambda pair: f"{pair[0]}-{pair[1][:24]}")
def test_a_header_changes_nothing(target: Target, shares: Shares, hidden: list[bytes], header: tuple[str, str]) -> None:
    answer = target.answer(written(shares.first.path, header))
    assert (answer.status, answer.content) == (200, shares.first.document)
    assert b"evil.example" not in str(answer.headers).encode()
    assert not [name for name, _value in answer.headers if name.lower().startswith("access-control-")]
    unknown = target.answer(written("/s/" + "A" * 43, header))
    assert differences(unknown, not_found(target)) == []
    locked = target.answer(written(shares.locked.path, header))
    assert shares.locked.mark.encode() not in locked.content


@pytest.mark.parametrize(
    "coding",
    [
        "gzip",
        "GZIP",
        "gzip;q=0",
        "identity",
        "identity;q=0",
        "br",
        "zstd",
        "*",
        "*;q=0",
        "gzip, deflate, br",
        "",
        "x" * 500,
    ],
    ids=lambda coding: coding[:20] or "empty",
)
def test_every_coding_gives_the_same_document(target: Target, shares: Shares, coding: str) -> None:
    answer = target.answer(written(shares.first.path, ("Accept-Encoding", coding)))
    assert answer.status in (200, 406)
    assert answer.header("content-encoding") in (None, "gzip")
    if answer.status == 200:
        assert answer.content == shares.first.document
        assert "accept-encoding" in (answer.header("vary") or "").lower()
    if coding == "gzip;q=0" and target.name == PUBLISHER:
        assert answer.header("content-encoding") is None


def test_a_document_is_kept_by_no_cache_and_answers_no_condition(target: Target, shares: Shares) -> None:
    """What is never stored can never be served to the wrong person; a condition met would tell that two are alike."""
    answer = target.opened(shares.first.path)
    assert answer.header("etag") is None
    assert answer.header("last-modified") is None
    assert answer.header("accept-ranges") in (None, "none")
    assert (answer.header("cache-control") or "").startswith("no-store")
    for header in ("If-None-Match", "If-Match"):
        crossed = target.opened(shares.second.path, (header, f'"{shares.first.link.snapshot}"'))
        assert (crossed.status, crossed.content) == (200, shares.second.document)


HOSTS: dict[str, tuple[str | None, tuple[tuple[str, str], ...]]] = {
    "foreign": ("evil.example", ()),
    "foreign-with-a-port": ("evil.example:80", ()),
    "another-port": ("127.0.0.1:9", ()),
    "no-number-as-port": ("127.0.0.1:x", ()),
    "a-path-in-it": ("127.0.0.1/s/x", ()),
    "a-name-in-it": ("user@127.0.0.1", ()),
    "a-suffix": ("127.0.0.1.evil.example", ()),
    "a-prefix": ("evil-127.0.0.1", ()),
    "two-in-one": ("127.0.0.1, evil.example", ()),
    "two": ("127.0.0.1", (("Host", "evil.example"),)),
    "none": (None, ()),
    "empty": ("", ()),
    "a-dot": ("127.0.0.1.", ()),
    "a-space": ("127.0.0.1 evil.example", ()),
    "markup": ("<script>alert(1)</script>", ()),
    "a-long-one": ("a" * 5_000, ()),
    "the-metadata-service": ("169.254.169.254", ()),
    "version-6": ("[::1]", ()),
    "version-6-broken": ("[::1", ()),
    "a-database": ("localhost'--", ()),
}


@pytest.mark.parametrize("kind", HOSTS)
@pytest.mark.parametrize("slash", ["", "/"])
def test_a_host_is_neither_believed_nor_repeated(
    target: Target, shares: Shares, hidden: list[bytes], kind: str, slash: str
) -> None:
    """A redirect or a link built from the Host header would hand the token to whoever wrote that header."""
    host, more = HOSTS[kind]
    answer = target.answer(written(shares.first.path + slash, *more, host=host))
    assert answer.header("location") is None
    assert b"evil" not in answer.content
    assert answer.status in (200, 400, 403, 404, 421)
    if answer.status == 200:
        assert answer.content == shares.first.document
    else:
        assert leaks(answer, hidden) == []
    if answer.status != 400:
        assert unguarded(answer) == []


@pytest.mark.parametrize(
    "path", ["/s", "/s/", "//evil.example/s", "//evil.example/..", "/%2f%2fevil.example", "/\\evil.example"]
)
def test_nobody_is_sent_anywhere_else(target: Target, path: str) -> None:
    answer = target.answer(written(path, host="evil.example"))
    assert "evil" not in (answer.header("location") or "")
    assert answer.status not in (301, 302, 303, 307, 308)


@pytest.mark.parametrize(
    "version", ["HTTP/1.0", "HTTP/0.9", "HTTP/1.2", "HTTP/2.0", "HTTP/1.1 x", "http/1.1", "ICY/1.0"]
)
def test_another_version_of_http_opens_that_link_or_nothing(
    target: Target, shares: Shares, hidden: list[bytes], version: str
) -> None:
    answer = answer_or_none(target.port, written(shares.first.path, version=version))
    if answer is not None and answer.status == 200:
        assert answer.content == shares.first.document
    elif answer is not None:
        assert leaks(answer, hidden) == []


@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_the_chart_library_is_no_way_to_a_document(
    target: Target, shares: Shares, hidden: list[bytes], coding: str
) -> None:
    for name in (
        "plotly-0123456789abcdef.js",
        "plotly-0123456789abcdef.js.gz",
        f"plotly-{shares.first.link.snapshot}.js",
    ):
        answer = target.answer(written(f"/s/{name}", ("Accept-Encoding", coding)))
        assert answer.status == 404
        assert leaks(answer, hidden) == []


@pytest.mark.parametrize("kind", [kind for kind in HOSTS if HOSTS[kind][0] != LOCALHOST])
def test_where_the_published_address_is_set_no_other_host_is_answered(
    named_publisher: Target, shares: Shares, hidden: list[bytes], kind: str
) -> None:
    host, more = HOSTS[kind]
    answer = named_publisher.answer(written(shares.first.path, *more, host=host))
    assert answer.status in (400, 404)
    assert leaks(answer, hidden) == []
    if answer.status == 404:
        assert differences(answer, named_publisher.answer(written("/s/" + "A" * 43, host="share.example.com"))) == []


def test_where_the_published_address_is_set_it_is_answered(named_publisher: Target, shares: Shares) -> None:
    for host in ("share.example.com", "SHARE.example.com", "share.example.com:443", "share.example.com."):
        answer = named_publisher.answer(written(shares.first.path, host=host))
        assert (answer.status, answer.content) == (200, shares.first.document)


def test_what_a_proxy_of_ours_says_is_believed_and_what_stands_before_it_is_not(
    named_publisher: Target, shares: Shares
) -> None:
    """The proxy adds at the end; a guesser who writes the beginning himself stays the one he is."""
    near = ("X-Forwarded-Proto", "https")

    def guess(turn: int, made_up: str) -> int:
        forwarded = ("X-Forwarded-For", f"{made_up}, 192.0.2.{turn}")
        request = written("/s/" + "B" * 43, forwarded, near, host="share.example.com")
        return named_publisher.answer(request, address=PROXY).status

    assert [guess(7, f"10.0.0.{number}") for number in range(22)] == [404] * 20 + [429] * 2
    assert guess(8, "192.0.2.7") == 404


def test_a_cookie_over_https_is_sent_over_nothing_else(named_publisher: Target, shares: Shares) -> None:
    own = (("X-Forwarded-Proto", "https"), ("Origin", "https://share.example.com"))
    fields = {"password": shares.locked.password or ""}
    request = form(shares.locked.path, fields, *own).replace(b"Host: 127.0.0.1", b"Host: share.example.com")
    answer = named_publisher.answer(request, address=PROXY)
    assert "; Secure" in (answer.header("set-cookie") or "")
    assert answer.header("strict-transport-security")
    foreign = named_publisher.answer(request)
    assert "; Secure" not in (foreign.header("set-cookie") or "")
