"""Who the customers are: named groups found in what they did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from sklearn.decomposition import PCA

from journey.analysis.persona_features import Feature, Floats, matrix
from journey.analysis.persona_models import Fit, PersonaModel, fit
from journey.analysis.persona_names import Contrast, feature_label, persona_names, standout
from journey.analysis.persona_profiles import fitted_outcomes, profiles
from journey.dataset import Dataset, Filters

__all__ = ["PersonaModel", "Personas", "personas"]

LARGEST_MAP = 2_000
MOST_STANDOUTS = 3
#: Standardised difference from which a contrast is worth a line on a card.
WORTH_SAYING = 0.3


@dataclass(frozen=True)
class Stability:
    """How well the personas are found again in resamples of the customers: 1 always, 0 as by chance."""

    agreement: float
    jaccard: dict[str, float]


@dataclass(frozen=True, eq=False)
class Personas:
    """Personas of a dataset version; `profiles` describe the customers its filters leave, all else the whole version.

    `dataset` is the dataset with the personas laid beside its customers, to filter by and to break down by.
    """

    profiles: pd.DataFrame
    contrasts: pd.DataFrame
    stability: Stability
    choice: pd.DataFrame
    map: pd.DataFrame
    map_share_of_variance: float
    dataset: Dataset
    model: PersonaModel

    @property
    def names(self) -> tuple[str, ...]:
        return self.model.names

    @property
    def fitted_outcomes(self) -> tuple[str, ...]:
        """The columns of `profiles` that went into the grouping: across personas they are described, not tested."""
        return fitted_outcomes(self.dataset, self.model.features)

    def where(self, filters: Filters) -> Personas:
        """Describe the same personas for other filters; nothing is fitted again."""
        dataset = self.dataset.where(filters)
        described = _with_standouts(profiles(dataset, self.names), self.profiles.set_index("persona")["standouts"])
        return replace(self, dataset=dataset, profiles=described)


def personas(dataset: Dataset, n_personas: int | None = None, random_state: int = 0) -> Personas:
    """Find groups of customers who act alike, and name them by what sets them apart.

    Customers are laid out by their relation (recency, frequency, revenue, days between visits, share of returns to an
    earlier stage: log, robustly scaled, tails clipped), the square roots of the shares of channels and devices up to
    the goal and of stages (Hellinger), and their attributes; each of these blocks has a fixed say. k-means is fitted
    on at most 50,000 customers of the whole version, whatever the filters, and all are assigned. The number of groups
    is the one of 3–5 with the best silhouette among those found again in resamples (mean adjusted Rand index ≥ 0.75),
    else the one found again best; numbers that would make a group of fewer than 30 customers are passed over.

    Parameters
    ----------
    dataset
        Filters choose whom the profiles describe, not who is fitted: personas belong to the version.
    n_personas
        2–8, then groups may be small; None chooses among 3–5.
    random_state
        Seed of samples and starts; the same seed gives the same personas, in whatever order the rows came.

    Returns
    -------
    Personas
        `profiles`, one row per persona, the largest first: persona (its name), number (from 1), customers,
        share_of_customers [0, 1], revenue and revenue_per_customer (in the data's currency; missing without revenue),
        median_interactions, reached_goal (customers), share_reaching_goal with goal_low and goal_high (Wilson; missing
        without customers), median_days_to_goal (from the first interaction), emotion with low and high (−2 … +2, mean
        of n_scored answers of customers_scored customers, interval clustered by customer), goal with
        customers_with_goal and share_with_goal (most frequent value of an attribute that tells what customers want, of
        those who have one), lowest_touchpoint with lowest_emotion,
        lowest_n_scored (answers) and lowest_customers_scored (≥ 30), quote (the comment nearest to the mean feeling,
        personal details masked), channels and devices (up to three pairs of name and share of interactions), standouts
        (up to three sentences).

        `contrasts`, one row per persona and feature, the strongest first: persona, feature, label, inside, outside
        (median of a measure or mean share, in the persona and in the rest), standardised_difference (difference of the
        means on the tamed scale by the pooled standard deviation), is_share (inside and outside are shares, [0, 1]),
        in_fit (True: the groups were made by it, so it is descriptive and no test). `stability`; `choice`: n_personas,
        silhouette, stability, chosen; `map`: x, y, persona, customer_key of up to 2,000 customers on
        the first two principal components of the features, which hold `map_share_of_variance` of the variance.
        `fitted_outcomes` names the columns of `profiles` that went into the grouping.

    Raises
    ------
    ArgumentError
        When `n_personas` is not 2–8.
    NotEnoughDataError
        With fewer than 30 customers per persona, when too few differ, or when every number tried makes a group of
        fewer than 30.

    Examples
    --------
    >>> import journey, pandas as pd
    >>> days = pd.date_range("2025-01-01", periods=10)
    >>> kinds = (("read", "phone", 2), ("buy", "laptop", 9))
    >>> rows = [(f"{kind}{n}", day, kind, device) for kind, device, length in kinds
    ...         for n in range(60) for day in days[: length - n % 2]]
    >>> log = pd.DataFrame(rows, columns=["customer_id", "timestamp", "touchpoint", "device"])
    >>> found = journey.personas(journey.load(log), n_personas=2)
    >>> found.profiles["customers"].tolist()
    [60, 60]
    """
    found = fit(dataset, n_personas, random_state)
    places = matrix(found.model.features, found.raw)
    contrasts = [_contrasts(found, places, group) for group in range(len(found.model.centres))]
    labels = {each.name: each.label for each in dataset.facts.attributes}
    model = found.model.named(persona_names(contrasts, labels))
    dataset = dataset.with_personas(model.side_table, model.membership(found.raw["customer_key"], found.labels))
    standouts = pd.Series([_standouts(each, labels) for each in contrasts], index=pd.Index(model.names, name="persona"))
    points, share = _map(found, places, model.names, random_state)
    return Personas(
        profiles=_with_standouts(profiles(dataset, model.names), standouts),
        contrasts=_contrast_table(contrasts, model, labels),
        stability=Stability(found.agreement, dict(zip(model.names, found.jaccard, strict=True))),
        choice=found.choice,
        map=points,
        map_share_of_variance=share,
        dataset=dataset,
        model=model,
    )


def _contrasts(found: Fit, places: Floats, group: int) -> list[Contrast]:
    """Compare one group with all other customers on every feature, the strongest difference first."""
    is_inside = found.labels == group
    inside, outside = places[is_inside], places[~is_inside]
    spread = np.sqrt((inside.var(axis=0) * len(inside) + outside.var(axis=0) * len(outside)) / max(len(places) - 2, 1))
    gap = inside.mean(axis=0) - outside.mean(axis=0)
    beyond = np.where(gap == 0, 0.0, np.copysign(np.inf, gap))
    differences = np.where(spread > 0, gap / np.where(spread > 0, spread, 1), beyond)
    compared = []
    for feature, difference in zip(found.model.features, differences, strict=True):
        raw = found.raw[feature.name].to_numpy(np.float64)
        compared.append(
            Contrast(feature, _typical(feature, raw[is_inside]), _typical(feature, raw[~is_inside]), float(difference))
        )
    return sorted(compared, key=lambda each: (-abs(each.difference), each.feature.name))


def _typical(feature: Feature, raw: Floats) -> float:
    known = raw[~np.isnan(raw)]
    if not len(known):
        return float("nan")
    is_heavy_tailed = feature.is_measure and feature.of != "share_of_returns"
    return float(np.median(known) if is_heavy_tailed else known.mean())


def _standouts(contrasts: Sequence[Contrast], labels: dict[str, str]) -> tuple[str, ...]:
    said = [each for each in contrasts if abs(each.difference) >= WORTH_SAYING]
    return tuple(
        standout(feature_label(each.feature, labels), each.inside, each.outside, is_share=each.is_share)
        for each in said[:MOST_STANDOUTS]
    )


def _with_standouts(table: pd.DataFrame, standouts: pd.Series[str]) -> pd.DataFrame:
    return table.assign(standouts=[standouts[name] for name in table["persona"]])


def _contrast_table(
    contrasts: Sequence[Sequence[Contrast]], model: PersonaModel, labels: dict[str, str]
) -> pd.DataFrame:
    features = set(model.features)
    rows = [
        {
            "persona": name,
            "feature": each.feature.name,
            "label": feature_label(each.feature, labels),
            "inside": each.inside,
            "outside": each.outside,
            "standardised_difference": each.difference,
            "is_share": each.is_share,
            "in_fit": each.feature in features,
        }
        for name, found in zip(model.names, contrasts, strict=True)
        for each in found
    ]
    return pd.DataFrame(rows)


def _map(found: Fit, places: Floats, names: Sequence[str], seed: int) -> tuple[pd.DataFrame, float]:
    rows = np.arange(len(places))
    if len(rows) > LARGEST_MAP:
        rows = np.sort(np.random.default_rng(seed).choice(rows, LARGEST_MAP, replace=False))
    if places.shape[1] < 2:
        places = np.column_stack([places, np.zeros(len(places))])
    axes = PCA(2, svd_solver="covariance_eigh").fit(places[rows])
    points = axes.transform(places[rows])
    table = pd.DataFrame(
        {
            "x": points[:, 0],
            "y": points[:, 1],
            "persona": [names[label] for label in found.labels[rows]],
            "customer_key": found.raw["customer_key"].to_numpy()[rows],
        }
    )
    return table, float(axes.explained_variance_ratio_.sum())
