"""Where things are kept on this machine."""

from __future__ import annotations

import os
from pathlib import Path

HOME_VARIABLE = "JOURNEY_HOME"
#: In the home; whoever publishes links needs nothing else.
SHARED_FOLDER = "shared"


def default_home() -> Path:
    """Tell where data are kept: `JOURNEY_HOME`, else `journey` in the user's data folder."""
    if chosen := os.environ.get(HOME_VARIABLE):
        return Path(chosen).expanduser()
    shared = Path(os.environ.get("XDG_DATA_HOME", ""))
    return (shared if shared.is_absolute() else Path.home() / ".local" / "share") / "journey"


def shared_folder() -> Path:
    """Tell where links and their dashboards are kept: all that whoever publishes them has to reach."""
    return default_home() / SHARED_FOLDER
