"""Under which names the app answers: a page of a foreign name that was made to lead here gets nothing."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
from urllib.parse import urlsplit

from journey.sharing.addresses import hosts_named, is_only_here
from journey.sharing.errors import PlaceError

HOSTS_VARIABLE = "JOURNEY_HOSTS"
HOST_VARIABLE = "HOST"
DEFAULT_HOST = "127.0.0.1"


def listening_host() -> str:
    """Tell on which address the app listens: this computer's own, unless `HOST` says otherwise."""
    return os.environ.get(HOST_VARIABLE) or DEFAULT_HOST


def require_place(host: str, port: int) -> None:
    """Check that the app can listen there, before anything is made ready; nobody can connect meanwhile.

    Raises
    ------
    PlaceError
        When `HOST` is no address of this machine, the port can't be had, or `JOURNEY_HOSTS` lists what is no name.
    """
    hosts_named(HOSTS_VARIABLE)
    try:
        family, kind, _protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            # As the server does: a port whose last connections are still going away is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, UnicodeError) as error:
        if isinstance(error, OSError) and error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise PlaceError.port_taken(port, os.strerror(error.errno)) from error
        raise PlaceError.not_here(HOST_VARIABLE, host) from error


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
