"""A link gets newer data on purpose: worked out, compared with what it shows now, looked at, and put behind it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from journey.errors import DatasetNotFoundError, NotEnoughDataError
from journey.language import _
from journey.reports.choices import Choices
from journey.reports.shared import Shared
from journey.sharing import Link
from journey.ui import cache, login, sharing_changes, sharing_drafts, sharing_words, shell, state
from journey.ui.sharing_drafts import N_PERSONAS
from journey.ui.text import plain
from journey.workspace import DatasetInfo


def newest(link: Link) -> DatasetInfo | None:
    """Tell about the newest version of what a link shows, or None when the dataset is gone."""
    try:
        return cache.workspace().newest(link.dataset_id)
    except DatasetNotFoundError:
        return None


def work_out(link: Link, info: DatasetInfo) -> None:
    """Work out what a link would show of the newest version of its data, and what it shows now."""
    until = sharing_words.local_day(link.expires_at)
    choices = replace(Choices.from_dict(link.choices), valid_until=until)
    n_personas = link.choices[N_PERSONAS]

    def of(version: str, label: str) -> Shared:
        return sharing_drafts.worked_out(info.id, version, choices, n_personas, label)

    with shell.told_here():
        after = of(info.version, _("Working out the newest data …"))
        before: Shared | None = after
        if link.version != info.version:
            try:
                before = of(link.version, _("Comparing them with what it shows now …"))
            except (DatasetNotFoundError, NotEnoughDataError):
                before = None
        state.keep_share_draft(_shown_now(link), before)
        sharing_drafts.keep(link.id, sharing_drafts.draft_of(info.id, info.version, choices, n_personas, after))
        st.rerun()


def waiting(link: Link) -> None:
    """Show what would change, and let it be looked at and put behind the link, or left."""
    draft = sharing_drafts.kept(link.id)
    if draft is None:
        return
    before: Shared | None = state.share_draft(_shown_now(link))
    st.markdown(f"**{plain(_('What changes'))}**")
    sharing_changes.show(before.tables if before else None, draft.shared.tables)
    sharing_drafts.look(draft)
    put, leave = st.columns(2)
    if put.button(_("Put it behind the link"), key=f"put {link.id}", type="primary", width="stretch"):
        with shell.told_here():
            cache.links().refresh(link.id, draft.snapshot(), draft.version, by=login.who())
            _forget(link)
            st.rerun()
    if leave.button(_("Leave the link as it is"), key=f"leave {link.id}", width="stretch"):
        _forget(link)
        st.rerun()


def _shown_now(link: Link) -> str:
    return f"{link.id} as it is shown now"


def _forget(link: Link) -> None:
    sharing_drafts.keep(link.id, None)
    state.keep_share_draft(_shown_now(link), None)
