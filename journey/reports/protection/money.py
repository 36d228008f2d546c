"""Where an amount of money may be told: not where one customer paid much of it, or another amount would tell it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from journey.reports.protection.cells import Population
from journey.reports.protection.parts import Parts, everybody_of, persona_populations
from journey.reports.protection.rounding import known, records
from journey.reports.protection.suppression import Line, Size, complemented
from journey.reports.views import Collected, View

#: One customer's part of an amount that is told is at most this large.
LARGEST_SHARE: Final = 1 / 3


@dataclass(frozen=True)
class Purse:
    """The revenue of some customers: all of it, and the part of it that the largest one paid."""

    revenue: float
    largest_share: float
    is_told: bool = True

    @property
    def is_known(self) -> bool:
        """Whether there is revenue in the data."""
        return not math.isnan(self.revenue)

    @property
    def is_shared(self) -> bool:
        """Whether somebody paid, and nobody more of it than may be told of one."""
        return self.is_known and self.largest_share <= LARGEST_SHARE

    def may_tell(self, part: float | None) -> bool:
        """Tell whether a part of the revenue may be told, if all that the largest customer paid lay in it."""
        if not self.is_told or part is None or pd.isna(part):
            return False
        return self.largest_share * abs(self.revenue) <= LARGEST_SHARE * abs(part)


def purses(collected: Collected, parts: Sequence[Parts], too_small: AbstractSet[Population]) -> dict[Population, Purse]:
    """Lay out the revenue of the views and personas, and choose which of it is told; never all but one of a cut."""
    found = {everybody_of(view).population: _of_view(view) for view in collected.views}
    found = {**_of_personas(collected), **found}
    hidden = {population for population, purse in found.items() if population in too_small or not purse.is_shared}
    lines = [Line((each.whole.population,), tuple(cell.population for cell in each.groups)) for each in parts]
    amounts = {population: _size(purse) for population, purse in found.items() if purse.is_known}
    lines = [line for line in lines if all(population in amounts for side in line for population in side)]
    hidden = complemented(amounts, lines, hidden & amounts.keys(), least=1)
    return {
        population: replace(purse, is_told=purse.is_known and population not in hidden)
        for population, purse in found.items()
    }


def _size(purse: Purse) -> Size:
    amount = max(1, round(abs(purse.revenue)))
    return Size(amount, amount)


def _of_view(view: View) -> Purse:
    figures = view.tables.figures
    revenue = figures.loc[figures["figure"] == "revenue", "value"].astype("float64")
    return Purse(float(revenue.sum(min_count=1)), view.tables.largest_share_of_revenue)


def _of_personas(collected: Collected) -> dict[Population, Purse]:
    profiles = collected.whole.tables.profiles
    if profiles is None:
        return {}
    populations = persona_populations(collected)
    return {
        populations[row["persona"]]: Purse(known(row["revenue"]), known(row["largest_share_of_revenue"]))
        for row in records(profiles)
    }
