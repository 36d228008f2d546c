"""What the pictures made of HTML share: their style sheet, faces, and colours that follow the surroundings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from journey.charts.escaping import html_text
from journey.charts.theme import css_variables, feeling_of, ink_on, picture_address, stage_ramp
from journey.vocabulary import MINIMUM_BASE

#: Address of the page that proves something, from the page's name and its settings; None where there is none.
Address = Callable[[str, Mapping[str, Any]], str | None]


def nowhere(_page: str, _settings: Mapping[str, Any]) -> None:
    """Lead nowhere: what is drawn names its base but links to no page."""


@cache
def stylesheet(name: str) -> str:
    """Write the shared style and the one of a picture as a `<style>` element."""
    return f"<style>{styles([name])}</style>"


def styles(names: Sequence[str]) -> str:
    """Write the shared style, once, and those of several pictures, for the head of a document that holds them."""
    folder = Path(__file__).parent
    shared = (folder / "base.css").read_text("utf-8").replace("/*variables*/", css_variables(), 1)
    return shared + "".join((folder / f"{name}.css").read_text("utf-8") for name in names)


def is_few(customers: float) -> bool:
    """Tell whether customers are too few for a figure about them to stand like the others."""
    return customers < MINIMUM_BASE


def face_image(emotion: float) -> str:
    """Draw the face of a feeling; its word is the text alternative."""
    feeling = feeling_of(emotion)
    return f'<img class="j-face" alt="{html_text(feeling.word)}" src="{picture_address(feeling.face)}">'


def stage_colours(n_stages: int) -> list[str]:
    """Name the CSS colour of each stage."""
    pairs = zip(stage_ramp(n_stages, "light"), stage_ramp(n_stages, "dark"), strict=True)
    return [f"light-dark({light},{dark})" for light, dark in pairs]


def stage_inks(n_stages: int) -> list[str]:
    """Name the CSS colour that is read on each stage's colour."""
    pairs = zip(stage_ramp(n_stages, "light"), stage_ramp(n_stages, "dark"), strict=True)
    return [f"light-dark({ink_on(light)},{ink_on(dark)})" for light, dark in pairs]
