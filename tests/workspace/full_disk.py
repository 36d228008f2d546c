"""Import onto a disk that becomes full on the way, at one point after the other.

`unshare -Urm python -m tests.workspace.full_disk FOLDER FREE_KB…` lays a small disk into the folder, fills it but for
so many kB, imports, makes room, and imports again. It prints a line of JSON for each.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from journey.errors import JourneyError
from journey.workspace import Workspace, home, spool
from tests.workspace.random_kills import NEW, OLD, imported

_DISK_MEGABYTES = 48


def main(folder: Path, free_kilobytes: list[int]) -> None:
    """Try each amount of room, each on a disk of its own."""
    # What is tested is the moment at which the disk is full, not the look ahead that keeps it from happening.
    home.require_room = spool.require_room = lambda *_given: None
    for free in free_kilobytes:
        disk = folder / str(free)
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_DISK_MEGABYTES}m", "none", str(disk)], check=True)
        sys.stdout.write(json.dumps({"free": free} | _tried(disk, free)) + "\n")
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def _tried(disk: Path, free: int) -> dict[str, object]:
    workspace, filler = Workspace(disk / "home"), disk / "filler"
    imported(workspace, OLD, "Old")
    _fill(disk, filler, free)
    told = ""
    try:
        imported(workspace, NEW, "New")
    except JourneyError as error:
        told = error.code
    names = [info.name for info in workspace.datasets()]
    filler.unlink()
    imported(workspace, NEW, "New")
    opened = {}
    for info in workspace.datasets():
        dataset = workspace.open(info.id)
        opened[info.name] = dataset.summary.interactions
        dataset.engine.close()
    return {"told": told, "names": names, "afterwards": opened}


def _fill(disk: Path, filler: Path, free: int) -> None:
    usage = shutil.disk_usage(disk)
    with filler.open("wb") as file:
        file.write(bytes(max(usage.free - free * 1000, 0)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(each) for each in sys.argv[2:]])
