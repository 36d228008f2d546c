"""Make, refresh and withdraw a link again and again, killed at the 1st, the 2nd, the 3rd … thing it does to the disk.

`python -m tests.sharing.kill FOLDERS` leaves a folder of links per kill, each with a link of somebody else beside the
one that is changed, and prints a line of JSON for each: what was done, what it was about to do, and whether it had
answered before it was killed.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from journey.sharing import Links
from tests.sharing.stand_ins import made, snapshot
from tests.workspace.kill import Killer

LIBRARY = "plotly-0123456789abcdef.js"
_MOST_POINTS = 500

CHANGES: dict[str, Callable[[Links, str], object]] = {
    "make": lambda links, _link_id: made(links, "made")[1],
    "refresh": lambda links, link_id: links.refresh(link_id, snapshot("new"), "v2", by="Ana"),
    "revoke": lambda links, link_id: links.revoke(link_id, by="Ana"),
    "library": lambda links, _link_id: links.keep_library(LIBRARY, b"draw()" * 100),
}


class Torn:
    """A file that is written in two halves, each of which may be the last."""

    def __init__(self, file: Any, killer: Killer) -> None:
        self._file, self._killer = file, killer

    def __enter__(self) -> Torn:  # noqa: PYI034 - nobody inherits
        return self

    def __exit__(self, *_error: object) -> None:
        self._killer.count("close")
        self._file.close()

    def write(self, content: bytes) -> None:
        half = len(content) // 2
        for name, part in (("write", content[:half]), ("write the rest", content[half:])):
            self._killer.count(name)
            self._file.write(part)
            self._file.flush()


def killed(folder: Path, change: str, n: int, token: str) -> None:
    """Do one change in this process, which is killed just before the n-th thing."""
    answered: list[object] = []
    words = os.dup(1)

    def last_words(what: str) -> None:
        told = {"folder": folder.name, "change": change, "before": what, "token": token, "answered": bool(answered)}
        os.write(words, (json.dumps(told) + "\n").encode())

    links = Links(folder)
    link_id = next(link.id for link in links.all() if link.title == "Ours")
    killer = Killer(folder, n, last_words)
    killer.watch()
    opened = os.fdopen

    def torn(descriptor: int, mode: str = "r", *given: Any, **named: Any) -> Any:
        file = opened(descriptor, mode, *given, **named)
        return Torn(file, killer) if mode == "wb" else file

    os.fdopen = torn  # type: ignore[assignment]
    answered.append(CHANGES[change](links, link_id))
    # Whatever is left to do happens after the answer, so the change must be there.
    links.all()
    last_words("the end")


def main(folders: Path) -> None:
    before = folders / "before"
    links = Links(before)
    _link, token = made(links, "old", title="Ours")
    made(links, "other", title="Theirs")
    for change in CHANGES:
        for n in range(1, _MOST_POINTS):
            child = os.fork()
            if child == 0:
                folder = folders / f"{change}-{n:03}"
                shutil.copytree(before, folder)
                killed(folder, change, n, token)
                os._exit(0)
            _pid, status = os.waitpid(child, 0)
            if os.WIFEXITED(status):
                if os.WEXITSTATUS(status):
                    sys.exit(os.WEXITSTATUS(status))
                break


if __name__ == "__main__":
    main(Path(sys.argv[1]))
