"""What each page of a document shows of one view: its finding, pictures, and the places of figures and tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from journey.charts.emotions import emotion_alt, emotion_chart
from journey.charts.escaping import html_text
from journey.charts.figures import figure_cards
from journey.charts.findings import finding_list
from journey.charts.flows import flow_alt, flow_figure
from journey.charts.funnels import funnel_alt, funnel_chart
from journey.charts.html import face_image, stylesheet
from journey.charts.maps import map_grid
from journey.charts.overview import journey_strip_chart
from journey.charts.persona_cards import persona_cards
from journey.charts.personas import contrast_alt, contrast_chart
from journey.charts.theme import ThemeName, stage_label
from journey.language import _, interval, ngettext, number, signed
from journey.reports import headlines
from journey.reports.choices import PERSONA, Quote
from journey.reports.document_tables import table_of
from journey.reports.views import Collected, Cut, View
from journey.vocabulary import MINIMUM_BASE

#: Findings that a reader of one page takes in.
N_FINDINGS = 10
#: Values of a cut that are told apart in one picture.
MOST_COMPARED = 8
#: Style sheets of the pictures made of HTML.
PICTURES = ("figures", "overview", "findings", "personas", "maps")

Draw = Callable[[ThemeName], dict[str, Any]]


@dataclass
class Sheet:
    """One page of one view: its HTML with holders for figures and tables, the figures, and the tables' names."""

    html: list[str] = field(default_factory=list)
    figures: dict[str, Draw] = field(default_factory=dict)
    tables: list[str] = field(default_factory=list)

    def open(self, finding: str, base: str) -> None:
        self.html.append(f'<h1 tabindex="-1">{html_text(finding)}</h1><p class="base">{html_text(base)}</p>')

    def title(self, text: str) -> None:
        self.html.append(f"<h2>{html_text(text)}</h2>")

    def say(self, text: str) -> None:
        if text:
            self.html.append(f'<p class="said">{html_text(text)}</p>')

    def elsewhere(self, title: str, where: str) -> None:
        """Say where on the screen something is told; on paper, where nothing can be chosen, it is left out."""
        self.html.append(
            f'<div class="elsewhere"><h2>{html_text(title)}</h2><p class="said">{html_text(where)}</p></div>'
        )

    def picture(self, html: str) -> None:
        """Add a picture made of HTML; its style stands once in the head of the document."""
        for name in PICTURES:
            html = html.replace(stylesheet(name), "", 1)
        self.html.append(f'<div class="picture">{html}</div>')

    def figure(self, name: str, said: str, draw: Draw, *, is_wide: bool = False, title: str = "") -> None:
        """Add a place for a figure that the script draws; until then, and without it, its words stand there."""
        heading = f"<h3>{html_text(title)}</h3>" if title else ""
        label = html_text(said)
        holder = f'<div class="plot" role="img" aria-label="{label}" data-figure="{html_text(name)}">{label}</div>'
        if is_wide:
            region = f'class="wide" tabindex="0" role="region" aria-label="{html_text(title or _("Picture"))}"'
            hint = f'<p class="sideways" aria-hidden="true">{html_text(_("scroll sideways →"))}</p>'
            holder = f"{hint}<div {region}>{holder}</div>"
        self.html.append(f"<figure>{heading}{holder}</figure>")
        self.figures[name] = draw

    def table(self, name: str, title: str) -> None:
        self.title(title)
        self.html.append(f'<div data-table="{name}"></div>')
        self.tables.append(name)

    def folded_table(self, name: str) -> None:
        summary = html_text(_("As a table"))
        self.html.append(
            f'<details class="folded"><summary>{summary}</summary><div data-table="{name}"></div></details>'
        )
        self.tables.append(name)


@dataclass(frozen=True)
class Source:
    """What a page is made from: everything collected, the view, the pages there are, and how well numbers are known."""

    collected: Collected
    view: View
    pages: tuple[str, ...]
    #: Of times and money two digits are known, of feelings one decimal.
    is_rough: bool

    @property
    def is_whole(self) -> bool:
        return self.view.cut is None

    @property
    def goal(self) -> str | None:
        return stage_label(self.collected.goal) if self.collected.goal else None

    def address(self, page: str, _settings: Mapping[str, Any]) -> str | None:
        """Lead to the page that proves something where it is among those picked."""
        return f"#{page}" if page in self.pages else None


def titles() -> dict[str, str]:
    """Name the pages as the navigation does."""
    return {
        "overview": _("Overview"),
        "personas": _("Personas"),
        "journey_map": _("Journey map"),
        "flows": _("Flows"),
        "funnels": _("Funnels"),
        "emotions": _("Emotions"),
    }


#: Parts of `definitions()` that tell how each page was counted.
DEFINED = {
    "overview": ("figures", "strip", "findings"),
    "personas": ("personas",),
    "journey_map": ("maps",),
    "flows": ("flow",),
    "funnels": ("funnel",),
    "emotions": ("emotion",),
}

#: Pages that say the same whatever the view.
OF_THE_WHOLE = ("personas",)


def sheet(page: str, source: Source) -> Sheet:
    """Lay out one page of one view."""
    laid_out = Sheet()
    _LAY_OUT[page](laid_out, source)
    return laid_out


def _overview(sheet: Sheet, source: Source) -> None:
    collected, tables = source.collected, source.view.tables
    sheet.open(*headlines.overview_page(collected, source.view))
    sheet.picture(figure_cards(tables.figures, currency=collected.currency, goal=source.goal, is_rough=source.is_rough))
    if len(tables.strip):
        sheet.title(_("The journey"))
        sheet.picture(journey_strip_chart(tables.strip))
        sheet.say(collected.stage_words)
    _findings(sheet, source)
    if len(tables.strip):
        sheet.table("strip", _("The journey in figures"))


def _findings(sheet: Sheet, source: Source) -> None:
    findings = source.view.tables.findings
    if findings is None:
        sheet.elsewhere(_("Look here first"), _("What to look at first is told of everybody; choose it above."))
        return
    sheet.title(_("Look here first"))
    sheet.picture(
        finding_list(
            findings,
            currency=source.collected.currency,
            n_shown=N_FINDINGS,
            address=source.address,
            is_rough=source.is_rough,
        )
    )


def _personas(sheet: Sheet, source: Source) -> None:
    collected, whole = source.collected, source.collected.whole
    tables = whole.tables
    if tables.profiles is None or tables.profiles.empty:
        sheet.open(_("Too few customers to tell kinds apart."), headlines.base_of(collected, whole))
        sheet.say(collected.why_no_personas)
        return
    sheet.open(*headlines.personas(collected, whole))
    sheet.picture(
        persona_cards(
            tables.profiles,
            currency=collected.currency,
            goal=source.goal,
            fitted=collected.fitted_outcomes,
            is_rough=source.is_rough,
        )
    )
    sheet.say(
        _("Found again in resamples of the customers: agreement {agreement} (1 always, 0 by chance).").format(
            agreement=number(collected.persona_agreement, 2)
        )
    )
    if tables.contrasts is not None and len(tables.contrasts):
        sheet.title(_("What sets them apart"))
        sheet.html.append('<div class="side-by-side">')
        for place, name in enumerate(collected.persona_names):
            _contrast(sheet, f"contrast-{place}", tables.contrasts, name, is_rough=source.is_rough)
        sheet.html.append("</div>")
    sheet.table("profiles", _("The personas in figures"))


def _contrast(sheet: Sheet, name: str, contrasts: pd.DataFrame, persona: str, *, is_rough: bool) -> None:
    if (contrasts["persona"] == persona).any():
        said = contrast_alt(contrasts, persona)
        sheet.figure(
            name,
            said,
            lambda theme: contrast_chart(contrasts, persona, theme=theme, is_rough=is_rough),
            title=persona,
        )


def _journey_map(sheet: Sheet, source: Source) -> None:
    document = headlines.map_of(source.collected, source.view)
    sheet.open(document.title, headlines.base_of(source.collected, source.view))
    if document.lanes:
        sheet.picture(map_grid(document.to_dict(), address=source.address))
        sheet.say(
            _(
                "Every cell is drafted from the data and names its base. Under {n} customers nothing is concluded."
            ).format(n=number(MINIMUM_BASE))
        )


def _flows(sheet: Sheet, source: Source) -> None:
    tables = source.view.tables
    sheet.open(*headlines.flows(source.collected, source.view))
    drawn = tables.flow[tables.flow["journeys"].notna()]
    if len(drawn):
        sheet.figure("flow", flow_alt(drawn), lambda theme: flow_figure(drawn, theme=theme), is_wide=True)
        sheet.folded_table("flow")
    if len(tables.returns):
        sheet.table("returns", _("Back to an earlier stage"))


def _funnels(sheet: Sheet, source: Source) -> None:
    tables = source.view.tables
    sheet.open(*headlines.funnel(source.collected, source.view))
    table = tables.funnel
    if table is None or table.empty:
        return
    sheet.figure("funnel", funnel_alt(table), lambda theme: funnel_chart(table, theme=theme))
    sheet.table("funnel", _("Who gets how far, in figures"))
    if tables.lost is not None and len(tables.lost):
        sheet.table("lost", _("Where the lost went next"))
    _each_cut(sheet, source, _funnel_by)


def _each_cut(sheet: Sheet, source: Source, show: Callable[[Sheet, Source, Cut], None]) -> None:
    """Compare the values of each cut, on the page of everybody."""
    sheet.html.append('<div class="cuts">')
    for cut in source.collected.cuts if source.is_whole else ():
        sheet.html.append("<div>")
        show(sheet, source, cut)
        sheet.html.append("</div>")
    sheet.html.append("</div>")


def _funnel_by(sheet: Sheet, source: Source, cut: Cut) -> None:
    parts = _side_by_side(source.collected, cut, "funnel", "share_of_previous")
    if parts.empty:
        return
    _title_by(sheet, source, cut)
    said = funnel_alt(parts, breakdown="value")
    order = _values(source.collected, cut)
    sheet.figure(
        f"funnel-by-{cut.name}",
        said,
        lambda theme: funnel_chart(parts, breakdown="value", values=order, theme=theme),
    )


def _emotions(sheet: Sheet, source: Source) -> None:
    tables, by = source.view.tables, source.collected.emotion_by
    sheet.open(*headlines.emotions(source.collected, source.view))
    if not tables.emotion["n_scored"].sum():
        return
    said = emotion_alt(tables.emotion, by=by)
    sheet.figure(
        "emotion",
        said,
        lambda theme: emotion_chart(tables.emotion, by=by, theme=theme, is_rough=source.is_rough),
        is_wide=True,
    )
    sheet.say(source.collected.emotion_words)
    sheet.html.append(_moments(tables.moments))
    sheet.table("emotion", _("The feeling in figures"))
    _each_cut(sheet, source, _emotion_by)
    if source.is_whole and source.collected.quotes:
        sheet.title(_("In their words"))
        sheet.html.append("".join(_quote(each) for each in source.collected.quotes))


def _emotion_by(sheet: Sheet, source: Source, cut: Cut) -> None:
    by, parts = source.collected.emotion_by, _side_by_side(source.collected, cut, "emotion", "emotion")
    if parts.empty:
        return
    _title_by(sheet, source, cut)
    said, order = emotion_alt(parts, by=by, breakdown="value"), _values(source.collected, cut)
    sheet.figure(
        f"emotion-by-{cut.name}",
        said,
        lambda theme: emotion_chart(
            parts, by=by, breakdown="value", values=order, theme=theme, is_rough=source.is_rough
        ),
        is_wide=True,
    )


def _title_by(sheet: Sheet, source: Source, cut: Cut) -> None:
    sheet.title(_("By {cut}").format(cut=_within_a_line(cut.label)))
    n_more = len(source.collected.of(cut.name)) - MOST_COMPARED
    if n_more > 0:
        sheet.say(ngettext("{n} more can be chosen above.", "{n} more can be chosen above.", n_more))


def _within_a_line(label: str) -> str:
    """Write a label as it stands inside a line: `Country` → `country`; names in capitals stay."""
    return label[0].lower() + label[1:] if label[1:].islower() else label


def _values(collected: Collected, cut: Cut) -> list[str]:
    """Order the values of a cut as their colours are; a persona has the same on every page."""
    personas = collected.persona_names if cut.name == PERSONA else ()
    return list(dict.fromkeys([*personas, *(view.label for view in collected.of(cut.name))]))


def _side_by_side(collected: Collected, cut: Cut, name: str, told: str) -> pd.DataFrame:
    """Lay the tables of a cut's first values below each other, with the value beside them, where they tell anything."""
    found = [(view.label, table_of(view.tables, name)) for view in collected.of(cut.name)[:MOST_COMPARED]]
    parts = [table.assign(value=label) for label, table in found if table is not None and table[told].notna().any()]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _moments(moments: pd.DataFrame) -> str:
    known = moments.dropna(subset=["emotion"]).drop_duplicates("touchpoint").to_dict("records")
    told = "".join(_moment(row, is_only=len(known) == 1) for row in known)
    return f'<div class="moments">{told}</div>' if told else ""


def _moment(row: dict[Any, Any], *, is_only: bool) -> str:
    kind = _("Lowest moment") if row["kind"] == "lowest" else _("Highest moment")
    if is_only:
        kind = _("The only moment with enough answers")
    base = _("{interval} · {n} answers of {customers} customers").format(
        interval=interval(signed(row["low"]), signed(row["high"])),
        n=number(row["n_scored"]),
        customers=number(row["customers_scored"]),
    )
    return (
        f'<div class="moment"><p class="said">{html_text(kind)}</p>'
        f"<p><strong>{html_text(stage_label(str(row['touchpoint'])))}</strong> "
        f'<span class="j">{face_image(row["emotion"])}</span>{html_text(signed(row["emotion"]))}</p>'
        f'<p class="said">{html_text(base)}</p></div>'
    )


def _quote(quote: Quote) -> str:
    places = [stage_label(quote.stage)] if quote.stage else []
    places += [quote.touchpoint] if quote.touchpoint else []
    where = f"<figcaption>{html_text(' · '.join(places))}</figcaption>" if places else ""
    return f'<figure class="quote"><blockquote>“{html_text(quote.comment)}”</blockquote>{where}</figure>'


_LAY_OUT: dict[str, Callable[[Sheet, Source], None]] = {
    "overview": _overview,
    "personas": _personas,
    "journey_map": _journey_map,
    "flows": _flows,
    "funnels": _funnels,
    "emotions": _emotions,
}
