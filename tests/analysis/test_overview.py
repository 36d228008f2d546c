"""The five figures with their change, and the journey in one strip, on logs small enough to count by head."""

from __future__ import annotations

import datetime
import math

import numpy as np
import pandas as pd
import pytest

import journey
from journey.analysis.overview import figures, headline, journey_strip
from journey.analysis.periods import compared
from journey.analysis.statistics import wilson
from journey.dataset import Dataset, Filters
from tests.logs import make_log

STAGES = ["see", "try", "buy"]


def year(rows: list[tuple[str, str, str]], **columns: list[float]) -> Dataset:
    log = pd.DataFrame(rows, columns=["customer_id", "timestamp", "touchpoint"])
    log["timestamp"] = pd.to_datetime(log["timestamp"])
    log["stage"] = log["touchpoint"].where(log["touchpoint"].isin(STAGES))
    return journey.load(log.assign(**columns), stages=STAGES)


def bookends() -> list[tuple[str, str, str]]:
    return [("zz", "2025-01-01 09:00", "begin"), ("zz", "2025-12-31 09:00", "end")]


def two_quarters(buyers_of_third: int, buyers_of_fourth: int) -> Dataset:
    """Forty customers first come in July, forty in October; so many of each buy two days later."""
    rows = bookends()
    for month, n_buyers in (("07", buyers_of_third), ("10", buyers_of_fourth)):
        for number in range(40):
            rows.append((f"{month}-{number}", f"2025-{month}-10 10:00", "see"))
            if number < n_buyers:
                rows.append((f"{month}-{number}", f"2025-{month}-12 10:00", "buy"))
    return year(rows)


def test_figures_count_the_period_and_name_their_base() -> None:
    told = figures(two_quarters(20, 10)).set_index("figure")
    assert told.loc["customers", "value"] == 81
    assert told.loc["share_reaching_goal", "value"] == pytest.approx(30 / 81)
    low, high = wilson(30, 81)
    assert told.loc["share_reaching_goal", ["low", "high"]].tolist() == pytest.approx([float(low), float(high)])
    assert told.loc["share_reaching_goal", "n"] == 81
    assert told.loc["median_days_to_goal", "value"] == pytest.approx(2)
    assert told.loc["median_days_to_goal", "n"] == 30
    assert told["unit"].tolist() == ["customers", "share", "days", "money", "emotion"]


def test_the_change_compares_the_last_two_full_quarters() -> None:
    told = figures(two_quarters(20, 10)).set_index("figure")
    share = told.loc["share_reaching_goal"]
    assert (share["latest"], share["previous"]) == (pytest.approx(0.25), pytest.approx(0.5))
    assert share["change"] == pytest.approx(-0.25)
    assert share["change_low"] < -0.25 < share["change_high"] < 0
    assert (share["previous_period"], share["latest_period"]) == ("1 Jul – 30 Sept 2025", "1 Oct – 31 Dec 2025")
    # zz is met on the last day, too.
    assert told.loc["customers", "latest"] == 41
    assert told.loc["customers", "previous"] == 40


def test_a_conversion_after_the_fixed_time_does_not_count_in_the_comparison() -> None:
    rows = bookends() + [(f"{m}-{n}", f"2025-{m}-02 10:00", "see") for m in ("07", "10") for n in range(40)]
    rows += [(f"07-{n}", "2025-08-20 10:00", "buy") for n in range(40)]
    share = figures(year(rows)).set_index("figure").loc["share_reaching_goal"]
    assert share["value"] == pytest.approx(40 / 81)
    assert (share["latest"], share["previous"]) == (0, 0)


def test_who_has_not_had_the_full_time_is_left_out_of_the_comparison() -> None:
    rows = bookends() + [(f"07-{n}", "2025-07-02 10:00", "see") for n in range(40)]
    rows += [(f"12-{n}", "2025-12-20 10:00", "see") for n in range(40)]
    told = figures(year(rows)).set_index("figure")
    share = told.loc["share_reaching_goal"]
    assert share["previous"] == 0
    assert math.isnan(share["latest"])
    assert math.isnan(share["change"])
    # They may still buy, and zz was met on the last day.
    assert share["still_open"] == 41


def test_changes_with_few_customers_are_not_told() -> None:
    rows = bookends() + [(f"{m}-{n}", f"2025-{m}-02 10:00", "see") for m in ("07", "10") for n in range(29)]
    share = figures(year(rows)).set_index("figure").loc["share_reaching_goal"]
    assert share["latest"] == 0
    assert math.isnan(share["change"])


def test_revenue_and_feelings_that_are_not_known_are_missing_not_zero() -> None:
    told = figures(make_log(a="see > buy")).set_index("figure")
    assert math.isnan(told.loc["revenue", "value"])
    assert math.isnan(told.loc["emotion", "value"])
    told = figures(make_log(a="see!1 > buy$20!2", b="see!-1 > buy$5")).set_index("figure")
    assert told.loc["revenue", "value"] == 25
    assert told.loc["emotion", "value"] == pytest.approx(2 / 3)
    assert told.loc["emotion", "n"] == 3


def test_a_short_period_is_halved() -> None:
    log = two_quarters(20, 10).where(Filters(start=datetime.date(2025, 7, 1), end=datetime.date(2025, 7, 20)))
    periods = compared(log)
    assert periods is not None
    assert str(periods.previous) == "1 Jul – 10 Jul 2025"
    assert str(periods.latest) == "11 Jul – 20 Jul 2025"


def test_filters_that_leave_nobody_leave_no_figures() -> None:
    nothing = two_quarters(1, 1).where(Filters(start=datetime.date(2030, 1, 1)))
    assert figures(nothing).empty
    assert journey_strip(nothing)["customers"].tolist() == [0, 0, 0]
    assert journey_strip(nothing)["share_of_all"].isna().all()
    assert headline(figures(nothing), journey_strip(nothing), "buy").startswith("Nobody is left")


def test_the_headline_says_where_most_leave_and_how_many_reach_the_goal() -> None:
    dataset = two_quarters(20, 10)
    told = headline(figures(dataset), journey_strip(dataset), dataset.facts.goal)
    # Fifty of the eighty who only looked have left; the last one may still go on.
    assert told == "62 % leave at See; 37 % [27 %, 48 %] reach Buy so far."


def test_the_strip_parts_add_up_to_the_customers_of_a_stage() -> None:
    strip = journey_strip(
        make_log(a="see > try > buy", b="see > buy", c="see > try", d="try > see", e="buy > see", stage_order=STAGES)
    ).set_index("stage")
    assert strip["customers"].tolist() == [5, 3, 3]
    # From see: a, b, c went on; d and e met it last. From try: a bought, c did not, d came from it and went back.
    assert strip["gone_on"].tolist()[:2] == [3, 1]
    assert strip["left"].tolist()[:2] == [2, 2]
    assert strip["share_leaving"].tolist()[:2] == pytest.approx([2 / 5, 2 / 3])
    assert strip.loc["buy", ["gone_on", "left", "share_leaving"]].isna().all()
    assert strip["share_of_all"].tolist() == pytest.approx([5 / 6, 3 / 6, 3 / 6])


def test_who_may_still_go_on_has_not_left() -> None:
    strip = journey_strip(make_log(a="see > try", b="see", closed=False, stage_order=STAGES)).set_index("stage")
    assert strip.loc["see", ["gone_on", "left", "still_open"]].tolist() == [1, 0, 1]


def test_the_strip_tells_feelings_with_their_base() -> None:
    strip = journey_strip(make_log(a="see!1 > try", b="see!2 > try", stage_order=STAGES)).set_index("stage")
    assert strip.loc["see", "emotion"] == pytest.approx(1.5)
    assert strip.loc["see", ["n_scored", "customers_scored"]].tolist() == [2, 2]
    assert strip.loc["see", "low"] < 1.5 < strip.loc["see", "high"]
    assert np.isnan(strip.loc["try", "emotion"])
    assert strip.loc["try", "n_scored"] == 0
