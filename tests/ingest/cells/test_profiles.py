"""What is counted in a column, in small tables and, by other means, in large ones."""

from __future__ import annotations

import pandas as pd
import pytest

from journey.engine import Draft
from journey.ingest.cells.profiles import Profile, profiles
from journey.ingest.files.staging import stage_frame

N_ROWS = 3_000


def profiled(rows: pd.DataFrame) -> dict[str, Profile]:
    draft = Draft()
    found = profiles(draft, stage_frame(draft, "raw", rows, "log.csv"))
    draft.close()
    return {profile.header: profile for profile in found}


ROWS = pd.DataFrame(
    {
        "number": [f"n{row}" for row in range(N_ROWS)],
        "half": [f"h{row // 2}" if row % 2 else "" for row in range(N_ROWS)],
        "few": [f"f{row % 3}" for row in range(N_ROWS)],
        "one": "same",
        "none": "",
    }
)


@pytest.mark.parametrize("exact_rows", [50_000, 100])
def test_filled_cells_and_few_different_values_are_counted_exactly(
    exact_rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("journey.ingest.cells.profiles._EXACT_ROWS", exact_rows)
    found = profiled(ROWS)
    assert {name: profile.n_filled for name, profile in found.items()} == {
        "number": N_ROWS, "half": N_ROWS // 2, "few": N_ROWS, "one": N_ROWS, "none": 0,
    }  # fmt: skip
    assert [found[name].n_distinct for name in ("few", "one", "none")] == [3, 1, 0]
    assert [found[name].is_constant for name in ("few", "one", "none")] == [False, True, True]


@pytest.mark.parametrize("exact_rows", [50_000, 100])
def test_a_column_without_a_repeated_value_is_unique_also_where_values_are_estimated(
    exact_rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("journey.ingest.cells.profiles._EXACT_ROWS", exact_rows)
    found = profiled(ROWS)
    assert [found[name].is_unique for name in ROWS.columns] == [True, False, False, False, False]
