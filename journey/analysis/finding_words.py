"""Findings in plain words, and where to look at what holds them up."""

from __future__ import annotations

import datetime
import json

from journey.analysis.finding_candidates import FEELS, Candidate, Place
from journey.analysis.statistics import wilson
from journey.dataset import Dataset
from journey.language import _, day, duration, interval, number, percent, readable, signed


def finding_text(found: Candidate, dataset: Dataset, horizon_days: float) -> str:
    """Say a finding in one sentence with its figures.

    A loss is told by who does not get beyond the stage, a gain by who does.
    """
    if found.kind in FEELS:
        return _feeling_text(found, dataset)
    if found.kind == "return":
        return _(
            "{here} of those who come back after 30 silent days come through {touchpoint}; otherwise it is {rest} of "
            "what customers meet."
        ).format(touchpoint=found.place.touchpoint, here=percent(found.here), rest=percent(found.rest))
    is_gain = found.difference > 0
    beyond = _("get beyond {stage}") if is_gain else _("do not get beyond {stage}")
    low, high = (float(end) for end in wilson(found.here * found.n_here, found.n_here))
    here, rest = found.here, found.rest
    if not is_gain:
        here, low, high, rest = 1 - here, 1 - high, 1 - low, 1 - rest
    return _sentence(found).format(
        here=percent(here),
        interval=interval(percent(low), percent(high)),
        beyond=beyond.format(stage=stage_name(found.place.stage or "")),
        days=number(horizon_days),
        rest=percent(rest),
        **_names(found.place, dataset),
    )


def _sentence(found: Candidate) -> str:
    if found.kind == "group":
        return _("{here} {interval} of {who} {beyond} within {days} days, {rest} of the others.")
    if found.kind == "stretch" and found.place.breakdown is None:
        return _("Between {first} and {last}, {here} {interval} {beyond} within {days} days; at other times {rest}.")
    if found.kind == "stretch":
        return _(
            "Between {first} and {last}, {here} {interval} of {who} {beyond} within {days} days; judged by the others "
            "at that time it would have been {rest}."
        )
    if found.kind == "touchpoint":
        return _(
            "{here} {interval} of those who meet {touchpoint} {beyond} within {days} days, {rest} of those as active "
            "without it."
        )
    if found.kind == "wait":
        return _(
            "{here} {interval} of those who wait longer than {wait} after {touchpoint} {beyond} within {days} days; "
            "after a shorter wait it would have been {rest}."
        )
    if found.place.from_value is None:
        return _(
            "{here} {interval} of those who change the channel midway {beyond} within {days} days, {rest} of those who "
            "stay at the same point."
        )
    return _(
        "{here} {interval} of those who move from {origin} to {target} midway {beyond} within {days} days, {rest} of "
        "those who stay at the same point."
    )


def _names(place: Place, dataset: Dataset) -> dict[str, str]:
    """Write what a sentence may name."""
    names = {
        "who": _who(place, dataset),
        "touchpoint": place.touchpoint or "",
        "origin": place.from_value or "",
        "target": place.to_value or "",
        "wait": duration(place.seconds),
    }
    if place.start is not None:
        names["first"], names["last"] = (day(each) for each in stretch_days(place, dataset))
    return names


def stage_name(stage: str) -> str:
    """Write a stage as a name, as in `Consideration`."""
    return stage[:1].upper() + stage[1:]


def _feeling_text(found: Candidate, dataset: Dataset) -> str:
    place = found.place
    better = found.difference > 0
    if found.kind == "feeling":
        claim = _("{touchpoint} feels better than the rest") if better else _("{touchpoint} feels worse than the rest")
        claim = claim.format(touchpoint=place.touchpoint)
    elif found.kind == "feeling_of_group":
        claim = _("{who} feel better") if better else _("{who} feel worse")
        claim = stage_name(claim.format(who=_who(place, dataset)))
    else:
        claim = _("After waiting longer than {wait} for what follows {touchpoint}, it feels {how}").format(
            wait=duration(place.seconds), touchpoint=place.touchpoint, how=_("better") if better else _("worse")
        )
    rests = {
        "feeling": _("all other answers {mean}"),
        "feeling_of_group": _("others at the same touchpoints {mean}"),
        "feeling_after_wait": _("after a shorter wait {mean}"),
    }
    return _("{claim}: {here} {interval} on −2 … +2 ({n} customers), {rest}.").format(
        claim=claim,
        here=signed(found.here),
        interval=interval(signed(found.rest + found.low), signed(found.rest + found.high)),
        n=number(found.n_here),
        rest=rests[found.kind].format(mean=signed(found.rest)),
    )


def _who(place: Place, dataset: Dataset) -> str:
    if place.breakdown is None:
        return _("customers")
    if place.breakdown == "channel":
        return _("customers who first came through {value}").format(value=place.value)
    if place.breakdown == "device":
        return _("customers who began on {value}").format(value=place.value)
    labels = {attribute.name: attribute.label for attribute in dataset.facts.attributes}
    label = readable(labels.get(place.breakdown, place.breakdown))
    return _("customers with {label} {value}").format(label=label.lower(), value=place.value)


def stretch_days(place: Place, dataset: Dataset) -> tuple[datetime.date, datetime.date]:
    """Tell the first and the last day of a stretch in the reporting time zone."""
    bounds = (place.start or 0.0, (place.end or 0.0) - 1)
    first, last = (dataset.day_of(datetime.datetime.fromtimestamp(seconds, datetime.UTC)) for seconds in bounds)
    return first, last


def where(place: Place) -> str:
    """Name the place of a finding: the stage or the touchpoint, else what customers are told apart by."""
    return place.touchpoint or stage_name(place.stage or "") or place.value or ""


def evidence(found: Candidate, dataset: Dataset, horizon_days: float) -> str:
    """Write down the page, and its settings, on which the finding can be seen; JSON text."""
    stages = dataset.stages
    place = found.place
    settings: dict[str, object] = {}
    if found.kind in ("group", "stretch"):
        position = stages.index(place.stage or "")
        settings = {"page": "funnels", "steps": list(stages[position : position + 2]), "breakdown": place.breakdown}
        settings["window"] = round(horizon_days)
        if found.kind == "stretch":
            first, last = stretch_days(place, dataset)
            settings |= {"start": first.isoformat(), "end": last.isoformat()}
    elif found.kind in FEELS:
        by = "stage" if found.kind == "feeling_of_group" else "touchpoint"
        settings = {"page": "emotions", "by": by, "breakdown": place.breakdown, "touchpoint": place.touchpoint}
    else:
        by = place.breakdown or "touchpoint"
        settings = {"page": "flows", "by": by, "start": place.touchpoint or place.from_value, "stage": place.stage}
    return json.dumps({name: value for name, value in settings.items() if value is not None}, ensure_ascii=False)
