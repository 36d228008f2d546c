"""Which whole paths customers take: the distinct sequences of their journeys, counted."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pandas as pd

from journey.analysis.dimensions import require_dimension
from journey.dataset import Dataset
from journey.errors import ArgumentError
from journey.language import _
from journey.vocabulary import NOT_KNOWN

_SEPARATOR = " > "
_JOURNEY = ["customer_key", "journey"]
#: No journey has a number of interactions with more digits.
_PLACE_DIGITS = 9
_WHOLE_NUMBERS = ("n_steps", "journeys", "customers", "still_open", "closed_reaching_goal", "all_journeys", "example")
#: No customer has so many journeys.
_MORE_THAN_JOURNEYS = 1_000_000


def paths(dataset: Dataset, by: str = "touchpoint", top_n: int = 50, *, collapse_repeats: bool = False) -> pd.DataFrame:
    """Count journeys by their path: everything met from the first to the last interaction, in order.

    A journey that reaches over the bounds of the filters' window counts with the part inside.

    Parameters
    ----------
    dataset
        Perhaps filtered.
    by
        `touchpoint`, `channel`, `stage` or `device`.
    top_n
        Number of paths, the most travelled first.
    collapse_repeats
        Take the same thing several times in a row as once.

    Returns
    -------
    pandas.DataFrame
        One row per path, most journeys first, then shorter ones, then by name.

        - **path** (*str*): to read, joined with ` > `.
        - **steps** (*tuple of str*): the same, exact also where a name holds ` > `.
        - **n_steps** (*int*, ≥ 1): its length.
        - **journeys** (*int*, ≥ 1), **customers** (*int*, ≥ 1): journeys on it, distinct customers.
        - **still_open** (*int*): those of the journeys that may still go on.
        - **share_of_journeys** (*float*, (0, 1]): of all journeys.
        - **cumulative_share_of_journeys** (*float*, (0, 1]): of this and all rows above.
        - **share_reaching_goal** (*float*, [0, 1]): of its journeys that are over, those which met the goal stage;
          missing when all are open or there are no stages.
        - **median_seconds** (*float*, ≥ 0): median time from first to last interaction.

    Raises
    ------
    ArgumentError
        When `by` is none of the four, or `top_n` is below 1.

    Examples
    --------
    >>> import journey, pandas as pd
    >>> log = pd.DataFrame({"customer_id": ["a", "a", "b", "b", "c"],
    ...                     "touchpoint": ["see", "try", "see", "try", "see"],
    ...                     "timestamp": pd.to_datetime(["2025-01-01", "2025-01-02"] * 2 + ["2025-06-01"])})
    >>> journey.paths(journey.load(log))[["path", "journeys", "still_open"]]
            path  journeys  still_open
    0  see > try         2           0
    1        see         1           1
    """
    require_dimension(by)
    if top_n < 1:
        raise ArgumentError.out_of_range("top_n", top_n, 1, _("the number of paths in the data"))
    counted = dataset.frame(_counts, by=by, top_n=top_n, collapse_repeats=collapse_repeats)
    # Databases answer sums of whole numbers in wider types.
    counted = counted.astype(dict.fromkeys(_WHOLE_NUMBERS, "int64"))
    counted["steps"] = counted["steps"].map(tuple)
    counted["path"] = counted["steps"].map(_SEPARATOR.join).astype("str")
    counted = counted.sort_values(["journeys", "n_steps", "path"], ascending=[False, True, True], ignore_index=True)
    counted["share_of_journeys"] = counted["journeys"] / counted["all_journeys"]
    counted["cumulative_share_of_journeys"] = counted["journeys"].cumsum() / counted["all_journeys"]
    closed = counted["journeys"] - counted["still_open"]
    counted["share_reaching_goal"] = counted["closed_reaching_goal"] / closed.where(closed > 0)
    if dataset.facts.goal is None:
        counted["share_reaching_goal"] = float("nan")
    columns = ["path", "steps", "n_steps", "journeys", "customers", "still_open", "share_of_journeys"]
    return counted[[*columns, "cumulative_share_of_journeys", "share_reaching_goal", "median_seconds"]]


def _placed(dataset: Dataset, by: str, collapse_repeats: bool) -> ir.Table:
    """Interactions with their `place` in the path, numbered from 1."""
    steps, goal = dataset.table("steps"), dataset.facts.goal
    rows = steps.select(
        "customer_key", "journey", "step", "timestamp", "is_open",
        value=steps[by], next_value=steps[f"next_{by}"], ends=steps.next_timestamp.isnull(),
        is_goal=(steps.stage == goal).fill_null(False) if goal else ibis.literal(False),
    )  # fmt: skip
    if collapse_repeats:
        is_last_of_run = rows.ends | ~rows.value.identical_to(rows.next_value)
        return _numbered(rows.mutate(kept=is_last_of_run))
    if dataset.window[0] is not None:
        return _numbered(rows.mutate(kept=ibis.literal(True)))
    return rows.mutate(kept=ibis.literal(True), place=rows.step)


def _numbered(rows: ir.Table) -> ir.Table:
    so_far = ibis.window(group_by=_JOURNEY, order_by="step", preceding=None, following=0)
    return rows.mutate(place=rows.kept.cast("int32").sum().over(so_far))


def _counts(dataset: Dataset, by: str, top_n: int, collapse_repeats: bool) -> ir.Table:
    rows = _placed(dataset, by, collapse_repeats)
    # A path is told by the sum of one number per place and value; two paths share a sum once in 10^19. Writing out the
    # text of every journey to compare them takes ten times as long.
    mark = ibis.struct({"place": rows.place, "value": rows.value}).hash()
    journeys = rows.group_by(_JOURNEY).aggregate(
        mark=mark.sum(where=rows.kept),
        n_steps=rows.kept.sum(),
        seconds=(rows.timestamp.max().epoch_seconds() - rows.timestamp.min().epoch_seconds()).cast("float64"),
        is_open=(rows.is_open & rows.ends).any(),
        reached=rows.is_goal.any(),
    )
    journeys = journeys.mutate(closed_reached=~journeys.is_open & journeys.reached, example=_one_number(journeys))
    counted = journeys.group_by(["mark", "n_steps"]).aggregate(
        journeys=journeys.count(),
        customers=journeys.customer_key.nunique(),
        still_open=journeys.is_open.sum(),
        closed_reaching_goal=journeys.closed_reached.sum(),
        median_seconds=journeys.seconds.median(),
        example=journeys.example.min(),
    )
    counted = counted.mutate(all_journeys=counted.journeys.sum().over(ibis.window()).cast("int64"))
    order = [ibis.desc("journeys"), "n_steps"]
    rank = ibis.rank().over(ibis.window(order_by=order))
    # Only the paths that may be among the first are spelled: these, and all that tie with the last of them.
    first = counted.mutate(rank=rank).filter(ibis._["rank"] < top_n).drop("rank")
    spelled = first.inner_join(_spelled(rows, first), "example")
    named_path = ibis.literal(_SEPARATOR).join(spelled["steps"])
    return spelled.mutate(named_path=named_path).order_by(*order, "named_path").limit(top_n)


def _spelled(rows: ir.Table, paths_told: ir.Table) -> ir.Table:
    """Name what is met on one journey of each path, in order."""
    met = rows.filter(rows.kept).mutate(example=_one_number(rows))
    met = met.semi_join(paths_told, "example")
    # Numbers of one length in front put the names in order; not all engines order within an aggregate.
    numbered = met.place.cast("string").lpad(_PLACE_DIGITS, "0") + met.value.cast("string").fill_null(NOT_KNOWN)
    lists = met.mutate(numbered=numbered).group_by("example").aggregate(numbered=ibis._.numbered.collect())
    steps = lists.numbered.sort().map(lambda each: each.substr(_PLACE_DIGITS))
    return lists.select("example", steps=steps)


def _one_number(rows: ir.Table) -> ir.IntegerValue:
    """Name a journey of a customer by one number."""
    return rows.customer_key.cast("int64") * _MORE_THAN_JOURNEYS + rows.journey
