"""The two tasks of an import that run in a guarded child process, seen from both of its sides."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from journey.ingest.guard.limits import Limits
from journey.ingest.guard.sandbox import Job, Json, Progress
from journey.language import listed

if TYPE_CHECKING:
    from journey.ingest.proposal import Proposal, TableProposal
    from journey.ingest.recipe import Recipe


@dataclass(frozen=True)
class Source:
    """A file to read: where it lies, and how the person knows it."""

    path: Path
    name: str


# --- In the server -----------------------------------------------------------------------------------------------


def inspect_guarded(
    room: Path, sources: Sequence[Source], progress: Progress | None = None, into: Path | None = None
) -> Proposal:
    """Read files and propose what their columns mean; what was read stays in `room` for `build_guarded`."""
    told = [{"path": str(source.path), "name": source.name} for source in sources]
    arguments = {"sources": told, "scratch": str(_scratch(room)), "into": None if into is None else str(into)}
    return _proposal(_answer("inspect", arguments, room, sources, progress))


def build_guarded(
    room: Path, sources: Sequence[Source], recipe: Recipe, target: Path, progress: Progress | None = None
) -> None:
    """Build a dataset version in the empty directory `target` from what was read in `room`."""
    arguments = {"scratch": str(_scratch(room)), "recipe": recipe.to_yaml(), "target": str(target)}
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


def inspect(progress: Progress, *, sources: list[dict[str, str]], scratch: str, into: str | None) -> Json:
    """Read files into an empty folder, and propose."""
    from journey.ingest import load

    folder = Path(scratch)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    paths = [Path(source["path"]) for source in sources]
    names = [source["name"] for source in sources]
    return proposal_json(load.inspect(paths, folder, progress, names=names, into=None if into is None else Path(into)))


def build(progress: Progress, *, scratch: str, recipe: str, target: str) -> Json:
    """Build a version from what was read."""
    from journey.ingest import load
    from journey.ingest.recipe import Recipe

    load.build(Path(scratch), Recipe.from_yaml(recipe), Path(target), progress)
    return {}


# --- In between --------------------------------------------------------------------------------------------------


def proposal_json(proposal: Proposal) -> Json:
    """Write a proposal as plain JSON."""
    return {name: held for name, held in asdict(proposal).items() if name != "recipe"} | {
        "recipe": proposal.recipe.to_yaml()
    }


def _proposal(held: Json) -> Proposal:
    from journey.ingest.proposal import Choice, Proposal, Question
    from journey.ingest.recipe import Recipe

    questions = [
        Question(**question | {"choices": tuple(Choice(**choice) for choice in question["choices"])})
        for question in held["questions"]
    ]
    return Proposal(
        name=held["name"],
        tables=tuple(map(_table, held["tables"])),
        recipe=Recipe.from_yaml(held["recipe"]),
        questions=tuple(questions),
        currencies=tuple(held["currencies"]),
    )


def _table(held: Json) -> TableProposal:
    from journey.ingest.proposal import ColumnProposal, TableProposal
    from journey.ingest.told import Note

    columns = [ColumnProposal(**column | {"examples": tuple(column["examples"])}) for column in held["columns"]]
    return TableProposal(
        **held
        | {
            "columns": tuple(columns),
            "first_rows": tuple(map(tuple, held["first_rows"])),
            "facts": tuple(map(tuple, held["facts"])),
            "notes": tuple(Note(**note) for note in held["notes"]),
        }
    )
