"""The five figures, told safely."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from journey.analysis.periods import MONTHS_OF_QUARTER, full_periods
from journey.analysis.statistics import difference_of_shares
from journey.language import _, months, period
from journey.reports.protection.cells import Cell, Population, Unit, within_days
from journey.reports.protection.ledger import CUSTOMERS, NOT_TOLD, Ledger, Told, coarse
from journey.reports.protection.money import Purse
from journey.reports.protection.rounding import (
    Row,
    felt,
    is_known,
    known,
    one_decimal,
    records,
    share,
    share_interval,
    told_table,
)
from journey.reports.protection.strips import met

_STRETCHES = ("latest", "previous")


@dataclass(frozen=True)
class FigureCells:
    """The cells behind the figures; by stretch the latest first, None where there is none.

    Those of a stretch are named like what a view of its days tells.
    """

    everybody: Cell
    reached: Cell
    still_open: Cell
    scored: Cell
    met_in: tuple[Cell | None, ...]
    came_in: tuple[Cell | None, ...]
    in_time: tuple[Cell | None, ...]
    scored_in: tuple[Cell | None, ...]
    stretches: Sequence[tuple[datetime.date, datetime.date]]

    @classmethod
    def of(
        cls,
        everybody: Cell,
        goal: str | None,
        figures: pd.DataFrame,
        stretches: Sequence[tuple[datetime.date, datetime.date]],
    ) -> FigureCells:
        rows = figures.set_index("figure").to_dict("index")
        shares, feelings = rows["share_reaching_goal"], rows["emotion"]
        population = everybody.population

        def cell(count: Any, *unit: str, of: Population = population) -> Cell:
            return Cell(of, unit, round(known(count)) if known(count) > 0 else 0)

        def by_stretch(unit: Unit, count: Callable[[str], Any]) -> tuple[Cell | None, ...]:
            told = {name: within_days(population, *days) for name, days in zip(_STRETCHES, stretches, strict=False)}
            return tuple(cell(count(each), *unit, of=told[each]) if each in told else None for each in _STRETCHES)

        reached = known(shares["value"]) * shares["n"] if shares["n"] else 0.0
        return cls(
            everybody=everybody,
            reached=met(population, "stage", goal or "", round(reached)),
            still_open=cell(shares["still_open"], "open before", goal or ""),
            scored=cell(feelings["customers"], "scored"),
            met_in=by_stretch(CUSTOMERS, lambda each: rows["customers"][f"{each}_customers"]),
            came_in=by_stretch(("came in",), lambda each: shares[f"{each}_customers"]),
            in_time=by_stretch(("in time",), lambda each: known(shares[each]) * shares[f"{each}_customers"]),
            scored_in=by_stretch(("scored",), lambda each: feelings[f"{each}_customers"]),
            stretches=stretches,
        )


def record(ledger: Ledger, cells: FigureCells) -> None:
    """Record the counts behind the figures."""
    ledger.show(cells.everybody)
    for cell in (cells.reached, cells.still_open, cells.scored):
        ledger.within(cells.everybody, ledger.show(cell))
    rest = Cell(cells.everybody.population, ("gone before goal",), _gone(cells))
    if rest.customers >= 0:
        ledger.add_up([cells.everybody], [cells.reached, cells.still_open, ledger.imply(rest)])
    for each in (*cells.met_in, *cells.came_in, *cells.scored_in):
        if each is not None:
            ledger.within(cells.everybody, ledger.show(each))
    for came, in_time in zip(cells.came_in, cells.in_time, strict=True):
        if came is not None and in_time is not None:
            ledger.within(came, ledger.show(in_time))


def _gone(cells: FigureCells) -> int:
    return cells.everybody.customers - cells.reached.customers - cells.still_open.customers


def told_figures(
    told: Told,
    cells: FigureCells,
    figures: pd.DataFrame,
    purse: Purse,
    days: tuple[datetime.date | None, datetime.date | None],
) -> pd.DataFrame:
    """Tell the figures; a change is told where both of its values are."""
    tell = {
        "customers": _customers,
        "share_reaching_goal": _share,
        "median_days_to_goal": _days,
        "revenue": _revenue,
        "emotion": _emotion,
    }
    named = _periods(figures, cells.stretches, days)
    rows = [
        {
            **row,
            **dict.fromkeys(
                ("value", "n", "low", "high", "change", "change_low", "change_high", *_STRETCHES), NOT_TOLD
            ),
            **tell[row["figure"]](told, cells, row, purse),
            "customers": told.count(_behind(row["figure"], cells)),
            "latest_customers": NOT_TOLD,
            "previous_customers": NOT_TOLD,
            "still_open": told.count(cells.still_open),
            **named,
        }
        for row in records(figures)
    ]
    return told_table(figures, rows, ())


def _behind(figure: str, cells: FigureCells) -> Cell:
    return {"median_days_to_goal": cells.reached, "emotion": cells.scored}.get(figure, cells.everybody)


def _customers(told: Told, cells: FigureCells, row: Row, _purse: Purse) -> Row:
    n = told.count(cells.everybody)
    latest, previous = (told.count(cell) for cell in cells.met_in)
    change = latest - previous if is_known(row["change"]) else NOT_TOLD
    half_width = 1.96 * np.sqrt(latest + previous)
    return {
        "value": n,
        "n": n,
        "latest": latest,
        "previous": previous,
        "change": change,
        "change_low": round_or_missing(change - half_width),
        "change_high": round_or_missing(change + half_width),
    }


def _share(told: Told, cells: FigureCells, row: Row, _purse: Purse) -> Row:
    n, reached = told.count(cells.everybody), told.count(cells.reached)
    low, high = share_interval(reached, n)
    (x1, n1), (x2, n2) = (
        (told.count(in_time), told.count(came)) for in_time, came in zip(cells.in_time, cells.came_in, strict=True)
    )
    difference = difference_of_shares(x1, n1, x2, n2)[:3] if is_known(row["change"]) else [NOT_TOLD] * 3
    change, change_low, change_high = (float(each) for each in difference)
    return {
        "value": share(reached, n),
        "n": n,
        "low": low,
        "high": high,
        "latest": share(x1, n1),
        "previous": share(x2, n2),
        "change": change,
        "change_low": change_low,
        "change_high": change_high,
    }


def _days(told: Told, cells: FigureCells, row: Row, _purse: Purse) -> Row:
    n = told.count(cells.reached)
    latest, previous = (
        told.rough(cell, known(row[each])) for cell, each in zip(cells.in_time, _STRETCHES, strict=True)
    )
    return {
        **{name: told.rough(cells.reached, known(row[name])) for name in ("value", "low", "high")},
        "n": n,
        "latest": latest,
        "previous": previous,
        **_coarse_change(row, latest, previous),
    }


def _revenue(told: Told, cells: FigureCells, row: Row, purse: Purse) -> Row:
    n = told.count(cells.everybody)
    latest, previous = (
        told.rough(cell, known(row[each])) if purse.may_tell(row[each]) else NOT_TOLD
        for cell, each in zip(cells.met_in, _STRETCHES, strict=True)
    )
    value = told.rough(cells.everybody, known(row["value"])) if purse.is_told else NOT_TOLD
    return {"value": value, "n": n, "latest": latest, "previous": previous, **_coarse_change(row, latest, previous)}


def _emotion(told: Told, cells: FigureCells, row: Row, _purse: Purse) -> Row:
    value, low, high = felt(told, cells.scored, row, ("value", "low", "high"))
    latest, previous = (
        felt(told, cell, row, (each,))[0] if cell is not None else NOT_TOLD
        for cell, each in zip(cells.scored_in, _STRETCHES, strict=True)
    )
    n = told.amount(cells.scored, "answers", row["n"])
    change = one_decimal(latest - previous) if is_known(row["change"]) else NOT_TOLD
    ends = [one_decimal(known(row[end]) + change - known(row["change"])) for end in ("change_low", "change_high")]
    ends = ends if change == change else [NOT_TOLD] * 2
    return {
        "value": value,
        "low": low,
        "high": high,
        "n": n,
        "latest": latest,
        "previous": previous,
        "change": change,
        "change_low": ends[0],
        "change_high": ends[1],
    }


def _coarse_change(row: Row, latest: float, previous: float) -> Row:
    change = latest - previous
    if not (is_known(row["change"]) and is_known(change)):
        return {}
    return {
        "change": coarse(change),
        "change_low": coarse(known(row["change_low"])),
        "change_high": coarse(known(row["change_high"])),
    }


def round_or_missing(value: float) -> float:
    """Round to whole numbers; what is missing stays missing."""
    return float(round(value)) if is_known(value) else value


def _periods(
    figures: pd.DataFrame,
    stretches: Sequence[tuple[datetime.date, datetime.date]],
    days: tuple[datetime.date | None, datetime.date | None],
) -> Row:
    """Say the periods by months: the first and the last day of the data may be one customer's."""
    first, last = days
    # Full quarters say nothing about the data; halves are counted from its first day.
    quarters = {period(*each) for each in stretches if full_periods(*each, MONTHS_OF_QUARTER) == [each]}
    told: Row = {"period": months(first, last) if first and last else _("the whole period")}
    for name, otherwise in (("latest_period", _("the later half")), ("previous_period", _("the earlier half"))):
        given = figures[name].iloc[0]
        told[name] = given if not is_known(given) or given in quarters else otherwise
    return told
