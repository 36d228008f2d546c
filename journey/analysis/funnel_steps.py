"""Who reaches which step of a funnel: the expressions behind funnels, by order and entry."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import ibis
import ibis.expr.types as ir

from journey.analysis.dimensions import require_dimension, require_names
from journey.dataset import Dataset, parameter
from journey.errors import ArgumentError

ORDERS: Final = ("ordered", "strict", "any")
ENTRIES: Final = ("closed", "open")
DIMENSIONS: Final = ("stage", "touchpoint", "channel")


@dataclass(frozen=True)
class FunnelRequest:
    """The arguments of a funnel, checked once."""

    steps: tuple[str, ...]
    window: datetime.timedelta | None
    order: str
    entry: str
    by: str

    @property
    def limit(self) -> ir.IntervalScalar:
        """The window as it stands in an expression."""
        return parameter("window_seconds", "int64").as_interval("s")

    @property
    def shape(self) -> FunnelRequest:
        """The same with the names of parameters for its steps and window: funnels of one shape share their SQL."""
        names = tuple(f"step_{place}" for place in range(1, len(self.steps) + 1))
        return replace(self, steps=names, window=None if self.window is None else datetime.timedelta(0))

    @property
    def bound(self) -> dict[str, object]:
        """The values of these parameters."""
        seconds = int(self.window.total_seconds()) if self.window is not None else None
        return {**dict(zip(self.shape.steps, self.steps, strict=True)), "window_seconds": seconds}

    def require_possible(self, dataset: Dataset) -> None:
        require_dimension(self.by, DIMENSIONS)
        for argument, value, allowed in (("order", self.order, ORDERS), ("entry", self.entry, ENTRIES)):
            if value not in allowed:
                raise ArgumentError.not_one_of(argument, value, allowed)
        if len(self.steps) < 2:
            raise ArgumentError.too_few("steps", len(self.steps), 2)
        for position, step in enumerate(self.steps):
            if step in self.steps[:position]:
                raise ArgumentError.given_twice("steps", step)
        require_names(dataset, self.by, self.steps)


def reached(dataset: Dataset, request: FunnelRequest) -> ir.Table:
    """Tell which customers reached which step: one row per customer and step.

    `place` of the step, from 1; `customer_key`; `sequence` of the interaction that reached it; `from_previous`, whether
    the step before was reached, too; `waited_seconds` since it and `total_seconds` since the first step, missing where
    there is none; `may_go_on`, whether the next step may still come, and `could_go_on`, what that was at the step
    before.
    """
    if request.entry == "open":
        rows = _placed(_open_levels(dataset, request))
    elif request.order == "any":
        rows = _placed(_any_levels(dataset, request))
        rows = rows.mutate(arrived=rows.timestamp)
    else:
        rows = _placed(_chained_levels(dataset, request))
        rows = rows.mutate(arrived=rows.timestamp, previous_anchor=rows.anchor)
    if request.window is not None:
        # At the end of the data their window has not closed.
        may_go_on = rows.anchor + request.limit > dataset.facts.last
        could_go_on = (rows.previous_anchor + request.limit > dataset.facts.last).fill_null(False)
    else:
        rows = _with_open_journeys(dataset, rows)
        may_go_on = could_go_on = rows.has_open_journey
    is_closed = request.entry == "closed"
    return rows.select(
        "place",
        "customer_key",
        "sequence",
        from_previous=rows.previous_timestamp.notnull(),
        waited_seconds=_seconds(rows.previous_timestamp, rows.arrived),
        total_seconds=_seconds(rows.anchor, rows.arrived) if is_closed else ibis.null("float64"),
        may_go_on=may_go_on,
        could_go_on=could_go_on,
    )


def interactions(dataset: Dataset, by: str) -> ir.Table:
    """Interactions from the window's first day to the end of the data, with the `value` of a dimension.

    The first step must lie in the window; what follows may lie behind its end, or a window would turn slow customers
    into lost ones.
    """
    steps = replace(dataset, filters=replace(dataset.filters, end=None)).table("steps")
    return steps.select("customer_key", "sequence", "timestamp", "journey", "is_open", value=steps[by])


def _placed(levels: list[ir.Table]) -> ir.Table:
    # Columns that only a later level has are left out here and not by `drop` before: a table that is used twice is
    # worked out once only if it is used as it stands.
    columns = levels[0].columns
    return ibis.union(
        *[level.select(*columns, place=ibis.literal(place, "int32")) for place, level in enumerate(levels, start=1)]
    )


# --- The three ways through. A level is who stands at one step. -------------------------------------------------------
# All have `sequence` and `timestamp` of the meeting, `previous_timestamp` of the step before, and `anchor`, from which
# windows count. Where it differs, `previous_anchor` is the anchor of the step before, and `arrived` the meeting that
# followed it, as with open entry a step may have been met before, too.


def _chained_levels(dataset: Dataset, request: FunnelRequest) -> list[ir.Table]:
    """Closed entry, ordered or strict: from the first meeting of step 1, each step after the one before.

    Joins chained on `sequence`: windows nested in windows take ten times as long.
    """
    rows = interactions(dataset, request.by)
    levels = [_entries(dataset, rows, request.steps[0])]
    for previous, step in pairwise(request.steps):
        levels.append(_following(rows, levels[-1], request, previous, step))
    return levels


def _any_levels(dataset: Dataset, request: FunnelRequest) -> list[ir.Table]:
    """Closed entry, any order: the first k steps, each at its first meeting, within the window of the earliest."""
    rows = interactions(dataset, request.by)
    first = _entries(dataset, rows, request.steps[0])
    levels = [first.mutate(previous_anchor=first.previous_timestamp)]
    for step in request.steps[1:]:
        before, met = levels[-1], _first(rows, step)
        level = before.inner_join(met, "customer_key").select(
            "customer_key",
            sequence=ibis.greatest(before.sequence, met.met_sequence),
            timestamp=ibis.greatest(before.timestamp, met.met_timestamp),
            previous_timestamp=before.timestamp,
            this_timestamp=met.met_timestamp,
            previous_anchor=before.anchor,
        )
        # A step of its own: joins that follow one another directly become one join, worked out anew for each level.
        level = level.mutate(anchor=ibis.least(level.previous_anchor, level.this_timestamp))
        if request.window is not None:
            level = level.filter(level.timestamp <= level.anchor + request.limit)
        levels.append(level)
    return levels


def _open_levels(dataset: Dataset, request: FunnelRequest) -> list[ir.Table]:
    """Open entry: whoever meets a step is at it; who comes from the step before is marked."""
    rows = interactions(dataset, request.by)
    first = _entries(dataset, rows, request.steps[0])
    levels = [first.mutate(arrived=first.timestamp, previous_anchor=first.previous_timestamp)]
    for previous, step in pairwise(request.steps):
        before, met = levels[-1], _entries(dataset, rows, step)
        if request.order == "any":
            following = _beside(before, _first(rows, step), request)
        else:
            following = _following(rows, before, request, previous, step)
        either = following.select(met.columns).union(met)
        comes_from_previous = either.previous_timestamp.notnull()
        level = either.group_by("customer_key").aggregate(
            sequence=either.sequence.min(),
            timestamp=either.timestamp.min(),
            previous_timestamp=either.previous_timestamp.min(),
            arrived=ibis.greatest(either.timestamp.min(where=comes_from_previous), either.previous_timestamp.min()),
        )
        levels.append(level.mutate(anchor=level.timestamp, previous_anchor=level.previous_timestamp))
    return levels


# --- One step --------------------------------------------------------------------------------------------------------


def _first(rows: ir.Table, step: str) -> ir.Table:
    # The smallest sequence is also the earliest in time, so two minima describe one interaction.
    met = rows.filter(rows.value == parameter(step, "string"))
    return met.group_by("customer_key").aggregate(met_sequence=met.sequence.min(), met_timestamp=met.timestamp.min())


def _entries(dataset: Dataset, rows: ir.Table, step: str) -> ir.Table:
    first = _first(rows, step)
    _start, end = dataset.window_bounds
    entries = first.filter(first.met_timestamp < end) if end is not None else first
    return entries.select(
        "customer_key",
        sequence=entries.met_sequence,
        timestamp=entries.met_timestamp,
        previous_timestamp=ibis.null(entries.met_timestamp.type()),
        anchor=entries.met_timestamp,
    )


def _following(rows: ir.Table, before: ir.Table, request: FunnelRequest, previous: str, step: str) -> ir.Table:
    """First meeting of a step after the one before; with strict order only if nothing lies between but repeats."""
    met = rows.filter(rows.value == parameter(step, "string"))
    later = [before.customer_key == met.customer_key, met.sequence > before.sequence]
    if request.window is not None:
        later.append(met.timestamp <= before.anchor + request.limit)
    pairs = before.inner_join(met, later, rname="met_{name}")
    following = pairs.group_by("customer_key").aggregate(
        sequence=pairs.met_sequence.min(),
        timestamp=pairs.met_timestamp.min(),
        previous_timestamp=pairs.timestamp.min(),
        anchor=pairs.anchor.min(),
        previous_sequence=pairs.sequence.min(),
    )
    if request.order == "strict":
        return _directly(following, rows.filter(rows.value == parameter(previous, "string")))
    return following


def _directly(following: ir.Table, repeats: ir.Table) -> ir.Table:
    """Keep those between whose two steps every interaction, as `sequence` counts them, repeats the earlier step."""
    repeats = repeats.select("customer_key", repeat=repeats.sequence)
    between = [
        following.customer_key == repeats.customer_key,
        repeats.repeat >= following.previous_sequence,
        repeats.repeat < following.sequence,
    ]
    pairs = following.inner_join(repeats, between)
    # Constant per customer; grouping by the key alone is several times as fast as by all of them.
    constants = {name: pairs[name].min() for name in following.columns if name != "customer_key"}
    counted = pairs.group_by("customer_key").aggregate(**constants, n_repeats=pairs.count())
    return counted.filter(counted.n_repeats == counted.sequence - counted.previous_sequence)


def _beside(before: ir.Table, met: ir.Table, request: FunnelRequest) -> ir.Table:
    """Whoever meets the step too, before or after the other one, each at its first meeting."""
    both = before.inner_join(met, "customer_key").select(
        "customer_key",
        sequence=met.met_sequence,
        timestamp=met.met_timestamp,
        previous_timestamp=before.timestamp,
        anchor=met.met_timestamp,
    )
    if request.window is None:
        return both
    return both.filter(
        both.timestamp <= both.previous_timestamp + request.limit,
        both.previous_timestamp <= both.timestamp + request.limit,
    )


def _with_open_journeys(dataset: Dataset, rows: ir.Table) -> ir.Table:
    steps = interactions(dataset, "touchpoint")
    on_their_way = steps.filter(steps.is_open).select(open_key=steps.customer_key).distinct()
    joined = rows.left_join(on_their_way, rows.customer_key == on_their_way.open_key)
    return joined.mutate(has_open_journey=joined.open_key.notnull())


def _seconds(earlier: ir.TimestampValue, later: ir.TimestampValue) -> ir.FloatingValue:
    return later.epoch_seconds().cast("float64") - earlier.epoch_seconds().cast("float64")
