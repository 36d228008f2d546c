"""Guessing is slowed down per address, nobody else is, and what is remembered stays small."""

from __future__ import annotations

from journey.sharing.throttle import MOST_REMEMBERED, Throttle


class Seconds:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_so_many_are_allowed_within_the_while_and_not_one_more() -> None:
    throttle = Throttle(20, 60, Seconds())
    assert [throttle.allows("192.0.2.1") for _try in range(25)] == [True] * 20 + [False] * 5


def test_each_is_allowed_again_a_while_after_the_one_it_takes_the_place_of() -> None:
    clock = Seconds()
    throttle = Throttle(2, 60, clock)
    assert throttle.allows("a")
    clock.now += 30
    assert throttle.allows("a")
    clock.now += 29.9
    assert not throttle.allows("a")
    clock.now += 0.1
    assert throttle.allows("a")
    assert not throttle.allows("a")


def test_what_was_refused_does_not_make_the_wait_longer() -> None:
    clock = Seconds()
    throttle = Throttle(1, 60, clock)
    throttle.allows("a")
    for _second in range(59):
        clock.now += 1
        assert not throttle.allows("a")
    clock.now += 1
    assert throttle.allows("a")


def test_one_address_does_not_use_up_what_another_may() -> None:
    throttle = Throttle(1, 60, Seconds())
    assert [throttle.allows(address) for address in ("a", "a", "b", "b")] == [True, False, True, False]


def test_the_wait_is_told_in_whole_seconds_rounded_up() -> None:
    clock = Seconds()
    throttle = Throttle(2, 60, clock)
    assert throttle.wait_seconds("a") == 0
    throttle.allows("a")
    assert throttle.wait_seconds("a") == 0
    throttle.allows("a")
    clock.now += 0.5
    assert throttle.wait_seconds("a") == 60
    clock.now += 59
    assert throttle.wait_seconds("a") == 1
    clock.now += 5
    assert throttle.wait_seconds("a") == 0


def test_only_so_many_addresses_are_remembered_and_the_longest_unseen_goes_first() -> None:
    throttle = Throttle(1, 60, Seconds())
    assert throttle.allows("first")
    assert throttle.allows("second")
    for number in range(MOST_REMEMBERED - 2):
        throttle.allows(f"another {number}")
    assert not throttle.allows("first")
    throttle.allows("one too many")
    assert len(throttle) == MOST_REMEMBERED
    assert not throttle.allows("first")
    assert throttle.allows("second")
