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
import yaml
from jsonschema import Draft202012Validator

import journey
from journey import vocabulary
from journey.__main__ import parser
from journey.ingest.identity.identities import KIND_NAMES
from journey.ingest.identity.identity_counts import CUT, REASONS, TOO_MANY
from journey.ingest.recipe import Recipe
from journey.ingest.recipe_schema import SCHEMA
from journey.ingest.report import reason_words

ROOT = Path(__file__).resolve().parents[1]
GUIDES = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
WRITTEN = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("sample_data/**/*.md")])
SOURCES = [ROOT / "app.py", *ROOT.glob("journey/**/*.py"), *ROOT.glob("pages/*.py")]

#: Columns of the stored tables, "table.column".
COLUMNS = sorted({f"{table}.{column}" for table, columns in vocabulary.TABLES.items() for column in columns})

#: What an import does, and the file that holds its decisions.
YOUR_DATA, RECIPE = ROOT / "docs" / "your-data.md", ROOT / "docs" / "recipe.md"
CODE = re.compile(r"[A-Z]{2,}(_[A-Z]+)*")
#: Kinds of ids that are only told in the report, never chosen.
INNER_KINDS = ("earlier", "somebody else")

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


def calls(folder: str) -> Iterator[tuple[str, ast.Call]]:
    """Every call in the sources of a folder, with the name of what is called."""
    for path in sorted(ROOT.glob(f"{folder}/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield ast.unparse(node.func).rpartition(".")[2], node


def texts_in(node: ast.AST) -> Iterator[str]:
    """The texts that an expression may become."""
    if isinstance(node, ast.IfExp):
        yield from texts_in(node.body)
        yield from texts_in(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def note_codes() -> set[str]:
    """Codes of everything an import tells: said where a note is made, or in a table of codes and texts."""
    said = {
        code
        for name, call in calls("journey/ingest")
        if name in ("Note", "note") and call.args
        for code in texts_in(call.args[0])
    }
    listed = {
        str(node.elts[0].value)
        for path in ROOT.glob("journey/ingest/**/*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Tuple)
        and len(node.elts) in (2, 3)
        and isinstance(node.elts[0], ast.Constant)
        and isinstance(node.elts[-1], ast.Call | ast.Name)
    }
    worked_out = {f"IDENTITY_{reason.upper()}" for reason in (*REASONS.values(), TOO_MANY, CUT)}
    return {code for code in said | listed if CODE.fullmatch(code)} | worked_out


def refusal_codes() -> set[str]:
    """Codes that the named constructors of errors hand on."""
    tree = ast.parse((ROOT / "journey" / "errors.py").read_text(encoding="utf-8"))
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value)
    }


def reasons() -> list[str]:
    """Reasons for which rows are set aside or skipped."""
    body = ast.parse(textwrap.dedent(inspect.getsource(reason_words)))
    [words] = [node for node in ast.walk(body) if isinstance(node, ast.Dict)]
    return [str(key.value) for key in words.keys if isinstance(key, ast.Constant)]


def entries(schema: dict[str, Any]) -> Iterator[str]:
    """Entries of a recipe, and the values that they may have, at any depth."""
    for name, inner in schema.get("properties", {}).items():
        yield name
        yield from entries(inner)
    yield from (value for value in schema.get("enum", ()) if isinstance(value, str))
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), dict):
            yield from entries(schema[name])
    for inner in schema.get("anyOf", ()):
        yield from entries(inner)


def row_of(word: str, page: Path) -> bool:
    """Whether a table of the page has a row that begins with the word, alone or with others."""
    return re.search(rf"^\|[^|]*`{re.escape(word)}`[^|]*\|", page.read_text(encoding="utf-8"), re.MULTILINE) is not None


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


@pytest.mark.parametrize("code", sorted(note_codes()))
def test_each_note_of_an_import_is_described(code: str) -> None:
    assert row_of(code, YOUR_DATA)


@pytest.mark.parametrize("code", sorted(refusal_codes()))
def test_each_kind_of_refusal_is_described(code: str) -> None:
    assert row_of(code, YOUR_DATA)


def test_no_code_is_described_that_nothing_tells() -> None:
    described = re.findall(
        r"`([A-Z]{3,}(?:_[A-Z]+)*)`(?=[^|\n]*\|[^|\n]*\|$)", YOUR_DATA.read_text("utf-8"), re.MULTILINE
    )
    assert set(described) - note_codes() - refusal_codes() == set()


@pytest.mark.parametrize("role", sorted(vocabulary.ROLES))
def test_each_role_of_a_column_is_described(role: str) -> None:
    assert row_of(role, YOUR_DATA)


@pytest.mark.parametrize("reason", reasons())
def test_each_reason_for_leaving_out_a_row_is_described(reason: str) -> None:
    assert f"`{reason}`" in YOUR_DATA.read_text(encoding="utf-8")


@pytest.mark.parametrize("group", sorted(vocabulary.CHANNEL_GROUPS))
def test_each_group_of_channels_is_described(group: str) -> None:
    assert f"`{group}`" in YOUR_DATA.read_text(encoding="utf-8")


@pytest.mark.parametrize("stage_set", sorted(vocabulary.STAGE_SETS))
def test_each_set_of_stages_is_described_with_its_stages(stage_set: str) -> None:
    row = re.search(rf"^\| `{stage_set}`.*$", YOUR_DATA.read_text(encoding="utf-8"), re.MULTILINE)
    assert row is not None
    assert row[0].endswith(f"| {', '.join(vocabulary.STAGE_SETS[stage_set])} |")


@pytest.mark.parametrize("name", sorted({*entries(SCHEMA), *KIND_NAMES} - {*vocabulary.ROLES, *INNER_KINDS}))
def test_each_entry_and_value_of_a_recipe_is_described(name: str) -> None:
    assert f"`{name}`" in RECIPE.read_text(encoding="utf-8")


def test_the_recipe_that_is_shown_can_be_followed() -> None:
    [shown] = re.findall(r"^```yaml\n(.*?)^```$", RECIPE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    held = yaml.safe_load(shown)
    assert list(Draft202012Validator(SCHEMA).iter_errors(held)) == []
    assert set(SCHEMA["properties"]) == set(held), "the example shows every entry"
    recipe = Recipe.from_yaml(shown)
    assert Recipe.from_yaml(recipe.to_yaml()) == recipe


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
