"""Nodes and links of a flow: which names a column shows, and who goes from one to the next."""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.types as ir
import pandas as pd

from journey.analysis.dimensions import named, other_label
from journey.analysis.flow_rows import FlowRequest, flow_rows
from journey.dataset import Dataset, parameter
from journey.vocabulary import LEFT, NOT_KNOWN, STILL_OPEN

#: Places in a column: 1 is the name with most customers; these stand for what has no name of its own.
OTHER_PLACE: Final = 0
LEFT_PLACE: Final = -1
OPEN_PLACE: Final = -2

_LINK = ["position", "source_place", "target_place"]


def nodes_of(dataset: Dataset, request: FlowRequest) -> ir.Table:
    """Values met in each column, with `customers` and their `place`; `n_others` tells how many share place 0."""
    rows = flow_rows(dataset, request)
    per_customer = rows.group_by(["position", "source", "customer_key"]).aggregate(times=rows.count())
    nodes = per_customer.group_by(["position", "source"]).aggregate(customers=per_customer.count())
    order = [ibis.desc("customers"), nodes.source.cast("string").fill_null(NOT_KNOWN)]
    rank = ibis.row_number().over(ibis.window(group_by="position", order_by=order)) + 1
    top_n = parameter("top_n", "int32")
    n_values = nodes.count().over(ibis.window(group_by="position"))
    return nodes.select(
        "position",
        "customers",
        name=nodes.source,
        place=ibis.ifelse(rank <= top_n, rank, OTHER_PLACE).cast("int32"),
        n_others=n_values - top_n,
    )


def placed_rows(dataset: Dataset, request: FlowRequest) -> ir.Table:
    """Rows of a flow with `source_place` and `target_place` (missing in the last column)."""
    nodes = nodes_of(dataset, request)
    rows = flow_rows(dataset, request)
    sources, targets = nodes.view(), nodes.view()
    rows = rows.inner_join(sources, [rows.position == sources.position, rows.source.identical_to(sources.name)]).select(
        rows, source_place=sources.place
    )
    rows = rows.left_join(
        targets, [rows.position + 1 == targets.position, rows.target.identical_to(targets.name)]
    ).select(rows, target_place=targets.place)
    end_place = ibis.ifelse(rows.is_open, OPEN_PLACE, LEFT_PLACE)
    place = ibis.ifelse(rows.ends, end_place, rows.target_place)
    return rows.mutate(target_place=ibis.ifelse(rows.is_final, ibis.null("int32"), place))


def links_of(dataset: Dataset, request: FlowRequest) -> ir.Table:
    """Count the links of a flow, and lay the names of both ends beside them."""
    rows = placed_rows(dataset, request)
    moves = _with_returns(dataset, request, rows.filter(rows.target_place.notnull()))
    # Distinct customers by grouping twice: several times as fast as a distinct count.
    per_customer = moves.group_by([*_LINK, "customer_key"]).aggregate(times=moves.count())
    counted = per_customer.group_by(_LINK).aggregate(customers=per_customer.count(), journeys=per_customer.times.sum())
    timed = moves.group_by(_LINK).aggregate(
        median_seconds=moves.seconds_to_next.median(), returns=moves.is_return.sum()
    )
    links = counted.inner_join(timed, _LINK)
    nodes = nodes_of(dataset, request)
    nodes = nodes.group_by(["position", "place"]).aggregate(name=nodes.name.min(), n_others=nodes.n_others.max())
    sources, targets = nodes.view(), nodes.view()
    links = links.left_join(sources, [links.position == sources.position, links.source_place == sources.place]).select(
        links, source=sources.name, source_others=sources.n_others
    )
    return links.left_join(
        targets, [links.position + 1 == targets.position, links.target_place == targets.place]
    ).select(links, target=targets.name, target_others=targets.n_others)


def _with_returns(dataset: Dataset, request: FlowRequest, moves: ir.Table) -> ir.Table:
    """Mark moves to an earlier stage, or to what the journey met before."""
    if request.by == "stage":
        return moves.mutate(is_return=(_order(dataset, moves.target) < _order(dataset, moves.source)).fill_null(False))
    rows = flow_rows(dataset, request)
    met = rows.group_by(["customer_key", "journey", "source"]).aggregate(first_position=rows.position.min())
    same = [moves.customer_key == met.customer_key, moves.journey == met.journey, moves.target == met.source]
    is_return = (met.first_position <= moves.position) & (moves.target != moves.source)
    return moves.left_join(met, same).select(moves, is_return=is_return.fill_null(False))


def _order(dataset: Dataset, stage: ir.StringValue) -> ir.IntegerValue:
    if not dataset.stages:
        return ibis.null("int32")
    return ibis.cases(*[(stage == name, place) for place, name in enumerate(dataset.stages)])


def with_names(links: pd.DataFrame, request: FlowRequest) -> pd.DataFrame:
    """Write the names of both ends of links, and of which kind they are."""
    for end in ("source", "target"):
        links[f"{end}_kind"] = links[f"{end}_place"].map(_kind).astype("str")
        ends = zip(links[f"{end}_kind"], named(links[end]), links[f"{end}_others"], strict=True)
        links[end] = pd.Series([label(request.by, *each) for each in ends], index=links.index, dtype="str")
    return links


def label(by: str, kind: str, name: str, n_others: int) -> str:
    """Write what a node is called on screen."""
    fixed = {"left": LEFT, "open": STILL_OPEN}
    return other_label(by, int(n_others)) if kind == "other" else fixed.get(kind, name)


def _kind(place: int) -> str:
    return {OTHER_PLACE: "other", LEFT_PLACE: "left", OPEN_PLACE: "open"}.get(place, "named")
