"""Files that are either there or not: written aside, made durable, then moved into place in one step."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy.exc import OperationalError

from journey.errors import JourneyError
from journey.language import size

ORPHAN_SECONDS = 3600
#: The file itself, what is unpacked from it, the dataset version, and room to breathe.
SPACE_TIMES_FILE = 6
SPACE_LEAST_BYTES = 50_000_000


def settle(staged: Path, final: Path) -> None:
    """Move a finished directory to its place so that it survives a power cut, whole."""
    for path in sorted(staged.iterdir()):
        _sync(path)
    _sync(staged)
    final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sync(final.parent.parent)
    staged.rename(final)
    _sync(final.parent)
    _sync(staged.parent)


def settle_file(staged: Path, final: Path) -> None:
    """Move a finished file to its place so that it survives a power cut, whole."""
    _sync(staged)
    staged.rename(final)
    _sync(final.parent)


def keep_private(path: Path) -> None:
    """See to it that only its owner reads a file or folder that is there; one of somebody else stays as it is."""
    found = path.stat()
    mode = stat.S_IMODE(found.st_mode)
    if found.st_uid == os.geteuid() and mode & 0o077:
        path.chmod(mode & 0o700)


def remove(directory: Path, bin_directory: Path) -> None:
    """Take a directory away in one step, then its files; what is left of it is emptied at the next start."""
    gone = bin_directory / f"{directory.name}-{time.time_ns()}"
    with suppress(FileNotFoundError):
        directory.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)


def orphans(directory: Path) -> Iterator[Path]:
    """Find what lies in a directory and was not written to for an hour: nobody works on it any more."""
    for path in sorted(directory.iterdir()):
        if time.time() - _last_written(path) > ORPHAN_SECONDS:
            yield path


def require_room(name: str, directory: Path, n_bytes: int) -> None:
    """Refuse before the work begins when the disk could not hold what a file of this size becomes."""
    if shutil.disk_usage(directory).free < _needed_bytes(n_bytes):
        raise _disk_full(name, directory, n_bytes)


@contextmanager
def disk_full_told(name: str, directory: Path, n_bytes: int) -> Iterator[None]:
    """Say in the user's words that the disk became full on the way."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise _disk_full(name, directory, n_bytes) from error
    except OperationalError as error:
        # SQLite calls a full disk by either of two names, one of which may mean a broken one.
        if not any(words in str(error.orig) for words in ("disk is full", "disk I/O error")) or _has_room(directory):
            raise
        raise _disk_full(name, directory, n_bytes) from error


def _has_room(directory: Path) -> bool:
    return shutil.disk_usage(directory).free > SPACE_LEAST_BYTES


def _needed_bytes(n_bytes: int) -> int:
    return SPACE_TIMES_FILE * n_bytes + SPACE_LEAST_BYTES


def _disk_full(name: str, directory: Path, n_bytes: int) -> JourneyError:
    return JourneyError.disk_full(name, size(_needed_bytes(n_bytes)), size(shutil.disk_usage(directory).free))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _last_written(path: Path) -> float:
    newest = 0.0
    for each in (path, *path.rglob("*")):
        # Others may be at work here; what is gone was just removed.
        with suppress(FileNotFoundError):
            newest = max(newest, each.stat(follow_symlinks=False).st_mtime)
    return newest
