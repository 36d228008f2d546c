"""How it feels: the curve over the stages, its peak and end, and what customers wrote."""

from __future__ import annotations

import ibis.expr.types as ir
import pandas as pd

from journey.analysis.dimensions import named, require_dimension
from journey.analysis.feelings import clustered_sums, felt_by_customer, with_feeling
from journey.analysis.quotes import quotes
from journey.dataset import Dataset
from journey.vocabulary import MINIMUM_BASE, NOT_KNOWN

__all__ = ["emotion", "moments", "peak_and_end", "quotes"]

_MEASURES = ["emotion", "low", "high", "n_scored", "interactions", "customers", "customers_scored"]


def emotion(dataset: Dataset, by: str = "stage", breakdown: str | None = None) -> pd.DataFrame:
    """Average what customers felt, stage by stage.

    The plain mean of all scored interactions; an unscored one counts as nothing, never as 0. The interval is clustered
    by customer (`journey.analysis.statistics.mean_interval_from_moments`), and cut at the ends of the scale.

    Parameters
    ----------
    dataset
        Perhaps filtered.
    by
        `stage`, `touchpoint`, `channel` or `device`.
    breakdown
        What customers are told apart by, one of `dataset.breakdowns`.

    Returns
    -------
    pandas.DataFrame
        With a breakdown per value, most customers first: one row per stage in order, also where nobody was; by another
        dimension one row per value that occurs, most customers first, `(unknown)` last. Interactions without a stage
        are in no stage's row.

        - **value** (*str*, only with a breakdown): `(unknown)` where the data do not say.
        - **stage** (or touchpoint, channel, device; *str*).
        - **emotion** (*float*, −2 … +2): missing when nothing is scored.
        - **low**, **high** (*float*, −2 … +2): its interval, 95 %; missing with fewer than two scored customers.
        - **n_scored** (*int*, ≥ 0), **interactions** (*int*, ≥ 0): scored interactions, all interactions.
        - **customers** (*int*, ≥ 0): distinct customers with an interaction here.
        - **customers_scored** (*int*, ≥ 0): those with a scored one.

    Raises
    ------
    ArgumentError
        When `by` is none of the four.
    UnknownNameError
        When there is no such breakdown.

    Examples
    --------
    >>> import journey, pandas as pd
    >>> log = pd.DataFrame({"customer_id": ["a", "b", "c"], "touchpoint": ["chat"] * 3, "emotion": [2.0, -1.0, None],
    ...                     "stage": ["adoption"] * 3, "timestamp": pd.to_datetime(["2025-01-01"] * 3)})
    >>> journey.emotion(journey.load(log))[["stage", "emotion", "n_scored", "customers"]]
          stage  emotion  n_scored  customers
    0  adoption      0.5         2          3
    """
    require_dimension(by)
    if breakdown is not None:
        dataset.require_breakdown(breakdown)
    sums = dataset.frame(_sums, by=by, breakdown=breakdown)
    if breakdown is None:
        curve = _in_order(dataset, sums, by)
    else:
        bases = sums.groupby("value")["customers_of_value"].max().sort_index()
        values = bases.sort_values(ascending=False, kind="stable").index
        parts = [_in_order(dataset, sums[sums["value"] == value], by).assign(value=str(value)) for value in values]
        curve = pd.concat(parts, ignore_index=True) if parts else _in_order(dataset, sums, by)
    curve = with_feeling(curve)
    curve = curve.assign(**{name: curve[name].fillna(0).astype("int64") for name in ("interactions", "customers")})
    return curve[[*(["value"] if breakdown else []), by, *_MEASURES]]


def peak_and_end(curve: pd.DataFrame, n_minimum: int = MINIMUM_BASE) -> pd.DataFrame:
    """Mark the peak and the end of an emotion curve, what people remember of it.

    The peak is the mean farthest from 0 on either side, the first of equal ones; the end is the last stage. Only rows
    with at least `n_minimum` scored customers can be either; with a breakdown each value has its own.

    D. Kahneman, B. L. Fredrickson, C. A. Schreiber, D. A. Redelmeier: When more pain is preferred to less,
    Psychological Science 4 (1993), 401–405.

    Parameters
    ----------
    curve
        What `emotion` returned, by stage.
    n_minimum
        Scored customers that a row needs.

    Returns
    -------
    pandas.DataFrame
        The curve with two more columns, **is_peak** and **is_end** (*bool*).

    Examples
    --------
    >>> curve = pd.DataFrame({"stage": ["see", "try", "buy"], "emotion": [0.5, -1.5, 1.0], "customers_scored": 40})
    >>> peak_and_end(curve)[["stage", "is_peak", "is_end"]]
      stage  is_peak  is_end
    0   see    False   False
    1   try     True   False
    2   buy    False    True
    """
    marked = curve.assign(is_peak=False, is_end=False)
    told = marked[marked["emotion"].notna() & (marked["customers_scored"] >= n_minimum)]
    values = told["value"] if "value" in told else pd.Series("", index=told.index)
    for _value, rows in told.groupby(values, sort=False):
        marked.loc[rows["emotion"].abs().idxmax(), "is_peak"] = True
        marked.loc[rows.index[-1], "is_end"] = True
    return marked


def moments(dataset: Dataset, by: str = "touchpoint", n_minimum: int = MINIMUM_BASE) -> pd.DataFrame:
    """Find the lowest and the highest moment: where the mean feeling is worst and best.

    Parameters
    ----------
    dataset
        Perhaps filtered.
    by
        `touchpoint`, `stage`, `channel` or `device`.
    n_minimum
        Scored customers that a moment needs.

    Returns
    -------
    pandas.DataFrame
        At most two rows, the lowest first; only one when a single place has enough answers, none when none has.

        - **kind** (*str*): `lowest` or `highest`.
        - **touchpoint** (or stage, channel, device; *str*), and the columns of `emotion`. Equal means go by name.

    Raises
    ------
    ArgumentError
        When `by` is none of the four.

    Examples
    --------
    >>> import journey, pandas as pd
    >>> log = pd.DataFrame({"customer_id": ["a", "a"], "touchpoint": ["chat", "store"], "emotion": [-1.0, 1.0],
    ...                     "timestamp": pd.to_datetime(["2025-01-01", "2025-01-02"])})
    >>> moments(journey.load(log), n_minimum=1)[["kind", "touchpoint", "emotion"]]
          kind touchpoint  emotion
    0   lowest       chat     -1.0
    1  highest      store      1.0
    """
    places = emotion(dataset, by)
    told = places[(places["customers_scored"] >= n_minimum) & places["emotion"].notna() & (places[by] != NOT_KNOWN)]
    ranked = told.sort_values(["emotion", by])
    ends = pd.concat([ranked.head(1).assign(kind="lowest"), ranked.iloc[1:].tail(1).assign(kind="highest")])
    return ends[["kind", by, *_MEASURES]].reset_index(drop=True)


def _in_order(dataset: Dataset, sums: pd.DataFrame, by: str) -> pd.DataFrame:
    """Put stages in their order, all of them; other values by customers, the unknown last."""
    if by == "stage":
        stages = pd.Index(dataset.stages, name="stage", dtype="str")
        return sums.dropna(subset="place").set_index("place").reindex(stages).reset_index()
    places = sums.assign(**{by: named(sums["place"]), "is_unknown": sums["place"].isna()})
    return places.sort_values(["is_unknown", "customers", by], ascending=[True, False, True], ignore_index=True)


# --- Expressions -----------------------------------------------------------------------------------------------------


def _sums(dataset: Dataset, by: str, breakdown: str | None) -> ir.Table:
    """Per place the sums from which mean and clustered interval follow; first per customer, then over customers."""
    steps = dataset.table("steps")
    of_customer = steps.group_by(["customer_key", by]).aggregate(n_met=steps.count(), **felt_by_customer(steps))
    keys = ["place"]
    of_customer = of_customer.rename(place=by)
    if breakdown is not None:
        of_customer = of_customer.inner_join(dataset.members(breakdown), "customer_key")
        keys = ["value", "place"]
    sums = of_customer.group_by(keys).aggregate(
        customers=of_customer.count(), interactions=of_customer.n_met.sum(), **clustered_sums(of_customer)
    )
    if breakdown is None:
        return sums
    members = dataset.table("customers").select("customer_key").inner_join(dataset.members(breakdown), "customer_key")
    bases = members.group_by("value").aggregate(customers_of_value=members.count())
    return sums.inner_join(bases, "value")
