"""Small made-up companies: people at random, and the exact tables of a dashboard about them, counted by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np
import pandas as pd

from journey.dataset import Filters
from journey.reports.views import Collected, Cut, Tables, View

STAGES = ("see", "try", "buy")
LEFT, OPEN = "(left)", "(still on their way)"
_FLOW_STEPS = 2


@dataclass(frozen=True)
class Person:
    """One customer with one journey."""

    persona: str | None
    country: str
    path: tuple[str, ...]
    scored: frozenset[str]
    is_open: bool


def people(rng: np.random.Generator, n: int) -> list[Person]:
    """Draw people; some of no persona, some countries rare."""
    return [_person(rng) for _person_number in range(n)]


def _person(rng: np.random.Generator) -> Person:
    path = rng.choice(STAGES, size=rng.integers(1, 5), p=[0.5, 0.3, 0.2])
    path = tuple(stage for stage, _same in groupby(str(stage) for stage in path))
    return Person(
        persona=[None, "A", "B", "C"][rng.choice(4, p=[0.08, 0.5, 0.3, 0.12])],
        country=str(rng.choice(["x", "y", "z"], p=[0.6, 0.33, 0.07])),
        path=path,
        scored=frozenset(stage for stage in path if rng.random() < 0.5),
        is_open=bool(rng.random() < 0.2),
    )


def collected(everybody: Sequence[Person]) -> Collected:
    """Count everybody, and by persona and country."""
    views = [View(None, None, "Everything", tables(everybody))]
    views += _cut(everybody, "persona", lambda person: person.persona, lambda value: Filters(personas=(value,)))
    views += _cut(
        everybody, "country", lambda person: person.country, lambda value: Filters(attributes=(("country", (value,)),))
    )
    return Collected(
        views=tuple(views),
        cuts=(Cut("persona", "persona", parts_customers=True), Cut("country", "country", parts_customers=True)),
        stages=STAGES,
        goal="buy",
        currency=None,
        has_revenue=False,
        time_zone="UTC",
        dataset_version="1",
        all_customers=len(everybody),
        emotion_by="stage",
        funnel_by="stage",
    )


def _cut(
    everybody: Sequence[Person], name: str, value_of: Callable[[Person], str | None], filters: Callable[[str], Filters]
) -> list[View]:
    values = sorted({value for person in everybody if (value := value_of(person)) is not None})
    parts = [(value, [person for person in everybody if value_of(person) == value]) for value in values]
    return [View(name, value, value, tables(part), filters(value)) for value, part in parts]


def tables(group: Sequence[Person]) -> Tables:
    """Count the tables of one view."""
    funnel, lost = _funnel(group)
    feelings = ["emotion", "low", "high", "n_scored", "interactions", "customers", "customers_scored"]
    return Tables(
        customers=len(group),
        interactions=sum(len(person.path) for person in group),
        first=None,
        last=None,
        figures=pd.DataFrame(columns=["figure", "value"]),
        strip=pd.DataFrame([_stage(group, place) for place in range(len(STAGES))]),
        returns=pd.DataFrame(columns=["source", "target", "customers"]),
        reach=pd.DataFrame(columns=["by", "stage", "name", "customers", "is_foreign"]),
        worst=pd.DataFrame(columns=["stage", "touchpoint", "customers_scored"]),
        flow=_flow(group),
        funnel=funnel,
        lost=lost,
        emotion=pd.DataFrame(columns=["stage", *feelings]),
        moments=pd.DataFrame(columns=["kind", "touchpoint", *feelings]),
    )


def _stage(group: Sequence[Person], place: int) -> dict[str, object]:
    stage, later = STAGES[place], STAGES[place + 1 :]
    met = [person for person in group if stage in person.path]
    on = [person for person in met if set(person.path[person.path.index(stage) :]) & set(later)]
    n_open = sum(person.is_open for person in met if person not in on)
    scored = [person for person in met if stage in person.scored]
    is_last = not later
    return {
        "stage": stage,
        "customers": len(met),
        "share_of_all": len(met) / len(group),
        "emotion": 0.5 if scored else np.nan,
        "low": np.nan,
        "high": np.nan,
        "n_scored": len(scored),
        "customers_scored": len(scored),
        "gone_on": np.nan if is_last else len(on),
        "left": np.nan if is_last else len(met) - len(on) - n_open,
        "share_leaving": np.nan,
        "still_open": np.nan if is_last else n_open,
    }


def _funnel(group: Sequence[Person]) -> tuple[pd.DataFrame, pd.DataFrame]:
    at = [(person, person.path.index(STAGES[0])) for person in group if STAGES[0] in person.path]
    rows = [_step(STAGES[0], len(at), 0, 0)]
    went: list[dict[str, object]] = []
    for before, step in pairwise(STAGES):
        on = [(person, person.path.index(step, place)) for person, place in at if step in person.path[place:]]
        stay = [(person, place) for person, place in at if step not in person.path[place:]]
        gone = [(person, place) for person, place in stay if not person.is_open]
        rows.append(_step(step, len(on), len(stay) - len(gone), len(gone)))
        after = Counter((*person.path, LEFT)[place + 1] for person, place in gone)
        went += [{"step": before, "next": name, "customers": n, "share_of_lost": n} for name, n in after.items()]
        at = on
    return pd.DataFrame(rows), pd.DataFrame(went, columns=["step", "next", "customers", "share_of_lost"])


def _step(step: str, customers: int, still_open: int, lost: int) -> dict[str, object]:
    missing = dict.fromkeys(("share_of_all", "share_of_first", "share_of_previous", "low", "high"), np.nan)
    seconds = dict.fromkeys(("median_seconds", "median_seconds_from_first"), np.nan)
    counts = {"from_previous": customers, "still_open": still_open, "lost": lost}
    return {"step": step, "customers": customers, **missing, **counts, **seconds}


def _flow(group: Sequence[Person]) -> pd.DataFrame:
    moves: Counter[tuple[int, str, str]] = Counter()
    for person in group:
        told = (*person.path, OPEN if person.is_open else LEFT)
        moves.update((place + 1, told[place], told[place + 1]) for place in range(min(len(told) - 1, _FLOW_STEPS)))
    kinds = {LEFT: "left", OPEN: "open"}
    return pd.DataFrame(
        [
            {
                "position": position,
                "source": source,
                "target": target,
                "customers": n,
                "journeys": n,
                "median_seconds": np.nan,
                "returns": 0,
                "is_return": False,
                "source_kind": "named",
                "target_kind": kinds.get(target, "named"),
            }
            for (position, source, target), n in sorted(moves.items())
        ]
    )
