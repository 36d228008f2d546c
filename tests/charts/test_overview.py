from __future__ import annotations

import re

import pandas as pd
import pytest

from journey.charts.overview import depth_of, journey_strip_alt, journey_strip_chart
from tests.charts.test_escaping import HOSTILE


@pytest.fixture
def strip() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "stage": ["awareness", "consideration", "purchase"],
            "customers": [200, 100, 50],
            "emotion": [0.5, None, -1.0],
            "low": [0.2, None, -1.5],
            "high": [0.8, None, -0.5],
            "customers_scored": [90, 0, 40],
            "share_leaving": [0.5, 0.1, None],
        }
    )


def test_every_stage_says_its_customers_its_feeling_and_its_base(strip: pd.DataFrame) -> None:
    drawn = journey_strip_chart(strip)
    assert re.findall(r'class="j-name">(\w+)', drawn) == ["Awareness", "Consideration", "Purchase"]
    assert re.findall(r'class="j-value">([^<]+)', drawn) == ["+0.5 · n 90", "−1.0 · n 40"]
    assert "50 % leave here" in drawn


def test_an_unknown_feeling_is_left_open_and_never_drawn_as_0(strip: pd.DataFrame) -> None:
    drawn = journey_strip_chart(strip)
    assert drawn.count("feeling unknown") == 1
    assert drawn.count('class="j-line"') == 2
    assert "--y:0.5000" not in drawn


def test_bars_are_as_long_as_their_customers(strip: pd.DataFrame) -> None:
    assert re.findall(r"--h:([\d.]+)", journey_strip_chart(strip)) == ["1.0000", "0.5000", "0.2500"]


def test_the_alternative_says_the_finding(strip: pd.DataFrame) -> None:
    assert journey_strip_alt(strip) == (
        "200 customers at Awareness, 50 at Purchase. Most leave after Awareness: 50 %. "
        "Feeling is lowest at Purchase (−1.0) and highest at Awareness (+0.5)."
    )


def test_few_answers_are_muted_and_not_part_of_the_finding(strip: pd.DataFrame) -> None:
    few = strip.assign(customers_scored=[5, 0, 5])
    assert journey_strip_chart(few).count("j-few") > 2
    assert "Feeling" not in journey_strip_alt(few)


def test_no_stages_draw_nothing(strip: pd.DataFrame) -> None:
    assert journey_strip_chart(strip.iloc[:0]) == ""
    assert journey_strip_alt(strip.iloc[:0]) == "No customer reached a stage."


def test_nobody_anywhere_is_no_error(strip: pd.DataFrame) -> None:
    assert "--h:0.0000" in journey_strip_chart(strip.assign(customers=0, share_leaving=None))


def test_a_hostile_stage_is_text(strip: pd.DataFrame) -> None:
    drawn = journey_strip_chart(strip.assign(stage=[HOSTILE, "b", "c"]))
    assert "<b>" not in drawn
    assert "&lt;b&gt;x&lt;/b&gt; ![i](http://127.0.0.1:9/i.png) $5" in drawn


def test_no_script_and_nothing_drawn_inline_that_pages_take_out(strip: pd.DataFrame) -> None:
    assert not re.search(r"<(script|svg)", journey_strip_chart(strip))


def test_the_scale_runs_from_good_above_to_bad_below() -> None:
    assert [depth_of(emotion) for emotion in (2, 1, 0, -2)] == [0, 0.25, 0.5, 1]


def test_no_feeling_at_all_is_said_once_and_leaves_no_empty_band(strip: pd.DataFrame) -> None:
    drawn = journey_strip_chart(strip.assign(emotion=None, low=None, high=None, customers_scored=0))
    assert drawn.count("feeling unknown") == 1
    assert 'class="j-feel"' not in drawn
    assert 'class="j-curve"' not in drawn


def test_a_count_that_is_not_told_is_a_dash_without_a_bar(strip: pd.DataFrame) -> None:
    told = strip.astype({"customers": "float64"})
    told.loc[1, "customers"] = None
    drawn = journey_strip_chart(told)
    assert drawn.count('class="j-bar"') == len(strip) - 1
    assert re.findall(r'class="j-count" title="– customers">–<', drawn)
