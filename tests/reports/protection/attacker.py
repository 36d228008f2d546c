"""Somebody who has everything that is published, knows all the rules but not the key, and works out what can be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from journey.reports.views import Collected
from tests.reports.protection.worlds import STAGES

#: A group, as in `("persona", "A")`; nobody's is `("persona", None)`.
Group = tuple[str, str | None]
Quantity = tuple[Group, tuple[object, ...]]
EVERYBODY: Group = ("", None)
CUTS = ("persona", "country")
_MANY = 10_000.0


def counts_of(collected: Collected) -> dict[Quantity, float]:
    """Read all counts of customers off the tables of a document; missing ones are NaN."""
    found: dict[Quantity, float] = {}
    for view in collected.views:
        group: Group = EVERYBODY if view.cut is None else (view.cut, view.value)
        tables = view.tables
        found[group, ("customers",)] = tables.customers
        for row in tables.strip.to_dict("records"):
            names = ("customers", "customers_scored", "gone_on", "left", "still_open")
            is_last = row["stage"] == STAGES[-1]
            found |= {(group, (name, row["stage"])): row[name] for name in (names[:2] if is_last else names)}
        assert tables.funnel is not None
        assert tables.lost is not None
        for place, row in enumerate(tables.funnel.to_dict("records")):
            if place:
                found |= {(group, ("step", place, name)): row[name] for name in ("customers", "still_open", "lost")}
        for row in tables.lost.to_dict("records"):
            found[group, ("went", STAGES.index(row["step"]) + 1, row["next"])] = row["customers"]
        for row in tables.flow.to_dict("records"):
            found[group, ("flow", row["position"], row["source"], row["target"])] = row["customers"]
    return found


def with_the_others(counts: Mapping[Quantity, float]) -> dict[Quantity, float]:
    """Add to exact counts the 0 of what does not occur somewhere, who is in no group, and who did not do something."""
    units = {unit for _group, unit in counts}
    groups = {group for group, _unit in counts}
    full = {(group, unit): counts.get((group, unit), 0.0) for group in groups for unit in units}
    for cut in {group[0] for group in groups} & set(CUTS):
        for unit in units:
            rest = full[EVERYBODY, unit] - sum(full[group, unit] for group in groups if group[0] == cut)
            full[(cut, None), unit] = rest
    for group in {group for group, _unit in full}:
        for base, part in _nested():
            if (group, part) in full:
                full[group, ("not", *part)] = full[group, base] - full[group, part]
    return full


def _nested() -> list[tuple[tuple[object, ...], tuple[object, ...]]]:
    met = [(("customers",), ("customers", stage)) for stage in STAGES]
    return met + [(("customers", stage), ("customers_scored", stage)) for stage in STAGES]


@dataclass
class Attacker:
    """Variables are the true counts; every published number and every rule narrows them."""

    least: int
    farthest: int = 2
    places: dict[object, int] = field(default_factory=dict)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    sums: list[tuple[list[int], list[int], float, float]] = field(default_factory=list)

    def see(
        self,
        document: object,
        told: Mapping[Any, float],
        names: Iterable[Any],
        sums: Iterable[tuple[Sequence[Any], Sequence[Any]]],
    ) -> None:
        """Take in one document: what it tells, all counts that there might be, and what adds up to what."""
        for name in names:
            value = told.get(name, np.nan)
            self.places[document, name] = len(self.low)
            self.low.append(0.0 if np.isnan(value) or not value else max(value - self.farthest, self.least))
            self.high.append(np.inf if np.isnan(value) else value + self.farthest if value else 0.0)
        for sides in sums:
            left, right = ([self.places[document, name] for name in side] for side in sides)
            self.sums.append((left, right, 0.0, 0.0))

    def know_difference(self, first: object, second: object, names: Iterable[Any], low: int, high: int) -> None:
        """Know that from one document to the other no count grew by less or more."""
        for name in names:
            self.sums.append(([self.places[second, name]], [self.places[first, name]], low, high))

    def lowest(self, terms: Mapping[int, float]) -> np.ndarray:
        """Find values of all counts that are possible and give a combination of them its lowest value."""
        costs = np.zeros(len(self.low))
        for place, factor in terms.items():
            costs[place] = factor
        rows = [
            (row, place, sign)
            for row, (left, right, _low, _high) in enumerate(self.sums)
            for side, sign in ((left, 1.0), (right, -1.0))
            for place in side
        ]
        row_numbers, columns, signs = zip(*rows, strict=True)
        matrix = csr_array((signs, (row_numbers, columns)), shape=(len(self.sums), len(self.low)))
        limits = LinearConstraint(matrix, [each[2] for each in self.sums], [each[3] for each in self.sums])
        bounds = Bounds(self.low, np.minimum(np.array(self.high), _MANY))
        solved = milp(costs, integrality=np.ones(len(costs)), bounds=bounds, constraints=limits)
        assert solved.status == 0, solved.message
        return np.round(solved.x)

    def worked_out(self, true: Mapping[tuple[object, Any], float]) -> list[tuple[object, Any]]:
        """Name the counts, of those given with their true values, that can have no other value."""
        left = list(true)
        # Other values of all at once, then of those left one by one.
        for sign in (-1.0, 1.0):
            if left:
                found = self.lowest({self.places[name]: sign for name in left})
                left = [name for name in left if found[self.places[name]] == true[name]]
        return [name for name in left if not self._may_be_other(self.places[name], true[name])]

    def _may_be_other(self, place: int, value: float) -> bool:
        return any(self.lowest({place: sign})[place] != value for sign in (1.0, -1.0))

    def differences_worked_out(self, first: object, second: object, names: Iterable[Any]) -> list[Any]:
        """Name the counts that fell from one document to the other for sure."""
        left = list(names)
        pairs = {name: (self.places[first, name], self.places[second, name]) for name in left}
        found = self.lowest(
            {place: sign for pair in pairs.values() for place, sign in zip(pair, (1.0, -1.0), strict=True)}
        )
        left = [name for name in left if found[pairs[name][0]] > found[pairs[name][1]]]
        return [name for name in left if self._falls(*pairs[name])]

    def _falls(self, first: int, second: int) -> bool:
        found = self.lowest({first: 1.0, second: -1.0})
        return bool(found[first] > found[second])


def sums_of(names: Iterable[Quantity]) -> list[tuple[list[Quantity], list[Quantity]]]:
    """What adds up to what in a document: the groups of a cut to everybody, parts of a count to it."""
    quantities = set(names)
    units, groups = ({quantity[place] for quantity in quantities} for place in (1, 0))
    found = []
    for cut in CUTS:
        parts = [group for group in groups if group[0] == cut]
        found += [([(EVERYBODY, unit)], [(group, unit) for group in parts]) for unit in units if parts]
    for group in groups:
        for left, right in _sums(units):
            found.append(([(group, unit) for unit in left], [(group, unit) for unit in right]))
    return found


def _sums(units: set[tuple[object, ...]]) -> list[tuple[list[tuple[object, ...]], list[tuple[object, ...]]]]:
    """What adds up to what within a group; sums over nothing are left out."""
    sums = [([base], [part, ("not", *part)]) for base, part in _nested()]
    parts = ("gone_on", "left", "still_open")
    sums += [([("customers", stage)], [(name, stage) for name in parts]) for stage in STAGES[:-1]]
    for place in range(1, len(STAGES)):
        before = ("customers", STAGES[0]) if place == 1 else ("step", place - 1, "customers")
        sums.append(([before], [("step", place, name) for name in ("customers", "still_open", "lost")]))
        sums.append(([("step", place, "lost")], [unit for unit in units if unit[:2] == ("went", place)]))
    into, out_of = defaultdict(list), defaultdict(list)
    for unit in units:
        if unit[0] == "flow":
            out_of[unit[1], unit[2]].append(unit)
            into[unit[1] + 1, unit[3]].append(unit)  # type: ignore[operator]
    sums.append(([("customers",)], [unit for (place, _name), links in out_of.items() if place == 1 for unit in links]))
    sums += [(into[node], links) for node, links in out_of.items() if node in into]
    return sums
