"""Journey: what customers did and said, as a living customer-journey map.

Load a table of interactions, then ask::

    import journey

    dataset = journey.load("interactions.csv", customers="customers.csv")
    journey.funnel(dataset, ["awareness", "consideration", "purchase"])

Each public function takes a dataset, perhaps a filtered one, and returns a pandas DataFrame whose columns its
docstring defines.
"""

from __future__ import annotations

import importlib
from typing import Any

#: Public name to the module that holds it. Names are handed on when they are asked for, so that `import journey`
#: costs little and loads neither plotly nor scikit-learn.
_HOMES = {
    "Dataset": "journey.dataset",
    "Filters": "journey.dataset",
    "JourneyError": "journey.errors",
    "JourneyMap": "journey.maps.document",
    "Personas": "journey.analysis.personas",
    "draft_map": "journey.maps.draft",
    "emotion": "journey.analysis.emotions",
    "findings": "journey.analysis.findings",
    "flow": "journey.analysis.flows",
    "funnel": "journey.analysis.funnels",
    "load": "journey.ingest.load",
    "lost": "journey.analysis.funnels",
    "paths": "journey.analysis.path_counts",
    "personas": "journey.analysis.personas",
    "transitions": "journey.analysis.flows",
}

__all__ = sorted(_HOMES)
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'journey' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
