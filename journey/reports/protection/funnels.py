"""Funnels, told safely: who reaches each step, and where the lost went."""

from __future__ import annotations

import pandas as pd

from journey.reports.protection.cells import Cell
from journey.reports.protection.ledger import NOT_TOLD, Ledger, Told
from journey.reports.protection.rounding import Row, by_count, known, records, share, share_interval, told_table
from journey.reports.protection.strips import met


def _step_cells(everybody: Cell, by: str, rows: list[Row], place: int) -> tuple[Cell, ...]:
    """Name who reached a step and, but for the first, who still may and who was lost before it."""
    population, steps = everybody.population, [str(row["step"]) for row in rows[: place + 1]]
    row = rows[place]
    if place == 0:
        return (met(population, by, steps[0], row["customers"]),)
    reached, may, lost = (
        Cell(population, (name, by, *steps), int(row[column]))
        for name, column in (("reached", "customers"), ("may", "still_open"), ("lost", "lost"))
    )
    return reached, may, lost


def record(ledger: Ledger, everybody: Cell, by: str, funnel: pd.DataFrame, lost: pd.DataFrame) -> None:
    """Record the counts of a funnel with closed entry and of where its lost went."""
    rows: list[Row] = records(funnel)
    before = everybody
    for place in range(len(rows)):
        cells = [ledger.show(cell) for cell in _step_cells(everybody, by, rows, place)]
        ledger.within(before, cells[0])
        if place:
            ledger.add_up([before], cells)
            gone = [ledger.show(cell) for cell in _gone(everybody, by, rows, lost, place).values()]
            ledger.add_up([cells[2]], gone)
            for cell in gone:
                ledger.within(cells[2], cell)
            for cell in (*cells[1:], *gone):
                ledger.within(before, cell)
        before = cells[0]


def _gone(everybody: Cell, by: str, rows: list[Row], lost: pd.DataFrame, place: int) -> dict[str, Cell]:
    steps = [str(row["step"]) for row in rows[: place + 1]]
    after = lost[lost["step"] == rows[place - 1]["step"]]
    return {
        str(row["next"]): Cell(
            everybody.population, ("went", by, *steps, "to", str(row["next"])), int(row["customers"])
        )
        for row in records(after)
    }


def told_funnel(told: Told, everybody: Cell, by: str, funnel: pd.DataFrame) -> pd.DataFrame:
    """Tell a funnel: told steps never grow, shares and intervals follow from them."""
    source: list[Row] = records(funnel)
    rows: list[Row] = []
    previous = first = NOT_TOLD
    for place, row in enumerate(source):
        reached, *further = _step_cells(everybody, by, source, place)
        customers, gone = told.count(reached), [told.count(cell) for cell in further]
        still_open, lost = gone or (0.0, 0.0)
        first = customers if place == 0 else first
        low, high = share_interval(customers, previous)
        rows.append(
            {
                **row,
                "customers": customers,
                "share_of_all": share(customers, told.count(everybody)),
                "share_of_first": share(customers, first),
                "share_of_previous": share(customers, previous),
                "low": low,
                "high": high,
                "from_previous": customers if place else 0.0,
                "still_open": still_open,
                "lost": lost,
                "median_seconds": told.rough(reached, known(row["median_seconds"])),
                "median_seconds_from_first": told.rough(reached, known(row["median_seconds_from_first"])),
            }
        )
        previous = customers
    return told_table(funnel, rows, ["step"])


def told_lost(told: Told, everybody: Cell, by: str, funnel: pd.DataFrame, lost: pd.DataFrame) -> pd.DataFrame:
    """Tell where the lost went; what is kept back has no row."""
    source: list[Row] = records(funnel)
    rows: list[Row] = []
    for place in range(1, len(source)):
        all_lost = told.count(_step_cells(everybody, by, source, place)[2])
        for following, cell in _gone(everybody, by, source, lost, place).items():
            if told.is_told(cell):
                customers = told.count(cell)
                step = source[place - 1]["step"]
                part = share(customers, all_lost)
                rows.append({"step": step, "next": following, "customers": customers, "share_of_lost": part})
    return told_table(lost, by_count(rows, first=["step"], names=["next"]), ["step", "next"])
