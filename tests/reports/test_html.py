from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from dataclasses import replace
from functools import cache
from html import unescape
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from journey.dataset import Filters
from journey.reports.choices import Choices
from journey.reports.html import Library, html_report, policy, shared_document
from journey.reports.library import chart_library
from journey.reports.views import Collected, View
from tests.reports.samples import HOSTILE, HOSTILE_LINK, MADE_AT, choices, collected, hostile_dataset

MEGABYTE = 1_000_000
LIBRARIES: tuple[Library, ...] = ("linked", "embedded")


@cache
def document(library: Library = "linked") -> str:
    return shared_document(collected(), choices(), made_at=MADE_AT, library=library)


def of(changed: Collected, picked: Choices) -> str:
    return shared_document(changed, picked, made_at=MADE_AT, library="linked")


def own_markup(text: str) -> str:
    """The document without its scripts and styles."""
    return re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL)


def seen(text: str) -> str:
    """What a person would read in the markup."""
    return unescape(re.sub(r"<[^>]*>", " ", own_markup(text)))


def kept(text: str) -> dict[str, Any]:
    """The data that the document carries."""
    found = re.search(r'<script type="application/json" id="kept">(.*?)</script>', text, re.DOTALL)
    assert found
    held: dict[str, Any] = json.loads(found[1])
    return held


def rules(written: str) -> dict[str, str]:
    return {name: value for name, _space, value in (rule.strip().partition(" ") for rule in written.split(";"))}


def meta_policy(text: str) -> str:
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert found
    return found[1]


def hash_of(script: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


# --- What may run, and what may be asked -------------------------------------------------------------------------


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_policy_allows_exactly_the_inline_scripts_it_came_with(library: Library) -> None:
    allowed = set(rules(meta_policy(document(library)))["script-src"].split())
    inline = re.findall(r"<script>(.*?)</script>", document(library), re.DOTALL)
    assert {hash_of(script) for script in inline} == allowed - {"'self'"}
    assert len(inline) == (1 if library == "linked" else 2)


def test_a_linked_document_may_ask_its_own_server_and_a_file_nobody() -> None:
    assert rules(meta_policy(document("linked")))["connect-src"] == "'self'"
    assert "'self'" in rules(meta_policy(document("linked")))["script-src"].split()
    embedded = rules(meta_policy(document("embedded")))
    assert "connect-src" not in embedded
    assert "'self'" not in embedded["script-src"]
    assert embedded["default-src"] == "'none'"


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_header_says_the_same_and_forbids_frames(library: Library) -> None:
    assert policy(library) == f"{meta_policy(document(library))}; frame-ancestors 'none'"


class Attributes(HTMLParser):
    """Every attribute of a markup, as a browser reads it."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.feed(markup)

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [(name, value or "") for name, value in attrs]


@pytest.mark.parametrize("library", LIBRARIES)
def test_nothing_in_it_comes_from_elsewhere_and_nothing_runs_on_an_event(library: Library) -> None:
    found = Attributes(own_markup(document(library))).found
    sources = [value for name, value in found if name in {"src", "href", "action", "srcset", "poster", "data"}]
    assert len(sources) > 20
    assert all(source.startswith(("data:image/svg+xml;base64,", "data:,", "#")) for source in sources)
    assert [name for name, _value in found if name.startswith("on")] == []


def test_the_library_is_asked_for_by_a_name_that_changes_with_it_and_checked() -> None:
    name, script = chart_library()
    integrity = b64encode(hashlib.sha256(script).digest()).decode()
    assert f'<script src="{name}" integrity="sha256-{integrity}" defer></script>' in document("linked")
    assert name not in document("embedded")
    assert script.decode() in document("embedded")


def test_only_a_linked_document_asks_whether_it_is_still_shared() -> None:
    assert "/status" in document("linked")
    assert "/status" not in document("embedded").replace(chart_library()[1].decode(), "")


def test_a_file_is_small_enough_to_send() -> None:
    assert len(document("linked").encode()) <= 2 * MEGABYTE
    assert len(document("embedded").encode()) <= 7 * MEGABYTE


# --- Text from the data ------------------------------------------------------------------------------------------


def test_text_from_the_data_stays_text() -> None:
    markup = own_markup(document())
    assert "<img src=x" not in markup
    assert '<a href="javascript' not in markup
    assert HOSTILE in seen(document())
    assert HOSTILE_LINK in seen(document())


def test_the_data_it_carries_cannot_end_their_element() -> None:
    found = re.search(r'id="kept">(.*?)</script>', document(), re.DOTALL)
    assert found
    assert not set("<>&") & set(found[1])
    assert HOSTILE in {view["label"] for view in kept(document())["views"]}


def test_no_template_ends_before_its_end() -> None:
    markup = own_markup(document())
    assert markup.count("<template") == markup.count("</template>")


def test_it_names_no_customer_and_holds_no_comment_that_was_not_picked() -> None:
    assert "SECRET" not in document("linked")


# --- What it shows -----------------------------------------------------------------------------------------------


def test_the_head_says_what_it_shows_of_whom_as_of_when_and_until_when() -> None:
    for said in (
        choices().title,
        "120 customers · 1 Jan – 1 May 2025 · as of 4 Mar 2026 · can be opened until 3 Apr 2026",
        "counts are moved by up to 2; groups of fewer than 10 customers are not shown",
    ):
        assert said in seen(document())


def test_a_file_names_no_day_until_which_it_opens_as_nothing_would_close_it() -> None:
    said = seen(document("embedded"))
    assert "as of 4 Mar 2026 · counts are moved by up to 2" in said
    assert "can be opened until" not in said


def test_the_head_names_whom_the_filters_chose() -> None:
    filters = Filters(first_devices=("phone",), attributes=(("country", (HOSTILE, "ana@example.com")),))
    head = seen(of(replace(collected(), is_filtered=True), replace(choices(), filters=filters)))
    assert f"120 customers (phone, {HOSTILE} and " in head
    assert "ana@example.com" not in head


def test_a_report_of_ones_own_says_that_it_is_exact() -> None:
    report = html_report(hostile_dataset())
    assert "exact figures, for your own use" in seen(report)
    assert "moved by up to 2" not in seen(report)
    assert 'id="view"' not in report
    assert rules(meta_policy(report)) == rules(meta_policy(document("embedded")))


def test_only_the_pages_that_were_picked_are_there() -> None:
    few = own_markup(of(collected(), replace(choices(), pages=("overview", "funnels"))))
    assert re.findall(r'<section class="page" id="page-(\w+)"', few) == ["overview", "funnels"]
    assert re.findall(r'<li><a href="#(\w+)"', few) == ["overview", "funnels"]
    assert set(re.findall(r'href="#(\w+)"', few)) <= {"overview", "funnels", "content"}


def test_every_page_has_every_view_and_the_personas_only_that_of_everybody() -> None:
    names = re.findall(r'<template id="(\w+)-(\d+)">', own_markup(document()))
    n_views = len(collected().views)
    assert n_views == 9
    for page in choices().pages:
        assert len([place for name, place in names if name == page]) == (1 if page == "personas" else n_views)


def test_one_view_is_chosen_at_a_time_and_cuts_are_never_crossed() -> None:
    markup = own_markup(document())
    chooser = re.search(r'<select id="view">(.*?)</select>', markup, re.DOTALL)
    assert chooser
    assert re.findall(r'<optgroup label="([^"]*)"', chooser[1]) == ["Persona", "Period", "Country"]
    assert re.findall(r'<option value="(\d+)"', chooser[1]) == [str(place) for place in range(9)]
    assert "multiple" not in chooser[0]


def test_every_page_opens_with_its_finding_and_says_how_it_was_counted() -> None:
    markup = own_markup(document())
    templates = re.findall(r"<template [^>]*>(.*?)</template>", markup, re.DOTALL)
    assert all(template.startswith('<h1 tabindex="-1">') for template in templates)
    assert all(template.count("<h1") == 1 for template in templates)
    assert markup.count("How this was counted") == markup.count("<section") == 6


def test_every_figure_has_words_and_is_carried_as_data() -> None:
    for page, place, template in re.findall(r'<template id="(\w+)-(\d+)">(.*?)</template>', document(), re.DOTALL):
        for holder in re.findall(r'<div class="plot"[^>]*>', template):
            name = re.search(r'data-figure="([^"]*)"', holder)
            assert name, page
            assert re.search(r'role="img" aria-label="[^"]+"', holder)
            assert name[1] in kept(document())["views"][int(place)]["figures"]


def test_the_tables_hold_the_numbers_and_how_they_are_written() -> None:
    held = kept(document())
    stages, *_others = held["tables"]["strip"]["columns"]
    assert stages == {"name": "stage", "label": "Stage", "kind": "text", "hint": ""}
    strip = collected().whole.tables.strip
    assert [row[0] for row in held["views"][0]["tables"]["strip"]] == ["see", "try", "buy"]
    assert [row[1] for row in held["views"][0]["tables"]["strip"]] == [
        [customers, str(customers)] for customers in strip["customers"]
    ]


def test_what_is_missing_is_a_dash_and_never_nothing() -> None:
    whole = collected().whole
    strip, funnel = whole.tables.strip.copy(), whole.tables.funnel
    assert funnel is not None
    funnel = funnel.copy()
    missing = ["customers", "share_of_all", "left", "share_leaving", "emotion", "low", "high", "customers_scored"]
    strip = strip.astype(dict.fromkeys(missing, "float64"))
    strip.loc[1, missing] = np.nan
    counts = ["customers", "share_of_all", "from_previous", "share_of_previous", "low", "high", "still_open", "lost"]
    funnel = funnel.astype(dict.fromkeys(counts, "float64"))
    funnel.loc[2, counts] = np.nan
    view = View(None, None, whole.label, replace(whole.tables, strip=strip, funnel=funnel))
    written = of(replace(collected(), views=(view,), cuts=()), choices())
    rows = kept(written)["views"][0]["tables"]
    assert rows["strip"][1][:3] == ["try", [None, "–"], [None, "–"]]
    assert rows["funnel"][2][1] == [None, "–"]
    assert "– stands for what is unknown, and for what is not shown" in seen(written)
    assert not re.findall(r"\b0 (?:customers|at|leave)", own_markup(written))


def test_one_view_needs_no_chooser() -> None:
    written = of(replace(collected(), views=collected().views[:1], cuts=()), replace(choices(), cuts=()))
    assert '<select id="view">' not in written


def test_a_title_in_a_preview_of_the_link_tells_nothing() -> None:
    assert re.findall(r"<title>(.*?)</title>", document()) == ["Journey"]
    assert '<meta name="robots" content="noindex, nofollow">' in document()
