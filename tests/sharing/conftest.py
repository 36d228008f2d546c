"""Links in a folder of the test's own, with a clock that the test sets."""

from __future__ import annotations

from pathlib import Path

import pytest

from journey.sharing import Links
from tests.sharing.stand_ins import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def links(tmp_path: Path, clock: Clock) -> Links:
    return Links(tmp_path / "shared", clock)
