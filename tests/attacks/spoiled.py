"""Ways to spoil a token: what stands after /s/ instead of one, by the name of the trick."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from urllib.parse import quote

from tests.attacks.shares import Share

Spoil = Callable[[Share], bytes | str]
SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

#: Lengths that other systems' tokens have, their neighbours, and those that parsers stumble over.
LENGTHS = (0, 1, 2, 8, 16, 21, 22, 32, 36, 42, 44, 64, 86, 128, 255, 256, 1_000, 4_096, 10_000)

TYPES: dict[str, Spoil] = {
    "a-json-map": lambda _share: quote('{"select":1}'),
    "a-json-map-unescaped": lambda _share: '{"select":1}',
    "a-json-map-with-the-token": lambda share: quote(json.dumps({"token": share.token})),
    "a-json-list-with-the-token": lambda share: quote(json.dumps([share.token])),
    "a-json-text-with-the-token": lambda share: quote(json.dumps(share.token)),
    "a-not-equal-operator": lambda _share: quote('{"$ne":null}'),
    "a-greater-operator": lambda _share: quote('{"$gt":""}'),
    "a-zero": lambda _share: "0",
    "a-one": lambda _share: "1",
    "a-negative-number": lambda _share: "-1",
    "a-fraction": lambda _share: "1.5",
    "a-large-power": lambda _share: "1e309",
    "not-a-number": lambda _share: "NaN",
    "null": lambda _share: "null",
    "none": lambda _share: "None",
    "undefined": lambda _share: "undefined",
    "true": lambda _share: "true",
    "false": lambda _share: "false",
    "an-object": lambda _share: quote("[object Object]"),
    "an-empty-list": lambda _share: "[]",
    "an-empty-map": lambda _share: "{}",
    "an-array-parameter": lambda share: f"token[]={share.token}",
}

WILDCARDS: dict[str, Spoil] = {
    "percent": lambda _share: "%",
    "percent-escaped": lambda _share: "%25",
    "43-percents": lambda _share: "%25" * 43,
    "43-underscores": lambda _share: "_" * 43,
    "43-hyphens": lambda _share: "-" * 43,
    "43-stars": lambda _share: "*" * 43,
    "43-question-marks": lambda _share: "%3F" * 43,
    "star": lambda _share: "*",
    "dot-star": lambda _share: ".*",
    "a-pattern-of-the-shape": lambda _share: quote("[A-Za-z0-9_-]{43}"),
    "colon-key": lambda _share: ":key",
    "colon-token": lambda _share: ":token",
    "braced-token": lambda _share: "{token}",
    "route-with-a-type": lambda _share: "{token:path}",
    "last-sign-percent": lambda share: share.token[:-1] + "%25",
    "last-sign-underscore-or-other": lambda share: share.token[:-1] + ("_" if share.token[-1] != "_" else "-"),
    "first-half-and-percent": lambda share: share.token[:21] + "%25",
    "first-half-and-star": lambda share: share.token[:21] + "*",
    "a-sql-or": lambda _share: quote("' OR 1=1--"),
    "a-sql-union": lambda _share: quote("' UNION SELECT document FROM links--"),
    "a-sql-drop": lambda _share: quote("1;DROP TABLE links"),
    "the-token-and-a-quote": lambda share: share.token + "%27",
    "the-token-and-a-sql-comment": lambda share: share.token + "%27--",
    "a-bound-parameter": lambda _share: "?1",
    "a-named-parameter": lambda _share: ":token_hash",
    "a-template": lambda _share: quote("{{7*7}}"),
    "a-shell": lambda _share: quote("$(id)"),
    "a-lookup": lambda _share: quote("${jndi:ldap://127.0.0.1:9/x}"),
}


def fullwidth(sign: str) -> str:
    """The same sign as wide as a Chinese one, which normalising makes the same.

    Examples
    --------
    >>> fullwidth("A")
    'Ａ'
    """
    return chr(ord(sign) + 0xFEE0)


def _with_first(share: Share, made_of: Callable[[str], str]) -> str:
    return made_of(share.token[0]) + share.token[1:]


ENCODINGS: dict[str, Spoil] = {
    "escaped-twice": lambda share: _with_first(share, lambda sign: f"%25{ord(sign):02X}"),
    "escaped-thrice": lambda share: _with_first(share, lambda sign: f"%2525{ord(sign):02X}"),
    "overlong-two-bytes": lambda share: _with_first(
        share, lambda sign: f"%{0xC0 | ord(sign) >> 6:02X}%{0x80 | ord(sign) & 63:02X}"
    ),
    "overlong-three-bytes": lambda share: _with_first(
        share, lambda sign: f"%E0%{0x80 | ord(sign) >> 6:02X}%{0x80 | ord(sign) & 63:02X}"
    ),
    "overlong-raw": lambda share: (
        bytes((0xC0 | ord(share.token[0]) >> 6, 0x80 | ord(share.token[0]) & 63)) + share.token[1:].encode()
    ),
    "percent-u": lambda share: _with_first(share, lambda sign: f"%u{ord(sign):04X}"),
    "half-an-escape": lambda share: share.token[:-1] + "%4",
    "no-hex-escape": lambda share: share.token[:-1] + "%zz",
    "a-nul-after": lambda share: share.token + "%00",
    "a-nul-before": lambda share: "%00" + share.token,
    "a-nul-within": lambda share: share.token[:20] + "%00" + share.token[20:],
    "a-nul-and-an-ending": lambda share: share.token + "%00.html",
    "a-line-end-after": lambda share: share.token + "%0A",
    "a-return-after": lambda share: share.token + "%0D",
    "both-line-ends-and-a-header": lambda share: share.token + "%0D%0ASet-Cookie:%20a=b",
    "a-space-before": lambda share: "%20" + share.token,
    "a-space-after": lambda share: share.token + "%20",
    "a-plus-after": lambda share: share.token + "+",
    "a-tab-after": lambda share: share.token + "%09",
    "a-line-separator-after": lambda share: share.token + "%E2%80%A8",
    "a-next-line-after": lambda share: share.token + "%C2%85",
    "a-no-break-space-after": lambda share: share.token + "%C2%A0",
    "a-zero-width-space-within": lambda share: share.token[:9] + "%E2%80%8B" + share.token[9:],
    "a-byte-order-mark-before": lambda share: "%EF%BB%BF" + share.token,
    "a-right-to-left-mark-before": lambda share: "%E2%80%AE" + share.token,
    "a-variation-selector-after": lambda share: share.token + "%EF%B8%8F",
    "utf-16": lambda share: quote(share.token.encode("utf-16-le")),
    "utf-7": lambda share: quote(share.token.encode("utf-7")) + "+-",
    "no-utf-8": lambda share: share.token[:-1] + "%FF",
    "a-lone-surrogate": lambda share: share.token[:-1] + "%ED%A0%80",
    "base64-of-the-token": lambda share: quote(b64encode(share.token.encode()), safe=""),
    "quoted-printable": lambda share: f"={ord(share.token[0]):02X}" + share.token[1:],
    "an-html-entity": lambda share: quote(f"&#{ord(share.token[0])};") + share.token[1:],
}

LOOK_ALIKES: dict[str, Spoil] = {
    "fullwidth-first-sign": lambda share: quote(_with_first(share, fullwidth)),
    "fullwidth-all-signs": lambda share: quote("".join(map(fullwidth, share.token))),
    "mathematical-bold": lambda share: quote(_with_first(share, lambda _sign: "\U0001d400")),
    "a-combining-accent": lambda share: quote(share.token + "\u0301"),
    "a-cyrillic-a": lambda share: quote("\u0410" + share.token[1:]),
    "a-kelvin-sign": lambda share: quote("\u212a" + share.token[1:]),
    "a-long-s": lambda share: quote("\u017f" + share.token[1:]),
    "a-dotless-i": lambda share: quote("\u0131" + share.token[1:]),
    "arabic-digits": lambda _share: quote("\u0660" * 43),
    "43-letters-of-another-script": lambda _share: quote("я" * 43),
    "43-bytes-of-another-script": lambda _share: quote("я" * 21 + "a"),
    "a-minus-sign": lambda share: quote(share.token[:-1] + "\u2212"),
    "a-fullwidth-low-line": lambda share: quote(share.token[:-1] + "\uff3f"),
    "an-emoji": lambda share: quote(share.token[:-1] + "\U0001f513"),
}


def _twin(share: Share) -> str:
    """Another last sign that stands for the same 32 bytes, for whoever compares what was decoded."""
    return share.token[:-1] + SIGNS[SIGNS.index(share.token[-1]) ^ 1]


NEAR_MISSES: dict[str, Spoil] = {
    "upper-case": lambda share: share.token.upper(),
    "lower-case": lambda share: share.token.lower(),
    "swapped-case": lambda share: share.token.swapcase(),
    "backwards": lambda share: share.token[::-1],
    "one-sign-less": lambda share: share.token[:-1],
    "one-sign-more": lambda share: share.token + "A",
    "the-first-sign-missing": lambda share: share.token[1:],
    "twice": lambda share: share.token * 2,
    "twice-with-a-comma": lambda share: f"{share.token},{share.token}",
    "one-bit-off-first": lambda share: chr(ord(share.token[0]) ^ 1) + share.token[1:],
    "one-bit-off-middle": lambda share: quote(share.token[:20] + chr(ord(share.token[20]) ^ 2) + share.token[21:]),
    "the-same-bytes-otherwise": _twin,
    "padded": lambda share: share.token + "=",
    "padded-escaped": lambda share: share.token + "%3D",
    "the-other-base64": lambda share: share.token[:-1] + "+",
    "with-an-ending": lambda share: share.token + ".html",
    "as-json": lambda share: share.token + ".json",
    "as-csv": lambda share: share.token + ".csv",
    "compressed": lambda share: share.token + ".gz",
    "a-backup": lambda share: share.token + "~",
    "a-path-parameter": lambda share: share.token + ";download=1",
    "a-colon": lambda share: share.token + ":",
    "an-alternate-stream": lambda share: share.token + "::$DATA",
    "the-hash-in-hex": lambda share: sha256(share.token.encode()).hexdigest(),
    "the-hash-in-hex-cut": lambda share: sha256(share.token.encode()).hexdigest()[:43],
    "the-hash-in-base64": lambda share: urlsafe_b64encode(sha256(share.token.encode()).digest()).decode().rstrip("="),
    "the-id-of-the-link": lambda share: share.link.id,
    "the-id-filled-up": lambda share: share.link.id.ljust(43, "0"),
    "the-name-of-the-snapshot": lambda share: share.link.snapshot,
    "the-title": lambda share: quote(share.link.title),
    "the-id-of-the-dataset": lambda share: share.link.dataset_id,
    "an-unknown-token": lambda _share: "A" * 43,
}

SPOILED: dict[str, Spoil] = {
    **{f"type-{name}": spoil for name, spoil in TYPES.items()},
    **{f"length-{n_signs}": (lambda _share, n_signs=n_signs: "a" * n_signs) for n_signs in LENGTHS},
    **{f"wildcard-{name}": spoil for name, spoil in WILDCARDS.items()},
    **{f"encoding-{name}": spoil for name, spoil in ENCODINGS.items()},
    **{f"look-alike-{name}": spoil for name, spoil in LOOK_ALIKES.items()},
    **{f"near-{name}": spoil for name, spoil in NEAR_MISSES.items()},
}


def spoiled(name: str, share: Share) -> bytes:
    """What to ask for instead of the token of a share."""
    made = SPOILED[name](share)
    return made.encode() if isinstance(made, str) else made
