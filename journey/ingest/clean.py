"""Staged text becomes typed interactions; what can't be used is set aside with its line and the reason."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Given
from dataclasses import dataclass, field, replace

from journey.engine import Draft, literal, quoted
from journey.errors import MappingError
from journey.ingest.cells.amounts import AmountColumn, amount_column, amount_sql
from journey.ingest.cells.duplicates import DuplicateLines, find_duplicate_lines
from journey.ingest.cells.emotions import ScoreColumn, emotion_sql, kind_called, score_column
from journey.ingest.cells.labels import Lookup, bare_sql, look_up_labels, tidy
from journey.ingest.cells.timestamps import TimeColumn, plausible_sql, time_column, timestamp_sql
from journey.ingest.files.staging import StagedTable, examples_of
from journey.ingest.identity.who import Who
from journey.ingest.mapping import Mapping, Moment
from journey.ingest.materialise import TYPED_COLUMNS
from journey.ingest.names.channels import ownership_called
from journey.ingest.names.naming import Naming
from journey.vocabulary import EMOTION_HIGH, EMOTION_LOW

#: Roles whose cells are names, beside touchpoint and channel; case variants of one name are one name.
_MERGED_LABELS = ("ownership", "stage", "device")
_LABELS = (*_MERGED_LABELS, "campaign", "score_kind")
_READINGS = {"ownership": ownership_called, "score_kind": kind_called}
_AMOUNTS = ("revenue", "emotion", "score")
#: Up to so many labels a column holds codes, which take a tenth of the memory.
_MOST_NAMES = 10_000
_FIRST_ROWS, _MOST_FIRST_VALUES = 20_000, 500
_TYPES = {
    "timestamp": "TIMESTAMP", "emotion": "DOUBLE", "score": "DOUBLE", "revenue": "DOUBLE", "line": "BIGINT",
    "moment": "SMALLINT",
}  # fmt: skip

#: Comments and rows set aside are cut after so many letters.
_LONGEST_TEXT = 20_000

RAGGED, NO_CUSTOMER, NO_TIME, UNREADABLE_TIME, NO_TOUCHPOINT, DUPLICATE = (
    "ragged", "no_customer", "no_time", "unreadable_time", "no_touchpoint", "duplicate",
)  # fmt: skip


@dataclass
class Cleaned:
    """What cleaning a table found: how times and amounts are written, and what was merged, set aside and skipped.

    The typed rows are in table `typed`, the attribute of the n-th header of `attributes` in its column `attribute_n`;
    counts are of the rows of the file, of which each may tell of several interactions.
    """

    typed: str
    duplicates: DuplicateLines
    attributes: list[str]
    times: dict[str, TimeColumn] = field(default_factory=dict)
    amounts: dict[str, AmountColumn] = field(default_factory=dict)
    labels: dict[str, Lookup] = field(default_factory=dict)
    #: How the score column is read; None when there is none.
    scores: ScoreColumn | None = None
    #: The scale of the score column; None when there is none or each row names its own.
    score_kind: str | None = None
    set_aside: dict[str, int] = field(default_factory=dict)
    n_skipped: int = 0
    #: Rows that an earlier version of the dataset holds already.
    n_already_here: int = 0
    n_kept: int = 0
    n_interactions: int = 0
    #: Comments, and rows set aside, that were too long and were cut.
    n_cut: int = 0


def clean(draft: Draft, staged: StagedTable, mapping: Mapping, who: Who, naming: Naming) -> Cleaned:
    """Build a table of typed rows, and one of the lines set aside (line, reason, row).

    Raises
    ------
    MappingError
        When a needed column is missing or holds nothing usable, or when a reading has to be chosen first.
    """
    timed, moments = _moments(draft, staged, mapping)
    cleaned = Cleaned(
        f"typed_{staged.table}", find_duplicate_lines(draft, staged, mapping), mapping.having("attribute")
    )
    for moment in moments:
        cleaned.times[moment.column] = _require_times(draft, timed, mapping, moment.column)
    _look_up(draft, staged, mapping, naming, cleaned)
    for role in _AMOUNTS:
        if columns := _columns(staged, mapping, role):
            cleaned.amounts[role] = amount_column(draft, staged.table, columns[0])
    _look_at_scores(draft, staged, mapping, cleaned)
    for column in _columns(staged, mapping, "comment"):
        [(cleaned.n_cut,)] = draft.rows(
            f"SELECT count(*) FROM {quoted(staged.table)} WHERE length({column}) > {_LONGEST_TEXT}"
        )
    _read(draft, timed, mapping, cleaned, moments, who)
    _set_aside(draft, staged, cleaned)
    _require_rows(draft, staged, mapping, cleaned)
    return cleaned


def _columns(staged: StagedTable, mapping: Mapping, role: str) -> list[str]:
    return [staged.column(header) for header in mapping.having(role)]


# --- How the columns are written ---------------------------------------------------------------------------------


def _moments(draft: Draft, staged: StagedTable, mapping: Mapping) -> tuple[StagedTable, tuple[Moment, ...]]:
    """Tell which interactions a row tells of; a date and its time of day in two columns are joined into one."""
    if mapping.moments:
        return staged, mapping.moments
    headers = mapping.having("timestamp")
    if len(headers) == 1:
        return staged, (Moment(headers[0], ""),)
    found = [time_column(draft, staged.table, staged.column(header)) for header in headers]
    date, clock = headers if found[0] is not None else reversed(headers)
    whole = f"concat_ws(' ', nullif(trim({staged.column(date)}), ''), nullif(trim({staged.column(clock)}), ''))"
    draft.execute(
        f"""CREATE OR REPLACE TEMP VIEW timed_{staged.table} AS
        SELECT * REPLACE (CASE WHEN trim({staged.column(date)}) <> '' THEN {whole} END AS {staged.column(date)})
        FROM {quoted(staged.table)}"""
    )
    return replace(staged, table=f"timed_{staged.table}"), (Moment(date, ""),)


def _require_times(draft: Draft, staged: StagedTable, mapping: Mapping, header: str) -> TimeColumn:
    times = time_column(draft, staged.table, staged.column(header))
    if times is None:
        raise MappingError.nothing_usable("timestamp", header, examples_of(draft, staged, header))
    if (times.is_ambiguous or times.is_contradictory) and mapping.day_first is None:
        raise MappingError.two_readings(header, examples_of(draft, staged, header), "day_first")
    return times


def _look_up(draft: Draft, staged: StagedTable, mapping: Mapping, naming: Naming, cleaned: Cleaned) -> None:
    cleaned.labels |= naming.lookups(draft, staged, mapping)
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


def _look_at_scores(draft: Draft, staged: StagedTable, mapping: Mapping, cleaned: Cleaned) -> None:
    """Find the scale of the answers, unless it is said or each row names its own."""
    header = mapping.column("score")
    if header is None:
        return
    column = staged.column(header)
    amount = amount_sql(column, cleaned.amounts["score"], mapping.decimal_sign)
    cleaned.scores = score_column(draft, staged.table, column, header, amount)
    if not mapping.column("score_kind"):
        cleaned.score_kind = mapping.score_kind or cleaned.scores.kind


# --- Reading all rows --------------------------------------------------------------------------------------------


def _read(
    draft: Draft, staged: StagedTable, mapping: Mapping, cleaned: Cleaned, moments: tuple[Moment, ...], who: Who
) -> None:
    """Build the typed table with all rows of the file and, for those that can't be used, the reason."""
    kinds = _TYPES | {
        role: kind for role, lookup in cleaned.labels.items() if (kind := _name_type(draft, staged, lookup, role))
    }
    kinds |= {
        f"attribute_{number}": kind
        for number, header in enumerate(cleaned.attributes)
        if (kind := _attribute_type(draft, staged, header, number))
    }
    joins = (*who.joins, *(lookup.join_sql for lookup in cleaned.labels.values()))
    selects = [
        f"SELECT {_selected(staged, mapping, cleaned, who, moments, place, kinds)} "
        f"FROM {quoted(staged.table)} AS raw {' '.join(joins)} {_has_moment(staged, moments, place)}"
        for place in range(len(moments))
    ]
    attributes = "".join(f", attribute_{place}" for place in range(len(cleaned.attributes)))
    is_repeated = "line IN (SELECT line FROM duplicate_lines)" if cleaned.duplicates.are_skipped else "false"
    draft.execute(
        f"""CREATE TABLE {quoted(cleaned.typed)} AS
        WITH read AS ({" UNION ALL ".join(selects)}),
        dated AS (SELECT * REPLACE ({plausible_sql("timestamp")} AS timestamp) FROM read)
        SELECT {_finished(mapping, cleaned)}{attributes}, CASE
            WHEN {is_repeated} THEN {literal(DUPLICATE)}
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


def _selected(
    staged: StagedTable,
    mapping: Mapping,
    cleaned: Cleaned,
    who: Who,
    moments: tuple[Moment, ...],
    place: int,
    kinds: Given[str, str],
) -> str:
    """Write what is read of a row for one of the moments it tells about."""
    moment = moments[place]
    time = staged.column(moment.column)
    values = dict.fromkeys(_TYPED, "NULL") | {
        "line": "raw.line",
        "moment": str(place),
        "customer_id": who.sql,
        "timestamp": timestamp_sql(
            time, cleaned.times[moment.column], day_first=mapping.day_first, naive_zone=mapping.naive_time_zone
        ),
    }
    values |= {role: lookup.label_sql for role, lookup in cleaned.labels.items()}
    for role, amounts in cleaned.amounts.items():
        values[role] = amount_sql(_columns(staged, mapping, role)[0], amounts, mapping.decimal_sign)
    if cleaned.scores is not None:
        values["score"] = cleaned.scores.value_sql(_columns(staged, mapping, "score")[0], values["score"])
    if columns := _columns(staged, mapping, "comment"):
        values["comment"] = bare_sql(f"left(raw.{columns[0]}, {_LONGEST_TEXT})")
    constants = dict(_constants(mapping, moment))
    values |= constants
    for role in ("revenue", "score", "emotion", "comment"):
        if not _is_carried(role, moments, place):
            values[role] = "NULL"
    cells = [
        f"CAST({values[name]} AS {'VARCHAR' if name in constants else kinds.get(name, 'VARCHAR')}) AS {name}"
        for name in _TYPED
    ]
    cells += [
        f"CAST({_attribute_sql(staged, header)} AS {kinds.get(f'attribute_{number}', 'VARCHAR')}) AS attribute_{number}"
        for number, header in enumerate(cleaned.attributes)
    ]
    # Only what begins with a blank can be blank; a CASE looks at no other cells.
    is_undated = f"CASE WHEN coalesce(raw.{time} < '!', true) THEN coalesce(trim(raw.{time}), '') = '' ELSE false END"
    cells += ["raw.ragged IS NOT NULL AS is_ragged", f"{is_undated} AS is_undated"]
    return ", ".join(cells)


def _name_type(draft: Draft, staged: StagedTable, lookup: Lookup, role: str) -> str | None:
    """Create the type of a role's labels, in alphabetical order, so that a row holds a code; None for very many."""
    return _type_of_names(
        draft, lookup.label_sql, lookup.table or f"{quoted(staged.table)} AS raw", f"{role}_of_{staged.table}"
    )


def _attribute_sql(staged: StagedTable, header: str) -> str:
    return bare_sql(f"raw.{staged.column(header)}")


def _attribute_type(draft: Draft, staged: StagedTable, header: str, number: int) -> str | None:
    """Create the type of an attribute's values, unless its first rows hold many: to find all of those takes long."""
    column, rows = staged.column(header), quoted(staged.table)
    [(n_first,)] = draft.rows(f"SELECT count(DISTINCT {column}) FROM (SELECT {column} FROM {rows} LIMIT {_FIRST_ROWS})")
    if n_first > _MOST_FIRST_VALUES:
        return None
    return _type_of_names(
        draft, _attribute_sql(staged, header), f"{rows} AS raw", f"attribute_{number}_of_{staged.table}"
    )


def _type_of_names(draft: Draft, name_sql: str, rows: str, kind: str) -> str | None:
    names = f"SELECT {name_sql} AS name FROM {rows} GROUP BY 1"
    [(n_names,)] = draft.rows(f"SELECT count(name) FROM ({names})")
    if not 0 < n_names <= _MOST_NAMES:
        return None
    draft.execute(f"CREATE TYPE {quoted(kind)} AS ENUM (SELECT name FROM ({names}) WHERE name IS NOT NULL ORDER BY 1)")
    return quoted(kind)


def _constants(mapping: Mapping, moment: Moment) -> Iterator[tuple[str, str]]:
    """Tell what every row is, where no column says it."""
    touchpoint = moment.touchpoint or (mapping.touchpoint if not mapping.having("touchpoint") else None)
    if touchpoint:
        yield "touchpoint", literal(touchpoint)
    if moment.stage:
        yield "stage", literal(moment.stage)
    if mapping.channel and not mapping.having("channel"):
        yield "channel", literal(mapping.channel)


def _is_carried(role: str, moments: tuple[Moment, ...], place: int) -> bool:
    """Tell whether a value of the row belongs to this moment; what none claims belongs to the first."""
    claiming = [each for each, moment in enumerate(moments) if role in moment.carries] or [0]
    return place in claiming


def _has_moment(staged: StagedTable, moments: tuple[Moment, ...], place: int) -> str:
    """Choose the rows that tell of a moment; those that tell of none are read with the first, to be set aside."""
    if len(moments) == 1:
        return ""
    is_filled = [f"coalesce(trim(raw.{staged.column(each.column)}), '') <> ''" for each in moments]
    return f"WHERE {is_filled[place]}" + ("" if place else f" OR NOT ({' OR '.join(is_filled)})")


_TYPED = tuple(dict.fromkeys((*TYPED_COLUMNS, "moment")))


def _finished(mapping: Mapping, cleaned: Cleaned) -> str:
    """Write the columns of `typed`, the emotion taken from what is given or else from the score."""
    # Where each row names its scale, a row that names none has none.
    kind = "score_kind" if mapping.column("score_kind") else literal(cleaned.score_kind or "")
    given = f"CASE WHEN emotion BETWEEN {EMOTION_LOW} AND {EMOTION_HIGH} THEN emotion END"
    made = {
        "score_kind": f"CASE WHEN score IS NOT NULL THEN nullif({kind}, '') END",
        "emotion": f"coalesce({given}, {emotion_sql('score', kind)})",
    }
    return ", ".join(f"{made[name]} AS {name}" if name in made else name for name in _TYPED)


def _set_aside(draft: Draft, staged: StagedTable, cleaned: Cleaned) -> None:
    """Move what can't be used out of the typed rows, its text kept as it stands in the file.

    A row of which one moment can be used is kept.
    """
    typed = quoted(cleaned.typed)
    counts = dict(
        draft.rows(
            f"""SELECT reason, count(*) FROM (
                SELECT CASE WHEN bool_or(reason IS NULL) THEN NULL ELSE min(reason) END AS reason
                FROM {typed} GROUP BY line) GROUP BY 1 ORDER BY 2 DESC, 1"""
            if len(cleaned.times) > 1
            else f"SELECT reason, count(*) FROM {typed} GROUP BY 1 ORDER BY 2 DESC, 1"
        )
    )
    cleaned.n_kept = counts.pop(None, 0)
    cleaned.n_skipped = counts.pop(DUPLICATE, 0)
    cleaned.set_aside = counts
    separator = literal(staged.separator or ",")
    cells = ", ".join(f"coalesce(raw.{column}, '')" for column in staged.columns)
    unused = f"""SELECT line, min(reason) AS reason FROM {typed} GROUP BY line
        HAVING count(reason) = count(*) AND min(reason) <> {literal(DUPLICATE)}"""
    draft.execute(
        f"""CREATE TABLE aside_{staged.table} AS
        SELECT raw.line, aside.reason, coalesce(raw.ragged, concat_ws({separator}, {cells})) AS row
        FROM ({unused if cleaned.set_aside else "SELECT 0 AS line, '' AS reason LIMIT 0"}) AS aside
        JOIN {quoted(staged.table)} AS raw USING (line) ORDER BY raw.line"""
    )
    [(n_cut,)] = draft.rows(f"SELECT count(*) FROM aside_{staged.table} WHERE length(row) > {_LONGEST_TEXT}")
    if n_cut:
        cleaned.n_cut += n_cut
        draft.execute(f"UPDATE aside_{staged.table} SET row = left(row, {_LONGEST_TEXT})")
    if cleaned.set_aside or cleaned.n_skipped or len(cleaned.times) > 1:
        draft.execute(f"DELETE FROM {typed} WHERE reason IS NOT NULL")
    [(cleaned.n_interactions,)] = draft.rows(f"SELECT count(*) FROM {typed}")


def _require_rows(draft: Draft, staged: StagedTable, mapping: Mapping, cleaned: Cleaned) -> None:
    if cleaned.n_kept:
        return
    most = max(cleaned.set_aside, key=lambda reason: cleaned.set_aside[reason], default=NO_TIME)
    role = {NO_CUSTOMER: "customer_id", NO_TOUCHPOINT: "touchpoint"}.get(most, "timestamp")
    header = mapping.column(role) or next((moment.column for moment in mapping.moments), mapping.headers[0])
    raise MappingError.nothing_usable(role, header, examples_of(draft, staged, header))
