"""The check-up tells what in the content bends the analyses, and stays silent about sound data."""

from __future__ import annotations

import datetime

import pyarrow as pa
import pytest

from journey.engine import Draft
from journey.ingest.cells.checkup import notes_on_content

Row = tuple[str, datetime.datetime, str]
START = datetime.datetime(2024, 1, 10, 9, 0)  # noqa: DTZ001 - times in a dataset are UTC and do not say so


def sound(n_customers: int = 40, n_days: int = 40) -> list[Row]:
    """Every customer meets something once a day, each at a minute of its own."""
    return [
        (f"c{i:03d}", START + datetime.timedelta(days=d, minutes=i), "home" if d % 2 else "cart")
        for d in range(n_days)
        for i in range(n_customers)
    ]


def codes(rows: list[Row], stages: tuple[str, ...] = (), reached: tuple[str, ...] = ()) -> list[str]:
    return [note.code for note in notes(rows, stages, reached)]


def notes(rows: list[Row], stages: tuple[str, ...] = (), reached: tuple[str, ...] = ()) -> list:  # type: ignore[type-arg]
    customers, times, touchpoints = zip(*rows, strict=True)
    draft = Draft()
    draft.take(
        "typed",
        pa.table(
            {
                "customer_id": list(customers),
                "timestamp": pa.array(times, pa.timestamp("us")),
                "touchpoint": list(touchpoints),
                "stage": pa.array([None] * len(rows), pa.string()),
                "line": range(len(rows)),
            }
        ),
    )
    draft.take(
        "touchpoint_stages",
        pa.table({"before": pa.array(reached, pa.string()), "after": pa.array(reached, pa.string())}),
    )
    found = notes_on_content(draft, stages)
    draft.close()
    return found


def later(**length: float) -> datetime.datetime:
    return START + datetime.timedelta(**length)


def test_sound_data_need_no_word() -> None:
    assert codes(sound()) == []


def test_few_customers_are_told() -> None:
    assert codes(sound(n_customers=29)) == ["SMALL_DATA"]
    assert codes(sound(n_customers=30)) == []


def test_one_interaction_each_makes_no_journeys() -> None:
    assert codes([(f"c{i}", later(minutes=i), "home") for i in range(50)]) == ["NO_JOURNEYS"]


def test_a_robot_is_told_and_an_even_share_is_not() -> None:
    robot = [("robot", later(days=d % 40, seconds=d), "home") for d in range(1000)]
    assert codes([*sound(), *robot]) == ["OUTLIER_CUSTOMER"]
    assert "OUTLIER_CUSTOMER" not in codes(sound(n_customers=3))


def test_many_touchpoints_are_told() -> None:
    rows = [(customer, time, f"page {i}") for i, (customer, time, _touchpoint) in enumerate(sound())]
    assert codes(rows) == ["HIGH_CARDINALITY"]


def test_days_without_a_time_of_day_make_ties() -> None:
    rows = [(f"c{i % 40:03d}", datetime.datetime(2024, 1, 1 + i // 80), f"step {i % 7}") for i in range(800)]  # noqa: DTZ001
    assert codes(rows) == ["TIES"]
    assert "FILE_REVERSED" in codes(rows[::-1])


def test_repeated_interactions_are_told() -> None:
    assert codes([*sound(), *sound()[:400]]) == ["TIES", "DUPLICATE_BURSTS"]


def test_a_gap_names_its_days() -> None:
    rows = [(c, time + datetime.timedelta(days=30 * (time > later(days=20))), t) for c, time, t in sound()]
    [note] = notes(rows)
    assert note.code == "TIME_GAP"
    assert "31 Jan 2024 to 28 Feb 2024" in note.text


def test_rows_years_before_the_bulk_are_told() -> None:
    assert codes([*sound(), ("c001", later(days=-3000), "home")]) == ["CLOCK_JUMP"]


def test_many_customers_at_the_very_same_time_are_told() -> None:
    assert codes([*sound(), *((f"c{i:03d}", later(days=5, hours=5), "home") for i in range(40))]) == ["TIME_BURST"]


@pytest.mark.parametrize("n_in_the_night", [0, 80])
def test_an_hour_lost_or_doubled_when_clocks_change_is_told(n_in_the_night: int) -> None:
    night = datetime.datetime(2024, 3, 31, 2)  # noqa: DTZ001
    rows = [
        (f"c{i:03d}", night + datetime.timedelta(days=d, seconds=40 * i), "home" if d % 2 else "cart")
        for d in range(-10, 11)
        for i in range(n_in_the_night if d == 0 else 40)
    ]
    assert codes(rows) == ["CLOCK_CHANGE"]


def test_a_stage_nobody_reaches_is_told() -> None:
    assert codes(sound(), ("awareness", "purchase"), ("awareness",)) == ["STAGE_EMPTY"]
    assert codes(sound(), ("awareness", "purchase"), ("awareness", "purchase")) == []


def test_no_rows_need_no_word() -> None:
    draft = Draft()
    draft.execute("CREATE TABLE typed (customer_id VARCHAR, timestamp TIMESTAMP, touchpoint VARCHAR, line BIGINT)")
    assert notes_on_content(draft, ()) == []
    draft.close()
