"""The two tasks of an import that run in a guarded child process, seen from both of its sides."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from journey.ingest.limits import Limits
from journey.ingest.sandbox import Job, Json, Progress
from journey.language import listed

if TYPE_CHECKING:
    from journey.ingest.mapping import Mapping
    from journey.ingest.proposal import Proposal


#: What the rows of a file are.
Kind = Literal["interactions", "customers", "spend"]


@dataclass(frozen=True)
class Source:
    """A file to read: where it lies, what its rows are, and how the person knows it."""

    path: Path
    kind: Kind
    name: str


# --- In the server -----------------------------------------------------------------------------------------------


def inspect_guarded(room: Path, sources: Sequence[Source], progress: Progress | None = None) -> Proposal:
    """Read files and propose what their columns mean; what was read stays in `room` for `build_guarded`."""
    told = [{"path": str(source.path), "kind": source.kind, "name": source.name} for source in sources]
    arguments = {"sources": told, "scratch": str(_scratch(room))}
    return _proposal(_answer("inspect", arguments, room, sources, progress))


def build_guarded(
    room: Path, sources: Sequence[Source], mapping: Mapping, target: Path, progress: Progress | None = None
) -> None:
    """Build a dataset version in the empty directory `target` from what was read in `room`."""
    arguments = {"scratch": str(_scratch(room)), "recipe": mapping.to_yaml(), "target": str(target)}
    _answer("build", arguments, room, sources, progress)


def _answer(task: str, arguments: Json, room: Path, sources: Sequence[Source], progress: Progress | None) -> Json:
    limits = Limits.for_files(sum(source.path.stat().st_size for source in sources))
    name = listed([source.name for source in sources])
    with Job(f"{__name__}:{task}", arguments, room / task, name, limits) as job:
        for step in job.progress():
            if progress is not None:
                progress(step.share, step.what)
        return job.result()


def _scratch(room: Path) -> Path:
    return room / "scratch"


# --- In the child ------------------------------------------------------------------------------------------------


def inspect(progress: Progress, *, sources: list[dict[str, str]], scratch: str) -> Json:
    """Read files into an empty folder, and propose."""
    from journey.ingest import load

    folder = Path(scratch)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    paths = [Path(source["path"]) for source in sources]
    names, kinds = ([source[told] for source in sources] for told in ("name", "kind"))
    return proposal_json(load.inspect(paths, folder, progress, names=names, kinds=kinds))


def build(progress: Progress, *, scratch: str, recipe: str, target: str) -> Json:
    """Build a version from what was read."""
    from journey.ingest import load
    from journey.ingest.mapping import Mapping

    load.build(Path(scratch), Mapping.from_yaml(recipe), Path(target), progress)
    return {}


# --- In between --------------------------------------------------------------------------------------------------


def proposal_json(proposal: Proposal) -> Json:
    """Write a proposal as plain JSON."""
    return asdict(proposal) | {"mapping": proposal.mapping.to_yaml()}


def _proposal(held: Json) -> Proposal:
    from journey.ingest.mapping import Mapping
    from journey.ingest.proposal import Choice, ColumnProposal, Proposal, Question

    columns = [ColumnProposal(**column | {"examples": tuple(column["examples"])}) for column in held["columns"]]
    questions = [
        Question(**question | {"choices": tuple(Choice(**choice) for choice in question["choices"])})
        for question in held["questions"]
    ]
    return Proposal(
        **held
        | {
            "mapping": Mapping.from_yaml(held["mapping"]),
            "columns": tuple(columns),
            "questions": tuple(questions),
            "first_rows": tuple(map(tuple, held["first_rows"])),
            "facts": tuple(map(tuple, held["facts"])),
            "notes": tuple(held["notes"]),
            "currencies": tuple(held["currencies"]),
        }
    )
