"""What is known of a customer: from columns of the interactions, and from a table of customers joined by its id."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from journey.dataset import Attribute
from journey.engine import Draft, quoted
from journey.ingest.aliases import ALIASES, PERSONAL, is_called, normalised, rank
from journey.ingest.amounts import amount_column, amount_sql
from journey.ingest.mapping import Mapping
from journey.ingest.profiles import Profile, profiles
from journey.ingest.staging import StagedTable
from journey.vocabulary import CUSTOMERS

_NOT_AN_IDENTIFIER = re.compile(r"[^a-z0-9]+")
#: Names that mean something else where customers are told apart.
_TAKEN = frozenset({*CUSTOMERS, "persona", "channel", "device", "value"})
#: Fewer different whole numbers than this are groups, not amounts.
_FEWEST_NUMBERS = 13
_NUMBERED = re.compile(r"(^|_)(id|zip|zipcode|plz|code|phone|index|no|nr|number)$")
_MOST_VALUES = 2_000


@dataclass(frozen=True)
class JoinedCustomers:
    """How a table of customers met the interactions: `n_matched` of their `n_customers` ids were in it."""

    name: str
    id_column: str
    n_rows: int
    n_repeated: int
    n_matched: int
    n_customers: int


def gather_attributes(
    draft: Draft, staged: StagedTable, mapping: Mapping, customers: StagedTable | None
) -> tuple[tuple[Attribute, ...], JoinedCustomers | None]:
    """Build `attribute_values`, a row per customer_id and a column per attribute."""
    joined = _join(draft, customers) if customers is not None else None
    labels: list[str] = []
    if customers is not None and joined is not None and joined.n_matched:
        labels = _attribute_headers(draft, customers, joined)
    told = {normalised(label) for label in labels}
    own = [header for header in mapping.having("attribute") if normalised(header) not in told]
    names = _identifiers([*own, *labels])
    _first_known(draft, staged, own, names[: len(own)])
    if customers is not None and joined is not None and labels:
        _lay_beside(draft, customers, joined, labels, names[len(own) :])
    attributes = tuple(
        _typed(draft, Attribute(name, label)) for name, label in zip(names, [*own, *labels], strict=True)
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


def _first_known(draft: Draft, staged: StagedTable, headers: Sequence[str], names: Sequence[str]) -> None:
    """Take each customer's first filled cell, in time."""
    if not headers:
        draft.execute("CREATE TABLE attribute_values AS SELECT DISTINCT customer_id FROM typed")
        return
    cells = [f"nullif(trim(raw.{staged.column(header)}), '')" for header in headers]
    firsts = ", ".join(
        f"arg_min({cell}, (typed.timestamp, typed.line)) FILTER ({cell} IS NOT NULL) AS {quoted(name)}"
        for cell, name in zip(cells, names, strict=True)
    )
    draft.execute(
        f"""CREATE TABLE attribute_values AS
        SELECT typed.customer_id, {firsts} FROM typed JOIN {quoted(staged.table)} AS raw USING (line)
        GROUP BY typed.customer_id"""
    )


def _join(draft: Draft, customers: StagedTable) -> JoinedCustomers:
    """Find the column of the customers' table that holds most of the interactions' ids."""
    known = quoted(customers.table)
    sums = ", ".join(
        f"(SELECT count(*) FROM ids SEMI JOIN {known} AS known ON ids.customer_id = trim(known.{column}))"
        for column in customers.columns
    )
    [matches] = draft.rows(f"WITH ids AS (SELECT DISTINCT customer_id FROM typed) SELECT {sums}")
    ranks = [rank(header, ALIASES["customer_id"]) for header in customers.header]
    best = max(
        range(len(customers.header)),
        key=lambda place: (matches[place], ranks[place] is not None, -(ranks[place] or 0), -place),
    )
    column = f"c{best}"
    [(n_ids, n_filled)] = draft.rows(
        f"SELECT count(DISTINCT trim({column})), count(*) FROM {quoted(customers.table)} WHERE trim({column}) <> ''"
    )
    [(n_customers,)] = draft.rows("SELECT count(DISTINCT customer_id) FROM typed")
    header = customers.header[best]
    return JoinedCustomers(customers.name, header, customers.n_rows, n_filled - n_ids, matches[best], n_customers)


def _attribute_headers(draft: Draft, customers: StagedTable, joined: JoinedCustomers) -> list[str]:
    return [
        profile.header
        for profile in profiles(draft, customers)
        if profile.header != joined.id_column and _is_attribute(profile)
    ]


def _is_attribute(profile: Profile) -> bool:
    if not profile.n_filled or profile.is_time or is_called(profile.header, PERSONAL) or profile.mean_length > 100:
        return False
    return profile.is_number or profile.n_distinct <= _MOST_VALUES


def _lay_beside(
    draft: Draft, customers: StagedTable, joined: JoinedCustomers, headers: Sequence[str], names: Sequence[str]
) -> None:
    column = customers.column(joined.id_column)
    cells = "".join(
        f", first(nullif(trim({customers.column(header)}), '') ORDER BY line) AS {quoted(name)}"
        for header, name in zip(headers, names, strict=True)
    )
    draft.execute(
        f"""CREATE OR REPLACE TABLE attribute_values AS
        SELECT * FROM attribute_values LEFT JOIN (
            SELECT trim({column}) AS customer_id{cells} FROM {quoted(customers.table)}
            WHERE ragged IS NULL GROUP BY 1) USING (customer_id)"""
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
