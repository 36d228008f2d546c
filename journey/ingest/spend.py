"""Money spent on channels: one row per day, channel and campaign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from journey.engine import Draft, literal, quoted
from journey.errors import MappingError
from journey.ingest.aliases import SPEND_COLUMNS, rank
from journey.ingest.amounts import amount_column, amount_sql
from journey.ingest.mapping import Mapping
from journey.ingest.outcome import TableOutcome
from journey.ingest.staging import StagedTable, examples_of
from journey.ingest.timestamps import plausible_sql, time_column, timestamp_sql


@dataclass(frozen=True)
class TakenSpend:
    """What was taken from a table of spend; `n_set_aside` rows had no readable day or cost."""

    name: str
    n_rows: int
    n_set_aside: int


def spend_columns(header: Sequence[str]) -> dict[str, str]:
    """Find which header stands for which column of `spend`."""
    found: dict[str, str] = {}
    for role, names in SPEND_COLUMNS.items():
        rated = [(rank(each, names), each) for each in header if each not in found.values()]
        fitting = [(rating, each) for rating, each in rated if rating is not None]
        if fitting:
            found[role] = min(fitting)[1]
    return found


def _columns_told(mapping: Mapping) -> dict[str, str]:
    """Take the columns as a recognised export means them."""
    roles = {"date": "timestamp", "channel": "channel", "campaign": "campaign", "cost": "cost"}
    return {name: header for name, role in roles.items() if (header := mapping.column(role)) is not None}


def is_spend(header: Sequence[str]) -> bool:
    """Tell a table of spend: it has days, costs and a channel or campaign."""
    found = spend_columns(header)
    return {"date", "cost"} <= set(found) and bool({"channel", "campaign"} & set(found))


def take_spend(draft: Draft, outcomes: Sequence[TableOutcome]) -> list[TakenSpend]:
    """Build table `spend` of all tables of spend; without one it is empty."""
    draft.execute("CREATE TABLE read_spend (date DATE, channel VARCHAR, campaign VARCHAR, cost DOUBLE)")
    taken = [_taken(draft, outcome.staged, outcome.mapping) for outcome in outcomes if outcome.mapping.kind == "spend"]
    draft.execute(
        """CREATE TABLE spend AS SELECT date, channel, campaign, sum(cost) AS cost FROM read_spend
        GROUP BY ALL ORDER BY ALL"""
    )
    draft.execute("DROP TABLE read_spend")
    return taken


def _taken(draft: Draft, staged: StagedTable, mapping: Mapping) -> TakenSpend:
    found = spend_columns(staged.header) if mapping.export is None else _columns_told(mapping)
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
    [(n_before,)] = draft.rows("SELECT count(*) FROM read_spend")
    draft.execute(
        f"""INSERT INTO read_spend SELECT * FROM (
            SELECT CAST({plausible_sql("moment")} AS DATE) AS date, channel, campaign, cost FROM (
                SELECT {day} AS moment, {channel} AS channel, {campaign} AS campaign,
                    CASE WHEN ragged IS NULL THEN {cost} END AS cost
                FROM {quoted(staged.table)}))
        WHERE date IS NOT NULL AND cost IS NOT NULL"""
    )
    [(n_after,)] = draft.rows("SELECT count(*) FROM read_spend")
    return TakenSpend(staged.name, staged.n_rows, staged.n_rows - (n_after - n_before))
