"""An upload reaches the disk whole or not at all, under a name that comes from us."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from journey.errors import JourneyError
from journey.workspace import Workspace
from tests.workspace.stand_in import upload


class Usage(NamedTuple):
    total: int
    used: int
    free: int


class Flowing(io.RawIOBase):
    """A stream that can't be rewound, as it comes from the network."""

    def __init__(self, *chunks: bytes | OSError) -> None:
        self.chunks = list(chunks)

    def read(self, _size: int = -1) -> bytes:
        chunk = self.chunks.pop(0) if self.chunks else b""
        if isinstance(chunk, OSError):
            raise chunk
        return chunk


def files_in(workspace: Workspace, folder: str = "incoming") -> list[Path]:
    return [path for path in (workspace.home / folder).rglob("*") if path.is_file()]


def test_the_bytes_arrive_with_their_hash(workspace: Workspace) -> None:
    content = os.urandom(9_000_000)
    spooled = upload(workspace, content)
    assert spooled.path.read_bytes() == content
    assert spooled.sha256 == hashlib.sha256(content).hexdigest()
    assert spooled.n_bytes == 9_000_000


def test_a_stream_that_was_read_before_is_taken_from_its_beginning(workspace: Workspace) -> None:
    stream = io.BytesIO(b"abc")
    stream.read()
    assert workspace.spool("log.csv", stream).path.read_bytes() == b"abc"


def test_a_stream_that_only_flows_is_taken_too(workspace: Workspace) -> None:
    flowing: Any = Flowing(b"ab", b"c")
    assert workspace.spool("log.csv", flowing).path.read_bytes() == b"abc"


def test_only_the_owner_can_read_what_was_uploaded(workspace: Workspace) -> None:
    spooled = upload(workspace)
    assert spooled.path.stat().st_mode & 0o777 == 0o600
    assert spooled.path.parent.stat().st_mode & 0o777 == 0o700
    assert workspace.home.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("hostile", "label"),
    [
        ("../../etc/passwd", "passwd"),
        ("/etc/cron.d/x", "x"),
        ("C:\\Users\\ana\\log.csv", "log.csv"),
        ("a\x00b\n.csv", "ab.csv"),
        ("\u202elog.csv", "log.csv"),
        ("*.csv", "*.csv"),
        ("s3://bucket/key", "key"),
        ("-rf", "-rf"),
        ("{0.__class__}", "{0.__class__}"),
        ("'; DROP TABLE datasets; --", "'; DROP TABLE datasets; --"),
        ("<img src=x>", "<img src=x>"),
        ("..", ".."),
        ("", "file"),
        ("///", "file"),
        ("é" * 300, "é" * 120),
    ],
)
def test_a_hostile_name_is_a_label_and_never_a_path(workspace: Workspace, hostile: str, label: str) -> None:
    spooled = upload(workspace, name=hostile)
    assert spooled.name == label
    assert files_in(workspace) == [spooled.path]
    assert spooled.path.relative_to(workspace.home).parts == ("incoming", spooled.id, "upload")
    assert spooled.id.isalnum()


def test_two_uploads_of_one_name_lie_apart(workspace: Workspace) -> None:
    assert upload(workspace).path != upload(workspace).path


def test_too_little_room_is_told_before_anything_is_written(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10**9, 10**9, 4_200_000))
    with pytest.raises(JourneyError, match=r"not enough room.* “log.csv”: 56.0 MB are needed, 4.2 MB are free"):
        upload(workspace, bytes(1_000_000))
    assert not list((workspace.home / "incoming").iterdir())


def test_a_disk_that_fills_up_on_the_way_leaves_nothing(workspace: Workspace) -> None:
    flowing: Any = Flowing(b"ab", OSError(errno.ENOSPC, "No space left on device"))
    with pytest.raises(JourneyError, match="not enough room"):
        workspace.spool("log.csv", flowing)
    assert not list((workspace.home / "incoming").iterdir())


def test_an_upload_that_breaks_off_leaves_nothing(workspace: Workspace) -> None:
    flowing: Any = Flowing(b"ab", ConnectionResetError())
    with pytest.raises(ConnectionResetError):
        workspace.spool("log.csv", flowing)
    assert not list((workspace.home / "incoming").iterdir())


def test_discarding_takes_everything_away(workspace: Workspace) -> None:
    uploads = [upload(workspace), upload(workspace)]
    workspace.inspect(uploads)
    workspace.discard(uploads)
    workspace.discard(uploads)
    assert not files_in(workspace)
    assert not files_in(workspace, "bin")
