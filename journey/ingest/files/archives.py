"""What is packed with gzip or zip is unpacked into the scratch folder: counted as it comes out, under our own names."""

from __future__ import annotations

import errno
import gzip
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from journey.errors import FileUnreadableError
from journey.language import _, number

MOST_UNPACKED_BYTES = 8 << 30
MOST_ENTRIES = 2_000
_MOST_RATIO = 100
_RATIO_COUNTS_FROM_BYTES = 32 << 20
_CHUNK_BYTES = 1 << 20
_ENCRYPTED_FLAG = 1
_DAMAGE = (
    zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, struct.error, NotImplementedError, UnicodeDecodeError,
    OverflowError,
)  # fmt: skip
#: What systems put into archives beside the files a person chose.
_JUNK = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass
class Budget:
    """How much may still come out of a packed file."""

    name: str
    packed_bytes: int
    n_bytes: int = 0

    def take(self, n_bytes: int) -> None:
        """Count bytes that came out.

        Raises
        ------
        FileUnreadableError
            When more came out than any table of the packed file's size holds.
        """
        self.n_bytes += n_bytes
        is_bomb = self.n_bytes > _RATIO_COUNTS_FROM_BYTES and self.n_bytes > _MOST_RATIO * self.packed_bytes
        if is_bomb or self.n_bytes > MOST_UNPACKED_BYTES:
            raise FileUnreadableError.unpacks_to_too_much(self.name)


@dataclass(frozen=True)
class Entry:
    """A file that was in an archive: its name there, and where it lies now."""

    name: str
    path: Path


def ungzipped(path: Path, name: str, scratch: Path) -> Entry:
    """Unpack a gzip file."""
    target = scratch / "unpacked"
    with damage_told(name), gzip.open(path, "rb") as packed:
        _copy(packed, target, Budget(name, path.stat().st_size))
    return Entry(name[: -len(".gz")] if name.lower().endswith(".gz") else name, target)


def unzipped(path: Path, name: str, scratch: Path) -> Iterator[Entry]:
    """Unpack the files of a zip archive one after another, in the order of their names.

    An entry's name is only ever shown: it never becomes a path.
    """
    budget = Budget(name, path.stat().st_size)
    with damage_told(name), zipfile.ZipFile(path) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_junk(entry.filename)]
        require_honest_entries(name, archive.infolist(), budget.packed_bytes)
        for position, entry in enumerate(sorted(entries, key=lambda each: each.filename)):
            if entry.flag_bits & _ENCRYPTED_FLAG:
                raise FileUnreadableError.encrypted(name)
            target = scratch / f"entry_{position}"
            with archive.open(entry) as packed:
                _copy(packed, target, budget)
            yield Entry(entry.filename, target)


def require_honest_entries(name: str, entries: Sequence[zipfile.ZipInfo], packed_bytes: int) -> None:
    """Refuse an archive of more files than anybody exports, and one that says itself that it unpacks to far too much.

    What it says is no proof of the contrary: what comes out is counted all the same.
    """
    if len(entries) > MOST_ENTRIES:
        raise FileUnreadableError.over_limit(name, _("it holds {n} files").format(n=number(len(entries))))
    Budget(name, packed_bytes).take(sum(entry.file_size for entry in entries))


def _is_junk(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return not parts or parts[0] in _JUNK or parts[-1] in _JUNK or parts[-1].startswith("._")


def _copy(packed: _Readable, target: Path, budget: Budget) -> None:
    with target.open("wb") as plain:
        while chunk := packed.read(_CHUNK_BYTES):
            budget.take(len(chunk))
            plain.write(chunk)


@contextmanager
def damage_told(name: str) -> Iterator[None]:
    """Say in words what is wrong with a packed file."""
    try:
        yield
    except EOFError as error:
        raise FileUnreadableError.truncated(name) from error
    except _DAMAGE as error:
        raise FileUnreadableError.damaged(name, _("the packed file is damaged, or packed in an unusual way")) from error
    except OSError as error:
        # Where a part should begin is written in the file; any other failure is the machine's.
        if error.errno != errno.EINVAL:
            raise
        raise FileUnreadableError.damaged(name, _("the packed file is damaged, or packed in an unusual way")) from error
