"""A card per persona: who, how many, what sets them apart, how it feels, in whose words."""

from __future__ import annotations

from typing import Any

import pandas as pd

from journey.charts.escaping import html_text
from journey.charts.html import face_image, stylesheet
from journey.charts.persona_pictures import persona_image
from journey.charts.theme import DARK, LIGHT
from journey.language import _, interval, listed, money, number, percent, signed
from journey.vocabulary import MINIMUM_BASE


def persona_cards(profiles: pd.DataFrame, *, currency: str | None = None, goal: str | None = None) -> str:
    """Draw the personas as cards.

    Parameters
    ----------
    profiles
        One row per persona, as `Personas.profiles`.
    currency
        Of the revenue.
    goal
        The stage that counts as success, as people read it.

    Returns
    -------
    str
        HTML that needs no script.
    """
    cards = "".join(_card(row, place, currency, goal) for place, row in enumerate(profiles.to_dict("records")))
    return f'{stylesheet("personas")}<div class="j j-cards">{cards}</div>'


def _card(row: dict[Any, Any], place: int, currency: str | None, goal: str | None) -> str:
    name = str(row["persona"])
    light, dark = (colours.personas[place % len(colours.personas)] for colours in (LIGHT, DARK))
    size = _("{share} · {n} customers").format(share=percent(row["share_of_customers"]), n=number(row["customers"]))
    picture = persona_image(name, title=_("Drawn picture of {persona}").format(persona=name), colour=light, size_px=64)
    standouts = "".join(f"<li>{html_text(said)}</li>" for said in row["standouts"])
    facts = "".join(f"<dt>{html_text(term)}</dt><dd>{told}</dd>" for term, told in _facts(row, currency, goal) if told)
    quote = "" if _is_missing(row["quote"]) else f"<blockquote>“{html_text(row['quote'])}”</blockquote>"
    return (
        f'<article style="--c:light-dark({light},{dark})"><header>{picture}<div><h3>{html_text(name)}</h3>'
        f"<p>{html_text(size)}</p></div></header>{f'<ul>{standouts}</ul>' if standouts else ''}"
        f"<dl>{facts}</dl>{quote}</article>"
    )


def _facts(row: dict[Any, Any], currency: str | None, goal: str | None) -> list[tuple[str, str]]:
    return [
        (_("Revenue per customer"), _told(row["revenue_per_customer"], lambda value: money(value, currency))),
        (
            _("Reach {goal}").format(goal=goal) if goal else _("Reach the goal"),
            html_text(
                f"{percent(row['share_reaching_goal'])} {interval(percent(row['goal_low']), percent(row['goal_high']))}"
            )
            if not _is_missing(row["share_reaching_goal"])
            else "",
        ),
        (_("Median days to it"), _told(row["median_days_to_goal"], lambda value: number(value, 1))),
        (_("Feeling"), _feeling(row)),
        (_("Wants"), "" if _is_missing(row["goal"]) else html_text(row["goal"])),
        (_("Channels"), html_text(listed([str(channel) for channel, _share in row["channels"]]))),
        (_("Hardest at"), _low_point(row)),
    ]


def _feeling(row: dict[Any, Any]) -> str:
    if _is_missing(row["emotion"]) or row["n_scored"] < MINIMUM_BASE:
        n_scored = 0 if _is_missing(row["n_scored"]) else row["n_scored"]
        return html_text(_("too few answers (n {n})").format(n=number(n_scored)))
    said = _("{emotion} {interval}, n {n}").format(
        emotion=signed(row["emotion"]),
        interval=interval(signed(row["low"]), signed(row["high"])),
        n=number(row["n_scored"]),
    )
    return face_image(row["emotion"]) + html_text(said)


def _low_point(row: dict[Any, Any]) -> str:
    if _is_missing(row["lowest_touchpoint"]):
        return ""
    said = _("{touchpoint} ({emotion}, n {n})").format(
        touchpoint=row["lowest_touchpoint"],
        emotion=signed(row["lowest_emotion"]),
        n=number(row["lowest_n_scored"]),
    )
    return html_text(said)


def _told(value: Any, write: Any) -> str:
    return "" if _is_missing(value) else html_text(write(value))


def _is_missing(value: object) -> bool:
    return bool(pd.isna(value)) if not isinstance(value, (tuple, list)) else False  # type: ignore[call-overload]
