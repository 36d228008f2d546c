"""Persona profiles and what sets personas apart, told safely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from journey.reports.protection.cells import Cell, Population
from journey.reports.protection.contrasts import told_standouts
from journey.reports.protection.ledger import NOT_TOLD, Ledger, Told, coarse
from journey.reports.protection.money import Purse
from journey.reports.protection.rounding import (
    Row,
    by_count,
    felt,
    known,
    records,
    share,
    share_interval,
    told_table,
)
from journey.reports.protection.strips import met, scored
from journey.text.masking import masked


@dataclass(frozen=True)
class _Persona:
    """The cells of one persona."""

    row: Row
    everybody: Cell
    reached: Cell | None
    scored: Cell
    with_wish: tuple[Cell, Cell] | None
    lowest: Cell | None
    channels: tuple[Cell, ...]

    @classmethod
    def of(cls, row: Row, population: Population, goal: str | None) -> _Persona:
        wish, lowest = row.get("goal"), row.get("lowest_touchpoint")
        of_wish = known(row.get("customers_with_goal"))
        wish_known = round(of_wish / row["share_with_goal"]) if of_wish > 0 else 0
        has_goal = goal is not None and not pd.isna(row["reached_goal"])
        return cls(
            row,
            Cell(population, ("customers",), int(row["customers"])),
            met(population, "stage", str(goal), row["reached_goal"]) if has_goal else None,
            Cell(population, ("scored",), int(row["customers_scored"]) if _is_felt(row) else 0),
            (Cell(population, ("wish", str(wish)), int(of_wish)), Cell(population, ("wish known",), wish_known))
            if of_wish > 0
            else None,
            scored(population, "touchpoint", str(lowest), row["lowest_customers_scored"])
            if isinstance(lowest, str)
            else None,
            tuple(
                met(population, "channel", channel, customers)
                for (channel, _share), customers in zip(row["channels"], row["channel_customers"], strict=True)
            ),
        )


def _is_felt(row: Row) -> bool:
    return not pd.isna(row["customers_scored"])


Populations = dict[str, Population]


def record(ledger: Ledger, populations: Populations, goal: str | None, profiles: pd.DataFrame) -> None:
    """Record the counts of personas; `populations` by their names."""
    for row in records(profiles):
        persona = _Persona.of(row, populations[row["persona"]], goal)
        everybody = ledger.show(persona.everybody)
        for cell in (persona.reached, persona.scored, persona.lowest, *persona.channels):
            if cell is not None:
                ledger.within(everybody, ledger.show(cell))
        if persona.with_wish:
            of_wish, wish_known = (ledger.show(cell) for cell in persona.with_wish)
            ledger.within(everybody, wish_known)
            ledger.within(wish_known, of_wish)


def told_profiles(
    told: Told,
    populations: Populations,
    goal: str | None,
    profiles: pd.DataFrame,
    contrasts: pd.DataFrame | None,
    money: Mapping[Population, Purse],
) -> pd.DataFrame:
    """Tell personas; one that is too small has no row. Their standouts are said anew from told contrasts."""
    source: list[Row] = [row for row in records(profiles) if row["customers"]]
    personas = [_Persona.of(row, populations[row["persona"]], goal) for row in source]
    personas = [each for each in personas if told.is_told(each.everybody)]
    n_all = sum(told.count(each.everybody) for each in personas)
    is_complete = len(personas) == len(source)
    rows = [_told(told, each, n_all if is_complete else NOT_TOLD, contrasts, money) for each in personas]
    rows = [{**row, "number": number} for number, row in enumerate(by_count(rows, names=["persona"]), start=1)]
    return told_table(profiles, rows, ["persona", "goal", "lowest_touchpoint"])


def _told(
    told: Told, persona: _Persona, n_all: float, contrasts: pd.DataFrame | None, money: Mapping[Population, Purse]
) -> Row:
    row, n = persona.row, told.count(persona.everybody)
    reached = told.count(persona.reached) if persona.reached else NOT_TOLD
    goal_low, goal_high = share_interval(reached, n)
    emotion, low, high = felt(told, persona.scored, row)
    [lowest_emotion] = felt(told, persona.lowest, row, ("lowest_emotion",)) if persona.lowest else [NOT_TOLD]
    revenue = (
        told.rough(persona.everybody, known(row["revenue"]))
        if money[persona.everybody.population].is_told
        else NOT_TOLD
    )
    of_wish, wish_known = (told.count(cell) for cell in persona.with_wish) if persona.with_wish else (NOT_TOLD,) * 2
    is_lowest_told = persona.lowest is not None and told.is_told(persona.lowest)
    met_through = [
        (told.count(cell), masked(name))
        for cell, (name, _part) in zip(persona.channels, row["channels"], strict=True)
        if told.is_told(cell)
    ]
    met_through.sort(key=lambda each: (-each[0], each[1]))
    changed = {
        "customers": n,
        "share_of_customers": share(n, n_all),
        "revenue": revenue,
        "revenue_per_customer": coarse(share(revenue, n)),
        "median_interactions": told.rough(persona.everybody, known(row["median_interactions"])),
        "reached_goal": reached,
        "share_reaching_goal": share(reached, n),
        "goal_low": goal_low,
        "goal_high": goal_high,
        "median_days_to_goal": told.rough(persona.reached, known(row["median_days_to_goal"]))
        if persona.reached
        else NOT_TOLD,
        "emotion": emotion,
        "low": low,
        "high": high,
        "n_scored": told.amount(persona.scored, "answers", known(row["n_scored"])) if _is_felt(row) else NOT_TOLD,
        "customers_scored": told.count(persona.scored),
        "goal": row.get("goal") if of_wish > 0 else None,
        "share_with_goal": share(of_wish, wish_known),
        "customers_with_goal": of_wish,
        "lowest_touchpoint": row.get("lowest_touchpoint") if is_lowest_told else None,
        "lowest_emotion": lowest_emotion,
        "lowest_n_scored": told.amount(persona.lowest, "answers", known(row["lowest_n_scored"]))
        if persona.lowest
        else NOT_TOLD,
        "lowest_customers_scored": told.count(persona.lowest) if persona.lowest else NOT_TOLD,
        "channels": tuple((name, round(share(customers, n), 2)) for customers, name in met_through),
        "channel_customers": tuple(customers for customers, _name in met_through),
        "largest_share_of_revenue": NOT_TOLD,
        "quote": None,
        "standouts": told_standouts(contrasts, masked(str(row["persona"]))),
    }
    return {name: changed.get(str(name), value) for name, value in row.items()}
