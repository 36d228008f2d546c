"""Where in the relation an interaction stands: given, inferred from its touchpoint's name, or the touchpoint itself."""

from __future__ import annotations

from collections.abc import Mapping as Given
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import pyarrow as pa

from journey.dataset import StageSource
from journey.engine import Draft
from journey.ingest.aliases import normalised
from journey.ingest.mapping import Mapping
from journey.vocabulary import GOAL, STAGE_SETS, STAGES, TOUCHPOINT_STAGES

#: From this share of the interactions on, stages inferred from names are worth showing.
ENOUGH_STAGED_SHARE: Final = 0.5
N_TOUCHPOINT_STAGES: Final = 8
#: Other words for phases of the relation, by the standard stage beside which they stand; files keep their own names.
_SYNONYMS: Final[dict[str, str]] = {
    "discovery": "awareness", "discover": "awareness", "attract": "awareness", "reach": "awareness",
    "top of funnel": "awareness", "interest": "awareness", "visitor": "awareness", "acquisition": "awareness",
    "research": "consideration", "evaluation": "consideration", "evaluate": "consideration", "intent": "consideration",
    "comparison": "consideration", "engage": "consideration", "lead": "consideration", "desire": "consideration",
    "trial": "consideration", "opportunity": "consideration",
    "decision": "purchase", "decide": "purchase", "buy": "purchase", "conversion": "purchase", "convert": "purchase",
    "action": "purchase", "customer": "purchase", "transaction": "purchase",
    "activation": "onboarding", "delivery": "onboarding", "implementation": "onboarding",
    "usage": "adoption", "use": "adoption", "service": "retention", "support": "retention",
    "post purchase": "retention", "loyalty": "retention", "renewal": "retention", "retain": "retention",
    "growth": "expansion", "expand": "expansion", "referral": "advocacy",
    "advocate": "advocacy", "recommend": "advocacy", "evangelist": "advocacy",
}  # fmt: skip


@dataclass(frozen=True)
class Staging:
    """The stages in order, where they come from, and the share of the interactions that has one.

    `share_inferred` is what the touchpoints' names alone would have given where the touchpoints stand for stages.
    """

    stages: tuple[str, ...]
    source: StageSource
    share_staged: float
    share_inferred: float | None = None


def stage_interactions(draft: Draft, mapping: Mapping) -> Staging:
    """Decide the stages of the interactions in `typed` and build `touchpoint_stages` (touchpoint, before, after)."""
    if mapping.touchpoint_stages:
        return _by_table(draft, mapping, dict(mapping.touchpoint_stages))
    [(n_given,)] = draft.rows("SELECT count(stage) FROM typed")
    if n_given:
        _keep_table(draft, {})
        return Staging(_order(mapping, _given_stages(draft)), "given", _share_staged(draft))
    return _inferred(draft, mapping)


def _by_table(draft: Draft, mapping: Mapping, stages: Given[str, str]) -> Staging:
    draft.execute("UPDATE typed SET stage = NULL")
    _keep_table(draft, {touchpoint: (stage, stage) for touchpoint, stage in stages.items()})
    named = list(dict.fromkeys(stages.values()))
    return Staging(_order(mapping, named), "given", _share_staged(draft))


def _inferred(draft: Draft, mapping: Mapping) -> Staging:
    touchpoints = [name for (name,) in draft.rows("SELECT DISTINCT touchpoint FROM typed")]
    allowed = STAGE_SETS[mapping.stage_set]
    pairs = {name: _within(allowed, stage_of(name)) for name in touchpoints}
    _keep_table(draft, pairs)
    share = _share_staged(draft)
    if share >= ENOUGH_STAGED_SHARE:
        return Staging(_order(mapping, _reachable(allowed, pairs)), "inferred", share)
    ranked = _most_met(draft)
    _keep_table(draft, {name: (name, name) for name in ranked})
    return Staging(tuple(mapping.stages) or tuple(ranked), "touchpoints", _share_staged(draft), share)


def _reachable(allowed: Sequence[str], pairs: Given[str, tuple[str | None, str | None]]) -> list[str]:
    """Leave out the stages that no touchpoint stands for; those after a purchase need one."""
    met = {before for before, _after in pairs.values()}
    if GOAL in met:
        met |= {after for _before, after in pairs.values()}
    return [stage for stage in allowed if stage in met]


def stage_of(touchpoint: str) -> tuple[str | None, str | None]:
    """Tell a touchpoint's stage before and after the first purchase, from its name.

    >>> stage_of("add_to_cart"), stage_of("Order Completed"), stage_of("T02 Check")
    (('consideration', 'consideration'), ('purchase', 'purchase'), (None, None))
    """
    words = tuple(normalised(touchpoint).split("_"))
    found = {words[i:j] for i in range(len(words)) for j in range(i + 1, min(len(words), i + _longest()) + 1)}
    for before, after, phrases in _phrases():
        if found & phrases:
            return before, after
    return None, None


@cache
def _phrases() -> tuple[tuple[str | None, str | None, frozenset[tuple[str, ...]]], ...]:
    return tuple(
        (before, after, frozenset(tuple(phrase.split()) for phrase in phrases))
        for before, after, phrases in TOUCHPOINT_STAGES
    )


@cache
def _longest() -> int:
    return max(len(phrase) for _before, _after, phrases in _phrases() for phrase in phrases)


def _within(allowed: Sequence[str], pair: tuple[str | None, str | None]) -> tuple[str | None, str | None]:
    """Move a stage that the chosen set does not have to the nearest one that it has."""
    before, after = (_nearest(allowed, stage) for stage in pair)
    return before, after


def _nearest(allowed: Sequence[str], stage: str | None) -> str | None:
    if stage is None or stage in allowed:
        return stage
    shared = [each for each in allowed if each in STAGES]
    # What comes after the purchase never becomes the purchase: it would count as one.
    side = [each for each in shared if each != GOAL] if STAGES.index(stage) > STAGES.index(GOAL) else shared
    return min(side, key=lambda each: (abs(STAGES.index(each) - STAGES.index(stage)), -STAGES.index(each)))


def _keep_table(draft: Draft, pairs: Given[str, tuple[str | None, str | None]]) -> None:
    columns = {
        "touchpoint": list(pairs),
        "before": [before for before, _after in pairs.values()],
        "after": [after for _before, after in pairs.values()],
    }
    draft.take("touchpoint_stages", pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()}))


def _share_staged(draft: Draft) -> float:
    [(share,)] = draft.rows(
        """SELECT avg(CAST(coalesce(stage, before, after) IS NOT NULL AS INTEGER))
        FROM typed LEFT JOIN touchpoint_stages USING (touchpoint)"""
    )
    return float(share or 0.0)


# --- Order -------------------------------------------------------------------------------------------------------


def _order(mapping: Mapping, named: Sequence[str]) -> tuple[str, ...]:
    """Put stages in order: as chosen, else as the standard sets and their synonyms run, else as customers meet them."""
    if mapping.stages:
        return (*mapping.stages, *(stage for stage in named if stage not in mapping.stages))
    for stages in (STAGE_SETS[mapping.stage_set], *STAGE_SETS.values()):
        if all(_key(name) in stages for name in named):
            return tuple(sorted(named, key=lambda name: stages.index(_key(name))))
    places = {name: _place(name) for name in named}
    if all(place is not None for place in places.values()):
        return tuple(sorted(named, key=lambda name: (places[name] or 0, named.index(name))))
    return tuple(named)


def _key(name: str) -> str:
    return normalised(name).replace("_", " ")


def _place(name: str) -> int | None:
    standard = _SYNONYMS.get(_key(name), _key(name))
    return STAGES.index(standard) if standard in STAGES else None


def _given_stages(draft: Draft) -> list[str]:
    """Name the stages of the file, ordered by their median relative place in the customers' interactions."""
    return [
        name
        for (name, _place, _n_rows) in draft.rows(
            f"""SELECT stage, median(place) AS place, count(*) AS n_rows FROM ({_PLACED})
            WHERE stage IS NOT NULL GROUP BY stage ORDER BY place, n_rows DESC, stage"""
        )
    ]


_PLACED: Final = """SELECT stage, touchpoint, customer_id, percent_rank() OVER (
    PARTITION BY customer_id ORDER BY timestamp, line) AS place FROM typed"""


def _most_met(draft: Draft) -> list[str]:
    """Name the touchpoints met by most customers, ordered by their median relative place."""
    return [
        name
        for (name,) in draft.rows(
            f"""WITH met AS (
                SELECT touchpoint, count(DISTINCT customer_id) AS customers, count(*) AS n_rows, median(place) AS place
                FROM ({_PLACED}) GROUP BY touchpoint
                ORDER BY customers DESC, n_rows DESC, touchpoint LIMIT {N_TOUCHPOINT_STAGES})
            SELECT touchpoint FROM met ORDER BY place, customers DESC, touchpoint"""
        )
    ]
