"""One cut that was looked at: who, where, how they differ from whom, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from journey.analysis.finding_log import Bools, Floats, Ints
from journey.analysis.statistics import two_sided
from journey.vocabulary import MINIMUM_BASE, Z_95

#: Kinds of findings about a mean feeling; all others are about shares.
FEELS = ("feeling", "feeling_of_group", "feeling_after_wait")
NOBODY = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Place:
    """Where a cut was made; what does not apply is missing. `start`, `end` are whole weeks in seconds since 1970."""

    stage: str | None = None
    breakdown: str | None = None
    value: str | None = None
    touchpoint: str | None = None
    from_value: str | None = None
    to_value: str | None = None
    start: float | None = None
    end: float | None = None
    seconds: float | None = None


@dataclass(frozen=True, eq=False)
class Candidate:
    """A difference between customers here and the rest, in the outcome of its kind.

    `here` and `rest` are shares of customers, or mean feelings; `difference` = here − rest, customers alike compared
    where the kind says so. `customers` are those here, by number, for finding out which cuts say the same.
    """

    kind: str
    place: Place
    here: float
    rest: float
    difference: float
    low: float
    high: float
    p_value: float
    n_here: int
    n_rest: int
    customers: Ints = field(default_factory=lambda: NOBODY)
    #: Customers concerned by it, and what one of them going on is worth, see `Log.worth_of_going_on` (NaN: no price).
    n_concerned: float = np.nan
    worth: float = np.nan


@dataclass(frozen=True)
class Compared:
    """Two arms compared within strata."""

    here: float
    difference: float
    low: float
    high: float
    p_value: float
    n_here: int
    n_rest: int

    @property
    def has_base(self) -> bool:
        return min(self.n_here, self.n_rest) >= MINIMUM_BASE


def compared_candidate(kind: str, place: Place, found: Compared) -> Candidate:
    """Tell a comparison within strata; the rest is what would have been expected here."""
    rest = found.here - found.difference
    return Candidate(
        kind=kind,
        place=place,
        here=found.here,
        # Made by subtraction, a share may fall beyond 0 or 1.
        rest=rest if kind in FEELS else min(max(rest, 0.0), 1.0),
        difference=found.difference,
        low=found.low,
        high=found.high,
        p_value=found.p_value,
        n_here=found.n_here,
        n_rest=found.n_rest,
    )


def within_strata(
    outcome: Floats, exposed: Bools, strata: Ints, customer: Ints, n_minimum: int = MINIMUM_BASE
) -> Compared | None:
    """Compare exposed observations with the others of the same stratum; customers are the independent units.

    The difference is the coefficient of `exposed` in a least-squares fit with an effect per stratum, that is the mean
    of the strata's differences weighted by n₁n₀/n (Mantel and Haenszel's weights). Its variance adds up each customer's
    contributions before squaring (K.-Y. Liang and S. L. Zeger, Biometrika 73 (1986), 13–22); the test takes the
    residuals under no difference. Strata with one arm only say nothing and are left out. None when no
    stratum is left, or either arm has fewer than `n_minimum` observations.
    """
    n_exposed = int(np.count_nonzero(exposed))
    if min(n_exposed, len(exposed) - n_exposed) < n_minimum:
        return None
    apart = _from_stratum_mean(exposed.astype(np.float64), strata)
    counts = np.abs(apart) > 1e-12
    if not counts.any():
        return None
    apart, strata, customer = apart[counts], strata[counts], customer[counts]
    outcome, is_here = outcome[counts], exposed[counts]
    residual = _from_stratum_mean(outcome, strata)
    information = float(apart @ apart)
    difference = float(apart @ residual) / information
    error = _clustered(apart * (residual - difference * apart), customer) / information
    null_error = _clustered(apart * residual, customer) / information
    z = difference / null_error if null_error > 0 else 0.0
    return Compared(
        here=float(outcome[is_here].mean()),
        difference=difference,
        low=difference - Z_95 * error,
        high=difference + Z_95 * error,
        p_value=float(two_sided(z)),
        n_here=int(np.count_nonzero(np.bincount(customer, is_here))),
        n_rest=int(np.count_nonzero(np.bincount(customer, ~is_here))),
    )


def _from_stratum_mean(values: Floats, strata: Ints) -> Floats:
    counts: Floats = np.maximum(np.bincount(strata), 1.0)
    means: Floats = np.bincount(strata, values) / counts
    return np.asarray(values - means[strata], dtype=np.float64)


def _clustered(scores: Floats, customer: Ints) -> float:
    sums = np.bincount(customer, scores)
    n_customers = int(np.count_nonzero(np.bincount(customer)))
    return float(np.sqrt((sums @ sums) * n_customers / max(n_customers - 1, 1)))
