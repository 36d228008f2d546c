"""The people: who they are, when they come, and the hidden trait that moves them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from journey.demo.stories import (
    AFTER_LAST_DAY,
    AUTUMN_CAMPAIGN,
    COMMUNITY_MOOD,
    FIRST_DAY,
    SPRING_CAMPAIGN,
    lies_in,
)

N_CUSTOMERS = 2_860
SHARE_CUSTOMERS_SINCE_LAST_YEAR = 0.075
SHARE_COMING_BY_AUTUMN_CAMPAIGN = 0.32
SHARE_COMING_BY_SPRING_CAMPAIGN = 0.55
SPRING_TIDE = 2.1

Weights = dict[str, float]

MONTH_WEIGHTS = (1.0, 0.95, 1.05, 1.0, 1.1, 0.95, 0.8, 0.55, 1.5, 1.5, 1.3, 0.6)
WEEKDAY_WEIGHTS = (1.15, 1.2, 1.15, 1.1, 0.95, 0.55, 0.6)

COUNTRIES: Weights = {
    "Germany": 0.20,
    "United Kingdom": 0.17,
    "United States": 0.17,
    "Romania": 0.14,
    "France": 0.11,
    "China": 0.10,
    "Netherlands": 0.06,
    "Spain": 0.05,
}
GOALS = ("See the numbers in one place", "Work with the team", "Replace spreadsheets", "Report to management")
INDUSTRIES = ("Retail", "Manufacturing", "Health", "Education", "Agency", "Logistics", "Finance")
AGE_BANDS = ("18–24", "25–34", "35–44", "45–54", "55+")


@dataclass(frozen=True)
class Trait:
    """A way of buying. Never exported: personas are to be found from behaviour."""

    share: float
    devices: Weights
    first_channels: Weights
    company_sizes: Weights
    plans: Weights
    age_weights: tuple[float, ...]
    days_between_visits: float
    share_considering: float
    share_signing_up: float
    share_visiting_again: float
    consideration: Weights
    mood: float = 0.0


TRAITS = {
    "phone starter": Trait(
        share=0.31,
        devices={"phone": 0.90, "laptop": 0.06, "tablet": 0.04},
        first_channels={
            "Paid social": 0.38,
            "Organic search": 0.24,
            "Direct": 0.14,
            "Referral": 0.12,
            "Paid search": 0.12,
        },
        company_sizes={"1–10": 0.78, "11–100": 0.20, "101+": 0.02},
        plans={"Starter": 0.80, "Team": 0.19, "Business": 0.01},
        age_weights=(0.28, 0.38, 0.2, 0.1, 0.04),
        days_between_visits=1.2,
        share_considering=0.80,
        share_signing_up=0.74,
        share_visiting_again=0.40,
        consideration={"Pricing page": 0.75, "Compare plans": 0.15, "Newsletter": 0.10},
    ),
    "careful evaluator": Trait(
        share=0.27,
        devices={"laptop": 0.92, "phone": 0.05, "tablet": 0.03},
        first_channels={
            "Review site": 0.42,
            "Organic search": 0.38,
            "Paid search": 0.13,
            "E-mail": 0.04,
            "Podcast": 0.03,
        },
        company_sizes={"1–10": 0.38, "11–100": 0.55, "101+": 0.07},
        plans={"Starter": 0.35, "Team": 0.60, "Business": 0.05},
        age_weights=(0.05, 0.24, 0.33, 0.25, 0.13),
        days_between_visits=4.2,
        share_considering=0.80,
        share_signing_up=0.50,
        share_visiting_again=0.74,
        consideration={
            "Compare plans": 0.32,
            "Pricing page": 0.24,
            "Review site listing": 0.26,
            "Webinar": 0.08,
            "Newsletter": 0.10,
        },
        mood=-0.1,
    ),
    "community builder": Trait(
        share=0.23,
        devices={"laptop": 0.74, "tablet": 0.20, "phone": 0.06},
        first_channels={"Community": 0.66, "Podcast": 0.17, "Referral": 0.12, "Organic search": 0.05},
        company_sizes={"1–10": 0.55, "11–100": 0.40, "101+": 0.05},
        plans={"Starter": 0.50, "Team": 0.47, "Business": 0.03},
        age_weights=(0.16, 0.36, 0.28, 0.14, 0.06),
        days_between_visits=2.5,
        share_considering=0.88,
        share_signing_up=0.84,
        share_visiting_again=0.60,
        consideration={"Community thread": 0.70, "Pricing page": 0.20, "Compare plans": 0.10},
        mood=COMMUNITY_MOOD,
    ),
    "big-team buyer": Trait(
        share=0.19,
        devices={"laptop": 0.97, "tablet": 0.03},
        first_channels={
            "Partner": 0.38,
            "Webinar/Events": 0.38,
            "E-mail": 0.14,
            "Review site": 0.05,
            "Organic search": 0.05,
        },
        company_sizes={"1–10": 0.02, "11–100": 0.26, "101+": 0.72},
        plans={"Starter": 0.02, "Team": 0.38, "Business": 0.60},
        age_weights=(0.01, 0.15, 0.36, 0.33, 0.15),
        days_between_visits=3.4,
        share_considering=0.84,
        share_signing_up=0.52,
        share_visiting_again=0.62,
        consideration={
            "Webinar": 0.40,
            "Partner recommendation": 0.22,
            "Newsletter": 0.14,
            "Compare plans": 0.12,
            "Pricing page": 0.12,
        },
    ),
}


@dataclass(frozen=True)
class Person:
    """One customer of the sample company."""

    customer_id: str
    trait_name: str
    country: str
    company_size: str
    plan: str
    age_band: str
    goal: str
    industry: str
    device: str
    first_channel: str
    campaign: str
    starts: datetime
    since_last_year: bool
    mood: float
    gets_guest_sign_up: bool

    @property
    def trait(self) -> Trait:
        return TRAITS[self.trait_name]

    @property
    def builds_community(self) -> bool:
        return self.trait_name == "community builder"


def drawn(chance: Random, weights: Weights) -> str:
    return chance.choices(list(weights), list(weights.values()))[0]


def people(seed: int) -> list[Person]:
    """Draws all customers, each from a chance of their own, so that changing one leaves the others as they were."""
    days = _days_with_weights()
    return [_person(number, Random(f"{seed}/person/{number}"), days) for number in range(1, N_CUSTOMERS + 1)]


def _days_with_weights() -> dict[str, float]:
    n_days = (AFTER_LAST_DAY - FIRST_DAY).days
    days = [FIRST_DAY + timedelta(days=day) for day in range(n_days)]
    return {day.isoformat(): tide(day) for day in days}


def tide(day: datetime) -> float:
    """How many come on a day, compared to a usual one."""
    campaign = SPRING_TIDE if lies_in(day, SPRING_CAMPAIGN) else 1.0
    return MONTH_WEIGHTS[day.month - 1] * WEEKDAY_WEIGHTS[day.weekday()] * campaign


def _person(number: int, chance: Random, days: dict[str, float]) -> Person:
    since_last_year = chance.random() < SHARE_CUSTOMERS_SINCE_LAST_YEAR
    starts = datetime.fromisoformat(drawn(chance, days))
    if since_last_year:
        starts = FIRST_DAY + timedelta(days=chance.randrange(28))
    trait_name = drawn(chance, {name: trait.share for name, trait in TRAITS.items()})
    campaign = "" if since_last_year else _campaign(chance, starts)
    if campaign and chance.random() < 0.85:
        trait_name = "phone starter"
    trait = TRAITS[trait_name]
    return Person(
        customer_id=f"C-{number:05d}",
        trait_name=trait_name,
        country=drawn(chance, COUNTRIES),
        company_size=drawn(chance, trait.company_sizes),
        plan=drawn(chance, trait.plans),
        age_band="" if chance.random() < 0.05 else chance.choices(AGE_BANDS, trait.age_weights)[0],
        goal=chance.choice(GOALS),
        industry="" if chance.random() < 0.08 else chance.choice(INDUSTRIES),
        device=drawn(chance, trait.devices),
        first_channel="Paid social" if campaign else drawn(chance, trait.first_channels),
        campaign=campaign,
        starts=starts,
        since_last_year=since_last_year,
        mood=trait.mood + chance.gauss(0, 0.3),
        gets_guest_sign_up=chance.random() < 0.5,
    )


def _campaign(chance: Random, starts: datetime) -> str:
    luck = chance.random()
    if lies_in(starts, AUTUMN_CAMPAIGN) and luck < SHARE_COMING_BY_AUTUMN_CAMPAIGN:
        return "autumn-leap"
    if lies_in(starts, SPRING_CAMPAIGN) and luck < SHARE_COMING_BY_SPRING_CAMPAIGN:
        return "spring-start"
    return ""
