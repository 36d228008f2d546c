"""How often something may fail in a while: guessing is slowed down, and what is remembered of it stays small."""

from __future__ import annotations

import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable

#: A thousand million addresses must not fill the memory; the ones longest not seen are forgotten.
MOST_REMEMBERED = 4096


class Throttle:
    """Counts what each address did in the last while; used from one thread.

    Parameters
    ----------
    most
        How often in the while an address may do it.
    seconds
        How long the while is.
    clock
        Tells the time, in seconds that only ever grow.

    Examples
    --------
    >>> throttle = Throttle(2, seconds=60, clock=lambda: 0.0)
    >>> [throttle.allows("192.0.2.1") for _ in range(3)]
    [True, True, False]
    """

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._moments: OrderedDict[str, deque[float]] = OrderedDict()

    def allows(self, address: str) -> bool:
        """Count once more, and tell whether that was within what is allowed; what was not is not counted on top."""
        now = self._clock()
        moments = self._moments.setdefault(address, deque(maxlen=self._most))
        self._moments.move_to_end(address)
        if len(self._moments) > MOST_REMEMBERED:
            self._moments.popitem(last=False)
        if len(moments) == self._most and now - moments[0] < self._seconds:
            return False
        moments.append(now)
        return True

    def wait_seconds(self, address: str) -> int:
        """Tell in how many whole seconds the address may do it again; 0 when it may now."""
        moments = self._moments.get(address)
        if moments is None or len(moments) < self._most:
            return 0
        return max(0, math.ceil(moments[0] + self._seconds - self._clock()))

    def __len__(self) -> int:
        return len(self._moments)
