"""A hundred viewers at once at the publishing process while the app computes, beside a bare file server."""

from __future__ import annotations

import datetime
import gzip
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from streamlit.testing.v1 import AppTest

import journey
from journey.ingest.guard.limits import resident_bytes
from journey.reports.choices import Choices
from journey.reports.library import chart_library
from journey.reports.shared import shared
from journey.sharing.links import Links, Snapshot

N_VIEWERS, N_LINKS, N_BURSTS, EVERY_SECONDS = 100, 8, 6, 3.0
N_PHASES = 2
_ROOT = Path(__file__).parents[1]
_ROUTER = _ROOT / "journey" / "ui" / "entry" / "router.py"
_CUTS = ("persona", "period", "country")
#: The least that a server can do: it reads a request, a file, and answers with it.
_BARE = """
import asyncio, sys
async def answer(reader, writer):
    await reader.readuntil(b"\\r\\n\\r\\n")
    with open(sys.argv[2], "rb") as file:
        content = file.read()
    writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\nConnection: close\\r\\n\\r\\n" % len(content) + content)
    await writer.drain()
    writer.close()
async def main():
    server = await asyncio.start_server(answer, "127.0.0.1", int(sys.argv[1]), backlog=1024)
    await server.serve_forever()
asyncio.run(main())
"""
Report = Callable[[str, str, str, str], None]


def measure(report: Report) -> None:
    """Measure what a viewer waits for, what the app's reruns cost meanwhile, and how large the process is."""
    with tempfile.TemporaryDirectory(prefix="journey-bench-") as name:
        home = Path(name)
        os.environ["JOURNEY_HOME"] = str(home)
        paths, packed, size = _publish(home)
        static = home / "document"
        static.write_bytes(packed)
        app = _App()
        with _served(["-m", "journey", "publish"], home) as (port, pid), _file_server(static) as bare:
            idle_bytes = resident_bytes(pid)
            alone = [seconds for _phase in range(N_PHASES) for seconds in app.reruns(N_BURSTS * EVERY_SECONDS / 2)]
            with _viewers(port, paths) as told:
                beside = app.reruns(N_BURSTS * EVERY_SECONDS)
            waited = json.loads(told())
            with _viewers(port, paths) as told:
                pass
            without_app = json.loads(told())
            with _viewers(bare, ["/"]) as told:
                app.reruns(N_BURSTS * EVERY_SECONDS)
            static_waited = json.loads(told())
            grown = resident_bytes(pid)
        told_size = f"{size / 1e6:.1f} MB, {len(packed) / 1e3:.0f} kB packed"
        _tell(report, f"{N_VIEWERS} viewers at once, app busy", waited, static_waited, "p95 ≤ 500 ms")
        _tell(report, f"{N_VIEWERS} viewers at once, app idle", without_app, static_waited, "p95 ≤ 500 ms")
        report("the same from a bare file server, app busy", f"{_p95(static_waited) * 1e3:.0f} ms", "p95", "")
        slower = statistics.median(beside) / statistics.median(alone) - 1
        reruns = f"{statistics.median(beside) * 1e3:.0f} beside {statistics.median(alone) * 1e3:.0f} ms alone"
        report(
            "the app's reruns with the viewers",
            f"{slower:+.0%}",
            f"{reruns}, mean {_mean(beside, alone):+.0%}",
            "≤ +20 %",
        )
        report("the document", told_size.partition(",")[0], told_size.partition(", ")[2], "≤ 2 MB")
        report("the publishing process", f"{idle_bytes / 1e6:.0f} MB", f"{grown / 1e6:.0f} MB after the viewers", "")


def _tell(report: Report, what: str, waited: list[float], bare: list[float], promised: str) -> None:
    beside = (
        f"p50 {statistics.median(waited) * 1e3:.0f}, max {max(waited) * 1e3:.0f} ms; "
        f"{_p95(waited) / _p95(bare):.1f} × a bare file server"
    )
    report(what, f"{_p95(waited) * 1e3:.0f} ms", beside, promised)


def _p95(waited: list[float]) -> float:
    return statistics.quantiles(waited, n=20)[-1]


def _mean(beside: list[float], alone: list[float]) -> float:
    return statistics.mean(beside) / statistics.mean(alone) - 1


def _publish(home: Path) -> tuple[list[str], bytes, int]:
    """Make links to a dashboard of the demo data; their paths, one document packed, and its size."""
    dataset = journey.load(
        _ROOT / "sample_data" / "interactions.csv", customers=_ROOT / "sample_data" / "customers.csv"
    )
    choices = Choices("Board", datetime.date(2099, 1, 1), cuts=_CUTS)
    found = journey.personas(dataset)
    made = shared(dataset, found, choices, b"k" * 32, made_at=datetime.datetime.now(datetime.UTC))
    document = made.document("linked")
    (home / "shared").mkdir(mode=0o700)
    links = Links(home / "shared")
    links.keep_library(*chart_library())
    tokens = [
        links.make(
            Snapshot(document, made.policy), title="Board", dataset_id="demo", dataset_name="demo", version="1",
            choices=choices.to_dict(), made_by="bench",
        )[1]
        for _link in range(N_LINKS)
    ]  # fmt: skip
    return [f"/s/{token}" for token in tokens], gzip.compress(document, mtime=0), len(document)


class _App:
    """The app's Overview with the demo data, rerun with new filters as often as time allows."""

    def __init__(self) -> None:
        from journey.ui import cache

        info = cache.workspace().add_demo()
        self._app = AppTest.from_file(str(_ROUTER), default_timeout=120)
        self._app.query_params["dataset"] = info.id
        self._app.run()
        self._app.switch_page(str(_ROOT / "pages" / "overview.py")).run()
        self._turn = 0

    def reruns(self, seconds: float) -> list[float]:
        """Rerun for a while; how long each took. No filter comes twice, so that no kept answer helps."""
        took = []
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self._turn += 1
            first = datetime.date(2025, 1, 1) + datetime.timedelta(days=self._turn)
            self._app.query_params["from"], self._app.query_params["to"] = first.isoformat(), "2025-12-15"
            start = time.perf_counter()
            self._app.run()
            took.append(time.perf_counter() - start)
        return took


@contextmanager
def _viewers(port: int, paths: list[str]) -> Iterator[Callable[[], str]]:
    """Let viewers come; what they waited for is told when all have been served."""
    asked = {"port": port, "paths": paths, "n_viewers": N_VIEWERS, "n_bursts": N_BURSTS, "every_seconds": EVERY_SECONDS}
    command = [sys.executable, "-m", "benchmarks.viewers", json.dumps(asked)]
    process = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True)

    def told() -> str:
        answer, _errors = process.communicate()
        return answer

    try:
        yield told
    finally:
        if process.poll() is None and sys.exc_info()[0] is not None:
            process.kill()


@contextmanager
def _file_server(file: Path) -> Iterator[int]:
    port = _free_port()
    process = subprocess.Popen([sys.executable, "-c", _BARE, str(port), str(file)])
    try:
        _wait(f"http://127.0.0.1:{port}/")
        yield port
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _served(command: list[str], home: Path) -> Iterator[tuple[int, int]]:
    port = _free_port()
    environment = os.environ | {"JOURNEY_HOME": str(home), "PYTHONPATH": str(_ROOT)}
    arguments = [sys.executable, *command, f"127.0.0.1:{port}"]
    process = subprocess.Popen(arguments, env=environment, stderr=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}/healthz")
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def _wait(address: str) -> None:
    for _turn in range(300):
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - a fixed loopback address
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{address} does not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    from benchmarks.__main__ import report

    measure(report)
