"""All counts of a document and how they add up; out of it come the numbers that are told, the same in every table."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from journey.reports.protection.bounds import UNBOUNDED, Range, bounds
from journey.reports.protection.cells import FARTHEST, Cell, Guard, Population, Unit
from journey.reports.protection.suppression import STAYS, Line, Size, complemented

NOT_TOLD: Final = math.nan
_SIGNIFICANT_DIGITS: Final = 2
#: Counts of who is at a stage or at a step.
_MISSED_MOST: Final = ("met", "reached")
#: What can be worked out of a small count, told or not, has to leave so many values open.
FEWEST_VALUES: Final = 3
CUSTOMERS: Final = ("customers",)


def coarse(value: float) -> float:
    """Round to two significant digits; what is missing stays missing.

    Examples
    --------
    >>> coarse(1_284_311.0), coarse(-0.0473), coarse(0.0)
    (1300000.0, -0.047, 0.0)
    """
    return float(f"{value:.{_SIGNIFICANT_DIGITS}g}") if math.isfinite(value) else NOT_TOLD


@dataclass(frozen=True)
class Told:
    """The numbers to show. What is kept back is missing."""

    guard: Guard
    counts: dict[Cell, float]
    #: Of cells that are of the very same customers, the one by whose name they are moved.
    names: Mapping[Cell, Cell] = field(default_factory=dict)

    def count(self, cell: Cell | None) -> float:
        """Tell a count of customers."""
        return NOT_TOLD if cell is None else self.counts[cell]

    def amount(self, cell: Cell, what: str, amount: float) -> float:
        """Tell a number of answers, journeys or interactions: as many more or fewer as the told customers had of it."""
        customers = self.counts[cell]
        if math.isnan(customers) or not amount:
            return customers
        moved, named = round(amount * customers / cell.customers), self.names.get(cell, cell)
        moved += self.guard.noise(int(amount), named.population, named.unit, what)
        return max(float(moved), customers)

    def mean(self, cell: Cell | None, mean: float) -> float:
        """Tell by how much a mean of these customers is moved, −2/n … +2/n."""
        if cell is None:
            return NOT_TOLD
        n = self.counts[cell]
        named = self.names.get(cell, cell)
        shift = self.guard.shift(mean, named.population, named.unit, named.customers)
        return shift * FARTHEST / n if n > 0 else NOT_TOLD

    def rough(self, cell: Cell | None, value: float) -> float:
        """Tell a sum or a length of time of these customers: moved by up to 2/n of it, to two significant digits."""
        return coarse(value * (1 + self.mean(cell, value)))

    def is_told(self, cell: Cell) -> bool:
        """Tell whether there is a number, and somebody in it."""
        return self.counts[cell] > 0


@dataclass
class Ledger:
    """Counts with the sums they take part in. Record everything first; `settled` decides what is told."""

    guard: Guard
    #: Populations too small to be told of: nothing of them is.
    left_out: frozenset[Population] = frozenset()
    #: Populations that are told of beside others only, so that who they are may be kept back, too.
    beside: frozenset[Population] = frozenset()
    #: Cells that are shown, and how many tables show them.
    shown: dict[Cell, int] = field(default_factory=dict)
    #: What follows from sums but is not shown: those who did not.
    implied: dict[Cell, None] = field(default_factory=dict)
    #: What is never shown but may be worked out like what is: customers in none of the groups of a cut.
    stand_ins: dict[Cell, None] = field(default_factory=dict)
    lines: list[Line[Cell]] = field(default_factory=list)
    nested: dict[tuple[Cell, Cell], None] = field(default_factory=dict)
    by_unit: dict[Unit, dict[Population, Cell]] = field(default_factory=dict)
    #: Of cells that are of the very same customers, the one by whose name they are moved; known once all are recorded.
    names: dict[Cell, Cell] = field(default_factory=dict)

    def show(self, cell: Cell) -> Cell:
        """Record a count that a table shows."""
        self.shown[cell] = self.shown.get(cell, 0) + 1
        self.by_unit.setdefault(cell.unit, {}).setdefault(cell.population, cell)
        return cell

    def stand_in(self, cell: Cell) -> Cell:
        """Record a count that is kept back, with what gives it away, as if it were shown."""
        self.stand_ins[cell] = None
        self.by_unit.setdefault(cell.unit, {}).setdefault(cell.population, cell)
        return cell

    def imply(self, cell: Cell) -> Cell:
        """Record a count that no table shows but sums may give away."""
        if cell not in self.shown:
            self.implied[cell] = None
            self.by_unit.setdefault(cell.unit, {}).setdefault(cell.population, cell)
        return cell

    def known_as(self, everybody: Cell, unit: Unit) -> Cell:
        """Hand out the cell that is recorded of the same people as another unit; else these people."""
        return self.by_unit.get(unit, {}).get(everybody.population, everybody)

    def add_up(self, left: Iterable[Cell], right: Iterable[Cell]) -> None:
        """Record that cells add up to others."""
        line = Line(tuple(left), tuple(right))
        if line.left and line.right:
            self.lines.append(line)

    def within(self, base: Cell, part: Cell) -> None:
        """Record that the customers of one cell are among those of another; the others of these are never shown."""
        if base == part or (base, part) in self.nested or part.customers > base.customers:
            return
        self.nested[base, part] = None
        rest = self.imply(
            Cell(part.population, ("not", *base.unit, "but", *part.unit), base.customers - part.customers)
        )
        self.add_up((base,), (part, rest))

    # --- What is told ----------------------------------------------------------------------------------------------

    def settled(self) -> tuple[Told, frozenset[Cell]]:
        """Decide which counts are kept back, and move the others; beside them the cells kept back."""
        self.names = _names(pair for pair in self.nested if pair[0].customers == pair[1].customers)
        weighed = {**dict.fromkeys(self.shown), **self.stand_ins}
        sizes = {cell: self.size(cell) for cell in weighed}
        lines = [line for line in self.lines if all(cell in weighed for side in line for cell in side)]
        true_lines = [line for line in self.lines if _holds(line)]
        hidden = complemented(sizes, lines, (cell for cell in weighed if self._is_kept_back(cell)), self.guard.least)
        while True:
            moved = self._moved(hidden)
            exposed = self._exposed(moved, true_lines)
            if not exposed:
                told = {cell: moved.get(cell, NOT_TOLD) for cell in self.shown}
                return Told(self.guard, told, self.names), frozenset(hidden & self.shown.keys())
            hidden = complemented(sizes, lines, hidden | exposed, self.guard.least)

    def size(self, cell: Cell) -> Size:
        """Weigh a count: who there is is always told, who is at a stage is missed more than what they did next."""
        rank = STAYS if self._stays(cell) else int(cell.unit[0] in _MISSED_MOST)
        return Size(cell.customers, self.guard.moved(self.names.get(cell, cell)), rank)

    def _stays(self, cell: Cell) -> bool:
        return cell.unit == CUSTOMERS and cell.population not in self.beside

    def _is_kept_back(self, cell: Cell) -> bool:
        if cell.population in self.left_out:
            return True
        if cell.customers == 0:
            return self.guard.is_lowest(cell.population, cell.unit)
        return self.guard.is_small(self.names.get(cell, cell))

    def _moved(self, hidden: set[Cell]) -> dict[Cell, float]:
        moved = {cell: float(self.guard.moved(self.names.get(cell, cell))) for cell in self.shown if cell not in hidden}
        pairs = [pair for pair in self.nested if pair[0] in moved and pair[1] in moved]
        while too_large := [(base, part) for base, part in pairs if moved[part] > moved[base]]:
            for base, part in too_large:
                moved[part] = min(moved[part], moved[base])
        return moved

    def _exposed(self, moved: dict[Cell, float], true_lines: list[Line[Cell]]) -> set[Cell]:
        """Choose what else to keep back: of each small count that could be worked out, a count that helps to."""
        known: dict[Cell, Range] = dict.fromkeys(self._all(), (0, UNBOUNDED))
        for cell, told in moved.items():
            lowest = max(int(told) - FARTHEST, self.guard.least) if told else 0
            known[cell] = (lowest, int(told) + FARTHEST if told else 0)
        found = bounds(known, true_lines)
        small = [cell for cell in self._all() if 0 < cell.customers < self.guard.least]
        pinned = [cell for cell in small if found[cell][1] - found[cell][0] < FEWEST_VALUES - 1]
        may_go = {cell: told for cell, told in moved.items() if not self._stays(cell)}
        helpers = (_helper(cell, true_lines, may_go) for cell in pinned)
        return {helper for helper in helpers if helper is not None}

    def _all(self) -> Iterator[Cell]:
        yield from self.shown
        yield from self.stand_ins
        yield from self.implied


def _names(pairs: Iterable[tuple[Cell, Cell]]) -> dict[Cell, Cell]:
    """Name cells of the very same customers alike: told with a noise each, they would tell how many these are.

    The customers of one cell of a pair are among those of the other, and as many.
    """
    groups: dict[Cell, list[Cell]] = {}
    for pair in pairs:
        joined = [*groups.get(pair[0], [pair[0]]), *groups.get(pair[1], [pair[1]])]
        groups.update(dict.fromkeys(joined, joined))
    first = {id(group): min(group, key=lambda cell: (len(cell.unit), repr(cell))) for group in groups.values()}
    return {cell: first[id(group)] for cell, group in groups.items()}


def _helper(cell: Cell, lines: Sequence[Line[Cell]], moved: Mapping[Cell, float]) -> Cell | None:
    """Choose the smallest told count that a small one is worked out from; who there is at all stays told."""
    own = [line for line in lines if cell in line.left or cell in line.right]
    others = [other for line in own for side in line for other in side if moved.get(other)]
    return min(others, key=lambda other: (other.customers, repr(other)), default=None)


def _holds(line: Line[Cell]) -> bool:
    left, right = (sum(cell.customers for cell in side) for side in line)
    return left == right
