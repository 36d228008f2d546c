from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from journey.workspace import Workspace
from tests.browser.driver import (
    DATASET_PAGES,
    PAGES,
    NewPage,
    NewServer,
    Server,
    at_dataset,
    free_port,
    open_page,
    running_server,
    settle,
)


def titles_in_navigation(page: Page) -> list[str]:
    """The titles of the links; before each, its icon is a word of its own."""
    return [text.strip().split("\n")[-1].strip() for text in page.get_by_test_id("stTopNavLink").all_inner_texts()]


def shown(page: Page) -> str:
    """The words of the page as a person reads them."""
    return str(page.get_by_test_id("stMain").inner_text())


@pytest.mark.parametrize("title", PAGES)
def test_the_first_visitor_of_a_fresh_server_gets_the_page_with_its_navigation(
    title: str, browser_page: NewPage, new_server: NewServer
) -> None:
    server = new_server()
    watched = browser_page(width=1600)
    page = open_page(watched, server, PAGES[title])
    titles = titles_in_navigation(page)
    assert set(PAGES) <= set(titles), f"the navigation shows {titles}"
    assert urlsplit(page.url).path == PAGES[title]
    watched.require_calm(server)


@pytest.mark.parametrize("title", DATASET_PAGES)
def test_a_copied_address_shows_the_same_to_another_person(
    title: str, browser_page: NewPage, app_server: Server, demo_dataset_id: str
) -> None:
    first = open_page(browser_page(), app_server, at_dataset(DATASET_PAGES[title], demo_dataset_id))
    second = browser_page()
    second.page.goto(first.url)
    settle(second.page)
    assert shown(second.page) == shown(first)
    second.require_calm(app_server)


@pytest.mark.parametrize("title", ["Overview", "Funnels"])
def test_a_bookmark_shows_the_same_after_a_restart(title: str, browser_page: NewPage, tmp_path: Path) -> None:
    home = tmp_path / "workspace"
    home.mkdir()
    dataset_id = str(Workspace(home).add_demo().id)
    port = free_port()
    address = at_dataset(DATASET_PAGES[title], dataset_id)
    with running_server(home, port) as server:
        before = shown(open_page(browser_page(), server, address))
    with running_server(home, port) as server:
        after = shown(open_page(browser_page(), server, address))
    assert after == before


def test_the_dataset_stays_in_the_address_when_the_page_is_changed(
    browser_page: NewPage, app_server: Server, demo_dataset_id: str
) -> None:
    watched = browser_page(width=1600)
    page = open_page(watched, app_server, at_dataset("/overview", demo_dataset_id))
    page.get_by_test_id("stTopNavLink").filter(has_text="Funnels").click()
    page.wait_for_url("**/funnels**")
    settle(page)
    assert parse_qs(urlsplit(page.url).query)["dataset"] == [demo_dataset_id]
    watched.require_calm(app_server)


def test_one_click_shows_the_demo_and_names_it_in_the_address(browser_page: NewPage, new_server: NewServer) -> None:
    server = new_server()
    watched = browser_page()
    page = open_page(watched, server, "/")
    page.locator(".st-key-demo").get_by_role("button", name="Look at the demo").click()
    page.wait_for_url("**dataset=**", timeout=60_000)
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    watched.require_calm(server)
