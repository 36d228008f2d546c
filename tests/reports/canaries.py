"""A log in which everything that tells who somebody is can be found again, wherever and however it is written."""

from __future__ import annotations

import gzip
import html
import re
import zlib
from base64 import b64decode, urlsafe_b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import md5, sha1, sha256
from urllib.parse import unquote

import numpy as np
import pandas as pd

import journey
from journey.dataset import Dataset

N_CUSTOMERS = 2_000
#: A part of a canary is one, too: of texts this many signs in a row, of phone numbers this many digits.
TEXT_SIGNS, PHONE_DIGITS = 8, 11
STAGES = ["discover", "compare", "buy", "use"]
_TOUCHPOINTS = {
    "discover": ["search result", "friend's word", "poster"],
    "compare": ["price page", "demo call", "test report"],
    "buy": ["checkout"],
    "use": ["first login", "help page", "invoice"],
}
_CHANNELS = ["web", "phone", "shop", "mail"]
_PLANS = ["basic", "family", "team"]
_CITIES = ["Cluj", "Iasi", "Brasov", "Arad", "Sibiu"]
_LETTERS = np.array(list("abcdefghijklmnopqrstuvwxyz"))
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}")
_DIGIT_BREAKS = re.compile(r"[\s().\-/\u00a0\u2011]")
_MOST_BLOB_BYTES = 8_000_000


@dataclass(frozen=True)
class People:
    """A table of customers, a line each: what of theirs must not be found."""

    ids: list[str]
    names: list[str]
    emails: list[str]
    phones: list[str]
    remarks: list[str]

    @property
    def all(self) -> list[str]:
        """Every canary."""
        return [*self.ids, *self.names, *self.emails, *self.phones, *self.remarks]


def people(n_customers: int = N_CUSTOMERS, seed: int = 11) -> People:
    """Draw customers; no word of theirs is a word of any language."""
    random = np.random.default_rng(seed)

    def words(n_letters: int) -> list[str]:
        drawn = random.choice(_LETTERS, (n_customers, n_letters))
        return ["".join(letters) for letters in drawn]

    first, last, remark = words(9), words(11), words(12)
    numbers = random.integers(10**7, 10**8, n_customers)
    return People(
        ids=[f"KD{place:04}-{end.upper()}" for place, end in enumerate(words(10))],
        names=[f"{one.title()} {two.title()}" for one, two in zip(first, last, strict=True)],
        emails=[f"{one}.{two}@{three}.example" for one, two, three in zip(words(8), words(9), words(8), strict=True)],
        phones=[f"+40 7{number // 10**6} {number // 1000 % 1000:03} {number % 1000:03}" for number in numbers],
        remarks=[f"{word} {other}" for word, other in zip(remark, words(10), strict=True)],
    )


def canary_log(known: People) -> Dataset:
    """Load a log in which canaries stand in ids, attributes, comments, and in touchpoints and values that are rare."""
    random = np.random.default_rng(5)
    rows = []
    begins = random.integers(0, 300 * 86_400, len(known.ids))
    for place, customer in enumerate(known.ids):
        moment = pd.Timestamp("2025-01-01") + pd.Timedelta(seconds=int(begins[place]))
        for stage in STAGES[: 1 + int(random.integers(0, 4))]:
            touchpoint = str(random.choice(_TOUCHPOINTS[stage]))
            if place % 20 == 0:
                touchpoint = f"call with {known.names[place]}" if place % 40 else f"mail to {known.emails[place]}"
            rows.append(
                {
                    "customer_id": customer,
                    "timestamp": moment,
                    "touchpoint": touchpoint,
                    "channel": known.phones[place] if place % 50 == 7 else str(random.choice(_CHANNELS)),
                    "stage": stage,
                    "device": known.remarks[place] if place % 50 == 9 else str(random.choice(["phone", "laptop"])),
                    "emotion": float(random.integers(-2, 3)),
                    "revenue": float(random.integers(10, 90)) if stage == "buy" else None,
                    "comment": comment_of(known, place),
                }
            )
            moment += pd.Timedelta(hours=int(random.integers(1, 200)))
    customers = pd.DataFrame(
        {
            "customer_id": known.ids,
            "contact": known.names,
            "e-mail": known.emails,
            "phone": known.phones,
            "note": known.remarks,
            "plan": [
                f"only for {known.names[place]}" if place % 60 == 3 else _PLANS[place % 3]
                for place in range(len(known.ids))
            ],
            "city": [
                known.remarks[place] if place % 60 == 5 else _CITIES[place % 5] for place in range(len(known.ids))
            ],
        }
    )
    return journey.load(pd.DataFrame(rows), customers=customers, stages=STAGES)


def comment_of(known: People, place: int) -> str:
    """What a customer said: nothing in it may be told, unless it was picked, and then only masked."""
    return f"{known.remarks[place]}: ask {known.names[place]}, {known.emails[place]} or {known.phones[place]}"


class Finder:
    """Finds canaries, and parts of them, in bytes: as they are, escaped, packed, as base64, or hashed."""

    def __init__(self, known: People) -> None:
        texts = [*known.ids, *known.names, *known.emails, *known.remarks]
        self._texts = {part: text for text in texts for part in _parts(text.casefold(), TEXT_SIGNS)}
        digits = {re.sub(r"\D", "", phone): phone for phone in known.phones}
        self._phones = {part: phone for number, phone in digits.items() for part in _parts(number, PHONE_DIGITS)}
        hashes: tuple[Callable[..., object], ...] = (md5, sha1, sha256)
        self._texts |= {
            made(text.encode()).hexdigest()[:16]: text  # type: ignore[attr-defined]
            for text in [*known.ids, *known.emails]
            for made in hashes
        }

    def found(self, document: bytes) -> set[str]:
        """Every canary that a document gives away."""
        return {canary for text in readings(document) for canary in self._in(text)}

    def _in(self, text: str) -> Iterator[str]:
        folded = text.casefold()
        for n_signs, known in ((TEXT_SIGNS, self._texts), (16, self._texts)):
            windows = {folded[start : start + n_signs] for start in range(len(folded) - n_signs + 1)}
            yield from (known[part] for part in windows & known.keys())
        close = _DIGIT_BREAKS.sub("", text)
        for run in re.findall(r"\d{11,}", close):
            yield from (self._phones[part] for part in _parts(run, PHONE_DIGITS) & self._phones.keys())


def readings(document: bytes) -> Iterator[str]:
    """Every way to read a document: as text, unescaped, and what is packed into it."""
    text = document.decode("utf-8", "replace")
    yield text
    plain = unquote(html.unescape(re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)))
    yield plain
    yield plain[::-1]
    blobs = b"\n".join(blob for run in _BASE64.findall(text) for blob in _unpacked(run))
    yield blobs.decode("utf-8", "replace")
    yield blobs.decode("utf-16-le", "replace")


def _unpacked(run: str) -> Iterator[bytes]:
    for read in (b64decode, urlsafe_b64decode):
        for start in range(4):
            cut = run[start:].rstrip("=")
            try:
                blob = read(cut + "=" * (-len(cut) % 4))
            except ValueError:
                continue
            yield blob
            for unpack in (gzip.decompress, zlib.decompress):
                try:
                    yield unpack(blob)[:_MOST_BLOB_BYTES]
                except (OSError, EOFError, zlib.error):
                    continue


def _parts(text: str, n_signs: int) -> set[str]:
    return {text[start : start + n_signs] for start in range(len(text) - n_signs + 1)}
