"""Everything a document says: the result tables of the whole, and of each value of the cuts that were picked."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

import pandas as pd

from journey.dataset import Filters
from journey.reports.choices import Quote


@dataclass(frozen=True, eq=False)
class Tables:
    """The result tables of one view. A table is None where the data cannot tell it, empty where there is nobody.

    No table holds an id, a key or a comment of a customer. Counts are whole numbers, after protection numbers with
    missing ones among them; what is missing is unknown, never 0.
    """

    #: Customers and interactions that the view is about; its first and last day, in the reporting time zone.
    customers: int
    interactions: int
    first: datetime.date | None
    last: datetime.date | None
    #: `journey.analysis.overview.figures`: figure, value, n, low, high, latest, previous, change, change_low,
    #: change_high, unit, still_open, period, latest_period, previous_period. The base `n` of `emotion` counts answers.
    figures: pd.DataFrame
    #: `journey.analysis.overview.journey_strip`: stage, customers, share_of_all, emotion, low, high, n_scored,
    #: customers_scored, gone_on, left, share_leaving, still_open. Empty without stages.
    strip: pd.DataFrame
    #: `journey.analysis.flows.returns`: source, target, customers, customers_at_source, share_of_customers_at_source,
    #: median_seconds. Empty without stages.
    returns: pd.DataFrame
    #: What is met in each stage: by (`touchpoint` or `channel`), stage, name, customers, is_foreign.
    reach: pd.DataFrame
    #: How each touchpoint feels in each stage: stage, touchpoint, customers_scored, emotion, low, high, n_scored.
    worst: pd.DataFrame
    #: `journey.analysis.flows.flow` by touchpoint, 5 steps, 6 names a step: position, source, target, customers,
    #: journeys, median_seconds, returns, is_return, source_kind, target_kind.
    flow: pd.DataFrame
    #: `journey.analysis.funnels.funnel` of all stages (of the usual touchpoints without stages), in order, closed:
    #: step, customers, share_of_all, share_of_first, share_of_previous, low, high, from_previous, still_open, lost,
    #: median_seconds, median_seconds_from_first. None with fewer than two steps.
    funnel: pd.DataFrame | None
    #: `journey.analysis.funnels.lost` of that funnel: step, next, customers, share_of_lost.
    lost: pd.DataFrame | None
    #: `journey.analysis.emotions.emotion` by `Collected.emotion_by`: that, emotion, low, high, n_scored, interactions,
    #: customers, customers_scored; by stage also is_peak and is_end.
    emotion: pd.DataFrame
    #: `journey.analysis.emotions.moments` by touchpoint: kind (`lowest`, `highest`), touchpoint, and as `emotion`.
    moments: pd.DataFrame
    #: Of each month with interactions: month (its first day), customers. Gone after protection.
    months: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["month", "customers"]))
    #: First and last day of the stretches compared in `figures`, the latest first.
    stretches: tuple[tuple[datetime.date, datetime.date], ...] = ()
    #: The part of the revenue that one customer paid at most, [0, 1], of the whole period or of a stretch compared in
    #: `figures`; missing without revenue. Gone after protection.
    largest_share_of_revenue: float = float("nan")
    #: Of the whole only: `Personas.profiles` without `devices`, `quote` missing; with channel_customers (for each pair
    #: in `channels` the customers who came through it) and largest_share_of_revenue.
    profiles: pd.DataFrame | None = None
    #: Of the whole only: `Personas.contrasts`: persona, feature, label, inside, outside, standardised_difference,
    #: is_share, in_fit. The sentences in `standouts` of the profiles are made of them.
    contrasts: pd.DataFrame | None = None
    #: Of the whole only: `journey.analysis.findings.findings`. In a shared document its sentences and numbers are
    #: protected already when it is collected (see `views_of`), and `evidence` names no more than the page.
    findings: pd.DataFrame | None = None


@dataclass(frozen=True, eq=False)
class View:
    """The tables of the whole (`cut` and `value` are None), or of one value of a cut; `label` is what people read.

    `filters` choose its customers and days among all of the dataset.
    """

    cut: str | None
    value: str | None
    label: str
    tables: Tables
    filters: Filters = field(default_factory=Filters)


@dataclass(frozen=True)
class Cut:
    """What a document can be switched by: `persona`, `period`, or a breakdown; `label` is what people read.

    Views of a cut with `parts_customers` have no customer in common; those of `period` may. Customers of none of the
    values are what is missing to the whole.
    """

    name: str
    label: str
    parts_customers: bool


@dataclass(frozen=True, eq=False)
class Collected:
    """All views, the whole first, then cut by cut in the order picked; and what words and charts need beside them."""

    views: tuple[View, ...]
    cuts: tuple[Cut, ...]
    #: Stages in their order, and the one that counts as success (its name in the data).
    stages: tuple[str, ...]
    goal: str | None
    currency: str | None
    has_revenue: bool
    time_zone: str
    dataset_version: str
    #: Customers of the whole dataset, whatever the owner's filters: what `share_of_customers` of a map is of.
    all_customers: int
    #: The dimension of `Tables.emotion`: `stage`, or `touchpoint` where there are no stages or none has an answer.
    emotion_by: str
    #: The dimension of `Tables.funnel`: `stage` or `touchpoint`.
    funnel_by: str
    #: The personas' names, the columns of `profiles` that went into the grouping, how well they are found again
    #: ([0, 1], missing without personas), and why there are none.
    persona_names: tuple[str, ...] = ()
    fitted_outcomes: tuple[str, ...] = ()
    persona_agreement: float = float("nan")
    why_no_personas: str = ""
    #: How the stages and the feelings were found, in words.
    stage_words: str = ""
    emotion_words: str = ""
    #: Comments that were picked by hand; no others are anywhere in a document.
    quotes: tuple[Quote, ...] = ()
    #: How much is kept back so that nobody is given away, in words; empty before protection.
    kept_back: str = ""
    #: Whether the owner's filters leave a part of the dataset only.
    is_filtered: bool = False

    @property
    def whole(self) -> View:
        return self.views[0]

    def of(self, cut: str) -> tuple[View, ...]:
        """Hand out the views of a cut, in the order in which they are offered."""
        return tuple(view for view in self.views if view.cut == cut)
