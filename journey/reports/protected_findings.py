"""What a shared document may tell of a finding: its counts rough, its sums coarse, its words masked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from journey.analysis.finding_candidates import FEELS, Candidate, Place
from journey.analysis.findings import Protect
from journey.dataset import Filters
from journey.reports.protection.cells import FARTHEST, Cell, Guard, Population, population_of
from journey.reports.protection.ledger import coarse
from journey.reports.protection.strips import met, scored
from journey.reports.views import Collected
from journey.text.masking import masked

#: What a list of findings is drawn from; all else of `findings` stays here.
COLUMNS = ("finding", "kind", "where", "customers", "cost", "low", "high", "cost_unit", "evidence", "difference")


def protecting(guard: Guard, filters: Filters, *, has_price: bool) -> Protect:
    """Make the check that findings pass before their sentences are written.

    A finding is left out where it, or those who did not, are fewer than may be told, on either side, or where its
    counts, moved by up to 2, no longer say the same. `has_price`: no customer paid so much that a sum would tell of
    one. Numbers of customers are told to the nearest ten and shares in whole percents, so that they add nothing to
    what tables tell of nearly the same customers.
    """
    population = population_of(filters)

    def protect(found: Candidate) -> Candidate | None:
        if found.kind in FEELS:
            told = _felt(found, guard, population)
        else:
            told = _shares(found, guard, _Sides.of(found, population))
        if told is None or told.difference * found.difference <= 0:
            return None
        seconds = found.place.seconds
        place = replace(found.place, seconds=None if seconds is None else coarse(seconds))
        return replace(told, place=place, worth=found.worth if has_price else np.nan)

    return protect


def protected_findings(found: pd.DataFrame, document: Collected) -> pd.DataFrame:
    """Keep what a list of findings shows, with coarse sums, and of the evidence only the page.

    Findings about a group of a cut that `document`, protected, can't be switched to are left out: what is told of all
    other groups would tell of those too small.
    """
    groups = {cut.name: {view.value for view in document.of(cut.name)} for cut in document.cuts}
    kept = [
        name is None or value is None or name not in groups or value in groups[name]
        for name, value in zip(found["breakdown"].tolist(), found["value"].tolist(), strict=True)
    ]
    told = found.loc[kept, list(COLUMNS)].reset_index(drop=True)
    for column in ("cost", "low", "high"):
        told[column] = [coarse(float(amount)) for amount in told[column]]
    for column in ("finding", "where"):
        told[column] = [masked(text) for text in told[column]]
    told["evidence"] = [json.dumps({"page": json.loads(text)["page"]}) for text in told["evidence"]]
    return _in_order(told)


def _in_order(told: pd.DataFrame) -> pd.DataFrame:
    """Put findings with a price in order of the told one; the others stay in their places."""
    places = np.flatnonzero(told["cost"].notna())
    priced = told.iloc[places].sort_values(["cost", "finding"], ascending=[False, True])
    order = np.arange(len(told))
    order[places] = priced.index.to_numpy(np.int64)
    return told.iloc[order].reset_index(drop=True)


@dataclass(frozen=True)
class _Sides:
    """Customers of whom a finding tells, and those of them who did; the same for the rest."""

    here: Cell
    here_did: Cell
    rest: Cell
    rest_did: Cell
    #: Both sides together, where tables count them.
    all: Cell | None = None
    all_did: Cell | None = None

    @classmethod
    def of(cls, found: Candidate, population: Population) -> _Sides:
        counts = found.n_here, round(found.here * found.n_here), found.n_rest, round(found.rest * found.n_rest)
        unit, place = ("finding", found.kind, *_named(found.place)), found.place
        if found.kind != "group" or place.breakdown is None or place.value is None:
            names = (*unit, "here"), (*unit, "here", "gone on"), (*unit, "rest"), (*unit, "rest", "gone on")
            return cls(*(Cell(population, name, n) for name, n in zip(names, counts, strict=True)))
        # Named as in the tables: where these are of the same customers, the number is moved alike.
        stage = str(place.stage)
        group: Population = tuple(sorted({**dict(population), place.breakdown: (place.value,)}.items()))
        gone_on = "gone_on", "stage", stage
        return cls(
            met(group, "stage", stage, counts[0]),
            Cell(group, gone_on, counts[1]),
            Cell(population, (*unit, "rest"), counts[2]),
            Cell(population, (*unit, "rest", "gone on"), counts[3]),
            met(population, "stage", stage, counts[0] + counts[2]),
            Cell(population, gone_on, counts[1] + counts[3]),
        )

    def exact(self) -> Iterator[int]:
        yield from (cell.customers for cell in (self.here, self.here_did, self.rest, self.rest_did))

    def told(self, guard: Guard) -> Iterator[int]:
        here, here_did = guard.moved(self.here), guard.moved(self.here_did)
        yield from (here, here_did)
        if self.all is None or self.all_did is None:
            yield from (guard.moved(self.rest), guard.moved(self.rest_did))
        else:
            # A draw of its own would be a second one where the rest are a group themselves.
            yield from (guard.moved(self.all) - here, guard.moved(self.all_did) - here_did)


def _shares(found: Candidate, guard: Guard, sides: _Sides) -> Candidate | None:
    """Make both shares of moved counts; the interval moves with the difference."""
    exact, told = tuple(sides.exact()), tuple(sides.told(guard))
    for n_here, here, n_rest, rest in (exact, told):
        if min(here, n_here - here, rest, n_rest - rest) < guard.least:
            return None
    n_here, here, n_rest, rest = told
    share_here, share_rest = round(here / n_here, 2), round(rest / n_rest, 2)
    moved = share_here - share_rest - found.difference
    return replace(
        found,
        here=share_here,
        rest=share_rest,
        difference=share_here - share_rest,
        low=found.low + moved,
        high=found.high + moved,
        n_here=_rough(n_here),
        n_rest=_rough(n_rest),
        n_concerned=found.n_concerned if np.isnan(found.n_concerned) else _rough(found.n_concerned + n_here - exact[0]),
    )


def _rough(customers: float) -> int:
    return max(round(customers / 10) * 10, 10)


def _felt(found: Candidate, guard: Guard, population: Population) -> Candidate | None:
    """Move both means by at most 2/n, and tell them to one decimal."""
    here, rest = (
        Cell(population, ("finding", found.kind, *_named(found.place), side), n)
        for side, n in (("here", found.n_here), ("rest", found.n_rest))
    )
    if found.kind == "feeling":
        # The same customers as in the tables of feelings: the same number, the same mean.
        here = scored(population, "touchpoint", str(found.place.touchpoint), found.n_here)
    if guard.is_small(here) or guard.is_small(rest):
        return None
    mean_here, mean_rest = (
        round(mean + guard.shift(mean, cell.population, cell.unit, cell.customers) * FARTHEST / guard.moved(cell), 1)
        for cell, mean in ((here, found.here), (rest, found.rest))
    )
    moved = mean_here - mean_rest - found.difference
    return replace(
        found,
        here=mean_here,
        rest=mean_rest,
        difference=mean_here - mean_rest,
        low=found.low + moved,
        high=found.high + moved,
        n_here=_rough(guard.moved(here)),
        n_rest=_rough(guard.moved(rest)),
    )


def _named(place: Place) -> tuple[str, ...]:
    held = (place.stage, place.breakdown, place.value, place.touchpoint, place.from_value, place.to_value, place.start)
    return tuple(str(each) for each in (*held, place.end))
