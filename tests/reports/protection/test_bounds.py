from __future__ import annotations

from journey.reports.protection.bounds import UNBOUNDED, bounds
from journey.reports.protection.suppression import Line


def test_what_is_kept_back_lies_between_what_the_others_leave() -> None:
    known = {"all": (28, 32), "a": (18, 22), "b": (0, UNBOUNDED)}
    assert bounds(known, [Line(("all",), ("a", "b"))])["b"] == (6, 14)


def test_what_is_told_is_narrowed_too() -> None:
    known = {"all": (28, 32), "a": (18, 22), "b": (0, 7)}
    assert bounds(known, [Line(("all",), ("a", "b"))]) == {"all": (28, 29), "a": (21, 22), "b": (6, 7)}


def test_bounds_are_handed_on_from_line_to_line() -> None:
    known = {"all": (30, 30), "a": (20, 20), "b": (0, UNBOUNDED), "c": (4, 4), "d": (0, UNBOUNDED)}
    assert bounds(known, [Line(("b",), ("c", "d")), Line(("all",), ("a", "b"))])["d"] == (6, 6)


def test_both_sides_of_a_line_may_have_several() -> None:
    known = {"in1": (10, 10), "in2": (0, UNBOUNDED), "out1": (8, 8), "out2": (5, 5)}
    assert bounds(known, [Line(("in1", "in2"), ("out1", "out2"))])["in2"] == (3, 3)
