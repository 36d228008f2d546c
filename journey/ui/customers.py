"""One customer on screen: chosen by pseudonym, told in a sentence, never shown by id."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from journey.analysis.customers import Customer
from journey.charts.theme import feeling_of, stage_label
from journey.language import UNKNOWN, _, day, listed, money, ngettext, number, period, readable, signed
from journey.reports.sentences import Headline
from journey.ui import answers, cache, filters, navigation, settings, tables
from journey.ui.shell import View, base_of
from journey.ui.tables import Column
from journey.ui.text import plain

_LISTED = 50
_DAYS_OF_MONTH = 30.44
_FEWEST_MONTHS, _FEWEST_WEEKS = 2, 2
_MOST_NAMES = 6


def pseudonym(view: View, customer_key: int) -> str:
    """Name a customer on screen."""
    # Keys are numbered from 1 in the order in which the names were given.
    return cache.pseudonyms(view.whole).name(customer_key - 1)


def link(view: View, customer_key: int) -> None:
    """Draw the way to a customer's page, from wherever one is met."""
    name = pseudonym(view, customer_key)
    navigation.link("customer", _("Follow {customer}").format(customer=plain(name)), {filters.CUSTOMER: [name]})


def choose(view: View) -> tuple[int, pd.DataFrame]:
    """Let a person pick a customer of those the filters leave; hand over the key and the list it was picked from."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        order = settings.choose_one("order", _("First"), _orders(view), "recent")
        # What is searched for may be an e-mail address: it stays out of the address.
        searched = st.text_input(
            _("Find"),
            placeholder=_("a pseudonym, or a part of an id of your data"),
            key="customer searched",
            on_change=lambda: filters.write(filters.CUSTOMER, []),
        )
        keys = _named(view, searched)
        found = answers.customer_list(view, search="" if keys else searched, n_customers=_LISTED, order=order)
        if found.empty:
            st.caption(_("Nobody's id holds this text; these are all customers."))
            found = answers.customer_list(view, n_customers=_LISTED, order=order)
        listed_keys = {pseudonym(view, int(key)): int(key) for key in found["customer_key"]}
        words = {name: _words(view, name, row) for name, row in zip(listed_keys, found.to_dict("records"), strict=True)}
        keys |= listed_keys
        keys |= _named(view, next(iter(filters.read(filters.CUSTOMER)), ""))
        options = {name: words.get(name, name) for name in keys}
        chosen = settings.choose_one(filters.CUSTOMER, _("Customer"), options, next(iter(keys)))
    return keys[chosen], found


def _orders(view: View) -> dict[str, str]:
    orders = {"recent": _("the most recent"), "visits": _("who came most often")}
    if view.dataset.facts.has_revenue:
        orders["revenue"] = _("who brought most")
    return orders | {"worst": _("who felt worst")}


def _named(view: View, wanted: str) -> dict[str, int]:
    """The customer whose pseudonym this is, by the pseudonym, whether the list holds them or not."""
    names = cache.pseudonyms(view.whole)
    place = names.place(wanted)
    return {} if place is None else {names.name(place): place + 1}


def _words(view: View, name: str, row: Mapping[Any, Any]) -> str:
    last = row["last_timestamp"].to_pydatetime()
    told = [name, ngettext("{n} visit", "{n} visits", row["visits"]), day(view.whole.day_of(last))]
    return " · ".join(told)


def headline(view: View, found: Customer) -> Headline:
    """Say in a sentence how often this customer came, what they paid and how they felt last."""
    told = [
        _came(found),
        _paid(view, found),
        _("last feeling: {feeling}").format(feeling=feeling_of(found.last_emotion).word)
        if found.last_emotion is not None
        else _("never said how it felt"),
    ]
    sentence = f"{pseudonym(view, found.customer_key)} {', '.join(told)}."
    days = period(view.whole.day_of(found.first), view.whole.day_of(found.last))
    return sentence, _("{days} · one of {base}").format(days=days, base=base_of(view))


def _came(found: Customer) -> str:
    if found.visits == 1:
        return _("came once")
    times = ngettext("came {n} time", "came {n} times", found.visits)
    return _("{times} over {length}").format(times=times, length=_length(found.last - found.first))


def _length(stretch: datetime.timedelta) -> str:
    if stretch.days >= _FEWEST_MONTHS * _DAYS_OF_MONTH:
        return ngettext("{n} month", "{n} months", round(stretch.days / _DAYS_OF_MONTH))
    if stretch.days >= _FEWEST_WEEKS * 7:
        return ngettext("{n} week", "{n} weeks", round(stretch.days / 7))
    return ngettext("{n} day", "{n} days", max(1, stretch.days))


def _paid(view: View, found: Customer) -> str:
    if found.purchases is None:
        goal = view.whole.facts.goal
        is_reached = goal in set(found.timeline["stage"].dropna())
        return _("reached {goal}").format(goal=view.goal) if is_reached else _("has not reached the goal")
    if not found.purchases:
        return _("paid nothing")
    times = _("paid once") if found.purchases == 1 else ngettext("paid {n} time", "paid {n} times", found.purchases)
    return f"{times} ({money(found.revenue, view.currency)})"


def profile(view: View, found: Customer) -> None:
    """Show what is known: attributes, ways, and what came of it."""
    columns = {
        _("What is known"): [
            *((readable(label), value) for label, value in found.attributes),
            *([(_("Persona"), found.persona)] if found.persona else []),
        ],
        _("How they come"): [(_("Devices"), _counted(found.devices)), (_("Channels"), _counted(found.channels))],
        _("What came of it"): [
            (_("Interactions"), number(found.interactions)),
            (_("Visits"), number(found.visits)),
            (_("Journeys"), number(found.journeys)),
            (_("Furthest stage"), stage_label(found.stage_reached) if found.stage_reached else UNKNOWN),
            (_("Revenue"), money(found.revenue, view.currency)),
            (
                _("Feeling"),
                _("{emotion} in {answers}").format(
                    emotion=signed(found.emotion), answers=ngettext("{n} answer", "{n} answers", found.n_scored)
                )
                if found.n_scored
                else UNKNOWN,
            ),
        ],
    }
    for place, (title, lines) in zip(st.columns(3, gap="large"), columns.items(), strict=True):
        with place:
            st.subheader(title, anchor=False)
            told = [f"{plain(label)}: **{plain(value)}**" for label, value in lines]
            st.markdown("  \n".join(told) or plain(UNKNOWN))


def _counted(names: tuple[tuple[str, int], ...]) -> str:
    return listed([f"{name} ({number(n)})" for name, n in names], at_most=_MOST_NAMES) if names else UNKNOWN


def way(view: View, found: Customer) -> pd.DataFrame:
    """Lay a customer's timeline into the reporting time zone."""
    moments = found.timeline["timestamp"].dt.tz_localize("UTC").dt.tz_convert(ZoneInfo(view.whole.facts.time_zone))
    return found.timeline.assign(timestamp=moments.dt.tz_localize(None))


def timeline(told: pd.DataFrame) -> None:
    """Show every interaction of a customer's way in time order."""
    shown = told.assign(timestamp=told["timestamp"].dt.strftime("%Y-%m-%d %H:%M"))
    filled = shown.dropna(axis="columns", how="all")
    columns = {
        "timestamp": Column(_("When")),
        "visit": Column(_("Visit"), "number"),
        "stage": Column(_("Stage")),
        "touchpoint": Column(_("Touchpoint")),
        "channel": Column(_("Channel")),
        "device": Column(_("Device")),
        "campaign": Column(_("Campaign")),
        "emotion": Column(_("Feeling, −2 … +2"), "feeling"),
        "score": Column(_("Score"), "number"),
        "score_kind": Column(_("Scale")),
        "revenue": Column(_("Revenue"), "money"),
        "comment": Column(_("Comment")),
    }
    tables.show(filled, columns, name=_("What happened"))


def table(view: View, found: pd.DataFrame) -> None:
    """Show the list that the customer was picked from, by pseudonyms."""
    shown = found.assign(
        customer=[pseudonym(view, int(key)) for key in found["customer_key"]],
        last_day=[day(view.whole.day_of(each.to_pydatetime())) for each in found["last_timestamp"]],
    )
    columns = {
        "customer": Column(_("Customer")),
        "last_day": Column(_("Last there")),
        "visits": Column(_("Visits"), "number"),
        "interactions": Column(_("Interactions"), "number"),
        "revenue": Column(_("Revenue"), "money"),
        "emotion": Column(_("Feeling, −2 … +2"), "feeling"),
        "n_scored": Column(_("Answers"), "number"),
        "stage_reached": Column(_("Furthest stage")),
    }
    tables.show(shown.dropna(axis="columns", how="all"), columns, name=_("Customers to choose from"))
