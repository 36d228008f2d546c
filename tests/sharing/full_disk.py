"""Change links on a disk that becomes full on the way, at one point after the other.

`unshare -Urm python -m tests.sharing.full_disk FOLDER FREE_KB…` lays a small disk into the folder, fills it but for so
many kB, makes, refreshes and withdraws, makes room, and does it again. It prints a line of JSON for each.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from journey.errors import JourneyError
from journey.sharing import Links, Snapshot
from tests.sharing.stand_ins import NOON, Clock, files_in, made, snapshot
from tests.workspace.full_disk import _fill

_DISK_MEGABYTES = 12
_DOCUMENT_BYTES = 300_000


def _large(seed: int) -> Snapshot:
    return Snapshot(random.Random(seed).randbytes(_DOCUMENT_BYTES), "default-src 'none'")  # noqa: S311 - nothing secret


def _code(change: Callable[[], object]) -> str:
    try:
        change()
    except JourneyError as error:
        return error.code
    return ""


def _tried(disk: Path, free: int) -> dict[str, object]:
    links, filler = Links(disk / "shared", Clock()), disk / "filler"
    link, token = made(links, "old")
    going, going_token = made(links, "going")
    old, new, large = snapshot("old"), _large(1), _large(2)
    _fill(disk, filler, free)
    told = {
        "refresh": _code(lambda: links.refresh(link.id, new, "v2", by="Ana")),
        "make": _code(lambda: links.make(large, title="L", dataset_id="d", dataset_name="D", version="v", choices={},
                                         made_by="Ana")),
    }  # fmt: skip
    links.opened(link.id, NOON)
    shown = links.document(links.link(link.id))
    told["shown"] = "old" if shown == old else "new" if shown == new else "wrong"
    told["revoke"] = _code(lambda: links.revoke(going.id, by="Ana"))
    gone = links.found(going_token, NOON)
    told["revoked"] = "yes" if gone is None or links.document(gone) is None else "no"
    n_links, n_files = len(links.all()), len(files_in(links.folder))
    filler.unlink()
    links.revoke(going.id, by="Ana")
    links.refresh(link.id, new, "v3", by="Ana")
    found = links.found(token, NOON)
    told["afterwards"] = "new" if found is not None and links.document(found) == new else "wrong"
    return told | {"links": n_links, "files": n_files}


def main(folder: Path, free_kilobytes: list[int]) -> None:
    """Try each amount of room, each on a disk of its own."""
    for free in free_kilobytes:
        disk = folder / str(free)
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_DISK_MEGABYTES}m", "none", str(disk)], check=True)
        sys.stdout.write(json.dumps({"free": free} | _tried(disk, free)) + "\n")
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(each) for each in sys.argv[2:]])
