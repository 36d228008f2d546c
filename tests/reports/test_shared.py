from __future__ import annotations

import datetime
import json
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

import journey
from journey.analysis.finding_candidates import Candidate, Place
from journey.analysis.findings import findings
from journey.analysis.personas import Personas
from journey.dataset import Filters
from journey.reports import headlines
from journey.reports.choices import Choices, Quote
from journey.reports.collecting import views_of
from journey.reports.protected_findings import protected_findings, protecting
from journey.reports.protection import Guard
from journey.reports.protection.cells import Cell
from journey.reports.protection.strips import met
from journey.reports.shared import Shared, shared
from journey.reports.views import Collected, Tables, View

KEY = b"a secret of the dataset, 32 long"
MADE_AT = datetime.datetime(2026, 1, 5, 12, tzinfo=datetime.UTC)
FARTHEST, FEWEST_TOLD = 2, 10

#: What names a row, and what stands in it: counts, means of so many customers, and lengths of time and money.
KEYS = {
    "figures": ["figure"],
    "strip": ["stage"],
    "returns": ["source", "target"],
    "reach": ["by", "stage", "name"],
    "worst": ["stage", "touchpoint"],
    "flow": ["position", "source", "target"],
    "funnel": ["step"],
    "lost": ["step", "next"],
    "emotion": ["stage"],
    "moments": ["kind", "touchpoint"],
    "profiles": ["persona"],
}
COUNTS = (
    "customers", "customers_scored", "gone_on", "left", "still_open", "customers_at_source", "from_previous", "lost",
    "reached_goal", "customers_with_goal", "lowest_customers_scored",
)  # fmt: skip
#: What customers did several times, and the customers who did: moved as these are, and by two more.
AMOUNTS = {"n_scored": "customers_scored", "interactions": "customers", "journeys": "customers"}
MEANS = {"emotion": "customers_scored", "low": "customers_scored", "high": "customers_scored"}
COARSE = ("median_seconds", "median_seconds_from_first", "median_days_to_goal", "median_interactions")
#: Shares follow from told counts: of these two columns of the same row.
SHARES = {
    ("strip", "share_leaving"): ("left", "customers"),
    ("returns", "share_of_customers_at_source"): ("customers", "customers_at_source"),
    ("profiles", "share_reaching_goal"): ("reached_goal", "customers"),
}


def sample(dataset: journey.Dataset, personas: Personas, *cuts: str) -> tuple[Collected, Shared]:
    choices = Choices("Sample", datetime.date(2026, 3, 31), cuts=cuts)
    return (
        views_of(dataset, personas, choices),
        shared(dataset, personas, choices, KEY, made_at=MADE_AT),
    )


@pytest.fixture(scope="module")
def demo() -> tuple[journey.Dataset, Personas]:
    dataset = journey.load("sample_data/interactions.csv", customers="sample_data/customers.csv")
    return dataset, journey.personas(dataset)


@pytest.fixture(scope="module")
def both(demo: tuple[journey.Dataset, Personas]) -> tuple[Collected, Shared]:
    return sample(*demo, "persona", "country")


def told_views(exact: Collected, told: Collected) -> Iterator[tuple[View, View]]:
    by_name = {(view.cut, view.value): view for view in exact.views}
    return ((by_name[view.cut, view.value], view) for view in told.views)


def side_by_side(exact: Tables, told: Tables, name: str) -> pd.DataFrame:
    exact_table, told_table = getattr(exact, name), getattr(told, name)
    if told_table is None:
        return pd.DataFrame()
    merged = told_table.merge(exact_table, on=KEYS[name], suffixes=("", "_exact"), validate="one_to_one")
    assert len(merged) == len(told_table)
    return merged


@pytest.mark.parametrize("name", list(KEYS))
def test_every_count_told_is_the_apps_but_for_two(name: str, both: tuple[Collected, Shared]) -> None:
    exact, told = both
    n_told = 0
    for mine, theirs in told_views(exact, told.tables):
        rows = side_by_side(mine.tables, theirs.tables, name)
        for column in (each for each in COUNTS if f"{each}_exact" in rows):
            apart = (rows[column] - rows[f"{column}_exact"]).abs()
            assert apart.max() <= FARTHEST or apart.isna().all(), (theirs.label, column)
            n_told += int(apart.notna().sum())
    assert n_told or name == "figures"


@pytest.mark.parametrize("name", ["strip", "worst", "emotion", "moments", "profiles"])
def test_every_mean_told_is_the_apps_but_for_what_two_customers_move_and_its_last_digit(
    name: str, both: tuple[Collected, Shared]
) -> None:
    for mine, theirs in told_views(both[0], both[1].tables):
        rows = side_by_side(mine.tables, theirs.tables, name)
        for column, base in MEANS.items():
            if f"{column}_exact" in rows:
                apart = (rows[column] - rows[f"{column}_exact"]).abs()
                assert not (apart > FARTHEST / rows[base] + 0.05 + 1e-9).any(), (theirs.label, column)


@pytest.mark.parametrize("name", ["strip", "worst", "emotion", "moments", "flow", "profiles"])
def test_every_amount_told_is_the_apps_but_for_that_of_two_customers_and_two(
    name: str, both: tuple[Collected, Shared]
) -> None:
    for mine, theirs in told_views(both[0], both[1].tables):
        rows = side_by_side(mine.tables, theirs.tables, name)
        for column, base in AMOUNTS.items():
            if f"{column}_exact" in rows:
                each = rows[f"{column}_exact"] / rows[f"{base}_exact"]
                apart = (rows[column] - rows[f"{column}_exact"]).abs()
                # Interactions are mostly of those whom the table is not about: two digits of them are enough.
                coarse = 0.05 * rows[f"{column}_exact"] if column == "interactions" else 0.5
                assert not (apart > FARTHEST * each + FARTHEST + coarse).any(), (theirs.label, column)


@pytest.mark.parametrize("name", ["returns", "flow", "funnel", "profiles"])
def test_every_length_of_time_has_two_digits_and_is_moved_as_its_customers_are(
    name: str, both: tuple[Collected, Shared]
) -> None:
    for mine, theirs in told_views(both[0], both[1].tables):
        rows = side_by_side(mine.tables, theirs.tables, name)
        for column in (each for each in COARSE if f"{each}_exact" in rows):
            known = rows[rows[column].notna()]
            assert known[column].tolist() == [float(f"{each:.2g}") for each in known[column]]
            farthest = known[f"{column}_exact"] * (FARTHEST / (FEWEST_TOLD - FARTHEST) + 0.05)
            assert ((known[column] - known[f"{column}_exact"]).abs() <= farthest).all(), (theirs.label, column)


def test_every_share_follows_from_the_counts_beside_it(both: tuple[Collected, Shared]) -> None:
    for _mine, theirs in told_views(both[0], both[1].tables):
        for (name, column), (part, whole) in SHARES.items():
            table = getattr(theirs.tables, name)
            if table is not None:
                known = table[table[column].notna()]
                assert np.allclose(known[column], known[part] / known[whole])
        strip, funnel = theirs.tables.strip, theirs.tables.funnel
        assert np.allclose(strip["share_of_all"].dropna(), (strip["customers"] / theirs.tables.customers).dropna())
        assert funnel is not None
        known = funnel[funnel["share_of_previous"].notna()]
        before = funnel["customers"].shift().loc[known.index]
        assert np.allclose(known["share_of_previous"], known["from_previous"] / before)


def test_figures_are_the_apps_but_for_what_is_announced(both: tuple[Collected, Shared]) -> None:
    for mine, theirs in told_views(both[0], both[1].tables):
        exact, told = (each.tables.figures.set_index("figure") for each in (mine, theirs))
        for figure in ("customers", "share_reaching_goal", "revenue", "median_days_to_goal", "emotion"):
            value, true, n = told.loc[figure, "value"], exact.loc[figure, "value"], exact.loc["customers", "n"]
            if np.isnan(value):
                continue
            farthest = {
                "customers": FARTHEST,
                "share_reaching_goal": 2 * FARTHEST / (n - FARTHEST),
                "emotion": FARTHEST / (mine.tables.emotion["customers_scored"].max() - FARTHEST) + 0.05,
            }.get(figure, (FARTHEST / (FEWEST_TOLD - FARTHEST) + 0.05) * abs(true) + 1e-9)
            assert abs(value - true) <= farthest, (theirs.label, figure)


def test_the_sentences_of_the_whole_name_the_same_places_as_the_apps(both: tuple[Collected, Shared]) -> None:
    exact, told = both
    for say in (headlines.overview_page, headlines.flows, headlines.funnel, headlines.emotions):
        names = [[word for word in say(each, each.whole)[0].split() if word.isalpha()] for each in (exact, told.tables)]
        assert names[0] == names[1]
    # Two personas reach the goal equally seldom: which of them is named as the last one the noise decides.
    best = [headlines.personas(each, each.whole)[0].split("”")[0].partition("“")[2] for each in (exact, told.tables)]
    assert best[0] == best[1] != ""


def test_no_comment_is_in_the_map_but_those_that_were_picked(demo: tuple[journey.Dataset, Personas]) -> None:
    picked = Quote("It spins for ever.", "purchase", "Checkout error")
    choices = Choices("Sample", datetime.date(2026, 3, 31), quotes=(picked,))
    told = shared(*demo, choices, KEY, made_at=MADE_AT).tables
    cells = headlines.map_of(told, told.whole).lane("words").cells
    assert [(cell.stage, cell.text, cell.base) for cell in cells] == [
        ("purchase", "“It spins for ever.”", "one customer at Checkout error")
    ]


def test_the_document_is_bytes_and_says_when_it_was_made(both: tuple[Collected, Shared]) -> None:
    document = both[1].document("linked")
    assert len(document) < 2_000_000
    assert document.startswith(b"<!doctype html>")
    assert "5 Jan 2026" in document.decode()
    assert both[1].policy.startswith("default-src 'none'")
    assert both[1].n_views == 12


def test_what_was_left_out_is_told_in_words(demo: tuple[journey.Dataset, Personas]) -> None:
    choices = Choices("Sample", datetime.date(2026, 3, 31), cuts=("country",), least=200)
    found = shared(*demo, choices, KEY, made_at=MADE_AT)
    assert {"Netherlands", "Spain"} <= set(found.left_out)
    assert "Netherlands" in found.suppressed


# --- Findings ----------------------------------------------------------------------------------------------------


def candidate(**more: object) -> Candidate:
    held: dict[str, object] = {
        "kind": "group",
        "place": Place(stage="see", breakdown="plan", value="pro"),
        "here": 0.25,
        "rest": 0.5,
        "difference": -0.25,
        "low": -0.35,
        "high": -0.15,
        "p_value": 0.001,
        "n_here": 100,
        "n_rest": 200,
        "n_concerned": 100.0,
        "worth": 10.0,
    }
    return Candidate(**{**held, **more})  # type: ignore[arg-type]


def told(found: Candidate, *, has_price: bool = True) -> Candidate | None:
    return protecting(Guard(KEY, 10), Filters(), has_price=has_price)(found)


def test_both_sides_of_a_finding_are_counts_moved_by_two_at_most() -> None:
    found = told(candidate())
    assert found is not None
    assert abs(found.n_here - 100) <= FARTHEST
    assert abs(found.here * found.n_here - 25) <= FARTHEST
    assert abs(found.rest * found.n_rest - 100) <= FARTHEST
    assert round(found.here * found.n_here, 9).is_integer()
    assert found.difference == pytest.approx(found.here - found.rest)
    assert found.high - found.low == pytest.approx(0.2)


def test_the_same_finding_is_told_with_the_same_numbers_each_time() -> None:
    first, second = told(candidate()), told(candidate())
    assert first is not None
    assert second is not None
    assert (first.here, first.n_here, first.rest) == (second.here, second.n_here, second.rest)


@pytest.mark.parametrize(
    "small",
    [
        {"here": 0.05},
        {"here": 0.97, "difference": 0.47},
        {"rest": 0.99, "difference": -0.74},
        {"n_here": 9, "here": 0.0},
    ],
)
def test_a_finding_about_few_customers_or_about_few_others_is_left_out(small: dict[str, object]) -> None:
    assert told(candidate(**small)) is None


def test_a_finding_that_the_moved_counts_turn_round_is_left_out() -> None:
    assert told(candidate(here=0.45, rest=0.5, difference=0.05)) is None


def test_means_are_moved_by_two_customers_at_most_and_have_one_decimal() -> None:
    place = Place(touchpoint="Checkout error")
    found = told(candidate(kind="feeling", place=place, here=-1.2345, rest=0.4321, difference=-1.6666))
    assert found is not None
    assert abs(found.here + 1.2345) <= FARTHEST / found.n_here + 0.05
    assert found.here == round(found.here, 1)


def test_a_finding_has_no_price_where_one_customer_paid_much() -> None:
    found = told(candidate(), has_price=False)
    assert found is not None
    assert np.isnan(found.worth)


def test_numbers_of_customers_in_findings_are_tens_and_shares_whole_percents() -> None:
    found = told(candidate(n_here=143, here=0.3, n_rest=237, rest=0.5, difference=-0.2))
    assert found is not None
    assert (found.n_here % 10, found.n_rest % 10) == (0, 0)
    assert (found.here, found.rest) == (round(found.here, 2), round(found.rest, 2))


def test_the_rest_of_a_group_is_all_less_those_told_of_the_group() -> None:
    guard, group = Guard(KEY, 10), (("plan", ("pro",)),)
    found = told(candidate())
    assert found is not None
    n_here, n_all = (guard.moved(met(place, "stage", "see", n)) for place, n in ((group, 100), ((), 300)))
    here, both = (guard.moved(Cell(place, ("gone_on", "stage", "see"), n)) for place, n in ((group, 25), ((), 125)))
    assert (found.here, found.rest) == (round(here / n_here, 2), round((both - here) / (n_all - n_here), 2))


@pytest.mark.parametrize("small", [{"here": 0.0, "difference": -0.5}, {"rest": 1.0, "difference": -0.75}])
def test_a_finding_that_says_nobody_or_everybody_is_left_out(small: dict[str, object]) -> None:
    assert told(candidate(**small)) is None


def test_findings_about_groups_that_cannot_be_switched_to_are_left_out(
    demo: tuple[journey.Dataset, Personas], both: tuple[Collected, Shared]
) -> None:
    some = findings(demo[0]).head(4).reset_index(drop=True)
    found = some.assign(
        finding=["told", "too small", "no cut", "no group"],
        breakdown=["country", "country", "plan", None],
        value=["Germany", "Atlantis", "Atlantis", None],
        cost=[1.0, 2.0, 3.0, np.nan],
    )
    assert protected_findings(found, both[1].tables)["finding"].tolist() == ["no cut", "told", "no group"]


def test_where_feelings_come_from_is_told_without_the_share_of_all_interactions(
    both: tuple[Collected, Shared],
) -> None:
    exact, told = both
    assert "% of the interactions" in exact.emotion_words
    assert told.tables.emotion_words
    assert "%" not in told.tables.emotion_words + told.tables.stage_words


def test_sums_are_coarse_words_are_masked_and_the_evidence_is_a_page(
    demo: tuple[journey.Dataset, Personas], both: tuple[Collected, Shared]
) -> None:
    found = findings(demo[0]).head(2).assign(finding=["Call +40 722 123 456", "x"], cost=[123_456.0, np.nan])
    safe = protected_findings(found.assign(breakdown=None), both[1].tables)
    assert safe["finding"].tolist() == ["Call [phone number]", "x"]
    assert safe["cost"].tolist()[0] == 120_000.0
    assert np.isnan(safe["cost"].tolist()[1])
    assert all(set(json.loads(text)) == {"page"} for text in safe["evidence"])
    assert "p_value" not in safe
