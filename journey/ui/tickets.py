"""Leave to send one file: a ticket that a visitor's page makes, good for one file, once, for an hour."""

from __future__ import annotations

import os
import re
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from journey.errors import FileUnreadableError
from journey.language import _, size, spoken

if TYPE_CHECKING:
    from journey.workspace import Upload

LIMIT_VARIABLE = "JOURNEY_LARGEST_UPLOAD_GB"
LIMIT_GIGABYTES = 4.0
TICKET_SECONDS = 3600
#: How many files one box takes at a time.
MOST_FILES = 50
_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


@dataclass(eq=False)
class Ticket:
    """Leave to send the file that the box calls `file`; `upload` when it came."""

    code: str
    box: str
    file: str
    name: str
    n_bytes: int
    locale: str
    made: float = field(default_factory=time.monotonic)
    is_used: bool = False
    upload: Upload | None = None


class Desk:
    """Makes tickets, takes each once, and keeps what came until its box asks for it; for any number of threads.

    Examples
    --------
    >>> desk = Desk()
    >>> ticket = desk.ticket("box", "1", "log.csv", 3)
    >>> desk.redeemed(ticket.code) is ticket, desk.redeemed(ticket.code)
    (True, None)
    """

    def __init__(self) -> None:
        self._tickets: dict[str, Ticket] = {}
        self._lock = threading.Lock()

    def ticket(self, box: str, file: str, name: str, n_bytes: int) -> Ticket:
        """Make a ticket for a file of this size, or hand out the one there is.

        Raises
        ------
        FileUnreadableError
            When the file is larger than this server takes.
        """
        require_size(name, n_bytes)
        with self._lock:
            self._forget_old()
            for known in self._of(box):
                if known.file == file:
                    return known
            made = Ticket(secrets.token_urlsafe(32), box, file, name, n_bytes, spoken())
            self._tickets[made.code] = made
            return made

    def redeemed(self, code: str) -> Ticket | None:
        """Take a ticket; None for one that is not one, was taken before, is too old or was called back."""
        if not _SHAPE.fullmatch(code):
            return None
        with self._lock:
            self._forget_old()
            ticket = self._tickets.get(code)
            if ticket is None or ticket.is_used:
                return None
            ticket.is_used = True
            return ticket

    def is_good(self, ticket: Ticket) -> bool:
        """Tell whether the box still waits for this file."""
        with self._lock:
            return ticket.code in self._tickets

    def deliver(self, ticket: Ticket, upload: Upload) -> bool:
        """Keep what came for its box; False when the box no longer waits for it."""
        with self._lock:
            if ticket.code not in self._tickets:
                return False
            ticket.upload = upload
            return True

    def give_up(self, ticket: Ticket) -> None:
        """Take a ticket out whose file did not come."""
        with self._lock:
            self._tickets.pop(ticket.code, None)

    def waiting(self, box: str) -> list[Ticket]:
        """List the tickets of files that have not come yet."""
        with self._lock:
            return [ticket for ticket in self._of(box) if ticket.upload is None]

    def taken(self, box: str) -> dict[str, Upload]:
        """Hand over what came for a box, by the box's name of the file, in the order its tickets were made."""
        with self._lock:
            came = {ticket.file: ticket.upload for ticket in self._of(box) if ticket.upload is not None}
            for ticket in self._of(box):
                if ticket.file in came:
                    del self._tickets[ticket.code]
            return came

    def call_back(self, box: str) -> None:
        """Take out every ticket of a box whose file has not come; what is on its way is thrown away."""
        with self._lock:
            for ticket in self._of(box):
                if ticket.upload is None:
                    del self._tickets[ticket.code]

    def _of(self, box: str) -> list[Ticket]:
        return [ticket for ticket in self._tickets.values() if ticket.box == box]

    def _forget_old(self) -> None:
        # A file may take longer than a ticket lives; one that came and was not asked for is swept with its folder.
        oldest = time.monotonic() - TICKET_SECONDS
        for code, ticket in list(self._tickets.items()):
            if ticket.made < oldest and (ticket.upload is not None or not ticket.is_used):
                del self._tickets[code]


def limit_bytes() -> int:
    """Tell how large a file may be: what `JOURNEY_LARGEST_UPLOAD_GB` says, else 4 GB."""
    return int(float(os.environ.get(LIMIT_VARIABLE) or LIMIT_GIGABYTES) * 1e9)


def require_size(name: str, n_bytes: int) -> None:
    """Refuse a file that is larger than this server takes."""
    if n_bytes > limit_bytes():
        reason = _("it is larger than {size}, the most this server takes").format(size=size(limit_bytes()))
        raise FileUnreadableError.over_limit(name, reason)
