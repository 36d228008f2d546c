"""The sentence each page opens with: a finding in plain words, and the base it is counted from.

All are made from result tables, the same in the app and in a document. In tables of a shared document numbers may be
missing; a sentence is then made from those that are there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pandas as pd

from journey.analysis import overview as overview_analysis
from journey.analysis.statistics import is_known
from journey.charts.theme import stage_label
from journey.language import _, interval, ngettext, number, percent, signed
from journey.vocabulary import MINIMUM_BASE

Headline = tuple[str, str]
Row = Mapping[Any, Any]


def overview(figures: pd.DataFrame, strip: pd.DataFrame, *, n_customers: int, goal: str | None, base: str) -> Headline:
    """Say where most leave before the goal, and how many reach it."""
    if n_customers < MINIMUM_BASE:
        return ngettext(
            "Only {n} customer: too few to conclude anything.",
            "Only {n} customers: too few to conclude anything.",
            n_customers,
        ), base
    return overview_analysis.headline(figures, strip, goal), base


def flows(
    links: pd.DataFrame,
    returns: pd.DataFrame,
    *,
    stages: Sequence[str],
    goal: str | None,
    base: str,
    is_whole: bool = True,
    is_complete: bool = True,
) -> Headline:
    """Say who comes back from behind the goal to before it; of a part of the flow, where most go from its start.

    `is_complete`: no link was kept back, so that what is not there is nobody.
    """
    if not is_whole:
        return _widest(links, is_complete), base
    back = [row for row in returns.to_dict("records") if _has_to_be_won_again(row, stages, goal)]
    if not back:
        return _widest(links, is_complete), base
    most = max(back, key=lambda row: float(row["share_of_customers_at_source"]))
    finding = _("{share} of the customers seen in {source} go back to {target}.").format(
        share=percent(most["share_of_customers_at_source"]),
        source=stage_label(most["source"]),
        target=stage_label(most["target"]),
    )
    told = _("{n} of {base} customers seen there").format(
        n=number(most["customers"]), base=number(most["customers_at_source"])
    )
    return finding, f"{told} · {base}"


def _has_to_be_won_again(row: Row, stages: Sequence[str], goal: str | None) -> bool:
    if goal is None or not row["customers_at_source"] >= MINIMUM_BASE or not is_known(row["customers"]):
        return False
    reached = stages.index(goal)
    return stages.index(row["source"]) >= reached > stages.index(row["target"])


def _widest(links: pd.DataFrame, is_complete: bool) -> str:
    """Say where most go from the node that most begin at."""
    rows = links[links["journeys"].notna()].to_dict("records")
    first = [row for row in rows if row["source_kind"] == "named" and row["target_kind"] == "named"]
    if not first:
        if is_complete:
            return _("Nobody goes on from a first interaction here.")
        return _("Too few journeys to say where most go.")
    begin = min(row["position"] for row in first)
    widest = max((row for row in first if row["position"] == begin), key=lambda row: int(row["journeys"]))
    there = [row for row in rows if (row["position"], row["source"]) == (begin, widest["source"])]
    n_there = sum(row["journeys"] for row in there)
    if n_there < MINIMUM_BASE:
        return _("Too few journeys to say where most go (fewer than {n}).").format(n=MINIMUM_BASE)
    return _("From {source}, {share} of {n} journeys go on to {target}.").format(
        n=number(n_there),
        source=stage_label(widest["source"]),
        share=percent(widest["journeys"] / n_there),
        target=stage_label(widest["target"]),
    )


def funnel(table: pd.DataFrame, *, base: str) -> Headline:
    """Say at which step most are lost, with its interval."""
    pairs = [pair for pair in pairwise(table.to_dict("records")) if pair[0]["customers"] > 0]
    if not pairs:
        nobody = bool((table["customers"].dropna() == 0).all()) and bool(table["customers"].notna().all())
        return _("Nobody reaches the first step.") if nobody else _untold(), base
    # Of a step whose customers are not told the picture shows nothing, and so says the sentence.
    told_pairs = [pair for pair in pairs if is_known(pair[1]["lost"]) and is_known(pair[1]["customers"])]
    if not told_pairs:
        return _untold(), base
    before, worst = max(told_pairs, key=lambda pair: int(pair[1]["lost"]))
    if not worst["lost"]:
        is_all = len(told_pairs) == len(table) - 1
        return _("Nobody was lost between these steps.") if is_all else _untold(), base
    finding = _("{share} of those at {before} do not go on to {after}.").format(
        share=percent(worst["lost"] / before["customers"]),
        before=stage_label(before["step"]),
        after=stage_label(worst["step"]),
    )
    if before["customers"] < MINIMUM_BASE:
        finding = _few_lost()
    told = _("{lost} of {n} customers").format(lost=number(worst["lost"]), n=number(before["customers"]))
    if is_known(worst["share_of_previous"]):
        told = _("{told}; {go} go on {interval}").format(
            told=told,
            go=percent(worst["share_of_previous"]),
            interval=interval(percent(worst["low"]), percent(worst["high"])),
        )
    if worst["still_open"] > 0:
        told += _(" · {n} still on their way are not counted as lost").format(n=number(worst["still_open"]))
    return finding, f"{told} · {base}"


def _untold() -> str:
    return _("Too few customers to say where they are lost.")


def _few_lost() -> str:
    return _("Too few customers to say where they are lost (fewer than {n}).").format(n=MINIMUM_BASE)


def emotions(curve: pd.DataFrame, by: str, *, base: str, n_answers: float | None = None) -> Headline:
    """Say where it turns: the lowest and the highest place with enough answers, and that it is among these only.

    `n_answers`: all answers of a view whose rows, told roughly, do not add up; None: they do.
    """
    rows = curve.to_dict("records")
    known = [row for row in rows if is_known(row["emotion"]) and row["customers_scored"] >= MINIMUM_BASE]
    if (curve["n_scored"] == 0).all():
        return _("No interaction here carries a feeling, so nothing is told about it."), base
    if not known:
        return _("Too few customers answered anywhere to say how it feels (fewer than {n}).").format(
            n=MINIMUM_BASE
        ), base
    low, high = (choose(known, key=lambda row: float(row["emotion"])) for choose in (min, max))
    if low is high:
        finding = _("It feels {emotion} in {place}; elsewhere too few answered.").format(
            emotion=signed(low["emotion"]), place=stage_label(low[by])
        )
    else:
        finding = _worst_and_best(_is_passed(rows, low, high)).format(
            n=number(MINIMUM_BASE),
            low=stage_label(low[by]),
            low_emotion=signed(low["emotion"]),
            high=stage_label(high[by]),
            high_emotion=signed(high["emotion"]),
        )
    if n_answers is not None:
        scored = ngettext("{n} answer", "{n} answers", round(n_answers)) if is_known(n_answers) else ""
        return finding, " · ".join(each for each in (_("on −2 … +2"), scored, base) if each)
    n_all = curve["interactions"].sum()
    scored = _("on −2 … +2 · {share} of {n} interactions carry a feeling").format(
        share=percent(curve["n_scored"].sum() / n_all), n=number(n_all)
    )
    return finding, f"{scored} · {base}"


def _is_passed(rows: Sequence[Row], low: Row, high: Row) -> bool:
    """Tell whether a place where few answered lies lower or higher than the ones that are named."""
    felt = [row["emotion"] for row in rows if is_known(row["emotion"])]
    return bool(min(felt) < low["emotion"] or max(felt) > high["emotion"])


def _worst_and_best(is_among: bool) -> str:
    if is_among:
        return _(
            "Where at least {n} customers answered, it feels worst in {low} ({low_emotion}) and best in {high} "
            "({high_emotion})."
        )
    return _("It feels worst in {low} ({low_emotion}) and best in {high} ({high_emotion}).")


def personas(
    profiles: pd.DataFrame, *, goal: str | None, base: str, is_chosen: bool = False, fitted: Sequence[str] = ()
) -> Headline:
    """Say how many kinds of customers there are, and which reach the goal more often than others for sure.

    `is_chosen`: the filters keep some personas only. `fitted`: columns that went into the grouping.
    """
    rows = [row for row in profiles.to_dict("records") if row["customers"] > 0]
    if not rows:
        return _("Too few customers to tell kinds apart."), base
    biggest = max(rows, key=lambda row: int(row["customers"]))
    if is_chosen:
        return _("{n} of them are “{name}”.").format(
            n=percent(biggest["share_of_customers"]), name=biggest["persona"]
        ), base
    if not is_known(biggest["share_of_customers"]):
        return _("The largest kind of customers told of here are “{name}”.").format(name=biggest["persona"]), base
    finding = _("{n} kinds of customers; the largest are “{name}” ({share}).").format(
        n=number(len(rows)), name=biggest["persona"], share=percent(biggest["share_of_customers"])
    )
    known = [row for row in rows if is_known(row["goal_low"]) and row["customers"] >= MINIMUM_BASE]
    if goal and len(known) > 1:
        best = max(known, key=lambda row: float(row["goal_low"]))
        worst = min(known, key=lambda row: float(row["goal_high"]))
        if best["goal_low"] > worst["goal_high"]:
            finding = _("{best} of “{best_name}” reach {goal}, {worst} of “{worst_name}”.").format(
                best=percent(best["share_reaching_goal"]),
                best_name=best["persona"],
                goal=stage_label(goal),
                worst=percent(worst["share_reaching_goal"]),
                worst_name=worst["persona"],
            )
            if "share_reaching_goal" in fitted:
                base = _("{base} · it went into the grouping: described, not tested").format(base=base)
    return finding, base
