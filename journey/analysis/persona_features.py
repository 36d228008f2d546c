"""What customers are compared by when personas are looked for, and how heavy tails and many columns are tamed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pandas as pd

from journey.dataset import UNKNOWN_VALUE, Attribute, Dataset
from journey.vocabulary import VISIT_GAP_MINUTES

Floats = npt.NDArray[np.float64]

#: A channel, device or attribute value met by fewer customers than this sets nobody apart.
SMALLEST_SHARE = 0.02
#: Values of one mix or attribute that are looked at; the rarer ones count as the rest.
MOST_VALUES = 12
#: An attribute known of fewer customers would part those it is known of from the others.
SMALLEST_SHARE_KNOWN = 0.5
#: Two measures of the relation that move together so closely say one thing.
REDUNDANT_CORRELATION = 0.95
CLIPPED_AT = 3.0

#: Say of each block of features, so that many columns do not outvote one. How people come weighs most: personas are
#: ways of travelling; how far each customer got is an outcome, and would part them into buyers and the others.
BLOCK_WEIGHTS = {"relation": 0.5, "channel": 2.0, "device": 1.0, "stage": 0.5, "attribute": 0.75}
RELATION = ("days_since_last", "interactions", "visits", "revenue", "days_between_visits", "share_of_returns")
MIXES = ("channel", "device", "stage")


@dataclass(frozen=True)
class Feature:
    """One column of what customers are compared by; frozen, so that new customers are measured alike.

    `block` is `relation`, `channel`, `device`, `stage` or `attribute`; `of` the measure or the attribute's name;
    `value` the channel, device, stage or attribute value it is the share of. A measure m becomes
    clip((log(1 + m) − centre) / scale, ±3) · weight, a share s (√s − centre) · weight.
    """

    block: str
    of: str
    value: str = ""
    is_measure: bool = False
    centre: float = 0.0
    scale: float = 1.0
    weight: float = 1.0

    @property
    def name(self) -> str:
        return f"{self.of}={self.value}" if self.value else self.of

    def measured(self, raw: Floats) -> Floats:
        """Place raw values on the common scale; a missing one comes to lie in the middle."""
        if self.is_measure:
            place = np.clip((_tamed(raw) - self.centre) / self.scale, -CLIPPED_AT, CLIPPED_AT)
        else:
            place = np.sqrt(raw) - self.centre
        return np.asarray(np.nan_to_num(place * self.weight, nan=0.0), dtype=np.float64)


def _tamed(raw: Floats) -> Floats:
    """Take the logarithm of a heavy tail; refunds may make a sum negative."""
    return np.asarray(np.sign(raw) * np.log1p(np.abs(raw)), dtype=np.float64)


@dataclass(frozen=True)
class Asked:
    """The names of the columns asked for: which values of each mix, which attributes."""

    mixes: tuple[tuple[str, tuple[str, ...]], ...]
    attributes: tuple[tuple[str, tuple[str, ...]], ...]
    numeric_attributes: tuple[str, ...]


def asked(dataset: Dataset) -> Asked:
    """Choose the values worth a column from what the dataset holds."""
    mixes = [(mix, _frequent(dataset, mix)) for mix in MIXES]
    categorical = [each for each in dataset.facts.attributes if not each.numeric]
    counted = [(each.name, _frequent_attribute_values(dataset, each)) for each in categorical]
    return Asked(
        mixes=tuple((mix, values) for mix, values in mixes if len(values) > 1),
        attributes=tuple((name, values) for name, values in counted if len(values) > 1),
        numeric_attributes=tuple(each.name for each in dataset.facts.attributes if each.numeric),
    )


def raw_features(dataset: Dataset, question: Asked) -> pd.DataFrame:
    """Measure every customer: one row per `customer_key`, in its order; columns named by `Feature.name`."""
    table = dataset.run(_measures, mixes=question.mixes, numeric=question.numeric_attributes)
    rows: pd.DataFrame = table.select([name for name in table.column_names if not name.startswith("_")]).to_pandas()
    rows = rows.sort_values("customer_key", ignore_index=True)
    return pd.concat([rows, _indicators(dataset, question, rows["customer_key"])], axis=1)


def fitted(raw: pd.DataFrame, question: Asked) -> tuple[Feature, ...]:
    """Fix centre, scale and weight of each feature that tells customers apart; drop the constant and the redundant."""
    relation = _relation_features(raw)
    shares: list[Feature] = []
    for mix, values in question.mixes:
        shares += _weighted([_share_feature(raw, mix, mix, value) for value in values], raw, BLOCK_WEIGHTS[mix])
    attributes = [
        [_share_feature(raw, "attribute", name, value) for value in values] for name, values in question.attributes
    ]
    attributes += [[_measure_feature(raw, "attribute", name)] for name in question.numeric_attributes]
    attributes = [each for each in attributes if raw[each[0].name].notna().mean() >= SMALLEST_SHARE_KNOWN]
    for features in attributes:
        shares += _weighted(features, raw, BLOCK_WEIGHTS["attribute"] / len(attributes))
    return (*_weighted(relation, raw, BLOCK_WEIGHTS["relation"]), *shares)


def matrix(features: Sequence[Feature], raw: pd.DataFrame) -> Floats:
    """Lay the customers out on the features: one row per row of `raw`."""
    columns = [feature.measured(raw[feature.name].to_numpy(np.float64)) for feature in features]
    # Sums made in parallel may differ in their last bits; clusters must not.
    return np.asarray(np.round(np.column_stack(columns), 9), dtype=np.float64)


# --- What is measured --------------------------------------------------------------------------------------------


def _measures(dataset: Dataset, mixes: tuple[tuple[str, tuple[str, ...]], ...], numeric: tuple[str, ...]) -> ir.Table:
    steps = dataset.table("steps")
    rank = {stage: position for position, stage in enumerate(dataset.stages)}
    between_visits = steps.seconds_to_next >= VISIT_GAP_MINUTES * 60
    shares = {
        Feature(mix, mix, value).name: _share(steps, mix, value, _counts_for(dataset, steps, mix))
        for mix, values in mixes
        for value in values
    }
    counted = steps.group_by("customer_key").aggregate(
        days_between_visits=steps.seconds_to_next.median(where=between_visits).cast("float64") / 86_400.0,
        _returns=(_placed(steps.next_stage, rank) < _placed(steps.stage, rank)).sum().cast("float64"),
        _followed=(steps.stage.notnull() & steps.next_stage.notnull()).sum(),
        **shares,
    )
    customers = dataset.table("customers")
    last = ibis.literal(dataset.facts.last, type="timestamp")
    days_since = (last.epoch_seconds() - customers.last_timestamp.epoch_seconds()).cast("float64") / 86_400.0
    known = customers.select(
        "customer_key",
        days_since_last=days_since,
        interactions=customers.interactions.cast("float64"),
        visits=customers.visits.cast("float64"),
        revenue=customers.revenue.cast("float64").fill_null(0.0),
        **{name: customers[name].cast("float64") for name in numeric},
    )
    joined = known.join(counted, "customer_key")
    returns = joined["_returns"] / joined["_followed"].nullif(0).cast("float64")
    return joined.mutate(share_of_returns=returns.fill_null(0.0))


def _counts_for(dataset: Dataset, steps: ir.Table, mix: str) -> ir.BooleanValue:
    """Tell which interactions a mix is made of: channels and devices up to the goal, stages altogether.

    After the goal the product itself is met, by everyone in the same channels: mixed in, it would tell only who got
    that far, which the stages tell already.
    """
    goal = dataset.facts.goal
    later = dataset.stages[dataset.stages.index(goal) :] if goal in dataset.stages[1:] else ()
    if mix == "stage" or not later:
        return steps[mix].notnull()
    return steps[mix].notnull() & ~steps.stage.isin(later).fill_null(False)


def _share(steps: ir.Table, mix: str, value: str, counts: ir.BooleanValue) -> ir.FloatingValue:
    return ((steps[mix] == value) & counts).sum().cast("float64") / counts.sum().nullif(0).cast("float64")


def _placed(stage: ir.StringValue, rank: dict[str, int]) -> ir.IntegerValue:
    return ibis.cases(*[(stage == name, place) for name, place in rank.items()]) if rank else ibis.null("int8")


def _frequent(dataset: Dataset, column: str) -> tuple[str, ...]:
    return _most_frequent(dataset, dataset.frame(_customers_by_value, column=column))


def _most_frequent(dataset: Dataset, found: pd.DataFrame) -> tuple[str, ...]:
    found = found.sort_values(["customers", "value"], ascending=[False, True])
    floor = SMALLEST_SHARE * dataset.summary.customers
    return tuple(str(value) for value in found.loc[found["customers"] >= floor, "value"][:MOST_VALUES])


def _customers_by_value(dataset: Dataset, column: str) -> ir.Table:
    steps = dataset.table("steps")
    met = steps.filter(steps[column].notnull()).select("customer_key", value=steps[column]).distinct()
    return met.group_by("value").aggregate(customers=ibis._.count())


def _frequent_attribute_values(dataset: Dataset, attribute: Attribute) -> tuple[str, ...]:
    """Name the values of an attribute worth a column; an attribute of names or ids has none."""
    return _most_frequent(dataset, dataset.frame(_attribute_counts, name=attribute.name))


def _attribute_counts(dataset: Dataset, name: str) -> ir.Table:
    members = dataset.members(name)
    return members.filter(members.value != UNKNOWN_VALUE).group_by("value").aggregate(customers=ibis._.count())


def _indicators(dataset: Dataset, question: Asked, keys: pd.Series[int]) -> pd.DataFrame:
    """Tell for each customer which attribute values apply: 1 or 0, missing when the attribute is unknown."""
    columns: dict[str, Floats] = {}
    if not question.attributes:
        return pd.DataFrame(index=keys.index)
    known = dataset.run(_attribute_values, names=tuple(name for name, _values in question.attributes)).to_pandas()
    known = known.set_index("customer_key").reindex(keys)
    for name, values in question.attributes:
        held = known[name]
        for value in values:
            is_value = (held == value).to_numpy(np.float64)
            columns[Feature("attribute", name, value).name] = np.where(held.isna(), np.nan, is_value)
    return pd.DataFrame(columns, index=keys.index)


def _attribute_values(dataset: Dataset, names: tuple[str, ...]) -> ir.Table:
    customers = dataset.table("customers")
    return customers.select("customer_key", **{name: customers[name].cast("string") for name in names})


# --- How it is scaled --------------------------------------------------------------------------------------------


def _relation_features(raw: pd.DataFrame) -> list[Feature]:
    kept: list[Feature] = []
    places: list[Floats] = []
    for name in RELATION:
        feature = _measure_feature(raw, "relation", name)
        place = feature.measured(raw[name].to_numpy(np.float64))
        if place.std() < 1e-9:
            continue
        if any(abs(np.corrcoef(place, other)[0, 1]) > REDUNDANT_CORRELATION for other in places):
            continue
        kept.append(feature)
        places.append(place)
    return kept


def _measure_feature(raw: pd.DataFrame, block: str, name: str) -> Feature:
    tamed = _tamed(raw[name].to_numpy(np.float64))
    known = tamed[~np.isnan(tamed)]
    if not len(known):
        return Feature(block, name, is_measure=True)
    low, centre, high = np.quantile(known, [0.25, 0.5, 0.75])
    # Where most customers share one value the quartiles fall together; the spread of all of them is what is left.
    scale = (high - low) / 1.349 or known.std() or 1.0
    return Feature(block, name, is_measure=True, centre=float(centre), scale=float(scale))


def _share_feature(raw: pd.DataFrame, block: str, of: str, value: str) -> Feature:
    feature = Feature(block, of, value)
    shares = np.sqrt(raw[feature.name].to_numpy(np.float64))
    known = shares[~np.isnan(shares)]
    return Feature(block, of, value, centre=float(known.mean()) if len(known) else 0.0)


def _weighted(features: Sequence[Feature], raw: pd.DataFrame, say: float) -> list[Feature]:
    """Scale features that belong together so that their variances add up to `say`; constant ones are dropped."""
    variances = [float(feature.measured(raw[feature.name].to_numpy(np.float64)).var()) for feature in features]
    total = sum(variances)
    return [
        Feature(each.block, each.of, each.value, each.is_measure, each.centre, each.scale, float(np.sqrt(say / total)))
        for each, variance in zip(features, variances, strict=True)
        if variance > 1e-9
    ]
