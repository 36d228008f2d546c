"""A report as JSON: the same result tables as in the document, each with how it was counted."""

from __future__ import annotations

import datetime
import json
import math
from typing import Any

import pandas as pd

from journey.reports.content import Content
from journey.reports.definitions import definitions

#: Grows when a table or a column changes its meaning or goes away.
FORMAT_VERSION = 1


def json_report(content: Content) -> str:
    """Write the result tables as JSON text; what is unknown is null."""
    summary, facts = content.dataset.summary, content.dataset.facts
    found = content.personas
    tables = {
        "figures": content.figures,
        "strip": content.strip,
        "findings": content.findings.assign(evidence=[json.loads(each) for each in content.findings["evidence"]]),
        "personas": None if found is None else found.profiles,
        "flow": content.flow,
        "funnel": content.funnel,
        "emotion": content.emotion,
    }
    told = definitions()
    report = {
        "format_version": FORMAT_VERSION,
        "headline": content.headline,
        "customers": summary.customers,
        "interactions": summary.interactions,
        "first": _plain(summary.first),
        "last": _plain(summary.last),
        "time_zone": facts.time_zone,
        "currency": facts.currency,
        "stages": list(facts.stages),
        "stage_source": facts.stage_source,
        "goal": facts.goal,
        **{name: {"definition": told[name], "rows": _rows(table)} for name, table in tables.items()},
        "why_no_personas": content.why_no_personas or None,
        "maps": {"definition": told["maps"], "documents": [each.to_dict() for each in content.maps]},
    }
    return json.dumps(report, ensure_ascii=False, indent=2, allow_nan=False)


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
