from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.driver import PAGES, NewPage, Server, at_dataset, open_page

GRAVE = {"serious", "critical"}

CHARTS_WITHOUT_WORDS = """() => {
  const named = '[aria-label]:not([aria-label=""])';
  return [...document.querySelectorAll('[data-testid="stEChartsChart"], [data-testid="stPlotlyChart"]')]
    .filter(chart => !chart.matches(named) && !chart.querySelector(named))
    .map(chart => chart.closest('[class*="st-key-"]')?.className ?? chart.outerHTML.slice(0, 120));
}"""


@pytest.mark.parametrize("colour_scheme", ["light", "dark"])
@pytest.mark.parametrize("title", PAGES)
def test_axe_finds_nothing_serious(
    title: str,
    colour_scheme: Literal["light", "dark"],
    browser_page: NewPage,
    app_server: Server,
    demo_dataset_id: str,
) -> None:
    watched = browser_page(colour_scheme=colour_scheme)
    page = open_page(watched, app_server, at_dataset(PAGES[title], demo_dataset_id))
    violations = Axe().run(page).response["violations"]
    grave = [
        f"{violation['id']}: {violation['help']} at {[node['target'] for node in violation['nodes']][:3]}"
        for violation in violations
        if violation["impact"] in GRAVE
    ]
    assert not grave, "\n".join(grave)
    watched.require_calm(app_server)


@pytest.mark.parametrize("title", PAGES)
def test_a_page_has_one_main_heading_and_words_for_each_chart(
    title: str, browser_page: NewPage, app_server: Server, demo_dataset_id: str
) -> None:
    page = open_page(browser_page(), app_server, at_dataset(PAGES[title], demo_dataset_id))
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.evaluate(CHARTS_WITHOUT_WORDS) == []
