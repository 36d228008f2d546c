"""Passwords of links and the cookies that remember them: five tries, one link each, and gone when the password is."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from urllib.parse import quote

import pytest

from journey.sharing.links import Links
from tests.attacks.oracle import leaks, not_found, unguarded
from tests.attacks.shares import Share, Shares, new_share, new_snapshot
from tests.attacks.target import Target
from tests.attacks.wire import LOCALHOST, Answer, answer_or_none, form, new_address, written

PASSWORD = "seven horses and a wet cat"  # noqa: S105 - of no link outside these tests


@pytest.fixture
def locked(links: Links) -> Share:
    return new_share(links, "locked-alone", password=PASSWORD)


def tried(target: Target, share: Share, password: str, *headers: tuple[str, str], address: str | None = None) -> Answer:
    """Type a password, as the page of the link sends it."""
    own = (("Origin", f"http://{LOCALHOST}"), ("Sec-Fetch-Site", "same-origin"))
    return target.answer(form(share.path, {"password": password}, *own, *headers), address=address)


def cookie_of(answer: Answer) -> tuple[str, str]:
    """Name and value of the one cookie an answer sets."""
    jar = SimpleCookie(answer.header("set-cookie") or "")
    ((name, morsel),) = jar.items()
    return name, morsel.value


def opened_with(target: Target, share: Share, cookie: tuple[str, str]) -> Answer:
    """Open a link with a cookie."""
    return target.opened(share.path, ("Cookie", f"{cookie[0]}={cookie[1]}"))


def is_shown(answer: Answer, share: Share) -> bool:
    """Whether anything of a share's document is in an answer."""
    return share.mark.encode() in answer.content


def entered(target: Target, share: Share) -> tuple[str, str]:
    """Type the right password and return the cookie it brings; the document must open with it."""
    assert share.password is not None
    cookie = cookie_of(tried(target, share, share.password))
    assert opened_with(target, share, cookie).content == share.document
    return cookie


def test_without_the_password_nothing_of_the_document_is_told(
    target: Target, shares: Shares, hidden: list[bytes]
) -> None:
    for method in ("GET", "HEAD"):
        answer = target.answer(written(shares.locked.path, method=method))
        assert leaks(answer, hidden) == []
        assert unguarded(answer) == []
        assert answer.header("set-cookie") is None
    other = target.answer(written(shares.locked_too.path))
    assert target.answer(written(shares.locked.path)).body == other.body


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_state_of_a_locked_link_shows_no_document(
    target: Target, shares: Shares, hidden: list[bytes], method: str
) -> None:
    answer = target.answer(written(shares.locked.path + "/status", method=method))
    assert (answer.status, answer.body) == (401, b"")
    assert leaks(answer, hidden) == []


def test_the_right_password_opens_and_is_remembered_for_this_link_alone(target: Target, locked: Share) -> None:
    answer = tried(target, locked, PASSWORD)
    written_cookie = answer.header("set-cookie") or ""
    name, _value = cookie_of(answer)
    assert name == f"journey-{locked.link.id}"
    for part in ("HttpOnly", "SameSite=Strict", f"Path={locked.path}"):
        assert part in written_cookie
    assert "Domain" not in written_cookie
    assert PASSWORD not in written_cookie
    assert unguarded(answer) == []
    assert opened_with(target, locked, cookie_of(answer)).content == locked.document


FORGED: dict[str, Callable[[str, Share], str]] = {
    "empty": lambda _value, _share: "",
    "one": lambda _value, _share: "1",
    "true": lambda _value, _share: "true",
    "the-password": lambda _value, _share: quote(PASSWORD),
    "the-token": lambda _value, share: share.token,
    "the-id": lambda _value, share: share.link.id,
    "cut-by-one": lambda value, _share: value[:-1],
    "cut-in-half": lambda value, _share: value[: len(value) // 2],
    "one-sign-more": lambda value, _share: value + "0",
    "another-last-sign": lambda value, _share: value[:-1] + ("0" if value[-1] != "0" else "1"),
    "another-first-sign": lambda value, _share: ("2" if value[0] != "2" else "3") + value[1:],
    "upper-case": lambda value, _share: value.upper() if value.upper() != value else value[::-1],
    "backwards": lambda value, _share: value[::-1],
    "without-its-seal": lambda value, _share: value.partition(".")[0],
    "with-an-empty-seal": lambda value, _share: value.partition(".")[0] + ".",
    "without-its-time": lambda value, _share: "." + value.partition(".")[2],
    "good-for-ever": lambda value, _share: "999999999999." + value.partition(".")[2],
    "a-negative-time": lambda value, _share: "-1." + value.partition(".")[2],
    "a-time-in-another-script": lambda value, _share: quote("١٢٣") + "." + value.partition(".")[2],
    "a-zero-seal": lambda value, _share: value.partition(".")[0] + "." + "0" * 64,
    "two-in-one": lambda value, _share: "0." + "0" * 64 + "," + value[:-1],
    "a-json-map": lambda _value, _share: quote(json.dumps({"$ne": None})),
    "a-pickle": lambda _value, _share: "gASVBgAAAAAAAACMAmlklC4=",
    "an-unsigned-jwt": lambda _value, _share: "eyJhbGciOiJub25lIn0.eyJsaW5rIjoiKiJ9.",
    "a-line-end": lambda value, _share: value + "%0a",
    "a-nul": lambda value, _share: value + "%00",
    "a-thousand-signs": lambda _value, _share: "a" * 1_000,
    "eight-thousand-signs": lambda _value, _share: "1" * 8_000,
}


@pytest.mark.parametrize("trick", FORGED)
def test_a_forged_cookie_opens_nothing(target: Target, locked: Share, trick: str) -> None:
    name, value = entered(target, locked)
    answer = opened_with(target, locked, (name, FORGED[trick](value, locked)))
    assert not is_shown(answer, locked)
    assert answer.status < 500


def test_a_cookie_opens_no_other_link(target: Target, links: Links, locked: Share) -> None:
    other = new_share(links, "locked-beside", password=PASSWORD)
    name, value = entered(target, locked)
    assert not is_shown(opened_with(target, other, (name, value)), other)
    assert not is_shown(opened_with(target, other, (f"journey-{other.link.id}", value)), other)


def test_a_cookie_ends_with_its_password(target: Target, links: Links, locked: Share) -> None:
    cookie = entered(target, locked)
    links.set_password(locked.link.id, "another horse in the rain", by="olga.owner")
    assert not is_shown(opened_with(target, locked, cookie), locked)
    links.set_password(locked.link.id, PASSWORD, by="olga.owner")
    assert not is_shown(opened_with(target, locked, cookie), locked)


def test_a_cookie_ends_with_its_link(target: Target, links: Links, locked: Share) -> None:
    cookie = entered(target, locked)
    links.revoke(locked.link.id, by="olga.owner")
    answer = opened_with(target, locked, cookie)
    assert (answer.status, answer.body) == (404, not_found(target).body)


def test_a_refreshed_link_still_asks_for_its_password(target: Target, links: Links, locked: Share) -> None:
    links.refresh(locked.link.id, new_snapshot(locked.mark), "v-next", by="olga.owner")
    assert not is_shown(target.opened(locked.path), locked)


def test_a_password_set_later_closes_an_open_link(target: Target, links: Links) -> None:
    share = new_share(links, "locked-later")
    assert is_shown(target.opened(share.path), share)
    links.set_password(share.link.id, PASSWORD, by="olga.owner")
    assert not is_shown(target.opened(share.path), share)


def test_the_sixth_try_is_refused_even_if_it_is_right(
    target: Target, locked: Share, shares: Shares, hidden: list[bytes]
) -> None:
    address = new_address()
    for guess in range(5):
        assert not is_shown(tried(target, locked, f"wrong horse {guess}", address=address), locked)
    sixth = tried(target, locked, PASSWORD, address=address)
    assert sixth.status == 429
    assert sixth.header("set-cookie") is None
    assert leaks(sixth, hidden) == []
    assert unguarded(sixth) == []
    # Whoever knows the password, or holds another link, is not locked out by a guesser elsewhere or beside.
    assert opened_with(target, locked, entered(target, locked)).content == locked.document
    assert target.opened(shares.first.path, address=address).content == shares.first.document
    assert is_shown(target.opened(shares.second.path, address=address), shares.second)


def test_a_guesser_who_makes_up_his_address_is_stopped_all_the_same(target: Target, locked: Share) -> None:
    address = new_address()
    statuses = [
        tried(target, locked, f"wrong horse {guess}", ("X-Forwarded-For", f"10.1.1.{guess}"), address=address).status
        for guess in range(7)
    ]
    assert statuses[5:] == [429, 429]


def test_many_guesses_at_once_are_no_more_than_five(target: Target, locked: Share, shares: Shares) -> None:
    address = new_address()

    def guess(number: int) -> int:
        return tried(target, locked, f"wrong horse {number}", address=address).status

    with ThreadPoolExecutor(12) as pool:
        guesses = [pool.submit(guess, number) for number in range(24)]
        visits = [pool.submit(target.opened, shares.first.path) for _visit in range(12)]
        statuses = [each.result() for each in guesses]
        assert all(each.result().content == shares.first.document for each in visits)
    assert statuses.count(429) == len(statuses) - 5


def test_the_tries_of_both_processes_count_together(app: Target, publisher: Target, locked: Share) -> None:
    address = new_address()
    for guess in range(5):
        tried((app, publisher)[guess % 2], locked, f"wrong horse {guess}", address=address)
    assert tried(app, locked, PASSWORD, address=address).status == 429
    assert tried(publisher, locked, PASSWORD, address=address).status == 429


BODIES: dict[str, tuple[str, bytes]] = {
    "nothing": ("application/x-www-form-urlencoded", b""),
    "no-value": ("application/x-www-form-urlencoded", b"password="),
    "no-equals": ("application/x-www-form-urlencoded", b"password"),
    "an-array": ("application/x-www-form-urlencoded", f"password[]={quote(PASSWORD)}".encode()),
    "a-map": ("application/x-www-form-urlencoded", b"password[$ne]=x"),
    "the-wrong-one-and-the-right-one-elsewhere": (
        "application/x-www-form-urlencoded",
        f"passwd={quote(PASSWORD)}&password=x".encode(),
    ),
    "json": ("application/json", json.dumps({"password": PASSWORD}).encode()),
    "json-true": ("application/json", b'{"password": true}'),
    "json-as-a-form": ("application/x-www-form-urlencoded", b'{"password": {"$gt": ""}}'),
    "json-deep": ("application/json", b"[" * 20_000),
    "xml": ("text/xml", b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><password>&a;</password>"),
    "a-file": (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="password"; filename="../x"\r\n\r\nx\r\n--b--\r\n',
    ),
    "parts-without-an-end": ("multipart/form-data; boundary=b", b"--b\r\n" * 2_000),
    "parts-without-a-boundary": ("multipart/form-data", b"--b--\r\n"),
    "no-utf-8": ("application/x-www-form-urlencoded", b"password=%ff%fe%00"),
    "a-lone-surrogate": ("application/x-www-form-urlencoded", b"password=%ED%A0%80"),
    "nuls": ("application/x-www-form-urlencoded", b"password=" + b"\0" * 100),
    "thousands-of-fields": ("application/x-www-form-urlencoded", b"&".join(b"a=1" for _field in range(2_000))),
    "a-long-password": ("application/x-www-form-urlencoded", b"password=" + b"a" * 3_000),
    "the-hash": ("application/x-www-form-urlencoded", b"password=scrypt%2432768%248%241%2400%2400"),
    "trailing-nul": ("application/x-www-form-urlencoded", f"password={quote(PASSWORD)}%00".encode()),
    "upper-case": ("application/x-www-form-urlencoded", f"password={quote(PASSWORD.upper())}".encode()),
    "a-space-more": ("application/x-www-form-urlencoded", f"password={quote(PASSWORD)}%20".encode()),
    "no-kind": ("", b"password=x"),
    "a-kind-with-a-line-end": ("text/html;\tx", b"password=x"),
}


@pytest.mark.parametrize("kind", BODIES)
def test_a_malformed_password_is_a_wrong_one(target: Target, shares: Shares, hidden: list[bytes], kind: str) -> None:
    content_type, body = BODIES[kind]
    share = shares.locked
    headers = (("Content-Type", content_type), ("Origin", f"http://{LOCALHOST}"), ("Content-Length", str(len(body))))
    answer = target.answer(written(share.path, *headers, method="POST", body=body))
    assert 400 <= answer.status < 500
    assert answer.header("set-cookie") is None
    assert leaks(answer, hidden) == []


@pytest.mark.parametrize(
    "headers",
    [
        (("Origin", "http://evil.example"),),
        (("Origin", "null"),),
        (("Origin", f"http://{LOCALHOST}.evil.example"),),
        (("Sec-Fetch-Site", "cross-site"), ("Origin", f"http://{LOCALHOST}")),
        (("Sec-Fetch-Site", "same-site"), ("Origin", f"http://{LOCALHOST}")),
        (),
    ],
    ids=["foreign", "null", "suffix", "cross-site", "same-site", "none"],
)
def test_another_site_cannot_type_a_password(
    target: Target, locked: Share, headers: tuple[tuple[str, str], ...]
) -> None:
    """It could otherwise use up a visitor's five tries, or log a visitor in to a document he did not choose."""
    answer = target.answer(form(locked.path, {"password": PASSWORD}, *headers))
    assert answer.header("set-cookie") is None
    assert not is_shown(answer, locked)


def test_a_password_in_the_address_counts_for_nothing(target: Target, locked: Share) -> None:
    for query in (f"?password={quote(PASSWORD)}", f"?pw={quote(PASSWORD)}"):
        assert not is_shown(target.opened(locked.path + query), locked)
    basic = ("Authorization", "Basic " + "eDpzZXZlbiBob3JzZXMgYW5kIGEgd2V0IGNhdA==")
    assert not is_shown(target.opened(locked.path, basic), locked)


def test_two_cookies_of_one_name_open_only_with_the_good_one(target: Target, locked: Share) -> None:
    name, value = entered(target, locked)
    bad = "0." + "0" * 64
    answer = target.opened(locked.path, ("Cookie", f"{name}={bad}; {name}={bad}"))
    assert not is_shown(answer, locked)
    answer = answer_or_none(
        target.port, written(locked.path, ("Cookie", f"{name}={value}"), ("Cookie", f"{name}={bad}"))
    )
    assert answer is None or answer.status < 500
