"""What the Share page says: its finding, what a link shows, and when something happened."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from journey.dataset import Filters
from journey.errors import DatasetNotFoundError
from journey.language import _, day, listed, months, ngettext, number, readable
from journey.reports.choices import LEAST, PAGES, PERIOD, PERSONA, Choices
from journey.sharing import Link
from journey.sharing.links import MOST_DAYS
from journey.ui import cache, login, navigation
from journey.ui.shell import View


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def headline(links: Sequence[Link]) -> tuple[str, str]:
    """Say how many links are open, and when one of them was looked at last."""
    opened = [link for link in links if link.state(now()) == "open"]
    if not opened:
        over = ngettext("{n} earlier link has ended", "{n} earlier links have ended", len(links))
        told = _("A link shows what you choose, frozen, to whoever has it. It never reaches the data.")
        return (_("Nothing is shared now."), f"{over} · {told}") if links else (_("Nothing is shared yet."), told)
    told = ngettext("{n} link is open", "{n} links are open", len(opened))
    looks = [link.last_opened_at for link in opened if link.last_opened_at is not None]
    if not looks:
        told = _("{links}; none was opened yet.").format(links=told)
        return told, _("Whoever has a link can look at its page until it expires or is withdrawn.")
    n_opened = sum(link.n_opened for link in opened)
    base = ngettext("opened {n} time in all", "opened {n} times in all", n_opened)
    return _("{links}; the last was opened {when}.").format(links=told, when=when(max(looks))), base


def n_open(dataset_id: str) -> int:
    """Count the open links that show something of a dataset."""
    moment = now()
    return sum(link.dataset_id == dataset_id and link.state(moment) == "open" for link in cache.links().all())


def when(moment: datetime.datetime) -> str:
    """Write a day as a person near it would: today, yesterday, `on 4 May 2025`."""
    here = local_day(moment)
    n_days = (local_day(now()) - here).days
    if n_days in (0, 1):
        return _("yesterday") if n_days else _("today")
    return _("on {day}").format(day=day(here))


def end_of(until: datetime.date) -> datetime.datetime:
    """Tell when a last day is over where the reader is; at most a year from now."""
    over = datetime.datetime.combine(until, datetime.time(23, 59, 59), _zone())
    return min(over.astimezone(datetime.UTC), now() + datetime.timedelta(days=MOST_DAYS))


def local_day(moment: datetime.datetime) -> datetime.date:
    """Tell the day of a moment where the reader is."""
    return local_time(moment).date()


def local_time(moment: datetime.datetime) -> datetime.datetime:
    """Tell a moment by the clock where the reader is."""
    return moment.astimezone(_zone())


def _zone() -> ZoneInfo:
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def filters_in_words(view: View) -> list[str]:
    """Name what the filters keep, one entry per filter, as in `Country: Romania and Germany`."""
    labels = {each.name: readable(each.label) for each in view.dataset.facts.attributes}
    return _filters_told(view.dataset.filters, labels)


def choices_in_words(choices: Choices) -> str:
    """Name in a line what tells a link from others to the same data: pages, what to switch by, filters, comments."""
    titles = [navigation.page_info(page).title for page in choices.pages]
    names = {PERSONA: _("persona"), PERIOD: _("period"), "channel": _("first channel"), "device": _("first device")}
    cuts = [names.get(cut, readable(cut)) for cut in choices.cuts]
    filters = choices.filters
    days = [_("from {day}").format(day=day(filters.start))] if filters.start else []
    days += [_("to {day}").format(day=day(filters.end))] if filters.end else []
    told = [
        _("all pages") if len(titles) == len(PAGES) else listed(titles),
        _("to switch by {cuts}").format(cuts=listed(cuts)) if cuts else _("nothing to switch by"),
        *([_("groups of {least} or more").format(least=number(choices.least))] if choices.least != LEAST else []),
        *([" ".join(days)] if days else []),
        *_filters_told(filters, {}),
        *([ngettext("{n} comment", "{n} comments", len(choices.quotes))] if choices.quotes else []),
    ]
    return " · ".join(told)


def data_in_words(link: Link) -> str:
    """Tell of which data a link is, and up to which month these go, where they are still here."""
    try:
        _first, last = cache.dataset(link.dataset_id, link.version).days
    except DatasetNotFoundError:
        return link.dataset_name
    last = min(last, Choices.from_dict(link.choices).filters.end or last)
    return _("{dataset}, data up to {month}").format(dataset=link.dataset_name, month=months(last, last))


def made_by(name: str) -> str:
    """Tell by whom something was made; where there are no accounts, on which computer."""
    return _("by {name}").format(name=name) if name != login.nobody() else _("on this computer")


def _filters_told(filters: Filters, labels: Mapping[str, str]) -> list[str]:
    chosen = {
        _("Persona"): filters.personas,
        _("First channel"): filters.first_channels,
        _("First device"): filters.first_devices,
        _("Stage reached"): filters.stages_reached,
        **{labels.get(name, readable(name)): values for name, values in filters.attributes},
    }
    return [f"{label}: {listed(values, at_most=6)}" for label, values in chosen.items() if values]
