from __future__ import annotations

import math

from journey.charts.curves import band_polygon, known_runs, line_polygon, smooth


def test_what_is_unknown_opens_the_curve() -> None:
    assert list(known_runs([None, 1.0, 2.0, math.nan, 0.0])) == [[1, 2], [4]]


def test_a_curve_passes_through_its_points_and_never_beyond_them() -> None:
    points = [(0.0, 0.2), (0.5, 0.9), (1.0, 0.9)]
    curve = smooth(points)
    assert set(points) <= {(round(x, 9), round(y, 9)) for x, y in curve}
    assert max(y for _x, y in curve) <= 0.9 + 1e-9
    assert min(y for _x, y in curve) >= 0.2 - 1e-9


def test_two_points_are_joined_by_a_straight_line() -> None:
    assert smooth([(0.0, 0.0), (1.0, 1.0)]) == [(0.0, 0.0), (1.0, 1.0)]


def test_polygons_are_written_in_per_cent() -> None:
    low, high = [(0.0, 0.75), (1.0, 0.5)], [(0.0, 0.25), (1.0, 0.0)]
    assert band_polygon(low, high) == "polygon(0.00% 25.00%,100.00% 0.00%,100.00% 50.00%,0.00% 75.00%)"
    assert line_polygon([(0.0, 0.5), (1.0, 0.5)], 0.1).startswith("polygon(0.00% calc(50.00% - 1.20px)")
