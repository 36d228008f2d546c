"""The list of pages, and the ways between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from journey.language import _
from journey.ui import filters

_PAGES_FOLDER = Path(__file__).parents[2] / "pages"


@dataclass(frozen=True)
class PageInfo:
    """A page: its file in `pages/`, the path it has in the address, its name and the question it answers."""

    file: str
    path: str
    title: str
    question: str
    icon: str

    @property
    def script(self) -> str:
        return str(_PAGES_FOLDER / f"{self.file}.py")


def all_pages() -> tuple[PageInfo, ...]:
    """List the pages in the order of the navigation, in the reader's language."""
    return (
        PageInfo("start", "start", _("Start"), _("What do you want to look at?"), ":material/home:"),
        PageInfo(
            "overview",
            "overview",
            _("Overview"),
            _("How are we doing, and what should I look at first?"),
            ":material/insights:",
        ),
        PageInfo("personas", "personas", _("Personas"), _("Who are our customers?"), ":material/groups:"),
        PageInfo("flows", "flows", _("Flows"), _("How do they really travel?"), ":material/account_tree:"),
        PageInfo(
            "funnels",
            "funnels",
            _("Funnels"),
            _("How many reach each stage, and where do they leave?"),
            ":material/filter_alt:",
        ),
        PageInfo(
            "emotions", "emotions", _("Emotions"), _("How does it feel, and where does it turn?"), ":material/mood:"
        ),
        PageInfo("customer", "customer", _("Customer"), _("What did one of them go through?"), ":material/person:"),
        PageInfo("journey_map", "journey-map", _("Journey map"), _("The whole journey on one page"), ":material/map:"),
        PageInfo("share", "share", _("Share"), _("Who may see what?"), ":material/share:"),
    )


def page_info(file: str) -> PageInfo:
    return next(page for page in all_pages() if page.file == file)


def page_path(file: str) -> str:
    """Tell the path of a page in the address; Start is the root."""
    return "" if file == "start" else page_info(file).path


def run() -> None:
    """Draw the navigation and run the page that the address names."""
    pages = [
        st.Page(page.script, title=page.title, icon=page.icon, url_path=page.path, default=page.file == "start")
        for page in all_pages()
    ]
    st.navigation(pages, position="top").run()


def go_to(file: str) -> None:
    """Open another page with the present dataset and filters."""
    st.switch_page(page_info(file).script, query_params=filters.shared_parameters())


def link(file: str, label: str, settings: Mapping[str, Sequence[str]] | None = None) -> None:
    """Draw a link to another page that keeps the dataset and filters; `settings` are that page's."""
    st.page_link(page_info(file).script, label=label, query_params={**filters.shared_parameters(), **(settings or {})})


def address_of(file: str, settings: Mapping[str, Sequence[str]] | None = None) -> str:
    """Write the address of a page with the present dataset and filters, for links inside drawn pictures."""
    parameters = {**filters.shared_parameters(), **(settings or {})}
    return f"/{page_path(file)}?{urlencode(parameters, doseq=True)}"
