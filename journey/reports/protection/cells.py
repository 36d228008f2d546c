"""What one number counts, and the amount it is moved by: always the same for the same number of the same people."""

from __future__ import annotations

import datetime
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from journey.dataset import Filters

#: Counts are told at most so much too high or too low.
FARTHEST: Final = 2
#: Told of the same customers but one, numbers lie at most so far apart.
FARTHEST_BETWEEN_EPOCHS: Final = 3
_DRAWS: Final = 5

#: Whom a number is about: pairs of what customers are chosen by and the values chosen, in order.
Population = tuple[tuple[str, tuple[str, ...]], ...]
#: What is counted of them, as in `("met", "stage", "purchase")`.
Unit = tuple[str, ...]


class Cell(NamedTuple):
    """One count of customers; tables that show the same count of the same people show the same cell."""

    population: Population
    unit: Unit
    customers: int


@dataclass(frozen=True)
class Guard:
    """How counts are moved, and from how many customers on they are told.

    Parameters
    ----------
    key
        A secret of the dataset that never leaves it; at least 16 bytes.
    least
        Groups of fewer customers are not told.
    epoch
        Another one moves every count anew, of populations that `known_as` does not name.
    known_as
        By what name and in which epoch the counts of a population are moved, as
        `journey.reports.protection.epochs.tellings_of` chooses; None for one that must not be told of now.
    """

    key: bytes
    least: int
    epoch: int = 0
    known_as: Mapping[Population, tuple[object, int] | None] = field(default_factory=dict)

    @property
    def untold(self) -> frozenset[Population]:
        """Populations that must not be told of now."""
        return frozenset(population for population, named in self.known_as.items() if named is None)

    def noise(self, count: int, *population: object) -> int:
        """Draw what a count is moved by, −2 … +2; 0 stays 0.

        The count is part of what is drawn from: whoever knows a count as it was cannot follow it when it changes. What
        two epochs tell of a count that is the same, or one customer apart, lies at most 3 apart, so that the difference
        never says for sure whether one customer was in it.

        Examples
        --------
        >>> guard = Guard(b"a secret of sixteen", least=10)
        >>> guard.noise(0, "purchase"), guard.noise(41, "purchase") == guard.noise(41, "purchase")
        (0, True)
        """
        epoch, place = self._named(population)
        return self._noise_in(epoch, count, place) if count else 0

    def _noise_in(self, epoch: int, count: int, population: tuple[object, ...]) -> int:
        before = [
            near - count + self._noise_in(earlier, near, population)
            for earlier in range(epoch)
            for near in (count - 1, count, count + 1)
        ]
        possible = [
            noise
            for noise in range(-FARTHEST, FARTHEST + 1)
            if all(abs(noise - other) <= FARTHEST_BETWEEN_EPOCHS for other in before)
        ]
        return possible[self._drawn(epoch, "count", count, *population) % len(possible)]

    def moved(self, cell: Cell) -> int:
        """Move a count, as it is told where it may be."""
        return cell.customers + self.noise(cell.customers, cell.population, cell.unit)

    def is_small(self, cell: Cell) -> bool:
        """Tell whether a count is too small to be told, or would be told as too small.

        The second makes the bound blunt: one customer more or less does not tip a group over it for sure.
        """
        may_be_told = self.known_as.get(cell.population, True) is not None
        return not may_be_told or min(cell.customers, self.moved(cell)) < self.least

    def is_lowest(self, *population: object) -> bool:
        """Tell for one in five of all places where nobody is that it is kept back like a small group.

        Else a place that stood open before somebody was erased and says 0 after would tell that it was this person.
        """
        epoch, place = self._named(population)
        return self._drawn(epoch, "nobody", *place) % _DRAWS == 0

    def shift(self, value: float, *population: object) -> float:
        """Draw what a mean or an amount is moved by, from [−1, 1); multiply it with the farthest that may go."""
        epoch, place = self._named(population)
        return self._drawn(epoch, "mean", f"{value:.9g}", *place) / 2**63 - 1

    def _named(self, place: tuple[object, ...]) -> tuple[int, tuple[object, ...]]:
        named = self.known_as.get(place[0]) if place and isinstance(place[0], tuple) else None
        return (self.epoch, place) if named is None else (named[1], (named[0], *place[1:]))

    def _drawn(self, *coordinates: object) -> int:
        written = repr(coordinates).encode()
        return int.from_bytes(hmac.digest(self.key, written, hashlib.sha256)[:8], "big")


#: Filters and breakdowns that choose the same customers are called the same.
_BREAKDOWN_OF: Final = {"personas": "persona", "first_channels": "channel", "first_devices": "device"}


def population_of(filters: Filters) -> Population:
    """Name whom filters leave, in one way only.

    Examples
    --------
    >>> population_of(Filters(personas=("Readers",), attributes=(("plan", ("pro", "basic", "pro")),)))
    (('persona', ('Readers',)), ('plan', ('basic', 'pro')))
    """
    chosen: dict[str, Iterable[str]] = {
        name: getattr(filters, field) for field, name in _BREAKDOWN_OF.items() if getattr(filters, field)
    }
    chosen |= {name: values for name, values in filters.attributes if values}
    if filters.stages_reached:
        chosen["(met)"] = filters.stages_reached
    if filters.start or filters.end:
        chosen["(days)"] = (str(filters.start), str(filters.end))
    return _in_order(chosen)


def within_days(population: Population, first: datetime.date, last: datetime.date) -> Population:
    """Name those of a population who did something from one day to another, as `population_of` does."""
    return _in_order(dict(population) | {"(days)": (str(first), str(last))})


def _in_order(chosen: Mapping[str, Iterable[str]]) -> Population:
    return tuple((name, tuple(sorted(set(values)))) for name, values in sorted(chosen.items()))
