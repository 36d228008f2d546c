"""Documents that are behind no link yet: worked out, looked at, and then put behind one or thrown away."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from journey.dataset import Dataset
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

#: Beside the choices a link remembers into how many personas the customers were grouped.
N_PERSONAS = "n_personas"
_NOISE = b"noise of shared counts: "


@dataclass(frozen=True, eq=False)
class Draft:
    """A document, what it was worked out of, and the way to look at it."""

    version: str
    choices: Choices
    n_personas: int | None
    shared: Shared
    preview: Preview

    def is_of(self, version: str, choices: Choices, n_personas: int | None) -> bool:
        return (self.version, self.choices, self.n_personas) == (version, choices, n_personas)

    def snapshot(self) -> Snapshot:
        """Write what is put behind a link, and see to it that the script it asks for is there."""
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
        preview = SHOWCASE.show(draft.preview.document, draft.preview.policy, draft.preview.file_name)
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
    epoch = _epoch(dataset_id, (personas.dataset if personas else whole).where(choices.filters), choices.least, key)
    with importing.progress_shown(label, f"share {version} {label}") as progress:

        def step(share_done: float, what: str) -> None:
            progress(share_done, f"{label} {what}")

        return shared(whole, personas, choices, key, made_at=made_at, epoch=epoch, progress=step)


def _epoch(dataset_id: str, chosen: Dataset, least: int, key: bytes) -> int:
    """Choose the noise by how few customers differ from what was shown before, and write down that these now are.

    A preview counts as shown: its file is one click away.
    """
    tellings = cache.workspace().tellings
    digests = cache.ask(epochs.digests_of, chosen, key=key)
    earlier = [epochs.Shared(each.digests, each.epoch) for each in tellings.of(dataset_id)]
    epoch = epochs.epoch_of(digests, earlier, least)
    tellings.note(dataset_id, digests, epoch)
    return epoch


def draft_of(found: Shared, version: str, choices: Choices, n_personas: int | None) -> Draft:
    """Keep a document so that it can be looked at for some minutes."""
    with st.spinner(_("Writing the page …"), show_time=False):
        preview = SHOWCASE.show(found.document("embedded"), policy("embedded"), previews.file_name(choices.title))
    return Draft(version, choices, n_personas, found, preview)


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
