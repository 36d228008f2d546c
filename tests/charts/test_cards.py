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
    return told | {"change_high": high, "previous_period": "Q3"}


def told(card: dict[str, object]) -> list[str]:
    return re.findall(r'class="j-told ?([^"]*)">([^<]*)', figure_cards(pd.DataFrame([card]), currency="EUR"))[0]


def test_a_sure_change_is_told_with_its_interval() -> None:
    assert told(figure("share_reaching_goal", "share", 0.44, -0.03, -0.05, -0.01)) == (
        "j-bad",
        "▼ −3.0 points [−5.0 points, −1.0 points] on Q3",
    )


def test_fewer_days_are_better() -> None:
    assert told(figure("median_days_to_goal", "days", 11.4, -2.0, -3.0, -1.0))[0] == "j-good"


def test_a_change_whose_interval_holds_0_is_not_told() -> None:
    assert told(figure("emotion", "emotion", 0.4, 0.1, -0.1, 0.3)) == ("", "no clear change on Q3")


def test_an_unknown_figure_is_a_dash_and_never_0() -> None:
    drawn = figure_cards(pd.DataFrame([figure("revenue", "money", float("nan"), *[float("nan")] * 3)]))
    assert re.findall(r'class="j-big"[^>]*>([^<]*)', drawn) == ["–"]
    assert "no change told" in drawn


@pytest.fixture
def findings() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "finding": [HOSTILE, "Guided import feels better"],
            "where": ["purchase", "Guided import"],
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
    known |= {"low": 0.1, "high": 0.9, "n_scored": 12, "share_reaching_goal": 0.5, "goal_low": 0.4, "goal_high": 0.6}
    known |= {"revenue_per_customer": None, "median_days_to_goal": 3.5, "goal": None, "quote": "it's <i>fine</i>"}
    known |= {"channels": (("E-mail", 0.5),), "standouts": ("use phone: 90 %, the rest 10 %",)}
    return pd.DataFrame([known | {"lowest_touchpoint": None, "lowest_emotion": None, "lowest_n_scored": None}])


def test_a_persona_card_says_what_is_known_and_nothing_else(profiles: pd.DataFrame) -> None:
    drawn = persona_cards(profiles, currency="EUR", goal="Purchase")
    assert re.findall(r"<dt>([^<]*)", drawn) == ["Reach Purchase", "Median days to it", "Feeling", "Channels"]
    assert "too few answers (n 12)" in drawn
    assert "60 % · 60 customers" in drawn


def test_a_persona_card_shows_text_as_text(profiles: pd.DataFrame) -> None:
    drawn = persona_cards(profiles)
    assert "<b>" not in drawn
    assert "“it&#x27;s &lt;i&gt;fine&lt;/i&gt;”" in drawn
