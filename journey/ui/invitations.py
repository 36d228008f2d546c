"""Who may come in: the addresses and domains that `JOURNEY_ALLOW` names."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from journey.errors import JourneyError
from journey.language import _

ALLOW_VARIABLE = "JOURNEY_ALLOW"
# Plain ASCII only: other alphabets hold letters that look like these, and some turn into them in lower case.
_ADDRESS = re.compile(r"[!-?A-~]+@([A-Za-z0-9-]+\.)*[A-Za-z0-9-]+", re.ASCII)
_DOMAIN = re.compile(r"@([A-Za-z0-9-]+\.)*[A-Za-z0-9-]+", re.ASCII)


class InvitationError(JourneyError):
    """What is written in `JOURNEY_ALLOW` is neither an address nor a domain."""

    @classmethod
    def unreadable(cls, wrong: str) -> InvitationError:
        return cls(
            _(
                "“{wrong}” in {variable} is neither an address nor a domain. Write them with commas between, as in "
                "“ana@example.com, @example.org”."
            ).format(wrong=wrong, variable=ALLOW_VARIABLE),
            "BAD_INVITATION",
        )


@dataclass(frozen=True)
class Invitations:
    """The e-mail addresses that may come in, one by one and by domain.

    Examples
    --------
    >>> invited = Invitations.named("ana@example.com, @example.org")
    >>> invited.include("Ana@Example.com"), invited.include("bo@example.org"), invited.include("bo@a.example.org")
    (True, True, False)
    """

    addresses: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()

    @classmethod
    def named(cls, names: str) -> Invitations:
        """Read addresses (`ana@example.com`) and whole domains (`@example.org`) with commas or blanks between.

        Raises
        ------
        InvitationError
            When one of them is neither.
        """
        listed = [name for name in re.split(r"[,\s]+", names) if name]
        for name in listed:
            if not _ADDRESS.fullmatch(name) and not _DOMAIN.fullmatch(name):
                raise InvitationError.unreadable(name)
        lowered = frozenset(name.lower() for name in listed)
        domains = frozenset(name for name in lowered if name.startswith("@"))
        return cls(lowered - domains, domains)

    @classmethod
    def configured(cls) -> Invitations:
        """Read what `JOURNEY_ALLOW` names; nobody unless set."""
        return cls.named(os.environ.get(ALLOW_VARIABLE, ""))

    def __bool__(self) -> bool:
        return bool(self.addresses or self.domains)

    def include(self, address: str) -> bool:
        """Tell whether an address is among them; of a domain only itself counts, not what stands beneath it."""
        if not _ADDRESS.fullmatch(address):
            return False
        lowered = address.lower()
        return lowered in self.addresses or lowered[lowered.rindex("@") :] in self.domains

    def admit(self, claims: Mapping[str, Any]) -> bool:
        """Tell whether what a login provider says of a person lets that person in: an address it has verified."""
        address = claims.get("email")
        return is_verified(claims) and isinstance(address, str) and self.include(address)


def is_verified(claims: Mapping[str, Any]) -> bool:
    """Tell whether the login provider vouches for the address; one that says nothing does not."""
    # Some providers write claims as text.
    verified = claims.get("email_verified")
    return verified is True or verified == "true"
