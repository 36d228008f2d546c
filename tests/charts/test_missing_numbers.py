"""Pictures of tables in which numbers are kept back: what is not told is not drawn, and never as 0."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

from journey.charts.emotions import emotion_alt, emotion_chart
from journey.charts.figures import figure_cards
from journey.charts.findings import finding_list
from journey.charts.flows import flow_alt, flow_chart, flow_figure
from journey.charts.funnels import funnel_alt, funnel_chart
from journey.charts.maps import map_grid
from journey.charts.overview import journey_strip_alt, journey_strip_chart
from journey.charts.persona_cards import persona_cards
from journey.charts.personas import contrast_chart, persona_map_alt

UNKNOWN = float("nan")


def plain(figure: dict[str, Any]) -> str:
    """What a browser gets; JSON knows no NaN."""
    return json.dumps(figure, allow_nan=False, default=float)


def test_a_stage_of_the_strip_that_is_not_told_has_no_bar() -> None:
    strip = pd.DataFrame(
        {
            "stage": ["see", "try", "buy"],
            "customers": [100.0, UNKNOWN, 40.0],
            "emotion": [0.5, UNKNOWN, UNKNOWN],
            "low": [0.4, UNKNOWN, UNKNOWN],
            "high": [0.6, UNKNOWN, UNKNOWN],
            "customers_scored": [50.0, UNKNOWN, UNKNOWN],
            "share_leaving": [UNKNOWN, UNKNOWN, UNKNOWN],
        }
    )
    drawn = journey_strip_chart(strip)
    assert drawn.count('class="j-bar"') == 2
    assert ">–<" in drawn
    assert journey_strip_alt(strip) == (
        "100 customers at see, 40 at buy. Feeling is lowest at see (+0.5) and highest at see (+0.5)."
    )
    journey_strip_chart(strip.assign(customers=UNKNOWN))


def test_a_step_of_the_funnel_that_is_not_told_has_no_bar() -> None:
    table = pd.DataFrame(
        {
            "step": ["see", "try", "buy"],
            "customers": [100.0, UNKNOWN, 40.0],
            "from_previous": [100.0, UNKNOWN, UNKNOWN],
            "share_of_previous": [UNKNOWN] * 3,
            "low": [UNKNOWN] * 3,
            "high": [UNKNOWN] * 3,
            "still_open": [0.0, UNKNOWN, UNKNOWN],
            "lost": [0.0, UNKNOWN, UNKNOWN],
        }
    )
    figure = funnel_chart(table)
    assert figure["data"][0]["x"] == [100, None, None]
    assert figure["data"][0]["y"][1].endswith(">–</span>")
    plain(figure)
    assert funnel_alt(table) == "40 of 100 customers at see reach buy (40 %)."
    assert funnel_alt(table.assign(customers=UNKNOWN)) == "Too few customers to tell who gets how far."


def test_a_step_after_nobody_or_after_one_that_is_not_told_has_no_share() -> None:
    table = pd.DataFrame({"step": ["see", "try", "buy", "pay"], "customers": [40.0, UNKNOWN, 0.0, 0.0]})
    table["from_previous"] = table["customers"]
    untold = dict.fromkeys(("share_of_previous", "low", "high", "still_open", "lost"), UNKNOWN)
    bars = funnel_chart(table.assign(**untold))["data"][0]
    assert [tick.split(">")[-2].removesuffix("</span") for tick in bars["y"]] == ["40", "–", "0", "0"]
    assert bars["customdata"] == ["40 customers", "– customers", "0 customers", "0 customers"]


def test_groups_of_a_funnel_that_are_not_told_are_left_out() -> None:
    shares = {"share_of_previous": UNKNOWN, "low": UNKNOWN, "high": UNKNOWN}
    rows = [
        {"value": value, "step": step, "customers": customers, **shares, **told}
        for value, step, customers, told in [
            ("A", "see", 100.0, {}),
            ("A", "buy", 40.0, {"share_of_previous": 0.4, "low": 0.3, "high": 0.5}),
            ("B", "see", UNKNOWN, {}),
            ("B", "buy", UNKNOWN, {}),
        ]
    ]
    table = pd.DataFrame(rows)
    figure = funnel_chart(table, breakdown="value")
    assert [trace["name"] for trace in figure["data"]] == ["A"]
    plain(figure)
    assert funnel_alt(table, breakdown="value") == "Reach the last step from the first: A 40 %."


@pytest.mark.parametrize("draw", [flow_chart, flow_figure])
def test_a_link_of_the_flow_that_is_not_told_is_not_drawn(draw: Any) -> None:
    links = pd.DataFrame(
        {
            "position": [1, 1],
            "source": ["see", "see"],
            "target": ["try", "buy"],
            "journeys": [40.0, UNKNOWN],
            "is_return": [False, False],
        }
    )
    assert "buy" not in plain(draw(links))
    assert flow_alt(links).startswith("40 journeys start")


@pytest.mark.parametrize("by", ["stage", "touchpoint"])
def test_a_feeling_that_is_not_told_is_open(by: str) -> None:
    held = {by: ["see", "try"], "emotion": [0.5, UNKNOWN], "low": [0.4, UNKNOWN], "high": [0.6, UNKNOWN]}
    curve = pd.DataFrame({**held, "n_scored": [60.0, UNKNOWN], "customers_scored": [50.0, UNKNOWN]})
    assert "+0.0" not in plain(emotion_chart(curve, by=by))
    assert "Unknown: try." in emotion_alt(curve, by=by)
    plain(emotion_chart(curve.assign(emotion=UNKNOWN), by=by))


def test_a_figure_that_is_not_told_is_a_dash() -> None:
    row: dict[str, Any] = {"figure": "revenue", "unit": "money", "still_open": 0, "period": "2025"}
    row |= dict.fromkeys(("value", "n", "low", "high", "latest", "previous", "change", "change_low", "change_high"))
    drawn = figure_cards(pd.DataFrame([{**row, "latest_period": None, "previous_period": None}]))
    assert ">–</p>" in drawn
    assert "change unknown" in drawn
    assert ">0" not in drawn


def test_a_finding_without_its_sum_is_told_all_the_same() -> None:
    row = {"finding": "It is so.", "kind": "group", "where": "See", "customers": 40, "cost_unit": None}
    row |= {"cost": UNKNOWN, "low": UNKNOWN, "high": UNKNOWN, "difference": -0.2, "evidence": '{"page": "funnels"}'}
    assert "It is so." in finding_list(pd.DataFrame([row]))


def test_a_map_whose_numbers_are_not_told_is_drawn() -> None:
    cell = {"stage": "see", "text": "too few to show", "kind": "data", "tone": "", "n": None, "base": "", "items": []}
    cell |= {"emotion": None, "low": None, "high": None, "evidence": None, "is_stale": False}
    lanes = [{"name": name, "title": name, "note": "", "cells": [cell]} for name in ("feeling", "figures")]
    document = {"persona": None, "title": "All", "customers": 50, "stages": ["see"], "lanes": lanes, "returns": []}
    assert map_grid(document).count("too few to show") == 2


def test_a_persona_of_which_little_is_told_says_so() -> None:
    profiles = pd.DataFrame([{"persona": "Readers", "customers": 50.0, "share_of_customers": UNKNOWN}]).assign(
        **dict.fromkeys(
            ("revenue_per_customer", "share_reaching_goal", "goal_low", "goal_high", "median_days_to_goal", "emotion",
             "low", "high", "customers_scored", "lowest_emotion", "lowest_customers_scored"),
            UNKNOWN,
        ),
        goal=None, lowest_touchpoint=None, quote=None, standouts=[()], channels=[()],
    )  # fmt: skip
    drawn = persona_cards(profiles)
    assert "– · 50 customers" in drawn
    assert "(n 0)" not in drawn
    assert persona_map_alt(profiles) == "1 groups of customers: Readers (–, 50 customers)."


def test_a_contrast_whose_sides_are_not_told_keeps_its_bar() -> None:
    contrast = {"persona": ["A"], "label": ["visits"], "inside": [UNKNOWN], "outside": [UNKNOWN]}
    figure = contrast_chart(pd.DataFrame({**contrast, "standardised_difference": [0.5]}), "A")
    assert figure["data"][0]["customdata"] == ["visits: – against – in the rest"]
