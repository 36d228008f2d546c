"""Money spent on channels: one row per day, channel and campaign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from journey.engine import Draft, literal, quoted
from journey.errors import MappingError
from journey.ingest.aliases import SPEND_COLUMNS, normalised, rank
from journey.ingest.cells.amounts import amount_column, amount_sql
from journey.ingest.cells.timestamps import plausible_sql, time_column, timestamp_sql
from journey.ingest.files.staging import StagedTable, examples_of
from journey.ingest.mapping import Mapping
from journey.ingest.outcome import TableOutcome
from journey.ingest.previous import EARLIER_VERSION

#: Which role says what column of `spend`.
SPEND_ROLES = {"date": "timestamp", "channel": "channel", "campaign": "campaign", "cost": "cost"}


@dataclass(frozen=True)
class TakenSpend:
    """What was taken from a table of spend.

    `n_set_aside` rows had no readable day or cost; `n_repeated` stood in another of its files, too; `n_already_here`
    speak of a day and campaign that the dataset has already.
    """

    name: str
    n_rows: int
    n_set_aside: int
    n_repeated: int = 0
    n_already_here: int = 0


def spend_columns(header: Sequence[str]) -> dict[str, str]:
    """Find which header stands for which column of `spend`."""
    found: dict[str, str] = {}
    for role, names in SPEND_COLUMNS.items():
        rated = [(rank(each, names), each) for each in header if each not in found.values()]
        fitting = [(rating, each) for rating, each in rated if rating is not None]
        if not fitting and role in ("channel", "campaign"):
            fitting = [(0.0, each) for _rating, each in rated if role in normalised(each).split("_")]
        if fitting:
            found[role] = min(fitting)[1]
    return found


def _columns_told(mapping: Mapping) -> dict[str, str]:
    """Take the columns as the recipe means them."""
    return {name: header for name, role in SPEND_ROLES.items() if (header := mapping.column(role)) is not None}


def is_spend(header: Sequence[str]) -> bool:
    """Tell a table of spend: it has days, costs and a channel or campaign."""
    found = spend_columns(header)
    return {"date", "cost"} <= set(found) and bool({"channel", "campaign"} & set(found))


def take_spend(draft: Draft, outcomes: Sequence[TableOutcome]) -> list[TakenSpend]:
    """Build table `spend` of all tables of spend; without one it is empty."""
    draft.execute("CREATE TABLE spend (date DATE, channel VARCHAR, campaign VARCHAR, cost DOUBLE)")
    spending = [outcome for outcome in outcomes if outcome.mapping.kind == "spend"]
    # What is there already comes first: the months of two exports may overlap.
    spending.sort(key=lambda outcome: outcome.mapping.export != EARLIER_VERSION)
    taken: list[TakenSpend] = []
    for outcome in spending:
        found = _read(draft, outcome.staged, outcome.mapping)
        if outcome.mapping.export == EARLIER_VERSION:
            draft.execute("CREATE TEMP TABLE earlier_days AS SELECT DISTINCT date, channel, campaign FROM read_spend")
        elif any(each.mapping.export == EARLIER_VERSION for each in spending):
            found = replace(found, n_already_here=_leave_out_known_days(draft))
        draft.execute(
            "INSERT INTO spend SELECT date, channel, campaign, sum(cost * n_rows) FROM read_spend GROUP BY ALL"
        )
        draft.execute("DROP TABLE read_spend")
        taken.append(found)
    draft.execute(
        """CREATE TABLE summed_spend AS SELECT date, channel, campaign, sum(cost) AS cost FROM spend
        GROUP BY ALL ORDER BY ALL"""
    )
    draft.execute("DROP TABLE spend")
    draft.execute("DROP TABLE IF EXISTS earlier_days")
    draft.execute("ALTER TABLE summed_spend RENAME TO spend")
    return taken


def _leave_out_known_days(draft: Draft) -> int:
    same = " AND ".join(f"known.{name} IS NOT DISTINCT FROM fresh.{name}" for name in ("date", "channel", "campaign"))
    [(n_before,)] = draft.rows("SELECT coalesce(sum(n_rows), 0) FROM read_spend")
    draft.execute(f"DELETE FROM read_spend AS fresh USING earlier_days AS known WHERE {same}")
    [(n_after,)] = draft.rows("SELECT coalesce(sum(n_rows), 0) FROM read_spend")
    return int(n_before - n_after)


def _read(draft: Draft, staged: StagedTable, mapping: Mapping) -> TakenSpend:
    """Build `read_spend`: a row per day, channel, campaign and cost, and how many rows of one file say so."""
    found = _columns_told(mapping)
    for role in ("date", "cost"):
        if role not in found:
            raise MappingError.no_column_for(role, staged.header)
    columns = {role: staged.column(header) for role, header in found.items()}
    times = time_column(draft, staged.table, columns["date"])
    if times is None:
        raise MappingError.nothing_usable("timestamp", found["date"], examples_of(draft, staged, found["date"]))
    if (times.is_ambiguous or times.is_contradictory) and mapping.day_first is None:
        raise MappingError.two_readings(found["date"], examples_of(draft, staged, found["date"]), "day_first")
    amounts = amount_column(draft, staged.table, columns["cost"])
    if amounts.is_ambiguous and mapping.decimal_sign is None:
        raise MappingError.two_readings(found["cost"], examples_of(draft, staged, found["cost"]), "decimal_sign")
    # Days of spend are days already: no zone may move them.
    cost = amount_sql(columns["cost"], amounts, mapping.decimal_sign)
    day = timestamp_sql(columns["date"], times, day_first=mapping.day_first, naive_zone="UTC")
    channel, campaign = (
        f"nullif(trim({columns[role]}), '')" if role in columns else "NULL" for role in ("channel", "campaign")
    )
    if "channel" not in columns and mapping.channel:
        channel = literal(mapping.channel)
    # Rows that two files have alike are the overlap of two exports; those that one file has twice are two.
    part = "".join(f"WHEN line > {n_before} THEN {n_before} " for _name, n_before in reversed(staged.parts))
    draft.execute(
        f"""CREATE TABLE read_spend AS WITH read AS (
            SELECT CAST({plausible_sql("moment")} AS DATE) AS date, channel, campaign, cost, part FROM (
                SELECT {day} AS moment, {channel} AS channel, {campaign} AS campaign,
                    CASE WHEN ragged IS NULL THEN {cost} END AS cost, {f"CASE {part}END" if part else "0"} AS part
                FROM {quoted(staged.table)})
        ), counted AS (
            SELECT date, channel, campaign, cost, part, count(*) AS n_rows FROM read
            WHERE date IS NOT NULL AND cost IS NOT NULL GROUP BY ALL)
        SELECT date, channel, campaign, cost, max(n_rows) AS n_rows, sum(n_rows) AS n_read FROM counted GROUP BY ALL"""
    )
    [(n_kept, n_read)] = draft.rows("SELECT coalesce(sum(n_rows), 0), coalesce(sum(n_read), 0) FROM read_spend")
    return TakenSpend(staged.name, staged.n_rows, staged.n_rows - int(n_read), int(n_read - n_kept))
