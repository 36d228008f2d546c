"""Which channel brought a visit, told by source, medium, campaign, referrer and the landing page's address."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import parse_qs

from journey.ingest.names.sites import (
    ASSISTANT,
    MAIL,
    PASSAGE,
    REVIEWS,
    SEARCH,
    SHOPPING,
    SOCIAL,
    VIDEO,
    host_of,
    is_within,
    kind_of_site,
)

#: What advertisers' systems hang on the address of a landing page: the source and medium that it proves.
CLICK_IDS: Final[dict[str, tuple[str, str]]] = {
    "gclid": ("google", "cpc"), "gbraid": ("google", "cpc"), "wbraid": ("google", "cpc"),
    "dclid": ("google", "display"), "msclkid": ("bing", "cpc"), "yclid": ("yandex", "cpc"),
    "ttclid": ("tiktok", "paid"), "twclid": ("twitter", "paid"), "li_fat_id": ("linkedin", "paid"),
    "sccid": ("snapchat", "paid"), "rdt_cid": ("reddit", "paid"),
    # These are put on every link, paid for or not.
    "fbclid": ("facebook", ""), "igshid": ("instagram", ""), "igsh": ("instagram", ""), "epik": ("pinterest", ""),
    "srsltid": ("google shopping", ""), "mc_eid": ("newsletter", "email"), "_hsenc": ("newsletter", "email"),
}  # fmt: skip
LANDING_NAMES: Final = ("utm_source", "utm_medium", "utm_campaign")
_NOTHING: Final = frozenset(
    {"", "(not set)", "(none)", "not set", "none", "null", "n/a", "na", "undefined", "-", "nan"}
)
_PAID: Final = re.compile(r"^(.*cp.*|ppc|retargeting|remarketing|paid.*|sem|sea)$")
_SHOP: Final = re.compile(r"^(.*(([^a-df-z]|^)shop|shopping).*)$")
_EMAIL: Final = re.compile(r"e[-_ ]?mail|newsletter")
_PUSH: Final = re.compile(r"push$|mobile|notification")
_DISPLAY: Final = frozenset({"display", "banner", "expandable", "interstitial", "cpm"})
_SOCIAL: Final = frozenset({"social", "social-network", "social-media", "sm", "social network", "social media"})
_ORGANIC: Final = frozenset({"organic", "search", "organic search", "organic_search", "organic-search", "seo"})
_DIRECT: Final = frozenset({"(direct)", "direct", "$direct"})
_ASSISTANT: Final = frozenset({"ai-assistant", "ai assistant", "ai", "llm"})

_Rule = tuple[str, Callable[[str, str, str, str | None], bool]]


def _is_paid(medium: str) -> bool:
    return _PAID.match(medium) is not None


#: Groups in the order in which they are tried, each told by source, medium, campaign and kind of site.
_RULES: Final[tuple[_Rule, ...]] = (
    ("Cross-network", lambda _s, _m, campaign, _k: "cross-network" in campaign),
    ("Paid shopping", lambda _s, m, campaign, kind: _is_paid(m) and (kind == SHOPPING or bool(_SHOP.match(campaign)))),
    ("Paid search", lambda _s, m, _c, kind: _is_paid(m) and kind == SEARCH),
    ("Paid social", lambda _s, m, _c, kind: _is_paid(m) and kind == SOCIAL),
    ("Paid video", lambda _s, m, _c, kind: _is_paid(m) and kind == VIDEO),
    ("Display", lambda _s, m, _c, _k: m in _DISPLAY),
    ("Paid other", lambda _s, m, _c, _k: _is_paid(m)),
    ("AI assistant", lambda _s, m, _c, kind: kind == ASSISTANT or m in _ASSISTANT),
    ("Review site", lambda _s, m, _c, kind: kind == REVIEWS and m in ("", "referral", "link")),
    ("Organic shopping", lambda _s, _m, campaign, kind: kind == SHOPPING or bool(_SHOP.match(campaign))),
    ("Organic social", lambda _s, m, _c, kind: kind == SOCIAL or m in _SOCIAL),
    ("Organic video", lambda _s, m, _c, kind: kind == VIDEO or "video" in m),
    ("Organic search", lambda _s, m, _c, kind: kind == SEARCH or m in _ORGANIC),
    ("Email", lambda _s, _m, _c, kind: kind == MAIL),
    ("Referral", lambda _s, m, _c, _k: m in ("referral", "app", "link", "website")),
    ("Email", lambda s, m, _c, _k: bool(_EMAIL.search(s) or _EMAIL.search(m))),
    ("Affiliates", lambda _s, m, _c, _k: m in ("affiliate", "affiliates")),
    ("Audio", lambda _s, m, _c, _k: m == "audio"),
    ("SMS", lambda s, m, _c, _k: "sms" in (s, m)),
    ("Push notifications", lambda s, m, _c, _k: s == "firebase" or bool(_PUSH.search(m))),
)


def channel_group(
    source: str,
    medium: str,
    campaign: str,
    referrer: str,
    own_hosts: frozenset[str] = frozenset(),
    landing: str = "",
) -> str | None:
    """Name the group of `journey.vocabulary.CHANNEL_GROUPS` that brought a visit.

    The rules are those of the default channel group of Google Analytics 4, in its order and without regard to case.
    Source and medium are taken as given; where both are empty, from `utm_…` in the landing address, else from a click
    id there, else from the referrer's host. Beyond Google's rules, assistants and review sites are groups of their own,
    a link opened in webmail is Email, and names such as `facebook_ads` are known as the site they mean.

    Parameters
    ----------
    source, medium, campaign, referrer
        What the row says; empty where it says nothing.
    own_hosts
        Hosts of one's own, without `www.`; a referrer there, or at a payment or sign-in page, says nothing.
    landing
        The address of the page that was reached.

    Returns
    -------
    str or None
        The group; `Direct` only where the row says so, as in `(direct) / (none)`; `Unassigned` where it says something
        that fits no rule; None where it says nothing.

    Examples
    --------
    >>> channel_group("google", "cpc", "", ""), channel_group("", "", "", "https://duckduckgo.com/")
    ('Paid search', 'Organic search')
    >>> channel_group("(direct)", "(none)", "", ""), channel_group("", "", "", "")
    ('Direct', None)
    """
    source, medium, campaign, referrer = _tidy(source), _tidy(medium), _tidy(campaign), referrer.strip()
    if not medium and " / " in source:
        source, medium = source.split(" / ", 1)
    is_direct = medium in ("(none)", "none", "direct") or {source, referrer.casefold()} & _DIRECT
    source, medium, campaign = ("" if each in _NOTHING | _DIRECT else each for each in (source, medium, campaign))
    source, medium, campaign = _completed(source, medium, campaign, landing)
    if not source and not medium:
        if is_direct:
            return "Direct"
        source, medium = host_of(referrer) or _tidy(referrer), "referral"
        if source in _NOTHING or is_within(source, own_hosts) or kind_of_site(source) == PASSAGE:
            return "Cross-network" if "cross-network" in campaign else None
    kind = kind_of_site(host_of(source) or source)
    return next((group for group, fits in _RULES if fits(source, medium, campaign, kind)), "Unassigned")


def _tidy(said: str) -> str:
    return " ".join(said.split()).casefold()


def _completed(source: str, medium: str, campaign: str, landing: str) -> tuple[str, str, str]:
    """Read in the landing address what the row does not say."""
    if "=" not in landing:
        return source, medium, campaign
    said = parse_qs(landing.partition("?")[2].partition("#")[0], keep_blank_values=True)
    query = {name.casefold(): _tidy(values[0]) for name, values in said.items()}
    campaign = campaign or query.get("utm_campaign", "")
    if not source and not medium:
        source, medium = query.get("utm_source", ""), query.get("utm_medium", "")
    for name, (site, way) in CLICK_IDS.items():
        if name in query and not medium and (not source or kind_of_site(source) == kind_of_site(site)):
            return source or site, way, campaign
    return source, medium, campaign
