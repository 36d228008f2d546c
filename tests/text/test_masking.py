"""What must not be seen in a comment, and what must stay readable."""

from __future__ import annotations

import pytest

from journey.text.masking import masked


@pytest.mark.parametrize(
    "address", ["ana@example.com", "Ana.Pop+shop@mail.example.co.uk", "ștefan@exemplu.ro", "<bob_1@x-y.org>", "a@b.io."]
)
def test_mail_addresses_are_masked(address: str) -> None:
    told = masked(f"write to {address}, please")
    assert "@" not in told
    assert "[e-mail address]" in told
    assert told.endswith(", please")


PHONES = ["+40 722 123 456", "0722.123.456", "0722123456", "(555) 123-4567", "+1-202-555-0143", "138 1234 5678"]


@pytest.mark.parametrize("number", [*PHONES, "0040/21/3123456"])
def test_phone_numbers_are_masked(number: str) -> None:
    assert masked(f"call {number} today") == "call [phone number] today"


CARDS = ["4111 1111 1111 1111", "4111-1111-1111-1111", "5500000000000004", "3782 822463 10005"]


@pytest.mark.parametrize("number", CARDS)
def test_card_numbers_are_masked(number: str) -> None:
    assert masked(f"my card {number}.") == "my card [card number]."


@pytest.mark.parametrize(
    "text",
    [
        "ordered on 2025-03-14, came 21.03.2025",
        "paid 1 250 000 lei",
        "€ 1,299.00 for 24 months",
        "error 500 at 10:45, version 3.11.7",
        "order 12345678",
        "very good!!! 10/10",
    ],
)
def test_dates_amounts_and_short_numbers_stay(text: str) -> None:
    assert masked(text) == text


def test_several_are_masked_in_one_text() -> None:
    assert masked("a@b.com, c@d.org or 0722 123 456") == "[e-mail address], [e-mail address] or [phone number]"
