"""How many customers reach each step, where they leave, and where they go instead."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from journey.analysis.dimensions import named
from journey.analysis.funnel_steps import FunnelRequest, interactions, reached
from journey.analysis.statistics import wilson
from journey.dataset import Dataset
from journey.errors import ArgumentError
from journey.vocabulary import LEFT, STILL_OPEN

__all__ = ["duration_of", "funnel", "lost"]

_FUNNEL_COLUMNS = [
    "step", "customers", "share_of_all", "share_of_first", "share_of_previous", "low", "high", "from_previous",
    "still_open", "lost", "median_seconds", "median_seconds_from_first",
]  # fmt: skip
_DURATION = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>minute|hour|day|week)s?", re.IGNORECASE)


def funnel(
    dataset: Dataset,
    steps: Sequence[str],
    window: datetime.timedelta | str | None = None,
    order: str = "ordered",
    entry: str = "closed",
    by: str = "stage",
    breakdown: str | None = None,
) -> pd.DataFrame:
    """Count customers who reach each of several steps.

    Per customer, across journeys. With closed entry the funnel starts at the customer's first meeting of step 1 and,
    for each step, takes the first meeting after the step before, by `sequence` (ties keep file order). With open entry
    a customer is at every step met, and each pair of steps is looked at by itself, from the first meeting of the
    earlier one.

    Order: `ordered` lets anything happen between two steps; `strict` lets nothing, repeats of the step before aside;
    `any` takes the first k steps in whatever order, each at its first meeting.

    Window: counts from the first step met to the last (open entry: between the two of a pair), the bound included.

    A customer enters in the filters' time window if the first step does; later steps count to the end of the data.

    Parameters
    ----------
    dataset
        Perhaps filtered.
    steps
        At least two different values of `by`.
    window
        The longest time for the whole funnel: a `timedelta`, or a text such as `30 days` or `12 hours`. None: no limit.
    order
        `ordered`, `strict` or `any`.
    entry
        `closed` or `open`.
    by
        `stage`, `touchpoint` or `channel`.
    breakdown
        What customers are told apart by, one of `dataset.breakdowns`.

    Returns
    -------
    pandas.DataFrame
        One row per step; with a breakdown, per value (most customers first) and step.

        - **value** (*str*, only with a breakdown): `(unknown)` where the data do not say.
        - **step** (*str*): as given.
        - **customers** (*int*, ≥ 0): distinct customers who reached the step.
        - **share_of_all** (*float*, [0, 1]): of the filtered customers, with a breakdown of those with the value.
        - **share_of_first** (*float*): of the customers at step 1. With open entry it may exceed 1.
        - **share_of_previous** (*float*, [0, 1]): `from_previous` by the customers at the step before.
        - **low**, **high** (*float*, [0, 1]): Wilson interval of `share_of_previous`, 95 %.
        - **from_previous** (*int*): customers at this step who came from the step before; with closed entry all.
        - **still_open** (*int*, ≥ 0): customers at the step before who have not reached this one and still may: their
          window has not closed at the end of the data; without a window, their last journey is open.
        - **lost** (*int*, ≥ 0): customers at the step before, less `from_previous`, less `still_open`.
        - **median_seconds** (*float*, ≥ 0): from the step before to this one, of those in `from_previous`.
        - **median_seconds_from_first** (*float*, ≥ 0): from the first of the steps; missing with open entry.

        Shares of nobody, and what has no step before, are missing.

    Raises
    ------
    ArgumentError
        When `order`, `entry` or `by` is none of those named, `window` is no length of time, or `steps` has fewer than
        two entries or one twice.
    UnknownNameError
        When a step is no value of `by` in the dataset, or there is no such breakdown.

    Examples
    --------
    >>> import journey, pandas as pd
    >>> log = pd.DataFrame({"customer_id": ["a", "a", "b", "c"], "touchpoint": ["see", "buy", "see", "see"],
    ...                     "timestamp": pd.to_datetime(["2025-01-01", "2025-01-02", "2025-01-03", "2025-06-01"])})
    >>> journey.funnel(journey.load(log), ["see", "buy"], by="touchpoint")[["step", "customers", "still_open", "lost"]]
      step  customers  still_open  lost
    0  see          3           0     0
    1  buy          1           1     1
    """
    request = _request(dataset, steps, window, order, entry, by)
    if breakdown is not None:
        dataset.require_breakdown(breakdown)
    counted = dataset.frame(_counts, request.bound, request=request.shape, breakdown=breakdown)
    bases = dataset.frame(_bases, breakdown=breakdown).set_index("value")["customers"].to_dict()
    tables = [
        _shares(counted[counted["value"] == value], customers, request).assign(value=str(value))
        for value, customers in bases.items()
    ]
    columns = ["value", *_FUNNEL_COLUMNS] if breakdown else _FUNNEL_COLUMNS
    if not tables:
        return pd.DataFrame(columns=columns)
    return pd.concat(tables, ignore_index=True)[columns]


def lost(
    dataset: Dataset,
    steps: Sequence[str],
    window: datetime.timedelta | str | None = None,
    order: str = "ordered",
    entry: str = "closed",
    by: str = "stage",
) -> pd.DataFrame:
    """Count where customers went who reached one step of a funnel but not the next.

    These are the `lost` of `funnel` with the same arguments; customers who may still go on are not among them. Where
    they went is the next thing of the same kind that they met in that journey after reaching the step, repeats of the
    step aside.

    Parameters
    ----------
    dataset, steps, window, order, entry, by
        As `funnel`.

    Returns
    -------
    pandas.DataFrame
        One row per step × where they went, by step, then most customers first.

        - **step** (*str*): the last step reached; never the last of the funnel.
        - **next** (*str*): what they met next; `(left)` when the journey ended there, `(still on their way)` when only
          the window has closed and the journey may go on, `(unknown)` when the data do not say.
        - **customers** (*int*, ≥ 1): distinct customers.
        - **share_of_lost** (*float*, (0, 1]): of all lost after this step.

    Raises
    ------
    ArgumentError, UnknownNameError
        As `funnel`.

    Examples
    --------
    >>> import journey, pandas as pd
    >>> log = pd.DataFrame({"customer_id": ["a", "a", "b", "c"], "touchpoint": ["see", "buy", "see", "help"],
    ...                     "timestamp": pd.to_datetime(["2025-01-01", "2025-01-02", "2025-01-03", "2025-06-01"])})
    >>> journey.lost(journey.load(log), ["see", "buy"], by="touchpoint")
      step    next  customers  share_of_lost
    0  see  (left)          1            1.0
    """
    request = _request(dataset, steps, window, order, entry, by)
    went = dataset.frame(_went, request.bound, request=request.shape)
    names = named(went["next"]).mask(went["ends"], LEFT).mask(went["ends"] & went["is_open"], STILL_OPEN)
    counted = went.assign(next=names).groupby(["place", "next"])["customers"].sum().reset_index()
    counted["share_of_lost"] = counted["customers"] / counted.groupby("place")["customers"].transform("sum")
    counted = counted.sort_values(["place", "customers", "next"], ascending=[True, False, True], ignore_index=True)
    counted["step"] = counted["place"].map(dict(enumerate(request.steps, start=1))).astype("str")
    return counted[["step", "next", "customers", "share_of_lost"]]


def duration_of(argument: str, value: datetime.timedelta | str | None) -> datetime.timedelta | None:
    """Read a length of time: a `timedelta`, or a text such as `30 days`.

    Examples
    --------
    >>> duration_of("window", "12 hours")
    datetime.timedelta(seconds=43200)
    """
    if value is None:
        return None
    if isinstance(value, datetime.timedelta):
        length = value
    else:
        # A bare number would not say of what.
        parsed = _DURATION.fullmatch(str(value).strip())
        if parsed is None:
            raise ArgumentError.bad_duration(argument, value)
        length = datetime.timedelta(**{f"{parsed['unit'].lower()}s": float(parsed["number"])})
    if length < datetime.timedelta(seconds=1):
        raise ArgumentError.bad_duration(argument, value)
    # A plain one in whole seconds: pandas' own kind of timedelta means the same.
    return datetime.timedelta(seconds=int(length.total_seconds()))


def _request(
    dataset: Dataset, steps: Sequence[str], window: datetime.timedelta | str | None, order: str, entry: str, by: str
) -> FunnelRequest:
    request = FunnelRequest(tuple(steps), duration_of("window", window), order, entry, by)
    request.require_possible(dataset)
    return request


def _shares(counted: pd.DataFrame, all_customers: int, request: FunnelRequest) -> pd.DataFrame:
    places = pd.Index(range(1, len(request.steps) + 1))
    rows = counted.set_index("place").reindex(places)
    counts = ["customers", "from_previous", "may_go_on", "went_on"]
    rows[counts] = rows[counts].fillna(0).astype("int64")
    previous = rows["customers"].shift()
    rows["still_open"] = (rows["may_go_on"].shift() - rows["went_on"]).fillna(0).astype("int64")
    rows["lost"] = (previous - rows["from_previous"] - rows["still_open"]).fillna(0).astype("int64")
    rows["share_of_all"] = rows["customers"] / (all_customers or np.nan)
    rows["share_of_first"] = rows["customers"] / (rows["customers"].iloc[0] or np.nan)
    rows["share_of_previous"] = rows["from_previous"] / previous.where(previous > 0)
    rows["low"], rows["high"] = wilson(rows["from_previous"], previous)
    return rows.assign(step=pd.Series(request.steps, index=places, dtype="str"))


# --- Expressions -----------------------------------------------------------------------------------------------------


def _counts(dataset: Dataset, request: FunnelRequest, breakdown: str | None) -> ir.Table:
    rows = reached(dataset, request)
    if breakdown is None:
        rows = rows.mutate(value=ibis.literal(""))
    else:
        members = dataset.members(breakdown)
        rows = rows.inner_join(members, "customer_key")
    return rows.group_by(["value", "place"]).aggregate(
        customers=rows.count(),
        from_previous=rows.from_previous.sum(),
        may_go_on=rows.may_go_on.sum(),
        went_on=(rows.from_previous & rows.could_go_on).sum(),
        median_seconds=rows.waited_seconds.median(),
        median_seconds_from_first=rows.total_seconds.median(where=rows.place > 1),
    )


def _bases(dataset: Dataset, breakdown: str | None) -> ir.Table:
    customers = dataset.table("customers")
    if breakdown is None:
        return customers.aggregate(customers=customers.count()).mutate(value=ibis.literal(""))
    members = dataset.members(breakdown)
    of_value = customers.select("customer_key").inner_join(members, "customer_key")
    return of_value.group_by("value").aggregate(customers=of_value.count()).order_by(ibis.desc("customers"), "value")


def _went(dataset: Dataset, request: FunnelRequest) -> ir.Table:
    stood = reached(dataset, request)
    stays = stood.filter(stood.place < len(request.steps), ~stood.may_go_on)
    went_on = stood.filter(stood.from_previous).select("customer_key", came_from=stood.place - 1)
    gone = stays.anti_join(went_on, [stays.customer_key == went_on.customer_key, stays.place == went_on.came_from])
    rows = interactions(dataset, request.by)
    at_step = gone.select("customer_key", "sequence", "place").inner_join(rows, ["customer_key", "sequence"])
    later, found = rows.view(), rows.view()
    same_journey = [at_step.customer_key == later.customer_key, at_step.journey == later.journey]
    something_else = [later.sequence > at_step.sequence, ~later.value.identical_to(at_step.value)]
    pairs = at_step.left_join(later, [*same_journey, *something_else]).select(
        at_step.customer_key, at_step.place, at_step.is_open, next_sequence=later.sequence
    )
    following = pairs.group_by(["customer_key", "place", "is_open"]).aggregate(next_sequence=pairs.next_sequence.min())
    same = [following.customer_key == found.customer_key, following.next_sequence == found.sequence]
    went = following.left_join(found, same).select(
        following.place, following.is_open, next=found.value, ends=following.next_sequence.isnull()
    )
    return went.group_by(["place", "is_open", "next", "ends"]).aggregate(customers=went.count())
