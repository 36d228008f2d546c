"""Files go in through the browser, are looked over and confirmed once, and are still there after a restart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.driver import NewPage, Server, open_page, running_server, settle
from tests.browser.test_accessibility import GRAVE
from tests.browser.test_hostile_text import HOSTILE, TAKEN_FOR_MARKUP
from tests.browser.test_phone_width import BEYOND_THE_EDGE, SIDEWAYS

LOG = "user;when;event;note\n" + "".join(
    f"u{n};{1 + n % 28:02d}.03.2025 10:{minute:02d};{event};{'ja' if n % 2 else ''}\n"
    for n in range(60)
    for minute, event in enumerate(("homepage", "product page", "purchase")[: 1 + n % 3])
)
CUSTOMERS = "user;country;plan\n" + "".join(f"u{n};{('RO', 'DE')[n % 2]};{HOSTILE}\n" for n in range(60))
NEXT_MONTH = "user;when;event;note\n" + "".join(f"u{n};{15 + n % 14}.04.2025 10:00;homepage;\n" for n in range(60))
AMBIGUOUS = "user;when;event\n" + "".join(f"u{n};0{1 + n % 9}/0{1 + n % 7}/2025;homepage\n" for n in range(60))

PARTS = ("Files and columns", "Touchpoints", "Stages", "Who is who", "Time zone, currency", "Recipe")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> Iterator[Server]:
    """A server for tests that leave datasets behind."""
    with running_server(tmp_path_factory.mktemp("uploads")) as running:
        yield running


def choose(page: Page, files: dict[str, str | bytes], folder: Path) -> None:
    """Put files into the box and let them be read."""
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    page.locator("input[type=file]").set_input_files([folder / name for name in files])
    page.get_by_role("button", name=re.compile("^Read the")).click()


def wait_for_heading(page: Page, text: str) -> None:
    page.get_by_role("heading", level=1, name=text).wait_for()
    settle(page)


def show_the_journey(page: Page) -> None:
    page.get_by_role("button", name="Show the journey").click()
    page.wait_for_url("**/overview**")
    settle(page)


def test_files_are_confirmed_once_survive_a_restart_and_grow_by_the_next_month(
    browser_page: NewPage, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    watched = browser_page(width=1440, height=900)
    with running_server(home) as running:
        page = open_page(watched, running, "/")
        choose(page, {"log.csv": LOG, f"{HOSTILE.replace('/', '')}.csv": CUSTOMERS}, tmp_path)
        wait_for_heading(page, "120 interactions of 60 customers, 1 Mar – 28 Mar 2025")
        place = page.get_by_role("button", name="Show the journey").bounding_box()
        assert place is not None
        assert place["y"] < 600
        require_sound_parts(page)
        show_the_journey(page)
        address = page.url.removeprefix(running.url)
        headline = page.locator("h1").inner_text()
        watched.require_calm(running)
    with running_server(home) as running:
        again = browser_page()
        page = open_page(again, running, address)
        assert page.locator("h1").inner_text() == headline
        open_page(again, running, "/")
        assert page.get_by_text("60 customers, 120 interactions").is_visible()
        page.get_by_role("button", name="More").click()
        page.get_by_role("button", name="Add new months").click()
        page.get_by_text("These files are added to").wait_for()
        choose(page, {"april.csv": NEXT_MONTH}, tmp_path)
        wait_for_heading(page, "180 interactions of 60 customers")
        show_the_journey(page)
        open_page(again, running, "/")
        assert page.get_by_text("60 customers, 180 interactions").is_visible()
        again.require_calm(running)


def require_sound_parts(page: Page) -> None:
    """Open every part of the page, wide and on a phone: nothing grave for axe, nothing cut off, text stays text."""
    page.set_viewport_size({"width": 390, "height": 844})
    for part in PARTS:
        page.get_by_role("tab", name=part).click()
        settle(page)
        assert page.evaluate(SIDEWAYS) == [], part
        assert page.evaluate(BEYOND_THE_EDGE) == [], part
        assert page.evaluate(TAKEN_FOR_MARKUP) == [], part
        if part == "Stages":
            violations = Axe().run(page).response["violations"]
            assert [each["id"] for each in violations if each["impact"] in GRAVE] == [], part
    page.set_viewport_size({"width": 1440, "height": 900})
    settle(page)


def test_a_question_is_answered_and_a_recipe_edited(browser_page: NewPage, server: Server, tmp_path: Path) -> None:
    watched = browser_page()
    page = open_page(watched, server, "/")
    choose(page, {"log.csv": AMBIGUOUS}, tmp_path)
    page.get_by_text("The month comes first").wait_for()
    settle(page)
    assert page.get_by_role("button", name="Show the journey").is_disabled()
    page.get_by_text("The day comes first").click()
    wait_for_heading(page, "60 interactions of 60 customers, 1 Jan – 8 Jul 2025")
    page.get_by_role("tab", name="Recipe").click()
    text = page.get_by_label("Recipe (YAML)")
    written = text.input_value()
    text.fill("no recipe at all")
    page.get_by_role("button", name="Use this recipe").click()
    page.get_by_test_id("stAlert").wait_for()
    assert text.input_value() == "no recipe at all"
    text.fill(written.replace("day_first: true", "day_first: false"))
    page.get_by_role("button", name="Use this recipe").click()
    wait_for_heading(page, "60 interactions of 60 customers, 1 Jan – 6 Sept 2025")
    page.get_by_role("button", name="Take other files").click()
    wait_for_heading(page, "See how your customers really travel.")
    watched.require_calm(server)


def test_what_is_no_table_is_refused_in_words_and_the_rest_can_be_read(
    browser_page: NewPage, server: Server, tmp_path: Path
) -> None:
    watched = browser_page()
    page = open_page(watched, server, "/")
    pdf = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
    choose(page, {"paper.csv": pdf, "events.csv": "user,event\na,home\nb,cart\n"}, tmp_path)
    page.get_by_test_id("stAlert").filter(has_text="PDF").wait_for()
    page.get_by_role("button", name="Remove paper.csv").click()
    page.get_by_role("button", name="Read the file").click()
    wait_for_heading(page, "None of the tables tells who met what and when.")
    assert page.get_by_role("button", name="Show the journey").is_disabled()


def test_reading_can_be_cancelled_and_leaves_the_file_only(
    browser_page: NewPage, server: Server, tmp_path: Path
) -> None:
    watched = browser_page()
    page = open_page(watched, server, "/")
    before = set((server.home / "incoming").glob("*/*"))
    rows = "".join(f"u{n},2025-01-{1 + n % 28:02}T10:00:00Z,some event number {n % 9}\n" for n in range(100_000))
    choose(page, {"large.csv": "user,when,event\n" + rows * 8}, tmp_path)
    page.get_by_role("button", name="Cancel", exact=True).click()
    page.get_by_role("button", name="Cancel", exact=True).wait_for(state="detached")
    settle(page)
    [upload] = set((server.home / "incoming").glob("*/*")) - before
    assert upload.name == "upload"
    page.get_by_role("button", name="Remove large.csv").click()
    page.get_by_role("button", name="Remove large.csv").wait_for(state="detached")
    watched.require_calm(server)
