"""What each persona is like: how many, worth what, feeling how, wanting what, in whose words."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from journey.analysis.feelings import clustered_sums, felt_by_customer, with_feeling
from journey.analysis.persona_features import Feature
from journey.analysis.statistics import has_base, wilson
from journey.dataset import UNKNOWN_VALUE, Dataset
from journey.text.masking import masked

MOST_CHANNELS = 3
#: A quote is long enough to say something and short enough for a card.
SHORTEST_QUOTE, LONGEST_QUOTE = 25, 160
GOAL_ATTRIBUTES = ("goal", "goals", "job_to_be_done", "motivation", "reason")


def profiles(dataset: Dataset, names: tuple[str, ...]) -> pd.DataFrame:
    """Describe the personas laid beside a dataset, as its filters leave them; columns as in `personas`."""
    found = dataset.frame(_sizes).set_index("persona").reindex(names)
    found["customers"] = found["customers"].fillna(0).astype("int64")
    found["share_of_customers"] = found["customers"] / max(found["customers"].sum(), 1)
    found["revenue_per_customer"] = found["revenue"] / found["customers"].where(found["customers"] > 0)
    for part in (_goal_reached(dataset), _feelings(dataset), _wishes(dataset), _low_points(dataset), _quotes(dataset)):
        found = found.join(part)
    found["reached_goal"] = found["reached_goal"].where(found["customers"] > 0)
    found["share_reaching_goal"] = found["reached_goal"] / found["customers"].where(found["customers"] > 0)
    found["goal_low"], found["goal_high"] = wilson(found["reached_goal"], found["customers"])
    for mix in ("channel", "device"):
        mixes = _mixes(dataset, mix)
        found[f"{mix}s"] = pd.Series([mixes.get(name, ()) for name in names], index=found.index, dtype="object")
    found.insert(0, "number", np.arange(1, len(names) + 1))
    return found.rename_axis("persona").reset_index()


def fitted_outcomes(dataset: Dataset, features: Sequence[Feature]) -> tuple[str, ...]:
    """Name the columns of `profiles` that tell again what the features already parted the customers by."""
    held = {(each.block, each.of) for each in features}
    wish = wish_attribute(dataset)
    made_from = {
        "revenue": ("relation", "revenue"),
        "revenue_per_customer": ("relation", "revenue"),
        "median_interactions": ("relation", "interactions"),
        "reached_goal": ("stage", "stage"),
        "share_reaching_goal": ("stage", "stage"),
        "channels": ("channel", "channel"),
        "devices": ("device", "device"),
        "goal": ("attribute", wish),
        "share_with_goal": ("attribute", wish),
    }
    return tuple(column for column, source in made_from.items() if source in held)


def _sizes(dataset: Dataset) -> ir.Table:
    customers = dataset.table("customers")
    chosen = (
        dataset.table("steps")
        .group_by("customer_key")
        .aggregate(revenue=ibis._.revenue.sum().cast("float64"), interactions=ibis._.count())
    )
    joined = customers.select("customer_key", "persona").join(chosen, "customer_key")
    return joined.group_by("persona").aggregate(
        customers=joined.count(),
        revenue=joined.revenue.sum(),
        median_interactions=joined.interactions.cast("float64").median(),
    )


def _persona_of(dataset: Dataset) -> ir.Table:
    return dataset.members("persona").rename(persona="value")


def _goal_reached(dataset: Dataset) -> pd.DataFrame:
    if dataset.facts.goal is None:
        return pd.DataFrame(columns=["reached_goal", "median_days_to_goal"], dtype="float64")
    return dataset.frame(_goals).set_index("persona")


def _goals(dataset: Dataset) -> ir.Table:
    steps = dataset.table("steps")
    reached = steps.group_by("customer_key").aggregate(at=steps.timestamp.min(where=steps.stage == dataset.facts.goal))
    customers = dataset.table("customers").select("customer_key", "first_timestamp", "persona")
    joined = customers.join(reached, "customer_key")
    seconds = joined["at"].epoch_seconds() - joined.first_timestamp.epoch_seconds()
    days = seconds.cast("float64") / ibis.literal(86_400.0)
    return joined.group_by("persona").aggregate(
        reached_goal=joined["at"].count().cast("float64"), median_days_to_goal=days.median()
    )


def _feelings(dataset: Dataset) -> pd.DataFrame:
    return with_feeling(dataset.frame(_felt)).set_index("persona")


def _felt(dataset: Dataset) -> ir.Table:
    steps = dataset.table("steps")
    scored = steps.filter(steps.emotion.notnull())
    each = scored.group_by("customer_key").aggregate(**felt_by_customer(scored))
    each = each.join(_persona_of(dataset), "customer_key")
    return each.group_by("persona").aggregate(**clustered_sums(each))


def _wishes(dataset: Dataset) -> pd.DataFrame:
    """Find the most frequent value of an attribute that tells what customers want, if there is one."""
    wish = wish_attribute(dataset)
    if wish is None:
        return pd.DataFrame(columns=["goal", "customers_with_goal", "share_with_goal"])
    counts = dataset.frame(_wish_counts, name=wish)
    counts["share_with_goal"] = counts["customers"] / counts.groupby("persona")["customers"].transform("sum")
    first = counts.sort_values(["customers", "goal"], ascending=[False, True]).drop_duplicates("persona")
    first = first.rename(columns={"customers": "customers_with_goal"})
    return first.set_index("persona")[["goal", "customers_with_goal", "share_with_goal"]]


def wish_attribute(dataset: Dataset) -> str | None:
    """Name the attribute that tells what customers want, if there is one."""
    names = [each.name for each in dataset.facts.attributes if not each.numeric]
    return next((name for name in GOAL_ATTRIBUTES if name in names), None)


def _wish_counts(dataset: Dataset, name: str) -> ir.Table:
    held = dataset.members(name).rename(goal="value")
    held = held.filter(held.goal != UNKNOWN_VALUE).join(_persona_of(dataset), "customer_key")
    return held.group_by("persona", "goal").aggregate(customers=held.count())


def _low_points(dataset: Dataset) -> pd.DataFrame:
    """Find the touchpoint that feels worst, among those that enough customers scored."""
    felt = dataset.frame(_touchpoint_feelings)
    felt = felt[has_base(felt["lowest_customers_scored"])].sort_values(
        ["persona", "lowest_emotion", "lowest_touchpoint"]
    )
    return felt.drop_duplicates("persona").set_index("persona")


def _touchpoint_feelings(dataset: Dataset) -> ir.Table:
    steps = dataset.table("steps")
    scored = steps.filter(steps.emotion.notnull()).select("customer_key", "touchpoint", "emotion")
    scored = scored.join(_persona_of(dataset), "customer_key")
    return scored.group_by("persona", lowest_touchpoint=scored.touchpoint.cast("string")).aggregate(
        lowest_emotion=scored.emotion.cast("float64").mean(),
        lowest_n_scored=scored.emotion.count(),
        lowest_customers_scored=scored.customer_key.nunique(),
    )


def _mixes(dataset: Dataset, mix: str) -> dict[str, tuple[tuple[str, float], ...]]:
    """Tell per persona the channels or devices of its interactions, the most used first, with their shares."""
    counts = dataset.frame(_mix_counts, mix=mix)
    counts["share"] = counts["interactions"] / counts.groupby("persona")["interactions"].transform("sum")
    counts = counts.sort_values(["share", "value"], ascending=[False, True])
    return {
        str(persona): tuple(zip(rows["value"].head(MOST_CHANNELS), rows["share"].head(MOST_CHANNELS), strict=True))
        for persona, rows in counts.groupby("persona")
    }


def _mix_counts(dataset: Dataset, mix: str) -> ir.Table:
    steps = dataset.table("steps")
    known = steps.filter(steps[mix].notnull()).select("customer_key", value=steps[mix].cast("string"))
    known = known.join(_persona_of(dataset), "customer_key")
    return known.group_by("persona", "value").aggregate(
        interactions=known.count(), customers=known.customer_key.nunique()
    )


def channel_customers(dataset: Dataset) -> dict[tuple[str, str], int]:
    """Count the customers of each persona who used each channel, by persona and channel."""
    counts = dataset.frame(_mix_counts, mix="channel")
    rows = counts.to_dict("records")
    return {(row["persona"], row["value"]): int(row["customers"]) for row in rows}


def _quotes(dataset: Dataset) -> pd.DataFrame:
    """Choose per persona the comment nearest to its mean feeling, personal details masked."""
    found = dataset.frame(_typical_comments).set_index("persona")[["quote"]]
    return found.assign(quote=[masked(text) for text in found["quote"]])


def _typical_comments(dataset: Dataset) -> ir.Table:
    comments = dataset.table("comments")
    length = comments.comment.length()
    said = comments.filter(comments.emotion.notnull() & length.between(SHORTEST_QUOTE, LONGEST_QUOTE))
    said = said.select("customer_key", "sequence", "comment", "emotion").join(_persona_of(dataset), "customer_key")
    said = said.mutate(far=(said.emotion - said.emotion.mean().over(group_by="persona")).abs())
    order = [said.far, said.customer_key, said.sequence]
    nearest = said.mutate(place=ibis.row_number().over(group_by="persona", order_by=order))
    return nearest.filter(nearest.place == 0).select("persona", quote=nearest.comment)
