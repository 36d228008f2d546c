"""The planted stories: dates and strengths, told in sample_data/README.md.

Every deviation from the usual journey is a constant here, so that a reader of the code sees what an analysis should
find, and a reader of the analysis can look up what was meant.
"""

from __future__ import annotations

from datetime import UTC, datetime

FIRST_DAY = datetime(2025, 1, 1, tzinfo=UTC)
AFTER_LAST_DAY = datetime(2026, 1, 1, tzinfo=UTC)

# 1. On phones the checkout hangs for three weeks.
CHECKOUT_BUG = (datetime(2025, 5, 5, tzinfo=UTC), datetime(2025, 5, 26, tzinfo=UTC))
SHARE_HIT_BY_BUG = 0.95
SHARE_GIVING_UP_AT_BUG = 0.95

# 2. Community builders stay and tell others.
COMMUNITY_RENEWAL_GAIN = 0.20
COMMUNITY_SHARE_ADVOCATING = 0.56
USUAL_SHARE_ADVOCATING = 0.25
COMMUNITY_MOOD = 0.45

# 3. A switch of device in the middle of the sign-up starts the form anew.
SHARE_SWITCHING_FROM_PHONE = 0.37
SHARE_SWITCHING_FROM_LAPTOP = 0.05
SHARE_PAYING = 0.81
SHARE_PAYING_AFTER_SWITCH = 0.51

# 4. Guided import delights, and who met it goes on.
SHARE_OFFERED_GUIDED_IMPORT = 0.55
SHARE_ADOPTING_AFTER_GUIDED_IMPORT = 0.93
SHARE_ADOPTING_WITHOUT = 0.66

# 5. Tickets opened at nights and weekends wait for days.
SHARE_TICKETS_OUT_OF_HOURS = 0.42
MEDIAN_DAYS_WAITED = 0.4
MEDIAN_DAYS_WAITED_OUT_OF_HOURS = 3.1
LONG_WAIT_DAYS = 2.0
RENEWAL_LOSS_AFTER_LONG_WAIT = 0.30
FEELING_AFTER_LONG_WAIT = -1.1

# 6. People who first heard of us elsewhere type our name into a search engine before they pay.
HEARD_ELSEWHERE = ("Review site", "Community", "Podcast")
SHARE_SIGNING_UP_BY_BRAND_SEARCH = {True: 0.70, False: 0.07}

# 7. Some fall silent and return after a win-back e-mail; some adopters compare plans again.
SHARE_FALLING_SILENT = 0.20
SILENCE_DAYS = (47, 100)
SHARE_COMPARING_AGAIN = 0.06

# 8. Guest sign-up is tried.
GUEST_TEST = (datetime(2025, 9, 1, tzinfo=UTC), datetime(2025, 11, 1, tzinfo=UTC))
GUEST_GAIN = 0.10

# 9. Romanian cards are refused.
COUNTRY_OF_REFUSED_CARDS = "Romania"
SHARE_REFUSED = 0.54
SHARE_GIVING_UP_WHEN_REFUSED = 0.85

# 10. Large companies want to be shown; a campaign of the fourth quarter brings people who leave at once.
LARGE_COMPANY = "101+"
SHARE_SIGNING_UP_AFTER_DEMO = 0.86
SHARE_LARGE_SIGNING_UP_WITHOUT_DEMO = 0.54
AUTUMN_CAMPAIGN = (datetime(2025, 10, 1, tzinfo=UTC), datetime(2025, 11, 26, tzinfo=UTC))
AUTUMN_SHARE_CONSIDERING = 0.25
AUTUMN_SHARE_WITH_ONE_TOUCH = 0.75
SPRING_CAMPAIGN = (datetime(2025, 5, 1, tzinfo=UTC), datetime(2025, 5, 24, tzinfo=UTC))


def lies_in(when: datetime, period: tuple[datetime, datetime]) -> bool:
    return period[0] <= when < period[1]
