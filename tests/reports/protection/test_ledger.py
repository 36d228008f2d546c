"""The ledger: the very same customers are told with one number, whatever they are called."""

from __future__ import annotations

from itertools import pairwise

from journey.reports.protection.cells import Cell, Guard
from journey.reports.protection.ledger import CUSTOMERS, Ledger

KEYS = [bytes([number]) * 16 for number in range(50)]


def told_alike(key: bytes, *counts: int) -> set[float]:
    """Settle a chain of cells, each within the one before, and hand out the numbers that are told for the last two."""
    ledger = Ledger(Guard(key, least=10))
    cells = [
        ledger.show(Cell((), unit, count))
        for unit, count in zip((CUSTOMERS, ("met", "touchpoint", "chat"), ("met", "stage", "use")), counts, strict=True)
    ]
    for base, part in pairwise(cells):
        ledger.within(base, part)
    told, _kept_back = ledger.settled()
    return {told.count(cell) for cell in cells[1:]}


def test_a_part_as_large_as_its_whole_is_told_as_the_same_number() -> None:
    assert all(len(told_alike(key, 90, 40, 40)) == 1 for key in KEYS)


def test_a_smaller_part_has_a_noise_of_its_own() -> None:
    assert any(len(told_alike(key, 90, 40, 39)) == 2 for key in KEYS)


def test_amounts_and_means_of_the_very_same_customers_are_moved_alike() -> None:
    for key in KEYS:
        ledger = Ledger(Guard(key, least=10))
        whole, part = (ledger.show(Cell((), ("met", by, "chat"), 40)) for by in ("touchpoint", "stage"))
        ledger.within(whole, part)
        told, _kept_back = ledger.settled()
        assert told.amount(whole, "answers", 77) == told.amount(part, "answers", 77)
        assert told.mean(whole, 0.25) == told.mean(part, 0.25)
