"""What tells a person's identity or account is blotted out of comments before they are shown."""

from __future__ import annotations

import re
from typing import Final

from journey.language import _

_EMAIL: Final = re.compile(r"[^\s@<>(),;:\"'“”]+@[^\s@<>(),;:\"'“”]+\.\w{2,}")
#: Digits with single spaces, dots, hyphens, slashes or brackets between them.
_NUMBER: Final = re.compile(r"(?<![\w.,])[+(]?\d(?:[ .\-/()\u00a0\u2011]{0,2}\d){5,}(?![\w])")
_DATE: Final = re.compile(r"\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{4}")
_GROUPED: Final = re.compile(r"\d{1,3}(?:[ .\u00a0]\d{3})+")

FEWEST_CARD_DIGITS, FEWEST_PHONE_DIGITS, FEWEST_MARKED_DIGITS = 13, 9, 7


def masked(text: str) -> str:
    """Replace e-mail addresses, phone numbers and card numbers in a text.

    A run of 13 digits or more counts as a card number; of 9 or more as a phone number, of 7 or more if it begins with
    0 or a bracket; what begins with + or 00 is always a phone number. Dates and grouped amounts such as 1 250 000 are
    left alone. In doubt it masks: a lost order number harms nobody.

    Examples
    --------
    >>> masked("Write to ana.pop@example.com or call +40 722 123 456.")
    'Write to [e-mail address] or call [phone number].'
    """
    return _NUMBER.sub(_mask_of, _EMAIL.sub(_("[e-mail address]"), text))


def _mask_of(found: re.Match[str]) -> str:
    number = found.group()
    if _DATE.fullmatch(number) or _GROUPED.fullmatch(number):
        return number
    if number.startswith(("+", "00")):
        return _("[phone number]")
    n_digits = sum(character.isdigit() for character in number)
    if n_digits >= FEWEST_CARD_DIGITS:
        return _("[card number]")
    is_marked = number[0] in "0("
    if n_digits >= (FEWEST_MARKED_DIGITS if is_marked else FEWEST_PHONE_DIGITS):
        return _("[phone number]")
    return number
