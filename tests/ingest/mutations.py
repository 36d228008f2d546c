"""Damage files in every way that happens to them, and import what is left.

`python -m tests.ingest.mutations N SEED FOLDER` imports so many damaged files, each in a process of its own under the
limits of the product, and prints how many ended how; a file that shows a bug is kept in the folder and told with its
damage. What is damaged are the files in the folder that `JOURNEY_UPLOAD_CORPUS` names, else small ones of every format.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import xlsxwriter

from journey.errors import JourneyError
from journey.ingest import load
from journey.ingest.guard.limits import Limits, resident_bytes, submit_to

CORPUS_VARIABLE = "JOURNEY_UPLOAD_CORPUS"
ENDS = ("kept", "proposed", "refused", "limit", "died", "bug")
_WALL_SECONDS = 60
_LARGEST_SEED_BYTES = 3_000_000
_WATCH_SECONDS = 0.02
_SPICES = (
    b"\0", b"\"", b"'", b",", b";", b"\r", b"\n", b"\xff\xfe", b"\xef\xbb\xbf", b"=", b"9" * 400, b"<", b"{", b"\\",
)  # fmt: skip


@dataclass(frozen=True)
class File:
    """A file: what the person calls it, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True)
class End:
    """How an import ended: one of `ENDS`, and what was said."""

    kind: str
    told: str


# --- Files that are whole -----------------------------------------------------------------------------------------


def small_files() -> list[File]:
    """Write the same few interactions in every format."""
    header = ("customer_id", "timestamp", "touchpoint", "channel", "revenue", "comment")
    rows = [
        (f"c{n}", f"2025-03-{1 + n % 28:02} {n % 24:02}:30:00", touchpoint, channel, f"{n}.50", f'said "{n}", twice')
        for n in range(40)
        for touchpoint, channel in (("homepage", "email"), ("pricing page", "paid search"), ("purchase", ""))
    ]
    lines = "\n".join(",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in (header, *rows))
    records = [dict(zip(header, row, strict=True)) for row in rows]
    table = pa.Table.from_pylist(records)
    csv = lines.encode()
    semicolons = "\r\n".join(";".join(row).replace('"', "").replace(".50", ",50") for row in (header, *rows)).encode()
    return [
        File("log.csv", csv),
        File("log.tsv", "\n".join("\t".join(row) for row in (header, *rows)).encode()),
        File("export.csv", b"Exported by Example Ltd\n\n" + semicolons + b"\nTotal;;;;99,00;"),
        File("windows.csv", lines.encode("utf-16")),
        File("log.json", json.dumps(records).encode()),
        File("log.jsonl", "\n".join(map(json.dumps, records)).encode()),
        File("log.xlsx", _workbook(header, rows)),
        File("log.parquet", _written(lambda sink: pyarrow.parquet.write_table(table, sink))),
        File("log.feather", _written(lambda sink: pyarrow.feather.write_feather(table, sink))),
        File("log.xes", _event_log(rows)),
        File("log.csv.gz", gzip.compress(csv, mtime=0)),
        File("both.zip", _zipped([("a.csv", csv), ("b.jsonl", "\n".join(map(json.dumps, records[:9])).encode())])),
    ]


def _written(write: Callable[[Any], None]) -> bytes:
    sink = io.BytesIO()
    write(sink)
    return sink.getvalue()


def _workbook(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Log")
        for line, row in enumerate((header, *rows)):
            sheet.write_row(line, 0, row)
        book.add_worksheet("Notes").write(0, 0, "Made up")
    return held.getvalue()


def _event_log(rows: list[tuple[str, ...]]) -> bytes:
    events = "".join(
        f'<trace><string key="concept:name" value="{who}"/><event><string key="concept:name" value="{what}"/>'
        f'<date key="time:timestamp" value="{when.replace(" ", "T")}+00:00"/></event></trace>'
        for who, when, what, *_rest in rows
    )
    return f'<?xml version="1.0"?><log xes.version="1.0">{events}</log>'.encode()


def _zipped(entries: list[tuple[str, bytes]]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def seeds() -> list[File]:
    """The whole files there are to damage."""
    folder = os.environ.get(CORPUS_VARIABLE)
    if not folder:
        return small_files()
    paths = sorted(path for path in Path(folder).rglob("*") if path.is_file())
    return [File(path.name, path.read_bytes()) for path in paths if path.stat().st_size <= _LARGEST_SEED_BYTES]


# --- Damage -------------------------------------------------------------------------------------------------------


def damaged(whole: File, others: list[File], chance: random.Random) -> tuple[File, str]:
    """Damage a file in one to three ways; containers now and then inside, so that they can still be opened."""
    if whole.content[:2] in (b"PK", b"\x1f\x8b") and chance.random() < 0.5:
        with suppress(Exception):  # a seed that can't be opened, or not without a password, is damaged from outside
            return _damaged_inside(whole, others, chance)
    content, names = whole.content, []
    for _turn in range(chance.choice((1, 1, 2, 3))):
        damage = chance.choice(_DAMAGES)
        content = damage(content, chance.choice(others).content, chance)
        names.append(damage.__name__.strip("_"))
    return replace(whole, content=content), " + ".join(names)


def _damaged_inside(whole: File, others: list[File], chance: random.Random) -> tuple[File, str]:
    if whole.content[:2] == b"\x1f\x8b":
        inner, told = damaged(File("", gzip.decompress(whole.content)), others, chance)
        return replace(whole, content=gzip.compress(inner.content, mtime=0)), f"inside: {told}"
    with zipfile.ZipFile(io.BytesIO(whole.content)) as archive:
        entries = [(each.filename, archive.read(each)) for each in archive.infolist() if not each.is_dir()]
    hit = chance.randrange(len(entries))
    inner, told = damaged(File(entries[hit][0], entries[hit][1]), others, chance)
    entries[hit] = (inner.name, inner.content)
    return replace(whole, content=_zipped(entries)), f"inside {inner.name}: {told}"


def _flip(content: bytes, _other: bytes, chance: random.Random) -> bytes:
    hit = bytearray(content)
    for _turn in range(chance.choice((1, 3, 30)) if hit else 0):
        hit[chance.randrange(len(hit))] = chance.randrange(256)
    return bytes(hit)


def _truncate(content: bytes, _other: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _behead(content: bytes, _other: bytes, chance: random.Random) -> bytes:
    return content[chance.randrange(min(len(content), 300) + 1) :]


def _splice(content: bytes, other: bytes, chance: random.Random) -> bytes:
    at, start, stop = _place(content, chance), *sorted((_place(other, chance), _place(other, chance)))
    return content[:at] + other[start : min(stop, start + 50_000)] + content[at:]


def _repeat(content: bytes, _other: bytes, chance: random.Random) -> bytes:
    start, stop = sorted((_place(content, chance), _place(content, chance)))
    block = content[start : min(stop, start + 20_000)]
    return content[:start] + block * chance.choice((2, 2, 5)) + content[stop:]


def _cut_out(content: bytes, _other: bytes, chance: random.Random) -> bytes:
    start, stop = sorted((_place(content, chance), _place(content, chance)))
    return content[:start] + content[stop:]


def _swap_header(content: bytes, other: bytes, chance: random.Random) -> bytes:
    if chance.random() < 0.5:
        return other.partition(b"\n")[0] + b"\n" + content.partition(b"\n")[2]
    n_bytes = chance.choice((4, 16, 64, 512))
    return other[:n_bytes] + content[n_bytes:]


def _swap_lines(content: bytes, _other: bytes, chance: random.Random) -> bytes:
    lines = content.split(b"\n")
    a, b = (chance.randrange(len(lines)) for _each in range(2))
    lines[a], lines[b] = lines[b], lines[a]
    return b"\n".join(lines)


def _spice(content: bytes, _other: bytes, chance: random.Random) -> bytes:
    for _turn in range(chance.choice((1, 2, 10))):
        at = _place(content, chance)
        content = content[:at] + chance.choice(_SPICES) * chance.choice((1, 1, 3)) + content[at:]
    return content


def _place(content: bytes, chance: random.Random) -> int:
    return chance.randrange(len(content) + 1)


_DAMAGES = (_flip, _truncate, _behead, _splice, _repeat, _cut_out, _swap_header, _swap_lines, _spice)


# --- Importing ----------------------------------------------------------------------------------------------------


def end_of(file: File, folder: Path) -> End:
    """Import a file in a process of its own, forked so that nothing is imported again, and tell how it ended."""
    path, answer = folder / "upload", folder / "answer.json"
    path.write_bytes(file.content)
    limits = replace(Limits.for_files(len(file.content)), wall_seconds=_WALL_SECONDS)
    child = os.fork()
    if child == 0:
        _import(path, file.name, folder, answer, limits)
    deadline = time.monotonic() + limits.wall_seconds
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            break
        if resident_bytes(child) > limits.memory_bytes or time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return End("limit", "memory or time")
        time.sleep(_WATCH_SECONDS)
    if answer.is_file():
        return End(**json.loads(answer.read_text("utf-8")))
    is_limit = os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGXFSZ)
    return End("limit" if is_limit else "died", f"status {status}")


def _import(path: Path, name: str, folder: Path, answer: Path, limits: Limits) -> None:
    """Inspect, and build where nothing is asked; never returns."""
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    submit_to(limits)
    try:
        end = _end(path, name, folder)
    except JourneyError as error:
        end = End("refused", f"{error.code or type(error).__name__}: {error}")
    except BaseException:  # noqa: BLE001 - whatever it is, it is the bug that is looked for
        end = End("bug", traceback.format_exc())
    answer.write_text(json.dumps({"kind": end.kind, "told": end.told}), "utf-8")
    os._exit(0)


def _end(path: Path, name: str, folder: Path) -> End:
    scratch, target = folder / "scratch", folder / "target"
    scratch.mkdir()
    target.mkdir()
    proposal = load.inspect([path], scratch, None, names=[name])
    if proposal.questions:
        return End("proposed", "")
    load.build(scratch, proposal.recipe, target)
    return End("kept", "")


def ends(whole: list[File], n_files: int, seed: int) -> Iterator[tuple[File, str, End]]:
    """Damage and import so many files: what was imported, how it was damaged, how that ended."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    for n in range(n_files):
        file, damage = damaged(whole[n % len(whole)], whole, chance)
        with tempfile.TemporaryDirectory() as folder:
            yield file, damage, end_of(file, Path(folder))


def main(n_files: int, seed: int, kept_at: Path) -> int:
    """Import so many damaged files, keep those that show a bug, and tell how many there were."""
    shutil.rmtree(kept_at, ignore_errors=True)
    kept_at.mkdir(parents=True)
    counted: Counter[str] = Counter()
    known: set[str] = set()
    for n, (file, damage, end) in enumerate(ends(seeds(), n_files, seed)):
        counted[end.kind] += 1
        if end.kind in ("bug", "died", "limit"):
            (kept_at / f"{n:05}-{file.name}").write_bytes(file.content)
            place = "\n".join(end.told.strip().splitlines()[-4:])
            told = "as before: " + place[-200:] if place in known else end.told.strip()
            known.add(place)
            sys.stdout.write(f"{n:05} {file.name} [{damage}] {end.kind}: {told}\n\n")
            sys.stdout.flush()
    sys.stdout.write(json.dumps({kind: counted[kind] for kind in ENDS}) + "\n")
    return counted["bug"]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])) > 0)
