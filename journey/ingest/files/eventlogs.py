"""XES event logs as tables: a row for each event, with the attributes of its trace before its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from journey.errors import FileUnreadableError
from journey.ingest.files.headers import distinct_names
from journey.ingest.files.markup import parser, read_through
from journey.ingest.files.tables import Reading, Row, TextTable, batches_of_rows, require_few_columns
from journey.language import _, number

_CHUNK_BYTES = 1 << 18
_VALUES = frozenset({"string", "date", "int", "float", "boolean", "id"})
_OF_TRACE = "case:"
#: The attributes of an event, those of its trace among them; None where a trace ends that has no event.
_Event = dict[str, str] | None


def event_log_table(path: Path, name: str) -> TextTable:
    """Open an XES log; it is read twice, for its attributes and for its events."""
    of_traces: dict[str, None] = {}
    of_events: dict[str, None] = {}
    for event in _events(path, name):
        for key in event or ():
            (of_traces if key.startswith(_OF_TRACE) else of_events)[key] = None
        require_few_columns(name, len(of_traces) + len(of_events))
    columns = [*of_traces, *of_events]
    if not columns:
        raise FileUnreadableError.no_table(name, _("the log holds no event"))
    reading = Reading()

    def rows() -> Iterator[Row]:
        n_events, n_empty = 0, 0
        for event in _events(path, name):
            if event is None:
                n_empty += 1
                continue
            n_events += 1
            yield n_events, [event.get(column) for column in columns]
        if n_empty:
            reading.note("TRACES_EMPTY", _("Traces without any event, left out: {n}.").format(n=number(n_empty)))

    return TextTable("", distinct_names(columns), batches_of_rows(rows(), len(columns)), reading)


def _events(path: Path, name: str) -> Iterator[_Event]:
    log = _Log()
    made = parser(name, log.begun, log.ended)
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            read_through(made, [chunk], name, is_end=False)
            yield from log.taken()
        read_through(made, [], name)
        yield from log.taken()


class _Log:
    """What the parser has met since it was last asked."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._found: list[_Event] = []
        self._trace: dict[str, str] = {}
        self._event: dict[str, str] = {}
        self._events: list[dict[str, str]] = []

    def taken(self) -> list[_Event]:
        found, self._found = self._found, []
        return found

    def begun(self, tag: str, attributes: dict[str, str]) -> None:
        inside = self._open[-1] if self._open else ""
        if tag in _VALUES and inside in ("trace", "event") and "key" in attributes:
            stem, holder = (_OF_TRACE, self._trace) if inside == "trace" else ("", self._event)
            holder[stem + attributes["key"]] = attributes.get("value", "")
        self._open.append(tag)

    def ended(self, tag: str) -> None:
        self._open.pop()
        if tag == "event":
            (self._events if "trace" in self._open else self._found).append(self._event)
            self._event = {}
        elif tag == "trace":
            # An attribute of the trace may stand behind its events.
            self._found.extend([self._trace | event for event in self._events] or [None])
            self._trace, self._events = {}, []
