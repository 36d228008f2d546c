"""Small logs drawn in a test, so that the right answer can be worked out by head."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

import journey
from journey.dataset import Dataset

START = pd.Timestamp("2025-01-01")
MINUTE, SILENCE = pd.Timedelta(minutes=1), pd.Timedelta(days=40)
_WORD = re.compile(r"(?P<touchpoint>[^@#!+$~]+)(?P<marks>.*)")
_MARK = re.compile(r"(?P<sign>[@#!$+~])(?P<value>[^@#!$+~]+)")
_COLUMNS = {"@": "device", "#": "channel", "!": "emotion", "$": "revenue", "~": "comment"}


def log_frame(journeys: dict[str, str], *, stages: dict[str, str] | None = None) -> pd.DataFrame:
    """Draw interactions, a line per customer: `see > try@phone#email > buy$20 | back!-1.5`.

    Interactions are a minute apart; `+90` after a word makes its distance to the one before 90 minutes; `|` is a
    silence of 40 days, so that a new journey begins. `@` device, `#` channel, `!` emotion, `$` revenue, `~` comment.
    """
    rows: list[dict[str, Any]] = []
    for customer, line in journeys.items():
        moment = START
        for part, journey_line in enumerate(line.split("|")):
            moment += SILENCE if part else MINUTE
            for word in journey_line.split(">"):
                parsed = _WORD.fullmatch(word.strip())
                assert parsed, word
                row: dict[str, Any] = {"customer_id": customer, "touchpoint": parsed["touchpoint"].strip()}
                distance = MINUTE
                for mark in _MARK.finditer(parsed["marks"]):
                    value = mark["value"].strip()
                    if mark["sign"] == "+":
                        distance = pd.Timedelta(minutes=float(value))
                    else:
                        column = _COLUMNS[mark["sign"]]
                        row[column] = float(value) if column in ("emotion", "revenue") else value
                moment += distance
                row["timestamp"] = moment
                row["stage"] = (stages or {}).get(row["touchpoint"], None if stages else row["touchpoint"])
                rows.append(row)
    return pd.DataFrame(rows)


def make_log(
    *,
    stages: dict[str, str] | None = None,
    stage_order: list[str] | None = None,
    attributes: dict[str, dict[str, Any]] | None = None,
    closed: bool = True,
    **journeys: str,
) -> journey.Dataset:
    """Load a drawn log. `attributes` maps a name to customer → value.

    With `closed`, a customer `zz` meets `end` (no stage) a year later, so that all drawn journeys are over; count one
    customer more. Without it, whatever happened less than 30 days before the last interaction is still open.
    """
    rows = log_frame(journeys, stages=stages)
    if closed:
        last = {"customer_id": "zz", "touchpoint": "end", "timestamp": START + pd.Timedelta(days=365), "stage": None}
        rows = pd.concat([rows, pd.DataFrame([last])], ignore_index=True)
    customers = None
    if attributes:
        customers = pd.DataFrame(attributes).rename_axis("customer_id").reset_index()
    order = stage_order or list(dict.fromkeys(stage for stage in rows["stage"] if isinstance(stage, str)))
    return journey.load(rows, customers=customers, stages=order)


def told(dataset: Dataset) -> list[str]:
    """List the sentences of a dataset's import report."""
    return [note["text"] for note in dataset.report["notes"]]
