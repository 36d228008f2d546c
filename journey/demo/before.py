"""Before the first payment: hearing of it, weighing it, signing up."""

from __future__ import annotations

from datetime import timedelta

from journey.demo import stories
from journey.demo.catalogue import ENTRY_TOUCHPOINTS, PRICE_PER_QUARTER
from journey.demo.company import drawn
from journey.demo.walk import Walk

CHANNELS_OF_SIGN_UP = {"Direct": 0.54, "Organic search": 0.27, "E-mail": 0.19}
OWN_PAGES = ("Pricing page", "Compare plans")
SHARE_COMING_AS_AT_FIRST = 0.6
SHARE_ENTERING_LATE = 0.09
SHARE_RETURNING_TO_AWARENESS = 0.11
SHARE_TRYING_AGAIN = 0.10
SHARE_OF_ERRORS_ELSEWHERE = 0.03
SHARE_BINGEING = 0.04
MOST_VISITS = 45


def buys(walk: Walk) -> bool:
    """Walks from the first touch to the payment, or until the person leaves."""
    if not walk.happens(SHARE_ENTERING_LATE):
        _hears_of_it(walk)
        if not _considers(walk):
            return False
    saw_demo = _weighs_it(walk)
    if not walk.happens(_share_signing_up(walk, saw_demo)):
        return False
    walk.wait(walk.person.trait.days_between_visits)
    if _signs_up(walk):
        return True
    if not walk.happens(SHARE_TRYING_AGAIN):
        return False
    walk.wait(16)
    walk.meet("Compare plans")
    walk.wait(2)
    return _signs_up(walk)


def _n_visits(walk: Walk) -> int:
    n_visits = 1
    while walk.happens(walk.person.trait.share_visiting_again) and n_visits < MOST_VISITS:
        n_visits += 1
    if walk.happens(SHARE_BINGEING):
        n_visits += round(3 * walk.chance.paretovariate(1.1))
    return min(n_visits, MOST_VISITS)


def _hears_of_it(walk: Walk) -> None:
    person = walk.person
    came_by_autumn = person.campaign == "autumn-leap"
    n_touches = (
        1 if came_by_autumn and walk.happens(stories.AUTUMN_SHARE_WITH_ONE_TOUCH) else max(1, _n_visits(walk) - 1)
    )
    for touch in range(n_touches):
        stays = touch == 0 or walk.happens(0.65)
        channel = person.first_channel if stays else drawn(walk.chance, person.trait.first_channels)
        _visit_from(walk, channel, stage="awareness", campaign=_campaign(walk, channel))
        if walk.happens(0.25) and channel not in ("Podcast", "Partner", "E-mail"):
            walk.meet("Home page", channel=channel, stage="awareness", campaign=_campaign(walk, channel))
        walk.wait(person.trait.days_between_visits)


def _visit_from(walk: Walk, channel: str, *, stage: str, campaign: str) -> None:
    touchpoint = walk.chance.choice(ENTRY_TOUCHPOINTS[channel])
    walk.meet(touchpoint, channel=channel, stage=stage, campaign=campaign)


def _campaign(walk: Walk, channel: str) -> str:
    if channel == "Paid search":
        return "generic-search"
    if channel == "Podcast":
        return "podcast-hosts"
    if channel != "Paid social":
        return ""
    if stories.lies_in(walk.now, stories.AUTUMN_CAMPAIGN):
        return "autumn-leap"
    return walk.person.campaign or "always-on"


def _considers(walk: Walk) -> bool:
    share = walk.person.trait.share_considering
    if walk.person.first_channel == "Paid social" and walk.person.starts >= stories.AUTUMN_CAMPAIGN[0]:
        share = stories.AUTUMN_SHARE_CONSIDERING
    return walk.happens(share)


def _weighs_it(walk: Walk) -> bool:
    person = walk.person
    for _visit in range(_n_visits(walk)):
        _pays_a_visit(walk)
        walk.wait(person.trait.days_between_visits)
        if walk.happens(SHARE_RETURNING_TO_AWARENESS):
            channel = drawn(walk.chance, person.trait.first_channels)
            _visit_from(walk, channel, stage="awareness", campaign=_campaign(walk, channel))
            walk.wait(person.trait.days_between_visits)
    is_large = person.company_size == stories.LARGE_COMPANY
    saw_demo = walk.happens(0.50 if is_large else 0.20 if person.trait_name == "big-team buyer" else 0.05)
    if saw_demo:
        walk.meet("Product demo")
        walk.wait(person.trait.days_between_visits)
    return saw_demo


def _pays_a_visit(walk: Walk) -> None:
    touchpoint = drawn(walk.chance, walk.person.trait.consideration)
    channel = campaign = ""
    if touchpoint in OWN_PAGES and walk.happens(SHARE_COMING_AS_AT_FIRST):
        channel = drawn(walk.chance, walk.person.trait.first_channels)
        campaign = _campaign(walk, channel)
    walk.meet(touchpoint, stage="consideration", channel=channel, campaign=campaign)
    if walk.happens(0.12):
        walk.meet("Compare plans", channel=channel, campaign=campaign)


def _share_signing_up(walk: Walk, saw_demo: bool) -> float:
    if saw_demo:
        return stories.SHARE_SIGNING_UP_AFTER_DEMO
    if walk.person.company_size == stories.LARGE_COMPANY:
        return stories.SHARE_LARGE_SIGNING_UP_WITHOUT_DEMO
    return walk.person.trait.share_signing_up


def _signs_up(walk: Walk) -> bool:
    person = walk.person
    heard_elsewhere = person.first_channel in stories.HEARD_ELSEWHERE
    by_brand_search = walk.happens(stories.SHARE_SIGNING_UP_BY_BRAND_SEARCH[heard_elsewhere])
    channel = "Paid search" if by_brand_search else drawn(walk.chance, CHANNELS_OF_SIGN_UP)
    attempt = SignUp(walk, channel, _variant(walk))
    return attempt.succeeds()


def _variant(walk: Walk) -> str:
    if not stories.lies_in(walk.now, stories.GUEST_TEST):
        return ""
    return "guest sign-up" if walk.person.gets_guest_sign_up else "control"


class SignUp:
    """One attempt to sign up and pay, in one visit or across two devices."""

    def __init__(self, walk: Walk, channel: str, variant: str) -> None:
        self.walk = walk
        self.channel = channel
        self.campaign = "brand-search" if channel == "Paid search" else ""
        self.variant = variant
        self.device = walk.person.device

    def succeeds(self) -> bool:
        walk = self.walk
        self._step("Sign-up started")
        switches = walk.happens(self._share_switching())
        share_paying = stories.SHARE_PAYING_AFTER_SWITCH if switches else stories.SHARE_PAYING
        share_paying += stories.GUEST_GAIN / 2 if self.variant == "guest sign-up" else 0
        share_paying -= stories.GUEST_GAIN / 2 if self.variant == "control" else 0
        pays = walk.happens(share_paying)
        last_step = 2 if pays else walk.chance.choice((0, 0, 1, 1, 2))
        if switches:
            self._step("Sign-up form")
            self._moves_to_other_device()
            last_step = max(last_step, 1)
        if last_step >= 1:
            self._step("Sign-up form", feeling_shift=-0.5 if switches else 0.0)
        if last_step >= 2:
            self._step("Card details")
            pays = self._card_is_taken() and pays
        if pays:
            self._pays()
        return pays and not walk.is_over

    def _share_switching(self) -> float:
        return {"phone": stories.SHARE_SWITCHING_FROM_PHONE, "laptop": stories.SHARE_SWITCHING_FROM_LAPTOP}.get(
            self.device, 0.0
        )

    def _moves_to_other_device(self) -> None:
        self.device = "laptop" if self.device == "phone" else "phone"
        self.walk.now += timedelta(minutes=self.walk.chance.lognormvariate(4.2, 1.0))

    def _step(self, touchpoint: str, *, feeling_shift: float = 0.0, topic: str = "") -> None:
        self.walk.meet(
            touchpoint,
            channel=self.channel,
            campaign=self.campaign,
            device=self.device,
            variant=self.variant,
            feeling_shift=feeling_shift,
            topic=topic,
        )

    def _card_is_taken(self) -> bool:
        walk = self.walk
        hit_by_bug = self.device == "phone" and stories.lies_in(walk.now, stories.CHECKOUT_BUG)
        if hit_by_bug and walk.happens(stories.SHARE_HIT_BY_BUG):
            return self._fails(stories.SHARE_GIVING_UP_AT_BUG, "checkout spins", to_laptop=True)
        from_refused_country = walk.person.country == stories.COUNTRY_OF_REFUSED_CARDS
        if from_refused_country and walk.happens(stories.SHARE_REFUSED):
            return self._fails(stories.SHARE_GIVING_UP_WHEN_REFUSED, "card refused")
        if walk.happens(SHARE_OF_ERRORS_ELSEWHERE):
            return self._fails(0.4, "card refused")
        return True

    def _fails(self, share_giving_up: float, topic: str, *, to_laptop: bool = False) -> bool:
        """Shows the error one to three times; answers whether the card is taken in the end."""
        walk = self.walk
        for _attempt in range(walk.chance.choice((1, 1, 2, 3))):
            self._step("Checkout error", topic=topic)
        if walk.happens(share_giving_up):
            return False
        if to_laptop:
            self._moves_to_other_device()
        self._step("Card details", feeling_shift=-0.6, topic=topic)
        return True

    def _pays(self) -> None:
        walk = self.walk
        price = PRICE_PER_QUARTER[walk.person.plan] * _seats_factor(walk)
        walk.meet("Payment", channel=self.channel, campaign=self.campaign, device=self.device, revenue=price)
        walk.meet("Subscription started", device=self.device)


def _seats_factor(walk: Walk) -> int:
    return walk.chance.choice((1, 1, 1, 2)) if walk.person.plan != "Starter" else 1
