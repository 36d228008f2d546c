"""The few pages that are no dashboard: nothing here, the password, too often, something broke; none says which link.

None of them depends on what was asked for, so that nobody learns from them which links there are.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from functools import cache as once
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Final

from starlette.responses import Response

from journey.language import _
from journey.sharing.headers import headers

#: Methods that an address of ours may be asked by.
METHODS: Final = ("GET", "HEAD", "POST")


def nothing_here(*, is_secure: bool) -> Response:
    """Tell that there is nothing: unknown, run out, withdrawn, or never an address at all."""
    told = _("The link may have run out or been withdrawn. Ask whoever sent it to you for a new one.")
    return _page(404, _("There is nothing here"), _paragraph(told), is_secure=is_secure)


def password_wanted(*, is_wrong: bool = False, is_secure: bool) -> Response:
    """Ask for the password of a link."""
    wrong = _paragraph(_("That was not the password. Try again."), role="alert") if is_wrong else ""
    label, button = escape(_("Password")), escape(_("Open"))
    wanted = (
        f'{wrong}<form method="post"><label for="password">{label}</label>'
        '<input id="password" name="password" type="password" required maxlength="200" autofocus '
        f'autocomplete="current-password"><button>{button}</button></form>'
    )
    return _page(401, _("This page asks for a password"), wanted, is_secure=is_secure)


def too_often(wait_seconds: int, *, is_secure: bool) -> Response:
    """Tell that it was tried too often."""
    told = _paragraph(_("It was tried too often. Wait a while, then try again."))
    answer = _page(429, _("One moment"), told, is_secure=is_secure)
    answer.headers["Retry-After"] = str(max(1, wait_seconds))
    return answer


def not_from_here(*, is_secure: bool) -> Response:
    """Refuse a form that another site, or no page at all, sent."""
    return _page(403, _("This can’t be sent from elsewhere"), _reload(), is_secure=is_secure)


def not_a_form(status: int, *, is_secure: bool) -> Response:
    """Refuse what is no form, or more than one, or did not come."""
    return _page(status, _("This was not understood"), _reload(), is_secure=is_secure)


def not_so(allowed: Sequence[str], *, is_secure: bool) -> Response:
    """Refuse a method."""
    answer = _page(405, _("This can’t be done here"), "", is_secure=is_secure)
    answer.headers["Allow"] = ", ".join(allowed)
    return answer


def broken(error_id: str) -> Response:
    """Tell that something went wrong, and under which id whoever runs the server finds what."""
    told = _paragraph(_("Try again later. If it stays so, tell whoever sent you the link this number:"))
    return _page(500, _("Something went wrong"), f"{told}<p><code>{escape(error_id)}</code></p>", is_secure=False)


def too_many_at_once() -> Response:
    """Tell that more people ask at once than can be answered."""
    told = _paragraph(_("Many people open this at once. Wait a moment, then try again."))
    answer = _page(503, _("One moment"), told, is_secure=False)
    answer.headers["Retry-After"] = "5"
    return answer


def not_understood() -> Response:
    """Refuse what is no request at all."""
    return _page(400, _("This was not understood"), "", is_secure=False)


def page_policy() -> str:
    """Write the policy of these pages: one style, and a form that is sent here."""
    digest = b64encode(sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


def _page(status: int, title: str, inner: str, *, is_secure: bool) -> Response:
    # Without a referrer of its own a form would say it comes from nowhere, and could not be told from a foreign one.
    html = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="referrer" content="same-origin">'
        f"<title>{escape(title)}</title><style>{_style()}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{inner}</main></body></html>"
    )
    return Response(html, status, headers(page_policy(), is_secure=is_secure), "text/html")


def _paragraph(text: str, role: str = "") -> str:
    return f"<p{f' role={chr(34)}{role}{chr(34)}' if role else ''}>{escape(text)}</p>"


def _reload() -> str:
    return _paragraph(_("Open the link again, and try once more."))


@once
def _style() -> str:
    return Path(__file__).with_name("answers.css").read_text("utf-8").strip()
