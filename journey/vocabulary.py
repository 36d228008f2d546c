"""Every fixed word: column names, stage sets, channel groups, the emotion scale.

One word per concept, the same in a column, an argument, a page and the docs.
"""

from __future__ import annotations

from typing import Final

# --- Columns -----------------------------------------------------------------------------------------------------

#: Roles a column of a file can have, in the order in which they are asked about, and what each holds.
ROLES: Final[dict[str, str]] = {
    "customer_id": "who: an id that stays the same for one customer; kept as text",
    "timestamp": "when the interaction happened",
    "touchpoint": "what was met: an event, a page, an action",
    "channel": "the medium: organic search, e-mail, store, phone",
    "ownership": "owned, paid, earned or third-party",
    "stage": "phase of the relation, as the file names it",
    "device": "phone, tablet, laptop, …",
    "campaign": "the campaign that led here",
    "revenue": "money of this interaction, refunds negative",
    "emotion": "felt experience, already on the scale −2 … +2",
    "score": "an answer on a scale: NPS, CSAT, stars",
    "score_kind": "which scale the score is on",
    "comment": "what the customer wrote or said",
    "attribute": "says something about the customer: country, plan, size",
    "ignore": "not used",
}

#: The three roles without which there is no journey.
NEEDED_ROLES: Final = ("customer_id", "timestamp", "touchpoint")

#: Table `steps`: one row per interaction, with what follows it in its journey.
STEPS: Final[dict[str, str]] = {
    "customer_key": "whole number that stands for the customer inside one dataset version",
    "customer_id": "the customer's id as in the file",
    "sequence": "the customer's interactions numbered in time, from 1; ties keep file order",
    "timestamp": "when, UTC",
    "touchpoint": "the thing met",
    "channel": "the medium; missing when unknown",
    "ownership": "owned, paid, earned or third-party; missing when unknown",
    "stage": "phase of the relation; missing when unknown",
    "device": "device used; missing when unknown",
    "campaign": "campaign named in the file; missing when there is none",
    "emotion": "felt experience, −2 … +2; missing when unknown",
    "revenue": "money of this interaction in the data's currency, refunds negative; missing when there is none",
    "journey": "number of the customer's journey, from 1; a silence of 30 days starts a new one",
    "visit": "number of the customer's visit, from 1; 30 minutes without an interaction start a new one",
    "step": "place of the interaction in its journey, from 1",
    "is_open": "the journey may go on: it ends less than the silence before the end of the data",
    "next_touchpoint": "touchpoint of the next interaction in the same journey; missing at its end",
    "next_channel": "channel of the next interaction in the same journey",
    "next_stage": "stage of the next interaction in the same journey",
    "next_device": "device of the next interaction in the same journey",
    "next_timestamp": "when the next interaction in the same journey happened; missing at its end",
    "seconds_to_next": "seconds until it",
    "line": "line of the file the interaction came from",
}

#: Table `customers`: one row per customer; the attributes of the data stand beside these.
CUSTOMERS: Final[dict[str, str]] = {
    "customer_key": "whole number that stands for the customer inside one dataset version",
    "customer_id": "the customer's id as in the file",
    "first_timestamp": "first interaction, UTC",
    "last_timestamp": "last interaction, UTC",
    "interactions": "number of interactions",
    "journeys": "number of journeys",
    "visits": "number of visits",
    "revenue": "sum of the customer's revenue; missing when the data have no revenue",
    "first_touchpoint": "touchpoint of the first interaction",
    "first_channel": "channel of the first interaction",
    "first_device": "device of the first interaction",
    "stage_reached": "the furthest stage of the customer's interactions",
}

#: Table `comments`: one row per interaction with a score or a comment.
COMMENTS: Final[dict[str, str]] = {
    "customer_key": "who",
    "sequence": "which of the customer's interactions",
    "timestamp": "when, UTC",
    "touchpoint": "the thing met",
    "stage": "phase of the relation",
    "score": "the answer on its own scale; missing when there is only a comment",
    "score_kind": "nps, csat, stars, ces, thumbs or percent",
    "emotion": "the same answer on −2 … +2",
    "comment": "what was written; missing when there is only a score",
}

#: Table `spend`: one row per day, channel and campaign.
SPEND: Final[dict[str, str]] = {
    "date": "day",
    "channel": "the medium paid for",
    "campaign": "the campaign paid for; missing when not told",
    "cost": "money spent, in the data's currency",
}

TABLES: Final[dict[str, dict[str, str]]] = {
    "steps": STEPS,
    "interactions": STEPS,
    "customers": CUSTOMERS,
    "comments": COMMENTS,
    "spend": SPEND,
}

# --- Stages ------------------------------------------------------------------------------------------------------

#: Stage sets by name, each in the order in which the relation usually moves.
STAGE_SETS: Final[dict[str, tuple[str, ...]]] = {
    "saas": (
        "awareness",
        "consideration",
        "purchase",
        "onboarding",
        "adoption",
        "retention",
        "expansion",
        "advocacy",
    ),
    "classic": ("awareness", "consideration", "purchase", "retention"),
    "e-commerce": ("awareness", "consideration", "purchase", "delivery", "service", "retention", "advocacy"),
}
STAGES: Final = STAGE_SETS["saas"]

#: The goal unless another is chosen.
GOAL: Final = "purchase"

# --- Time --------------------------------------------------------------------------------------------------------

SILENCE_DAYS: Final = 30
VISIT_GAP_MINUTES: Final = 30

# --- Channels ----------------------------------------------------------------------------------------------------

OWNERSHIPS: Final = ("owned", "paid", "earned", "third-party")

# --- Emotion -----------------------------------------------------------------------------------------------------

EMOTION_LOW: Final = -2.0
EMOTION_HIGH: Final = 2.0

#: Feeling in words, by the lower bound of each band on −2 … +2, with the face drawn beside it.
FEELINGS: Final[tuple[tuple[float, str, str], ...]] = (
    (-2.0, "very bad", "😖"),
    (-1.2, "bad", "🙁"),
    (-0.4, "mixed", "😐"),
    (0.4, "good", "🙂"),
    (1.2, "very good", "😄"),
)

# --- Statistics --------------------------------------------------------------------------------------------------

#: Under so many customers or answers a share or a mean is shown muted and no finding is made of it.
MINIMUM_BASE: Final = 30
#: Two-sided 95 % quantile of the normal distribution.
Z_95: Final = 1.959963984540054

# --- Ends of a journey -------------------------------------------------------------------------------------------

#: Where an ended journey goes in a flow, and where one goes that may still go on.
LEFT: Final = "(left)"
STILL_OPEN: Final = "(still on their way)"
#: Stands for a missing touchpoint, channel, stage or device in a flow or path.
NOT_KNOWN: Final = "(unknown)"

# --- Touchpoints -------------------------------------------------------------------------------------------------

#: Known touchpoints and their stage before and after the customer's first purchase (None: no stage), looked up in
#: this order, so that `payment details` is found before `payment`. A phrase is found where its words stand together in
#: the touchpoint's name. What went wrong (an error, a refund, a complaint) is a bad moment and no stage.
TOUCHPOINT_STAGES: Final[tuple[tuple[str | None, str | None, tuple[str, ...]], ...]] = (
    (
        None,
        None,
        (
            "error", "bug", "failed", "failure", "declined", "denied", "refund", "refunded", "return requested", "complaint",
            "cancel", "cancelled", "canceled", "cancellation", "churn", "churned", "unsubscribe", "unsubscribed",
            "remove from cart", "product removed", "drop off", "uninstall",
        ),
    ),
    (
        "advocacy",
        "advocacy",
        (
            "referral sent", "refer a friend", "referred", "invite sent", "invited friend", "review written", "write review",
            "review submitted", "product reviewed", "product shared", "cart shared", "share", "shared", "testimonial",
            "recommendation given", "case study interview", "advocate", "ambassador",
        ),
    ),
    (
        "expansion",
        "expansion",
        ("upgrade", "upgraded", "upsell", "cross sell", "add on", "addon", "seat added", "seats added", "plan changed"),
    ),
    (
        "onboarding",
        "onboarding",
        (
            "onboarding", "welcome", "setup", "set up", "getting started", "get started", "tutorial", "activation",
            "activated", "first login", "guided import", "guided tour", "product tour", "kick off", "kickoff", "install",
            "installed", "verify email", "email verified", "account created", "profile completed", "implementation",
        ),
    ),
    (
        "consideration",
        "consideration",
        (
            "add to cart", "added to cart", "product added", "cart viewed", "view cart", "begin checkout",
            "checkout started", "checkout step", "payment details", "payment info", "payment method", "card details",
            "shipping details", "shipping info", "add shipping info", "add payment info", "billing details", "wishlist",
            "coupon applied", "subscription page", "order form", "order summary",
        ),
    ),
    (
        "retention",
        "retention",
        (
            "renewal", "renew", "renewed", "win back", "winback", "loyalty", "order updated", "order shipped", "shipped",
            "delivered", "delivery", "reorder", "reactivated", "invoice", "billing", "account page", "my account",
            "account settings", "satisfaction survey", "nps", "csat", "survey",
        ),
    ),
    (
        "purchase",
        "purchase",
        (
            "purchase", "purchased", "in app purchase", "order completed", "order placed", "order confirmed",
            "order confirmation", "order", "ordered", "checkout completed", "checkout complete", "checkout success",
            "payment", "payment done", "paid", "transaction", "subscription started", "subscribed to plan",
            "subscription created", "closed won", "deal won", "contract signed", "bought", "buy", "thank you page",
            "conversion", "booking confirmed", "booked",
        ),
    ),
    (
        "awareness",
        "awareness",
        (
            "ad", "ads", "ad click", "ad impression", "advert", "advertisement", "impression", "banner", "search ad",
            "social ad", "session start", "first visit", "view promotion", "promotion viewed", "promotion clicked", "promo",
            "promo page", "promotion", "landing", "landing page", "blog", "blog article", "article", "podcast", "podcast mention",
            "social", "social post", "social media", "press", "video start", "video", "influencer", "billboard", "tv", "radio",
            "flyer", "event booth", "trade show", "organic search", "homepage", "home page", "home", "page viewed", "page view",
            "visit", "partner recommendation", "word of mouth", "mention",
        ),
    ),
    (
        "consideration",
        "expansion",
        ("pricing", "pricing page", "plans", "compare plans", "price list"),
    ),
    (
        "consideration",
        "retention",
        (
            "ticket", "support", "support chat", "support ticket", "support call", "support answer", "help", "help article",
            "help center", "faq", "knowledge base", "chat", "live chat", "call", "phone call", "community", "forum",
            "newsletter", "email", "e mail", "email open", "email opened", "email click", "email clicked", "store visit",
        ),
    ),
    (
        "consideration",
        "consideration",
        (
            "cart", "basket", "checkout", "catalog", "catalogue", "category", "category page", "collection", "product",
            "product page", "product view", "product viewed", "product list viewed", "product clicked", "products searched",
            "view item", "view item list", "select item", "item", "search", "search results", "view search results", "filter",
            "filter results", "sort", "compare", "comparison", "review", "reviews", "review page", "review site",
            "review site listing", "scroll", "demo", "product demo", "webinar", "whitepaper", "white paper", "case study",
            "ebook", "download", "trial", "free trial", "trial started", "quote", "quote requested", "form", "form submission",
            "form submitted", "generate lead", "lead", "mql", "sql", "sign up", "signup", "sign up form", "sign up started",
            "signed up", "register", "registration", "view", "details page", "store locator", "consultation",
        ),
    ),
    (
        "consideration",
        "adoption",
        (
            "login", "log in", "logged in", "sign in", "signed in", "user engagement", "session", "app session", "app open",
            "app opened", "dashboard", "feature used", "feature", "report built", "report created", "integration",
            "integration connected", "project created", "export", "import", "usage",
        ),
    ),
)  # fmt: skip

#: Who owns a channel, by the words of its name, looked up in this order.
CHANNEL_OWNERSHIPS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("third-party", (
        "review site", "review sites", "reviews", "marketplace", "community", "forum", "comparison site", "partner",
        "partners", "directory", "app store", "g2", "capterra", "trustpilot", "third party",
    )),
    ("paid", (
        "paid", "ad", "ads", "ppc", "cpc", "cpm", "cpv", "sem", "display", "sponsored", "sponsorship", "retargeting", "affiliate",
        "affiliates", "shopping ads", "tv", "radio", "print", "billboard", "influencer",
    )),
    ("earned", (
        "organic", "seo", "referral", "word of mouth", "pr", "press", "social", "earned", "podcast", "recommendation",
    )),
    ("owned", (
        "email", "e mail", "newsletter", "website", "web site", "web", "site", "app", "mobile app", "in app", "store", "shop", "retail",
        "branch", "phone", "call center", "call centre", "chat", "live chat", "sms", "push", "direct", "blog", "webinar", "webinars",
        "event", "events", "support", "help center", "owned", "sales",
    )),
)  # fmt: skip
