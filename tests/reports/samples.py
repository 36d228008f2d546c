"""A small dataset out for trouble, and what a document of it is made from."""

from __future__ import annotations

import datetime
from functools import cache

import pandas as pd

import journey
from journey.analysis.personas import personas
from journey.reports.choices import Choices, Quote
from journey.reports.collecting import views_of
from journey.reports.views import Collected

#: What a label may hold that a document must show letter by letter.
HOSTILE = """<img src=x onerror="document.title='run'"></script><script>document.title='run'</script>%{x}"""
HOSTILE_LINK = """<a href="javascript:alert(1)">x</a> ' " & </template></style>"""
MADE_AT = datetime.datetime(2026, 3, 4, 12, tzinfo=datetime.UTC)
STAGES = ("see", "try", "buy")
#: One group buys and stays glad, the other leaves after trying; a few of each do otherwise.
_N_CUSTOMERS = 120


@cache
def hostile_dataset() -> journey.Dataset:
    """Two kinds of customers, from two countries; names of touchpoints, channels and countries are hostile."""
    rows = []
    for place in range(_N_CUSTOMERS):
        is_keen = place % 2 == 0
        stages = STAGES if is_keen != (place % 10 == 0) else STAGES[:2]
        for day, stage in enumerate(stages):
            rows.append(
                {
                    "customer_id": f"SECRET-{place:03}",
                    "touchpoint": f"{stage} {HOSTILE}",
                    "channel": HOSTILE if is_keen else HOSTILE_LINK,
                    "device": "phone" if is_keen else "laptop",
                    "stage": stage,
                    "timestamp": pd.Timestamp("2025-01-01") + pd.Timedelta(days=day + place, minutes=place),
                    "emotion": (1.5 if is_keen else -1.0) - day / 2,
                    "country": HOSTILE if place % 3 else HOSTILE_LINK,
                    "comment": f"SECRET {HOSTILE}",
                }
            )
    return journey.load(pd.DataFrame(rows), stages=list(STAGES))


@cache
def choices() -> Choices:
    return Choices(
        title=f"Spring {HOSTILE_LINK}"[:120],
        valid_until=datetime.date(2026, 4, 3),
        cuts=("persona", "period", "country"),
        quotes=(Quote(HOSTILE, stage="try", touchpoint=HOSTILE_LINK),),
    )


@cache
def collected() -> Collected:
    """Everything a document of the hostile dataset is made from, exact."""
    return views_of(hostile_dataset(), personas(hostile_dataset(), 2), choices())
