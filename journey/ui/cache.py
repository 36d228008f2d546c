"""What is worked out once and shown often. The only module that caches results.

Keys are a dataset version, frozen filters and small arguments; never a table, of which Streamlit hashes a sample.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import streamlit as st

from journey.analysis.customers import customer_ids
from journey.analysis.personas import Personas, personas
from journey.dataset import Dataset
from journey.engine import frozen
from journey.errors import NotEnoughDataError
from journey.ingest.recipe import Recipe
from journey.ingest.worksheets.worksheet import worksheet as write_worksheet
from journey.language import spoken
from journey.places import SHARED_FOLDER
from journey.sharing import Links
from journey.text.pseudonyms import Pseudonyms
from journey.workspace import Workspace, default_home
from journey.workspace.keys import workspace_key

Answer = TypeVar("Answer")


@st.cache_resource(show_spinner=False)
def workspace() -> Workspace:
    """Open the workspace of this server, once."""
    return Workspace(default_home())


@st.cache_resource(show_spinner=False)
def _links(folder: str) -> Links:
    return Links(Path(folder))


def links() -> Links:
    """Open the links of this server's workspace, once."""
    return _links(str(workspace().home / SHARED_FOLDER))


@st.cache_data(show_spinner=False)
def worksheet() -> bytes:
    """Write the worksheet for those who have notes and interviews only."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "worksheet.xlsx")
        write_worksheet(path)
        return path.read_bytes()


@st.cache_resource(max_entries=200, show_spinner=False)
def recipe(dataset_id: str, version: str) -> Recipe:
    """Read the recipe of a dataset; `version` is its newest."""
    return Recipe.from_yaml(workspace().recipe_text(dataset_id))


@st.cache_resource(max_entries=20, show_spinner=False)
def dataset(dataset_id: str, version: str) -> Dataset:
    """Open a dataset version, once for all visitors; its connection answers them side by side."""
    return workspace().open(dataset_id, version)


def ask(question: Callable[..., Answer], view: Dataset, **arguments: Any) -> Answer:
    """Answer `question(view, **arguments)`, or hand out the answer there is in the visitor's language.

    Every visitor gets a copy of their own, so that nobody can change another's table.
    """
    name = f"{question.__module__}.{question.__qualname__}"
    answer: Answer = _answer(name, view.key, frozen(arguments), spoken(), question, view, arguments)
    return answer


@st.cache_data(max_entries=2_000, show_spinner=False)
def _answer(
    name: str,
    key: Hashable,
    frozen_arguments: Hashable,
    locale: str,
    _question: Callable[..., Any],
    _view: Dataset,
    _arguments: dict[str, Any],
) -> Any:
    return _question(_view, **_arguments)


@st.cache_resource(max_entries=50, show_spinner=False)
def _personas(version: str, n_personas: int | None, locale: str, _view: Dataset) -> Personas | None:
    try:
        return personas(_view, n_personas)
    except NotEnoughDataError:
        return None


def found_personas(view: Dataset, n_personas: int | None = None) -> Personas | None:
    """Find the personas of a dataset version, or None when it has too few customers."""
    return _personas(view.version, n_personas, spoken(), view)


@st.cache_resource(max_entries=200, show_spinner=False)
def _described(key: Hashable, locale: str, _found: Personas, _view: Dataset) -> Personas:
    return _found.where(_view.filters)


def described_personas(found: Personas, view: Dataset) -> Personas:
    """Describe personas as the filters of `view` leave their customers."""
    return _described(view.key, spoken(), found, view)


@st.cache_resource(max_entries=10, show_spinner=False)
def _pseudonyms(version: str, _view: Dataset) -> Pseudonyms:
    return Pseudonyms(workspace_key(workspace().home), customer_ids(_view)["customer_id"])


def pseudonyms(view: Dataset) -> Pseudonyms:
    """Name all customers of a dataset version, in the order of their keys, which begin with 1."""
    return _pseudonyms(view.version, view)


def forget_all() -> None:
    """Let go of everything after a dataset was deleted."""
    dataset.clear()
    recipe.clear()
    _personas.clear()
    _described.clear()
    _pseudonyms.clear()
    _answer.clear()
