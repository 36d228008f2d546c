"""Where in the relation an interaction stands: given, inferred from its touchpoint's name, or the touchpoint itself."""

from __future__ import annotations

from collections.abc import Mapping as Given
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from journey.engine import Draft
from journey.errors import ArgumentError
from journey.facts import StageSource
from journey.ingest.names.stage_choice import MetTouchpoint, StageChoice, chosen_stages, stage_by_name
from journey.ingest.names.stage_names import StagePair, key, place
from journey.vocabulary import GOAL, STAGE_SETS

#: From this share of the interactions on, stages inferred from names are worth showing.
ENOUGH_STAGED_SHARE: Final = 0.5
N_TOUCHPOINT_STAGES: Final = 8


@dataclass(frozen=True)
class Staging:
    """The stages in order, where they come from, and the share of the interactions that has one.

    `share_inferred` is what the touchpoints' names alone would have given where the touchpoints stand for stages.
    """

    stages: tuple[str, ...]
    source: StageSource
    share_staged: float
    share_inferred: float | None = None


def mostly_given(draft: Draft) -> dict[str, str]:
    """Find the stage that `typed` mostly gives each touchpoint."""
    return dict(
        draft.rows(
            """SELECT touchpoint, first(stage ORDER BY n DESC, stage) FROM (
                SELECT touchpoint, stage, count(*) AS n FROM typed WHERE stage IS NOT NULL GROUP BY 1, 2)
            GROUP BY 1"""
        )
    )


def met_touchpoints(draft: Draft, given: Given[str, str]) -> list[MetTouchpoint]:
    """Count how often and by how many customers each touchpoint of `steps` was met; `given` are the file's stages."""
    return [
        MetTouchpoint(touchpoint, n_rows, n_customers, given.get(touchpoint))
        for touchpoint, n_rows, n_customers in draft.rows(
            """SELECT CAST(touchpoint AS VARCHAR) AS name, CAST(sum(n) AS BIGINT) AS n_rows, count(*) FROM (
                SELECT touchpoint, customer_key, count(*) AS n FROM steps GROUP BY 1, 2)
            GROUP BY touchpoint ORDER BY n_rows DESC, name"""
        )
    ]


def stage_interactions(draft: Draft, choice: StageChoice) -> Staging:
    """Decide the stages of the interactions in `typed` and build `touchpoint_stages` (touchpoint, before, after).

    Stages of single touchpoints win; where they are of the set, of the order of one's own or of the file, the other
    touchpoints keep the stage they would have had, else the table of single touchpoints is the whole.
    """
    if choice.stage_set not in STAGE_SETS:
        raise ArgumentError.not_one_of("stage_set", choice.stage_set, list(STAGE_SETS))
    touchpoints = [name for (name,) in draft.rows("SELECT DISTINCT touchpoint FROM typed ORDER BY 1")]
    given = _given_stages(draft, choice)
    chosen = chosen_stages(choice, touchpoints)
    if chosen or choice.touchpoint_stages:
        return _with_chosen(draft, choice, touchpoints, chosen, given)
    if given:
        _keep_table(draft, _for_the_unstaged(draft, choice, given))
        named = [*given, *(stage for stage in STAGE_SETS[choice.stage_set] if stage in _kept_stages(draft))]
        return Staging(_order(choice, list(dict.fromkeys(named))), "given", _share_staged(draft))
    return _inferred(draft, choice, touchpoints)


def _with_chosen(
    draft: Draft,
    choice: StageChoice,
    touchpoints: Sequence[str],
    chosen: Given[str, StagePair],
    given: Sequence[str],
) -> Staging:
    named = list(dict.fromkeys(stage for pair in chosen.values() for stage in pair if stage is not None))
    is_an_edit = set(named) <= {*choice.stages, *given, *(() if choice.stages else STAGE_SETS[choice.stage_set])}
    pairs = dict(chosen)
    if is_an_edit and not given:
        pairs = {name: stage_by_name(name, choice) for name in touchpoints} | pairs
    _keep_table(draft, pairs)
    draft.execute(
        "UPDATE typed SET stage = NULL WHERE touchpoint IN (SELECT touchpoint FROM touchpoint_stages)"
        if is_an_edit
        else "UPDATE typed SET stage = NULL"
    )
    left = {stage for (stage,) in draft.rows("SELECT DISTINCT stage FROM typed")}
    inferred = _reachable(choice, pairs) if is_an_edit and not given else []
    order = _order(choice, list(dict.fromkeys([*(stage for stage in given if stage in left), *inferred, *named])))
    is_inferred = len(pairs) > len(chosen)
    return Staging(order, "inferred" if is_inferred else "given", _share_staged(draft))


def _inferred(draft: Draft, choice: StageChoice, touchpoints: Sequence[str]) -> Staging:
    pairs = {name: stage_by_name(name, choice) for name in touchpoints}
    _keep_table(draft, pairs)
    share = _share_staged(draft)
    if share >= ENOUGH_STAGED_SHARE:
        return Staging(_order(choice, _reachable(choice, pairs)), "inferred", share)
    named = [name for name in choice.stages if name in pairs]
    ranked = named or _most_met(draft)
    _keep_table(draft, {name: (name, name) for name in ranked})
    return Staging(tuple(ranked), "touchpoints", _share_staged(draft), share)


def _reachable(choice: StageChoice, pairs: Given[str, StagePair]) -> list[str]:
    """Leave out the stages that no touchpoint stands for; those after a purchase need one."""
    met = {before for before, _after in pairs.values()}
    if GOAL in met:
        met |= {after for _before, after in pairs.values()}
    return [stage for stage in choice.stages or STAGE_SETS[choice.stage_set] if stage in met]


def _for_the_unstaged(draft: Draft, choice: StageChoice, given: Sequence[str]) -> dict[str, StagePair]:
    """Infer the stage of touchpoints that the file never stages, where it stages few: another table may give stages.

    Only where the file's stages are those of the set, so that nothing foreign comes between them.
    """
    spelled = {key(stage): stage for stage in given}
    if _given_share(draft) >= ENOUGH_STAGED_SHARE or not set(spelled) <= set(STAGE_SETS[choice.stage_set]):
        return {}
    never = draft.rows("SELECT touchpoint FROM typed GROUP BY 1 HAVING count(stage) = 0 ORDER BY 1")
    pairs = {name: stage_by_name(name, choice) for (name,) in never}
    return {
        name: (spelled.get(before or "", before), spelled.get(after or "", after))
        for name, (before, after) in pairs.items()
    }


def _keep_table(draft: Draft, pairs: Given[str, StagePair]) -> None:
    columns = {
        "touchpoint": list(pairs),
        "before": [before for before, _after in pairs.values()],
        "after": [after for _before, after in pairs.values()],
    }
    draft.take("touchpoint_stages", pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()}))


def _kept_stages(draft: Draft) -> set[str]:
    rows = draft.rows("SELECT before FROM touchpoint_stages UNION SELECT after FROM touchpoint_stages")
    return {stage for (stage,) in rows if stage is not None}


def _share_staged(draft: Draft) -> float:
    [(share,)] = draft.rows(
        """SELECT avg(CAST(coalesce(stage, before, after) IS NOT NULL AS INTEGER))
        FROM typed LEFT JOIN touchpoint_stages USING (touchpoint)"""
    )
    return float(share or 0.0)


def _given_share(draft: Draft) -> float:
    [(share,)] = draft.rows("SELECT count(stage) / count(*) FROM typed")
    return float(share or 0.0)


# --- Order -------------------------------------------------------------------------------------------------------


def _order(choice: StageChoice, named: Sequence[str]) -> tuple[str, ...]:
    """Put stages in order: as chosen, else as the standard sets and their synonyms run, else as customers meet them."""
    if choice.stages:
        return (*choice.stages, *(stage for stage in named if stage not in choice.stages))
    for stages in (STAGE_SETS[choice.stage_set], *STAGE_SETS.values()):
        if all(key(name) in stages for name in named):
            return tuple(sorted(named, key=lambda name: stages.index(key(name))))
    places = {name: place(name) for name in named}
    if all(each is not None for each in places.values()):
        return tuple(sorted(named, key=lambda name: (places[name] or 0, named.index(name))))
    return tuple(named)


def _given_stages(draft: Draft, choice: StageChoice) -> list[str]:
    """Name the stages of the file; in the order of their median relative place among the customers' interactions."""
    named = [name for (name,) in draft.rows("SELECT DISTINCT stage FROM typed WHERE stage IS NOT NULL ORDER BY 1")]
    keys = {key(name) for name in named}
    # The set tells the order of its own; what else there is needs its place among the interactions, which takes long.
    if not named or (not choice.stages and len(keys) == len(named) and keys <= set(STAGE_SETS[choice.stage_set])):
        return named
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
