"""What to look at first: differences found by looking at many cuts, ranked by what they cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

import numpy as np
import pandas as pd

from journey.analysis.finding_candidates import FEELS, Candidate
from journey.analysis.finding_groups import feeling_group_cuts, group_cuts, stretch_cuts
from journey.analysis.finding_log import DAY, Bools, Floats, Ints, Log, log_of
from journey.analysis.finding_moments import (
    feeling_after_wait_cuts,
    feeling_cuts,
    return_cuts,
    switch_cuts,
    touchpoint_cuts,
    wait_cuts,
)
from journey.analysis.finding_words import evidence, finding_text, stretch_days, where
from journey.analysis.statistics import false_discovery_adjusted
from journey.dataset import Dataset

#: Expected share of false ones among the findings.
FALSE_DISCOVERIES = 0.05
#: Smaller differences are trifles, however sure: 5 points of a share, 0.4 on −2 … +2.
SMALLEST_SHARE_DIFFERENCE, SMALLEST_FEELING_DIFFERENCE = 0.05, 0.4
SMALLEST_SHARE_OF_RETURNS = 0.1
#: Two cuts of a stage whose customers are as alike say one thing (correlation of belonging to them).
SAME_CUSTOMERS = 0.5
#: A touchpoint that makes up less of all interactions is compared as if it made up so much.
SMALLEST_SHARE_OF_MEETINGS = 0.001
#: Neither a feeling nor a way back has a price; these come after so many priced findings.
MOMENTS_COME_AFTER = 5

_CUTS: tuple[Callable[[Log], Iterator[Candidate]], ...] = (
    group_cuts,
    stretch_cuts,
    touchpoint_cuts,
    switch_cuts,
    wait_cuts,
    return_cuts,
    feeling_cuts,
    feeling_group_cuts,
    feeling_after_wait_cuts,
)
#: Of these only losses are told: who changes or waits and yet goes on more often was on the way already.
_ONLY_LOSSES = ("switch", "wait", "stretch")
_UNPRICED = ("feeling", "return")

COLUMNS = (
    "finding", "kind", "where", "customers", "cost", "low", "high", "cost_unit", "evidence", "stage", "touchpoint",
    "breakdown", "value", "from_value", "to_value", "start", "end", "here", "rest", "difference", "difference_low",
    "difference_high", "rest_customers", "p_value", "adjusted_p",
)  # fmt: skip


def findings(dataset: Dataset, protect: Protect | None = None) -> pd.DataFrame:
    """Find where customers leave, stall or feel otherwise than the rest, the costliest first.

    A customer's level is the furthest stage met; going on is meeting a later one within the horizon of the level (the
    time in which nine of ten who go on do, at least 30 days). Only customers whose horizon has passed by the end of the
    data count, so that nobody on the way counts as lost. Looked at, stage by stage: every group (first channel, first
    device, attributes) against the rest; weeks in a row in which a group goes on less than at other times while the
    others keep their pace (p-values times the number of stretches looked at); who met a touchpoint against those of
    as many interactions who did not; who changes device or channel within the stage against who stays, at the same
    touchpoint and step; the longest third of the waits after a touchpoint, beyond what equal waits do elsewhere.
    Besides: how each touchpoint feels against all other answers, how groups feel at the same touchpoints, how it feels
    after a long wait, and through what silent customers come back. Personas are not tested: they were made from what
    would be compared.

    Customers are the independent units, at least 30 on either side. The p-values of all cuts looked at are adjusted
    together and once more within each kind (Benjamini and Hochberg; the larger counts), and told up to 0.05, from a
    difference of 5 points (0.4 for feelings) on. Cuts of the same customers are told once. All of these are
    associations: what goes together, not what causes what.

    Parameters
    ----------
    dataset
        Perhaps filtered; then only its customers and days are looked at.
    protect
        Passes on what may be told of a cut, with the figures that may be told, before its sentence is made; None: the
        finding is left out. Which cuts are findings, and their order, is decided before.

    Returns
    -------
    DataFrame
        One row per finding: finding (a sentence), kind (`group`, `stretch`, `touchpoint`, `switch`, `wait`, `return`,
        `feeling`, `feeling_of_group`, `feeling_after_wait`), where (touchpoint or stage), customers (n here), cost with
        low and high (|difference| × customers × what going on is worth: by how much revenue after it is higher of those
        who go on, over the same time for all; without revenue, customers; missing for feelings and returns, and where
        those who go on pay no more), cost_unit (`money`, `customers` or missing), evidence (JSON: page and settings),
        stage, touchpoint, breakdown, value, from_value, to_value, start and end (days of a stretch; missing where they
        do not apply), here and rest (share going on, share of returns, or mean feeling), difference with
        difference_low and difference_high (95 %), rest_customers, p_value, adjusted_p. Gains are told, too:
        `difference` is positive.

    Examples
    --------
    >>> import journey, pandas as pd
    >>> log = pd.DataFrame({"customer_id": ["a"], "timestamp": ["2025-01-01"], "touchpoint": ["see"]})
    >>> len(journey.findings(journey.load(log)))
    0
    """
    log = log_of(dataset)
    if log is None:
        return pd.DataFrame(columns=list(COLUMNS))
    told, horizons = found_in(log), log.horizons / DAY
    if protect is not None:
        told = [(allowed, p) for found, p in told if (allowed := protect(found)) is not None]
        horizons = np.array([float(f"{days:.2g}") for days in horizons])
    horizon_of = dict(zip(log.stages, horizons, strict=True))
    rows = [_row(found, adjusted, dataset, log, horizon_of.get(found.place.stage or "")) for found, adjusted in told]
    return pd.DataFrame(rows, columns=list(COLUMNS))


#: What may be told of a cut; None: nothing.
Protect = Callable[[Candidate], Candidate | None]
Sure = tuple[Candidate, float]
Bases = dict[str, Ints]


def found_in(log: Log) -> list[Sure]:
    """Look at all cuts of a log; each finding with its adjusted p-value, in the order in which they are told."""
    looked_at = list(chain.from_iterable(cut(log) for cut in _CUTS))
    adjusted = _adjusted(looked_at)
    sure = [(each, float(p)) for each, p in zip(looked_at, adjusted, strict=True) if p <= FALSE_DISCOVERIES]
    told = [(each, p) for each, p in sure if _is_worth_telling(each)]
    return _ordered(_distinct(_one_per_time(told), log))


def _adjusted(looked_at: Sequence[Candidate]) -> Floats:
    """Adjust p-values among all cuts, and among those of their kind: clear ones of one kind must not carry another."""
    p_values = np.array([each.p_value for each in looked_at], dtype=np.float64)
    adjusted = false_discovery_adjusted(p_values)
    kinds = np.array([each.kind for each in looked_at])
    for kind in np.unique(kinds):
        alike = kinds == kind
        adjusted[alike] = np.maximum(adjusted[alike], false_discovery_adjusted(p_values[alike]))
    return adjusted


def _is_worth_telling(found: Candidate) -> bool:
    if found.kind in FEELS:
        return abs(found.difference) >= SMALLEST_FEELING_DIFFERENCE
    if found.kind in _ONLY_LOSSES and found.difference > 0:
        return False
    if found.kind == "return":
        return found.difference >= SMALLEST_SHARE_OF_RETURNS and found.here >= 2 * found.rest
    return abs(found.difference) >= SMALLEST_SHARE_DIFFERENCE


def _one_per_time(told: Sequence[Sure]) -> list[Sure]:
    """Keep, of stretches that overlap at one stage, the clearest: whom something befell, not their neighbours."""
    kept: list[Sure] = []
    for each in sorted(told, key=lambda sure: (sure[0].p_value, -abs(sure[0].difference))):
        if each[0].kind == "stretch" and any(_overlap(each[0], other) for other, _p in kept):
            continue
        kept.append(each)
    return kept


def _overlap(one: Candidate, other: Candidate) -> bool:
    if other.kind != "stretch" or one.place.stage != other.place.stage:
        return False
    starts, ends = (one.place.start or 0.0, other.place.start or 0.0), (one.place.end or 0.0, other.place.end or 0.0)
    return max(starts) < min(ends)


def _distinct(told: Sequence[Sure], log: Log) -> list[Sure]:
    """Tell what concerns the same customers once, in its costliest form."""
    kept: list[tuple[Sure, Bools]] = []
    bases = {stage: np.unique(log.passages.at(level).customer) for level, stage in enumerate(log.stages)}
    n_moments = {"lowest": 0, "highest": 0, "return": 0}
    for each in sorted(told, key=lambda sure: _rank(sure[0])):
        found = each[0]
        if found.kind in _UNPRICED:
            # One lowest and one highest moment, and the one way back that stands out most.
            end = found.kind if found.kind == "return" else "lowest" if found.difference < 0 else "highest"
            n_moments[end] += 1
            if n_moments[end] > 1:
                continue
        belongs = np.zeros(log.n_customers, dtype=bool)
        belongs[found.customers] = True
        if not any(_says_the_same(found, belongs, other[0], others, bases) for other, others in kept):
            kept.append((each, belongs))
    return [each for each, _belongs in kept]


def _says_the_same(found: Candidate, belongs: Bools, other: Candidate, others: Bools, bases: Bases) -> bool:
    place, known = found.place, other.place
    if (found.kind, place.breakdown, place.value, place.touchpoint, place.from_value, place.to_value) == (
        other.kind, known.breakdown, known.value, known.touchpoint, known.from_value, known.to_value,
    ):  # fmt: skip
        return found.kind != "stretch" or place.stage == known.stage
    if found.kind in FEELS or other.kind in FEELS or place.stage != known.stage or place.stage is None:
        return False
    base = bases[place.stage]
    return abs(_correlation(belongs[base], others[base])) >= SAME_CUSTOMERS


def _correlation(one: Bools, other: Bools) -> float:
    a, b = one.mean(), other.mean()
    spread = np.sqrt(a * (1 - a) * b * (1 - b))
    return float(((one & other).mean() - a * b) / spread) if spread > 0 else 0.0


def _rank(found: Candidate) -> tuple[float, float, str]:
    """Order by cost; what has no price comes last, the greater difference first."""
    cost = _cost(found, abs(found.difference))
    times = found.here / max(found.rest, SMALLEST_SHARE_OF_MEETINGS) if found.kind == "return" else 0.0
    return (-cost if np.isfinite(cost) else np.inf, -times or -abs(found.difference), repr(found.place))


def _cost(found: Candidate, difference: float) -> float:
    return difference * found.n_concerned * found.worth


def _ordered(told: Sequence[Sure]) -> list[Sure]:
    moments = [each for each in told if each[0].kind in _UNPRICED]
    others = [each for each in told if each[0].kind not in _UNPRICED]
    n_priced = sum(np.isfinite(_cost(found, found.difference)) for found, _p in others)
    n_before = min(n_priced, MOMENTS_COME_AFTER)
    return [*others[:n_before], *moments, *others[n_before:]]


def _row(
    found: Candidate, adjusted: float, dataset: Dataset, log: Log, horizon_days: float | None
) -> dict[str, object]:
    place = found.place
    horizon = np.nan if horizon_days is None else float(horizon_days)
    first, last = stretch_days(place, dataset) if found.kind == "stretch" else (None, None)
    # The ends of the interval as sizes of the loss or gain; 0 where it reaches past no difference.
    sign = 1.0 if found.difference > 0 else -1.0
    ends = sorted(max(sign * end, 0.0) for end in (found.low, found.high))
    cost = _cost(found, abs(found.difference))
    return {
        "finding": finding_text(found, dataset, horizon),
        "kind": found.kind,
        "where": where(place),
        "customers": found.n_here,
        "cost": cost * log.weight,
        "low": _cost(found, ends[0]) * log.weight,
        "high": _cost(found, ends[1]) * log.weight,
        "cost_unit": ("money" if log.has_revenue else "customers") if np.isfinite(cost) else None,
        "evidence": evidence(found, dataset, horizon),
        "stage": place.stage,
        "touchpoint": place.touchpoint,
        "breakdown": place.breakdown,
        "value": place.value,
        "from_value": place.from_value,
        "to_value": place.to_value,
        "start": first,
        "end": last,
        "here": found.here,
        "rest": found.rest,
        "difference": found.difference,
        "difference_low": found.low,
        "difference_high": found.high,
        "rest_customers": found.n_rest,
        "p_value": found.p_value,
        "adjusted_p": adjusted,
    }
