"""What every answer of the app carries, whoever wrote it."""

from __future__ import annotations

from starlette.types import Message

from journey.sharing.headers import headers

# Nothing foreign is loaded and no inline script runs; Streamlit's components need inline styles and data: pictures.
CONTENT_POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "frame-ancestors 'none'; form-action 'self'; object-src 'none'; base-uri 'self'"
)
#: What brings its own rules about keeping: links, and files whose name holds the hash of what is in them.
_KEPT = (b"no-store", b"immutable")


def guard(message: Message, *, is_secure: bool) -> None:
    """Add what is missing to the start of an answer, and let nothing be kept but the program's own files."""
    present = [(bytes(name).lower(), bytes(value)) for name, value in message.get("headers", ())]
    kept = [
        (name, _safe_cookie(value) if is_secure and name == b"set-cookie" else value)
        for name, value in present
        if name != b"cache-control" or any(rule in value for rule in _KEPT)
    ]
    names = {name for name, _value in kept}
    wanted = headers(CONTENT_POLICY, is_secure=is_secure)
    added = [(name.lower().encode(), value.encode()) for name, value in wanted.items()]
    message["headers"] = [*kept, *((name, value) for name, value in added if name not in names)]


def _safe_cookie(value: bytes) -> bytes:
    # Streamlit leaves the mark out, since it does not know that a proxy in front of it speaks HTTPS.
    return value if b"; secure" in value.lower() else value + b"; Secure"
