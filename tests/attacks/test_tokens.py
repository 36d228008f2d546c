"""Whatever stands where a token should: one answer, and it is the answer for a link that never was."""

from __future__ import annotations

import json

import pytest

from tests.attacks.oracle import differences, leaks, not_found, unguarded
from tests.attacks.shares import Shares, an_unknown_token
from tests.attacks.spoiled import SIGNS, SPOILED, spoiled
from tests.attacks.target import APP, Target
from tests.attacks.wire import Answer, answer_or_none, connected, form, new_address, received, written

#: What is refused before any look at the path: no path can be read from it, or one longer than any of ours.
UNREADABLE = (400, 414)


def told(answer: Answer, expected: Answer, hidden: list[bytes]) -> list[str | bytes]:
    """What an answer tells more than the expected one, which is for a link that never was."""
    more = [] if answer.status in UNREADABLE else differences(answer, expected)
    return [*leaks(answer, hidden), *more]


@pytest.mark.parametrize("trick", SPOILED)
def test_a_spoiled_token_gets_the_answer_of_an_unknown_one(
    target: Target, shares: Shares, hidden: list[bytes], trick: str
) -> None:
    answer = target.answer(written(b"/s/" + spoiled(trick, shares.first)))
    assert told(answer, not_found(target), hidden) == []


@pytest.mark.parametrize("kind", ["unknown", "expired", "revoked", "malformed", "id", "empty"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_unknown_expired_and_revoked_are_told_apart_by_no_method(
    target: Target, shares: Shares, hidden: list[bytes], kind: str, method: str
) -> None:
    token = {
        "unknown": an_unknown_token(),
        "expired": shares.expired.token,
        "revoked": shares.revoked.token,
        "malformed": "x" * 42,
        "id": shares.first.link.id,
        "empty": "%20",
    }[kind]
    answer = target.answer(written(f"/s/{token}", method=method))
    assert leaks(answer, hidden) == []
    assert differences(answer, not_found(target, method)) == []
    assert unguarded(answer) == []


@pytest.mark.parametrize("kind", ["expired", "revoked", "malformed"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_the_state_of_a_link_tells_no_more_than_the_link(
    target: Target, shares: Shares, hidden: list[bytes], kind: str, method: str
) -> None:
    token = {"expired": shares.expired.token, "revoked": shares.revoked.token, "malformed": "x" * 42}[kind]
    answer = target.answer(written(f"/s/{token}/status", method=method))
    unknown = target.answer(written(f"/s/{an_unknown_token()}/status", method=method))
    assert answer.status == 404
    assert differences(answer, unknown) == []
    assert leaks(answer, hidden) == []


def test_every_single_bit_of_a_token_counts(target: Target, shares: Shares) -> None:
    token, expected = shares.first.token, not_found(target)
    for place, sign in enumerate(token):
        other = SIGNS[SIGNS.index(sign) ^ (1 << place % 6)]
        answer = target.answer(written(f"/s/{token[:place]}{other}{token[place + 1 :]}"))
        assert differences(answer, expected) == [], place


ELSEWHERE = {
    "a query": lambda token: written(f"/s/?token={token}"),
    "a query of an unknown one": lambda token: written(f"/s/{'A' * 43}?token={token}"),
    "a query without a path": lambda token: written(f"/s?token={token}"),
    "an array in a query": lambda token: written(f"/s/?token[]={token}"),
    "a matrix parameter": lambda token: written(f"/s/;token={token}"),
    "a fragment": lambda token: written(f"/s/#{token}"),
    "a cookie": lambda token: written("/s/", ("Cookie", f"token={token}")),
    "a cookie of an unknown one": lambda token: written(f"/s/{'A' * 43}", ("Cookie", f"token={token}")),
    "a bearer": lambda token: written("/s/", ("Authorization", f"Bearer {token}")),
    "a basic name": lambda token: written(f"/s/{'A' * 43}", ("Authorization", f"Basic {token}")),
    "a header": lambda token: written(f"/s/{'A' * 43}", ("X-Token", token), ("Token", token)),
    "a form": lambda token: form("/s/", {"token": token}),
    "a form to an unknown one": lambda token: form(f"/s/{'A' * 43}", {"token": token, "password": token}),
    "a json body": lambda token: written(
        f"/s/{'A' * 43}",
        ("Content-Type", "application/json"),
        method="POST",
        body=json.dumps({"token": token}).encode(),
    ),
    "a json map as a form": lambda token: form(f"/s/{'A' * 43}", json.dumps({"token": {"eq": token}}).encode()),
    "a body of a get": lambda token: written(f"/s/{'A' * 43}", method="GET", body=f"token={token}".encode()),
    "a referrer": lambda token: written(f"/s/{'A' * 43}", ("Referer", f"http://127.0.0.1/s/{token}")),
    "an original url": lambda token: written(f"/s/{'A' * 43}", ("X-Original-URL", f"/s/{token}")),
    "a rewritten url": lambda token: written(f"/s/{'A' * 43}", ("X-Rewrite-URL", f"/s/{token}")),
    "a forwarded prefix": lambda token: written(f"/{token}", ("X-Forwarded-Prefix", "/s")),
    "a script name": lambda token: written(f"/{token}", ("SCRIPT_NAME", "/s"), ("X-Script-Name", "/s")),
}


@pytest.mark.parametrize("place", ELSEWHERE)
def test_a_token_in_another_place_than_the_path_is_no_token(
    target: Target, shares: Shares, hidden: list[bytes], place: str
) -> None:
    request = ELSEWHERE[place](shares.first.token)
    answer = target.answer(request)
    # Beside /s the app has its own page, which is the same for everybody.
    is_page_of_the_app = target.name == APP and not request.startswith((b"GET /s", b"POST /s"))
    assert answer.status in ((200,) if is_page_of_the_app else (400, 404, 405))
    assert shares.first.mark.encode() not in answer.content
    assert leaks(answer, [secret for secret in hidden if secret != shares.first.token.encode()]) == []


def test_a_valid_token_shows_its_document_and_nothing_else(target: Target, shares: Shares) -> None:
    for share in (shares.first, shares.second):
        answer = target.opened(share.path)
        assert (answer.status, answer.content) == (200, share.document)
        assert unguarded(answer) == []


def test_guessing_tokens_is_stopped_after_twenty_and_what_is_right_still_opens(
    target: Target, shares: Shares, hidden: list[bytes]
) -> None:
    address = new_address()
    statuses = [target.opened(f"/s/{an_unknown_token()}", address=address).status for _guess in range(25)]
    assert statuses[:20] == [404] * 20
    assert statuses[20:] == [429] * 5
    late = target.opened(f"/s/{an_unknown_token()}", address=address)
    assert leaks(late, hidden) == []
    assert unguarded(late) == []
    assert target.opened(shares.first.path, address=address).content == shares.first.document
    assert target.opened(f"/s/{an_unknown_token()}").status == 404


@pytest.mark.parametrize("kind", ["expired", "revoked", "malformed", "status"])
def test_the_guard_against_guessing_counts_every_kind_alike(target: Target, shares: Shares, kind: str) -> None:
    """If only unknown tokens counted, the limit itself would tell an expired link from one that never was."""
    path = {
        "expired": shares.expired.path,
        "revoked": shares.revoked.path,
        "malformed": "/s/" + "x" * 42,
        "status": f"/s/{an_unknown_token()}/status",
    }[kind]
    address = new_address()
    assert [target.opened(path, address=address).status for _guess in range(22)] == [404] * 20 + [429] * 2


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Client-IP", "CF-Connecting-IP", "True-Client-IP", "Via"]
)
def test_a_guesser_cannot_make_up_his_address(target: Target, header: str) -> None:
    address = new_address()
    statuses = []
    for guess in range(23):
        made_up = f"for=10.0.0.{guess}" if header == "Forwarded" else f"10.0.0.{guess}"
        statuses.append(target.opened(f"/s/{an_unknown_token()}", (header, made_up), address=address).status)
    assert statuses[-1] == 429


def test_guesses_over_one_connection_count_too(target: Target) -> None:
    statuses = []
    with connected(target.port) as line:
        for _guess in range(22):
            line.sendall(written(f"/s/{an_unknown_token()}", ("Connection", "keep-alive")))
            statuses.append(received(line).status)
    assert statuses == [404] * 20 + [429] * 2


def test_a_refused_request_line_says_nothing(target: Target, hidden: list[bytes]) -> None:
    for request in (
        b"GET\r\n\r\n",
        b"\x16\x03\x01\x02\x00",
        b"GET /s/ HTTP/9.9\r\n\r\n",
        b"\0" * 64,
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ):
        answer = answer_or_none(target.port, request + b"\r\n\r\n")
        assert answer is None or (answer.status >= 400 and leaks(answer, hidden) == [])
