"""The questions pages ask, each answered once per view of the data."""

from __future__ import annotations

from typing import Any

import pandas as pd

from journey.analysis import (
    customers,
    dimensions,
    emotions,
    findings,
    flow_details,
    flows,
    funnels,
    overview,
    path_counts,
)
from journey.analysis.personas import Personas
from journey.language import _, readable
from journey.maps.document import JourneyMap
from journey.maps.draft import draft_map
from journey.ui import cache
from journey.ui.shell import View

#: With more groups than this a comparison can't be read, and takes long.
MOST_GROUPS = 40


def figures(view: View) -> pd.DataFrame:
    return cache.ask(overview.figures, view.dataset)


def journey_strip(view: View) -> pd.DataFrame:
    return cache.ask(overview.journey_strip, view.dataset)


def found(view: View) -> pd.DataFrame:
    return cache.ask(findings.findings, view.dataset)


def found_in_all(view: View) -> pd.DataFrame:
    """The findings of the whole dataset, whatever the filters."""
    return cache.ask(findings.findings, view.whole)


def flow(view: View, **settings: Any) -> pd.DataFrame:
    return cache.ask(flows.flow, view.dataset, **settings)


def flow_coverage(links: pd.DataFrame) -> float:
    return flows.flow_coverage(links)


def node_details(view: View, **settings: Any) -> Any:
    return cache.ask(flow_details.node_details, view.dataset, **settings)


def link_details(view: View, **settings: Any) -> Any:
    return cache.ask(flow_details.link_details, view.dataset, **settings)


def paths(view: View, **settings: Any) -> pd.DataFrame:
    return cache.ask(path_counts.paths, view.dataset, **settings)


def returns(view: View) -> pd.DataFrame:
    return cache.ask(flows.returns, view.dataset)


def funnel(view: View, **settings: Any) -> pd.DataFrame:
    return cache.ask(funnels.funnel, view.dataset, **settings)


def lost(view: View, **settings: Any) -> pd.DataFrame:
    return cache.ask(funnels.lost, view.dataset, **settings)


def emotion(view: View, **settings: Any) -> pd.DataFrame:
    """The emotion curve; along the stages with its peak and its end marked."""
    curve = cache.ask(emotions.emotion, view.dataset, **settings)
    return emotions.peak_and_end(curve) if settings.get("by") == "stage" else curve


def moments(view: View, **settings: Any) -> pd.DataFrame:
    return cache.ask(emotions.moments, view.dataset, **settings)


def quotes(view: View, **settings: Any) -> pd.DataFrame:
    return cache.ask(emotions.quotes, view.dataset, **settings)


def customer_list(view: View, **settings: Any) -> pd.DataFrame:
    return cache.ask(customers.customer_list, view.dataset, **settings)


def customer(view: View, customer_key: int) -> customers.Customer:
    """One customer, told whole whatever the filters."""
    return cache.ask(customers.customer_of_key, view.whole, customer_key=customer_key)


def journey_map(view: View, persona: str | None) -> JourneyMap:
    return cache.ask(draft_map, view.dataset, persona=persona)


def personas(view: View) -> Personas | None:
    """Describe the personas of the dataset as the filters leave them."""
    return cache.described_personas(view.personas, view.dataset) if view.personas else None


def values(view: View, by: str) -> tuple[str, ...]:
    """Name the values of a dimension in the whole dataset."""
    return cache.ask(dimensions.known_names, view.whole, by=by)


def usual_steps(view: View, by: str) -> tuple[str, ...]:
    """Propose the steps of a funnel: all stages, or the touchpoints most customers meet, in their usual order."""
    return view.dataset.stages if by == "stage" else cache.ask(dimensions.usual_touchpoints, view.whole)


def breakdowns(view: View) -> dict[str, str]:
    """Name what customers can be told apart by, in a person's words."""
    words = {
        "persona": _("persona"),
        "channel": _("first channel"),
        "device": _("first device"),
        "stage_reached": _("furthest stage"),
    }
    labels = {attribute.name: readable(attribute.label) for attribute in view.dataset.facts.attributes}
    return {
        name: words.get(name, labels.get(name, name))
        for name in view.dataset.breakdowns
        if 1 < len(view.whole.values_of(name)) <= MOST_GROUPS
    }
