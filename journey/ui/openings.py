"""How each page opens: its finding in one sentence, and the base it is counted from."""

from __future__ import annotations

import pandas as pd

from journey.reports import sentences
from journey.ui.shell import View, base_of, headline


def overview(view: View, figures: pd.DataFrame, strip: pd.DataFrame) -> None:
    n_customers = view.dataset.summary.customers
    goal = view.dataset.facts.goal
    headline(*sentences.overview(figures, strip, n_customers=n_customers, goal=goal, base=base_of(view)))


def flows(view: View, links: pd.DataFrame, returns: pd.DataFrame, *, is_whole: bool) -> None:
    stages, goal = view.dataset.stages, view.dataset.facts.goal
    headline(*sentences.flows(links, returns, stages=stages, goal=goal, base=base_of(view), is_whole=is_whole))


def funnel(view: View, table: pd.DataFrame) -> None:
    headline(*sentences.funnel(table, base=base_of(view)))


def emotions(view: View, curve: pd.DataFrame, by: str) -> None:
    headline(*sentences.emotions(curve, by, base=base_of(view)))


def personas(view: View, profiles: pd.DataFrame) -> None:
    headline(
        *sentences.personas(
            profiles,
            goal=view.dataset.facts.goal,
            base=base_of(view),
            is_chosen=bool(view.dataset.filters.personas),
            fitted=view.personas.fitted_outcomes if view.personas else (),
        )
    )
