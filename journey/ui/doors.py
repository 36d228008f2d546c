"""Who and what comes in: every request passes here before anything of Streamlit's or ours looks at it."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import anyio
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config
from streamlit.auth_util import get_origin_from_redirect_uri

from journey.language import _
from journey.sharing.addresses import is_only_here
from journey.sharing.logs import without_tokens
from journey.sharing.visitors import Proxies
from journey.ui import headers, hosts, login

LARGEST_BODY_BYTES = 64 * 1024
LONGEST_ADDRESS_BYTES = 8 * 1024
#: The cookies of a login alone may take a few thousand.
LARGEST_HEADERS_BYTES = 32 * 1024
#: A body that small has come by then, or nobody is sending it.
BODY_SECONDS = 20.0
STREAM = "/_stcore/stream"
_LOOK = ("GET", "HEAD")

logger = logging.getLogger("journey")


@dataclass(frozen=True)
class Door:
    """What is behind a path, or beneath it where it ends in a slash: with which methods, for whom, and how much.

    `methods` None: what is behind it says itself what it takes.
    """

    path: str
    methods: Sequence[str] | None = _LOOK
    is_for_invited: bool = False
    is_for_files: bool = False

    def leads_to(self, path: str) -> bool:
        return path == self.path or (self.path.endswith("/") and path.startswith(self.path))


#: The first that fits counts. Streamlit's own ways in that the app has no use for have none: metrics, its upload (it
#: takes any file from any page), its check of the script, its interface for programs, components of the old kind.
DOORS = (
    Door("/upload/", ("PUT", "POST"), is_for_invited=True, is_for_files=True),
    Door("/preview/", is_for_invited=True),
    # Streamlit names what it holds for a download by its content, and asks nobody who they are.
    Door("/media/", is_for_invited=True),
    Door("/s", None),
    Door("/s/", None),
    Door("/_stcore/health"),
    Door("/_stcore/host-config"),
    Door("/_stcore/bidi-components/journey.upload/", is_for_invited=True),
    Door("/_stcore/", ()),
    Door("/component/", ()),
    Door("/app/static/", ()),
    Door("/"),
)
_BEGINNINGS = {"http.response.start", "websocket.http.response.start", "websocket.accept"}
_LOGIN_PATHS = ("/auth/login", "/auth/logout", "/oauth2callback")


class RefusedError(Exception):
    """A request that is not let in: the status that says so, and why, for the log alone."""

    def __init__(self, status: int, why: str, allowed: Sequence[str] = ()) -> None:
        super().__init__(why)
        self.status = status
        self.allowed = allowed


class Doors:
    """Lets in what is meant for the app, refuses the rest with an id, and guards every answer's headers."""

    def __init__(self, app: ASGIApp) -> None:
        require_no_base_path()
        self._app = app
        self._proxies = Proxies.configured()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        answer = _Answer(scope, send)
        try:
            if scope["type"] == "websocket":
                require_own_page(scope)
            else:
                receive = _body(scope, receive, require_door(scope))
            answer.is_secure = self._is_secure(scope)
            await self._app(scope, receive, answer.send)
        except RefusedError as refused:
            await answer.refuse(refused.status, str(refused), refused.allowed)
        except Exception:  # whatever broke: who asked sees an id, the log the rest
            number = secrets.token_hex(4)
            logger.exception("request failed, id %s", number)
            await answer.give_up(number)

    def _is_secure(self, scope: Scope) -> bool:
        if login.is_on() and (get_origin_from_redirect_uri() or "").startswith("https:"):
            return True
        return self._proxies.is_secure(Request({**scope, "type": "http"}))


def require_no_base_path() -> None:
    """Refuse to serve the app beneath a path: its own paths would begin with that, and pass every door but the last.

    Raises
    ------
    StartRefusedError
        When Streamlit is told to.
    """
    if path := config.get_option("server.baseUrlPath"):
        raise login.StartRefusedError.beneath_a_path(path)


def require_door(scope: Scope) -> Door:
    """Find the door a request knocks at, and refuse it where it may not come in."""
    _require_host(scope)
    door = next((door for door in DOORS if door.leads_to(scope["path"])), None)
    if door is None or door.methods == () or (scope["path"] in _LOGIN_PATHS and not login.is_on()):
        raise RefusedError(404, "nothing is there")
    if door.methods is not None and scope["method"] not in door.methods:
        raise RefusedError(405, "another method", door.methods)
    if door.is_for_invited and not login.lets_in(HTTPConnection(scope).cookies):
        raise RefusedError(403, "not signed in, or not invited")
    return door


def require_own_page(scope: Scope) -> None:
    """Refuse a connection that no page of this app opens; browsers always say which page it is, programs need not."""
    _require_host(scope)
    if scope["path"] != STREAM:
        raise RefusedError(404, "nothing is there")
    connection = HTTPConnection(scope)
    origins = connection.headers.getlist("origin")
    origin = urlsplit(origins[0]) if len(origins) == 1 else None
    if origin is None or origin.scheme not in {"http", "https"} or origin.netloc != connection.headers["host"]:
        raise RefusedError(403, f"not from a page of the app, but from {shortened(', '.join(origins))}")


def _require_host(scope: Scope) -> None:
    if not scope["path"].startswith("/") or scope["path"].startswith("//"):
        raise RefusedError(400, "no path")
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > LONGEST_ADDRESS_BYTES:
        raise RefusedError(414, "a long address")
    if sum(len(name) + len(value) for name, value in scope["headers"]) > LARGEST_HEADERS_BYTES:
        raise RefusedError(431, "large headers")
    written = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    name = hosts.host_name(written[0]) if len(written) == 1 else None
    if name is None:
        raise RefusedError(400, "no host")
    server = scope.get("server")
    address = str(server[0]) if server else None
    if not hosts.is_own(name, address):
        raise RefusedError(421, f"the host {shortened(name)} is not in {hosts.HOSTS_VARIABLE}")
    # However the server was started: where others reach it, it is shut without a login.
    if not login.is_on() and not is_only_here(address or ""):
        raise RefusedError(403, "others reach this address, and no login is configured")


def _body(scope: Scope, receive: Receive, door: Door) -> Receive:
    """Hand a body on piece by piece while it is small and comes in time; files have rules of their own."""
    if door.is_for_files:
        return receive
    announced = dict(scope["headers"]).get(b"content-length", b"0")
    if not announced.isdigit() or int(announced) > LARGEST_BODY_BYTES:
        raise RefusedError(413, "a large body")
    deadline = time.monotonic() + BODY_SECONDS
    n_bytes, is_whole = 0, False

    async def receive_little() -> Message:
        nonlocal n_bytes, is_whole
        if is_whole:
            # What is waited for now is that the visitor leaves, and that may take any time.
            return await receive()
        try:
            with anyio.fail_after(max(0.0, deadline - time.monotonic())):
                message = await receive()
        except TimeoutError as error:
            raise RefusedError(408, "a body that does not come") from error
        n_bytes += len(message.get("body", b""))
        is_whole = not message.get("more_body", False)
        if n_bytes > LARGEST_BODY_BYTES:
            raise RefusedError(413, "a large body")
        return message

    return receive_little


class _Answer:
    """One answer on its way out: its headers, and what is said when the app does not get to say it.

    Where it had begun already nothing is added: the server hangs up, and half an answer does not look like a whole one.
    """

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope, self._send = scope, send
        self.is_secure = False
        self._is_begun = self._is_accepted = False

    async def send(self, message: Message) -> None:
        if message["type"] == "websocket.close" and not self._is_accepted:
            # The server's own answer to a refused connection has no headers of ours.
            await self.refuse(403, "by Streamlit")
            return
        self._is_accepted |= message["type"] == "websocket.accept"
        if message["type"] in _BEGINNINGS:
            self._is_begun = True
            headers.guard(message, is_secure=self.is_secure)
        await self._send(message)

    async def refuse(self, status: int, why: str, allowed: Sequence[str] = ()) -> None:
        """Answer with the status and an id, under which the log says what was refused."""
        number = secrets.token_hex(4)
        # Of an address only its first part: the rest may be what opens a link.
        first = "/" + self._scope["path"].lstrip("/").partition("/")[0]
        method = shortened(self._scope.get("method", "CONNECT"))
        logger.warning("refused with %d, id %s: %s %s, %s", status, number, method, shortened(first), why)
        if not self._is_begun:
            await self._say(status, _("This was refused. The log has it under {id}.").format(id=number), allowed)

    async def give_up(self, number: str) -> None:
        """Answer that something broke, with the id under which the log has what."""
        if self._is_accepted:
            await self._send({"type": "websocket.close", "code": 1011})
        elif not self._is_begun:
            text = _("Something went wrong here, and it is our fault. The log has it under {id}.")
            await self._say(500, text.format(id=number))

    async def _say(self, status: int, text: str, allowed: Sequence[str] = ()) -> None:
        page = f'<!doctype html><meta charset="utf-8"><title>{status}</title><p>{text}</p>'
        written = {"Allow": ", ".join(allowed)} if allowed else {}
        # What is still to come of a refused body is not waited for.
        answer = HTMLResponse(page, status, {**written, "Connection": "close"})
        await answer(self._scope, _nothing, self.send)


def shortened(text: str) -> str:
    r"""Write a visitor's words so that they stay one short piece of a line of the log, which names no token.

    Examples
    --------
    >>> shortened("a" + chr(10) + "b") == r"'a\nb'"
    True
    """
    return repr(without_tokens(text)[:80])


async def _nothing() -> Message:
    return {"type": "http.disconnect"}
