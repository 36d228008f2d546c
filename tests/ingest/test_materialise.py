"""Journeys, visits, stages and what follows an interaction, worked out by head."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

import journey
from journey.dataset import Dataset
from journey.engine import Draft
from journey.ingest.cells import sequences
from journey.ingest.materialise import TYPED_COLUMNS, materialise
from journey.vocabulary import COMMENTS, CUSTOMERS, STEPS
from tests.ingest import steps_by_windows
from tests.logs import make_log


def column(dataset: Dataset, name: str, customer: str = "a") -> list[Any]:
    rows = dataset.table("steps").order_by("sequence").to_pyarrow().to_pylist()
    return [row[name] for row in rows if row["customer_id"] == customer]


def test_a_silence_of_more_than_thirty_days_starts_a_new_journey() -> None:
    dataset = make_log(a=f"see > try+{30 * 24 * 60} > buy+{30 * 24 * 60 + 1}")
    assert column(dataset, "journey") == [1, 1, 2]
    assert column(dataset, "step") == [1, 2, 1]


def test_thirty_minutes_without_an_interaction_start_a_new_visit() -> None:
    dataset = make_log(a="see > try+29 > buy+30")
    assert column(dataset, "visit") == [1, 1, 2]


def test_what_follows_stays_within_the_journey() -> None:
    dataset = make_log(a="see > try | buy")
    assert column(dataset, "next_touchpoint") == ["try", None, None]
    assert column(dataset, "seconds_to_next") == [60.0, None, None]


def test_a_journey_is_open_when_it_ends_less_than_the_silence_before_the_end_of_the_data() -> None:
    days = 24 * 60
    dataset = make_log(a="see", b=f"see+{29 * days}", c=f"see+{30 * days + 5}", closed=False)
    assert column(dataset, "is_open", "a") == [False]
    assert column(dataset, "is_open", "b") == [True]
    assert column(dataset, "is_open", "c") == [True]


def test_interactions_of_one_moment_keep_the_order_of_the_file() -> None:
    moment = pd.Timestamp("2025-01-01")
    rows = pd.DataFrame({"customer_id": "a", "timestamp": [moment] * 3, "touchpoint": ["z", "m", "a"]})
    assert column(journey.load(rows), "touchpoint") == ["z", "m", "a"]
    assert column(journey.load(rows), "sequence") == [1, 2, 3]


def test_the_furthest_stage_is_by_the_order_of_stages_not_by_time_or_alphabet() -> None:
    dataset = make_log(a="try > zoo > see", stage_order=["zoo", "see", "try"])
    [row] = dataset.table("customers").filter(lambda table: table.customer_id == "a").to_pyarrow().to_pylist()
    assert row["stage_reached"] == "try"


def test_the_first_channel_is_that_of_the_first_interaction_even_when_unknown_later() -> None:
    dataset = make_log(a="see#ads > try#email")
    [row] = dataset.table("customers").filter(lambda table: table.customer_id == "a").to_pyarrow().to_pylist()
    assert (row["first_channel"], row["interactions"], row["journeys"]) == ("ads", 2, 1)


def test_an_unknown_first_channel_stays_unknown() -> None:
    dataset = make_log(a="see > try#email")
    [row] = dataset.table("customers").filter(lambda table: table.customer_id == "a").to_pyarrow().to_pylist()
    assert row["first_channel"] is None


def test_the_tables_hold_the_columns_that_the_vocabulary_promises() -> None:
    dataset = make_log(a="see~fine", attributes={"country": {"a": "RO"}})
    assert dataset.table("steps").columns == tuple(STEPS)
    assert dataset.table("customers").columns == (*CUSTOMERS, "country")
    assert dataset.table("comments").columns == tuple(COMMENTS)


def test_a_comment_is_kept_beside_the_steps() -> None:
    dataset = make_log(a="see~fine > try")
    [row] = dataset.table("comments").to_pyarrow().to_pylist()
    assert (row["touchpoint"], row["comment"], row["score"]) == ("see", "fine", None)


# --- Against the definitions, in SQL -------------------------------------------------------------------------------

TYPES = {
    "timestamp": pa.timestamp("us"), "emotion": pa.float64(), "score": pa.float64(), "revenue": pa.float64(),
    "line": pa.int64(), "moment": pa.int16(),
}  # fmt: skip
#: Around the silences that begin a visit and a journey, and a tie.
PAUSES_US = [0, 0, 1_000_000, 1_799_000_000, 1_800_000_000, 1_800_000_001, 2_592_000_000_000, 2_592_000_001_000]


def random_log(seed: int) -> tuple[pa.Table, pa.Table, list[str]]:
    """Draw a small log with ties, gaps, refunds, rows of several moments, and stages given, inferred or unknown."""
    draw = random.Random(seed)  # noqa: S311
    stages = draw.sample(["see", "try", "purchase", "use"], draw.randint(1, 4))
    names, unit = ["ad", "cart", "shop", "help"], draw.choice([1, 1_000, 1_000_000])
    rows: list[dict[str, Any]] = [
        dict.fromkeys(TYPED_COLUMNS) | {"line": line + 2, "moment": moment}
        for line in range(draw.randint(1, 40))
        for moment in range(draw.choice([1, 1, 1, 3]))
    ]
    clocks: dict[str, int] = {}
    for row in rows:
        row["customer_id"] = draw.choice(["b", "B", "ä", "aa", "a"])
        clocks[row["customer_id"]] = clocks.get(row["customer_id"], 1_700_000_000_000_000) + draw.choice(PAUSES_US)
        row["timestamp"] = clocks[row["customer_id"]] // unit * unit
        row["touchpoint"] = draw.choice(names)
        row["channel"], row["device"] = draw.choice([None, "mail", "ads"]), draw.choice([None, "phone"])
        row["ownership"] = draw.choice([None, None, "earned"])
        row["stage"], row["campaign"] = draw.choice([None, None, *stages]), draw.choice([None, "spring"])
        row["emotion"], row["revenue"] = draw.choice([None, -2.0, 0.5]), draw.choice([None, None, 12.25, -3.5])
        row["score"], row["comment"] = draw.choice([None, None, 7.0]), draw.choice([None, None, "fine"])
        row["score_kind"] = None if row["score"] is None else "nps"
    draw.shuffle(rows)
    typed = pa.table({n: pa.array([row[n] for row in rows], TYPES.get(n, pa.string())) for n in TYPED_COLUMNS})
    staged = {
        "touchpoint": names[:3],
        "before": [draw.choice([None, *stages]) for _name in names[:3]],
        "after": [draw.choice([None, *stages]) for _name in names[:3]],
    }
    return typed, pa.table({name: pa.array(cells, pa.string()) for name, cells in staged.items()}), stages


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("stretch_rows", [500_000, 4])
def test_the_tables_are_those_of_the_definitions_in_sql(
    seed: int, stretch_rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequences, "STRETCH_ROWS", stretch_rows)
    typed, touchpoint_stages, stages = random_log(seed)
    draft = Draft()
    draft.take("typed", typed)
    draft.take("touchpoint_stages", touchpoint_stages)
    draft.take("channel_ownership", pa.table({"channel": ["ads"], "ownership": ["paid"]}))
    draft.execute("CREATE TABLE attribute_values AS SELECT DISTINCT customer_id FROM typed")
    steps_by_windows.work_out_steps(draft)
    customers = steps_by_windows.customers(draft, stages)
    materialise(draft, stages, [])
    assert rows_of(draft, STEPS, "steps") == rows_of(draft, STEPS, "expected")
    assert rows_of(draft, CUSTOMERS, "customers") == customers.to_pylist()
    said = "expected WHERE score IS NOT NULL OR comment IS NOT NULL"
    assert rows_of(draft, COMMENTS, "comments") == rows_of(draft, COMMENTS, said)


def rows_of(draft: Draft, columns: Iterable[str], source: str) -> list[dict[str, Any]]:
    return draft.arrow(f"SELECT {', '.join(columns)} FROM {source}").to_pylist()  # noqa: S608
