"""Funnels, where the lost went, and the time to the goal, on logs small enough to count by head."""

from __future__ import annotations

import datetime
from typing import Any

import pandas as pd
import pytest

import journey
from journey.analysis.statistics import wilson
from journey.dataset import Dataset, Filters
from journey.errors import ArgumentError, UnknownNameError
from journey.vocabulary import LEFT, STILL_OPEN
from tests.logs import log_frame, make_log

STEPS = ["see", "try", "buy"]
DAY = 1440


def customers(log: Dataset, steps: list[str] | None = None, **options: Any) -> list[int]:
    return journey.funnel(log, steps or STEPS, by="touchpoint", **options)["customers"].tolist()


def everyone() -> Dataset:
    """Seven customers who take the three steps in as many ways; `zz` is the eighth."""
    return make_log(
        a="see > try > buy",
        b="see > help > try > buy",
        c="see > buy > try",
        d="try > buy",
        e="see > see > try | buy",
        f="buy > try > see",
        g="see",
    )


# --- Counting --------------------------------------------------------------------------------------------------------


def test_an_ordered_funnel_counts_customers_and_names_its_denominators() -> None:
    found = journey.funnel(everyone(), STEPS, by="touchpoint")
    assert found["step"].tolist() == STEPS
    # see: a b c e f g; then try: a b c e; then buy: a b e.
    assert found["customers"].tolist() == [6, 4, 3]
    assert found["share_of_all"].tolist() == pytest.approx([6 / 8, 4 / 8, 3 / 8])
    assert found["share_of_first"].tolist() == pytest.approx([1, 4 / 6, 3 / 6])
    assert found["share_of_previous"].tolist()[1:] == pytest.approx([4 / 6, 3 / 4])
    assert found["lost"].tolist() == [0, 2, 1]
    low, high = wilson([4, 3], [6, 4])
    assert found["low"].tolist()[1:] == pytest.approx(low)
    assert found["high"].tolist()[1:] == pytest.approx(high)
    assert found.loc[0, ["share_of_previous", "low", "high", "median_seconds"]].isna().all()


def test_strict_order_lets_nothing_come_between_but_repeats() -> None:
    # b meets help between; c buys between; e repeats see, and its purchase comes next, though in another journey.
    assert customers(everyone(), order="strict") == [6, 2, 2]


def test_strict_order_starts_at_the_first_meeting_of_step_one() -> None:
    assert customers(make_log(a="see > help > see > try > buy"), order="strict") == [1, 0, 0]


def test_strict_order_counts_an_unknown_stage_as_something_between() -> None:
    log = make_log(a="see > odd > buy", b="see > buy", stages={"see": "awareness", "buy": "purchase"})
    found = journey.funnel(log, ["awareness", "purchase"], order="strict")
    assert found["customers"].tolist() == [2, 1]


def test_any_order_takes_the_first_steps_in_whatever_order() -> None:
    # see: a b c e f g; see and try: a b c e f; all three: a b c e f.
    assert customers(everyone(), order="any") == [6, 5, 5]


def test_open_entry_counts_everybody_at_a_step_and_who_came_from_the_one_before() -> None:
    found = journey.funnel(everyone(), STEPS, by="touchpoint", entry="open")
    assert found["customers"].tolist() == [6, 6, 6]
    # After see came try for a b c e; after try came buy for a b d e.
    assert found["from_previous"].tolist() == [0, 4, 4]
    assert found["share_of_previous"].tolist()[1:] == pytest.approx([4 / 6, 4 / 6])
    assert found["lost"].tolist() == [0, 2, 2]


def test_open_entry_in_any_order_looks_at_pairs() -> None:
    found = journey.funnel(everyone(), STEPS, by="touchpoint", entry="open", order="any")
    assert found["customers"].tolist() == [6, 6, 6]
    assert found["from_previous"].tolist() == [0, 5, 6]


def test_open_entry_with_strict_order_needs_the_step_right_after() -> None:
    found = journey.funnel(everyone(), STEPS, by="touchpoint", entry="open", order="strict")
    # see, try: a e; try, buy: a b d e.
    assert found["from_previous"].tolist() == [0, 2, 4]


def test_a_funnel_goes_on_across_journeys() -> None:
    assert customers(make_log(a="see | try | buy")) == [1, 1, 1]


def test_later_steps_are_looked_for_after_the_earlier_ones_only() -> None:
    assert customers(make_log(a="try > see > buy > try > buy")) == [1, 1, 1]
    assert customers(make_log(a="try > see > buy")) == [1, 0, 0]


def test_ties_are_ordered_by_the_file() -> None:
    assert customers(make_log(a="see > try+0 > buy+0")) == [1, 1, 1]
    assert customers(make_log(a="buy > try+0 > see+0")) == [1, 0, 0]


def test_medians_are_from_the_step_before_and_from_the_first() -> None:
    log = make_log(a="see > try+10 > buy+2", b="see > try+20 > buy+4", c="see > try+60")
    found = journey.funnel(log, STEPS, by="touchpoint")
    assert found["median_seconds"].tolist()[1:] == [1200, 180]
    assert found["median_seconds_from_first"].tolist()[1:] == [1200, 18 * 60]


def test_steps_may_be_stages_or_channels() -> None:
    log = make_log(a="ad#search > shop#mail", b="ad#search", stages={"ad": "awareness", "shop": "purchase"})
    assert journey.funnel(log, ["awareness", "purchase"])["customers"].tolist() == [2, 1]
    assert journey.funnel(log, ["search", "mail"], by="channel")["customers"].tolist() == [2, 1]


# --- Window ----------------------------------------------------------------------------------------------------------


TWO_DAYS = ["2 days", "48 Hours", "2880 minutes", "2.0days", datetime.timedelta(days=2), pd.Timedelta(days=2)]


@pytest.mark.parametrize("window", TWO_DAYS)
def test_the_window_holds_for_the_whole_and_its_bound_is_inside(window: Any) -> None:
    log = make_log(a=f"see > try+{DAY} > buy+{DAY}", b=f"see > try+{DAY} > buy+{6 * DAY}", c=f"see > try+{9 * DAY}")
    assert customers(log, window=window) == [3, 2, 1]


def test_one_minute_past_the_window_is_outside() -> None:
    assert customers(make_log(a=f"see > try+{2 * DAY + 1} > buy"), window="2 days") == [1, 0, 0]


def test_the_window_starts_at_the_first_meeting_and_is_not_started_again() -> None:
    assert customers(make_log(a=f"see > see+{9 * DAY} > try > buy"), window="2 days") == [1, 0, 0]


def test_in_any_order_the_window_starts_at_the_earliest() -> None:
    log = make_log(a=f"try > see+{DAY} > buy+{2 * DAY}", b=f"buy > try+{DAY} > see")
    assert customers(log, order="any", window="2 days") == [2, 2, 1]


def test_with_open_entry_the_window_is_between_the_two_of_a_pair() -> None:
    log = make_log(a=f"see > try+{DAY} > buy+{DAY} ", b=f"see > try+{3 * DAY}")
    found = journey.funnel(log, STEPS, by="touchpoint", entry="open", window="1 day")
    assert found["customers"].tolist() == [2, 2, 1]
    assert found["from_previous"].tolist() == [0, 1, 1]


NO_LENGTHS = [30, 7.5, "30", "soon", "-3 days", "0 days", "", datetime.timedelta(0), datetime.timedelta(milliseconds=1)]


@pytest.mark.parametrize("window", NO_LENGTHS)
def test_a_window_that_is_no_length_of_time_is_refused(window: Any) -> None:
    with pytest.raises(ArgumentError, match="30 days"):
        journey.funnel(everyone(), STEPS, by="touchpoint", window=window)


# --- Still on their way ----------------------------------------------------------------------------------------------


def test_whose_journey_is_open_is_not_lost() -> None:
    # The data end with b's help; the journey of a was over long before, those of b and c are not.
    log = make_log(a="see", b=f"see+{90 * DAY} > try > help+{DAY}", c=f"see+{89 * DAY}", d="buy", closed=False)
    found = journey.funnel(log, STEPS, by="touchpoint")
    assert found["customers"].tolist() == [3, 1, 0]
    assert found["still_open"].tolist() == [0, 1, 1]
    assert found["lost"].tolist() == [0, 1, 0]


def test_whoever_came_back_lately_may_still_go_on() -> None:
    log = make_log(a="see | help | help", b="see", closed=False)
    assert journey.funnel(log, ["see", "help"], by="touchpoint")["lost"].tolist() == [0, 1]
    log = make_log(a="see | help | help", b="buy > try", closed=False)
    found = journey.funnel(log, ["see", "try"], by="touchpoint")
    assert found["still_open"].tolist() == [0, 1]


def test_with_a_window_those_are_open_whose_window_has_not_closed() -> None:
    # Data end on day 10. a saw on day 0, b on day 9, c on day 8 exactly two days before the end.
    log = make_log(a=f"see > help+{10 * DAY}", b=f"help > see+{9 * DAY}", c=f"help > see+{8 * DAY}", closed=False)
    found = journey.funnel(log, ["see", "help"], by="touchpoint", window="2 days")
    assert found["customers"].tolist() == [3, 0]
    assert found["still_open"].tolist() == [0, 1]
    assert found["lost"].tolist() == [0, 2]


@pytest.mark.parametrize("order", ["ordered", "strict", "any"])
@pytest.mark.parametrize("entry", ["closed", "open"])
@pytest.mark.parametrize("window", [None, "2 days"])
def test_everybody_at_a_step_goes_on_is_still_open_or_lost(order: str, entry: str, window: str | None) -> None:
    log = make_log(
        a=f"see > try+{DAY} > buy+{DAY}", b=f"see+{40 * DAY} > try", c=f"try+{39 * DAY} > see > help+{3 * DAY} > buy",
        d="buy > try > see", e=f"see+{41 * DAY}", f="see > help > try", g=f"see > see+{5 * DAY} > try", closed=False,
    )  # fmt: skip
    found = journey.funnel(log, STEPS, by="touchpoint", order=order, entry=entry, window=window)
    before = found["customers"].shift().iloc[1:]
    assert (found["from_previous"] + found["still_open"] + found["lost"]).iloc[1:].tolist() == before.tolist()
    assert (found[["from_previous", "still_open", "lost"]] >= 0).all(axis=None)
    gone = journey.lost(log, STEPS, by="touchpoint", order=order, entry=entry, window=window)
    expected = {step: n for step, n in zip(STEPS, found["lost"].tolist()[1:], strict=False) if n}
    assert gone.groupby("step")["customers"].sum().to_dict() == expected


# --- Filters and breakdown -------------------------------------------------------------------------------------------


def test_a_customer_enters_in_the_window_if_the_first_step_does() -> None:
    log = make_log(
        a=f"see > try+{DAY} > buy+{DAY}",
        b=f"help > see+{5 * DAY} > try",
        c=f"help+{2 * DAY} > try",
    ).where(Filters(start=datetime.date(2025, 1, 1), end=datetime.date(2025, 1, 3)))
    found = journey.funnel(log, STEPS, by="touchpoint")
    # Only a saw in the first three days; what a did later counts. The base is who was there then: a, b, c.
    assert found["customers"].tolist() == [1, 1, 1]
    assert found["share_of_all"].tolist() == pytest.approx([1 / 3] * 3)


def test_what_lies_before_the_window_is_not_looked_at() -> None:
    log = make_log(a=f"see > see+{5 * DAY} > try").where(Filters(start=datetime.date(2025, 1, 3)))
    found = journey.funnel(log, ["see", "try"], by="touchpoint")
    assert found["customers"].tolist() == [1, 1]
    assert found["median_seconds"].tolist()[1] == 60


def test_the_parts_of_a_breakdown_add_up_to_the_whole() -> None:
    countries = {"country": {"a": "RO", "b": "RO", "c": "DE", "d": "DE", "e": "DE", "f": None, "g": "RO", "zz": "DE"}}
    journeys = {
        "a": "see > try > buy", "b": "see > help > try", "c": "see > buy > try", "d": "try > buy",
        "e": "see > try | buy", "f": "buy > try > see", "g": "see",
    }  # fmt: skip
    log = make_log(attributes=countries, **journeys)
    whole = journey.funnel(log, STEPS, by="touchpoint")
    parts = journey.funnel(log, STEPS, by="touchpoint", breakdown="country")
    assert parts.columns[0] == "value"
    assert parts["value"].unique().tolist() == ["DE", "RO", "(unknown)"]
    for column in ("customers", "lost", "still_open", "from_previous"):
        assert parts.groupby("step", sort=False)[column].sum().tolist() == whole[column].tolist()
    romanian = parts[parts["value"] == "RO"]
    assert romanian["customers"].tolist() == [3, 2, 1]
    assert romanian["share_of_all"].tolist() == pytest.approx([1, 2 / 3, 1 / 3])


def test_a_value_whose_customers_never_enter_keeps_its_rows() -> None:
    log = make_log(attributes={"country": {"a": "RO", "b": "DE", "zz": "DE"}}, a="see > try", b="help")
    parts = journey.funnel(log, ["see", "try"], by="touchpoint", breakdown="country")
    german = parts[parts["value"] == "DE"]
    assert german["customers"].tolist() == [0, 0]
    assert german["share_of_all"].tolist() == [0, 0]
    assert german["share_of_first"].isna().all()


def test_where_nobody_is_left_customers_are_none_and_shares_unknown() -> None:
    log = everyone().where(Filters(start=datetime.date(2030, 1, 1)))
    found = journey.funnel(log, STEPS, by="touchpoint")
    assert found["customers"].tolist() == [0, 0, 0]
    assert found[["share_of_all", "share_of_first", "share_of_previous", "low", "high"]].isna().all(axis=None)
    assert found["median_seconds"].isna().all()
    assert journey.lost(log, STEPS, by="touchpoint").empty
    broken_down = journey.funnel(log, STEPS, by="touchpoint", breakdown="channel")
    assert broken_down.empty
    assert broken_down.columns[0] == "value"


# --- Invariants ------------------------------------------------------------------------------------------------------


def test_closed_funnels_never_grow_and_stricter_ones_are_never_larger() -> None:
    log = make_log(
        a="see > try > buy", b="see > x > try > buy", c="buy > see > try", d="try > see", e="buy > buy",
        f="x > see > buy", g="see > try | see > buy", h="try > try > see > see > try > x > buy",
    )  # fmt: skip
    for window in (None, "2 minutes", "30 days"):
        strict, ordered, in_any, opened = (
            customers(log, order=order, entry=entry, window=window)
            for order, entry in (("strict", "closed"), ("ordered", "closed"), ("any", "closed"), ("ordered", "open"))
        )
        for closed in (strict, ordered, in_any):
            assert closed == sorted(closed, reverse=True)
        assert all(a <= b <= c for a, b, c in zip(strict, ordered, opened, strict=True))


def test_shuffled_rows_give_the_same_funnel() -> None:
    rows = log_frame({"a": "see > try > buy", "b": "see > buy > try", "c": "try > see | buy", "d": "see > try"})
    shuffled = rows.sample(frac=1, random_state=3)
    for order in ("ordered", "strict", "any"):
        pd.testing.assert_frame_equal(
            journey.funnel(journey.load(rows), STEPS, by="touchpoint", order=order),
            journey.funnel(journey.load(shuffled), STEPS, by="touchpoint", order=order),
        )


# --- Where the lost went ---------------------------------------------------------------------------------------------


def test_the_lost_are_followed_to_what_they_met_next() -> None:
    log = make_log(
        a="see > help > see", b="see > see > shop", c="see", d="see > shop > help", e="see > try > help",
        f="see > try > buy",
    )  # fmt: skip
    found = journey.lost(log, STEPS, by="touchpoint")
    assert found.values.tolist() == [
        ["see", "shop", 2, 0.5],
        ["see", LEFT, 1, 0.25],
        ["see", "help", 1, 0.25],
        ["try", "help", 1, 1.0],
    ]


def test_what_comes_after_a_long_silence_is_not_where_they_went() -> None:
    assert journey.lost(make_log(a="see | help"), ["see", "end"], by="touchpoint")["next"].tolist() == [LEFT]


def test_those_still_on_their_way_are_not_among_the_lost() -> None:
    # The step "try" exists, met by c long ago.
    log = make_log(a="see", b=f"see+{90 * DAY}", c="try", closed=False)
    assert journey.lost(log, ["see", "try"], by="touchpoint")["customers"].tolist() == [1]


def test_whose_window_closed_while_the_journey_is_open_has_not_left() -> None:
    log = make_log(a=f"see+{2 * DAY}", b=f"try > help+{9 * DAY}", closed=False)
    found = journey.lost(log, ["see", "try"], by="touchpoint", window="1 day")
    assert found[["next", "customers"]].values.tolist() == [[STILL_OPEN, 1]]


# --- Errors ----------------------------------------------------------------------------------------------------------


def test_an_unknown_step_is_answered_with_a_near_one() -> None:
    log = make_log(a="see > purchase")
    with pytest.raises(UnknownNameError, match="Did you mean “purchase”"):
        journey.funnel(log, ["see", "purchas"])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"order": "loose"}, "ordered, strict and any"),
        ({"entry": "ajar"}, "closed and open"),
        ({"by": "device"}, "stage, touchpoint and channel"),
        ({"steps": ["see"]}, "at least 2"),
        ({"steps": ["see", "try", "see"]}, "twice"),
    ],
)
def test_impossible_arguments_are_refused_with_what_is_possible(options: dict[str, Any], said: str) -> None:
    arguments = {"steps": STEPS, "by": "touchpoint"} | options
    for question in (journey.funnel, journey.lost):
        with pytest.raises(ArgumentError, match=said):
            question(everyone(), **arguments)


def test_an_unknown_breakdown_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="breakdown"):
        journey.funnel(everyone(), STEPS, by="touchpoint", breakdown="colour")
