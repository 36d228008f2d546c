"""Where in the relation an interaction stands, and in which order the stages run."""

from __future__ import annotations

import pandas as pd
import pytest

import journey
from journey.dataset import Dataset
from journey.ingest.stages import stage_of
from journey.vocabulary import STAGES, TOUCHPOINT_STAGES


def log(line: str, stages: list[str | None] | None = None) -> pd.DataFrame:
    """One customer who meets the touchpoints of the line, a minute apart; `stages` beside them."""
    touchpoints = line.split(" > ")
    moments = pd.date_range("2025-01-01", periods=len(touchpoints), freq="min").strftime("%Y-%m-%d %H:%M")
    rows = pd.DataFrame({"customer_id": "a", "timestamp": moments, "touchpoint": touchpoints})
    return rows if stages is None else rows.assign(stage=stages)


def staged(dataset: Dataset) -> list[str | None]:
    table = dataset.engine.run("stages", lambda: dataset.engine.table("steps").order_by("sequence"))
    return list(table.column("stage").to_pylist())


@pytest.mark.parametrize(
    ("touchpoint", "before", "after"),
    [
        ("catalog", "consideration", "consideration"),
        ("add_to_cart", "consideration", "consideration"),
        ("AddToCart", "consideration", "consideration"),
        ("payment details", "consideration", "consideration"),
        ("purchase", "purchase", "purchase"),
        ("Order Completed", "purchase", "purchase"),
        ("session_start", "awareness", "awareness"),
        ("Search ad", "awareness", "awareness"),
        ("search", "consideration", "consideration"),
        ("login", "consideration", "adoption"),
        ("Pricing page", "consideration", "expansion"),
        ("Support ticket opened", "consideration", "retention"),
        ("Product Shared", "advocacy", "advocacy"),
        ("Welcome e-mail", "onboarding", "onboarding"),
        ("payment_error", None, None),
        ("Order Refunded", None, None),
        ("Leucocytes", None, None),
    ],
)
def test_known_touchpoints_have_a_stage(touchpoint: str, before: str | None, after: str | None) -> None:
    assert stage_of(touchpoint) == (before, after)


def test_the_table_of_touchpoints_names_standard_stages_and_each_phrase_once() -> None:
    named = {stage for before, after, _phrases in TOUCHPOINT_STAGES for stage in (before, after)}
    assert named <= {None, *STAGES}
    phrases = [phrase for _before, _after, group in TOUCHPOINT_STAGES for phrase in group]
    assert sorted(set(phrases)) == sorted(phrases)


def test_stages_of_the_file_run_in_standard_order() -> None:
    dataset = journey.load(log("x > y > z", ["Purchase", "awareness", "Consideration"]))
    assert dataset.facts.stages == ("awareness", "Consideration", "Purchase")
    assert dataset.facts.stage_source == "given"


def test_other_words_for_the_standard_stages_keep_their_name() -> None:
    dataset = journey.load(log("x > y > z", ["Loyalty", "Decision", "Discovery"]))
    assert dataset.facts.stages == ("Discovery", "Decision", "Loyalty")


def test_unknown_stages_run_as_customers_meet_them() -> None:
    dataset = journey.load(log("x > y > z > x", ["prep", "cook", "eat", "cook"]))
    assert dataset.facts.stages == ("prep", "cook", "eat")


def test_spellings_of_a_stage_are_one_stage_called_by_the_most_frequent() -> None:
    dataset = journey.load(log("x > y > z", ["Checkout", "checkout", "Checkout"]))
    assert dataset.facts.stages == ("Checkout",)


def test_a_stage_missing_in_the_file_stays_missing() -> None:
    assert staged(journey.load(log("home > purchase", ["awareness", None]))) == ["awareness", None]


def test_without_stages_they_are_inferred_from_the_touchpoints() -> None:
    dataset = journey.load(log("home > catalog > purchase > login > odd"))
    assert staged(dataset) == ["awareness", "consideration", "purchase", "adoption", None]
    assert dataset.facts.stage_source == "inferred"
    assert dataset.facts.stages == ("awareness", "consideration", "purchase", "adoption")
    assert dataset.report["share_staged"] == 0.8


def test_a_touchpoint_counts_for_another_stage_before_the_first_purchase_than_after_it() -> None:
    assert staged(journey.load(log("login > purchase > login"))) == ["consideration", "purchase", "adoption"]


def test_a_shorter_set_takes_the_nearest_stage() -> None:
    dataset = journey.load(log("home > purchase > setup > login"), mapping={"stage_set": "classic"})
    assert staged(dataset) == ["awareness", "purchase", "retention", "retention"]


def test_where_names_say_little_the_most_met_touchpoints_are_the_stages() -> None:
    rows = pd.concat(
        [
            log("t1 > t2 > t3 > t4 > t5 > t6 > t7 > t8 > rare").assign(customer_id="a"),
            log("t1 > t2 > t3 > t4 > t5 > t6 > t7 > t8").assign(customer_id="b"),
        ]
    )
    dataset = journey.load(rows)
    assert dataset.facts.stage_source == "touchpoints"
    assert dataset.facts.stages == ("t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8")
    assert staged(dataset).count(None) == 1
    assert any("stand in for stages" in note for note in dataset.report["notes"])


def test_an_order_can_be_said_and_stages_it_forgets_come_behind() -> None:
    dataset = journey.load(log("x > y > z", ["a", "b", "c"]), stages=["c", "a"])
    assert dataset.facts.stages == ("c", "a", "b")


def test_touchpoints_can_be_given_stages_that_win_over_the_file() -> None:
    dataset = journey.load(log("x > y > z", ["a", "b", "c"]), stages={"x": "start", "z": "end"})
    assert staged(dataset) == ["start", None, "end"]
    assert dataset.facts.stages == ("start", "end")


def test_the_goal_is_the_purchase_or_the_last_stage() -> None:
    assert journey.load(log("home > purchase > login")).facts.goal == "purchase"
    assert journey.load(log("x > y", ["a", "b"])).facts.goal == "b"
