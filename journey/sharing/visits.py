"""A visit to one link: its document, its password, and whether it is still open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import parse_qs

import anyio
from starlette.requests import Request
from starlette.responses import Response

from journey.sharing import answers, cookies
from journey.sharing.headers import encoding, headers, takes_gzip
from journey.sharing.links import Link, Links
from journey.sharing.logs import log
from journey.sharing.snapshots import Snapshot
from journey.sharing.throttle import Throttle
from journey.sharing.tries import WITHIN
from journey.sharing.turns import Turns
from journey.sharing.visitors import Proxies, is_from_own_page, is_robot

MOST_FORM_BYTES: Final = 4096
FORM_SECONDS: Final = 10
#: Whoever has a token could open it for ever; of one link no more openings are counted in a minute.
MOST_COUNTED, COUNTED_SECONDS = 600, 60.0
_FORM: Final = "application/x-www-form-urlencoded"
_FRAMES: Final = "frame-ancestors 'none'"


@dataclass(frozen=True)
class _Looked:
    """What was found: a link, and what it shows to who may see it; None where the password is still wanted."""

    link: Link
    snapshot: Snapshot | None


class _FormError(Exception):
    """What came is not the form that was asked for; `status` says in what way."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Visit:
    """Answers about one link; None when there is none that opens, whatever the reason."""

    def __init__(self, turns: Turns, proxies: Proxies, now: Callable[[], datetime]) -> None:
        self._turns, self._proxies, self._now = turns, proxies, now
        self._counted = Throttle(MOST_COUNTED, COUNTED_SECONDS)

    async def document(self, request: Request, token: str, *, is_secure: bool) -> Response | None:
        """Show what a link shows, or ask for its password."""
        now, is_compressed = self._now(), takes_gzip(request)

        def look(links: Links) -> _Looked | None:
            link = links.found(token, now)
            if link is None:
                return None
            if not is_let_in(links, link, request, now):
                return _Looked(link, None)
            snapshot = links.document(link, is_compressed=is_compressed)
            return None if snapshot is None else _Looked(link, snapshot)

        looked = await self._turns.read(look)
        if looked is None:
            return None
        if looked.snapshot is None:
            return answers.password_wanted(is_secure=is_secure)
        policy = looked.snapshot.policy
        written = headers(policy if _FRAMES in policy else f"{policy}; {_FRAMES}", is_secure=is_secure)
        return Response(looked.snapshot.document, 200, written | encoding(is_compressed=is_compressed), "text/html")

    async def status(self, request: Request, token: str, *, is_secure: bool) -> Response | None:
        """Tell that a link is open to this browser; a page that was opened says so by POST, and is counted once."""
        now = self._now()

        def look(links: Links) -> tuple[Link, bool] | None:
            link = links.found(token, now)
            return None if link is None else (link, is_let_in(links, link, request, now))

        looked = await self._turns.read(look)
        if looked is None:
            return None
        link, may_see = looked
        written = headers(answers.page_policy(), is_secure=is_secure)
        if not may_see:
            # Its password was set or changed while the page was open, or half a day is over.
            return Response(None, 401, written)
        is_visit = request.method == "POST" and is_from_own_page(request) and not is_robot(request)
        answer = Response(None, 204, written)
        seen = cookies.seen_name(link.id)
        if is_visit and seen not in request.cookies and self._counted.allows(link.id):
            await self._turns.count(lambda links: links.opened(link.id, now))
            remember(answer, seen, "1", token, cookies.SEEN_SECONDS, is_secure=is_secure)
        return answer

    async def password(self, request: Request, token: str, *, is_secure: bool) -> Response | None:
        """Take the password of a link, and remember in the browser that it was right."""
        now, address = self._now(), self._proxies.address(request)
        link = await self._turns.read(lambda links: links.found(token, now))
        if link is None:
            return None
        if not is_from_own_page(request):
            return answers.not_from_here(is_secure=is_secure)
        try:
            given = await password_in(request)
        except _FormError as error:
            return answers.not_a_form(error.status, is_secure=is_secure)
        if not link.has_password:
            return _once_more(token, is_secure=is_secure)
        attempt = await self._turns.check(lambda links: links.password_attempt(link.id, given, address, now))
        if attempt is not None and attempt.key is not None:
            value = cookies.pass_value(attempt.key, link.id, now.timestamp())
            answer, name = _once_more(token, is_secure=is_secure), cookies.pass_name(link.id)
            remember(answer, name, value, token, cookies.PASS_SECONDS, is_secure=is_secure)
            return answer
        outcome = attempt.outcome if attempt else "too many at once"
        log.warning("password of link %s from %s: %s", link.id, address, outcome)
        if outcome == "wrong":
            return answers.password_wanted(is_wrong=True, is_secure=is_secure)
        return answers.too_often(int(WITHIN.total_seconds()) if attempt else 5, is_secure=is_secure)


def is_let_in(links: Links, link: Link, request: Request, now: datetime) -> bool:
    """Tell whether a viewer may see what a link shows: it has no password, or this browser gave it."""
    if not link.has_password:
        return True
    value = request.cookies.get(cookies.pass_name(link.id), "")
    return bool(value) and cookies.is_good_pass(value, links.viewer_key(link.id), link.id, now.timestamp())


def remember(answer: Response, name: str, value: str, token: str, seconds: int, *, is_secure: bool) -> None:
    """Have the browser remember something of one link."""
    answer.headers.append("Set-Cookie", cookies.cookie(name, value, f"/s/{token}", seconds, is_secure=is_secure))


async def password_in(request: Request) -> str:
    """Read the one field of the form; what is longer, slower or something else is refused."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise _FormError(415)
    content = b""
    try:
        with anyio.fail_after(FORM_SECONDS):
            async for piece in request.stream():
                content += piece
                if len(content) > MOST_FORM_BYTES:
                    raise _FormError(413)
        fields = parse_qs(content.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=4)
    except TimeoutError as error:
        raise _FormError(408) from error
    except ValueError as error:
        raise _FormError(400) from error
    given = fields.get("password", [])
    if len(given) != 1:
        raise _FormError(400)
    return given[0]


def _once_more(token: str, *, is_secure: bool) -> Response:
    return Response(None, 303, headers(answers.page_policy(), is_secure=is_secure) | {"Location": f"/s/{token}"})
