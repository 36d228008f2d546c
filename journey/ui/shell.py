"""The frame of every page: style, dataset, filters, the opening finding, and the one place where errors are shown."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from journey.analysis.personas import Personas
from journey.charts.escaping import html_text
from journey.charts.theme import ThemeName, stage_label
from journey.dataset import Dataset, Filters
from journey.errors import DatasetNotFoundError, JourneyError
from journey.language import _, ngettext, period, speak
from journey.ui import cache, filters, login, navigation, sidebar
from journey.ui.text import plain
from journey.workspace import DatasetInfo

#: How every Plotly chart behaves: no bar of tools, no logo, and it follows the width.
CHART = {"displayModeBar": False, "displaylogo": False, "responsive": True}

# A file of our own: icons named by a word are fetched from a foreign host.
_ICON = str(Path(__file__).parent / "frontend" / "icon.png")

logger = logging.getLogger("journey")

_STYLE = """<style>
[data-testid=stMainBlockContainer] {padding: 4.2rem 2.5rem 3rem; max-width: 92rem}
[data-testid=stMain] h3 {font-size: 1.15rem; padding: .6rem 0 .2rem}
h1.finding {font-size: 1.75rem; line-height: 1.25; margin: 0 0 .35rem; padding: 0; font-weight: 700; text-wrap: balance}
p.base {margin: 0; opacity: .82; font-size: .9rem}
[data-testid=stButtonGroup] [data-selected=true] p {color: light-dark(#2f6299, #9cc4ec)}
p.told, p.cost {margin: 0; line-height: 1.35}
p.told small, p.cost small {display: block; opacity: .78; font-size: .8rem; font-weight: 400}
p.cost {text-align: right; font-weight: 700; font-variant-numeric: tabular-nums}
.st-key-findings {gap: .35rem}
.st-key-findings > div {border-bottom: 1px solid light-dark(#d5dde5, #33414f); padding: .3rem 0}
@media (max-width: 640px) {
  p.cost {text-align: left}
  [data-testid=stMainBlockContainer] {padding: 4.2rem 1rem 2rem}
  h1.finding {font-size: 1.4rem}
  .st-key-wide-picture {overflow-x: auto}
  .st-key-wide-picture > div {min-width: 46rem}
}
@media print {
  [data-testid=stSidebar], [data-testid=stHeader], [data-testid=stToolbar], [data-testid=stElementToolbar],
  [data-testid=stDownloadButton], [data-testid=stExpander], [data-testid=stSelectbox], [data-testid=stButtonGroup],
  [data-testid=stPopover] {display: none !important}
  [data-testid=stMainBlockContainer] {padding: 0 !important; max-width: none !important}
  .stApp, [data-testid=stAppViewContainer], [data-testid=stMain]
    {position: static !important; overflow: visible !important; height: auto !important}
  [data-testid=stVerticalBlock] {gap: .5rem !important}
  [data-testid=stMain] h3 {font-size: 11pt; padding: .3rem 0 0; break-after: avoid}
  h1.finding {font-size: 15pt}
  p.base, [data-testid=stCaptionContainer] p {font-size: 8.5pt}
  .j-findings .j-cost, .j-findings p, .j-findings a {font-size: 9.5pt}
  .j-findings li {padding: 1.4mm 0}
  .j-findings .j-told, .j-findings .j-cost span {font-size: 7.6pt}
}
</style>"""


@dataclass(frozen=True)
class View:
    """What a page looks at: the data as the filters leave them, and what they are a part of."""

    info: DatasetInfo
    dataset: Dataset
    whole: Dataset
    personas: Personas | None

    @property
    def persona_names(self) -> tuple[str, ...]:
        return self.personas.names if self.personas else ()

    @property
    def chosen_personas(self) -> tuple[str, ...]:
        """The personas the filters keep; all when they don't choose."""
        return self.dataset.filters.personas or self.persona_names

    @property
    def goal(self) -> str | None:
        """The stage that counts as success, as people read it."""
        goal = self.whole.facts.goal
        return stage_label(goal) if goal else None

    @property
    def currency(self) -> str | None:
        return self.whole.facts.currency


def open_frame() -> None:
    """Set what holds for the whole browser page, before anything is drawn."""
    # Streamlit serves it among the files of people, which are kept from those who are not invited.
    icon = _ICON if login.is_invited() else None
    st.set_page_config(page_title=_("Journey"), page_icon=icon, layout="wide", initial_sidebar_state=285)
    speak(st.context.locale or "en")
    st.html(_STYLE)


@contextmanager
def guarded() -> Iterator[None]:
    """Show what a person can mend; log what is our own bug and show only its id."""
    try:
        yield
    except JourneyError as error:
        tell(error)
        st.stop()
    except Exception:  # the one place where any bug ends: the visitor sees an id, the log the rest
        number = secrets.token_hex(4)
        logger.exception("page failed, id %s", number)
        st.error(_("Something went wrong here, and it is our fault. The log has it under {id}.").format(id=number))
        st.stop()


@contextmanager
def told_here() -> Iterator[None]:
    """Show what a person can mend where it arose, and let the rest of the page stand."""
    try:
        yield
    except JourneyError as error:
        tell(error)


def tell(error: JourneyError) -> None:
    st.error(plain(error), icon=":material/error:")


@contextmanager
def page(file: str) -> Iterator[View]:
    """Open a page about a dataset: read the address, draw the filters, hand over what they leave."""
    with guarded():
        filters.restore(file)
        info = _dataset_of_address()
        whole = cache.dataset(info.id, _version(info))
        with st.spinner(_("Reading the data …"), show_time=False):
            personas = cache.found_personas(whole, filters.n_personas())
        whole = personas.dataset if personas else whole
        names = personas.names if personas else ()
        chosen = filters.filters_of(whole, names)
        sidebar.draw(whole, info.name, names, chosen)
        filters.remember(file)
        view = View(info, whole.where(chosen), whole, personas)
        _require_customers(view, chosen)
        yield view


def headline(finding: str, base: str) -> None:
    """Open the page with its finding in plain words, and what it is counted from."""
    st.html(f'<h1 class="finding">{html_text(finding)}</h1><p class="base">{html_text(base)}</p>')


def base_of(view: View) -> str:
    """Write who and when a page is about, as in `2,981 customers, 1 Jan – 31 Dec 2025`."""
    summary = view.dataset.summary
    counted = ngettext("{n} customer", "{n} customers", summary.customers)
    if view.dataset.filters:
        counted = _("{customers} of {all}").format(
            customers=counted, all=ngettext("{n}", "{n}", view.whole.summary.customers)
        )
    if summary.first is None or summary.last is None:
        return counted
    return f"{counted}, {period(view.whole.day_of(summary.first), view.whole.day_of(summary.last))}"


def counted(text: str) -> None:
    """Tell how a picture was counted, behind a fold."""
    with st.expander(_("How this was counted")):
        st.markdown(text)


def _dataset_of_address() -> DatasetInfo:
    workspace = cache.workspace()
    wanted = next(iter(filters.read(filters.DATASET)), None)
    info = workspace.newest(wanted) if wanted else workspace.newest_dataset()
    if info is None:
        if wanted:
            raise DatasetNotFoundError.with_id(wanted)
        st.info(_("There are no data yet. Look at the demo or upload a file."))
        navigation.link("start", _("Go to Start"))
        st.stop()
    filters.write(filters.DATASET, [info.id])
    return info


def _version(info: DatasetInfo) -> str:
    return next(iter(filters.read(filters.VERSION)), info.version)


def _require_customers(view: View, chosen: Filters) -> None:
    if view.dataset.summary.customers == 0:
        st.info(
            _("No customer is left by these filters. Take one away, or widen the period.")
            if chosen
            else _("This dataset holds no customers.")
        )
        st.stop()


def theme() -> ThemeName:
    """Tell whether the visitor sees the light or the dark theme."""
    return "dark" if st.context.theme.type == "dark" else "light"
