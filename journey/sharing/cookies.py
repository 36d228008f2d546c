"""Remembering in a browser that the password of one link was right, or that the link was opened, and nothing else."""

from __future__ import annotations

import hashlib
import hmac
import re
from http.cookies import SimpleCookie

PASS_SECONDS = 12 * 3600
#: An opening is counted once a day and browser.
SEEN_SECONDS = 24 * 3600
_SHAPE = re.compile(r"([0-9]{1,12})\.([0-9a-f]{64})", re.ASCII)


def pass_name(link_id: str) -> str:
    """Name the cookie that says the password of a link was right.

    Examples
    --------
    >>> pass_name("0a1b2c3d4e5f")
    'journey-0a1b2c3d4e5f'
    """
    return f"journey-{link_id}"


def seen_name(link_id: str) -> str:
    """Name the cookie that says the opening of a link was counted."""
    return f"journey-{link_id}-seen"


def pass_value(key: bytes, link_id: str, now_seconds: float) -> str:
    """Write a pass for one link that is good for twelve hours, as long as its password stays what it is.

    `key` belongs to the link's password: another password, even the same one set again, makes every pass worthless.
    """
    until = str(int(now_seconds) + PASS_SECONDS)
    return f"{until}.{_seal(key, link_id, until)}"


def is_good_pass(value: str, key: bytes, link_id: str, now_seconds: float) -> bool:
    """Tell whether a pass was written for this link and its password and has not run out.

    Examples
    --------
    >>> value = pass_value(b"key", "0a1b2c3d4e5f", 0)
    >>> is_good_pass(value, b"key", "0a1b2c3d4e5f", 60), is_good_pass(value, b"key", "another link", 60)
    (True, False)
    """
    shape = _SHAPE.fullmatch(value)
    if shape is None:
        return False
    until, seal = shape.groups()
    return hmac.compare_digest(seal, _seal(key, link_id, until)) and now_seconds < int(until)


def cookie(name: str, value: str, path: str, seconds: int, *, is_secure: bool) -> str:
    """Write a cookie that only this path gets back, that no script reads, and that no other site has sent along."""
    written: SimpleCookie = SimpleCookie()
    written[name] = value
    morsel = written[name]
    morsel["path"], morsel["max-age"] = path, seconds
    morsel["httponly"], morsel["samesite"], morsel["secure"] = True, "Strict", is_secure
    return morsel.OutputString()


def _seal(key: bytes, link_id: str, until: str) -> str:
    return hmac.new(key, f"{link_id}.{until}".encode(), hashlib.sha256).hexdigest()
