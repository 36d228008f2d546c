"""A draft for each test of an export."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from journey.engine import Draft


@pytest.fixture
def draft() -> Iterator[Draft]:
    opened = Draft()
    yield opened
    opened.close()
