"""Text from a file stays text: it is shown letter by letter, and neither drawn, run nor fetched."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from journey.workspace import Workspace
from tests.browser.driver import DATASET_PAGES, ROOT, NewPage, Server, at_dataset, open_page

HOSTILE = "<b>x</b> ![i](http://127.0.0.1:9/i.png) $5"
FORMULA = '=HYPERLINK("http://127.0.0.1:9/f","x")'

# Signs that a text was taken for markup: what it would have become.
TAKEN_FOR_MARKUP = """() => [...document.querySelectorAll('img[src*="127.0.0.1:9"], .katex')]
  .concat([...document.querySelectorAll("b, strong")].filter(bold => bold.textContent === "x"))
  .map(element => element.outerHTML.slice(0, 120))"""


def write_hostile_log(folder: Path) -> Path:
    """Forty customers whose touchpoints, channels, country, ids and comments are all out for trouble."""
    path = folder / "<i>log<i> $1.csv"
    with path.open("w", newline="", encoding="utf-8") as lines:
        log = csv.writer(lines)
        log.writerow(["customer_id", "timestamp", "touchpoint", "channel", "stage", "country", "nps", "comment"])
        for customer in range(40):
            for day, (touchpoint, stage) in enumerate(
                [(HOSTILE, "awareness"), ("pricing", "consideration"), ("checkout " + HOSTILE, "purchase")][
                    : 1 + customer % 3
                ],
                start=1,
            ):
                log.writerow(
                    [
                        f"{FORMULA} {customer}",
                        f"2026-03-{day:02} 10:{customer:02}:00",
                        touchpoint,
                        HOSTILE if customer % 2 else "email",
                        stage,
                        HOSTILE,
                        customer % 11,
                        f"{HOSTILE} javascript:alert(1)",
                    ]
                )
    return path


@pytest.fixture(scope="module")
def hostile_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_hostile_log(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def hostile_dataset_id(app_server: Server, hostile_log: Path) -> str:
    workspace = Workspace(app_server.home)
    with hostile_log.open("rb") as stream:
        uploads = [workspace.spool(hostile_log.name, stream)]
    proposal = workspace.inspect(uploads)
    return str(workspace.keep(uploads, proposal.recipe, name=HOSTILE).id)


@pytest.mark.parametrize("title", DATASET_PAGES)
def test_a_hostile_channel_is_shown_letter_by_letter(
    title: str, browser_page: NewPage, app_server: Server, hostile_dataset_id: str
) -> None:
    watched = browser_page()
    page = open_page(watched, app_server, at_dataset(DATASET_PAGES[title], hostile_dataset_id))
    assert page.evaluate(TAKEN_FOR_MARKUP) == []
    assert HOSTILE in str(page.evaluate("() => document.body.textContent"))
    watched.require_calm(app_server)


def test_a_hostile_dataset_name_is_shown_letter_by_letter_on_start(
    browser_page: NewPage, app_server: Server, hostile_dataset_id: str
) -> None:
    watched = browser_page()
    page = open_page(watched, app_server, "/")
    assert page.evaluate(TAKEN_FOR_MARKUP) == []
    assert HOSTILE in str(page.evaluate("() => document.body.textContent"))
    watched.require_calm(app_server)


def test_the_html_report_shows_it_letter_by_letter_and_fetches_nothing(
    browser_page: NewPage, hostile_log: Path, tmp_path: Path
) -> None:
    report = tmp_path / "report.html"
    subprocess.run(
        [sys.executable, "-m", "journey", "report", str(hostile_log), "--out", str(report)],
        check=True,
        cwd=ROOT,
        env=os.environ | {"JOURNEY_HOME": str(tmp_path / "workspace")},
    )
    watched = browser_page()
    watched.page.goto(report.as_uri())
    said = ""
    for page in ("overview", "personas", "journey_map", "flows", "funnels", "emotions"):
        watched.page.evaluate("page => { location.hash = page }", page)
        watched.page.wait_for_timeout(500)
        assert watched.page.evaluate(TAKEN_FOR_MARKUP) == []
        said += str(watched.page.evaluate("() => document.querySelector('.page:not([hidden])').textContent"))
    assert HOSTILE in said
    assert [url for url in watched.requests if not url.startswith(("file:", "data:", "blob:"))] == []
    assert watched.errors == []
