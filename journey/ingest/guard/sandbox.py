"""A file is read in a process of its own, never in the server.

What people upload may be broken or hostile enough to end the process that reads it. So a light child process with
limits does the reading; it says how far it is in lines of JSON, and leaves its result, or the error in the user's
words, in a file. Whatever happens to it, the parent goes on with a sentence.
"""

from __future__ import annotations

import errno
import faulthandler
import importlib
import json
import logging
import os
import re
import select
import shutil
import signal
import site
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from journey import errors
from journey.errors import FileUnreadableError, JourneyError
from journey.ingest.guard.limits import Limits, resident_bytes, submit_to
from journey.language import _, duration, size

#: How far a long task is: a share in [0, 1], and what is being done.
Progress = Callable[[float, str], None]
Json = dict[str, Any]

_WATCH_SECONDS = 0.05
_QUIET_MILLISECONDS = 500
_LONGEST_LINE = 10_000
_LARGEST_RESULT_BYTES = 64_000_000
_LOG_END_BYTES = 20_000
_TASK_FILE, _RESULT_FILE, _ERROR_FILE, _LOG_FILE = "task.json", "result.json", "error.json", "log.txt"
# What of a child's log may go into the server's: places and types. All else may quote the file.
_PLACE = re.compile(
    r"""\s*File\ "[^"]+",\ line\ \d+,?\ in\ [\w<>.]+ | Fatal\ Python\ error:\ [\w ]+ | Ended\ by\ \w+
    | thread\ '[^']*'\ (\(\d+\)\ )?panicked\ at\ [\w./-]+:\d+:\d+:? """,
    re.VERBOSE,
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Step:
    """How far the child is: `share` in [0, 1], and what it does."""

    share: float
    what: str


class Job:
    """A call that runs in a child process, inside `with`; leaving the block ends the child.

    Parameters
    ----------
    call
        `package.module:function`; it gets `arguments`, plain JSON, and `progress`, and returns a plain JSON object.
    room
        A directory of its own, where the job leaves its files; what was in it is removed.
    name
        The file's name as the person knows it, for error messages.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as room:
    ...     with Job("journey.demo:demo_files", {}, Path(room) / "job", "a.csv", Limits.for_files(0)) as job:
    ...         job.cancel()
    ...         job.result()
    Traceback (most recent call last):
    ...
    journey.errors.JourneyError: Reading “a.csv” was cancelled; nothing was kept.
    """

    def __init__(self, call: str, arguments: Json, room: Path, name: str, limits: Limits) -> None:
        self._task = {"call": call, "arguments": arguments, "limits": asdict(limits)}
        self._room, self._name, self._limits = room, name, limits
        self._stopped: Literal["memory", "time", "cancelled"] | None = None

    def __enter__(self) -> Self:
        shutil.rmtree(self._room, ignore_errors=True)
        self._room.mkdir(mode=0o700, parents=True)
        (self._room / _TASK_FILE).write_text(json.dumps(self._task), "utf-8")
        with (self._room / _LOG_FILE).open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, and no argument comes from data
                [sys.executable, "-P", "-s", "-m", __spec__.name, str(self._room)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                bufsize=0,  # what was read ahead could not be waited for
                cwd=self._room,
                env=_environment(self._room),
                start_new_session=True,
            )
        self._guard = threading.Thread(target=self._watch, name="guard of a reading process", daemon=True)
        self._guard.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._kill()
        self._process.wait()
        self._guard.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def progress(self) -> Iterator[Step]:
        """Tell each step as the child reports it, until it ends; the last one again while it says nothing.

        So whoever listens is asked often enough whether the child should go on.
        """
        step = Step(0.0, "")
        while (line := self._next_line()) != b"":
            with suppress(ValueError, TypeError, KeyError):
                said: Json = {"share": step.share, "what": step.what} if line is None else json.loads(line)
                step = Step(min(max(float(said["share"]), 0.0), 1.0), str(said["what"])[:200])
                yield step

    def _next_line(self) -> bytes | None:
        """Read a line of the child; empty at its end, None when it says nothing for a moment."""
        stdout = self._process.stdout
        if stdout is None:
            return b""
        listening = select.poll()
        listening.register(stdout, select.POLLIN)
        return stdout.readline(_LONGEST_LINE) if listening.poll(_QUIET_MILLISECONDS) else None

    def result(self) -> Json:
        """Wait for the child's answer.

        Raises
        ------
        JourneyError
            The child's own, with its class and wording; `cancelled` when it was.
        FileUnreadableError
            When the child broke a limit or broke down.
        OSError
            When the disk became full.
        """
        for _step in self.progress():
            pass
        code = self._process.wait()
        if self._stopped:
            raise self._stop_error()
        if (error := self._read(_ERROR_FILE)) is not None:
            raise _error_named(error.get("error"))(str(error.get("message")), str(error.get("code", "")))
        if code == 0 and (result := self._read(_RESULT_FILE)) is not None:
            return result
        raise self._breakdown_error(code)

    def cancel(self) -> None:
        """End the child; may be called from any thread."""
        self._stop("cancelled")

    # --- Watching ------------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        deadline = time.monotonic() + self._limits.wall_seconds
        while True:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_WATCH_SECONDS)
                return
            if resident_bytes(self._process.pid) > self._limits.memory_bytes:
                self._stop("memory")
            elif time.monotonic() > deadline:
                self._stop("time")

    def _stop(self, reason: Literal["memory", "time", "cancelled"]) -> None:
        if self._process.poll() is None:
            self._stopped = self._stopped or reason
            self._kill()

    def _kill(self) -> None:
        if self._process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    # --- What became of it ---------------------------------------------------------------------------------------

    def _read(self, file: str) -> Json | None:
        path = self._room / file
        if not path.is_file() or path.stat().st_size > _LARGEST_RESULT_BYTES:
            return None
        with suppress(ValueError):
            held = json.loads(path.read_text("utf-8"))
            return held if isinstance(held, dict) else None
        return None

    def _stop_error(self) -> JourneyError:
        if self._stopped == "memory":
            return self._over_memory()
        if self._stopped == "time":
            return self._over_time(self._limits.wall_seconds)
        return JourneyError.cancelled(self._name)

    def _breakdown_error(self, code: int) -> JourneyError | OSError:
        log = _places_in(self._room / _LOG_FILE)
        _log.error("Reading %r ended with %d:\n%s", self._name, code, log)
        last_line = log.rpartition("\n")[2]
        if code == os.EX_IOERR:
            return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if code == -signal.SIGXCPU:
            return self._over_time(self._limits.cpu_seconds)
        if code == -signal.SIGXFSZ:
            reason = _("it unpacks to more than {size}").format(size=size(self._limits.written_bytes))
            return FileUnreadableError.over_limit(self._name, reason)
        if code == -signal.SIGKILL or "MemoryError" in last_line or "OutOfMemory" in last_line:
            return self._over_memory()
        return FileUnreadableError.damaged(self._name, _("its content made the reader break off"))

    def _over_memory(self) -> JourneyError:
        reason = _("it needs more than {size} of memory").format(size=size(self._limits.memory_bytes))
        return FileUnreadableError.over_limit(self._name, reason)

    def _over_time(self, seconds: float) -> JourneyError:
        reason = _("it takes longer than {duration}").format(duration=duration(seconds))
        return FileUnreadableError.over_limit(self._name, reason)


def _error_named(name: object) -> type[JourneyError]:
    return next((kind for kind in JourneyError.__subclasses__() if kind.__name__ == name), JourneyError)


def _environment(room: Path) -> dict[str, str]:
    """Nothing of the server's environment, which may hold secrets, is handed on but what finding the package takes."""
    environment = {"LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(room), "TMPDIR": str(room)}
    root = str(Path(errors.__file__).parents[1])
    if root not in site.getsitepackages():
        environment["PYTHONPATH"] = root
    return environment


def _places_in(path: Path) -> str:
    with path.open("rb") as log:
        log.seek(max(0, path.stat().st_size - _LOG_END_BYTES))
        lines = log.read().decode("utf-8", "replace").splitlines()
    return "\n".join(line for line in lines if _PLACE.fullmatch(line))


# --- In the child ------------------------------------------------------------------------------------------------


def _main(room: Path) -> None:
    task = json.loads((room / _TASK_FILE).read_text("utf-8"))
    submit_to(Limits(**task["limits"]))
    sys.excepthook = _tell_place
    faulthandler.enable()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # What a library prints must not be taken for progress.
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def progress(share: float, what: str) -> None:
        print(json.dumps({"share": share, "what": what}), file=lines, flush=True)

    module, _colon, function = task["call"].partition(":")
    try:
        answer = getattr(importlib.import_module(module), function)(**task["arguments"], progress=progress)
    except JourneyError as error:
        _write(room / _ERROR_FILE, {"error": type(error).__name__, "message": str(error), "code": error.code})
    else:
        _write(room / _RESULT_FILE, answer)


def _tell_place(kind: type[BaseException], error: BaseException, at: TracebackType | None) -> None:
    """Say where an error arose and of which type it is; its own words may quote the file."""
    if (before := error.__cause__ or error.__context__) is not None:
        _tell_place(type(before), before, before.__traceback__)
    places = [f'File "{frame.filename}", line {frame.lineno}, in {frame.name}\n' for frame in traceback.extract_tb(at)]
    with suppress(OSError):
        sys.stderr.writelines([*places, f"Ended by {kind.__name__}\n"])
        sys.stderr.flush()
    if os.strerror(errno.ENOSPC) in str(error):
        # The log lies on the same disk: only the way the process ends can still tell.
        os._exit(os.EX_IOERR)


def _end_with_parent() -> None:
    # The parent holds the other end of this pipe and never writes: it is closed when the parent is gone.
    os.read(0, 1)
    os.killpg(0, signal.SIGKILL)


def _write(path: Path, content: Json) -> None:
    path.write_text(json.dumps(content), "utf-8")


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
