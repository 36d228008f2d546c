"""What stitching did, counted: ids, customers, matches between tables, merges, conflicts and the largest groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

import numpy as np

from journey.engine import Draft
from journey.ingest.identity.identity_graph import (
    ACCOUNT_BESIDE,
    AMBIGUOUS,
    CHAINED,
    GLUES,
    NO_ID,
    NOBODY,
    SHARED,
    TOO_LARGE,
    Flags,
    Groups,
    Ints,
    Nodes,
    Rule,
)
from journey.ingest.told import Note

#: Why an id does not join, as the report names it.
REASONS: Final = {
    NOBODY: "nobody",
    SHARED: "shared",
    AMBIGUOUS: "ambiguous",
    CHAINED: "chained",
    TOO_LARGE: "too_large",
    ACCOUNT_BESIDE: "account",
}
TOO_MANY, CUT = "too_many", "cut"
_N_EXAMPLES, _N_LARGEST = 3, 10


@dataclass(frozen=True)
class TableIds:
    """The ids that stand together in rows of a table, the strongest first, and in how many rows each combination."""

    name: str
    nodes: Ints
    n_rows: Ints


@dataclass(frozen=True)
class Ids:
    """All ids of an import, the groups they fell into, and the rules of their spaces."""

    spaces: tuple[str, ...]
    nodes: Nodes
    groups: Groups
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class TablePeople:
    """A table's rows, how many hold an id of a person by themselves, and how many lead to one after stitching."""

    name: str
    headers: tuple[tuple[str, str], ...]
    n_rows: int
    n_without_id: int
    n_known_before: int
    n_known: int
    n_customers: int


@dataclass(frozen=True)
class Match:
    """`n_found` of the `n_customers` of `table` were met in `other`, too."""

    table: str
    other: str
    n_customers: int
    n_found: int


@dataclass(frozen=True)
class Conflict:
    """Ids of a space that join nothing, for one reason; `n_rows` hold no other id. The examples are ids as they are."""

    reason: str
    space: str
    n_ids: int
    n_rows: int
    examples: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class LargeGroup:
    """A customer with many ids. `customer_id` is the id as it is: show a pseudonym."""

    customer_id: str = field(repr=False)
    n_ids: int
    n_rows: int
    ids_by_space: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Stitched:
    """What stitching did.

    `n_customers_before` is how many customers there would be if the strongest id of each row were the customer;
    `n_bridged` counts weaker ids that alone joined ids of different spaces, such as an e-mail and a user.
    """

    ids_by_space: tuple[tuple[str, int], ...]
    n_customers_before: int
    n_customers: int
    n_merged: int
    n_bridged: int
    tables: tuple[TablePeople, ...]
    matches: tuple[Match, ...]
    conflicts: tuple[Conflict, ...]
    largest: tuple[LargeGroup, ...]
    #: Columns, by table and header, that tell who answered or sold, not who the customer is.
    left_out: tuple[tuple[str, str], ...] = ()

    @property
    def n_ids(self) -> int:
        return sum(n_ids for _space, n_ids in self.ids_by_space)

    def notes(self) -> list[Note]:
        """Tell all this in sentences, without a single id."""
        from journey.ingest.identity.identity_notes import notes_on

        return notes_on(self)


def counted(
    draft: Draft,
    ids: Ids,
    seen: Sequence[TableIds],
    headers: Sequence[tuple[str, list[tuple[str, str]]]],
    left_out: tuple[tuple[str, str], ...],
) -> Stitched:
    """Count what came of stitching; `seen` are the tables in the order of `headers`."""
    group, glues = ids.groups.group, ids.groups.verdict == GLUES
    owners = [_owner(table.nodes, glues) for table in seen]
    is_person = np.array([rule.is_strong for rule in ids.rules])[ids.nodes.space[ids.groups.same]] & glues
    leads_to_person = np.zeros(len(group), np.bool_)
    leads_to_person[group[is_person]] = True
    customers = [_different(group[owner[owner != NO_ID]], len(group)) for owner in owners]
    all_owners = _different(np.concatenate([owner[owner != NO_ID] for owner in owners]), len(group))
    tables = tuple(
        _table(table, tuple(columns), owner, is_person, leads_to_person[group], len(found))
        for table, (_name, columns), owner, found in zip(seen, headers, owners, customers, strict=True)
    )
    n_ids = np.bincount(ids.nodes.space, minlength=len(ids.spaces))
    return Stitched(
        ids_by_space=tuple((space, int(n)) for space, n in zip(ids.spaces, n_ids, strict=True)),
        n_customers_before=len(all_owners),
        n_customers=len(_different(np.concatenate(customers), len(group))),
        n_merged=int((np.bincount(group, minlength=len(group)) > 1).sum()),
        n_bridged=int(ids.groups.bridges.sum()),
        tables=tables,
        matches=_matches([table.name for table in seen], customers),
        conflicts=_conflicts(draft, ids, seen, owners),
        largest=_largest(draft, ids, seen, owners),
        left_out=left_out,
    )


def _different(nodes: Ints, n_nodes: int) -> Ints:
    return np.flatnonzero(np.bincount(nodes, minlength=n_nodes))


def _owner(nodes: Ints, glues: Flags) -> Ints:
    """Tell of every row whose it is: the first id that joins, else the first that is filled."""
    padded = np.append(glues, False)
    first_sure, first = np.full(len(nodes), NO_ID), np.full(len(nodes), NO_ID)
    for position in reversed(range(nodes.shape[1])):
        cells = nodes[:, position]
        first = np.where(cells != NO_ID, cells, first)
        first_sure = np.where(padded[cells], cells, first_sure)
    return np.where(first_sure != NO_ID, first_sure, first)


def _table(
    table: TableIds,
    headers: tuple[tuple[str, str], ...],
    owner: Ints,
    is_person: Flags,
    leads_to_person: Flags,
    n_customers: int,
) -> TablePeople:
    is_filled = owner != NO_ID
    known_before = (np.append(is_person, False)[table.nodes]).any(axis=1)
    known = np.append(leads_to_person, False)[owner]
    return TablePeople(
        name=table.name,
        headers=headers,
        n_rows=int(table.n_rows.sum()),
        n_without_id=int(table.n_rows[~is_filled].sum()),
        n_known_before=int(table.n_rows[known_before].sum()),
        n_known=int(table.n_rows[known].sum()),
        n_customers=n_customers,
    )


def _matches(names: Sequence[str], customers: Sequence[Ints]) -> tuple[Match, ...]:
    """Look up the customers of the table with fewer of them in the other one."""
    found = []
    for one, other in combinations(range(len(names)), 2):
        small, large = sorted((one, other), key=lambda place: (len(customers[place]), names[place]))
        n_found = len(np.intersect1d(customers[small], customers[large], assume_unique=True))
        found.append(Match(names[small], names[large], len(customers[small]), n_found))
    return tuple(found)


def _conflicts(draft: Draft, ids: Ids, seen: Sequence[TableIds], owners: Sequence[Ints]) -> tuple[Conflict, ...]:
    n_rows = _rows_of(len(ids.nodes.space), seen, owners)
    marks = [(REASONS[verdict], ids.groups.verdict == verdict) for verdict in REASONS]
    marks += [(TOO_MANY, ids.groups.takes_no), (CUT, ids.groups.cuts)]
    conflicts = []
    for reason, marked in marks:
        for number, space in enumerate(ids.spaces):
            nodes = np.flatnonzero(marked & (ids.nodes.space == number))
            if len(nodes):
                held = 0 if reason in (TOO_MANY, CUT) else int(n_rows[nodes].sum())
                most = nodes[np.argsort(-n_rows[nodes], kind="stable")][:_N_EXAMPLES]
                conflicts.append(Conflict(reason, space, len(nodes), held, tuple(_texts(draft, most))))
    return tuple(conflicts)


def _largest(draft: Draft, ids: Ids, seen: Sequence[TableIds], owners: Sequence[Ints]) -> tuple[LargeGroup, ...]:
    group = ids.groups.group
    n_ids = np.bincount(group, minlength=len(group))
    leaders = np.argsort(-n_ids, kind="stable")[:_N_LARGEST]
    leaders = leaders[n_ids[leaders] > 1]
    n_rows = np.bincount(group, weights=_rows_of(len(group), seen, owners), minlength=len(group))
    found = []
    for leader, text in zip(leaders, _texts(draft, leaders), strict=True):
        by_space = np.bincount(ids.nodes.space[group == leader], minlength=len(ids.spaces))
        counts = tuple((space, int(n)) for space, n in zip(ids.spaces, by_space, strict=True) if n)
        found.append(LargeGroup(text, int(n_ids[leader]), int(n_rows[leader]), counts))
    return tuple(found)


def _rows_of(n_nodes: int, seen: Sequence[TableIds], owners: Sequence[Ints]) -> Ints:
    """Count the rows that each id owns."""
    n_rows = np.zeros(n_nodes, np.int64)
    for table, owner in zip(seen, owners, strict=True):
        np.add.at(n_rows, owner[owner != NO_ID], table.n_rows[owner != NO_ID])
    return n_rows


def _texts(draft: Draft, nodes: Ints) -> list[str]:
    wanted = ", ".join(str(int(node)) for node in nodes) or "NULL"
    texts = dict(draft.rows(f"SELECT node, id FROM id_nodes WHERE node IN ({wanted})"))
    return [texts[int(node)] for node in nodes]
