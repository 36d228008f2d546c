"""Text as a table: cut at its separators, or at fixed places where it has none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

import pyarrow as pa

from journey.errors import FileUnreadableError
from journey.ingest.files.blocks import batches_of
from journey.ingest.files.delimited import Dialect, Oddities, first_rows, read_layout, text_of
from journey.ingest.files.encodings import Encoding, encoding_of
from journey.ingest.files.fixed_width import fixed_width_table
from journey.ingest.files.layouts import Layout
from journey.ingest.files.tables import Reading, TextTable, in_layout, require_few_columns
from journey.language import _

_EVEN = 0.5
#: A single column with a longer name than so many words is a text.
_MOST_WORDS = 3


def text_table(path: Path, name: str, encoding: str | None = None) -> TextTable:
    """Open a text file as a table; `encoding` is what a person said it is written in."""
    with path.open("rb") as stream:
        found = Encoding(encoding) if encoding else encoding_of(stream)

    def opened() -> IO[str]:
        return text_of(path.open("rb"), found)

    with opened() as text:
        dialect, layout = read_layout(text)
    table = None
    if len(layout.header) < 2 or dialect.separator == " ":
        table = fixed_width_table(opened)
    if table is None:
        with opened() as text:
            _require_table(name, layout, [cells for _line, cells in first_rows(text, dialect)])
        table = _delimited(path, found, dialect, layout)
    table.reading.tell_encoding(found)
    return table


def _require_table(name: str, layout: Layout, rows: Sequence[Sequence[str]]) -> None:
    """Refuse text without a table in it: hardly a line is cut into as many cells as another, and all are words."""
    if not layout.header:
        raise FileUnreadableError.empty(name)
    width = len(layout.header)
    require_few_columns(name, width)
    n_whole = sum(len(cells) == width for cells in rows)
    is_letter = not any(layout.kinds) and n_whole < _EVEN * len(rows)
    is_column_of_sentences = width == 1 and len(layout.header[0].split()) > _MOST_WORDS
    if is_letter or is_column_of_sentences:
        raise FileUnreadableError.no_table(name, _("it holds text, but no rows of several cells"))


def _delimited(path: Path, encoding: Encoding, dialect: Dialect, layout: Layout) -> TextTable:
    reading = Reading(has_header=layout.has_header, separator=dialect.separator)
    reading.facts.append((_("Separator"), separator_words(dialect.separator)))
    reading.notes += [*dialect.notes(), *layout.notes]
    oddities = Oddities()
    batches = batches_of(path, encoding, dialect, len(layout.header), layout.last_line_before, oddities)

    def told() -> Iterator[pa.RecordBatch]:
        yield from in_layout(batches, layout, reading)
        reading.notes.extend(oddities.notes())

    return TextTable("", layout.header, told(), reading)


def separator_words(separator: str) -> str:
    """Name a separator."""
    names = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("bar"), " ": _("blank")}
    return names.get(separator, f"“{separator}”" if separator.isprintable() else f"U+{ord(separator[0]):04X}")
