"""Which views are told at all, how views add up to the whole, and what is kept back of that."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from journey.reports.protection.cells import Cell, Guard, Population, population_of, within_days
from journey.reports.protection.ledger import CUSTOMERS, Ledger
from journey.reports.protection.rounding import records
from journey.reports.protection.suppression import Line, Size, complemented
from journey.reports.views import Collected, View

PERSONA = "persona"
#: Units whose tables do not name all that there is: what is missing in a view is not 0.
_INCOMPLETE = ("flow", "wish", "wish known")
_NONE_OF_THEM = "(none of them)"
Days = tuple[datetime.date, datetime.date]


@dataclass(frozen=True)
class Parts:
    """Groups that a cut makes of everybody: their cells, and who is in none of them where customers are parted."""

    cut: str
    whole: Cell
    groups: tuple[Cell, ...]
    parts_customers: bool

    @property
    def rest(self) -> Cell | None:
        """Customers of no group; None where there are none, or where groups share customers."""
        count = self.whole.customers - sum(cell.customers for cell in self.groups)
        if not self.parts_customers or count <= 0:
            return None
        return Cell((*self.whole.population, (self.cut, (_NONE_OF_THEM,))), CUSTOMERS, count)

    @property
    def everyone(self) -> tuple[Cell, ...]:
        return self.groups if self.rest is None else (*self.groups, self.rest)


def everybody_of(view: View) -> Cell:
    """Name the customers of a view."""
    return Cell(population_of(view.filters), CUSTOMERS, view.tables.customers)


def parts_of(collected: Collected) -> list[Parts]:
    """Walk the cuts; personas are one also where only their profiles are shown."""
    whole = everybody_of(collected.whole)
    found = [
        Parts(cut.name, whole, tuple(everybody_of(view) for view in collected.of(cut.name)), cut.parts_customers)
        for cut in collected.cuts
    ]
    if PERSONA not in [parts.cut for parts in found]:
        groups = tuple(cell for cell in _personas(collected) if cell.customers)
        found += [Parts(PERSONA, whole, groups, parts_customers=True)] if groups else []
    return [parts for parts in found if parts.groups]


def parts_of_stretches(collected: Collected) -> Iterator[Parts]:
    """Walk the cuts once more for each stretch of time that the figures are compared between."""
    for cut in collected.cuts:
        views = collected.of(cut.name) if cut.parts_customers else ()
        groups: dict[Days, list[Cell]] = {}
        for view in views:
            for days, cell in _stretches(view):
                groups.setdefault(days, []).append(cell)
        for days, whole in _stretches(collected.whole):
            if groups.get(days):
                yield Parts(cut.name, whole, tuple(groups[days]), parts_customers=True)


def stretches_beside_views(collected: Collected) -> frozenset[Population]:
    """Name the stretches that have no view of their own."""
    stretches = {cell.population for view in collected.views for _days, cell in _stretches(view)}
    return frozenset(stretches - {everybody_of(view).population for view in collected.views})


def _stretches(view: View) -> Iterator[tuple[Days, Cell]]:
    population = everybody_of(view).population
    for row in records(view.tables.figures):
        if row["figure"] == "customers":
            counts = (row["latest_customers"], row["previous_customers"])
            for days, customers in zip(view.tables.stretches, counts, strict=False):
                yield days, Cell(within_days(population, *days), CUSTOMERS, int(customers))


def persona_populations(collected: Collected) -> dict[str, Population]:
    """Name the customers of each persona, as the views of that cut do."""
    filters = collected.whole.filters
    return {name: population_of(replace(filters, personas=(name,))) for name in collected.persona_names}


def _personas(collected: Collected) -> Iterator[Cell]:
    profiles = collected.whole.tables.profiles
    if profiles is not None:
        populations = persona_populations(collected)
        for row in records(profiles):
            yield Cell(populations[row["persona"]], CUSTOMERS, int(row["customers"]))


def left_out(guard: Guard, parts: Sequence[Parts]) -> frozenset[Population]:
    """Choose the groups of which nothing is told: too small ones, and one more where only one would be missing."""
    found: set[Population] = set()
    for each in parts:
        cells = each.everyone
        sizes = {cell: Size(cell.customers, guard.moved(cell)) for cell in (each.whole, *cells)}
        small = {cell for cell in cells if guard.is_small(cell)}
        hidden = complemented(sizes, [Line((each.whole,), cells)], small, guard.least)
        # The whole is told in any case: what would give a group of it away goes altogether.
        found |= {cell.population for cell in (cells if each.whole in hidden else hidden)}
    return frozenset(found)


def add_parts_up(ledger: Ledger, parts: Sequence[Parts]) -> None:
    """Record that what is counted in the groups of a cut adds up to the whole, those in no group among it."""
    lines = list(ledger.lines)
    for each in parts:
        for unit, cells in list(ledger.by_unit.items()):
            whole = cells.get(each.whole.population)
            groups = [cells[group.population] for group in each.groups if group.population in cells]
            if whole is None or not groups:
                continue
            rest = whole.customers - sum(cell.customers for cell in groups)
            if each.rest is not None and unit[0] not in _INCOMPLETE and rest >= 0:
                cell = Cell(each.rest.population, unit, rest)
                groups.append(ledger.stand_in(cell) if whole in ledger.shown else ledger.imply(cell))
            ledger.add_up([whole], groups)
        if each.rest is not None:
            _repeat_for_rest(ledger, lines, each.whole.population, each.rest.population)


def _repeat_for_rest(ledger: Ledger, lines: Sequence[Line[Cell]], whole: Population, rest: Population) -> None:
    """Record the sums of the whole once more of those in no group, whose counts follow from the others."""
    for line in lines:
        cells = [cell for side in line for cell in side]
        found = {cell: ledger.by_unit[cell.unit].get(rest) for cell in cells if cell.population == whole}
        if len(found) == len(cells) and all(found.values()):
            ledger.add_up(*([each for cell in side if (each := found[cell])] for side in line))
