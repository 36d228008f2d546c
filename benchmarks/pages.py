"""Server time of a page: the script as the server runs it, without network and browser."""

from __future__ import annotations

import gc
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from streamlit.testing.v1 import AppTest

_ROUTER = Path(__file__).parents[1] / "journey" / "ui" / "entry" / "router.py"
_PAGES = Path(__file__).parents[1] / "pages"
_QUARTERS = (("2025-01-01", "2025-03-31"), ("2025-04-01", "2025-06-30"), ("2025-02-01", "2025-08-31"))


def measure(report: Callable[[str, str, str, str], None]) -> None:
    """Measure a filter change on Overview with the demo data, and a run of a page that has nothing new to do."""
    os.environ["JOURNEY_HOME"] = tempfile.mkdtemp(prefix="journey-bench-")
    from journey.ui import cache

    info = cache.workspace().add_demo()
    app = AppTest.from_file(str(_ROUTER), default_timeout=120)
    app.query_params["dataset"] = info.id
    app.run()
    app.switch_page(str(_PAGES / "overview.py")).run()
    gc.collect()
    gc.freeze()
    changes = []
    for start, end in _QUARTERS:
        app.query_params["from"], app.query_params["to"] = start, end
        changes.append(_timed(app)[0])
    same = [_timed(app) for _round in range(5)]
    idle = median(wall for wall, _cpu in same)
    report(
        "Overview, other filters, demo data",
        f"{median(changes) * 1e3:.0f} ms",
        f"{median(changes) / idle:.1f} × the same page again",
        "≤ 300 ms",
    )
    empty = AppTest.from_string("import streamlit as st\nst.text('x')", default_timeout=30).run()
    gc.collect()
    gc.freeze()
    costs = [_timed(empty)[1] for _round in range(9)]
    report("an empty rerun, processor time", f"{median(costs) * 1e3:.0f} ms", "", "≤ 15 ms")


def _timed(app: AppTest) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    app.run()
    return time.perf_counter() - wall, time.process_time() - cpu
