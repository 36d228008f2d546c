"""How many customers reach the goal, and how long it takes them."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir

from journey.analysis.dimensions import known_names
from journey.analysis.statistics import wilson
from journey.dataset import Dataset
from journey.errors import UnknownNameError
from journey.language import _


@dataclass(frozen=True)
class TimeToGoal:
    """How many customers reached a goal, and how long it took them; shares and times are NaN when unknown.

    Attributes
    ----------
    goal
        Stage or touchpoint; None when the data have no stages and none was chosen.
    customers
        The base: customers with an interaction in the window.
    reached
        Those who met the goal in it.
    still_open
        Those who did not, but whose journey may go on.
    share_of_all, low, high
        `reached` by `customers`, with its Wilson interval, 95 %.
    median_seconds
        From a customer's first interaction of all to the first meeting of the goal in the window.
    """

    goal: str | None
    customers: int
    reached: int
    still_open: int
    share_of_all: float
    low: float
    high: float
    median_seconds: float


def time_to_goal(dataset: Dataset, goal: str | None = None) -> TimeToGoal:
    """Count customers who reach a goal, and measure the time from their first interaction to it.

    Parameters
    ----------
    dataset
        Perhaps filtered.
    goal
        A stage or a touchpoint; a name that is both is taken as the stage. None: the dataset's own goal.

    Raises
    ------
    UnknownNameError
        When the goal is neither a stage nor a touchpoint of the dataset.

    Examples
    --------
    >>> import journey, pandas as pd
    >>> log = pd.DataFrame({"customer_id": ["a", "a", "b"], "touchpoint": ["see", "buy", "see"],
    ...                     "timestamp": pd.to_datetime(["2025-01-01", "2025-01-03", "2025-06-01"])})
    >>> found = time_to_goal(journey.load(log), goal="buy")
    >>> found.reached, found.still_open, found.share_of_all, found.median_seconds / 86_400
    (1, 1, 0.5, 2.0)
    """
    goal = goal if goal is not None else dataset.facts.goal
    by = "touchpoint" if goal is None else _dimension_of(dataset, goal)
    [row] = dataset.run(_reached, goal=goal, by=by).to_pylist()
    n_reached, n_open = int(row["reached"] or 0), int(row["still_open"] or 0)
    share = n_reached / row["customers"] if row["customers"] and goal is not None else float("nan")
    low, high = wilson(n_reached, row["customers"])
    median = float("nan") if row["median_seconds"] is None else row["median_seconds"]
    if goal is None:
        low = high = low * float("nan")
    return TimeToGoal(goal, row["customers"], n_reached, n_open, share, float(low), float(high), median)


def _dimension_of(dataset: Dataset, goal: str) -> str:
    if goal in dataset.stages:
        return "stage"
    touchpoints = known_names(dataset, "touchpoint")
    if goal not in touchpoints:
        raise UnknownNameError.among(_("goal"), goal, [*dataset.stages, *touchpoints])
    return "touchpoint"


def _reached(dataset: Dataset, goal: str | None, by: str) -> ir.Table:
    steps = dataset.table("steps")
    is_goal = (steps[by] == goal).fill_null(False)
    met = steps.group_by("customer_key").aggregate(
        goal_timestamp=steps.timestamp.min(where=is_goal), is_open=(steps.is_open & steps.next_timestamp.isnull()).any()
    )
    customers = dataset.engine.table("customers")
    begun, ended = customers.first_timestamp.epoch_seconds(), met.goal_timestamp.epoch_seconds()
    measured = met.inner_join(customers, met.customer_key == customers.customer_key).select(
        met.goal_timestamp, met.is_open, seconds=ended.cast("float64") - begun.cast("float64")
    )
    is_reached = measured.goal_timestamp.notnull()
    return measured.aggregate(
        customers=measured.count(),
        reached=is_reached.sum(),
        still_open=(measured.is_open & ~is_reached).sum(),
        median_seconds=measured.seconds.median(),
    )
