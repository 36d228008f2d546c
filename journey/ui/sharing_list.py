"""The links there are: what each shows, until when, how often it was opened; and what can be done with one."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from journey.language import UNKNOWN, _, day, ngettext
from journey.reports.choices import Choices
from journey.sharing import Entry, Link
from journey.sharing.links import MOST_DAYS
from journey.ui import cache, login, sharing_refresh, sharing_words, shell
from journey.ui.text import plain
from journey.workspace import DatasetInfo

_MOST_LINES = 200


def draw(links: Sequence[Link]) -> None:
    """List the open links; the ended ones and the log are folded away."""
    if not links:
        return
    now = sharing_words.now()
    open_links = [link for link in links if link.state(now) == "open"]
    ended = [link for link in links if link.state(now) != "open"]
    st.subheader(_("Links"), anchor=False)
    if not open_links:
        st.caption(_("No link is open."))
    for link in open_links:
        with st.container(border=True, key=f"link-{link.id}"):
            _open(link)
    if ended:
        with st.expander(ngettext("{n} link that has ended", "{n} links that have ended", len(ended))):
            for link in ended:
                _ended(link)
    with st.expander(_("What happened to the links")):
        _log(links)


def _open(link: Link) -> None:
    info = sharing_refresh.newest(link)
    what, refresh, more = st.columns([6, 1.4, 1.4], vertical_alignment="center")
    with what:
        st.markdown(f"**{plain(link.title)}**")
        shown = sharing_words.choices_in_words(Choices.from_dict(link.choices))
        st.caption(f"{plain(shown)}  \n{plain(_told(link, info))}")
    is_asked = refresh.button(_("Refresh"), key=f"refresh {link.id}", width="stretch", disabled=info is None)
    with more.popover(_("Change"), width="stretch", key=f"change {link.id}"):
        _change(link)
    if is_asked and info is not None:
        sharing_refresh.work_out(link, info)
    sharing_refresh.waiting(link)


def _told(link: Link, info: DatasetInfo | None) -> str:
    """Tell what a link shows, until when, how often it was opened, and who made it."""
    is_refreshed = link.snapshot_at > link.made_at
    data = sharing_words.data_in_words(link)
    if info is not None and info.version != link.version:
        data = _("{data} (there are newer ones)").format(data=data)
    opened = _("not opened yet")
    if link.last_opened_at is not None:
        times = ngettext("opened {n} time", "opened {n} times", link.n_opened)
        opened = _("{times}, last {when}").format(times=times, when=sharing_words.when(link.last_opened_at))
    told = [
        data,
        _("until {day}").format(day=_day(link.expires_at)),
        opened,
        _("made {by} {when}").format(by=sharing_words.made_by(link.made_by), when=sharing_words.when(link.made_at)),
        *([_("refreshed {when}").format(when=sharing_words.when(link.snapshot_at))] if is_refreshed else []),
        *([_("with a password")] if link.has_password else []),
    ]
    return " · ".join(told)


def _day(moment: datetime.datetime) -> str:
    return day(sharing_words.local_day(moment))


def _change(link: Link) -> None:
    """Draw what can be changed of an open link, and the way to withdraw it."""
    today = sharing_words.local_day(sharing_words.now())
    until: datetime.date = st.date_input(
        _("Open until"),
        value=max(today, sharing_words.local_day(link.expires_at)),
        min_value=today,
        max_value=today + datetime.timedelta(days=MOST_DAYS),
        format="YYYY-MM-DD",
        key=f"until {link.id}",
    )
    st.caption(_("The page itself goes on naming the day that was set before, until it is refreshed."))
    if st.button(_("Set the day"), key=f"set until {link.id}", width="stretch"):
        with shell.told_here():
            cache.links().set_expiry(link.id, sharing_words.end_of(until), by=login.who())
            st.rerun()
    password = st.text_input(_("New password"), type="password", key=f"password {link.id}", autocomplete="new-password")
    if st.button(_("Set the password"), key=f"set password {link.id}", width="stretch", disabled=not password):
        with shell.told_here():
            cache.links().set_password(link.id, password, by=login.who())
            st.rerun()
    if link.has_password and st.button(_("Ask for no password"), key=f"no password {link.id}", width="stretch"):
        cache.links().set_password(link.id, None, by=login.who())
        st.rerun()
    st.caption(_("Withdrawing closes the link for good, for those who have it open, too. It can't be undone."))
    is_sure = st.checkbox(_("Yes, withdraw it"), key=f"sure {link.id}")
    if st.button(_("Withdraw the link"), key=f"withdraw {link.id}", width="stretch", disabled=not is_sure):
        cache.links().revoke(link.id, by=login.who())
        st.rerun()


def _ended(link: Link) -> None:
    over = (
        _("withdrawn {when}").format(when=sharing_words.when(link.revoked_at))
        if link.revoked_at is not None
        else _("expired {when}").format(when=sharing_words.when(link.expires_at))
    )
    times = ngettext("opened {n} time", "opened {n} times", link.n_opened)
    told = [link.dataset_name, over, times, _("made {by}").format(by=sharing_words.made_by(link.made_by))]
    what, more = st.columns([7.4, 1.4], vertical_alignment="center")
    what.markdown(f"{plain(link.title)}  \n{plain(' · '.join(told))}")
    if link.revoked_at is None:
        with more.popover(_("Change"), width="stretch", key=f"change {link.id}"):
            _change(link)


def _log(links: Sequence[Link]) -> None:
    titles = {link.id: link.title for link in links}
    lines = cache.links().entries()[:_MOST_LINES]
    st.dataframe(
        pd.DataFrame(
            {
                _("When"): [sharing_words.local_time(line.at) for line in lines],
                _("Link"): [titles.get(line.link_id) for line in lines],
                _("What"): [_happened(line) for line in lines],
                _("By"): [line.by or _("somebody with the link") if line.link_id else None for line in lines],
            }
        ),
        hide_index=True,
        alt=_("What happened to the links"),
        key="table log",
        placeholder=UNKNOWN,
        column_config={_("When"): st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm")},
    )
    st.caption(_("What those do who have a link is counted by day; who they were is not kept."))


def _happened(line: Entry) -> str:
    if line.action == "expiry":
        return _("open until {day}").format(day=_day(datetime.datetime.fromisoformat(line.detail)))
    if line.action == "blocked" and not line.link_id:
        return ngettext("{n} time turned away for guessing", "{n} times turned away for guessing", line.n_times)
    words = {
        "made": _("made"),
        "refreshed": _("refreshed"),
        "password": _("password taken away") if line.detail == "removed" else _("password set"),
        "revoked": _("withdrawn"),
        "opened": ngettext("opened {n} time", "opened {n} times", line.n_times),
        "blocked": ngettext("{n} time too many passwords", "{n} times too many passwords", line.n_times),
    }
    return words[line.action]
