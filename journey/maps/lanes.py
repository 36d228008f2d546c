"""The lanes of a drafted map, each from one question to the data."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from journey.analysis.statistics import mean_interval_from_moments
from journey.dataset import Dataset
from journey.language import _, interval, number, percent, signed
from journey.maps.document import Cell, Evidence, Item, Lane
from journey.maps.titles import stages_that_lose
from journey.vocabulary import MINIMUM_BASE

_MOST_ITEMS = 3
_FOREIGN = ("earned", "third-party")
#: Our own home page stays ours, though many come to it through a search.
_SURELY_FOREIGN = 0.9

Row = dict[Hashable, Any]


def touchpoint_lane(dataset: Dataset, strip: pd.DataFrame) -> Lane:
    """Name the touchpoints that most customers of a stage met there."""
    return Lane("touchpoints", _("Touchpoints"), _met(dataset, strip, "touchpoint"), note=_("◇ not ours"))


def channel_lane(dataset: Dataset, strip: pd.DataFrame) -> Lane:
    """Name the channels through which most customers of a stage came there."""
    return Lane("channels", _("Channels"), _met(dataset, strip, "channel"))


def feeling_lane(strip: pd.DataFrame) -> Lane:
    """Tell the mean emotion of each stage; under `MINIMUM_BASE` answers only that they are too few."""
    return Lane("feeling", _("Feeling"), tuple(_felt(row) for row in strip.to_dict("records")), note=_("−2 … +2, 95 %"))


def hurt_lane(dataset: Dataset, strip: pd.DataFrame) -> Lane:
    """Tell where more leave than at the other stages, and which touchpoint of a stage feels worst."""
    stages = [str(stage) for stage in strip["stage"]]
    losing = {str(row["stage"]): row for row in stages_that_lose(strip).to_dict("records")}
    worst = _worst_moments(dataset)
    cells: list[Cell] = []
    for place, stage in enumerate(stages):
        cells += [_leaving(losing[stage], stages[place + 1])] if stage in losing else []
        cells += [worst[stage]] if stage in worst else []
    return Lane("hurts", _("Where it hurts"), tuple(cells))


def figure_lane(strip: pd.DataFrame) -> Lane:
    """Count the customers of each stage, how many of those before went on, and how many may still."""
    rows = strip.to_dict("records")
    cells = [_figures(row, rows[place - 1] if place else None) for place, row in enumerate(rows)]
    return Lane("figures", _("Figures"), tuple(cells))


# --- Touchpoints and channels ------------------------------------------------------------------------------------


def _met(dataset: Dataset, strip: pd.DataFrame, by: str) -> tuple[Cell, ...]:
    found = dataset.frame(_reach, by=by)
    found = found.sort_values(["customers", "name"], ascending=[False, True])
    return tuple(_most_met(row, found[found["stage"] == row["stage"]], by) for row in strip.to_dict("records"))


def _most_met(row: Row, found: pd.DataFrame, by: str) -> Cell:
    stage, customers = str(row["stage"]), int(row["customers"])
    if customers < MINIMUM_BASE:
        return Cell(stage, _too_few_customers(customers), n=customers)
    items = tuple(
        Item(str(each["name"]), each["customers"] / customers, int(each["customers"]), bool(each["is_foreign"]))
        for each in found.head(_MOST_ITEMS).to_dict("records")
    )
    proof = Evidence("flows", (("by", by), ("stage", stage)))
    return Cell(stage, n=customers, base=_of_customers(customers), items=items, evidence=proof)


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


# --- Feelings ----------------------------------------------------------------------------------------------------


def _felt(row: Row) -> Cell:
    stage, n_scored = str(row["stage"]), int(row["n_scored"])
    proof = Evidence("emotions", (("by", "stage"),))
    if n_scored < MINIMUM_BASE:
        return Cell(stage, _too_few_answers(n_scored), n=n_scored, evidence=proof)
    emotion, low, high = (float(row[name]) for name in ("emotion", "low", "high"))
    text = f"{signed(emotion)} {interval(signed(low), signed(high))}"
    return Cell(
        stage,
        text,
        n=n_scored,
        base=_("n {n}").format(n=number(n_scored)),
        emotion=emotion,
        low=low,
        high=high,
        evidence=proof,
    )


def _worst_moments(dataset: Dataset) -> dict[str, Cell]:
    """Find per stage the touchpoint that feels worst, where that is surely below 0."""
    found = dataset.frame(_touchpoint_feelings)
    sums = {name: found[name].to_numpy(np.float64) for name in found.columns if name not in ("stage", "touchpoint")}
    mean, low, high = mean_interval_from_moments(**sums)
    judged = found.assign(emotion=mean, low=low, high=high)
    bad = judged[(judged["sum_counts"] >= MINIMUM_BASE) & (judged["high"] < 0)]
    bad = bad.sort_values(["emotion", "touchpoint"]).drop_duplicates("stage")
    return {str(row["stage"]): _moment(row) for row in bad.to_dict("records")}


def _moment(row: Row) -> Cell:
    text = _("{touchpoint}: {emotion} {interval}").format(
        touchpoint=row["touchpoint"],
        emotion=signed(row["emotion"]),
        interval=interval(signed(row["low"]), signed(row["high"])),
    )
    n_scored = int(row["sum_counts"])
    proof = Evidence("emotions", (("by", "touchpoint"), ("touchpoint", str(row["touchpoint"]))))
    base = _("n {n} answers").format(n=number(n_scored))
    return Cell(str(row["stage"]), text, tone="bad", n=n_scored, base=base, evidence=proof)


def _touchpoint_feelings(dataset: Dataset) -> Any:
    steps = dataset.table("steps")
    scored = steps.filter(steps.emotion.notnull() & steps.stage.notnull())
    keys = {"stage": scored.stage.cast("string"), "touchpoint": scored.touchpoint.cast("string")}
    each = scored.group_by("customer_key", **keys).aggregate(
        total=scored.emotion.sum().cast("float64"), count=scored.count().cast("float64")
    )
    return each.group_by("stage", "touchpoint").aggregate(
        customers=each.count(),
        sum_values=each.total.sum(),
        sum_counts=each["count"].sum(),
        sum_squared_values=(each.total * each.total).sum(),
        sum_squared_counts=(each["count"] * each["count"]).sum(),
        sum_products=(each.total * each["count"]).sum(),
    )


# --- Leaving, and figures ----------------------------------------------------------------------------------------


def _leaving(row: Row, after: str) -> Cell:
    text = _("{share} {interval} leave here, {elsewhere} at the other stages").format(
        share=percent(row["share_leaving"]),
        interval=interval(percent(row["low_leaving"]), percent(row["high_leaving"])),
        elsewhere=percent(row["share_leaving_elsewhere"]),
    )
    stage, customers = str(row["stage"]), int(row["customers"])
    base = _("{left} of {n} customers").format(left=number(row["left"]), n=number(customers))
    return Cell(stage, text, tone="bad", n=customers, base=base, evidence=_funnel_to(stage, after))


def _figures(row: Row, before: Row | None) -> Cell:
    stage, customers = str(row["stage"]), int(row["customers"])
    text = _("{n} · {share} of all").format(n=number(customers), share=percent(row["share_of_all"]))
    said = []
    if before is not None and before["customers"]:
        said.append(_("{share} of those before went on").format(share=percent(before["gone_on"] / before["customers"])))
    if row["still_open"] > 0:
        said.append(_("{n} still open").format(n=number(row["still_open"])))
    base = " · ".join(said) or _("customers")
    proof = _funnel_to(str(before["stage"]), stage) if before else Evidence("funnels")
    return Cell(stage, text, n=customers, base=base, evidence=proof)


def _funnel_to(stage: str, after: str) -> Evidence:
    return Evidence("funnels", (("steps", (stage, after)),))


def _of_customers(customers: int) -> str:
    return _("of {n} customers").format(n=number(customers))


def _too_few_customers(customers: int) -> str:
    return _("too few customers (n {n})").format(n=number(customers))


def _too_few_answers(n_scored: int) -> str:
    return _("too few answers (n {n})").format(n=number(n_scored))
