"""Ask a dataset everything that a document says: of the whole, and of each value of the cuts that were picked."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from journey.analysis import emotions, flows, funnels, overview
from journey.analysis.concentration import largest_share_of_revenue, largest_shares_by
from journey.analysis.dimensions import unfiltered, usual_touchpoints
from journey.analysis.findings import Protect, findings
from journey.analysis.persona_profiles import channel_customers
from journey.analysis.personas import Personas
from journey.analysis.personas import personas as personas_of
from journey.dataset import Dataset, Filters
from journey.errors import NotEnoughDataError
from journey.language import _
from journey.maps.facts import REACH_COLUMNS, met_in_stages, touchpoint_feelings
from journey.reports.choices import PERSONA, Choices
from journey.reports.cuts import cuts, stretches_of, values_of
from journey.reports.months import customers_by_month
from journey.reports.views import Collected, Tables, View
from journey.text.masking import masked

#: As the app's Flows page opens.
FLOW_STEPS, FLOW_NAMES = 5, 6
FEWEST_STEPS = 2

#: Told how far the work is, [0, 1], and what it is at.
Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class _Questions:
    """What all views are asked alike, so that they can be compared."""

    steps: tuple[str, ...]
    funnel_by: str
    emotion_by: str


def views_of(
    dataset: Dataset,
    personas: Personas | None,
    choices: Choices,
    *,
    protect: Protect | None = None,
    progress: Progress | None = None,
) -> Collected:
    """Collect the result tables of a document, by the same questions that the app's pages ask when they are opened.

    Parameters
    ----------
    dataset
        The filters of `choices` take the place of its own.
    personas
        Those of the dataset version; None when there are too few customers.
    choices
        What was picked.
    protect
        Passes on what may be told of a finding, with the numbers that may be told; None tells findings as they are.
    progress
        Called before each view with the part of them that is done, and the view's name.

    Raises
    ------
    UnknownNameError
        When the dataset has no such cut or filter.
    NotEnoughDataError
        When the filters leave nobody.
    """
    laid_out = personas.dataset if personas else dataset
    choices.require_possible(laid_out)
    whole = laid_out.where(choices.filters)
    if whole.summary.customers == 0:
        raise NotEnoughDataError.too_few_customers(_("Shared dashboards"), 0, choices.least)
    parts = [(cut, each) for cut in choices.cuts for each in values_of(whole, cut)]
    _report(progress, 0, len(parts), _("Everything"))
    asked = _questions(whole)
    tables = _with_personas(_tables(whole, asked), whole, personas)
    views = [View(None, None, _("Everything"), replace(tables, findings=findings(whole, protect)), choices.filters)]
    for place, (cut, each) in enumerate(parts, start=1):
        _report(progress, place, len(parts), each.label)
        chosen = whole.where(each.filters)
        if chosen.summary.customers:
            views.append(View(cut, each.value, each.label, _tables(chosen, asked), each.filters))
    # Shares of all interactions, exact and whatever was picked, are for one's own use.
    origin = masked if protect is None else _without_shares
    return Collected(
        views=tuple(views),
        cuts=cuts(laid_out, choices.cuts),
        stages=whole.stages,
        goal=whole.facts.goal,
        currency=whole.facts.currency,
        has_revenue=whole.facts.has_revenue,
        time_zone=whole.facts.time_zone,
        dataset_version=whole.version,
        all_customers=laid_out.where(Filters()).summary.customers,
        emotion_by=asked.emotion_by,
        funnel_by=asked.funnel_by,
        persona_names=personas.names if personas else (),
        fitted_outcomes=personas.fitted_outcomes if personas else (),
        persona_agreement=personas.stability.agreement if personas else float("nan"),
        why_no_personas="" if personas else _("Personas need at least 30 customers each who act differently."),
        # Both name columns of the file.
        stage_words="" if whole.facts.stage_source == "given" else origin(str(whole.report["stage_words"])),
        emotion_words=origin(str(whole.report["emotion_words"])),
        quotes=choices.quotes,
        is_filtered=bool(choices.filters),
    )


def everything(dataset: Dataset) -> tuple[Collected, Dataset]:
    """Collect the whole of a dataset, as its filters leave it, for one's own use; and lay its personas beside it."""
    try:
        found = personas_of(dataset)
    except NotEnoughDataError:
        found = None
    choices = Choices(_("Journey report"), datetime.date.max, filters=dataset.filters)
    laid_out = found.dataset if found else dataset
    return views_of(dataset, found, choices), laid_out.where(dataset.filters)


def _without_shares(words: str) -> str:
    """Keep the sentences, or their halves, that tell no share."""
    said = [part for part in re.split(r"(?<=[.;]) ", words) if "%" not in part]
    return masked(re.sub(r";$", ".", " ".join(said)))


def _report(progress: Progress | None, n_done: int, n_parts: int, label: str) -> None:
    if progress:
        progress(n_done / (n_parts + 1), label)


def _questions(whole: Dataset) -> _Questions:
    has_felt_stages = bool(whole.stages) and bool(emotions.emotion(whole)["n_scored"].sum())
    is_staged = len(whole.stages) >= FEWEST_STEPS
    return _Questions(
        steps=whole.stages if is_staged else usual_touchpoints(unfiltered(whole)),
        funnel_by="stage" if is_staged else "touchpoint",
        emotion_by="stage" if has_felt_stages else "touchpoint",
    )


def _tables(dataset: Dataset, asked: _Questions) -> Tables:
    summary = dataset.summary
    curve = emotions.emotion(dataset, by=asked.emotion_by)
    has_funnel = len(asked.steps) >= FEWEST_STEPS
    has_stages = bool(dataset.stages)
    return Tables(
        customers=summary.customers,
        interactions=summary.interactions,
        first=dataset.day_of(summary.first) if summary.first else None,
        last=dataset.day_of(summary.last) if summary.last else None,
        figures=overview.figures(dataset),
        strip=overview.journey_strip(dataset),
        returns=flows.returns(dataset),
        reach=met_in_stages(dataset) if has_stages else pd.DataFrame(columns=list(REACH_COLUMNS)),
        worst=touchpoint_feelings(dataset),
        flow=flows.flow(dataset, by="touchpoint", n_steps=FLOW_STEPS, top_n=FLOW_NAMES),
        funnel=funnels.funnel(dataset, asked.steps, by=asked.funnel_by) if has_funnel else None,
        lost=funnels.lost(dataset, asked.steps, by=asked.funnel_by) if has_funnel else None,
        emotion=emotions.peak_and_end(curve) if asked.emotion_by == "stage" else curve,
        moments=emotions.moments(dataset),
        months=customers_by_month(dataset),
        stretches=stretches_of(dataset),
        largest_share_of_revenue=_concentration(dataset),
    )


def _concentration(dataset: Dataset) -> float:
    """Look for the stretch that one customer paid most of, among those that the figures tell of."""
    if not dataset.facts.has_revenue:
        return float("nan")
    parts = [dataset.where(replace(dataset.filters, start=first, end=last)) for first, last in stretches_of(dataset)]
    shares = pd.Series([largest_share_of_revenue(each) for each in (dataset, *parts)], dtype="float64")
    return float(shares.max())


def _with_personas(tables: Tables, dataset: Dataset, personas: Personas | None) -> Tables:
    if personas is None:
        return tables
    described = personas.where(dataset.filters).profiles
    met = channel_customers(dataset)
    found = [
        tuple(met.get((row["persona"], channel), 0) for channel, _share in row["channels"])
        for row in described.to_dict("records")
    ]
    largest = largest_shares_by(dataset, PERSONA) if dataset.facts.has_revenue else {}
    profiles = described.drop(columns="devices").assign(
        quote=None,
        channel_customers=pd.Series(found, index=described.index, dtype="object"),
        largest_share_of_revenue=[largest.get(name, float("nan")) for name in described["persona"]],
    )
    return replace(tables, profiles=profiles, contrasts=personas.contrasts)
