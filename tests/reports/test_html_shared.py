"""What only a document that others see says, and what it leaves out on paper."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from journey.charts.emotions import emotion_chart
from journey.reports.document_pages import Source, sheet
from journey.reports.html import shared_document
from tests.reports.samples import MADE_AT, choices, collected


def of_emotions(*touchpoints: str) -> str:
    whole = collected().whole
    row = {"emotion": 1.0, "low": 0.5, "high": 1.5, "n_scored": 40, "customers_scored": 40}
    kinds = ("lowest", "highest")[: len(touchpoints)]
    moments = [{"kind": kind, "touchpoint": each, **row} for kind, each in zip(kinds, touchpoints, strict=True)]
    view = replace(whole, tables=replace(whole.tables, moments=pd.DataFrame(moments)))
    return "".join(sheet("emotions", Source(collected(), view, ("emotions",), is_rough=True)).html)


def test_the_only_moment_is_not_called_the_lowest() -> None:
    for only in (of_emotions("Shop"), of_emotions("Shop", "Shop")):
        assert only.count('class="moment"') == only.count("The only moment with enough answers") == 1
    assert "Lowest moment" in of_emotions("Shop", "Help")
    assert "Highest moment" in of_emotions("Shop", "Help")


def test_a_cut_is_named_inside_a_line() -> None:
    titles = "".join(sheet("emotions", Source(collected(), collected().whole, (), is_rough=True)).html)
    assert "By country" in titles
    assert "By Country" not in titles


def test_only_what_others_see_says_that_counts_were_moved() -> None:
    said = "Then every count was moved by up to 2, and what is about fewer than 10 customers was left out"
    assert shared_document(collected(), choices(), made_at=MADE_AT, library="linked").count(said) == 6
    assert said not in shared_document(collected(), None, made_at=MADE_AT, library="linked")


def test_what_is_told_elsewhere_is_left_out_on_paper() -> None:
    written = shared_document(collected(), choices(), made_at=MADE_AT, library="linked")
    assert written.count('<div class="elsewhere"><h2>Look here first</h2>') == len(collected().views) - 1
    assert ".sideways,.elsewhere{display:none}" in written


def test_a_feeling_without_neighbours_has_a_bar_and_no_band() -> None:
    unknown = float("nan")
    held = {"stage": ["see", "try", "buy"], "emotion": [0.5, unknown, 1.0], "low": [0.25, unknown, 0.5]}
    curve = pd.DataFrame({**held, "high": [0.75, unknown, 1.5], "n_scored": 60, "customers_scored": 50})
    [line] = emotion_chart(curve)["data"]
    assert line["error_y"]["array"] == [0.25, None, 0.5]
    assert line["error_y"]["arrayminus"] == [0.25, None, 0.5]
