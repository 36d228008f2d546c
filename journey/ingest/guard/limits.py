"""What reading a file may use: as much as an honest file of its size needs, and no more."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

MEMORY_LEAST_BYTES = 1_000_000_000
MEMORY_TIMES_FILE = 2.5
MEMORY_SHARE_OF_MACHINE = 0.6
CPU_LEAST_SECONDS = 120
CPU_SECONDS_PER_MEGABYTE = 1.0
WRITTEN_LEAST_BYTES = 2_000_000_000
WRITTEN_TIMES_FILE = 10
OPEN_FILES = 512
#: The rest is for what is worked with beside the database.
ENGINE_SHARE = 0.35
_submitted: list[Limits] = []
#: Where Linux tells how much memory a container may use, of the two kinds there are.
_CONTAINER_MEMORY = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


@dataclass(frozen=True)
class Limits:
    """Bounds of a child process: resident memory, processor time, time on the clock, size of a file it writes."""

    memory_bytes: int
    cpu_seconds: int
    wall_seconds: int
    written_bytes: int

    @classmethod
    def for_files(cls, n_bytes: int) -> Limits:
        """Tell the limits for reading files of this size together."""
        memory_bytes = max(MEMORY_LEAST_BYTES, int(MEMORY_TIMES_FILE * n_bytes))
        cpu_seconds = int(CPU_LEAST_SECONDS + CPU_SECONDS_PER_MEGABYTE * n_bytes / 1e6)
        return cls(
            memory_bytes=min(memory_bytes, int(MEMORY_SHARE_OF_MACHINE * _machine_memory_bytes())),
            cpu_seconds=cpu_seconds,
            # Twice the processor time, so that a machine that is busy with others does not refuse a good file.
            wall_seconds=2 * cpu_seconds,
            written_bytes=max(WRITTEN_LEAST_BYTES, WRITTEN_TIMES_FILE * n_bytes),
        )


def engine_memory() -> str | None:
    """Tell how much of this process's memory the database may take before it goes to disk; None when unlimited."""
    return f"{int(ENGINE_SHARE * _submitted[-1].memory_bytes)}B" if _submitted else None


def submit_to(limits: Limits) -> None:
    """Put this process under limits that it cannot lift again; resident memory is watched from outside.

    A limit on the address space would not do: the engine and Arrow reserve far more of it than they use.
    """
    _submitted.append(limits)
    # At the lower bound of processor time comes a signal that says so, at the upper one that does not.
    _bound(resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 5)
    _bound(resource.RLIMIT_FSIZE, limits.written_bytes, limits.written_bytes)
    _bound(resource.RLIMIT_NOFILE, OPEN_FILES, OPEN_FILES)
    _bound(resource.RLIMIT_CORE, 0, 0)
    # Python ignores this signal; the process should end instead of taking a full file for a broken one.
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    os.nice(5)
    _leave_network()
    # Should the machine run out of memory all the same, this process is to end, not the server.
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def _leave_network() -> None:
    """Go where there is no network, on systems that let an ordinary process do so."""
    if sys.platform == "linux":
        new_user, new_network = 0x10000000, 0x40000000
        library = ctypes.CDLL(None)
        # Who may not do the first without the second may do both.
        if library.unshare(new_network) != 0:
            library.unshare(new_user | new_network)


def _bound(kind: int, soft: int, hard: int) -> None:
    _soft_before, hard_before = resource.getrlimit(kind)
    if hard_before != resource.RLIM_INFINITY:
        soft, hard = min(soft, hard_before), min(hard, hard_before)
    resource.setrlimit(kind, (soft, hard))


def resident_bytes(pid: int) -> int:
    """Tell how much memory a process holds; 0 where the system does not say or the process is gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return 0
    return pages * resource.getpagesize()


def _machine_memory_bytes() -> int:
    return min([os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"), *map(_bytes_in, _CONTAINER_MEMORY)])


def _bytes_in(file: Path) -> int:
    """Read a bound that a container sets; one that is not set bounds nothing."""
    with suppress(OSError, ValueError):
        return int(file.read_text())
    return sys.maxsize
