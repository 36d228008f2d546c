from __future__ import annotations

import numpy as np
import pytest

from journey.reports.protection.suppression import STAYS, Line, Size, complemented

LEAST = 10


def sizes(**counts: int) -> dict[str, Size]:
    return {name: Size(n, n) for name, n in counts.items()}


def line(total: str, parts: str) -> Line[str]:
    return Line((total,), tuple(parts.split()))


def test_where_nothing_is_kept_back_nothing_else_is() -> None:
    assert complemented(sizes(all=50, a=30, b=20), [line("all", "a b")], set(), LEAST) == set()


def test_a_count_kept_back_takes_the_smallest_other_with_it() -> None:
    found = complemented(sizes(all=60, a=30, b=26, c=4), [line("all", "a b c")], {"c"}, LEAST)
    assert found == {"b", "c"}


def test_zero_is_no_company() -> None:
    found = complemented(sizes(all=34, a=30, none=0, c=4), [line("all", "a none c")], {"c", "none"}, LEAST)
    assert found == {"a", "c", "none"}


def test_what_the_counts_kept_back_add_up_to_must_be_told_itself() -> None:
    found = complemented(sizes(all=70, a=40, b=25, c=3, d=2), [line("all", "a b c d")], {"c", "d"}, LEAST)
    assert found == {"b", "c", "d"}


def test_it_goes_on_over_all_lines_that_meet() -> None:
    """Two cuts of one stage: what goes in one line leaves a hole in another."""
    counts = sizes(met=80, met_a=50, met_b=30, left=24, left_a=20, left_b=4, on=56, on_a=30, on_b=26)
    lines = [
        line("met", "met_a met_b"), line("left", "left_a left_b"), line("on", "on_a on_b"),
        line("met", "left on"), line("met_a", "left_a on_a"), line("met_b", "left_b on_b"),
    ]  # fmt: skip
    assert complemented(counts, lines, {"left_b"}, LEAST) == {"left_b", "left_a", "on_b", "on_a"}


def test_a_hole_on_each_side_may_be_any_size() -> None:
    node = Line(("in1", "in2"), ("out1", "out2"))
    assert complemented(sizes(in1=30, in2=4, out1=29, out2=5), [node], {"in2", "out2"}, LEAST) == {"in2", "out2"}


def test_what_is_missed_least_goes_first() -> None:
    counts = {"all": Size(60, 60, rank=STAYS), "on": Size(20, 20, rank=1), "left": Size(36, 36), "open": Size(4, 4)}
    assert complemented(counts, [line("all", "on left open")], {"open"}, LEAST) == {"left", "open"}


def test_what_would_be_told_decides_which_goes() -> None:
    counts = {"all": Size(60, 60), "a": Size(28, 30), "b": Size(28, 27), "c": Size(4, 4)}
    assert complemented(counts, [line("all", "a b c")], {"c"}, LEAST) == {"b", "c"}


@pytest.mark.parametrize("seed", range(50))
def test_no_line_keeps_one_count_back_alone_nor_few_customers_together(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 25, size=(4, 5))
    names = {(row, column): Size(n, n) for (row, column), value in np.ndenumerate(table) for n in [int(value)]}
    names |= {(row, -1): Size(n, n) for row, value in enumerate(table.sum(axis=1)) for n in [int(value)]}
    lines = [Line(((row, -1),), tuple((row, column) for column in range(5))) for row in range(4)]
    hidden = {name for name, size in names.items() if 0 < size.exact < LEAST}
    found = complemented(names, lines, hidden, LEAST)
    assert found >= hidden
    for each in lines:
        holes = [names[name].exact for side in each for name in side if name in found and names[name].exact]
        assert not holes or (len(holes) >= 2 and (each.left[0] in found or sum(holes) >= LEAST))
