"""`make bench`: import, analyses, personas and pages, each beside what it is measured against."""

from __future__ import annotations

import argparse
import platform
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median

import journey
from benchmarks import imports, pages, sharing
from benchmarks.big_log import STAGES, write_log
from journey.dataset import Dataset, Filters

N_ROUNDS = 6


def main() -> None:
    """Print one line per figure: what, how long, against what, promised."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="interactions of the generated log")
    parser.add_argument(
        "--only", choices=("import", "analyses", "personas", "pages", "sharing"), help="measure only this part"
    )
    options = parser.parse_args()
    print(f"{platform.machine()}, Python {platform.python_version()}, {options.rows:,} rows\n")
    with tempfile.TemporaryDirectory() as directory:
        log = write_log(Path(directory) / "log.csv", options.rows)
        if options.only in (None, "import"):
            imports.measure(log, options.rows, report)
        if options.only in (None, "analyses", "personas"):
            dataset = journey.load(log)
            if options.only != "personas":
                _analyses(dataset)
            if options.only != "analyses":
                _personas(dataset)
        if options.only in (None, "pages"):
            pages.measure(report)
        if options.only in (None, "sharing"):
            sharing.measure(report)


def report(what: str, figure: str, beside: str, promised: str) -> None:
    """Print one measured figure."""
    print(f"{what:<44} {figure:>12}   {beside:<44} {promised}", flush=True)


def _analyses(dataset: Dataset) -> None:
    # New arguments in every round: neither a kept answer nor kept SQL may help.
    scan = _rounds(lambda _turn: dataset.engine.table("steps").seconds_to_next.sum().to_pyarrow())
    windows = [timedelta(days=30 + turn) for turn in range(N_ROUNDS)]
    last = dataset.facts.last.date()
    views = [dataset.where(Filters(end=last - timedelta(days=turn))) for turn in range(N_ROUNDS)]
    questions: dict[str, Callable[[int], object]] = {
        "transitions": lambda turn: journey.transitions(views[turn]),
        "flow, 6 steps": lambda turn: journey.flow(dataset, n_steps=6, top_n=5 + turn),
        "funnel, 4 stages, 30 days": lambda turn: journey.funnel(dataset, STAGES[:4], window=windows[turn]),
        "emotion by stage": lambda turn: journey.emotion(views[turn]),
    }
    for name, ask in questions.items():
        seconds = _rounds(ask)
        report(name, f"{seconds * 1e3:.0f} ms", f"{seconds / scan:.0f} × summing one column", "≤ 150 ms")


def _personas(dataset: Dataset) -> None:
    seconds = _seconds(lambda: journey.personas(dataset))
    report(f"personas of {dataset.summary.customers:,} customers", f"{seconds:.1f} s", "", "≤ 5 s for 100,000")


def _seconds(task: Callable[[], object]) -> float:
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def _rounds(ask: Callable[[int], object]) -> float:
    ask(0)  # a warm connection: the first question reads the columns from disk
    return median(_seconds(lambda turn=turn: ask(turn)) for turn in range(1, N_ROUNDS))  # type: ignore[misc]


if __name__ == "__main__":
    main()
