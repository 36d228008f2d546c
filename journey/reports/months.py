"""How many customers did something in each month: a month that only few tell of may be one person's."""

from __future__ import annotations

from typing import Any

import pandas as pd

from journey.dataset import Dataset


def customers_by_month(dataset: Dataset) -> pd.DataFrame:
    """Count the customers with an interaction in each month, in the reporting time zone.

    Returns
    -------
    DataFrame
        `month` (its first day) in order, and `customers`; months without anybody have no row.
    """
    found = dataset.frame(_spans)
    # In one month of UTC lie parts of two months elsewhere; who is in both is there first and last.
    ends = pd.concat([found[["customer_key", end]].set_axis(["customer_key", "at"], axis=1) for end in ("low", "high")])
    local = ends["at"].dt.tz_localize("UTC").dt.tz_convert(dataset.facts.time_zone).dt.tz_localize(None)
    months = pd.DataFrame({"customer_key": ends["customer_key"], "month": local.dt.to_period("M")}).drop_duplicates()
    counts = months.groupby("month").size()
    return pd.DataFrame({"month": [each.start_time.date() for each in counts.index], "customers": counts.tolist()})


def _spans(dataset: Dataset) -> Any:
    steps = dataset.table("steps")
    return steps.group_by("customer_key", utc_month=steps.timestamp.truncate("M")).aggregate(
        low=steps.timestamp.min(), high=steps.timestamp.max()
    )
