"""A drawn picture for each persona: abstract, friendly, and the same every time."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from journey.charts.escaping import html_text
from journey.charts.theme import LIGHT, mixed, persona_colour, picture_address

_HAIR = (
    "M27 46 Q27 22 50 22 Q73 22 73 46 Q66 33 50 33 Q34 33 27 46 Z",
    "M26 58 Q22 22 50 21 Q78 22 74 58 Q70 36 50 34 Q30 36 26 58 Z",
    "M28 42 Q34 18 58 22 Q74 25 72 44 Q62 30 46 34 Q36 36 28 42 Z",
    "M29 40 Q29 25 50 24 Q71 25 71 40 Q50 28 29 40 Z",
    "M26 48 Q20 30 34 26 Q40 15 52 20 Q66 14 70 27 Q81 34 74 48 Q68 34 50 34 Q32 34 26 48 Z",
    "M40 25 Q40 10 50 10 Q60 10 60 25 Q74 28 73 45 Q66 33 50 33 Q34 33 27 45 Q26 28 40 25 Z",
)
_SHOULDERS = (
    "M14 100 Q16 76 38 73 H62 Q84 76 86 100 Z",
    "M18 100 Q22 74 50 73 Q78 74 82 100 Z",
    "M10 100 Q14 80 40 72 H60 Q86 80 90 100 Z",
)
_MOUTHS = ("M43 59 Q50 66 57 59", "M44 60 Q50 64 56 60", "M42 58 Q50 68 58 58")
_EXTRAS = (
    "",
    '<path d="M36 49a6 6 0 1 0 12 0a6 6 0 1 0-12 0M52 49a6 6 0 1 0 12 0a6 6 0 1 0-12 0" stroke="{dark}" fill="none"/>',
    '<path d="M40 73 L50 84 L60 73" fill="none" stroke="{pale}" stroke-width="3" stroke-linecap="round"/>',
    '<circle cx="29" cy="56" r="2.2" fill="{dark}"/><circle cx="71" cy="56" r="2.2" fill="{dark}"/>',
)
_GROUNDS = (
    '<circle cx="82" cy="20" r="14" fill="{soft}"/>',
    '<path d="M0 70 Q30 50 100 74 V100 H0 Z" fill="{soft}"/>',
    '<path d="M0 0 H46 L0 52 Z" fill="{soft}"/>',
    '<circle cx="12" cy="78" r="20" fill="{soft}"/><circle cx="88" cy="30" r="9" fill="{soft}"/>',
)


def persona_picture(seed: int | str, *, title: str = "", colour: str | None = None) -> str:
    """Draw a persona as SVG.

    The same seed gives the same picture. `title` is its text alternative; `colour` (`#rrggbb`) the persona's own,
    else one chosen by the seed.
    """
    parts = sha256(str(seed).encode()).digest()
    base = colour or persona_colour(parts[0] % len(LIGHT.personas))
    tones = {
        "dark": mixed(base, "#101820", 0.55),
        "pale": mixed(base, "#ffffff", 0.88),
        "soft": mixed(base, "#ffffff", 0.62),
    }
    head = mixed(mixed("#f3d9c4", "#8a5a3c", parts[1] / 255), base, 0.12)
    named = f"<title>{html_text(title)}</title>" if title else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" role="img">{named}'
        '<clipPath id="round"><circle cx="50" cy="50" r="50"/></clipPath><g clip-path="url(#round)">'
        f'<rect width="100" height="100" fill="{tones["pale"]}"/>{_chosen(_GROUNDS, parts[2]).format(**tones)}'
        f'<path d="{_chosen(_SHOULDERS, parts[3])}" fill="{base}"/>'
        f'<rect x="43" y="62" width="14" height="15" rx="6" fill="{mixed(head, "#101820", 0.12)}"/>'
        f'<ellipse cx="50" cy="48" rx="21" ry="23" fill="{head}"/>'
        f'<path d="{_chosen(_HAIR, parts[4])}" fill="{tones["dark"]}"/>'
        '<circle cx="42" cy="49" r="2.4" fill="#1c2733"/><circle cx="58" cy="49" r="2.4" fill="#1c2733"/>'
        f'<path d="{_chosen(_MOUTHS, parts[5])}" fill="none" stroke="#1c2733" stroke-width="2.2" '
        f'stroke-linecap="round"/>{_chosen(_EXTRAS, parts[6]).format(**tones)}</g></svg>'
    )


def persona_image(seed: int | str, *, title: str, colour: str | None = None, size_px: int = 72) -> str:
    """Write the picture as an HTML image; inline SVG does not pass where pages clean their HTML."""
    address = picture_address(persona_picture(seed, title=title, colour=colour))
    return f'<img src="{address}" alt="{html_text(title)}" width="{size_px}" height="{size_px}">'


def _chosen(among: Sequence[str], chance: int) -> str:
    return among[chance % len(among)]
