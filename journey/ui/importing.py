"""From a file to a dataset on screen: upload, one confirmation, progress."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import pandas as pd
import streamlit as st

from journey.dataset import REPORT_FILE
from journey.ingest.mapping import Mapping
from journey.ingest.proposal import Proposal
from journey.ingest.report import not_stitched
from journey.language import _, listed
from journey.ui import cache, filters, navigation, state
from journey.ui.text import plain
from journey.vocabulary import NEEDED_ROLES
from journey.workspace import Kind, Upload

Progress = Callable[[float, str], None]
_CURRENCIES = ("", "EUR", "USD", "GBP", "RON", "CNY", "JPY", "CHF", "PLN", "SEK", "CAD", "AUD", "INR", "BRL")
_OPTIONAL_ROLES = (
    "channel", "stage", "device", "revenue", "score", "comment", "emotion", "score_kind", "ownership", "campaign",
)  # fmt: skip
_NONE = ""


@dataclass(frozen=True)
class Waiting:
    """Files that were read and wait for a person to confirm what their columns mean."""

    uploads: tuple[Upload, ...]
    proposal: Proposal


def role_labels() -> dict[str, str]:
    """Name the roles of columns in a person's words."""
    return {
        "customer_id": _("Who (the customer)"),
        "timestamp": _("When"),
        "touchpoint": _("What was met (the touchpoint)"),
        "channel": _("Channel"),
        "ownership": _("Owned, paid, earned or third-party"),
        "stage": _("Stage"),
        "device": _("Device"),
        "campaign": _("Campaign"),
        "revenue": _("Revenue"),
        "emotion": _("Feeling, −2 … +2"),
        "score": _("Score (NPS, CSAT, stars)"),
        "score_kind": _("Kind of score"),
        "comment": _("Comment"),
    }


@contextmanager
def progress_shown(label: str) -> Iterator[Progress]:
    """Show how far a long task is, and take the display away when it is done."""
    place = st.empty()
    bar = place.progress(0.0, label)

    def step(share: float, what: str) -> None:
        bar.progress(min(max(share, 0.0), 1.0), plain(what))

    try:
        yield step
    finally:
        place.empty()


def read_uploads(files: Sequence[tuple[Kind, Any]]) -> None:
    """Spool uploaded files to disk, read them in a process of their own, and wait for confirmation."""
    workspace = cache.workspace()
    uploads = tuple(workspace.spool(file.name, file, kind) for kind, file in files)
    with progress_shown(_("Reading the file …")) as progress:
        proposal = workspace.inspect(uploads, progress)
    state.keep_upload(Waiting(uploads, proposal))


def discard() -> None:
    """Forget the files that wait, on disk too."""
    waiting: Waiting | None = state.upload()
    if waiting:
        cache.workspace().discard(waiting.uploads)
    state.forget_upload()


def confirmation(waiting: Waiting) -> None:
    """Show what was understood; let a person correct it, name the dataset and keep it."""
    proposal = waiting.proposal
    st.subheader(_("Is this right?"), anchor=False)
    st.markdown(plain(proposal.sentence))
    st.caption(plain(" · ".join(f"{what}: {found}" for what, found in proposal.facts)))
    for note in (*proposal.notes, not_stitched()):
        st.caption(plain(note))
    mapping = _roles(proposal)
    st.dataframe(
        pd.DataFrame(proposal.first_rows, columns=mapping.headers),
        hide_index=True,
        height=215,
        alt=_("The first rows of the file"),
    )
    mapping = _settings(proposal, mapping)
    name = st.text_input(
        _("Name of the dataset"), value=Path(proposal.file_name).stem, key="dataset name", max_chars=80
    )
    missing = [role_labels()[role] for role in NEEDED_ROLES if mapping.column(role) is None]
    if missing:
        st.warning(_("Still to choose: {roles}.").format(roles=plain(listed(missing))))
    with st.container(horizontal=True):
        go = st.button(_("Show the journey"), type="primary", key="keep", disabled=bool(missing))
        st.button(_("Take another file"), key="discard", on_click=discard)
    if go:
        _keep(waiting, mapping, name)


def _roles(proposal: Proposal) -> Mapping:
    """Let a person choose the column of each role; the three needed ones first."""
    mapping = proposal.mapping
    headers = [column.header for column in proposal.columns]
    examples = {column.header: column.examples for column in proposal.columns}
    with st.container(horizontal=True):
        for role in NEEDED_ROLES:
            mapping = _role(mapping, role, headers, examples)
    with st.expander(_("More columns: channel, stage, revenue, scores, about the customer")):
        for start in range(0, len(_OPTIONAL_ROLES), 3):
            for place, role in zip(st.columns(3), _OPTIONAL_ROLES[start : start + 3], strict=False):
                with place:
                    mapping = _role(mapping, role, headers, examples)
        chosen = st.multiselect(
            _("Says something about the customer"),
            headers,
            default=[header for header in headers if mapping.role_of(header) == "attribute"],
            key="role attribute",
        )
        for header in headers:
            if header in chosen:
                mapping = mapping.with_role(header, "attribute")
            elif mapping.role_of(header) == "attribute":
                mapping = mapping.with_role(header, "ignore")
    return mapping


def _role(mapping: Mapping, role: str, headers: Sequence[str], examples: dict[str, tuple[str, ...]]) -> Mapping:
    guess = mapping.column(role)
    options = [_NONE, *headers]

    def shown(header: str) -> str:
        if header == _NONE:
            return _("(none)")
        return f"{header} · {', '.join(examples[header][:2])}"[:70]

    header = st.selectbox(
        role_labels()[role], options, index=options.index(guess or _NONE), format_func=shown, key=f"role {role}"
    )
    if header == (guess or _NONE):
        return mapping
    if guess:
        mapping = mapping.with_role(guess, "ignore")
    return mapping if header == _NONE else mapping.with_role(header, role)


def _settings(proposal: Proposal, mapping: Mapping) -> Mapping:
    """Ask for the reporting time zone, the currency, and how ambiguous dates are meant."""
    zones = sorted(available_timezones())
    here = st.context.timezone or "UTC"
    left, middle, right = st.columns(3)
    zone = left.selectbox(
        _("Reporting time zone"), zones, index=zones.index(here if here in zones else "UTC"), key="time zone"
    )
    currencies = list(dict.fromkeys([mapping.currency or "", *proposal.currencies, *_CURRENCIES]))
    currency = middle.selectbox(
        _("Currency"), currencies, format_func=lambda each: each or _("(not told)"), key="currency"
    )
    mapping = mapping.with_given({"time_zone": zone, "currency": currency or None})
    for question, place in zip(proposal.questions, cycle((right, left, middle)), strict=False):
        words = {choice.value: f"{choice.words} · {choice.preview}" for choice in question.choices}
        answer = place.selectbox(plain(question.text), list(words), format_func=words.__getitem__, key=question.setting)
        mapping = mapping.with_given({question.setting: answer})
    return mapping


def _keep(waiting: Waiting, mapping: Mapping, name: str) -> None:
    with progress_shown(_("Building the journey …")) as progress:
        info = cache.workspace().keep(waiting.uploads, mapping, name.strip() or waiting.proposal.file_name, progress)
    state.forget_upload()
    filters.choose_dataset(info.id)
    navigation.go_to("overview")


def report_of(directory: Path) -> Any:
    """Read the import report of a version, without opening its database."""
    return json.loads((directory / REPORT_FILE).read_text("utf-8"))


def import_summary(directory: Path) -> None:
    """Tell in sentences what the import kept, set aside and skipped, and what it took each column for."""
    for note in report_of(directory)["notes"]:
        st.caption(plain(note))
