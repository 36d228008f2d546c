"""What a link will show, before there is a link: a document that only its maker's page knows the way to, for a while.

A preview is the file that can be downloaded: it needs nothing from a server, so that nothing else has to be open.
"""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from journey.errors import JourneyError
from journey.language import _
from journey.sharing.headers import headers

PREVIEW_MINUTES = 10
#: Documents are held in memory; with more of them the oldest goes.
MOST_PREVIEWS = 20
_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_OWN_SITES = ("same-origin", "none")
_NOTHING = "default-src 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, eq=False)
class Preview:
    """A document that waits to be looked at; `ticket` is the way to it, `policy` what it may load and run.

    `before_saved` is called each time before it is handed out as a file; what that raises keeps it here.
    """

    document: bytes
    policy: str
    file_name: str
    before_saved: Callable[[], None] | None = None
    ticket: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    made: float = field(default_factory=time.monotonic)

    @property
    def address(self) -> str:
        return f"/preview/{self.ticket}"

    @property
    def file_address(self) -> str:
        return f"{self.address}/file"


class Showcase:
    """Keeps previews by their tickets for some minutes; for any number of threads.

    Examples
    --------
    >>> showcase = Showcase()
    >>> preview = showcase.show(b"<!doctype html>", "default-src 'none'", "plan.html")
    >>> showcase.shown(preview.ticket) is preview, showcase.shown("x" * 43)
    (True, None)
    """

    def __init__(self) -> None:
        self._previews: dict[str, Preview] = {}
        self._lock = threading.Lock()

    def show(
        self, document: bytes, policy: str, file_name: str, before_saved: Callable[[], None] | None = None
    ) -> Preview:
        """Keep a document and make the ticket that leads to it."""
        preview = Preview(document, policy, file_name, before_saved)
        with self._lock:
            self._forget_old()
            for ticket in list(self._previews)[: max(0, len(self._previews) + 1 - MOST_PREVIEWS)]:
                del self._previews[ticket]
            self._previews[preview.ticket] = preview
        return preview

    def shown(self, ticket: str) -> Preview | None:
        """Find the preview of a ticket; None for one that is not one, or is too old."""
        if not _SHAPE.fullmatch(ticket):
            return None
        with self._lock:
            self._forget_old()
            return self._previews.get(ticket)

    def put_away(self, preview: Preview) -> None:
        """Forget a preview before its time."""
        with self._lock:
            self._previews.pop(preview.ticket, None)

    def _forget_old(self) -> None:
        oldest = time.monotonic() - PREVIEW_MINUTES * 60
        for ticket, preview in list(self._previews.items()):
            if preview.made < oldest:
                del self._previews[ticket]


SHOWCASE = Showcase()


async def look(request: Request) -> Response:
    """Answer with the document of a ticket."""
    return await run_in_threadpool(_answer, request, is_file=False)


async def save(request: Request) -> Response:
    """Answer with the document of a ticket as a file to be kept."""
    return await run_in_threadpool(_answer, request, is_file=True)


def _answer(request: Request, *, is_file: bool) -> Response:
    preview = SHOWCASE.shown(request.path_params["ticket"]) if is_asked_from_here(request) else None
    if preview is None:
        text = _("This preview is over. Go back to the page “Share” and press “Preview” again.")
        return PlainTextResponse(text, 404, headers(_NOTHING))
    if is_file and preview.before_saved:
        try:
            preview.before_saved()
        except JourneyError as problem:
            return PlainTextResponse(str(problem), 409, headers(_NOTHING))
    kept = {"Content-Disposition": f'attachment; filename="{preview.file_name}"'} if is_file else {}
    carried = {**headers(preview.policy), **kept}
    return Response(preview.document, headers=carried, media_type="text/html; charset=utf-8")


def is_asked_from_here(request: Request) -> bool:
    """Tell whether a person followed the app's own link or typed the address."""
    return request.headers.get("sec-fetch-site", "none") in _OWN_SITES


def file_name(title: str) -> str:
    """Name the file of a dashboard after its title: only letters, digits and hyphens of it.

    Examples
    --------
    >>> file_name('Plan “B” / 2026'), file_name("../..")
    ('plan-b-2026.html', 'journey.html')
    """
    words = re.findall(r"[a-z0-9]+", title.lower())
    return f"{'-'.join(words)[:60].strip('-') or 'journey'}.html"


ROUTES = [
    Route("/preview/{ticket}", look, methods=["GET"]),
    Route("/preview/{ticket}/file", save, methods=["GET"]),
]
