"""What findings are looked for in: the steps as arrays, and the customers' passages from stage to stage.

A customer's *level* is the furthest stage met so far. A *passage* begins with the interaction that raises the level
and ends before the one that raises it again; the customer then has gone on. Everyone is given the same time: nine of
ten who go on from a level do so within its horizon (at least 30 days), and only passages whose horizon has passed by
the end of the data are looked at, so that nobody on the way counts as lost. Revenue after the beginning of a passage
is summed over the same time for all at a level: the shortest time any of them is followed, at most a year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from journey.dataset import UNKNOWN_VALUE, Dataset
from journey.vocabulary import SILENCE_DAYS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

DAY = 86_400.0
#: Beyond this, findings are looked for in a sample of the customers; 2 million interactions take 0.3 GB.
LARGEST_LOG = 2_000_000
#: Share of those who go on that do so within the horizon.
SHARE_WITHIN_HORIZON = 0.9
#: Revenue is followed at most so long.
LONGEST_FOLLOW_UP = 365 * DAY
#: What customers are told apart by: the rarer values of a breakdown are not looked at.
MOST_GROUPS = 20

_NAMED = ("touchpoint", "channel", "device")


@dataclass(frozen=True)
class Coded:
    """Text values as codes; −1 stands for missing."""

    codes: Ints
    names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Passages:
    """One entry per passage whose horizon has passed; `row` and `last_row` say where it begins and ends in the log."""

    number: Ints
    customer: Ints
    level: Ints
    row: Ints
    last_row: Ints
    n_interactions: Ints
    has_gone_on: Bools
    last_time: Floats
    revenue_after: Floats

    def at(self, level: int) -> Passages:
        chosen = self.level == level
        return Passages(**{name: held[chosen] for name, held in vars(self).items()})


@dataclass(frozen=True, eq=False)
class Log:
    """Interactions as arrays, sorted by customer and sequence; customers are numbered from 0."""

    stages: tuple[str, ...]
    customer: Ints
    time: Floats
    stage: Ints
    gap: Floats
    journey: Ints
    emotion: Floats
    revenue: Floats
    named: Mapping[str, Coded]
    groups: Mapping[str, Coded]
    n_customers: int
    #: One customer looked at stands for so many.
    weight: float
    end: float

    @cached_property
    def starts_customer(self) -> Bools:
        return np.append(True, self.customer[1:] != self.customer[:-1])

    @cached_property
    def _levels(self) -> Ints:
        """The furthest stage met up to and with each interaction, −1 before the first known one."""
        # Customers ascend, so one running maximum serves all when each is lifted above the one before.
        lift = self.customer * (len(self.stages) + 2)
        return np.maximum.accumulate(lift + self.stage + 1) - lift - 1

    @cached_property
    def _begins_passage(self) -> Bools:
        before = np.append(-1, self._levels[:-1])
        before[self.starts_customer] = -1
        return np.asarray(self._levels > before)

    @cached_property
    def passage_number(self) -> Ints:
        """The number of the passage each interaction belongs to; −1 before the first known stage."""
        numbers = np.cumsum(self._begins_passage) - 1
        return np.where(self._levels >= 0, numbers, -1)

    @cached_property
    def _goes_on_at(self) -> tuple[Ints, Ints, Floats]:
        """Of every passage: its first row, its level, and when the next one of the customer begins (or never)."""
        rows = np.flatnonzero(self._begins_passage)
        times, customers = self.time[rows], self.customer[rows]
        following = np.append(times[1:], np.inf)
        is_last = np.append(customers[1:] != customers[:-1], True) if len(rows) else np.zeros(0, bool)
        return rows, self._levels[rows], np.where(is_last, np.inf, following)

    @cached_property
    def horizons(self) -> Floats:
        """Seconds within which going on from each stage counts."""
        rows, levels, goes_on_at = self._goes_on_at
        taken = goes_on_at - self.time[rows]
        found = np.full(len(self.stages), SILENCE_DAYS * DAY)
        for level in range(len(self.stages)):
            known = taken[(levels == level) & np.isfinite(taken)]
            if len(known):
                found[level] = max(found[level], float(np.quantile(known, SHARE_WITHIN_HORIZON)))
        return found

    @cached_property
    def passages(self) -> Passages:
        rows, levels, goes_on_at = self._goes_on_at
        horizon = self.horizons[levels]
        begins = self.time[rows]
        has_gone_on = goes_on_at - begins <= horizon
        # Interactions up to going on or to the horizon: later ones can't have helped.
        belongs = np.flatnonzero(self.passage_number >= 0)
        number = self.passage_number[belongs]
        in_time = self.time[belongs] - begins[number] <= horizon[number]
        counted, number = belongs[in_time], number[in_time]
        n_interactions = np.bincount(number, minlength=len(rows))
        last_row = np.zeros(len(rows), dtype=np.int64)
        last_row[number] = counted
        # Who is met far along as soon as the data begin was so before: when that began isn't known.
        began_before = (levels > 0) & self.starts_customer[rows] & (begins < self.time.min() + SILENCE_DAYS * DAY)
        is_closed = (begins <= self.end - horizon) & (levels < len(self.stages) - 1) & ~began_before
        chosen = np.flatnonzero(is_closed)
        return Passages(
            number=chosen,
            customer=self.customer[rows][chosen],
            level=levels[chosen],
            row=rows[chosen],
            last_row=last_row[chosen],
            n_interactions=n_interactions[chosen],
            has_gone_on=has_gone_on[chosen],
            last_time=self.time[last_row[chosen]],
            revenue_after=self._revenue_after(rows[chosen], levels[chosen]),
        )

    def _revenue_after(self, rows: Ints, levels: Ints) -> Floats:
        """Sum what is paid after each row by its customer, over the time in which all at its level are followed."""
        followed = np.full(len(self.stages), LONGEST_FOLLOW_UP)
        np.minimum.at(followed, levels, self.end - self.time[rows])
        # Customers ascend and so do their times: lifted above the one before, one search finds the ends of all.
        first = self.time.min(initial=np.inf)
        lift = self.customer * (float(np.ptp(self.time)) + LONGEST_FOLLOW_UP + DAY)
        moments = lift + self.time - first
        ends = np.searchsorted(moments, moments[rows] + followed[levels], side="right")
        paid = np.append(0.0, np.cumsum(np.nan_to_num(self.revenue)))
        return np.asarray(paid[ends] - paid[rows + 1], dtype=np.float64)

    @cached_property
    def passage_of_row(self) -> Ints:
        """The place in `passages` of the passage an interaction belongs to in time; −1 for none."""
        n_all = len(self._goes_on_at[0])
        place = np.full(n_all + 1, -1)
        place[self.passages.number] = np.arange(len(self.passages.number))
        places = place[self.passage_number]
        last_row = np.append(self.passages.last_row, -1)[places]
        return np.where(np.arange(len(places)) <= last_row, places, -1)

    @cached_property
    def has_revenue(self) -> bool:
        return not bool(np.isnan(self.revenue).all())

    @cached_property
    def worth_of_going_on(self) -> Floats:
        """For each stage, by how much revenue after it is higher of those who go on; without revenue 1, a customer.

        NaN, no price, where nobody goes on or those who do pay no more.
        """
        if not self.has_revenue:
            return np.ones(len(self.stages))
        values = np.full(len(self.stages), np.nan)
        for level in range(len(self.stages)):
            here = self.passages.at(level)
            if here.has_gone_on.any():
                stayed = here.revenue_after[~here.has_gone_on]
                gained = here.revenue_after[here.has_gone_on].mean() - (stayed.mean() if len(stayed) else 0.0)
                values[level] = gained if gained > 0 else np.nan
        return values


def log_of(dataset: Dataset) -> Log | None:
    """Read a dataset's steps into arrays; None when there are none."""
    n_interactions = dataset.summary.interactions
    if not n_interactions:
        return None
    one_in = max(1, -(-n_interactions // LARGEST_LOG))
    table = dataset.run(_rows, one_in=one_in)
    keys = _numbers(table, "customer_key")
    unique_keys, customer = np.unique(keys, return_inverse=True)
    rank = {stage: position for position, stage in enumerate(dataset.stages)}
    stage = _coded(table, "stage")
    ranks = np.array([*(rank.get(name, -1) for name in stage.names), -1], dtype=np.int64)
    window_end = dataset.window[1]
    seen_until = min(dataset.facts.last, window_end) if window_end else dataset.facts.last
    return Log(
        stages=dataset.stages,
        customer=customer.astype(np.int64),
        time=_numbers(table, "seconds"),
        stage=ranks[stage.codes],
        gap=_numbers(table, "seconds_to_next"),
        journey=_numbers(table, "journey").astype(np.int64),
        emotion=_numbers(table, "emotion"),
        revenue=_numbers(table, "revenue"),
        named=MappingProxyType({name: _coded(table, name) for name in _NAMED}),
        groups=MappingProxyType(_groups(dataset, unique_keys, one_in)),
        n_customers=len(unique_keys),
        weight=float(one_in),
        end=(seen_until - _EPOCH).total_seconds(),
    )


_EPOCH = np.datetime64("1970-01-01").astype("datetime64[us]").item()


def _rows(dataset: Dataset, one_in: int) -> ir.Table:
    steps = dataset.table("steps")
    if one_in > 1:
        steps = steps.filter(steps.customer_key % one_in == 0)
    chosen = steps.select(
        "customer_key",
        "sequence",
        "stage",
        *_NAMED,
        "seconds_to_next",
        "journey",
        seconds=steps.timestamp.epoch_seconds().cast("float64"),
        emotion=steps.emotion.cast("float64"),
        revenue=steps.revenue.cast("float64"),
    )
    return chosen.order_by("customer_key", "sequence")


def _numbers(table: pa.Table, column: str) -> Floats:
    return np.asarray(table.column(column).to_numpy(zero_copy_only=False), dtype=np.float64)


def _coded(table: pa.Table, column: str) -> Coded:
    """Number texts by their order in the alphabet, so that the answer does not hang on the order of the rows."""
    encoded = table.column(column).cast(pa.string()).combine_chunks().dictionary_encode()
    names = [str(name) for name in encoded.dictionary.to_pylist()]
    order = np.argsort(np.array(names, dtype=object)) if names else np.zeros(0, dtype=np.int64)
    place = np.empty(len(names) + 1, dtype=np.int64)
    place[order], place[-1] = np.arange(len(names)), -1
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return Coded(place[codes], tuple(names[position] for position in order))


def _groups(dataset: Dataset, keys: Floats, one_in: int) -> dict[str, Coded]:
    # Personas were made from what is counted here, the stage reached is the outcome itself: a test would be circular.
    breakdowns = tuple(name for name in dataset.breakdowns if name not in ("persona", "stage_reached"))
    table = dataset.run(_group_values, breakdowns=breakdowns, one_in=one_in)
    held = _numbers(table, "customer_key")
    place = np.searchsorted(keys, held)
    place = np.where((place < len(keys)) & (keys[np.minimum(place, len(keys) - 1)] == held), place, len(keys))
    groups = {}
    for breakdown in breakdowns:
        values = _coded(table, breakdown)
        codes = np.full(len(keys) + 1, -1)
        codes[place] = values.codes
        groups[breakdown] = _frequent(Coded(codes[:-1], values.names))
    return groups


def _group_values(dataset: Dataset, breakdowns: tuple[str, ...], one_in: int) -> ir.Table:
    customers = dataset.table("customers")
    if one_in > 1:
        customers = customers.filter(customers.customer_key % one_in == 0)
    columns = {name: customers[dataset.breakdowns[name]].cast("string") for name in breakdowns}
    return customers.select("customer_key", **columns)


def _frequent(values: Coded) -> Coded:
    """Keep the most frequent values; the rest and the unknown count as others."""
    known = [name != UNKNOWN_VALUE for name in values.names]
    counts = np.bincount(values.codes[values.codes >= 0], minlength=len(values.names)) * np.array(known, dtype=np.int64)
    kept = np.sort(np.argsort(-counts, kind="stable")[:MOST_GROUPS])
    kept = kept[counts[kept] > 0]
    place = np.full(len(values.names) + 1, -1)
    place[kept] = np.arange(len(kept))
    return Coded(place[values.codes], tuple(values.names[position] for position in kept))
