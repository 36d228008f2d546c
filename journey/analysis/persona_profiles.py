"""What each persona is like: how many, worth what, feeling how, wanting what, in whose words."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from journey.analysis.statistics import mean_interval_from_moments, wilson
from journey.dataset import UNKNOWN_VALUE, Dataset
from journey.text.masking import masked
from journey.vocabulary import MINIMUM_BASE

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
    moments = dataset.frame(_feeling_moments).set_index("persona")
    mean, low, high = mean_interval_from_moments(
        **{name: moments[name].to_numpy(np.float64) for name in moments.columns if name != "n_scored"}
    )
    columns = {"emotion": mean, "low": low, "high": high, "n_scored": moments["n_scored"]}
    return pd.DataFrame(columns, index=moments.index)


def _feeling_moments(dataset: Dataset) -> ir.Table:
    steps = dataset.table("steps")
    scored = steps.filter(steps.emotion.notnull())
    each = scored.group_by("customer_key").aggregate(
        total=scored.emotion.sum().cast("float64"), count=scored.count().cast("float64")
    )
    each = each.join(_persona_of(dataset), "customer_key")
    return each.group_by("persona").aggregate(
        n_scored=each["count"].sum().cast("int64"),
        customers=each.count(),
        sum_values=each.total.sum(),
        sum_counts=each["count"].sum(),
        sum_squared_values=(each.total * each.total).sum(),
        sum_squared_counts=(each["count"] * each["count"]).sum(),
        sum_products=(each.total * each["count"]).sum(),
    )


def _wishes(dataset: Dataset) -> pd.DataFrame:
    """Find the most frequent value of an attribute that tells what customers want, if there is one."""
    names = [each.name for each in dataset.facts.attributes if not each.numeric]
    wish = next((name for name in GOAL_ATTRIBUTES if name in names), None)
    if wish is None:
        return pd.DataFrame(columns=["goal", "share_with_goal"])
    counts = dataset.frame(_wish_counts, name=wish)
    counts["share_with_goal"] = counts["customers"] / counts.groupby("persona")["customers"].transform("sum")
    first = counts.sort_values(["customers", "goal"], ascending=[False, True]).drop_duplicates("persona")
    return first.set_index("persona")[["goal", "share_with_goal"]]


def _wish_counts(dataset: Dataset, name: str) -> ir.Table:
    held = dataset.members(name).rename(goal="value")
    held = held.filter(held.goal != UNKNOWN_VALUE).join(_persona_of(dataset), "customer_key")
    return held.group_by("persona", "goal").aggregate(customers=held.count())


def _low_points(dataset: Dataset) -> pd.DataFrame:
    """Find the touchpoint that feels worst, among those with enough answers."""
    felt = dataset.frame(_touchpoint_feelings)
    felt = felt[felt["lowest_n_scored"] >= MINIMUM_BASE].sort_values(["persona", "lowest_emotion", "lowest_touchpoint"])
    return felt.drop_duplicates("persona").set_index("persona")


def _touchpoint_feelings(dataset: Dataset) -> ir.Table:
    steps = dataset.table("steps")
    scored = steps.filter(steps.emotion.notnull()).select("customer_key", "touchpoint", "emotion")
    scored = scored.join(_persona_of(dataset), "customer_key")
    return scored.group_by("persona", lowest_touchpoint=scored.touchpoint.cast("string")).aggregate(
        lowest_emotion=scored.emotion.cast("float64").mean(), lowest_n_scored=scored.emotion.count()
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
    return known.group_by("persona", "value").aggregate(interactions=known.count())


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
