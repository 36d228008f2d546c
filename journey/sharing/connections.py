"""Connections on which a request has to come in time: whoever opens one and dawdles does not keep it."""

from __future__ import annotations

import asyncio

from uvicorn.config import HTTP_PROTOCOLS
from uvicorn.protocols.http.h11_impl import H11Protocol

from journey.sharing.headers import headers

#: A request's first lines have come by then; uvicorn itself waits for them for ever.
REQUEST_SECONDS = 20.0


class Connection(H11Protocol):
    """HTTP/1.1 with a limit on how long a request's first lines may take, and on their size (16 KB, by h11)."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        # What serves the answers is nobody's business; who starts the server may not have been able to say so.
        self.config.encoded_headers = _without_name(self.config.encoded_headers)
        self.server_state.default_headers = _without_name(self.server_state.default_headers)
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        self._stop_waiting()
        guards = headers("default-src 'none'; frame-ancestors 'none'")
        lines = [
            "HTTP/1.1 400 Bad Request",
            "Content-Type: text/plain; charset=utf-8",
            f"Content-Length: {len(msg.encode())}",
            "Connection: close",
            *(f"{name}: {value}" for name, value in guards.items()),
        ]
        self.transport.write("\r\n".join([*lines, "", msg]).encode())
        self.transport.close()

    def _watch(self) -> None:
        is_handed_on = self.transport.get_protocol() is not self
        # Before the first request there is none, whatever uvicorn declares.
        is_answering = self.cycle is not None and not self.cycle.response_complete  # type: ignore[redundant-expr]
        if is_handed_on or is_answering or self.transport.is_closing():
            self._stop_waiting()
        elif self._waiting is None:
            # Never begun anew: a byte now and then is no request.
            self._waiting = self.loop.call_later(REQUEST_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


def _without_name(headers_sent: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in headers_sent if name != b"server"]


def use_for_every_server() -> None:
    """Let every server that is started from now on, without a choice of its own, take its connections this way."""
    HTTP_PROTOCOLS["auto"] = f"{__name__}:{Connection.__name__}"
