"""A source becomes a dataset: at once in a notebook, in two steps with a confirmation between them in the app."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Mapping as Given
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from journey.engine import Draft
from journey.errors import ArgumentError
from journey.facts import DATABASE_FILE, RECIPE_FILE
from journey.ingest.build import Progress, build_version, drop_staged, require_fitting
from journey.ingest.files.staging import STAGED_FILE
from journey.ingest.gather import gathered, keep_sources, kept_sources, stage_given
from journey.ingest.guard.limits import engine_memory
from journey.ingest.previous import EARLIER_PEOPLE, continued, spaces_of
from journey.ingest.proposal import Proposal
from journey.ingest.propose import propose
from journey.ingest.recipe import Recipe
from journey.ingest.report import ImportReport
from journey.language import _

if TYPE_CHECKING:
    # Loaded only by who hands over a DataFrame or asks the dataset: the process that reads an upload does neither.
    import pandas as pd
    import pyarrow as pa

    from journey.dataset import Dataset

Source: TypeAlias = "str | Path | Sequence[str | Path] | pd.DataFrame | pa.Table"
Table: TypeAlias = "str | Path | pd.DataFrame | pa.Table"


def load(
    source: Source,
    *,
    customers: Table | None = None,
    spend: Table | None = None,
    mapping: Recipe | Given[str, Any] | None = None,
    stages: Sequence[str] | Given[str, str] | None = None,
) -> Dataset:
    """Read interactions, recognise what their columns stand for, and build a dataset of them.

    Parameters
    ----------
    source
        A file in any format that `docs/your-data.md` names, several of them that belong together, a DataFrame or an
        Arrow table. What each table holds is told by its columns.
    customers
        One row per customer; its columns become attributes. It is joined by its ids.
    spend
        One row per day and channel or campaign, with its cost.
    mapping
        What to take instead of the guess: role → header (`{"customer_id": "user"}`; several headers as a list),
        settings of `Mapping` and entries of `Recipe` by their name (`{"day_first": True}`); or a whole `Recipe`.
    stages
        The stages in order, or touchpoint → stage.

    Returns
    -------
    Dataset
        `dataset.report` tells what was recognised, kept, set aside, and why. Its files are temporary: they are gone
        when the dataset is.

    Raises
    ------
    FileUnreadableError
        When a file is missing, empty or no table.
    MappingError
        When nothing says who, when or what, or when a date can be read in two ways. Amounts that can be are unknown,
        and the report says so.
    UnknownNameError
        When the mapping names a column that does not exist.
    ArgumentError
        When the source is of a kind that can't be read, or the mapping names a role that does not exist.

    Examples
    --------
    >>> import pandas as pd
    >>> import journey
    >>> visits = pd.DataFrame(
    ...     {
    ...         "user": ["ana", "ana", "ben"],
    ...         "when": ["2025-03-01 10:00", "2025-03-01 10:05", "2025-03-02 09:00"],
    ...         "event": ["Pricing page", "Purchase", "Pricing page"],
    ...     }
    ... )
    >>> dataset = journey.load(visits)
    >>> dataset.summary.customers, dataset.summary.interactions
    (2, 3)
    """
    folder = Path(tempfile.mkdtemp(prefix="journey-"))
    try:
        draft = Draft(folder / DATABASE_FILE)
        try:
            given = stage_given(draft, folder, source, customers, spend)
            sources = given.sources
            chosen = _recipe(mapping, stages, propose(draft, given).recipe)
            require_fitting(sources.tables, chosen)
            build_version(draft, sources, chosen, folder, _unheard)
            drop_staged(draft, sources)
            draft.save()
        finally:
            draft.close()
        from journey.dataset import Dataset

        dataset = Dataset.open(folder)
    except BaseException:  # whatever ended it, an interrupt too: nothing half-built stays, and it goes on upwards
        shutil.rmtree(folder, ignore_errors=True)
        raise
    weakref.finalize(dataset.engine, shutil.rmtree, folder, ignore_errors=True)
    return dataset


def inspect(
    paths: Sequence[Path],
    scratch_dir: Path,
    progress: Progress | None = None,
    *,
    names: Sequence[str] | None = None,
    into: Path | None = None,
) -> Proposal:
    """Read files into `scratch_dir` and propose what to do with them.

    `names` is what the person calls the files; `into` is the directory of a version that they are added to.
    """
    heard = progress or _unheard
    draft = Draft(scratch_dir / STAGED_FILE, memory_limit=engine_memory())
    try:
        heard(0.0, _("Reading"))
        found = gathered(draft, paths, names or [path.name for path in paths], scratch_dir, heard, into)
        heard(0.8, _("Recognising the columns"))
        proposal = propose(draft, found)
        if into is not None:
            known = Recipe.from_yaml((into / RECIPE_FILE).read_text("utf-8"))
            proposal = replace(proposal, recipe=continued(known, proposal.recipe))
        draft.save()
    finally:
        draft.close()
    keep_sources(scratch_dir, found.sources)
    heard(1.0, _("Read"))
    return proposal


def build(scratch_dir: Path, recipe: Recipe, target_dir: Path, progress: Progress | None = None) -> ImportReport:
    """Build a dataset version in `target_dir` from what `inspect` left in `scratch_dir`."""
    sources = kept_sources(scratch_dir)
    require_fitting(sources.tables, recipe)
    draft = Draft(target_dir / DATABASE_FILE, memory_limit=engine_memory())
    try:
        draft.attach(scratch_dir / STAGED_FILE, "staged")
        for staged in sources.tables:
            draft.execute(f"CREATE TEMP VIEW {staged.table} AS SELECT * FROM staged.{staged.table}")
        if any(spaces_of(mapping) for mapping in recipe.tables):
            draft.execute(f"CREATE TEMP VIEW {EARLIER_PEOPLE} AS SELECT * FROM staged.{EARLIER_PEOPLE}")
        report = build_version(draft, sources, recipe, target_dir, progress or _unheard)
        draft.save()
        return report
    finally:
        draft.close()


def _unheard(share: float, what: str) -> None:
    """Take progress that nobody asked for."""


def _recipe(
    given: Recipe | Given[str, Any] | None,
    stages: Sequence[str] | Given[str, str] | None,
    proposed: Recipe,
) -> Recipe:
    chosen = given.fitted(proposed) if isinstance(given, Recipe) else proposed.with_given(given or {})
    if stages is None:
        return chosen
    if isinstance(stages, str):
        raise ArgumentError.not_one_of("stages", stages, [_("a list of stages"), _("touchpoint → stage")])
    if isinstance(stages, Given):
        return chosen.with_given({"touchpoint_stages": dict(stages)})
    return chosen.with_given({"stages": list(stages)})
