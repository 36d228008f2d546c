"""Which characters the bytes of a file stand for, decided over the whole file."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from charset_normalizer import from_bytes

_CHUNK = 1 << 20
_EVIDENCE_BYTES = 200_000
#: Longest first: the mark of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Up to this share of lines with bytes that are no UTF-8 the file is UTF-8 with damage, not another encoding.
_DAMAGED_SHARE = 0.02
#: From this share of the lines with other letters on that are UTF-8, the file mixes encodings.
_UTF8_SHARE = 0.1
_HANDLER = "journey-"
_LAST_ASCII = 127
#: The encodings that exports and spreadsheets really write.
_SINGLE_BYTE = (
    "cp1252", "cp1250", "iso8859_2", "iso8859_15", "iso8859_16", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255",
    "cp1256", "cp1257", "cp1258", "mac_roman", "cp874",
)  # fmt: skip
_WIDE_LETTERS = ("gb18030", "big5", "cp932", "shift_jis", "euc_jp", "euc_kr", "cp949")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")


@dataclass(frozen=True)
class Encoding:
    """How a file's bytes are read: `is_certain` when a mark or the bytes themselves prove it."""

    name: str
    is_certain: bool = True
    #: Lines with bytes that are no UTF-8 in a file that otherwise is, and the encoding these bytes are read in.
    n_damaged_lines: int = 0
    fallback: str | None = None

    @property
    def errors(self) -> str:
        """Name the handler of bytes that can't be read: the replacement sign, or their own encoding."""
        return f"{_HANDLER}{self.fallback}" if self.fallback else "replace"


def encoding_of(stream: IO[bytes]) -> Encoding:
    """Tell a file's encoding: by its mark, else UTF-8 if all of it is, else by its letters."""
    start = stream.read(4096)
    stream.seek(0)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return Encoding(name, n_damaged_lines=0 if name != "utf-8-sig" or _is_utf8(stream) else _n_damaged(stream))
    if (wide := unmarked_utf16(start)) is not None:
        return Encoding(wide)
    if _is_utf8(stream):
        return Encoding("utf-8")
    return _by_letters(stream)


def unmarked_utf16(start: bytes) -> str | None:
    """Recognise UTF-16 without a mark: every second byte of Latin text is zero."""
    even, odd = start[0::2], start[1::2]
    if len(start) < 4 or not any(start):
        return None
    for name, zeros, letters in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros.count(0) > 0.8 * len(zeros) and letters.count(0) < 0.05 * len(letters):
            return name
    return None


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    stream.seek(0)
    while chunk := stream.read(_CHUNK):
        yield chunk
    stream.seek(0)


def _is_utf8(stream: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in _chunks(stream):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        stream.seek(0)
        return False
    return True


def _by_letters(stream: IO[bytes]) -> Encoding:
    """Guess from the lines that hold other than ASCII letters; the rest of the file says nothing."""
    evidence = bytearray()
    n_lines, n_damaged = 0, 0
    for line in stream:
        if _NOT_ASCII.search(line) is None:
            continue
        n_lines += 1
        if _breaks_utf8(line):
            n_damaged += 1
            evidence += line[: max(0, _EVIDENCE_BYTES - len(evidence))]
    stream.seek(0)
    guess = _guess(bytes(evidence))
    # Letters of another encoding hardly ever come out as UTF-8 by chance: some that do show that most of it is.
    if n_damaged < n_lines and n_damaged <= max(1, _DAMAGED_SHARE * n_lines):
        return Encoding("utf-8", is_certain=False, n_damaged_lines=n_damaged)
    if n_lines - n_damaged >= _UTF8_SHARE * n_lines:
        fallback = guess if guess in _SINGLE_BYTE else "cp1252"
        codecs.register_error(f"{_HANDLER}{fallback}", _reading_in(fallback))
        return Encoding("utf-8", is_certain=False, n_damaged_lines=n_damaged, fallback=fallback)
    return Encoding(guess, is_certain=False)


def _guess(evidence: bytes) -> str:
    best = from_bytes(evidence, cp_isolation=list(_SINGLE_BYTE + _WIDE_LETTERS)).best()
    if best is not None and _is_half_width(str(best)):
        # Nobody writes whole words in half-width kana: those are Cyrillic letters misread.
        best = from_bytes(evidence, cp_isolation=list(_SINGLE_BYTE)).best()
    return best.encoding if best is not None else "cp1252"


def _is_half_width(text: str) -> bool:
    letters = [sign for sign in text if ord(sign) > _LAST_ASCII]
    return 2 * sum("\uff61" <= sign <= "\uff9f" for sign in letters) > len(letters)


def _reading_in(encoding: str) -> Callable[[UnicodeError], tuple[str, int]]:
    def read(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeDecodeError):
            raise error
        return error.object[error.start : error.end].decode(encoding, "replace"), error.end

    return read


def _n_damaged(stream: IO[bytes]) -> int:
    n_damaged = sum(_breaks_utf8(line) for line in stream)
    stream.seek(0)
    return n_damaged


def _breaks_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False
