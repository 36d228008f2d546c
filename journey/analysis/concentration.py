"""How much of the revenue a single customer paid: where that is much, the sum tells about a person."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from journey.dataset import Dataset


def largest_share_of_revenue(dataset: Dataset) -> float:
    """Tell which part of the revenue the customer with most of it paid, [0, 1]; refunds count by their size.

    Missing when nobody paid anything.

    Examples
    --------
    >>> import journey, pandas as pd
    >>> log = pd.DataFrame({"customer_id": ["a", "b"], "touchpoint": ["buy", "buy"], "revenue": [30.0, 10.0],
    ...                     "timestamp": pd.to_datetime(["2025-01-01", "2025-01-02"])})
    >>> largest_share_of_revenue(journey.load(log))
    0.75
    """
    [row] = dataset.run(_all).to_pylist()
    return _share(row["largest"], row["total"])


def largest_shares_by(dataset: Dataset, breakdown: str) -> dict[str, float]:
    """Tell the same for the customers of each value of a breakdown."""
    rows = dataset.run(_by_value, breakdown=breakdown).to_pylist()
    return {row["value"]: _share(row["largest"], row["total"]) for row in rows}


def _share(largest: float | None, total: float | None) -> float:
    return largest / total if largest is not None and total else float("nan")


def _paid(dataset: Dataset) -> ir.Table:
    steps = dataset.table("steps")
    paid = steps.group_by("customer_key").aggregate(paid=steps.revenue.sum().cast("float64").abs())
    return paid.filter(paid.paid > 0)


def _all(dataset: Dataset) -> ir.Table:
    return _paid(dataset).aggregate(largest=ibis._.paid.max(), total=ibis._.paid.sum())


def _by_value(dataset: Dataset, breakdown: str) -> ir.Table:
    paid = _paid(dataset).inner_join(dataset.members(breakdown), "customer_key")
    return paid.group_by("value").aggregate(largest=ibis._.paid.max(), total=ibis._.paid.sum())
