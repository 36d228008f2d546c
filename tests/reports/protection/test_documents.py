from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import journey
from journey.analysis.statistics import wilson
from journey.dataset import Filters
from journey.errors import NotEnoughDataError
from journey.reports.choices import Choices
from journey.reports.collecting import views_of
from journey.reports.protection import Guard, protected
from journey.reports.views import Collected, View
from tests.reports.protection.worlds import collected, people

GUARD = Guard(b"a secret of sixteen", least=10)
SHORTEST = datetime.date(2030, 1, 1)


def company() -> journey.Dataset:
    """Three hundred customers of two plans and one who is alone in a third."""
    rows = []
    for number in range(300):
        start = pd.Timestamp("2025-01-01") + pd.Timedelta(days=number % 250, hours=number % 7)
        path = ["see", "try", "buy", "see"][: 1 + number % 4]
        for place, stage in enumerate(path):
            rows.append(
                {
                    "customer_id": f"c{number}",
                    "timestamp": start + pd.Timedelta(days=place),
                    "touchpoint": stage,
                    "channel": "e-mail" if number % 3 else "ads",
                    "stage": stage,
                    "emotion": float(number % 5 - 2) if number % 2 else None,
                    "revenue": 10_000.0 if number == 3 else 20.0 + number if stage == "buy" else None,
                }
            )
    plans = ["gold" if number == 7 else "pro" if number % 3 else "basic" for number in range(300)]
    customers = pd.DataFrame({"customer_id": [f"c{number}" for number in range(300)], "plan": plans})
    return journey.load(pd.DataFrame(rows), customers=customers, stages=["see", "try", "buy"])


@pytest.fixture(scope="module")
def exact() -> Collected:
    return views_of(company(), None, Choices("All", SHORTEST, cuts=("plan", "period")))


@pytest.fixture(scope="module")
def shown(exact: Collected) -> Collected:
    return protected(exact, GUARD)


def pairs(exact: Collected, shown: Collected) -> list[tuple[View, View]]:
    by_value = {(view.cut, view.value): view for view in exact.views}
    return [(by_value[view.cut, view.value], view) for view in shown.views]


def test_a_group_of_one_is_left_out_and_the_smallest_other_with_it(exact: Collected, shown: Collected) -> None:
    assert {view.value for view in exact.of("plan")} == {"pro", "basic", "gold"}
    assert [view.value for view in shown.of("plan")] == ["pro"]
    assert "2 groups are left out altogether" in shown.kept_back


COUNTS = {
    "strip": ["customers", "customers_scored", "gone_on", "left", "still_open"],
    "funnel": ["customers", "still_open", "lost"],
    "emotion": ["customers", "customers_scored"],
}


@pytest.mark.parametrize("name", COUNTS)
def test_counts_are_moved_by_at_most_two_and_none_is_small(exact: Collected, shown: Collected, name: str) -> None:
    for view, told in pairs(exact, shown):
        true, published = getattr(view.tables, name), getattr(told.tables, name)
        for column in COUNTS[name]:
            both = pd.DataFrame({"true": true[column], "told": published[column]}).dropna()
            assert (abs(both["true"] - both["told"]) <= 2).all()
            assert ((both["told"] == 0) | (both["told"] >= 10)).all()
            assert not (both["told"].eq(0) & both["true"].ne(0)).any()


def test_told_shares_and_intervals_follow_from_told_counts(shown: Collected) -> None:
    for view in shown.views:
        funnel = view.tables.funnel
        assert funnel is not None
        previous = funnel["customers"].shift()
        np.testing.assert_allclose(funnel["share_of_previous"], funnel["customers"] / previous)
        low, high = wilson(funnel["customers"], previous)
        np.testing.assert_allclose(funnel["low"], low)
        np.testing.assert_allclose(funnel["high"], high)
        strip = view.tables.strip
        np.testing.assert_allclose(strip["share_of_all"], strip["customers"] / view.tables.customers)
        np.testing.assert_allclose(strip["share_leaving"], strip["left"] / strip["customers"])


def test_funnels_never_grow_and_nobody_answers_who_was_not_there(shown: Collected) -> None:
    for view in shown.views:
        funnel, strip = view.tables.funnel, view.tables.strip
        assert funnel is not None
        told = funnel["customers"].dropna()
        assert (told.diff().dropna() <= 0).all()
        assert told.max() <= view.tables.customers
        assert not (strip["customers_scored"] > strip["customers"]).any()


def test_the_same_count_is_the_same_number_in_every_table(shown: Collected) -> None:
    for view in shown.views:
        tables = view.tables
        figures = tables.figures.set_index("figure")
        assert tables.emotion["customers"].tolist() == tables.strip["customers"].tolist()
        assert tables.emotion["customers_scored"].equals(tables.strip["customers_scored"])
        assert figures.loc["customers", "value"] == tables.customers
        bought = tables.strip.set_index("stage").loc["buy", "customers"]
        assert figures.loc["share_reaching_goal", "value"] == bought / tables.customers


def test_a_filter_and_a_cut_that_leave_the_same_customers_tell_the_same_numbers(shown: Collected) -> None:
    filters = Filters(attributes=(("plan", ("pro",)),))
    alone = protected(views_of(company(), None, Choices("Pro", SHORTEST, filters=filters)), GUARD).whole.tables
    [cut] = [view.tables for view in shown.of("plan") if view.value == "pro"]
    assert alone.customers == cut.customers
    both = pd.DataFrame({"alone": alone.strip["customers"], "cut": cut.strip["customers"]}).dropna()
    assert both["alone"].equals(both["cut"])
    assert len(both)


def test_means_have_one_decimal_and_times_two_digits(exact: Collected, shown: Collected) -> None:
    for view, told in pairs(exact, shown):
        for name in ("emotion", "low", "high"):
            values = told.tables.strip[name].dropna()
            assert (values == values.round(1)).all()
        both = pd.DataFrame({"true": view.tables.strip["emotion"], "told": told.tables.strip["emotion"]}).dropna()
        assert (abs(both["true"] - both["told"]) <= 0.05 + 2 / 10).all()
        assert told.tables.funnel is not None
        for seconds in told.tables.funnel["median_seconds"].dropna():
            assert float(f"{seconds:.2g}") == seconds


def test_money_is_missing_where_one_customer_paid_much_of_it(shown: Collected) -> None:
    revenue = shown.whole.tables.figures.set_index("figure").loc["revenue"]
    assert pd.isna(revenue["value"])
    assert pd.isna(revenue["latest"])


def test_money_is_told_roughly_where_many_paid(exact: Collected) -> None:
    spread = replace(exact, views=tuple(_paid_by_many(view) for view in exact.views))
    told = protected(spread, GUARD).whole.tables.figures.set_index("figure").loc["revenue", "value"]
    true = spread.whole.tables.figures.set_index("figure").loc["revenue", "value"]
    assert told == float(f"{told:.2g}")
    assert abs(told - true) <= 0.06 * true


def _paid_by_many(view: View) -> View:
    return replace(view, tables=replace(view.tables, largest_share_of_revenue=0.05))


def test_days_become_months(exact: Collected, shown: Collected) -> None:
    tables = shown.whole.tables
    assert (exact.whole.tables.first, tables.first) == (datetime.date(2025, 1, 1), datetime.date(2025, 1, 1))
    # In September were eight.
    assert tables.last == datetime.date(2025, 8, 31)
    assert tables.figures["period"].unique().tolist() == ["Jan – Aug 2025"]


def test_labels_from_the_data_hold_no_address(exact: Collected) -> None:
    def named(table: pd.DataFrame, column: str) -> pd.DataFrame:
        return table.assign(**{column: "ask ana.pop@example.com"})

    tables = exact.whole.tables
    reach, flow, strip = named(tables.reach, "name"), named(tables.flow, "target"), named(tables.strip.head(1), "stage")
    whole = replace(exact.whole, label="+40 722 123 456", tables=replace(tables, reach=reach, flow=flow, strip=strip))
    told = protected(replace(exact, views=(whole,), cuts=()), GUARD).whole
    assert told.label == "[phone number]"
    for label in (told.tables.reach["name"], told.tables.flow["target"], told.tables.strip["stage"]):
        assert label.unique().tolist() == ["ask [e-mail address]"]


def test_rows_named_by_the_data_go_and_rows_that_are_always_there_stay(exact: Collected, shown: Collected) -> None:
    for view, told in pairs(exact, shown):
        for name in ("flow", "reach", "worst", "returns", "lost"):
            rows = getattr(told.tables, name)
            assert len(rows) <= len(getattr(view.tables, name))
            column = "customers_scored" if name == "worst" else "customers"
            assert rows[column].notna().all()
        assert told.tables.strip["stage"].tolist() == view.tables.strip["stage"].tolist()


def test_too_few_customers_altogether_are_not_told_of() -> None:
    exact = collected(people(np.random.default_rng(0), 9))
    with pytest.raises(NotEnoughDataError, match="at least 10 customers"):
        protected(exact, GUARD)


def test_it_says_how_much_is_left_out_and_nothing_where_nothing_is(shown: Collected) -> None:
    assert "numbers are left out: about fewer than 10 customers" in shown.kept_back


def test_protecting_twice_the_same_tells_the_same(exact: Collected, shown: Collected) -> None:
    again = protected(exact, GUARD)
    for one, other in zip(shown.views, again.views, strict=True):
        pd.testing.assert_frame_equal(one.tables.strip, other.tables.strip)
        pd.testing.assert_frame_equal(one.tables.flow, other.tables.flow)


def test_a_company_without_stages_feelings_or_money_is_told_of_too() -> None:
    rows = [
        {"customer_id": f"c{number}", "touchpoint": touchpoint, "timestamp": pd.Timestamp("2025-01-01") + place * HOUR}
        for number in range(40)
        for place, touchpoint in enumerate(["xa", "xb", "xc"][: 1 + number % 3])
    ]
    dataset = journey.load(pd.DataFrame(rows), stages=["see", "try", "buy"])
    exact = views_of(dataset, None, Choices("All", SHORTEST, cuts=("period",)))
    told = protected(exact, GUARD).whole.tables
    assert abs(told.customers - 40) <= 2
    assert told.funnel is not None
    assert told.funnel["step"].tolist() == ["xa", "xb", "xc"]
    assert told.figures.set_index("figure")["value"].isna()["revenue"]


def test_all_customers_beside_filtered_ones_are_told_though_they_are_as_few() -> None:
    few = collected(people(np.random.default_rng(0), 12))
    whole = replace(few.whole, filters=Filters(attributes=(("country", ("x",)),)))
    for n_all in range(12, 15):
        told = protected(replace(few, views=(whole,), cuts=(), all_customers=n_all), GUARD)
        assert 10 <= told.whole.tables.customers <= told.all_customers


HOUR = pd.Timedelta(hours=1)
