"""A file goes in through the browser, is confirmed once, and is still there after a restart."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.driver import NewPage, WatchedPage, open_page, running_server, settle

LOG = "user;when;event;note\n" + "".join(
    f"u{n};{1 + n % 28:02d}.03.2025 10:{minute:02d};{event};{'ja' if n % 2 else ''}\n"
    for n in range(60)
    for minute, event in enumerate(("homepage", "product page", "purchase")[: 1 + n % 3])
)


def upload(watched: WatchedPage, url: str, file: Path) -> None:
    """Choose a file on Start and let it be read."""
    watched.page.goto(f"{url}/")
    settle(watched.page)
    watched.page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(file)
    watched.page.get_by_role("button", name="Read the file").click()


def test_an_upload_is_confirmed_once_and_survives_a_restart(browser_page: NewPage, tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text(LOG)
    home = tmp_path / "home"
    home.mkdir()
    watched = browser_page()
    with running_server(home) as server:
        upload(watched, server.url, file)
        watched.page.get_by_text("Is this right?").wait_for()
        settle(watched.page)
        assert "“user” as the customer" in watched.page.get_by_test_id("stMain").inner_text()
        watched.page.get_by_role("button", name="Show the journey").click()
        watched.page.wait_for_url("**/overview**")
        settle(watched.page)
        address = watched.page.url.removeprefix(server.url)
        headline = watched.page.locator("h1").inner_text()
        watched.require_calm(server)
    with running_server(home) as server:
        again = browser_page()
        page = open_page(again, server, address)
        assert page.locator("h1").inner_text() == headline
        open_page(again, server, "/")
        assert page.get_by_text("60 customers").first.is_visible()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n", "PDF"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words(
    content: bytes, told: str, browser_page: NewPage, tmp_path: Path
) -> None:
    file = tmp_path / "log.csv"
    file.write_bytes(content)
    home = tmp_path / "home"
    home.mkdir()
    watched = browser_page()
    with running_server(home) as server:
        upload(watched, server.url, file)
        watched.page.get_by_test_id("stAlert").wait_for()
        assert told in watched.page.get_by_test_id("stAlert").inner_text()


def test_a_table_without_times_asks_for_the_column(browser_page: NewPage, tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text("user,event\na,home\nb,cart\n")
    home = tmp_path / "home"
    home.mkdir()
    watched = browser_page()
    with running_server(home) as server:
        upload(watched, server.url, file)
        watched.page.get_by_text("Still to choose: When").wait_for()
        assert watched.page.get_by_role("button", name="Show the journey").is_disabled()
