"""An earlier version of a dataset as a table of an import, so that new months can be added to it."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from journey.engine import Draft, literal, quoted
from journey.errors import MappingError
from journey.facts import DATABASE_FILE, RECIPE_FILE, Facts
from journey.ingest.files.staging import StagedTable
from journey.ingest.identity.identities import EARLIER, OTHER, USER, kind_called
from journey.ingest.mapping import Mapping
from journey.ingest.recipe import Recipe
from journey.language import _

#: What marks the mapping of a table that was a version of a dataset.
EARLIER_VERSION: Final = "earlier_version"
#: The ids of the earlier version and the customers they were, as `stitch` leaves them.
EARLIER_PEOPLE: Final = "earlier_people"
_STAGED: Final = "earlier_interactions"
_SPENT: Final = "earlier_spend"
_CUSTOMER: Final = "customer"
_COMMENTED: Final = ("score", "score_kind", "comment")
#: The columns of a version that are taken as they stand; stages and feelings that were inferred are inferred again.
_KEPT: Final = ("touchpoint", "channel", "ownership", "device", "campaign", "revenue", *_COMMENTED)


@dataclass(frozen=True)
class Earlier:
    """A staged version: its tables with their mappings, and the currency of its amounts."""

    tables: tuple[tuple[StagedTable, Mapping], ...]
    currency: str | None


def stage_version(draft: Draft, directory: Path) -> Earlier:
    """Stage the interactions and the spend of a version, what is known of its customers, and how ids were joined."""
    draft.attach(directory / DATABASE_FILE, "earlier")
    [(held,)] = draft.rows("SELECT facts FROM earlier.facts")
    facts = Facts.from_json(held)
    _stage_people(draft, directory)
    tables = [_interactions(draft, facts, held)]
    if draft.rows("SELECT 1 FROM earlier.spend LIMIT 1"):
        tables.append(_spend(draft, held))
    return Earlier(tuple(tables), facts.currency)


def continued(known: Recipe, proposed: Recipe) -> Recipe:
    """Go on with what was decided for the dataset that files are added to; new tables keep their proposal."""
    recipe = replace(known, tables=proposed.tables)
    with suppress(MappingError):  # none of the new tables is like one of before
        recipe = known.fitted(proposed)
    for place, table in enumerate(proposed.tables):
        if table.export == EARLIER_VERSION:
            recipe = recipe.with_table(place, table)
    return replace(recipe, currency=known.currency or proposed.currency)


def _spend(draft: Draft, held: str) -> tuple[StagedTable, Mapping]:
    columns = {"date": "timestamp", "channel": "channel", "campaign": "campaign", "cost": "cost"}
    cells = ", ".join(f"CAST({name} AS VARCHAR) AS c{place}" for place, name in enumerate(columns))
    draft.execute(
        f"""CREATE TABLE {_SPENT} AS
        SELECT row_number() OVER (ORDER BY date, channel, campaign) AS line, CAST(NULL AS VARCHAR) AS ragged, {cells}
        FROM earlier.spend"""
    )
    name = _("the spend so far")
    [(n_rows,)] = draft.rows(f"SELECT count(*) FROM {_SPENT}")
    sha256 = hashlib.sha256(f"spend of {held}".encode()).hexdigest()
    staged = StagedTable(name=name, table=_SPENT, header=tuple(columns), n_rows=n_rows, sha256=sha256)
    return staged, Mapping(tuple(columns.items()), table=name, kind="spend", export=EARLIER_VERSION)


def _interactions(draft: Draft, facts: Facts, held: str) -> tuple[StagedTable, Mapping]:
    columns = _columns(facts)
    cells = ", ".join(f"{sql} AS c{place}" for place, (_role, sql) in enumerate(columns.values()))
    draft.execute(
        f"""CREATE TABLE {_STAGED} AS
        SELECT row_number() OVER (ORDER BY steps.line, steps.customer_key, steps.sequence) AS line,
            CAST(NULL AS VARCHAR) AS ragged, {cells}
        FROM earlier.steps JOIN earlier.customers USING (customer_key)
        LEFT JOIN earlier.comments USING (customer_key, sequence)"""
    )
    [(n_rows,)] = draft.rows(f"SELECT count(*) FROM {_STAGED}")
    name = _("the dataset so far")
    sha256 = hashlib.sha256(held.encode()).hexdigest()
    staged = StagedTable(name=name, table=_STAGED, header=tuple(columns), n_rows=n_rows, sha256=sha256)
    roles = tuple((header, role) for header, (role, _sql) in columns.items())
    return staged, Mapping(roles, table=name, export=EARLIER_VERSION, duplicates="keep")


def is_earlier(staged: StagedTable) -> bool:
    """Tell whether a table is a staged version."""
    return staged.table in (_STAGED, _SPENT)


def spaces_of(mapping: Mapping) -> dict[tuple[str, str], str]:
    """Name the space of the customers of a staged version; empty for any other table."""
    is_one = mapping.export == EARLIER_VERSION and mapping.is_interacting
    return {(mapping.table, _CUSTOMER): EARLIER} if is_one else {}


def _columns(facts: Facts) -> dict[str, tuple[str, str]]:
    """Name the columns of the staged version, each with its role and its SQL."""
    columns = {
        _CUSTOMER: ("customer_id", "steps.customer_id"),
        "timestamp": ("timestamp", "strftime(steps.timestamp, '%Y-%m-%dT%H:%M:%S.%fZ')"),
    }
    for name in _KEPT:
        columns[name] = (name, f"CAST({'comments' if name in _COMMENTED else 'steps'}.{name} AS VARCHAR)")
    # Where it was worked out of a score, it is worked out again.
    columns["emotion"] = ("emotion", "CASE WHEN comments.score IS NULL THEN CAST(steps.emotion AS VARCHAR) END")
    if facts.stage_source == "given":
        columns["stage"] = ("stage", "CAST(steps.stage AS VARCHAR)")
    for attribute in facts.attributes:
        header = attribute.label if attribute.label not in columns else f"{attribute.label} ({attribute.name})"
        columns[header] = ("attribute", f"CAST(customers.{quoted(attribute.name)} AS VARCHAR)")
    return columns


def _stage_people(draft: Draft, directory: Path) -> None:
    """Take over which ids belong to whom; where ids were not joined, each customer has one id."""
    if ("people",) in draft.rows("SELECT table_name FROM duckdb_tables() WHERE database_name = 'earlier'"):
        draft.execute(f"CREATE TABLE {EARLIER_PEOPLE} AS SELECT * FROM earlier.people")
        return
    mapping = Recipe.from_yaml((directory / RECIPE_FILE).read_text("utf-8")).mapping
    header = next(iter((*mapping.having("customer_id"), *mapping.having("identity"))), "")
    kind = USER if kind_called(header) == OTHER else kind_called(header)
    draft.execute(
        f"""CREATE TABLE {EARLIER_PEOPLE} AS
        SELECT {literal(kind)} AS space, customer_id AS id, customer_id, true AS glues FROM earlier.customers"""
    )
