"""The typed rows of all tables become one table of interactions."""

from __future__ import annotations

from collections.abc import Sequence

from journey.engine import Draft, quoted
from journey.ingest.materialise import TYPED_COLUMNS
from journey.ingest.outcome import TableOutcome
from journey.ingest.previous import EARLIER_VERSION

#: Names that mean the same whatever their case, also when they come from different tables.
_MERGED = ("channel", "ownership", "stage", "device")

#: What two rows must have in common to tell of the same interaction.
_TELLING = ("customer_id", "timestamp", "touchpoint", "channel", "revenue", "score", "comment")


def gather_typed(draft: Draft, outcomes: Sequence[TableOutcome]) -> None:
    """Build `typed` of the typed rows of each table; the lines of each go on behind those of the one before."""
    typed = [outcome for outcome in outcomes if outcome.cleaned is not None]
    if len(typed) == 1:
        [only] = typed
        draft.execute(f"ALTER TABLE {quoted(only.typed)} RENAME TO typed")
        return
    _leave_out_what_is_there(draft, typed)
    offset, selects = 0, []
    for outcome in typed:
        columns = ", ".join(f"line + {offset} AS line" if name == "line" else name for name in TYPED_COLUMNS)
        selects.append(f"SELECT {columns} FROM {quoted(outcome.typed)}")
        offset += draft.rows(f"SELECT coalesce(max(line), 0) FROM {quoted(outcome.staged.table)}")[0][0]
    draft.execute(f"CREATE TABLE typed AS {' UNION ALL '.join(selects)}")
    for outcome in typed:
        draft.execute(f"DROP TABLE {quoted(outcome.typed)}")
    for column in _MERGED:
        _merge_spellings(draft, column)


def _leave_out_what_is_there(draft: Draft, typed: Sequence[TableOutcome]) -> None:
    """Leave out the rows that an earlier version holds already: the months of two exports may overlap."""
    earlier = next((each for each in typed if each.mapping.export == EARLIER_VERSION), None)
    if earlier is None:
        return
    same = " AND ".join(f"known.{name} IS NOT DISTINCT FROM fresh.{name}" for name in _TELLING)
    for outcome in typed:
        cleaned = outcome.cleaned
        if outcome is earlier or cleaned is None:
            continue
        fresh = quoted(cleaned.typed)
        draft.execute(f"DELETE FROM {fresh} AS fresh USING {quoted(earlier.typed)} AS known WHERE {same}")
        [(cleaned.n_interactions, n_kept)] = draft.rows(f"SELECT count(*), count(DISTINCT line) FROM {fresh}")
        cleaned.n_already_here, cleaned.n_kept = cleaned.n_kept - n_kept, n_kept


def _merge_spellings(draft: Draft, column: str) -> None:
    """Give spellings of one name that differ in case the most frequent one."""
    draft.execute(
        f"""CREATE TEMP TABLE spelled AS
        WITH counted AS (SELECT {column} AS name, count(*) AS n FROM typed WHERE {column} IS NOT NULL GROUP BY 1),
        kept AS (SELECT name, first(name) OVER (PARTITION BY lower(name) ORDER BY n DESC, name) AS kept FROM counted)
        SELECT * FROM kept WHERE name <> kept"""
    )
    if draft.rows("SELECT count(*) FROM spelled") != [(0,)]:
        draft.execute(f"UPDATE typed SET {column} = spelled.kept FROM spelled WHERE typed.{column} = spelled.name")
    draft.execute("DROP TABLE spelled")
