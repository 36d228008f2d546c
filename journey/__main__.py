"""The command line: `journey import`, `journey report`, `journey demo`, `journey publish`."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from journey.errors import ArgumentError, FileUnreadableError, JourneyError, MappingError
from journey.language import _, day, ngettext, number

if TYPE_CHECKING:
    from journey.ingest.proposal import Proposal
    from journey.ingest.recipe import Recipe
    from journey.workspace import DatasetInfo, Upload, Workspace

REPORT_SUFFIXES = (".html", ".json")
EXIT_WRONG_INPUT = 2
EXIT_INTERRUPTED = 130


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    whole = argparse.ArgumentParser(
        prog="journey", description=_("From customer interactions to personas, flows, funnels, feelings and a map.")
    )
    commands = whole.add_subparsers(required=True, metavar=_("COMMAND"))

    importing = commands.add_parser("import", help=_("Say what was recognised, kept and set aside, and why."))
    _add_sources(importing)
    importing.add_argument("--json", action="store_true", help=_("Say it as JSON."))
    importing.add_argument("--keep", metavar=_("NAME"), help=_("Keep it under this name, where the app finds it."))
    importing.set_defaults(run=_import)

    reporting = commands.add_parser("report", help=_("Write findings, map and charts to one file."))
    _add_sources(reporting)
    reporting.add_argument("--out", type=Path, required=True, metavar=_("FILE"), help=_("An .html or a .json file."))
    reporting.set_defaults(run=_report)

    showing = commands.add_parser("demo", help=_("Write the files of the sample company."))
    showing.add_argument("--out", type=Path, required=True, metavar=_("DIR"), help=_("The folder to write to."))
    showing.set_defaults(run=_demo)

    publishing = commands.add_parser("publish", help=_("Serve shared dashboards to others, and nothing else."))
    publishing.add_argument("place", metavar=_("HOST:PORT"), help=_("Where to listen, as in 0.0.0.0:8600."))
    publishing.set_defaults(run=_publish)
    return whole


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; 0 when it worked, 2 with a sentence on stderr when the input has to be mended."""
    # A breakdown while reading is told in a sentence; its traceback is for those who collect logs.
    logging.getLogger("journey").addHandler(logging.NullHandler())
    arguments = parser().parse_args(argv)
    run: Callable[[argparse.Namespace], None] = arguments.run
    try:
        run(arguments)
        # Here it is known what to do when nobody reads it any more.
        sys.stdout.flush()
    except JourneyError as error:
        print(_plain(str(error)), file=sys.stderr)
        return EXIT_WRONG_INPUT
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # Who reads has enough, as `head` does; Python would complain of it once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _add_sources(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "files", nargs="+", type=Path, metavar=_("FILE"), help=_("Files that belong together, in any format.")
    )
    command.add_argument("--recipe", type=Path, metavar=_("FILE"), help=_("A recipe.yaml of an earlier import."))


# --- The commands ------------------------------------------------------------------------------------------------


def _import(arguments: argparse.Namespace) -> None:
    with _imported(arguments, arguments.keep) as imported:
        dataset = imported.workspace.open(imported.info.id, imported.info.version)
        report = dict(dataset.report)
        dataset.engine.close()
    if arguments.json:
        print(json.dumps(_as_json(imported, report), indent=2))
    else:
        for line in _as_text(imported, report):
            print(_plain(line))


def _report(arguments: argparse.Namespace) -> None:
    if arguments.out.suffix.lower() not in REPORT_SUFFIXES:
        raise ArgumentError.not_one_of("--out", arguments.out.suffix, REPORT_SUFFIXES)
    if not arguments.out.absolute().parent.is_dir():
        raise FileUnreadableError.missing(str(arguments.out.parent))
    from journey.reports import write_report

    with _imported(arguments) as imported:
        dataset = imported.workspace.open(imported.info.id, imported.info.version)
        try:
            write_report(dataset, arguments.out)
        finally:
            dataset.engine.close()
    print(arguments.out)


def _demo(arguments: argparse.Namespace) -> None:
    from journey.demo import demo_files

    for path in demo_files(arguments.out):
        print(path)


def _publish(arguments: argparse.Namespace) -> None:
    from journey.sharing.addresses import Place
    from journey.sharing.publisher import serve

    place = Place.named(arguments.place, "publish")
    serve(place.host, place.port)


# --- Importing ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Imported:
    workspace: Workspace
    proposal: Proposal
    info: DatasetInfo
    is_kept: bool


@contextmanager
def _imported(arguments: argparse.Namespace, keep_as: str | None = None) -> Iterator[_Imported]:
    """Import the files: for good under a name, or without one for as long as the block lasts."""
    from journey.workspace import Workspace, default_home

    recipe = _recipe(arguments.recipe)
    with tempfile.TemporaryDirectory(prefix="journey-") as passing:
        workspace = Workspace(Path(passing) if keep_as is None else default_home())
        uploads: list[Upload] = []
        try:
            # One by one: what was spooled before another failed is discarded, too.
            uploads.extend(_spooled(workspace, path) for path in arguments.files)
            proposal = workspace.inspect(uploads, _said)
            chosen = proposal.recipe if recipe is None else recipe.fitted(proposal.recipe)
            _require_answers(proposal, chosen, as_json=getattr(arguments, "json", False))
            info = workspace.keep(uploads, chosen, keep_as or uploads[0].name, _said)
        finally:
            workspace.discard(uploads)
            _said(1.0, "")
        yield _Imported(workspace, proposal, info, keep_as is not None)


def _require_answers(proposal: Proposal, recipe: Recipe, *, as_json: bool) -> None:
    """Raise `MappingError` when something has to be said first; programs are told what was recognised all the same."""
    from journey.ingest.guard.tasks import proposal_json

    asked = proposal.unanswered(recipe)
    if not asked:
        return
    if as_json:
        print(json.dumps({"recognised": proposal_json(proposal), "report": None, "dataset": None}, indent=2))
    answers = [f"{json.dumps(choice.value)} ({choice.words})" for choice in asked[0].choices]
    raise MappingError.unanswered(asked[0].text, asked[0].setting, answers)


def _recipe(path: Path | None) -> Recipe | None:
    from journey.ingest.recipe import Recipe

    if path is None:
        return None
    with _readable(path):
        return Recipe.from_yaml(path.read_text("utf-8"))


def _spooled(workspace: Workspace, path: Path) -> Upload:
    with _readable(path), path.open("rb") as stream:
        return workspace.spool(path.name, stream)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise FileUnreadableError.missing(str(path)) from error
    except UnicodeDecodeError as error:
        raise FileUnreadableError.not_a_table(str(path), _("not text")) from error
    except (IsADirectoryError, PermissionError) as error:
        raise FileUnreadableError.damaged(str(path), error.strerror or str(error)) from error


def _said(share: float, what: str) -> None:
    """Tell people at a terminal how far it is; files and pipes get the result only."""
    if sys.stderr.isatty():
        line = f"{number(share * 100)} % {what}" if what else ""
        print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)


# --- Saying what came of it --------------------------------------------------------------------------------------


def _as_json(imported: _Imported, report: dict[str, Any]) -> dict[str, Any]:
    from journey.ingest.guard.tasks import proposal_json

    info = imported.info
    kept = {"id": info.id, "version": info.version, "name": info.name} if imported.is_kept else None
    return {"recognised": proposal_json(imported.proposal), "report": report, "dataset": kept}


def _as_text(imported: _Imported, report: dict[str, Any]) -> Iterator[str]:
    from journey.ingest.proposal import role_words

    for table in imported.proposal.tables:
        yield f"{table.name}: {table.sentence}"
        for column in table.columns:
            yield f"  {column.header}: {role_words(column.role)} ({column.reason})"
    for note in report["notes"]:
        yield note["text"]
    info = imported.info
    customers = ngettext("{n} customer", "{n} customers", info.customers)
    interactions = ngettext("{n} interaction", "{n} interactions", info.interactions)
    yield f"{customers}, {interactions}, {day(info.first)} – {day(info.last)}"
    if imported.is_kept:
        yield _("Kept as “{name}”.").format(name=info.name)
    else:
        yield _("Nothing was kept. Add --keep NAME to find it in the app.")


def _plain(text: str) -> str:
    """Text from data must not steer the terminal."""
    return "".join(character if character.isprintable() else "·" for character in text)


if __name__ == "__main__":
    sys.exit(main())
