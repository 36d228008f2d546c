"""Pictures of tables whose times, money and feelings are known roughly only: no digit more is written."""

from __future__ import annotations

from typing import Any

import pandas as pd

from journey.charts.emotions import emotion_chart
from journey.charts.figures import figure_cards
from journey.charts.findings import finding_list
from journey.charts.personas import contrast_chart


def card(unit: str, value: float, change: float) -> dict[str, Any]:
    row = {"figure": unit, "unit": unit, "value": value, "n": 100, "latest": value, "previous": value - change}
    row |= {"change": change, "change_low": change / 2, "change_high": change * 2}
    return {**row, "latest_period": "now", "previous_period": "then"}


def test_cards_write_two_digits_of_times_and_money_and_one_decimal_of_feelings() -> None:
    figures = pd.DataFrame([card("money", 80_000.0, 41_000.0), card("days", 19.0, 3.0), card("emotion", 0.4, 0.2)])
    drawn = figure_cards(figures, currency="EUR", is_rough=True)
    for said in ("€ 80k", "19 days", "+0.4", "€ 41k [€ 20k, € 82k]", "3 days [36 h, 6 days]", "+0.2 [0.1, 0.4]"):
        assert said in drawn
    assert "title=" not in drawn.split("j-big")[1].split("</p>")[0]
    exact = figure_cards(figures, currency="EUR")
    assert all(said in exact for said in ("€ 80.0k", 'title="80,000.00"', "19.0 days", "+0.40"))


def test_costs_of_findings_are_written_with_two_digits() -> None:
    row = {"finding": "It is so.", "kind": "group", "where": "See", "customers": 40, "cost_unit": "money"}
    row |= {"cost": 28_000.0, "low": 20_000.0, "high": 9_300.0, "difference": -0.2, "evidence": '{"page": "funnels"}'}
    assert "€ 28k<span>[€ 20k, € 9,300]</span>" in finding_list(pd.DataFrame([row]), currency="EUR", is_rough=True)


def test_what_a_pointer_tells_is_as_rough() -> None:
    held = {"stage": ["see"], "emotion": [0.4], "low": [0.1], "high": [0.7], "n_scored": [60], "customers_scored": [50]}
    for by in ("stage", "touchpoint"):
        curve = pd.DataFrame(held).rename(columns={"stage": by})
        [line] = [each for each in emotion_chart(curve, by=by, is_rough=True)["data"] if "customdata" in each]
        assert line["customdata"] == ["see: +0.4 [+0.1, +0.7], 60 answers of 50 customers"]
    contrast = {
        "persona": ["A"],
        "label": ["days"],
        "inside": [4.7],
        "outside": [8.0],
        "standardised_difference": [0.5],
    }
    figure = contrast_chart(pd.DataFrame(contrast), "A", is_rough=True)
    assert figure["data"][0]["customdata"] == ["days: 4.7 against 8 in the rest"]
