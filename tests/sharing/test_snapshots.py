"""Snapshots are there whole or not at all, and what nobody needs any more goes."""

from __future__ import annotations

import gzip
import stat
from pathlib import Path

import pytest

from journey.errors import JourneyError
from journey.sharing import LinkError, Links, snapshots
from journey.sharing.snapshots import Snapshots
from tests.sharing.stand_ins import NOON, files_in, made, snapshot
from tests.workspace.test_workspace import grow_old

LIBRARY = "plotly-0123456789abcdef.js"
NOT_LIBRARIES = [
    "", "plotly.js", "plotly-0123456789abcde.js", "plotly-0123456789ABCDEF.js", "plotly-0123456789abcdef.js\n",
    "../links.sqlite", "plotly-0123456789abcdef.js.gz", "/etc/passwd", "plotly-../../links.sqlite.js", "plotly-%.js",
]  # fmt: skip


def test_a_document_comes_as_it_is_and_compressed_with_its_policy(links: Links) -> None:
    link, _token = made(links)
    plain, compressed = links.document(link), links.document(link, is_compressed=True)
    assert plain == snapshot()
    assert compressed is not None
    assert gzip.decompress(compressed.document) == snapshot().document
    assert compressed.policy == snapshot().policy
    assert len(compressed.document) < len(snapshot().document)


def test_the_same_document_is_compressed_to_the_same_bytes(links: Links) -> None:
    one, other = (links.document(made(links)[0], is_compressed=True) for _n in range(2))
    assert one == other


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_folder_that_others_could_read_is_shut_at_the_next_start(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    for each in (folder, folder / "snapshots"):
        each.mkdir()
        each.chmod(0o755)
    for name in ("links.lock", "links.sqlite"):
        (folder / name).touch()
        (folder / name).chmod(0o644)
    link, _token = made(Links(folder))
    assert {mode(path) for path in (folder, *folder.rglob("*")) if path.is_dir()} == {0o700}
    assert {mode(path) for path in folder.rglob("*") if path.is_file()} == {0o600}
    assert Links(folder).document(link) == snapshot()


@pytest.mark.parametrize(
    "name", ["", "..", "../snapshots", "0" * 31, "0" * 33, "A" * 32, "0" * 32 + "\n", "0" * 16 + "/" * 16]
)
def test_what_is_no_name_of_a_snapshot_is_never_a_path(tmp_path: Path, name: str) -> None:
    kept = Snapshots(tmp_path)
    kept.prepare()
    with pytest.raises(ValueError, match="no name of a snapshot"):
        kept.read(name, is_compressed=False)
    with pytest.raises(ValueError, match="no name of a snapshot"):
        kept.remove(name)


def test_a_snapshot_that_can_not_be_written_leaves_nothing(links: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    write = snapshots._write

    def broken(path: Path, content: bytes) -> None:
        write(path, content[: len(content) // 2])
        if path.name == "policy.txt":
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(snapshots, "_write", broken)
    with pytest.raises(JourneyError, match="not enough room on the disk for “Spring”") as error:
        made(links)
    assert error.value.code == "DISK_LOW"
    assert (links.all(), links.entries(), files_in(links.folder)) == ([], [], [])


def test_the_next_start_takes_away_what_is_old_and_nobody_needs(links: Links) -> None:
    link, token = made(links)
    for name in ("snapshots", "staging"):
        orphan = links.folder / name / ("f" * 32)
        orphan.mkdir()
        (orphan / "document.html").write_text("half")
    (links.folder / "bin" / "gone").mkdir()
    assert len(files_in(links.folder)) == 5
    Links(links.folder)
    assert len(files_in(links.folder)) == 5, "what is young may belong to somebody who is still at it"
    grow_old(links.folder)
    restarted = Links(links.folder)
    assert len(files_in(links.folder)) == 3
    assert not (links.folder / "bin" / "gone").exists()
    found = restarted.found(token, NOON)
    assert found == link
    assert restarted.document(link) == snapshot()


def test_the_next_start_takes_away_what_a_withdrawn_link_showed_however_young(
    links: Links, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, _token = made(links)
    monkeypatch.setattr(links._snapshots, "remove", lambda _name: None)
    links.revoke(link.id, by="Ana")
    assert len(files_in(links.folder)) == 3
    Links(links.folder)
    assert files_in(links.folder) == []


def test_an_expired_link_keeps_its_document_so_that_its_end_can_be_moved(links: Links) -> None:
    link, _token = made(links)
    links.set_expiry(link.id, NOON, by="Ana")
    grow_old(links.folder)
    assert Links(links.folder).document(link) == snapshot()


# --- The chart library -----------------------------------------------------------------------------------------------


def test_a_library_is_kept_once_beside_its_compressed_twin(links: Links) -> None:
    links.keep_library(LIBRARY, b"draw()")
    links.keep_library(LIBRARY, b"something else")
    assert links.library(LIBRARY) == b"draw()"
    assert gzip.decompress(links.library(LIBRARY, is_compressed=True) or b"") == b"draw()"
    assert sorted(path.name for path in (links.folder / "library").iterdir()) == [LIBRARY, f"{LIBRARY}.gz"]
    assert files_in(links.folder) == []
    assert links.library("plotly-fedcba9876543210.js") is None


@pytest.mark.parametrize("name", NOT_LIBRARIES)
def test_only_names_of_chart_libraries_are_read_or_written(links: Links, name: str) -> None:
    links.keep_library(LIBRARY, b"draw()")
    assert links.library(name) is None
    with pytest.raises(LinkError, match="is not a name of the chart library"):
        links.keep_library(name, b"")
