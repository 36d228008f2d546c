"""Kill real imports at random moments, and look at what is there afterwards.

`python -m tests.workspace.random_kills FOLDER N [SEED]` kills N imports, reading and building in their child processes
included, evenly over what an import does: spooling, inspecting, building, moving into place, writing down, and the
moment after. It prints a line for each kill that left anything but the old state or the new one, and a sum.
"""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from journey.ingest.guard import tasks
from journey.workspace import Workspace, home
from journey.workspace.catalogue import Catalogue
from tests.workspace.test_workspace import grow_old, leftovers

PHASES = ("spool", "inspect", "build", "settle", "commit", "answered")
_TRICKLE_SECONDS = 0.002
_PIECES = 40


def log(n_customers: int, first_day: int) -> bytes:
    """Interactions of so many customers, three each."""
    rows = (
        f"c{customer},2025-01-{first_day + step:02}T{customer % 24:02}:00:00Z,{touchpoint}\n"
        for customer in range(n_customers)
        for step, touchpoint in enumerate(("homepage", "pricing page", "purchase"))
    )
    return ("customer_id,timestamp,touchpoint\n" + "".join(rows)).encode()


OLD, NEW = log(200, 1), log(300, 4)


class Trickle(io.RawIOBase):
    """Bytes that come slowly, as from the network."""

    def __init__(self, content: bytes) -> None:
        size = -(-len(content) // _PIECES)
        self._pieces = [content[start : start + size] for start in range(0, len(content), size)]

    def read(self, _size: int = -1) -> bytes:
        time.sleep(_TRICKLE_SECONDS)
        return self._pieces.pop(0) if self._pieces else b""


@dataclass(frozen=True)
class Kill:
    """One kill: during which phase, so many seconds after it began."""

    phase: str
    seconds: float


def imported(workspace: Workspace, content: bytes, name: str, stream: Any = None) -> None:
    """Import by the real way."""
    uploads = [workspace.spool("log.csv", stream or io.BytesIO(content))]
    workspace.keep(uploads, workspace.inspect(uploads).recipe, name)


def _announced(call: Callable[..., Any], phase: str, say: Callable[[str], None]) -> Callable[..., Any]:
    def announcing(*given: Any, **named: Any) -> Any:
        say(phase)
        return call(*given, **named)

    return announcing


def _import_aloud(place: Path, pipe: int) -> None:
    """Import in this process, and say on the pipe what begins."""

    def say(phase: str) -> None:
        os.write(pipe, f"{phase}\n".encode())

    patched: Any = (tasks, home, Catalogue, Workspace)
    patched[0].inspect_guarded = _announced(tasks.inspect_guarded, "inspect", say)
    patched[0].build_guarded = _announced(tasks.build_guarded, "build", say)
    patched[1].settle = _announced(home.settle, "settle", say)
    patched[2].add = _announced(Catalogue.add, "commit", say)
    say("spool")
    imported(Workspace(place), NEW, "New", Trickle(NEW))
    say("answered")


def _phases(place: Path, kill: Kill | None = None) -> Iterator[tuple[str, float]]:
    """Import in a process of its own, and tell each phase with its seconds; the process is killed as asked."""
    heard, pipe = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        os.close(heard)
        _import_aloud(place, pipe)
        os._exit(0)
    os.close(pipe)
    with os.fdopen(heard) as lines:
        begun, phase = time.monotonic(), ""
        for line in lines:
            if phase:
                yield phase, time.monotonic() - begun
            begun, phase = time.monotonic(), line.strip()
            if kill is not None and phase == kill.phase:
                time.sleep(kill.seconds)
                os.kill(child, signal.SIGKILL)
        yield phase, time.monotonic() - begun
    _pid, status = os.waitpid(child, 0)
    if kill is None and status != 0:
        raise RuntimeError("the import failed without being killed")


def wrong_after(place: Path, *, was_answered: bool) -> list[str]:
    """Say what is neither the old state nor the new one; then import again, and say what does not work."""
    found: list[str] = []
    workspace = Workspace(place)
    names = [info.name for info in workspace.datasets()]
    if names not in (["Old"], ["New", "Old"]):
        found.append(f"datasets {names}")
    if was_answered and "New" not in names:
        found.append("an acknowledged import is lost")
    for info in workspace.datasets():
        found += _wrong_in(workspace, info.id, info.version, (300, 900) if info.name == "New" else (200, 600))
    # The child of a killed process ends by itself; an hour later nothing of it is left.
    time.sleep(0.1)
    grow_old(place)
    restarted = Workspace(place)
    found += [f"left over: {path}" for path in leftovers(restarted)]
    if "New" not in names:
        imported(restarted, NEW, "New")
    if [info.name for info in restarted.datasets()] != ["New", "Old"]:
        found.append("importing again did not work")
    return found


def _wrong_in(workspace: Workspace, dataset_id: str, version: str, expected: tuple[int, int]) -> list[str]:
    dataset = workspace.open(dataset_id, version)
    try:
        summary = dataset.summary
        counted = dataset.table("steps").count().execute()
        told = json.loads((dataset.directory / "report.json").read_text("utf-8"))
    finally:
        dataset.engine.close()
    is_whole = (summary.customers, summary.interactions, counted) == (*expected, expected[1]) and bool(told)
    return [] if is_whole else [f"half a dataset: {summary}"]


def main(folder: Path, n_kills: int, seed: int) -> int:
    """Kill so many imports; tell how many went wrong."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    before = folder / "before"
    imported(Workspace(before), OLD, "Old")
    shutil.copytree(before, folder / "whole")
    seconds = dict(_phases(folder / "whole"))
    n_wrong, n_new = 0, 0
    killed: Counter[str] = Counter()
    for n in range(n_kills):
        phase = PHASES[n % len(PHASES)]
        kill = Kill(phase, chance.uniform(0, min(seconds[phase], 5)) if phase != "answered" else 0)
        place = folder / f"{n:04}"
        shutil.copytree(before, place)
        heard = [each for each, _seconds in _phases(place, kill)]
        killed[heard[-1]] += 1
        n_new += len(Workspace(place).datasets()) == 2
        if wrong := wrong_after(place, was_answered="answered" in heard):
            n_wrong += 1
            sys.stdout.write(f"{kill} {wrong}\n")
        shutil.rmtree(place)
    told = {"kills": n_kills, "wrong": n_wrong, "new state": n_new, "killed during": dict(killed)}
    sys.stdout.write(json.dumps(told) + "\n")
    return n_wrong


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1) > 0)
