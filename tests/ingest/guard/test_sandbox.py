"""A file is read in a process of its own; whatever happens there, the parent goes on with a sentence."""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from journey.errors import FileUnreadableError, JourneyError, MappingError
from journey.ingest.guard import limits
from journey.ingest.guard.limits import Limits
from journey.ingest.guard.sandbox import Job

GENEROUS = Limits(memory_bytes=500_000_000, cpu_seconds=20, wall_seconds=20, written_bytes=50_000_000)
ROOT = Path(__file__).parents[3]


@pytest.fixture
def room(tmp_path: Path) -> Path:
    return tmp_path / "room"


def job(room: Path, call: str, bounds: Limits = GENEROUS, **arguments: Any) -> Job:
    return Job(f"tests.ingest.misbehaviour:{call}", arguments, room, "log.csv", bounds)


def answer(room: Path, call: str, bounds: Limits = GENEROUS, **arguments: Any) -> dict[str, Any]:
    with job(room, call, bounds, **arguments) as running:
        return running.result()


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 5
    while is_running(pid):
        assert time.monotonic() < deadline, f"{pid} still runs"
        time.sleep(0.02)


def test_the_child_tells_its_steps_and_then_its_result(room: Path) -> None:
    with job(room, "read_well", n_rows=3) as running:
        steps = [(step.share, step.what) for step in running.progress()]
        result = running.result()
    assert steps == [(0.5, "half of it"), (1.0, "all of it")]
    assert result["rows"] == 3


def test_the_child_sees_nothing_of_the_servers_environment_and_is_a_session_of_its_own(
    room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STREAMLIT_COOKIE_SECRET", "hush")
    result = answer(room, "read_well", n_rows=0)
    assert set(result["environment"]) <= {"HOME", "LC_ALL", "LC_CTYPE", "PYTHONPATH", "TMPDIR", "TZ"}
    assert result["session"] != os.getsid(0)


def test_reading_loads_neither_the_screen_nor_machine_learning_nor_charts() -> None:
    script = (
        "import json, sys, journey.ingest.guard.sandbox, journey.ingest.load; print(json.dumps(sorted(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not {"streamlit", "sklearn", "plotly"} & set(json.loads(ran.stdout))


def test_the_users_kind_of_error_keeps_its_class_and_words(room: Path) -> None:
    with pytest.raises(MappingError, match="No column says who the customer is"):
        answer(room, "find_no_customer")


def test_a_child_that_eats_memory_is_stopped_and_says_why(room: Path) -> None:
    with pytest.raises(FileUnreadableError, match=r"“log.csv” was stopped.* more than 200 MB of memory"):
        answer(room, "eat_memory", replace(GENEROUS, memory_bytes=200_000_000))


def test_running_out_of_memory_is_told_like_eating_too_much(room: Path, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(FileUnreadableError, match="of memory"):
        answer(room, "run_out_of_memory")


def test_a_child_that_computes_without_end_is_stopped(room: Path, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(FileUnreadableError, match="it takes longer than 1 s"):
        answer(room, "spin", replace(GENEROUS, cpu_seconds=1))


def test_a_child_that_waits_without_end_is_stopped_with_its_own_children(room: Path, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    with pytest.raises(FileUnreadableError, match="it takes longer than 1 s"):
        answer(room, "sleep_with_children", replace(GENEROUS, wall_seconds=1), note=str(note))
    wait_until_gone(int(note.read_text()))


def test_a_child_that_writes_without_end_is_stopped(room: Path, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(FileUnreadableError, match=r"it unpacks to more than 5.0 MB"):
        answer(room, "write_without_end", replace(GENEROUS, written_bytes=5_000_000))


def test_a_child_that_opens_files_without_end_is_stopped(room: Path, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(FileUnreadableError):
        answer(room, "open_files")


@pytest.mark.parametrize("breakdown", ["abort", "stumble", "answer_nonsense"])
def test_a_breakdown_is_a_sentence_for_the_user_and_a_traceback_for_the_log_only(
    room: Path, caplog: pytest.LogCaptureFixture, breakdown: str
) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(FileUnreadableError) as caught:
        answer(room, breakdown)
    assert str(caught.value) == "“log.csv” can't be read: its content made the reader break off. Export it again."
    assert ("Ended by ZeroDivisionError" in caplog.text) == (breakdown == "stumble")
    assert ("Fatal Python error: Aborted" in caplog.text) == (breakdown == "abort")
    assert ("misbehaviour.py" in caplog.text) == (breakdown != "answer_nonsense")
    # The place goes into the log, what the file says does not.
    assert "example.org" not in caplog.text


def test_a_full_disk_is_told_apart_from_a_bad_file(room: Path, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(OSError, match=os.strerror(28)):
        answer(room, "find_disk_full")


def test_cancelling_ends_the_child_at_once(room: Path, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    with job(room, "sleep_with_children", note=str(note)) as running:
        next(running.progress())
        running.cancel()
        with pytest.raises(JourneyError, match="cancelled; nothing was kept"):
            running.result()
    wait_until_gone(int(note.read_text()))


def test_leaving_the_block_ends_the_child(room: Path, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    with job(room, "sleep_with_children", note=str(note)) as running:
        next(running.progress())
    wait_until_gone(int(note.read_text()))


def test_the_child_ends_when_its_parent_is_killed(room: Path, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    script = f"""if True:
        from pathlib import Path
        from tests.ingest.guard.test_sandbox import job
        with job(Path({str(room)!r}), "sleep_with_children", note={str(note)!r}) as running:
            next(running.progress())
            print("asleep", flush=True)
            running.result()
    """
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=ROOT) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"asleep\n"
        parent.send_signal(signal.SIGKILL)
    wait_until_gone(int(note.read_text()))


def may_leave_the_network() -> bool:
    script = "import ctypes, sys; l = ctypes.CDLL(None); sys.exit(l.unshare(0x40000000) and l.unshare(0x50000000))"
    return subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@pytest.mark.skipif(not may_leave_the_network(), reason="this system lets no process leave the network")
def test_the_child_reaches_no_network(room: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert answer(room, "call_home", port=server.getsockname()[1])["refused"]


def test_a_container_bounds_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = limits._machine_memory_bytes()
    bounds = (tmp_path / "memory.max", tmp_path / "unset", tmp_path / "missing")
    bounds[0].write_text("1000000000\n")
    bounds[1].write_text("max\n")
    monkeypatch.setattr(limits, "_CONTAINER_MEMORY", bounds[1:])
    assert limits._machine_memory_bytes() >= whole
    monkeypatch.setattr(limits, "_CONTAINER_MEMORY", bounds)
    assert Limits.for_files(1_000).memory_bytes == 600_000_000


def test_limits_grow_with_the_file_up_to_a_share_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_machine_memory_bytes", lambda: 10_000_000_000)
    assert Limits.for_files(1_000).memory_bytes == 1_000_000_000
    assert Limits.for_files(1_000_000_000).memory_bytes == 2_500_000_000
    assert Limits.for_files(9_000_000_000).memory_bytes == 6_000_000_000
    assert Limits.for_files(100_000_000).cpu_seconds == 220
