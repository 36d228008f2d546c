"""Which customer a row belongs to: the ids in it, and the customer they were stitched into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from journey.engine import Draft, literal, quoted
from journey.ingest.cells.ids import id_cells, id_sql
from journey.ingest.cells.labels import bare_sql
from journey.ingest.files.staging import StagedTable
from journey.ingest.identity.id_spaces import spaces
from journey.ingest.identity.identities import EARLIER, OTHER, SOMEBODY_ELSE, USER, IdColumn, Identity, kind_called
from journey.ingest.identity.identity_counts import Stitched
from journey.ingest.identity.stitch import customer_of_row, stitch
from journey.ingest.mapping import Mapping
from journey.ingest.previous import EARLIER_PEOPLE, spaces_of
from journey.ingest.recipe import Recipe
from journey.ingest.told import Note

#: From this share of its ids found among the other's, a table of customers speaks of the same ids whatever their name.
_SAME_IDS_SHARE = 0.5


@dataclass(frozen=True)
class Who:
    """The SQL of a row's customer, over the staged table as `raw`, and the joins it needs."""

    sql: str
    joins: tuple[str, ...] = ()


@dataclass(frozen=True)
class People:
    """How the ids of an import became customers; `stitched` is None where each id is a customer as it stands."""

    spaces: dict[IdColumn, str]
    identity: Identity
    stitched: Stitched | None


def people_of(draft: Draft, tables: Sequence[StagedTable], recipe: Recipe) -> People:
    """Bring all ids of all tables together into customers; one column of ids alone needs none of that."""
    columns = [column for place, staged in enumerate(tables) for column in id_columns(staged, recipe.tables[place])]
    earlier = EARLIER_PEOPLE if any(spaces_of(table) for table in recipe.tables) else None
    if len(columns) < 2:
        return People({}, recipe.identity, None)
    kinds = spaces(draft, columns, _given(draft, columns, recipe))
    return People(kinds, recipe.identity, stitch(draft, columns, kinds, recipe.identity, earlier))


def with_plain_ids(draft: Draft, staged: StagedTable, mapping: Mapping) -> tuple[StagedTable, tuple[Note, ...]]:
    """Free the ids of a table of what no id has, so that the same id is the same everywhere."""
    notes: list[Note] = []
    mended: dict[str, str] = {}
    for column in id_columns(staged, mapping):
        ids = id_cells(draft, staged.table, column.column)
        notes += ids.notes(column.header)
        if ids.loses_point or ids.n_invisible:
            mended[column.column] = id_sql(column.column, ids)
    if not mended:
        return staged, tuple(notes)
    view = f"plain_{staged.table}"
    cells = ", ".join(f"{sql} AS {name}" for name, sql in mended.items())
    draft.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS SELECT * REPLACE ({cells}) FROM {quoted(staged.table)}")
    return replace(staged, table=view), tuple(notes)


def id_columns(staged: StagedTable, mapping: Mapping) -> list[IdColumn]:
    """Name the columns of ids of a table, the one that says the customer first."""
    if not (mapping.is_interacting or mapping.kind == "customers"):
        return []
    headers = [(header, role) for role in ("customer_id", "identity") for header in mapping.having(role)]
    return [
        IdColumn(staged.table, staged.name, header, staged.column(header), is_customer=role == "customer_id")
        for header, role in headers
    ]


def who(staged: StagedTable, mapping: Mapping, people: People) -> Who:
    """Write the SQL that tells a row's customer."""
    if mapping.customer_per_row:
        # Next month's file may be called the same; its rows are other customers.
        return Who(f"concat({literal(f'{staged.name} {staged.sha256[:6]} ')}, raw.line)")
    columns = id_columns(staged, mapping)
    if people.stitched is not None:
        sql, joins = customer_of_row(columns, people.spaces, people.identity)
        return Who(sql, (joins,))
    # An id is kept as it stands: a customer may be called NA, null or 007.
    own = [column for column in columns if column.is_customer or kind_called(column.header) != SOMEBODY_ELSE]
    cells = [bare_sql(f"raw.{column.column}") for column in own]
    if people.identity.not_ids:
        nobody = ", ".join(literal(value.strip().lower()) for value in people.identity.not_ids)
        cells = [f"CASE WHEN lower(trim({cell})) NOT IN ({nobody}) THEN {cell} END" for cell in cells]
    return Who(f"coalesce({', '.join(cells)})" if len(cells) != 1 else cells[0])


def _given(draft: Draft, columns: Sequence[IdColumn], recipe: Recipe) -> dict[tuple[str, str], str]:
    """Take what the recipe says of the ids, and tables of customers whose ids are those of the interactions."""
    given = dict(recipe.identity.spaces)
    for table in recipe.tables:
        given |= spaces_of(table)
    main = next((each for each in columns if each.is_customer and given.get(each.place) != EARLIER), None)
    if main is None:
        return given
    named = kind_called(main.header)
    kind = given.get(main.place) or (USER if named == OTHER else named)
    for column in columns:
        if column.place in given:
            continue
        if column.is_customer and column.table != main.table and _share_found(draft, column, main) >= _SAME_IDS_SHARE:
            given.setdefault(main.place, kind)
            given.setdefault(column.place, kind)
    return given


def _share_found(draft: Draft, column: IdColumn, main: IdColumn) -> float:
    """Tell which share of the smaller set of ids is found in the other."""
    n_distinct = [
        draft.rows(f"SELECT count(DISTINCT nullif(trim({each.column}), '')) FROM {quoted(each.table)}")[0][0]
        for each in (column, main)
    ]
    return n_shared(draft, column.table, column.column, main.table, main.column) / float(max(1, min(n_distinct)))


def n_shared(draft: Draft, table: str, column: str, other_table: str, other_column: str) -> int:
    """Count the different values of a column that another column has, too."""
    [(n_values,)] = draft.rows(
        f"""SELECT count(*) FROM (
            SELECT DISTINCT trim({column}) AS id FROM {quoted(table)} WHERE trim({column}) <> '') AS ids
        SEMI JOIN (SELECT trim({other_column}) AS id FROM {quoted(other_table)}) AS other USING (id)"""
    )
    return int(n_values)
