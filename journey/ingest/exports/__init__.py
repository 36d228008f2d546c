"""The exports that are known by their columns, and mapped without a question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from journey.ingest.exports import (
    advertising,
    analytics,
    commerce,
    crm,
    events,
    listening,
    matomo,
    pipelines,
    processes,
    snowplow,
    support,
    surveys,
    worksheets,
)
from journey.ingest.exports.export import Export

__all__ = ["EXPORTS", "Export", "export_named", "recognised"]

#: All of them; no file fits two.
EXPORTS: Final[tuple[Export, ...]] = (
    *analytics.EXPORTS,
    *events.EXPORTS,
    *pipelines.EXPORTS,
    *snowplow.EXPORTS,
    *matomo.EXPORTS,
    *commerce.EXPORTS,
    *crm.EXPORTS,
    *support.EXPORTS,
    *surveys.EXPORTS,
    *processes.EXPORTS,
    *advertising.EXPORTS,
    *listening.EXPORTS,
    *worksheets.EXPORTS,
)


def recognised(header: Sequence[str], first_rows: Sequence[Sequence[str]] = ()) -> Export | None:
    """Tell which export a file is by its columns; None when it is none of those known.

    `first_rows` tells exports that are written without a header.

    >>> export = recognised(["Case ID", "Activity", "Complete Timestamp"])
    >>> export.name, export.label
    ('process_log', 'an event log of a process-mining tool (Celonis, Disco, ProM)')
    >>> recognised(["Kunde", "Zeitpunkt", "Ereignis"]) is None
    True
    """
    return next((export for export in EXPORTS if export.matches(header, first_rows)), None)


def export_named(name: str) -> Export | None:
    """Find an export by the name that recipes call it."""
    return next((export for export in EXPORTS if export.name == name), None)
