"""A card per persona: who, how many, what sets them apart, how it feels, in whose words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import pandas as pd

from journey.charts.escaping import html_text
from journey.charts.html import face_image, is_few, stylesheet
from journey.charts.persona_pictures import persona_image
from journey.charts.theme import DARK, LIGHT
from journey.language import _, interval, listed, money, number, percent, rough, signed

#: Column of the profile, what it is called, what is told of it.
_Fact = tuple[str, str, str]
_MARK = "<sup>†</sup>"


def persona_cards(
    profiles: pd.DataFrame,
    *,
    currency: str | None = None,
    goal: str | None = None,
    fitted: Collection[str] = (),
    is_rough: bool = False,
) -> str:
    """Draw the personas as cards.

    Parameters
    ----------
    profiles
        One row per persona, as `Personas.profiles`.
    currency
        Of the revenue.
    goal
        The stage that counts as success, as people read it.
    fitted
        Columns that went into the grouping, as `Personas.fitted_outcomes`: what they tell is marked.
    is_rough
        Of times and money two digits are known, as in a shared document.

    Returns
    -------
    str
        HTML that needs no script.
    """
    rows = profiles.to_dict("records")
    cards = "".join(_card(row, place, _facts(row, currency, goal, is_rough), fitted) for place, row in enumerate(rows))
    note = f'<p class="j j-note">{html_text(_("† went into the grouping: described, not tested"))}</p>'
    return f'{stylesheet("personas")}<div class="j j-cards">{cards}</div>{note if _MARK in cards else ""}'


def _card(row: dict[Any, Any], place: int, facts: Sequence[_Fact], fitted: Collection[str]) -> str:
    name = str(row["persona"])
    light, dark = (colours.personas[place % len(colours.personas)] for colours in (LIGHT, DARK))
    size = _("{share} · {n} customers").format(share=percent(row["share_of_customers"]), n=number(row["customers"]))
    picture = persona_image(name, title=_("Drawn picture of {persona}").format(persona=name), colour=light, size_px=64)
    body = _too_few(row) if is_few(row["customers"]) else _body(row, facts, fitted)
    return (
        f'<article style="--c:light-dark({light},{dark})"><header>{picture}<div><h3>{html_text(name)}</h3>'
        f"<p>{html_text(size)}</p></div></header>{body}</article>"
    )


def _too_few(row: dict[Any, Any]) -> str:
    return f"<p>{html_text(_('too few to tell (n {n})').format(n=number(row['customers'])))}</p>"


def _body(row: dict[Any, Any], facts: Sequence[_Fact], fitted: Collection[str]) -> str:
    standouts = "".join(f"<li>{html_text(said)}</li>" for said in row["standouts"])
    told = "".join(
        f"<dt>{html_text(term)}{_MARK if column in fitted else ''}</dt><dd>{said}</dd>"
        for column, term, said in facts
        if said
    )
    quote = "" if _is_missing(row["quote"]) else f"<blockquote>“{html_text(row['quote'])}”</blockquote>"
    return f"{f'<ul>{standouts}</ul>' if standouts else ''}<dl>{told}</dl>{quote}"


def _facts(row: dict[Any, Any], currency: str | None, goal: str | None, is_rough: bool) -> list[_Fact]:
    return [
        (
            "revenue_per_customer",
            _("Revenue per customer"),
            _told(row["revenue_per_customer"], lambda value: money(value, currency, is_rough=is_rough)),
        ),
        (
            "share_reaching_goal",
            _("Reach {goal}").format(goal=goal) if goal else _("Reach the goal"),
            html_text(
                f"{percent(row['share_reaching_goal'])} {interval(percent(row['goal_low']), percent(row['goal_high']))}"
            )
            if not _is_missing(row["share_reaching_goal"])
            else "",
        ),
        (
            "median_days_to_goal",
            _("Median days to it"),
            _told(row["median_days_to_goal"], lambda value: rough(value) if is_rough else number(value, 1)),
        ),
        ("emotion", _("Feeling"), _feeling(row)),
        ("goal", _("Wants"), "" if _is_missing(row["goal"]) else html_text(row["goal"])),
        ("channels", _("Channels"), html_text(listed([str(channel) for channel, _share in row["channels"]]))),
        ("lowest_touchpoint", _("Hardest at"), _low_point(row)),
    ]


def _feeling(row: dict[Any, Any]) -> str:
    customers = row["customers_scored"]
    if _is_missing(customers):
        return html_text(_("too few customers answered"))
    if _is_missing(row["emotion"]) or is_few(customers):
        return html_text(_("too few customers answered (n {n})").format(n=number(customers)))
    said = _("{emotion} {interval}, {n} customers").format(
        emotion=signed(row["emotion"]),
        interval=interval(signed(row["low"]), signed(row["high"])),
        n=number(customers),
    )
    return face_image(row["emotion"]) + html_text(said)


def _low_point(row: dict[Any, Any]) -> str:
    if _is_missing(row["lowest_touchpoint"]):
        return ""
    said = _("{touchpoint} ({emotion}, {n} customers)").format(
        touchpoint=row["lowest_touchpoint"],
        emotion=signed(row["lowest_emotion"]),
        n=number(row["lowest_customers_scored"]),
    )
    return html_text(said)


def _told(value: Any, write: Any) -> str:
    return "" if _is_missing(value) else html_text(write(value))


def _is_missing(value: object) -> bool:
    return bool(pd.isna(value)) if not isinstance(value, (tuple, list)) else False  # type: ignore[call-overload]
