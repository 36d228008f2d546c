"""The address that is handed to people is the one that is published."""

from __future__ import annotations

import socket

import pytest

from journey.sharing.addresses import Place, is_reachable_from_outside, known_hosts, published_address
from journey.sharing.errors import PlaceError


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SHARE", "PORT", "HOST", "JOURNEY_SHARE_URL", "JOURNEY_SHARE_HOSTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(socket, "gethostname", lambda: "machine")


@pytest.mark.parametrize(
    ("variables", "address", "is_reachable"),
    [
        ({}, "http://127.0.0.1:8501/s/x", False),
        ({"PORT": "9000"}, "http://127.0.0.1:9000/s/x", False),
        ({"HOST": "::"}, "http://machine:8501/s/x", True),
        ({"SHARE": "0.0.0.0:8600"}, "http://machine:8600/s/x", True),
        ({"SHARE": "[::]:8600"}, "http://machine:8600/s/x", True),
        ({"SHARE": "127.0.0.1:8600"}, "http://127.0.0.1:8600/s/x", False),
        ({"SHARE": "localhost:8600"}, "http://localhost:8600/s/x", False),
        ({"SHARE": "[::1]:8600"}, "http://[::1]:8600/s/x", False),
        ({"SHARE": "192.0.2.7:8600"}, "http://192.0.2.7:8600/s/x", True),
        ({"SHARE": "0.0.0.0:8600", "JOURNEY_SHARE_URL": "https://share.test/"}, "https://share.test/s/x", True),
        ({"JOURNEY_SHARE_URL": "http://share.test:81"}, "http://share.test:81/s/x", True),
    ],
)
def test_the_address_of_a_link(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], address: str, is_reachable: bool
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert published_address("x") == address
    assert is_reachable_from_outside() is is_reachable


@pytest.mark.parametrize(
    "told",
    ["share.test", "ftp://share.test", "https://", "https://share.test/reports", "https://share.test?x=1",
     "https://a@share.test", "https://share.test:99999", "https://share.test:0", "https://[::1", "https://a b"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    monkeypatch.setenv("JOURNEY_SHARE_URL", told)
    with pytest.raises(PlaceError, match="no address for JOURNEY_SHARE_URL"):
        published_address("x")


@pytest.mark.parametrize("text", ["0.0.0.0:8600", "[::1]:80", "share.test:1"])
def test_a_place_is_written_as_it_was_read(text: str) -> None:
    assert str(Place.named(text)) == text


def test_the_hosts_are_those_listed_and_the_one_that_is_published(monkeypatch: pytest.MonkeyPatch) -> None:
    assert known_hosts() == frozenset()
    monkeypatch.setenv("JOURNEY_SHARE_URL", "https://Share.test:444")
    assert known_hosts() == {"share.test"}
    monkeypatch.setenv("JOURNEY_SHARE_HOSTS", "A.test, ,b.test")
    assert known_hosts() == {"a.test", "b.test", "share.test"}
