"""The small server that publishes links and nothing else: it reads frozen documents, and knows no data to leak.

`python -m journey publish HOST:PORT` runs it by itself, `make run SHARE=HOST:PORT` beside the app.
"""

from __future__ import annotations

import logging
import os
import socket
import sys
import time
from pathlib import Path
from typing import Final

import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from journey.places import shared_folder
from journey.sharing import answers
from journey.sharing.addresses import PLACE_VARIABLE, Place, known_hosts
from journey.sharing.errors import PlaceError
from journey.sharing.headers import headers
from journey.sharing.lines import Line
from journey.sharing.links import Links, utc_now
from journey.sharing.logs import TokenlessFormatter, error_id_of, log
from journey.sharing.routes import Shares, kind_of_path
from journey.sharing.visitors import Proxies

HEALTH_PATH: Final = "/healthz"
#: Lines and headers of a request; browsers send less than 2 KB.
MOST_HEAD_BYTES: Final = 8 * 1024
_NO_TOKEN: Final = "-" * 43
KEEP_ALIVE_SECONDS, LAST_SECONDS = 5, 5


def publisher_app(folder: Path | None = None) -> ASGIApp:
    """Make the server's application: `/s/…`, `/healthz`, and one answer for everything else.

    Parameters
    ----------
    folder
        Where links are kept; unless given, in the home of this server.

    Raises
    ------
    PlaceError
        When a setting of the environment can't be read.
    JourneyError
        When the links can't be opened.
    """
    links = Links(folder or shared_folder())
    links.found(_NO_TOKEN, utc_now())  # the first look-up takes long, and need not be a visitor's
    elsewhere = _Elsewhere()
    return _Gate(Shares(elsewhere, links), elsewhere)


def listening(place: Place, argument: str = PLACE_VARIABLE) -> socket.socket:
    """Take an address and port.

    Raises
    ------
    PlaceError
        When it can't be had.
    """
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _kind, _protocol, _name, address = found[0]
        both = family == socket.AF_INET6 and place.is_everywhere and socket.has_dualstack_ipv6()
        return socket.create_server(address[:2], family=family, backlog=1024, dualstack_ipv6=both)
    except OSError as error:
        code = error.errno or 0
        reason = os.strerror(code) if code > 0 else error.strerror or str(error)
        raise PlaceError.taken(argument, str(place), reason) from error


def server_of(folder: Path | None = None) -> uvicorn.Server:
    """Make the server; `run(sockets=…)` runs it until it is told to end."""
    return uvicorn.Server(
        uvicorn.Config(
            publisher_app(folder),
            http=Line,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=LAST_SECONDS,
            h11_max_incomplete_event_size=MOST_HEAD_BYTES,
        )
    )


def serve(host: str, port: int, folder: Path | None = None) -> None:
    """Publish links until the process is told to end.

    Raises
    ------
    PlaceError
        When the address can't be had, or a setting of the environment can't be read.
    JourneyError
        When the links can't be opened.
    """
    place = Place(host, port)
    server = server_of(folder)
    write_log()
    with listening(place, "publish") as line:
        log.info("links are published on %s", place)
        server.run(sockets=[line])


def write_log() -> None:
    """Write what happens to standard error, a line each, and no token in any."""
    written = logging.StreamHandler(sys.stderr)
    written.setFormatter(TokenlessFormatter("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[written])
    # Its lines name processes and say how to stop them; what it warns of is wanted.
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)


class _Gate:
    """Turns away who comes by a name that is not ours, and writes down what was answered and what broke."""

    def __init__(self, shares: ASGIApp, elsewhere: ASGIApp) -> None:
        self._shares, self._elsewhere, self._hosts = shares, elsewhere, known_hosts()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started, status = time.monotonic(), 0

        async def send_and_note(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        is_own = self._is_own(scope)
        try:
            await (self._shares if is_own else self._elsewhere)(scope, receive, send_and_note)
        except Exception as error:  # the last guard: whatever broke, a viewer is told an id and no more
            error_id = error_id_of(error)
            if status:
                raise
            await answers.broken(error_id)(scope, receive, send_and_note)
        kind = kind_of_path(scope) if is_own else "another host"
        log.info("%s %s %d %.0f ms", scope["method"][:8], kind, status, 1000 * (time.monotonic() - started))

    def _is_own(self, scope: Scope) -> bool:
        if not self._hosts:
            return True
        [host] = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"] or [""]
        name = host.partition("]")[0].lstrip("[") if host.startswith("[") else host.partition(":")[0]
        return name.lower().rstrip(".") in self._hosts


class _Elsewhere:
    """Tells by whatever name it is asked whether the server lives, and of everything else that it is not there."""

    def __init__(self) -> None:
        self._proxies = Proxies.configured()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_secure = self._proxies.is_secure(Request(scope))
        if scope["path"] == HEALTH_PATH and scope["method"] in ("GET", "HEAD"):
            answer: Response = PlainTextResponse("ok", headers=headers(answers.page_policy(), is_secure=is_secure))
        else:
            answer = answers.nothing_here(is_secure=is_secure)
        if scope["method"] == "HEAD":
            answer.body = b""
        await answer(scope, receive, send)
