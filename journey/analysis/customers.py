"""One customer: what is known, and everything that happened in the order in which it happened."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import pandas as pd

from journey.dataset import Dataset, parameter
from journey.errors import ArgumentError, UnknownNameError
from journey.language import _
from journey.text.masking import masked

#: Columns of a customer's timeline, in their order.
TIMELINE: Final = (
    "timestamp", "journey", "visit", "stage", "touchpoint", "channel", "device", "campaign", "emotion", "score",
    "score_kind", "revenue", "comment",
)  # fmt: skip
ORDERS: Final = ("recent", "revenue", "worst", "visits")
_MOST_CUSTOMERS: Final = 1_000


@dataclass(frozen=True)
class Customer:
    """What is known of one customer, from all of their interactions.

    `purchases` counts interactions that brought revenue, refunds left out; it is missing where the data have none, and
    so is `revenue`. `emotion` is the plain mean of the `n_scored` answers, `last_emotion` the last of them. `devices`
    and `channels` are pairs of a name and its number of interactions, the most frequent first. `timeline` has one row
    per interaction in time order (columns `TIMELINE`), comments masked.
    """

    customer_id: str
    customer_key: int
    first: datetime.datetime
    last: datetime.datetime
    interactions: int
    journeys: int
    visits: int
    stage_reached: str | None
    purchases: int | None
    revenue: float | None
    emotion: float | None
    last_emotion: float | None
    n_scored: int
    persona: str | None
    attributes: tuple[tuple[str, str], ...]
    devices: tuple[tuple[str, int], ...]
    channels: tuple[tuple[str, int], ...]
    timeline: pd.DataFrame


def customer(dataset: Dataset, customer_id: str) -> Customer:
    """Tell everything about one customer, whatever the filters.

    Parameters
    ----------
    dataset
        Perhaps filtered; a customer is told whole all the same.
    customer_id
        The id as in the data.

    Returns
    -------
    Customer

    Raises
    ------
    UnknownNameError
        When there is no such customer.

    Examples
    --------
    >>> import journey, pandas as pd
    >>> log = pd.DataFrame({"customer_id": ["a", "a"], "touchpoint": ["see", "buy"], "revenue": [None, 20.0],
    ...                     "timestamp": pd.to_datetime(["2025-01-01", "2025-01-02"])})
    >>> found = customer(journey.load(log), "a")
    >>> found.visits, found.purchases, found.revenue
    (2, 1, 20.0)
    """
    found = _row(dataset, _by_id, {"wanted_id": customer_id})
    if found is None:
        raise UnknownNameError.among(_("customer"), customer_id, [])
    return _told(dataset, found)


def customer_of_key(dataset: Dataset, customer_key: int) -> Customer:
    """Tell everything about the customer with a key of this dataset version.

    Raises
    ------
    UnknownNameError
        When there is none.
    """
    found = _row(dataset, _by_key, {"wanted_key": customer_key})
    if found is None:
        raise UnknownNameError.among(_("customer"), customer_key, [])
    return _told(dataset, found)


def customer_list(dataset: Dataset, search: str = "", n_customers: int = 50, order: str = "recent") -> pd.DataFrame:
    """List customers to choose one from.

    Parameters
    ----------
    dataset
        Perhaps filtered: customers whom the filters leave. Their figures are of all their interactions.
    search
        Only customers whose id holds this text, in any case.
    n_customers
        At most so many, 1–1,000.
    order
        `recent`: who was there last comes first; `revenue`: who brought most; `worst`: whose mean feeling is lowest,
        unknown ones last; `visits`: who came most often. Ties by id.

    Returns
    -------
    pandas.DataFrame
        One row per customer.

        - **customer_key** (*int*), **customer_id** (*str*).
        - **first_timestamp**, **last_timestamp** (*datetime*, UTC).
        - **interactions**, **journeys**, **visits**, **n_scored** (*int*).
        - **revenue** (*float*): missing when the data have none.
        - **emotion** (*float*, −2 … +2): mean of the answers; missing without one.
        - **stage_reached** (*str*): missing when no stage is known.

    Raises
    ------
    ArgumentError
        When `n_customers` or `order` is out of range.
    """
    if not 1 <= n_customers <= _MOST_CUSTOMERS:
        raise ArgumentError.out_of_range("n_customers", n_customers, 1, _MOST_CUSTOMERS)
    if order not in ORDERS:
        raise ArgumentError.not_one_of("order", order, ORDERS)
    wanted = search.strip().lower()
    bound = {"searched": wanted} if wanted else {}
    return dataset.frame(_listed, bound, searches=bool(wanted), n_customers=n_customers, order=order)


def customer_ids(dataset: Dataset) -> pd.DataFrame:
    """List the `customer_key` and `customer_id` of everybody in the dataset version, by key."""
    return dataset.frame(_ids)


# --- How it is asked ---------------------------------------------------------------------------------------------


def _ids(dataset: Dataset) -> ir.Table:
    return dataset.engine.table("customers").select("customer_key", "customer_id").order_by("customer_key")


def _by_id(dataset: Dataset) -> ir.Table:
    customers = _everybody(dataset)
    return customers.filter(customers.customer_id == parameter("wanted_id", "string"))


def _by_key(dataset: Dataset) -> ir.Table:
    customers = _everybody(dataset)
    return customers.filter(customers.customer_key == parameter("wanted_key", "int32"))


def _everybody(dataset: Dataset) -> ir.Table:
    customers = dataset.engine.table("customers")
    if dataset.personas is None:
        return customers
    members = dataset.engine.table(dataset.personas).select("customer_key", "persona")
    return customers.left_join(members, "customer_key").drop("customer_key_right")


def _timeline(dataset: Dataset) -> ir.Table:
    steps, answers = dataset.engine.table("steps"), dataset.engine.table("comments")
    wanted = parameter("wanted_key", "int32")
    own = steps.filter(steps.customer_key == wanted)
    said = answers.filter(answers.customer_key == wanted).select("sequence", "score", "score_kind", "comment")
    whole = own.left_join(said, "sequence")
    texts = {name: whole[name].cast("string") for name in ("stage", "touchpoint", "channel", "device")}
    return whole.mutate(**texts).order_by("sequence").select(*TIMELINE)


def _listed(dataset: Dataset, searches: bool, n_customers: int, order: str) -> ir.Table:
    customers = dataset.table("customers")
    if searches:
        customers = customers.filter(customers.customer_id.lower().contains(parameter("searched", "string")))
    steps = dataset.engine.table("steps")
    felt = steps.group_by("customer_key").aggregate(emotion=steps.emotion.mean(), n_scored=steps.emotion.count())
    whole = customers.left_join(felt, "customer_key")
    first = {
        "recent": ibis.desc("last_timestamp"),
        "revenue": ibis.desc("revenue", nulls_first=False),
        "worst": ibis.asc("emotion", nulls_first=False),
        "visits": ibis.desc("visits"),
    }[order]
    told = whole.select(
        "customer_key", "customer_id", "first_timestamp", "last_timestamp", "interactions", "journeys", "visits",
        "revenue", "emotion", "n_scored", stage_reached=whole.stage_reached.cast("string"),
    )  # fmt: skip
    return told.order_by([first, "customer_id"]).limit(n_customers)


# --- How it is put together --------------------------------------------------------------------------------------


def _row(dataset: Dataset, build: Any, bound: dict[str, object]) -> dict[str, Any] | None:
    return next(iter(dataset.run(build, bound).to_pylist()), None)


def _told(dataset: Dataset, row: dict[str, Any]) -> Customer:
    timeline = dataset.frame(_timeline, {"wanted_key": row["customer_key"]})
    timeline["comment"] = timeline["comment"].map(masked, na_action="ignore").astype("str")
    felt = timeline["emotion"].dropna()
    has_revenue = dataset.facts.has_revenue
    return Customer(
        customer_id=row["customer_id"],
        customer_key=row["customer_key"],
        first=row["first_timestamp"],
        last=row["last_timestamp"],
        interactions=row["interactions"],
        journeys=row["journeys"],
        visits=row["visits"],
        stage_reached=row["stage_reached"],
        purchases=int((timeline["revenue"] > 0).sum()) if has_revenue else None,
        revenue=float(timeline["revenue"].sum()) if has_revenue else None,
        emotion=float(felt.mean()) if len(felt) else None,
        last_emotion=float(felt.iloc[-1]) if len(felt) else None,
        n_scored=len(felt),
        persona=row.get("persona"),
        attributes=tuple(
            (each.label, str(row[each.name])) for each in dataset.facts.attributes if row[each.name] is not None
        ),
        devices=_counted(timeline["device"]),
        channels=_counted(timeline["channel"]),
        timeline=timeline,
    )


def _counted(names: pd.Series) -> tuple[tuple[str, int], ...]:
    counts = names.dropna().value_counts()
    return tuple(sorted(((str(name), int(n)) for name, n in counts.items()), key=lambda pair: (-pair[1], pair[0])))
