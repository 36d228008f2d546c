"""What the documentation shows, it shows as it is: its examples are run, and print what stands below them."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from journey.__main__ import main
from journey.ingest.cells.emotions import SCALES
from journey.ingest.names.touchpoints import touchpoint_of

ROOT = Path(__file__).resolve().parents[1]
COMMAND_LINE = ROOT / "docs" / "command-line.md"
YOUR_DATA = ROOT / "docs" / "your-data.md"

#: A block of Python, and the text it prints if one stands directly below it.
EXAMPLE = re.compile(r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)
CONSOLE = re.compile(r"^```console\n\$ (.*?)\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
TABLE = re.compile(r"^```csv\n(.*?)^```\n", re.MULTILINE | re.DOTALL)


@pytest.fixture(autouse=True)
def reader_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the sample data in it, as a reader has it."""
    shutil.copytree(ROOT / "sample_data", tmp_path / "sample_data")
    (tmp_path / "passing").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "passing"))
    monkeypatch.setenv("JOURNEY_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def printed(source: str, place: str, names: dict[str, Any]) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as output:
        exec(compile(source, place, "exec"), names)  # noqa: S102 - our own documentation
    return output.getvalue()


def examples(path: Path) -> Iterator[tuple[str, str, str]]:
    """Place, source and shown output of every block of Python, in order."""
    text = path.read_text(encoding="utf-8")
    for found in EXAMPLE.finditer(text):
        line = text.count("\n", 0, found.start(1)) + 1
        yield f"{path.relative_to(ROOT)}:{line}", found[1], found[2] or ""


@pytest.mark.parametrize("name", ["README.md", "docs/python.md"])
def test_examples_in_python_print_what_stands_below_them(name: str) -> None:
    names: dict[str, Any] = {}
    shown, seen = {}, {}
    for place, source, output in examples(ROOT / name):
        shown[place], seen[place] = without_line_ends(output), without_line_ends(printed(source, place, names))
    assert shown
    assert seen == shown


def test_commands_print_what_stands_below_them(reader_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = COMMAND_LINE.read_text(encoding="utf-8")
    [table] = TABLE.findall(text)
    (reader_folder / "shop.csv").write_text(table, encoding="utf-8")
    commands = CONSOLE.findall(text)
    assert len(commands) == 3
    for command, output in commands:
        program, *arguments = shlex.split(command)
        assert program == "journey"
        assert main(arguments) == 0
        assert capsys.readouterr().out == output


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://example.com/de/pricing/?utm_source=x", "Pricing page"),
        ("/product/red-shoe-4711", "Product page"),
        ("/teams/8f14e45fceea167a/board", "/teams/*/board"),
    ],
)
def test_pages_are_called_as_the_guide_says(address: str, name: str) -> None:
    assert f"`{address}`" in YOUR_DATA.read_text(encoding="utf-8")
    assert touchpoint_of(address) == name


def test_each_scale_is_described_with_its_answers() -> None:
    text = YOUR_DATA.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[a-z`, ]+`) \| (−?\d+)(?:–|, | … )(\d+) \|", text, re.MULTILINE)
    described = {
        kind: (float(low.replace("−", "-")), float(high))
        for kinds, low, high in rows
        for kind in re.findall(r"\w+", kinds)
    }
    assert described == {kind: (scale.low, scale.high) for kind, scale in SCALES.items() if kind != "words"}


def without_line_ends(text: str) -> str:
    """Spaces at the ends of lines are not seen, so they are not compared."""
    return "\n".join(line.rstrip() for line in text.splitlines())
