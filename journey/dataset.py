"""A dataset version in an engine, and the filters that select customers and one time window of it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from journey.engine import Engine, frozen, parameter
from journey.errors import ArgumentError, UnknownNameError
from journey.facts import DATABASE_FILE, REPORT_FILE, Attribute, Facts, StageSource
from journey.language import _

__all__ = ["Attribute", "Dataset", "Facts", "Filters", "StageSource", "Summary", "parameter"]

#: Stands for a missing value where customers are told apart by it.
UNKNOWN_VALUE = "(unknown)"


@dataclass(frozen=True)
class Filters:
    """Which customers, and which days.

    They select customers and one time window, never single interactions: a customer's interactions keep their
    neighbours, and a transition counts when both its ends lie in the window.

    Parameters
    ----------
    start, end
        First and last day of the window, both included, in the reporting time zone. None: no bound.
    personas, first_channels, first_devices, stages_reached
        Keep customers of one of these personas; whose first interaction came through one of these channels, on one of
        these devices; who met one of these stages at any time. Empty: all.
    attributes
        Pairs of an attribute's name and the values to keep. Pairs are combined with *and*, values with *or*.
    """

    start: datetime.date | None = None
    end: datetime.date | None = None
    personas: tuple[str, ...] = ()
    first_channels: tuple[str, ...] = ()
    first_devices: tuple[str, ...] = ()
    stages_reached: tuple[str, ...] = ()
    attributes: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def chooses_customers(self) -> bool:
        chosen = (self.personas, self.first_channels, self.first_devices, self.stages_reached, self.attributes)
        return any(chosen)

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self))


@dataclass(frozen=True)
class Summary:
    """How many and from when to when, UTC; `first` and `last` are missing when nothing is left."""

    customers: int
    interactions: int
    first: datetime.datetime | None
    last: datetime.datetime | None


@dataclass(frozen=True, eq=False)
class Dataset:
    """One version of a dataset, perhaps filtered. It never changes; `where` gives a new one."""

    engine: Engine
    version: str
    facts: Facts
    directory: Path
    filters: Filters = field(default_factory=Filters)
    #: Name of the side table that says which customer belongs to which persona, once personas were found.
    personas: str | None = None
    #: Values of breakdowns, looked up once for all views of the version.
    known_values: dict[tuple[str | None, str], tuple[str, ...]] = field(default_factory=dict, repr=False)
    #: Within `run`: values of filters stand in expressions as parameters, so that views share their SQL.
    binds: bool = field(default=False, repr=False)

    @classmethod
    def open(cls, directory: Path) -> Dataset:
        """Open the version kept in a directory."""
        engine = Engine(directory / DATABASE_FILE)
        facts = engine.run("facts", lambda: engine.table("facts")).column("facts")[0].as_py()
        return cls(engine, directory.name, Facts.from_json(facts), directory)

    @property
    def key(self) -> tuple[str, Filters, str | None]:
        """Names this view of the data among all others; the first part of every cache key."""
        return (self.version, self.filters, self.personas)

    @cached_property
    def report(self) -> Mapping[str, Any]:
        """What the import recognised, kept, set aside, and why."""
        return MappingProxyType(json.loads((self.directory / REPORT_FILE).read_text("utf-8")))

    @cached_property
    def summary(self) -> Summary:
        """Customers and interactions that the filters leave."""
        [row] = self.run(_summary).to_pylist()
        return Summary(**row)

    @property
    def stages(self) -> tuple[str, ...]:
        return self.facts.stages

    def day_of(self, moment: datetime.datetime) -> datetime.date:
        """Tell the day of a UTC moment in the reporting time zone."""
        return moment.replace(tzinfo=datetime.UTC).astimezone(ZoneInfo(self.facts.time_zone)).date()

    @property
    def days(self) -> tuple[datetime.date, datetime.date]:
        """The first and the last day of the whole version, in the reporting time zone."""
        return self.day_of(self.facts.first), self.day_of(self.facts.last)

    def where(self, filters: Filters) -> Dataset:
        """Select customers and a time window; replaces the filters there were.

        Raises
        ------
        UnknownNameError
            When a persona, stage or attribute does not exist in this dataset.
        ArgumentError
            When the window ends before it starts.
        """
        self._require_known(filters)
        return replace(self, filters=filters)

    def with_personas(self, name: str, membership: pa.Table) -> Dataset:
        """Lay personas beside the customers: `membership` holds `customer_key` and `persona`."""
        self.engine.add_side_table(name, membership)
        return replace(self, personas=name)

    def table(self, name: str) -> ir.Table:
        """Hand out one of the tables of `journey.vocabulary.TABLES` as an Ibis table, with the filters applied.

        Raises
        ------
        UnknownNameError
            When there is no such table.
        """
        known = ("steps", "interactions", "customers", "comments", "spend")
        if name not in known or not self.engine.has_table(name):
            raise UnknownNameError.among(_("table"), name, [each for each in known if self.engine.has_table(each)])
        if name in ("steps", "interactions"):
            return self._within_window(self._of_chosen(self.engine.table("steps")))
        if name == "customers":
            return self._customers()
        if name == "comments":
            return self._days_within(self._of_chosen(self.engine.table("comments")))
        return self._days_of(self.engine.table("spend"))

    def run(
        self, build: Callable[..., ir.Table], /, bound: Mapping[str, object] | None = None, **arguments: object
    ) -> pa.Table:
        """Answer `build(dataset, **arguments)`.

        Its SQL is compiled once per build function, arguments and kinds of filters; the filters' values are bound, as
        are those of `bound`, which the build function writes as `journey.engine.parameter(name, …)`.
        """
        key = (build.__module__, build.__qualname__, self._shape, frozen(arguments))
        return self.engine.run(
            key, lambda: build(replace(self, binds=True), **arguments), {**self._bound, **(bound or {})}
        )

    def frame(
        self, build: Callable[..., ir.Table], /, bound: Mapping[str, object] | None = None, **arguments: object
    ) -> pd.DataFrame:
        """Answer like `run`, as a pandas DataFrame."""
        table: pd.DataFrame = self.run(build, bound, **arguments).to_pandas()
        return table

    @cached_property
    def breakdowns(self) -> Mapping[str, str]:
        """What customers can be told apart by: argument of an analysis to the column of table `customers`."""
        columns = {"persona": "persona"} if self.personas else {}
        columns |= {"channel": "first_channel", "device": "first_device", "stage_reached": "stage_reached"}
        return MappingProxyType(columns | {each.name: each.group_column for each in self.facts.attributes})

    def values_of(self, breakdown: str) -> tuple[str, ...]:
        """Name the values of a breakdown in the whole dataset, the most frequent first, unknown left out."""
        self.require_breakdown(breakdown)
        key = (self.personas, breakdown)
        if key not in self.known_values:
            found = replace(self, filters=Filters()).run(_values, breakdown=breakdown)
            self.known_values[key] = tuple(found.column("value").to_pylist())
        return self.known_values[key]

    def members(self, breakdown: str) -> ir.Table:
        """Tell each chosen customer's value of a breakdown: `customer_key`, `value` (`(unknown)` when missing)."""
        self.require_breakdown(breakdown)
        customers = self._of_chosen(self._with_persona(self.engine.table("customers")))
        value = customers[self.breakdowns[breakdown]].cast("string").fill_null(UNKNOWN_VALUE)
        return customers.select("customer_key", value=value)

    def require_breakdown(self, breakdown: str) -> None:
        if breakdown not in self.breakdowns:
            raise UnknownNameError.among(_("breakdown"), breakdown, self.breakdowns)

    # --- How the filters are applied -----------------------------------------------------------------------------

    def _require_known(self, filters: Filters) -> None:
        if filters.start and filters.end and filters.end < filters.start:
            raise ArgumentError.out_of_range("end", filters.end, filters.start, self.facts.last.date())
        for stage in filters.stages_reached:
            if stage not in self.facts.stages:
                raise UnknownNameError.among(_("stage"), stage, self.facts.stages)
        attributes = [attribute.name for attribute in self.facts.attributes]
        for name, _values_kept in filters.attributes:
            if name not in attributes:
                raise UnknownNameError.among(_("attribute"), name, attributes)
        if filters.personas and self.personas is None:
            raise UnknownNameError.among(_("persona"), filters.personas[0], [])

    @cached_property
    def _choices(self) -> dict[str, tuple[str, ...]]:
        """Name what the filters keep, by the column of table `customers` that holds it."""
        columns = {
            "persona": self.filters.personas,
            "first_channel": self.filters.first_channels,
            "first_device": self.filters.first_devices,
        }
        columns |= {self.breakdowns[name]: values for name, values in self.filters.attributes}
        return {column: values for column, values in columns.items() if values}

    @cached_property
    def _shape(self) -> Hashable:
        """Tell which filters there are, without their values: views of one shape share their SQL."""
        start, end = self.window
        counts = tuple((column, len(values)) for column, values in self._choices.items())
        return (start is None, end is None, counts, len(self.filters.stages_reached), self.personas)

    @cached_property
    def _bound(self) -> dict[str, object]:
        """Give the values of the filters to the parameters that stand for them."""
        start, end = self.window
        told: dict[str, object] = {"window_start": start, "window_end": end}
        for place, values in enumerate((*self._choices.values(), self.filters.stages_reached)):
            told |= {f"kept_{place}_{number}": value for number, value in enumerate(values)}
        return told

    @property
    def window_bounds(self) -> tuple[ir.TimestampValue | None, ir.TimestampValue | None]:
        """The bounds of `window` as they stand in an expression."""
        start, end = self.window
        return (
            self._written("window_start", "timestamp") if start else None,
            self._written("window_end", "timestamp") if end else None,
        )

    def _written(self, name: str, kind: str) -> ir.Value:
        """Write the value of a filter into an expression: as a parameter within `run`, else as it is."""
        return parameter(name, kind) if self.binds else ibis.literal(self._bound[name], type=kind)

    def _kept(self, place: int, values: tuple[str, ...]) -> list[ir.Value]:
        return [self._written(f"kept_{place}_{number}", "string") for number in range(len(values))]

    def _begin(self, day: datetime.date) -> datetime.datetime:
        """Tell the UTC instant at which a day begins in the reporting time zone."""
        local = datetime.datetime.combine(day, datetime.time(), ZoneInfo(self.facts.time_zone))
        return local.astimezone(datetime.UTC).replace(tzinfo=None)

    @property
    def window(self) -> tuple[datetime.datetime | None, datetime.datetime | None]:
        """The UTC instants at which the window begins (included) and ends (not included)."""
        start, end = self.filters.start, self.filters.end
        return (
            self._begin(start) if start else None,
            self._begin(end + datetime.timedelta(days=1)) if end else None,
        )

    def _in_window(self, column: str) -> list[ir.BooleanValue]:
        start, end = self.window_bounds
        timestamp = ibis._[column]
        return [
            *([timestamp >= start] if start is not None else []),
            *([timestamp < end] if end is not None else []),
        ]

    def _within_window(self, steps: ir.Table) -> ir.Table:
        """Cut steps to the window. What goes on behind its end is still open, not lost."""
        _start, end = self.window_bounds
        if end is not None:
            goes_on = (steps.next_timestamp >= end).fill_null(False)
            ahead = [name for name in steps.columns if name.startswith("next_")] + ["seconds_to_next"]
            steps = steps.mutate(
                is_open=steps.is_open | goes_on, **{name: goes_on.ifelse(ibis.null(), steps[name]) for name in ahead}
            )
        return self._days_within(steps)

    def _days_within(self, rows: ir.Table) -> ir.Table:
        return rows.filter(*self._in_window("timestamp")) if any(self.window) else rows

    def _days_of(self, spend: ir.Table) -> ir.Table:
        start, end = self.filters.start, self.filters.end
        bounds = [*([spend.date >= start] if start else []), *([spend.date <= end] if end else [])]
        return spend.filter(*bounds) if bounds else spend

    def _customers(self) -> ir.Table:
        customers = self._of_chosen(self._with_persona(self.engine.table("customers")))
        if any(self.window):
            met = self._days_within(self.engine.table("steps"))
            customers = customers.semi_join(met, "customer_key")
        return customers

    def _with_persona(self, customers: ir.Table) -> ir.Table:
        if self.personas is None:
            return customers
        membership = self.engine.table(self.personas).select("customer_key", "persona")
        return customers.left_join(membership, "customer_key").drop("customer_key_right")

    def _of_chosen(self, rows: ir.Table) -> ir.Table:
        """Keep the rows of the customers that the filters choose."""
        if not self.filters.chooses_customers:
            return rows
        customers = self._with_persona(self.engine.table("customers"))
        kept = [
            customers[column].cast("string").fill_null(UNKNOWN_VALUE).isin(self._kept(place, values))
            for place, (column, values) in enumerate(self._choices.items())
        ]
        customers = customers.filter(*kept) if kept else customers
        if self.filters.stages_reached:
            steps = self.engine.table("steps")
            stages = self._kept(len(self._choices), self.filters.stages_reached)
            customers = customers.semi_join(steps.filter(steps.stage.isin(stages)), "customer_key")
        return rows.semi_join(customers, "customer_key")


def _summary(dataset: Dataset) -> ir.Table:
    steps = dataset.table("steps")
    return steps.aggregate(
        customers=steps.customer_key.nunique(),
        interactions=steps.count(),
        first=steps.timestamp.min(),
        last=steps.timestamp.max(),
    )


def _values(dataset: Dataset, breakdown: str) -> ir.Table:
    members = dataset.members(breakdown)
    counted = members.filter(members.value != UNKNOWN_VALUE).group_by("value").aggregate(customers=ibis._.count())
    return counted.order_by(ibis.desc("customers"), "value")
