"""The look that every picture shares: one accent, a ramp for stages, a set for personas, a scale for feelings.

Pictures made of HTML carry both a light and a dark colour (`light-dark()`), and the surroundings choose; Plotly and
ECharts are told which of the two to use by a theme name.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import Any, Final, Literal

from journey.language import _
from journey.vocabulary import FEELINGS, STAGE_SETS

ThemeName = Literal["light", "dark"]

FONT: Final = 'system-ui, -apple-system, "Segoe UI", "Noto Sans", "Helvetica Neue", Arial, sans-serif'


@dataclass(frozen=True)
class Palette:
    """The colours of one theme."""

    ink: str
    muted: str
    line: str
    surface: str
    page: str
    accent: str
    band: str
    good: str
    bad: str
    away: str
    back: str
    stage_ends: tuple[str, str]
    personas: tuple[str, ...]


LIGHT: Final = Palette(
    ink="#1c2733",
    muted="#586675",
    line="#d5dde5",
    surface="#ffffff",
    page="#f6f8fa",
    accent="#2f6299",
    band="#dfe8f1",
    good="#19734a",
    bad="#a92f2a",
    away="#b9c3cd",
    back="#d58a2b",
    stage_ends=("#d5e4f1", "#2f6299"),
    personas=("#2f6299", "#dc7a18", "#29a3a3", "#7a18dc", "#463a34", "#c36cef", "#81340e", "#81815f"),
)
DARK: Final = Palette(
    ink="#e6ecf2",
    muted="#a3b2c0",
    line="#33414f",
    surface="#18202a",
    page="#12181f",
    accent="#8ab8e6",
    band="#2a3b4d",
    good="#6cc99a",
    bad="#f29a90",
    away="#55626f",
    back="#e0a050",
    stage_ends=("#3a5a7c", "#9cc6ef"),
    personas=("#7fb2e5", "#dc5a18", "#b9c5cb", "#9d438e", "#f3c291", "#6347eb", "#6b815f", "#995cd6"),
)


def palette(theme: ThemeName) -> Palette:
    """Hand out the colours of a theme."""
    return DARK if theme == "dark" else LIGHT


# --- Stages and personas -----------------------------------------------------------------------------------------


def stage_ramp(n_stages: int, theme: ThemeName = "light") -> list[str]:
    """Name one colour per stage, in order; a single stage takes the colour of the last.

    Examples
    --------
    >>> stage_ramp(3)
    ['#d5e4f1', '#82a3c5', '#2f6299']
    """
    low, high = palette(theme).stage_ends
    if n_stages <= 1:
        return [high] * n_stages
    return [mixed(low, high, place / (n_stages - 1)) for place in range(n_stages)]


def persona_colour(place: int, theme: ThemeName = "light") -> str:
    """Name the colour of a persona by its place in the list of personas, the same on every page."""
    colours = palette(theme).personas
    return colours[place % len(colours)]


def mixed(low: str, high: str, share_of_high: float) -> str:
    """Mix two colours written `#rrggbb`."""
    pairs = zip(_channels(low), _channels(high), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share_of_high):02x}" for a, b in pairs)


def ink_on(background: str) -> str:
    """Choose black or white, whichever is read better on a background."""
    return max(("#000000", "#ffffff"), key=lambda ink: contrast(ink, background))


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 … 21 (WCAG 2.2, "contrast ratio")."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    parts = [value / 255 for value in _channels(colour)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def stage_label(stage: str) -> str:
    """Write a stage's name as a heading; names of the data's own stay as they are.

    Examples
    --------
    >>> stage_label("awareness"), stage_label("pre_sale")
    ('Awareness', 'pre_sale')
    """
    if any(stage in names for names in STAGE_SETS.values()):
        return _(stage).capitalize()
    return stage


# --- Feelings ----------------------------------------------------------------------------------------------------

_FEELING_COLOURS: Final = ("#b5382f", "#d9654f", "#dba93a", "#3f9f7f", "#1f7a5e")
_MOUTHS: Final = (
    "M11 23 Q16 15 21 23",
    "M11 22 Q16 18 21 22",
    "M11 21 H21",
    "M11 19 Q16 24 21 19",
    "M10 18 Q16 27 22 18 Z",
)


@dataclass(frozen=True)
class Feeling:
    """A value on −2 … +2 as a person would say it: its word, its colour, and a drawn face."""

    word: str
    colour: str
    face: str


def feeling_of(emotion: float) -> Feeling:
    """Say which feeling a mean emotion stands for.

    Examples
    --------
    >>> feeling_of(-1.4).word, feeling_of(0.0).word, feeling_of(1.3).word
    ('very bad', 'mixed', 'very good')
    """
    place = max(index for index, (low, _word, _face) in enumerate(FEELINGS) if emotion >= low or index == 0)
    colour = _FEELING_COLOURS[place]
    return Feeling(_(FEELINGS[place][1]), colour, _face_svg(colour, _MOUTHS[place]))


def _face_svg(colour: str, mouth: str) -> str:
    filled = "#fff" if mouth.endswith("Z") else "none"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<circle cx="16" cy="16" r="15.5" fill="{colour}"/>'
        '<circle cx="11.5" cy="12.5" r="2" fill="#fff"/><circle cx="20.5" cy="12.5" r="2" fill="#fff"/>'
        f'<path d="{mouth}" fill="{filled}" stroke="#fff" stroke-width="2.2" stroke-linecap="round"/></svg>'
    )


def picture_address(svg: str) -> str:
    """Write a drawn picture as a `data:` address, because inline SVG does not pass where pages clean their HTML."""
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode("ascii")


# --- Surroundings ------------------------------------------------------------------------------------------------


def css_variables() -> str:
    """Name the palette as CSS variables that follow the light or dark surroundings."""
    names = ("ink", "muted", "line", "surface", "page", "accent", "band", "good", "bad", "away", "back")
    pairs = ((name, getattr(LIGHT, name), getattr(DARK, name)) for name in names)
    return "".join(f"--j-{name}:light-dark({light},{dark});" for name, light, dark in pairs)


def figure_layout(theme: ThemeName, **layout: Any) -> dict[str, Any]:
    """Lay out a Plotly figure: transparent ground, our fonts and lines; `layout` adds to it or replaces parts."""
    colours = palette(theme)
    axis = {
        "gridcolor": colours.line,
        "linecolor": colours.line,
        "zerolinecolor": colours.line,
        "tickfont": {"color": colours.muted, "size": 12},
        "title": {"font": {"color": colours.muted, "size": 12}},
        "automargin": True,
        "fixedrange": True,
    }
    shared: dict[str, Any] = {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 13, "color": colours.ink},
        "hoverlabel": {
            "bgcolor": colours.surface,
            "bordercolor": colours.line,
            "font": {"family": FONT, "color": colours.ink},
            "align": "left",
        },
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8, "pad": 4},
        "showlegend": False,
        "dragmode": False,
        "xaxis": axis,
        "yaxis": dict(axis),
    }
    return _joined(shared, layout)


def _joined(shared: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    both = dict(shared)
    for name, value in more.items():
        is_part = isinstance(both.get(name), dict) and isinstance(value, dict)
        both[name] = _joined(both[name], value) if is_part else value
    return both
