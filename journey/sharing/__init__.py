"""Links to frozen dashboards: what is kept of them, and how they are served; needs nothing of what they came from."""

from __future__ import annotations

from journey.sharing.errors import LinkError
from journey.sharing.links import Link, Links
from journey.sharing.links_log import Entry
from journey.sharing.snapshots import Snapshot

__all__ = ["Entry", "Link", "LinkError", "Links", "Snapshot"]
