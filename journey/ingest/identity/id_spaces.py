"""Which columns hold ids of the same kind, so that they can be compared across tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations

from journey.engine import Draft, literal, quoted
from journey.ingest.aliases import normalised
from journey.ingest.identity.identities import (
    EARLIER,
    EMAIL,
    EMAIL_PATTERN,
    KIND_NAMES,
    OTHER,
    PHONE,
    SOMEBODY_ELSE,
    USER,
    IdColumn,
    cell_sql,
    kind_called,
    rich_sql,
)

#: Kinds whose columns are compared with others by what is in them: their names promise nothing across systems.
_BY_CONTENT = frozenset({OTHER, "contact", "requester", "person", "distinct"})
#: Kinds of which a row may hold two different ids without their being of different kinds.
_NEVER_SPLIT = frozenset({EMAIL, PHONE})
#: Numbers of orders and tickets are no customers', whatever they look like.
_NEVER_JOINED = frozenset({"order", "ticket", EMAIL, PHONE, EARLIER, SOMEBODY_ELSE})
#: Words in the headers of ids of somebody else than the customer: who answered, sold, sent or was recommended.
_OTHERS = frozenset(
    {
        "assignee", "agent", "owner", "sender", "submitter", "author", "creator", "created", "updated", "rep",
        "representative", "manager", "employee", "staff", "seller", "cc", "collaborator", "friend", "referred",
        "referrer", "invitee", "invited",
    }
)  # fmt: skip
_SAMPLE_ROWS = 10_000
_MOSTLY, _FEWEST_SHARED = 0.9, 3
_SHARE_OVERLAPPING, _SHARE_DIFFERING = 0.5, 0.1


def kind_of(space: str) -> str:
    """Name the kind of id of a space, as in `user:loyalty card` → `user`."""
    first = space.partition(":")[0]
    return first if first in KIND_NAMES else kind_called(first)


def spaces(
    draft: Draft, columns: Sequence[IdColumn], given: Mapping[tuple[str, str], str] | None = None
) -> dict[IdColumn, str]:
    """Tell for every column of ids which space its values lie in; values of one space are compared across tables.

    A space is told by the name of the column and by its values: e-mail addresses, and ids of at least six signs that
    are no short numbers and of which at least half, and three, are found in a column of another table. `given`, from
    (table name, header) to a space, goes before both.
    """
    ordered = sorted(columns, key=lambda each: (each.table_name, each.header, each.table, each.column))
    decided = {each: (given or {})[each.place] for each in ordered if each.place in (given or {})}
    found = {each: _by_name(draft, each) for each in ordered if each not in decided}
    _split(draft, found)
    _join(draft, found, decided)
    told = found | decided
    return {each: told[each] for each in columns}


def _by_name(draft: Draft, column: IdColumn) -> str:
    kind = kind_called(column.header)
    if not column.is_customer and _OTHERS & set(normalised(column.header).split("_")):
        return f"{SOMEBODY_ELSE}:{column.table_name}: {column.header}"
    if kind != EMAIL and _holds_emails(draft, column):
        return EMAIL
    if kind != OTHER:
        return kind
    # The recipe says that this column is the customer, whatever it is called.
    return USER if column.is_customer else f"{OTHER}:{column.table_name}: {column.header}"


def _holds_emails(draft: Draft, column: IdColumn) -> bool:
    [(n_filled, n_emails)] = draft.rows(
        f"""SELECT count(*), count(*) FILTER (regexp_full_match(trim({column.column}), {literal(EMAIL_PATTERN)}))
        FROM (SELECT {column.column} FROM {quoted(column.table)} WHERE {column.column} <> '' LIMIT {_SAMPLE_ROWS})"""
    )
    return bool(n_filled) and n_emails >= _MOSTLY * n_filled


def _split(draft: Draft, found: dict[IdColumn, str]) -> None:
    """Take columns of one kind apart by their names where rows hold two different ids of it."""
    by_table: dict[tuple[str, str], list[IdColumn]] = defaultdict(list)
    for column, space in found.items():
        if space not in _NEVER_SPLIT:
            by_table[column.table, space].append(column)
    differing = {
        space
        for (_table, space), columns in by_table.items()
        if any(_differ(draft, one, other) for one, other in combinations(columns, 2))
    }
    for column, space in found.items():
        if space in differing:
            found[column] = f"{space}:{normalised(column.header)}"


def _differ(draft: Draft, one: IdColumn, other: IdColumn) -> bool:
    first, second = cell_sql(one.column, ""), cell_sql(other.column, "")
    [(n_both, n_different)] = draft.rows(
        f"""SELECT count(*), count(*) FILTER (first <> second) FROM (
            SELECT {first} AS first, {second} AS second FROM {quoted(one.table)}
            WHERE {first} IS NOT NULL AND {second} IS NOT NULL LIMIT {_SAMPLE_ROWS})"""
    )
    return bool(n_different > _SHARE_DIFFERING * n_both)


def _join(draft: Draft, found: dict[IdColumn, str], decided: dict[IdColumn, str]) -> None:
    """Give a column whose name promises nothing the space of the column that holds most of its values."""
    fixed = {column: space for column, space in (found | decided).items() if _is_fixed(space)}
    for column in [each for each, space in found.items() if not _is_fixed(space)]:
        beside = {space for other, space in fixed.items() if other.table == column.table}
        shares = {
            other: _share_shared(draft, column, other)
            for other, space in fixed.items()
            if other.table != column.table and space not in beside and kind_of(space) not in _NEVER_JOINED
        }
        best = max(shares, key=lambda other: (shares[other], fixed[other]), default=None)
        if best is not None and shares[best]:
            found[column] = fixed[best]
        fixed[column] = found[column]


def _is_fixed(space: str) -> bool:
    kind = kind_of(space)
    return kind == SOMEBODY_ELSE or (kind not in _BY_CONTENT and ":" not in space)


def _share_shared(draft: Draft, column: IdColumn, other: IdColumn) -> float:
    """Tell which share of the ids of the column with fewer of them is in both; 0 when that proves nothing."""
    own, theirs = (
        f"SELECT DISTINCT id FROM (SELECT {cell_sql(each.column, '')} AS id FROM {quoted(each.table)}) "
        f"WHERE {rich_sql('id')}"
        for each in (column, other)
    )
    [(n_own, n_theirs, n_shared)] = draft.rows(
        f"""WITH own AS MATERIALIZED ({own}), theirs AS MATERIALIZED ({theirs})
        SELECT (SELECT count(*) FROM own), (SELECT count(*) FROM theirs), (SELECT count(*) FROM own SEMI JOIN theirs
        USING (id))"""
    )
    if n_shared < _FEWEST_SHARED:
        return 0.0
    share = n_shared / min(n_own, n_theirs)
    return float(share) if share >= _SHARE_OVERLAPPING else 0.0
