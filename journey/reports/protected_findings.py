"""What a shared document may tell of a finding: its counts moved like all others, its sums coarse, its words masked."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd

from journey.analysis.finding_candidates import FEELS, Candidate, Place
from journey.analysis.findings import Protect
from journey.dataset import Filters
from journey.reports.protection.cells import FARTHEST, Guard, Population, population_of
from journey.reports.protection.ledger import coarse
from journey.reports.protection.strips import scored
from journey.text.masking import masked

#: What a list of findings is drawn from; all else of `findings` stays here.
COLUMNS = ("finding", "kind", "where", "customers", "cost", "low", "high", "cost_unit", "evidence", "difference")


def protecting(guard: Guard, filters: Filters, *, has_price: bool) -> Protect:
    """Make the check that findings pass before their sentences are written.

    A finding is left out where it, or those who did not, are fewer than may be told, on either side, or where its
    counts, moved by up to 2, no longer say the same. `has_price`: no customer paid so much that a sum would tell of
    one.
    """
    population = population_of(filters)

    def protect(found: Candidate) -> Candidate | None:
        if min(found.n_here, found.n_rest) < guard.least:
            return None
        told = _felt(found, guard, population) if found.kind in FEELS else _shares(found, guard, population)
        if told is None or told.difference * found.difference <= 0:
            return None
        seconds = found.place.seconds
        place = replace(found.place, seconds=None if seconds is None else coarse(seconds))
        return replace(told, place=place, worth=found.worth if has_price else np.nan)

    return protect


def protected_findings(found: pd.DataFrame) -> pd.DataFrame:
    """Keep what a list of findings shows, with coarse sums, and of the evidence only the page."""
    told = found[list(COLUMNS)].copy()
    for column in ("cost", "low", "high"):
        told[column] = [coarse(float(amount)) for amount in found[column]]
    for column in ("finding", "where"):
        told[column] = [masked(text) for text in found[column]]
    told["evidence"] = [json.dumps({"page": json.loads(text)["page"]}) for text in found["evidence"]]
    return told


def _shares(found: Candidate, guard: Guard, population: Population) -> Candidate | None:
    """Make both shares of counts that are moved each by itself; the interval moves with the difference."""
    here = _share(guard, found.here, found.n_here, population, _unit(found, "here"))
    rest = _share(guard, found.rest, found.n_rest, population, _unit(found, "rest"))
    if here is None or rest is None:
        return None
    (n_here, share_here), (n_rest, share_rest) = here, rest
    moved = share_here - share_rest - found.difference
    return replace(
        found,
        here=share_here,
        rest=share_rest,
        difference=found.difference + moved,
        low=found.low + moved,
        high=found.high + moved,
        n_here=n_here,
        n_rest=n_rest,
        n_concerned=found.n_concerned + n_here - found.n_here,
    )


def _share(
    guard: Guard, share: float, n: int, population: Population, unit: tuple[str, ...]
) -> tuple[int, float] | None:
    reached = round(share * n)
    told_n = n + guard.noise(n, population, unit)
    told = reached + guard.noise(reached, population, (*unit, "gone on"))
    for count in (reached, n - reached, told, told_n - told):
        if 0 < count < guard.least:
            return None
    told = min(max(told, 0), told_n)
    return told_n, told / told_n


def _felt(found: Candidate, guard: Guard, population: Population) -> Candidate:
    """Move both means by at most 2/n, and tell them to one decimal."""
    unit_here, unit_rest = _unit(found, "here"), _unit(found, "rest")
    if found.kind == "feeling":
        # The same customers as in the tables of feelings: the same number.
        unit_here = scored(population, "touchpoint", str(found.place.touchpoint), found.n_here).unit
    n_here = found.n_here + guard.noise(found.n_here, population, unit_here)
    n_rest = found.n_rest + guard.noise(found.n_rest, population, unit_rest)
    here = round(found.here + guard.shift(found.here, population, unit_here) * FARTHEST / n_here, 1)
    rest = round(found.rest + guard.shift(found.rest, population, unit_rest) * FARTHEST / n_rest, 1)
    moved = here - rest - found.difference
    return replace(
        found,
        here=here,
        rest=rest,
        difference=here - rest,
        low=found.low + moved,
        high=found.high + moved,
        n_here=n_here,
        n_rest=n_rest,
    )


def _unit(found: Candidate, side: str) -> tuple[str, ...]:
    return ("finding", found.kind, *_named(found.place), side)


def _named(place: Place) -> tuple[str, ...]:
    held = (place.stage, place.breakdown, place.value, place.touchpoint, place.from_value, place.to_value, place.start)
    return tuple(str(each) for each in (*held, place.end))
