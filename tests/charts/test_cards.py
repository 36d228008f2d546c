"""Figures, findings and personas as cards and lists."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

from journey.charts.figures import figure_cards
from journey.charts.findings import finding_list
from journey.charts.persona_cards import persona_cards
from tests.charts.test_escaping import HOSTILE


def figure(name: str, unit: str, value: float, change: float, low: float, high: float) -> dict[str, object]:
    told = {"figure": name, "unit": unit, "value": value, "n": 50, "change": change, "change_low": low}
    told |= {"change_high": high, "latest": value, "previous": value - change}
    return told | {"latest_period": "1 Oct – 31 Dec 2025", "previous_period": "1 Jul – 30 Sep 2025"}


def lines(card: dict[str, object]) -> list[tuple[str, str]]:
    return re.findall(r'class="j-told ?([^"]*)"[^>]*>([^<]*)', figure_cards(pd.DataFrame([card]), currency="EUR"))


def told(card: dict[str, object]) -> tuple[str, str]:
    return lines(card)[0]


def big(card: dict[str, object]) -> list[str]:
    return re.findall(r'class="j-big"[^>]*>([^<]*)', figure_cards(pd.DataFrame([card]), currency="EUR"))


def test_a_sure_change_is_told_with_its_interval() -> None:
    card = figure("share_reaching_goal", "share", 0.44, -0.03, -0.05, -0.01)
    assert told(card) == ("j-bad", "▼ −3.0 points [−5.0, −1.0]")


def test_a_change_says_which_quarter_is_held_against_which() -> None:
    card = figure("customers", "customers", 900, 205, 103, 307)
    assert lines(card) == [("j-good", "▲ +205 [103, 307]"), ("j-compared", "Oct – Dec against Jul – Sep")]
    assert 'title="1 Oct – 31 Dec 2025 against 1 Jul – 30 Sep 2025"' in figure_cards(pd.DataFrame([card]))


def test_quarters_of_two_years_name_them() -> None:
    card = figure("customers", "customers", 900, 205, 103, 307) | {"latest_period": "1 Jan – 31 Mar 2026"}
    assert lines(card | {"previous_period": "1 Oct – 31 Dec 2025"})[1][1] == "Jan – Mar 2026 against Oct – Dec 2025"


def test_stretches_that_are_no_quarters_are_named_by_their_days() -> None:
    halves = {"latest_period": "16 Jan – 30 Jan 2025", "previous_period": "1 Jan – 15 Jan 2025"}
    card = figure("customers", "customers", 900, 205, 103, 307) | halves
    assert lines(card)[1][1] == "16 Jan – 30 Jan 2025 against 1 Jan – 15 Jan 2025"


def test_more_revenue_carries_its_plus_and_its_currency() -> None:
    card = figure("revenue", "money", 655_000, 81_300, 41_000, 122_000)
    assert told(card) == ("j-good", "▲ +€ 81.3k [€ 41.0k, € 122k]")


def test_the_time_to_the_goal_is_told_in_the_unit_of_its_size() -> None:
    minutes = 1 / 1440
    card = figure("median_days_to_goal", "days", 12 * minutes, 3 * minutes, 2 * minutes, 4 * minutes)
    assert big(card) == ["12 min"]
    assert told(card) == ("j-bad", "▲ +3 min [2 min, 4 min]")


@pytest.mark.parametrize(
    ("name", "unit", "value", "change"),
    [
        ("median_days_to_goal", "days", 0.0, 0.000001),
        ("median_days_to_goal", "days", 11.4, 0.0001),
        ("emotion", "emotion", 0.425, 0.002),
    ],
)
def test_a_change_that_rounds_to_nothing_has_no_colour(name: str, unit: str, value: float, change: float) -> None:
    assert told(figure(name, unit, value, change, change / 2, change * 2)) == ("", "hardly any change")


def test_fewer_days_are_better() -> None:
    assert told(figure("median_days_to_goal", "days", 11.4, -2.0, -3.0, -1.0))[0] == "j-good"


def test_a_change_whose_interval_holds_0_is_not_told() -> None:
    assert told(figure("emotion", "emotion", 0.4, 0.1, -0.1, 0.3)) == ("", "no clear change")


def test_an_unknown_figure_is_a_dash_and_never_0() -> None:
    drawn = figure_cards(pd.DataFrame([figure("revenue", "money", float("nan"), *[float("nan")] * 3)]))
    assert re.findall(r'class="j-big"[^>]*>([^<]*)', drawn) == ["–"]
    assert re.findall(r'class="j-told"[^>]*>([^<]*)', drawn) == ["change unknown", "of 50 customers"]


@pytest.fixture
def findings() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "finding": [HOSTILE, "Guided import feels better"],
            "where": ["purchase", "Guided import"],
            "kind": ["group", "feeling"],
            "customers": [318, 90],
            "cost": [41_000.0, None],
            "low": [24_000.0, None],
            "high": [60_000.0, None],
            "cost_unit": ["money", None],
            "difference": [-0.2, 0.8],
            "evidence": [json.dumps({"page": "funnels", "steps": ["a", "b"]}), json.dumps({"page": "emotions"})],
        }
    )


def test_findings_say_their_cost_their_base_and_lead_to_their_evidence(findings: pd.DataFrame) -> None:
    asked = []

    def address(page: str, settings: object) -> str:
        asked.append((page, settings))
        return "/somewhere?a=1&b=2"

    drawn = finding_list(findings, currency="EUR", address=address)
    assert asked == [("funnels", {"steps": ["a", "b"]}), ("emotions", {})]
    assert 'href="/somewhere?a=1&amp;b=2"' in drawn
    assert "€ 41.0k<span>[€ 24.0k, € 60.0k]</span>" in drawn
    assert "318 customers at purchase" in drawn
    assert "<b>" not in drawn


def test_no_findings_are_a_sentence(findings: pd.DataFrame) -> None:
    assert "Nothing stands out" in finding_list(findings.iloc[:0])


@pytest.fixture
def profiles() -> pd.DataFrame:
    known: dict[str, object] = {"persona": HOSTILE, "customers": 60, "share_of_customers": 0.6, "emotion": 0.5}
    known |= {
        "low": 0.1,
        "high": 0.9,
        "n_scored": 44,
        "customers_scored": 12,
        "share_reaching_goal": 0.5,
        "goal_low": 0.4,
        "goal_high": 0.6,
    }
    known |= {"revenue_per_customer": None, "median_days_to_goal": 3.5, "goal": None, "quote": "it's <i>fine</i>"}
    known |= {"channels": (("E-mail", 0.5),), "standouts": ("use phone: 90 %, the rest 10 %",)}
    return pd.DataFrame([known | {"lowest_touchpoint": None, "lowest_emotion": None, "lowest_n_scored": None}])


def test_a_persona_card_says_what_is_known_and_nothing_else(profiles: pd.DataFrame) -> None:
    drawn = persona_cards(profiles, currency="EUR", goal="Purchase")
    assert re.findall(r"<dt>([^<]*)", drawn) == ["Reach Purchase", "Median days to it", "Feeling", "Channels"]
    assert "too few customers answered (n 12)" in drawn
    assert "60 % · 60 customers" in drawn


def test_what_went_into_the_grouping_is_marked(profiles: pd.DataFrame) -> None:
    drawn = persona_cards(profiles, fitted=("share_reaching_goal", "revenue_per_customer"))
    assert re.findall(r"<dt>([^<]*)<sup>†", drawn) == ["Reach the goal"]
    assert "† went into the grouping: described, not tested" in drawn
    assert "†" not in persona_cards(profiles)


def test_a_card_of_too_few_customers_tells_nothing_else(profiles: pd.DataFrame) -> None:
    drawn = persona_cards(profiles.assign(customers=4), fitted=("share_reaching_goal",))
    assert "too few to tell (n 4)" in drawn
    assert not re.search(r"<dt>|<li>|<blockquote>|†", drawn.split("</style>")[1])


def test_a_finding_without_a_price_says_what_it_is_about(findings: pd.DataFrame) -> None:
    kinds = ["return", "feeling_of_group", "group"]
    unpriced = pd.concat([findings.iloc[[1]]] * 3).assign(kind=kinds)
    costs = re.findall(r'class="j-cost[^>]*>([^<]*)<', finding_list(unpriced))
    assert costs == ["a way back", "a feeling", ""]


def test_a_persona_card_shows_text_as_text(profiles: pd.DataFrame) -> None:
    drawn = persona_cards(profiles)
    assert "<b>" not in drawn
    assert "“it&#x27;s &lt;i&gt;fine&lt;/i&gt;”" in drawn
