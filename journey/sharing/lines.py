"""The publishing server's connections: so many at a time, each for so long, and refused in our own words."""

from __future__ import annotations

import asyncio
import socket
import struct
from functools import cache as once
from typing import Final

from starlette.responses import Response
from uvicorn.protocols.http.h11_impl import RequestResponseCycle

from journey.sharing import answers
from journey.sharing.connections import Connection
from journey.sharing.visitors import Proxies, network_of

MOST_CONNECTIONS: Final = 512
#: A whole office may come from one address, but not take every connection there is.
MOST_OF_ONE_ADDRESS = 256
#: An answer is read by then, or nobody reads it: of a slow phone's 25 kB a second it is 3 MB.
ANSWER_SECONDS = 120.0
_AT_ONCE: Final = struct.pack("ii", 1, 0)


class Line(Connection):
    """A connection that ends when its answer is not fetched in time, and is refused when there are too many."""

    _deadline: asyncio.TimerHandle | None = None
    _timed: object = None
    network = ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        host = self.client[0] if self.client else ""
        self.network = network_of(host)
        n_of_it = sum(isinstance(line, Line) and line.network == self.network for line in self.connections)
        is_greedy = n_of_it > MOST_OF_ONE_ADDRESS and not _proxies().is_one(host)
        if len(self.connections) > MOST_CONNECTIONS or is_greedy:
            self._refuse(answers.too_many_at_once())

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        super().data_received(data)
        self._time()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._time()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timing()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - said in our words
        self._refuse(answers.not_understood())

    def _time(self) -> None:
        is_answering = self._is_answering()
        if is_answering and self.cycle is not self._timed:
            self._stop_timing()
            self._timed = self.cycle
            self._deadline = self.loop.call_later(ANSWER_SECONDS, self._let_go)
        elif not is_answering and self.transport.get_write_buffer_size() == 0:
            self._stop_timing()

    def _let_go(self) -> None:
        # Nothing is left to the system to send either: it would hold on for as long as the other end likes.
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self.transport.abort()

    def _is_answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    def _stop_timing(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _refuse(self, answer: Response) -> None:
        status = f"HTTP/1.1 {answer.status_code} \r\n".encode()
        named = b"".join(b"%b: %b\r\n" % (name, value) for name, value in answer.raw_headers)
        self.transport.write(status + named + b"connection: close\r\n\r\n" + bytes(answer.body))
        self.transport.close()


@once
def _proxies() -> Proxies:
    return Proxies.configured()
