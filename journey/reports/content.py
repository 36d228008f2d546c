"""Everything a report says, asked once; the pictures and the JSON are made from it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from journey.analysis import emotions, findings, flows, funnels, overview
from journey.analysis.personas import Personas, personas
from journey.dataset import Dataset
from journey.errors import NotEnoughDataError
from journey.maps.document import JourneyMap
from journey.maps.draft import draft_map

#: Findings that a reader of one document takes in.
N_FINDINGS = 10
#: Columns of the flow: more would not be read on a printed page.
_FLOW_STEPS = 5
_LEAST_STEPS = 2


@dataclass(frozen=True, eq=False)
class Content:
    """The result tables of a report. `personas` is None when there are too few customers; `why_no_personas` says so."""

    dataset: Dataset
    headline: str
    figures: pd.DataFrame
    strip: pd.DataFrame
    findings: pd.DataFrame
    personas: Personas | None
    why_no_personas: str
    maps: tuple[JourneyMap, ...]
    flow: pd.DataFrame
    funnel: pd.DataFrame | None
    emotion: pd.DataFrame


def content_of(dataset: Dataset) -> Content:
    """Ask a dataset everything that a report says."""
    found, why_not = _personas(dataset)
    laid_out = found.dataset if found else dataset
    stages = dataset.stages
    figures, strip = overview.figures(dataset), overview.journey_strip(dataset)
    return Content(
        dataset=laid_out,
        headline=overview.headline(figures, strip, dataset.facts.goal),
        figures=figures,
        strip=strip,
        findings=findings.findings(dataset).head(N_FINDINGS),
        personas=found,
        why_no_personas=why_not,
        maps=_maps(laid_out, found),
        flow=flows.flow(dataset, by="stage" if stages else "touchpoint", n_steps=_FLOW_STEPS),
        funnel=funnels.funnel(dataset, stages) if len(stages) >= _LEAST_STEPS else None,
        emotion=emotions.peak_and_end(emotions.emotion(dataset)),
    )


def _personas(dataset: Dataset) -> tuple[Personas | None, str]:
    try:
        return personas(dataset), ""
    except NotEnoughDataError as error:
        return None, str(error)


def _maps(dataset: Dataset, found: Personas | None) -> tuple[JourneyMap, ...]:
    names: tuple[str | None, ...] = (None, *(found.names if found else ()))
    return tuple(draft_map(dataset, persona) for persona in names)
