"""Which stage a touchpoint's name tells, in the words of any set of stages, one's own included."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from journey.ingest.aliases import normalised
from journey.ingest.cells.labels import without_accents
from journey.ingest.names.page_names import SEARCHED
from journey.vocabulary import GOAL, STAGE_SETS, STAGES, TOUCHPOINT_STAGES

#: A touchpoint's stage before and after the customer's first purchase; None: no stage.
StagePair = tuple[str | None, str | None]
_Phrases = tuple[str | None, str | None, tuple[str, ...]]

#: Other words for phases of the relation, by the standard stage beside which they stand; files keep their own names.
_SYNONYMS: Final[dict[str, str]] = {
    "discovery": "awareness", "discover": "awareness", "attract": "awareness", "reach": "awareness",
    "top of funnel": "awareness", "interest": "awareness", "visitor": "awareness", "acquisition": "awareness",
    "research": "consideration", "evaluation": "consideration", "evaluate": "consideration", "intent": "consideration",
    "comparison": "consideration", "engage": "consideration", "lead": "consideration", "desire": "consideration",
    "trial": "consideration", "opportunity": "consideration", "proposal": "consideration", "consider": "consideration",
    "decision": "purchase", "decide": "purchase", "buy": "purchase", "conversion": "purchase", "convert": "purchase",
    "action": "purchase", "customer": "purchase", "transaction": "purchase",
    "activation": "onboarding", "delivery": "onboarding", "implementation": "onboarding", "onboard": "onboarding",
    "usage": "adoption", "use": "adoption", "adopt": "adoption", "service": "retention", "support": "retention",
    "post purchase": "retention", "loyalty": "retention", "renewal": "retention", "retain": "retention",
    "growth": "expansion", "expand": "expansion", "referral": "advocacy", "refer": "advocacy",
    "advocate": "advocacy", "recommend": "advocacy", "evangelist": "advocacy",
}  # fmt: skip

#: What a set of stages knows of touchpoints beyond the standard table, looked up before it.
_PHRASES_OF_SET: Final[dict[str, tuple[_Phrases, ...]]] = {
    "e-commerce": (
        ("delivery", "delivery", (
            "shipped", "order shipped", "shipment", "delivery", "delivered", "out for delivery", "tracking", "parcel",
            "package", "fulfilled", "order fulfilled", "dispatched", "picked up", "order updated",
        )),
        ("consideration", "service", (
            "ticket", "support", "help", "faq", "chat", "live chat", "phone call", "contact form",
        )),
        ("service", "service", ("return", "returned", "exchange", "warranty", "repair", "claim", "ticket solved")),
    ),
    "b2b sales": (
        ("opportunity", "expansion", (
            "sql", "discovery call", "demo", "product demo", "meeting", "sales call", "opportunity", "qualified",
            "pilot", "opportunity created", "consultation", "proof of concept", "poc", "trial", "free trial",
            "trial started", "workshop",
        )),
        ("proposal", "expansion", (
            "proposal", "proposal sent", "quote", "quote requested", "quote sent", "offer", "offer sent", "negotiation",
            "contract sent", "procurement", "legal review", "security review", "tender", "rfp", "rfi",
        )),
        ("lead", "lead", (
            "form", "form submission", "form submitted", "generate lead", "lead", "mql", "whitepaper", "white paper",
            "ebook", "download", "webinar", "sign up", "signup", "signed up", "demo requested", "contact form",
            "trade show", "event booth", "newsletter subscribed",
        )),
    ),
    "service": (
        ("feedback", "feedback", (
            "survey", "satisfaction survey", "csat", "nps", "feedback", "review", "review written", "rating", "rated",
        )),
        ("resolution", "resolution", (
            "solved", "ticket solved", "resolved", "ticket resolved", "closed", "ticket closed", "resolution", "refund",
            "refunded", "replacement", "repaired", "repair done", "fixed", "completed",
        )),
        ("handling", "handling", (
            "assigned", "answer", "answered", "support answer", "reply", "replied", "agent reply", "first reply",
            "escalated", "escalation", "callback", "technician", "technician visit", "visit", "on hold", "pending",
            "information requested", "transferred", "in progress", "diagnosis", "repair",
        )),
        ("request", "request", (
            "ticket", "ticket opened", "ticket created", "support ticket opened", "reopened", "call", "phone call",
            "chat", "chat started", "live chat", "contact form", "complaint", "request", "help", "faq", "help article",
            "support", "inquiry", "enquiry", "incident", "issue", "reported", "claim",
        )),
    ),
}  # fmt: skip
#: Where a set has no stage of the name, and the nearest in order would be another.
_STANDS_FOR: Final = {("b2b sales", "consideration"): "lead", ("e-commerce", "expansion"): "retention"}
#: Words of the paths of pages that say that an order is done, one of each.
_ORDERING: Final = frozenset({"checkout", "checkouts", "order", "orders", "purchase", "payment", "booking"})
_DONE: Final = frozenset(
    {
        "success",
        "complete",
        "completed",
        "confirmation",
        "confirmed",
        "received",
        "thank",
        "thanks",
        "thankyou",
        "danke",
    }
)
#: Sets that speak of something else than the relation: the standard table says nothing about them.
_OTHER_RELATIONS: Final = frozenset({"service"})


def stage_of(touchpoint: str) -> StagePair:
    """Tell a touchpoint's stage before and after the first purchase, from its name.

    A page is a purchase only where its path says that an order is done: `/checkout/payment` is a step on the way. Of a
    search it does not matter what was searched for.

    >>> stage_of("add_to_cart"), stage_of("Order Completed"), stage_of("T02 Check")
    (('consideration', 'consideration'), ('purchase', 'purchase'), (None, None))
    >>> stage_of("/checkout/payment"), stage_of("/checkout/order-received/*"), stage_of("Search: payment")
    (('consideration', 'consideration'), ('purchase', 'purchase'), ('consideration', 'consideration'))
    """
    is_known, pair = _found(touchpoint, TOUCHPOINT_STAGES)
    if not touchpoint.startswith("/") or (is_known and pair == (None, None)):
        return pair
    words = set(normalised(touchpoint).split("_"))
    if words & _ORDERING and words & _DONE:
        return GOAL, GOAL
    return ("consideration", "consideration") if pair[0] == GOAL else pair


def stage_within(touchpoint: str, stage_set: str, own: Sequence[str] = ()) -> StagePair:
    """Tell a touchpoint's stage in the words of a set, or of one's own stages where there are some.

    A stage that a set lacks becomes the nearest that it has, and nothing but a purchase becomes the purchase. One's own
    stages are found by their name or a synonym of it; what stands beside none of them has no stage.

    >>> stage_within("Onboarding call", "classic"), stage_within("Proposal sent", "b2b sales")
    (('retention', 'retention'), ('proposal', 'expansion'))
    >>> stage_within("Pricing page", "saas", ["Discover", "Evaluate", "Buy"])
    ('Evaluate', None)
    """
    if own:
        before, after = (_own_stage(own, stage) for stage in stage_of(touchpoint))
        return before, after
    is_known, pair = _found(touchpoint, TOUCHPOINT_STAGES[:1])
    if is_known and stage_set not in _OTHER_RELATIONS:
        return pair
    is_known, pair = _found(touchpoint, _PHRASES_OF_SET.get(stage_set, ()))
    if is_known or stage_set in _OTHER_RELATIONS:
        return pair
    before, after = (_nearest(stage_set, stage) for stage in stage_of(touchpoint))
    return before, after


def is_bad_moment(touchpoint: str) -> bool:
    """Tell a touchpoint that stands for something that went wrong, which is no stage."""
    return _found(touchpoint, TOUCHPOINT_STAGES)[0] and stage_of(touchpoint) == (None, None)


def _found(touchpoint: str, table: Iterable[_Phrases]) -> tuple[bool, StagePair]:
    said_by = "search" if touchpoint.startswith(SEARCHED) else touchpoint
    words = tuple(normalised(said_by).split("_"))
    plain = tuple(without_accents(word) for word in words)
    longest = _longest()
    said = {each[i:j] for each in (words, plain) for i in range(len(each)) for j in range(i + 1, i + longest + 1)}
    for before, after, phrases in table:
        if said & _split(phrases):
            return True, (before, after)
    return False, (None, None)


@cache
def _split(phrases: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(phrase.split()) for phrase in phrases)


@cache
def _longest() -> int:
    tables = (TOUCHPOINT_STAGES, *_PHRASES_OF_SET.values())
    return max(len(phrase.split()) for table in tables for _before, _after, phrases in table for phrase in phrases)


def _nearest(stage_set: str, stage: str | None) -> str | None:
    names = STAGE_SETS[stage_set]
    if stage is None or stage in names:
        return stage
    if (stage_set, stage) in _STANDS_FOR:
        return _STANDS_FOR[stage_set, stage]
    # What is not a purchase never becomes one: it would count as a conversion.
    shared = [each for each in names if each in STAGES and each != GOAL]
    return min(shared, key=lambda each: (abs(STAGES.index(each) - STAGES.index(stage)), -STAGES.index(each)))


def _own_stage(own: Sequence[str], stage: str | None) -> str | None:
    if stage is None:
        return None
    return next((name for name in own if key(name) == stage), None) or next(
        (name for name in own if place(name) == STAGES.index(stage)), None
    )


def key(name: str) -> str:
    """Bring a stage's name into the form in which names are compared."""
    return normalised(name).replace("_", " ")


def place(name: str) -> int | None:
    """Tell beside which standard stage a name stands; None for a name that is neither one nor a synonym."""
    standard = _SYNONYMS.get(key(name), key(name))
    return STAGES.index(standard) if standard in STAGES else None
