"""The touchpoints and channels of the sample company: fixed facts, no chance."""

from __future__ import annotations

from typing import NamedTuple

OWNERSHIP = {
    "Direct": "owned",
    "E-mail": "owned",
    "In-app": "owned",
    "Support": "owned",
    "Sales": "owned",
    "Webinar/Events": "owned",
    "Organic search": "earned",
    "Referral": "earned",
    "Community": "earned",
    "Paid search": "paid",
    "Paid social": "paid",
    "Podcast": "paid",
    "Review site": "third-party",
    "Partner": "third-party",
}


class Touchpoint(NamedTuple):
    """What is usual at a touchpoint; the stories bend it."""

    stage: str
    channel: str
    feeling: float
    share_asked: float
    score_kind: str = "csat"
    has_device: bool = True


TOUCHPOINTS = {
    "Blog article": Touchpoint("awareness", "Organic search", 0.5, 0.10),
    "Social ad": Touchpoint("awareness", "Paid social", -0.1, 0.05),
    "Search ad": Touchpoint("awareness", "Paid search", 0.1, 0.05),
    "Podcast mention": Touchpoint("awareness", "Podcast", 0.6, 0.06, has_device=False),
    "Review site listing": Touchpoint("awareness", "Review site", 0.4, 0.09),
    "Community thread": Touchpoint("awareness", "Community", 0.6, 0.09),
    "Partner recommendation": Touchpoint("awareness", "Partner", 0.6, 0.10, has_device=False),
    "Home page": Touchpoint("awareness", "Direct", 0.3, 0.06),
    "Newsletter": Touchpoint("awareness", "E-mail", 0.2, 0.05, has_device=False),
    "Webinar": Touchpoint("consideration", "Webinar/Events", 0.7, 0.30),
    "Pricing page": Touchpoint("consideration", "Direct", -0.1, 0.10),
    "Compare plans": Touchpoint("consideration", "Direct", -0.1, 0.12),
    "Product demo": Touchpoint("consideration", "Sales", 0.9, 0.40, has_device=False),
    "Sign-up started": Touchpoint("consideration", "Direct", 0.2, 0.03),
    "Sign-up form": Touchpoint("consideration", "Direct", 0.0, 0.10),
    "Card details": Touchpoint("consideration", "Direct", -0.2, 0.09),
    "Checkout error": Touchpoint("consideration", "Direct", -1.5, 0.60),
    "Payment": Touchpoint("purchase", "Direct", 0.2, 0.15),
    "Subscription started": Touchpoint("purchase", "In-app", 0.4, 0.32),
    "Welcome e-mail": Touchpoint("onboarding", "E-mail", 0.4, 0.08, has_device=False),
    "Setup checklist": Touchpoint("onboarding", "In-app", 0.1, 0.18),
    "Guided import": Touchpoint("onboarding", "In-app", 1.7, 0.45),
    "App session": Touchpoint("adoption", "In-app", 0.4, 0.15, "nps"),
    "Report built": Touchpoint("adoption", "In-app", 0.7, 0.12),
    "Help article": Touchpoint("adoption", "Organic search", 0.1, 0.15),
    "Support ticket opened": Touchpoint("adoption", "Support", -0.4, 0.08),
    "Support answer": Touchpoint("adoption", "Support", 0.6, 0.50, has_device=False),
    "Renewal reminder": Touchpoint("adoption", "E-mail", 0.0, 0.08, "nps", has_device=False),
    "Renewal": Touchpoint("retention", "In-app", 0.6, 0.28, "nps"),
    "Win-back e-mail": Touchpoint("adoption", "E-mail", 0.1, 0.12, "nps", has_device=False),
    "Refund": Touchpoint("retention", "Support", -1.3, 0.40, has_device=False),
    "Upgrade page": Touchpoint("expansion", "In-app", 0.3, 0.15),
    "Plan upgrade": Touchpoint("expansion", "In-app", 0.9, 0.32, "nps"),
    "Review written": Touchpoint("advocacy", "Review site", 1.1, 0.75, "nps"),
    "Referral sent": Touchpoint("advocacy", "Referral", 1.3, 0.40, "nps"),
}

ENTRY_TOUCHPOINTS = {
    "Organic search": ("Blog article", "Home page"),
    "Paid search": ("Search ad",),
    "Paid social": ("Social ad",),
    "Podcast": ("Podcast mention",),
    "Review site": ("Review site listing",),
    "Community": ("Community thread",),
    "Partner": ("Partner recommendation",),
    "Direct": ("Home page",),
    "E-mail": ("Newsletter",),
    "Referral": ("Home page", "Blog article"),
    "Webinar/Events": ("Webinar",),
}

PRICE_PER_QUARTER = {"Starter": 87, "Team": 267, "Business": 1140}
