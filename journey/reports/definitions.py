"""How each part of a report was counted, in a paragraph a reader can check."""

from __future__ import annotations

from journey.language import _, number
from journey.vocabulary import MINIMUM_BASE, SILENCE_DAYS


def protection(least: int) -> str:
    """Tell what was done to the numbers of a shared document, below how they were counted."""
    return _(
        "Then every count was moved by up to 2, and what is about fewer than {n} customers was left out; times, money "
        "and numbers of interactions are rounded to two digits, feelings to one decimal."
    ).format(n=number(least))


def definitions() -> dict[str, str]:
    """Tell for each part of a report how it was counted."""
    few = number(MINIMUM_BASE)
    return {
        "figures": _(
            "Customers with an interaction in the period. The share reaching the goal is of these customers, by "
            "the end of the period, with its 95 % Wilson interval; the median days run from a customer's first "
            "interaction and are of those who reached it. Feeling is the mean of all answers, from −2 to +2, its "
            "interval clustered by customer. Changes compare the last two full quarters (halves of a shorter "
            "period) and are told only where their interval leaves 0 out."
        ),
        "strip": _(
            "Customers are those met at a stage. They leave there when no later stage follows their first "
            "interaction with it and their last journey is over: a silence of {days} days ends a journey. Whoever"
            " may still go on is not counted as leaving. Feeling is the mean of the answers given at the stage; "
            "where there are none, the curve is open."
        ).format(days=number(SILENCE_DAYS)),
        "findings": _(
            "Many cuts of the data are looked at; p-values are adjusted together so that at most 5 % of what is "
            "told is expected to be chance. Each side of a comparison has at least {n} customers. Findings are "
            "ranked by what they cost, and tell what goes together, not what causes what."
        ).format(n=few),
        "personas": _(
            "Groups of customers who act alike, found by k-means on what they did and on their attributes, chosen"
            " by how separate they are and by whether they are found again in resamples. What sets a group apart "
            "describes it and is no test, because the groups were made from it. Names are made from the strongest"
            " contrasts, the pictures are drawn."
        ),
        "maps": _(
            "Shares of touchpoints and channels are of the customers met at the stage; ◇ marks what is not ours. "
            "It hurts where the whole 95 % interval of the share that leaves lies above that of the other stages "
            "together, and at the touchpoint that feels worst, where its whole interval lies below 0. Under {n} "
            "customers or answers nothing is concluded, and a cell says that they are too few."
        ).format(n=few),
        "flow": _(
            "The first steps of all journeys; widths are journeys, which add up, unlike customers. A journey that"
            " is over leads to “left”, one that may go on to “still on their way”. Ways back to an earlier stage "
            "are marked."
        ),
        "funnel": _(
            "Customers who meet each step after the one before, from their first meeting of the first step, "
            "across journeys. Shares are of those at the step before, with 95 % Wilson intervals. Whoever may "
            "still go on is hatched and not counted as lost."
        ),
        "emotion": _(
            "The plain mean of what was scored at a stage, from −2 to +2, with a 95 % interval clustered by "
            "customer; unscored interactions count as nothing, never as 0. The peak is the mean farthest from 0, "
            "the end the last stage, both among stages with at least {n} customers who answered."
        ).format(n=few),
    }
