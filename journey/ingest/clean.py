"""Staged text becomes typed interactions; what can't be used is set aside with its line and the reason."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from journey.engine import Draft, literal, quoted
from journey.errors import MappingError
from journey.ingest.amounts import AmountColumn, amount_column, amount_sql
from journey.ingest.channels import ownership_called
from journey.ingest.duplicates import DuplicateLines, find_duplicate_lines
from journey.ingest.emotions import emotion_sql, kind_called, kind_of
from journey.ingest.labels import Lookup, look_up_labels, tidy
from journey.ingest.mapping import Mapping
from journey.ingest.materialise import TYPED_COLUMNS
from journey.ingest.staging import StagedTable, examples_of
from journey.ingest.timestamps import TimeColumn, plausible_sql, time_column, timestamp_sql
from journey.vocabulary import EMOTION_HIGH, EMOTION_LOW

#: Roles whose cells are names; case variants of the first ones are one name.
_MERGED_LABELS = ("channel", "ownership", "stage", "device")
_LABELS = ("touchpoint", *_MERGED_LABELS, "campaign", "score_kind")
_READINGS = {"ownership": ownership_called, "score_kind": kind_called}
_AMOUNTS = ("revenue", "emotion", "score")
_TYPES = {"timestamp": "TIMESTAMP", "emotion": "DOUBLE", "score": "DOUBLE", "revenue": "DOUBLE", "line": "BIGINT"}

RAGGED, NO_CUSTOMER, NO_TIME, UNREADABLE_TIME, NO_TOUCHPOINT, DUPLICATE = (
    "ragged", "no_customer", "no_time", "unreadable_time", "no_touchpoint", "duplicate",
)  # fmt: skip


@dataclass
class Cleaned:
    """What cleaning found: how times and amounts are written, and what was merged, set aside and skipped."""

    times: TimeColumn
    duplicates: DuplicateLines
    amounts: dict[str, AmountColumn] = field(default_factory=dict)
    labels: dict[str, Lookup] = field(default_factory=dict)
    #: The scale of the score column; None when there is none or each row names its own.
    score_kind: str | None = None
    set_aside: dict[str, int] = field(default_factory=dict)
    n_skipped: int = 0
    n_kept: int = 0


def clean(draft: Draft, staged: StagedTable, mapping: Mapping) -> Cleaned:
    """Build `typed`, one row per kept interaction, and `set_aside` (line, reason, row).

    Raises
    ------
    MappingError
        When a needed column is missing or holds nothing usable, or when a reading has to be chosen first.
    """
    mapping.require_complete()
    timed, clock = _with_clock(draft, staged, mapping)
    times = _require_times(draft, timed, mapping, clock)
    cleaned = Cleaned(times, find_duplicate_lines(draft, staged, mapping))
    for role in _LABELS:
        if columns := _columns(staged, mapping, role):
            cleaned.labels[role] = look_up_labels(
                draft,
                staged.table,
                f"names_of_{role}",
                columns,
                merges_case=role in _MERGED_LABELS,
                of=_READINGS.get(role, tidy),
            )
    for role in _AMOUNTS:
        if columns := _columns(staged, mapping, role):
            cleaned.amounts[role] = _require_amounts(draft, staged, mapping, role, columns[0])
    cleaned.score_kind = _score_kind(draft, staged, mapping, cleaned)
    _read(draft, timed, mapping, cleaned, clock)
    _set_aside(draft, staged, cleaned)
    _require_rows(draft, staged, mapping, cleaned)
    return cleaned


def _columns(staged: StagedTable, mapping: Mapping, role: str) -> list[str]:
    return [staged.column(header) for header in mapping.having(role)]


# --- How the columns are written ---------------------------------------------------------------------------------


def _with_clock(draft: Draft, staged: StagedTable, mapping: Mapping) -> tuple[StagedTable, str]:
    """Join a date and its time of day when they stand in two columns; tell the header that holds the whole."""
    headers = mapping.having("timestamp")
    if len(headers) == 1:
        return staged, headers[0]
    found = [time_column(draft, staged.table, staged.column(header)) for header in headers]
    date, clock = headers if found[0] is not None else reversed(headers)
    whole = f"concat_ws(' ', nullif(trim({staged.column(date)}), ''), nullif(trim({staged.column(clock)}), ''))"
    draft.execute(
        f"""CREATE OR REPLACE TEMP VIEW timed_interactions AS
        SELECT * REPLACE (CASE WHEN trim({staged.column(date)}) <> '' THEN {whole} END AS {staged.column(date)})
        FROM {quoted(staged.table)}"""
    )
    return replace(staged, table="timed_interactions"), date


def _require_times(draft: Draft, staged: StagedTable, mapping: Mapping, header: str) -> TimeColumn:
    times = time_column(draft, staged.table, staged.column(header))
    if times is None:
        raise MappingError.nothing_usable("timestamp", header, examples_of(draft, staged, header))
    if (times.is_ambiguous or times.is_contradictory) and mapping.day_first is None:
        raise MappingError.two_readings(header, examples_of(draft, staged, header), "day_first")
    return times


def _require_amounts(draft: Draft, staged: StagedTable, mapping: Mapping, role: str, column: str) -> AmountColumn:
    amounts = amount_column(draft, staged.table, column)
    if amounts.is_ambiguous and mapping.decimal_sign is None:
        header = str(mapping.column(role))
        raise MappingError.two_readings(header, examples_of(draft, staged, header), "decimal_sign")
    return amounts


def _score_kind(draft: Draft, staged: StagedTable, mapping: Mapping, cleaned: Cleaned) -> str | None:
    header = mapping.column("score")
    if header is None or mapping.score_kind is not None:
        return mapping.score_kind
    if mapping.column("score_kind"):
        return None
    score = amount_sql(staged.column(header), cleaned.amounts["score"], mapping.decimal_sign)
    [(low, high, are_whole)] = draft.rows(
        f"SELECT min(score), max(score), bool_and(score = round(score)) "
        f"FROM (SELECT {score} AS score FROM {quoted(staged.table)})"
    )
    return None if low is None else kind_of(header, low, high, are_whole=are_whole)


# --- Reading all rows --------------------------------------------------------------------------------------------


def _read(draft: Draft, staged: StagedTable, mapping: Mapping, cleaned: Cleaned, clock: str) -> None:
    """Build `typed` with all rows of the file and, for those that can't be used, the reason."""
    values = dict.fromkeys(TYPED_COLUMNS, "NULL")
    customer, time = _columns(staged, mapping, "customer_id")[0], staged.column(clock)
    # An id is kept as it stands: a customer may be called NA, null or 007.
    values |= {"line": "raw.line", "customer_id": f"nullif(trim(raw.{customer}, ' \t\r\n'), '')"}
    values |= {role: lookup.label_sql for role, lookup in cleaned.labels.items()}
    for role, amounts in cleaned.amounts.items():
        values[role] = amount_sql(_columns(staged, mapping, role)[0], amounts, mapping.decimal_sign)
    if columns := _columns(staged, mapping, "comment"):
        values["comment"] = f"nullif(trim(raw.{columns[0]}, ' \t\r\n'), '')"
    values["timestamp"] = timestamp_sql(
        time, cleaned.times, day_first=mapping.day_first, naive_zone=mapping.naive_time_zone
    )
    selected = ", ".join(f"CAST({values[name]} AS {_TYPES.get(name, 'VARCHAR')}) AS {name}" for name in TYPED_COLUMNS)
    draft.execute(
        f"""CREATE TABLE typed AS
        WITH read AS (
            SELECT {selected}, raw.ragged IS NOT NULL AS is_ragged, coalesce(trim(raw.{time}), '') = '' AS is_undated
            FROM {quoted(staged.table)} AS raw {" ".join(lookup.join_sql for lookup in cleaned.labels.values())}
        ), dated AS (SELECT * REPLACE ({plausible_sql("timestamp")} AS timestamp) FROM read)
        SELECT {_finished(mapping, cleaned)}, CASE
            WHEN line IN (SELECT line FROM duplicate_lines) THEN {literal(DUPLICATE)}
            WHEN is_ragged THEN {literal(RAGGED)}
            WHEN customer_id IS NULL THEN {literal(NO_CUSTOMER)}
            WHEN is_undated THEN {literal(NO_TIME)}
            WHEN timestamp IS NULL THEN {literal(UNREADABLE_TIME)}
            WHEN touchpoint IS NULL THEN {literal(NO_TOUCHPOINT)}
        END AS reason
        FROM dated"""
    )
    for table in ("duplicate_lines", *(lookup.table for lookup in cleaned.labels.values() if lookup.table)):
        draft.execute(f"DROP TABLE {table}")


def _finished(mapping: Mapping, cleaned: Cleaned) -> str:
    """Write the columns of `typed`, the emotion taken from what is given or else from the score."""
    # Where each row names its scale, a row that names none has none.
    kind = "score_kind" if mapping.column("score_kind") else literal(cleaned.score_kind or "")
    given = f"CASE WHEN emotion BETWEEN {EMOTION_LOW} AND {EMOTION_HIGH} THEN emotion END"
    made = {
        "score_kind": f"CASE WHEN score IS NOT NULL THEN nullif({kind}, '') END",
        "emotion": f"coalesce({given}, {emotion_sql('score', kind)})",
    }
    return ", ".join(f"{made[name]} AS {name}" if name in made else name for name in TYPED_COLUMNS)


def _set_aside(draft: Draft, staged: StagedTable, cleaned: Cleaned) -> None:
    """Move what can't be used out of `typed`, its text kept as it stands in the file."""
    counts = dict(draft.rows("SELECT reason, count(*) FROM typed GROUP BY 1 ORDER BY 2 DESC, 1"))
    cleaned.n_kept = counts.pop(None, 0)
    cleaned.n_skipped = counts.pop(DUPLICATE, 0)
    cleaned.set_aside = counts
    separator = literal(staged.separator or ",")
    cells = ", ".join(f"coalesce(raw.{column}, '')" for column in staged.columns)
    draft.execute(
        f"""CREATE TABLE set_aside AS
        SELECT raw.line, aside.reason, coalesce(raw.ragged, concat_ws({separator}, {cells})) AS row
        FROM (SELECT line, reason FROM typed WHERE reason IS NOT NULL AND reason <> {literal(DUPLICATE)}) AS aside
        JOIN {quoted(staged.table)} AS raw USING (line) ORDER BY raw.line"""
    )
    if cleaned.set_aside or cleaned.n_skipped:
        draft.execute("DELETE FROM typed WHERE reason IS NOT NULL")


def _require_rows(draft: Draft, staged: StagedTable, mapping: Mapping, cleaned: Cleaned) -> None:
    if cleaned.n_kept:
        return
    most = max(cleaned.set_aside, key=lambda reason: cleaned.set_aside[reason])
    role = {NO_CUSTOMER: "customer_id", NO_TOUCHPOINT: "touchpoint"}.get(most, "timestamp")
    header = str(mapping.column(role))
    raise MappingError.nothing_usable(role, header, examples_of(draft, staged, header))
