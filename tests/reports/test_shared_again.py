"""What is shared a second time, or under a second name, tells no more than once."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

import journey
from journey.dataset import Filters
from journey.errors import JourneyError
from journey.reports.choices import Choices
from journey.reports.protection.epochs import Telling
from journey.reports.shared import Shared, shared
from journey.reports.views import Tables

KEY = b"a secret of the dataset, 32 long"
MADE_AT = datetime.datetime(2026, 3, 4, 12, tzinfo=datetime.UTC)
UNTIL = datetime.date(2026, 6, 1)
STAGES = ["see", "try", "buy"]
CITIES = {"x": "Iasi", "y": "Kiel"}
FIRST_QUARTER = "Jan – Mar 2024"


def people(n: int, start: str, n_days: int, prefix: str) -> pd.DataFrame:
    rng, rows = np.random.default_rng(n), []
    for number in range(n):
        at = pd.Timestamp(start) + pd.Timedelta(days=number * n_days // n)
        country = "xy"[rng.integers(2)]
        for stage in STAGES[: rng.integers(1, 4)]:
            who = {"customer_id": f"{prefix}{number}", "country": country, "city": CITIES[country]}
            rows.append({**who, "touchpoint": stage, "stage": stage, "timestamp": at})
            at += pd.Timedelta(days=int(rng.integers(1, 4)))
    return pd.DataFrame(rows)


LOG = people(240, "2024-01-01", 186, "a")


def shown(log: pd.DataFrame, *cuts: str, earlier: tuple[Telling, ...] = (), filters: Filters | None = None) -> Shared:
    choices = Choices("Plan", UNTIL, cuts=cuts, filters=filters or Filters(), pages=("overview", "flows", "funnels"))
    dataset = journey.load(log, stages=STAGES)
    return shared(dataset, None, choices, KEY, made_at=MADE_AT, earlier=earlier)


def told(found: Shared) -> tuple[Telling, ...]:
    return tuple(found.tellings_after([]))


def view(found: Shared, label: str | None) -> Tables:
    return next(each.tables for each in found.tables.views if each.label == (label or "Everything"))


def counts(tables: Tables) -> Iterator[tuple[tuple[str, ...], float]]:
    yield ("customers",), tables.customers
    for row in tables.strip.to_dict("records"):
        for name in ("customers", "gone_on", "left", "still_open"):
            yield (name, str(row["stage"])), row[name]


def test_one_erased_among_many_newcomers_of_a_later_quarter_is_not_read_off_the_quarter_before() -> None:
    first = shown(LOG, "period")
    erased = LOG.groupby("customer_id")["timestamp"].agg(["size", "max"])
    gone = erased[(erased["size"] == 3) & (erased["max"] < pd.Timestamp("2024-03-20"))].index[0]
    later = pd.concat([LOG[LOG["customer_id"] != gone], people(120, "2024-07-02", 80, "n")])
    second = shown(later, "period", earlier=told(first))
    quarter = next(each for each in first.tellings if dict(each).get("(days)") == ("2024-01-01", "2024-03-31"))
    before, after = first.tellings[quarter], second.tellings[quarter]
    assert before is not None
    assert after is not None
    assert (before.name, before.epoch, after.name, after.epoch) == (before.name, 0, before.name, 1)
    kept = shown(pd.concat([LOG, people(120, "2024-07-02", 80, "n")]), "period", earlier=told(first))
    assert kept.tellings[quarter] == before


def test_two_names_of_the_same_customers_are_told_alike_in_one_document() -> None:
    found = shown(LOG, "country", "city")
    for country, city in CITIES.items():
        pairs = zip(counts(view(found, country)), counts(view(found, city)), strict=True)
        assert all(one == other or one[1] != one[1] for one, other in pairs)
        assert view(found, country).flow.equals(view(found, city).flow)


EQUIVALENT = [
    Filters(attributes=(("country", ("x", "y")),)),
    Filters(attributes=(("city", ("Iasi", "Kiel")),)),
    Filters(stages_reached=("see",)),
    Filters(start=datetime.date(2023, 1, 1)),
]


@pytest.mark.parametrize("filters", EQUIVALENT)
def test_filters_that_leave_everybody_draw_no_other_numbers(filters: Filters) -> None:
    first = shown(LOG)
    again = shown(LOG, earlier=told(first), filters=filters)
    assert view(again, None).strip.equals(view(first, None).strip)


def test_a_stretch_that_figures_compare_is_told_as_its_view_is() -> None:
    found = shown(LOG, "period")
    figures = view(found, None).figures.set_index("figure")
    assert figures.loc["customers", "latest_period"] == "1 Apr – 30 Jun 2024"
    assert figures.loc["customers", "latest"] == view(found, "Apr – Jun 2024").customers
    assert figures.loc["customers", "previous"] == view(found, FIRST_QUARTER).customers


def test_months_of_a_few_customers_are_not_named() -> None:
    odd = LOG.assign(timestamp=[pd.Timestamp("2021-03-14"), *LOG["timestamp"][1:]])
    found = shown(odd)
    assert view(found, None).first == datetime.date(2024, 1, 1)
    assert b"2021" not in found.document("linked")


def test_looking_uses_nothing_up_and_what_was_told_meanwhile_asks_for_another_look() -> None:
    looked = shown(LOG)
    again = shown(LOG)
    assert looked.tellings == again.tellings
    noted = told(looked)
    assert tuple(again.tellings_after(noted)) == noted
    fewer = shown(LOG[LOG["customer_id"] != "a0"])
    with pytest.raises(JourneyError, match="Preview it once more"):
        fewer.tellings_after(noted)
