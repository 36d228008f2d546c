"""What people write: templates with slots, in English, Romanian and Chinese.

Invented throughout. The few contact details use example.com, telephone numbers kept for fiction, and a card number
that payment companies publish for tests.
"""

from __future__ import annotations

from random import Random

from journey.demo import chinese, english, romanian

SHARE_IN_OWN_LANGUAGE = {"Romania": 0.65, "China": 0.70}
LANGUAGE = {"Romania": "ro", "China": "zh"}
SHARE_WITH_CONTACT_DETAILS = 0.02

CONTACT_DETAILS = (
    "You can reach me at office{n}@example.com.",
    "Please write to orders.{n}@example.com instead.",
    "Call me on +44 20 7946 0{n}.",
    "My number is (202) 555-01{m}.",
    "I used the card 4242 4242 4242 4242.",
)

SLOTS = {"en": english.SLOTS, "ro": romanian.SLOTS, "zh": chinese.SLOTS}
TEMPLATES = {"en": english.TEMPLATES, "ro": romanian.TEMPLATES, "zh": chinese.TEMPLATES}

TOPIC_OF_TOUCHPOINT = {
    "Pricing page": "price",
    "Compare plans": "price",
    "Product demo": "demo",
    "Webinar": "demo",
    "Partner recommendation": "demo",
    "Sign-up started": "sign-up",
    "Sign-up form": "sign-up",
    "Card details": "sign-up",
    "Checkout error": "card refused",
    "Payment": "sign-up",
    "Subscription started": "sign-up",
    "Welcome e-mail": "onboarding",
    "Setup checklist": "onboarding",
    "Guided import": "import",
    "Support ticket opened": "ticket",
    "Support answer": "quick answer",
    "Renewal": "renewal",
    "Renewal reminder": "renewal",
    "Refund": "refund",
    "Upgrade page": "upgrade",
    "Plan upgrade": "upgrade",
    "Review written": "advocacy",
    "Referral sent": "advocacy",
    "Community thread": "community",
}
TOPIC_OF_STAGE = {"awareness": "awareness"}

GOOD_FROM, BAD_FROM = 0.5, -0.5


def comment(chance: Random, topic: str, feeling: float, country: str) -> str:
    """Writes one comment on a topic in a mood, perhaps in the language of the country."""
    language = LANGUAGE.get(country, "en") if chance.random() < SHARE_IN_OWN_LANGUAGE.get(country, 0) else "en"
    of_language = TEMPLATES[language]
    good, middling, bad = of_language.get(topic, of_language["general"])
    text = chance.choice(good if feeling > GOOD_FROM else bad if feeling < BAD_FROM else middling)
    for slot, fillings in SLOTS[language].items():
        if slot in text:
            text = text.replace(slot, chance.choice(fillings))
    return text


def contact_details(chance: Random) -> str:
    return chance.choice(CONTACT_DETAILS).format(n=chance.randrange(100, 999), m=chance.randrange(10, 99))
