"""What is counted of each customer while the interactions go by in order."""

from __future__ import annotations

from typing import Any

import numpy as np

from journey.ingest.cells.sequences import Log, Numbers, Stretch


class Tallies:
    """A row per customer, and the place of each interaction that has a score or a comment."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._customers: list[dict[str, Numbers]] = []
        self._said: list[dict[str, Numbers]] = []

    def add(self, stretch: Stretch) -> None:
        """Count the customers of a stretch."""
        log, first, last = self._log, stretch.first, stretch.last
        rows = stretch.rows
        revenue = log.revenue[rows]
        is_paid = ~np.isnan(revenue)
        total = np.add.reduceat(np.where(is_paid, revenue, 0.0), first)
        self._customers.append(
            {
                "customer_key": stretch.customer[first] + 1,
                "first_us": stretch.microseconds[first],
                "last_us": stretch.microseconds[last],
                "interactions": stretch.sequence[last].astype(np.int32),
                "journeys": stretch.journey[last].astype(np.int32),
                "visits": stretch.visit[last].astype(np.int32),
                "revenue": np.where(np.logical_or.reduceat(is_paid, first), total, np.nan),
                "first_touchpoint": log.codes["touchpoint"][rows[first]],
                "first_channel": log.codes["channel"][rows[first]],
                "first_device": log.codes["device"][rows[first]],
                "stage_reached": np.maximum.reduceat(stretch.stage, first),
            }
        )
        said = np.flatnonzero(log.is_said[rows])
        self._said.append(
            {
                "line": log.line[rows[said]],
                "moment": log.moment[rows[said]],
                "customer_key": stretch.customer[said] + 1,
                "sequence": stretch.sequence[said].astype(np.int32),
                "stage": stretch.stage[said],
            }
        )

    def customers(self) -> dict[str, Any]:
        """Give the columns of the customers, names as codes, missing revenue as not a number."""
        return _joined(self._customers)

    def said_places(self) -> dict[str, Any]:
        """Give line and moment of what has a score or a comment, and where it stands."""
        return _joined(self._said)


def _joined(parts: list[dict[str, Numbers]]) -> dict[str, Any]:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
