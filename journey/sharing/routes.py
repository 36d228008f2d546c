"""The one way to a shared dashboard: `/s/` and a token; whatever else is asked for there gets one and the same answer.

The path is looked at as it came over the wire: nothing is unescaped, shortened or put right, and no parameter is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from journey.sharing import answers
from journey.sharing.headers import FOR_EVER, encoding, headers, takes_gzip
from journey.sharing.links import Links, utc_now
from journey.sharing.logs import log
from journey.sharing.throttle import Throttle
from journey.sharing.turns import Turns
from journey.sharing.visitors import Proxies
from journey.sharing.visits import Visit

#: Look-ups of what is not there, per address and minute.
MOST_FAILED, FAILED_SECONDS = 20, 60.0
#: So many of those turned away are counted for the owner to see; more would be work for nothing.
MOST_NOTED: Final = 60
_ROOT: Final = "/s"
_LINK: Final = re.compile(rb"/s/([A-Za-z0-9_-]{43})(/status)?")
_LIBRARY: Final = re.compile(rb"/s/(plotly-[0-9a-f]{16}\.js)")
_LIBRARY_POLICY: Final = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


class Shares:
    """Serves shared dashboards in front of an application, which sees nothing of what is asked below `/s`.

    It stands before the application's own ideas of paths and packing, so that a link is the same wherever it is served.

    Parameters
    ----------
    app
        What answers everything else.
    links
        The links; unless given, those in the home of this server, opened when the first is asked for.

    Raises
    ------
    PlaceError
        When `JOURNEY_PROXIES` names something that is no address.
    """

    def __init__(self, app: ASGIApp, links: Links | None = None) -> None:
        self._app, self._door = app, Door(links)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_ours = scope["type"] == "http" and (scope["path"] == _ROOT or scope["path"].startswith(f"{_ROOT}/"))
        await (self._door if is_ours else self._app)(scope, receive, send)


def kind_of_path(scope: Scope) -> str:
    """Name what a request asked for, for a log: of the path itself nothing is written down."""
    path = _path(scope)
    if asked := _LINK.fullmatch(path):
        return "status" if asked[2] else "link"
    if _LIBRARY.fullmatch(path):
        return "library"
    return "health" if path == b"/healthz" else "nothing"


class Door:
    """Answers everything below `/s`, whatever the method."""

    def __init__(self, links: Links | None = None, now: Callable[[], datetime] = utc_now) -> None:
        self._turns, self._proxies = Turns(links), Proxies.configured()
        self._now, self._failed = now, Throttle(MOST_FAILED, FAILED_SECONDS)
        self._noted = Throttle(MOST_NOTED, FAILED_SECONDS)
        self._visit = Visit(self._turns, self._proxies, now)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        is_secure = self._proxies.is_secure(request)
        try:
            answer = await self._answer(request, is_secure) or await self._nothing(request, is_secure)
        except ClientDisconnect:
            return
        if request.method == "HEAD":
            answer.body = b""
        await answer(scope, receive, send)

    async def _answer(self, request: Request, is_secure: bool) -> Response | None:
        """Answer what there is; None is said by all that there is not."""
        path = _path(request.scope)
        if request.method not in answers.METHODS:
            return answers.not_so(answers.METHODS, is_secure=is_secure)
        if library := _LIBRARY.fullmatch(path):
            if request.method == "POST":
                return answers.not_so(("GET", "HEAD"), is_secure=is_secure)
            return await self._library(request, library[1].decode(), is_secure)
        if (asked := _LINK.fullmatch(path)) is None:
            return None
        token = asked[1].decode()
        if asked[2]:
            return await self._visit.status(request, token, is_secure=is_secure)
        if request.method == "POST":
            return await self._visit.password(request, token, is_secure=is_secure)
        return await self._visit.document(request, token, is_secure=is_secure)

    async def _library(self, request: Request, name: str, is_secure: bool) -> Response | None:
        is_compressed = takes_gzip(request)
        content = await self._turns.read(lambda links: links.library(name, is_compressed=is_compressed))
        if content is None:
            return None
        tag = f'"{name}{"-gzip" if is_compressed else ""}"'
        written = headers(_LIBRARY_POLICY, cache=FOR_EVER, is_secure=is_secure) | {"ETag": tag}
        written |= encoding(is_compressed=is_compressed)
        if tag in (known.strip() for known in request.headers.get("if-none-match", "").split(",")):
            return Response(None, 304, written)
        return Response(content, 200, written, "text/javascript")

    async def _nothing(self, request: Request, is_secure: bool) -> Response:
        address = self._proxies.address(request)
        if self._failed.allows(address):
            return answers.nothing_here(is_secure=is_secure)
        log.info("too many links that are not there, from %s", address)
        if self._noted.allows(""):
            now = self._now()
            await self._turns.count(lambda links: links.blocked(now))
        return answers.too_often(self._failed.wait_seconds(address), is_secure=is_secure)


def _path(scope: Scope) -> bytes:
    raw: bytes = scope.get("raw_path") or scope["path"].encode("utf-8", "surrogateescape")
    return raw.removeprefix(scope.get("root_path", "").encode())
