"""A first journey map, drafted from the data alone: nothing in it is invented, and every cell names its base."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from journey.analysis.statistics import has_base
from journey.dataset import Dataset
from journey.errors import UnknownNameError
from journey.language import _
from journey.maps.document import JourneyMap, Lane, Return
from journey.maps.facts import MapFacts, map_facts
from journey.maps.lanes import feeling_lane, figure_lane, hurt_lane, met_lane
from journey.maps.titles import map_title
from journey.maps.words import word_lane

_MOST_RETURNS = 3


def draft_map(dataset: Dataset, persona: str | None = None) -> JourneyMap:
    """Draft the journey map of a persona, or of all customers.

    Stages across; lanes down. Touchpoints and channels: the three that most of the stage's customers met there, with
    their share of these. Feeling: mean emotion with its interval. Words: the comment with the strongest feeling, the
    worst where customers leave or the mean feeling is not good, else the best. Where it hurts: the share of a stage's
    customers who leave, where its whole 95 % interval lies above the share of the other stages together; and the
    touchpoint that feels worst in a stage, where its whole interval lies below 0. Figures: customers, of how many, and
    who is still open. Under 30 customers, for a feeling under 30 who scored it, a cell says that they are too few.
    Customers whose journey is still open are never counted as leaving.

    Parameters
    ----------
    dataset
        Perhaps filtered.
    persona
        One of the dataset's personas (lay them beside it first: `personas(dataset).dataset`); None for everybody
        whom the filters leave.

    Returns
    -------
    JourneyMap
        With the lanes `touchpoints`, `channels`, `feeling`, `words`, `hurts` and `figures`; a dataset without stages
        gives a map without lanes.

    Raises
    ------
    UnknownNameError
        When the dataset has no such persona.

    Examples
    --------
    >>> import journey, pandas as pd
    >>> log = pd.DataFrame({"customer_id": ["a", "a"], "touchpoint": ["Ad", "Shop"], "stage": ["awareness", "purchase"],
    ...                     "timestamp": pd.to_datetime(["2025-01-01", "2025-01-02"])})
    >>> drafted = journey.draft_map(journey.load(log, stages=["awareness", "purchase"]))
    >>> drafted.lane("figures").of("purchase")[0].text
    '1 · 100 % of all'
    """
    chosen = dataset if persona is None else _of_persona(dataset, persona)
    return map_of(map_facts(chosen, persona))


def map_of(facts: MapFacts) -> JourneyMap:
    """Compose a map from its facts; where numbers are missing, its cells say that they are too few to show."""
    return JourneyMap(
        persona=facts.persona,
        title=map_title(facts.persona, facts.strip),
        customers=facts.customers,
        share_of_customers=facts.customers / facts.all_customers if facts.all_customers else 0.0,
        first=facts.first,
        last=facts.last,
        stages=tuple(facts.strip["stage"]),
        lanes=_lanes(facts) if len(facts.strip) else (),
        returns=_returns(facts.returns),
        dataset_version=facts.dataset_version,
    )


def _of_persona(dataset: Dataset, persona: str) -> Dataset:
    known = dataset.values_of("persona") if dataset.personas else ()
    if persona not in known:
        raise UnknownNameError.among(_("persona"), persona, known)
    return dataset.where(replace(dataset.filters, personas=(persona,)))


def _lanes(facts: MapFacts) -> tuple[Lane, ...]:
    return (
        met_lane("touchpoints", facts.reach, facts.strip),
        met_lane("channels", facts.reach, facts.strip),
        feeling_lane(facts.strip),
        word_lane(facts.quotes),
        hurt_lane(facts.strip, facts.feelings),
        figure_lane(facts.strip),
    )


def _returns(found: pd.DataFrame) -> tuple[Return, ...]:
    """Take the ways back that most customers take, among stages that enough were at."""
    if found.empty:
        return ()
    firm = found[has_base(found["customers_at_source"]) & found["customers"].notna()].head(_MOST_RETURNS)
    return tuple(
        Return(
            str(row["source"]),
            str(row["target"]),
            float(row["share_of_customers_at_source"]),
            int(row["customers"]),
        )
        for row in firm.to_dict("records")
    )
