"""What every test may ask for, and which tests are left out where something is missing."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from pathlib import Path

import pytest

REFERENCE_VARIABLE = "JOURNEY_REFERENCE_DATA"
BROWSER_TESTS = Path(__file__).parent / "browser"
IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}

NO_CHROMIUM = "browser tests: Chromium is missing (Debian: apt-get install chromium)"
NO_REFERENCE = f"tests of published numbers: {REFERENCE_VARIABLE} is not set"

_left_out: Counter[str] = Counter()


def chromium() -> str | None:
    """The system's Chromium; a browser of the test tool's own is never downloaded."""
    return shutil.which("chromium")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by what they need, leave out what cannot run here, and let the slow browser tests come last."""
    for item in items:
        if BROWSER_TESTS in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # In CI a missing browser is a failure of the machine, not a reason to pass: the fixture fails there.
            if chromium() is None and not IN_CI:
                leave_out(item, NO_CHROMIUM)
        if "reference_data" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.published)
            if REFERENCE_VARIABLE not in os.environ:
                leave_out(item, NO_REFERENCE)
    items.sort(key=lambda item: BROWSER_TESTS in item.path.parents)


def leave_out(item: pytest.Item, reason: str) -> None:
    _left_out[reason] += 1
    item.add_marker(pytest.mark.skip(reason=reason))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for reason, n_tests in sorted(_left_out.items()):
        terminalreporter.write_line(f"Left out ({n_tests}): {reason}", yellow=True)


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder with the data sets whose published numbers are reproduced."""
    folder = Path(os.environ[REFERENCE_VARIABLE])
    if not folder.is_dir():
        pytest.fail(f"{REFERENCE_VARIABLE} is set, but there is no folder {folder}")
    return folder


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = chromium()
    if path is None:
        pytest.fail(f"In CI none may be left out of the {NO_CHROMIUM}")
    return path
