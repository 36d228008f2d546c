"""What a document says of one view: its opening sentences, its base, and its journey map."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from journey.language import _, ngettext, number, period
from journey.maps.document import JourneyMap
from journey.maps.draft import map_of as composed
from journey.maps.facts import MapFacts
from journey.reports import sentences
from journey.reports.choices import Quote
from journey.reports.sentences import Headline
from journey.reports.views import Collected, View


def base_of(collected: Collected, view: View) -> str:
    """Write who and when a view is about, as in `2,981 customers, 1 Jan – 31 Dec 2025`."""
    tables = view.tables
    counted = ngettext("{n} customer", "{n} customers", tables.customers)
    if view.cut is not None or collected.is_filtered:
        counted = _("{customers} of {all}").format(customers=counted, all=number(collected.all_customers))
    if tables.first is None or tables.last is None:
        return counted
    return f"{counted}, {period(tables.first, tables.last)}"


def overview_page(collected: Collected, view: View) -> Headline:
    tables = view.tables
    return sentences.overview(
        tables.figures,
        tables.strip,
        n_customers=tables.customers,
        goal=collected.goal,
        base=base_of(collected, view),
    )


def personas(collected: Collected, view: View) -> Headline:
    profiles = view.tables.profiles
    base = base_of(collected, view)
    if profiles is None:
        return _("Too few customers to tell kinds apart."), base
    return sentences.personas(profiles, goal=collected.goal, base=base, fitted=collected.fitted_outcomes)


def flows(collected: Collected, view: View) -> Headline:
    return sentences.flows(
        view.tables.flow,
        view.tables.returns,
        stages=collected.stages,
        goal=collected.goal,
        base=base_of(collected, view),
        is_complete=not collected.kept_back,
    )


def funnel(collected: Collected, view: View) -> Headline:
    base = base_of(collected, view)
    if view.tables.funnel is None:
        return _("A funnel needs at least two steps."), base
    return sentences.funnel(view.tables.funnel, base=base)


def emotions(collected: Collected, view: View) -> Headline:
    answers = view.tables.figures.set_index("figure")["n"].get("emotion", float("nan"))
    return sentences.emotions(
        view.tables.emotion, collected.emotion_by, base=base_of(collected, view), n_answers=answers
    )


def map_of(collected: Collected, view: View) -> JourneyMap:
    """Compose the journey map of a view; in its words are only comments that were picked by hand, so of the whole."""
    tables = view.tables
    return composed(
        MapFacts(
            persona=view.label if view.cut is not None else None,
            customers=tables.customers,
            all_customers=collected.all_customers,
            first=tables.first,
            last=tables.last,
            strip=tables.strip,
            reach=tables.reach,
            feelings=tables.worst,
            returns=tables.returns,
            quotes=_picked(collected.quotes if view.cut is None else ()),
            dataset_version=collected.dataset_version,
        )
    )


def _picked(quotes: Sequence[Quote]) -> pd.DataFrame:
    """Take the first comment picked for each stage. How one person felt is not told."""
    first = {quote.stage: quote for quote in reversed(quotes) if quote.stage}
    rows = [
        {"stage": stage, "comment": quote.comment, "touchpoint": quote.touchpoint} for stage, quote in first.items()
    ]
    return pd.DataFrame(rows, columns=["stage", "comment", "touchpoint"])
