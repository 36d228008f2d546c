"""Several ids become one customer: the ids that met in rows of all tables of an import, joined with guards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from journey.engine import Draft, literal, quoted
from journey.ingest.identity.id_spaces import kind_of
from journey.ingest.identity.identities import (
    ACCOUNT,
    EARLIER,
    EMAIL,
    EMAIL_PATTERN,
    KIND_NAMES,
    KINDS,
    MOST_IDS_OF_ONE,
    OTHER,
    SOMEBODY_ELSE,
    USER,
    IdColumn,
    Identity,
    cell_sql,
    nobody_sql,
    office_sql,
    rich_sql,
)
from journey.ingest.identity.identity_counts import Ids, Stitched, TableIds, counted
from journey.ingest.identity.identity_graph import (
    ACCOUNT_BESIDE,
    AMBIGUOUS,
    GLUES,
    NO_ID,
    NOBODY,
    Ints,
    Nodes,
    Rule,
    glued,
)

PEOPLE = "people"
#: Kinds that stand for a thing or a deed; alone they make no person beside an account.
_THINGS = frozenset({ACCOUNT, EARLIER, OTHER, "order", "ticket"})
_FILLED_IN = frozenset({USER, "distinct", "anonymous", "device"})
#: Kinds in whose columns tools also write e-mail addresses.
_MAY_HOLD_EMAILS = frozenset({USER, "person", "contact", "requester", "distinct", OTHER})
_DEEDS = frozenset({"order", "ticket"})


@dataclass(frozen=True)
class Place:
    """A column of ids in the order of strength, with the number and the name of its space."""

    column: IdColumn
    space: str
    number: int
    may_hold_emails: bool


def stitch(
    draft: Draft,
    columns: Sequence[IdColumn],
    spaces: Mapping[IdColumn, str],
    identity: Identity,
    earlier: str | None = None,
) -> Stitched | None:
    """Build `people` (space, id, customer_id, glues) in the draft, and tell what was joined and what was not.

    Every id that occurs is one row of `people`; the customer is named by its strongest id, the smallest of several.
    `glues` is false where an id belongs to nobody or to several: a row that holds another id is that one's.
    None, and no table, when there is nothing to join: one column of ids, or stitching is switched off.

    `earlier` is such a table of the version that new files are added to (SQL, as `earlier.people`): what it joins and
    keeps apart stays so. Columns with customers of that version lie in the space `earlier`.
    """
    if not identity.stitch or len(columns) < (1 if earlier else 2):
        return None
    left_out = tuple(sorted(each.place for each in columns if kind_of(spaces[each]) == SOMEBODY_ELSE))
    columns = _customers_own(columns, spaces)
    held = [] if earlier is None else [EARLIER, *(name for (name,) in draft.rows(_spaces_sql(earlier)))]
    names = _in_order({*held, *(spaces[column] for column in columns)}, identity)
    tables = _places(columns, spaces, names)
    for number, places in enumerate(tables):
        _gather(draft, number, places, names)
    draft.execute(_gathered_earlier_sql(earlier, names))
    nodes = _number(draft, tables, names, identity)
    seen = [_seen(draft, str(number), len(places), places[0].column.table_name) for number, places in enumerate(tables)]
    before = _seen(draft, EARLIER, 2, EARLIER).nodes
    edges = np.concatenate([_pairs(table.nodes) for table in seen] + [_pairs(before)])
    is_account = _is_account(names, identity)
    rules = [_rule(kind_of(name), identity, is_account=is_account) for name in names]
    groups = glued(nodes, edges, rules, None if is_account else MOST_IDS_OF_ONE)
    # A shared device that was a customer of its own still is that customer.
    alone = before[groups.verdict[before[:, 1]] != GLUES]
    groups.group[alone[:, 1]] = groups.group[alone[:, 0]]
    _name_customers(draft, groups.group, groups.verdict == GLUES, names)
    stitched = counted(draft, Ids(names, nodes, groups, tuple(rules)), seen, tables_of(columns, spaces), left_out)
    for number in [*range(len(tables)), EARLIER]:
        draft.execute(f"DROP TABLE id_rows_{number}")
    draft.execute("DROP TABLE id_nodes")
    return stitched


def customer_of_row(columns: Sequence[IdColumn], spaces: Mapping[IdColumn, str], identity: Identity) -> tuple[str, str]:
    """Write the SQL of the customer of a row `raw` of one table, and of the joins it needs.

    The strongest id of the row that belongs to one customer; if none does, the strongest that is filled at all.
    """
    columns = _customers_own(columns, spaces)
    if not columns:
        return "NULL", ""
    [places] = _places(columns, spaces, _in_order(set(spaces.values()), identity))
    joins, sure, unsure = [], [], []
    for number, place in enumerate(places):
        joins.append(
            f"LEFT JOIN {PEOPLE} AS people_{number} ON people_{number}.id = {_id_sql(place)} "
            f"AND people_{number}.space = {_space_sql(place)}"
        )
        sure.append(f"CASE WHEN people_{number}.glues THEN people_{number}.customer_id END")
        unsure.append(f"people_{number}.customer_id")
    return f"coalesce({', '.join([*sure, *unsure])})", " ".join(joins)


def tables_of(columns: Sequence[IdColumn], spaces: Mapping[IdColumn, str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Name each table, and its columns with their spaces, in the order of their names."""
    by_table: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for column in sorted(columns, key=lambda each: (each.table_name, each.table, each.header)):
        by_table.setdefault((column.table_name, column.table), []).append((column.header, spaces[column]))
    return [(name, headers) for (name, _table), headers in by_table.items()]


def _customers_own(columns: Sequence[IdColumn], spaces: Mapping[IdColumn, str]) -> list[IdColumn]:
    return [each for each in columns if kind_of(spaces[each]) != SOMEBODY_ELSE]


# --- Spaces ------------------------------------------------------------------------------------------------------


def _in_order(used: set[str], identity: Identity) -> tuple[str, ...]:
    """Put the spaces in order of strength; accounts come last where persons are the customers."""
    is_account = _is_account(tuple(used), identity)

    def strength(space: str) -> tuple[bool, int, str]:
        kind = kind_of(space)
        return kind == ACCOUNT and not is_account, KIND_NAMES.index(kind), space

    return tuple(sorted(used, key=strength))


def _is_account(names: Sequence[str], identity: Identity) -> bool:
    return identity.customer == ACCOUNT or all(kind_of(name) in _THINGS for name in names)


def _rule(kind_name: str, identity: Identity, *, is_account: bool) -> Rule:
    kind = KINDS[KIND_NAMES.index(kind_name)]
    return Rule(
        most_joined=identity.most_strong_ids if kind.is_tolerant and not is_account else 1,
        most_per_id=kind.most_per_id,
        is_strong=kind.is_strong,
        holds_many=kind_name in (ACCOUNT, EARLIER),
        is_filled_in=kind_name in _FILLED_IN,
        is_deed=kind_name in _DEEDS,
    )


def _places(columns: Sequence[IdColumn], spaces: Mapping[IdColumn, str], names: Sequence[str]) -> list[list[Place]]:
    by_table: dict[tuple[str, str], list[Place]] = {}
    for column in sorted(columns, key=lambda each: (each.table_name, each.table)):
        space = spaces[column]
        may_hold_emails = EMAIL in spaces.values() and kind_of(space) in _MAY_HOLD_EMAILS
        place = Place(column, space, names.index(space), may_hold_emails)
        by_table.setdefault((column.table_name, column.table), []).append(place)
    # Of two columns of one space, the one that the recipe calls the customer speaks first.
    return [
        sorted(places, key=lambda each: (each.number, not each.column.is_customer, each.column.header))
        for places in by_table.values()
    ]


# --- Ids ---------------------------------------------------------------------------------------------------------


def _is_email_sql(place: Place) -> str:
    cell = f"trim(raw.{place.column.column}, ' \t\r\n')"
    return f"(contains({cell}, '@') AND regexp_full_match({cell}, {literal(EMAIL_PATTERN)}))"


def _id_sql(place: Place) -> str:
    cell = cell_sql(f"raw.{place.column.column}", kind_of(place.space))
    return f"CASE WHEN {_is_email_sql(place)} THEN lower({cell}) ELSE {cell} END" if place.may_hold_emails else cell


def _space_sql(place: Place) -> str:
    space = literal(place.space)
    return f"CASE WHEN {_is_email_sql(place)} THEN '{EMAIL}' ELSE {space} END" if place.may_hold_emails else space


def _gather(draft: Draft, number: int, places: Sequence[Place], names: Sequence[str]) -> None:
    """Build `id_rows_n`: the ids that stand together in rows of a table, once each, and in how many rows."""
    # The number of the space before the text: keys in alphabetical order are ids in the order of their strength.
    keys = []
    for place in places:
        prefix = f"'{place.number:03}|'"
        if place.may_hold_emails:
            prefix = f"CASE WHEN {_is_email_sql(place)} THEN '{names.index(EMAIL):03}|' ELSE {prefix} END"
        keys.append(f"({prefix}) || {_id_sql(place)}")
    cells = ", ".join(f"{key} AS k{position}" for position, key in enumerate(keys))
    draft.execute(
        f"""CREATE TABLE id_rows_{number} AS SELECT *, count(*) AS n_rows
        FROM (SELECT {cells} FROM {quoted(places[0].column.table)} AS raw) GROUP BY ALL"""
    )


def _spaces_sql(earlier: str) -> str:
    return f"SELECT DISTINCT space FROM {earlier} ORDER BY 1"


def _gathered_earlier_sql(earlier: str | None, names: Sequence[str]) -> str:
    """Write the SQL of `id_rows_earlier`: each id of the earlier version beside its customer."""
    if earlier is None:
        return f"CREATE TABLE id_rows_{EARLIER} (k0 VARCHAR, k1 VARCHAR, n_rows BIGINT, glues BOOLEAN)"
    prefixes = " ".join(f"WHEN {literal(name)} THEN '{number:03}|'" for number, name in enumerate(names))
    return f"""CREATE TABLE id_rows_{EARLIER} AS
        SELECT '{names.index(EARLIER):03}|' || customer_id AS k0, CASE space {prefixes} END || id AS k1,
            CAST(0 AS BIGINT) AS n_rows, glues
        FROM {earlier} WHERE space <> '{EARLIER}'"""


def _number(draft: Draft, tables: Sequence[Sequence[Place]], names: Sequence[str], identity: Identity) -> Nodes:
    """Build `id_nodes` (node, key, space, id): every id once, numbered from the strongest."""
    n_columns = [(str(number), len(places)) for number, places in enumerate(tables)]
    keys = " UNION ALL ".join(
        f"SELECT k{position} AS key FROM id_rows_{number}"
        for number, n in [*n_columns, (EARLIER, 2)]
        for position in range(n)
    )
    draft.execute(
        f"""CREATE TABLE id_nodes AS
        SELECT row_number() OVER (ORDER BY key) - 1 AS node, key, CAST(key[1:3] AS INTEGER) AS space, key[5:] AS id
        FROM (SELECT DISTINCT key FROM ({keys})) WHERE key IS NOT NULL"""
    )
    nobody = " ".join(
        f"WHEN {number} THEN {nobody_sql(kind_of(name), 'id', identity.not_ids)}" for number, name in enumerate(names)
    )
    email = names.index(EMAIL) if EMAIL in names else -1
    rows = draft.arrow(
        f"""SELECT CAST(space AS BIGINT) AS space, CAST(hash(id) >> 1 AS BIGINT) AS text,
            CASE space {nobody} END AS is_nobody, {rich_sql("id")} AS is_rich,
            space = {email} AND {office_sql("id")} AS is_office,
            key IN (SELECT k1 FROM id_rows_{EARLIER} WHERE NOT glues) AS was_apart
        FROM id_nodes ORDER BY node"""
    )
    held = {name: rows.column(name).to_numpy() for name in rows.column_names}
    verdict = np.where(held["was_apart"].astype(bool), AMBIGUOUS, GLUES)
    verdict = np.where(held["is_nobody"].astype(bool), NOBODY, verdict)
    if ACCOUNT in {kind_of(name) for name in names} and not _is_account(names, identity):
        accounts = [number for number, name in enumerate(names) if kind_of(name) == ACCOUNT]
        verdict = np.where(np.isin(held["space"], accounts) & (verdict != NOBODY), ACCOUNT_BESIDE, verdict)
    return Nodes(held["space"], held["text"], verdict, held["is_rich"].astype(bool), held["is_office"].astype(bool))


def _seen(draft: Draft, number: str, n_columns: int, table_name: str) -> TableIds:
    """Read which ids stood together in a table, by their numbers."""
    positions = range(n_columns)
    cells = ", ".join(f"coalesce(n{position}.node, {NO_ID}) AS k{position}" for position in positions)
    joins = " ".join(
        f"LEFT JOIN id_nodes AS n{position} ON n{position}.key = seen.k{position}" for position in positions
    )
    rows = draft.arrow(f"SELECT {cells}, n_rows FROM id_rows_{number} AS seen {joins}")
    nodes = np.column_stack([rows.column(position).to_numpy() for position in positions])
    order = np.lexsort(nodes.T[::-1])
    return TableIds(table_name, nodes[order], rows.column("n_rows").to_numpy()[order])


def _pairs(nodes: Ints) -> Ints:
    n_columns = nodes.shape[1]
    pairs = [nodes[:, [one, other]] for one in range(n_columns) for other in range(one + 1, n_columns)]
    together = np.concatenate([*pairs, np.empty((0, 2), np.int64)])
    filled: Ints = together[(together != NO_ID).all(axis=1)]
    return filled


def _name_customers(draft: Draft, group: Ints, glues: np.ndarray, names: Sequence[str]) -> None:
    draft.take("id_groups", pa.table({"node": np.arange(len(group)), "leader": group, "glues": glues}))
    spaces = " ".join(f"WHEN {number} THEN {literal(name)}" for number, name in enumerate(names))
    # A customer of before keeps no name that is none of the ids; the same text may be a user's id and another's cookie.
    draft.execute(
        f"""CREATE OR REPLACE TABLE {PEOPLE} AS
        WITH named AS (
            SELECT node, CASE space {spaces} END AS space, id, leader, glues FROM id_nodes JOIN id_groups USING (node)
        ), leaders AS (
            SELECT leader, coalesce(
                min(node) FILTER (space <> '{EARLIER}' AND glues), min(node) FILTER (space <> '{EARLIER}'), leader
            ) AS node FROM named GROUP BY leader
        ), customers AS (
            SELECT leaders.leader, CASE row_number() OVER (PARTITION BY id ORDER BY node) WHEN 1 THEN id
                ELSE space || ': ' || id END AS customer_id
            FROM leaders JOIN named USING (node)
        )
        SELECT space, id, customer_id, glues FROM named JOIN customers USING (leader) ORDER BY node"""
    )
    draft.execute("DROP TABLE id_groups")
