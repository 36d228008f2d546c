"""Serve links from a folder that may only be read, while its owner changes them and after.

`unshare -Urm python -m tests.sharing.read_only FOLDER` prints a line of JSON for each thing that was looked at.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from journey.errors import JourneyError
from journey.sharing import Links
from tests.sharing.stand_ins import NOON, Clock, made, snapshot

SESAME = "open sesame"


def _mounted(folder: Path, place: Path) -> None:
    """Show a folder at another place, where it may only be read."""
    place.mkdir()
    subprocess.run(["mount", "--bind", str(folder), str(place)], check=True)
    subprocess.run(["mount", "-o", "remount,bind,ro", str(place)], check=True)


def _say(**told: object) -> None:
    sys.stdout.write(json.dumps(told) + "\n")


def _refused(folder: Path) -> str:
    try:
        Links(folder)
    except JourneyError as error:
        return error.code
    return ""


def _in_a_killed_process(folder: Path) -> str:
    """Make a link and be killed, so that the log of the file is left as it is."""
    heard, pipe = os.pipe()
    child = os.fork()
    if child == 0:
        links = Links(folder, Clock())
        _link, token = made(links, "left")
        os.write(pipe, token.encode())
        os.kill(os.getpid(), signal.SIGKILL)
    os.close(pipe)
    os.waitpid(child, 0)
    with os.fdopen(heard) as told:
        return told.read()


def main(folder: Path) -> None:
    empty, kept, published = folder / "empty", folder / "kept", folder / "published"
    empty.mkdir()
    _mounted(empty, folder / "empty-read-only")
    _say(nothing_there=_refused(folder / "empty-read-only"))

    owner = Links(kept, Clock())
    link, token = made(owner, password=SESAME)
    _mounted(kept, published)
    reader = Links(published)
    found = reader.found(token, NOON)
    _say(
        found=found == link,
        document=reader.document(link) == snapshot(),
        keys=owner.viewer_key(link.id) == reader.viewer_key(link.id),
    )
    reader.opened(link.id, NOON)
    reader.blocked(NOON)
    attempt = reader.password_attempt(link.id, SESAME, "192.0.2.1", NOON)
    _say(tried=attempt.outcome, n_opened=owner.link(link.id).n_opened)
    owner.refresh(link.id, snapshot("new"), "v2", by="Ana")
    refreshed = reader.found(token, NOON)
    _say(refreshed=refreshed is not None and reader.document(refreshed) == snapshot("new"))
    owner.revoke(link.id, by="Ana")
    _say(revoked=reader.found(token, NOON) is None and reader.document(link) is None)

    _other, other_token = made(owner, "other")
    owner._file._held.close()
    _say(
        log_is_gone=not (kept / "links.sqlite-wal").exists(),
        found_without_log=reader.found(other_token, NOON) is not None,
    )
    left = _in_a_killed_process(kept)
    _say(
        log_is_left=(kept / "links.sqlite-wal").exists(),
        found_in_left_log=Links(published).found(left, NOON) is not None,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
