"""The body of a table without the lines in it that are no rows: repeated headers, totals, notes, a further table.

Batches without such lines pass as they are.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from journey.ingest.files.kinds import NUMBER, TIME, fit, is_no_value, kind_of
from journey.ingest.files.layouts import Layout, SkippedLine, is_rule, skipped_line, trimmed
from journey.ingest.told import Note
from journey.language import _, number

_N_LAST = 50
#: A download of left-out lines longer than this helps nobody; they are counted all the same.
_MOST_LINES_KEPT = 10_000
_N_TOLD = 5
_SENTENCE_WORDS = 4
#: Lines that are no rows of the table, and not rows of anything.
_NO_ROWS = ("blank", "rule", "preamble", "group_row")
_TOTAL = re.compile(
    r"(?:(?:grand|sub|report|overall)[\s-]?)?totals?\b|sum\b|summe\b|(?:gesamt|zwischen)(?:summe|ergebnis)?\b|gesamt\b"
    r"|total[eo]?\s+g[eé]n[eé]ral\w*|somme\b|suma\b|sumă\b|totale\b|totaal\b|totalt\b|razem\b|ogółem\b|összesen\b"
    r"|celkem\b|toplam\b|итого\b|всего\b|разом\b|σύνολο\b|المجموع|סה.כ|总计|合计|小计|總計|合計|総計|小計|합계|총계"
    r"|averages?\b|mean\b|count\b",
    re.IGNORECASE,
)
_FOOTNOTE = re.compile(
    r"\(?\s*[\d.,' ]+\s+(?:rows?|records?|lines?|zeilen|filas|lignes|wiersz\w*|rânduri|строк\w*)\b.*"
    r"|[*†‡§#©].*|\[\d+\].*"
    r"|(?:generated|exported|created|downloaded|printed|report|source|notes?|footnotes?|legend|end of|page|data"
    r"|erstellt|quelle|hinweis|stand|sursa|generat|fuente|nota|erzeugt|источник|примечание|注|备注|来源)\b.*|.*[:：].+|-{2,}.*",
    re.IGNORECASE | re.DOTALL,
)


@dataclass
class Leftovers:
    """Lines that are no rows of the table: how many for each reason, and the lines themselves."""

    counts: Counter[str] = field(default_factory=Counter)
    lines: list[SkippedLine] = field(default_factory=list)

    @property
    def rows(self) -> Counter[str]:
        """Count those that are rows of something, by reason; blank lines, rules and titles are not."""
        return Counter({reason: n for reason, n in self.counts.items() if reason not in _NO_ROWS})

    def add(self, line: SkippedLine) -> None:
        """Count a line, and keep it."""
        self.counts[line.reason] += 1
        if line.reason != "blank" and len(self.lines) < _MOST_LINES_KEPT:
            self.lines.append(line)

    def notes(self) -> list[Note]:
        """Tell what was left out of the body."""
        notes: list[Note] = []
        for code, reasons, text in (
            (
                "HEADER_REPEATED",
                ("repeated_header",),
                _("The header comes again within the table (lines {lines}): {n}."),
            ),
            ("FOOTER_SKIPPED", ("totals",), _("Totals at the end are no rows and were left out (lines {lines}): {n}.")),
            ("FOOTER_SKIPPED", ("footer",), _("Notes at the end are no rows and were left out (lines {lines}): {n}.")),
            (
                "SECOND_TABLE_SKIPPED",
                ("second_table",),
                _("Another table follows (lines {lines}); its lines were left out: {n}. To use it, save it by itself."),
            ),
        ):
            if n_lines := sum(self.counts[reason] for reason in reasons):
                told = [number(line.line) for line in self.lines if line.reason in reasons and line.line]
                listed = ", ".join(told[:_N_TOLD]) + (" …" if len(told) > _N_TOLD else "")
                notes.append(Note(code, text.format(lines=listed, n=number(n_lines))))
        return notes


def body(batches: Iterator[pa.RecordBatch], layout: Layout, leftovers: Leftovers) -> Iterator[pa.RecordBatch]:
    """Hand on the rows of a table's body; what is no row goes to `leftovers`.

    The batches are those of `blocks.schema_of`: line, ragged, cells. The last rows are held back until it is known
    that they are the last.
    """
    for line in layout.skipped:
        leftovers.add(line)
    state = _Body(layout, leftovers)
    held: deque[pa.RecordBatch] = deque()
    for batch in batches:
        held.append(state.without_lines(batch))
        while sum(each.num_rows for each in held) - held[0].num_rows >= _N_LAST:
            yield held.popleft()
    if held:
        last = held[0] if len(held) == 1 else pa.Table.from_batches(held).combine_chunks().to_batches()[0]
        yield state.without_footers(last)


class _Body:
    """Knows the columns, and whether a further table has begun."""

    def __init__(self, layout: Layout, leftovers: Leftovers) -> None:
        self._layout = layout
        self._leftovers = leftovers
        self._is_past_end = False
        self._is_after_gap = False
        self._width = len(layout.header)
        self._last_line = layout.last_line_before

    def without_lines(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Leave out blank lines, headers that come again, and a further table."""
        if not batch.num_rows:
            return batch
        reasons: dict[int, str] = {}
        self._mark_blank(batch, reasons)
        self._mark_headers(batch, reasons)
        self._mark_tables(batch, reasons)
        return self._without(batch, reasons)

    def without_footers(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Leave out the lines at the end of a table that are totals or notes."""
        order = np.argsort(batch.column(0).to_numpy())
        rows = [(int(place), self._cells(batch, int(place))) for place in order[-2 * _N_LAST :]]
        always = self._always_filled([cells for _place, cells in rows])
        reasons: dict[int, str] = {}
        for place, cells in reversed(rows[-_N_LAST:]):
            reason = self._footer_reason(cells, always, rows)
            if reason is None:
                break
            reasons[place] = reason
        return self._without(batch, reasons)

    def _mark_blank(self, batch: pa.RecordBatch, reasons: dict[int, str]) -> None:
        is_empty = pc.is_null(batch.column(1))
        for column in batch.columns[2:]:
            is_empty = pc.and_(is_empty, pc.fill_null(pc.equal(column, ""), True))
            if not pc.any(is_empty).as_py():
                return
        reasons.update(dict.fromkeys(np.flatnonzero(is_empty.to_numpy(zero_copy_only=False)).tolist(), "blank"))

    def _mark_headers(self, batch: pa.RecordBatch, reasons: dict[int, str]) -> None:
        for written in self._layout.written_headers:
            at = next((place for place, cell in enumerate(written) if cell.strip()), None)
            if at is None or at >= self._width:
                continue
            is_same = pc.fill_null(pc.equal(batch.column(at + 2), written[at]), False)
            if not pc.any(is_same).as_py():
                continue
            for place in np.flatnonzero(is_same.to_numpy(zero_copy_only=False)).tolist():
                if _is_same_header(trimmed(self._cells(batch, place)), trimmed(written)):
                    reasons[place] = "repeated_header"

    def _mark_tables(self, batch: pa.RecordBatch, reasons: dict[int, str]) -> None:
        lines = batch.column(0).to_numpy()
        # A further table stands below a gap: a line that is no row, or one without a cell.
        first, self._last_line = self._last_line, int(lines.max())
        is_even = lines[0] == first + 1 and self._last_line - first == len(lines) and not reasons
        if is_even and not self._is_past_end and not self._is_after_gap:
            return
        order = np.argsort(lines)
        n_lines_from_last = np.diff(lines[order], prepend=first)
        for at, place in enumerate(order.tolist()):
            if reasons.get(place) == "blank":
                self._is_after_gap = True
                continue
            if reasons.get(place) == "repeated_header":
                self._is_past_end = False
            elif not self._is_past_end and (self._is_after_gap or n_lines_from_last[at] > 1):
                self._is_past_end = self._begins_table(batch, order[at : at + 3].tolist(), reasons)
            if self._is_past_end:
                reasons[place] = "second_table"
            self._is_after_gap = False

    def _begins_table(self, batch: pa.RecordBatch, places: Sequence[int], reasons: dict[int, str]) -> bool:
        """Tell whether the header of a further table stands here, perhaps below its title."""
        rows = [trimmed(self._cells(batch, place)) for place in places if reasons.get(place) != "blank"]
        if len(rows) > 1 and len(rows[0]) == 1 and not is_no_value(rows[0][0]):
            rows = rows[1:]
        if not rows or list(rows[0]) == list(trimmed(self._layout.header)):
            return False
        names = rows[0]
        if " " in names[0].strip() and _FOOTNOTE.fullmatch(names[0].strip()):
            return False
        are_names = len(names) > 1 and len(set(names)) == len(names) and not any(kind_of(name) for name in names)
        own = self._layout.kinds
        # In a table of words alone nothing tells the header of another one from a row.
        if not are_names or "" in names or not any(own):
            return False
        fitting, misfitting = fit(names, own)
        lacks_time = TIME in own and not any(kind == TIME and _at(names, at) for at, kind in enumerate(own) if kind)
        return (misfitting > fitting or lacks_time) and all(self._is_of_other_table(row) for row in rows[1:])

    def _is_of_other_table(self, cells: Sequence[str]) -> bool:
        own = self._layout.kinds
        fitting, misfitting = fit(cells, own)
        return misfitting > fitting or (TIME in own and not _has_time(cells, own))

    def _always_filled(self, rows: Sequence[Sequence[str]]) -> list[int]:
        """Name the columns that all rows but the last few fill."""
        sure = rows[: max(1, len(rows) - 5)] if len(rows) > 2 else rows[:1]
        return [at for at in range(self._width) if all(_at(row, at) for row in sure)]

    def _footer_reason(
        self, cells: Sequence[str], always: Sequence[int], rows: Sequence[tuple[int, Sequence[str]]]
    ) -> str | None:
        if is_rule(cells):
            return "rule"
        filled = [(at, cell) for at, cell in enumerate(cells) if cell.strip()]
        if not filled or len(rows) < 2:
            return None
        kinds = self._layout.kinds
        lacking = [at for at in always if not _at(cells, at)]
        lacks_time = any(kinds[at] == TIME for at in lacking)
        misfits_time = any(kinds[at] == TIME and kind_of(_at(cells, at)) != TIME for at in always if _at(cells, at))
        has_own_time = any(kinds[at] == TIME for at in always) and not lacks_time and not misfits_time
        if has_own_time or not always:
            return None
        at, first = filled[0]
        if _TOTAL.match(first.strip()) and (lacks_time or misfits_time or len(lacking) > 0):
            return "totals"
        is_like_column = bool(kinds[at]) and kind_of(first) == kinds[at] if at < self._width else False
        is_sentence = len(first.split()) >= _SENTENCE_WORDS
        is_value = any(_at(row, at) == first for _place, row in rows if row is not cells)
        if (
            len(filled) == 1
            and (len(lacking) >= 1 or len(cells) != self._width)
            and not is_like_column
            and not is_value
        ):
            return "footer" if lacks_time or is_sentence or _FOOTNOTE.fullmatch(first.strip()) else None
        if at > 0 and 0 in always and lacks_time and all(kind_of(cell) == NUMBER for _at_, cell in filled):
            return "totals"
        if (
            (lacks_time or misfits_time)
            and _FOOTNOTE.fullmatch(first.strip())
            and not is_like_column
            and " " in first.strip()
        ):
            return "footer"
        return None

    def _cells(self, batch: pa.RecordBatch, place: int) -> Sequence[str]:
        ragged = batch.column(1)[place].as_py()
        if ragged is not None:
            return str(ragged).split(self._layout.separator)
        return [column[place].as_py() or "" for column in batch.columns[2:]]

    def _without(self, batch: pa.RecordBatch, reasons: dict[int, str]) -> pa.RecordBatch:
        if not reasons:
            return batch
        lines = batch.column(0)
        for place in sorted(reasons, key=lambda each: lines[each].as_py()):
            self._leftovers.add(skipped_line(lines[place].as_py(), self._cells(batch, place), reasons[place]))
        kept = np.ones(batch.num_rows, dtype=bool)
        kept[list(reasons)] = False
        return batch.filter(pa.array(kept))


def _is_same_header(cells: Sequence[str], written: Sequence[str]) -> bool:
    """Tell the header of a table that comes again, perhaps with a column more or less at its end."""
    n_shared = min(len(cells), len(written))
    return 2 * n_shared >= max(len(cells), len(written)) and list(cells[:n_shared]) == list(written[:n_shared])


def _at(cells: Sequence[str], at: int) -> str:
    return cells[at].strip() if at < len(cells) else ""


def _has_time(cells: Sequence[str], kinds: Sequence[str]) -> bool:
    return any(kind == TIME and kind_of(_at(cells, at)) == TIME for at, kind in enumerate(kinds))
