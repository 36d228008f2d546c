"""What interactions can be told apart by: touchpoint, channel, stage or device."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import ibis
import ibis.expr.types as ir
import pandas as pd

from journey.dataset import Dataset, Filters
from journey.errors import ArgumentError, UnknownNameError
from journey.language import _, ngettext
from journey.vocabulary import NOT_KNOWN

DIMENSIONS: Final = ("touchpoint", "channel", "stage", "device")


def require_dimension(by: str, allowed: Sequence[str] = DIMENSIONS) -> None:
    if by not in allowed:
        raise ArgumentError.not_one_of("by", by, allowed)


def known_names(dataset: Dataset, by: str) -> tuple[str, ...]:
    """Name all values of a dimension in the whole dataset; stages in order, others by the alphabet."""
    if by == "stage":
        return dataset.stages
    return tuple(unfiltered(dataset).run(_names, by=by).column("name").to_pylist())


def require_names(dataset: Dataset, by: str, names: Sequence[str]) -> None:
    known = known_names(dataset, by)
    for name in names:
        if name not in known:
            raise UnknownNameError.among(words(by), name, known)


def unfiltered(dataset: Dataset) -> Dataset:
    """Hand out the whole version, without filters and personas."""
    return replace(dataset, filters=Filters(), personas=None)


def words(by: str) -> str:
    """Name one value of a dimension, as in “there is no touchpoint …”."""
    return {"touchpoint": _("touchpoint"), "channel": _("channel"), "stage": _("stage"), "device": _("device")}[by]


def other_label(by: str, n: int) -> str:
    """Name the rest that is drawn as one, as in `other (12 touchpoints)`."""
    if by == "touchpoint":
        return ngettext("other ({n} touchpoint)", "other ({n} touchpoints)", n)
    if by == "channel":
        return ngettext("other ({n} channel)", "other ({n} channels)", n)
    if by == "stage":
        return ngettext("other ({n} stage)", "other ({n} stages)", n)
    return ngettext("other ({n} device)", "other ({n} devices)", n)


def named(values: pd.Series) -> pd.Series:
    """Write missing values of a dimension as `(unknown)`."""
    return values.astype("object").where(values.notna(), NOT_KNOWN).astype("str")


def _names(dataset: Dataset, by: str) -> ir.Table:
    steps = dataset.table("steps")
    found = steps.filter(steps[by].notnull()).select(name=steps[by]).distinct()
    return found.mutate(name=found.name.cast("string")).order_by(ibis._.name)


def usual_touchpoints(dataset: Dataset, n_touchpoints: int = 5) -> tuple[str, ...]:
    """Name the touchpoints that most customers meet, in the order in which they usually first meet them."""
    met = dataset.frame(_first_meetings).sort_values(["customers", "touchpoint"], ascending=[False, True])
    return tuple(met.head(n_touchpoints).sort_values(["median_place", "touchpoint"])["touchpoint"])


def _first_meetings(dataset: Dataset) -> ir.Table:
    steps = dataset.table("steps")
    first = steps.group_by(["customer_key", "touchpoint"]).aggregate(place=steps.sequence.min())
    return first.group_by("touchpoint").aggregate(
        customers=first.count(), median_place=first.place.cast("float64").median()
    )
