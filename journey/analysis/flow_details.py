"""What a click on a flow asks: who is here, from where, where next, how long, how they felt."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
import pandas as pd

from journey.analysis.dimensions import named
from journey.analysis.feelings import clustered_sums, felt_by_customer, with_feeling
from journey.analysis.flow_links import LEFT_PLACE, OPEN_PLACE, OTHER_PLACE, label, nodes_of, placed_rows
from journey.analysis.flow_rows import FlowRequest, flow_rows
from journey.analysis.flows import flow
from journey.dataset import Dataset
from journey.errors import ArgumentError, UnknownNameError
from journey.language import _
from journey.vocabulary import LEFT, STILL_OPEN

Neighbours = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Feeling:
    """Mean emotion of interactions, −2 … +2, with its interval clustered by customer; NaN when nothing is scored."""

    emotion: float
    low: float
    high: float
    n_scored: int
    customers_scored: int


@dataclass(frozen=True)
class NodeDetails:
    """Who is at one node of a flow.

    Attributes
    ----------
    position, name
        Column, from 1, and name of the node as in the flow.
    customers, journeys
        Distinct customers and journeys there.
    share_of_customers
        `customers` of all customers in the flow.
    came_from, goes_next
        Names in the columns beside and how many distinct customers, most first.
    median_seconds
        Median time to the next interaction; NaN when nobody goes on.
    feeling
        Of the interactions at the node; nothing is scored where journeys ended.
    """

    position: int
    name: str
    customers: int
    journeys: int
    share_of_customers: float
    came_from: Neighbours
    goes_next: Neighbours
    median_seconds: float
    feeling: Feeling


@dataclass(frozen=True)
class LinkDetails:
    """Who goes from one node of a flow to one in the next column.

    Attributes
    ----------
    position, source, target
        Column of the source, from 1, and both names as in the flow.
    customers, journeys
        Distinct customers and journeys that do.
    share_of_source_customers
        `customers` of the customers at the source.
    median_seconds
        Median time between the two; NaN where journeys end.
    is_return
        As in the flow.
    feeling
        Of the interactions at the source from which they went.
    """

    position: int
    source: str
    target: str
    customers: int
    journeys: int
    share_of_source_customers: float
    median_seconds: float
    is_return: bool
    feeling: Feeling


def node_details(
    dataset: Dataset,
    by: str,
    position: int,
    name: str,
    n_steps: int = 6,
    top_n: int = 8,
    start: str | None = None,
    end: str | None = None,
) -> NodeDetails:
    """Describe the customers at one node of a flow drawn with the same arguments.

    Raises
    ------
    ArgumentError, UnknownNameError
        As `flow`; also when `position` is no column of it or the column has no such node.

    Examples
    --------
    >>> import journey, pandas as pd
    >>> log = pd.DataFrame({"customer_id": ["a", "a", "b"], "touchpoint": ["see", "try", "see"],
    ...                     "timestamp": pd.to_datetime(["2025-01-01", "2025-01-02", "2025-06-03"])})
    >>> found = node_details(journey.load(log), "touchpoint", position=1, name="see")
    >>> found.customers, found.goes_next
    (2, (('(still on their way)', 1), ('try', 1)))
    """
    request = FlowRequest(by, n_steps, top_n, start, end)
    request.require_possible(dataset)
    links = flow(dataset, by, n_steps, top_n, start, end)
    place = _place(dataset, request, position, name)
    measured = _measured(dataset, request, position, place, None)
    before = links[(links["position"] == position - 1) & (links["target"] == name)]
    after = links[(links["position"] == position) & (links["source"] == name)]
    return NodeDetails(
        position=position,
        name=name,
        customers=int(measured["customers"]),
        journeys=int(measured["journeys"]),
        share_of_customers=measured["customers"] / measured["customers_in_flow"],
        came_from=_neighbours(before, "source"),
        goes_next=_neighbours(after, "target"),
        median_seconds=float(measured["median_seconds"]),
        feeling=_feeling(measured),
    )


def link_details(
    dataset: Dataset,
    by: str,
    position: int,
    source: str,
    target: str,
    n_steps: int = 6,
    top_n: int = 8,
    start: str | None = None,
    end: str | None = None,
) -> LinkDetails:
    """Describe the customers on one link of a flow drawn with the same arguments.

    Raises
    ------
    ArgumentError, UnknownNameError
        As `flow`; also when `position` is no column of it or there is no such link.

    Examples
    --------
    >>> import journey, pandas as pd
    >>> log = pd.DataFrame({"customer_id": ["a", "a", "b"], "touchpoint": ["see", "try", "see"],
    ...                     "timestamp": pd.to_datetime(["2025-01-01", "2025-01-02", "2025-06-03"])})
    >>> link_details(journey.load(log), "touchpoint", 1, "see", "try").share_of_source_customers
    0.5
    """
    request = FlowRequest(by, n_steps, top_n, start, end)
    request.require_possible(dataset)
    links = flow(dataset, by, n_steps, top_n, start, end)
    places = (_place(dataset, request, position, source), _place(dataset, request, position + 1, target))
    found = links[(links["position"] == position) & (links["source"] == source) & (links["target"] == target)]
    if found.empty:
        known = links.loc[(links["position"] == position) & (links["source"] == source), "target"]
        raise UnknownNameError.among(_("way on"), target, known)
    [link] = found.to_dict("records")
    at_source = _measured(dataset, request, position, places[0], None)
    measured = _measured(dataset, request, position, *places)
    return LinkDetails(
        position=position,
        source=source,
        target=target,
        customers=int(link["customers"]),
        journeys=int(link["journeys"]),
        share_of_source_customers=link["customers"] / at_source["customers"],
        median_seconds=float(link["median_seconds"]),
        is_return=bool(link["is_return"]),
        feeling=_feeling(measured),
    )


def _place(dataset: Dataset, request: FlowRequest, position: int, name: str) -> int:
    if not 1 <= position <= request.n_steps:
        raise ArgumentError.out_of_range("position", position, 1, request.n_steps)
    if position > 1 and name in (LEFT, STILL_OPEN):
        return LEFT_PLACE if name == LEFT else OPEN_PLACE
    nodes = dataset.frame(nodes_of, request.bound, request=request.shape)
    nodes = nodes[nodes["position"] == position]
    kinds = nodes["place"].map(lambda place: "other" if place == OTHER_PLACE else "named")
    parts = zip(kinds, named(nodes["name"]), nodes["n_others"], strict=True)
    places = dict(zip((label(request.by, *part) for part in parts), nodes["place"], strict=True))
    if name not in places:
        raise UnknownNameError.among(_("node"), name, places)
    return int(places[name])


def _neighbours(links: pd.DataFrame, end: str) -> Neighbours:
    ordered = links.sort_values(["customers", end], ascending=[False, True])
    return tuple((str(name), int(n)) for name, n in zip(ordered[end], ordered["customers"], strict=True))


def _measured(
    dataset: Dataset, request: FlowRequest, position: int, place: int, target_place: int | None
) -> dict[str, float]:
    if place in (LEFT_PLACE, OPEN_PLACE):
        # An end has no interactions of its own: it is counted by those who come to it.
        frame = dataset.frame(
            _measures, request.bound, request=request.shape, position=position - 1, place=None, target_place=place
        )
        frame = frame.assign(sum_values=0.0, sum_counts=0.0, customers_scored=0, median_seconds=float("nan"))
    else:
        frame = dataset.frame(
            _measures, request.bound, request=request.shape, position=position, place=place, target_place=target_place
        )
    [row] = with_feeling(frame.astype("float64")).to_dict("records")
    return {str(name): float(value) for name, value in row.items()}


def _feeling(measured: dict[str, float]) -> Feeling:
    return Feeling(
        emotion=measured["emotion"],
        low=measured["low"],
        high=measured["high"],
        n_scored=int(measured["n_scored"]),
        customers_scored=int(measured["customers_scored"]),
    )


def _measures(
    dataset: Dataset, request: FlowRequest, position: int, place: int | None, target_place: int | None
) -> ir.Table:
    rows = placed_rows(dataset, request)
    rows = rows.filter(rows.position == position)
    if place is not None:
        rows = rows.filter(rows.source_place == place)
    if target_place is not None:
        rows = rows.filter(rows.target_place == target_place)
    of_customer = rows.group_by("customer_key").aggregate(journeys=rows.count(), **felt_by_customer(rows))
    counted = of_customer.aggregate(
        customers=of_customer.count(), journeys=of_customer.journeys.sum(), **clustered_sums(of_customer)
    )
    everyone = flow_rows(dataset, request)
    in_flow = everyone.aggregate(customers_in_flow=everyone.customer_key.nunique())
    timed = rows.aggregate(median_seconds=rows.seconds_to_next.median())
    return counted.cross_join(timed).cross_join(in_flow)
