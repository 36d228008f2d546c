"""Passwords of links: kept as scrypt hashes, compared in constant time, a few at a time."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import unicodedata
from typing import Final

from journey.language import number
from journey.sharing.errors import LinkError

FEWEST_CHARACTERS, MOST_CHARACTERS = 8, 200
_COST: Final = 2**15
_BLOCK, _LANES, _SALT_BYTES, _HASH_BYTES = 8, 1, 16, 32
#: Each computation holds 32 MB; whoever asks a hundred times at once must not fill the memory.
_at_once = threading.Semaphore(2)


def hashed(password: str) -> str:
    """Make the text under which a password is kept.

    Raises
    ------
    LinkError
        When it is too short to resist guessing, or longer than a password is.
    """
    require_length(password)
    salt = secrets.token_bytes(_SALT_BYTES)
    return f"scrypt${_COST}${_BLOCK}${_LANES}${salt.hex()}${_scrypt(password, salt, _COST, _BLOCK, _LANES).hex()}"


def require_length(password: str) -> None:
    """Check that a password may be set.

    Raises
    ------
    LinkError
        When it is too short to resist guessing, or longer than a password is.
    """
    if not FEWEST_CHARACTERS <= len(password) <= MOST_CHARACTERS:
        raise LinkError.password_length(number(FEWEST_CHARACTERS), number(MOST_CHARACTERS))


def is_right(password: str, kept: str) -> bool:
    """Tell whether a password is the one that was hashed."""
    if len(password) > MOST_CHARACTERS:
        return False
    _name, cost, block, lanes, salt, expected = kept.split("$")
    found = _scrypt(password, bytes.fromhex(salt), int(cost), int(block), int(lanes))
    return hmac.compare_digest(found, bytes.fromhex(expected))


def _scrypt(password: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    # An ă typed on one machine may be one character and on another two.
    typed = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    # Taken as it is, zeros at the end of a short one would not count.
    exact = hashlib.sha256(typed).digest()
    with _at_once:
        return hashlib.scrypt(exact, salt=salt, n=cost, r=block, p=lanes, maxmem=256 * cost * block, dklen=_HASH_BYTES)
