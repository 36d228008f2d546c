"""Under which names the app answers: a page of a foreign name that was made to lead here gets nothing."""

from __future__ import annotations

import ipaddress
import os
from urllib.parse import urlsplit

from journey.sharing.addresses import is_only_here

HOSTS_VARIABLE = "JOURNEY_HOSTS"
HOST_VARIABLE = "HOST"
DEFAULT_HOST = "127.0.0.1"


def listening_host() -> str:
    """Tell on which address the app listens: this computer's own, unless `HOST` says otherwise."""
    return os.environ.get(HOST_VARIABLE) or DEFAULT_HOST


def host_name(written: str) -> str | None:
    """Read the name out of a `Host` header; None for what is not one.

    Examples
    --------
    >>> host_name("Localhost:8501"), host_name("[::1]:80"), host_name("me@localhost"), host_name("a b")
    ('localhost', '::1', None, None)
    """
    try:
        parts = urlsplit(f"//{written}")
        name, _port = parts.hostname, parts.port
    except ValueError:
        return None
    is_bare = parts.netloc == written and "@" not in written and not any(c.isspace() or c == "\\" for c in written)
    return name.rstrip(".") or None if name and is_bare else None


def is_own(name: str, address: str | None) -> bool:
    """Tell whether a name is this server's: this computer's, that of `address` it was reached at, or a configured one.

    An address written in numbers can't be made to lead elsewhere, a name can.
    """
    if is_only_here(name) or name in _configured():
        return True
    return address is not None and _number(name) is not None and _number(name) == _number(address)


def _configured() -> set[str]:
    named = {part.strip().lower().rstrip(".") for part in os.environ.get(HOSTS_VARIABLE, "").split(",")}
    own = listening_host().lower()
    return (named | {own if _number(own) is None else ""}) - {""}


def _number(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        number = ipaddress.ip_address(address)
    except ValueError:
        return None
    return getattr(number, "ipv4_mapped", None) or number
