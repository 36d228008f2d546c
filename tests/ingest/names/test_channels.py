"""Which channel brought a visit, and who owns it."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from journey.engine import Draft
from journey.ingest.names.channel_groups import group_channels
from journey.ingest.names.channel_rules import channel_group
from journey.ingest.names.channels import ownership_of
from journey.ingest.names.sites import host_of, kind_of_site
from journey.vocabulary import CHANNEL_GROUPS, OWNERSHIPS


@pytest.mark.parametrize(
    ("source", "medium", "campaign", "group"),
    [
        ("(direct)", "(none)", "", "Direct"),
        ("(direct)", "(not set)", "", "Direct"),
        ("direct", "", "", "Direct"),
        ("$direct", "", "", "Direct"),
        ("google", "cpc", "2025 Cross-network sale", "Cross-network"),
        ("google shopping", "cpc", "", "Paid shopping"),
        ("partner", "cpc", "spring-shopping", "Paid shopping"),
        ("Google", "CPC", "brand", "Paid search"),
        ("seznam.cz", "paid-search", "", "Paid search"),
        ("facebook_ads", "paid", "", "Paid social"),
        ("vk.com", "ppc", "", "Paid social"),
        ("youtube", "cpv", "", "Paid video"),
        ("youtube", "cpc", "", "Paid video"),
        ("example.net", "banner", "", "Display"),
        ("example.net", "cpm", "", "Display"),
        ("example.net", "retargeting", "", "Paid other"),
        ("allegro.pl", "referral", "", "Organic shopping"),
        ("news", "web", "summer_shop", "Organic shopping"),
        ("news", "web", "workshop", "Unassigned"),
        ("news", "web", "eshop", "Organic shopping"),
        ("m.weibo.cn", "referral", "", "Organic social"),
        ("anything", "sm", "", "Organic social"),
        ("douyin", "", "", "Organic video"),
        ("example.net", "video-post", "", "Organic video"),
        ("baidu", "organic", "", "Organic search"),
        ("unknown.example", "organic", "", "Organic search"),
        ("chatgpt.com", "referral", "", "AI assistant"),
        ("perplexity", "", "", "AI assistant"),
        ("google", "ai-assistant", "", "AI assistant"),
        ("g2.com", "referral", "", "Review site"),
        ("g2", "cpc", "", "Paid other"),
        ("example.net", "referral", "", "Referral"),
        ("crm", "e-mail", "", "Email"),
        ("newsletter", "", "", "Email"),
        ("shareasale", "affiliate", "", "Affiliates"),
        ("spotify", "audio", "", "Audio"),
        ("sms", "text", "", "SMS"),
        ("crm", "web push", "", "Push notifications"),
        ("firebase", "x", "", "Push notifications"),
        ("poster", "qr", "", "Unassigned"),
        ("google / organic", "", "", "Organic search"),
    ],
)
def test_the_rules_are_tried_in_order(source: str, medium: str, campaign: str, group: str) -> None:
    assert channel_group(source, medium, campaign, "") == group


@pytest.mark.parametrize(
    ("referrer", "group"),
    [
        ("https://www.google.ro/", "Organic search"),
        ("https://yandex.com.tr/search?text=a", "Organic search"),
        ("android-app://com.google.android.googlequicksearchbox/", "Organic search"),
        ("https://l.facebook.com/l.php?u=x", "Organic social"),
        ("t.co", "Organic social"),
        ("https://m.youtube.com/watch?v=1", "Organic video"),
        ("https://gemini.google.com/", "AI assistant"),
        ("https://mail.google.com/mail/u/0", "Email"),
        ("https://uk.trustpilot.com/review/example.com", "Review site"),
        ("https://www.amazon.co.jp/dp/1", "Organic shopping"),
        ("https://news.example.net/a", "Referral"),
        ("https://shop.example.com/cart", None),
        ("https://checkout.stripe.com/pay", None),
        ("https://google.example.net/", "Referral"),
        ("https://www.gemini.com/", "Referral"),
        ("", None),
        ("(not set)", None),
    ],
)
def test_without_source_and_medium_the_referrer_tells(referrer: str, group: str | None) -> None:
    assert channel_group("", "", "", referrer, frozenset({"example.com"})) == group


@pytest.mark.parametrize(
    ("landing", "group"),
    [
        ("https://example.com/?gclid=abc", "Paid search"),
        ("https://example.com/?a=1&MSCLKID=abc#top", "Paid search"),
        ("https://example.com/?fbclid=abc", "Organic social"),
        ("https://example.com/?dclid=abc", "Display"),
        ("https://example.com/?utm_source=fb&utm_medium=paid_social&fbclid=abc", "Paid social"),
        ("https://example.com/?utm_source=news&utm_medium=email&gclid=abc", "Email"),
        ("https://example.com/?q=shoes", None),
    ],
)
def test_the_landing_address_tells_what_source_and_medium_do_not(landing: str, group: str | None) -> None:
    assert channel_group("", "", "", "", landing=landing) == group


def test_a_click_id_of_another_site_does_not_change_what_is_said() -> None:
    assert channel_group("newsletter", "", "", "", landing="https://example.com/?gclid=abc") == "Email"
    assert channel_group("google", "", "", "", landing="https://example.com/?gclid=abc") == "Paid search"


def test_every_group_but_the_unassigned_has_an_owner() -> None:
    assert {owner for owner in CHANNEL_GROUPS.values() if owner} == set(OWNERSHIPS)
    assert {group: ownership_of(group) for group in CHANNEL_GROUPS} == CHANNEL_GROUPS


@pytest.mark.parametrize(
    ("channel", "owner"),
    [
        ("Organic Search", "earned"),
        ("Partner", "third-party"),
        ("amazon marketplace", "third-party"),
        ("Amazon Ads", "paid"),
        ("Bewertungsportal", "third-party"),
        ("Werbung", "paid"),
        ("Publicité en ligne", "paid"),
        ("Reclamă Facebook", "paid"),
        ("Mundpropaganda", "earned"),
        ("boca a boca", "earned"),
        ("Tienda Madrid", "owned"),
        ("magazin fizic", "owned"),
        ("线下门店", "owned"),
        ("メール", "owned"),
        ("реклама", "paid"),
        ("spreadsheet", None),
        ("padded", None),
    ],
)
def test_a_channel_is_owned_by_the_words_of_its_name_in_many_languages(channel: str, owner: str | None) -> None:
    assert ownership_of(channel) == owner


def test_a_host_is_found_in_what_exports_write() -> None:
    hosts = ["https://user@www.Example.com:80/a", "//example.com", "example.com/a", "example.com", "a b.com", "cpc"]
    assert [host_of(each) for each in hosts] == ["example.com"] * 4 + ["", ""]


def test_a_name_that_only_contains_a_known_one_is_not_it() -> None:
    assert [kind_of_site(name) for name in ("notgoogle.com", "google-analytics", "so.example", "t.com")] == [None] * 4


# --- A whole table -----------------------------------------------------------------------------------------------


def grouped(columns: dict[str, list[str | None]], **options: Any) -> tuple[list[str | None], list[str]]:
    """The channel of every row, and what is told."""
    draft = Draft()
    cells = {f"c{place}": pa.array(cells, pa.string()) for place, cells in enumerate(columns.values())}
    n_rows = len(next(iter(columns.values())))
    draft.take("raw_rows", pa.table({"line": range(n_rows)} | cells))
    found = group_channels(draft, "raw_rows", {role: f"c{place}" for place, role in enumerate(columns)}, **options)
    rows = draft.rows(f"SELECT {found.label_sql} FROM raw_rows AS raw {found.join_sql} ORDER BY line")  # noqa: S608
    return [group for (group,) in rows], [note.text for note in found.notes]


def test_a_row_that_says_nothing_has_no_channel() -> None:
    groups, notes = grouped({"source": ["google", None, ""], "medium": ["organic", "", None]})
    assert groups == ["Organic search", None, None]
    told = "The channel was worked out from source, medium and referrer by the rules of Google Analytics 4, for 33 %"
    assert notes == [f"{told} of the rows."]


def test_an_empty_referrer_is_direct_where_others_have_one() -> None:
    groups, notes = grouped({"referrer": ["https://bing.com/", None, "https://news.example.net/a"]})
    assert groups == ["Organic search", "Direct", "Referral"]
    assert notes[1] == "Rows without a referrer, counted as Direct because others of the table have one: 1."
    assert grouped({"referrer": [None, ""]})[0] == [None, None]


def test_links_from_ones_own_pages_are_no_channel() -> None:
    landing = ["https://www.example.com/", "https://example.com/cart?a=b", "https://example.com/?gclid=x1"]
    groups, notes = grouped(
        {"landing": landing, "referrer": ["https://bing.com/", "https://shop.example.com/", "https://google.com/"]}
    )
    assert groups == ["Organic search", None, "Paid search"]
    assert notes[1] == "Links from “example.com” come from your own pages and count as no channel."


def test_an_unknown_host_that_most_referrers_name_is_ones_own() -> None:
    referrers: list[str | None] = ["https://example.com/a", "https://example.com/b", "https://bing.com/"]
    assert grouped({"referrer": referrers})[0] == [None, None, "Organic search"]


def test_own_hosts_can_be_said() -> None:
    referrers: list[str | None] = ["https://example.com/a", "https://bing.com/", "https://bing.com/"]
    assert grouped({"referrer": referrers})[0][0] == "Referral"
    assert grouped({"referrer": referrers}, own_hosts=frozenset({"example.com"}))[0][0] is None


def test_rows_find_their_group_whatever_their_address_holds() -> None:
    landing = ["https://example.com/?a=1&utm_source=News&utm_medium=EMAIL#x", "https://example.com/?FBCLID=z", None]
    assert grouped({"landing": landing})[0] == ["Email", "Organic social", None]


def test_a_group_can_be_renamed() -> None:
    assert grouped({"source": ["google"], "medium": ["cpc"]}, names={"Paid search": "Search ads"})[0] == ["Search ads"]


def test_a_table_without_rows_has_no_channels() -> None:
    assert grouped({"source": [], "referrer": []})[0] == []
