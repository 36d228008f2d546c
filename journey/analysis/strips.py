"""The journey in one strip: who is met in each stage, how it feels, and who leaves."""

from __future__ import annotations

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from journey.analysis.feelings import clustered_sums, felt_by_customer, with_feeling
from journey.dataset import Dataset

STRIP_COLUMNS = (
    "stage", "customers", "share_of_all", "emotion", "low", "high", "n_scored", "customers_scored", "gone_on", "left",
    "share_leaving", "still_open",
)  # fmt: skip


def journey_strip(dataset: Dataset) -> pd.DataFrame:
    """Count, stage by stage, who is met there, how it feels, and who leaves.

    A customer has *gone on* from a stage when a later stage follows the first interaction in it (by `sequence`, in any
    journey); who has not is *still open* while the last journey may go on, else has *left*.

    Returns
    -------
    DataFrame
        One row per stage, in order: stage, customers (who met it), share_of_all [0, 1] (of the customers the filters
        leave), emotion with low and high (−2 … +2, mean of n_scored answers of customers_scored customers, interval
        clustered by customer; missing without answers), gone_on, left, still_open (customers, which add up to
        `customers`; missing for the last stage), share_leaving = left / customers (missing where nobody came, and for
        the last stage).
    """
    stages = dataset.stages
    if not stages:
        return pd.DataFrame(columns=list(STRIP_COLUMNS))
    places = dataset.frame(_stage_places)
    felt = with_feeling(dataset.frame(_stage_feelings).set_index("stage").reindex(list(stages)))
    counts = [_stage_counts(places, position, len(stages)) for position in range(len(stages))]
    strip = pd.DataFrame(counts, columns=["customers", "gone_on", "left", "still_open"], index=list(stages))
    n_all = dataset.summary.customers
    strip["share_of_all"] = strip["customers"] / n_all if n_all else np.nan
    strip["share_leaving"] = strip["left"] / strip["customers"].where(strip["customers"] > 0)
    return strip.join(felt).rename_axis("stage").reset_index()[list(STRIP_COLUMNS)]


def _stage_places(dataset: Dataset) -> ir.Table:
    """One row per customer: the first and the last sequence number in each stage."""
    steps = dataset.table("steps")
    ends = {}
    for position, stage in enumerate(dataset.stages):
        ends[f"first_{position}"] = steps.sequence.min(where=steps.stage == stage).cast("float64")
        ends[f"last_{position}"] = steps.sequence.max(where=steps.stage == stage).cast("float64")
    return steps.group_by("customer_key").aggregate(is_open=steps.is_open.any(), **ends)


def _stage_counts(places: pd.DataFrame, position: int, n_stages: int) -> tuple[float, float, float, float]:
    first = places[f"first_{position}"]
    met = first.notna()
    if position == n_stages - 1:
        return int(met.sum()), np.nan, np.nan, np.nan
    later = places[[f"last_{other}" for other in range(position + 1, n_stages)]].max(axis=1)
    gone_on = met & (later > first)
    still_open = met & ~gone_on & places["is_open"]
    return int(met.sum()), int(gone_on.sum()), int((met & ~gone_on & ~still_open).sum()), int(still_open.sum())


def _stage_feelings(dataset: Dataset) -> ir.Table:
    steps = dataset.table("steps")
    scored = steps.filter(steps.emotion.notnull() & steps.stage.notnull())
    each = scored.group_by("customer_key", stage=scored.stage.cast("string")).aggregate(**felt_by_customer(scored))
    return each.group_by("stage").aggregate(**clustered_sums(each))
