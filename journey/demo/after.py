"""After the first payment: settling in, using it, asking for help, staying, growing, telling others."""

from __future__ import annotations

from datetime import datetime, timedelta

from journey.demo import clock, stories
from journey.demo.catalogue import PRICE_PER_QUARTER
from journey.demo.walk import Walk

DAYS_PER_QUARTER = 91
SHARE_ONBOARDING = 0.93
SHARE_WITH_REFUND = 0.10
HABITS = {
    "phone starter": {"Help article": 0.05, "Community thread": 0.02},
    "careful evaluator": {"Help article": 0.22, "Newsletter": 0.06, "Community thread": 0.02},
    "community builder": {"Community thread": 0.75, "Help article": 0.04},
    "big-team buyer": {"Webinar": 0.15, "Newsletter": 0.10, "Help article": 0.06, "Community thread": 0.01},
}
SHARE_COMPARING_WHEN_LEAVING = 0.12
SHARE_RENEWING = 0.63
SHARE_OPENING_TICKET_PER_QUARTER = 0.62
SHARE_EXPANDING = {"1–10": 0.30, "11–100": 0.40, "101+": 0.48}
DAYS_BETWEEN_SESSIONS = {
    "phone starter": 9.5,
    "careful evaluator": 11.5,
    "community builder": 10.5,
    "big-team buyer": 11.0,
}


def lives_on(walk: Walk) -> None:
    """Walks from the first payment (or from last year's) to the end of the year or of the relation."""
    life = Subscription(walk)
    if walk.person.since_last_year:
        life.renews_from(walk.now + timedelta(days=walk.chance.randrange(5, 80)))
        return
    if not walk.happens(SHARE_ONBOARDING):
        if walk.happens(SHARE_WITH_REFUND * 2):
            walk.wait(8)
            life.is_refunded()
        return
    if life.settles_in():
        life.renews_from(walk.now + timedelta(days=DAYS_PER_QUARTER))


class Subscription:
    """A paying customer's relation, quarter by quarter."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.person = walk.person
        self.has_renewed = walk.person.since_last_year
        self.waited_long = False
        self.has_been_silent = False
        self.will_fall_silent = walk.happens(stories.SHARE_FALLING_SILENT)
        self.price = float(PRICE_PER_QUARTER[walk.person.plan])

    def settles_in(self) -> bool:
        """Walks the onboarding; answers whether the customer goes on to use the product."""
        walk = self.walk
        walk.go_on(1800)
        walk.meet("Welcome e-mail")
        walk.wait(0.7)
        for _visit in range(walk.chance.choice((1, 1, 1, 2, 2, 3))):
            walk.meet("Setup checklist")
            walk.wait(1.0)
        meets_import = walk.happens(stories.SHARE_OFFERED_GUIDED_IMPORT)
        if meets_import:
            walk.meet("Guided import")
            walk.wait(1.0)
        if self.will_fall_silent and walk.happens(0.35):
            self._falls_silent("onboarding")
        share = stories.SHARE_ADOPTING_AFTER_GUIDED_IMPORT if meets_import else stories.SHARE_ADOPTING_WITHOUT
        if walk.happens(share):
            return True
        if walk.happens(SHARE_WITH_REFUND):
            walk.wait(10)
            self.is_refunded()
        return False

    def renews_from(self, due: datetime) -> None:
        walk = self.walk
        while not walk.is_over:
            self._uses_until(due)
            walk.now = max(walk.now, due)
            stage = "retention" if self.has_renewed else "adoption"
            walk.meet("Renewal reminder", stage=stage)
            walk.wait(1.5)
            if not walk.happens(self._share_renewing()):
                self._leaves()
                return
            walk.meet("Renewal", revenue=self.price)
            self.has_renewed = True
            self.waited_long = False
            self._grows_and_tells()
            due += timedelta(days=DAYS_PER_QUARTER)

    def is_refunded(self) -> None:
        self.walk.meet("Refund", revenue=-self.price, stage="retention" if self.has_renewed else "onboarding")

    def _share_renewing(self) -> float:
        share = SHARE_RENEWING + 0.18 * self.has_renewed
        share += stories.COMMUNITY_RENEWAL_GAIN * self.person.builds_community
        share -= stories.RENEWAL_LOSS_AFTER_LONG_WAIT * self.waited_long
        return min(share, 0.95)

    def _uses_until(self, due: datetime) -> None:
        walk = self.walk
        asks_on = walk.now + timedelta(days=walk.chance.uniform(3, 60))
        asks = walk.happens(SHARE_OPENING_TICKET_PER_QUARTER)
        compares = walk.happens(stories.SHARE_COMPARING_AGAIN)
        while walk.now < due and not walk.is_over:
            self._session()
            if asks and walk.now >= asks_on:
                asks = walk.happens(0.15)
                self._asks_for_help()
            if compares and walk.happens(0.25):
                compares = False
                self._considers_again("Compare plans", feeling_shift=-0.2)
            if self.will_fall_silent and not self.has_been_silent and walk.happens(0.10):
                self._falls_silent("retention" if self.has_renewed else "adoption")
            walk.wait(DAYS_BETWEEN_SESSIONS[self.person.trait_name], 0.6)

    def _session(self) -> None:
        walk = self.walk
        stage = "retention" if self.has_renewed and walk.happens(0.4) else "adoption"
        walk.meet("App session", stage=stage)
        if walk.happens(0.22):
            walk.meet("Report built")
        for touchpoint, share in HABITS[self.person.trait_name].items():
            if walk.happens(share):
                walk.meet(touchpoint, stage=stage)

    def _asks_for_help(self) -> None:
        walk = self.walk
        out_of_hours = walk.happens(stories.SHARE_TICKETS_OUT_OF_HOURS)
        walk.now = (clock.out_of_hours if out_of_hours else clock.office_hours)(walk.chance, walk.now)
        stage = "retention" if self.has_renewed and walk.happens(0.3) else "adoption"
        walk.meet("Support ticket opened", stage=stage)
        median = stories.MEDIAN_DAYS_WAITED_OUT_OF_HOURS if out_of_hours else stories.MEDIAN_DAYS_WAITED
        days = median * walk.chance.lognormvariate(0, 0.35 if out_of_hours else 0.5)
        answered = walk.now + timedelta(days=days)
        if days > 1 and walk.happens(0.15):
            walk.now += timedelta(days=days * 0.4)
            walk.meet("Help article", stage=stage, feeling_shift=-0.4)
        walk.now = max(walk.now, answered)
        waited_long = days > stories.LONG_WAIT_DAYS
        shift = stories.FEELING_AFTER_LONG_WAIT - 0.6 if waited_long else 0.0
        topic = "slow answer" if waited_long else "quick answer"
        walk.meet("Support answer", stage=stage, feeling_shift=shift, topic=topic)
        self.waited_long = self.waited_long or waited_long

    def _falls_silent(self, stage: str) -> None:
        walk = self.walk
        self.has_been_silent = True
        walk.now += timedelta(days=walk.chance.uniform(*stories.SILENCE_DAYS))
        walk.meet("Win-back e-mail", stage=stage, campaign="we-miss-you")
        walk.wait(0.6)
        if walk.happens(0.5):
            self._considers_again("Pricing page", channel="E-mail", campaign="we-miss-you")
        walk.meet("App session", channel="E-mail", stage="adoption", campaign="we-miss-you")
        walk.wait(2)

    def _considers_again(
        self, touchpoint: str, *, channel: str = "", campaign: str = "", feeling_shift: float = 0.0
    ) -> None:
        # Whoever bought before the year began would seem to consider and never to buy.
        if not self.person.since_last_year:
            self.walk.meet(touchpoint, channel=channel, campaign=campaign, feeling_shift=feeling_shift)

    def _leaves(self) -> None:
        walk = self.walk
        if walk.happens(SHARE_COMPARING_WHEN_LEAVING):
            self._considers_again("Compare plans", feeling_shift=-0.6)
        if walk.happens(SHARE_WITH_REFUND):
            walk.wait(6)
            self.is_refunded()

    def _grows_and_tells(self) -> None:
        walk = self.walk
        walk.wait(8)
        if walk.happens(SHARE_EXPANDING[self.person.company_size]):
            walk.meet("Upgrade page")
            if walk.happens(0.6):
                self.price = round(self.price * 1.4, 2)
                walk.meet("Plan upgrade", revenue=self.price - round(self.price / 1.4, 2))
            walk.wait(6)
        builder = self.person.builds_community
        share = stories.COMMUNITY_SHARE_ADVOCATING if builder else stories.USUAL_SHARE_ADVOCATING
        if walk.happens(share):
            touchpoints = (
                ("Review written", "Referral sent", "Community thread")
                if builder
                else ("Review written", "Referral sent")
            )
            walk.meet(walk.chance.choice(touchpoints), stage="advocacy")
            walk.wait(4)
