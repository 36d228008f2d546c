"""A link shows its document and nothing else; whatever is not there gets one and the same answer."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from journey.sharing import Link, Links, Snapshot
from journey.sharing.routes import Door, Shares
from tests.sharing.asking import DOCUMENT, PASSWORD, POLICY, Visitor, library, made
from tests.sharing.stand_ins import Clock

UNKNOWN = "/s/" + "A" * 43
GUARDS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow, noarchive",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
#: Shapes of an address that only look like one of ours, as they stand in a request's first line.
WRONG_SHAPES = [
    "/s",
    "/s/",
    "/s/a",
    "/s/" + "A" * 42,
    "/s/" + "A" * 44,
    "/s/" + "A" * 4000,
    "/s/" + "A" * 42 + "*",
    "/s/" + "A" * 42 + "%",
    "/s/" + "A" * 42 + ".",
    "/s/" + "A" * 42 + "+",
    "/s/" + "A" * 42 + "=",
    "/s/" + "A" * 43 + "%00",
    "/s/" + "A" * 43 + "\n",
    "/s/%41" + "A" * 42,
    "/s/" + "Ａ" * 43,
    "/s/" + "٣" * 43,
    "/s/" + "A" * 43 + "/",
    "/s/" + "A" * 43 + "//status",
    "/s/" + "A" * 43 + "/status/",
    "/s/" + "A" * 43 + "/Status",
    "/s/" + "A" * 43 + "/document",
    "/s/./" + "A" * 43,
    "/s//" + "A" * 43,
    "/s/x/../" + "A" * 43,
    "/s/x/%2e%2e/" + "A" * 43,
    "/s/..%2f" + "A" * 43,
    "/s/:key",
    "/s/null",
    "/s/0",
    "/s/links.sqlite",
    "/s/snapshots/document.html",
    "/s/plotly-.js",
    "/s/plotly-0123456789ABCDEF.js",
    "/s/plotly-0123456789abcdef.js.gz",
    "/s/plotly-0123456789abcde.js",
    "/s/../s/plotly-0123456789abcdef.js",
]


@pytest.fixture
def app(links: Links, clock: Clock) -> ASGIApp:
    return Door(links, clock)


@pytest.fixture
def visitor(app: ASGIApp) -> Visitor:
    return Visitor(app)


def withdrawn(links: Links) -> tuple[Link, str]:
    link, path = made(links)
    links.revoke(link.id, by="ana")
    return link, path


# --- What is there -----------------------------------------------------------------------------------------------


def test_a_link_shows_its_document(links: Links, visitor: Visitor) -> None:
    _link, path = made(links)
    answer = visitor.ask(path)
    assert (answer.status, answer.body) == (200, DOCUMENT)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-length"] == str(len(DOCUMENT))
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"] == f"{POLICY}; frame-ancestors 'none'"
    assert GUARDS.items() <= answer.headers.items()
    assert answer.cookies == {}


def test_the_document_is_packed_for_those_who_unpack(links: Links, visitor: Visitor) -> None:
    _link, path = made(links)
    answer = visitor.ask(path, headers={"Accept-Encoding": "br, gzip;q=0.8"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert len(answer.body) < len(DOCUMENT) == len(answer.content)
    assert answer.content == DOCUMENT
    for refused in ("identity", "gzip;q=0", "gzip; q=0.000", "xgzip"):
        assert "content-encoding" not in visitor.ask(path, headers={"Accept-Encoding": refused}).headers


def test_two_links_show_each_their_own(links: Links, visitor: Visitor) -> None:
    _link, one = made(links, b"one")
    _link, other = made(links, b"other")
    assert [visitor.ask(path).body for path in (one, other, one)] == [b"one", b"other", b"one"]


def test_parameters_are_not_read(links: Links, visitor: Visitor) -> None:
    _link, path = made(links)
    assert visitor.ask(path, query=b"token=x&pages=all&__proto__=1").told == visitor.ask(path).told


def test_asking_for_the_head_gets_the_same_without_a_body(links: Links, visitor: Visitor) -> None:
    _link, path = made(links)
    _link, locked = made(links, password=PASSWORD)
    for asked in (path, f"{path}/status", locked, library(links), UNKNOWN, "/s/wrong"):
        get, head = visitor.ask(asked), visitor.ask(asked, "HEAD")
        assert (head.status, head.headers, head.body) == (get.status, get.headers, b"")


def test_a_refreshed_link_shows_the_new_document_only(links: Links, visitor: Visitor) -> None:
    link, path = made(links, b"old")
    links.refresh(link.id, Snapshot(b"new", POLICY), "v2", by="ana")
    assert visitor.ask(path).body == b"new"


def test_over_a_safe_connection_the_browser_is_told_to_stay_on_one(links: Links, app: ASGIApp) -> None:
    _link, path = made(links)
    assert "strict-transport-security" not in Visitor(app).ask(path).headers
    assert Visitor(app, scheme="https").ask(path).headers["strict-transport-security"] == "max-age=31536000"


# --- The chart library -------------------------------------------------------------------------------------------


def test_the_chart_library_is_kept_by_browsers_for_ever(links: Links, visitor: Visitor) -> None:
    path = library(links, b"draw()" * 99)
    plain, packed = visitor.ask(path), visitor.ask(path, headers={"Accept-Encoding": "gzip"})
    assert plain.body == packed.content == b"draw()" * 99
    assert plain.headers["content-type"] == "text/javascript; charset=utf-8"
    assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert GUARDS.items() <= plain.headers.items()
    assert plain.headers["etag"] != packed.headers["etag"]
    again = visitor.ask(path, headers={"If-None-Match": f'"other", {plain.headers["etag"]}'})
    assert (again.status, again.body) == (304, b"")


def test_a_library_that_is_not_kept_is_nothing(links: Links, visitor: Visitor) -> None:
    library(links)
    assert visitor.ask("/s/plotly-ffffffffffffffff.js").told == visitor.ask(UNKNOWN).told


# --- What is not there -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["", "/status"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_unknown_expired_and_withdrawn_are_told_apart_by_nothing(
    links: Links, app: ASGIApp, clock: Clock, method: str, suffix: str
) -> None:
    _link, gone = withdrawn(links)
    _link, over = made(links)
    _link, locked = made(links, password=PASSWORD)
    clock.go(days=30)
    answers = [Visitor(app).ask(f"{path}{suffix}", method) for path in (UNKNOWN, gone, over, locked, "/s/wrong")]
    assert len({answer.told for answer in answers}) == 1
    assert answers[0].status == 404
    assert answers[0].headers["cache-control"] == "no-store"
    assert GUARDS.items() <= answers[0].headers.items()


@pytest.mark.parametrize("path", WRONG_SHAPES, ids=range(len(WRONG_SHAPES)))
def test_a_wrong_shape_is_never_looked_up(path: str, app: ASGIApp, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = Visitor(app).ask(UNKNOWN)
    monkeypatch.setattr(Links, "found", None)
    monkeypatch.setattr(Links, "library", None)
    assert Visitor(app).ask(path).told == expected.told


@pytest.mark.parametrize("wrap", ["{}%20", "%2F{}", "{}/..", "{};x", "./{}", "{}%0d%0aX-A:1"])
def test_a_good_token_in_a_wrong_shape_opens_nothing(links: Links, app: ASGIApp, wrap: str) -> None:
    _link, path = made(links)
    asked = "/s/" + wrap.format(path.removeprefix("/s/"))
    assert Visitor(app).ask(asked).told == Visitor(app).ask(UNKNOWN).told


def test_the_page_says_neither_which_link_nor_whose(links: Links, visitor: Visitor) -> None:
    _link, path = withdrawn(links)
    answer = visitor.ask(path)
    told = str(answer.headers) + answer.body.decode()
    assert "There is nothing here" in told
    for hidden in ("Spring", "north", "ana", path.removeprefix("/s/"), "0123456789ab"):
        assert hidden not in told


def test_a_withdrawn_link_is_gone_at_once(links: Links, visitor: Visitor) -> None:
    link, path = made(links)
    assert visitor.ask(path).status == 200
    links.revoke(link.id, by="ana")
    assert (visitor.ask(path).status, visitor.ask(f"{path}/status").status) == (404, 404)


# --- Methods -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", ""])
def test_other_methods_are_refused_whatever_they_ask_for(links: Links, visitor: Visitor, method: str) -> None:
    _link, path = made(links)
    answers = {
        visitor.ask(asked, method).told for asked in (path, UNKNOWN, f"{path}/status", "/s/wrong", library(links))
    }
    [(status, headers, _body)] = answers
    assert status == 405
    assert {"allow": "GET, HEAD, POST", **GUARDS}.items() <= dict(headers).items()


def test_the_chart_library_takes_no_form(links: Links, visitor: Visitor) -> None:
    answer = visitor.ask(library(links), "POST")
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


# --- Guessing ----------------------------------------------------------------------------------------------------


def test_after_twenty_failures_a_minute_an_address_waits(links: Links, app: ASGIApp) -> None:
    guesser, other = Visitor(app, "198.51.100.1"), Visitor(app, "198.51.100.2")
    asked = [UNKNOWN, "/s/wrong", f"{UNKNOWN}/status", "/s/plotly-ffffffffffffffff.js"] * 5
    assert [guesser.ask(path).status for path in asked] == [404] * 20
    refused = guesser.ask(UNKNOWN)
    assert refused.status == 429
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert GUARDS.items() <= refused.headers.items()
    assert other.ask(UNKNOWN).status == 404


def test_the_owner_sees_that_somebody_was_turned_away(links: Links, app: ASGIApp) -> None:
    guesser = Visitor(app)
    for _try in range(23):
        guesser.ask(UNKNOWN)
    [entry] = links.entries()
    assert (entry.action, entry.link_id, entry.n_times) == ("blocked", "", 3)


def test_a_valid_link_opens_from_an_address_that_has_to_wait(links: Links, app: ASGIApp) -> None:
    _link, path = made(links)
    visitor = Visitor(app)
    assert [visitor.ask(UNKNOWN).status for _try in range(21)][-1] == 429
    assert [visitor.ask(asked).status for asked in (path, f"{path}/status", library(links))] == [200, 204, 200]


def test_openings_do_not_use_up_the_tries(links: Links, app: ASGIApp) -> None:
    _link, path = made(links)
    visitor = Visitor(app)
    assert {visitor.ask(path).status for _time in range(30)} == {200}
    assert visitor.ask(UNKNOWN).status == 404


def test_a_made_up_forwarded_address_does_not_help_a_guesser(app: ASGIApp) -> None:
    guesser = Visitor(app, "198.51.100.1")
    statuses = [guesser.ask(UNKNOWN, headers={"X-Forwarded-For": f"203.0.113.{n}"}).status for n in range(21)]
    assert statuses[-1] == 429


def test_visitors_behind_a_named_proxy_are_told_apart(links: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOURNEY_PROXIES", "10.0.0.7")
    proxy = Visitor(Door(links), "10.0.0.7")
    statuses = [proxy.ask(UNKNOWN, headers={"X-Forwarded-For": f"203.0.113.{n}"}).status for n in range(30)]
    assert set(statuses) == {404}


# --- Whether it is still open, and counting ----------------------------------------------------------------------


def counted(links: Links, link: Link) -> tuple[int, bool]:
    found = links.link(link.id)
    return found.n_opened, found.last_opened_at is not None


def test_the_status_is_told_without_a_word(links: Links, visitor: Visitor) -> None:
    _link, path = made(links)
    answer = visitor.ask(f"{path}/status")
    assert (answer.status, answer.body, answer.headers["cache-control"]) == (204, b"", "no-store")
    assert GUARDS.items() <= answer.headers.items()


def test_an_opening_is_counted_once_per_browser_when_its_page_says_so(links: Links, app: ASGIApp, clock: Clock) -> None:
    link, path = made(links)
    first, second = Visitor(app), Visitor(app)
    own = {"Sec-Fetch-Site": "same-origin"}
    for visitor in (first, second, first):
        visitor.ask(path)
        assert visitor.ask(f"{path}/status", "POST", own).status == 204
        visitor.ask(f"{path}/status", headers=own)
    assert counted(links, link) == (2, True)
    assert links.link(link.id).last_opened_at == clock.now


def test_what_says_it_was_counted_says_nothing_else(links: Links, visitor: Visitor) -> None:
    link, path = made(links)
    answer = visitor.ask(f"{path}/status", "POST", {"Sec-Fetch-Site": "same-origin"})
    expected = f"journey-{link.id}-seen=1; HttpOnly; Max-Age=86400; Path={path}; SameSite=Strict"
    assert answer.headers["set-cookie"] == expected


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.test"},
        {"Sec-Fetch-Site": "same-origin", "User-Agent": "Slackbot-LinkExpanding 1.0"},
    ],
)
def test_robots_and_other_sites_are_answered_and_not_counted(
    links: Links, visitor: Visitor, headers: dict[str, str]
) -> None:
    link, path = made(links)
    answer = visitor.ask(f"{path}/status", "POST", headers)
    assert (answer.status, answer.cookies) == (204, {})
    visitor.ask(path, headers=headers)
    assert counted(links, link) == (0, False)


def test_a_body_is_never_waited_for_where_none_is_wanted(links: Links, visitor: Visitor) -> None:
    _link, path = made(links)
    assert visitor.ask(f"{path}/status", "POST", body=b"x" * 100_000).status == 204
    assert visitor.ask(UNKNOWN, "POST", body=b"x" * 100_000).status == 404


def test_no_log_holds_a_token(links: Links, visitor: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    _link, path = made(links)
    _link, locked = made(links, password=PASSWORD)
    with caplog.at_level(logging.DEBUG):
        for asked in (path, f"{path}/status", locked, *[UNKNOWN] * 25):
            visitor.ask(asked)
        visitor.send(locked, {"password": "wrong, as it happens"})
    for said in (path, locked, UNKNOWN, "as it happens"):
        assert said.removeprefix("/s/") not in caplog.text
    assert "wrong" in caplog.text


async def elsewhere(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("elsewhere", 418)(scope, receive, send)


def test_the_links_of_the_home_are_opened_when_one_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shares = Shares(elsewhere)
    monkeypatch.setenv("JOURNEY_HOME", str(tmp_path / "home"))
    _link, path = made(Links(tmp_path / "home" / "shared"))
    assert Visitor(shares).ask(path).body == DOCUMENT


def test_what_is_not_below_s_is_left_to_others(links: Links) -> None:
    visitor = Visitor(Shares(elsewhere, links))
    assert [visitor.ask(path).status for path in ("/", "/share", "/S/", "/x/s/", "//s/")] == [418] * 5
    assert [visitor.ask(path).status for path in ("/s", "/s/", "/s//", "/s/../x")] == [404] * 4
