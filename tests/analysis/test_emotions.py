"""Emotion curves, moments and quotes, on logs small enough to average by head."""

from __future__ import annotations

import datetime

import pandas as pd
import pytest

import journey
from journey.analysis.emotions import moments, peak_and_end, quotes
from journey.analysis.statistics import mean_interval
from journey.dataset import Filters
from journey.errors import ArgumentError, UnknownNameError
from journey.vocabulary import NOT_KNOWN
from tests.logs import log_frame, make_log

STAGES = {"ad": "awareness", "shop": "purchase", "call": "onboarding"}
ORDER = ["awareness", "purchase", "onboarding"]


def test_emotion_is_the_plain_mean_of_what_is_scored() -> None:
    log = make_log(a="ad!2 > ad!1 > shop", b="ad!-1 > ad > shop!-2", stages=STAGES, stage_order=ORDER)
    found = journey.emotion(log).set_index("stage")
    assert found.index.tolist() == ORDER
    assert found.loc["awareness", "emotion"] == pytest.approx(2 / 3)
    columns = ["n_scored", "interactions", "customers", "customers_scored"]
    assert found.loc["awareness", columns].tolist() == [3, 4, 2, 2]
    assert found.loc["purchase", columns].tolist() == [1, 2, 2, 1]


def test_its_interval_is_clustered_by_customer_and_stays_on_the_scale() -> None:
    log = make_log(a="ad!0.5 > ad!0.5", b="ad!0.7", c="ad!0.3", stages=STAGES)
    found = journey.emotion(log).iloc[0]
    assert (found["emotion"], found["low"], found["high"]) == pytest.approx(mean_interval([1.0, 0.7, 0.3], [2, 1, 1]))
    extreme = journey.emotion(make_log(a="ad!2", b="ad!-2", stages=STAGES)).iloc[0]
    assert (extreme["low"], extreme["high"]) == (-2, 2)


def test_unscored_is_unknown_never_zero_and_one_customer_has_no_interval() -> None:
    log = make_log(a="ad > shop!1", stages=STAGES, stage_order=ORDER)
    found = journey.emotion(log).set_index("stage")
    assert found.loc["awareness", ["emotion", "low", "high"]].isna().all()
    assert found.loc["purchase", "emotion"] == 1
    assert found.loc["purchase", ["low", "high"]].isna().all()
    # Nobody was ever in onboarding: its row stays.
    assert found.loc["onboarding", ["interactions", "customers", "n_scored"]].tolist() == [0, 0, 0]


def test_a_feeling_of_zero_is_a_feeling() -> None:
    found = journey.emotion(make_log(a="ad!0", stages=STAGES)).iloc[0]
    assert (found["emotion"], found["n_scored"]) == (0, 1)


def test_by_touchpoint_or_channel_rows_go_by_customers_and_the_unknown_comes_last() -> None:
    log = make_log(a="ad#mail!1 > shop", b="shop#post!2 > shop", c="ad#post", closed=False)
    found = journey.emotion(log, by="channel")
    assert found["channel"].tolist() == ["post", "mail", NOT_KNOWN]
    assert found["customers"].tolist() == [2, 1, 2]


def test_the_parts_of_a_breakdown_add_up_to_the_whole() -> None:
    log = make_log(
        attributes={"country": {"a": "RO", "b": "DE", "c": "DE", "zz": "DE"}},
        a="ad!1 > shop!2", b="ad!-1 > shop", c="ad!0 > ad!1", stages=STAGES, stage_order=ORDER,
    )  # fmt: skip
    whole = journey.emotion(log)
    parts = journey.emotion(log, breakdown="country")
    assert parts["value"].tolist() == ["DE"] * 3 + ["RO"] * 3
    for column in ("n_scored", "interactions", "customers", "customers_scored"):
        assert parts.groupby("stage", sort=False)[column].sum().tolist() == whole[column].tolist()
    felt = (parts["emotion"] * parts["n_scored"]).groupby(parts["stage"], sort=False).sum()
    assert felt.tolist() == pytest.approx((whole["emotion"] * whole["n_scored"]).fillna(0).tolist())
    assert parts.loc[parts["value"] == "DE", "emotion"].tolist()[0] == 0


def test_where_nobody_is_left_stages_stay_and_feel_nothing() -> None:
    log = make_log(a="ad!1", stages=STAGES, stage_order=ORDER).where(Filters(start=datetime.date(2030, 1, 1)))
    found = journey.emotion(log)
    assert found["stage"].tolist() == ORDER
    assert found["emotion"].isna().all()
    assert found["customers"].tolist() == [0, 0, 0]
    assert journey.emotion(log, by="touchpoint").empty
    assert journey.emotion(log, breakdown="channel")["n_scored"].sum() == 0
    assert journey.emotion(log, breakdown="channel").columns[0] == "value"
    assert moments(log).empty
    assert quotes(log).empty


def test_shuffled_rows_give_the_same_feelings() -> None:
    rows = log_frame({"a": "ad!1 > shop!2", "b": "ad!-1 > shop!0.5", "c": "shop!-2 > ad"}, stages=STAGES)
    pd.testing.assert_frame_equal(
        journey.emotion(journey.load(rows)), journey.emotion(journey.load(rows.sample(frac=1, random_state=5)))
    )


def test_wrong_arguments_are_refused() -> None:
    log = make_log(a="ad!1", stages=STAGES)
    with pytest.raises(ArgumentError, match="stage"):
        journey.emotion(log, by="colour")
    with pytest.raises(UnknownNameError, match="breakdown"):
        journey.emotion(log, breakdown="colour")


# --- Peak, end, moments ----------------------------------------------------------------------------------------------


def curve(*emotions: float | None, n: int = 30) -> pd.DataFrame:
    return pd.DataFrame({"stage": list("abcdef"[: len(emotions)]), "emotion": emotions, "customers_scored": n})


def test_the_peak_is_farthest_from_zero_on_either_side_and_the_end_is_the_last_known() -> None:
    marked = peak_and_end(curve(0.5, -1.5, 1.0, None))
    assert marked["is_peak"].tolist() == [False, True, False, False]
    assert marked["is_end"].tolist() == [False, False, True, False]


def test_of_equal_peaks_the_first_counts_and_one_row_is_both() -> None:
    assert peak_and_end(curve(1.0, -1.0))["is_peak"].tolist() == [True, False]
    alone = peak_and_end(curve(0.0))
    assert alone[["is_peak", "is_end"]].values.tolist() == [[True, True]]


def test_too_few_answers_make_neither_peak_nor_end() -> None:
    marked = peak_and_end(curve(0.5, -1.5, n=29))
    assert not marked[["is_peak", "is_end"]].any(axis=None)
    assert peak_and_end(curve(0.5, -1.5, n=29), n_minimum=29)["is_peak"].tolist() == [False, True]


def test_each_value_of_a_breakdown_has_its_own_peak_and_end() -> None:
    both = pd.concat([curve(1.0, 0.5).assign(value="x"), curve(0.1, -0.2).assign(value="y")], ignore_index=True)
    marked = peak_and_end(both)
    assert marked["is_peak"].tolist() == [True, False, False, True]
    assert marked["is_end"].tolist() == [False, True, False, True]


def test_the_lowest_and_the_highest_moment_need_enough_answers() -> None:
    log = make_log(a="ad!1 > shop!-1 > call!2", b="ad!0 > shop!-1", closed=False)
    found = moments(log, n_minimum=2)
    assert found[["kind", "touchpoint", "emotion"]].values.tolist() == [["lowest", "shop", -1], ["highest", "ad", 0.5]]
    assert moments(log, n_minimum=3).empty
    assert moments(make_log(a="ad!1", closed=False), n_minimum=1)["kind"].tolist() == ["lowest"]


# --- Quotes ----------------------------------------------------------------------------------------------------------


def test_quotes_are_the_strongest_and_masked() -> None:
    rows = log_frame(
        {
            "a": "call!-2~nobody answered, write to me",
            "b": "call!-1~a bit slow, but they were friendly",
            "c": "shop!2~just wonderful from start to end",
        },
        stages=STAGES,
    )
    rows.loc[0, "comment"] = "nobody answered, write to a.b-c@mail.example.org"
    log = journey.load(rows)
    assert quotes(log, stage="onboarding")["emotion"].tolist() == [-2]
    assert quotes(log, stage="onboarding")["comment"].tolist() == ["nobody answered, write to [e-mail address]"]
    assert quotes(log, touchpoint="call", low=False)["comment"].tolist() == ["a bit slow, but they were friendly"]
    assert quotes(log, n_quotes=5)["emotion"].tolist() == [-2, -1, 2]


def test_each_quote_is_of_another_customer_and_readable_ones_come_first() -> None:
    line = "call!-2~bad > call!-2~still no answer after three calls > shop!-2~x"
    log = make_log(a=line, b="call!-2~meh", stages=STAGES)
    assert quotes(log, n_quotes=3)["comment"].tolist() == ["still no answer after three calls", "meh"]


def test_quotes_of_an_unknown_stage_touchpoint_or_persona_are_refused() -> None:
    log = make_log(a="call!-2~bad", stages=STAGES)
    with pytest.raises(UnknownNameError, match="Did you mean “onboarding”"):
        quotes(log, stage="onbording")
    with pytest.raises(UnknownNameError, match="touchpoint"):
        quotes(log, touchpoint="colour")
    with pytest.raises(UnknownNameError, match="persona"):
        quotes(log, persona="p1")
    with pytest.raises(ArgumentError, match="n_quotes"):
        quotes(log, n_quotes=0)
