"""What a person decides about stages, and the table in which it is shown and changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Given
from dataclasses import dataclass
from typing import Final, Protocol

from journey.errors import ArgumentError
from journey.ingest.names.stage_names import StagePair, is_bad_moment, stage_within
from journey.language import _

#: How a recipe writes that a touchpoint has no stage.
NO_STAGE: Final = "none"


class StageChoice(Protocol):
    """What a person decided about stages: a set, an order of their own, and stages of single touchpoints.

    `touchpoint_stages` has pairs of a touchpoint and its stage: a name, None or `none`, a pair (before, after the first
    purchase), or a dictionary with `before` and `after`.
    """

    @property
    def stage_set(self) -> str: ...
    @property
    def stages(self) -> Sequence[str]: ...
    @property
    def touchpoint_stages(self) -> Sequence[tuple[str, object]]: ...


@dataclass(frozen=True)
class MetTouchpoint:
    """A touchpoint, how often and by how many customers it was met, and the stage the file mostly gives it."""

    touchpoint: str
    interactions: int
    customers: int
    given: str | None = None


@dataclass(frozen=True)
class StageRow:
    """A row of the table in which stages are shown and changed: the stage before and after the first purchase, and why.

    Both are None where the touchpoint has no stage.
    """

    touchpoint: str
    interactions: int
    customers: int
    before: str | None
    after: str | None
    reason: str


def stage_pair(written: object) -> StagePair:
    """Read a touchpoint's stages as a recipe or a caller writes them.

    Raises
    ------
    ArgumentError
        When it is neither a stage, `none`, nor stages `before` and `after`.

    Examples
    --------
    >>> stage_pair("retention"), stage_pair({"before": "consideration", "after": "retention"}), stage_pair("none")
    (('retention', 'retention'), ('consideration', 'retention'), (None, None))
    """
    if isinstance(written, Given) and set(written) <= {"before", "after"}:
        return _stage(written.get("before")), _stage(written.get("after"))
    if isinstance(written, list | tuple) and len(written) == 2:
        return _stage(written[0]), _stage(written[1])
    return _stage(written), _stage(written)


def _stage(written: object) -> str | None:
    if written is None or written in ("", NO_STAGE):
        return None
    if not isinstance(written, str):
        raise ArgumentError.not_one_of("touchpoint_stages", written, [_("a stage"), NO_STAGE, "{before: …, after: …}"])
    return written.strip()


def written_stages(pair: StagePair) -> str | dict[str, str]:
    """Write a touchpoint's stages as a recipe holds them.

    >>> written_stages(("consideration", "retention")), written_stages((None, None))
    ({'before': 'consideration', 'after': 'retention'}, 'none')
    """
    before, after = pair
    return (before or NO_STAGE) if before == after else {"before": before or NO_STAGE, "after": after or NO_STAGE}


def stage_table(met: Iterable[MetTouchpoint], choice: StageChoice) -> list[StageRow]:
    """Show the stage of every touchpoint and why it has it, those met most first.

    A stage that was chosen wins over the file's, and that over the name's.
    """
    met = sorted(met, key=lambda each: (-each.interactions, each.touchpoint))
    chosen = chosen_stages(choice, [each.touchpoint for each in met])
    is_given = any(each.given for each in met)
    rows: list[StageRow] = []
    for each in met:
        pair: StagePair = (None, None)
        reason = _("its name tells no stage")
        if each.touchpoint in chosen:
            pair, reason = chosen[each.touchpoint], _("chosen by you")
        elif is_given:
            pair, reason = (each.given, each.given), _("as the file says") if each.given else _("the file gives none")
        elif is_bad_moment(each.touchpoint):
            reason = _("something that went wrong is no stage")
        elif any(found := stage_by_name(each.touchpoint, choice)):
            pair, reason = found, _("by its name")
        rows.append(StageRow(each.touchpoint, each.interactions, each.customers, *pair, reason))
    return rows


def chosen_stages(choice: StageChoice, touchpoints: Sequence[str]) -> dict[str, StagePair]:
    """Read the stages of single touchpoints; a name that only differs in case is that touchpoint."""
    spelled = {name.casefold(): name for name in reversed(touchpoints)} | {name: name for name in touchpoints}
    pairs = {str(name): stage_pair(written) for name, written in choice.touchpoint_stages}
    return {spelled.get(name) or spelled.get(name.casefold(), name): pair for name, pair in pairs.items()}


def stage_by_name(touchpoint: str, choice: StageChoice) -> StagePair:
    """Tell a touchpoint's stages by its name, in the words of the choice."""
    return stage_within(touchpoint, choice.stage_set, choice.stages)
