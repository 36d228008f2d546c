"""Flows and ways back, told safely."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd

from journey.reports.protection.cells import Cell
from journey.reports.protection.ledger import NOT_TOLD, Ledger, Told
from journey.reports.protection.rounding import Row, by_count, known, records, share, told_table
from journey.reports.protection.strips import met


def _link(everybody: Cell, row: Row) -> Cell:
    source, target = ("" if row[f"{end}_kind"] != "named" else str(row[end]) for end in ("source", "target"))
    kinds = str(row["source_kind"]), str(row["target_kind"])
    return Cell(
        everybody.population, ("flow", str(row["position"]), kinds[0], source, kinds[1], target), int(row["customers"])
    )


def record(ledger: Ledger, everybody: Cell, flow: pd.DataFrame) -> None:
    """Record the links of a flow; all set out in the first column, and as many come into a node as go out of it."""
    into: dict[tuple[int, str, str], list[Cell]] = defaultdict(list)
    out_of: dict[tuple[int, str, str], list[Cell]] = defaultdict(list)
    for row in records(flow):
        cell = ledger.show(_link(everybody, row))
        ledger.within(everybody, cell)
        place = int(row["position"])
        out_of[place, str(row["source_kind"]), str(row["source"])].append(cell)
        into[place + 1, str(row["target_kind"]), str(row["target"])].append(cell)
    ledger.add_up([everybody], [cell for (place, *_node), cells in out_of.items() if place == 1 for cell in cells])
    for node, coming in into.items():
        ledger.add_up(coming, out_of.get(node, ()))


def told_flow(told: Told, everybody: Cell, flow: pd.DataFrame) -> pd.DataFrame:
    """Tell a flow; links kept back have no row, and how many of a link's journeys turn back is never told."""
    rows: list[Row] = []
    for row in records(flow):
        cell = _link(everybody, row)
        if told.is_told(cell):
            customers = told.count(cell)
            rows.append(
                {
                    **row,
                    "customers": customers,
                    "journeys": told.amount(cell, "journeys", row["journeys"]),
                    "median_seconds": told.rough(cell, known(row["median_seconds"])),
                    "returns": NOT_TOLD,
                }
            )
    return told_table(flow, by_count(rows, first=["position"], names=["source", "target"]), ["source", "target"])


def _way_back(everybody: Cell, row: Row) -> tuple[Cell, Cell]:
    source, target = str(row["source"]), str(row["target"])
    back = Cell(everybody.population, ("return", source, target), int(row["customers"]))
    return met(everybody.population, "stage", source, row["customers_at_source"]), back


def record_returns(ledger: Ledger, everybody: Cell, returns: pd.DataFrame) -> None:
    """Record who moves back to an earlier stage."""
    for row in records(returns):
        at_source, back = (ledger.show(cell) for cell in _way_back(everybody, row))
        ledger.within(at_source, back)


def told_returns(told: Told, everybody: Cell, returns: pd.DataFrame) -> pd.DataFrame:
    """Tell the ways back; those kept back have no row."""
    rows: list[Row] = []
    for row in records(returns):
        at_source, cell = _way_back(everybody, row)
        n_at_source, back = told.count(at_source), told.count(cell)
        if back > 0:
            rows.append(
                {
                    **row,
                    "customers": back,
                    "customers_at_source": n_at_source,
                    "share_of_customers_at_source": share(back, n_at_source),
                    "median_seconds": told.rough(cell, known(row["median_seconds"])),
                }
            )
    return told_table(returns, by_count(rows, names=["source", "target"]), ["source", "target"])
