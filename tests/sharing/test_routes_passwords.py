"""A password is asked for at the link itself, remembered for half a day in one browser, and slow to guess."""

from __future__ import annotations

import logging
from http.cookies import SimpleCookie
from typing import Any

import pytest
from starlette.types import ASGIApp

from journey.sharing import Links
from journey.sharing.cookies import is_good_pass, pass_value
from journey.sharing.routes import Door
from journey.sharing.tries import Attempt
from tests.sharing.asking import DOCUMENT, OWN, PASSWORD, Visitor, made
from tests.sharing.stand_ins import Clock

RIGHT = {"password": PASSWORD}
WRONG = {"password": "autumn in the south"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def app(links: Links, clock: Clock) -> ASGIApp:
    return Door(links, clock)


@pytest.fixture
def visitor(app: ASGIApp) -> Visitor:
    return Visitor(app)


@pytest.fixture
def locked(links: Links) -> str:
    _link, path = made(links, password=PASSWORD)
    return path


def test_without_the_password_nothing_of_the_link_is_shown(links: Links, visitor: Visitor, locked: str) -> None:
    answer = visitor.ask(locked)
    assert answer.status == 401
    assert answer.headers["cache-control"] == "no-store"
    assert '<form method="post">' in answer.body.decode()
    for hidden in ("Spring", "north", "12 of 40", locked.removeprefix("/s/")):
        assert hidden not in answer.body.decode()


def test_every_locked_link_asks_with_the_same_page(links: Links, visitor: Visitor, locked: str) -> None:
    _link, other = made(links, b"other", password=PASSWORD[::-1], title="Autumn")
    assert visitor.ask(locked).told == visitor.ask(other).told


def test_the_page_asks_for_nothing_from_anywhere(visitor: Visitor, locked: str) -> None:
    policy = visitor.ask(locked).headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert policy.endswith("'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")


def test_the_right_password_opens_the_link_in_this_browser_alone(app: ASGIApp, locked: str) -> None:
    visitor = Visitor(app)
    visitor.ask(locked)
    answer = visitor.send(locked, RIGHT)
    assert (answer.status, answer.headers["location"], answer.body) == (303, locked, b"")
    assert visitor.ask(locked).body == DOCUMENT
    assert Visitor(app).ask(locked).status == 401


def test_the_cookie_is_for_this_link_alone(links: Links, visitor: Visitor, clock: Clock) -> None:
    link, path = made(links, password=PASSWORD)
    written = SimpleCookie(visitor.send(path, RIGHT).headers["set-cookie"])
    [(name, morsel)] = written.items()
    assert name == f"journey-{link.id}"
    assert (morsel["path"], morsel["max-age"], morsel["samesite"]) == (path, "43200", "Strict")
    assert morsel["httponly"] is True
    assert morsel["secure"] == ""
    assert morsel.value.startswith(f"{int(clock.now.timestamp()) + 43200}.")


def test_over_a_safe_connection_the_cookie_stays_on_one(app: ASGIApp, locked: str) -> None:
    assert "; Secure" in Visitor(app, scheme="https").send(locked, RIGHT).headers["set-cookie"]


def test_a_wrong_password_is_told_and_logged(links: Links, visitor: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    link, path = made(links, password=PASSWORD)
    with caplog.at_level(logging.WARNING, "journey.sharing"):
        answer = visitor.send(path, WRONG)
    assert (answer.status, answer.cookies) == (401, {})
    assert "That was not the password" in answer.body.decode()
    assert caplog.messages == [f"password of link {link.id} from 192.0.2.1: wrong"]


def test_after_five_wrong_ones_even_the_right_one_has_to_wait(app: ASGIApp, clock: Clock, locked: str) -> None:
    guesser, other = Visitor(app, "198.51.100.1"), Visitor(app, "198.51.100.2")
    assert [guesser.send(locked, WRONG).status for _try in range(5)] == [401] * 5
    refused = guesser.send(locked, RIGHT)
    assert (refused.status, refused.headers["retry-after"], refused.cookies) == (429, "900", {})
    assert other.send(locked, RIGHT).status == 303
    clock.go(minutes=15)
    assert guesser.send(locked, RIGHT).status == 303


def test_a_network_of_many_addresses_is_stopped_and_who_is_in_stays_in(app: ASGIApp, locked: str) -> None:
    inside, outside = Visitor(app, "192.0.2.7"), Visitor(app, "192.0.2.8")
    assert inside.send(locked, RIGHT).status == 303
    guessers = [Visitor(app, f"2001:db8:0:{n:x}::1") for n in range(20)]
    assert {guesser.send(locked, WRONG).status for guesser in guessers for _try in range(5)} == {401}
    assert Visitor(app, "2001:db8:0:ff::1").send(locked, WRONG).status == 429
    assert outside.send(locked, RIGHT).status == 429
    assert inside.ask(locked).body == DOCUMENT


def test_another_address_of_the_same_network_is_no_other_guesser(app: ASGIApp, locked: str) -> None:
    statuses = [Visitor(app, f"2001:db8::{number}").send(locked, WRONG).status for number in range(1, 7)]
    assert statuses == [401] * 5 + [429]


# --- What the browser remembers ----------------------------------------------------------------------------------


def test_after_twelve_hours_the_password_is_asked_for_again(visitor: Visitor, clock: Clock, locked: str) -> None:
    visitor.send(locked, RIGHT)
    clock.go(hours=11, minutes=59, seconds=59)
    assert visitor.ask(locked).status == 200
    clock.go(seconds=1)
    assert visitor.ask(locked).status == 401


def test_a_pass_opens_no_other_link_even_with_the_same_password(links: Links, visitor: Visitor) -> None:
    one, path = made(links, password=PASSWORD)
    other, other_path = made(links, b"other", password=PASSWORD)
    visitor.send(path, RIGHT)
    visitor.cookies[f"journey-{other.id}"] = visitor.cookies[f"journey-{one.id}"]
    assert visitor.ask(other_path).status == 401


@pytest.mark.parametrize("password", ["another password", PASSWORD])
def test_a_pass_ends_when_the_password_is_set_anew(links: Links, visitor: Visitor, password: str) -> None:
    link, path = made(links, password=PASSWORD)
    visitor.send(path, RIGHT)
    links.set_password(link.id, password, by="ana")
    assert visitor.ask(path).status == 401


def test_a_pass_for_the_password_of_before_is_none_for_one_set_meanwhile(
    links: Links, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, path = made(links, password=PASSWORD)
    attempt_before = links.password_attempt

    def attempt(*given: Any) -> Attempt:
        outcome = attempt_before(*given)
        links.set_password(link.id, "another password", by="ana")
        return outcome

    monkeypatch.setattr(links, "password_attempt", attempt)
    assert visitor.send(path, RIGHT).status == 303
    assert visitor.ask(path).status == 401


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_page_that_was_open_when_the_password_was_set_is_told_so(links: Links, visitor: Visitor, method: str) -> None:
    link, path = made(links)
    assert visitor.ask(f"{path}/status", method, OWN).status == 204
    links.set_password(link.id, PASSWORD, by="ana")
    answer = visitor.ask(f"{path}/status", method, OWN)
    assert (answer.status, answer.body, answer.cookies) == (401, b"", {})
    visitor.send(path, RIGHT)
    assert visitor.ask(f"{path}/status", method, OWN).status == 204


def test_a_pass_does_not_open_a_withdrawn_link(links: Links, visitor: Visitor) -> None:
    link, path = made(links, password=PASSWORD)
    visitor.send(path, RIGHT)
    links.revoke(link.id, by="ana")
    assert visitor.ask(path).status == visitor.send(path, RIGHT).status == 404


@pytest.mark.parametrize(
    "value",
    ["", "1", ".", "99999999999.", "99999999999." + "0" * 64, "-1." + "0" * 64, "٣." + "0" * 64, "9" * 4000, "1.0.0"],
)
def test_a_made_up_pass_opens_nothing(links: Links, visitor: Visitor, value: str) -> None:
    link, path = made(links, password=PASSWORD)
    visitor.cookies[f"journey-{link.id}"] = value.encode().decode("latin-1")
    assert visitor.ask(path).status == 401


def test_a_pass_can_not_be_made_to_last_longer() -> None:
    until, seal = pass_value(b"key", "0123456789ab", 1000).split(".")
    assert (until, len(seal)) == ("44200", 64)
    assert is_good_pass(f"{until}.{seal}", b"key", "0123456789ab", 44199)
    assert not is_good_pass(f"{until}.{seal}", b"key", "0123456789ab", 44200)
    assert not is_good_pass(f"{until}0.{seal}", b"key", "0123456789ab", 1000)
    assert not is_good_pass(f"0{until}.{seal}", b"key", "0123456789ab", 1000)
    assert not is_good_pass(f"{until}.{seal}", b"another key", "0123456789ab", 1000)


def test_an_opening_is_counted_only_where_the_password_was_right(links: Links, app: ASGIApp) -> None:
    link, path = made(links, password=PASSWORD)
    visitor = Visitor(app)
    assert visitor.ask(f"{path}/status", "POST", OWN).status == 401
    assert links.link(link.id).n_opened == 0
    visitor.send(path, RIGHT)
    assert visitor.ask(f"{path}/status", "POST", OWN).status == 204
    assert links.link(link.id).n_opened == 1


# --- What is no form of ours -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.test"}, {"Origin": "null"}]
)
def test_a_form_of_another_site_is_refused_and_is_no_try(app: ASGIApp, locked: str, headers: dict[str, str]) -> None:
    visitor = Visitor(app)
    assert [visitor.send(locked, RIGHT, headers).status for _try in range(7)] == [403] * 7
    assert visitor.send(locked, RIGHT).status == 303


def test_the_form_is_taken_by_the_origin_where_the_connection_is_not_safe(visitor: Visitor, locked: str) -> None:
    assert visitor.send(locked, RIGHT, {"Origin": "http://share.test"}).status == 303


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({}, b"password=x", 415),
        ({"Content-Type": "application/json"}, b'{"password": "x"}', 415),
        ({"Content-Type": "multipart/form-data; boundary=x"}, b"--x--", 415),
        (FORM, b"", 400),
        (FORM, b"word=x", 400),
        (FORM, b"password=x&password=y", 400),
        (FORM, b"password=x&a=1&b=2&c=3&d=4", 400),
        (FORM, b"password=%ff%fe", 400),
        (FORM, "password=ă".encode(), 400),
        (FORM, b"password=" + b"x" * 4088, 413),
        (FORM, b"password=" + b"x" * 4087, 401),
        (FORM, b"password=", 401),
    ],
)
def test_what_is_no_password_form_is_refused(
    visitor: Visitor, locked: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    assert visitor.ask(locked, "POST", OWN | headers, body).status == status


def test_a_link_without_a_password_opens_by_itself(links: Links, visitor: Visitor) -> None:
    _link, path = made(links)
    answer = visitor.send(path, {"password": "left over"})
    assert (answer.status, answer.headers["location"], answer.cookies) == (303, path, {})
