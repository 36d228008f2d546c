"""A damaged file ends in a proposal or in a sentence, and never in a traceback; the process that asked goes on."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ingest import mutations
from tests.ingest.mutations import damaged, end_of, seeds, small_files

ROOT = Path(__file__).parents[2]
N_PER_FILE = 3
SMALL = small_files()
WHOLE = """if True:
    import json, tempfile
    from pathlib import Path
    from tests.ingest.mutations import end_of, small_files
    for file in small_files():
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps([file.name, end_of(file, Path(folder)).kind]))
"""


def ran(*command: str) -> list[str]:
    """Run Python in a process of its own, which forks: this one may hold the engine's threads."""
    result = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout.splitlines()


def test_whole_files_of_every_format_are_taken() -> None:
    taken = [json.loads(line) for line in ran("-c", WHOLE)]
    # Which of several tables in an archive is meant has to be asked.
    assert taken == [[file.name, "proposed" if file.name == "both.zip" else "kept"] for file in SMALL]


def test_damaged_files_end_in_a_proposal_or_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(mutations.CORPUS_VARIABLE, raising=False)
    n_files = N_PER_FILE * len(SMALL)
    told = json.loads(ran("-m", "tests.ingest.mutations", str(n_files), "3", str(tmp_path / "found"))[-1])
    assert (told["bug"], told["died"], told["limit"]) == (0, 0, 0)
    assert told["kept"] + told["proposed"] + told["refused"] == n_files


def test_the_same_seed_damages_alike() -> None:
    first, again = ([damaged(file, SMALL, random.Random(5)) for file in SMALL] for _turn in range(2))  # noqa: S311
    assert first == again


def test_damage_changes_nearly_every_file() -> None:
    chance = random.Random(1)  # noqa: S311
    n_changed = sum(damaged(file, SMALL, chance)[0].content != file.content for _turn in range(20) for file in SMALL)
    assert n_changed >= 0.9 * 20 * len(SMALL)


def test_seeds_are_those_of_the_folder_that_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_bytes(b"a,b\n1,2\n")
    monkeypatch.setenv("JOURNEY_UPLOAD_CORPUS", str(tmp_path))
    assert [file.name for file in seeds()] == ["a.csv"]


@pytest.mark.parametrize(
    ("planted", "kind"),
    [
        (lambda: int("x"), "bug"),
        (lambda: os.kill(os.getpid(), signal.SIGKILL), "died"),
        (lambda: time.sleep(60), "limit"),
    ],
)
def test_a_planted_fault_is_noticed(
    planted: Callable[[], object], kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mutations.load, "inspect", lambda *_given, **_named: planted())
    monkeypatch.setattr(mutations, "_WALL_SECONDS", 1)
    assert end_of(SMALL[0], tmp_path).kind == kind
