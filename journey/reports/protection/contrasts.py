"""What sets personas apart, told safely: the pictures of it and the sentences on the cards."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from journey.analysis.persona_names import standout
from journey.analysis.personas import MOST_STANDOUTS, WORTH_SAYING
from journey.reports.protection.cells import FARTHEST, Guard
from journey.reports.protection.ledger import NOT_TOLD, coarse
from journey.reports.protection.rounding import Row, records, told_table


def told_contrasts(
    guard: Guard, customers: Mapping[str, int], large: Collection[str], contrasts: pd.DataFrame
) -> pd.DataFrame:
    """Tell contrasts of the large personas, of all whose customers are given; one held up by too few has no row."""
    rows = [
        {**row, "inside": inside, "outside": outside, "standardised_difference": _one_decimal(row)}
        for row in records(contrasts)
        if row["persona"] in large
        for inside, outside in [_sides(guard, customers, row)]
        if inside == inside and outside == outside
    ]
    return told_table(contrasts, rows, ["persona", "feature", "label"])


def _one_decimal(row: Row) -> float:
    return round(float(row["standardised_difference"]), 1)


def _sides(guard: Guard, customers: Mapping[str, int], row: Row) -> tuple[float, float]:
    if not row["is_share"]:
        return coarse(float(row["inside"])), coarse(float(row["outside"]))
    n = customers[row["persona"]]
    n_rest = sum(customers.values()) - n
    name = row["persona"], row["feature"]
    return (
        _moved_share(guard, float(row["inside"]), n, "inside", *name),
        _moved_share(guard, float(row["outside"]), n_rest, "outside", *name),
    )


def _moved_share(guard: Guard, value: float, n: int, *name: str) -> float:
    """Move a mean share and round it to whole percents; not told where it may be a few customers' alone."""
    if value in (0.0, 1.0):
        return value
    if not min(value, 1 - value) * n >= guard.least:
        return NOT_TOLD
    moved = value + guard.shift(value, *name) * FARTHEST / n
    return round(min(max(moved, 0.0), 1.0), 2)


def told_standouts(contrasts: pd.DataFrame | None, persona: str) -> tuple[str, ...]:
    """Say what sets a persona apart, from told contrasts."""
    if contrasts is None:
        return ()
    mine = contrasts[(contrasts["persona"] == persona) & (contrasts["standardised_difference"].abs() >= WORTH_SAYING)]
    return tuple(
        standout(row["label"], row["inside"], row["outside"], is_share=row["is_share"])
        for row in mine.head(MOST_STANDOUTS).to_dict("records")
    )
