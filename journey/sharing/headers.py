"""What every answer about a shared dashboard carries, whatever it says."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request

NO_STORE: Final = "no-store"
#: The chart library's name holds the hash of what is in it, so that it never has to be asked for twice.
FOR_EVER: Final = "public, max-age=31536000, immutable"

#: Everything a browser may do that a page of figures has no need of.
_UNNEEDED = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "usb",
    "xr-spatial-tracking",
)
_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _UNNEEDED),
}
_HTTPS_ONLY: Final = {"Strict-Transport-Security": "max-age=31536000"}


def headers(policy: str, *, cache: str = NO_STORE, is_secure: bool = False) -> dict[str, str]:
    """Write the headers of an answer.

    Parameters
    ----------
    policy
        What the browser may load and run for it (Content-Security-Policy).
    cache
        Whether and how long it may be kept.
    is_secure
        Whether it goes over HTTPS: only then may a browser be told to come that way alone.
    """
    written = {"Content-Security-Policy": policy, "Cache-Control": cache, **_ALWAYS}
    return written | _HTTPS_ONLY if is_secure else written


def takes_gzip(request: Request) -> bool:
    """Tell whether a browser unpacks gzip."""
    for part in request.headers.get("accept-encoding", "").lower().split(","):
        name, _semicolon, weight = part.replace(" ", "").partition(";")
        if name == "gzip" and weight.rstrip("0") not in ("q=", "q=0."):
            return True
    return False


def encoding(*, is_compressed: bool) -> dict[str, str]:
    """Write the headers that say how something is packed, and that others may get it packed otherwise."""
    return {"Vary": "Accept-Encoding"} | ({"Content-Encoding": "gzip"} if is_compressed else {})
