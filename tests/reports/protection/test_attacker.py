"""An attacker who is given everything that is published works out no count of fewer customers than may be told."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

import journey
from journey.reports.choices import Choices
from journey.reports.collecting import views_of
from journey.reports.protection import Guard, ledger, protected
from journey.reports.protection.cells import FARTHEST, Cell
from journey.reports.protection.epochs import MOST_EPOCHS, Telling, packed, tellings_of
from journey.reports.protection.ledger import CUSTOMERS, Ledger
from journey.reports.protection.suppression import Line, complemented
from tests.reports.protection.attacker import EVERYBODY, Attacker, Quantity, counts_of, sums_of, with_the_others
from tests.reports.protection.worlds import STAGES, Person, collected, people

LEAST = 5
N_SMALL_LEDGERS = 1_000
N_DOCUMENTS = 30
N_REFRESHED = 6


class Still(Guard):
    """A guard that moves nothing."""

    def noise(self, count: int, *population: object) -> int:  # noqa: ARG002 - named as in the guard
        return 0


def guard(seed: int, epoch: int = 0) -> Guard:
    return Guard(seed.to_bytes(16, "big"), LEAST, epoch)


# --- Small tables: counts of groups, and what adds up to what -------------------------------------------------------


def small_ledger(seed: int, by: Guard) -> tuple[Ledger, list[Cell]]:
    """Draw a table: who is at two stages, and what became of them, of three groups and of all; some are in no group."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers([20, 8, 5], [60, 40, 20])
    counts = [_counted(rng, size) for size in sizes]
    rest = _counted(rng, int(rng.integers(0, 8)))
    counts.insert(0, {unit: sum(each[unit] for each in (*counts, rest)) for unit in rest})
    found = Ledger(by)
    for place, group in enumerate(counts):
        cells = {unit: found.show(Cell((("group", (str(place),)),), unit, n)) for unit, n in group.items()}
        for stage in "ab":
            met, *further = (cells[name, stage] for name in ("met", "gone on", "left", "open"))
            found.within(cells[CUSTOMERS], met)
            found.add_up([met], further)
    for unit, cells in list(found.by_unit.items()):
        first, *others = cells.values()
        if unit[0] != "not":
            nobody = found.stand_in(Cell((("group", ("none",)),), unit, rest[unit]))
            found.add_up([first], [*others, nobody])
    return found, [*found.shown, *found.implied, *found.stand_ins]


def _counted(rng: np.random.Generator, size: int) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {CUSTOMERS: int(size)}
    for stage, share in (("a", 0.85), ("b", 0.4)):
        met = int(rng.binomial(size, share))
        gone_on, left, still_open = (int(n) for n in rng.multinomial(met, [0.6, 0.3, 0.1]))
        found |= {("met", stage): met, ("gone on", stage): gone_on, ("left", stage): left, ("open", stage): still_open}
    return found


def worked_out_of_small_tables(
    seeds: range, by: type[Guard] = Guard, farthest: int = FARTHEST, n_draws: int = 1
) -> Iterator[Cell]:
    """Attack many tables; hand out the small counts that were worked out. More draws are as if names were mixed up."""
    for seed in seeds:
        attacker = Attacker(LEAST, farthest)
        for draw in range(n_draws):
            found, cells = small_ledger(seed, by((seed + 10_000 * draw).to_bytes(16, "big"), LEAST))
            told, _kept_back = found.settled()
            attacker.see(draw, told.counts, cells, found.lines)
        for draw in range(1, n_draws):
            attacker.know_difference(0, draw, cells, 0, 0)
        small = {(0, cell): float(cell.customers) for cell in cells if 0 < cell.customers < LEAST}
        yield from (cell for _document, cell in attacker.worked_out(small))


def test_no_small_count_of_a_thousand_tables_can_be_worked_out() -> None:
    assert list(worked_out_of_small_tables(range(N_SMALL_LEDGERS))) == []


def keep_back_small_ones_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "complemented", lambda _sizes, _lines, hidden, _least: set(hidden))
    monkeypatch.setattr(ledger, "FEWEST_VALUES", 0)


def test_where_counts_are_drawn_anew_and_only_small_ones_kept_back_the_attacker_works_some_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keep_back_small_ones_only(monkeypatch)
    assert list(worked_out_of_small_tables(range(5), n_draws=12))


def test_without_noise_the_attacker_works_some_out() -> None:
    assert list(worked_out_of_small_tables(range(10), Still, farthest=0))


def test_without_noise_and_with_only_small_ones_kept_back_the_attacker_works_more_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without_noise = list(worked_out_of_small_tables(range(10), Still, farthest=0))
    keep_back_small_ones_only(monkeypatch)
    without_both = list(worked_out_of_small_tables(range(10), Still, farthest=0))
    assert len(without_both) > 2 * len(without_noise)


# --- Documents -----------------------------------------------------------------------------------------------------


def true_counts(everybody: list[Person]) -> dict[Quantity, float]:
    return with_the_others(counts_of(collected(everybody)))


def small_of(true: dict[Quantity, float], document: object) -> dict[tuple[object, Quantity], float]:
    return {(document, name): value for name, value in true.items() if 0 < value < LEAST}


def test_no_small_count_can_be_worked_out_of_the_tables_of_documents() -> None:
    for seed in range(N_DOCUMENTS):
        rng = np.random.default_rng(seed)
        exact = collected(people(rng, int(rng.integers(20, 160))))
        true, published = with_the_others(counts_of(exact)), counts_of(protected(exact, guard(seed)))
        attacker = Attacker(LEAST)
        attacker.see(0, published, true, sums_of(true))
        assert attacker.worked_out(small_of(true, 0)) == [], seed


def test_no_small_count_can_be_worked_out_of_real_analyses() -> None:
    for seed in range(2):
        rng = np.random.default_rng(seed)
        exact = views_of(real(people(rng, 90)), None, CHOICES)
        true, published = with_the_others(counts_of(exact)), counts_of(protected(exact, guard(seed)))
        attacker = Attacker(LEAST)
        attacker.see(0, published, true, sums_of(true))
        assert attacker.worked_out(small_of(true, 0)) == [], seed


CHOICES = Choices("All", pd.Timestamp("2030-01-01").date(), cuts=("country",), least=LEAST)


def real(everybody: list[Person]) -> journey.Dataset:
    rows = [
        {
            "customer_id": f"c{number}",
            "country": person.country,
            "touchpoint": stage,
            "stage": stage,
            "timestamp": pd.Timestamp("2025-06-01" if person.is_open else "2025-01-01") + pd.Timedelta(hours=place),
            "emotion": 1.0 if stage in person.scored else None,
        }
        for number, person in enumerate(everybody)
        for place, stage in enumerate(person.path)
    ]
    attributes = pd.DataFrame({"customer_id": [f"c{n}" for n in range(len(everybody))]})
    attributes["country"] = [person.country for person in everybody]
    log = pd.DataFrame(rows).drop(columns="country")
    return journey.load(log, customers=attributes, stages=list(STAGES))


# --- Documents of different days ------------------------------------------------------------------------------------


def documents_of(versions: list[list[Person]], seed: int) -> tuple[Attacker, list[dict[Quantity, float]]]:
    """Publish several versions, each moved as seen from those before; the attacker sees all."""
    attacker, earlier, truths = Attacker(LEAST), list[Telling](), [true_counts(version) for version in versions]
    names = {name: 0.0 for true in truths for name in true}
    truths = [{**names, **true} for true in truths]
    for place, version in enumerate(versions):
        telling = tellings_of({(): packed(id(person) for person in version)}, earlier, LEAST)[()]
        assert telling is not None
        earlier.append(telling)
        published = counts_of(protected(collected(version), guard(seed, telling.epoch)))
        attacker.see(place, published, names, sums_of(names))
    return attacker, truths


def plain(names: dict[Quantity, float]) -> list[Quantity]:
    """Name the counts that can only fall when somebody goes."""
    return [name for name in names if name[1][0] != "not"]


def test_after_an_erasure_nothing_says_for_sure_what_the_person_did() -> None:
    for seed in range(N_REFRESHED):
        before = people(np.random.default_rng(seed), 70)
        attacker, truths = documents_of([before, before[1:]], seed)
        attacker.know_difference(0, 1, plain(truths[0]), -1, 0)
        attacker.know_difference(0, 1, [(EVERYBODY, CUSTOMERS)], -1, -1)
        small = {**small_of(truths[0], 0), **small_of(truths[1], 1)}
        assert attacker.worked_out(small) == []
        did = [name for name in plain(truths[0]) if truths[0][name] > truths[1][name] and name[1] != CUSTOMERS]
        assert attacker.differences_worked_out(0, 1, did) == [], seed


def test_refreshes_with_more_customers_and_an_erasure_between_give_no_small_count_away() -> None:
    for seed in range(N_REFRESHED // 2):
        first = people(np.random.default_rng(seed), 60)
        second = first + people(np.random.default_rng(seed + 100), 9)
        attacker, truths = documents_of([first, second, second[1:]], seed)
        attacker.know_difference(0, 1, plain(truths[0]), 0, 9)
        attacker.know_difference(1, 2, plain(truths[0]), -1, 0)
        small = {key: value for place, true in enumerate(truths) for key, value in small_of(true, place).items()}
        assert attacker.worked_out(small) == []


def test_one_customer_less_each_time_as_often_as_it_may_be_shared_gives_no_small_count_away() -> None:
    first = people(np.random.default_rng(0), 60)
    versions = [first[gone:] for gone in range(MOST_EPOCHS)]
    attacker, truths = documents_of(versions, 0)
    for place in range(1, len(versions)):
        attacker.know_difference(place - 1, place, plain(truths[0]), -1, 0)
    small = {key: value for place, true in enumerate(truths) for key, value in small_of(true, place).items()}
    assert attacker.worked_out(small) == []


def test_without_another_epoch_what_moves_tells_what_the_erased_person_did() -> None:
    before = people(np.random.default_rng(0), 70)
    exact = counts_of(collected(before)), counts_of(collected(before[1:]))
    first, second = (counts_of(protected(collected(version), guard(0))) for version in (before, before[1:]))
    told = [name for name in first if first[name] > 0 and second.get(name, 0) > 0]
    moved = [name for name in told if first[name] != second[name]]
    assert moved
    assert all(exact[0][name] > exact[1][name] for name in moved)


# --- Means ---------------------------------------------------------------------------------------------------------


def test_means_times_n_leave_open_what_a_group_that_is_left_out_felt() -> None:
    rng = np.random.default_rng(0)
    for seed in range(50):
        groups = [rng.integers(-2, 3, size=n) for n in rng.integers([30, 12, 2], [90, 40, 5])]
        whole = np.concatenate(groups)
        spread = 0.0
        for place, scores in enumerate((whole, *groups[:2])):
            found = Ledger(guard(seed))
            cell = found.show(Cell((("group", (str(place),)),), ("scored",), len(scores)))
            told, _kept_back = found.settled()
            mean = float(scores.mean())
            shown = round(mean + told.mean(cell, mean), 1)
            # By how much the sum may differ from the shown mean times the exact count, were this known.
            reach = len(scores) * (0.05 + FARTHEST / told.count(cell))
            assert abs(shown * len(scores) - scores.sum()) <= reach + 1e-9
            spread += 2 * reach
        # The sum of the group left out is the difference: more values than one answer has remain.
        assert spread > 4 * 2


def test_lines_alone_are_not_enough_for_the_attacker_where_they_are_protected() -> None:
    """The published rule in its simplest case: a total, three parts, one of them small."""
    names = {"all": 40, "a": 20, "b": 17, "c": 3}
    line = Line(("all",), ("a", "b", "c"))
    hidden = complemented({name: ledger.Size(n, n) for name, n in names.items()}, [line], {"c"}, LEAST)
    told = {name: float(n) for name, n in names.items() if name not in hidden}
    attacker = Attacker(LEAST, farthest=0)
    attacker.see(0, told, names, [line])
    assert attacker.worked_out({(0, "c"): 3.0}) == []
    alone = Attacker(LEAST, farthest=0)
    alone.see(0, {name: float(n) for name, n in names.items() if name != "c"}, names, [line])
    assert alone.worked_out({(0, "c"): 3.0}) == [(0, "c")]
