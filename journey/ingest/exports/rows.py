"""Rows of an export rewritten in SQL: columns worked out from others, rows left out that are no interaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from journey.engine import Draft, literal, quoted
from journey.ingest.files.staging import StagedTable

_TRUE = ("true", "1", "yes", "y", "t")


def cell(staged: StagedTable, header: str | None) -> str:
    """Write the SQL of a cell without its blanks, missing when it is empty or there is no such column."""
    return "CAST(NULL AS VARCHAR)" if header is None else f"nullif(trim({staged.column(header)}), '')"


def lowered(staged: StagedTable, header: str | None) -> str:
    return f"lower({cell(staged, header)})"


def amount(staged: StagedTable, header: str | None) -> str:
    """Write the SQL of a cell as a number, also with a decimal comma; missing when it is none."""
    return f"TRY_CAST(replace({cell(staged, header)}, ',', '.') AS DOUBLE)"


def written(number: str) -> str:
    """Write the SQL of a number as text, whole ones without a decimal point."""
    rounded = f"round({number}, 6)"
    return (
        f"CASE WHEN {rounded} = trunc({rounded}) AND abs({rounded}) < 1e15 "
        f"THEN CAST(CAST({rounded} AS BIGINT) AS VARCHAR) "
        f"ELSE CAST({rounded} AS VARCHAR) END"
    )


def from_outside(referrer: str, page: str, is_inside: str = "false") -> str:
    """Write the SQL of a referrer that is a page of another site; within a site it says nothing of how one came."""
    hosts = [f"regexp_extract(lower({each}), '^(?:[a-z]+:)?//(?:www[.])?([^/:?#]+)', 1)" for each in (referrer, page)]
    there, here = hosts
    is_same = f"({there} = {here} OR ends_with({there}, '.' || {here}) OR ends_with({here}, '.' || {there}))"
    return f"""CASE WHEN {is_inside} OR lower({referrer}) IN ('$direct', '(direct)') THEN NULL
        WHEN {there} <> '' AND {here} <> '' AND {is_same} THEN NULL ELSE {referrer} END"""


def is_one_of(expression: str, words: tuple[str, ...]) -> str:
    return f"coalesce({expression} IN ({', '.join(map(literal, words))}), false)"


def is_true(staged: StagedTable, header: str | None) -> str:
    return is_one_of(lowered(staged, header), _TRUE)


def rewritten(
    draft: Draft, staged: StagedTable, further: Mapping[str, str], left_out: Mapping[str, str] | None = None
) -> StagedTable:
    """Add columns and leave out rows.

    `further` is header → SQL of its cells; a header that the file has already stays as it is. `left_out` is reason →
    condition; the rows that it leaves out are counted as skipped by that reason. Rows set aside for being ragged have
    no cells and are never left out.
    """
    added = {header: sql for header, sql in further.items() if header not in staged.header}
    if not added and not left_out:
        return staged
    cells = "".join(f", CAST({sql} AS VARCHAR) AS c{place}" for place, sql in enumerate(added.values(), _width(staged)))
    cases = " ".join(f"WHEN {condition} THEN {literal(reason)}" for reason, condition in (left_out or {}).items())
    reason = f"CASE WHEN ragged IS NOT NULL THEN NULL {cases} END" if left_out else "CAST(NULL AS VARCHAR)"
    table, fresh = quoted(staged.table), quoted(f"{staged.table}_rewritten")
    # Only a comparison of rows with each other loses their order.
    order = "ORDER BY line" if left_out else ""
    draft.execute(f"CREATE TABLE {fresh} AS SELECT *{cells}, {reason} AS left_out FROM {table} {order}")
    counts = draft.rows(f"SELECT left_out, count(*) FROM {fresh} WHERE left_out IS NOT NULL GROUP BY 1 ORDER BY 1")
    if counts:
        draft.execute(f"DELETE FROM {fresh} WHERE left_out IS NOT NULL")
    draft.execute(f"ALTER TABLE {fresh} DROP COLUMN left_out")
    draft.drop(staged.table)
    draft.execute(f"ALTER TABLE {fresh} RENAME TO {table}")
    skipped = Counter(dict(staged.skipped))
    skipped.update(dict(counts))
    return replace(
        staged,
        header=(*staged.header, *added),
        n_rows=staged.n_rows - sum(n_rows for _reason, n_rows in counts),
        skipped=tuple(sorted(skipped.items())),
    )


def _width(staged: StagedTable) -> int:
    return len(staged.header)
