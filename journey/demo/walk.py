"""One person's walk through the year: a clock, a pen, and the rows written so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from journey.demo import clock
from journey.demo.catalogue import OWNERSHIP, TOUCHPOINTS, Touchpoint
from journey.demo.company import Person
from journey.demo.stories import AFTER_LAST_DAY
from journey.demo.words import (
    SHARE_WITH_CONTACT_DETAILS,
    TOPIC_OF_STAGE,
    TOPIC_OF_TOUCHPOINT,
    comment,
    contact_details,
)

SHARE_OF_SCORES_WITH_COMMENT = 0.40
SHARE_OF_TICKETS_WITH_WORDS = 0.55
SHARE_OF_POSTS_WITH_WORDS = 0.12
SHARE_OF_ERRORS_WITH_WORDS = 0.70
SHARE_OF_REVIEWS_WITH_WORDS = 0.90


class Interaction(NamedTuple):
    """One row of interactions.csv, in the order of its columns."""

    customer_id: str
    anonymous_id: str
    timestamp: str
    touchpoint: str
    channel: str
    ownership: str
    stage: str
    device: str
    campaign: str
    variant: str
    score: str
    score_kind: str
    comment: str
    revenue: str


@dataclass
class Walk:
    """Moves a person's clock forward and writes down what they meet.

    `chance` decides what happens and `mood` what is answered: other words or scores move nobody.
    """

    person: Person
    chance: Random
    mood: Random
    now: datetime
    rows: list[Interaction] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return self.now >= AFTER_LAST_DAY

    def happens(self, share: float) -> bool:
        return self.chance.random() < share

    def wait(self, median_days: float, spread: float = 0.8) -> None:
        planned = self.now + clock.days_passed(self.chance, self.now, median_days, spread)
        self.now = clock.likely_hour(self.chance, self.now, planned, self.person.device == "phone")

    def go_on(self, seconds: int = 75) -> None:
        """Moves on within the same visit."""
        self.now += timedelta(seconds=15 + round(self.chance.expovariate(1 / seconds)))

    def meet(
        self,
        touchpoint: str,
        *,
        channel: str = "",
        stage: str = "",
        device: str = "",
        campaign: str = "",
        variant: str = "",
        revenue: float | None = None,
        feeling_shift: float = 0.0,
        topic: str = "",
    ) -> None:
        if self.is_over:
            return
        usual = TOUCHPOINTS[touchpoint]
        channel = channel or usual.channel
        stage = stage or usual.stage
        feeling = usual.feeling + feeling_shift + self.person.mood + self.mood.gauss(0, 0.75)
        topic = topic or TOPIC_OF_TOUCHPOINT.get(touchpoint) or TOPIC_OF_STAGE.get(stage, "general")
        score, words = self._answer(touchpoint, usual, feeling, topic)
        self.rows.append(
            Interaction(
                customer_id=self.person.customer_id,
                anonymous_id="",
                timestamp=self.now.strftime("%Y-%m-%dT%H:%M:%SZ"),
                touchpoint=touchpoint,
                channel=channel,
                ownership=OWNERSHIP[channel],
                stage=stage,
                device=(device or self.person.device) if usual.has_device else "",
                campaign=campaign,
                variant=variant,
                score=score,
                score_kind=usual.score_kind if score else "",
                comment=words,
                revenue="" if revenue is None else f"{revenue:.2f}",
            )
        )
        self.go_on()

    def _answer(self, touchpoint: str, usual: Touchpoint, feeling: float, topic: str) -> tuple[str, str]:
        is_scored = self._answers(usual.share_asked)
        share_with_words = SHARE_OF_SCORES_WITH_COMMENT if is_scored else 0.0
        if touchpoint == "Support ticket opened":
            share_with_words = SHARE_OF_TICKETS_WITH_WORDS
        elif touchpoint == "Community thread" and not is_scored:
            share_with_words = SHARE_OF_POSTS_WITH_WORDS
        elif touchpoint == "Checkout error" and is_scored:
            share_with_words = SHARE_OF_ERRORS_WITH_WORDS
        elif touchpoint == "Review written":
            share_with_words = SHARE_OF_REVIEWS_WITH_WORDS
        words = comment(self.mood, topic, feeling, self.person.country) if self._answers(share_with_words) else ""
        if words and touchpoint == "Support ticket opened" and self._answers(SHARE_WITH_CONTACT_DETAILS):
            words = f"{words}{'' if words.endswith('?') else '.'} {contact_details(self.mood)}"
        return (str(_score(feeling, usual.score_kind)) if is_scored else ""), words

    def _answers(self, share: float) -> bool:
        return self.mood.random() < share


def _score(feeling: float, kind: str) -> int:
    """Turns a feeling of −2 … +2 into the answer on the scale of the question."""
    if kind == "nps":
        return max(0, min(10, round(7.5 + (1.25 if feeling > 0 else 3.75) * feeling)))
    return max(1, min(5, round(3 + feeling)))
