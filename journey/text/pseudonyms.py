"""Customers by a name that says nothing about them: the same for one key, and of no use without it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from typing import Final

import numpy as np

#: Crockford's signs: no I, L, O, U, so that a name can be read out and typed.
_SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD: Final = str.maketrans("OIL", "011", "- ")
_BITS_PER_SIGN, _N_SIGNS, _N_SIGNS_LONG, _PER_GROUP = 5, 8, 12, 4
_PURPOSE: Final = b"customer\0"


def pseudonym(customer_id: str, key: bytes) -> str:
    """Name a customer by 40 bits of a keyed hash (HMAC-SHA256), as in `K7F3-92QD`.

    Who has the key can tell whether an id belongs to a name, so the key stays where the data are. Two of a million
    customers may share a name: `Pseudonyms` tells those apart.

    Examples
    --------
    >>> pseudonym("C-00001", b"secret")
    '2M24-6SZT'
    """
    return _written(_code(customer_id, key), _N_SIGNS)


class Pseudonyms:
    """The names of all customers of a dataset, each of them once.

    Where two customers share the eight signs, both are named by twelve.

    Examples
    --------
    >>> names = Pseudonyms(b"secret", ["C-00001", "C-00002"])
    >>> names.name(1), names.place(names.name(1)), names.place("AAAA-AAAA")
    ('9B90-AXRJ', 1, None)
    """

    def __init__(self, key: bytes, customer_ids: Iterable[str]) -> None:
        self._codes = np.fromiter((_code(each, key) for each in customer_ids), np.int64)
        self._order = np.argsort(self._codes, kind="stable")
        self._sorted = self._codes[self._order]

    def name(self, place: int) -> str:
        """Name the customer who was given in this place, counted from 0."""
        code = int(self._codes[place])
        first, last = self._range(code, _N_SIGNS)
        return _written(code, _N_SIGNS if last - first == 1 else _N_SIGNS_LONG)

    def place(self, name: str) -> int | None:
        """Find the place of a customer by the name, however it is spaced; None when it is nobody's or not one's."""
        signs = name.upper().translate(_MISREAD)
        if len(signs) not in (_N_SIGNS, _N_SIGNS_LONG) or not set(signs) <= set(_SIGNS):
            return None
        code = 0
        for sign in signs:
            code = (code << _BITS_PER_SIGN) | _SIGNS.index(sign)
        first, last = self._range(code << _BITS_PER_SIGN * (_N_SIGNS_LONG - len(signs)), len(signs))
        return int(self._order[first]) if last - first == 1 else None

    def _range(self, code: int, n_signs: int) -> tuple[int, int]:
        """Tell where those lie that begin with the same signs."""
        open_bits = _BITS_PER_SIGN * (_N_SIGNS_LONG - n_signs)
        low = code >> open_bits << open_bits
        first, last = np.searchsorted(self._sorted, [low, low + (1 << open_bits)])
        return int(first), int(last)


def _code(customer_id: str, key: bytes) -> int:
    digest = hmac.digest(key, _PURPOSE + customer_id.encode(), hashlib.sha256)
    return int.from_bytes(digest[:8], "big") >> 64 - _BITS_PER_SIGN * _N_SIGNS_LONG


def _written(code: int, n_signs: int) -> str:
    bits = _BITS_PER_SIGN * _N_SIGNS_LONG
    signs = [_SIGNS[code >> (bits - _BITS_PER_SIGN * (place + 1)) & 31] for place in range(n_signs)]
    groups = ["".join(signs[first : first + _PER_GROUP]) for first in range(0, n_signs, _PER_GROUP)]
    return "-".join(groups)
