"""What no answer may hold, what every answer must carry, and when two answers tell the same."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256

from tests.attacks.shares import DATASET_NAME, MADE_BY, Share
from tests.attacks.target import ROOT, Target
from tests.attacks.wire import Answer, written

#: On every answer of ours, and what each must say at least.
GUARDS = {
    "x-content-type-options": r"nosniff",
    "referrer-policy": r"no-referrer",
    "x-frame-options": r"DENY",
    "x-robots-tag": r".*noindex.*",
    "content-security-policy": r"(?=.*default-src)(?=.*frame-ancestors 'none').*",
}
KEPT_NOWHERE = r".*\bno-store\b.*"
#: What tells an attacker what runs here, where it lies and how it failed.
TELLTALES = re.compile(
    rb"uvicorn|starlette|streamlit/|python/|h11|anyio|traceback|file \"|sqlite|sqlalchemy|\.py\b|line \d+, in",
    re.IGNORECASE,
)


def secrets_of(shares: Iterable[Share], *folders: str) -> list[bytes]:
    """Everything about these shares that an answer to someone without a token must not hold."""
    known = {DATASET_NAME, MADE_BY, str(ROOT), *folders}
    for share in shares:
        known |= {share.mark, share.token, share.link.title, share.link.id, share.link.snapshot}
        known |= {sha256(share.token.encode()).hexdigest(), share.link.dataset_id, share.link.version}
        known |= {share.password} if share.password else set()
    return [text.encode() for text in known if len(text) > 3]


def leaks(answer: Answer, hidden: Iterable[bytes]) -> list[bytes]:
    """What an answer gives away, in its headers or in its body; whether it names its server `unguarded` tells."""
    headers = [f"{name}: {value}".encode() for name, value in answer.headers if name.lower() != "server"]
    told = b"\n".join(headers) + b"\n\n" + answer.content
    found = [secret for secret in hidden if secret in told]
    return found + [match.group() for match in TELLTALES.finditer(told)]


def unguarded(answer: Answer, *, is_kept_nowhere: bool = True) -> list[str]:
    """The headers that an answer lacks, or that say too little, and those it should not have."""
    wanted = GUARDS | ({"cache-control": KEPT_NOWHERE} if is_kept_nowhere else {})
    missing = [
        f"{name}: {answer.header(name)}"
        for name, pattern in wanted.items()
        if not re.fullmatch(pattern, answer.header(name) or "")
    ]
    return missing + [
        f"{name}: {value}" for name, value in answer.headers if name.lower() in ("server", "x-powered-by")
    ]


def not_found(target: Target, method: str = "GET") -> Answer:
    """The answer that every link that cannot be opened must get."""
    return target.answer(written("/s/" + "Q" * 43, method=method))


def differences(answer: Answer, expected: Answer) -> list[str]:
    """In what two answers differ, the clock left out."""
    told = []
    if answer.status != expected.status:
        told.append(f"status {answer.status}, not {expected.status}")
    if answer.kept_headers != expected.kept_headers:
        told.append(f"headers {sorted(set(answer.kept_headers) ^ set(expected.kept_headers))}")
    if answer.body != expected.body:
        told.append(f"body {answer.body[:200]!r}, not {expected.body[:200]!r}")
    return told
