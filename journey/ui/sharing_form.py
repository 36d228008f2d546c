"""The form of a shared dashboard, in the order a person thinks: what, for whom, until when, how careful."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from journey.charts.theme import stage_label
from journey.language import _, ngettext, readable
from journey.reports.choices import (
    FEWEST_LEAST,
    LEAST,
    LONGEST_TITLE,
    MOST_CUTS,
    MOST_LEAST,
    PAGES,
    PERIOD,
    PERSONA,
    Choices,
    Quote,
    cuts_of,
)
from journey.reports.cuts import values_of
from journey.sharing.links import MOST_DAYS, USUAL_DAYS
from journey.sharing.passwords import FEWEST_CHARACTERS, MOST_CHARACTERS
from journey.ui import answers, filters, navigation, sharing_words, state
from journey.ui.shell import View
from journey.ui.text import plain

#: So many of the comments with the worst and of those with the best feeling are offered.
_COMMENTS_OF_A_KIND = 6
_USED = "dataset whose link took the password"


@dataclass(frozen=True)
class Filled:
    """What the form says: what is shown, and under which password, if any."""

    choices: Choices
    password: str | None


class _Fields:
    """Names widgets so that what was filled in belongs to one dataset and outlives a look at another page."""

    def __init__(self, view: View) -> None:
        self._dataset = view.info.id

    def __call__(self, field: str) -> dict[str, Any]:
        return {"key": f"share {field} {self._dataset}", "persist_state": "session"}


def fill(view: View) -> Filled | None:
    """Draw the form with what was filled in so far; None while something in it is missing."""
    named = _Fields(view)
    title = st.text_input(_("Title that readers see"), value=view.info.name, max_chars=LONGEST_TITLE, **named("title"))
    pages = _pages(view, named)
    cuts = _cuts(view, named)
    days, secret = st.columns(2)
    with days:
        until = _until(named)
    with secret:
        key = f"share password {view.info.id}"
        if state.share_draft(_USED) == view.info.id:
            state.seed(key, "")
            state.keep_share_draft(_USED, None)
        password = st.text_input(
            _("Password (if you want one)"),
            type="password",
            max_chars=MOST_CHARACTERS,
            autocomplete="new-password",
            key=key,
            placeholder=ngettext("{n} character or more", "{n} characters or more", FEWEST_CHARACTERS),
            help=_("Readers are asked for it. Tell it to them by another way than the link."),
        )
    least = st.number_input(
        _("Smallest group shown"),
        min_value=FEWEST_LEAST,
        max_value=MOST_LEAST,
        value=LEAST,
        help=_(
            "Figures of fewer customers are left out, and others with which they could be worked out. {n} suits most "
            "cases; it is never under {fewest}."
        ).format(n=LEAST, fewest=FEWEST_LEAST),
        **named("least"),
    )
    quotes = _comments(view, named)
    if not (title.strip() and pages and least):
        st.caption(_("A link needs a title and a page to show."))
        return None
    choices = Choices(title.strip(), until, pages, cuts, int(least), quotes, view.dataset.filters)
    return Filled(choices, password or None)


def empty_password(view: View) -> None:
    """Let the password be empty when the form is drawn next: the next link is for others."""
    state.keep_share_draft(_USED, view.info.id)


def _pages(view: View, named: _Fields) -> tuple[str, ...]:
    titles = {page: navigation.page_info(page).title for page in PAGES if page != "personas" or view.personas}
    chosen = st.pills(
        _("Pages"),
        list(titles),
        selection_mode="multi",
        default=list(titles),
        format_func=lambda page: titles[page],
        wrap=True,
        **named("pages"),
    )
    return tuple(chosen)


def _cuts(view: View, named: _Fields) -> tuple[str, ...]:
    # What has so many values that no page compares by it names people or places rather than groups.
    offered = set(answers.breakdowns(view)) | ({PERIOD} if any(values_of(view.dataset, PERIOD)) else set())
    known = {name: label for name, label in cuts_of(view.dataset).items() if name in offered}
    chosen = st.multiselect(
        _("Readers may switch by"),
        list(known),
        default=[cut for cut in (PERSONA, PERIOD) if cut in known],
        format_func=lambda cut: readable(known[cut]),
        max_selections=MOST_CUTS,
        placeholder=_("nothing: one picture of all"),
        help=_("At most {n}, one at a time: they can't be combined, and no other filter can be set.").format(
            n=MOST_CUTS
        ),
        **named("cuts"),
    )
    for cut, why in (
        (PERSONA, _("Readers can't switch by persona: there are too few customers for personas.")),
        (PERIOD, _("Readers can't switch by period: the days shown hold less than two full months.")),
    ):
        if cut not in known:
            st.caption(why)
    return tuple(chosen)


def _until(named: _Fields) -> datetime.date:
    today = sharing_words.local_day(sharing_words.now())
    until: datetime.date = st.date_input(
        _("Open until"),
        value=today + datetime.timedelta(days=USUAL_DAYS),
        min_value=today + datetime.timedelta(days=1),
        max_value=today + datetime.timedelta(days=MOST_DAYS),
        format="YYYY-MM-DD",
        **named("until"),
    )
    return until


def _comments(view: View, named: _Fields) -> tuple[Quote, ...]:
    """Offer comments of customers, masked; none is shown unless it is picked."""
    offered = _offered(view)
    if not offered:
        return ()
    with st.expander(_("Comments to show"), key=f"share comments {view.info.id}"):
        st.caption(
            _(
                "None is shown unless you tick it. E-mail addresses, phone and card numbers are masked; names are not. "
                "Read each as somebody would who knows the person."
            )
        )
        picked = [quote for quote in offered if st.checkbox(_in_words(quote), **named(f"comment {_id(quote)}"))]
        if picked:
            st.caption(ngettext("{n} comment will be shown.", "{n} comments will be shown.", len(picked)))
    return tuple(picked)


def _offered(view: View) -> list[Quote]:
    found: dict[str, Quote] = {}
    for is_low in (True, False):
        for row in answers.quotes(view, low=is_low, n_quotes=_COMMENTS_OF_A_KIND).to_dict("records"):
            stage = None if pd.isna(row["stage"]) else row["stage"]
            found.setdefault(row["comment"], Quote(row["comment"], stage, row["touchpoint"]))
    return list(found.values())


def _in_words(quote: Quote) -> str:
    return f"“{plain(quote.comment)}” · {plain(stage_label(quote.touchpoint or ''))}"


def _id(quote: Quote) -> str:
    return filters.value_id(f"{quote.touchpoint} {quote.comment}")
