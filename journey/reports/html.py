"""A dashboard as one HTML document: frozen, readable offline, on a phone, on a wall and on paper."""

from __future__ import annotations

import datetime
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from journey.charts.escaping import html_text
from journey.charts.html import styles
from journey.charts.theme import css_variables
from journey.dataset import Dataset
from journey.language import _, spoken
from journey.reports.choices import PAGES, Choices
from journey.reports.collecting import everything
from journey.reports.document_data import changes, plain, script_json
from journey.reports.document_frame import capital, document_title, footer, header, section, words
from journey.reports.document_pages import OF_THE_WHOLE, PICTURES, Draw, Sheet, Source, sheet
from journey.reports.document_tables import headings, rows, shown_columns, table_of
from journey.reports.library import chart_library
from journey.reports.views import Collected

#: Asked for beside the document by a link's viewers, or a part of the file.
Library = Literal["linked", "embedded"]

_STYLES = ("document.css", "document_print.css")
_SCRIPTS = ("document_tables.js", "document.js")


def shared_document(
    collected: Collected, choices: Choices | None, *, made_at: datetime.datetime, library: Library
) -> str:
    """Write result tables as one document with the pages of the app, which can be looked at but asked nothing.

    Parameters
    ----------
    collected
        All views, protected when others are to see them.
    choices
        What the sharer picked; None for a report of one's own, with all pages and exact figures.
    made_at
        When the figures were computed.
    library
        `linked`: the script that draws is asked for beside the document, and the document asks whether its link still
        stands. `embedded`: the document holds all it needs and asks for nothing.

    Returns
    -------
    str
        HTML, with a policy that lets only its own scripts run.
    """
    pages = choices.pages if choices else PAGES
    sheets = _sheets(collected, pages, is_rough=choices is not None)
    templates = "".join(
        f'<template id="{page}-{place}">{"".join(laid_out.html)}</template>'
        for (page, place), laid_out in sheets.items()
    )
    held = script_json(_held(collected, choices, sheets))
    asked_for, embedded = _library(library)
    return (
        f'<!doctype html>\n<html lang="{spoken().split("_")[0]}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(library)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex, nofollow">'
        # A chat that previews links shows the title: it tells nothing.
        f'<link rel="icon" href="data:,"><title>{html_text(_("Journey"))}</title>'
        f"<style>{_style()}</style>{asked_for}</head><body>"
        f"{header(collected, choices, pages, made_at, is_linked=library == 'linked')}"
        f'<main id="content" tabindex="-1">{"".join(section(page, choices) for page in pages)}</main>'
        f"{footer(collected, choices)}"
        f'{templates}<script type="application/json" id="kept">{held}</script>'
        f"<script>{_script(library)}</script>{embedded}</body></html>\n"
    )


def html_report(dataset: Dataset) -> str:
    """Write a dataset, as its filters leave it, as the document that is shared, but exact and whole in one file."""
    collected, _laid_out = everything(dataset)
    now = datetime.datetime.now(datetime.UTC)
    return shared_document(collected, None, made_at=now, library="embedded")


def policy(library: Library) -> str:
    """Write the content security policy of a document for the header it is served with."""
    return f"{_policy(library)}; frame-ancestors 'none'"


def _policy(library: Library) -> str:
    scripts = [_digest(_script(library).encode())]
    if library == "linked":
        scripts.insert(0, "'self'")
    else:
        scripts.append(_digest(chart_library()[1]))
    asks = "; connect-src 'self'" if library == "linked" else ""
    return (
        f"default-src 'none'; script-src {' '.join(scripts)}; style-src 'unsafe-inline'; img-src data:{asks}; "
        "base-uri 'none'; form-action 'none'"
    )


# --- What is held ------------------------------------------------------------------------------------------------


def _sheets(collected: Collected, pages: tuple[str, ...], *, is_rough: bool) -> dict[tuple[str, int], Sheet]:
    return {
        (page, place): sheet(page, Source(collected, view, pages, is_rough))
        for page in pages
        for place, view in enumerate(collected.views)
        if place == 0 or page not in OF_THE_WHOLE
    }


def _held(collected: Collected, choices: Choices | None, sheets: Mapping[tuple[str, int], Sheet]) -> dict[str, Any]:
    """Hold all views' tables and figures: what the script shows, and what another program may read."""
    heads = headings(collected)
    named: dict[str | None, str] = {cut.name: capital(cut.label) for cut in collected.cuts}
    whole: dict[str, Any] = {}
    views = []
    columns: dict[str, Any] = {}
    for place, view in enumerate(collected.views):
        laid_out = [each for (_page, number), each in sheets.items() if number == place]
        figures = {name: draw for each in laid_out for name, draw in each.figures.items()}
        tables = {}
        for name in dict.fromkeys(name for each in laid_out for name in each.tables):
            table = table_of(view.tables, name)
            if table is not None:
                columns[name] = {key: vars(column) for key, column in shown_columns(table, heads[name]).items()}
                tables[name] = rows(table, heads[name], collected.currency, is_rough=choices is not None)
        views.append(
            {"cut": named.get(view.cut), "label": view.label, "tables": tables, "figures": _figures(figures, whole)}
        )
    return {
        "title": document_title(choices),
        "words": words(),
        "tables": {
            name: {"caption": heads[name].caption, "columns": [{"name": key, **each} for key, each in found.items()]}
            for name, found in columns.items()
        },
        "views": views,
    }


def _figures(figures: Mapping[str, Draw], whole: dict[str, Any]) -> dict[str, Any]:
    """Keep a figure as its difference to the one of everybody, and dark as the difference to light."""
    held = {}
    for name, draw in figures.items():
        light, dark = plain(draw("light")), plain(draw("dark"))
        held[name] = {"light": changes(whole.get(name), light), "dark": changes(light, dark)}
        whole.setdefault(name, light)
    return held


# --- Styles and scripts ------------------------------------------------------------------------------------------


def _library(library: Library) -> tuple[str, str]:
    """Write the chart library for the head, where it is asked for, or for the end, where it is a part."""
    name, script = chart_library()
    if library == "embedded":
        return "", f"<script>{script.decode()}</script>"
    integrity = _digest(script).strip("'")
    return f'<script src="{name}" integrity="{integrity}" defer></script>', ""


def _style() -> str:
    own = "".join(_read(name) for name in _STYLES)
    return styles(PICTURES) + own.replace("/*variables*/", css_variables(), 1)


@cache
def _script(library: Library) -> str:
    names = (*_SCRIPTS, *(["document_status.js"] if library == "linked" else []))
    return '"use strict";\n' + "".join(_read(name) for name in names)


def _digest(script: bytes) -> str:
    return f"'sha256-{b64encode(sha256(script).digest()).decode('ascii')}'"


@cache
def _read(name: str) -> str:
    return (Path(__file__).parent / name).read_text("utf-8")
