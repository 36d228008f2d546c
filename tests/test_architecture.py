"""Who may import whom. The table below is the rule; a new layer or library gets its row here, on purpose."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MAX_LINES = 400

#: What every layer may use: wording, fixed words, and the language they are said in.
EVERYWHERE = frozenset({"errors", "vocabulary", "language"})

#: All layers of `journey` but the one that draws.
BENEATH_THE_SCREEN = frozenset(
    {
        "dataset",
        "facts",
        "engine",
        "demo",
        "ingest",
        "text",
        "analysis",
        "maps",
        "charts",
        "reports",
        "workspace",
        "disk",
        "places",
        "sqlite_file",
        "sharing",
        "journey",
    }
)


@dataclass(frozen=True)
class Layer:
    """What a layer may import: other layers of the product, and libraries."""

    layers: frozenset[str] = frozenset()
    libraries: frozenset[str] = frozenset()


def layer(layers: str = "", libraries: str = "") -> Layer:
    return Layer(frozenset(layers.split()), frozenset(libraries.split()))


RULES = {
    "errors": layer(),
    "vocabulary": layer(),
    "language": layer(libraries="babel"),
    "engine": layer(libraries="ibis duckdb pyarrow sqlglot sqlalchemy"),
    "facts": layer("", ""),
    "disk": layer(libraries="sqlalchemy"),
    "places": layer(),
    "sqlite_file": layer("disk", "sqlalchemy"),
    "dataset": layer("engine facts", "ibis pandas pyarrow"),
    "text": layer(libraries="sklearn numpy scipy"),
    "ingest": layer(
        "dataset facts engine text",
        "ibis pandas pyarrow numpy scipy yaml python_calamine ijson xlsxwriter jsonschema",
    ),
    "demo": layer(libraries="numpy pandas"),
    "analysis": layer("dataset text", "ibis pandas pyarrow numpy sklearn scipy threadpoolctl"),
    "maps": layer("analysis dataset", "pandas numpy"),
    "charts": layer(libraries="plotly pandas numpy"),
    "reports": layer("maps analysis charts dataset text", "plotly pandas numpy"),
    "workspace": layer("ingest dataset facts engine demo disk places sqlite_file", "sqlalchemy yaml pandas pyarrow"),
    # What publishes links must stay small, and needs nothing that could reach the data they came from.
    "sharing": layer("disk places sqlite_file", "sqlalchemy starlette uvicorn anyio"),
    "journey": Layer(BENEATH_THE_SCREEN, frozenset({"pandas", "pyarrow", "ibis"})),
    "__main__": Layer(BENEATH_THE_SCREEN),
    "ui": Layer(BENEATH_THE_SCREEN, frozenset({"streamlit", "starlette", "anyio", "pandas", "plotly", "numpy"})),
    "app": Layer(BENEATH_THE_SCREEN | {"ui"}, frozenset({"streamlit", "starlette", "uvicorn", "anyio"})),
    "pages": layer("ui charts", "streamlit"),
}

MODULES = sorted([*ROOT.glob("journey/**/*.py"), *ROOT.glob("pages/*.py"), ROOT / "app.py"])


def layer_of(path: Path) -> str:
    """The layer a file belongs to: its first folder or module inside `journey`."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    if parts[0] != "journey":
        return parts[0]
    return "journey" if parts[1] == "__init__" else layer_named(parts[1])


def layer_named(name: str) -> str:
    # demo.py may grow into demo_people.py, demo_stories.py: one layer all the same.
    return "demo" if name.startswith("demo") else name


def imported(source: str) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything a module imports, also inside functions and by name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "journey":
            yield from ((node.lineno, f"journey.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, node.module or "."
        elif isinstance(node, ast.Call) and called(node) in {"import_module", "__import__"}:
            name = node.args[0] if node.args else None
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                yield node.lineno, name.value


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def breaches(of_layer: str, source: str) -> list[str]:
    """Every import in `source` that the table does not allow to this layer."""
    rule = RULES[of_layer]
    return [
        f"line {line}: {of_layer} may not import {name}"
        for line, name in imported(source)
        if not may_import(of_layer, rule, name)
    ]


def may_import(of_layer: str, rule: Layer, name: str) -> bool:
    first, *rest = name.split(".")
    if first != "journey":
        return first in sys.stdlib_module_names or first in rule.libraries
    target = "journey"
    if rest and ((ROOT / "journey" / rest[0]).is_dir() or (ROOT / "journey" / f"{rest[0]}.py").exists()):
        target = layer_named(rest[0])
    return target == of_layer or target in EVERYWHERE | rule.layers


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_what_its_layer_may(path: Path) -> None:
    assert layer_of(path) in RULES, f"{path.name} belongs to no layer: give it a row in RULES"
    assert breaches(layer_of(path), path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_stays_short_enough_to_be_read_at_once(path: Path) -> None:
    n_lines = len(path.read_text(encoding="utf-8").splitlines())
    assert n_lines <= MAX_LINES, f"{n_lines} lines ask for a second module"


@pytest.mark.parametrize(
    ("of_layer", "source"),
    [
        ("pages", "import pandas"),
        ("pages", "from journey.analysis import funnels"),
        ("pages", "import journey"),
        ("analysis", "from journey.ui import cache"),
        ("analysis", "from journey import charts"),
        ("analysis", "import duckdb"),
        ("charts", "def draw():\n    import streamlit.components.v2"),
        ("charts", "from journey.dataset import Dataset"),
        ("maps", "import plotly.graph_objects as go"),
        ("engine", "from journey.dataset import Dataset"),
        ("workspace", "import streamlit"),
        ("sharing", "from journey.workspace import Workspace"),
        ("sharing", "import pandas"),
        ("sqlite_file", "from journey.sharing import Links"),
        ("__main__", "from journey import ui"),
        ("reports", "import importlib\nimportlib.import_module('streamlit')"),
        ("errors", "from .analysis import funnels"),
    ],
)
def test_a_planted_breach_is_noticed(of_layer: str, source: str) -> None:
    assert len(breaches(of_layer, source)) == 1


def test_what_the_table_allows_is_no_breach() -> None:
    source = (
        "import json\nimport plotly.graph_objects as go\nfrom journey.language import _\nfrom journey import errors"
    )
    assert breaches("charts", source) == []


@pytest.mark.parametrize(
    ("library", "layers"),
    [("streamlit", {"ui", "app", "pages"}), ("duckdb", {"engine"}), ("plotly", {"charts", "reports", "ui"})],
)
def test_the_table_keeps_a_library_in_its_rooms(library: str, layers: set[str]) -> None:
    assert {name for name, rule in RULES.items() if library in rule.libraries} == layers


def test_no_layer_is_reached_from_beneath() -> None:
    reaches = {name: set(rule.layers) for name, rule in RULES.items() if name != "journey"}
    for name, direct in reaches.items():
        seen: set[str] = set()
        ahead = direct - {"journey"}
        while ahead:
            seen |= ahead
            ahead = set().union(*(reaches[layer_] for layer_ in ahead)) - seen - {"journey"}
        assert name not in seen, f"{name} is imported by what it imports"


def test_importing_journey_costs_neither_streamlit_nor_plotly_nor_scikit_learn() -> None:
    question = "import journey, sys; print(*sorted({'streamlit', 'plotly', 'sklearn'} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", question], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.split() == []
