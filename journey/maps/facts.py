"""What a drafted map is made of: plain tables, each from one question to the data."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import pandas as pd

from journey.analysis.emotions import quotes
from journey.analysis.feelings import clustered_sums, felt_by_customer, with_feeling
from journey.analysis.flows import returns
from journey.analysis.overview import journey_strip
from journey.dataset import Dataset, Filters
from journey.maps.titles import stages_that_lose
from journey.vocabulary import FEELINGS

QUOTE_COLUMNS = ("stage", "comment", "touchpoint", "emotion")
REACH_COLUMNS = ("by", "stage", "name", "customers", "is_foreign")
#: From here on a mean feeling is called good.
_GOOD_FROM = next(low for low, word, _face in FEELINGS if word == "good")
#: One question brings quotes for most stages; only a stage that is not among these is asked for by itself.
_N_QUOTES = 500
_FOREIGN = ("earned", "third-party")
#: Our own home page stays ours, though many come to it through a search.
_SURELY_FOREIGN = 0.9


@dataclass(frozen=True, eq=False)
class MapFacts:
    """The tables of one map. Numbers may be missing: the cells that rest on them then say so.

    `strip` and `returns` are as `journey.analysis.overview.journey_strip` and `journey.analysis.flows.returns`,
    `reach` as `met_in_stages`, `feelings` as `touchpoint_feelings`; `quotes` holds at most one row per stage: stage,
    comment, touchpoint, and, where it may be told, emotion. `all_customers` are those of the whole dataset.
    """

    persona: str | None
    customers: int
    all_customers: int
    first: datetime.date | None
    last: datetime.date | None
    strip: pd.DataFrame
    reach: pd.DataFrame
    feelings: pd.DataFrame
    returns: pd.DataFrame
    quotes: pd.DataFrame
    dataset_version: str


def map_facts(dataset: Dataset, persona: str | None = None) -> MapFacts:
    """Gather what the map of the customers whom a dataset's filters leave is made of; `persona` names them."""
    strip = journey_strip(dataset)
    summary = dataset.summary
    return MapFacts(
        persona=persona,
        customers=summary.customers,
        all_customers=dataset.where(Filters()).summary.customers,
        first=dataset.day_of(summary.first) if summary.first else None,
        last=dataset.day_of(summary.last) if summary.last else None,
        strip=strip,
        reach=met_in_stages(dataset),
        feelings=touchpoint_feelings(dataset),
        returns=returns(dataset) if dataset.stages else pd.DataFrame(),
        quotes=strongest_quotes(dataset, strip),
        dataset_version=dataset.version,
    )


def met_in_stages(dataset: Dataset) -> pd.DataFrame:
    """Count through which touchpoints and channels the customers of each stage were met.

    Returns
    -------
    DataFrame
        by (`touchpoint` or `channel`), stage, name, customers (distinct ones who met it there), is_foreign (it is not
        ours: earned, or a third party's). Within `by`, most customers first.
    """
    found = [dataset.frame(_reach, by=by).assign(by=by) for by in ("touchpoint", "channel")]
    ranked = [each.sort_values(["customers", "name", "stage"], ascending=[False, True, True]) for each in found]
    return pd.concat(ranked, ignore_index=True)[list(REACH_COLUMNS)]


def touchpoint_feelings(dataset: Dataset) -> pd.DataFrame:
    """Average what was felt at each touchpoint of each stage.

    Returns
    -------
    DataFrame
        stage, touchpoint, customers_scored, emotion, low, high, n_scored; by stage and touchpoint.
    """
    felt = with_feeling(dataset.frame(_touchpoint_feelings))
    return felt.sort_values(["stage", "touchpoint"], ignore_index=True)


def strongest_quotes(dataset: Dataset, strip: pd.DataFrame) -> pd.DataFrame:
    """Choose per stage one comment with a strong feeling: a bad one where it hurts or feels mixed, else a good one."""
    losing = set(stages_that_lose(strip)["stage"])
    is_sore = {
        str(row["stage"]): row["stage"] in losing or not row["emotion"] >= _GOOD_FROM
        for row in strip.to_dict("records")
    }
    strongest = {low: quotes(dataset, n_quotes=_N_QUOTES, low=low) for low in set(is_sore.values())}
    found = [_quote(dataset, strongest[low], stage, low) for stage, low in is_sore.items()]
    rows = [row for each in found for row in each.to_dict("records")]
    return pd.DataFrame(rows, columns=list(QUOTE_COLUMNS))


def _quote(dataset: Dataset, strongest: pd.DataFrame, stage: str, low: bool) -> pd.DataFrame:
    found = strongest[strongest["stage"] == stage]
    if found.empty and len(strongest) == _N_QUOTES:
        found = quotes(dataset, stage=stage, low=low)
    return found.head(1)


def _reach(dataset: Dataset, by: str) -> Any:
    steps = dataset.table("steps")
    known = steps.filter(steps.stage.notnull() & steps[by].notnull())
    is_foreign = known.ownership.isin(_FOREIGN).cast("float64").fill_null(0.0)
    each = known.group_by("customer_key", stage=known.stage.cast("string"), name=known[by].cast("string")).aggregate(
        foreign=is_foreign.sum(), interactions=known.count()
    )
    return each.group_by("stage", "name").aggregate(
        customers=each.count(), is_foreign=each.foreign.sum() >= _SURELY_FOREIGN * each.interactions.sum()
    )


def _touchpoint_feelings(dataset: Dataset) -> Any:
    steps = dataset.table("steps")
    scored = steps.filter(steps.emotion.notnull() & steps.stage.notnull())
    keys = {"stage": scored.stage.cast("string"), "touchpoint": scored.touchpoint.cast("string")}
    each = scored.group_by("customer_key", **keys).aggregate(**felt_by_customer(scored))
    return each.group_by("stage", "touchpoint").aggregate(**clustered_sums(each))
