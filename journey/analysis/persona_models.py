"""Groups of alike customers: how many there are, how firm they are, and who belongs to which."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from journey.analysis.dimensions import unfiltered
from journey.analysis.persona_features import Asked, Feature, Floats, asked, fitted, matrix, raw_features
from journey.analysis.statistics import has_base
from journey.dataset import Dataset
from journey.errors import ArgumentError, NotEnoughDataError
from journey.language import _
from journey.vocabulary import MINIMUM_BASE

Labels = npt.NDArray[np.int64]

CHOSEN_AMONG = (3, 4, 5)
FEWEST, MOST = 2, 8
LARGEST_FIT = 50_000
LARGEST_TRIAL = 3_000
N_RESAMPLES = 10
#: Mean adjusted Rand index from which a number of personas counts as found again.
STABLE_FROM = 0.75


@dataclass(frozen=True)
class PersonaModel:
    """A frozen way to tell personas apart; customers who come later are assigned to the nearest centre."""

    asked: Asked
    features: tuple[Feature, ...]
    centres: tuple[tuple[float, ...], ...]
    names: tuple[str, ...] = ()

    @property
    def side_table(self) -> str:
        """Name of the table that says who belongs where, the same for the same model."""
        return "personas_" + hashlib.sha256(repr(self).encode()).hexdigest()[:12]

    def assigned(self, raw: pd.DataFrame) -> Labels:
        """Number the nearest centre of each measured customer, from 0."""
        return _nearest(matrix(self.features, raw), np.array(self.centres))

    def named(self, names: Sequence[str]) -> PersonaModel:
        return replace(self, names=tuple(names))

    def beside(self, dataset: Dataset) -> Dataset:
        """Lay the personas beside the customers of the dataset's version."""
        if dataset.engine.has_table(self.side_table):
            return replace(dataset, personas=self.side_table)
        whole = unfiltered(dataset)
        raw = raw_features(whole, self.asked)
        return dataset.with_personas(self.side_table, self.membership(raw["customer_key"], self.assigned(raw)))

    def membership(self, customer_keys: pd.Series[int], labels: Labels) -> pa.Table:
        return pa.table({"customer_key": customer_keys.to_numpy(), "persona": np.array(self.names)[labels].tolist()})


@dataclass(frozen=True)
class Fit:
    """A model with what was learnt on the way to it."""

    model: PersonaModel
    raw: pd.DataFrame
    labels: Labels
    choice: pd.DataFrame
    agreement: float
    jaccard: tuple[float, ...]


def fit(dataset: Dataset, n_personas: int | None, random_state: int) -> Fit:
    """Find personas in the whole version, the largest first."""
    if n_personas is not None and not FEWEST <= n_personas <= MOST:
        raise ArgumentError.out_of_range("n_personas", n_personas, FEWEST, MOST)
    whole = unfiltered(dataset)
    candidates = CHOSEN_AMONG if n_personas is None else (n_personas,)
    _require_customers(whole.summary.customers, min(candidates) * MINIMUM_BASE)
    question = asked(whole)
    raw = raw_features(whole, question)
    features = fitted(raw, question)
    places = matrix(features, raw) if features else np.zeros((len(raw), 0))
    n_different = len(np.unique(_sampled(places, LARGEST_TRIAL, random_state), axis=0))
    _require_customers(n_different, max(candidates), _("Personas of customers who differ"))
    # Threads that wait for each other on a busy machine make this ten times slower; one by one it is also repeatable.
    with threadpool_limits(limits=1):
        return _fit(PersonaModel(question, features, ()), raw, places, candidates, random_state)


def _firm(tried: Sequence[_Trial], places: Floats, seed: int) -> tuple[_Trial, Floats]:
    """Choose the first number of personas, the best first, of which none has too few customers."""
    most = 0
    for trial in _best_first(tried):
        centres = _largest_first(places, trial.k, seed)
        smallest = int(np.bincount(_nearest(places, centres), minlength=trial.k).min())
        if has_base(smallest):
            return trial, centres
        most = max(most, smallest)
    raise NotEnoughDataError.too_few_customers(_("The smallest personas"), most, MINIMUM_BASE)


def _largest_first(places: Floats, k: int, seed: int) -> Floats:
    centres = _centres(_sampled(places, LARGEST_FIT, seed), k, seed, n_starts=3)
    sizes = np.bincount(_nearest(places, centres), minlength=k)
    return centres[np.lexsort((*centres.T, -sizes))]


def _require_customers(n_found: int, n_needed: int, purpose: str | None = None) -> None:
    if n_found < n_needed:
        raise NotEnoughDataError.too_few_customers(purpose or _("Personas"), n_found, n_needed)


def _fit(model: PersonaModel, raw: pd.DataFrame, places: Floats, candidates: Sequence[int], seed: int) -> Fit:
    trial = _sampled(places, LARGEST_TRIAL, seed)
    tried = [_Trial.of(trial, k, seed) for k in candidates if k * MINIMUM_BASE <= len(places)]
    if len(candidates) == 1:
        # Whoever asks for a number gets it; its cards say where customers are too few.
        best, centres = tried[0], _largest_first(places, tried[0].k, seed)
    else:
        best, centres = _firm(tried, places, seed)
    choice = pd.DataFrame(
        {
            "n_personas": [each.k for each in tried],
            "silhouette": [each.silhouette for each in tried],
            "stability": [each.agreement for each in tried],
            "chosen": [each is best for each in tried],
        }
    )
    return Fit(
        model=replace(model, centres=tuple(tuple(map(float, centre)) for centre in centres)),
        raw=raw,
        labels=_nearest(places, centres),
        choice=choice,
        agreement=best.agreement,
        jaccard=best.jaccard(_nearest(trial, centres)),
    )


@dataclass(frozen=True, eq=False)
class _Trial:
    """One number of personas, tried on a sample and found again, or not, in resamples of it."""

    k: int
    silhouette: float
    agreement: float
    found_again: tuple[Labels, ...]

    @classmethod
    def of(cls, places: Floats, k: int, seed: int) -> _Trial:
        chance = np.random.default_rng([seed, k])
        labels = _nearest(places, _centres(places, k, seed))
        resamples = [np.sort(chance.choice(len(places), len(places))) for _resample in range(N_RESAMPLES)]
        found = tuple(
            _nearest(places, _centres(places[rows], k, seed + number)) for number, rows in enumerate(resamples, start=1)
        )
        return cls(
            k=k,
            silhouette=float(silhouette_score(places, labels)) if len(np.unique(labels)) > 1 else float("nan"),
            agreement=float(np.mean([adjusted_rand_score(labels, other) for other in found])),
            found_again=found,
        )

    def jaccard(self, labels: Labels) -> tuple[float, ...]:
        """For each group the mean overlap with the group most like it in the resamples (C. Hennig, CSDA 52 (2007))."""
        return tuple(
            float(np.mean([_best_overlap(labels == group, found) for found in self.found_again]))
            for group in range(self.k)
        )


def _best_overlap(group: npt.NDArray[np.bool_], found: Labels) -> float:
    others = [found == other for other in np.unique(found)]
    return max(float((group & other).sum() / max((group | other).sum(), 1)) for other in others)


def _best_first(tried: Sequence[_Trial]) -> list[_Trial]:
    """Order the numbers found again in resamples by silhouette; behind them the others, those found best first."""

    def rank(trial: _Trial) -> tuple[bool, float]:
        is_stable = trial.agreement >= STABLE_FROM
        return is_stable, trial.silhouette if is_stable else trial.agreement

    return sorted(tried, key=rank, reverse=True)


def _sampled(places: Floats, most: int, seed: int) -> Floats:
    if len(places) <= most:
        return places
    return places[np.sort(np.random.default_rng(seed).choice(len(places), most, replace=False))]


def _centres(places: Floats, k: int, seed: int, n_starts: int = 3) -> Floats:
    return np.asarray(KMeans(k, n_init=n_starts, random_state=seed).fit(places).cluster_centers_, dtype=np.float64)


def _nearest(places: Floats, centres: Floats) -> Labels:
    # |x − c|² without |x|², which is the same for every centre.
    return np.asarray(np.argmin((centres**2).sum(axis=1) - 2 * places @ centres.T, axis=1), dtype=np.int64)
