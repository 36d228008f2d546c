"""Interactions in the order in which they happened: which journey and visit each belongs to, and what followed it.

A log is worked through in stretches of whole customers, column by column, so that neither Python nor a window of SQL
looks at single rows.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from journey.vocabulary import SILENCE_DAYS, VISIT_GAP_MINUTES

Numbers: TypeAlias = NDArray[Any]

SILENCE_US: Final = SILENCE_DAYS * 86_400_000_000
VISIT_GAP_US: Final = VISIT_GAP_MINUTES * 60_000_000
#: Code of a missing name.
MISSING: Final = -1
STRETCH_ROWS = 250_000
_NUMBER_BITS: Final = 63
_N_THREADS = 2


@dataclass(frozen=True)
class Log:
    """All interactions, in any order: a number per row in each column, names as codes.

    `before` and `after` hold the stage of each touchpoint's code before and after the customer's first purchase,
    `goal` the code of the stage that is a purchase.
    """

    customer: Numbers
    microseconds: Numbers
    line: Numbers
    moment: Numbers
    codes: dict[str, Numbers]
    emotion: Numbers
    revenue: Numbers
    is_said: Numbers
    before: Numbers
    after: Numbers
    goal: int

    @property
    def n_rows(self) -> int:
        return len(self.customer)


@dataclass(frozen=True)
class Stretch:
    """The interactions of some customers in order, numbers beside the columns of the log.

    `first` and `last` are the places of each customer's first and last interaction; `ends` marks those that nothing
    follows in their journey.
    """

    rows: Numbers
    customer: Numbers
    microseconds: Numbers
    stage: Numbers
    sequence: Numbers
    journey: Numbers
    visit: Numbers
    step: Numbers
    is_open: Numbers
    ends: Numbers
    first: Numbers
    last: Numbers


def stretches(log: Log) -> Iterator[Stretch]:
    """Put the log in order, stretch by stretch; customers come by their number."""
    if not log.n_rows:
        return
    last = int(log.microseconds.max())
    parts = _parts(log)
    if len(parts) == 1:
        yield _stretch(log, parts[0], last)
        return
    with ThreadPoolExecutor(_N_THREADS) as threads:
        waiting: deque[Future[Stretch]] = deque()
        for rows in parts:
            waiting.append(threads.submit(_stretch, log, rows, last))
            if len(waiting) > _N_THREADS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _parts(log: Log) -> list[Numbers]:
    """Divide the rows into parts of about the same size, each of whole customers."""
    ends = np.cumsum(np.bincount(log.customer))
    n_parts = -(-log.n_rows // STRETCH_ROWS)
    wanted = np.arange(1, n_parts) * STRETCH_ROWS
    cuts = np.unique(np.searchsorted(ends, wanted))
    part = np.searchsorted(cuts, np.arange(len(ends)), side="left").astype(np.uint16)
    # Sixteen bits are ordered by counting, in one pass.
    rows = np.argsort(part[log.customer], kind="stable")
    return [rows_of_part for rows_of_part in np.split(rows, ends[cuts]) if len(rows_of_part)]


def _in_order(log: Log, rows: Numbers) -> Numbers:
    """Order rows by customer and time; what has the same time keeps the order of the file.

    Where customer, time and place fit into one number, numbers are sorted: much faster than column by column.
    """
    rows = rows[np.argsort(log.line[rows])]
    customer, microseconds = log.customer[rows], log.microseconds[rows]
    unit = next(unit for unit in (1_000_000, 1_000, 1) if not (microseconds % unit).any())
    customers, times = customer - customer.min(), (microseconds - microseconds.min()) // unit
    time_bits, place_bits = int(times.max()).bit_length(), len(rows).bit_length()
    if log.moment[rows].any():
        return rows[np.lexsort((log.moment[rows], log.line[rows], microseconds, customer))]
    if int(customers.max()).bit_length() + time_bits + place_bits > _NUMBER_BITS:
        return rows[np.lexsort((microseconds, customer))]
    numbers = (customers.astype(np.int64) << (time_bits + place_bits)) | (times << place_bits)
    places = np.sort(numbers | np.arange(len(rows))) & ((1 << place_bits) - 1)
    ordered: Numbers = rows[places]
    return ordered


def _stretch(log: Log, rows: Numbers, last_microsecond: int) -> Stretch:
    rows = _in_order(log, rows)
    customer, microseconds = log.customer[rows], log.microseconds[rows]
    n_rows, place = len(rows), np.arange(len(rows), dtype=np.int32)
    pause = np.diff(microseconds, prepend=microseconds[0])
    is_first = np.diff(customer, prepend=-1) != 0
    first = np.flatnonzero(is_first)
    n_of = np.diff(first, append=n_rows)
    starts = is_first | (pause > SILENCE_US)
    start = np.flatnonzero(starts)
    n_steps = np.diff(start, append=n_rows)
    end = start + n_steps - 1
    ends = np.zeros(n_rows, np.bool_)
    ends[end] = True
    return Stretch(
        rows,
        customer,
        microseconds,
        _stages(log, rows, first, n_of),
        sequence=place - np.repeat(first, n_of) + 1,
        journey=_numbered(starts, first, n_of) + 1,
        visit=_numbered(is_first | (pause >= VISIT_GAP_US), first, n_of) + 1,
        step=place - np.repeat(start, n_steps) + 1,
        is_open=np.repeat(microseconds[end] > last_microsecond - SILENCE_US, n_steps),
        ends=ends,
        first=first,
        last=first + n_of - 1,
    )


def _numbered(marks: Numbers, first: Numbers, n_of: Numbers) -> Numbers:
    """Count the marks so far within each customer, the one on the first interaction left out."""
    n_marks = np.cumsum(marks, dtype=np.int32)
    return n_marks - np.repeat(n_marks[first], n_of)


def _stages(log: Log, rows: Numbers, first: Numbers, n_of: Numbers) -> Numbers:
    """Tell each interaction's stage: the one given, else its touchpoint's before or after the first purchase."""
    given, touchpoint = log.codes["stage"][rows], log.codes["touchpoint"][rows]
    before = log.before[touchpoint]
    known = np.where(given == MISSING, before, given)
    is_purchase = known == log.goal
    n_before = np.cumsum(is_purchase, dtype=np.int32) - is_purchase
    is_after = n_before > np.repeat(n_before[first], n_of)
    return np.where((given == MISSING) & is_after, log.after[touchpoint], known)
