"""An upload on its way from the network to the disk: a file of a random name, its own name kept as a label only."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from journey.disk import disk_full_told, require_room
from journey.ingest.guard.tasks import Source
from journey.language import _, listed
from journey.workspace.catalogue import random_id

_CHUNK_BYTES = 4 << 20
_LONGEST_NAME = 120


@dataclass(frozen=True)
class Upload:
    """A file as it came, waiting on disk; `name` is how the person knows it, never where it lies."""

    id: str
    name: str
    path: Path
    sha256: str
    n_bytes: int


def spooled(incoming: Path, name: str, stream: IO[bytes]) -> Upload:
    """Write a stream to disk piece by piece; nothing stays behind when that fails."""
    label = labelled(name)
    upload_id = random_id()
    directory = incoming / upload_id
    directory.mkdir(mode=0o700)
    try:
        with disk_full_told(label, incoming, _length(stream)):
            sha256, n_bytes = _written(directory / "upload", label, stream)
    except BaseException:  # whatever ended it, an interrupt too: no half-written upload stays, and it goes on upwards
        shutil.rmtree(directory, ignore_errors=True)
        raise
    return Upload(upload_id, label, directory / "upload", sha256, n_bytes)


def labelled(file_name: str) -> str:
    """Make a file's name fit to be shown: without folders and control characters, and not endless."""
    return shown(file_name.replace("\\", "/").rstrip("/").rpartition("/")[2]) or _("file")


def shown(name: str) -> str:
    """Make a name fit to be shown in one line; empty when nothing of it can be."""
    return "".join(character for character in name if character.isprintable()).strip()[:_LONGEST_NAME]


# --- Uploads that belong together --------------------------------------------------------------------------------


def names_of(uploads: Sequence[Upload]) -> str:
    """Name them in a sentence."""
    return listed([upload.name for upload in uploads])


def bytes_of(uploads: Sequence[Upload]) -> int:
    return sum(upload.n_bytes for upload in uploads)


def sha256_of(uploads: Sequence[Upload]) -> str:
    """Name what they hold, whichever order they came in."""
    return _digest(upload.sha256 for upload in uploads)


def room_of(uploads: Sequence[Upload]) -> Path:
    """Name the place where they are worked on together; it goes when the first of them goes."""
    return uploads[0].path.parent / _digest(upload.id for upload in uploads)[:16]


def sources_of(uploads: Sequence[Upload]) -> list[Source]:
    return [Source(upload.path, upload.name) for upload in uploads]


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()


# --- Writing -----------------------------------------------------------------------------------------------------


def _written(path: Path, label: str, stream: IO[bytes]) -> tuple[str, int]:
    known_bytes = _length(stream)
    digest, n_bytes = hashlib.sha256(), 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        require_room(label, path.parent, known_bytes)
        while chunk := stream.read(_CHUNK_BYTES):
            require_room(label, path.parent, max(known_bytes - n_bytes, len(chunk)))
            file.write(chunk)
            digest.update(chunk)
            n_bytes += len(chunk)
    return digest.hexdigest(), n_bytes


def _length(stream: IO[bytes]) -> int:
    """Tell how long a stream is and go back to its beginning; 0 for one that only flows."""
    if not stream.seekable():
        return 0
    end = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    return end
