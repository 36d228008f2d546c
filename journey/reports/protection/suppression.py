"""Which counts are kept back: small ones, and those that would give a small one away."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

Name = TypeVar("Name", bound=Hashable)

#: Told apart by sums only, no group may be left with fewer than two counts that are kept back.
_FEWEST_HOLES = 2
#: Missed so much that it is told in any case.
STAYS = 9


class Line(NamedTuple, Generic[Name]):
    """Counts that belong together: those on the left add up to those on the right."""

    left: tuple[Name, ...]
    right: tuple[Name, ...]


class Size(NamedTuple):
    """A count, what would be told for it, and how much it would be missed: the lower the sooner it goes."""

    exact: int
    rough: int
    rank: int = 0

    @property
    def may_go(self) -> bool:
        return self.exact > 0 and self.rank < STAYS


def complemented(
    sizes: Mapping[Name, Size], lines: Sequence[Line[Name]], hidden: Iterable[Name], least: int
) -> set[Name]:
    """Keep back more counts, until no line gives one of them away.

    A line with counts kept back needs two that are not 0; and where all of them are on one side, what they add up to is
    known from the others, so that it has to reach `least` itself, exactly and as it would be told. As long as it does
    not, one more goes: the least missed, of these the smallest, as it would be told, of these the first given. That
    what would be told decides makes it no sign of a change when another one goes.

    Parameters
    ----------
    sizes
        The counts by name.
    lines
        Of these names.
    hidden
        Names of counts that are kept back from the start.
    least
        The smallest count that may be told.

    Returns
    -------
    set
        All names kept back.

    Examples
    --------
    >>> sizes = {name: Size(n, n) for name, n in {"all": 60, "a": 30, "b": 26, "c": 4}.items()}
    >>> sorted(complemented(sizes, [Line(("all",), ("a", "b", "c"))], {"c"}, least=10))
    ['b', 'c']
    """
    kept_back = set(hidden)
    order = {name: (size.rank, size.rough, place) for place, (name, size) in enumerate(sizes.items())}
    lines_of: dict[Name, list[int]] = {}
    for place, line in enumerate(lines):
        for name in (*line.left, *line.right):
            lines_of.setdefault(name, []).append(place)
    waiting = sorted({place for name in kept_back for place in lines_of.get(name, ())})
    while waiting:
        place = waiting.pop()
        while not _is_safe(sizes, lines[place], kept_back, least):
            told = [name for side in lines[place] for name in side if sizes[name].may_go and name not in kept_back]
            if not told:
                break
            next_to_go = min(told, key=order.__getitem__)
            kept_back.add(next_to_go)
            waiting += [other for other in lines_of[next_to_go] if other != place]
    return kept_back


def _is_safe(sizes: Mapping[Name, Size], line: Line[Name], hidden: set[Name], least: int) -> bool:
    sides = [[sizes[name] for name in side if name in hidden and sizes[name].exact] for side in line]
    holes = [size for side in sides for size in side]
    if not holes:
        return True
    is_enough = min(sum(size.exact for size in holes), sum(size.rough for size in holes)) >= least
    return len(holes) >= _FEWEST_HOLES and (all(sides) or is_enough)
