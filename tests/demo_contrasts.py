"""What the planted stories of the sample company come to, counted with pandas alone.

None of the product is used here, so that its analyses can be held against these figures.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

SAMPLE = Path(__file__).parent.parent / "sample_data"
SIGN_UP = ["Sign-up started", "Sign-up form", "Card details", "Checkout error"]
END = pd.Timestamp("2026-01-01", tz="UTC")
SILENCE = pd.Timedelta(days=30)
FULL_QUARTER = pd.Timedelta(days=100)


class Contrast(NamedTuple):
    """Two shares (or means) with the customers, or answers, each rests on."""

    here: float
    n_here: int
    elsewhere: float
    n_elsewhere: int

    @property
    def difference(self) -> float:
        return self.here - self.elsewhere


def contrast(values: pd.Series, is_here: pd.Series) -> Contrast:
    is_here = is_here.reindex(values.index, fill_value=False).astype(bool)
    here, elsewhere = values[is_here], values[~is_here]
    return Contrast(float(here.mean()), len(here), float(elsewhere.mean()), len(elsewhere))


def sample_interactions() -> pd.DataFrame:
    """The committed interactions, with times as times and scores as feelings of −2 … +2."""
    rows = pd.read_csv(SAMPLE / "interactions.csv", keep_default_na=False)
    rows["timestamp"] = pd.to_datetime(rows["timestamp"])
    for column in ("score", "revenue"):
        rows[column] = pd.to_numeric(rows[column])
    csat = rows["score"] - 3
    nps = np.where(rows["score"] <= 7.5, (rows["score"] - 7.5) / 7.5, (rows["score"] - 7.5) / 2.5) * 2
    rows["emotion"] = csat.where(rows["score_kind"] == "csat", nps).where(rows["score"].notna())
    return rows


def first_time(rows: pd.DataFrame) -> pd.Series:
    return rows.groupby("customer_id")["timestamp"].min()


def settled(rows: pd.DataFrame) -> pd.Index:
    """Customers whose last interaction lies 30 days or more before the end: nobody still on their way."""
    last = rows.groupby("customer_id")["timestamp"].max()
    return last.index[last < END - SILENCE]


def buying(rows: pd.DataFrame, entered: pd.Series) -> pd.Series:
    """Whether those who entered bought later; who has not, and is still on the way, is left out."""
    bought = entered.index.isin(rows.loc[rows["stage"] == "purchase", "customer_id"])
    is_counted = bought | entered.index.isin(settled(rows))
    return pd.Series(bought, index=entered.index)[is_counted]


def considering(rows: pd.DataFrame) -> pd.DataFrame:
    """First consideration of each customer: when, and on which device."""
    return rows[rows["stage"] == "consideration"].groupby("customer_id").first()


def renewing(rows: pd.DataFrame) -> pd.Series:
    """Whether those who adopted, and paid 100 days or more before the end, ever renewed."""
    paid = first_time(rows[rows["touchpoint"] == "Payment"])
    adopted = set(rows.loc[rows["stage"] == "adoption", "customer_id"])
    asked = paid[(paid < END - FULL_QUARTER) & paid.index.isin(adopted)].index
    return pd.Series(asked.isin(rows.loc[rows["touchpoint"] == "Renewal", "customer_id"]), index=asked)


def first_channel(rows: pd.DataFrame) -> pd.Series:
    return rows.groupby("customer_id")["channel"].first()


# 1
def checkout_bug(rows: pd.DataFrame) -> Contrast:
    sign_ups = rows[rows["touchpoint"] == "Sign-up started"].groupby("customer_id").first()
    on_phone = sign_ups[sign_ups["device"] == "phone"]
    bought = buying(rows, on_phone["timestamp"])
    return contrast(bought, on_phone["timestamp"].between("2025-05-05", "2025-05-26"))


def checkout_bug_by_consideration(rows: pd.DataFrame) -> Contrast:
    entered = considering(rows)
    on_phone = entered[entered["device"] == "phone"]
    bought = buying(rows, on_phone["timestamp"])
    return contrast(bought, on_phone["timestamp"].between("2025-05-05", "2025-05-26"))


# 2
def community_renewal(rows: pd.DataFrame) -> Contrast:
    renewed = renewing(rows)
    return contrast(renewed, community_members(rows))


def community_advocacy(rows: pd.DataFrame) -> Contrast:
    renewed = renewing(rows)
    advocated = pd.Series(renewed.index.isin(rows.loc[rows["stage"] == "advocacy", "customer_id"]), index=renewed.index)
    return contrast(advocated, community_members(rows))


def community_feeling(rows: pd.DataFrame) -> Contrast:
    feeling = rows.groupby("customer_id")["emotion"].mean().dropna()
    return contrast(feeling, community_members(rows))


def community_members(rows: pd.DataFrame) -> pd.Series:
    return rows.groupby("customer_id")["channel"].agg(lambda channels: (channels == "Community").sum() >= 3)


# 3
def device_switch(rows: pd.DataFrame) -> Contrast:
    steps = rows[rows["touchpoint"].isin(SIGN_UP)]
    switched = steps.groupby("customer_id")["device"].nunique() > 1
    lost = ~buying(rows, first_time(steps))
    return contrast(lost, switched)


# 4
def guided_import_feeling(rows: pd.DataFrame) -> Contrast:
    scored = rows[(rows["stage"] == "onboarding") & rows["emotion"].notna()]
    return contrast(scored["emotion"], scored["touchpoint"] == "Guided import")


def guided_import_adoption(rows: pd.DataFrame) -> Contrast:
    onboarded = first_time(rows[rows["stage"] == "onboarding"])
    adopted = onboarded.index.isin(rows.loc[rows["stage"] == "adoption", "customer_id"])
    is_counted = adopted | onboarded.index.isin(settled(rows))
    met = set(rows.loc[rows["touchpoint"] == "Guided import", "customer_id"])
    return contrast(
        pd.Series(adopted, index=onboarded.index)[is_counted],
        pd.Series(onboarded.index.isin(met), index=onboarded.index),
    )


# 5
def tickets(rows: pd.DataFrame) -> pd.DataFrame:
    support = rows[rows["touchpoint"].isin(["Support ticket opened", "Support answer"])]
    by_customer = support.groupby("customer_id")
    answered = support.assign(
        next=by_customer["touchpoint"].shift(-1),
        answered=by_customer["timestamp"].shift(-1),
        feeling=by_customer["emotion"].shift(-1),
    )
    answered = answered[(answered["touchpoint"] == "Support ticket opened") & (answered["next"] == "Support answer")]
    return answered.assign(
        days=(answered["answered"] - answered["timestamp"]).dt.total_seconds() / 86_400,
        out_of_hours=(answered["timestamp"].dt.day_of_week >= 5) | ~answered["timestamp"].dt.hour.between(7, 19),
    )


def ticket_wait(rows: pd.DataFrame) -> Contrast:
    answered = tickets(rows)
    out_of_hours = answered[answered["out_of_hours"]]["days"]
    usual = answered[~answered["out_of_hours"]]["days"]
    return Contrast(float(out_of_hours.median()), len(out_of_hours), float(usual.median()), len(usual))


def ticket_feeling(rows: pd.DataFrame) -> Contrast:
    answered = tickets(rows).dropna(subset="feeling")
    return contrast(answered["feeling"], answered["days"] > 2)


def slow_support_renewal(rows: pd.DataFrame) -> Contrast:
    """Among those who opened a ticket before their first renewal fell due."""
    renewed = renewing(rows)
    paid = first_time(rows[rows["touchpoint"] == "Payment"])
    answered = tickets(rows)
    due = answered["customer_id"].map(paid) + pd.Timedelta(days=91)
    longest = answered[answered["timestamp"] < due].groupby("customer_id")["days"].max()
    renewed = renewed[renewed.index.isin(longest.index)]
    return contrast(renewed, longest > 2)


# 6
def brand_search_after_hearing_elsewhere(rows: pd.DataFrame) -> Contrast:
    """Of those whose last touch before paying is brand search: first touch elsewhere; the same of the other buyers."""
    paid = rows[rows["touchpoint"] == "Payment"].set_index("customer_id")["campaign"]
    heard = first_channel(rows).reindex(paid.index).isin(["Review site", "Community", "Podcast"])
    return contrast(heard, paid == "brand-search")


def paid_search_credit(rows: pd.DataFrame) -> Contrast:
    """Share of buyers with paid search as last and as first touch."""
    paid = first_time(rows[rows["touchpoint"] == "Payment"])
    before = rows[rows["timestamp"] < rows["customer_id"].map(paid)]
    touches = before.groupby("customer_id")["channel"]
    last, first = touches.last() == "Paid search", touches.first() == "Paid search"
    return Contrast(float(last.mean()), len(last), float(first.mean()), len(first))


# 7
def coming_back(rows: pd.DataFrame) -> Contrast:
    """Share of users silent for over 45 days and back through a win-back e-mail; and comparing plans after adoption."""
    using = rows[rows["stage"].isin(["onboarding", "adoption", "retention"])]
    pause = using["timestamp"] - using.groupby("customer_id")["timestamp"].shift()
    back = set(using.loc[(pause > pd.Timedelta(days=45)) & (using["touchpoint"] == "Win-back e-mail"), "customer_id"])
    adopted = first_time(rows[rows["stage"] == "adoption"])
    comparing = rows[(rows["touchpoint"] == "Compare plans") & (rows["timestamp"] > rows["customer_id"].map(adopted))]
    n_users = using["customer_id"].nunique()
    return Contrast(len(back) / n_users, n_users, comparing["customer_id"].nunique() / len(adopted), len(adopted))


# 8
def guest_sign_up(rows: pd.DataFrame) -> Contrast:
    tested = rows[rows["variant"] != ""]
    bought = buying(rows, first_time(tested))
    return contrast(bought, tested.groupby("customer_id")["variant"].first() == "guest sign-up")


# 9
def refused_cards(rows: pd.DataFrame, customers: pd.DataFrame) -> Contrast:
    bought = buying(rows, considering(rows)["timestamp"])
    return contrast(bought, customers["country"] == "Romania")


# 10
def demo_for_large_companies(rows: pd.DataFrame, customers: pd.DataFrame) -> Contrast:
    entered = considering(rows)
    large = entered[entered.index.isin(customers.index[customers["company_size"] == "101+"])]
    bought = buying(rows, large["timestamp"])
    shown = set(rows.loc[rows["touchpoint"] == "Product demo", "customer_id"])
    return contrast(bought, pd.Series(bought.index.isin(shown), index=bought.index))


def autumn_campaign(rows: pd.DataFrame) -> Contrast:
    came = rows.groupby("customer_id").first()
    by_social = came[came["channel"] == "Paid social"]
    bought = buying(rows, by_social["timestamp"])
    return contrast(bought, by_social["timestamp"] >= "2025-10-01")


def in_percent(told: Contrast) -> str:
    return f"{told.here * 100:.0f} % of {told.n_here:,} against {told.elsewhere * 100:.0f} % of {told.n_elsewhere:,}"


def as_feeling(feeling: float) -> str:
    return f"{feeling:+.1f}".replace("-", "−")


def in_points(told: Contrast, of: str) -> str:
    here, elsewhere = as_feeling(told.here), as_feeling(told.elsewhere)
    return f"{here} in {told.n_here:,} {of} against {elsewhere} in {told.n_elsewhere:,}"
