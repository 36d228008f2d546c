from __future__ import annotations

from collections import Counter

import pytest

from journey.dataset import Filters
from journey.reports.protection import Guard
from journey.reports.protection.cells import FARTHEST_BETWEEN_EPOCHS, Cell, population_of

KEY = b"a secret of sixteen"


def test_nobody_stays_nobody() -> None:
    assert {Guard(KEY, 10).noise(0, "cell", place) for place in range(100)} == {0}


def test_a_count_is_moved_by_at_most_two_and_each_way_about_as_often() -> None:
    drawn = Counter(Guard(KEY, 10).noise(40, "cell", place) for place in range(5_000))
    assert set(drawn) == {-2, -1, 0, 1, 2}
    assert all(850 < n < 1_150 for n in drawn.values())


def test_the_same_count_of_the_same_people_is_always_moved_alike_and_another_count_anew() -> None:
    one, other = Guard(KEY, 10), Guard(KEY, 5)
    assert [one.noise(40, "a", n) for n in range(50)] == [other.noise(40, "a", n) for n in range(50)]
    assert [one.noise(40, "a", n) for n in range(50)] != [one.noise(41, "a", n) for n in range(50)]


def test_another_key_moves_otherwise() -> None:
    assert [Guard(KEY, 10).noise(40, n) for n in range(50)] != [
        Guard(b"another" * 4, 10).noise(40, n) for n in range(50)
    ]


@pytest.mark.parametrize("change", [-1, 0, 1])
def test_numbers_of_two_epochs_never_say_whether_one_customer_came_or_went(change: int) -> None:
    """One customer apart or not: the difference that is told is one that both explain."""
    guards = [Guard(KEY, 10, epoch) for epoch in range(4)]
    for cell in range(200):
        told = [[guard.noise(n, cell) + n for guard in guards] for n in (40, 40 + change)]
        differences = {
            abs(first - second)
            for place, first in enumerate(told[0])
            for other, second in enumerate(told[1])
            if place != other
        }
        assert max(differences) <= FARTHEST_BETWEEN_EPOCHS


def test_a_group_is_small_that_is_told_as_small() -> None:
    guard = Guard(KEY, 10)
    cells = [Cell((), ("unit", str(place)), 10) for place in range(100)]
    assert {guard.is_small(cell) for cell in cells} == {True, False}
    assert all(guard.is_small(cell) == (guard.moved(cell) < 10) for cell in cells)
    assert all(guard.is_small(Cell((), ("unit", str(place)), 9)) for place in range(100))
    assert not any(guard.is_small(Cell((), ("unit", str(place)), 12)) for place in range(100))


def test_the_same_people_have_one_name_however_they_were_chosen() -> None:
    one = population_of(Filters(first_channels=("e-mail", "ads"), attributes=(("plan", ("a",)), ("land", ("x",)))))
    other = population_of(Filters(first_channels=("ads", "e-mail"), attributes=(("land", ("x",)), ("plan", ("a",)))))
    assert one == other == (("channel", ("ads", "e-mail")), ("land", ("x",)), ("plan", ("a",)))


def test_means_are_moved_both_ways_by_less_than_one() -> None:
    shifts = [Guard(KEY, 10).shift(0.25, place) for place in range(500)]
    assert -1 <= min(shifts) < -0.9
    assert 0.9 < max(shifts) < 1
