"""A large, heavy-tailed log to measure on; seeded, so that every run reads the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv

STAGES = ("awareness", "consideration", "purchase", "onboarding", "adoption", "retention", "expansion", "advocacy")
CHANNELS = ("Organic search", "Paid search", "Paid social", "E-mail", "Direct", "Referral", "Review site", "In-app")
DEVICES = ("phone", "laptop", "tablet")
COUNTRIES = ("Romania", "Germany", "France", "Poland", "Spain", "Italy", "Austria", "Netherlands")
N_TOUCHPOINTS = 40
_ROWS_AT_ONCE = 1_000_000
_DAY_SECONDS = 86_400
_NAMES = ("customer_id", "timestamp", "touchpoint", "channel", "stage", "device", "country", "emotion", "revenue")


def write_log(path: Path, n_rows: int, *, rows_per_customer: int = 10, seed: int = 7) -> Path:
    """Write `n_rows` interactions of `n_rows / rows_per_customer` customers over a year as CSV, flat in memory."""
    random = np.random.default_rng(seed)
    n_customers = n_rows // rows_per_customer
    shares = np.cumsum(random.pareto(1.6, n_customers) + 0.2)
    begins = random.integers(0, 300 * _DAY_SECONDS, n_customers)
    with path.open("wb") as stream:
        stream.write((",".join(_NAMES) + "\n").encode())
        for first in range(0, n_rows, _ROWS_AT_ONCE):
            n = min(_ROWS_AT_ONCE, n_rows - first)
            customers = np.searchsorted(shares / shares[-1], random.random(n))
            rows = _rows(random, customers, begins[customers])
            csv.write_csv(rows, stream, csv.WriteOptions(include_header=False, quoting_style="none"))
    return path


def _rows(random: np.random.Generator, customers: NDArray[np.int64], begins: NDArray[np.int64]) -> pa.Table:
    n_rows = len(customers)
    seconds = begins + random.exponential(12 * _DAY_SECONDS, n_rows).astype(np.int64)
    moments = np.datetime64("2025-01-01T00:00:00") + np.minimum(seconds, 365 * _DAY_SECONDS - 1)
    touchpoints = random.zipf(1.4, n_rows) % N_TOUCHPOINTS
    stages = np.minimum(touchpoints // 5, len(STAGES) - 1)
    is_scored = random.random(n_rows) < 0.15
    columns = (
        pc.binary_join_element_wise("cust-", pa.array(customers).cast(pa.string()), ""),
        pc.strftime(pa.array(moments), "%Y-%m-%dT%H:%M:%S"),
        _named([f"Touchpoint {number:02}" for number in range(N_TOUCHPOINTS)], touchpoints),
        _named(CHANNELS, random.integers(0, len(CHANNELS), n_rows)),
        _named(STAGES, stages),
        _named(DEVICES, random.integers(0, len(DEVICES), n_rows)),
        _named(COUNTRIES, customers % len(COUNTRIES)),
        pa.array(np.round(random.uniform(-2, 2, n_rows), 1), mask=~is_scored),
        pa.array(np.round(random.gamma(2.0, 40.0, n_rows), 2), mask=stages != STAGES.index("purchase")),
    )
    return pa.table(dict(zip(_NAMES, columns, strict=True)))


def _named(names: Sequence[str], codes: NDArray[np.int64]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), pa.array(names)).cast(pa.string())
