"""Pseudonyms say nothing, stay the same, and tell customers apart."""

from __future__ import annotations

import re

import pytest

from journey.text import pseudonyms
from journey.text.pseudonyms import Pseudonyms, pseudonym

KEY = b"k" * 32


def test_a_pseudonym_is_two_groups_of_four_signs_that_cannot_be_misread() -> None:
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", pseudonym("ana@example.com", KEY))


def test_it_is_the_same_for_one_key_and_another_for_another_key_or_id() -> None:
    assert pseudonym("C-1", KEY) == pseudonym("C-1", KEY)
    assert len({pseudonym("C-1", KEY), pseudonym("C-1", b"other"), pseudonym("C-2", KEY)}) == 3


def test_every_customer_of_many_has_a_name_that_leads_back() -> None:
    names = Pseudonyms(KEY, (f"C-{n}" for n in range(2_000)))
    assert [names.place(names.name(n)) for n in range(2_000)] == list(range(2_000))
    assert names.name(7) == pseudonym("C-7", KEY)


def test_a_name_is_found_however_it_is_typed() -> None:
    names = Pseudonyms(KEY, ["C-1"])
    typed = names.name(0).replace("-", " ").lower().replace("0", "o").replace("1", "l")
    assert names.place(typed) == 0


@pytest.mark.parametrize("nonsense", ["", "<b>x</b>", "AAAA-AAAA", "K7F3", "K7F3-92QU", "K7F3-92QD-11"])
def test_what_names_nobody_leads_nowhere(nonsense: str) -> None:
    assert Pseudonyms(KEY, ["C-1", "C-2"]).place(nonsense) is None


def test_two_customers_with_the_same_eight_signs_are_named_by_twelve(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = {"a": 5 << 20, "b": (5 << 20) + 1, "c": 6 << 20}
    monkeypatch.setattr(pseudonyms, "_code", lambda customer_id, _key: codes[customer_id])
    names = Pseudonyms(KEY, ["a", "b", "c"])
    assert [names.name(place) for place in range(3)] == ["0000-0005-0000", "0000-0005-0001", "0000-0006"]
    assert [names.place(names.name(place)) for place in range(3)] == [0, 1, 2]
    assert names.place("0000-0005") is None
