"""What customers wrote, the strongest feelings first."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pandas as pd

from journey.analysis.dimensions import require_names
from journey.dataset import Dataset
from journey.errors import ArgumentError, UnknownNameError
from journey.language import _
from journey.text.masking import masked

#: Quotes of so many characters are read first: shorter ones say little, longer ones fill the page.
_READABLE = (20, 240)


def quotes(
    dataset: Dataset,
    stage: str | None = None,
    touchpoint: str | None = None,
    persona: str | None = None,
    n_quotes: int = 1,
    low: bool = True,
) -> pd.DataFrame:
    """Select comments that say best how it felt, with e-mail addresses, phone and card numbers masked.

    Parameters
    ----------
    dataset
        Perhaps filtered.
    stage, touchpoint, persona
        Only comments from there, or of customers of the persona. None: all.
    n_quotes
        Number of comments, at least 1, each of another customer.
    low
        The worst feelings first; else the best ones.

    Returns
    -------
    pandas.DataFrame
        One row per comment, the strongest feeling first. Among equal ones those of a readable length come first, then
        older ones; comments without a known feeling come last.

        - **comment** (*str*): masked.
        - **emotion** (*float*, −2 … +2): missing when unknown.
        - **stage**, **touchpoint** (*str*), **timestamp** (*datetime*, UTC): missing stage when unknown.
        - **customer_key** (*int*): who wrote it, by the key of this dataset version.

    Raises
    ------
    ArgumentError
        When `n_quotes` is below 1.
    UnknownNameError
        When there is no such stage, touchpoint or persona.

    Examples
    --------
    >>> import journey, pandas as pd
    >>> log = pd.DataFrame({"customer_id": ["a"], "touchpoint": ["chat"], "timestamp": pd.to_datetime(["2025-01-01"]),
    ...                     "comment": ["No answer, call me on 0722 123 456"], "emotion": [-2.0]})
    >>> quotes(journey.load(log)).comment[0]
    'No answer, call me on [phone number]'
    """
    if n_quotes < 1:
        raise ArgumentError.out_of_range("n_quotes", n_quotes, 1, _("the number of comments"))
    if stage is not None:
        require_names(dataset, "stage", [stage])
    if touchpoint is not None:
        require_names(dataset, "touchpoint", [touchpoint])
    if persona is not None:
        known = dataset.values_of("persona") if dataset.personas else ()
        if persona not in known:
            raise UnknownNameError.among(_("persona"), persona, known)
    found = dataset.frame(_quotes, stage=stage, touchpoint=touchpoint, persona=persona, n_quotes=n_quotes, low=low)
    return found.assign(comment=found["comment"].map(masked).astype("str"))


def _quotes(
    dataset: Dataset, stage: str | None, touchpoint: str | None, persona: str | None, n_quotes: int, low: bool
) -> ir.Table:
    comments = dataset.table("comments")
    chosen = comments.filter(comments.comment.strip().length() > 0)
    if stage is not None:
        chosen = chosen.filter(chosen.stage == stage)
    if touchpoint is not None:
        chosen = chosen.filter(chosen.touchpoint == touchpoint)
    if persona is not None:
        members = dataset.members("persona")
        chosen = chosen.semi_join(members.filter(members.value == persona), "customer_key")
    order = [
        ibis.asc("emotion", nulls_first=False) if low else ibis.desc("emotion", nulls_first=False),
        ibis.desc(chosen.comment.length().between(*_READABLE)),
        chosen.timestamp,
        chosen.customer_key,
        chosen.sequence,
    ]
    rank = ibis.row_number().over(ibis.window(group_by="customer_key", order_by=order))
    own_best = chosen.mutate(rank=rank).filter(ibis._.rank == 0)
    order = [
        ibis.asc("emotion", nulls_first=False) if low else ibis.desc("emotion", nulls_first=False),
        ibis.desc(own_best.comment.length().between(*_READABLE)),
        own_best.timestamp,
        own_best.customer_key,
    ]
    return (
        own_best.order_by(order)
        .limit(n_quotes)
        .select("comment", "emotion", "stage", "touchpoint", "timestamp", "customer_key")
    )
