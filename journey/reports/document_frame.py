"""The frame around a document's pages: what it says of itself, navigation, the chooser, and how things were counted."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from journey.charts.escaping import html_text
from journey.charts.theme import stage_label
from journey.dataset import Filters
from journey.language import UNKNOWN, _, day, listed, ngettext, number, period
from journey.reports.choices import Choices
from journey.reports.definitions import definitions, protection
from journey.reports.document_pages import DEFINED, OF_THE_WHOLE, titles
from journey.reports.views import Collected
from journey.text.masking import masked


def header(
    collected: Collected, choices: Choices | None, pages: Sequence[str], made_at: datetime.datetime, *, is_linked: bool
) -> str:
    """Write the head: the title, the pages, what to switch by, and what the document says of itself."""
    return (
        f'<a class="skip" href="#content">{html_text(_("Skip to the content"))}</a>'
        f'<header class="top"><div class="bar"><p class="name">{html_text(document_title(choices))}</p>'
        f"{_navigation(pages)}{_tools(collected)}</div></header>"
        f'<div class="about"><p>{html_text(_about(collected, choices, made_at, is_linked))}</p>'
        '<p id="chosen" role="status"></p></div>'
    )


def document_title(choices: Choices | None) -> str:
    """Name the document as the one who made it did."""
    return choices.title if choices else _("Journey report")


def section(page: str, choices: Choices | None) -> str:
    """Write the empty place of a page; the script puts the chosen view into it."""
    told = definitions()
    counted = "".join(f"<p>{html_text(told[part])}</p>" for part in DEFINED[page])
    if choices:
        counted += f"<p>{html_text(protection(choices.least))}</p>"
    whole = _("This page is told of everybody, whatever is chosen above.")
    note = f'<p class="note whole-only" hidden>{html_text(whole)}</p>' if page in OF_THE_WHOLE else ""
    return (
        f'<section class="page" id="page-{page}" data-page="{page}" aria-label="{html_text(titles()[page])}" hidden>'
        f'{note}<div class="shown"></div><details class="counted"><summary>{html_text(_("How this was counted"))}'
        f"</summary>{counted}</details></section>"
    )


def footer(collected: Collected, choices: Choices | None) -> str:
    """Say what is not in the document, and why some figures are missing."""
    said = [
        _("Made by Journey; times in {zone}. It holds no ids and no rows of customers.").format(
            zone=collected.time_zone
        )
    ]
    if choices:
        said.append(
            _(
                "{dash} stands for what is unknown, and for what is not shown: fewer than {n} customers are behind it, "
                "or it would tell how many these are. Counts are moved by up to 2, the same count always in the same "
                "way, and shares and intervals are made from the moved counts, so sums may differ a little."
            ).format(dash=UNKNOWN, n=number(choices.least))
        )
    else:
        said.append(_("{dash} stands for what is unknown.").format(dash=UNKNOWN))
    return "<footer>" + "".join(f"<p>{html_text(each)}</p>" for each in said) + "</footer>"


def words() -> dict[str, str]:
    """Hand out the words that the script itself says."""
    return {
        "shows": _("Shown here: {cut} – {view}"),
        "withdrawn": _("This dashboard is no longer shared"),
        "withdrawn_more": _("Its owner withdrew the link, or its time is over. Ask the person who sent it to you."),
        "all": _("Show all {n} rows"),
    }


# --- Parts -------------------------------------------------------------------------------------------------------


def _navigation(pages: Sequence[str]) -> str:
    named = titles()
    links = "".join(f'<li><a href="#{page}">{html_text(named[page])}</a></li>' for page in pages)
    return f'<nav aria-label="{html_text(_("Pages"))}"><ul>{links}</ul></nav>'


def _tools(collected: Collected) -> str:
    return (
        f'<div class="tools">{_chooser(collected)}'
        f'<button type="button" id="theme" aria-pressed="false">{html_text(_("Dark"))}</button>'
        f'<button type="button" id="print">{html_text(_("Print"))}</button></div>'
    )


def _chooser(collected: Collected) -> str:
    """Offer everybody, and per cut its values; one at a time, so that no two are ever crossed."""
    if len(collected.views) < 2:
        return ""
    options = f'<option value="0">{html_text(collected.whole.label)}</option>'
    for cut in collected.cuts:
        among = "".join(
            f'<option value="{place}">{html_text(view.label)}</option>'
            for place, view in enumerate(collected.views)
            if view.cut == cut.name
        )
        options += f'<optgroup label="{html_text(capital(cut.label))}">{among}</optgroup>' if among else ""
    return f'<label for="view">{html_text(_("Show"))}</label><select id="view">{options}</select>'


def capital(label: str) -> str:
    """Write a label as it stands at the beginning of a line."""
    return label[:1].upper() + label[1:]


def _chosen(filters: Filters) -> list[str]:
    """Name the values that customers were chosen by."""
    values = [*filters.personas, *filters.first_channels, *filters.first_devices]
    values += [stage_label(stage) for stage in filters.stages_reached]
    values += [value for _name, among in filters.attributes for value in among]
    return [masked(value) for value in values]


def _about(collected: Collected, choices: Choices | None, made_at: datetime.datetime, is_linked: bool) -> str:
    tables = collected.whole.tables
    said = [ngettext("{n} customer", "{n} customers", tables.customers)]
    if chosen := _chosen(choices.filters) if choices else []:
        said[0] = _("{customers} ({filters})").format(customers=said[0], filters=listed(chosen, at_most=6))
    elif collected.is_filtered:
        said[0] = _("{customers} chosen by filters").format(customers=said[0])
    if tables.first and tables.last:
        said.append(period(tables.first, tables.last))
    said.append(_("as of {day}").format(day=day(made_at)))
    # A file opens for ever, whatever was chosen for the link.
    if choices and is_linked:
        said.append(_("can be opened until {day}").format(day=day(choices.valid_until)))
    if choices:
        said.append(
            _("counts are moved by up to 2; groups of fewer than {n} customers are not shown").format(
                n=number(choices.least)
            )
        )
    else:
        said.append(_("exact figures, for your own use: share a dashboard instead of this file"))
    return " · ".join(said)
