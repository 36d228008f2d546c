"""The key under which customers of a workspace get their pseudonyms: made once, kept beside the data, never shown."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from journey.errors import JourneyError

KEY_FILE = "pseudonym.key"
_N_BYTES = 32


def workspace_key(home: Path) -> bytes:
    """Hand out the key of a workspace, made at the first call; its file is for its owner only.

    Raises
    ------
    JourneyError
        When the file of the key was damaged: another key would give every customer another name.
    """
    path = home / KEY_FILE
    if not path.exists():
        _make(path)
    key = path.read_bytes()
    if len(key) != _N_BYTES:
        raise JourneyError.damaged_key(KEY_FILE)
    return key


def _make(path: Path) -> None:
    """Write a key so that it is there whole or not at all, and the first of several processes wins."""
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(_N_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(unfinished)
    finally:
        unfinished.unlink()
