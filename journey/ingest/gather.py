"""The files and tables of one import: staged, unfolded, recognised, and put under each other where they are alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from journey.engine import Draft, quoted
from journey.errors import ArgumentError
from journey.ingest.build import Progress, Sources
from journey.ingest.exports import Export, recognised
from journey.ingest.files.headers import distinct_names
from journey.ingest.files.nested import unfolded
from journey.ingest.files.staging import (
    StagedTable,
    is_frame,
    keep_list,
    kept_list,
    stack,
    stage_file,
    stage_frame,
    unnamed,
)
from journey.ingest.formats import sha256_of
from journey.ingest.mapping import Mapping
from journey.ingest.previous import stage_version
from journey.ingest.report import TakenFile
from journey.ingest.wide_rows import wide_rows
from journey.language import _, number

_BIG_FILE_SHARE = 0.75
_N_FIRST_ROWS = 20


@dataclass(frozen=True)
class Hint:
    """What is known of a table before its columns are looked into: its export, its kind, or all of it.

    `currency` is that of the amounts that are there, where it is a version that files are added to.
    """

    export: Export | None = None
    kind: str | None = None
    mapping: Mapping | None = None
    currency: str | None = None


@dataclass(frozen=True)
class Gathered:
    """The sources of an import, with a hint for each table."""

    sources: Sources
    hints: tuple[Hint, ...]


def stage_given(
    draft: Draft, scratch: Path, source: object, customers: object = None, spend: object = None
) -> Gathered:
    """Stage what a caller handed over."""
    staged: list[StagedTable] = []
    files: list[TakenFile] = []
    kinds: dict[str, str] = {}
    for kind, given in (("interactions", source), ("customers", customers), ("spend", spend)):
        if given is None and kind != "interactions":
            continue
        if is_frame(given):
            found = [stage_frame(draft, f"raw_{kind}", given, unnamed(kind))]
        else:
            paths = _paths(given)
            found, taken = _staged(draft, f"raw_{kind}", paths, [path.name for path in paths], scratch)
            files += taken
        kinds |= {each.table: kind for each in found if kind != "interactions"}
        staged += found
    return _together(draft, staged, files, kinds)


def gathered(
    draft: Draft,
    paths: Sequence[Path],
    names: Sequence[str],
    scratch: Path,
    progress: Progress | None = None,
    into: Path | None = None,
) -> Gathered:
    """Stage files, and bring together the tables that belong together.

    `into` is the directory of a version that they are added to: its content is staged beside them.

    Raises
    ------
    FileUnreadableError
        When a file is missing, empty or no table.
    """
    staged, files = _staged(draft, "raw", paths, names, scratch, progress)
    gathered = _together(draft, staged, files, {})
    if into is None:
        return gathered
    earlier = stage_version(draft, into)
    before = tuple(table for table, _mapping in earlier.tables)
    hints = tuple(Hint(mapping=mapping, currency=earlier.currency) for _table, mapping in earlier.tables)
    return Gathered(replace(gathered.sources, tables=(*before, *gathered.sources.tables)), (*hints, *gathered.hints))


def _paths(source: object) -> list[Path]:
    if isinstance(source, str | Path):
        return [Path(source)]
    if isinstance(source, list | tuple) and source and all(isinstance(each, str | Path) for each in source):
        return [Path(each) for each in source]
    kinds = [_("a path"), _("several paths"), _("a DataFrame"), _("an Arrow table")]
    raise ArgumentError.not_one_of("source", type(source).__name__, kinds)


def _staged(
    draft: Draft,
    prefix: str,
    paths: Sequence[Path],
    names: Sequence[str],
    scratch: Path,
    progress: Progress | None = None,
) -> tuple[list[StagedTable], list[TakenFile]]:
    staged: list[StagedTable] = []
    files: list[TakenFile] = []
    n_bytes = [path.stat().st_size if path.is_file() else 0 for path in paths]
    for position, (path, name) in enumerate(zip(paths, names, strict=True)):
        before, share = sum(n_bytes[:position]) / max(1, sum(n_bytes)), n_bytes[position] / max(1, sum(n_bytes))
        advanced = None if progress is None else _heard(progress, before, share, name)
        found = stage_file(draft, f"{prefix}_{position}", path, name, scratch, advanced)
        files.append(TakenFile(name, sha256_of(path), sum(each.n_rows for each in found)))
        staged += found
    return staged, files


def _heard(progress: Progress, before: float, share: float, name: str) -> Callable[[int], None]:
    def advanced(n_rows: int) -> None:
        # How many rows there will be is not known: the bar nears its end and never reaches it.
        nearing = n_rows / (n_rows + 500_000)
        progress(
            _BIG_FILE_SHARE * (before + share * nearing), _("{name}: {n} rows").format(name=name, n=number(n_rows))
        )

    return advanced


def _together(
    draft: Draft, staged: Sequence[StagedTable], files: Sequence[TakenFile], kinds: dict[str, str]
) -> Gathered:
    """Recognise each table, and put tables with the same columns under each other.

    The order is that of their content, so that the order in which they were given changes nothing.
    """
    alike: dict[tuple[object, ...], tuple[Hint, list[StagedTable]]] = {}
    for each in staged:
        whole = unfolded(draft, each)
        export = recognised(whole.header, first_rows(draft, whole, _N_FIRST_ROWS))
        prepared = whole if export is None else export.prepared(draft, whole)
        hint = Hint(export, kinds.get(each.table))
        # Files that are cut differently come from different tools, which may write dates and amounts differently.
        key = (export and export.name, hint.kind, frozenset(prepared.header), prepared.separator)
        alike.setdefault(key, (hint, []))[1].append(prepared)
    found = [(stack(draft, f"table_{position}", parts), hint) for position, (hint, parts) in enumerate(alike.values())]
    found.sort(key=lambda each: (each[0].sha256, each[0].name))
    # Files of the same name are told apart everywhere, in the report, the recipe, and where ids are compared.
    names = distinct_names([table.name for table, _hint in found])
    tables = tuple(replace(table, name=name) for (table, _hint), name in zip(found, names, strict=True))
    taken = tuple(sorted(files, key=lambda file: (file.sha256, file.name)))
    return Gathered(Sources(tables, taken), tuple(hint for _table, hint in found))


def first_rows(draft: Draft, staged: StagedTable, n_rows: int, longest: int = 4_000) -> tuple[tuple[str, ...], ...]:
    """Take the cells of the first rows."""
    cells = [f"coalesce({column}, '')[1:{longest}]" for column in staged.columns]
    whole = f"FROM {quoted(staged.table)} WHERE ragged IS NULL"
    return tuple(wide_rows(draft, cells, f"{whole} ORDER BY line LIMIT {n_rows}"))


# --- Between the two steps ---------------------------------------------------------------------------------------


def keep_sources(scratch: Path, sources: Sources) -> None:
    """Write down what was staged, for the second step."""
    held = {
        "tables": [staged.to_dict() for staged in sources.tables],
        "files": [asdict(file) for file in sources.files],
    }
    keep_list(scratch, held)


def kept_sources(scratch: Path) -> Sources:
    held = kept_list(scratch)
    return Sources(
        tables=tuple(StagedTable.from_dict(staged) for staged in held["tables"]),
        files=tuple(TakenFile(**file) for file in held["files"]),
    )
