from __future__ import annotations

from typing import Any

import pandas as pd

from journey.analysis.overview import headline
from journey.reports import sentences

UNKNOWN = float("nan")
BASE = "100 customers"


def flow(*links: tuple[str, str, float]) -> pd.DataFrame:
    rows = [
        {
            "position": 1,
            "source": source,
            "target": target,
            "journeys": journeys,
            "source_kind": "named",
            "target_kind": "left" if target == "(left)" else "named",
        }
        for source, target, journeys in links
    ]
    columns = ["position", "source", "target", "journeys", "source_kind", "target_kind"]
    return pd.DataFrame(rows, columns=columns)


def returns(*rows: tuple[str, str, float, float]) -> pd.DataFrame:
    columns = ["source", "target", "customers", "customers_at_source"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(share_of_customers_at_source=table["customers"] / table["customers_at_source"])


def funnel(*rows: tuple[str, float, float, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["step", "customers", "lost", "still_open"])
    share = table["customers"] / table["customers"].shift()
    return table.assign(share_of_previous=share, low=share, high=share)


def said_of_flows(links: pd.DataFrame, back: pd.DataFrame, **more: Any) -> str:
    return sentences.flows(links, back, stages=["see", "buy"], goal="buy", base=BASE, **more)[0]


def test_the_way_back_is_told_only_where_its_numbers_are() -> None:
    links = flow(("see", "buy", 60.0), ("see", "(left)", 40.0))
    assert said_of_flows(links, returns(("buy", "see", 10, 100))) == "10 % of the customers seen in buy go back to see."
    untold = "From see, 60 % of 100 journeys go on to buy."
    assert said_of_flows(links, returns(("buy", "see", UNKNOWN, 100))) == untold
    assert said_of_flows(links, returns(("buy", "see", 10, UNKNOWN))) == untold


def test_links_that_are_kept_back_are_not_taken_for_nobody() -> None:
    gone = flow(("see", "(left)", 40.0))
    assert said_of_flows(gone, returns()) == "Nobody goes on from a first interaction here."
    assert said_of_flows(gone, returns(), is_complete=False) == "Too few journeys to say where most go."


def test_the_worst_step_is_looked_for_among_those_that_are_told() -> None:
    table = funnel(("see", 100, 0, 0), ("try", 60, UNKNOWN, 0), ("buy", 40, 20, UNKNOWN))
    finding, base = sentences.funnel(table, base=BASE)
    assert finding == "33 % of those at try do not go on to buy."
    assert base == "20 of 60 customers; 67 % go on [67 %, 67 %] · 100 customers"


def test_a_funnel_of_which_nothing_is_told_does_not_say_that_nobody_came() -> None:
    untold = "Too few customers to say where they are lost."
    assert sentences.funnel(funnel(("see", UNKNOWN, 0, 0), ("buy", UNKNOWN, 0, 0)), base=BASE)[0] == untold
    assert sentences.funnel(funnel(("see", 100, 0, 0), ("buy", UNKNOWN, UNKNOWN, 0)), base=BASE)[0] == untold
    some = funnel(("see", 100, 0, 0), ("try", 100, 0, 0), ("buy", UNKNOWN, UNKNOWN, 0))
    assert sentences.funnel(some, base=BASE)[0] == untold
    assert sentences.funnel(some.iloc[:2], base=BASE)[0] == "Nobody was lost between these steps."


def curve(*rows: tuple[str, float, float, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["stage", "emotion", "n_scored", "customers_scored"])
    return table.assign(interactions=1_000)


def test_of_rows_that_do_not_add_up_no_sum_is_made() -> None:
    told = curve(("see", 0.5, 50, 40), ("buy", UNKNOWN, UNKNOWN, UNKNOWN))
    finding = "It feels +0.5 in see; elsewhere too few answered."
    answered = "on −2 … +2 · 1,203 answers · 100 customers"
    assert sentences.emotions(told, "stage", base=BASE, n_answers=1_203.0) == (finding, answered)
    untold = sentences.emotions(told, "stage", base=BASE, n_answers=UNKNOWN)
    assert untold == (finding, "on −2 … +2 · 100 customers")
    exact = curve(("see", 0.5, 50, 40), ("buy", UNKNOWN, 0, 0))
    assert sentences.emotions(exact, "stage", base=BASE)[1] == (
        "on −2 … +2 · 2 % of 2,000 interactions carry a feeling · 100 customers"
    )


def test_a_place_where_few_answered_is_not_passed_over_in_silence() -> None:
    firm = (("see", -0.2, 50, 40), ("buy", 1.0, 50, 40))
    usual = "It feels worst in see (−0.2) and best in buy (+1.0)."
    among = "Where at least 30 customers answered, it feels worst in see (−0.2) and best in buy (+1.0)."
    for few, said in ((("try", 0.0, 9, 9), usual), (("try", -0.3, 9, 9), among), (("try", 1.1, 9, 9), among)):
        assert sentences.emotions(curve(*firm, few), "stage", base=BASE)[0] == said


def test_a_loss_that_the_picture_does_not_show_is_not_told() -> None:
    table = funnel(("see", 100, 0, 0), ("try", UNKNOWN, 60, 0), ("buy", UNKNOWN, UNKNOWN, 0))
    assert sentences.funnel(table, base=BASE)[0] == "Too few customers to say where they are lost."


def test_a_persona_whose_share_is_not_told_is_named_all_the_same() -> None:
    profiles = pd.DataFrame(
        {"persona": ["Readers"], "customers": [50], "share_of_customers": [UNKNOWN], "goal_low": [UNKNOWN]}
    )
    finding, _base = sentences.personas(profiles, goal="buy", base=BASE)
    assert finding == "The largest kind of customers told of here are “Readers”."
    nobody = profiles.assign(customers=UNKNOWN)
    assert sentences.personas(nobody, goal="buy", base=BASE)[0] == "Too few customers to tell kinds apart."


def told(value: float) -> pd.DataFrame:
    return pd.DataFrame({"figure": ["share_reaching_goal"], "value": [value], "low": [value], "high": [value]})


def strip(left: float) -> pd.DataFrame:
    held = {"stage": ["see", "buy"], "customers": [100, 50], "left": [left, UNKNOWN]}
    return pd.DataFrame({**held, "share_leaving": [left / 100, UNKNOWN]})


def test_the_overview_says_what_is_told_of_leaving_and_of_the_goal() -> None:
    assert headline(told(0.5), strip(40), "buy") == "40 % leave at See; 50 % [50 %, 50 %] reach Buy so far."
    assert headline(told(0.5), strip(UNKNOWN), "buy") == "50 % [50 %, 50 %] reach Buy so far."
    assert headline(told(UNKNOWN), strip(40), "buy") == "40 % leave at See."
    assert headline(told(UNKNOWN), strip(UNKNOWN), "buy") == "Too few customers to conclude anything."
