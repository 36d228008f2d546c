"""From bytes to a dataset with the real reading, in a child process, also when everything is killed on the way."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from journey.errors import FileUnreadableError, MappingError
from journey.workspace import Workspace
from tests.workspace.stand_in import upload
from tests.workspace.test_workspace import leftovers

ROOT = Path(__file__).parents[2]
N_KILLS, LONGEST_SECONDS = 4, 4.0
SCRIPT = """if True:
    import io, sys
    from pathlib import Path
    from journey.workspace import Workspace
    workspace = Workspace(Path(sys.argv[1]))
    uploads = [workspace.spool("log.csv", io.BytesIO(Path(sys.argv[2]).read_bytes()))]
    print("begun", flush=True)
    proposal = workspace.inspect(uploads)
    workspace.keep(uploads, proposal.mapping, "New")
    print("kept", flush=True)
"""


@pytest.fixture
def home(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "home")


def test_bytes_become_a_dataset_with_its_account(home: Workspace) -> None:
    steps: list[tuple[float, str]] = []
    uploads = [upload(home)]
    proposal = home.inspect(uploads, lambda share, what: steps.append((share, what)))
    assert proposal.mapping.column("customer_id") == "customer_id"
    assert proposal.first_rows[0][0] == "a"
    info = home.keep(uploads, proposal.mapping, "Spring", lambda share, what: steps.append((share, what)))
    assert (info.customers, info.interactions) == (2, 3)
    assert steps
    assert all(0 <= share <= 1 and what for share, what in steps)
    dataset = home.open(info.id)
    assert dataset.report["files"][0]["name"] == "log.csv"
    assert sorted(path.name for path in dataset.directory.iterdir()) == [
        "journey.duckdb", "recipe.yaml", "report.json", "set_aside.csv",
    ]  # fmt: skip
    dataset.engine.close()
    assert home.keep([upload(home)], proposal.mapping, "Again") == info
    assert not leftovers(home)


def test_errors_name_the_file_as_the_person_knows_it(home: Workspace) -> None:
    with pytest.raises(FileUnreadableError, match=r"“spring\.csv” is empty"):
        home.inspect([upload(home, b"", "spring.csv")])
    uploads = [upload(home, b"customer_id,touchpoint\na,see\nb,buy\na,buy\n")]
    proposal = home.inspect(uploads)
    with pytest.raises(MappingError, match="No column says when"):
        home.keep(uploads, proposal.mapping, "Spring")
    assert home.datasets() == []


def test_the_sample_company_is_imported_whole(home: Workspace) -> None:
    info = home.add_demo()
    dataset = home.open("demo")
    assert info.interactions == dataset.report["rows_kept"]
    assert info.customers > 2_500
    assert {"country", "plan"} <= {attribute.label for attribute in dataset.facts.attributes}
    assert dataset.run(lambda each: each.table("spend").count().name("n").as_table()).column("n")[0].as_py() > 1_000
    dataset.engine.close()


def test_killed_at_any_moment_with_its_child_the_old_or_the_new_state_is_there(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    rows = (
        f"c{n % 900},2025-01-01 {n // 3600:02}:{n // 60 % 60:02}:{n % 60:02},{('see', 'try', 'buy')[n % 3]}\n"
        for n in range(30_000)
    )
    log.write_text("customer_id,timestamp,touchpoint\n" + "".join(rows), "utf-8")
    moments = [*(LONGEST_SECONDS * (n + 0.5) / N_KILLS for n in range(N_KILLS)), None]
    answers = [run_and_kill(tmp_path / f"home{n}", log, moment) for n, moment in enumerate(moments)]
    assert "kept" in answers[-1]
    for n, answer in enumerate(answers):
        workspace = Workspace(tmp_path / f"home{n}")
        infos = workspace.datasets()
        assert infos or "kept" not in answer
        for info in infos:
            assert info.interactions == 30_000
            dataset = workspace.open(info.id)
            assert dataset.summary.interactions == 30_000
            assert json.loads((dataset.directory / "report.json").read_text("utf-8"))["rows_kept"] == 30_000
            dataset.engine.close()


def run_and_kill(home: Path, log: Path, after_seconds: float | None) -> list[str]:
    """Kill an import so long after it began, or with None right after it answered; tell what it had said."""
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(home), str(log)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        said = [process.stdout.readline().strip()]
        if after_seconds is None:
            said.append(process.stdout.readline().strip())
        else:
            time.sleep(after_seconds)
        process.send_signal(signal.SIGKILL)
        return said + process.stdout.read().split()
