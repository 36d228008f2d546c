"""A report as one HTML document that can be read offline, on a phone and on paper."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from plotly.offline import get_plotlyjs

from journey.charts.emotions import emotion_alt, emotion_chart
from journey.charts.escaping import html_text
from journey.charts.figures import figure_cards
from journey.charts.findings import finding_list
from journey.charts.flows import flow_alt, flow_figure
from journey.charts.funnels import funnel_alt, funnel_chart
from journey.charts.maps import map_grid
from journey.charts.overview import journey_strip_alt, journey_strip_chart
from journey.charts.persona_cards import persona_cards
from journey.charts.personas import persona_map_alt, persona_map_chart
from journey.charts.theme import ThemeName, css_variables, stage_label
from journey.language import _, money, ngettext, number, percent, period
from journey.maps.document import JourneyMap
from journey.reports.content import Content
from journey.reports.definitions import definitions

_THEMES: tuple[ThemeName, ThemeName] = ("light", "dark")
#: Where the pages that prove something are found in the document.
_ANCHORS = {"funnels": "funnel", "flows": "flow", "emotions": "emotion", "personas": "personas", "overview": "strip"}


@dataclass(frozen=True)
class _Part:
    """A section: its id, title, what it says, and what it shows as HTML."""

    name: str
    title: str
    said: str
    shown: str
    is_bare: bool = False


def html_report(content: Content) -> str:
    """Write a report as one document that asks for nothing: styles, scripts and pictures are in it.

    Its policy lets only the two scripts run that it came with, and lets it fetch nothing.
    """
    scripts = (get_plotlyjs(), _read("report.js"))
    allowed = " ".join(f"'sha256-{_digest(script)}'" for script in scripts)
    policy = f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src {allowed}"
    parts = _parts(content)
    told = definitions()
    links = "".join(f'<a href="#{part.name}">{html_text(part.title)}</a>' for part in parts if part.title)
    sections = "".join(_section(part, told[part.name]) for part in parts)
    style = _read("report.css").replace("/*variables*/", css_variables(), 1)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{html_text(content.headline)}</title><style>{style}</style></head><body>"
        f'<header class="top"><h1>{html_text(content.headline)}</h1><p class="base">{html_text(_base(content))}</p>'
        f'<nav aria-label="{html_text(_("Parts of the report"))}">{links}</nav></header><main>{sections}</main>'
        f"<footer>{html_text(_footer(content))}</footer>"
        + "".join(f"<script>{script}</script>" for script in scripts)
        + "</body></html>\n"
    )


def _parts(content: Content) -> list[_Part]:
    parts = [
        _Part("figures", "", "", _figures(content), is_bare=True),
        _Part("strip", _("The journey"), journey_strip_alt(content.strip), journey_strip_chart(content.strip)),
        _Part("findings", _("Look here first"), "", _findings(content)),
        _personas(content),
        _Part("maps", _("Journey maps"), _map_note(content), _maps(content.maps), is_bare=True),
        _flow(content),
        _funnel(content),
        _Part(
            "emotion",
            _("How it feels"),
            emotion_alt(content.emotion),
            _figure("emotion", emotion_alt(content.emotion), lambda theme: emotion_chart(content.emotion, theme=theme)),
        ),
    ]
    return [part for part in parts if part.shown]


def _section(part: _Part, definition: str) -> str:
    heading = f"<h2>{html_text(part.title)}</h2>" if part.title else ""
    said = f'<p class="said">{html_text(part.said)}</p>' if part.said else ""
    counted = html_text(_("How this was counted"))
    return (
        f'<section id="{part.name}"{" class=bare" if part.is_bare else ""}>{heading}{said}{part.shown}'
        f"<details><summary>{counted}</summary><p>{html_text(definition)}</p></details></section>"
    )


# --- The parts ---------------------------------------------------------------------------------------------------


def _figures(content: Content) -> str:
    return figure_cards(content.figures, currency=content.dataset.facts.currency, goal=_goal(content))


def _findings(content: Content) -> str:
    return finding_list(content.findings, currency=content.dataset.facts.currency, address=_anchor)


def _personas(content: Content) -> _Part:
    title = _("Personas")
    found = content.personas
    if found is None:
        return _Part("personas", title, "", f"<p>{html_text(content.why_no_personas)}</p>")
    cards = persona_cards(
        found.profiles,
        currency=content.dataset.facts.currency,
        goal=_goal(content),
        fitted=found.fitted_outcomes,
    )
    said = persona_map_alt(found.profiles)
    dots = _figure("persona-dots", said, lambda theme: persona_map_chart(found.map, found.names, theme=theme))
    return _Part("personas", title, said, cards + dots)


def _maps(maps: tuple[JourneyMap, ...]) -> str:
    return "".join(
        f'<div class="map-of"><h3>{html_text(each.title)}</h3><p class="said">{html_text(_map_base(each))}</p>'
        f"{map_grid(each.to_dict(), address=_anchor)}</div>"
        for each in maps
        if each.lanes
    )


def _map_note(content: Content) -> str:
    return _("Drafted from the data; every cell names its base.") if content.maps[0].lanes else ""


def _map_base(document: JourneyMap) -> str:
    return _("{customers} ({share} of all)").format(
        customers=ngettext("{n} customer", "{n} customers", document.customers),
        share=percent(document.share_of_customers),
    )


def _flow(content: Content) -> _Part:
    order = content.dataset.stages
    said = flow_alt(content.flow, order=order)
    shown = (
        _figure("flow-picture", said, lambda theme: flow_figure(content.flow, order=order, theme=theme), is_wide=True)
        if len(content.flow)
        else ""
    )
    return _Part("flow", _("How they travel"), said, shown)


def _funnel(content: Content) -> _Part:
    table = content.funnel
    if table is None or table.empty:
        return _Part("funnel", _("Who gets how far"), "", "")
    said = funnel_alt(table)
    return _Part(
        "funnel",
        _("Who gets how far"),
        said,
        _figure("funnel-picture", said, lambda theme: funnel_chart(table, theme=theme)),
    )


# --- Pieces ------------------------------------------------------------------------------------------------------


def _figure(name: str, said: str, draw: Callable[[ThemeName], dict[str, Any]], *, is_wide: bool = False) -> str:
    kept = "".join(
        f'<script type="application/json" id="{name}-{theme}">{_script_json(draw(theme))}</script>' for theme in _THEMES
    )
    holder = f'<div class="plot" role="img" aria-label="{html_text(said)}" data-figure="{name}"></div>'
    scrolls = ' class="wide" tabindex="0"' if is_wide else ""
    return f"<figure{scrolls}>{holder}</figure>{kept}"


def _script_json(figure: Mapping[str, Any]) -> str:
    """Write a figure so that no text in it can end the script element around it."""
    text = json.dumps(figure, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _anchor(page: str, _settings: Mapping[str, Any]) -> str | None:
    return f"#{_ANCHORS[page]}" if page in _ANCHORS else None


def _goal(content: Content) -> str | None:
    goal = content.dataset.facts.goal
    return stage_label(goal) if goal else None


def _base(content: Content) -> str:
    summary = content.dataset.summary
    said = [
        ngettext("{n} customer", "{n} customers", summary.customers),
        ngettext("{n} interaction", "{n} interactions", summary.interactions),
    ]
    if summary.first and summary.last:
        said.append(period(content.dataset.day_of(summary.first), content.dataset.day_of(summary.last)))
    revenue = content.figures[content.figures["figure"] == "revenue"]["value"]
    if len(revenue) and revenue.notna().all():
        said.append(_("revenue {amount}").format(amount=money(float(revenue.iloc[0]), content.dataset.facts.currency)))
    return " · ".join(said)


def _footer(content: Content) -> str:
    return _("Made by Journey from {n} interactions; times in {zone}. It holds no ids of customers.").format(
        n=number(content.dataset.summary.interactions), zone=content.dataset.facts.time_zone
    )


def _digest(script: str) -> str:
    return b64encode(sha256(script.encode()).digest()).decode("ascii")


def _read(name: str) -> str:
    return (Path(__file__).parent / name).read_text("utf-8")
