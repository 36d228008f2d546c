"""What was met gets a name that people read, and many names become few."""

from __future__ import annotations

import pyarrow as pa
import pytest

from journey.engine import Draft
from journey.errors import ArgumentError
from journey.ingest.names.groups import Group, grouped, suggested_groups
from journey.ingest.names.page_names import clean_path, page_name
from journey.ingest.names.touchpoints import NamedTouchpoints, label_touchpoints, touchpoint_of


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("https://www.example.com", "/"),
        ("https://www.example.com/?utm_source=a", "/"),
        ("https://example.com:8443/en/index.html#top", "/"),
        ("http://example.com/About-Us/", "/About-Us"),
        ("/de-DE/preise.php?x=1", "/preise"),
        ("/it/news", "/news"),
        ("/team/it/news", "/team/it/news"),
        ("www.example.com/a/b", "/a/b"),
        ("example.com/a//b/", "/a/b"),
        ("//cdn.example.com/a", "/a"),
        ("/#/settings/profile?tab=1", "/settings/profile"),
        ("/orders/12345/items/7", "/orders/*/items/*"),
        ("/t/3f2504e0-4f89-11d3-9a0c-0305e82c3301", "/t/*"),
        ("/c/8f14e45fceea167a5a36dedd4bea2543", "/c/*"),
        ("/shoes/red-runner-size-42-mens-new-2", "/shoes/*"),
        ("/shoes/red-runner-48151", "/shoes/*"),
        ("/shoes/red-runner", "/shoes/red-runner"),
        ("/sale/black-friday-2024", "/sale/black-friday-2024"),
        ("/lists/top-10-tools", "/lists/top-10-tools"),
        ("/signup/step/2", "/signup/step/2"),
        ("/signup/step-2", "/signup/step-2"),
        ("/archive/2024/05", "/archive/*/*"),
        ("/page;jsessionid=1A2B3C", "/page"),
        ("/caf%C3%A9/men%C3%BC", "/café/menü"),
        ("/../../etc", "/etc"),
    ],
)
def test_an_address_becomes_its_path(address: str, path: str) -> None:
    assert clean_path(address) == path


@pytest.mark.parametrize(
    "address",
    [
        "/confirm/ana.pop@example.com",
        "/confirm/ana.pop%40example.com",
        "/confirm/ana.pop%2540example.com",
        "/users/ana-pop/edit",
        "/call/+40 721 123 456",
        "/reset-password/aGVsbG93b3JsZA",
        "/login/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
        "https://ana:secret@example.com/x",
        "/x?email=ana.pop@example.com&token=secret",
        "/search?q=ana.pop%40example.com",
        "/search?q=0721+123+456",
        "/x#access_token=secret",
    ],
)
def test_personal_data_in_an_address_never_survive(address: str) -> None:
    name = str(page_name(address)).casefold()
    assert not any(part in name for part in ("ana", "pop", "secret", "721", "agvs", "eyj"))


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/", "Home page"),
        ("/en", "Home page"),
        ("/pricing", "Pricing page"),
        ("/product/red-shoe", "Product page"),
        ("/product", "Product list"),
        ("/product/red-shoe/reviews", "/product/red-shoe/reviews"),
        ("/products/12/34", "Product page"),
        ("/blog/2025/05/why-maps", "Blog article"),
        ("/checkout", "Checkout page"),
        ("/checkout/payment", "/checkout/payment"),
        ("/account/settings", "/account/settings"),
        ("/search?q=Red+Shoes&page=2", "Search: red shoes"),
        ("/search", "Search page"),
        ("/somewhere?q=red", "/somewhere"),
        ("/warenkorb", "Cart page"),
    ],
)
def test_pages_of_a_known_kind_are_called_by_it(address: str, name: str) -> None:
    assert page_name(address) == name


@pytest.mark.parametrize(
    ("event", "name"),
    [
        ("add_to_cart", "add_to_cart"),
        ("AddToCart", "AddToCart"),
        ("Product Added", "Product Added"),
        ("payment_done", "payment_done"),
        (" Sign  up ", "Sign up"),
        ("$pageview", "Page view"),
        ("$mp_web_page_view", "Page view"),
        ("$web_vitals", "Web vitals"),
        ("[Amplitude] Start Session", "Start Session"),
        ("Mail to ana@example.com opened", "Mail to * opened"),
        ("v1.2/start", "v1.2/start"),
        ("null", None),
        ("", None),
    ],
)
def test_events_keep_their_name(event: str, name: str | None) -> None:
    assert touchpoint_of(event) == name


def test_a_page_view_is_called_by_its_page() -> None:
    assert touchpoint_of("page_view", "https://example.com/pricing") == "Pricing page"
    assert touchpoint_of("Page Viewed", "Plans and prices") == "Plans and prices"
    assert touchpoint_of("", "/cart") == "Cart page"
    assert touchpoint_of("page_view", "") == "page_view"
    assert touchpoint_of("session_start", "/cart") == "session_start"


# --- A whole table -----------------------------------------------------------------------------------------------


def named(
    *columns: list[str | None], groups: tuple[Group, ...] = (), names: dict[str, str] | None = None
) -> tuple[list[str | None], NamedTouchpoints]:
    """The touchpoint of every row, and how it was found."""
    draft = Draft()
    cells = {f"c{place}": pa.array(column, pa.string()) for place, column in enumerate(columns)}
    draft.take("raw_rows", pa.table({"line": range(len(columns[0]))} | cells))
    found = label_touchpoints(draft, "raw_rows", [f"c{place}" for place in range(len(columns))], groups, names)
    rows = draft.rows(f"SELECT {found.label_sql} FROM raw_rows AS raw {found.join_sql} ORDER BY line")  # noqa: S608
    return [name for (name,) in rows], found


def test_names_that_are_clean_need_no_lookup() -> None:
    names, found = named(["see", "buy", "see", None, ""])
    assert names == ["see", "buy", "see", None, None]
    assert (found.table, found.notes, found.names) == (None, (), (("see", 2), ("buy", 1)))


def test_the_page_counts_for_page_views_only() -> None:
    names, found = named(
        ["page_view", "add_to_cart", "page_view", None, "page_view"],
        ["https://example.com/pricing?id=1", "https://example.com/product/1", "https://example.com/x?id=2", "/", None],
    )
    assert names == ["Pricing page", "add_to_cart", "/x", "Home page", "page_view"]
    assert found.notes[0].code == "TOUCHPOINTS_CLEANED"
    assert "“/pricing” is “Pricing page”" in found.notes[0].text


def test_where_no_event_is_a_page_view_the_page_is_not_looked_at() -> None:
    names, found = named(["see", "buy"], ["/a", "/b"])
    assert (names, found.table) == (["see", "buy"], None)


def test_rows_that_differ_in_the_query_only_are_one() -> None:
    names, found = named([f"/pricing?session={n}" for n in range(50)] + ["/search?q=Shoes&session=1"])
    assert found.names == (("Pricing page", 50), ("Search: shoes", 1))
    assert names[-1] == "Search: shoes"


def test_pages_of_another_site_keep_its_name() -> None:
    names, found = named(["https://example.com/cart", "https://www.example.com/x", "https://help.example.com/cart"])
    assert names == ["Cart page", "/x", "help.example.com/cart"]
    assert found.hosts == ("example.com", "help.example.com")


def test_a_group_wins_over_the_name() -> None:
    groups = (Group("re:^/p/[0-9]+$", "Product page"), Group("*checkout*", "Checkout"), Group("buy", "Payment"))
    names, _found = named(["/p/4711", "/p/red", "/shop/checkout/pay", "Buy", "rebuy"], groups=groups)
    assert names == ["Product page", "/p/red", "Checkout", "Payment", "rebuy"]


def test_a_name_can_be_changed_and_two_become_one() -> None:
    names, found = named(["Sign-up", "signup", "/cart"], names={"signup": "Sign-up", "Cart page": "Basket"})
    assert names == ["Sign-up", "Sign-up", "Basket"]
    assert found.names == (("Sign-up", 2), ("Basket", 1))


# --- Groups ------------------------------------------------------------------------------------------------------


def test_the_first_rule_that_fits_counts() -> None:
    found = grouped(
        [("/product/red", 5), ("/product/blue", 7), ("/cart", 3)],
        [Group("/product/red", "Red"), Group("/product/*", "Product page"), Group("/none/*", "None")],
    )
    assert [(each.name, each.members, each.n_interactions) for each in found] == [
        ("Red", (("/product/red", 5),), 5),
        ("Product page", (("/product/blue", 7),), 7),
        ("None", (), 0),
    ]


def test_signs_of_expressions_mean_themselves_in_a_wildcard() -> None:
    names = [("a.b (c)", 1), ("axb (c)", 1), ("A.B (C)!", 1)]
    assert grouped(names, [Group("a.b (c)*", "x")])[0].members == (("A.B (C)!", 1), ("a.b (c)", 1))
    assert grouped(names, [Group("a?b (c)", "x")])[0].n_interactions == 2


@pytest.mark.parametrize("pattern", ["re:(", "", "re:", "x" * 201, "re:a{2000}"])
def test_a_pattern_that_cannot_be_used_is_named(pattern: str) -> None:
    with pytest.raises(ArgumentError, match="The pattern “") as caught:
        grouped([("a", 1)], [Group(pattern, "x")])
    assert caught.value.code == "BAD_PATTERN"


def test_no_expression_takes_long_whatever_it_says() -> None:
    assert grouped([("a" * 5_000 + "!", 1)], [Group("re:^(a+)+$", "x")])[0].n_interactions == 0


def test_the_tail_is_offered_as_groups_by_its_beginning() -> None:
    names = [("Home page", 900), *((f"/docs/page-{n}", 5) for n in range(6)), *((f"Quiz: {n}", 9) for n in range(5))]
    assert suggested_groups([*names, ("/rare/one", 1)], n_kept=1) == [
        Group("Quiz: *", "Quiz …"),
        Group("/docs/*", "Docs page"),
    ]
    assert suggested_groups(names) == []
