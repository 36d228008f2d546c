"""What people are told is what there is: pages, functions, columns, options and variables are all written down."""

from __future__ import annotations

import argparse
import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

import journey
from journey import vocabulary
from journey.__main__ import parser

ROOT = Path(__file__).resolve().parents[1]
GUIDES = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
WRITTEN = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("sample_data/**/*.md")])
SOURCES = [ROOT / "app.py", *ROOT.glob("journey/**/*.py"), *ROOT.glob("pages/*.py")]

#: Columns of the stored tables, "table.column".
COLUMNS = sorted({f"{table}.{column}" for table, columns in vocabulary.TABLES.items() for column in columns})

#: Told by their case, so that collecting the tests loads nothing.
FUNCTIONS = [name for name in journey.__all__ if name.islower()]

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)[^)]*\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)


@cache
def guides() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in GUIDES)


def is_written_down(word: str) -> bool:
    """Whether the guides name it as code: in backticks or in a block, as a word of its own."""
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", guides()) is not None


def sections(docstring: str) -> set[str]:
    """Titles of the numpydoc sections: a line underlined with dashes."""
    return set(re.findall(r"^(\w[\w ]*)\n-{3,}$", docstring, re.MULTILINE))


def raises_something(function: Callable[..., Any]) -> bool:
    """Whether the body raises, or calls a check named `require_…`."""
    body = ast.parse(textwrap.dedent(inspect.getsource(function)))
    return any(
        isinstance(node, ast.Raise)
        or (isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2].startswith("require_"))
        for node in ast.walk(body)
    )


def options(of_parser: argparse.ArgumentParser) -> Iterator[str]:
    """Every sub-command and long option, those of sub-commands included."""
    for action in of_parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command, sub_parser in action.choices.items():
                yield f"journey {command}"
                yield from options(sub_parser)
        else:
            yield from (name for name in action.option_strings if name.startswith("--") and name != "--help")


def environment_variables() -> set[str]:
    """Names read from the environment, and every text in the code that looks like one of ours."""
    names: set[str] = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                names |= set(re.findall(r"\bJOURNEY_[A-Z_]+[A-Z]\b", node.value))
            elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("environ.get", "getenv")):
                names |= {str(name.value) for name in node.args[:1] if isinstance(name, ast.Constant)}
            elif isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("environ"):
                names |= {str(node.slice.value)} if isinstance(node.slice, ast.Constant) else set()
    return names


def anchor(heading: str) -> str:
    """The fragment a heading is linked by."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("page", sorted(path.stem for path in ROOT.glob("pages/*.py")))
def test_each_page_is_described(page: str) -> None:
    assert page.replace("_", " ") in guides().lower()


@pytest.mark.parametrize("name", journey.__all__)
def test_each_public_name_is_described(name: str) -> None:
    assert is_written_down(f"journey.{name}") or is_written_down(name)


@pytest.mark.parametrize("name", COLUMNS)
def test_each_column_of_a_stored_table_is_described(name: str) -> None:
    assert is_written_down(f"`{name.partition('.')[2]}`")


@pytest.mark.parametrize("name", sorted(set(options(parser()))))
def test_each_command_and_option_is_described(name: str) -> None:
    assert is_written_down(name)


@pytest.mark.parametrize("name", sorted(environment_variables()))
def test_each_environment_variable_is_described(name: str) -> None:
    assert is_written_down(name)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_public_docstring_says_what_it_returns_raises_and_shows_an_example(name: str) -> None:
    function = getattr(journey, name)
    docstring = inspect.getdoc(function) or ""
    needed = {"Returns", "Examples"} | ({"Raises"} if raises_something(function) else set())
    assert needed <= sections(docstring)
    assert ">>>" in docstring


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_public_docstring_explains_each_argument(name: str) -> None:
    docstring = inspect.getdoc(getattr(journey, name)) or ""
    unexplained = [
        argument
        for argument in inspect.signature(getattr(journey, name)).parameters
        if not re.search(rf"\b{argument}\b", docstring)
    ]
    assert unexplained == []


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_relative_links_lead_somewhere(path: Path) -> None:
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    broken = []
    for target in LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, fragment = unquote(target).partition("#")
        goal = path.parent / file if file else path
        if not goal.exists():
            broken.append(target)
        elif fragment and goal.suffix == ".md":
            headings = HEADING.findall(FENCE.sub("", goal.read_text(encoding="utf-8")))
            if fragment not in {anchor(heading) for heading in headings}:
                broken.append(target)
    assert broken == []
