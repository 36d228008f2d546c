"""The Start page: the demo, an upload with its confirmation, and the datasets that are kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from journey.dataset import SET_ASIDE_FILE
from journey.language import _, day, ngettext
from journey.ui import cache, filters, importing, navigation, shell, state
from journey.ui.text import plain
from journey.workspace import DatasetInfo, Kind

_TABLES = ("csv", "tsv", "txt", "gz")


def draw() -> None:
    with shell.guarded():
        waiting = state.upload()
        if waiting:
            shell.headline(
                _("Look over what was understood, then see the journey."),
                _("Nothing is kept until you say so."),
            )
            importing.confirmation(waiting)
            return
        shell.headline(
            _("See how your customers really travel."),
            _(
                "Upload what they did and said. In a minute: who they are, where they leave, how it feels, what "
                "to mend."
            ),
        )
        left, right = st.columns(2, gap="large")
        with left:
            _upload()
        with right:
            _demo()
        _kept()


def _demo() -> None:
    st.subheader(_("Look around first"), anchor=False)
    st.markdown(
        _("A made-up software company: 12 months, about 3,000 customers, with stories hidden in the data to find.")
    )
    if st.button(_("Look at the demo"), key="demo", type="primary"):
        with importing.progress_shown(_("Preparing the demo …")) as progress:
            info = cache.workspace().add_demo(progress)
        _open(info)


def _upload() -> None:
    st.subheader(_("Your own data"), anchor=False)
    number = state.uploader_number()
    interactions = st.file_uploader(
        _("A CSV of interactions: who, when, what – one row each"), type=_TABLES, key=f"interactions {number}"
    )
    with st.expander(_("Add customers or marketing spend")):
        customers = st.file_uploader(
            _("A CSV of customers: one row each, with the same ids"), type=_TABLES, key=f"customers {number}"
        )
        spend = st.file_uploader(_("A CSV of marketing spend: day, channel, cost"), type=_TABLES, key=f"spend {number}")
    if interactions and st.button(_("Read the file"), type="primary", key="read"):
        files: dict[Kind, Any] = {"interactions": interactions, "customers": customers, "spend": spend}
        importing.read_uploads([(kind, file) for kind, file in files.items() if file])
        st.rerun()


def _kept() -> None:
    infos = cache.workspace().datasets()
    if not infos:
        return
    st.subheader(_("Datasets"), anchor=False)
    for info in infos:
        with st.container(border=True, key=f"dataset-{info.id}"):
            _row(info)


def _row(info: DatasetInfo) -> None:
    what, go, delete = st.columns([6, 2, 1], vertical_alignment="center")
    customers = ngettext("{n} customer", "{n} customers", info.customers)
    interactions = ngettext("{n} interaction", "{n} interactions", info.interactions)
    what.markdown(f"**{plain(info.name)}**")
    what.caption(plain(f"{customers}, {interactions}, {day(info.first)} – {day(info.last)}"))
    if go.button(_("Open"), key=f"open {info.id}", width="stretch"):
        _open(info)
    with delete.popover(_("More"), width="stretch"):
        directory = cache.workspace().directory(info.id, info.version)
        if directory.is_dir():
            importing.import_summary(directory)
            _set_aside(info, directory)
        else:
            st.warning(_("The files of this dataset are gone. Delete it, and import it again."))
        name = st.text_input(_("Name"), value=info.name, key=f"name {info.id}", max_chars=80)
        if st.button(_("Rename"), key=f"rename {info.id}"):
            cache.workspace().rename(info.id, name)
            st.rerun()
        st.caption(_("Deleting takes the data off this machine. It can't be undone."))
        is_sure = st.checkbox(_("Yes, delete it for good"), key=f"sure {info.id}")
        if st.button(_("Delete this dataset"), key=f"delete {info.id}", disabled=not is_sure):
            cache.workspace().delete(info.id)
            cache.forget_all()
            filters.leave_dataset()
            st.rerun()


def _set_aside(info: DatasetInfo, directory: Path) -> None:
    """Offer the rows that could not be used, with line number and reason."""
    file = directory / SET_ASIDE_FILE
    if importing.report_of(directory)["set_aside"] and file.is_file():
        st.download_button(
            _("Download the rows set aside"), file.read_bytes, f"{info.id}-set-aside.csv", "text/csv",
            key=f"aside {info.id}", on_click="ignore",
        )  # fmt: skip


def _open(info: DatasetInfo) -> None:
    filters.choose_dataset(info.id)
    navigation.go_to("overview")
