"""Which spellings are offered as one name, and which never are."""

from __future__ import annotations

import random

import pytest

from journey.ingest.names.variants import Variant, variants


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (("Email", "e-mail", "E mail", "EMAIL"), "capitals, spaces or signs"),
        (("AddToCart", "add_to_cart", "Add to cart"), "capitals, spaces or signs"),
        (("ORGANIC_SEARCH", "Organic Search"), "capitals, spaces or signs"),
        (("Café", "Cafe"), "accents"),
        (("Support ticket", "Support tickets"), "singular and plural"),
        (("Success story", "Success stories"), "singular and plural"),
        (("Newsletter", "Newsleter"), "one letter"),
        (("Newsletter", "Newslettre"), "one letter"),
        (("Colour chosen", "Color chosen"), "one letter"),
        (("Checkout started", "Checkaut started"), "one letter"),
    ],
)
def test_spellings_of_one_name_are_offered(names: tuple[str, ...], reason: str) -> None:
    counts = [(name, 100 - place) for place, name in enumerate(names)]
    assert variants(counts) == [Variant(names[0], tuple(names[1:]), reason)]


@pytest.mark.parametrize(
    "names",
    [
        ("Step 1", "Step 2"),
        ("Step 11", "Step 1 1"),
        ("Plan2024", "Plan2025"),
        ("Checkout 1 error", "Checkout 2 error"),
        ("Variant A", "Variant B"),
        ("Sign in", "Sign up"),
        ("Viewed", "Reviewed"),
        ("Activated", "Inactivated"),
        ("Import done", "Export done"),
        ("Add card", "Add cart"),
        ("Paid", "Said"),
        ("が", "か"),
        ("状态一", "状态二"),
        ("Opened ticket", "Ticket opened"),
    ],
)
def test_different_names_are_not_offered(names: tuple[str, str]) -> None:
    assert variants([(name, 5) for name in names]) == []


def test_the_most_frequent_spelling_is_kept_and_ties_go_by_the_alphabet() -> None:
    assert variants([("b_c", 1), ("B C", 9)])[0].kept == "B C"
    assert variants([("b_c", 1), ("B C", 1)])[0].kept == "B C"


def test_a_name_is_offered_for_one_reason_and_a_slip_beside_the_kept_spelling() -> None:
    found = variants([("Newsletter", 50), ("newsletter", 10), ("Newsleter", 2)])
    assert found == [
        Variant("Newsletter", ("newsletter",), "capitals, spaces or signs"),
        Variant("Newsletter", ("Newsleter",), "one letter"),
    ]


def test_the_order_of_the_names_changes_nothing() -> None:
    names = [(f"Channel {word}", n) for n, word in enumerate(("organic", "orgnaic", "Organic", "payed", "paid"))]
    shuffled = list(names)
    random.Random(3).shuffle(shuffled)  # noqa: S311
    assert variants(names) == variants(shuffled)


def test_no_names_offer_nothing() -> None:
    assert variants([]) == []
    assert variants([("", 3), ("a", 2)]) == []
