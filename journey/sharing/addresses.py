"""Where a shared dashboard is found: the address that is put before its token, and where links are published."""

from __future__ import annotations

import ipaddress
import os
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from journey.sharing.errors import PlaceError

URL_VARIABLE = "JOURNEY_SHARE_URL"
HOSTS_VARIABLE = "JOURNEY_SHARE_HOSTS"
#: `make run SHARE=…` sets it.
PLACE_VARIABLE = "SHARE"
PORT_VARIABLE, USUAL_PORT = "PORT", 8501
_HOST_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*", re.ASCII)
_HOST = re.compile(rf"{_HOST_NAME.pattern}|[0-9A-Fa-f:.]+", re.ASCII)
_MOST_PORT = 65535


@dataclass(frozen=True)
class Place:
    """An address and a port to listen on."""

    host: str
    port: int

    @classmethod
    def named(cls, name: str, argument: str = PLACE_VARIABLE) -> Place:
        """Read `HOST:PORT`; an IPv6 address stands in brackets.

        Raises
        ------
        PlaceError
            When it is not written so.

        Examples
        --------
        >>> Place.named("0.0.0.0:8600"), Place.named("[::]:8600")
        (Place(host='0.0.0.0', port=8600), Place(host='::', port=8600))
        """
        host, _colon, port = name.strip().rpartition(":")
        is_bracketed = host.startswith("[") and host.endswith("]")
        host = host[1:-1] if is_bracketed else host
        if not _is_port(port) or not _HOST.fullmatch(host) or (":" in host) != is_bracketed:
            raise PlaceError.nowhere(argument, name)
        return cls(host, int(port))

    @property
    def is_everywhere(self) -> bool:
        """Whether it stands for every address of this machine."""
        return _is_unspecified(self.host)

    @property
    def is_only_here(self) -> bool:
        """Whether only programs on this machine reach it."""
        return is_only_here(self.host)

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def share_place() -> Place | None:
    """Tell where links are published beside the app, or None when they are not.

    Raises
    ------
    PlaceError
        When `SHARE` is no address and port.
    """
    name = os.environ.get(PLACE_VARIABLE, "").strip()
    return Place.named(name) if name else None


def own_port() -> int:
    """Tell on which port the app itself listens.

    Raises
    ------
    PlaceError
        When `PORT` is no port.
    """
    told = os.environ.get(PORT_VARIABLE, "").strip() or str(USUAL_PORT)
    # 0 is any that is free.
    if told != "0" and not _is_port(told):
        raise PlaceError.no_port(told)
    return int(told)


def published_base() -> str:
    """Tell what is put before `/s/…`, without a slash at its end.

    It is what `JOURNEY_SHARE_URL` says; without it where `SHARE` publishes, by this machine's name when that is every
    address; without either the app itself.

    Raises
    ------
    PlaceError
        When one of them is not an address.
    """
    if told := os.environ.get(URL_VARIABLE, "").strip():
        return _require_url(told)
    place = share_place() or Place(os.environ.get("HOST") or "127.0.0.1", own_port())
    host = socket.gethostname() if place.is_everywhere else place.host
    return f"http://{Place(host, place.port)}"


def published_address(token: str) -> str:
    """Write the address of a shared dashboard, as it is handed to people."""
    return f"{published_base()}/s/{token}"


def is_reachable_from_outside() -> bool:
    """Tell whether the published address means anything on another machine."""
    return not is_only_here(urlsplit(published_base()).hostname or "")


def is_only_here(host: str) -> bool:
    """Tell whether a host's name or address means the very machine it is used on."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost" or host.lower().endswith(".localhost")


def known_hosts() -> frozenset[str]:
    """Name the hosts by which links are asked for; none: any.

    They are the one in `JOURNEY_SHARE_URL` and those that `JOURNEY_SHARE_HOSTS` lists.

    Raises
    ------
    PlaceError
        When `JOURNEY_SHARE_URL` is not an address, or `JOURNEY_SHARE_HOSTS` lists something else than names.
    """
    names = hosts_named(HOSTS_VARIABLE)
    if told := os.environ.get(URL_VARIABLE, "").strip():
        names |= {(urlsplit(_require_url(told)).hostname or "").lower()}
    return names


def hosts_named(setting: str) -> frozenset[str]:
    """Read the names of hosts that a setting lists, with commas between.

    Raises
    ------
    PlaceError
        When something in it can't be the name of a host: a whole address with `http://`, or one with a port.
    """
    names = {name.strip() for name in os.environ.get(setting, "").split(",")} - {""}
    for name in sorted(names):
        if not _HOST_NAME.fullmatch(name) and not _is_number(name):
            raise PlaceError.no_name(setting, name)
    return frozenset(name.lower().rstrip(".") for name in names)


def _require_url(told: str) -> str:
    try:
        parts = urlsplit(told)
        is_good = parts.scheme in ("http", "https") and bool(_HOST.fullmatch(parts.hostname or ""))
        # Reading the port checks it, too.
        is_good = (
            is_good
            and parts.port != 0
            and not any((parts.path.strip("/"), parts.query, parts.fragment, parts.username))
        )
    except ValueError:
        is_good = False
    if not is_good:
        raise PlaceError.no_address(URL_VARIABLE, told)
    return told.rstrip("/")


def _is_port(port: str) -> bool:
    return re.fullmatch(r"[0-9]{1,5}", port, re.ASCII) is not None and 0 < int(port) <= _MOST_PORT


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_unspecified(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False
