"""The finding a map opens with, in words, said no stronger than the intervals allow."""

from __future__ import annotations

import pandas as pd

from journey.analysis.statistics import has_base, wilson
from journey.language import _


def map_title(persona: str | None, strip: pd.DataFrame) -> str:
    """Name whom the map is about, where it feels best or worst, and where most leave.

    A stage feels best (worst) where its whole interval lies above (below) 0 and its mean is the highest (lowest).
    """
    who = persona or _("All customers")
    parts = [part for part in (_feeling(strip), _loss(strip)) if part]
    if not parts:
        return _("{who}: nothing stands out yet").format(who=who)
    return _("{who}: {findings}").format(who=who, findings=", ".join(parts))


def stages_that_lose(strip: pd.DataFrame) -> pd.DataFrame:
    """Choose the stages that lose more than the others together: the whole Wilson interval lies above their share.

    Returns
    -------
    pandas.DataFrame
        Rows of the strip, the biggest share first, with `low_leaving`, `high_leaving` and `share_leaving_elsewhere`.
    """
    is_known = strip["share_leaving"].notna() & strip["left"].notna()
    compared = strip[is_known & has_base(strip["customers"])]
    if len(compared) < 2:
        return compared.iloc[:0].assign(low_leaving=0.0, high_leaving=0.0, share_leaving_elsewhere=0.0)
    low, high = wilson(compared["left"], compared["customers"])
    elsewhere = (compared["left"].sum() - compared["left"]) / (compared["customers"].sum() - compared["customers"])
    judged = compared.assign(low_leaving=low, high_leaving=high, share_leaving_elsewhere=elsewhere)
    losing = judged[judged["low_leaving"] > judged["share_leaving_elsewhere"]]
    return losing.sort_values("share_leaving", ascending=False, kind="stable")


def _feeling(strip: pd.DataFrame) -> str:
    firm = strip[has_base(strip["customers_scored"]) & strip["emotion"].notna()]
    glad, sad = firm[firm["low"] > 0], firm[firm["high"] < 0]
    losing = stages_that_lose(strip)
    # Who is lost at a place that also feels bad: one place says both, so the other half of the title tells the good.
    if len(glad):
        return _("gladdest at {stage}").format(stage=_in_a_sentence(glad.iloc[glad["emotion"].argmax()]["stage"]))
    if len(sad) and not len(losing):
        return _("unhappiest at {stage}").format(stage=_in_a_sentence(sad.iloc[sad["emotion"].argmin()]["stage"]))
    return ""


def _loss(strip: pd.DataFrame) -> str:
    losing = stages_that_lose(strip)
    if losing.empty:
        return ""
    place = list(strip["stage"]).index(losing.iloc[0]["stage"])
    return _("lost before {stage}").format(stage=_in_a_sentence(strip["stage"].iloc[place + 1]))


def _in_a_sentence(stage: object) -> str:
    return _(str(stage))
