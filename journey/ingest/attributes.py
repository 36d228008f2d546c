"""What is known of a customer: from columns of the interactions, and from tables of customers joined by their ids."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from journey.engine import Draft, quoted
from journey.facts import Attribute
from journey.ingest.aliases import normalised
from journey.ingest.cells.amounts import amount_column, amount_sql
from journey.ingest.identity.who import People, who
from journey.ingest.outcome import TableOutcome
from journey.vocabulary import CUSTOMERS

_NOT_AN_IDENTIFIER = re.compile(r"[^a-z0-9]+")
#: Names that mean something else where customers are told apart.
_TAKEN = frozenset({*CUSTOMERS, "persona", "channel", "device", "value"})
#: Fewer different whole numbers than this are groups, not amounts.
_FEWEST_NUMBERS = 13
_NUMBERED = re.compile(r"(^|_)(id|zip|zipcode|plz|code|phone|index|no|nr|number)$")


@dataclass(frozen=True)
class JoinedCustomers:
    """How a table of customers met the interactions: `n_matched` of their `n_customers` customers were in it."""

    name: str
    id_columns: tuple[str, ...]
    n_rows: int
    n_without_id: int
    n_repeated: int
    n_matched: int
    n_customers: int


@dataclass(frozen=True)
class _Told:
    """A table that tells something about customers: a row each, the n-th header in column `attribute_n`."""

    table: str
    headers: tuple[str, ...]


def gather_attributes(
    draft: Draft, outcomes: Sequence[TableOutcome], people: People
) -> tuple[tuple[Attribute, ...], list[JoinedCustomers]]:
    """Build `attribute_values`, a row per customer_id and a column per attribute.

    What two tables tell under the same name is one attribute; the tables of customers count before the interactions.
    """
    own = {
        outcome.typed: _first_known(draft, outcome, outcome.cleaned.attributes)
        for outcome in outcomes
        if outcome.mapping.kind != "customers" and outcome.cleaned is not None and outcome.cleaned.attributes
    }
    told_of = [own[each.typed].table if each.typed in own else each.typed for each in outcomes if each.cleaned]
    ids = " UNION ALL ".join(f"SELECT customer_id FROM {quoted(table)}" for table in told_of)
    draft.execute(f"CREATE TEMP TABLE known_ids AS SELECT DISTINCT customer_id FROM ({ids})")
    told: list[_Told] = []
    joined: list[JoinedCustomers] = []
    for outcome in sorted(outcomes, key=lambda each: each.mapping.kind != "customers"):
        if outcome.mapping.kind == "customers":
            joined.append(_lay_beside(draft, outcome, people))
            if joined[-1].n_matched:
                told.append(_Told(f"told_{outcome.staged.table}", tuple(outcome.mapping.having("attribute"))))
        elif outcome.cleaned is not None and outcome.cleaned.attributes:
            told.append(own[outcome.typed])
    columns: dict[tuple[str, int], list[str]] = {}
    labels: dict[tuple[str, int], str] = {}
    for each in told:
        alike = [normalised(header) for header in each.headers]
        for place, header in enumerate(each.headers):
            # Two columns of one table are two attributes, however alike their names are.
            key = alike[place], alike[:place].count(alike[place])
            columns.setdefault(key, []).append(f"CAST({quoted(each.table)}.attribute_{place} AS VARCHAR)")
            labels.setdefault(key, header)
    names = _identifiers(list(labels.values()))
    cells = "".join(
        f", coalesce({', '.join(columns[key])}) AS {quoted(name)}" for key, name in zip(labels, names, strict=True)
    )
    joins = " ".join(f"LEFT JOIN {quoted(each.table)} USING (customer_id)" for each in told)
    draft.execute(f"CREATE TABLE attribute_values AS SELECT known_ids.customer_id{cells} FROM known_ids {joins}")
    for table in ("known_ids", *(each.table for each in told)):
        draft.execute(f"DROP TABLE {quoted(table)}")
    attributes = tuple(
        _typed(draft, Attribute(name, label)) for name, label in zip(names, labels.values(), strict=True)
    )
    return attributes, joined


def _identifiers(headers: Sequence[str]) -> list[str]:
    """Make names for columns and addresses out of headers.

    >>> _identifiers(["Plan type", "Plan-Type", "größe", "客户", "channel"])
    ['plan_type', 'plan_type_2', 'grosse', 'attribute_4', 'channel_2']
    """
    names: list[str] = []
    for position, header in enumerate(headers, start=1):
        letters = unicodedata.normalize("NFKD", normalised(header).replace("ß", "ss"))
        stem = (
            _NOT_AN_IDENTIFIER.sub("_", letters.encode("ascii", "ignore").decode()).strip("_")
            or f"attribute_{position}"
        )
        stem = f"attribute_{stem}" if stem[0].isdigit() else stem
        taken = {*_TAKEN, *names, *(f"{name}_group" for name in names)}
        name, n_same = stem, 1
        while name in taken or f"{name}_group" in names:
            n_same += 1
            name = f"{stem}_{n_same}"
        names.append(name)
    return names


def _first_known(draft: Draft, outcome: TableOutcome, headers: Sequence[str]) -> _Told:
    """Take each customer's first filled cell, in time; it is looked for only where cells differ."""
    table = f"told_{outcome.staged.table}"
    cells = [f"attribute_{place}" for place in range(len(headers))]
    steady = ", ".join(f"min({cell}) AS {cell}, max({cell}) AS last_{cell}" for cell in cells)
    draft.execute(
        f"""CREATE TEMP TABLE {quoted(table)} AS
        SELECT customer_id, {steady} FROM {quoted(outcome.typed)} GROUP BY customer_id"""
    )
    for cell in cells:
        draft.execute(
            f"""UPDATE {quoted(table)} AS told SET {cell} = first.{cell} FROM (
                SELECT customer_id, arg_min({cell}, (timestamp, line)) AS {cell} FROM {quoted(outcome.typed)}
                WHERE {cell} IS NOT NULL AND customer_id IN (
                    SELECT customer_id FROM {quoted(table)} WHERE {cell} <> last_{cell})
                GROUP BY 1) AS first
            WHERE told.customer_id = first.customer_id"""
        )
    return _Told(table, tuple(headers))


def _lay_beside(draft: Draft, outcome: TableOutcome, people: People) -> JoinedCustomers:
    """Bring the rows of a table of customers to the customers they speak of; the first row of each counts."""
    staged, mapping = outcome.staged, outcome.mapping
    told_by = who(staged, mapping, people)
    cells = "".join(
        f", first(nullif(trim(raw.{staged.column(header)}), '') ORDER BY raw.line) AS attribute_{place}"
        for place, header in enumerate(mapping.having("attribute"))
    )
    draft.execute(
        f"""CREATE TEMP TABLE {quoted(f"told_{staged.table}")} AS
        SELECT {told_by.sql} AS customer_id, count(*) AS n_rows{cells}
        FROM {quoted(staged.table)} AS raw {" ".join(told_by.joins)} WHERE raw.ragged IS NULL GROUP BY 1"""
    )
    rows = f"FROM {quoted(f'told_{staged.table}')}"
    [(n_ids, n_filled)] = draft.rows(f"SELECT count(*), coalesce(sum(n_rows), 0) {rows} WHERE customer_id IS NOT NULL")
    [(n_matched,)] = draft.rows(
        f"SELECT count(*) FROM known_ids SEMI JOIN (SELECT customer_id {rows}) USING (customer_id)"
    )
    [(n_customers,)] = draft.rows("SELECT count(*) FROM known_ids")
    if not n_matched:
        draft.execute(f"DROP TABLE {quoted(f'told_{staged.table}')}")
    headers = (*mapping.having("customer_id"), *mapping.having("identity"))
    return JoinedCustomers(
        staged.name, headers, staged.n_rows, staged.n_rows - n_filled, n_filled - n_ids, n_matched, n_customers
    )


def _typed(draft: Draft, attribute: Attribute) -> Attribute:
    """Turn an attribute into numbers when all its values are, and they are fractions or many different ones."""
    if _NUMBERED.search(normalised(attribute.label)):
        return attribute
    column = quoted(attribute.name)
    [(n_filled, n_distinct, has_leading_zeros, has_fractions)] = draft.rows(
        f"""SELECT count({column}), count(DISTINCT {column}),
            coalesce(bool_or(regexp_matches({column}, '^0[0-9]')), false),
            coalesce(bool_or(regexp_matches({column}, '[0-9][.,]0*[1-9]')), false) FROM attribute_values"""
    )
    if has_leading_zeros or (n_distinct < _FEWEST_NUMBERS and not has_fractions):
        return attribute
    amounts = amount_column(draft, "attribute_values", attribute.name)
    if amounts.n_matching < n_filled or amounts.is_ambiguous:
        return attribute
    draft.execute(
        f"ALTER TABLE attribute_values ALTER {column} TYPE DOUBLE USING {amount_sql(attribute.name, amounts)}"
    )
    return Attribute(attribute.name, attribute.label, numeric=True)
