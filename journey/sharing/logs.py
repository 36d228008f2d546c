"""What is written down about the serving of links: never a token, and an address only of those turned away."""

from __future__ import annotations

import logging
import re
import secrets
import traceback
from typing import Final

log: Final = logging.getLogger("journey.sharing")
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43,}")


def without_tokens(text: str) -> str:
    """Take out of a text whatever could be a token.

    Examples
    --------
    >>> without_tokens("GET /s/" + "x" * 43 + "/status")
    'GET /s/…/status'
    """
    return _TOKEN.sub("…", text)


class TokenlessFormatter(logging.Formatter):
    """Writes a line of a log, a traceback included, without anything that could be a token."""

    def format(self, record: logging.LogRecord) -> str:
        return without_tokens(super().format(record))


def error_id_of(error: Exception) -> str:
    """Write down what broke, and tell the id under which it is found."""
    error_id = secrets.token_hex(4)
    log.error("error %s\n%s", error_id, without_tokens("".join(traceback.format_exception(error))))
    return error_id
