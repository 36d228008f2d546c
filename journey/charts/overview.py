"""The journey in one strip: customers per stage, the feeling above them, who leaves between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from journey.charts.curves import Point, band_polygon, known_runs, line_polygon
from journey.charts.escaping import html_text
from journey.charts.html import face_image, is_few, stage_colours, stylesheet
from journey.charts.theme import feeling_of, stage_label
from journey.language import _, interval, number, percent, short, signed
from journey.vocabulary import EMOTION_HIGH, EMOTION_LOW

#: How high the curve is drawn, seen from its width: 140 px on a page of about 1,100 px.
_HEIGHT_BY_WIDTH = 0.13


@dataclass(frozen=True)
class _Stop:
    """One stage of the strip; what is unknown is None."""

    label: str
    customers: float | None
    emotion: float | None
    low: float | None
    high: float | None
    customers_scored: int
    share_leaving: float | None


def journey_strip_chart(strip: pd.DataFrame) -> str:
    """Draw the journey: a bar of customers per stage, the feeling above it, and the share that leaves after it.

    Where no feeling is known the curve is open; where none is known at all it is left away and said once. On a narrow
    page the strip becomes a list.

    Parameters
    ----------
    strip
        One row per stage: `stage, customers, emotion, low, high, customers_scored, share_leaving`.

    Returns
    -------
    str
        HTML that needs no script.
    """
    stops = _stops(strip)
    if not stops:
        return ""
    most_customers = max(1.0, *(stop.customers or 0.0 for stop in stops))
    losses = [stop.share_leaving for stop in stops if stop.share_leaving is not None]
    most_lost = max(losses, default=0.0)
    is_felt = any(stop.emotion is not None for stop in stops)
    items = "".join(
        _item(stop, colour, most_customers, most_lost, _feel(stop) if is_felt else "")
        for stop, colour in zip(stops, stage_colours(len(stops)), strict=True)
    )
    return (
        f"{stylesheet('overview')}"
        f'<div class="j j-strip" role="group" aria-label="{html_text(journey_strip_alt(strip))}">'
        f'<div class="j-plot">{_band(stops) if is_felt else _silence()}<ol>{items}</ol></div></div>'
    )


def journey_strip_alt(strip: pd.DataFrame) -> str:
    """Say what the strip shows: how many arrive, where most leave, where it feels worst and best."""
    stops = _stops(strip)
    if not stops:
        return _("No customer reached a stage.")
    said = [
        _("{first} customers at {stage}, {last} at {end}.").format(
            first=number(stops[0].customers),
            stage=stops[0].label,
            last=number(stops[-1].customers),
            end=stops[-1].label,
        )
    ]
    leaving = [stop for stop in stops if stop.share_leaving]
    if leaving:
        worst = max(leaving, key=lambda stop: stop.share_leaving or 0.0)
        said.append(
            _("Most leave after {stage}: {share}.").format(stage=worst.label, share=percent(worst.share_leaving))
        )
    felt = [stop for stop in stops if stop.emotion is not None and not is_few(stop.customers_scored)]
    if felt:
        lowest = min(felt, key=lambda stop: stop.emotion or 0.0)
        highest = max(felt, key=lambda stop: stop.emotion or 0.0)
        said.append(
            _("Feeling is lowest at {low} ({low_value}) and highest at {high} ({high_value}).").format(
                low=lowest.label,
                low_value=signed(lowest.emotion),
                high=highest.label,
                high_value=signed(highest.emotion),
            )
        )
    return " ".join(said)


def feeling_curve(values: Sequence[tuple[float | None, float | None, float | None]], height_by_width: float) -> str:
    """Draw the curve of emotions with its interval over evenly wide columns; unknown ones leave it open."""
    n_columns = len(values)
    drawn: list[str] = []
    for run in known_runs([emotion for emotion, _low, _high in values]):
        middle = [((place + 0.5) / n_columns, _depth(values[place][0])) for place in run]
        low = [(x, _depth(values[place][1], y)) for place, (x, y) in zip(run, middle, strict=True)]
        high = [(x, _depth(values[place][2], y)) for place, (x, y) in zip(run, middle, strict=True)]
        stub = 0.12 / n_columns
        drawn.append(
            f'<div class="j-band" style="clip-path:{band_polygon(_widened(low, stub), _widened(high, stub))}"></div>'
            f'<div class="j-line" style="clip-path:{line_polygon(_widened(middle, stub), height_by_width)}"></div>'
        )
    return "".join(drawn)


def depth_of(emotion: float) -> float:
    """Tell how far from the top of its box an emotion is drawn, 0 … 1.

    Examples
    --------
    >>> depth_of(2.0), depth_of(0.0), depth_of(-1.0)
    (0.0, 0.5, 0.75)
    """
    return (EMOTION_HIGH - emotion) / (EMOTION_HIGH - EMOTION_LOW)


def dot_class(emotion: float, customers_scored: int) -> str:
    """Name the classes of a dot: its words stand away from the middle line; muted where few customers answered."""
    return "j-dot" + (" j-above" if emotion >= 0 else "") + (" j-few" if is_few(customers_scored) else "")


def _depth(emotion: float | None, otherwise: float = 0.5) -> float:
    return otherwise if emotion is None else min(1.0, max(0.0, depth_of(emotion)))


def _widened(points: Sequence[Point], stub: float) -> list[Point]:
    """Give a lonely point a width, so that it is seen."""
    if len(points) > 1:
        return list(points)
    [(x, y)] = points
    return [(x - stub, y), (x + stub, y)]


def _stops(strip: pd.DataFrame) -> list[_Stop]:
    return [
        _Stop(
            stage_label(str(row["stage"])),
            _known(row["customers"]),
            _known(row["emotion"]),
            _known(row["low"]),
            _known(row["high"]),
            int(_known(row["customers_scored"]) or 0),
            _known(row["share_leaving"]),
        )
        for row in strip.to_dict("records")
    ]


def _known(value: float | None) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def _band(stops: Sequence[_Stop]) -> str:
    curve = feeling_curve([(stop.emotion, stop.low, stop.high) for stop in stops], _HEIGHT_BY_WIDTH)
    return f'<div class="j-curve" aria-hidden="true"><div class="j-zero"></div>{curve}</div>'


def _silence() -> str:
    return f'<p class="j-silent">{html_text(_("feeling unknown"))}</p>'


def _item(stop: _Stop, colour: str, most_customers: float, most_lost: float, feel: str) -> str:
    customers = _("{n} customers").format(n=number(stop.customers))
    height = (stop.customers or 0.0) / most_customers
    return (
        f'<li style="--h:{height:.4f};--c:{colour}">{feel}'
        f'<div class="j-column"><span class="j-count" title="{html_text(customers)}">{short(stop.customers)}'
        f'<span class="j-hidden"> {html_text(_("customers"))}</span></span>{_bar(stop)}</div>'
        f'<div class="j-name">{html_text(stop.label)}</div>{_drop(stop, most_lost)}</li>'
    )


def _bar(stop: _Stop) -> str:
    """Draw how many there are; nothing where that is not told, which is not none."""
    return "" if stop.customers is None else '<span class="j-bar"></span>'


def _feel(stop: _Stop) -> str:
    return f'<div class="j-feel">{_open() if stop.emotion is None else _dot(stop, stop.emotion)}</div>'


def _open() -> str:
    return f'<div class="j-open"><span>{html_text(_("feeling unknown"))}</span></div>'


def _dot(stop: _Stop, emotion: float) -> str:
    base = _("{feeling}, {interval}, {n} customers").format(
        feeling=feeling_of(emotion).word,
        interval=interval(signed(stop.low), signed(stop.high)),
        n=number(stop.customers_scored),
    )
    return (
        f'<div class="{dot_class(emotion, stop.customers_scored)}" style="--y:{_depth(emotion):.4f}" '
        f'title="{html_text(base)}">'
        f"{face_image(emotion)}"
        f'<span class="j-value">{signed(emotion)} · n {short(stop.customers_scored)}</span></div>'
    )


def _drop(stop: _Stop, most_lost: float) -> str:
    if stop.share_leaving is None:
        return '<div class="j-drop"></div>'
    most = " j-most" if stop.share_leaving and stop.share_leaving == most_lost else ""
    text = _("{share} leave here").format(share=percent(stop.share_leaving))
    return f'<div class="j-drop{most}">{html_text(text)}</div>'
