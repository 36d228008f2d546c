"""A dashboard is shared: made after a preview, opened by somebody else, printed, withdrawn; by keyboard alone."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from journey.workspace import Workspace
from tests.browser.driver import NewPage, Server, at_dataset, open_page, running_server, settle

GRAVE = {"serious", "critical"}
#: Working out what a link shows takes its time on a busy machine.
WORK_MS = 180_000
#: An open dashboard asks so often whether it is still shared.
ASKED_AGAIN_MS = 31_000
MOST_TABS = 120

#: What a person would call the element that has the focus.
FOCUSED = """() => {
  const here = document.activeElement;
  return here?.getAttribute("aria-label") || here?.innerText?.trim() || here?.labels?.[0]?.innerText?.trim() || "";
}"""


@pytest.fixture(scope="module")
def sharing_server(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> Iterator[Server]:
    """A server whose links are this file's own."""
    home = tmp_path_factory.mktemp("sharing")
    Workspace(home).add_demo()
    with running_server(home) as server:
        yield server


def tab_to(page: Page, name: str) -> None:
    """Go from where the focus is to an element, as somebody without a mouse does."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if re.search(name, page.evaluate(FOCUSED)):
            return
    raise AssertionError(f"“{name}” is not reached by the keyboard")


def press(page: Page, name: str) -> None:
    tab_to(page, name)
    page.keyboard.press("Enter")


def require_accessible(page: Page) -> None:
    violations = Axe().run(page).response["violations"]
    grave = [(each["id"], each["nodes"][0]["target"]) for each in violations if each["impact"] in GRAVE]
    assert not grave, grave


def status_of(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - a loopback address
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def test_a_dashboard_is_shared_from_the_first_choice_to_its_end(
    browser: Browser, browser_page: NewPage, sharing_server: Server, tmp_path: Path
) -> None:
    owner = browser_page(width=1440)
    page = open_page(owner, sharing_server, at_dataset("/share", "demo"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing is shared yet.")

    # Make it, without a mouse.
    press(page, "^Preview$")
    expect(page.get_by_role("link", name="Open the preview")).to_be_visible(timeout=WORK_MS)
    settle(page)
    require_accessible(page)
    page.get_by_role("button", name="Preview", exact=True).focus()
    tab_to(page, "Open the preview")
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    preview = opened.value
    preview.wait_for_load_state()
    assert re.search(r"/preview/[\w-]{43}$", preview.url)
    expect(preview.get_by_role("combobox", name="Show")).to_be_visible()
    shown_before = preview.locator("main").inner_text()
    preview.close()
    press(page, "Make the link")
    address = page.get_by_test_id("stCode").inner_text(timeout=WORK_MS).strip()
    assert re.fullmatch(re.escape(sharing_server.url) + r"/s/[\w-]{43}", address)
    settle(page)
    require_accessible(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 link is open; none was opened yet.")

    # Somebody else opens it, who has never been here.
    reader = browser_page()
    reader.page.clock.install()
    reader.page.goto(address)
    chooser = reader.page.get_by_role("combobox", name="Show")
    expect(chooser).to_be_visible()
    whole = reader.page.locator("main").inner_text()
    assert whole == shown_before, "the preview showed something else than the link"
    require_accessible(reader.page)
    assert {cookie["path"] for cookie in reader.page.context.cookies()} <= {address.removeprefix(sharing_server.url)}

    # Switch to a persona, by keyboard.
    chooser.focus()
    reader.page.keyboard.press("ArrowDown")
    expect(reader.page.locator("main")).not_to_have_text(whole)
    assert chooser.evaluate("box => box.selectedOptions[0].closest('optgroup').label") == "Persona"
    printed = reader.page.pdf(path=tmp_path / "printed.pdf", format="A4")
    assert printed.startswith(b"%PDF")

    # The owner sees that it was opened, and withdraws it.
    page.reload()
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 link is open; the last was opened today.")
    expect(page.get_by_text("opened 1 time, last today")).to_be_visible()
    press(page, "^Change")
    tab_to(page, "Yes, withdraw it")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Withdraw the link")).to_be_enabled()
    press(page, "Withdraw the link")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing is shared now.")
    assert status_of(address) == 404

    # Whoever still has it open is told, and sees nothing any more.
    reader.page.clock.fast_forward(ASKED_AGAIN_MS)
    expect(reader.page.get_by_role("alert")).to_contain_text("no longer shared")
    assert reader.page.get_by_role("combobox").count() == 0
    owner.require_calm(sharing_server)
    assert not reader.foreign_requests(sharing_server)
