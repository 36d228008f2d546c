"""The strip, told safely: who is met in each stage, how it feels, and who leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from journey.reports.protection.cells import Cell, Population
from journey.reports.protection.ledger import NOT_TOLD, Ledger, Told
from journey.reports.protection.rounding import Row, felt, is_known, records, share, told_table


@dataclass(frozen=True)
class _Stage:
    """The cells of one stage; the last stage has no further ones."""

    row: Row
    met: Cell
    scored: Cell
    further: tuple[Cell, ...]


def met(population: Population, dimension: str, value: str, count: float) -> Cell:
    """Name the customers with an interaction somewhere, as in all tables that count them."""
    return Cell(population, ("met", dimension, value), int(count))


def scored(population: Population, dimension: str, value: str, count: float) -> Cell:
    """Name the customers who told how it felt somewhere."""
    return Cell(population, ("scored", dimension, value), int(count))


def _stages(population: Population, strip: pd.DataFrame) -> Iterator[_Stage]:
    for row in records(strip):
        stage = str(row["stage"])
        further = [
            Cell(population, (name, "stage", stage), int(row[name]))
            for name in ("gone_on", "left", "still_open")
            if is_known(row[name])
        ]
        yield _Stage(
            row,
            met(population, "stage", stage, row["customers"]),
            scored(population, "stage", stage, row["customers_scored"]),
            tuple(further),
        )


def record(ledger: Ledger, everybody: Cell, strip: pd.DataFrame) -> None:
    """Record the counts of a strip."""
    for stage in _stages(everybody.population, strip):
        ledger.within(everybody, ledger.show(stage.met))
        ledger.within(stage.met, ledger.show(stage.scored))
        ledger.add_up([stage.met], [ledger.show(cell) for cell in stage.further])
        for cell in stage.further:
            ledger.within(stage.met, cell)


def told_strip(told: Told, everybody: Cell, strip: pd.DataFrame) -> pd.DataFrame:
    """Tell a strip; shares follow from the told counts."""
    rows: list[Row] = []
    for stage in _stages(everybody.population, strip):
        customers = told.count(stage.met)
        further = [told.count(cell) for cell in stage.further] or [NOT_TOLD] * 3
        emotion, low, high = felt(told, stage.scored, stage.row)
        rows.append(
            {
                "stage": stage.row["stage"],
                "customers": customers,
                "share_of_all": share(customers, told.count(everybody)),
                "emotion": emotion,
                "low": low,
                "high": high,
                "n_scored": told.amount(stage.scored, "answers", stage.row["n_scored"]),
                "customers_scored": told.count(stage.scored),
                **dict(zip(("gone_on", "left", "still_open"), further, strict=True)),
                "share_leaving": share(further[1], customers),
            }
        )
    return told_table(strip, rows, ["stage"])
