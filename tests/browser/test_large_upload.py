"""The upload box in a real browser, under the product's content policy: any size, several at once, without a mouse."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Route

from tests.browser.driver import NewPage, Server, WatchedPage, running_server

APP = Path(__file__).with_name("upload_app.py")
#: 300 is what the product promises to measure; a tenth of it shows the same.
LARGE_MEGABYTES = int(os.environ.get("JOURNEY_LARGE_UPLOAD_MB", "30"))
SLOW_BYTES_PER_SECOND = 4_000_000

DROP = """([box, names]) => {
  const transfer = new DataTransfer();
  for (const name of names) transfer.items.add(new File(["who,when\\n" + name], name));
  for (const type of ["dragenter", "dragover", "drop"])
    box.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true, composed: true }));
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("uploads"), app=APP) as running:
        yield running


@pytest.fixture
def watched(browser_page: NewPage, server: Server) -> WatchedPage:
    made = browser_page()
    opened(made, server)
    return made


@pytest.fixture
def page(watched: WatchedPage) -> Page:
    return watched.page


def opened(watched: WatchedPage, server: Server) -> Page:
    watched.page.goto(server.url)
    chooser(watched.page).wait_for()
    return watched.page


def chooser(page: Page) -> Locator:
    return page.get_by_label("Choose files")


def box(page: Page) -> Locator:
    return page.get_by_role("group", name="Drop your files here")


def said(page: Page) -> list[str]:
    """What a screen reader was told, in order."""
    return box(page).get_by_role("log").locator("p").all_inner_texts()


def bar(page: Page, name: str) -> Locator:
    return page.get_by_role("progressbar", name=f"Upload of {name}")


def arrived(page: Page, *names: str) -> str:
    """Wait until the page has these files and no others, and hand out its line about them."""
    page.wait_for_function(
        """names => [...document.querySelectorAll('[data-testid="stText"]')].some(each => {
          const [begin, rest] = each.innerText.split("Here: ");
          return begin === "" && rest !== undefined
            && rest.split(", ").map(one => one.split(" ")[0]).join() === names.join();
        })""",
        arg=list(names),
    )
    return page.get_by_text("Here: ").inner_text()


def slow_down(page: Page) -> None:
    page.context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": SLOW_BYTES_PER_SECOND},
    )


def file_of(folder: Path, name: str, n_bytes: int) -> Path:
    path = folder / name
    with path.open("wb") as file:
        for start in range(0, n_bytes, 1_000_000):
            file.write(f"{start:010}".encode() * min(100_000, (n_bytes - start) // 10))
    return path


def n_waiting(server: Server) -> int:
    return len(list((server.home / "incoming").iterdir()))


def wait_until_gone(server: Server, n_before: int) -> None:
    deadline = time.monotonic() + 20
    while n_waiting(server) > n_before:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_large_file_shows_how_far_it_is_while_the_app_answers_others(
    watched: WatchedPage,
    server: Server,
    browser_page: NewPage,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    file = file_of(tmp_path, "large.csv", LARGE_MEGABYTES * 1_000_000)
    other = opened(browser_page(), server)
    page = watched.page
    slow_down(page)
    chooser(page).set_input_files(file)
    page.wait_for_function("bar => bar.ariaValueNow >= 5", arg=bar(page, "large.csv").element_handle())
    answer_seconds = []
    for n in range(1, 6):
        start = time.monotonic()
        other.get_by_role("button", name="Count").click()
        other.get_by_text(f"Counted {n}", exact=True).wait_for()
        answer_seconds.append(round(time.monotonic() - start, 2))
    far = bar(page, "large.csv")
    assert int(far.get_attribute("aria-valuenow") or 0) < 100
    assert f" of {LARGE_MEGABYTES} MB" in (far.get_attribute("aria-valuetext") or "")
    record_property("another visitor was answered in seconds", answer_seconds)
    page.get_by_text("Uploaded", exact=True).wait_for(timeout=300_000)
    with file.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    assert sha256[:8] in arrived(page, "large.csv")
    watched.require_calm(server)


def test_several_files_of_any_type_come_one_after_the_other(page: Page, tmp_path: Path) -> None:
    files = [file_of(tmp_path, name, 10) for name in ("a.csv", "b.xlsx", "c.parquet", "d")]
    chooser(page).set_input_files(files)
    arrived(page, "a.csv", "b.xlsx", "c.parquet", "d")
    chooser(page).set_input_files(file_of(tmp_path, "e.json", 10))
    arrived(page, "a.csv", "b.xlsx", "c.parquet", "d", "e.json")


def test_files_can_be_dropped(page: Page) -> None:
    page.evaluate(DROP, [box(page).element_handle(), ["a.csv", "b.csv"]])
    arrived(page, "a.csv", "b.csv")


def test_it_works_without_a_mouse_and_says_what_happens(page: Page, tmp_path: Path) -> None:
    page.get_by_role("heading", name="Upload").click()
    with page.expect_file_chooser() as chosen:
        for _step in range(20):
            page.keyboard.press("Tab")
            if chooser(page).evaluate("input => input === input.getRootNode().activeElement"):
                break
        page.keyboard.press("Enter")
    chosen.value.set_files([file_of(tmp_path, "a.csv", 10), file_of(tmp_path, "b.csv", 10)])
    arrived(page, "a.csv", "b.csv")
    assert said(page)[-3:] == ["a.csv is uploaded.", "Uploading b.csv.", "b.csv is uploaded."]
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    arrived(page, "b.csv")
    assert said(page)[-1] == "a.csv was removed."


def test_one_file_can_be_cancelled_and_the_others_come(page: Page, server: Server, tmp_path: Path) -> None:
    before = n_waiting(server)
    slow_down(page)
    files = [file_of(tmp_path, "a.csv", 20_000_000), file_of(tmp_path, "b.csv", 10), file_of(tmp_path, "c.csv", 10)]
    chooser(page).set_input_files(files)
    page.wait_for_function("bar => bar.ariaValueNow >= 5", arg=bar(page, "a.csv").element_handle())
    page.get_by_role("button", name="Cancel c.csv").click()
    page.get_by_role("button", name="Cancel a.csv").click()
    assert "a.csv was cancelled." in said(page)
    arrived(page, "b.csv")
    assert page.get_by_text("Waiting").count() == 0
    wait_until_gone(server, before + 1)


def test_cancelling_the_only_file_leaves_nothing_and_the_box_works_on(
    page: Page, server: Server, tmp_path: Path
) -> None:
    before = n_waiting(server)
    slow_down(page)
    chooser(page).set_input_files(file_of(tmp_path, "a.csv", 20_000_000))
    page.wait_for_function("bar => bar.ariaValueNow >= 5", arg=bar(page, "a.csv").element_handle())
    page.get_by_role("button", name="Cancel a.csv").click()
    wait_until_gone(server, before)
    chooser(page).set_input_files(file_of(tmp_path, "b.csv", 10))
    arrived(page, "b.csv")


def test_leaving_the_page_ends_the_upload(page: Page, server: Server, tmp_path: Path) -> None:
    before = n_waiting(server)
    slow_down(page)
    chooser(page).set_input_files(file_of(tmp_path, "a.csv", 20_000_000))
    page.wait_for_function("bar => bar.ariaValueNow >= 5", arg=bar(page, "a.csv").element_handle())
    page.close()
    wait_until_gone(server, before)


def test_a_connection_that_breaks_off_is_told_and_tried_again(page: Page, tmp_path: Path) -> None:
    broken = []

    def break_first(route: Route) -> None:
        if broken:
            route.continue_()
        else:
            broken.append(route.request.url)
            route.abort("connectionreset")

    page.route("**/upload/*", break_first)
    chooser(page).set_input_files([file_of(tmp_path, "a.csv", 10), file_of(tmp_path, "b.csv", 10)])
    box(page).get_by_text("The connection broke off. Try again.").wait_for()
    arrived(page, "b.csv")
    page.get_by_role("button", name="Try a.csv again").click()
    arrived(page, "b.csv", "a.csv")


def test_what_came_is_still_there_after_other_clicks_and_gone_when_the_box_is_emptied(
    page: Page, tmp_path: Path
) -> None:
    chooser(page).set_input_files(file_of(tmp_path, "a.csv", 10))
    arrived(page, "a.csv")
    page.get_by_role("button", name="Count").click()
    page.get_by_text("Counted 1").wait_for()
    arrived(page, "a.csv")
    assert page.get_by_role("button", name="Remove a.csv").count() == 1
    page.get_by_role("button", name="Empty the box").click()
    page.get_by_text("Here:", exact=True).wait_for()
    page.wait_for_function("document.querySelectorAll('[class*=st-key-upload-box]').length === 1")
    assert page.get_by_role("button", name="Remove a.csv").count() == 0
    chooser(page).set_input_files(file_of(tmp_path, "b.csv", 10))
    arrived(page, "b.csv")


def test_a_file_beyond_the_limit_is_refused_before_it_is_sent(
    browser_page: NewPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JOURNEY_LARGEST_UPLOAD_GB", "0.001")
    home = tmp_path / "home"
    home.mkdir()
    with running_server(home, app=APP) as server:
        watched = browser_page()
        page = opened(watched, server)
        chooser(page).set_input_files([file_of(tmp_path, "a.csv", 2_000_000), file_of(tmp_path, "b.csv", 10)])
        arrived(page, "b.csv")
        told = box(page).get_by_role("alert").filter(has_text="larger than 1.0 MB, the most this server takes")
        told.wait_for()
        assert len([url for url in watched.requests if "/upload/" in url]) == 1
        watched.require_calm(server)


@pytest.mark.parametrize("colour_scheme", ["light", "dark"])
def test_axe_finds_nothing_and_a_phone_shows_it_whole(
    colour_scheme: Literal["light", "dark"], browser_page: NewPage, server: Server, tmp_path: Path
) -> None:
    page = opened(browser_page(width=390, height=844, colour_scheme=colour_scheme), server)
    slow_down(page)
    long_name = f"{'interactions_of_the_second_quarter_' * 3}.csv"
    chooser(page).set_input_files([file_of(tmp_path, long_name, 10), file_of(tmp_path, "b.csv", 20_000_000)])
    page.wait_for_function("bar => bar.ariaValueNow >= 5", arg=bar(page, "b.csv").element_handle())
    found = [
        violation["id"]
        for violation in Axe().run(page).response["violations"]
        if any("upload-box" in str(node["target"]) or "stBidi" in str(node["target"]) for node in violation["nodes"])
    ]
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("box => box.scrollWidth <= box.clientWidth", box(page).element_handle())
