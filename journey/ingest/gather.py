"""The files and tables of one import: which holds the interactions, which tells about customers, which about spend."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import pandas as pd
import pyarrow as pa

from journey.engine import Draft
from journey.errors import ArgumentError, FileUnreadableError, MappingError
from journey.ingest.aliases import ALIASES, rank
from journey.ingest.build import Progress, Sources
from journey.ingest.profiles import Profile, profiles
from journey.ingest.report import TakenFile
from journey.ingest.spend import is_spend
from journey.ingest.staging import StagedTable, keep_list, kept_list, stack, stage_file, stage_frame, unnamed
from journey.language import _, number

INTERACTIONS, CUSTOMERS, SPEND = "interactions", "customers", "spend"
_BIG_FILE_SHARE = 0.75
_MOSTLY = 0.5
#: In a table with fewer rows it proves nothing that no value comes again.
_FEW_ROWS = 20


def stage_given(draft: Draft, scratch: Path, source: object, customers: object = None, spend: object = None) -> Sources:
    """Stage what a caller handed over."""
    if isinstance(source, pd.DataFrame | pa.Table):
        sources = Sources(stage_frame(draft, _table(INTERACTIONS), source, unnamed(INTERACTIONS)))
    else:
        paths = _paths(source)
        sources, _notes = gathered(draft, paths, [path.name for path in paths], scratch)
    for kind, given in ((CUSTOMERS, customers), (SPEND, spend)):
        if given is not None:
            sources = _with(sources, kind, _stage_one(draft, kind, given, scratch))
    return sources


def _with(sources: Sources, kind: str, staged: StagedTable) -> Sources:
    files = (*sources.files, _file(staged)) if staged.is_file else sources.files
    if kind == CUSTOMERS:
        return replace(sources, customers=staged, files=files)
    return replace(sources, spend=staged, files=files)


def _file(staged: StagedTable) -> TakenFile:
    return TakenFile(staged.name, staged.sha256, staged.n_rows)


def _paths(source: object) -> list[Path]:
    if isinstance(source, str | Path):
        return [Path(source)]
    if isinstance(source, list | tuple) and source and all(isinstance(each, str | Path) for each in source):
        return [Path(each) for each in source]
    kinds = [_("a path"), _("several paths"), _("a DataFrame"), _("an Arrow table")]
    raise ArgumentError.not_one_of("source", type(source).__name__, kinds)


def _stage_one(draft: Draft, kind: str, source: object, scratch: Path) -> StagedTable:
    if isinstance(source, pd.DataFrame | pa.Table):
        return stage_frame(draft, _table(kind), source, unnamed(kind))
    [path] = _paths(source)
    return stage_file(draft, _table(kind), path, path.name, scratch)


def gathered(
    draft: Draft,
    paths: Sequence[Path],
    names: Sequence[str],
    scratch: Path,
    progress: Progress | None = None,
    kinds: Sequence[str] | None = None,
) -> tuple[Sources, list[str]]:
    """Stage files and tell what each holds, unless `kinds` says it.

    Raises
    ------
    FileUnreadableError
        When a file is missing, empty or no table.
    MappingError
        When none of several files holds interactions, or those that do have different columns.
    """
    staged: list[StagedTable] = []
    n_bytes = [path.stat().st_size if path.is_file() else 0 for path in paths]
    for position, (path, name) in enumerate(zip(paths, names, strict=True)):
        before, share = sum(n_bytes[:position]) / max(1, sum(n_bytes)), n_bytes[position] / max(1, sum(n_bytes))
        advanced = None if progress is None else _heard(progress, before, share, name)
        staged.append(stage_file(draft, f"file_{position}", path, name, scratch, advanced))
    if kinds is None:
        kinds = [INTERACTIONS] if len(staged) == 1 else [_kind(draft, each) for each in staged]
    tables: dict[str, StagedTable] = {}
    for kind in (INTERACTIONS, CUSTOMERS, SPEND):
        parts = [each for each, held in zip(staged, kinds, strict=True) if held == kind]
        _require_same_columns(parts)
        if parts:
            tables[kind] = stack(draft, _table(kind), parts)
    if INTERACTIONS not in tables:
        raise MappingError.no_column_for("touchpoint", [header for each in staged for header in each.header])
    files = tuple(_file(each) for each in staged)
    return Sources(tables[INTERACTIONS], tables.get(CUSTOMERS), tables.get(SPEND), files), _notes(tables)


def _heard(progress: Progress, before: float, share: float, name: str) -> Callable[[int], None]:
    def advanced(n_rows: int) -> None:
        # How many rows there will be is not known: the bar nears its end and never reaches it.
        nearing = n_rows / (n_rows + 500_000)
        progress(
            _BIG_FILE_SHARE * (before + share * nearing), _("{name}: {n} rows").format(name=name, n=number(n_rows))
        )

    return advanced


def _kind(draft: Draft, staged: StagedTable) -> str:
    """Tell what a table holds: spend by its columns, customers by an id that no two rows share."""
    if is_spend(staged.header):
        return SPEND
    columns = profiles(draft, staged)
    has_time = any(
        each.share_time > _MOSTLY and rank(each.header, ALIASES["timestamp"]) is not None for each in columns
    )
    has_unique_id = any(each.is_unique and rank(each.header, ALIASES["customer_id"]) is not None for each in columns)
    return CUSTOMERS if has_unique_id and not (has_time and any(map(_tells_events, columns))) else INTERACTIONS


def _tells_events(profile: Profile) -> bool:
    """Tell a column of events by its name; a weaker name, as `type` or `name`, also needs values that come again."""
    rating = rank(profile.header, ALIASES["touchpoint"])
    is_strong = rating is not None and rating < ALIASES["touchpoint"].index("type")
    return rating is not None and (is_strong or not profile.is_unique or profile.n_rows < _FEW_ROWS)


def _require_same_columns(parts: Sequence[StagedTable]) -> None:
    for other in parts[1:]:
        if set(other.header) != set(parts[0].header):
            raise FileUnreadableError.other_columns(other.name, parts[0].name)


def _table(kind: str) -> str:
    """Name the staged table; the finished ones go by the bare names."""
    return f"raw_{kind}"


def _notes(tables: dict[str, StagedTable]) -> list[str]:
    words = {CUSTOMERS: _("a table of customers"), SPEND: _("a table of spend")}
    return [
        _("“{name}” was taken as {what}, with {n} rows.").format(
            name=each.name, what=words[kind], n=number(each.n_rows)
        )
        for kind, each in tables.items()
        if kind in words
    ]


# --- Between the two steps ---------------------------------------------------------------------------------------


def keep_sources(scratch: Path, sources: Sources) -> None:
    """Write down what was staged, for the second step."""
    tables = {
        kind: staged.to_dict()
        for kind, staged in (
            (INTERACTIONS, sources.interactions),
            (CUSTOMERS, sources.customers),
            (SPEND, sources.spend),
        )
        if staged is not None
    }
    keep_list(scratch, {"tables": tables, "files": [asdict(file) for file in sources.files]})


def kept_sources(scratch: Path) -> Sources:
    held = kept_list(scratch)
    tables = {kind: StagedTable.from_dict(staged) for kind, staged in held["tables"].items()}
    files = tuple(TakenFile(**file) for file in held["files"])
    return Sources(tables[INTERACTIONS], tables.get(CUSTOMERS), tables.get(SPEND), files)
