"""Names of quartile groups: in full, and never the same for two groups."""

from __future__ import annotations

import pandas as pd
import pytest

import journey


def groups_of(values: list[float]) -> list[str]:
    ids = [f"c{place}" for place in range(len(values))]
    log = pd.DataFrame({"customer_id": ids, "touchpoint": "see", "timestamp": pd.Timestamp("2025-01-01")})
    dataset = journey.load(log, customers=pd.DataFrame({"customer_id": ids, "income": values}))
    held = dataset.run(lambda chosen: chosen.members("income")).to_pylist()
    return [row["value"] for row in sorted(held, key=lambda row: row["customer_key"])]


def test_large_numbers_are_written_in_full() -> None:
    assert groups_of([1234567.0, 2345678.5, 3456789.0, 345678901.0]) == [
        "≤ 1234567",
        "1234567 – 2345678.5",
        "2345678.5 – 3456789",
        "3456789 – 345678901",
    ]


@pytest.mark.parametrize("step", [1e-12, 1e-15])
def test_numbers_that_differ_in_a_late_digit_keep_groups_of_their_own(step: float) -> None:
    groups = groups_of([1.5, 1.5 + step, 1.5 + 2 * step, 1.5 + 3 * step])
    assert len(set(groups)) == 4
    assert groups[0] == "≤ 1.5"
