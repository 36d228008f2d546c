"""Frozen dashboards as files: each in a folder of its own that never changes, there whole or not at all."""

from __future__ import annotations

import errno
import gzip
import os
import re
import secrets
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from journey.disk import keep_private, orphans, remove, settle, settle_file
from journey.sharing.errors import LinkError

_DOCUMENT, _COMPRESSED, _POLICY = "document.html", "document.html.gz", "policy.txt"
_NAME = re.compile(r"[0-9a-f]{32}", re.ASCII)
_LIBRARY = re.compile(r"plotly-[0-9a-f]{16}\.js", re.ASCII)


@dataclass(frozen=True)
class Snapshot:
    """A dashboard as it was once, and the content security policy it is served under."""

    document: bytes
    policy: str


class Snapshots:
    """The snapshots in one folder, with the chart libraries their documents ask for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept, self._staging, self._libraries, self._bin = (
            folder / name for name in ("snapshots", "staging", "library", "bin")
        )

    def prepare(self) -> None:
        """Make the folders, readable by their owner only, unless they may only be read."""
        try:
            for directory in (self._folder, self._kept, self._staging, self._libraries, self._bin):
                directory.mkdir(mode=0o700, parents=True, exist_ok=True)
                keep_private(directory)
        except OSError as error:
            if error.errno not in (errno.EROFS, errno.EACCES):
                raise

    def keep(self, snapshot: Snapshot) -> str:
        """Write a snapshot down and tell its name."""
        name = secrets.token_hex(16)
        staged = self._staging / name
        staged.mkdir(mode=0o700)
        try:
            _write(staged / _DOCUMENT, snapshot.document)
            _write(staged / _COMPRESSED, gzip.compress(snapshot.document, mtime=0))
            _write(staged / _POLICY, snapshot.policy.encode())
            settle(staged, self._kept / name)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
        return name

    def read(self, name: str, *, is_compressed: bool) -> Snapshot | None:
        """Read a snapshot, or None when it is not here any more."""
        place = self._place(name)
        try:
            document = (place / (_COMPRESSED if is_compressed else _DOCUMENT)).read_bytes()
            return Snapshot(document, (place / _POLICY).read_text("utf-8"))
        except FileNotFoundError:
            return None

    def remove(self, name: str) -> None:
        """Take a snapshot away."""
        remove(self._place(name), self._bin)

    def sweep(self, wanted: Collection[str]) -> None:
        """Take away what was left by those who were killed, and is not wanted."""
        for path in (*orphans(self._staging), *orphans(self._kept)):
            if path.name not in wanted:
                remove(path, self._bin)
        for path in self._bin.iterdir():
            shutil.rmtree(path, ignore_errors=True)

    def keep_library(self, name: str, content: bytes) -> None:
        """Write a chart library down, unless it is here; its name tells its content."""
        _require_library_name(name)
        # The uncompressed one comes last: where it is, the other is, too.
        if (self._libraries / name).exists():
            return
        staged = self._staging / secrets.token_hex(16)
        staged.mkdir(mode=0o700)
        try:
            for final, written in ((f"{name}.gz", gzip.compress(content, mtime=0)), (name, content)):
                _write(staged / final, written)
                settle_file(staged / final, self._libraries / final)
        finally:
            shutil.rmtree(staged, ignore_errors=True)

    def library(self, name: str, *, is_compressed: bool) -> bytes | None:
        """Read a chart library, or None when there is none of this name."""
        if _LIBRARY.fullmatch(name) is None:
            return None
        try:
            return (self._libraries / (f"{name}.gz" if is_compressed else name)).read_bytes()
        except FileNotFoundError:
            return None

    def _place(self, name: str) -> Path:
        if _NAME.fullmatch(name) is None:
            raise ValueError("no name of a snapshot")
        return self._kept / name


def _require_library_name(name: str) -> None:
    if _LIBRARY.fullmatch(name) is None:
        raise LinkError.no_library(name)


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
