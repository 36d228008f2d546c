"""A link is made: the form, the preview as readers will see it, and the address, which is shown once."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from journey.errors import DatasetNotFoundError
from journey.language import _
from journey.sharing.addresses import is_reachable_from_outside, published_address
from journey.sharing.passwords import require_length
from journey.ui import cache, filters, login, sharing_drafts, sharing_form, sharing_words, shell, state
from journey.ui.sharing_drafts import Draft
from journey.ui.sharing_form import Filled
from journey.ui.shell import View, base_of
from journey.ui.text import plain

_NEW, _MADE = "new link", "link just made"
#: What makes links reachable from other machines.
_PUBLISH = "make run SHARE=0.0.0.0:8600"


def make(view: View) -> None:
    """Draw the form, the preview, and the link that was just made."""
    st.subheader(_("Make a link"), anchor=False)
    form, shows = st.columns([3, 2], gap="large")
    with form:
        filled = sharing_form.fill(view)
    with shows.container(border=True, key="share-shows"):
        _what_it_shows(view)
        if filled is not None and _has_enough(view, filled):
            _preview(view, filled)
        _just_made()


def _what_it_shows(view: View) -> None:
    st.markdown(f"**{plain(_('What the link will show'))}**")
    told = [base_of(view), *sharing_words.filters_in_words(view)]
    st.markdown("  \n".join(plain(each) for each in told))
    st.caption(
        _("The filters beside this page decide whom it is about. Readers can't change them.")
        if view.dataset.filters
        else _("All customers. Set the filters beside this page to share a part of them only.")
    )


def _has_enough(view: View, filled: Filled) -> bool:
    least = filled.choices.least
    is_enough = view.dataset.summary.customers >= least
    if not is_enough:
        st.info(
            _("Too few customers to share: nothing is shown of groups under {least}. Widen the filters.").format(
                least=least
            )
        )
    return is_enough


def _preview(view: View, filled: Filled) -> None:
    draft = sharing_drafts.kept(_NEW)
    version, n_personas = view.dataset.version, filters.n_personas()
    is_current = draft is not None and draft.is_of(version, filled.choices, n_personas)
    kind: Literal["primary", "secondary"] = "secondary" if is_current else "primary"
    if st.button(_("Preview"), key="share preview", type=kind, width="stretch"):
        with shell.told_here():
            if filled.password is not None:
                require_length(filled.password)
            label = _("Working out what the link shows …")
            found = sharing_drafts.worked_out(view.info.id, version, filled.choices, n_personas, label)
            sharing_drafts.keep(_NEW, sharing_drafts.draft_of(view.info.id, version, filled.choices, n_personas, found))
            st.rerun()
    if draft is None:
        st.caption(_("Look at it as readers will see it; then the link can be made."))
    elif not is_current:
        st.caption(_("Something was changed since the last preview. Look at it again; then the link can be made."))
    else:
        sharing_drafts.look(draft)
        if st.button(_("Make the link"), key="share make", type="primary", width="stretch"):
            with shell.told_here():
                _make_link(view, draft, filled.password)
                st.rerun()
        sharing_drafts.offer_file(draft)


def _make_link(view: View, draft: Draft, password: str | None) -> None:
    link, token = cache.links().make(
        draft.snapshot(),
        title=draft.choices.title,
        dataset_id=view.info.id,
        dataset_name=view.info.name,
        version=draft.version,
        choices=draft.remembered(),
        expires_at=sharing_words.end_of(draft.choices.valid_until),
        made_by=login.who(),
        password=password,
    )
    try:
        cache.workspace().newest(view.info.id)
    except DatasetNotFoundError:
        # Somebody deleted the data while the page was written: what would have withdrawn this link has passed it by.
        cache.links().revoke(link.id, by=login.who())
        raise
    sharing_drafts.keep(_NEW, None)
    sharing_form.empty_password(view)
    state.keep_share_draft(_MADE, (link.id, token))


def _just_made() -> None:
    made = state.share_draft(_MADE)
    if made is None:
        return
    link_id, token = made
    link = cache.links().link(link_id)
    if link.state(sharing_words.now()) != "open":
        return
    st.success(_("The link to “{title}” is open.").format(title=plain(link.title)))
    st.code(published_address(token), language=None, wrap_lines=True)
    st.caption(
        _("Copy it now: it can't be shown again. Whoever has it sees the page until it expires or is withdrawn.")
    )
    if not is_reachable_from_outside():
        told = _(
            "This address works on this computer only. To publish links in your own network, start Journey with "
            "{command}. Beyond it, they belong behind HTTPS: {page} says how."
        )
        command, page = (plain(each) for each in ("{command}", "{page}"))
        st.warning(plain(told).replace(command, f"`{_PUBLISH}`").replace(page, "`docs/deployment.md`"))
    if st.button(_("I have copied it"), key="share copied", width="stretch"):
        state.keep_share_draft(_MADE, None)
        st.rerun()
