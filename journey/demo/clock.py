"""When things happen: office hours, evenings, weekends, and a slow August."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

# Weights of the hours 0–23.
OFFICE = (0, 0, 0, 0, 0, 0, 1, 3, 7, 10, 11, 10, 7, 8, 10, 9, 8, 5, 3, 2, 2, 1, 1, 0)
EVENING = (1, 0, 0, 0, 0, 1, 2, 4, 5, 4, 4, 5, 6, 5, 4, 4, 5, 7, 8, 10, 11, 10, 6, 3)

SHARE_OF_WEEKENDS_PUT_OFF = 0.55
SATURDAY = 5
AUGUST = 8
AUGUST_STRETCH = 1.7


def days_passed(chance: Random, now: datetime, median_days: float, spread: float) -> timedelta:
    """Draws a heavy-tailed pause; in August everything takes longer."""
    days = median_days * chance.lognormvariate(0, spread)
    return timedelta(days=days * (AUGUST_STRETCH if now.month == AUGUST else 1.0))


def likely_hour(chance: Random, now: datetime, planned: datetime, on_phone: bool) -> datetime:
    """Moves a planned moment to an hour people keep, never back before `now`."""
    if planned.weekday() >= SATURDAY and chance.random() < SHARE_OF_WEEKENDS_PUT_OFF:
        planned += timedelta(days=7 - planned.weekday() + chance.choice((0, 0, 1, 2)))
    hour = chance.choices(range(24), EVENING if on_phone else OFFICE)[0]
    moved = planned.replace(hour=hour, minute=chance.randrange(60), second=chance.randrange(60))
    return moved if moved > now else now + timedelta(seconds=chance.randrange(1200, 9000))


def out_of_hours(chance: Random, now: datetime) -> datetime:
    """The next weekend day or night after `now`."""
    if chance.random() < 0.5:
        days_to_saturday = (SATURDAY - now.weekday()) % 7
        day = now + timedelta(days=days_to_saturday + chance.randrange(2))
        hour = chance.randrange(9, 22)
    else:
        day = now
        hour = chance.choice((21, 22, 23, 23))
    moved = day.replace(hour=hour, minute=chance.randrange(60), second=chance.randrange(60))
    return moved if moved > now else moved + timedelta(days=7)


def office_hours(chance: Random, now: datetime) -> datetime:
    """The next working hour of a weekday after `now`."""
    day = now + timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day.replace(hour=chance.randrange(8, 17), minute=chance.randrange(60), second=chance.randrange(60))
