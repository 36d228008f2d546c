"""UTF-8 that was once read in another encoding and saved again (“CafÃ©”), put right while it is read."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from typing import Any, Final

_RUN = re.compile(r"[^\x00-\x7f]+")
_CODE_PAGES: Final = ("cp1252", "cp1250", "cp1251", "mac_roman")
_MOST_SURE = 0.6
_PREFIX = "journey_mended_"


def mended_codec(lines: Iterable[bytes]) -> str | None:
    """Name the codec that puts these lines right; None when most of their letters are what they should be."""
    runs = [run for line in lines for run in _RUN.findall(line.decode("utf-8", "replace"))]
    if not runs:
        return None
    n_mended = {page: sum(_mended(run, page) != run for run in runs) for page in _CODE_PAGES}
    best = max(_CODE_PAGES, key=lambda page: n_mended[page])
    return f"{_PREFIX}{best}" if n_mended[best] >= max(_MOST_SURE * len(runs), 1) else None


def _mended(run: str, page: str) -> str:
    try:
        return b"".join(_byte_of(sign, page) for sign in run).decode("utf-8")
    except UnicodeError:
        return run


def _byte_of(sign: str, page: str) -> bytes:
    # The few bytes that a code page leaves undefined come through as they are.
    return bytes([ord(sign)]) if "\x80" <= sign <= "\x9f" else sign.encode(page)


def _mended_text(text: str, page: str) -> str:
    return _RUN.sub(lambda match: _mended(match[0], page), text)


def _codec(name: str) -> codecs.CodecInfo | None:
    if not name.startswith(_PREFIX):
        return None
    page = name.removeprefix(_PREFIX)

    class Decoder(codecs.BufferedIncrementalDecoder):
        """Decodes whole lines, so that no misread letter is cut in two."""

        def _buffer_decode(self, given: Any, errors: str, final: bool) -> tuple[str, int]:
            text = bytes(given)
            n_bytes = len(text) if final else text.rfind(b"\n") + 1
            return _mended_text(text[:n_bytes].decode("utf-8", errors), page), n_bytes

    def decoded(given: Any, errors: str = "strict") -> tuple[str, int]:
        text = bytes(given)
        return _mended_text(text.decode("utf-8", errors), page), len(text)

    return codecs.CodecInfo(codecs.utf_8_encode, decoded, incrementaldecoder=Decoder, name=name)


codecs.register(_codec)
