"""Who asks for a shared dashboard: from which address, over a safe connection or not, a person's browser or a robot."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

from starlette.requests import Request

from journey.sharing.errors import PlaceError

PROXIES_VARIABLE = "JOURNEY_PROXIES"
UNKNOWN_ADDRESS = "unknown"
#: One customer of a provider has a whole network of these addresses.
_V6 = 6
_IPV6_PREFIX = 64
#: Programs that open a link to draw a preview of it or to check it, and may run its script on the way.
_ROBOTS = re.compile(
    r"(?<!cu)bot\b|crawler|spider|preview|slurp|facebookexternalhit|facebookcatalog|whatsapp|embedly|google-pagerenderer|"
    r"googleother|mediapartners|lighthouse|microsoft office|ms-office|safelinks|proofpoint|mimecast|barracuda",
    re.IGNORECASE,
)

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Proxies:
    """The servers in front of this one whose word about a visitor's address and connection is taken.

    Examples
    --------
    >>> Proxies.named("10.0.0.7, 192.168.0.0/16").networks
    (IPv4Network('10.0.0.7/32'), IPv4Network('192.168.0.0/16'))
    """

    networks: tuple[_Network, ...] = ()

    @classmethod
    def named(cls, names: str) -> Proxies:
        """Read addresses and networks with commas between them.

        Raises
        ------
        PlaceError
            When one of them is neither.
        """
        networks = []
        for name in filter(None, (part.strip() for part in names.split(","))):
            try:
                networks.append(ipaddress.ip_network(name))
            except ValueError as error:
                raise PlaceError.not_a_network(PROXIES_VARIABLE, name) from error
        return cls(tuple(networks))

    @classmethod
    def configured(cls) -> Proxies:
        """Read what `JOURNEY_PROXIES` names; nothing unless set."""
        return cls.named(os.environ.get(PROXIES_VARIABLE, ""))

    def address(self, request: Request) -> str:
        """Tell a visitor's address; of IPv6 the network, since whoever has one address has all of it."""
        told = _parsed(request.client.host) if request.client else None
        if told is not None and self._hold(told):
            # Each proxy adds at the end where it got the request from; what stands before may be made up.
            for name in _forwarded(request):
                nearer = _parsed(name)
                if nearer is None:
                    break
                told = nearer
                if not self._hold(told):
                    break
        return _written(told)

    def is_one(self, host: str) -> bool:
        """Tell whether it is one of these servers that is at the other end of a connection."""
        near = _parsed(host)
        return near is not None and self._hold(near)

    def is_secure(self, request: Request) -> bool:
        """Tell whether the visitor's connection is HTTPS."""
        if request.client is not None and self.is_one(request.client.host):
            told = request.headers.getlist("x-forwarded-proto")
            if told:
                return told[-1].rpartition(",")[2].strip().lower() == "https"
        return bool(request.scope.get("scheme") == "https")

    def _hold(self, address: _Address) -> bool:
        return any(address in network for network in self.networks)


def network_of(host: str) -> str:
    """Tell the address at the other end of a connection as visitors are told apart by it.

    Examples
    --------
    >>> network_of("192.0.2.7"), network_of("2001:db8::7"), network_of("::ffff:192.0.2.7")
    ('192.0.2.7', '2001:db8::/64', '192.0.2.7')
    """
    return _written(_parsed(host))


def is_robot(request: Request) -> bool:
    """Tell whether what asks says that it is a program which draws previews, collects pages or checks links."""
    return _ROBOTS.search(request.headers.get("user-agent", "")) is not None


def is_from_own_page(request: Request) -> bool:
    """Tell whether a request was made by a page of this very host.

    Browsers say so themselves where the connection is safe; elsewhere the origin they name must be this host.
    """
    if site := request.headers.get("sec-fetch-site"):
        return site == "same-origin"
    host = request.headers.get("host", "")
    return bool(host) and request.headers.get("origin") in (f"http://{host}", f"https://{host}")


def _forwarded(request: Request) -> Iterator[str]:
    """Go through the addresses that proxies wrote down, the nearest first."""
    for line in reversed(request.headers.getlist("x-forwarded-for")):
        yield from reversed([part.strip() for part in line.split(",")])


def _written(address: _Address | None) -> str:
    if address is None:
        return UNKNOWN_ADDRESS
    if address.version == _V6:
        return str(ipaddress.ip_network((address, _IPV6_PREFIX), strict=False))
    return str(address)


def _parsed(name: str) -> _Address | None:
    if name.startswith("["):
        name = name[1:].partition("]")[0]
    elif name.count(":") == 1:
        name = name.partition(":")[0]
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
