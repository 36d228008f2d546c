"""An import as the app does it: two child processes, a confirmation between them; beside a bare scan of its file."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from journey.ingest.guard.limits import resident_bytes
from journey.workspace.home import Workspace

_LOOK_SECONDS = 0.05
_N_SCANS = 3
#: Every cell of every column as text, by the engine itself.
_SCAN = """
import sys, time, duckdb
with open(sys.argv[1], encoding="utf-8") as log:
    names = log.readline().strip().split(",")
counts = ", ".join(f'count("{name}")' for name in names)
duckdb.sql("SET enable_progress_bar = false")
start = time.perf_counter()
duckdb.sql(f"SELECT {counts} FROM read_csv('{sys.argv[1]}', all_varchar=true)").fetchall()
print(time.perf_counter() - start)
"""


def measure(log: Path, n_rows: int, report: Callable[[str, str, str, str], None]) -> None:
    """Measure the time, the memory of child and server, and the size of what is kept."""
    size = log.stat().st_size
    scans = [_scan(log)]
    with tempfile.TemporaryDirectory(prefix="journey-bench-") as home:
        workspace = Workspace(Path(home))
        with log.open("rb") as stream:
            upload = workspace.spool(log.name, stream)
        server_before = resident_bytes(os.getpid())
        with _watched() as inspecting:
            proposal = workspace.inspect([upload])
        scans.append(_scan(log))
        with _watched() as building:
            info = workspace.keep([upload], proposal.recipe, "log")
        grown = max(inspecting.server_bytes, building.server_bytes) - server_before
        version = workspace.directory(info.id, info.version)
        kept = sum(file.stat().st_size for file in version.rglob("*") if file.is_file())
    scans += [_scan(log) for _turn in range(_N_SCANS - 2)]
    scan, seconds = min(scans), inspecting.seconds + building.seconds
    processor_seconds = inspecting.processor_seconds + building.processor_seconds
    for name, part in (("inspect", inspecting), ("build", building)):
        report(f"import: {name}", f"{part.seconds:.1f} s", f"{part.seconds / scan:.1f} × a scan of all columns", "")
        told = f"{part.child_bytes / size:.1f} × the file of {size / 1e6:.0f} MB"
        report(f"import: {name}, memory of the child", f"{part.child_bytes / 1e9:.2f} GB", told, "≤ 2.5 × or 1 GB")
    rate = n_rows / seconds / 1e6
    told = f"{seconds / scan:.1f} × a scan of all columns ({scan:.2f} s)"
    report("import, both", f"{rate:.2f} M rows/s", told, "≥ 0.6 M rows/s, ≤ 8 ×")
    report("import, processor time", f"{processor_seconds:.1f} s", "of the children", "")
    report("import, growth of the server", f"{grown / 1e6:.0f} MB", "", "< 200 MB")
    report("what is kept", f"{kept / 1e6:.0f} MB", f"{kept / size:.2f} × the file", "≤ 0.3 ×")


def _scan(log: Path) -> float:
    # In a process of its own: its memory is not the server's.
    answer = subprocess.run([sys.executable, "-c", _SCAN, str(log)], check=True, capture_output=True, text=True)
    return float(answer.stdout)


class _Watch:
    """What was seen of this process and its children."""

    def __init__(self) -> None:
        self.seconds = self.processor_seconds = 0.0
        self.child_bytes = 0
        self.server_bytes = 0

    def look(self) -> None:
        children: list[str] = []
        for task in Path("/proc/self/task").iterdir():
            with suppress(OSError):  # a thread that has ended meanwhile
                children += (task / "children").read_text().split()
        self.child_bytes = max(self.child_bytes, sum(resident_bytes(int(child)) for child in children))
        self.server_bytes = max(self.server_bytes, resident_bytes(os.getpid()))


@contextmanager
def _watched() -> Iterator[_Watch]:
    watch, is_over = _Watch(), threading.Event()

    def look() -> None:
        while not is_over.wait(_LOOK_SECONDS):
            watch.look()

    thread = threading.Thread(target=look, daemon=True)
    start, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    thread.start()
    try:
        yield watch
    finally:
        watch.seconds = time.perf_counter() - start
        uses = resource.getrusage(resource.RUSAGE_CHILDREN)
        watch.processor_seconds = uses.ru_utime + uses.ru_stime - used.ru_utime - used.ru_stime
        is_over.set()
        thread.join()
