"""Decisions about the whole import: time zones, currency, who is who, and the recipe that holds all of them."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from zoneinfo import available_timezones

import streamlit as st

from journey.ingest.proposal import Proposal
from journey.ingest.recipe import Recipe
from journey.ingest.report import ImportReport
from journey.language import _
from journey.ui import cache
from journey.ui.text import plain

_CURRENCIES = ("", "EUR", "USD", "GBP", "RON", "CNY", "JPY", "CHF", "PLN", "SEK", "CAD", "AUD", "INR", "BRL")
_OWN = _SAME = ""


def settings(proposal: Proposal, recipe: Recipe, revision: int) -> Recipe:
    """Ask for the time zone in which days are counted, that of times which name none, and the currency."""
    zones = sorted(available_timezones())
    here = st.context.timezone or "UTC"
    zone_now = recipe.time_zone if recipe.time_zone != "UTC" or here not in zones else here
    left, middle, right = st.columns(3)
    zone = left.selectbox(
        _("Days are counted in the time zone"), zones, index=zones.index(zone_now), key=settings_key(revision)
    )
    naive = middle.selectbox(
        _("Times that name no time zone are of"), [_SAME, *zones], key=f"naive zone {revision}",
        index=_naive_place(recipe, zones), format_func=lambda each: each or _("the same time zone"),
    )  # fmt: skip
    currencies = list(dict.fromkeys([recipe.currency or "", *proposal.currencies, *_CURRENCIES]))
    currency = right.selectbox(
        _("Currency"), currencies, format_func=lambda each: each or _("(not told)"), key=f"currency {revision}"
    )
    # An export that was recognised is read as its maker means it.
    tables = tuple(
        table if table.export else table.with_setting("naive_time_zone", naive or zone) for table in recipe.tables
    )
    return replace(recipe, time_zone=zone, currency=currency or None, tables=tables)


def settings_key(revision: int) -> str:
    """Name the widget that is on the page whatever the files hold."""
    return f"time zone {revision}"


def _naive_place(recipe: Recipe, zones: list[str]) -> int:
    """Find the zone that was decided before; as proposed, times without a zone are of the zone of the days."""
    decided = {table.naive_time_zone for table in recipe.tables if not table.export} - {recipe.time_zone}
    return 1 + zones.index(min(decided)) if decided else 0


def identity(report: ImportReport, recipe: Recipe, revision: int) -> Recipe:
    """Show how ids became customers, and let that be undone."""
    found, decided = report.identity, recipe.identity
    if found is None and decided.stitch:
        st.caption(_("The files hold one id per customer, so that there was nothing to bring together."))
        return recipe
    if found is not None:
        st.markdown("\n".join(f"- {plain(note)}" for note in found.notes))
    stitch = st.toggle(_("Bring the ids of one customer together"), value=decided.stitch, key=f"stitch {revision}")
    kinds = {"person": _("a person"), "account": _("a company (account)")}
    customer = decided.customer
    if customer == "account" or (found is not None and "account" in found.ids):
        customer = st.radio(
            _("A customer is"), list(kinds), index=list(kinds).index(customer), format_func=kinds.__getitem__,
            horizontal=True, key=f"customer {revision}",
        )  # fmt: skip
    apart = st.text_area(
        _("Ids that belong to nobody, one per line (a kiosk, a test address)"),
        value="\n".join(decided.not_ids),
        key=f"not ids {revision}",
    )
    not_ids = tuple(dict.fromkeys(line.strip() for line in apart.splitlines() if line.strip()))
    return replace(recipe, identity=replace(decided, stitch=stitch, customer=customer, not_ids=not_ids))


def recipe_text(recipe: Recipe, revision: int) -> str | None:
    """Show the recipe; hand out its text when a person wants to go on with another one."""
    st.caption(
        _(
            "All decisions as a file, for next month’s files. Change what you like, or take that of another dataset; "
            "then press “Use this recipe”."
        )
    )
    known = {info.id: info for info in cache.workspace().datasets()}
    chosen = st.selectbox(
        _("Recipe of"), [_OWN, *known], key=f"recipe of {revision}",
        format_func=lambda each: known[each].name if each else _("this import"),
    )  # fmt: skip
    written = recipe.to_yaml() if chosen == _OWN else cache.recipe(chosen, known[chosen].version).to_yaml()
    text = st.text_area(
        _("Recipe (YAML)"), value=written, height=320, key=f"recipe {revision} {chosen} {_short(written)}"
    )
    with st.container(horizontal=True):
        use = st.button(_("Use this recipe"), key=f"use {revision}")
        st.download_button(
            _("Download the recipe"), text, "recipe.yaml", "application/yaml", key=f"save {revision}", on_click="ignore"
        )
    return text if use and text != recipe.to_yaml() else None


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]
