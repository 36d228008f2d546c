"""What is attacked: the publishing process and the app, each as a process of its own, on one workspace."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

from tests.attacks.wire import LOCALHOST, Answer, answer_to, written

ROOT = Path(__file__).resolve().parents[2]
PUBLISHER, APP = "publisher", "app"
START_SECONDS = 60.0


@dataclass(frozen=True)
class Target:
    """A listening process: which one, where, and where it writes its log."""

    name: str
    port: int
    pid: int
    log: Path

    def answer(self, request: bytes, *, address: str | None = None) -> Answer:
        """Send a request from an address nobody has used, and read the answer."""
        return answer_to(self.port, request, address=address)

    def opened(self, path: str, *headers: tuple[str, str], address: str | None = None) -> Answer:
        """Open a path as a browser would."""
        return self.answer(written(path, *headers, host=f"{LOCALHOST}:{self.port}"), address=address)

    @property
    def resident_bytes(self) -> int:
        """How much memory the process holds."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOCALHOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_publisher(home: Path, **variables: str) -> Iterator[Target]:
    """The process that publishes links, as `make run SHARE=…` starts it."""
    port = free_port()
    command = [sys.executable, "-m", "journey", "publish", f"{LOCALHOST}:{port}"]
    with running(PUBLISHER, command, home, port, variables) as target:
        yield target


@contextmanager
def running_app(home: Path, **variables: str) -> Iterator[Target]:
    """The app itself, which answers for links on this machine."""
    port = free_port()
    where = {"HOST": LOCALHOST, "PORT": str(port)}
    with running(APP, [sys.executable, str(ROOT / "app.py")], home, port, where | variables) as target:
        yield target


@contextmanager
def running(name: str, command: list[str], home: Path, port: int, variables: dict[str, str]) -> Iterator[Target]:
    """Start a process on a workspace, wait until it answers, and stop it at the end."""
    log = home.with_name(f"{home.name}-{name}-{port}.log")
    environment = os.environ | {"JOURNEY_HOME": str(home), "PYTHONPATH": str(ROOT)} | variables
    with log.open("wb") as stream:
        process = subprocess.Popen(command, cwd=home, env=environment, stdout=stream, stderr=subprocess.STDOUT)
    try:
        wait_until_it_answers(process, port, log)
        yield Target(name, port, process.pid, log)
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_it_answers(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Ask for the health until it is told."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(f"ended with code {process.returncode}:\n{log.read_text()[-4000:]}")
        try:
            if answer_to(port, written("/healthz", host=f"{LOCALHOST}:{port}")).status == 200:
                return
        except (OSError, HTTPException):
            pass
        time.sleep(0.1)
    raise AssertionError(f"did not answer in {START_SECONDS} s:\n{log.read_text()[-4000:]}")
