"""The Start page: the demo, an upload with its confirmation, and the datasets that are kept."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from journey.facts import SET_ASIDE_FILE
from journey.ingest.report import ImportReport
from journey.language import _, ngettext, period
from journey.ui import (
    cache,
    filters,
    import_report,
    importing,
    login,
    navigation,
    sharing_words,
    shell,
    state,
    upload_component,
)
from journey.ui.text import plain
from journey.workspace import DatasetInfo

_BOX = "files"


def draw() -> None:
    with shell.guarded():
        waiting = state.upload()
        if waiting:
            importing.confirmation(waiting)
            return
        shell.headline(
            _("See how your customers really travel."),
            _(
                "Upload what they did and said. In a minute: who they are, where they leave, how it feels, what "
                "to mend."
            ),
        )
        left, right = st.columns([3, 2], gap="large")
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
    if st.button(_("Look at the demo"), key="demo"):
        with importing.progress_shown(_("Preparing the demo …"), "preparing") as progress:
            info = cache.workspace().add_demo(progress)
        _open(info)


def _upload() -> None:
    st.subheader(_("Your own data"), anchor=False)
    st.markdown(
        _(
            "Drop everything that belongs together: events, orders, tickets, surveys, customers, spend. CSV, Excel, "
            "Parquet, JSON and many more; what each file holds is recognised."
        )
    )
    into = _into()
    uploads = upload_component.upload_box(_BOX)
    if uploads and st.button(ngettext("Read the file", "Read the {n} files", len(uploads)), type="primary", key="read"):
        with shell.told_here():
            importing.read_uploads(uploads, into)
            upload_component.forget(_BOX)
            st.rerun()
    st.caption(_("Only notes and interviews? Fill in our worksheet, and drop it here."))
    st.download_button(
        _("Download the worksheet"),
        cache.worksheet,
        "journey-worksheet.xlsx",
        key="worksheet",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
    )


def _into() -> DatasetInfo | None:
    """Tell which dataset the files are added to, where a person chose one."""
    into: DatasetInfo | None = state.appended_to()
    if into is not None:
        with st.container(border=True, key="into"):
            st.markdown(_("These files are added to “{name}” as a new version.").format(name=plain(into.name)))
            st.button(_("Make a new dataset instead"), key="not into", on_click=state.append_to, args=(None,))
    return into


def _kept() -> None:
    infos = cache.workspace().datasets()
    if not infos:
        return
    st.subheader(_("Datasets"), anchor=False)
    for info in infos:
        with st.container(border=True, key=f"dataset-{info.id}"):
            _row(info)


def _row(info: DatasetInfo) -> None:
    what, go, more = st.columns([6, 1.4, 1.4], vertical_alignment="center")
    customers = ngettext("{n} customer", "{n} customers", info.customers)
    interactions = ngettext("{n} interaction", "{n} interactions", info.interactions)
    what.markdown(f"**{plain(info.name)}**")
    days = [period(info.first, info.last)] if info.first and info.last else []
    what.caption(plain(", ".join([customers, interactions, *days])))
    if go.button(_("Open"), key=f"open {info.id}", width="stretch"):
        _open(info)
    # Another key closes it: what goes on then is at the top of the page.
    key = f"more {info.id} {state.appended_to() == info}"
    with more.popover(_("More"), width="stretch", key=key):
        _more(info)


def _more(info: DatasetInfo) -> None:
    directory = cache.workspace().directory(info.id, info.version)
    if directory.is_dir():
        st.button(_("Add new months"), key=f"add {info.id}", on_click=state.append_to, args=(info,), width="stretch")
        with st.expander(_("What was noticed in the files")):
            report = import_report.summary(directory)
        _set_aside(info, directory, report)
    else:
        st.warning(_("The files of this dataset are gone. Delete it, and import it again."))
    name = st.text_input(_("Name"), value=info.name, key=f"name {info.id}", max_chars=80)
    if st.button(_("Rename"), key=f"rename {info.id}"):
        cache.workspace().rename(info.id, name)
        st.rerun()
    st.caption(_("Deleting takes the data off this machine. It can't be undone."))
    if n_links := sharing_words.n_open(info.id):
        st.caption(
            ngettext(
                "The link that is open to it is withdrawn, for those who are looking at it, too.",
                "The {n} links that are open to it are withdrawn, for those who are looking at them, too.",
                n_links,
            )
        )
    is_sure = st.checkbox(_("Yes, delete it for good"), key=f"sure {info.id}")
    if st.button(_("Delete this dataset"), key=f"delete {info.id}", disabled=not is_sure):
        # First what others see: killed in between, nobody goes on looking at data that are gone.
        cache.links().revoke_dataset(info.id, by=login.who())
        cache.workspace().delete(info.id)
        cache.forget_all()
        filters.leave_dataset()
        if state.appended_to() == info:
            state.append_to(None)
        st.rerun()


def _set_aside(info: DatasetInfo, directory: Path, report: ImportReport) -> None:
    """Offer the rows that could not be used, with line number and reason."""
    file = directory / SET_ASIDE_FILE
    if report.rows_set_aside and file.is_file():
        st.download_button(
            _("Download the rows set aside"), file.read_bytes, f"{info.id}-set-aside.csv", "text/csv",
            key=f"aside {info.id}", on_click="ignore", icon=":material/download:",
        )  # fmt: skip


def _open(info: DatasetInfo) -> None:
    filters.choose_dataset(info.id)
    navigation.go_to("overview")
