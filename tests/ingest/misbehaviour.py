"""What a child process that reads a file might do; called by name from the tests of the sandbox."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from journey.errors import MappingError
from journey.ingest.guard.sandbox import Progress


def read_well(progress: Progress, *, n_rows: int) -> dict[str, Any]:
    progress(0.5, "half of it")
    sys.stdout.write("a library says something\n")
    sys.stdout.flush()
    progress(1.0, "all of it")
    return {"rows": n_rows, "environment": sorted(os.environ), "modules": sorted(sys.modules), "session": os.getsid(0)}


def find_no_customer(progress: Progress) -> dict[str, Any]:
    raise MappingError.no_column_for("customer_id", ["a", "b"])


def eat_memory(progress: Progress) -> dict[str, Any]:
    eaten = [bytearray(os.urandom(1)) * 10_000_000 for _bite in range(1_000)]
    return {"eaten": len(eaten)}


def run_out_of_memory(progress: Progress) -> dict[str, Any]:
    raise MemoryError


def abort(progress: Progress) -> dict[str, Any]:
    sys.stderr.write("a library quotes ana@example.org\n")
    sys.stderr.flush()
    os.abort()


def stumble(progress: Progress) -> dict[str, Any]:
    try:
        int("bo@example.org")
    except ValueError as error:
        raise ZeroDivisionError("line 7 of ana@example.org\nFile of ana@example.org") from error


def answer_nonsense(progress: Progress) -> dict[str, Any]:
    os.write(1, b"not a step\n" * 3)
    Path("result.json").write_text("[1, 2")
    os._exit(0)


def spin(progress: Progress) -> dict[str, Any]:
    while True:
        pass


def sleep_with_children(progress: Progress, *, note: str) -> dict[str, Any]:
    sleeper = subprocess.Popen(["sleep", "600"])
    Path(note).write_text(str(sleeper.pid))
    progress(0.1, "asleep")
    time.sleep(600)
    return {}


def write_without_end(progress: Progress) -> dict[str, Any]:
    with Path("endless").open("wb") as file:
        while True:
            file.write(bytes(1_000_000))


def find_disk_full(progress: Progress) -> dict[str, Any]:
    raise OSError(28, os.strerror(28))


def open_files(progress: Progress) -> dict[str, Any]:
    held = [socket.socket() for _each in range(10_000)]
    return {"held": len(held)}


def call_home(progress: Progress, *, port: int) -> dict[str, Any]:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError as error:
        return {"refused": str(error)}
    return {"refused": None}
