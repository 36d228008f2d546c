"""The picture of one customer's way."""

from __future__ import annotations

import pandas as pd

from journey.charts.customers import timeline_alt, timeline_chart
from journey.charts.theme import feeling_of, palette

STAGES = ("awareness", "consideration", "purchase")


def way(**columns: list[object]) -> pd.DataFrame:
    told: dict[str, list[object]] = {
        "timestamp": [pd.Timestamp("2025-01-01"), pd.Timestamp("2025-02-03")],
        "stage": ["awareness", "purchase"],
        "touchpoint": ["Ad", "Payment"],
        "channel": ["Paid search", None],
        "device": [None, "phone"],
        "emotion": [None, -1.5],
        "revenue": [None, 20.0],
    }
    return pd.DataFrame(told | columns).astype({"emotion": float, "revenue": float})


def test_only_stages_that_were_met_have_a_row_in_their_order() -> None:
    picture = timeline_chart(way(), STAGES, currency="EUR", theme="light")
    assert picture["layout"]["yaxis"]["ticktext"] == ["Awareness", "Purchase"]
    assert picture["data"][0]["y"] == [0, 1]


def test_an_unknown_stage_has_a_row_of_its_own() -> None:
    picture = timeline_chart(way(stage=[None, "purchase"]), STAGES, currency=None, theme="dark")
    assert picture["layout"]["yaxis"]["ticktext"] == ["Purchase", "(no stage)"]
    assert picture["data"][0]["y"] == [1, 0]


def test_feelings_are_coloured_unknown_ones_open_and_money_a_diamond() -> None:
    marker = timeline_chart(way(), STAGES, currency="EUR", theme="light")["data"][0]["marker"]
    assert marker["symbol"] == ["circle-open", "diamond"]
    assert marker["color"] == [palette("light").muted, feeling_of(-1.5).colour]


def test_hovering_tells_what_where_and_how_much_and_shows_text_literally() -> None:
    picture = timeline_chart(way(touchpoint=["<b>Ad</b> %{x}", "Payment"]), STAGES, currency="EUR", theme="light")
    assert picture["data"][0]["text"] == [
        "&lt;b&gt;Ad&lt;/b&gt; &#37;{x}<br>1 Jan 2025<br>Paid search",
        "Payment<br>3 Feb 2025<br>phone<br>revenue € 20<br>felt −1.5",
    ]


def test_the_picture_is_told_in_words() -> None:
    assert timeline_alt(way()) == (
        "2 interactions from Ad on 1 Jan 2025 to Payment on 3 Feb 2025. It felt worst at Payment (−1.5)."
    )
    assert timeline_alt(way().head(0)) == "No interaction."
