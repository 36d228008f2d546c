"""Ids that a spreadsheet may have ruined: they are kept as they stand, and it is said."""

from __future__ import annotations

from dataclasses import dataclass

from journey.engine import Draft


@dataclass(frozen=True)
class DoubtfulIds:
    """How many customers have an id like 1.23E+12, and how many one like 1001.0."""

    n_rounded: int
    n_with_decimals: int


def doubtful_ids(draft: Draft) -> DoubtfulIds:
    """Count the customers in `typed` whose id looks like a number that went through a spreadsheet."""
    [(n_rounded, n_with_decimals)] = draft.rows(
        r"""SELECT count(*) FILTER (regexp_full_match(customer_id, '\d(\.\d+)?[eE]\+\d+')),
            count(*) FILTER (regexp_full_match(customer_id, '\d+\.0'))
        FROM (SELECT DISTINCT customer_id FROM typed)"""
    )
    return DoubtfulIds(n_rounded, n_with_decimals)
