from __future__ import annotations

import pytest

from journey.dataset import Filters
from journey.errors import NotEnoughDataError
from journey.reports.protection.epochs import MOST_EPOCHS, Shared, digests_of, epoch_of
from tests.logs import make_log

LEAST = 10
FIRST = frozenset(range(100))


def test_what_was_never_shared_begins_with_the_first_epoch() -> None:
    assert epoch_of(FIRST, [], LEAST) == 0


def test_the_same_customers_are_told_of_alike_again() -> None:
    assert epoch_of(FIRST, [Shared(FIRST, 2), Shared(FIRST - {0}, 3)], LEAST) == 2


@pytest.mark.parametrize("changed", [FIRST - {0}, FIRST | {100}, (FIRST - {0}) | {100}, FIRST - frozenset(range(9))])
def test_where_fewer_than_a_group_differ_all_moves(changed: frozenset[int]) -> None:
    assert epoch_of(changed, [Shared(FIRST, 0)], LEAST) == 1


def test_where_a_whole_group_differs_the_epoch_stays() -> None:
    assert epoch_of(FIRST - frozenset(range(10)), [Shared(FIRST, 0)], LEAST) == 0
    assert epoch_of(FIRST | frozenset(range(100, 110)), [Shared(FIRST, 3)], LEAST) == 3


def test_an_epoch_of_somebody_near_is_never_used_again() -> None:
    shared = [Shared(FIRST, 0), Shared(FIRST - {0}, 1)]
    assert epoch_of(FIRST - {0, 1}, shared, LEAST) == 2


def test_nearly_the_same_customers_are_not_told_of_too_often() -> None:
    shared = [Shared(FIRST - {place}, place) for place in range(MOST_EPOCHS)]
    with pytest.raises(NotEnoughDataError, match="fewer than 10 customers changed"):
        epoch_of(FIRST, shared, LEAST)


KEY = b"a secret of sixteen"
COUNTRIES = {"country": {"a": "x", "b": "y", "c": "x"}}


def test_a_customer_has_one_digest_until_something_of_it_changes() -> None:
    before = digests_of(make_log(a="see > buy", b="see", c="see > see", attributes=COUNTRIES), KEY)
    assert len(before) == 4
    assert digests_of(make_log(c="see > see", b="see", a="see > buy", attributes=COUNTRIES), KEY) == before
    assert len(digests_of(make_log(a="see > buy", b="see", c="see", attributes=COUNTRIES), KEY) - before) == 1
    moved = {"country": {**COUNTRIES["country"], "c": "y"}}
    assert len(digests_of(make_log(a="see > buy", b="see", c="see > see", attributes=moved), KEY) - before) == 1


def test_only_customers_that_the_filters_leave_have_a_digest() -> None:
    dataset = make_log(a="see > buy", b="see", c="see > see", attributes=COUNTRIES)
    chosen = dataset.where(Filters(attributes=(("country", ("x",)),)))
    assert digests_of(chosen, KEY) < digests_of(dataset, KEY)
    assert len(digests_of(chosen, KEY)) == 2


def test_another_key_makes_other_digests() -> None:
    dataset = make_log(a="see > buy", b="see")
    assert not digests_of(dataset, KEY) & digests_of(dataset, b"another secret of so many")
