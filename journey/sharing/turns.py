"""Asking the links in threads, so that the disk holds nobody up, and each kind of asking only its own kind."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cached_property
from typing import Final, TypeVar

import anyio
import anyio.to_thread

from journey.places import shared_folder
from journey.sharing.links import Links

READERS: Final = 8
#: One at a time fills one processor; whoever comes when so many wait is sent away.
CHECKERS, MOST_WAITING = 1, 40
#: SQLite lets one write; more threads would only wait.
COUNTERS: Final = 1

Answer = TypeVar("Answer")


class Turns:
    """Lets so many ask the links at a time; what is asked for is asked in a thread.

    Parameters
    ----------
    links
        The links; unless given, those in the home of this server, opened when the first is asked for.
    """

    def __init__(self, links: Links | None = None) -> None:
        self._links = links
        self._opening = threading.Lock()

    async def read(self, ask: Callable[[Links], Answer]) -> Answer:
        """Look something up."""
        return await self._asked(ask, self._readers)

    async def count(self, ask: Callable[[Links], Answer]) -> Answer:
        """Write down that somebody came."""
        return await self._asked(ask, self._counters)

    async def check(self, ask: Callable[[Links], Answer]) -> Answer | None:
        """Check a password, which takes its time on purpose; None when too many wait already."""
        if self._checkers.statistics().tasks_waiting >= MOST_WAITING:
            return None
        return await self._asked(ask, self._checkers)

    async def _asked(self, ask: Callable[[Links], Answer], turns: anyio.CapacityLimiter) -> Answer:
        return await anyio.to_thread.run_sync(lambda: ask(self._open()), limiter=turns)

    def _open(self) -> Links:
        with self._opening:
            if self._links is None:
                self._links = Links(shared_folder())
            return self._links

    @cached_property
    def _readers(self) -> anyio.CapacityLimiter:
        return anyio.CapacityLimiter(READERS)

    @cached_property
    def _counters(self) -> anyio.CapacityLimiter:
        return anyio.CapacityLimiter(COUNTERS)

    @cached_property
    def _checkers(self) -> anyio.CapacityLimiter:
        return anyio.CapacityLimiter(CHECKERS)
