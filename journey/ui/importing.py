"""From files to a dataset on screen: read them, look over what was understood, keep it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import streamlit as st

from journey.errors import JourneyError
from journey.ingest.previous import EARLIER_VERSION
from journey.ingest.proposal import Proposal
from journey.ingest.recipe import Recipe
from journey.ingest.report import ImportReport
from journey.language import _
from journey.ui import (
    cache,
    filters,
    import_decisions,
    import_names,
    import_report,
    import_tables,
    navigation,
    shell,
    state,
)
from journey.ui.text import plain
from journey.workspace import DatasetInfo, Upload

Progress = Callable[[float, str], None]
#: Up to this size all files together are built anew after each change, without being asked.
_BUILT_AT_ONCE_BYTES = 20_000_000
_NAME = "dataset name"


@dataclass(frozen=True)
class Waiting:
    """Files that were read and wait for a person to look over what was understood.

    `recipe` is where the widgets of this `revision` began, `latest` what they say now; `tried` holds what came of each
    recipe by its text, `drawn` the reports that names and stages were last shown of; `into` is the dataset that the
    files become a new version of.
    """

    uploads: tuple[Upload, ...]
    proposal: Proposal
    recipe: Recipe
    latest: Recipe
    name: str
    into: DatasetInfo | None = None
    revision: int = 0
    tried: dict[str, ImportReport | JourneyError] = field(default_factory=dict)
    drawn: dict[str, ImportReport] = field(default_factory=dict)

    @property
    def is_small(self) -> bool:
        return sum(upload.n_bytes for upload in self.uploads) < _BUILT_AT_ONCE_BYTES

    def is_ready(self, recipe: Recipe) -> bool:
        """Nothing is left to be chosen or answered."""
        return recipe.is_complete and not self.proposal.unanswered(recipe)


@contextmanager
def progress_shown(
    label: str, key: str, cancel: str | None = None, on_cancel: Callable[[], None] | None = None
) -> Iterator[Progress]:
    """Show how far a long task is, with a button that ends it, and take both away when it is done."""
    place = st.empty()
    with place.container(key=f"progress {key}"):
        bar = st.progress(0.0, label)
        # Any click begins the page anew, which ends the task at its next word: no answer is waited for here.
        st.button(cancel or _("Cancel"), key=f"cancel {key}", on_click=on_cancel)

    def step(share: float, what: str) -> None:
        bar.progress(min(max(share, 0.0), 1.0), plain(what) or label)

    try:
        yield step
    finally:
        place.empty()


def read_uploads(uploads: Sequence[Upload], into: DatasetInfo | None = None) -> None:
    """Read uploaded files in a process of their own, and wait for confirmation."""
    workspace = cache.workspace()
    with progress_shown(_("Reading the files …"), "reading") as progress:
        proposal = workspace.inspect(uploads, progress, into=into.id if into else None)
    state.keep_upload(Waiting(tuple(uploads), proposal, proposal.recipe, proposal.recipe, _name_of(proposal), into))


def discard() -> None:
    """Forget the files that wait, on disk too."""
    waiting: Waiting | None = state.upload()
    if waiting:
        cache.workspace().discard(waiting.uploads)
    state.forget_upload()


def confirmation(waiting: Waiting) -> None:
    """Show what was understood and what would come of it; let a person correct it, name the dataset and keep it."""
    waiting = _taken_up_again(waiting)
    top, trying, asked, going = st.empty(), st.container(), st.container(), st.container()
    if not waiting.tried:
        with top.container():
            import_report.finding(waiting.proposal, waiting.recipe, None, waiting.into)
    tabs = _tabs(is_complete=waiting.recipe.is_complete)
    revision = waiting.revision
    with asked:
        recipe = import_tables.questions(waiting.proposal, waiting.recipe, revision)
    with tabs["files"]:
        recipe = import_tables.cards(waiting.proposal, recipe, revision)
    with tabs["settings"]:
        recipe = import_decisions.settings(waiting.proposal, recipe, revision)
    recipe, report = _with_names(_Trial(waiting, trying, waiting.is_small), recipe, tabs)
    with top.container():
        import_report.finding(waiting.proposal, recipe, report, waiting.into)
    with tabs["noticed"]:
        if report is not None:
            import_report.noticed(report)
        else:
            _later(waiting, recipe)
    with tabs["recipe"], shell.told_here():
        if (text := import_decisions.recipe_text(recipe, revision)) is not None:
            _begin_anew(waiting, text)
    with going:
        _go(waiting, recipe, is_possible=report is not None or not waiting.is_small)


def _tabs(*, is_complete: bool) -> dict[str, Any]:
    names = {
        "noticed": _("What was noticed"),
        "files": _("Files and columns"),
        "touchpoints": _("Touchpoints"),
        "stages": _("Stages"),
        "who": _("Who is who"),
        "settings": _("Time zone, currency"),
        "recipe": _("Recipe"),
    }
    opened = names["noticed" if is_complete else "files"]
    return dict(zip(names, st.tabs(list(names.values()), default=opened, key="import parts"), strict=True))


def _taken_up_again(waiting: Waiting) -> Waiting:
    """Go on where a person left the page: its widgets forget what they said."""
    if state.is_shown(import_decisions.settings_key(waiting.revision)) or waiting.latest == waiting.recipe:
        return waiting
    return replace(waiting, recipe=waiting.latest, revision=waiting.revision + 1)


# --- What comes of it --------------------------------------------------------------------------------------------


@dataclass
class _Trial:
    """Tries what comes of a recipe, and tells it in the place `told`.

    Small files are tried after each change, large ones when `is_asked`; after a refusal nothing more is tried.
    """

    waiting: Waiting
    told: Any
    is_asked: bool
    is_over: bool = False

    def to_draw_on(self, recipe: Recipe, name: str) -> ImportReport | None:
        """Hand out what comes of a recipe, or the last report there was, so that all stays to be edited."""
        report = self.report(recipe)
        if report is not None:
            self.waiting.drawn[name] = report
        return report or self.waiting.drawn.get(name)

    def report(self, recipe: Recipe) -> ImportReport | None:
        """Build what would be kept, once per recipe."""
        waiting, text = self.waiting, recipe.to_yaml()
        if self.is_over or not waiting.is_ready(recipe):
            return None
        with self.told:
            if text not in waiting.tried:
                if not self.is_asked and not st.button(_("Look what comes of it"), key="try"):
                    self.is_over = True
                    return None
                self.is_asked = True
                waiting.tried[text] = self._tried(recipe, sha256(text.encode()).hexdigest())
            found = waiting.tried[text]
            if isinstance(found, JourneyError):
                self.is_over = True
                shell.tell(found)
                return None
        return found

    def _tried(self, recipe: Recipe, key: str) -> ImportReport | JourneyError:
        cancel, on_cancel = (_("Take other files"), discard) if self.waiting.is_small else (_("Cancel"), None)
        try:
            with progress_shown(_("Looking what comes of it …"), key, cancel, on_cancel) as progress:
                return cache.workspace().prepare(self.waiting.uploads, recipe, progress)
        except JourneyError as error:
            if self.waiting.tried:
                # The change that led to it may stand far below the place where it is told.
                st.toast(plain(error))
            return error


def _with_names(trial: _Trial, recipe: Recipe, tabs: Mapping[str, Any]) -> tuple[Recipe, ImportReport | None]:
    """Build what would be kept, and let names, stages and ids be corrected on it."""
    waiting = trial.waiting
    bare = replace(recipe, touchpoint_groups=(), touchpoint_names=(), touchpoint_stages=())
    before = trial.to_draw_on(bare, "before")
    with tabs["touchpoints"]:
        recipe = import_names.names(before, recipe, waiting.revision) if before else _later(waiting, recipe)
    named = before and trial.to_draw_on(replace(recipe, touchpoint_stages=()), "named")
    with tabs["stages"]:
        recipe = (
            import_names.stages(named, recipe, waiting.latest, waiting.revision) if named else _later(waiting, recipe)
        )
    with tabs["who"]:
        recipe = import_decisions.identity(named, recipe, waiting.revision) if named else _later(waiting, recipe)
    return recipe, trial.report(recipe)


def _later(waiting: Waiting, recipe: Recipe) -> Recipe:
    """Say when a part of the page comes; hand the recipe on as it is."""
    if waiting.is_ready(recipe) and not waiting.is_small:
        st.caption(_("The files are large: press “Look what comes of it” to see this before they are kept."))
    else:
        st.caption(_("This is shown once the journey can be built."))
    return recipe


# --- Going on ----------------------------------------------------------------------------------------------------


def _begin_anew(waiting: Waiting, text: str) -> None:
    """Take a recipe that a person wrote or chose as the new beginning."""
    recipe = Recipe.from_yaml(text).fitted(waiting.proposal.recipe)
    state.keep_upload(replace(waiting, recipe=recipe, latest=recipe, revision=waiting.revision + 1))
    st.rerun()


def _go(waiting: Waiting, recipe: Recipe, *, is_possible: bool) -> None:
    """Offer to keep it under a name, or to let it be."""
    known = cache.workspace().already_here(waiting.uploads)
    if known is not None:
        st.info(_("These files are here already, as “{name}”.").format(name=plain(known.name)))
    name = waiting.name
    *named, kept, other, _rest = st.columns(
        [4, 2, 2, 2] if waiting.into is None else [2, 2, 6], vertical_alignment="bottom"
    )
    for place in named:
        name = place.text_input(_("Name of the dataset"), value=name, key=_NAME, max_chars=80)
    is_ready = waiting.is_ready(recipe) and is_possible
    go = kept.button(_("Show the journey"), type="primary", key="keep", disabled=not is_ready, width="stretch")
    other.button(_("Take other files"), key="discard", on_click=discard, width="stretch")
    state.keep_upload(replace(waiting, latest=recipe, name=name))
    if go:
        with shell.told_here():
            _keep(waiting, recipe, name)


def _keep(waiting: Waiting, recipe: Recipe, name: str) -> None:
    with progress_shown(_("Building the journey …"), "keeping") as progress:
        info = cache.workspace().keep(
            waiting.uploads,
            recipe,
            name.strip() or waiting.name,
            progress,
            dataset_id=waiting.into.id if waiting.into else None,
        )
    state.forget_upload()
    filters.choose_dataset(info.id)
    navigation.go_to("overview")


def _name_of(proposal: Proposal) -> str:
    """Call the dataset like the file that holds the interactions."""
    tables = proposal.recipe.tables
    interacting = [table.table for table in tables if table.is_interacting and table.export != EARLIER_VERSION]
    return Path(next(iter(interacting), proposal.name)).stem
