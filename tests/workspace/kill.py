"""Import again and again, killed at the 1st, the 2nd, the 3rd … thing the import does to the disk or the catalogue.

`python -m tests.workspace.kill HOMES READY` leaves a home per kill, and prints a line of JSON for each: which home,
what the import was about to do, and whether it had answered before it was killed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from journey.ingest.guard import tasks
from journey.workspace import Workspace
from tests.workspace.stand_in import LOG, Ingest, kept

OLD_LOG = LOG + b"d,2025-01-04,see\n"
_WATCHED = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "shutil.copyfile", "shutil.rmtree"}
_MOST_POINTS = 500


class Killer:
    """Counts what the process does under a folder, and kills it just before the n-th time."""

    def __init__(self, folder: Path, n: int, last_words: Callable[[str], None]) -> None:
        self.folder, self.n, self.last_words = str(folder), n, last_words

    def watch(self) -> None:
        fsync = os.fsync
        os.fsync = lambda descriptor: (self.count("fsync"), fsync(descriptor))[1]
        sa.event.listen(sa.Engine, "before_cursor_execute", lambda *call: self.count(call[2]))
        sa.event.listen(sa.Engine, "commit", lambda _connection: self.count("commit"))
        sys.addaudithook(self._heard)

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in _WATCHED and str(arguments[0]).startswith(self.folder):
            self.count(event)

    def count(self, what: str) -> None:
        self.n -= 1
        if self.n == 0:
            self.last_words(what.partition("\n")[0])
            os.kill(os.getpid(), signal.SIGKILL)


def import_killed(home: Path, n: int) -> None:
    answered = [False]
    words = os.dup(1)

    def last_words(what: str) -> None:
        told = {"home": home.name, "before": what, "answered": answered[0]}
        os.write(words, (json.dumps(told) + "\n").encode())

    workspace = Workspace(home)
    Killer(home, n, last_words).watch()
    kept(workspace, name="New")
    answered[0] = True
    # Whatever is left to do happens after the answer, so the import must be there.
    workspace.datasets()
    last_words("the end")


def main(homes: Path, ready: Path) -> None:
    stand_in: Any = Ingest(ready)
    tasks.inspect_guarded, tasks.build_guarded = stand_in.inspect_guarded, stand_in.build_guarded
    for n in range(1, _MOST_POINTS):
        child = os.fork()
        if child == 0:
            home = homes / f"{n:03}"
            kept(Workspace(home), OLD_LOG, "Old")
            import_killed(home, n)
            os._exit(0)
        _pid, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            sys.exit(os.WEXITSTATUS(status))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
