"""Cuts by who the customers are: a group against the rest, for good or for some weeks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from journey.analysis.finding_candidates import Candidate, Place, compared_candidate, within_strata
from journey.analysis.finding_log import DAY, Bools, Coded, Floats, Ints, Log, Passages
from journey.analysis.statistics import difference_of_shares, two_sided
from journey.vocabulary import MINIMUM_BASE, SILENCE_DAYS, Z_95

WEEK = 7 * DAY
#: 1 January 1970 was a Thursday; weeks begin on Monday.
_FIRST_MONDAY = 4 * DAY
#: A stretch is looked for among up to so many weeks in a row; over longer data the steps are wider.
LONGEST_STRETCH, MOST_STEPS = 10, 110
#: Under so many expected on either side the normal approximation is too rough far out in its tails.
FEWEST_EXPECTED = 5
NEARLY_AS_CLEAR = 0.95


def group_cuts(log: Log) -> Iterator[Candidate]:
    """Compare, stage by stage, the share going on of each group with that of all others."""
    for level, stage in enumerate(log.stages[:-1]):
        here = log.passages.at(level)
        if len(here.row) < 2 * MINIMUM_BASE:
            continue
        for breakdown, values in log.groups.items():
            yield from _groups_of(log, here, level, stage, breakdown, values)


def _groups_of(log: Log, here: Passages, level: int, stage: str, breakdown: str, values: Coded) -> Iterator[Candidate]:
    codes = values.codes[here.customer]
    known = codes >= 0
    n = np.bincount(codes[known], minlength=len(values.names))
    gone_on = np.bincount(codes[known], here.has_gone_on[known], minlength=len(values.names))
    n_rest, gone_on_rest = known.sum() - n, gone_on.sum() - gone_on
    difference, low, high, p_value = difference_of_shares(gone_on, n, gone_on_rest, n_rest)
    for code in np.flatnonzero((n >= MINIMUM_BASE) & (n_rest >= MINIMUM_BASE)):
        yield Candidate(
            kind="group",
            place=Place(stage=stage, breakdown=breakdown, value=values.names[code]),
            here=float(gone_on[code] / n[code]),
            rest=float(gone_on_rest[code] / n_rest[code]),
            difference=float(difference[code]),
            low=float(low[code]),
            high=float(high[code]),
            p_value=float(p_value[code]),
            n_here=int(n[code]),
            n_rest=int(n_rest[code]),
            customers=here.customer[codes == code],
            n_concerned=float(n[code]),
            worth=float(log.worth_of_going_on[level]),
        )


def feeling_group_cuts(log: Log) -> Iterator[Candidate]:
    """Compare the feelings of each group with those of all others at the same touchpoints."""
    rows = np.flatnonzero(~np.isnan(log.emotion))
    felt, customer, touchpoint = log.emotion[rows], log.customer[rows], log.named["touchpoint"].codes[rows]
    for breakdown, values in log.groups.items():
        codes = values.codes[customer]
        known = codes >= 0
        for code, value in enumerate(values.names):
            is_here = codes[known] == code
            found = within_strata(felt[known], is_here, touchpoint[known], customer[known])
            if found is not None and found.has_base:
                yield replace(
                    compared_candidate("feeling_of_group", Place(breakdown=breakdown, value=value), found),
                    customers=np.flatnonzero(values.codes == code),
                )


@dataclass(frozen=True)
class _Calendar:
    """Equal steps of whole weeks, from Monday, UTC."""

    begins: float
    seconds: float
    n_steps: int

    @classmethod
    def of(cls, log: Log) -> _Calendar | None:
        # The first weeks hold only journeys that were quick to end, for the slow ones began before the data.
        first = float(log.time.min()) + SILENCE_DAYS * DAY
        begins = _FIRST_MONDAY + np.ceil((first - _FIRST_MONDAY) / WEEK) * WEEK
        n_weeks = int((log.end - begins) // WEEK)
        if n_weeks < 4:
            return None
        weeks_per_step = -(-n_weeks // MOST_STEPS)
        return cls(float(begins), weeks_per_step * WEEK, n_weeks // weeks_per_step)

    def step_of(self, times: Floats) -> Ints:
        steps = np.floor((times - self.begins) / self.seconds).astype(np.int64)
        return np.where((steps >= 0) & (steps < self.n_steps), steps, -1)


def stretch_cuts(log: Log) -> Iterator[Candidate]:
    """Look for weeks in a row in which a group goes on less than at other times, while the others keep their pace.

    A passage counts in the week of its last interaction. For each group the clearest stretch is told; its p-value is
    multiplied by the number of stretches looked at (Bonferroni), so that choosing among them finds nothing by itself.
    """
    calendar = _Calendar.of(log)
    if calendar is None:
        return
    for level, stage in enumerate(log.stages[:-1]):
        here = log.passages.at(level)
        steps = calendar.step_of(here.last_time)
        # Later on only the slow ones of those who began in time are left.
        steps = np.where(here.last_time <= log.end - log.horizons[level], steps, -1)
        chosen = steps >= 0
        if chosen.sum() < 4 * MINIMUM_BASE:
            continue
        everyone = np.ones(len(steps), dtype=bool)
        yield from _clearest(log, calendar, here, level, Place(stage=stage), everyone & chosen, chosen & False, steps)
        for breakdown, values in log.groups.items():
            codes = values.codes[here.customer]
            for code, value in enumerate(values.names):
                is_group = (codes == code) & chosen
                if is_group.sum() >= 2 * MINIMUM_BASE:
                    place = Place(stage=stage, breakdown=breakdown, value=value)
                    others = chosen & (codes >= 0) & ~is_group
                    yield from _clearest(log, calendar, here, level, place, is_group, others, steps)


@dataclass(frozen=True)
class _Sums:
    """Passages, and those that went on, within every stretch and outside it."""

    n: Floats
    gone_on: Floats
    n_outside: Floats
    gone_on_outside: Floats

    @classmethod
    def of(cls, steps: Ints, has_gone_on: Bools, n_steps: int, starts: Ints, ends: Ints) -> _Sums:
        n = np.append(0, np.cumsum(np.bincount(steps, minlength=n_steps)))
        gone_on = np.append(0, np.cumsum(np.bincount(steps, has_gone_on, minlength=n_steps)))
        inside, gone_on_inside = n[ends] - n[starts], gone_on[ends] - gone_on[starts]
        return cls(inside, gone_on_inside, n[-1] - inside, gone_on[-1] - gone_on_inside)

    @property
    def difference(self) -> Floats:
        return self.gone_on / np.maximum(self.n, 1) - self.gone_on_outside / np.maximum(self.n_outside, 1)

    @property
    def pooled(self) -> Floats:
        return (self.gone_on + self.gone_on_outside) / np.maximum(self.n + self.n_outside, 1)

    @property
    def variance(self) -> Floats:
        return self.pooled * (1 - self.pooled) * (1 / np.maximum(self.n, 1) + 1 / np.maximum(self.n_outside, 1))


def _clearest(
    log: Log,
    calendar: _Calendar,
    here: Passages,
    level: int,
    place: Place,
    is_group: Bools,
    is_other: Bools,
    steps: Ints,
) -> Iterator[Candidate]:
    longest = min(LONGEST_STRETCH, calendar.n_steps // 2)
    starts = np.repeat(np.arange(calendar.n_steps), longest)
    ends = starts + np.tile(np.arange(1, longest + 1), calendar.n_steps)
    starts, ends = starts[ends <= calendar.n_steps], ends[ends <= calendar.n_steps]
    group, other = (
        _Sums.of(steps[chosen], here.has_gone_on[chosen], calendar.n_steps, starts, ends)
        for chosen in (is_group, is_other)
    )
    expected = group.n * group.pooled
    enough = (group.n >= MINIMUM_BASE) & (group.n_outside >= MINIMUM_BASE) & (expected >= FEWEST_EXPECTED)
    enough &= group.n - expected >= FEWEST_EXPECTED
    variance = group.variance + other.variance
    difference = group.difference - other.difference
    if other.n_outside[:1].sum() > 0:
        enough &= (other.n >= MINIMUM_BASE) & (other.n_outside >= MINIMUM_BASE)
    z = np.where(enough & (variance > 0), difference / np.sqrt(np.where(variance > 0, variance, 1)), 0.0)
    if z.min(initial=0.0) >= 0:
        return
    # Nearly as clear and shorter says better when it was.
    nearly = np.flatnonzero(z <= NEARLY_AS_CLEAR * z.min())
    best = int(nearly[np.lexsort((z[nearly], (ends - starts)[nearly]))[0]])
    start, end = int(starts[best]), int(ends[best])
    share = float(group.gone_on[best] / group.n[best])
    usual = float(group.gone_on_outside[best] / group.n_outside[best])
    # What the others did at the same time is what would have been expected of the group.
    expected_share = float(np.clip(usual + other.difference[best], 0, 1))
    variance_here = share * (1 - share) / group.n[best] + usual * (1 - usual) / group.n_outside[best]
    error = float(np.sqrt(variance_here + other.variance[best]))
    yield Candidate(
        kind="stretch",
        place=Place(
            stage=place.stage,
            breakdown=place.breakdown,
            value=place.value,
            start=calendar.begins + start * calendar.seconds,
            end=calendar.begins + end * calendar.seconds,
        ),
        here=share,
        rest=expected_share,
        difference=float(difference[best]),
        low=float(difference[best]) - Z_95 * error,
        high=float(difference[best]) + Z_95 * error,
        p_value=min(1.0, float(two_sided(z[best])) * int(enough.sum())),
        n_here=int(group.n[best]),
        n_rest=int(group.n_outside[best]),
        customers=here.customer[is_group & (steps >= start) & (steps < end)],
        n_concerned=float(group.n[best]),
        worth=float(log.worth_of_going_on[level]),
    )
