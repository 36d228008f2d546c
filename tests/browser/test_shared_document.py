"""The shared dashboard in a browser: served as a link is, opened as a file, on paper, and taken away."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from journey.reports.html import policy, shared_document
from journey.reports.library import chart_library
from tests.browser.driver import NewPage, Server, WatchedPage
from tests.reports.samples import HOSTILE, HOSTILE_LINK, MADE_AT, choices, collected

GRAVE = {"serious", "critical"}
PAGES = choices().pages
WIDTHS = {"phone": (390, 844), "laptop": (1440, 900), "wall": (2560, 1440)}
OPENS_WITHIN_MS = 20_000

BEYOND_THE_EDGE = """() => {
  const scrollsAlone = element => {
    for (let box = element.parentElement; box && box !== document.body; box = box.parentElement)
      if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(box).overflowX)) return true;
    return false;
  };
  return [...document.querySelectorAll("body *")]
    .filter(element => !element.closest("svg, template, script, .skip") && element.checkVisibility())
    .filter(element => element.getBoundingClientRect().right > innerWidth + 1 && !scrollsAlone(element))
    .map(element => `${element.tagName}.${element.className} ${element.textContent.slice(0, 60)}`).slice(0, 5);
}"""
TAKEN_FOR_MARKUP = """() => [...document.querySelectorAll("img, a, script[src]")]
  .map(element => element.getAttribute("src") ?? element.getAttribute("href"))
  .filter(address => !/^(data:|#|plotly-)/.test(address))"""
#: Chromium says it of every error page that a script asked for.
NOT_FOUND = "404"


@dataclass
class Link:
    """A server with one shared document, and what was asked of it."""

    server: Server
    is_open: bool = True
    is_locked: bool = False
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.server.url}/s/token"


@cache
def documents() -> dict[str, tuple[str, bytes]]:
    """Type and content of what the server holds, by its address; made once."""
    name, script = chart_library()
    linked = shared_document(collected(), choices(), made_at=MADE_AT, library="linked")
    return {"/s/token": ("text/html", linked.encode()), f"/s/{name}": ("text/javascript", script)}


class Answers(BaseHTTPRequestHandler):
    def __init__(self, link: Link, *arguments: object) -> None:
        self.link = link
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        if self.path.endswith("/status"):
            self.link.asked.append(self.command)
            self.answer(404 if not self.link.is_open else 401 if self.link.is_locked else 204, "text/plain", b"")
        elif self.link.is_locked:
            self.answer(401, "text/html", b"<!doctype html><h1>This page asks for a password</h1>")
        elif self.path in documents() and (self.link.is_open or self.path != "/s/token"):
            self.answer(200, *documents()[self.path])
        else:
            self.answer(404, "text/plain", b"")

    def do_POST(self) -> None:
        self.do_GET()

    def answer(self, status: int, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", policy("linked"))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_said: object) -> None:
        """Keep the tests' output clean."""


@pytest.fixture
def link() -> Iterator[Link]:
    documents()  # made before the first visitor waits for them
    shared = Link(Server("", Path()))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Answers, shared))
    shared.server = Server(f"http://127.0.0.1:{server.server_port}", Path())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield shared
    server.shutdown()
    thread.join()
    server.server_close()


def opened(watched: WatchedPage, url: str) -> Page:
    watched.page.goto(url, wait_until="commit")
    expect(shown(watched.page).locator("h1")).to_be_visible(timeout=OPENS_WITHIN_MS)
    return watched.page


def shown(page: Page) -> Locator:
    return page.locator(".page:not([hidden])")


def stand_still(page: Page) -> None:
    """Wait until every figure of the page shown is drawn."""
    page.wait_for_function(
        """() => [...document.querySelectorAll(".page:not([hidden]) [data-figure]")]
          .every(holder => holder.querySelector(".main-svg"))""",
        timeout=OPENS_WITHIN_MS,
    )


def go_to(page: Page, name: str, place: int = 0) -> None:
    page.evaluate("address => { location.hash = address }", f"#{name}/{place}" if place else f"#{name}")
    page.wait_for_function("name => !document.getElementById(`page-${name}`).hidden", arg=name)
    stand_still(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_it_holds_on_every_width(width: str, link: Link, browser_page: NewPage) -> None:
    watched = browser_page(*WIDTHS[width])
    page = opened(watched, link.url)
    for name in PAGES:
        go_to(page, name)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} scrolls sideways"
        assert page.evaluate(BEYOND_THE_EDGE) == [], name
        heading = page.locator(f"#page-{name} h1").bounding_box()
        assert heading is not None
        assert heading["y"] < WIDTHS[width][1]
    assert watched.errors == []
    assert watched.foreign_requests(link.server) == []


@pytest.mark.parametrize("colour_scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(colour_scheme: Literal["light", "dark"], link: Link, browser_page: NewPage) -> None:
    page = opened(browser_page(colour_scheme=colour_scheme), link.url)
    for name in PAGES:
        go_to(page, name)
        violations = Axe().run(page).response["violations"]
        grave = [
            f"{name}: {violation['id']} at {[node['target'] for node in violation['nodes']][:3]}"
            for violation in violations
            if violation["impact"] in GRAVE
        ]
        assert not grave, "\n".join(grave)


def test_text_from_the_data_is_shown_letter_by_letter(link: Link, browser_page: NewPage) -> None:
    watched = browser_page()
    page = opened(watched, link.url)
    for name in PAGES:
        for place in (0, 7):
            go_to(page, name, place)
            assert page.evaluate(TAKEN_FOR_MARKUP) == [], name
            assert page.title().endswith(choices().title)
            page.locator(".page:not([hidden]) details").evaluate_all("folds => folds.forEach(each => each.open = true)")
    go_to(page, "flows")
    said = page.evaluate("document.body.textContent")
    assert HOSTILE in said
    assert HOSTILE_LINK in said
    assert watched.errors == []
    assert watched.foreign_requests(link.server) == []


def test_a_view_is_chosen_for_every_page(link: Link, browser_page: NewPage) -> None:
    page = opened(browser_page(), link.url)
    chosen, place = collected().views[8], 8
    page.get_by_label("Show").select_option(str(place))
    expect(page.get_by_role("status")).to_have_text(f"Shown here: Country – {chosen.label}")
    for name in PAGES:
        page.locator(f'nav a[href^="#{name}"]').click()
        expect(page.locator(f"#page-{name}")).to_be_visible()
        base = page.locator(f"#page-{name} .base")
        expect(base).to_contain_text("120 customers" if name == "personas" else "40 customers of 120")
        expect(page.locator(f"#page-{name} .whole-only")).to_be_visible(visible=name == "personas")
    page.reload()
    expect(page.get_by_label("Show")).to_have_value(str(place))
    page.get_by_label("Show").select_option("0")
    expect(page.locator("#chosen")).to_be_empty()


def test_the_keyboard_is_enough(link: Link, browser_page: NewPage) -> None:
    page = opened(browser_page(), link.url)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    funnels = page.get_by_role("link", name="Funnels", exact=True)
    funnels.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#page-funnels h1")).to_be_focused()
    expect(funnels).to_have_attribute("aria-current", "page")
    expect(page.locator("nav [aria-current]")).to_have_count(1)
    page.get_by_label("Show").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("status")).to_contain_text("Shown here")
    page.get_by_role("button", name="Dark").focus()
    page.keyboard.press("Space")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_table_is_sorted_by_a_click_and_says_so(link: Link, browser_page: NewPage) -> None:
    page = opened(browser_page(), link.url)
    table = page.locator("#page-overview").get_by_role("table", name="The journey in figures")
    stages = table.locator("tbody th")
    expect(stages).to_have_text(["see", "try", "buy"])
    table.get_by_role("button", name="Stage").click()
    expect(stages).to_have_text(["buy", "see", "try"])
    expect(table.get_by_role("columnheader", name="Stage")).to_have_attribute("aria-sort", "ascending")
    table.get_by_role("button", name="Leave after it").click()
    expect(stages).to_have_text(["try", "see", "buy"])
    expect(table.locator("[aria-sort]")).to_have_count(1)


def test_light_and_dark_follow_the_system_until_they_are_chosen(link: Link, browser_page: NewPage) -> None:
    page = opened(browser_page(colour_scheme="dark"), link.url)
    html, switch = page.locator("html"), page.get_by_role("button", name="Dark")
    expect(html).to_have_attribute("data-theme", "dark")
    expect(switch).to_have_attribute("aria-pressed", "true")
    page.emulate_media(color_scheme="light")
    expect(html).to_have_attribute("data-theme", "light")
    switch.click()
    expect(html).to_have_attribute("data-theme", "dark")
    page.emulate_media(color_scheme="dark")
    page.emulate_media(color_scheme="light")
    expect(html).to_have_attribute("data-theme", "dark")
    go_to(page, "funnels")
    ink = page.locator("#page-funnels .plot .ytick text").first
    assert ink.evaluate("text => getComputedStyle(text).fill") == "rgb(230, 236, 242)"


def test_paper_gets_all_pages_of_the_view_light_and_the_map_across(
    link: Link, browser_page: NewPage, tmp_path: Path
) -> None:
    page = opened(browser_page(colour_scheme="dark"), link.url)
    go_to(page, "emotions", 8)
    page.evaluate(
        """() => addEventListener("beforeprint", () => {
          window.onPaper = [...document.querySelectorAll(".page:not([hidden])")].map(each => each.innerText);
          window.figures = document.querySelectorAll(".plot .main-svg").length;
          window.theme = document.documentElement.dataset.theme;
        })"""
    )
    page.pdf(path=tmp_path / "paper.pdf", prefer_css_page_size=True)
    on_paper = page.evaluate("window.onPaper")
    assert len(on_paper) == len(PAGES)
    assert all("How this was counted" in each for each in on_paper)
    assert page.evaluate("window.figures") >= 3
    assert page.evaluate("window.theme") == "light"
    sheets = re.findall(rb"/MediaBox \[0 0 (\d+)[.\d]* (\d+)", (tmp_path / "paper.pdf").read_bytes())
    assert (b"841", b"594") in sheets
    assert (b"594", b"841") in sheets
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator(".page:visible")).to_have_count(1)
    expect(page.locator("#page-emotions .base")).to_contain_text("40 customers of 120")


def test_a_withdrawn_link_takes_the_content_away(link: Link, browser_page: NewPage) -> None:
    watched = browser_page()
    page = opened(watched, link.url)
    page.wait_for_function("performance.getEntriesByType('resource').some(each => each.name.endsWith('/status'))")
    assert link.asked == ["POST"]
    link.is_open = False
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("heading", level=1)).to_have_text("This dashboard is no longer shared")
    assert link.asked == ["POST", "GET"]
    assert "120 customers" not in page.content()
    assert choices().valid_until.isoformat() not in page.content()
    page.evaluate("location.hash = '#funnels'")
    page.emulate_media(color_scheme="dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert [error for error in watched.errors if NOT_FOUND not in error] == []


def test_a_page_that_is_open_when_a_password_is_set_asks_for_it_once(link: Link, browser_page: NewPage) -> None:
    page = opened(browser_page(), link.url)
    page.wait_for_function("performance.getEntriesByType('resource').some(each => each.name.endsWith('/status'))")
    link.is_locked = True
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("heading", level=1)).to_have_text("This page asks for a password")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert link.asked == ["POST", "GET"]


def test_a_network_that_is_away_changes_nothing(link: Link, browser_page: NewPage) -> None:
    page = opened(browser_page(), link.url)
    page.context.set_offline(True)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    go_to(page, "funnels")
    expect(page.locator("#page-funnels h1")).to_be_visible()


def test_a_file_asks_for_nothing(browser_page: NewPage, tmp_path: Path) -> None:
    path = tmp_path / "dashboard.html"
    path.write_text(shared_document(collected(), choices(), made_at=MADE_AT, library="embedded"), "utf-8")
    watched = browser_page()
    page = opened(watched, path.as_uri())
    for name in PAGES:
        go_to(page, name)
    assert [url for url in watched.requests if not url.startswith(("file:", "data:", "blob:"))] == []
    assert watched.errors == []


def test_without_its_library_it_shows_its_words(link: Link, browser_page: NewPage) -> None:
    watched = browser_page()
    watched.page.route("**/plotly-*.js", lambda route: route.abort())
    page = opened(watched, f"{link.url}#funnels")
    expect(page.locator("#page-funnels .plot").first).to_contain_text("reach")
