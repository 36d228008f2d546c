"""All tables of a document, told safely together: the same count is the same number in each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from journey.dataset import Filters
from journey.errors import NotEnoughDataError
from journey.language import _, ngettext, number
from journey.reports.protection import contrasts, feelings, figures, flows, funnels, profiles, strips
from journey.reports.protection.cells import Cell, Guard, Population, population_of
from journey.reports.protection.figures import FigureCells
from journey.reports.protection.ledger import CUSTOMERS, NOT_TOLD, Ledger, Told, coarse
from journey.reports.protection.money import Purse, purses
from journey.reports.protection.parts import (
    Parts,
    add_parts_up,
    everybody_of,
    left_out,
    parts_of,
    parts_of_stretches,
    persona_populations,
    stretches_beside_views,
)
from journey.reports.protection.rounding import told_months
from journey.reports.views import Collected, Tables, View
from journey.text.masking import masked


def protected(collected: Collected, guard: Guard) -> Collected:
    """Make of exact tables those that may be shared: told coarsely, moved a little, small groups left out.

    Counts of fewer than `guard.least` customers are missing, and with them as many others as would give them away by
    sums within a view or over the views of a cut; other counts are moved by −2 … +2, so that sums agree only about.
    Shares and intervals follow from the told counts. Rows that are named by the data are left out, rows that are always
    there have missing numbers. Views of too small groups are left out. Findings stay as they are: they are protected
    where they are found.

    Parameters
    ----------
    collected
        The exact tables of all views.
    guard
        The dataset's secret, and from how many customers on a count is told.

    Returns
    -------
    Collected
        Of the same shape; `kept_back` says in words how much is missing.

    Raises
    ------
    NotEnoughDataError
        When the whole is too small to be told of.
    """
    parts = parts_of(collected)
    everybody = everybody_of(collected.whole)
    if guard.is_small(everybody):
        raise NotEnoughDataError.too_few_customers(_("Shared dashboards"), everybody.customers, guard.least)
    too_small = left_out(guard, parts) | guard.untold
    told, kept_back = counts_of(collected, guard, parts, too_small).settled()
    money = purses(collected, parts, too_small)
    views = [view for view in collected.views if everybody_of(view).population not in too_small]
    return replace(
        collected,
        views=tuple(_told_view(told, collected, view, money) for view in views),
        stages=tuple(masked(stage) for stage in collected.stages),
        goal=None if collected.goal is None else masked(collected.goal),
        persona_names=tuple(
            masked(name) for name, each in persona_populations(collected).items() if each not in too_small
        ),
        # Told as too few, all are hardly more than those of the whole.
        all_customers=round(told.count(_all_of(collected) if told.is_told(_all_of(collected)) else everybody)),
        kept_back=_in_words(len(kept_back), len(collected.views) - len(views), guard.least),
    )


def counts_of(collected: Collected, guard: Guard, parts: Sequence[Parts], too_small: frozenset[Population]) -> Ledger:
    """Gather all counts of the views with the sums they take part in."""
    ledger = Ledger(guard, too_small, stretches_beside_views(collected))
    for view in collected.views:
        _record(ledger, collected, view)
    whole = collected.whole.tables
    if whole.profiles is not None and whole.contrasts is not None:
        populations = persona_populations(collected)
        contrasts.record(ledger, everybody_of(collected.whole), populations, whole.profiles, whole.contrasts)
    add_parts_up(ledger, [*parts, *parts_of_stretches(collected)])
    return ledger


def _all_of(collected: Collected) -> Cell:
    return Cell(population_of(Filters()), CUSTOMERS, collected.all_customers)


def _record(ledger: Ledger, collected: Collected, view: View) -> None:
    """Record all counts of a view."""
    tables, everybody = view.tables, ledger.show(everybody_of(view))
    ledger.within(ledger.show(_all_of(collected)), everybody)
    if len(tables.figures):
        figures.record(ledger, FigureCells.of(everybody, collected.goal, tables.figures, tables.stretches))
    strips.record(ledger, everybody, tables.strip)
    flows.record(ledger, everybody, tables.flow)
    flows.record_returns(ledger, everybody, tables.returns)
    if tables.funnel is not None and tables.lost is not None:
        funnels.record(ledger, everybody, collected.funnel_by, tables.funnel, tables.lost)
    feelings.record(ledger, everybody, collected.emotion_by, tables.emotion)
    feelings.record(ledger, everybody, "touchpoint", tables.moments)
    feelings.record_worst(ledger, everybody, tables.worst)
    feelings.record_reach(ledger, everybody, tables.reach)
    if tables.profiles is not None:
        profiles.record(ledger, persona_populations(collected), collected.goal, tables.profiles)


def _told_view(told: Told, collected: Collected, view: View, money: dict[Population, Purse]) -> View:
    return replace(view, label=masked(view.label), tables=_told_tables(told, collected, view, money))


def _told_tables(told: Told, collected: Collected, view: View, money: dict[Population, Purse]) -> Tables:
    tables, everybody = view.tables, everybody_of(view)
    by, funnel = collected.funnel_by, tables.funnel
    has_figures = len(tables.figures) > 0
    cells = FigureCells.of(everybody, collected.goal, tables.figures, tables.stretches) if has_figures else None
    first, last = told_months(told.guard, everybody.population, tables.months)
    return replace(
        tables,
        customers=round(told.count(everybody)),
        interactions=round(coarse(told.amount(everybody, "interactions", tables.interactions))),
        first=first,
        last=last,
        figures=figures.told_figures(told, cells, tables.figures, money[everybody.population], (first, last))
        if cells
        else tables.figures,
        strip=strips.told_strip(told, everybody, tables.strip),
        returns=flows.told_returns(told, everybody, tables.returns),
        reach=feelings.told_reach(told, everybody, tables.reach),
        worst=feelings.told_worst(told, everybody, tables.worst),
        flow=flows.told_flow(told, everybody, tables.flow),
        funnel=None if funnel is None else funnels.told_funnel(told, everybody, by, funnel),
        lost=None
        if funnel is None or tables.lost is None
        else funnels.told_lost(told, everybody, by, funnel, tables.lost),
        emotion=feelings.told_emotion(told, everybody, collected.emotion_by, tables.emotion),
        moments=feelings.told_emotion(told, everybody, "touchpoint", tables.moments),
        months=tables.months.iloc[:0],
        largest_share_of_revenue=NOT_TOLD,
        **_told_personas(told, collected, tables, money),
    )


def _told_personas(told: Told, collected: Collected, tables: Tables, money: dict[Population, Purse]) -> dict[str, Any]:
    """Tell the profiles and contrasts of the personas that are large enough."""
    if tables.profiles is None:
        return {}
    populations = persona_populations(collected)
    apart, everybody = tables.contrasts, everybody_of(collected.whole)
    if apart is not None:
        apart = contrasts.told_contrasts(told, everybody, populations, tables.profiles, apart)
    described = profiles.told_profiles(told, populations, collected.goal, tables.profiles, apart, money)
    return {"profiles": described} if apart is None else {"profiles": described, "contrasts": apart}


def _in_words(n_counts: int, n_groups: int, least: int) -> str:
    """Say how much is kept back; nothing when nothing is."""
    said = []
    if n_counts:
        left_out = ngettext("{n} number is left out", "{n} numbers are left out", n_counts)
        why = _("{left_out}: about fewer than {least} customers, or such a number could be worked out from it.")
        said.append(why.format(left_out=left_out, least=number(least)))
    if n_groups:
        left_out = ngettext("{n} group is left out", "{n} groups are left out", n_groups)
        said.append(_("{left_out} altogether, for the same reason.").format(left_out=left_out))
    return " ".join(said)
