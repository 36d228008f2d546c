"""Documents that are behind no link yet: worked out, looked at, and then put behind one or thrown away."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from journey.language import _, size
from journey.reports.choices import Choices
from journey.reports.html import policy
from journey.reports.library import chart_library
from journey.reports.protection import epochs
from journey.reports.shared import Shared, shared
from journey.sharing import Snapshot
from journey.ui import cache, importing, previews, sharing_words, state
from journey.ui.previews import PREVIEW_MINUTES, SHOWCASE, Preview
from journey.ui.text import plain
from journey.workspace.keys import workspace_key
from journey.workspace.tellings import Telling

#: Beside the choices a link remembers into how many personas the customers were grouped.
N_PERSONAS = "n_personas"
_NOISE = b"noise of shared counts: "


@dataclass(frozen=True, eq=False)
class Draft:
    """A document, what it was worked out of, and the way to look at it."""

    dataset_id: str
    version: str
    choices: Choices
    n_personas: int | None
    shared: Shared
    preview: Preview

    def is_of(self, version: str, choices: Choices, n_personas: int | None) -> bool:
        return (self.version, self.choices, self.n_personas) == (version, choices, n_personas)

    def snapshot(self) -> Snapshot:
        """Write what is put behind a link, and see to it that the script it asks for is there.

        Raises
        ------
        JourneyError
            When something else was told of these data since it was worked out.
        """
        _telling(self.dataset_id, self.shared)()
        with st.spinner(_("Writing the page …"), show_time=False):
            cache.links().keep_library(*chart_library())
            return Snapshot(self.shared.document("linked"), self.shared.policy)

    def remembered(self) -> dict[str, Any]:
        """Write what a link has to remember to be worked out anew."""
        return {**self.choices.to_dict(), N_PERSONAS: self.n_personas}


def kept(name: str) -> Draft | None:
    """Hand out a draft of this session; one that could no longer be looked at can be again."""
    draft: Draft | None = state.share_draft(name)
    if draft is not None and SHOWCASE.shown(draft.preview.ticket) is None:
        gone = draft.preview
        preview = SHOWCASE.show(gone.document, gone.policy, gone.file_name, gone.before_saved)
        draft = replace(draft, preview=preview)
        state.keep_share_draft(name, draft)
    return draft


def keep(name: str, draft: Draft | None) -> None:
    """Remember a draft in this session in place of the one there was; None forgets it."""
    before: Draft | None = state.share_draft(name)
    if before is not None and before is not draft:
        SHOWCASE.put_away(before.preview)
    state.keep_share_draft(name, draft)


def noise_key(dataset_id: str) -> bytes:
    """Make the key of a dataset's noise: the same in all its links, so that they can't be compared to be undone."""
    return hmac.new(workspace_key(cache.workspace().home), _NOISE + dataset_id.encode(), hashlib.sha256).digest()


def worked_out(dataset_id: str, version: str, choices: Choices, n_personas: int | None, label: str) -> Shared:
    """Work out what a link would show of a dataset version, and tell how far it is.

    Raises
    ------
    DatasetNotFoundError
        When the version is no longer here.
    """
    whole = cache.dataset(dataset_id, version)
    personas = cache.found_personas(whole, n_personas)
    key, made_at = noise_key(dataset_id), sharing_words.now()
    earlier = _as_told(cache.workspace().tellings.of(dataset_id))
    with importing.progress_shown(label, f"share {version} {label}") as progress:

        def step(share_done: float, what: str) -> None:
            progress(share_done, f"{label} {what}")

        return shared(whole, personas, choices, key, made_at=made_at, earlier=earlier, progress=step)


def _telling(dataset_id: str, found: Shared) -> Callable[[], None]:
    """Make what writes down of whom a document tells, before somebody but its maker can see it."""
    tellings = cache.workspace().tellings

    def tell() -> None:
        tellings.note(dataset_id, after)

    def after(earlier: list[Telling]) -> list[Telling]:
        return [Telling(each.name, each.epoch, each.digests) for each in found.tellings_after(_as_told(earlier))]

    return tell


def _as_told(kept: list[Telling]) -> list[epochs.Telling]:
    return [epochs.Telling(each.name, each.epoch, each.digests) for each in kept]


def draft_of(dataset_id: str, version: str, choices: Choices, n_personas: int | None, found: Shared) -> Draft:
    """Keep a document so that it can be looked at for some minutes."""
    with st.spinner(_("Writing the page …"), show_time=False):
        document, name = found.document("embedded"), previews.file_name(choices.title)
        preview = SHOWCASE.show(document, policy("embedded"), name, _telling(dataset_id, found))
    return Draft(dataset_id, version, choices, n_personas, found, preview)


def look(draft: Draft) -> None:
    """Draw the way to a preview and to the file, and say what was left out."""
    st.link_button(_("Open the preview"), draft.preview.address, icon=":material/open_in_new:", width="stretch")
    st.caption(plain(draft.shared.suppressed))
    st.caption(
        _("It is shown in a new tab, as readers will see it, for {n} minutes and to nobody else.").format(
            n=PREVIEW_MINUTES
        )
    )


def offer_file(draft: Draft) -> None:
    """Draw the way to the document as a file."""
    n_bytes = len(draft.preview.document)
    st.link_button(
        _("Download the file ({size})").format(size=size(n_bytes)),
        draft.preview.file_address,
        icon=":material/download:",
        width="stretch",
    )
    st.caption(
        _(
            "A file can't be withdrawn and never expires: whoever has it can keep it and pass it on. A link can "
            "be closed."
        )
    )
