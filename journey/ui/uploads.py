"""The streamed way in: a file goes from the network to the disk piece by piece, whatever its size.

A route of our own has none of Streamlit's checks, so it has its own: where the request comes from, a ticket that only
the visitor's page can have made, and the size that the ticket was made for.
"""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from functools import cache as once
from typing import IO, TYPE_CHECKING, Any, cast

import anyio
import anyio.from_thread
import anyio.to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from journey.errors import JourneyError
from journey.language import _, speak
from journey.sharing.visitors import is_from_own_page
from journey.ui.tickets import Desk, Ticket

if TYPE_CHECKING:
    from journey.workspace import Upload, Workspace

#: A browser that sends nothing for so long is gone.
STALLED_SECONDS = 120
#: Each keeps a thread; further ones wait their turn and leave the other threads of the server alone.
MOST_AT_ONCE = 16
_PIECE_BYTES = 1 << 20

DESK = Desk()


async def receive(request: Request) -> Response:
    """Take the file a ticket was made for, and keep it for the box that asked."""
    if not is_from_own_page(request):
        return _answer(403, _("Files are taken from this app's own page only."))
    ticket = DESK.redeemed(request.path_params["ticket"])
    if ticket is None:
        return _answer(404, _("This upload is no longer expected. Choose the file again."))
    speak(ticket.locale)
    try:
        upload = await _spooled(request, ticket)
        if not DESK.deliver(ticket, upload):
            await anyio.to_thread.run_sync(lambda: _workspace().discard([upload]))
            return _answer(409, str(JourneyError.cancelled(ticket.name)))
    except JourneyError as error:
        return _answer(422, str(error))
    except TimeoutError:
        return _answer(408, _("The file stopped coming. Choose it again."))
    except ClientDisconnect:
        return _answer(400, _("The file broke off. Choose it again."))
    finally:
        if ticket.upload is None:
            DESK.give_up(ticket)
    return _answer(200)


async def _spooled(request: Request, ticket: Ticket) -> Upload:
    arriving = cast("IO[bytes]", io.BufferedReader(Arriving(request, ticket), _PIECE_BYTES))
    return await anyio.to_thread.run_sync(
        lambda: _workspace().spool(ticket.name, arriving), limiter=_turns(), abandon_on_cancel=False
    )


class Arriving(io.RawIOBase):
    """The body of a request as a file that a thread reads while the server goes on; exactly as long as announced."""

    def __init__(self, request: Request, ticket: Ticket) -> None:
        self._pieces: AsyncIterator[bytes] = request.stream()
        self._ticket = ticket
        self._held = memoryview(b"")
        self._n_bytes = 0

    def readable(self) -> bool:
        return True

    def readinto(self, place: Any) -> int:
        room = memoryview(place).cast("B")
        if not self._held:
            self._held = memoryview(anyio.from_thread.run(self._next))
            self._count(len(self._held))
        n_taken = min(len(room), len(self._held))
        room[:n_taken] = self._held[:n_taken]
        self._held = self._held[n_taken:]
        return n_taken

    async def _next(self) -> bytes:
        with anyio.fail_after(STALLED_SECONDS):
            async for piece in self._pieces:
                if piece:
                    return piece
        return b""

    def _count(self, n_bytes: int) -> None:
        self._n_bytes += n_bytes
        announced = self._ticket.n_bytes
        if self._n_bytes > announced or (n_bytes == 0 and self._n_bytes < announced):
            raise JourneyError.changed_on_the_way(self._ticket.name)
        if not DESK.is_good(self._ticket):
            raise JourneyError.cancelled(self._ticket.name)


def _workspace() -> Workspace:
    # The server listens before this heavy module is there.
    from journey.ui import cache

    return cache.workspace()


@once
def _turns() -> anyio.CapacityLimiter:
    return anyio.CapacityLimiter(MOST_AT_ONCE)


def _answer(status: int, told: str = "") -> Response:
    return JSONResponse({"told": told}, status, {"Cache-Control": "no-store"})


ROUTE = Route("/upload/{ticket}", receive, methods=["PUT", "POST"])
