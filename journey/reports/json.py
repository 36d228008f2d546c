"""A report as JSON: the same result tables as in the document, each with how it was counted."""

from __future__ import annotations

import datetime
import json
import math
from typing import Any

import pandas as pd

from journey.dataset import Dataset
from journey.maps.draft import draft_map
from journey.reports import headlines
from journey.reports.collecting import everything
from journey.reports.definitions import definitions
from journey.reports.views import Tables

#: Grows when a table or a column changes its meaning or goes away.
FORMAT_VERSION = 2


def json_report(dataset: Dataset) -> str:
    """Write the result tables of a dataset, as its filters leave it, as JSON text; what is unknown is null."""
    collected, laid_out = everything(dataset)
    tables = collected.whole.tables
    told = definitions()
    report = {
        "format_version": FORMAT_VERSION,
        "headline": headlines.overview_page(collected, collected.whole)[0],
        "customers": tables.customers,
        "interactions": tables.interactions,
        "first": _plain(tables.first),
        "last": _plain(tables.last),
        "time_zone": collected.time_zone,
        "currency": collected.currency,
        "stages": list(collected.stages),
        "stage_source": dataset.facts.stage_source,
        "goal": collected.goal,
        **{name: {"definition": told[name], "rows": _rows(table)} for name, table in _tables(tables).items()},
        "why_no_personas": collected.why_no_personas or None,
        "maps": {
            "definition": told["maps"],
            "documents": [draft_map(laid_out, persona).to_dict() for persona in (None, *collected.persona_names)],
        },
    }
    return json.dumps(report, ensure_ascii=False, indent=2, allow_nan=False)


def _tables(tables: Tables) -> dict[str, pd.DataFrame | None]:
    found = tables.findings
    return {
        "figures": tables.figures,
        "strip": tables.strip,
        "findings": None if found is None else found.assign(evidence=[json.loads(each) for each in found["evidence"]]),
        "personas": tables.profiles,
        "flow": tables.flow,
        "funnel": tables.funnel,
        "emotion": tables.emotion,
    }


def _rows(table: pd.DataFrame | None) -> list[dict[str, Any]]:
    if table is None:
        return []
    return [{str(name): _plain(value) for name, value in row.items()} for row in table.to_dict("records")]


def _plain(value: Any) -> Any:
    """Turn a value of a result table into what JSON knows."""
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if hasattr(value, "item"):
        return _plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.isoformat() if isinstance(value, (datetime.date, datetime.datetime)) else value
