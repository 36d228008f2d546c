"""The command line says what was understood, and what has to be mended, without a traceback."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from journey.__main__ import main, parser
from journey.workspace import Workspace

ROOT = Path(__file__).parents[1]
LOG = """user_id,event_time,event,channel,country
ana,2025-01-01 10:00,See,Email,RO
ana,2025-01-02 10:00,Buy,Email,RO
ben,2025-01-01 11:00,See,Store,DE
ben,not a time,See,Store,DE
"""


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOURNEY_HOME", str(tmp_path / "home"))
    (tmp_path / "passing").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "passing"))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    path.write_text(LOG, "utf-8")
    return path


def kept_datasets(tmp_path: Path) -> list[str]:
    return [info.name for info in Workspace(tmp_path / "home").datasets()]


def test_an_import_says_what_was_recognised_kept_and_set_aside(
    log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(log)]) == 0
    said = capsys.readouterr()
    assert "user_id" in said.out
    assert "4 rows were read: 3 kept and 1 set aside" in said.out
    assert "2 customers, 3 interactions, 1 Jan 2025 – 2 Jan 2025" in said.out
    assert "Nothing was kept." in said.out
    assert said.err == ""
    assert not (tmp_path / "home").exists()
    assert not list((tmp_path / "passing").iterdir())


def test_the_same_as_json_for_programs(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", str(log), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["report"]["rows_in"] == 4
    assert said["report"]["rows_kept"] == 3
    assert {column["header"]: column["role"] for column in said["recognised"]["tables"][0]["columns"]}["user_id"] == (
        "customer_id"
    )
    assert said["dataset"] is None


def test_what_is_kept_under_a_name_is_there_for_the_app(
    log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(log), "--keep", "Spring", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["dataset"]["name"] == "Spring"
    dataset = Workspace(tmp_path / "home").open(said["dataset"]["id"])
    assert dataset.summary.customers == 2
    dataset.engine.close()
    assert main(["import", str(log), "--keep", "Again"]) == 0
    assert kept_datasets(tmp_path) == ["Spring"]


def test_a_recipe_decides_instead_of_the_guess(log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", str(log), "--keep", "Spring"]) == 0
    [recipe] = (tmp_path / "home" / "datasets").rglob("recipe.yaml")
    changed = tmp_path / "recipe.yaml"
    changed.write_text(recipe.read_text("utf-8").replace("event: touchpoint", "event: ignore").replace(
        "country: attribute", "country: touchpoint"), "utf-8")  # fmt: skip
    capsys.readouterr()
    assert main(["import", str(log), "--keep", "By country", "--recipe", str(changed)]) == 0
    dataset = Workspace(tmp_path / "home").open(Workspace(tmp_path / "home").datasets()[0].id)
    steps = dataset.run(lambda each: each.table("steps").select("touchpoint").distinct())
    assert set(steps.column("touchpoint").to_pylist()) == {"RO", "DE"}
    dataset.engine.close()


def test_a_packed_file_and_a_table_of_customers_are_taken(
    log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed = tmp_path / "log.csv.gz"
    packed.write_bytes(gzip.compress(LOG.encode()))
    people = tmp_path / "people.csv"
    people.write_text("user_id,plan\nana,Pro\nben,Free\n", "utf-8")
    assert main(["import", str(packed), str(people), "--keep", "Spring"]) == 0
    workspace = Workspace(tmp_path / "home")
    dataset = workspace.open(workspace.datasets()[0].id)
    assert "plan" in [attribute.label for attribute in dataset.facts.attributes]
    dataset.engine.close()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.csv", b"", "“empty.csv” is empty"),
        ("header.csv", b"user_id,event_time,event\n", "has a header line but no rows"),
        ("report.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "“report.csv” is"),
        ("timeless.csv", b"user_id,event\nana,see\nben,see\nana,buy\n", "No column says when it happened"),
    ],
)
def test_what_can_not_be_read_is_said_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, sentence: str
) -> None:
    (tmp_path / name).write_bytes(content)
    assert main(["import", str(tmp_path / name)]) == 2
    said = capsys.readouterr()
    assert sentence in said.err
    assert len(said.err.splitlines()) == 1
    assert said.out == ""
    assert not list((tmp_path / "passing").iterdir())


def test_a_file_that_is_not_there_or_no_file_is_said_to_be_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(tmp_path / "nowhere.csv")]) == 2
    assert "There is no file" in capsys.readouterr().err
    assert main(["import", str(tmp_path)]) == 2
    assert "can't be read: Is a directory" in capsys.readouterr().err


def test_a_recipe_that_is_none_is_said_to_be_none(
    log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for content in (b"- a\n- b\n", b"roles: [", b"\xff\xfe\x00"):
        (tmp_path / "recipe.yaml").write_bytes(content)
        assert main(["import", str(log), "--recipe", str(tmp_path / "recipe.yaml")]) == 2
        assert "recipe" in capsys.readouterr().err


def test_text_from_a_file_does_not_steer_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "log.csv").write_text(LOG.replace("country", "coun\x1b[31mtry"), "utf-8")
    assert main(["import", str(tmp_path / "log.csv")]) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_a_report_to_an_unknown_kind_of_file_is_refused_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(tmp_path / "nowhere.csv"), "--out", str(tmp_path / "report.pdf")]) == 2
    assert "“.pdf” is not possible for --out" in capsys.readouterr().err


@pytest.mark.parametrize("suffix", ["html", "json"])
def test_a_report_is_one_file(log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], suffix: str) -> None:
    out = tmp_path / f"report.{suffix}"
    assert main(["report", str(log), "--out", str(out)]) == 0
    assert out.stat().st_size > 500
    assert capsys.readouterr().out.strip() == str(out)


def test_the_demo_writes_the_sample_company(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--out", str(tmp_path / "sample")]) == 0
    for line in capsys.readouterr().out.splitlines():
        path = Path(line)
        assert path.read_bytes() == (ROOT / "sample_data" / path.name).read_bytes()


def test_it_runs_as_a_module_and_without_a_command_says_how() -> None:
    ran = subprocess.run([sys.executable, "-m", "journey"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert ran.stderr.startswith("usage: journey")


def test_describing_itself_loads_nothing_heavy() -> None:
    script = "import sys; from journey.__main__ import parser; parser(); print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"pandas", "ibis", "streamlit", "sklearn", "plotly", "sqlalchemy"} & set(ran.stdout.split())


def test_every_command_and_option_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("import", "report", "demo"):
        with pytest.raises(SystemExit) as ended:
            parser().parse_args([command, "--help"])
        assert ended.value.code == 0
        assert "--out" in capsys.readouterr().out or command == "import"
