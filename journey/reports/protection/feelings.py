"""Feelings, and what is met in each stage, told safely."""

from __future__ import annotations

import pandas as pd

from journey.analysis.emotions import peak_and_end
from journey.reports.protection.cells import Cell
from journey.reports.protection.ledger import Ledger, Told, coarse
from journey.reports.protection.rounding import Row, by_count, felt, records, told_table
from journey.reports.protection.strips import met, scored
from journey.vocabulary import NOT_KNOWN


def _place(everybody: Cell, by: str, row: Row) -> tuple[Cell, Cell]:
    of = everybody.population, by, str(row[by])
    return met(*of, row["customers"]), scored(*of, row["customers_scored"])


def record(ledger: Ledger, everybody: Cell, by: str, emotion: pd.DataFrame) -> None:
    """Record the counts behind an emotion curve, or behind moments."""
    for row in records(emotion):
        customers, answered = (ledger.show(cell) for cell in _place(everybody, by, row))
        ledger.within(everybody, customers)
        ledger.within(customers, answered)


def told_emotion(told: Told, everybody: Cell, by: str, emotion: pd.DataFrame) -> pd.DataFrame:
    """Tell an emotion curve; a stage kept back has missing numbers, anything else no row."""
    rows: list[Row] = []
    for row in records(emotion):
        customers, answered = _place(everybody, by, row)
        if by != "stage" and not told.is_told(customers):
            continue
        rows.append(
            {
                **row,
                **dict(zip(("emotion", "low", "high"), felt(told, answered, row), strict=True)),
                "n_scored": told.amount(answered, "answers", row["n_scored"]),
                "interactions": coarse(told.amount(customers, "interactions", row["interactions"])),
                "customers": told.count(customers),
                "customers_scored": told.count(answered),
            }
        )
    if by != "stage" and "kind" not in emotion:
        unknown = [row for row in rows if row[by] == NOT_KNOWN]
        rows = [*by_count([row for row in rows if row[by] != NOT_KNOWN], names=[by]), *unknown]
    found = told_table(emotion, rows, [by])
    return peak_and_end(found) if "is_peak" in found else found


def _felt_in_stage(everybody: Cell, row: Row) -> Cell:
    unit = ("scored", "stage", str(row["stage"]), "touchpoint", str(row["touchpoint"]))
    return Cell(everybody.population, unit, int(row["customers_scored"]))


def record_worst(ledger: Ledger, everybody: Cell, worst: pd.DataFrame) -> None:
    """Record who scored a touchpoint in a stage."""
    for row in records(worst):
        cell = ledger.show(_felt_in_stage(everybody, row))
        for by in ("stage", "touchpoint"):
            ledger.within(ledger.known_as(everybody, ("scored", by, str(row[by]))), cell)


def told_worst(told: Told, everybody: Cell, worst: pd.DataFrame) -> pd.DataFrame:
    """Tell how touchpoints feel in each stage; those kept back have no row."""
    rows: list[Row] = []
    for row in records(worst):
        cell = _felt_in_stage(everybody, row)
        if told.is_told(cell):
            rows.append(
                {
                    **row,
                    **dict(zip(("emotion", "low", "high"), felt(told, cell, row), strict=True)),
                    "n_scored": told.amount(cell, "answers", row["n_scored"]),
                    "customers_scored": told.count(cell),
                }
            )
    return told_table(worst, rows, ["stage", "touchpoint"])


def _met_in_stage(everybody: Cell, row: Row) -> Cell:
    unit = ("met", "stage", str(row["stage"]), str(row["by"]), str(row["name"]))
    return Cell(everybody.population, unit, int(row["customers"]))


def record_reach(ledger: Ledger, everybody: Cell, reach: pd.DataFrame) -> None:
    """Record who met a touchpoint or came through a channel in a stage."""
    for row in records(reach):
        cell = ledger.show(_met_in_stage(everybody, row))
        for by, name in (("stage", row["stage"]), (row["by"], row["name"])):
            ledger.within(ledger.known_as(everybody, ("met", str(by), str(name))), cell)


def told_reach(told: Told, everybody: Cell, reach: pd.DataFrame) -> pd.DataFrame:
    """Tell what is met in each stage; what is kept back has no row."""
    rows: list[Row] = [
        {**row, "customers": told.count(cell)}
        for row in records(reach)
        if told.is_told(cell := _met_in_stage(everybody, row))
    ]
    return told_table(reach, by_count(rows, first=["by"], names=["name", "stage"]), ["stage", "name"])
