"""The sentence each page opens with: a finding in plain words, and the base it is counted from."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pandas as pd

from journey.analysis import overview
from journey.charts.theme import stage_label
from journey.language import _, interval, ngettext, number, percent, signed
from journey.ui.shell import View, base_of
from journey.vocabulary import MINIMUM_BASE

Headline = tuple[str, str]
Row = Mapping[Any, Any]


def overview_page(view: View, figures: pd.DataFrame, strip: pd.DataFrame) -> Headline:
    """Say where most leave before the goal, and how many reach it."""
    n_customers = view.dataset.summary.customers
    if n_customers < MINIMUM_BASE:
        return ngettext(
            "Only {n} customer: too few to conclude anything.",
            "Only {n} customers: too few to conclude anything.",
            n_customers,
        ), base_of(view)
    return overview.headline(figures, strip, view.dataset.facts.goal), base_of(view)


def flows(view: View, links: pd.DataFrame, returns: pd.DataFrame, *, is_whole: bool) -> Headline:
    """Say who comes back from behind the goal to before it; of a part of the flow, where most go from its start."""
    base = base_of(view)
    if not is_whole:
        return _widest(links.to_dict("records")), base
    back = [row for row in returns.to_dict("records") if _has_to_be_won_again(view, row)]
    if back:
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
    return _widest(links.to_dict("records")), base


def _has_to_be_won_again(view: View, row: Row) -> bool:
    stages, goal = view.dataset.stages, view.dataset.facts.goal
    if goal is None or row["customers_at_source"] < MINIMUM_BASE:
        return False
    reached = stages.index(goal)
    return stages.index(row["source"]) >= reached > stages.index(row["target"])


def _widest(links: list[dict[Any, Any]]) -> str:
    """Say where most go from the node that most begin at."""
    first = [row for row in links if row["source_kind"] == "named" and row["target_kind"] == "named"]
    if not first:
        return _("Nobody goes on from a first interaction here.")
    begin = min(row["position"] for row in first)
    widest = max((row for row in first if row["position"] == begin), key=lambda row: int(row["journeys"]))
    there = [row for row in links if (row["position"], row["source"]) == (begin, widest["source"])]
    if sum(row["journeys"] for row in there) < MINIMUM_BASE:
        return _("Too few journeys to say where most go (fewer than {n}).").format(n=MINIMUM_BASE)
    return _("From {source}, {share} of {n} journeys go on to {target}.").format(
        n=number(sum(row["journeys"] for row in there)),
        source=stage_label(widest["source"]),
        share=percent(widest["journeys"] / sum(row["journeys"] for row in there)),
        target=stage_label(widest["target"]),
    )


def funnel(view: View, table: pd.DataFrame) -> Headline:
    """Say at which step most are lost, with its interval."""
    base = base_of(view)
    pairs = [pair for pair in pairwise(table.to_dict("records")) if pair[0]["customers"]]
    if not pairs:
        return _("Nobody reaches the first step."), base
    before, worst = max(pairs, key=lambda pair: int(pair[1]["lost"]))
    if not worst["lost"]:
        return _("Nobody was lost between these steps."), base
    finding = _("{share} of those at {before} do not go on to {after}.").format(
        share=percent(worst["lost"] / before["customers"]),
        before=stage_label(before["step"]),
        after=stage_label(worst["step"]),
    )
    if before["customers"] < MINIMUM_BASE:
        finding = _("Too few customers to say where they are lost (fewer than {n}).").format(n=MINIMUM_BASE)
    told = _("{lost} of {n} customers; {go} go on {interval}").format(
        lost=number(worst["lost"]),
        n=number(before["customers"]),
        go=percent(worst["share_of_previous"]),
        interval=interval(percent(worst["low"]), percent(worst["high"])),
    )
    if worst["still_open"]:
        told += _(" · {n} still on their way are not counted as lost").format(n=number(worst["still_open"]))
    return finding, f"{told} · {base}"


def emotions(view: View, curve: pd.DataFrame, by: str) -> Headline:
    """Say where it turns: the lowest and the highest place with enough answers."""
    base = base_of(view)
    rows = curve.to_dict("records")
    n_scored, n_all = sum(row["n_scored"] for row in rows), sum(row["interactions"] for row in rows)
    known = [row for row in rows if not pd.isna(row["emotion"]) and row["customers_scored"] >= MINIMUM_BASE]
    if n_scored == 0:
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
        finding = _("It feels worst in {low} ({low_emotion}) and best in {high} ({high_emotion}).").format(
            low=stage_label(low[by]),
            low_emotion=signed(low["emotion"]),
            high=stage_label(high[by]),
            high_emotion=signed(high["emotion"]),
        )
    scored = _("on −2 … +2 · {share} of {n} interactions carry a feeling").format(
        share=percent(n_scored / n_all), n=number(n_all)
    )
    return finding, f"{scored} · {base}"


def personas(view: View, profiles: pd.DataFrame) -> Headline:
    """Say how many kinds of customers there are, and which reach the goal more often than others for sure."""
    base = base_of(view)
    rows = profiles.to_dict("records")
    rows = [row for row in rows if row["customers"]]
    biggest = max(rows, key=lambda row: int(row["customers"]))
    if view.dataset.filters.personas:
        return _("{n} of them are “{name}”.").format(
            n=percent(biggest["share_of_customers"]), name=biggest["persona"]
        ), base
    finding = _("{n} kinds of customers; the largest are “{name}” ({share}).").format(
        n=number(len(rows)), name=biggest["persona"], share=percent(biggest["share_of_customers"])
    )
    goal = view.dataset.facts.goal
    known = [row for row in rows if not pd.isna(row["goal_low"]) and row["customers"] >= MINIMUM_BASE]
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
            if view.personas and "share_reaching_goal" in view.personas.fitted_outcomes:
                base = _("{base} · it went into the grouping: described, not tested").format(base=base)
    return finding, base
