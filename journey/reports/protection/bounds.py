"""What can be worked out about each count from everything that is told, by whoever knows the rules but not the key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from journey.reports.protection.suppression import Line, Name

#: Nobody has more customers; as a bound it means that nothing is known.
UNBOUNDED = 10**12
_MOST_PASSES = 40

Range = tuple[int, int]


def bounds(known: Mapping[Name, Range], lines: Sequence[Line[Name]]) -> dict[Name, Range]:
    """Narrow what is known of each count by what it adds up to with others, again and again until nothing moves.

    Parameters
    ----------
    known
        The lowest and the highest value that each count may have, seen alone.
    lines
        Sums that hold.

    Returns
    -------
    dict
        The lowest and the highest value of each count.

    Examples
    --------
    >>> known = {"all": (19, 23), "told": (14, 18), "held": (0, UNBOUNDED)}
    >>> bounds(known, [Line(("all",), ("told", "held"))])["held"]
    (1, 9)
    """
    narrowed = dict(known)
    lines_of: dict[Name, list[int]] = {}
    for place, line in enumerate(lines):
        for name in (*line.left, *line.right):
            lines_of.setdefault(name, []).append(place)
    waiting = set(range(len(lines)))
    for _pass in range(_MOST_PASSES):
        moved = [name for place in sorted(waiting) for name in _narrow(narrowed, lines[place])]
        if not moved:
            break
        waiting = {place for name in moved for place in lines_of[name]}
    return narrowed


def _narrow(known: dict[Name, Range], line: Line[Name]) -> list[Name]:
    """Narrow the counts of one line; tell which moved."""
    moved: list[Name] = []
    for own, other in ((line.left, line.right), (line.right, line.left)):
        least_other, most_other = (sum(known[name][end] for name in other) for end in (0, 1))
        least_own, most_own = (sum(known[name][end] for name in own) for end in (0, 1))
        for name in own:
            low, high = known[name]
            lowest = max(low, least_other - (most_own - high))
            highest = min(high, most_other - (least_own - low))
            if (lowest, highest) != (low, high):
                known[name] = (lowest, highest)
                moved.append(name)
                least_own, most_own = least_own + lowest - low, most_own + highest - high
    return moved
