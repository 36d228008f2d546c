"""How it goes: five figures with their change, the journey in one strip, and the sentence to begin with."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from journey.analysis.periods import Compared, Stretch, compared
from journey.analysis.statistics import has_base, is_known, mean_interval, wilson
from journey.analysis.strips import journey_strip
from journey.dataset import Dataset, parameter
from journey.language import _, interval, percent
from journey.vocabulary import SILENCE_DAYS, Z_95

__all__ = ["figures", "headline", "journey_strip"]

#: Cohorts are compared by who reached the goal within so many days of the first interaction, so that the later
#: cohort has had as much time as the earlier one.
GOAL_WITHIN_DAYS = SILENCE_DAYS

FIGURE_COLUMNS = (
    "figure", "value", "n", "low", "high", "latest", "previous", "change", "change_low", "change_high", "unit",
    "still_open", "period", "latest_period", "previous_period", "customers", "latest_customers", "previous_customers",
)  # fmt: skip
FIGURES = ("customers", "share_reaching_goal", "median_days_to_goal", "revenue", "emotion")
_UNITS = {"share_reaching_goal": "share", "median_days_to_goal": "days", "revenue": "money", "emotion": "emotion"}


@dataclass(frozen=True)
class _Estimate:
    """A value with its interval and its base; missing where it cannot be told."""

    value: float = np.nan
    low: float = np.nan
    high: float = np.nan
    n: int = 0
    #: Of how many customers, where `n` counts something else.
    n_customers: int | None = None

    @property
    def customers(self) -> int:
        return self.n if self.n_customers is None else self.n_customers

    @property
    def has_base(self) -> bool:
        return bool(has_base(self.customers))


def figures(dataset: Dataset) -> pd.DataFrame:
    """Sum up the period in five figures, each with its change between the last two full quarters.

    The period is the filters' window, or all the data. Quarters are calendar quarters in the reporting time zone that
    lie wholly in the period; with fewer than two of them the period is halved. A share reaching the goal and the days
    to it are compared between the customers whose first interaction lies in each quarter, by what happened within 30
    days of it; customers whose 30 days have not passed by the end of the data are left out of the comparison.

    Returns
    -------
    DataFrame
        One row per figure: `customers` with an interaction in the period; `share_reaching_goal`, of these, by the end
        of the period, Wilson interval (`still_open` counts those of the others whose journey may go on);
        `median_days_to_goal` from the first interaction, of those who reached it, interval by order statistics;
        `revenue` (missing without revenue); `emotion`, mean of all scores, interval clustered by customer. Columns:
        value; n, its base (customers; answers for emotion); low and high; latest and previous, the value in the last
        two quarters as they are compared; change = latest − previous with change_low and change_high (for customers
        and revenue as if customers came independently of each other; missing under 30 customers in either quarter, for
        emotion under 30 who scored); unit (`customers`, `share`, `days`, `money`, `emotion`); still_open; period,
        latest_period, previous_period, in words; customers, latest_customers, previous_customers, those behind value,
        latest and previous. Empty when the filters leave nothing.

    Examples
    --------
    >>> import journey
    >>> rows = [("a", "2025-01-01", "see"), ("a", "2025-01-03", "buy"), ("b", "2025-03-09", "see")]
    >>> import pandas as pd
    >>> log = pd.DataFrame(rows, columns=["customer_id", "timestamp", "touchpoint"])
    >>> from journey.analysis.overview import figures
    >>> figures(journey.load(log))["figure"].tolist()[:2]
    ['customers', 'share_reaching_goal']
    """
    periods = compared(dataset)
    if periods is None:
        return pd.DataFrame(columns=list(FIGURE_COLUMNS))
    stretches = [each for each in (periods.latest, periods.previous) if each]
    bound = {f"{end}_{place}": getattr(each, end) for place, each in enumerate(stretches) for end in ("start", "end")}
    people = dataset.frame(_people, bound, n_stretches=len(stretches))
    rows = []
    for figure in FIGURES:
        value, quarters = _MEASURES[figure](people, periods, dataset)
        rows.append({"figure": figure, **_row(value, quarters), "unit": _UNITS.get(figure, "customers")})
    told = pd.DataFrame(rows)
    # Money and customers count themselves: without revenue in the data there is none to tell.
    if not dataset.facts.has_revenue:
        amounts = ["value", "latest", "previous", "change", "change_low", "change_high"]
        told.loc[told["figure"] == "revenue", amounts] = np.nan
    told["still_open"] = int((people["goal_at"].isna() & people["is_open"]).sum())
    told["period"] = str(periods.whole)
    told["latest_period"] = str(periods.latest) if periods.latest else None
    told["previous_period"] = str(periods.previous) if periods.previous else None
    return told[list(FIGURE_COLUMNS)]


def _people(dataset: Dataset, n_stretches: int) -> ir.Table:
    """One row per customer: what the five figures are made of, over the period and in each stretch (0 latest)."""
    steps = dataset.table("steps")
    goal = dataset.facts.goal
    is_goal = (steps.stage == goal) if goal else ibis.literal(False)
    measured = {"goal_at": steps.timestamp.min(where=is_goal), "last_at": steps.timestamp.max()}
    within = {"all": ibis.literal(True)} | {
        str(place): (steps.timestamp >= parameter(f"start_{place}", "timestamp"))
        & (steps.timestamp < parameter(f"end_{place}", "timestamp"))
        for place in range(n_stretches)
    }
    for name, condition in within.items():
        measured[f"interactions_{name}"] = steps.count(where=condition)
        measured[f"revenue_{name}"] = steps.revenue.sum(where=condition).cast("float64").fill_null(0.0)
        measured[f"emotion_{name}"] = steps.emotion.sum(where=condition).cast("float64").fill_null(0.0)
        measured[f"scored_{name}"] = steps.emotion.count(where=condition)
    counted = steps.group_by("customer_key").aggregate(is_open=steps.is_open.any(), **measured)
    return counted.join(dataset.table("customers").select("customer_key", "first_timestamp"), "customer_key")


def _row(value: _Estimate, quarters: list[_Estimate]) -> dict[str, object]:
    latest, previous = quarters if len(quarters) == 2 else (_Estimate(), _Estimate())
    change = latest.value - previous.value if latest.has_base and previous.has_base else np.nan
    return {
        "value": value.value,
        "n": value.n,
        "low": value.low,
        "high": value.high,
        "latest": latest.value,
        "previous": previous.value,
        "change": change,
        # Each end by the two ends that make it (Newcombe's way of joining intervals, Statistics in Medicine 17, 1998).
        "change_low": change - np.hypot(latest.value - latest.low, previous.high - previous.value),
        "change_high": change + np.hypot(latest.high - latest.value, previous.value - previous.low),
        "customers": value.customers,
        "latest_customers": latest.customers,
        "previous_customers": previous.customers,
    }


Measured = tuple[_Estimate, list[_Estimate]]


def _customers(people: pd.DataFrame, periods: Compared, _dataset: Dataset) -> Measured:
    quarters = [int((people[f"interactions_{number_}"] > 0).sum()) for number_ in _numbers(periods)]
    return _Estimate(len(people), n=len(people)), [_counted(float(n), n, float(n)) for n in quarters]


def _revenue(people: pd.DataFrame, periods: Compared, _dataset: Dataset) -> Measured:
    quarters = []
    for number_ in _numbers(periods):
        paid = people[f"revenue_{number_}"].to_numpy(np.float64)
        met = int((people[f"interactions_{number_}"] > 0).sum())
        quarters.append(_counted(float(paid.sum()), met, float((paid**2).sum())))
    return _Estimate(float(people["revenue_all"].sum()), n=len(people)), quarters


def _counted(total: float, n: int, variance: float) -> _Estimate:
    half_width = Z_95 * float(np.sqrt(variance))
    return _Estimate(total, total - half_width, total + half_width, n)


def _share(people: pd.DataFrame, periods: Compared, dataset: Dataset) -> Measured:
    reached = int(people["goal_at"].notna().sum())
    cohorts = [_cohort(people, each, dataset) for each in _stretches(periods)]
    quarters = [_share_of(int(cohort["in_time"].sum()), len(cohort)) for cohort in cohorts]
    return _share_of(reached, len(people)), quarters


def _share_of(reached: int, n: int) -> _Estimate:
    if n == 0:
        return _Estimate()
    low, high = wilson(reached, n)
    return _Estimate(reached / n, float(low), float(high), n)


def _days(people: pd.DataFrame, periods: Compared, dataset: Dataset) -> Measured:
    cohorts = [_cohort(people, each, dataset) for each in _stretches(periods)]
    quarters = [_median(cohort.loc[cohort["in_time"], "days"]) for cohort in cohorts]
    return _median(_days_to_goal(people).dropna()), quarters


def _days_to_goal(people: pd.DataFrame) -> pd.Series[float]:
    return (people["goal_at"] - people["first_timestamp"]).dt.total_seconds() / 86_400


def _cohort(people: pd.DataFrame, stretch: Stretch, dataset: Dataset) -> pd.DataFrame:
    """Choose who first came in a stretch and has had the full time to reach the goal."""
    window_end = dataset.window[1]
    seen_until = pd.Timestamp(min(dataset.facts.last, window_end) if window_end else dataset.facts.last)
    first = people["first_timestamp"]
    in_stretch = (first >= stretch.start) & (first < stretch.end)
    has_had_time = first <= seen_until - pd.Timedelta(days=GOAL_WITHIN_DAYS)
    cohort = people[in_stretch & has_had_time]
    days = _days_to_goal(cohort)
    return cohort.assign(days=days, in_time=days <= GOAL_WITHIN_DAYS)


def _median(days: pd.Series[float]) -> _Estimate:
    """Median with the order statistics around it that hold it in at least about 95 % of samples."""
    n = len(days)
    if n == 0:
        return _Estimate()
    ordered = np.sort(days.to_numpy(np.float64))
    reach = Z_95 * np.sqrt(n) / 2
    low, high = int(np.floor(n / 2 - reach)), int(np.ceil(n / 2 + reach))
    if low < 0 or high >= n:
        return _Estimate(float(np.median(ordered)), n=n)
    return _Estimate(float(np.median(ordered)), float(ordered[low]), float(ordered[high]), n)


def _emotion(people: pd.DataFrame, periods: Compared, _dataset: Dataset) -> Measured:
    return _felt(people, "all"), [_felt(people, number_) for number_ in _numbers(periods)]


def _felt(people: pd.DataFrame, name: str) -> _Estimate:
    n_scored = people[f"scored_{name}"]
    mean, low, high = mean_interval(people[f"emotion_{name}"], n_scored)
    return _Estimate(mean, low, high, int(n_scored.sum()), n_customers=int((n_scored > 0).sum()))


def _stretches(periods: Compared) -> list[Stretch]:
    return [each for each in (periods.latest, periods.previous) if each]


def _numbers(periods: Compared) -> list[str]:
    return [str(position) for position, _stretch in enumerate(_stretches(periods))]


_MEASURES = {
    "customers": _customers,
    "share_reaching_goal": _share,
    "median_days_to_goal": _days,
    "revenue": _revenue,
    "emotion": _emotion,
}


def headline(told: pd.DataFrame, strip: pd.DataFrame, goal: str | None) -> str:
    """Say in one sentence how it goes: where most leave before the goal, and how many reach it.

    Parameters
    ----------
    told
        What `figures` returned.
    strip
        What `journey_strip` returned.
    goal
        The stage that counts as success.
    """
    if told.empty:
        return _("Nobody is left by these filters. Widen the filters or the period.")
    if goal is None:
        return _("No stage is known yet, so nothing is said about reaching one.")
    reached, leaving = _reached(told, goal), _leaving(strip, goal)
    if reached and leaving:
        return _("{leaving}; {reached}.").format(leaving=leaving, reached=reached)
    if reached or leaving:
        return f"{reached or leaving}."
    return _("Too few customers to conclude anything.")


def _reached(told: pd.DataFrame, goal: str) -> str:
    share = told.set_index("figure").to_dict("index")["share_reaching_goal"]
    if not is_known(share["value"]):
        return ""
    return _("{share} {interval} reach {goal} so far").format(
        share=percent(share["value"]),
        interval=interval(percent(share["low"]), percent(share["high"])),
        goal=_named(goal),
    )


def _leaving(strip: pd.DataFrame, goal: str) -> str:
    rows = takewhile(lambda row: row["stage"] != goal, strip.to_dict("records"))
    before = [row for row in rows if has_base(row["customers"]) and is_known(row["left"])]
    worst = max(before, key=lambda row: float(row["left"]), default=None)
    if not worst or not worst["left"]:
        return ""
    return _("{leaving} leave at {stage}").format(
        leaving=percent(worst["share_leaving"]), stage=_named(str(worst["stage"]))
    )


def _named(stage: str) -> str:
    return stage[:1].upper() + stage[1:]
