"""Passwords of links: hashed slowly, compared in constant time, and tried five times in a quarter of an hour."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest

from journey.sharing import LinkError, Links, passwords, tries
from journey.sharing import links as links_module
from tests.sharing.stand_ins import NOON, made

SESAME = "open sesame"
HERE, THERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash with little work; what is tested is not how long it takes."""
    monkeypatch.setattr(passwords, "_COST", 16)


def tried(links: Links, link_id: str, password: str, address: str = HERE, minutes: float = 0) -> str:
    return links.password_attempt(link_id, password, address, NOON + timedelta(minutes=minutes)).outcome


def test_a_password_is_kept_as_a_salted_scrypt_hash_of_32_megabytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    one, other = passwords.hashed(SESAME), passwords.hashed(SESAME)
    assert one.startswith("scrypt$32768$8$1$")
    assert one != other
    assert SESAME not in one
    assert passwords.is_right(SESAME, one)
    assert not passwords.is_right(f"{SESAME} ", one)


def test_a_hash_of_other_costs_is_still_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = passwords.hashed(SESAME)
    monkeypatch.setattr(passwords, "_COST", 64)
    assert passwords.is_right(SESAME, kept)


def test_letters_are_the_same_however_they_were_typed() -> None:
    assert passwords.is_right("p\u0103role!!", passwords.hashed("pa\u0306role!!"))


@pytest.mark.parametrize("password", ["", "1234567", "x" * 201])
def test_a_password_too_short_or_too_long_is_refused_and_nothing_is_made(links: Links, password: str) -> None:
    with pytest.raises(LinkError, match="has 8 to 200 characters") as error:
        made(links, password=password)
    assert error.value.code == "PASSWORD_LENGTH"
    assert links.all() == []


@pytest.mark.parametrize("wrong", ["", "Open sesame", "open sesame\0", "\ud800", "x" * 201, "x" * 10_000_000])
def test_whatever_is_not_the_password_is_wrong(links: Links, wrong: str) -> None:
    link, _token = made(links, password=SESAME)
    assert tried(links, link.id, wrong) == "wrong"
    assert tried(links, link.id, SESAME) == "right"


def test_five_wrong_ones_are_too_many_for_a_quarter_of_an_hour(links: Links) -> None:
    link, _token = made(links, password=SESAME)
    assert link.has_password
    assert [tried(links, link.id, "wrong", minutes=n) for n in range(5)] == ["wrong"] * 5
    assert tried(links, link.id, SESAME, minutes=5) == "too many"
    assert tried(links, link.id, SESAME, minutes=14.9) == "too many"
    # The first of the five is a quarter of an hour old: one more may be tried.
    assert tried(links, link.id, "wrong", minutes=15) == "wrong"
    assert tried(links, link.id, SESAME, minutes=15.5) == "too many"
    assert tried(links, link.id, SESAME, minutes=16) == "right"
    assert [(entry.action, entry.n_times) for entry in links.entries(link.id)] == [("blocked", 3), ("made", 1)]


def test_who_knew_it_begins_anew(links: Links) -> None:
    link, _token = made(links, password=SESAME)
    for _round in range(3):
        assert [tried(links, link.id, "wrong") for _n in range(4)] == ["wrong"] * 4
        assert tried(links, link.id, SESAME) == "right"


def test_another_address_and_another_link_have_tries_of_their_own(links: Links) -> None:
    link, other = made(links, password=SESAME)[0], made(links, password="close sesame")[0]  # noqa: S106 - a test's
    for _n in range(6):
        tried(links, link.id, "wrong")
    assert tried(links, link.id, SESAME) == "too many"
    assert tried(links, link.id, SESAME, THERE) == "right"
    assert tried(links, other.id, SESAME) == "wrong"
    assert tried(links, other.id, "close sesame") == "right"


def test_a_restart_and_a_second_process_forget_no_tries(links: Links) -> None:
    link, _token = made(links, password=SESAME)
    for _n in range(5):
        tried(Links(links.folder), link.id, "wrong")
    assert tried(links, link.id, SESAME) == "too many"


def test_many_tries_at_once_are_five(links: Links) -> None:
    link, _token = made(links, password=SESAME)
    with ThreadPoolExecutor(12) as guessing:
        answers = list(guessing.map(lambda n: tried(links, link.id, f"guess {n}"), range(40)))
    assert (answers.count("wrong"), answers.count("too many")) == (5, 35)


def test_a_hundred_wrong_ones_of_all_addresses_are_too_many_for_everybody(links: Links) -> None:
    link, other = made(links, password=SESAME)[0], made(links, password=SESAME)[0]
    networks = [f"2001:db8:{n:x}::/64" for n in range(26)]
    answers = [tried(links, link.id, "wrong", network) for network in networks[:25] for _n in range(4)]
    assert answers == ["wrong"] * 100
    assert tried(links, link.id, SESAME, networks[25]) == "too many"
    assert tried(links, link.id, SESAME, networks[0], minutes=14.9) == "too many"
    assert tried(links, other.id, SESAME, networks[25]) == "right"
    assert tried(links, link.id, SESAME, networks[25], minutes=15) == "right"


def test_those_who_knew_it_are_no_wrong_tries_of_all(links: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tries, "MOST_TRIES_OF_ALL", 3)
    link, _token = made(links, password=SESAME)
    assert [tried(links, link.id, SESAME, f"192.0.2.{n}") for n in range(9)] == ["right"] * 9


def test_a_clock_set_back_locks_nobody_out_for_long(links: Links) -> None:
    link, _token = made(links, password=SESAME)
    for _n in range(5):
        tried(links, link.id, "wrong", minutes=600)
    assert tried(links, link.id, SESAME, minutes=590) == "too many"
    assert tried(links, link.id, SESAME) == "right"


def test_addresses_are_kept_as_keyed_hashes_and_only_as_long_as_they_count(links: Links) -> None:
    link, _token = made(links, password=SESAME)
    tried(links, link.id, "wrong")
    with closing(sqlite3.connect(links.folder / "links.sqlite")) as file:
        (kept,) = file.execute("SELECT address FROM tries").fetchone()
    assert kept == tries.address_hash(HERE, links._key)
    assert kept != tries.address_hash(HERE, b"another key")
    tried(links, link.id, SESAME, THERE, minutes=20)
    with closing(sqlite3.connect(links.folder / "links.sqlite")) as file:
        assert file.execute("SELECT count(*) FROM tries").fetchone() == (0,)
    assert all(HERE.encode() not in path.read_bytes() for path in links.folder.glob("links.*"))


def test_a_link_without_a_password_has_no_right_one(links: Links) -> None:
    link, _token = made(links)
    assert tried(links, link.id, "") == "wrong"
    with_password = links.set_password(link.id, SESAME, by="Ana")
    assert with_password.has_password
    assert tried(links, link.id, SESAME) == "right"
    assert not links.set_password(link.id, None, by="Ana").has_password


def test_another_password_makes_another_key_for_what_browsers_remember(links: Links) -> None:
    link, other = made(links, password=SESAME)[0], made(links, password=SESAME)[0]
    keys = {links.viewer_key(link.id), links.viewer_key(other.id)}
    for password in (SESAME, None):
        links.set_password(link.id, password, by="Ana")
        keys.add(links.viewer_key(link.id))
    assert len(keys) == 4


def test_a_password_set_while_another_is_looked_at_has_another_key(
    links: Links, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, _token = made(links, password=SESAME)
    key, is_right = links.viewer_key(link.id), passwords.is_right

    def is_right_meanwhile(password: str, kept: str) -> bool:
        links.set_password(link.id, "close sesame", by="Ana")
        return is_right(password, kept)

    monkeypatch.setattr(links_module, "is_right", is_right_meanwhile)
    attempt = links.password_attempt(link.id, SESAME, HERE, NOON)
    assert (attempt.outcome, attempt.key) == ("right", key)
    assert links.viewer_key(link.id) != key
