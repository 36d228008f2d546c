"""A worksheet filled in by hand becomes rows with times: examples left out, rough dates and order made into times."""

from __future__ import annotations

import datetime
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import Final

import pyarrow as pa

from journey.engine import Draft, literal, quoted
from journey.errors import MappingError
from journey.ingest.cells.rough_dates import RoughDate, rough_date
from journey.ingest.files.staging import StagedTable
from journey.ingest.told import Note
from journey.ingest.worksheets.worksheet import EXAMPLE_MARK, WORKSHEET
from journey.language import _, day, number
from journey.vocabulary import FEELINGS

#: Columns that are added: the time by which rows are put in order, and the feeling as a number.
WORKED_OUT: Final[dict[str, str]] = {"When, in order": "timestamp", "Feeling, as a number": "emotion"}
EXAMPLE: Final = "example"
_MINUTE: Final = datetime.timedelta(minutes=1)
#: The day of everything in a worksheet without any date: no day on which anybody filled one in.
_NO_DAY: Final = datetime.datetime(2000, 1, 1)  # noqa: DTZ001 - no moment, a place in an order
_PLACE: Final = re.compile(r"([+\-−–]?)\s*([0-2])(?:[.,](\d+))?\s*\)?$")
_MINUS: Final = ("-", "−", "–")
_CLOCK: Final = re.compile(r"^(.*\d{4}),?\s+(\d{1,2}:\d{2}(?::\d{2})?)$")
_NEEDED: Final = ("Who", "When", "What")
_N_KNOWN: Final = 5


@dataclass
class _Line:
    line: int
    who: str
    written: str
    moment: datetime.datetime | None = None
    rough: RoughDate | None = None
    is_blank: bool = False
    has_zone: bool = False


def is_worksheet(header: tuple[str, ...] | list[str]) -> bool:
    """Tell the interactions of a worksheet by its columns; some may have been taken out and others added.

    >>> is_worksheet(["Who", "When", "What", "Where", "Feeling", "Team"]), is_worksheet(["Who", "When", "What"])
    (True, False)
    """
    return set(_NEEDED) <= set(header) and len(set(header) & set(WORKSHEET)) >= _N_KNOWN


def without_examples(draft: Draft, staged: StagedTable) -> StagedTable:
    """Leave out the rows that only show how it is done; they are counted as skipped."""
    who = f"trim(coalesce({staged.column('Who')}, ''))"
    is_example = f"ragged IS NULL AND ends_with(lower({who}), {literal(EXAMPLE_MARK)})"
    [(n_examples,)] = draft.rows(f"SELECT count(*) FROM {quoted(staged.table)} WHERE {is_example}")
    if not n_examples:
        return staged
    draft.execute(f"DELETE FROM {quoted(staged.table)} WHERE {is_example}")
    skipped = Counter(dict(staged.skipped)) + Counter({EXAMPLE: n_examples})
    return replace(staged, n_rows=staged.n_rows - n_examples, skipped=tuple(sorted(skipped.items())))


def prepared_worksheet(draft: Draft, staged: StagedTable) -> StagedTable:
    """Leave out examples, and add a column of times and one of feelings as numbers.

    A time that was written stays. A rough date stands for its first moment, or for a minute after the person's line
    before it where that lies within the same stretch. A line without a date stands a minute after the person's line
    before it, or before the one that follows; persons without any date stand on the first day of the worksheet. What is
    no date stays as it is, to be set aside.

    Raises
    ------
    MappingError
        When the examples are all there is.
    """
    staged = without_examples(draft, staged)
    if not staged.n_rows and dict(staged.skipped).get(EXAMPLE):
        raise MappingError.only_examples(staged.name)
    cells = ", ".join(f"coalesce(trim({staged.column(name)}), '')" for name in ("Who", "When"))
    found = draft.rows(f"SELECT line, {cells} FROM {quoted(staged.table)} ORDER BY line")
    lines = [_line(line, who, written) for line, who, written in found]
    people: dict[str, list[_Line]] = defaultdict(list)
    for each in lines:
        people[each.who].append(each)
    for each_person in people.values():
        _put_in_order(each_person)
    dated = [each.moment for each in lines if each.moment is not None]
    first = min(dated, default=_NO_DAY)
    undated = [each for each in people.values() if all(line.is_blank for line in each)]
    for each_person in undated:
        for place, line in enumerate(each_person):
            line.moment = first.replace(hour=0, minute=0, second=0, microsecond=0) + place * _MINUTE
    _add_columns(draft, staged, lines)
    header = (*staged.header, *WORKED_OUT)
    return replace(staged, header=header, notes=(*staged.notes, *_notes(lines, undated, first)))


def feeling_of_cell(cell: str) -> str:
    """Read a feeling as it is chosen or typed; what is none stays as it is.

    >>> [feeling_of_cell(cell) for cell in ("very bad (−2)", "+1", "Mixed", "1,5", "so so", "")]
    ['-2', '1', '0', '1.5', 'so so', '']
    """
    said = cell.strip()
    words = {word: place - 2 for place, (_low, word, _face) in enumerate(FEELINGS)}
    if said.casefold() in words:
        return str(words[said.casefold()])
    found = _PLACE.search(said)
    if found is None or (found.start() and not said.endswith(")")):
        return said
    size = f"{found[2]}.{found[3]}" if found[3] else found[2]
    return f"-{size}" if found[1] in _MINUS and float(size) else size


def _line(line: int, who: str, written: str) -> _Line:
    if not written:
        return _Line(line, who, written, is_blank=True)
    if (rough := rough_date(written)) is not None:
        return _Line(line, who, written, rough=rough)
    if (found := _CLOCK.match(written)) and (day_said := rough_date(found[1])) and day_said.is_day:
        written = f"{day_said.start:%Y-%m-%d} {found[2]:0>5}"
    try:
        moment = datetime.datetime.fromisoformat(written)
    except ValueError:
        return _Line(line, who, written)
    return _Line(line, who, written, moment.replace(tzinfo=None), has_zone=moment.tzinfo is not None)


def _put_in_order(lines: list[_Line]) -> None:
    """Give the lines of a person their times, as far as the dates in them reach."""
    before: datetime.datetime | None = None
    for line in lines:
        if line.rough is not None:
            next_minute = before + _MINUTE if before is not None else line.rough.start
            is_within = line.rough.start <= next_minute < line.rough.end
            line.moment = next_minute if is_within else line.rough.start
        elif line.is_blank and before is not None:
            line.moment = before + _MINUTE
        # Behind a date that can't be read nothing is known of the order in time.
        before = line.moment
    after: datetime.datetime | None = None
    for line in reversed(lines):
        if line.is_blank and line.moment is None and after is not None:
            line.moment = after - _MINUTE
        after = line.moment


def _add_columns(draft: Draft, staged: StagedTable, lines: list[_Line]) -> None:
    feelings = (
        draft.rows(f"SELECT coalesce({staged.column('Feeling')}, '') FROM {quoted(staged.table)} ORDER BY line")
        if "Feeling" in staged.header
        else [("",)] * len(lines)
    )
    places = [f"c{len(staged.header) + place}" for place in range(len(WORKED_OUT))]
    times = [line.written if line.moment is None or line.has_zone else str(line.moment) for line in lines]
    cells = {
        "line": pa.array([line.line for line in lines], pa.int64()),
        places[0]: pa.array(times, pa.string()),
        places[1]: pa.array([feeling_of_cell(cell) for (cell,) in feelings], pa.string()),
    }
    draft.take("worked_out", pa.table(cells))
    table, fresh = quoted(staged.table), quoted(f"{staged.table}_worked_out")
    draft.execute(f"CREATE TABLE {fresh} AS SELECT * FROM {table} JOIN worked_out USING (line) ORDER BY line")
    for statement in (f"DROP TABLE {table}", "DROP TABLE worked_out", f"ALTER TABLE {fresh} RENAME TO {table}"):
        draft.execute(statement)


def _notes(lines: list[_Line], undated: list[list[_Line]], first: datetime.datetime) -> tuple[Note, ...]:
    told: list[Note] = []
    n_rough = sum(line.rough is not None and not line.rough.is_day for line in lines)
    if n_rough:
        text = _("Dates that name no day, such as “March 2025”, taken as the beginning of what they name: {n}.")
        told.append(Note("DATES_ROUGH", text.format(n=number(n_rough))))
    n_undated = sum(map(len, undated))
    n_ordered = sum(line.is_blank and line.moment is not None for line in lines) - n_undated
    if n_ordered:
        text = _(
            "Lines without a date, put a minute beside the line of the same person next to them: {n}. How long such "
            "steps took is not known."
        )
        told.append(Note("ORDER_FOR_DATES", text.format(n=number(n_ordered))))
    if n_undated:
        text = _(
            "Lines of persons without any date, put on {day} in the order of the sheet, a minute apart: {n}. When "
            "this was, and how long it took, is not known."
        )
        told.append(Note("ORDER_FOR_DATES", text.format(day=day(first), n=number(n_undated))))
    return tuple(told)
