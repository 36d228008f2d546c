"""What of a dashboard others may see: no number of a small group, and none that gives one away."""

from __future__ import annotations

from journey.reports.protection.cells import Guard
from journey.reports.protection.documents import protected

__all__ = ["Guard", "protected"]
