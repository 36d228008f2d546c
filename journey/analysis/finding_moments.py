"""Cuts by what customers meet: a touchpoint, a wait, a change of device, a return, and how it feels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from journey.analysis.finding_candidates import Candidate, Compared, Place, compared_candidate, within_strata
from journey.analysis.finding_log import Floats, Ints, Log
from journey.analysis.statistics import two_sided
from journey.vocabulary import MINIMUM_BASE, Z_95

#: A touchpoint met by more of those who go on is a step on the way: it tells no more than that they went on.
SHARE_OF_A_STEP_ON_THE_WAY = 2 / 3
#: Passages are compared with those of as many interactions, beyond so many with those of about as many.
EXACT_UP_TO = 12
SHORTEST_WAIT_SECONDS = 6 * 3600.0
LONG_WAIT_QUANTILE = 2 / 3
MOST_STEPS_TOLD_APART = 6


def touchpoint_cuts(log: Log) -> Iterator[Candidate]:
    """Compare who met a touchpoint before going on, or not, with those of as many interactions who did not.

    Steps on the way, like the forms before a purchase, neither are told nor count among the interactions.
    """
    rows = np.flatnonzero(log.passage_of_row >= 0)
    names = log.named["touchpoint"].names
    pairs, n_times = np.unique(
        log.passage_of_row[rows] * len(names) + log.named["touchpoint"].codes[rows], return_counts=True
    )
    passage, touchpoint = np.divmod(pairs, max(len(names), 1))
    level_of_pair = log.passages.level[passage]
    for level in range(len(log.stages) - 1):
        at = level_of_pair == level
        if (log.passages.level == level).sum() >= 2 * MINIMUM_BASE:
            yield from _touchpoints_of(log, level, passage[at], touchpoint[at], n_times[at])


def _touchpoints_of(log: Log, level: int, passage: Ints, touchpoint: Ints, n_times: Ints) -> Iterator[Candidate]:
    here = np.flatnonzero(log.passages.level == level)
    passage = np.searchsorted(here, passage)
    gone_on, customer = log.passages.has_gone_on[here], log.passages.customer[here]
    names = log.named["touchpoint"].names
    n_met = np.bincount(touchpoint, minlength=len(names))
    n_met_gone_on = np.bincount(touchpoint, gone_on[passage], minlength=len(names))
    on_the_way = n_met_gone_on > SHARE_OF_A_STEP_ON_THE_WAY * max(gone_on.sum(), 1)
    others = np.bincount(passage, n_times * ~on_the_way[touchpoint], minlength=len(here))
    strata = _as_many(np.asarray(others, dtype=np.float64))
    for code in np.flatnonzero(~on_the_way & (n_met >= MINIMUM_BASE) & (len(here) - n_met >= MINIMUM_BASE)):
        has_met = np.zeros(len(here), dtype=bool)
        has_met[passage[touchpoint == code]] = True
        outcome = gone_on.astype(np.float64)
        found = within_strata(outcome, has_met, strata, customer)
        plain = within_strata(outcome, has_met, np.zeros(len(here), dtype=np.int64), customer)
        if found is not None and found.has_base and plain is not None:
            # A difference that only the comparison makes, or that it turns round, is not told: both must hold.
            agree = plain.difference * found.difference > 0
            yield replace(
                compared_candidate("touchpoint", Place(stage=log.stages[level], touchpoint=names[code]), found),
                p_value=max(plain.p_value, found.p_value) if agree else 1.0,
                customers=customer[has_met],
                n_concerned=float(n_met[code]),
                worth=float(log.worth_of_going_on[level]),
            )


def _as_many(counts: Floats) -> Ints:
    n_interactions = counts.astype(np.int64)
    wide = EXACT_UP_TO + np.floor(4 * np.log2(np.maximum(n_interactions, 1) / EXACT_UP_TO)).astype(np.int64)
    return np.where(n_interactions <= EXACT_UP_TO, n_interactions, wide)


def switch_cuts(log: Log) -> Iterator[Candidate]:
    """Compare who changes the device, or the channel, within a stage with who stays on it at the same point.

    The base are customers whose next interaction belongs to the same journey and stage; the outcome is going on after
    that. Compared are those at the same touchpoint on the same device, after as many interactions in the stage.
    """
    if len(log.customer) < 2 or not len(log.passages.row):
        return
    same = _followed_within_stage(log)
    step = np.minimum(np.arange(len(log.customer)) - log.passages.row[log.passage_of_row], MOST_STEPS_TOLD_APART)
    for named in ("device", "channel"):
        codes = log.named[named].codes
        following = np.append(codes[1:], -1)
        rows = np.flatnonzero(same & (codes >= 0) & (following >= 0))
        for level, stage in enumerate(log.stages[:-1]):
            at = rows[log.passages.level[log.passage_of_row[rows]] == level]
            if len(at) < 2 * MINIMUM_BASE:
                continue
            outcome = log.passages.has_gone_on[log.passage_of_row[at]].astype(np.float64)
            strata = _crossed(log.named["touchpoint"].codes[at], codes[at], step[at])
            for origin, target in _changes(codes[at], following[at]) if named == "device" else [(-1, -1)]:
                base = np.ones(len(at), dtype=bool)
                changes = codes[at] != following[at]
                if origin >= 0:
                    base = (codes[at] == origin) & ((following[at] == target) | ~changes)
                found = within_strata(outcome[base], changes[base], strata[base], log.customer[at][base])
                if found is None or not found.has_base:
                    continue
                names = log.named[named].names
                place = Place(
                    stage=stage,
                    breakdown=named,
                    from_value=names[origin] if origin >= 0 else None,
                    to_value=names[target] if target >= 0 else None,
                )
                yield replace(
                    compared_candidate("switch", place, found),
                    customers=np.unique(log.customer[at][base & changes]),
                    n_concerned=float(found.n_here),
                    worth=float(log.worth_of_going_on[level]),
                )


def _followed_within_stage(log: Log) -> np.ndarray:
    passage = log.passage_of_row
    following = np.append(passage[1:], -1)
    same_journey = np.append(log.journey[1:] == log.journey[:-1], False)
    return np.asarray((passage >= 0) & (following == passage) & same_journey)


def _crossed(*codes: Ints) -> Ints:
    crossed = codes[0] * 0
    for each in codes:
        crossed = crossed * (int(each.max(initial=0)) + 2) + each + 1
    return crossed


def _changes(origin: Ints, target: Ints) -> list[tuple[int, int]]:
    pairs, counts = np.unique(np.column_stack([origin, target])[origin != target], axis=0, return_counts=True)
    return [(int(a), int(b)) for (a, b), n in zip(pairs, counts, strict=True) if n >= MINIMUM_BASE]


def wait_cuts(log: Log) -> Iterator[Candidate]:
    """Compare the longest third of the waits after a touchpoint with the shorter ones.

    Whoever waits long has less time and perhaps less interest; so the difference is told beyond the one that equally
    long waits make after the other touchpoints of the stage.
    """
    rows = np.flatnonzero((log.passage_of_row >= 0) & ~np.isnan(log.gap))
    touchpoints = log.named["touchpoint"]
    for level, stage in enumerate(log.stages[:-1]):
        at = rows[log.passages.level[log.passage_of_row[rows]] == level]
        if len(at) < 4 * MINIMUM_BASE:
            continue
        outcome = log.passages.has_gone_on[log.passage_of_row[at]].astype(np.float64)
        codes, gap, customer = touchpoints.codes[at], log.gap[at], log.customer[at]
        for code in np.flatnonzero(np.bincount(codes, minlength=len(touchpoints.names)) >= 2 * MINIMUM_BASE):
            is_there = codes == code
            threshold = float(np.quantile(gap[is_there], LONG_WAIT_QUANTILE))
            if threshold < SHORTEST_WAIT_SECONDS:
                continue
            found = _beyond_others(outcome, gap > threshold, is_there, codes, customer)
            if found is not None and found.has_base:
                place = Place(stage=stage, touchpoint=touchpoints.names[code], seconds=threshold)
                yield replace(
                    compared_candidate("wait", place, found),
                    customers=np.unique(customer[is_there & (gap > threshold)]),
                    n_concerned=float(found.n_here),
                    worth=float(log.worth_of_going_on[level]),
                )


def _beyond_others(
    outcome: Floats, is_long: np.ndarray, is_there: np.ndarray, touchpoint: Ints, customer: Ints
) -> Compared | None:
    there = within_strata(outcome[is_there], is_long[is_there], touchpoint[is_there], customer[is_there])
    if there is None:
        return None
    away = ~is_there
    others = within_strata(outcome[away], is_long[away], touchpoint[away], customer[away])
    if others is None or not others.has_base:
        return None
    difference = there.difference - others.difference
    error = float(np.hypot(there.high - there.low, others.high - others.low)) / (2 * Z_95)
    p_value = float(two_sided(difference / error)) if error > 0 else 1.0
    return replace(
        there, difference=difference, low=difference - Z_95 * error, high=difference + Z_95 * error, p_value=p_value
    )


def feeling_cuts(log: Log) -> Iterator[Candidate]:
    """Compare how a touchpoint feels with all other answers."""
    rows = np.flatnonzero(~np.isnan(log.emotion))
    felt, customer = log.emotion[rows], log.customer[rows]
    touchpoints = log.named["touchpoint"]
    codes = touchpoints.codes[rows]
    everywhere = np.zeros(len(rows), dtype=np.int64)
    for code in np.flatnonzero(np.bincount(codes, minlength=len(touchpoints.names)) >= MINIMUM_BASE):
        found = within_strata(felt, codes == code, everywhere, customer)
        if found is not None and found.has_base:
            yield replace(
                compared_candidate("feeling", Place(touchpoint=touchpoints.names[code]), found),
                customers=np.unique(customer[codes == code]),
            )


def feeling_after_wait_cuts(log: Log) -> Iterator[Candidate]:
    """Compare how the next touchpoint feels after a long and after a shorter wait."""
    if len(log.customer) < 2 or not len(log.passages.row):
        return
    felt_next = np.append(log.emotion[1:], np.nan)
    rows = np.flatnonzero(~np.isnan(log.gap) & ~np.isnan(felt_next))
    touchpoints = log.named["touchpoint"]
    codes, next_codes = touchpoints.codes[rows], touchpoints.codes[rows + 1]
    for code in np.flatnonzero(np.bincount(codes, minlength=len(touchpoints.names)) >= 2 * MINIMUM_BASE):
        at = codes == code
        gap = log.gap[rows][at]
        threshold = float(np.quantile(gap, LONG_WAIT_QUANTILE))
        if threshold < SHORTEST_WAIT_SECONDS:
            continue
        found = within_strata(felt_next[rows][at], gap > threshold, next_codes[at], log.customer[rows][at])
        if found is not None and found.has_base:
            place = Place(touchpoint=touchpoints.names[code], seconds=threshold)
            yield replace(
                compared_candidate("feeling_after_wait", place, found),
                customers=np.unique(log.customer[rows][at][gap > threshold]),
            )


def return_cuts(log: Log) -> Iterator[Candidate]:
    """Compare what brings customers back after a long silence with what they meet otherwise."""
    starts_again = np.append(False, (log.journey[1:] > log.journey[:-1]) & (log.customer[1:] == log.customer[:-1]))
    if starts_again.sum() < MINIMUM_BASE:
        return
    touchpoints = log.named["touchpoint"]
    everywhere = np.zeros(len(log.customer), dtype=np.int64)
    returns = np.flatnonzero(starts_again)
    for code in np.flatnonzero(
        np.bincount(touchpoints.codes[returns], minlength=len(touchpoints.names)) >= MINIMUM_BASE
    ):
        is_met = touchpoints.codes == code
        found = within_strata(is_met.astype(np.float64), starts_again, everywhere, log.customer)
        if found is not None and found.has_base:
            back = np.unique(log.customer[returns[is_met[returns]]])
            yield replace(
                compared_candidate("return", Place(touchpoint=touchpoints.names[code]), found),
                customers=back,
                n_concerned=np.nan,
            )
