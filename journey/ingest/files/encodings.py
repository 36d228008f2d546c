"""Which characters the bytes of a file stand for, decided over the whole file."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Final

from journey.ingest.files.alphabets import SINGLE_BYTE, Reading, readings
from journey.ingest.files.mojibake import mended_codec
from journey.ingest.told import Note
from journey.language import _, listed, number

_CHUNK = 1 << 20
_EVIDENCE_BYTES, _EVIDENCE_LINES = 200_000, 2_000
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
#: Below this score no encoding makes words of the bytes; readings this near to the best are as good.
_WORDS_SCORE, _NEAR = 0.2, 0.03
_MOST_RIVALS, _MOST_EXAMPLES = 2, 3
_HANDLER = "journey-"
#: Which bytes of four are letters and which are zeros where Latin letters are written, and how often they are.
_ZEROS: Final[tuple[tuple[str, tuple[int, ...], tuple[int, ...]], ...]] = (
    ("utf-32-le", (0,), (2, 3)),
    ("utf-32-be", (3,), (0, 1)),
    ("utf-16-le", (0, 2), (1, 3)),
    ("utf-16-be", (1, 3), (0, 2)),
)
#: How ISO-2022-JP, which consists of ASCII signs, goes over to Japanese ones and back.
_JAPANESE_MAIL = re.compile(rb"\x1b\$[@B][!-~]+\x1b\([BJ]")
_NO_ZEROS, _SOME_ZEROS, _HARDLY_ZEROS = 0.9, 0.2, 0.05
_SHOWN = {"utf-8-sig": "UTF-8", "gb18030": "GB18030 (GBK)", "cp932": "Shift JIS", "euc_kr": "EUC-KR", "big5": "Big5"}


@dataclass(frozen=True)
class Encoding:
    """How a file's bytes are read: `is_certain` when a mark or the bytes themselves prove it.

    `rivals` are encodings that make words of the bytes just as well; `examples` shows lines in which they differ, each
    as read in this encoding and in each rival.
    """

    name: str
    is_certain: bool = True
    #: Lines with bytes that are no UTF-8 in a file that otherwise is, and the encoding these bytes are read in.
    n_damaged_lines: int = 0
    fallback: str | None = None
    first_damaged_lines: tuple[int, ...] = ()
    rivals: tuple[str, ...] = ()
    examples: tuple[tuple[str, ...], ...] = ()
    #: Reads UTF-8 that was once misread as what it was meant to be.
    mended: str | None = None

    @property
    def codec(self) -> str:
        """Name the codec that decodes the file."""
        return self.mended or self.name

    @property
    def shown(self) -> str:
        """Name the encoding as people know it."""
        name = _SHOWN.get(self.name, self.name.upper().replace("_", "-"))
        return re.sub(r"^CP(?=125)", "Windows-", re.sub(r"^ISO8859-", "ISO-8859-", name))

    @property
    def errors(self) -> str:
        """Name the handler of bytes that can't be read: the replacement sign, or their own encoding."""
        return f"{_HANDLER}{self.fallback}" if self.fallback else "replace"

    def notes(self) -> list[Note]:
        """Tell how the file's letters were read where that is not plain."""
        if self.mended:
            return [Note("ENCODING_REPAIRED", _("Letters that were garbled before (as “Ã©” for “é”) were put right."))]
        lines = ", ".join(map(number, self.first_damaged_lines))
        if self.fallback:
            text = _(
                "Two encodings in one file: {n} lines (from lines {lines} on) were read as {name}, the rest as UTF-8."
            )
            name = Encoding(self.fallback).shown
            return [Note("ENCODING_MIXED", text.format(n=number(self.n_damaged_lines), lines=lines, name=name))]
        if self.n_damaged_lines:
            text = _("Unreadable characters on {n} lines (from lines {lines} on) were replaced by “�”.")
            return [Note("ENCODING_REPAIRED", text.format(n=number(self.n_damaged_lines), lines=lines))]
        if self.name in ("utf-8", "utf-8-sig"):
            return []
        text = _("The file was read as {name}; check that words with accents look right.")
        notes = [Note("ENCODING", text.format(name=self.shown))]
        if self.rivals:
            text = _("Some letters can be read in two ways: {readings}.")
            readings_shown = listed([f"“{reading.strip()}”" for reading in self.examples[0]], at_most=_MOST_RIVALS + 1)
            notes.append(Note("ENCODING_AMBIGUOUS", text.format(readings=readings_shown)))
        return notes


def encoding_of(stream: IO[bytes]) -> Encoding:
    """Tell a file's encoding: by its mark, else UTF-8 if all of it is, else by the words it makes."""
    start = stream.read(4096)
    stream.seek(0)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return Encoding(name) if name != "utf-8-sig" or _is_utf8(stream) else _by_letters(stream, name)
    if start.isascii() and _JAPANESE_MAIL.search(start):
        return Encoding("iso2022_jp", is_certain=False)
    if (wide := unmarked_utf16(start)) is not None:
        return Encoding(wide)
    if _is_utf8(stream):
        return Encoding("utf-8", mended=(mended := _mended(stream)), n_damaged_lines=int(mended is not None))
    return _by_letters(stream, "utf-8")


def unmarked_utf16(start: bytes) -> str | None:
    """Recognise UTF-16 and UTF-32 without a mark: separators, digits and Latin letters have zeros beside them."""
    n_signs = len(start) // 4
    if not n_signs or not any(start):
        return None
    shares = [start[at::4].count(0) / n_signs for at in range(4)]
    for name, letters, zeros in _ZEROS:
        are_zeros = min(shares[at] for at in zeros) > (_NO_ZEROS if len(letters) == 1 else _SOME_ZEROS)
        if are_zeros and max(shares[at] for at in letters) < _HARDLY_ZEROS:
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
            if not chunk.isascii() or decoder.getstate()[0]:
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        stream.seek(0)
        return False
    return True


def _mended(stream: IO[bytes]) -> str | None:
    evidence: list[bytes] = []
    for chunk in _chunks(stream):
        if chunk.isascii():
            continue
        # The first and the last line may be cut where the chunk is.
        evidence += [line for line in chunk.split(b"\n") if not line.isascii()][:_EVIDENCE_LINES]
        if len(evidence) >= _EVIDENCE_LINES:
            break
    stream.seek(0)
    return mended_codec(evidence)


def _by_letters(stream: IO[bytes], utf8: str) -> Encoding:
    """Guess from the lines that hold other than ASCII letters; the rest of the file says nothing."""
    evidence: list[bytes] = []
    damaged: list[int] = []
    n_lines = n_damaged = n_bytes = 0
    for place, line in enumerate(stream, start=1):
        if line.isascii() or (place == 1 and not _breaks_utf8(line)):
            continue
        n_lines += 1
        if _breaks_utf8(line):
            n_damaged += 1
            if len(damaged) < _MOST_EXAMPLES:
                damaged.append(place)
            if n_bytes < _EVIDENCE_BYTES and len(evidence) < _EVIDENCE_LINES:
                evidence.append(line)
                n_bytes += len(line)
    stream.seek(0)
    return _judged(readings(evidence), utf8, n_lines, n_damaged, tuple(damaged))


def _judged(found: list[Reading], utf8: str, n_lines: int, n_damaged: int, damaged: tuple[int, ...]) -> Encoding:
    best = found[0] if found else None
    makes_words = best is not None and best.score >= _WORDS_SCORE
    # Letters of another encoding hardly ever come out as UTF-8 by chance: some that do show that most of it is.
    is_utf8 = utf8 == "utf-8-sig" or n_lines - n_damaged >= _UTF8_SHARE * n_lines
    if is_utf8 and makes_words and best is not None:
        fallback = best.encoding if best.encoding in SINGLE_BYTE else "cp1252"
        codecs.register_error(f"{_HANDLER}{fallback}", _reading_in(fallback))
        return Encoding(utf8, False, n_damaged, fallback, damaged)
    if is_utf8 or best is None or (not makes_words and n_damaged <= max(1, _DAMAGED_SHARE * n_lines)):
        return Encoding(utf8, False, n_damaged, None, damaged)
    rivals = _rivals(found)
    return Encoding(
        best.encoding, False, rivals=tuple(each.encoding for each in rivals), examples=_examples(best, rivals)
    )


def _rivals(found: list[Reading]) -> list[Reading]:
    """Name the readings that are as good as the best and differ from it and from each other."""
    rivals: list[Reading] = []
    for each in found[1:]:
        texts = {found[0].text, *(rival.text for rival in rivals)}
        if found[0].score - each.score <= _NEAR and each.text not in texts and len(rivals) < _MOST_RIVALS:
            rivals.append(each)
    return rivals


def _examples(best: Reading, rivals: list[Reading]) -> tuple[tuple[str, ...], ...]:
    if not rivals:
        return ()
    lines = zip(*(each.text.split("\n") for each in (best, *rivals)), strict=False)
    differing = [tuple(line.strip("\r") for line in each) for each in lines if len(set(each)) > 1]
    return tuple(differing[:_MOST_EXAMPLES])


def _reading_in(encoding: str) -> Callable[[UnicodeError], tuple[str, int]]:
    def read(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeDecodeError):
            raise error
        return error.object[error.start : error.end].decode(encoding, "replace"), error.end

    return read


def _breaks_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False
