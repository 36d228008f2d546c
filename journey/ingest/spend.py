"""Money spent on channels: one row per day, channel and campaign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from journey.engine import Draft, quoted
from journey.errors import MappingError
from journey.ingest.aliases import SPEND_COLUMNS, rank
from journey.ingest.amounts import amount_column, amount_sql
from journey.ingest.mapping import Mapping
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


def is_spend(header: Sequence[str]) -> bool:
    """Tell a table of spend: it has days, costs and a channel or campaign."""
    found = spend_columns(header)
    return {"date", "cost"} <= set(found) and bool({"channel", "campaign"} & set(found))


def take_spend(draft: Draft, staged: StagedTable | None, mapping: Mapping) -> TakenSpend | None:
    """Build table `spend`; without a source it is empty."""
    draft.execute("CREATE TABLE spend (date DATE, channel VARCHAR, campaign VARCHAR, cost DOUBLE)")
    if staged is None:
        return None
    found = spend_columns(staged.header)
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
    day = timestamp_sql(columns["date"], times, day_first=mapping.day_first, naive_zone="UTC")
    channel, campaign = (
        f"nullif(trim({columns[role]}), '')" if role in columns else "NULL" for role in ("channel", "campaign")
    )
    draft.execute(
        f"""CREATE TEMP TABLE read_spend AS
        SELECT CAST({plausible_sql("moment")} AS DATE) AS date, channel, campaign, cost FROM (
            SELECT {day} AS moment, {channel} AS channel, {campaign} AS campaign,
                CASE WHEN ragged IS NULL THEN {amount_sql(columns["cost"], amounts, mapping.decimal_sign)} END AS cost
            FROM {quoted(staged.table)})"""
    )
    draft.execute(
        """INSERT INTO spend SELECT date, channel, campaign, sum(cost) FROM read_spend
        WHERE date IS NOT NULL AND cost IS NOT NULL GROUP BY ALL ORDER BY ALL"""
    )
    [(n_usable,)] = draft.rows("SELECT count(*) FROM read_spend WHERE date IS NOT NULL AND cost IS NOT NULL")
    draft.execute("DROP TABLE read_spend")
    return TakenSpend(staged.name, staged.n_rows, staged.n_rows - n_usable)
