from __future__ import annotations

import numpy as np
import pytest

from journey.dataset import Dataset, Filters
from journey.reports.protection.cells import Guard, Population
from journey.reports.protection.epochs import MOST_EPOCHS, Telling, digests_of, packed, tellings_of
from tests.logs import make_log

LEAST = 10
WHOLE: Population = ()
NAME = "[]"
FIRST = frozenset(range(100))


def told(customers: frozenset[int], epoch: int, name: str = NAME) -> Telling:
    return Telling(name, epoch, packed(customers))


def chosen(customers: frozenset[int], *earlier: Telling) -> tuple[str, int] | None:
    telling = tellings_of({WHOLE: packed(customers)}, earlier, LEAST)[WHOLE]
    return None if telling is None else (telling.name, telling.epoch)


def test_what_was_never_shared_begins_with_the_first_epoch() -> None:
    assert chosen(FIRST) == (NAME, 0)


def test_the_same_customers_are_told_of_alike_again() -> None:
    assert chosen(FIRST, told(FIRST, 2), told(FIRST - {0}, 3)) == (NAME, 2)


def test_the_same_customers_are_told_of_alike_by_whatever_they_were_chosen() -> None:
    assert chosen(FIRST, told(FIRST, 2, "country")) == ("country", 2)
    country: Population = (("country", ("x",)),)
    found = tellings_of({WHOLE: packed(FIRST), country: packed(FIRST)}, [], LEAST)
    assert found[country] is found[WHOLE]


@pytest.mark.parametrize("changed", [FIRST - {0}, FIRST | {100}, (FIRST - {0}) | {100}, FIRST - frozenset(range(9))])
@pytest.mark.parametrize("newcomers", [0, 200])
def test_where_fewer_than_a_group_came_or_went_all_moves(changed: frozenset[int], newcomers: int) -> None:
    several = frozenset(range(1000, 1000 + newcomers))
    is_one_erased_among_many = bool(FIRST - changed)
    assert chosen(changed | several, told(FIRST, 0)) == (NAME, int(is_one_erased_among_many or not newcomers))


def test_where_a_whole_group_differs_the_epoch_stays() -> None:
    assert chosen(FIRST - frozenset(range(10)), told(FIRST, 0)) == (NAME, 0)
    assert chosen(FIRST | frozenset(range(100, 110)), told(FIRST, 3)) == (NAME, 3)


def test_an_epoch_of_somebody_near_is_never_used_again() -> None:
    assert chosen(FIRST - {0, 1}, told(FIRST, 0), told(FIRST - {0}, 1)) == (NAME, 2)


def test_who_is_near_to_others_of_another_name_is_moved_by_theirs_in_another_epoch() -> None:
    assert chosen(FIRST - {0}, told(FIRST, 0, "country")) == ("country", 1)


def test_nearly_the_same_customers_are_not_told_of_too_often() -> None:
    earlier = [told(FIRST - {place}, place) for place in range(MOST_EPOCHS)]
    assert chosen(FIRST, *earlier) is None
    guard = Guard(KEY, LEAST, known_as={WHOLE: None})
    assert guard.untold == {WHOLE}


def test_choosing_again_after_it_was_noted_chooses_the_same() -> None:
    populations: dict[Population, bytes] = {
        (("country", (str(place),)),): packed(frozenset(range(place, 60 + place))) for place in range(4)
    }
    found = tellings_of(populations, [], LEAST)
    noted = [each for each in found.values() if each is not None]
    assert tellings_of(populations, noted, LEAST) == found
    assert len({each.epoch for each in noted}) == MOST_EPOCHS


KEY = b"a secret of sixteen"
COUNTRIES = {"country": {"a": "x", "b": "y", "c": "x"}}


def digested(dataset: Dataset, key: bytes) -> set[int]:
    return set(np.frombuffer(digests_of(dataset, key), "<u8").tolist())


def test_a_customer_has_one_digest_until_something_of_it_changes() -> None:
    before = digested(make_log(a="see > buy", b="see", c="see > see", attributes=COUNTRIES), KEY)
    assert len(before) == 4
    assert digested(make_log(c="see > see", b="see", a="see > buy", attributes=COUNTRIES), KEY) == before
    assert len(digested(make_log(a="see > buy", b="see", c="see", attributes=COUNTRIES), KEY) - before) == 1
    moved = {"country": {**COUNTRIES["country"], "c": "y"}}
    assert len(digested(make_log(a="see > buy", b="see", c="see > see", attributes=moved), KEY) - before) == 1


def test_only_customers_that_the_filters_leave_have_a_digest() -> None:
    dataset = make_log(a="see > buy", b="see", c="see > see", attributes=COUNTRIES)
    chosen = dataset.where(Filters(attributes=(("country", ("x",)),)))
    assert digested(chosen, KEY) < digested(dataset, KEY)
    assert len(digested(chosen, KEY)) == 2


def test_another_key_makes_other_digests() -> None:
    dataset = make_log(a="see > buy", b="see")
    assert not digested(dataset, KEY) & digested(dataset, b"another secret of so many")
