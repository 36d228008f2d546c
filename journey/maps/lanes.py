"""The lanes of a drafted map, each composed from one of its tables; what is missing there is said, never 0."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Literal

import pandas as pd

from journey.analysis.statistics import has_base, is_known
from journey.language import _, interval, number, percent, signed
from journey.maps.document import Cell, Evidence, Item, Lane
from journey.maps.titles import stages_that_lose

_MOST_ITEMS = 3

Row = dict[Hashable, Any]


def met_lane(name: Literal["touchpoints", "channels"], reach: pd.DataFrame, strip: pd.DataFrame) -> Lane:
    """Name the touchpoints that most customers of a stage met there, or the channels they came through."""
    is_touchpoint = name == "touchpoints"
    by = "touchpoint" if is_touchpoint else "channel"
    found = reach[(reach["by"] == by) & reach["customers"].notna()]
    found = found.sort_values(["customers", "name"], ascending=[False, True])
    drawn = [_most_met(row, found[found["stage"] == row["stage"]], by) for row in strip.to_dict("records")]
    # A base alone would be of nothing.
    cells = [cell for cell in drawn if cell.text or cell.items]
    title = _("Touchpoints") if is_touchpoint else _("Channels")
    return Lane(name, title, tuple(cells), note=_("◇ not ours") if is_touchpoint else "")


def feeling_lane(strip: pd.DataFrame) -> Lane:
    """Tell the mean emotion of each stage; where too few customers answered only that."""
    return Lane("feeling", _("Feeling"), tuple(_felt(row) for row in strip.to_dict("records")), note=_("−2 … +2, 95 %"))


def hurt_lane(strip: pd.DataFrame, feelings: pd.DataFrame) -> Lane:
    """Tell where more leave than at the other stages, and which touchpoint of a stage feels worst."""
    stages = [str(stage) for stage in strip["stage"]]
    losing = {str(row["stage"]): row for row in stages_that_lose(strip).to_dict("records")}
    worst = _worst_moments(feelings)
    cells: list[Cell] = []
    for place, stage in enumerate(stages):
        cells += [_leaving(losing[stage], stages[place + 1])] if stage in losing else []
        cells += [worst[stage]] if stage in worst else []
    return Lane("hurts", _("Where it hurts"), tuple(cells))


def figure_lane(strip: pd.DataFrame) -> Lane:
    """Count the customers of each stage, how many of those before went on, and how many may still."""
    rows = strip.to_dict("records")
    cells = [_figures(row, rows[place - 1] if place else None) for place, row in enumerate(rows)]
    return Lane("figures", _("Figures"), tuple(cells), note=_("customers"))


# --- Touchpoints and channels ------------------------------------------------------------------------------------


def _most_met(row: Row, found: pd.DataFrame, by: str) -> Cell:
    stage = str(row["stage"])
    if not has_base(row["customers"]):
        return Cell(stage, _too_few_customers(row["customers"]), n=_whole(row["customers"]))
    customers = int(row["customers"])
    items = tuple(
        Item(str(each["name"]), each["customers"] / customers, int(each["customers"]), bool(each["is_foreign"]))
        for each in found.head(_MOST_ITEMS).to_dict("records")
    )
    proof = Evidence("flows", (("by", by), ("stage", stage)))
    return Cell(stage, n=customers, base=_of_customers(customers), items=items, evidence=proof)


# --- Feelings ----------------------------------------------------------------------------------------------------


def _felt(row: Row) -> Cell:
    stage = str(row["stage"])
    proof = Evidence("emotions", (("by", "stage"),))
    if not has_base(row["customers_scored"]) or not is_known(row["emotion"]):
        answered = row["customers_scored"]
        return Cell(stage, _too_few_answered(answered), n=_whole(answered), evidence=proof)
    emotion, low, high = (float(row[name]) for name in ("emotion", "low", "high"))
    text = f"{signed(emotion)} {interval(signed(low), signed(high))}"
    return Cell(
        stage,
        text,
        n=int(row["customers_scored"]),
        base=_answers_of(row),
        emotion=emotion,
        low=low,
        high=high,
        evidence=proof,
    )


def _worst_moments(found: pd.DataFrame) -> dict[str, Cell]:
    """Find per stage the touchpoint that feels worst, where that is surely below 0."""
    bad = found[has_base(found["customers_scored"]) & (found["high"] < 0)]
    bad = bad.sort_values(["emotion", "touchpoint"]).drop_duplicates("stage")
    return {str(row["stage"]): _moment(row) for row in bad.to_dict("records")}


def _moment(row: Row) -> Cell:
    text = _("{touchpoint}: {emotion} {interval}").format(
        touchpoint=row["touchpoint"],
        emotion=signed(row["emotion"]),
        interval=interval(signed(row["low"]), signed(row["high"])),
    )
    proof = Evidence("emotions", (("by", "touchpoint"), ("touchpoint", str(row["touchpoint"]))))
    customers = int(row["customers_scored"])
    return Cell(str(row["stage"]), text, tone="bad", n=customers, base=_answers_of(row), evidence=proof)


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
    stage, customers = str(row["stage"]), _whole(row["customers"])
    text = _("{n} · {share} of all").format(n=number(customers), share=percent(row["share_of_all"]))
    if customers is None:
        text = _("too few to show")
    said = []
    if before is not None and before["customers"] > 0 and is_known(before["gone_on"]):
        said.append(
            _("{share} of those before went further").format(share=percent(before["gone_on"] / before["customers"]))
        )
    if row["still_open"] > 0:
        said.append(_("{n} still open").format(n=number(row["still_open"])))
    if not said and row["share_of_all"] > 0:
        said.append(_of_customers(round(row["customers"] / row["share_of_all"])))
    proof = _funnel_to(str(before["stage"]), stage) if before else Evidence("funnels")
    return Cell(stage, text, n=customers, base=" · ".join(said), evidence=proof)


def _funnel_to(stage: str, after: str) -> Evidence:
    return Evidence("funnels", (("steps", (stage, after)),))


def _whole(customers: float) -> int | None:
    return int(customers) if is_known(customers) else None


def _of_customers(customers: int) -> str:
    return _("of {n} customers").format(n=number(customers))


def _too_few_customers(customers: float) -> str:
    if not is_known(customers):
        return _("too few to show")
    if not customers:
        return _("nobody")
    return _("too few customers (n {n})").format(n=number(customers))


def _too_few_answered(customers: float) -> str:
    if not is_known(customers):
        return _("too few answered to show")
    if not customers:
        return _("nobody answered")
    return _("too few customers answered (n {n})").format(n=number(customers))


def _answers_of(row: Row) -> str:
    return _("{n} answers of {customers} customers").format(
        n=number(row["n_scored"]), customers=number(row["customers_scored"])
    )
