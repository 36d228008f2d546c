"""A table of text cells on its way in, whatever kind of file it comes from, and what is told about reading it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import pyarrow as pa

from journey.errors import FileUnreadableError
from journey.ingest.files.blocks import schema_of
from journey.ingest.files.bodies import Leftovers, body
from journey.ingest.files.encodings import Encoding
from journey.ingest.files.layouts import Layout, SkippedLine
from journey.ingest.told import Note
from journey.language import _, number

MOST_COLUMNS = 2_000
_BATCH_ROWS = 20_000

#: A row's line and its cells; or the text of a row that is set aside.
Row = tuple[int, Sequence[str | None] | str]


@dataclass
class Reading:
    """What is told about a table; what only all rows can show is there once the last batch was handed out."""

    #: Words for what was found: (“Encoding”, “UTF-8”).
    facts: list[tuple[str, str]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    #: Rows of the table that are no interaction, by reason.
    skipped: Counter[str] = field(default_factory=Counter)
    #: Lines that are no row of the table, for the download; only so many are kept.
    skipped_lines: list[SkippedLine] = field(default_factory=list)
    has_header: bool = True
    separator: str | None = None
    #: Encodings that all make words of the letters, the one that was taken first; and lines as each reads them.
    encodings: tuple[str, ...] = ()
    encoding_examples: tuple[tuple[str, ...], ...] = ()

    def tell_encoding(self, encoding: Encoding) -> None:
        """Tell how the letters were read."""
        self.facts.insert(0, (_("Encoding"), encoding.shown))
        self.notes[:0] = encoding.notes()
        if encoding.rivals:
            self.encodings = (encoding.name, *encoding.rivals)
            self.encoding_examples = encoding.examples

    def note(self, code: str, text: str) -> None:
        self.notes.append(Note(code, text))


@dataclass(frozen=True)
class TextTable:
    """A table of text cells, its rows not read yet: the sheet or entry it is, its distinct headers, its batches."""

    title: str
    header: list[str]
    batches: Iterator[pa.RecordBatch]
    reading: Reading


def batches_of_rows(rows: Iterable[Row], width: int) -> Iterator[pa.RecordBatch]:
    """Put rows of text into batches; rows that are set aside come after the others of their batch.

    Cells that are missing at the end of a row are unknown.
    """
    rows = iter(rows)
    schema = schema_of(width)
    while some := list(islice(rows, _BATCH_ROWS)):
        whole = [(line, cells) for line, cells in some if not isinstance(cells, str)]
        ragged = [(line, text) for line, text in some if isinstance(text, str)]
        lines = [line for line, _cells in whole] + [line for line, _text in ragged]
        texts = [None] * len(whole) + [text for _line, text in ragged]
        columns = [
            [cells[position] if position < len(cells) else None for _line, cells in whole] + [None] * len(ragged)
            for position in range(width)
        ]
        yield pa.record_batch([pa.array(lines, pa.int64()), *map(_text_array, [texts, *columns])], schema=schema)


def table_in(title: str, layout: Layout, rows: Iterable[Row], reading: Reading) -> TextTable:
    """Open the table that a layout found; `rows` begins with the first row below its header."""
    reading.has_header = layout.has_header
    reading.notes.extend(layout.notes)
    return TextTable(
        title, layout.header, in_layout(batches_of_rows(rows, len(layout.header)), layout, reading), reading
    )


def in_layout(batches: Iterator[pa.RecordBatch], layout: Layout, reading: Reading) -> Iterator[pa.RecordBatch]:
    """Leave out what is no row of the table, and tell it."""
    leftovers = Leftovers()
    yield from body(batches, layout, leftovers)
    reading.skipped.update(leftovers.rows)
    reading.skipped_lines.extend(leftovers.lines)
    reading.notes.extend(leftovers.notes())


def _text_array(cells: list[str | None]) -> pa.Array:
    try:
        return pa.array(cells, pa.string())
    except UnicodeEncodeError:
        # Half of a sign that takes two, as `\\ud83d` in JSON that was cut: it is shown as the replacement sign.
        whole = [cell and cell.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for cell in cells]
        return pa.array(whole, pa.string())


def require_few_columns(name: str, n_columns: int) -> None:
    """Refuse a table that is wider than any export of interactions."""
    if n_columns > MOST_COLUMNS:
        raise FileUnreadableError.too_many_columns(name, number(n_columns), number(MOST_COLUMNS))
