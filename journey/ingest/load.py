"""A source becomes a dataset: at once in a notebook, in two steps with a confirmation between them in the app."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Mapping as Given
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd
import pyarrow as pa

from journey.dataset import DATABASE_FILE, Dataset
from journey.engine import Draft
from journey.errors import ArgumentError
from journey.ingest.build import Progress, Sources, build_version, drop_staged
from journey.ingest.gather import gathered, keep_sources, kept_sources, stage_given
from journey.ingest.mapping import Mapping
from journey.ingest.proposal import Proposal
from journey.ingest.propose import propose
from journey.ingest.report import ImportReport
from journey.ingest.staging import STAGED_FILE
from journey.language import _

_SMALL_ROWS = 100_000

Source: TypeAlias = str | Path | Sequence[str | Path] | pd.DataFrame | pa.Table
Table: TypeAlias = str | Path | pd.DataFrame | pa.Table


def load(
    source: Source,
    *,
    customers: Table | None = None,
    spend: Table | None = None,
    mapping: Mapping | Given[str, Any] | None = None,
    stages: Sequence[str] | Given[str, str] | None = None,
) -> Dataset:
    """Read interactions, recognise what their columns stand for, and build a dataset of them.

    Parameters
    ----------
    source
        A delimited file (also packed with gzip), several of them, a DataFrame or an Arrow table: one row per
        interaction. Among several files a table of customers and one of spend are recognised.
    customers
        One row per customer; its columns become attributes. It is joined by the column that holds the ids.
    spend
        One row per day and channel or campaign, with its cost.
    mapping
        What to take instead of the guess: role → header (`{"customer_id": "user"}`; several headers as a list) and
        settings of `Mapping` by their name (`{"day_first": True}`); or a whole `Mapping`.
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
        When nothing says who, when or what, or when a date or number can be read in two ways.
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
            sources = stage_given(draft, folder, source, customers, spend)
            is_small = sources.interactions.n_rows < _SMALL_ROWS
            if is_small:
                # One transaction instead of sixty: the disk would take longer than the work. A large table is read on
                # all cores only outside of the transaction that wrote it.
                draft.execute("BEGIN")
            chosen = _mapping(mapping, stages, draft, sources)
            build_version(draft, sources, chosen, folder, _unheard)
            drop_staged(draft, sources)
            if is_small:
                draft.execute("COMMIT")
        finally:
            draft.close()
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
    kinds: Sequence[str] | None = None,
) -> Proposal:
    """Read files into `scratch_dir` and propose what to do with them.

    `names` is what the person calls the files; `kinds` says of each whether it holds `interactions`, `customers` or
    `spend`, which is told from its columns otherwise.
    """
    heard = progress or _unheard
    draft = Draft(scratch_dir / STAGED_FILE)
    try:
        heard(0.0, _("Reading"))
        sources, notes = gathered(draft, paths, names or [path.name for path in paths], scratch_dir, heard, kinds)
        heard(0.8, _("Recognising the columns"))
        proposal = propose(draft, sources.interactions, notes)
    finally:
        draft.close()
    keep_sources(scratch_dir, sources)
    heard(1.0, _("Read"))
    return proposal


def build(scratch_dir: Path, mapping: Mapping, target_dir: Path, progress: Progress | None = None) -> ImportReport:
    """Build a dataset version in `target_dir` from what `inspect` left in `scratch_dir`."""
    sources = kept_sources(scratch_dir)
    draft = Draft(target_dir / DATABASE_FILE)
    try:
        draft.attach(scratch_dir / STAGED_FILE, "staged")
        for staged in (sources.interactions, sources.customers, sources.spend):
            if staged is not None:
                draft.execute(f"CREATE TEMP VIEW {staged.table} AS SELECT * FROM staged.{staged.table}")
        return build_version(draft, sources, mapping, target_dir, progress or _unheard)
    finally:
        draft.close()


def _unheard(share: float, what: str) -> None:
    """Take progress that nobody asked for."""


def _mapping(
    given: Mapping | Given[str, Any] | None,
    stages: Sequence[str] | Given[str, str] | None,
    draft: Draft,
    sources: Sources,
) -> Mapping:
    if isinstance(given, Mapping):
        chosen = given
    else:
        chosen = propose(draft, sources.interactions).mapping.with_given(given or {})
    if stages is None:
        return chosen
    if isinstance(stages, str):
        raise ArgumentError.not_one_of("stages", stages, [_("a list of stages"), _("touchpoint → stage")])
    if isinstance(stages, Given):
        return chosen.with_given({"touchpoint_stages": dict(stages)})
    return chosen.with_given({"stages": list(stages)})
