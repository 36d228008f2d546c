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

ROOT = Path(__file__).resolve().parents[1]
COMMAND_LINE = ROOT / "docs" / "command-line.md"

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


def without_line_ends(text: str) -> str:
    """Spaces at the ends of lines are not seen, so they are not compared."""
    return "\n".join(line.rstrip() for line in text.splitlines())
