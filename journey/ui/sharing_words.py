"""What the Share page says: its finding, what a link shows, and when something happened."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from journey.dataset import Filters
from journey.language import _, day, listed, ngettext, readable
from journey.sharing import Link
from journey.sharing.links import MOST_DAYS
from journey.ui import cache
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
    filters: Filters = view.dataset.filters
    labels = {each.name: readable(each.label) for each in view.dataset.facts.attributes}
    chosen = {
        _("Persona"): filters.personas,
        _("First channel"): filters.first_channels,
        _("First device"): filters.first_devices,
        _("Stage reached"): filters.stages_reached,
        **{labels.get(name, name): values for name, values in filters.attributes},
    }
    return [f"{label}: {listed(values, at_most=6)}" for label, values in chosen.items() if values]
