"""Smooth curves as CSS polygons.

Pages clean their HTML of inline SVG, and a stretched drawing would stretch its text with it; a polygon in per cent
of its box follows every width while the text around it keeps its size.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

Point = tuple[float, float]

_SAMPLES_PER_PART = 12
_HALF_LINE_PX = 1.2


def known_runs(values: Sequence[float | None]) -> Iterator[list[int]]:
    """Group the places of known values that follow each other; what is unknown between them stays open.

    Examples
    --------
    >>> list(known_runs([0.1, 0.2, None, 0.4]))
    [[0, 1], [3]]
    """
    run: list[int] = []
    for place, value in enumerate(values):
        if value is not None and not math.isnan(value):
            run.append(place)
        elif run:
            yield run
            run = []
    if run:
        yield run


def smooth(points: Sequence[Point]) -> list[Point]:
    """Join points by a curve that rises and falls only where they do.

    Fritsch and Carlson, "Monotone Piecewise Cubic Interpolation", SIAM J. Numer. Anal. 17 (1980), with slopes by the
    harmonic mean: between two points the curve never passes beyond either.
    """
    if len(points) < 3:
        return list(points)
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(points)]
    tangents = [0.0, *(_tangent(before, after) for before, after in pairwise(slopes)), 0.0]
    curve: list[Point] = [points[0]]
    for part, (start, end) in enumerate(pairwise(points)):
        width = end[0] - start[0]
        for sample in range(1, _SAMPLES_PER_PART + 1):
            t = sample / _SAMPLES_PER_PART
            y = (
                (1 + 2 * t) * (1 - t) ** 2 * start[1]
                + t * (1 - t) ** 2 * width * tangents[part]
                + t**2 * (3 - 2 * t) * end[1]
                + t**2 * (t - 1) * width * tangents[part + 1]
            )
            curve.append((start[0] + t * width, y))
    return curve


def _tangent(before: float, after: float) -> float:
    return 0.0 if before * after <= 0 else 2 * before * after / (before + after)


def band_polygon(low: Sequence[Point], high: Sequence[Point]) -> str:
    """Write the area between two curves as a CSS polygon; points are shares of the box, from its upper left."""
    around = [*smooth(high), *reversed(smooth(low))]
    return "polygon(" + ",".join(f"{_cent(x)} {_cent(y)}" for x, y in around) + ")"


def line_polygon(points: Sequence[Point], height_by_width: float) -> str:
    """Write a curve as a thin CSS polygon, equally thick where it is steep.

    `height_by_width` is about how high the box is, seen from its width.
    """
    curve = smooth(points)
    halves = [_HALF_LINE_PX * math.hypot(1, slope * height_by_width) for slope in _slopes(curve)]
    pairs = list(zip(curve, halves, strict=True))
    upper = [f"{_cent(x)} calc({_cent(y)} - {half:.2f}px)" for (x, y), half in pairs]
    lower = [f"{_cent(x)} calc({_cent(y)} + {half:.2f}px)" for (x, y), half in reversed(pairs)]
    return "polygon(" + ",".join([*upper, *lower]) + ")"


def _slopes(curve: Sequence[Point]) -> list[float]:
    parts = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(curve)]
    return [(before + after) / 2 for before, after in zip([parts[0], *parts], [*parts, parts[-1]], strict=True)]


def _cent(share: float) -> str:
    return f"{share * 100:.2f}%"
