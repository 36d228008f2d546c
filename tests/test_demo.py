"""The sample company: promised sizes, the same bytes, and each planted story counted with pandas alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from journey.demo import demo_files
from journey.demo.company import people
from tests.demo_contrasts import (
    END,
    SAMPLE,
    SIGN_UP,
    as_feeling,
    autumn_campaign,
    brand_search_after_hearing_elsewhere,
    checkout_bug,
    checkout_bug_by_consideration,
    coming_back,
    community_advocacy,
    community_feeling,
    community_renewal,
    demo_for_large_companies,
    device_switch,
    guest_sign_up,
    guided_import_adoption,
    guided_import_feeling,
    in_percent,
    in_points,
    paid_search_credit,
    refused_cards,
    sample_interactions,
    slow_support_renewal,
    ticket_feeling,
    ticket_wait,
)

FILES = ("interactions.csv", "customers.csv", "spend.csv")
STAGES = ["awareness", "consideration", "purchase", "onboarding", "adoption", "retention", "expansion", "advocacy"]


@pytest.fixture(scope="module")
def interactions() -> pd.DataFrame:
    return sample_interactions()


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    return pd.read_csv(SAMPLE / "customers.csv", keep_default_na=False).set_index("customer_id")


@pytest.fixture(scope="module")
def spend() -> pd.DataFrame:
    return pd.read_csv(SAMPLE / "spend.csv")


def require_told(sentence: str) -> None:
    """The README's figures are the measured ones."""
    told = " ".join((SAMPLE / "README.md").read_text(encoding="utf-8").split())
    assert sentence in told, f"sample_data/README.md should say: {sentence}"


@pytest.fixture(scope="module")
def written_again(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return demo_files(tmp_path_factory.mktemp("demo"))


class TestFiles:
    def test_the_same_seed_writes_the_committed_bytes(self, written_again: list[Path]) -> None:
        assert [path.name for path in written_again] == list(FILES)
        for path in written_again:
            assert path.read_bytes() == (SAMPLE / path.name).read_bytes(), path.name

    def test_another_seed_writes_another_company_of_the_same_kind(self, tmp_path: Path) -> None:
        other = pd.read_csv(demo_files(tmp_path, seed=7)[0], keep_default_na=False)
        assert 38_000 <= len(other) <= 46_000
        assert other["timestamp"].iloc[:100].tolist() != pd.read_csv(SAMPLE / FILES[0])["timestamp"].iloc[:100].tolist()

    def test_the_folder_weighs_at_most_six_megabytes(self) -> None:
        assert sum(path.stat().st_size for path in SAMPLE.iterdir()) <= 6_000_000

    def test_there_are_about_3000_customers_and_40000_interactions_within_2025(
        self, interactions: pd.DataFrame
    ) -> None:
        assert 2_900 <= interactions["customer_id"].nunique() <= 3_100
        assert 38_000 <= len(interactions) <= 44_000
        assert interactions["timestamp"].min() >= pd.Timestamp("2025-01-01", tz="UTC")
        assert interactions["timestamp"].max() < END
        require_told(f"{len(interactions):,} interactions of {interactions['customer_id'].nunique():,} ids")

    def test_nothing_of_one_customer_happens_twice_at_the_same_second(self, interactions: pd.DataFrame) -> None:
        assert not interactions.duplicated(["customer_id", "timestamp"]).any()

    def test_touchpoints_channels_stages_and_ownership_are_as_many_as_promised(
        self, interactions: pd.DataFrame
    ) -> None:
        assert 25 <= interactions["touchpoint"].nunique() <= 35
        assert interactions["channel"].nunique() >= 10
        assert set(interactions["stage"]) == set(STAGES)
        assert set(interactions["ownership"]) == {"owned", "paid", "earned", "third-party"}
        assert set(interactions["device"]) == {"phone", "laptop", "tablet", ""}

    def test_every_channel_has_one_owner(self, interactions: pd.DataFrame) -> None:
        assert (interactions.groupby("channel")["ownership"].nunique() == 1).all()

    def test_hundreds_of_customers_are_in_each_stage_and_each_stage_has_60_scored_answers(
        self, interactions: pd.DataFrame
    ) -> None:
        stages = interactions.groupby("stage")
        assert (stages["customer_id"].nunique() >= 200).all()
        assert (stages["score"].count() >= 60).all()

    def test_scores_and_comments_are_as_common_as_promised(self, interactions: pd.DataFrame) -> None:
        assert 0.12 <= interactions["score"].notna().mean() <= 0.20
        assert 0.06 <= (interactions["comment"] != "").mean() <= 0.10
        nps = interactions.loc[interactions["score_kind"] == "nps", "score"]
        csat = interactions.loc[interactions["score_kind"] == "csat", "score"]
        assert nps.between(0, 10).all()
        assert csat.between(1, 5).all()
        assert (interactions["score"].notna() == (interactions["score_kind"] != "")).all()

    def test_some_comments_are_romanian_and_chinese_and_a_few_hold_contact_details(
        self, interactions: pd.DataFrame
    ) -> None:
        words = interactions["comment"]
        assert words.str.contains("[ăâîșț]").sum() >= 50
        assert words.str.contains("[一-鿿]").sum() >= 50
        assert 5 <= words.str.contains(r"@example\.com|7946 0|555-01|4242 4242").sum() <= 40
        assert not words.str.contains(r"@(?!example\.com)").any()
        assert not words.str.contains("[{}]").any()

    def test_customers_are_known_once_and_each_has_interactions(
        self, interactions: pd.DataFrame, customers: pd.DataFrame
    ) -> None:
        assert customers.index.is_unique
        assert customers.index.isin(interactions["customer_id"]).all()
        assert customers["country"].nunique() == 8

    def test_ids_that_are_no_customers_are_anonymous_and_belong_to_one_person_each(
        self, interactions: pd.DataFrame, customers: pd.DataFrame
    ) -> None:
        unknown = interactions[~interactions["customer_id"].isin(customers.index)]
        assert (unknown["customer_id"] == unknown["anonymous_id"]).all()
        assert 130 <= unknown["customer_id"].nunique() <= 180
        known = interactions[(interactions["anonymous_id"] != "") & interactions["customer_id"].isin(customers.index)]
        assert set(known["anonymous_id"]) == set(unknown["customer_id"])
        assert (known.groupby("anonymous_id")["customer_id"].nunique() == 1).all()
        require_told(f"{unknown['customer_id'].nunique()} anonymous ids")

    def test_weekends_and_august_are_slow_and_few_customers_do_much(self, interactions: pd.DataFrame) -> None:
        by_weekday = interactions.groupby(interactions["timestamp"].dt.day_of_week).size()
        assert by_weekday[[5, 6]].mean() < 0.5 * by_weekday[:5].mean()
        by_month = interactions.groupby(interactions["timestamp"].dt.month).size()
        assert by_month[8] < 0.75 * by_month[[6, 7, 9]].mean()
        per_customer = interactions.groupby("customer_id").size()
        assert per_customer.quantile(0.99) > 6 * per_customer.median()

    def test_revenue_is_paid_in_four_places_and_refunds_are_negative(self, interactions: pd.DataFrame) -> None:
        paid = interactions[interactions["revenue"].notna()]
        assert set(paid["touchpoint"]) == {"Payment", "Renewal", "Plan upgrade", "Refund"}
        assert ((paid["revenue"] < 0) == (paid["touchpoint"] == "Refund")).all()

    def test_purchase_means_a_completed_payment(self, interactions: pd.DataFrame) -> None:
        bought = interactions.loc[interactions["stage"] == "purchase", "customer_id"]
        assert set(bought) == set(interactions.loc[interactions["touchpoint"] == "Payment", "customer_id"])

    def test_spend_covers_each_day_and_the_paid_channels(self, interactions: pd.DataFrame, spend: pd.DataFrame) -> None:
        assert spend["date"].nunique() == 365
        assert (spend["spend"] > 0).all()
        paid = set(interactions.loc[interactions["ownership"] == "paid", "channel"])
        assert paid | {"E-mail", "Webinar/Events"} <= set(spend["channel"])

    def test_the_hidden_traits_show_in_channels_and_devices(self, interactions: pd.DataFrame) -> None:
        traits = pd.Series({person.customer_id: person.trait_name for person in people(2025)})
        seen = interactions[interactions["customer_id"].isin(traits.index)]
        outside = seen[~seen["channel"].isin(["In-app", "Support", "Direct", "E-mail"])]
        with_device = seen[seen["device"] != ""]
        mixes = pd.concat(
            [
                pd.crosstab(outside["customer_id"], outside["channel"], normalize="index"),
                pd.crosstab(with_device["customer_id"], with_device["device"], normalize="index"),
            ],
            axis=1,
        )
        mixes = np.sqrt(mixes.reindex(traits.index).fillna(0.0))
        found = KMeans(4, n_init=10, random_state=0).fit_predict(mixes.to_numpy())
        assert adjusted_rand_score(traits, found) > 0.5


class TestStories:
    def test_1_on_phones_the_checkout_bug_of_may_halves_buying(self, interactions: pd.DataFrame) -> None:
        by_sign_up, by_stage = checkout_bug(interactions), checkout_bug_by_consideration(interactions)
        assert -0.50 < by_sign_up.difference < -0.25
        assert by_stage.here < 0.6 * by_stage.elsewhere
        errors = interactions[
            (interactions["touchpoint"] == "Checkout error")
            & (interactions["device"] == "phone")
            & interactions["timestamp"].between("2025-05-05", "2025-05-26")
        ]
        assert errors["emotion"].mean() < -1
        assert errors["comment"].str.contains("press pay").any()
        require_told(in_percent(by_sign_up))
        require_told(in_percent(by_stage))
        require_told(f"feeling {as_feeling(errors['emotion'].mean())} in {errors['emotion'].count()} answers")

    def test_2_community_builders_renew_advocate_and_feel_better(self, interactions: pd.DataFrame) -> None:
        renewal, advocacy = community_renewal(interactions), community_advocacy(interactions)
        feeling = community_feeling(interactions)
        assert renewal.difference > 0.15
        assert advocacy.difference > 0.15
        assert feeling.difference > 0.3
        require_told(in_percent(renewal))
        require_told(in_percent(advocacy))
        require_told(in_points(feeling, of="customers"))

    def test_3_a_switch_of_device_in_the_sign_up_loses_half(self, interactions: pd.DataFrame) -> None:
        lost = device_switch(interactions)
        assert 0.42 < lost.here < 0.60
        assert lost.difference > 0.15
        require_told(in_percent(lost))

    def test_4_guided_import_delights_and_leads_to_adoption(self, interactions: pd.DataFrame) -> None:
        feeling, adoption = guided_import_feeling(interactions), guided_import_adoption(interactions)
        by_touchpoint = interactions.groupby("touchpoint")["emotion"].agg(["mean", "count"])
        assert by_touchpoint[by_touchpoint["count"] >= 30]["mean"].idxmax() == "Guided import"
        assert adoption.difference > 0.15
        require_told(in_points(feeling, of="answers"))
        require_told(in_percent(adoption))

    def test_5_tickets_at_nights_and_weekends_wait_days_and_cost_renewals(self, interactions: pd.DataFrame) -> None:
        wait, feeling = ticket_wait(interactions), ticket_feeling(interactions)
        renewal = slow_support_renewal(interactions)
        assert 2.5 < wait.here < 3.7
        assert 0.3 < wait.elsewhere < 0.5
        assert feeling.here < -0.5
        assert -0.30 < renewal.difference < -0.10
        require_told(
            f"median {wait.here:.1f} days for {wait.n_here} tickets against {wait.elsewhere:.1f} days for "
            f"{wait.n_elsewhere}"
        )
        require_told(in_points(feeling, of="answers"))
        require_told(in_percent(renewal))

    def test_6_brand_search_is_the_last_touch_of_people_who_heard_of_us_elsewhere(
        self, interactions: pd.DataFrame
    ) -> None:
        heard, credit = brand_search_after_hearing_elsewhere(interactions), paid_search_credit(interactions)
        assert heard.here > 0.5
        assert credit.here > 3 * credit.elsewhere
        require_told(in_percent(heard))
        require_told(
            f"last touch of {credit.here * 100:.0f} % and first touch of {credit.elsewhere * 100:.0f} % of "
            f"{credit.n_here} buyers"
        )

    def test_7_one_in_ten_users_comes_back_after_a_win_back_mail_or_compares_plans_again(
        self, interactions: pd.DataFrame
    ) -> None:
        back = coming_back(interactions)
        assert 0.07 < back.here < 0.13
        assert 0.07 < back.elsewhere < 0.16
        require_told(f"{back.here * 100:.0f} % of {back.n_here:,} users come back")
        require_told(f"{back.elsewhere * 100:.0f} % of {back.n_elsewhere:,} adopters compare plans again")

    def test_8_guest_sign_up_completes_more_often_and_each_customer_has_one_variant(
        self, interactions: pd.DataFrame
    ) -> None:
        tested = interactions[interactions["variant"] != ""]
        assert (tested.groupby("customer_id")["variant"].nunique() == 1).all()
        assert set(tested["touchpoint"]) == set(SIGN_UP)
        assert tested["timestamp"].min() >= pd.Timestamp("2025-09-01", tz="UTC")
        result = guest_sign_up(interactions)
        assert 0.05 < result.difference < 0.18
        require_told(in_percent(result))

    def test_9_romanian_cards_are_refused(self, interactions: pd.DataFrame, customers: pd.DataFrame) -> None:
        bought = refused_cards(interactions, customers)
        assert -0.28 < bought.difference < -0.15
        errors = interactions[interactions["touchpoint"] == "Checkout error"]
        romanian = errors[errors["customer_id"].map(customers["country"]) == "Romania"]
        assert romanian["comment"].str.contains("cardul").sum() >= 10
        require_told(in_percent(bought))

    def test_10_large_companies_buy_after_a_demo(self, interactions: pd.DataFrame, customers: pd.DataFrame) -> None:
        bought = demo_for_large_companies(interactions, customers)
        assert bought.difference > 0.15
        require_told(in_percent(bought))

    def test_11_the_autumn_campaign_brings_people_who_leave(self, interactions: pd.DataFrame) -> None:
        bought = autumn_campaign(interactions)
        assert bought.difference < -0.12
        require_told(in_percent(bought))
