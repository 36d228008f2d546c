"""What sets personas apart, told safely: the pictures of it and the sentences on the cards."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from journey.analysis.persona_names import standout
from journey.analysis.personas import MOST_STANDOUTS, WORTH_SAYING
from journey.reports.protection.cells import FARTHEST, Cell, Guard, Population, Unit
from journey.reports.protection.ledger import CUSTOMERS, NOT_TOLD, Ledger, Told, coarse
from journey.reports.protection.rounding import Row, is_known, one_decimal, records, told_table

#: A difference is told as no larger: where almost nobody differs from the others of a group, it says how few do.
LARGEST_DIFFERENCE: Final = 5.0
#: Shares of what customers do. Other shares are of customers, by what is known of them.
_DONE: Final = ("channel", "device", "stage", "share_of_returns")


@dataclass(frozen=True)
class _Held:
    """Customers of whom something is known: of each persona, and of all."""

    everybody: Cell
    by_persona: Mapping[str, Cell]


def _unit(feature: str) -> Unit:
    of, _equals, value = feature.partition("=")
    return "held", of, value


def record(
    ledger: Ledger, everybody: Cell, populations: Mapping[str, Population], profiles: pd.DataFrame, told: pd.DataFrame
) -> None:
    """Record of how many customers of each persona something is known; all views have to be recorded before."""
    groups = {name: Cell(populations[name], CUSTOMERS, n) for name, n in _sizes(profiles).items()}
    by_attribute: dict[str, list[_Held]] = {}
    for unit, held in _held(everybody, groups, told):
        views = {name: cell for name, cell in ledger.by_unit[CUSTOMERS].items() if name and _is_of(name, unit[1])}
        view = views.get(((unit[1], (unit[2],)),))
        if views and (view is None or view.population in ledger.left_out or view.customers != held.everybody.customers):
            continue
        total = ledger.show(held.everybody)
        if view is not None:
            ledger.within(view, total)
            ledger.add_up([view], [total])
        _within(ledger, everybody, total)
        for name, cell in held.by_persona.items():
            _within(ledger, groups[name], ledger.show(cell))
            others = Cell(cell.population, ("elsewhere", *unit), total.customers - cell.customers)
            ledger.add_up([total], [cell, ledger.imply(others)])
        by_attribute.setdefault(unit[1], []).append(held)
    for attribute, values in by_attribute.items():
        for name, group in groups.items():
            _add_values_up(ledger, attribute, group, [each.by_persona[name] for each in values])
        _add_values_up(ledger, attribute, everybody, [each.everybody for each in values])


def _within(ledger: Ledger, group: Cell, cell: Cell) -> None:
    """Record customers of a group, and beside them the others: few of these keep both back."""
    ledger.within(group, cell)
    others = Cell(cell.population, ("not held", *cell.unit[1:]), group.customers - cell.customers)
    ledger.add_up([group], [cell, ledger.stand_in(others)])


def _is_of(population: Population, attribute: str) -> bool:
    return any(name == attribute for name, _values in population)


def _add_values_up(ledger: Ledger, attribute: str, group: Cell, cells: list[Cell]) -> None:
    """Record that customers with the values of an attribute, and those with others, are all of a group."""
    rest = group.customers - sum(cell.customers for cell in cells)
    if rest >= 0:
        others = [ledger.imply(Cell(group.population, ("held others", attribute), rest))] if rest else []
        ledger.add_up([group], [*cells, *others])


def _sizes(profiles: pd.DataFrame) -> dict[str, int]:
    return {str(row["persona"]): int(row["customers"]) for row in records(profiles)}


def _held(everybody: Cell, groups: Mapping[str, Cell], contrasts: pd.DataFrame) -> Iterator[tuple[Unit, _Held]]:
    """Work counts out of shares of customers; where they are not of all customers here, there are none."""
    n_all = sum(group.customers for group in groups.values())
    if everybody.population or n_all != everybody.customers:
        return
    found: dict[str, dict[str, tuple[float, float]]] = {}
    for row in records(contrasts):
        n = groups[row["persona"]].customers if row["persona"] in groups else 0
        if n and _is_of_customers(row) and is_known(row["inside"]) and is_known(row["outside"]):
            inside = float(row["inside"]) * n
            both = inside, inside + float(row["outside"]) * (n_all - n)
            found.setdefault(str(row["feature"]), {})[str(row["persona"])] = both
    for feature, counts in found.items():
        totals = {round(total, 6) for _inside, total in counts.values()}
        by_persona = {
            name: Cell(groups[name].population, _unit(feature), round(n)) for name, (n, _total) in counts.items()
        }
        total = sum(cell.customers for cell in by_persona.values())
        is_whole = all(abs(n - round(n)) < 1e-6 for n, _total in counts.values())
        # Nobody and everybody are told of as little as few and almost all are.
        is_mixed = all(0 < cell.customers < groups[name].customers for name, cell in by_persona.items())
        if is_whole and is_mixed and set(by_persona) == set(groups) and totals == {float(total)}:
            yield _unit(feature), _Held(Cell(everybody.population, _unit(feature), total), by_persona)


def _is_of_customers(row: Row) -> bool:
    return bool(row["is_share"]) and _unit(str(row["feature"]))[1] not in _DONE


def told_contrasts(
    told: Told, everybody: Cell, populations: Mapping[str, Population], profiles: pd.DataFrame, contrasts: pd.DataFrame
) -> pd.DataFrame:
    """Tell contrasts of the personas that are told, the largest first; one held up by too few has no row."""
    groups = {name: Cell(populations[name], CUSTOMERS, n) for name, n in _sizes(profiles).items() if n}
    held = dict(_held(everybody, groups, contrasts)) if len(groups) == len(profiles) else {}
    rows = [
        {**row, **numbers}
        for row in records(contrasts)
        if row["persona"] in groups and told.is_told(groups[row["persona"]])
        if (numbers := _numbers(told, everybody, groups[row["persona"]], row, held))
    ]
    of_persona = {name: told.count(group) for name, group in groups.items()}
    rows.sort(
        key=lambda row: (
            -of_persona[row["persona"]],
            row["persona"],
            -abs(row["standardised_difference"]),
            row["feature"],
        )
    )
    return told_table(contrasts, rows, ["persona", "feature", "label"])


def _numbers(told: Told, everybody: Cell, group: Cell, row: Row, held: Mapping[Unit, _Held]) -> Row:
    """Tell both sides and how far they are apart; nothing where one is not told."""
    n, n_rest = told.count(group), told.count(everybody) - told.count(group)
    if n_rest < told.guard.least:
        return {}
    if not row["is_share"]:
        inside, outside = coarse(float(row["inside"])), coarse(float(row["outside"]))
        moved = told.guard.shift(float(row["inside"]), group.population, row["feature"]) * FARTHEST / n
        difference = float(row["standardised_difference"]) + moved
    else:
        if _is_of_customers(row):
            of = held.get(_unit(str(row["feature"])))
            inside, outside = _shares(told, everybody, group, row["persona"], of) if of else (NOT_TOLD, NOT_TOLD)
        else:
            name = group.population, row["feature"]
            inside = _moved_share(told.guard, float(row["inside"]), n, *name, "inside")
            outside = _moved_share(told.guard, float(row["outside"]), n_rest, *name, "outside")
        spread = math.sqrt((n * inside * (1 - inside) + n_rest * outside * (1 - outside)) / (n + n_rest))
        difference = (inside - outside) / spread if spread else NOT_TOLD
    if math.isnan(inside) or math.isnan(outside) or math.isnan(difference):
        return {}
    difference = min(max(difference, -LARGEST_DIFFERENCE), LARGEST_DIFFERENCE)
    return {"inside": inside, "outside": outside, "standardised_difference": one_decimal(difference)}


def _shares(told: Told, everybody: Cell, group: Cell, persona: str, held: _Held) -> tuple[float, float]:
    """Divide told counts; not told where few of either side are it, or few are not, exactly or as told."""
    cells = group, held.by_persona[persona], everybody, held.everybody
    as_told = [told.counts.get(cell, NOT_TOLD) for cell in cells]
    for n, n_held, n_all, n_all_held in ([cell.customers for cell in cells], as_told):
        n_rest, n_rest_held = n_all - n, n_all_held - n_held
        if not min(n_held, n - n_held, n_rest_held, n_rest - n_rest_held) >= told.guard.least:
            return NOT_TOLD, NOT_TOLD
    return round(n_held / n, 2), round(n_rest_held / n_rest, 2)


def _moved_share(guard: Guard, value: float, n: float, *name: object) -> float:
    """Move a mean share and round it to whole percents; not told where it may be a few customers' alone."""
    moved = value + guard.shift(value, *name) * FARTHEST / n
    if not min(value, 1 - value, moved, 1 - moved) * n >= guard.least:
        return NOT_TOLD
    return round(moved, 2)


def told_standouts(contrasts: pd.DataFrame | None, persona: str) -> tuple[str, ...]:
    """Say what sets a persona apart, from told contrasts."""
    if contrasts is None:
        return ()
    mine = contrasts[(contrasts["persona"] == persona) & (contrasts["standardised_difference"].abs() >= WORTH_SAYING)]
    return tuple(
        standout(row["label"], row["inside"], row["outside"], is_share=row["is_share"])
        for row in mine.head(MOST_STANDOUTS).to_dict("records")
    )
