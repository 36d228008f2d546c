"""Transitions, flows, paths and returns, on logs small enough to count by head."""

from __future__ import annotations

import datetime

import pandas as pd
import pytest

import journey
from journey.analysis.flow_details import link_details, node_details
from journey.analysis.flows import flow_coverage, returns
from journey.dataset import Dataset, Filters
from journey.errors import ArgumentError, UnknownNameError
from journey.vocabulary import LEFT, NOT_KNOWN, STILL_OPEN
from tests.logs import log_frame, make_log


def links(found: pd.DataFrame) -> dict[tuple[int, str, str], int]:
    keys = zip(found["position"], found["source"], found["target"], strict=True)
    return dict(zip(keys, found["customers"], strict=True))


def pairs(found: pd.DataFrame, column: str) -> dict[tuple[str, str], float]:
    return {(row["source"], row["target"]): row[column] for row in found.to_dict("records")}


# --- Transitions -----------------------------------------------------------------------------------------------------


def test_transitions_count_steps_customers_and_the_median_time_between() -> None:
    log = make_log(a="see > try+3 > see+5 > try+9", b="see > try+1", c="see")
    found = journey.transitions(log)
    assert list(found.columns) == ["source", "target", "transitions", "customers", "median_seconds"]
    assert pairs(found, "transitions") == {("see", "try"): 3, ("try", "see"): 1}
    assert pairs(found, "customers") == {("see", "try"): 2, ("try", "see"): 1}
    assert pairs(found, "median_seconds") == {("see", "try"): 180, ("try", "see"): 300}


def test_a_transition_never_crosses_a_long_silence() -> None:
    assert pairs(journey.transitions(make_log(a="see > try | buy")), "transitions") == {("see", "try"): 1}


def test_a_repeat_is_a_transition_to_itself() -> None:
    assert pairs(journey.transitions(make_log(a="see > see > see")), "transitions") == {("see", "see"): 2}


def test_transitions_between_stages_say_which_go_back() -> None:
    log = make_log(a="ad > shop > ad", b="ad > odd > shop", stages={"ad": "awareness", "shop": "purchase"})
    found = pairs(journey.transitions(log, by="stage"), "is_return")
    assert found == {
        ("awareness", "purchase"): False,
        ("purchase", "awareness"): True,
        ("awareness", NOT_KNOWN): False,
        (NOT_KNOWN, "purchase"): False,
    }


@pytest.mark.parametrize("by", ["channel", "device"])
def test_unknown_channels_and_devices_have_a_name_of_their_own(by: str) -> None:
    mark = {"channel": "#", "device": "@"}[by]
    found = journey.transitions(make_log(a=f"see{mark}one > try > buy{mark}two"), by=by)
    assert pairs(found, "transitions") == {("one", NOT_KNOWN): 1, (NOT_KNOWN, "two"): 1}


def test_transitions_of_a_source_sum_to_its_departures() -> None:
    log = make_log(a="see > try > see > buy", b="try > try > see", c="see | see > buy")
    found = journey.transitions(log).groupby("source")["transitions"].sum()
    # see is followed 2 (a) + 1 (c) times, try 1 (a) + 2 (b) times.
    assert found.to_dict() == {"see": 3, "try": 3}


def test_a_transition_counts_when_both_its_ends_lie_in_the_window() -> None:
    log = make_log(a="see > try+1440 > buy+1440").where(
        Filters(start=datetime.date(2025, 1, 1), end=datetime.date(2025, 1, 2))
    )
    assert pairs(journey.transitions(log), "transitions") == {("see", "try"): 1}


def test_ties_keep_the_order_of_the_file() -> None:
    log = make_log(a="see > buy+0 > try+0")
    assert set(pairs(journey.transitions(log), "transitions")) == {("see", "buy"), ("buy", "try")}


def test_shuffled_rows_give_the_same_transitions_flow_and_paths() -> None:
    rows = log_frame({"a": "see > try > buy", "b": "see > buy > try", "c": "try > see | buy"})
    shuffled = rows.sample(frac=1, random_state=7)
    for question in (journey.transitions, journey.flow, journey.paths):
        pd.testing.assert_frame_equal(question(journey.load(rows)), question(journey.load(shuffled)))


def test_one_interaction_makes_no_transition_but_a_journey() -> None:
    log = make_log(a="see", closed=False)
    assert journey.transitions(log).empty
    assert links(journey.flow(log)) == {(1, "see", STILL_OPEN): 1}
    assert journey.paths(log)["path"].tolist() == ["see"]


def nobody(log: Dataset) -> Dataset:
    return log.where(Filters(start=datetime.date(2030, 1, 1)))


def test_where_nobody_is_left_every_table_is_empty_and_keeps_its_columns() -> None:
    log = make_log(a="see > try", stages={"see": "awareness", "try": "purchase"})
    for question in (journey.transitions, journey.flow, journey.paths, returns):
        found, full = question(nobody(log)), question(log)
        assert found.empty
        assert list(found.columns) == list(full.columns)


def test_an_unknown_dimension_is_refused() -> None:
    log = make_log(a="see > try")
    for question in (journey.transitions, journey.flow, journey.paths):
        with pytest.raises(ArgumentError, match="touchpoint"):
            question(log, by="colour")


# --- Returns ---------------------------------------------------------------------------------------------------------


def test_returns_are_counted_against_everybody_at_the_stage_they_leave() -> None:
    stages = {"ad": "awareness", "shop": "purchase", "help": "onboarding"}
    log = make_log(a="ad > shop > ad > shop > ad", b="shop > help", c="help > ad", stages=stages)
    found = returns(log)
    assert found[["source", "target", "customers", "customers_at_source"]].values.tolist() == [
        ["onboarding", "awareness", 1, 2],
        ["purchase", "awareness", 1, 2],
    ]
    assert found["share_of_customers_at_source"].tolist() == [0.5, 0.5]
    assert found["median_seconds"].tolist() == [60, 60]


# --- Flow ------------------------------------------------------------------------------------------------------------


def test_flow_follows_journeys_step_by_step_to_where_they_end() -> None:
    log = make_log(a="see > try > buy", b="see > buy", c="see > try")
    assert links(journey.flow(log)) == {
        (1, "see", "try"): 2,
        (1, "see", "buy"): 1,
        (1, "end", STILL_OPEN): 1,
        (2, "try", "buy"): 1,
        (2, "try", LEFT): 1,
        (2, "buy", LEFT): 1,
        (3, "buy", LEFT): 1,
    }


def test_the_last_column_goes_nowhere() -> None:
    found = journey.flow(make_log(a="see > try > buy"), n_steps=2)
    assert links(found) == {(1, "see", "try"): 1, (1, "end", STILL_OPEN): 1}


def test_the_end_of_an_open_journey_is_no_exit() -> None:
    log = make_log(a="see > try", b="see+99999 > try", closed=False)
    # b's last interaction is the last of the data; a's lies more than 30 days before.
    found = links(journey.flow(log))
    assert found[(2, "try", LEFT)] == 1
    assert found[(2, "try", STILL_OPEN)] == 1


def test_a_journey_that_goes_on_behind_the_window_is_still_on_its_way() -> None:
    log = make_log(a="see > try+1440 > buy+1440").where(Filters(end=datetime.date(2025, 1, 2)))
    assert links(journey.flow(log)) == {(1, "see", "try"): 1, (2, "try", STILL_OPEN): 1}


def test_a_journey_under_way_when_the_window_begins_starts_in_column_one() -> None:
    log = make_log(a="see > try+1440 > buy+1440").where(
        Filters(start=datetime.date(2025, 1, 2), end=datetime.date(2025, 2, 1))
    )
    assert links(journey.flow(log)) == {(1, "try", "buy"): 1, (2, "buy", LEFT): 1}
    assert journey.paths(log)["path"].tolist() == ["try > buy"]


def test_one_customers_two_journeys_are_one_customer_on_the_link() -> None:
    found = journey.flow(make_log(a="see > try | see > try", b="see > try"))
    first = found[(found["source"] == "see")].iloc[0]
    assert (first["customers"], first["journeys"]) == (2, 3)


def test_the_rest_of_a_column_is_drawn_as_one_and_says_how_many_it_holds() -> None:
    log = make_log(a="see > p", b="see > p", c="see > q", d="see > r", e="see > r > p", closed=False)
    found = journey.flow(log, top_n=1)
    # p and r are met by two each in column 2: p stays, by name.
    assert links(found)[(1, "see", "p")] == 2
    assert links(found)[(1, "see", "other (2 touchpoints)")] == 3
    assert links(found)[(2, "other (2 touchpoints)", "p")] == 1
    others = found[found["target_kind"] == "other"]
    assert others["target"].tolist() == ["other (2 touchpoints)"]


def test_the_rest_is_named_after_what_is_drawn() -> None:
    log = make_log(a="see#mail", b="see#mail", c="see#phone", d="see#shop", closed=False)
    assert "other (2 channels)" in set(journey.flow(log, by="channel", top_n=1)["source"])
    single = make_log(a="see#mail", b="see#mail", c="see#phone", closed=False)
    assert "other (1 channel)" in set(journey.flow(single, by="channel", top_n=1)["source"])


def test_coverage_is_the_share_of_steps_between_named_nodes() -> None:
    log = make_log(a="see > p", b="see > p", c="see > q", d="see > r", closed=False)
    found = journey.flow(log, n_steps=2, top_n=1)
    assert flow_coverage(found) == 0.5
    assert flow_coverage(journey.flow(log, n_steps=2)) == 1
    assert pd.isna(flow_coverage(found.head(0)))


def test_flow_from_a_start_begins_at_its_first_meeting() -> None:
    log = make_log(a="see > try > buy > try > help", b="try > see", c="see > buy")
    assert links(journey.flow(log, start="try")) == {
        (1, "try", "buy"): 1,
        (1, "try", "see"): 1,
        (2, "buy", "try"): 1,
        (2, "see", LEFT): 1,
        (3, "try", "help"): 1,
        (4, "help", LEFT): 1,
    }


def test_flow_to_an_end_shows_the_last_steps_before_its_first_meeting() -> None:
    log = make_log(a="p > q > see > buy > help > buy", b="buy > p", c="see > buy")
    assert links(journey.flow(log, n_steps=3, end="buy")) == {(1, "q", "see"): 1, (2, "see", "buy"): 2}


def test_flow_between_two_stops_at_the_first_end_after_the_start() -> None:
    log = make_log(a="buy > see > p > buy > q", b="see > q", c="see > buy > p")
    assert links(journey.flow(log, start="see", end="buy")) == {
        (1, "see", "p"): 1,
        (1, "see", "buy"): 1,
        (2, "p", "buy"): 1,
    }


def test_flow_from_a_touchpoint_to_itself_shows_the_loop() -> None:
    log = make_log(a="see > p > see > q", b="see > q")
    assert links(journey.flow(log, start="see", end="see")) == {(1, "see", "p"): 1, (2, "p", "see"): 1}


def test_a_touchpoint_met_before_in_the_journey_is_a_return_but_a_repeat_is_not() -> None:
    log = make_log(a="see > try > see > see", b="try > see", closed=False)
    found = journey.flow(log)
    assert {(row["position"], row["source"], row["target"]): row["returns"] for row in found.to_dict("records")} == {
        (1, "see", "try"): 0,
        (1, "try", "see"): 0,
        (2, "try", "see"): 1,
        (2, "see", STILL_OPEN): 0,
        (3, "see", "see"): 0,
        (4, "see", STILL_OPEN): 0,
    }


def test_a_link_is_a_return_when_more_than_half_of_its_journeys_return() -> None:
    log = make_log(a="see > try > see", b="buy > try > see", c="see > try > see", closed=False)
    found = journey.flow(log, start=None).set_index(["position", "source", "target"])
    assert found.loc[(2, "try", "see"), ["journeys", "returns", "is_return"]].tolist() == [3, 2, True]
    assert not found.loc[(1, "see", "try"), "is_return"]


def test_by_stage_a_return_is_a_step_to_an_earlier_stage_also_when_not_met_before() -> None:
    stages = {"ad": "awareness", "shop": "purchase"}
    log = make_log(a="shop > ad > shop", stages=stages, stage_order=["awareness", "purchase"], closed=False)
    found = journey.flow(log, by="stage")
    assert found["is_return"].tolist() == [True, False, False]


def test_flow_of_every_column_enters_and_leaves_with_the_same_journeys() -> None:
    log = make_log(a="see > try > buy > see", b="see > buy > try", c="try | see > try > help", d="help > see")
    found = journey.flow(log, n_steps=6, top_n=1)
    for position in range(2, 6):
        entered = found[(found["position"] == position - 1) & found["target_kind"].isin(["named", "other"])]
        departed = found[found["position"] == position]
        assert entered.groupby("target")["journeys"].sum().to_dict() == (
            departed.groupby("source")["journeys"].sum().to_dict()
        )


@pytest.mark.parametrize("n_steps", [1, 13])
def test_a_flow_has_between_two_and_twelve_steps(n_steps: int) -> None:
    with pytest.raises(ArgumentError, match="n_steps"):
        journey.flow(make_log(a="see > try"), n_steps=n_steps)


def test_a_flow_shows_at_least_one_name() -> None:
    with pytest.raises(ArgumentError, match="top_n"):
        journey.flow(make_log(a="see > try"), top_n=0)


@pytest.mark.parametrize("end", ["start", "end"])
def test_an_unknown_start_or_end_is_answered_with_a_near_one(end: str) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean “checkout”"):
        journey.flow(make_log(a="see > checkout"), **{end: "chekout"})


# --- Details ---------------------------------------------------------------------------------------------------------


def test_a_node_tells_who_is_there_from_where_where_next_how_long_and_how_they_felt() -> None:
    log = make_log(a="see > try!-1 > buy+3", b="see > try!0 > buy+5", c="ad > try!-2", d="see > buy", closed=False)
    found = node_details(log, "touchpoint", position=2, name="try")
    assert (found.customers, found.journeys, found.share_of_customers) == (3, 3, 0.75)
    assert found.came_from == (("see", 2), ("ad", 1))
    assert found.goes_next == (("buy", 2), (STILL_OPEN, 1))
    assert found.median_seconds == 240
    assert (found.feeling.emotion, found.feeling.n_scored) == (-1, 3)
    assert -2 <= found.feeling.low < -1 < found.feeling.high


def test_an_unscored_node_has_no_feeling_and_the_end_no_time() -> None:
    found = node_details(make_log(a="see > try", b="see"), "touchpoint", position=2, name=LEFT)
    assert (found.customers, found.came_from, found.goes_next) == (1, (("see", 1),), ())
    assert pd.isna(found.median_seconds)
    assert pd.isna(found.feeling.emotion)
    assert found.feeling.n_scored == 0


def test_details_agree_with_the_flow_on_every_node_and_link() -> None:
    log = make_log(a="see > p > buy", b="see > q", c="see > r > p | see > p", d="q > p > see > q", e="p")
    drawn = journey.flow(log, n_steps=4, top_n=2)
    for link in drawn.to_dict("records"):
        at = (link["position"], link["source"], link["target"])
        found = link_details(log, "touchpoint", *at, n_steps=4, top_n=2)
        assert (found.customers, found.journeys, found.is_return) == (
            link["customers"], link["journeys"], link["is_return"]
        )  # fmt: skip
        node = node_details(log, "touchpoint", link["position"], link["source"], n_steps=4, top_n=2)
        assert (link["target"], link["customers"]) in node.goes_next
        assert found.share_of_source_customers == link["customers"] / node.customers
        target = node_details(log, "touchpoint", link["position"] + 1, link["target"], n_steps=4, top_n=2)
        assert (link["source"], link["customers"]) in target.came_from
        assert target.customers >= link["customers"]


def test_a_link_tells_how_those_felt_who_took_it() -> None:
    log = make_log(a="see!2 > buy", b="see!-2 > help", c="see!-1 > help", closed=False)
    assert link_details(log, "touchpoint", 1, "see", "help").feeling.emotion == -1.5


def test_a_node_or_link_that_is_not_drawn_is_refused() -> None:
    log = make_log(a="see > checkout", b="see")
    with pytest.raises(UnknownNameError, match="Did you mean “checkout”"):
        node_details(log, "touchpoint", 2, "chekout")
    with pytest.raises(UnknownNameError):
        link_details(log, "touchpoint", 1, "end", "checkout")
    with pytest.raises(ArgumentError, match="position"):
        node_details(log, "touchpoint", 7, "see")


# --- Paths -----------------------------------------------------------------------------------------------------------


def test_paths_count_journeys_and_add_up() -> None:
    log = make_log(a="see > try+2", b="see > try+4 | see", c="see", d="try > see")
    found = journey.paths(log)
    assert found[["path", "journeys", "customers", "n_steps"]].values.tolist() == [
        ["see", 2, 2, 1],
        ["see > try", 2, 2, 2],
        ["end", 1, 1, 1],
        ["try > see", 1, 1, 2],
    ]
    assert found["share_of_journeys"].tolist() == pytest.approx([2 / 6, 2 / 6, 1 / 6, 1 / 6])
    assert found["cumulative_share_of_journeys"].tolist() == pytest.approx([2 / 6, 4 / 6, 5 / 6, 1])
    assert found["median_seconds"].tolist() == [0, 180, 0, 60]
    assert found["still_open"].tolist() == [0, 0, 1, 0]


def test_the_share_of_a_path_is_of_all_journeys_also_when_few_paths_are_shown() -> None:
    found = journey.paths(make_log(a="see", b="see", c="try", closed=False), top_n=1)
    assert found[["path", "share_of_journeys"]].values.tolist() == [["see", 2 / 3]]


def test_repeats_can_be_collapsed() -> None:
    log = make_log(a="see > see > try > try > see", b="see > try > see", closed=False)
    assert journey.paths(log)["journeys"].tolist() == [1, 1]
    collapsed = journey.paths(log, collapse_repeats=True)
    assert collapsed[["path", "journeys", "n_steps"]].values.tolist() == [["see > try > see", 2, 3]]


def test_names_that_hold_the_separator_stay_apart_in_the_steps() -> None:
    rows = log_frame({"a": "see > try", "b": "both"})
    rows.loc[rows["touchpoint"] == "both", "touchpoint"] = "see > try"
    found = journey.paths(journey.load(rows))
    assert found["path"].tolist() == ["see > try", "see > try"]
    assert found["steps"].tolist() == [("see > try",), ("see", "try")]


def test_the_order_of_a_path_matters_and_unknown_is_a_value() -> None:
    log = make_log(a="see#mail > try", b="see > try#mail", closed=False)
    assert set(journey.paths(log, by="channel")["steps"]) == {("mail", NOT_KNOWN), (NOT_KNOWN, "mail")}


def test_the_share_reaching_the_goal_is_of_journeys_that_are_over() -> None:
    log = make_log(a="see > purchase", b="see", c="see+99999", closed=False)
    found = journey.paths(log).set_index("path")
    assert found.loc["see > purchase", "share_reaching_goal"] == 1
    assert found.loc["see", ["journeys", "still_open", "share_reaching_goal"]].tolist() == [2, 1, 0]


@pytest.mark.parametrize("by", ["touchpoint", "channel"])
def test_among_equally_frequent_paths_the_first_by_name_are_shown(by: str) -> None:
    names = ["pear", "fig", "plum", "apple", "kiwi"]
    log = make_log(closed=False, **{f"c{place}": f"{name}#{name} > z#z" for place, name in enumerate(names)}, d="z#z")
    found = journey.paths(log, by=by, top_n=3)
    assert found["path"].tolist() == ["z", "apple > z", "fig > z"]
    assert found["steps"].tolist()[1] == ("apple", "z")


def test_paths_shows_at_least_one() -> None:
    with pytest.raises(ArgumentError, match="top_n"):
        journey.paths(make_log(a="see"), top_n=0)
