"""An address is taken from a proxy's word only where the proxy is named, and a form only from our own pages."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from journey.sharing.errors import PlaceError
from journey.sharing.visitors import Proxies, is_from_own_page, is_robot

PROXIES = Proxies.named("10.0.0.7, 192.168.0.0/16, fd00::/8")


def request(client: str | None, *headers: tuple[str, str], scheme: str = "http") -> Request:
    return Request(
        {
            "type": "http",
            "scheme": scheme,
            "client": (client, 1) if client is not None else None,
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers],
        }
    )


@pytest.mark.parametrize(
    ("client", "forwarded", "address"),
    [
        ("198.51.100.4", [], "198.51.100.4"),
        ("198.51.100.4", ["203.0.113.9"], "198.51.100.4"),  # nobody's proxy: made up
        ("10.0.0.7", [], "10.0.0.7"),
        ("10.0.0.7", ["203.0.113.9"], "203.0.113.9"),
        ("10.0.0.7", ["1.1.1.1, 203.0.113.9"], "203.0.113.9"),  # what stands to the left may be made up
        ("10.0.0.7", ["1.1.1.1, 203.0.113.9, 192.168.3.4"], "203.0.113.9"),
        ("10.0.0.7", ["1.1.1.1, 203.0.113.9", "192.168.3.4"], "203.0.113.9"),
        ("10.0.0.7", ["192.168.3.4, 192.168.3.5"], "192.168.3.4"),
        ("10.0.0.7", ["203.0.113.9:4711"], "203.0.113.9"),
        ("10.0.0.7", ["[2001:db8::1]:4711"], "2001:db8::/64"),
        ("10.0.0.7", ["nonsense"], "10.0.0.7"),
        ("10.0.0.7", ["203.0.113.9, "], "10.0.0.7"),
        ("10.0.0.7", ["203.0.113.9, <script>, 192.168.3.4"], "192.168.3.4"),
        ("::ffff:10.0.0.7", ["203.0.113.9"], "203.0.113.9"),
        ("fd00::1", ["::ffff:203.0.113.9"], "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", [], "2001:db8:1:2::/64"),
        (None, ["203.0.113.9"], "unknown"),
    ],
)
def test_the_address_is_the_one_the_last_named_proxy_saw(
    client: str | None, forwarded: list[str], address: str
) -> None:
    assert PROXIES.address(request(client, *(("X-Forwarded-For", value) for value in forwarded))) == address


@pytest.mark.parametrize(
    ("client", "told", "scheme", "is_secure"),
    [
        ("198.51.100.4", None, "https", True),
        ("198.51.100.4", "https", "http", False),
        ("10.0.0.7", "https", "http", True),
        ("10.0.0.7", "https, http", "http", False),
        ("10.0.0.7", "http", "https", False),
        ("10.0.0.7", None, "http", False),
    ],
)
def test_only_a_named_proxy_says_that_a_connection_is_safe(
    client: str, told: str | None, scheme: str, is_secure: bool
) -> None:
    headers = [] if told is None else [("X-Forwarded-Proto", told)]
    assert PROXIES.is_secure(request(client, *headers, scheme=scheme)) is is_secure


@pytest.mark.parametrize("names", ["proxy.example", "10.0.0.0/8/8", "10.0.0.1/8"])
def test_what_is_no_network_is_refused_in_a_sentence(names: str) -> None:
    with pytest.raises(PlaceError, match=f"“{names}” in JOURNEY_PROXIES is no address"):
        Proxies.named(names)


@pytest.mark.parametrize(
    ("headers", "is_own"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://share.test"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Origin": "http://share.test"}, True),
        ({"Origin": "https://share.test"}, True),
        ({"Origin": "http://share.test.evil.test"}, False),
        ({"Origin": "http://share.test:8600"}, False),
        ({"Origin": "http://[::1"}, False),
        ({"Origin": "null"}, False),
        ({}, False),
    ],
)
def test_a_form_is_ours_when_the_browser_says_so(headers: dict[str, str], is_own: bool) -> None:
    assert is_from_own_page(request("192.0.2.1", ("Host", "share.test"), *headers.items())) is is_own


def test_without_a_host_nothing_is_ours() -> None:
    assert not is_from_own_page(request("192.0.2.1", ("Origin", "http://")))


@pytest.mark.parametrize(
    ("agent", "is_one"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", False),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1",
            False,
        ),
        ("Mozilla/5.0 (Linux; Android 14; CUBOT X70) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", False),
        ("", False),
        ("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", True),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", True),
        ("Mozilla/5.0 (Macintosh) AppleWebKit/601 facebookexternalhit/1.1 Facebot Twitterbot/1.0", True),
        ("WhatsApp/2.23.20.0", True),
        ("TelegramBot (like TwitterBot)", True),
        ("Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5", True),
        ("Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)", True),
        ("LinkedInBot/1.0 (compatible; Mozilla/5.0)", True),
    ],
)
def test_preview_robots_are_known_and_phones_are_not_taken_for_them(agent: str, is_one: bool) -> None:
    assert is_robot(request("192.0.2.1", ("User-Agent", agent))) is is_one
