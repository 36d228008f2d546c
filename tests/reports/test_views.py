from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import journey
from journey.analysis import emotions, findings, flows, funnels, overview
from journey.dataset import Filters
from journey.errors import NotEnoughDataError, UnknownNameError
from journey.reports.choices import Choices, Quote
from journey.reports.collecting import views_of
from journey.reports.views import Collected
from tests.logs import make_log

STAGES = ["see", "try", "buy"]


def shop(n_customers: int = 60, **more: Any) -> journey.Dataset:
    """Everybody sees and tries, every other one buys for 10; half come in January, half in February."""
    rows = [
        {
            "customer_id": f"SECRET-{place:03}",
            "touchpoint": f"{stage} page",
            "channel": "email" if place % 3 else "shop",
            "device": "phone" if place % 2 else "laptop",
            "plan": f"plan {place % 10}",
            "stage": stage,
            "timestamp": pd.Timestamp(2025, 1 + place % 2, 2 + place % 20) + pd.Timedelta(days=day),
            "emotion": 1.0 - day,
            "revenue": 10.0 if stage == "buy" else None,
            "comment": f"remark {place}",
        }
        for place in range(n_customers)
        for day, stage in enumerate(STAGES[: 2 + place % 2])
    ]
    closing = {"customer_id": "zz", "touchpoint": "late", "timestamp": pd.Timestamp("2025-04-30")}
    return journey.load(pd.DataFrame([*rows, closing]), stages=STAGES, **more)


def picked(*cuts: str, **more: Any) -> Choices:
    return Choices("Spring", datetime.date(2026, 3, 31), cuts=cuts, **more)


@pytest.fixture(scope="module")
def collected() -> Collected:
    return views_of(shop(), None, picked("period", "plan", "device"))


def labels(collected: Collected, cut: str) -> list[str]:
    return [view.label for view in collected.of(cut)]


def test_the_whole_comes_first_and_then_the_cuts_in_the_order_picked(collected: Collected) -> None:
    assert collected.whole.cut is None
    assert list(dict.fromkeys(view.cut for view in collected.views)) == [None, "period", "plan", "device"]
    assert [(cut.name, cut.parts_customers) for cut in collected.cuts] == [
        ("period", False),
        ("plan", True),
        ("device", True),
    ]


def test_periods_are_full_months_where_there_are_not_two_full_quarters(collected: Collected) -> None:
    # The data begin on 2 January, so January is not full; in March there was nobody.
    assert labels(collected, "period") == ["February 2025", "April 2025"]


def test_a_breakdown_shows_its_eight_most_frequent_values(collected: Collected) -> None:
    assert labels(collected, "plan") == [f"plan {place}" for place in range(8)]


def test_each_view_answers_as_the_pages_do_under_its_filters(collected: Collected) -> None:
    dataset = shop()
    for view, filters in (
        (collected.whole, Filters()),
        (collected.of("device")[0], Filters(first_devices=("laptop",))),
        (collected.of("plan")[1], Filters(attributes=(("plan", ("plan 1",)),))),
        (collected.of("period")[0], Filters(start=datetime.date(2025, 2, 1), end=datetime.date(2025, 2, 28))),
    ):
        chosen, tables = dataset.where(filters), view.tables
        assert view.filters == filters
        assert tables.customers == chosen.summary.customers
        for table, answer in (
            (tables.figures, overview.figures(chosen)),
            (tables.strip, overview.journey_strip(chosen)),
            (tables.returns, flows.returns(chosen)),
            (tables.flow, flows.flow(chosen, by="touchpoint", n_steps=5, top_n=6)),
            (tables.funnel, funnels.funnel(chosen, chosen.stages)),
            (tables.lost, funnels.lost(chosen, chosen.stages)),
            (tables.emotion, emotions.peak_and_end(emotions.emotion(chosen))),
            (tables.moments, emotions.moments(chosen)),
        ):
            assert table is not None
            assert_frame_equal(table, answer)
    assert collected.whole.tables.findings is not None
    assert_frame_equal(collected.whole.tables.findings, findings.findings(dataset))


def test_a_cut_by_what_is_filtered_offers_only_what_is_left() -> None:
    found = views_of(shop(), None, picked("plan", filters=Filters(attributes=(("plan", ("plan 4", "plan 2")),))))
    assert sorted(labels(found, "plan")) == ["plan 2", "plan 4"]
    assert found.is_filtered
    assert (found.whole.tables.customers, found.all_customers) == (12, 61)


def test_no_id_no_key_and_no_comment_is_in_any_table() -> None:
    dataset = shop()
    people = journey.personas(dataset, n_personas=2)
    found = views_of(dataset, people, picked("persona", quotes=(Quote("Picked.", "see"),)))
    for view in found.views:
        for name, table in vars(view.tables).items():
            if isinstance(table, pd.DataFrame):
                assert not {"customer_key", "customer_id", "comment"} & set(table.columns), name
                assert "SECRET" not in table.to_csv()
                assert "remark" not in table.to_csv()
    assert labels(found, "persona") == list(people.names)
    profiles = found.whole.tables.profiles
    assert profiles is not None
    assert profiles["channel_customers"].map(len).tolist() == profiles["channels"].map(len).tolist()


def test_the_part_of_one_customer_in_the_revenue_is_told_of_the_stretch_with_the_largest() -> None:
    # Of the whole year a paid three quarters; of its third quarter b paid all.
    [view] = views_of(make_log(a="buy$30", b="buy+300000$10"), None, picked()).views
    assert view.tables.largest_share_of_revenue == 1.0


def test_data_without_stages_fall_back_on_touchpoints() -> None:
    rows = [{"customer_id": "a", "touchpoint": name, "timestamp": "2025-01-01"} for name in ("see", "buy")]
    found = views_of(journey.load(pd.DataFrame(rows), stages=STAGES), None, picked())
    assert found.emotion_by == "touchpoint"
    assert "touchpoint" in found.whole.tables.emotion


def test_each_view_is_announced_before_it_is_asked() -> None:
    heard: list[tuple[float, str]] = []
    views_of(shop(), None, picked("device"), progress=lambda share, what: heard.append((round(share, 2), what)))
    assert heard == [(0.0, "Everything"), (0.33, "laptop"), (0.67, "phone")]


def test_a_cut_that_the_data_do_not_have_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="There is no cut “colour”"):
        views_of(shop(), None, picked("colour"))


def test_filters_that_leave_nobody_are_refused() -> None:
    nobody = Filters(start=datetime.date(2025, 4, 1), end=datetime.date(2025, 4, 2))
    with pytest.raises(NotEnoughDataError):
        views_of(shop(), None, replace(picked(), filters=nobody))
