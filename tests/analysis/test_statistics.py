"""Intervals and tests, against worked examples of the papers they come from."""

from __future__ import annotations

import math

import numpy as np
import pytest

from journey.analysis.statistics import (
    difference_of_shares,
    false_discovery_adjusted,
    mean_interval,
    mean_interval_from_moments,
    two_sided,
    wilson,
)
from journey.vocabulary import Z_95


def test_wilson_gives_the_interval_newcombe_prints_for_81_of_263() -> None:
    low, high = wilson(81, 263)
    assert (round(float(low), 4), round(float(high), 4)) == (0.2553, 0.3662)


def test_wilson_reaches_exactly_to_the_ends_and_stays_inside() -> None:
    low, high = wilson([0, 10], [10, 10])
    assert low[0] == 0
    assert high[1] == 1
    assert low[1] == pytest.approx(1 - high[0]) == pytest.approx(1 / (1 + Z_95**2 / 10))


def test_wilson_of_nobody_is_unknown() -> None:
    low, high = wilson([0, 1], [0, 2])
    assert np.isnan(low[0])
    assert np.isnan(high[0])
    assert not np.isnan(low[1])


def test_mean_interval_is_the_usual_one_when_every_customer_gives_one_value() -> None:
    mean, low, high = mean_interval([1.0, 2.0, 3.0], [1, 1, 1])
    assert mean == 2
    # Sample deviation 1, so the standard error is 1/√3.
    assert (low, high) == pytest.approx((2 - Z_95 / math.sqrt(3), 2 + Z_95 / math.sqrt(3)))


def test_repeating_each_customers_value_ten_times_makes_the_mean_no_surer() -> None:
    once = mean_interval([1.0, 2.0, 3.0], [1, 1, 1])
    assert mean_interval([10.0, 20.0, 30.0], [10, 10, 10]) == pytest.approx(once)


def test_customers_without_a_value_do_not_count() -> None:
    assert mean_interval([1.0, 0.0, 3.0], [1, 0, 1]) == mean_interval([1.0, 3.0], [1, 1])


def test_one_customer_has_a_mean_but_no_interval_and_nobody_has_neither() -> None:
    mean, low, high = mean_interval([6.0], [3])
    assert mean == 2
    assert math.isnan(low)
    assert math.isnan(high)
    assert all(math.isnan(each) for each in mean_interval([], []))


def test_moments_of_several_groups_are_answered_at_once() -> None:
    mean, low, high = mean_interval_from_moments(
        customers=[2, 0],
        sum_values=[4.0, 0.0],
        sum_counts=[2, 0],
        sum_squared_values=[10.0, 0.0],
        sum_squared_counts=[2, 0],
        sum_products=[4.0, 0.0],
    )
    assert mean[0] == 2
    assert (low[0], high[0]) == pytest.approx(mean_interval([1.0, 3.0], [1, 1])[1:])
    assert np.isnan([mean[1], low[1], high[1]]).all()


def test_difference_gives_the_interval_newcombe_prints_for_56_of_70_and_48_of_80() -> None:
    difference, low, high, _p = difference_of_shares(56, 70, 48, 80)
    assert float(difference) == pytest.approx(0.2)
    assert (round(float(low), 4), round(float(high), 4)) == (0.0524, 0.3339)


def test_difference_gives_the_two_sided_p_of_the_landing_page_experiment() -> None:
    difference, _low, _high, p_value = difference_of_shares(17_489, 145_274, 17_264, 145_310)
    assert float(difference) == pytest.approx(0.1203863045 - 0.1188080655)
    assert float(p_value) == pytest.approx(0.18988, abs=5e-6)


def test_difference_without_a_base_is_unknown_and_without_successes_is_no_difference() -> None:
    unknown, none = (np.array(each) for each in zip(*difference_of_shares([1, 0], [2, 5], [0, 0], [0, 7]), strict=True))
    assert np.isnan(unknown).all()
    assert none[0] == 0
    assert none[3] == 1


def test_two_sided_p_of_the_95_percent_quantile_is_5_percent() -> None:
    assert two_sided([Z_95, -Z_95, 0]) == pytest.approx([0.05, 0.05, 1])


def test_false_discovery_adjustment_of_the_example_in_the_paper() -> None:
    # The 15 p-values of Benjamini and Hochberg's own example: at 5 % the first four are kept.
    p_values = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
        0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
    ]  # fmt: skip
    adjusted = false_discovery_adjusted(p_values)
    assert (adjusted <= 0.05).sum() == 4
    assert adjusted[3] == pytest.approx(0.0095 * 15 / 4)
    assert (np.diff(adjusted) >= 0).all()


def test_false_discovery_adjustment_keeps_order_and_leaves_missing_ones_out() -> None:
    adjusted = false_discovery_adjusted([0.5, float("nan"), 0.01])
    assert adjusted[[0, 2]] == pytest.approx([0.5, 0.02])
    assert np.isnan(adjusted[1])
    assert len(false_discovery_adjusted([])) == 0
