"""Kill somebody who makes, refreshes and withdraws links without a pause, at random moments, and look what is there.

`python -m tests.sharing.random_kills FOLDER N [SEED]` prints a line for each kill after which a link showed anything
but one of its own documents, whole, or nothing; and a sum.
"""

from __future__ import annotations

import gzip
import itertools
import json
import os
import random
import shutil
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path

from journey.sharing import Link, Links
from tests.sharing.stand_ins import files_in, made, snapshot
from tests.workspace.test_workspace import grow_old

_LONGEST_SECONDS = 0.25
_WORDS = 40


def _busy(folder: Path, pipe: int) -> None:
    """Change links for ever, and say on the pipe what is done for sure."""
    links = Links(folder)
    theirs = next(link for link in links.all() if link.title == "Theirs")
    os.write(pipe, b"begin\n")
    for n in itertools.count():
        link, token = made(links, f"{n} a", title=f"Ours {n}")
        os.write(pipe, f"made {n} {token}\n".encode())
        links.refresh(link.id, snapshot(f"{n} b"), "v2", by="Ana")
        os.write(pipe, f"refreshed {n} {token}\n".encode())
        links.refresh(theirs.id, snapshot(f"theirs {n % _WORDS}"), "v2", by="Ana")
        if n % 2:
            links.revoke(link.id, by="Ana")
            os.write(pipe, f"revoked {n} {token}\n".encode())


def _told(folder: Path, seconds: float) -> list[list[str]]:
    """Let a process be busy for so long, kill it, and tell what it had said."""
    heard, pipe = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(heard)
        _busy(folder, pipe)
    os.close(pipe)
    with os.fdopen(heard) as lines:
        lines.readline()
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        told = [line.split() for line in lines]
    os.waitpid(child, 0)
    return told


def _shown(links: Links, link: Link) -> str | None:
    """The word of what a link shows; one that tells when it is not whole."""
    plain, compressed = links.document(link), links.document(link, is_compressed=True)
    if plain is None or compressed is None:
        return None if plain is compressed else "half"
    word = plain.document.decode().partition("<p>")[2].partition("</p>")[0]
    is_whole = plain == snapshot(word) and gzip.decompress(compressed.document) == plain.document
    return word if is_whole and compressed.policy == plain.policy else "half"


def wrong_after(folder: Path, told: list[list[str]]) -> list[str]:
    """Say what shows anything but the old state or the new one, and what is left over."""
    links = Links(folder)
    wrong = []
    for link in links.all():
        n = link.title.removeprefix("Ours ")
        own = {f"{n} a", f"{n} b"} if link.title != "Theirs" else {f"theirs {n}" for n in range(_WORDS)} | {"theirs"}
        shown = _shown(links, link)
        if shown not in (own if link.revoked_at is None else {None}):
            wrong.append(f"{link.title} ({link.state(link.made_at)}) shows {shown}")
    said = {n: (what, token) for what, n, token in told}
    for n, (what, token) in said.items():
        found = links.found(token, links.all()[0].made_at + timedelta(hours=1))
        shown = None if found is None else _shown(links, found)
        is_last = int(n) == max(map(int, said))
        allowed = {
            "made": {f"{n} a", f"{n} b"}, "refreshed": {f"{n} b", None} if is_last and int(n) % 2 else {f"{n} b"},
            "revoked": {None},
        }[what]  # fmt: skip
        if shown not in allowed or (found is not None and found.title != f"Ours {n}"):
            wrong.append(f"{what} {n} was acknowledged, and shows {shown}")
    grow_old(folder)
    restarted = Links(folder)
    if len(files_in(folder)) != 3 * sum(link.revoked_at is None for link in restarted.all()):
        wrong.append("something is left over")
    return wrong


def main(folder: Path, n_kills: int, seed: int) -> int:
    """Kill so many times; tell how often something was wrong."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    before = folder / "before"
    made(Links(before), "theirs", title="Theirs")
    n_wrong = n_changes = 0
    for n in range(n_kills):
        place = folder / f"{n:04}"
        shutil.copytree(before, place)
        told = _told(place, chance.uniform(0, _LONGEST_SECONDS))
        n_changes += len(told)
        if wrong := wrong_after(place, told):
            n_wrong += 1
            sys.stdout.write(f"kill {n} {wrong}\n")
        shutil.rmtree(place)
    sys.stdout.write(json.dumps({"kills": n_kills, "wrong": n_wrong, "changes": n_changes}) + "\n")
    return n_wrong


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1) > 0)
