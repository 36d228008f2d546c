"""Where in the relation an interaction stands, and in which order the stages run."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pytest

import journey
from journey.dataset import Dataset
from journey.engine import Draft
from journey.errors import ArgumentError
from journey.ingest.names.stage_choice import MetTouchpoint, StageRow, stage_pair, stage_table, written_stages
from journey.ingest.names.stage_names import stage_of, stage_within
from journey.ingest.names.stages import Staging, met_touchpoints, mostly_given, stage_interactions
from journey.vocabulary import GOAL, STAGE_SETS, STAGES, TOUCHPOINT_STAGES
from tests.logs import told


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
        ("/checkout/payment", "consideration", "consideration"),
        ("/order", "consideration", "consideration"),
        ("/orders/*/confirmation", "purchase", "purchase"),
        ("/checkouts/*/thank_you", "purchase", "purchase"),
        ("/payment/failed", None, None),
        ("/newsletter/thank-you", "consideration", "retention"),
        ("Search: order refund", "consideration", "consideration"),
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
    assert any("stand in for stages" in note for note in told(dataset))


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


# --- What a person decides ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """Decisions on stages."""

    stage_set: str = "saas"
    stages: tuple[str, ...] = ()
    touchpoint_stages: tuple[tuple[str, object], ...] = ()


def decided(line: str, choice: Choice, stages: list[str | None] | None = None) -> tuple[Staging, dict[str, object]]:
    """The staging of one customer's touchpoints, and the stages (before, after, given) of each."""
    touchpoints = line.split(" > ")
    draft = Draft()
    draft.take(
        "typed",
        pa.table(
            {
                "customer_id": ["a"] * len(touchpoints),
                "touchpoint": touchpoints,
                "stage": pa.array(stages or [None] * len(touchpoints), pa.string()),
                "timestamp": range(len(touchpoints)),
                "line": range(len(touchpoints)),
            }
        ),
    )
    staging = stage_interactions(draft, choice)
    rows = draft.rows(
        "SELECT touchpoint, before, after, stage FROM typed LEFT JOIN touchpoint_stages USING (touchpoint)"
    )
    return staging, {
        name: given or ((before, after) if before != after else before) for name, before, after, given in rows
    }


def test_single_touchpoints_are_changed_and_the_others_keep_their_stage() -> None:
    choice = Choice(touchpoint_stages=(("Ad", "none"), ("login", {"before": "awareness", "after": "retention"})))
    staging, stages = decided("Ad > login > purchase > pricing", choice)
    assert stages == {
        "Ad": None, "login": ("awareness", "retention"), "purchase": "purchase",
        "pricing": ("consideration", "expansion"),
    }  # fmt: skip
    assert staging.stages == ("awareness", "consideration", "purchase", "retention", "expansion")
    assert (staging.source, staging.share_staged) == ("inferred", 0.75)


def test_a_change_leaves_the_stages_of_the_file_where_it_does_not_speak() -> None:
    choice = Choice(touchpoint_stages=(("x", "b"),))
    staging, stages = decided("x > y > z", choice, ["a", "b", "c"])
    assert stages == {"x": "b", "y": "b", "z": "c"}
    assert (staging.stages, staging.source) == (("b", "c"), "given")


def test_a_touchpoint_is_found_whatever_its_capitals() -> None:
    _staging, stages = decided("Pricing Page > purchase", Choice(touchpoint_stages=(("pricing page", "awareness"),)))
    assert stages["Pricing Page"] == "awareness"


def test_stages_of_ones_own_are_found_by_synonyms_and_in_their_order() -> None:
    staging, stages = decided("home > pricing > purchase > zeta", Choice(stages=("Discover", "Evaluate", "Buy")))
    assert stages == {"home": "Discover", "pricing": ("Evaluate", None), "purchase": "Buy", "zeta": None}
    assert (staging.stages, staging.source) == (("Discover", "Evaluate", "Buy"), "inferred")


def test_where_stages_of_ones_own_say_nothing_touchpoints_stand_in() -> None:
    staging, _stages = decided("t1 > t2", Choice(stages=("prep", "cook")))
    assert (staging.stages, staging.source) == (("t1", "t2"), "touchpoints")


def test_another_table_may_give_few_interactions_their_stage() -> None:
    staging, stages = decided("home > pricing > deal", Choice(), [None, None, "Purchase"])
    assert stages == {"home": "awareness", "pricing": ("consideration", "expansion"), "deal": "Purchase"}
    assert staging.stages == ("awareness", "consideration", "Purchase", "expansion")


@pytest.mark.parametrize(
    ("stage_set", "touchpoint", "before", "after"),
    [
        ("e-commerce", "Order shipped", "delivery", "delivery"),
        ("e-commerce", "Support ticket", "consideration", "service"),
        ("e-commerce", "delivery failed", None, None),
        ("b2b sales", "Whitepaper download", "lead", "lead"),
        ("b2b sales", "Product demo", "opportunity", "expansion"),
        ("b2b sales", "Quote sent", "proposal", "expansion"),
        ("b2b sales", "Closed won", "purchase", "purchase"),
        ("b2b sales", "Pricing page", "lead", "expansion"),
        ("service", "Ticket opened", "request", "request"),
        ("service", "Complaint", "request", "request"),
        ("service", "Ticket solved", "resolution", "resolution"),
        ("service", "CSAT survey", "feedback", "feedback"),
        ("service", "Pricing page", None, None),
    ],
)
def test_every_set_knows_its_touchpoints(stage_set: str, touchpoint: str, before: str, after: str) -> None:
    assert stage_within(touchpoint, stage_set) == (before, after)


def test_a_stage_is_one_of_its_set_and_only_a_purchase_becomes_the_purchase() -> None:
    phrases = [phrase for _before, _after, group in TOUCHPOINT_STAGES for phrase in group]
    for stage_set, names in STAGE_SETS.items():
        for phrase in phrases:
            found = set(stage_within(phrase, stage_set))
            assert found <= {None, *names}
            assert GOAL not in found or GOAL in stage_of(phrase)


def test_the_table_says_why_a_touchpoint_has_its_stage() -> None:
    met = [
        MetTouchpoint("home", 9, 5),
        MetTouchpoint("refund", 2, 1),
        MetTouchpoint("zeta", 2, 2),
        MetTouchpoint("login", 20, 5),
    ]
    assert stage_table(met, Choice(touchpoint_stages=(("home", "consideration"),))) == [
        StageRow("login", 20, 5, "consideration", "adoption", "by its name"),
        StageRow("home", 9, 5, "consideration", "consideration", "chosen by you"),
        StageRow("refund", 2, 1, None, None, "something that went wrong is no stage"),
        StageRow("zeta", 2, 2, None, None, "its name tells no stage"),
    ]


def test_the_table_shows_what_the_file_mostly_says() -> None:
    draft = Draft()
    draft.take("typed", pa.table({"touchpoint": ["x", "x", "x", "y"], "stage": ["s", "t", "s", None]}))
    draft.take("steps", pa.table({"customer_key": [1, 2, 2, 1], "touchpoint": ["x", "x", "x", "y"]}))
    assert stage_table(met_touchpoints(draft, mostly_given(draft)), Choice()) == [
        StageRow("x", 3, 2, "s", "s", "as the file says"),
        StageRow("y", 1, 1, None, None, "the file gives none"),
    ]


@pytest.mark.parametrize(
    ("written", "pair"),
    [
        ("retention", ("retention", "retention")),
        ({"before": "consideration", "after": "retention"}, ("consideration", "retention")),
        ({"before": "consideration", "after": "none"}, ("consideration", None)),
        ("none", (None, None)),
    ],
)
def test_stages_are_written_as_they_are_read(written: object, pair: tuple[str | None, str | None]) -> None:
    assert stage_pair(written) == pair
    assert written_stages(pair) == written


@pytest.mark.parametrize("written", [5, {"during": "purchase"}, ["a", "b", "c"]])
def test_what_is_no_stage_is_refused(written: object) -> None:
    with pytest.raises(ArgumentError, match="touchpoint_stages"):
        stage_pair(written)


def test_a_set_that_there_is_not_is_refused() -> None:
    with pytest.raises(ArgumentError, match="stage_set"):
        decided("a > b", Choice(stage_set="other"))
