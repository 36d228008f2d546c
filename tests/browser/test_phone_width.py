from __future__ import annotations

import pytest

from tests.browser.driver import PAGES, NewPage, Server, at_dataset, open_page

PHONE = {"width": 390, "height": 844}

# What reaches past the right edge, other than inside a box that scrolls on its own, such as a table.
BEYOND_THE_EDGE = """() => {
  const scrollsAlone = element => {
    for (let box = element.parentElement; box && box.dataset.testid !== "stMain"; box = box.parentElement)
      if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(box).overflowX)) return true;
    return false;
  };
  return [...document.querySelectorAll('[data-testid="stMain"] *')]
    .filter(element => element.getClientRects().length && element.checkVisibility())
    .filter(element => element.getBoundingClientRect().right > window.innerWidth + 1 && !scrollsAlone(element))
    .map(element => `${element.tagName} ${element.dataset.testid ?? element.className} "${element.innerText ?? ""}"`)
    .map(line => line.slice(0, 120)).slice(0, 5);
}"""

SIDEWAYS = """() => ['html', '[data-testid="stMain"]'].map(name => document.querySelector(name))
  .filter(box => box.scrollWidth > box.clientWidth + 1).map(box => `${box.scrollWidth} in ${box.clientWidth}`)"""

FOLDED_LETTERS = """() => [...document.querySelectorAll('[data-testid="stMain"] :is(h1, h2, h3, p, button)')]
  .filter(element => element.innerText?.trim().length > 12 && element.getClientRects().length)
  .filter(element => element.getBoundingClientRect().width < 40)
  .map(element => element.innerText.slice(0, 60))"""


@pytest.mark.parametrize("title", PAGES)
def test_a_page_holds_on_a_phone(title: str, browser_page: NewPage, app_server: Server, demo_dataset_id: str) -> None:
    watched = browser_page(**PHONE)
    page = open_page(watched, app_server, at_dataset(PAGES[title], demo_dataset_id))
    assert page.evaluate(SIDEWAYS) == [], "the page scrolls sideways"
    assert page.evaluate(BEYOND_THE_EDGE) == [], "something reaches past the right edge"
    assert page.evaluate(FOLDED_LETTERS) == [], "a text is squeezed to a column of letters"
    heading = page.get_by_role("heading", level=1).bounding_box()
    assert heading is not None
    assert heading["y"] < PHONE["height"], "the main heading is seen only after scrolling"
    watched.require_calm(app_server)
