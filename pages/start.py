"""Start: what to look at."""

from __future__ import annotations

from journey.ui import start

start.draw()
