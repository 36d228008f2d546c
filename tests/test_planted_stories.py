"""The stories planted in the sample company's year are found, and nothing is found in copies without them."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

import journey
from journey.analysis.finding_candidates import Candidate
from journey.analysis.finding_log import Coded, Log, log_of
from journey.analysis.findings import found_in
from journey.analysis.overview import figures
from journey.dataset import Dataset
from journey.demo import stories

SAMPLE = Path(__file__).parents[1] / "sample_data"
N_FIRST = 10
N_SHUFFLES = 6


@pytest.fixture(scope="module")
def year() -> Dataset:
    return journey.load(SAMPLE / "interactions.csv", customers=SAMPLE / "customers.csv", spend=SAMPLE / "spend.csv")


@pytest.fixture(scope="module")
def findings(year: Dataset) -> pd.DataFrame:
    return journey.findings(year)


def one(findings: pd.DataFrame, **settings: str) -> pd.Series[object]:
    """Pick the finding with these settings."""
    chosen = findings
    for column, value in settings.items():
        chosen = chosen[chosen[column] == value]
    assert len(chosen) == 1, f"{settings}: {chosen['finding'].tolist()}"
    return chosen.iloc[0]


def checkout_bug(findings: pd.DataFrame) -> pd.Series[object]:
    # Ids stitched, many who begin on a phone go on at a laptop: the weeks tell it, and the phone does not.
    return one(findings[findings["start"].notna()], kind="stretch", stage="consideration")


def autumn_campaign(findings: pd.DataFrame) -> pd.Series[object]:
    return one(findings, kind="stretch", stage="awareness", breakdown="channel", value="Paid social")


#: Stories of sample_data/README.md by number, as a finding tells them.
TOLD: dict[str, Callable[[pd.DataFrame], pd.Series[object]]] = {
    "1 checkout bug": checkout_bug,
    "3 phone to laptop in the middle of the sign-up": lambda found: one(
        found, kind="switch", from_value="phone", to_value="laptop", stage="consideration"
    ),
    "4 guided import delights": lambda found: one(found, kind="feeling", where="Guided import"),
    "7 win-back e-mail": lambda found: one(found, kind="return", where="Win-back e-mail"),
    "9 Romanian cards are refused": lambda found: one(found, kind="group", breakdown="country", value="Romania"),
    "10 large companies want to be shown": lambda found: one(found, kind="touchpoint", where="Product demo"),
    "11 autumn campaign": autumn_campaign,
}


@pytest.mark.parametrize("story", TOLD)
def test_a_planted_story_is_found(findings: pd.DataFrame, story: str) -> None:
    assert TOLD[story](findings)["adjusted_p"] <= 0.05  # type: ignore[operator]


def test_at_least_four_stories_are_among_the_first_ten(findings: pd.DataFrame) -> None:
    first = set(findings["finding"].head(N_FIRST))
    told = [story for story, find in TOLD.items() if find(findings)["finding"] in first]
    assert len(told) >= 4, told


def test_the_weeks_of_the_checkout_bug_are_named(findings: pd.DataFrame) -> None:
    bug = checkout_bug(findings)
    begins, ends = (moment.date() for moment in stories.CHECKOUT_BUG)
    assert abs(bug["start"] - begins) <= datetime.timedelta(days=7)  # type: ignore[operator]
    assert abs(bug["end"] - ends) <= datetime.timedelta(days=7)  # type: ignore[operator]
    assert bug["here"] < 0.7 * bug["rest"]  # type: ignore[operator]


def test_the_checkout_error_is_the_worst_moment(findings: pd.DataFrame) -> None:
    assert one(findings[findings["difference"] < 0], kind="feeling")["where"] == "Checkout error"


def test_slow_support_answers_are_felt(findings: pd.DataFrame) -> None:
    slow = one(findings, kind="feeling_after_wait", where="Support ticket opened")
    assert slow["here"] < 0 < slow["rest"]  # type: ignore[operator]


def test_the_community_persona_is_found_and_renews(year: Dataset) -> None:
    found = journey.personas(year)
    [community] = [name for name in found.names if "Community" in name]
    profiles = found.profiles.set_index("persona")
    others = profiles.drop(index=community)
    assert profiles.loc[community, "emotion"] > others["high"].max()
    assert profiles.loc[community, "revenue_per_customer"] > others["revenue_per_customer"].max()
    retention = found.contrasts[
        (found.contrasts["persona"] == community) & (found.contrasts["feature"] == "stage=retention")
    ]
    assert retention["standardised_difference"].iloc[0] > 0.5
    assert any("Mobile" in name for name in found.names)
    assert found.stability.agreement > 0.75


def test_the_figures_of_the_year_are_told_with_their_change(year: Dataset) -> None:
    told = figures(year).set_index("figure")
    assert told["value"].notna().all()
    assert told["change"].notna().all()
    assert told["latest_period"].iloc[0] == "1 Oct – 31 Dec 2025"


# --- Copies without effects ------------------------------------------------------------------------------------------


def test_attributes_dealt_out_anew_say_nothing(year: Dataset) -> None:
    def without(log: Log, chance: np.random.Generator) -> Log:
        return replace(log, groups=dealt_out(log, chance))

    assert mean_found(year, without, lambda each: each.place.breakdown not in (None, "channel", "device")) <= 1


def test_interactions_dealt_out_anew_say_nothing(year: Dataset) -> None:
    def without(log: Log, chance: np.random.Generator) -> Log:
        order = chance.permutation(len(log.customer))
        named = {name: Coded(held.codes[order], held.names) for name, held in log.named.items()}
        groups = dealt_out(log, chance) | first_known(log, named)
        emotion = chance.permutation(log.emotion)
        return replace(log, stage=log.stage[order], named=named, groups=groups, emotion=emotion)

    assert mean_found(year, without, lambda _each: True) <= 1


def test_devices_channels_and_feelings_dealt_out_anew_say_nothing(year: Dataset) -> None:
    def without(log: Log, chance: np.random.Generator) -> Log:
        named = dict(log.named)
        for name in ("device", "channel"):
            named[name] = Coded(chance.permutation(named[name].codes), named[name].names)
        groups = {**log.groups, **first_known(log, named)}
        return replace(log, named=named, groups=groups, emotion=chance.permutation(log.emotion))

    def rests_on_them(each: Candidate) -> bool:
        return each.kind.startswith("feeling") or each.place.breakdown in ("channel", "device")

    assert mean_found(year, without, rests_on_them) <= 1


def dealt_out(log: Log, chance: np.random.Generator) -> dict[str, Coded]:
    """Give each customer the attributes of another."""
    order = chance.permutation(log.n_customers)
    return {
        name: held if name in ("channel", "device") else Coded(held.codes[order], held.names)
        for name, held in log.groups.items()
    }


def first_known(log: Log, named: dict[str, Coded]) -> dict[str, Coded]:
    groups = {}
    for name in ("channel", "device"):
        known = np.flatnonzero(named[name].codes >= 0)
        customers, first = np.unique(log.customer[known], return_index=True)
        codes = np.full(log.n_customers, -1)
        codes[customers] = named[name].codes[known[first]]
        groups[name] = Coded(codes, named[name].names)
    return groups


def mean_found(
    year: Dataset, without: Callable[[Log, np.random.Generator], Log], counts: Callable[[Candidate], bool]
) -> float:
    log = log_of(year)
    assert log is not None
    found = []
    for seed in range(N_SHUFFLES):
        shuffled = without(log, np.random.default_rng(seed))
        shuffled = replace(shuffled, named=MappingProxyType(dict(shuffled.named)))
        found.append(sum(counts(each) for each, _p in found_in(shuffled)))
    return float(np.mean(found))
