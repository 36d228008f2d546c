"""How customers travel: which touchpoint, channel, stage or device follows which."""

from __future__ import annotations

import ibis.expr.types as ir
import pandas as pd

from journey.analysis.dimensions import named, require_dimension
from journey.analysis.flow_links import links_of, with_names
from journey.analysis.flow_rows import FlowRequest
from journey.analysis.path_counts import paths
from journey.dataset import Dataset

__all__ = ["flow", "flow_coverage", "paths", "returns", "transitions"]

_FLOW_COLUMNS = [
    "position", "source", "target", "customers", "journeys", "median_seconds",
    "returns", "is_return", "source_kind", "target_kind",
]  # fmt: skip


def transitions(dataset: Dataset, by: str = "touchpoint") -> pd.DataFrame:
    """Count how often one thing directly follows another in a journey.

    A transition is two consecutive interactions of one journey, both inside the filters' window. Nothing is collapsed:
    a touchpoint met twice in a row is a transition to itself. The transitions of a source sum to its interactions
    that are followed by another.

    Parameters
    ----------
    dataset
        Perhaps filtered.
    by
        `touchpoint`, `channel`, `stage` or `device`.

    Returns
    -------
    pandas.DataFrame
        One row per source × target that occurs, the most frequent first, then by name.

        - **source**, **target** (*str*): `(unknown)` where the data do not say.
        - **transitions** (*int*, ≥ 1): how often.
        - **customers** (*int*, ≥ 1): distinct customers who did it.
        - **median_seconds** (*float*, ≥ 0): median time between the two.
        - **is_return** (*bool*, only by stage): the target is an earlier stage than the source.

    Raises
    ------
    ArgumentError
        When `by` is none of the four.

    Examples
    --------
    >>> import journey, pandas as pd
    >>> log = pd.DataFrame({"customer_id": ["a"] * 3, "touchpoint": ["see", "try", "see"],
    ...                     "timestamp": pd.to_datetime(["2025-01-01", "2025-01-02", "2025-01-04"])})
    >>> journey.transitions(journey.load(log))[["source", "target", "transitions", "median_seconds"]]
      source target  transitions  median_seconds
    0    see    try            1         86400.0
    1    try    see            1        172800.0
    """
    require_dimension(by)
    counted = dataset.frame(_transition_counts, by=by)
    medians = dataset.frame(_transition_medians, by=by)
    found = counted.merge(medians, on=["source", "target"], validate="one_to_one")
    found = found.assign(source=named(found["source"]), target=named(found["target"])).astype({"transitions": "int64"})
    if by == "stage":
        found["is_return"] = _is_earlier(dataset, found["source"], found["target"])
    return found.sort_values(["transitions", "source", "target"], ascending=[False, True, True], ignore_index=True)


def returns(dataset: Dataset) -> pd.DataFrame:
    """Count customers who move back to an earlier stage.

    A return is a transition (two consecutive interactions of one journey) whose target stage comes before its source
    stage in the order of `dataset.stages`. Interactions without a stage make no return.

    Returns
    -------
    pandas.DataFrame
        One row per source × target stage that occurs, the one with most customers first.

        - **source**, **target** (*str*): stages, the target the earlier one.
        - **customers** (*int*, ≥ 1): distinct customers who did it at least once.
        - **customers_at_source** (*int*): distinct customers with an interaction in the source stage.
        - **share_of_customers_at_source** (*float*, (0, 1]): the first of these two by the second.
        - **median_seconds** (*float*, ≥ 0): median time between the two interactions.

    Examples
    --------
    >>> import journey, pandas as pd
    >>> log = pd.DataFrame({"customer_id": ["a"] * 3, "touchpoint": ["ad", "buy", "ad"],
    ...                     "stage": ["awareness", "purchase", "awareness"],
    ...                     "timestamp": pd.to_datetime(["2025-01-01", "2025-01-02", "2025-01-04"])})
    >>> returns(journey.load(log))[["source", "target", "customers", "share_of_customers_at_source"]]
         source     target  customers  share_of_customers_at_source
    0  purchase  awareness          1                           1.0
    """
    moves = transitions(dataset, by="stage")
    back = moves[moves["is_return"]]
    at_source = dataset.frame(_customers_by, by="stage").dropna().set_index("value")["customers"]
    back = back.assign(customers_at_source=back["source"].map(at_source).astype("int64"))
    back["share_of_customers_at_source"] = back["customers"] / back["customers_at_source"]
    columns = ["source", "target", "customers", "customers_at_source", "share_of_customers_at_source", "median_seconds"]
    return back.sort_values(["customers", "source", "target"], ascending=[False, True, True])[columns].reset_index(
        drop=True
    )


def flow(
    dataset: Dataset,
    by: str = "touchpoint",
    n_steps: int = 6,
    top_n: int = 8,
    start: str | None = None,
    end: str | None = None,
) -> pd.DataFrame:
    """Count customers along the first steps of their journeys, step by step: the links of a Sankey diagram.

    Interaction number p of a journey stands in column p. With `start`, counting begins at the journey's first
    interaction with it, and journeys without it are left out. With `end`, the drawing shows the last `n_steps`
    interactions up to and including the journey's first one with it: `end` stands in column `n_steps`, and shorter
    journeys begin further right. With both, from the first `start` to the first `end` after it. A journey under
    way when the filters' window begins counts from its first interaction in the window.

    In each column the `top_n` values with most customers keep their names (equal ones by name); the rest becomes
    `other (k touchpoints)`. A journey that ends goes to `(left)` in the next column; one that may still go on (less
    than 30 days before the end of the data, or behind the window's end) to `(still on their way)`.

    Parameters
    ----------
    dataset
        Perhaps filtered.
    by
        `touchpoint`, `channel`, `stage` or `device`.
    n_steps
        Number of columns, 2–12.
    top_n
        Names shown per column, at least 1.
    start, end
        A value of `by`.

    Returns
    -------
    pandas.DataFrame
        One row per link, by position, then most customers first.

        - **position** (*int*, 1 … n_steps − 1): column of the source; the target stands in the next one.
        - **source**, **target** (*str*): names; `(unknown)` where the data do not say.
        - **customers** (*int*, ≥ 1): distinct customers. A customer with several journeys may be in several links.
        - **journeys** (*int*, ≥ 1): journeys; these add up.
        - **median_seconds** (*float*): median time from source to target; missing for `(left)` and
          `(still on their way)`.
        - **returns** (*int*): journeys in which this is a step back: by stage, the target stage comes before the source
          stage; else, the target differs from the source and was met before in the part of the journey drawn.
        - **is_return** (*bool*): more than half of the link's journeys are such returns.
        - **source_kind**, **target_kind** (*str*): `named`, `other`, and for targets `left` or `open`.

    Raises
    ------
    ArgumentError
        When `by` is none of the four, or `n_steps` or `top_n` is out of range.
    UnknownNameError
        When `start` or `end` is no value of `by` in the dataset.

    Examples
    --------
    >>> import journey, pandas as pd
    >>> log = pd.DataFrame({"customer_id": ["a", "a", "b", "c"], "touchpoint": ["see", "try", "see", "see"],
    ...                     "timestamp": pd.to_datetime(["2025-01-01", "2025-01-02", "2025-01-03", "2025-06-01"])})
    >>> journey.flow(journey.load(log), n_steps=2)[["position", "source", "target", "customers"]]
       position source                target  customers
    0         1    see                (left)          1
    1         1    see  (still on their way)          1
    2         1    see                   try          1
    """
    request = FlowRequest(by, n_steps, top_n, start, end)
    request.require_possible(dataset)
    links = with_names(dataset.frame(links_of, request.bound, request=request.shape), request)
    # Databases answer sums of whole numbers in wider types.
    links = links.astype({"journeys": "int64", "returns": "int64"})
    links["is_return"] = links["returns"] * 2 > links["journeys"]
    order = ["position", "customers", "source", "target"]
    return links.sort_values(order, ascending=[True, False, True, True], ignore_index=True)[_FLOW_COLUMNS]


def flow_coverage(links: pd.DataFrame) -> float:
    """Share of the steps in a flow whose two ends are shown by name, not as `other`; missing for an empty flow.

    Parameters
    ----------
    links
        What `flow` returned.
    """
    journeys = links["journeys"].sum()
    is_grouped = (links["source_kind"] == "other") | (links["target_kind"] == "other")
    return float(1 - links.loc[is_grouped, "journeys"].sum() / journeys) if journeys else float("nan")


def _is_earlier(dataset: Dataset, source: pd.Series, target: pd.Series) -> pd.Series:
    place = {stage: position for position, stage in enumerate(dataset.stages)}
    # Unknown stages have no place; a comparison with a missing one is false.
    return target.map(place).astype("float64") < source.map(place).astype("float64")


# --- Expressions. Distinct customers are counted by grouping twice: three times as fast as a distinct count. ----------


def _transition_rows(dataset: Dataset, by: str) -> ir.Table:
    steps = dataset.table("steps")
    followed = steps.filter(steps.next_timestamp.notnull())
    return followed.select("customer_key", "seconds_to_next", source=followed[by], target=followed[f"next_{by}"])


def _transition_counts(dataset: Dataset, by: str) -> ir.Table:
    rows = _transition_rows(dataset, by)
    return _counted(rows, ["source", "target"], "transitions")


def _transition_medians(dataset: Dataset, by: str) -> ir.Table:
    rows = _transition_rows(dataset, by)
    return rows.group_by(["source", "target"]).aggregate(median_seconds=rows.seconds_to_next.median())


def _customers_by(dataset: Dataset, by: str) -> ir.Table:
    steps = dataset.table("steps")
    return _counted(steps.select("customer_key", value=steps[by]), ["value"], "interactions")


def _counted(rows: ir.Table, keys: list[str], occurrences: str) -> ir.Table:
    per_customer = rows.group_by([*keys, "customer_key"]).aggregate(times=rows.count())
    return per_customer.group_by(keys).aggregate(
        **{occurrences: per_customer.times.sum(), "customers": per_customer.count()}
    )
