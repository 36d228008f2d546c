"""The mean feeling of a group of interactions with its interval: what is summed, and what follows from the sums.

Answers of one customer belong together, so sums are made per customer first. A mean is told from `MINIMUM_BASE`
customers on: many answers of few customers say little about the others.
"""

from __future__ import annotations

from typing import Any

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from journey.analysis.statistics import mean_interval_from_moments
from journey.vocabulary import EMOTION_HIGH, EMOTION_LOW

_MOMENTS = ("sum_values", "sum_counts", "sum_squared_values", "sum_squared_counts", "sum_products")


def felt_by_customer(rows: ir.Table) -> dict[str, Any]:
    """Measure for a group-by over customers: the sum of the scored emotions (null without one) and their number."""
    return {"felt": rows.emotion.sum().cast("float64"), "n_scored": rows.emotion.count().cast("float64")}


def clustered_sums(of_customer: ir.Table) -> dict[str, Any]:
    """Measure for the group-by that follows, over rows with `felt_by_customer`: what `with_feeling` reads."""
    felt, n_scored = of_customer.felt, of_customer.n_scored
    return {
        "customers_scored": felt.count(),
        "sum_values": felt.sum(),
        "sum_counts": n_scored.sum(),
        "sum_squared_values": (felt * felt).sum(),
        "sum_squared_counts": (n_scored * n_scored).sum(),
        "sum_products": (felt * n_scored).sum(),
    }


def with_feeling(sums: pd.DataFrame) -> pd.DataFrame:
    """Put the mean in the place of the sums.

    Parameters
    ----------
    sums
        Rows with the columns of `clustered_sums`; missing ones count as nobody.

    Returns
    -------
    DataFrame
        The other columns and emotion with low and high (−2 … +2, clustered by customer; missing where nothing is
        scored, the interval also with one customer), n_scored (answers) and customers_scored.
    """
    known = sums[["customers_scored", *_MOMENTS]].astype("float64").fillna(0.0)
    moments = {name: known[name].to_numpy(np.float64) for name in _MOMENTS}
    mean, low, high = mean_interval_from_moments(customers=known["customers_scored"], **moments)
    return sums.drop(columns=list(_MOMENTS)).assign(
        emotion=mean,
        low=np.clip(low, EMOTION_LOW, EMOTION_HIGH),
        high=np.clip(high, EMOTION_LOW, EMOTION_HIGH),
        n_scored=known["sum_counts"].astype("int64"),
        customers_scored=known["customers_scored"].astype("int64"),
    )
