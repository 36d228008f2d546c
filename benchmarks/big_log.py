"""A large, heavy-tailed log to measure on; seeded, so that every run reads the same bytes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

STAGES = ("awareness", "consideration", "purchase", "onboarding", "adoption", "retention", "expansion", "advocacy")
CHANNELS = ("Organic search", "Paid search", "Paid social", "E-mail", "Direct", "Referral", "Review site", "In-app")
DEVICES = ("phone", "laptop", "tablet")
N_TOUCHPOINTS = 40


def write_log(path: Path, n_rows: int, *, rows_per_customer: int = 10, seed: int = 7) -> Path:
    """Write `n_rows` interactions of `n_rows / rows_per_customer` customers over a year as CSV."""
    random = np.random.default_rng(seed)
    n_customers = n_rows // rows_per_customer
    weights = random.pareto(1.6, n_customers) + 0.2
    customers = random.choice(n_customers, n_rows, p=weights / weights.sum())
    start = np.datetime64("2025-01-01T00:00:00")
    customer_start = random.integers(0, 300 * 86_400, n_customers)
    seconds = customer_start[customers] + random.exponential(12 * 86_400, n_rows).astype(np.int64)
    seconds = np.minimum(seconds, 365 * 86_400 - 1)
    touchpoints = random.zipf(1.4, n_rows) % N_TOUCHPOINTS
    stages = np.minimum(touchpoints // 5, len(STAGES) - 1)
    scored = random.random(n_rows) < 0.15
    log = pd.DataFrame(
        {
            "customer_id": np.char.add("C-", customers.astype(str)),
            "timestamp": (start + seconds.astype("timedelta64[s]")).astype(str),
            "touchpoint": np.char.add("Touchpoint ", touchpoints.astype(str)),
            "channel": np.array(CHANNELS)[random.integers(0, len(CHANNELS), n_rows)],
            "stage": np.array(STAGES)[stages],
            "device": np.array(DEVICES)[random.integers(0, len(DEVICES), n_rows)],
            "emotion": np.where(scored, np.round(random.uniform(-2, 2, n_rows), 1), np.nan),
            "revenue": np.where(
                stages == STAGES.index("purchase"), np.round(random.gamma(2.0, 40.0, n_rows), 2), np.nan
            ),
        }
    )
    log.to_csv(path, index=False)
    return path
