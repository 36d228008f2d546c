"""What marketing cost, by day, channel and campaign, in euros."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from journey.demo.company import MONTH_WEIGHTS, WEEKDAY_WEIGHTS
from journey.demo.stories import AFTER_LAST_DAY, AUTUMN_CAMPAIGN, FIRST_DAY, SPRING_CAMPAIGN, lies_in

EUROS_PER_DAY = {
    ("Paid search", "brand-search"): 74.0,
    ("Paid search", "generic-search"): 96.0,
    ("Paid social", "always-on"): 88.0,
    ("Podcast", "podcast-hosts"): 41.0,
    ("Review site", "listing"): 24.0,
    ("Partner", "commission"): 35.0,
}
CAMPAIGNS = {
    ("Paid social", "spring-start"): (190.0, SPRING_CAMPAIGN),
    ("Paid social", "autumn-leap"): (310.0, AUTUMN_CAMPAIGN),
}
EMAIL_TOOL_EUROS_PER_DAY = 12.5
EVENT_EUROS = 1450.0
EVENT_WEEKDAY = 2


class Spend(NamedTuple):
    """One row of spend.csv, in the order of its columns."""

    date: str
    channel: str
    campaign: str
    spend: str


def spend(seed: int) -> Iterator[Spend]:
    """Draws the year's spend, day by day."""
    chance = Random(f"{seed}/spend")
    day = FIRST_DAY
    while day < AFTER_LAST_DAY:
        for (channel, campaign), euros in _costs(day, chance):
            yield Spend(day.date().isoformat(), channel, campaign, f"{euros:.2f}")
        day += timedelta(days=1)


def _costs(day: datetime, chance: Random) -> Iterator[tuple[tuple[str, str], float]]:
    tide = MONTH_WEIGHTS[day.month - 1] * WEEKDAY_WEIGHTS[day.weekday()]
    for key, euros in EUROS_PER_DAY.items():
        yield key, euros * tide * chance.lognormvariate(0, 0.12)
    for key, (euros, period) in CAMPAIGNS.items():
        if lies_in(day, period):
            yield key, euros * chance.lognormvariate(0, 0.15)
    yield ("E-mail", "tooling"), EMAIL_TOOL_EUROS_PER_DAY
    if day.weekday() == EVENT_WEEKDAY and day.day <= 14:
        yield ("Webinar/Events", "webinar"), EVENT_EUROS * chance.lognormvariate(0, 0.2)
