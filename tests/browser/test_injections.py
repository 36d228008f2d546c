"""Every text that comes from data, and what is typed beside it, stays text: in the app, at a link and in the file."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page

import journey
from journey.reports.choices import Choices, Quote
from journey.reports.library import chart_library
from journey.reports.shared import Shared, shared
from journey.sharing.links import Links, Snapshot
from journey.text.masking import masked
from journey.workspace import Workspace
from tests.attacks.target import Target, running_publisher
from tests.browser.driver import PAGES, Server, WatchedPage, at_dataset, settle
from tests.browser.payloads import FOREIGN, PAYLOADS, RUN, SIGNS

#: So many payloads are in one document: as many as its pictures have room to name.
AT_ONCE = 8
N_CUSTOMERS = 400
STAGES = ("stagezero", "stageone", "stagetwo")
PLACES = [f"placeholder{letter}" for letter in "abcdefgh"]
BATCHES = [PAYLOADS[start : start + AT_ONCE] for start in range(0, len(PAYLOADS), AT_ONCE)]
PAGES_OF_THE_APP = PAGES | {"Share": "/share"}
EVERY_HOVER = """() => {
  for (const plot of document.querySelectorAll(".js-plotly-plot"))
    for (let curve = 0; curve < plot.data.length; curve++)
      try { Plotly.Fx.hover(plot, [{curveNumber: curve, pointNumber: 0}]); } catch (error) { /* no such point */ }
}"""


@contextmanager
def without_policy(browser: Browser) -> Iterator[WatchedPage]:
    """A page whose browser forgets the content security policy: what stops a text must be how it is written."""
    context = browser.new_context(bypass_csp=True, locale="en-GB")
    watched = WatchedPage(context.new_page())
    watched.page.on("dialog", lambda dialog: (watched.errors.append(f"dialog {dialog.message}"), dialog.dismiss()))
    try:
        yield watched
    finally:
        context.close()


def require_text_only(watched: WatchedPage) -> None:
    """Nothing ran, nothing was taken for markup, nothing foreign was asked for."""
    assert watched.page.evaluate("() => window.__ran") is None
    assert watched.page.evaluate(SIGNS) == []
    assert [url for url in watched.requests if "127.0.0.1:9/" in url] == []
    assert watched.errors == []


# --- The app -----------------------------------------------------------------------------------------------------


def hostile_log() -> bytes:
    """A log whose labels, values, comments and column names are all payloads."""
    lines = io.StringIO(newline="")
    log = csv.writer(lines)
    log.writerow(["customer_id", "timestamp", "touchpoint", "channel", "comment", "nps", *PAYLOADS[:12]])
    for customer in range(len(PAYLOADS) * 2):
        for turn in range(3):
            payload = PAYLOADS[(customer + turn * 7) % len(PAYLOADS)]
            other = PAYLOADS[(customer * 5 + turn) % 9]
            values = [PAYLOADS[(customer + place) % 5] for place in range(12)]
            when = f"2026-03-{1 + turn * 3:02} 10:{customer % 60:02}:00"
            log.writerow([f"{payload} {customer}", when, payload, other, f"{payload} says so", customer % 11, *values])
    return lines.getvalue().encode()


@pytest.fixture(scope="module")
def hostile_dataset_id(app_server: Server) -> str:
    workspace = Workspace(app_server.home)
    upload = workspace.spool(f"{PAYLOADS[3]} {PAYLOADS[45]}.csv", io.BytesIO(hostile_log()))
    proposal = workspace.inspect([upload])
    return str(workspace.keep([upload], proposal.recipe, name=f"{PAYLOADS[0]} {PAYLOADS[58]}").id)


@pytest.mark.parametrize("title", PAGES_OF_THE_APP)
def test_the_app_shows_every_payload_as_text(
    title: str, browser: Browser, app_server: Server, hostile_dataset_id: str
) -> None:
    with without_policy(browser) as watched:
        watched.page.goto(app_server.url + at_dataset(PAGES_OF_THE_APP[title], hostile_dataset_id))
        settle(watched.page)
        require_text_only(watched)
        assert watched.foreign_requests(app_server) == []


# --- The shared document -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample() -> Shared:
    """A shared dashboard with a name for every payload of a batch, in every place where data are named."""
    rows = [
        {
            "customer_id": f"c{customer}",
            "timestamp": pd.Timestamp("2025-01-01") + pd.Timedelta(days=customer % 180, hours=9 * turn),
            "touchpoint": PLACES[(customer + turn) % len(PLACES)],
            "channel": PLACES[(customer + turn * 3) % len(PLACES)],
            "stage": STAGES[turn],
            "emotion": float((customer * 7 + turn) % 5 - 2),
        }
        for customer in range(N_CUSTOMERS)
        for turn in range(1 + customer % 3)
    ]
    customers = pd.DataFrame(
        {
            "customer_id": [f"c{customer}" for customer in range(N_CUSTOMERS)],
            "placeholdera": [PLACES[customer % 4] for customer in range(N_CUSTOMERS)],
        }
    )
    dataset = journey.load(pd.DataFrame(rows), customers=customers, stages=list(STAGES))
    quotes = tuple(Quote(place, STAGES[0], place) for place in PLACES)
    choices = Choices(PLACES[1], datetime.date(2026, 3, 1), cuts=("channel", "placeholdera"), least=5, quotes=quotes)
    return shared(dataset, None, choices, b"k" * 32, made_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))


def renamed(value: Any, names: dict[str, str]) -> Any:
    """The same thing with other names from the data in it, wherever they stand."""
    if isinstance(value, str):
        for name, other in names.items():
            value = value.replace(name, other).replace(name.capitalize(), other)
        return value
    if isinstance(value, pd.DataFrame):
        told = value.copy()
        for column in told.columns:
            if not pd.api.types.is_numeric_dtype(told[column]):
                told[column] = pd.Series([renamed(each, names) for each in told[column]], told.index, dtype=object)
        return told
    if isinstance(value, (tuple, list)):
        return type(value)(renamed(each, names) for each in value)
    if isinstance(value, dict):
        return {renamed(key, names): renamed(each, names) for key, each in value.items()}
    if isinstance(value, Quote):
        return Quote(
            masked(renamed(value.comment, names)), *(renamed(each, names) for each in (value.stage, value.touchpoint))
        )
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{each.name: renamed(getattr(value, each.name), names) for each in fields(value) if each.init}
        )
    return value


@dataclass(frozen=True)
class Published:
    """Where documents with payloads are found: at a link, and as a file."""

    target: Target
    links: Links
    folder: Path


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    home = tmp_path_factory.mktemp("published")
    (home / "shared").mkdir(mode=0o700)
    links = Links(home / "shared")
    links.keep_library(*chart_library())
    with running_publisher(home) as target:
        yield Published(target, links, home)


def hostile(sample: Shared, batch: tuple[str, ...]) -> Shared:
    """The sample with the payloads of a batch for names, comments and title."""
    names = dict(zip(PLACES, batch, strict=False)) | {STAGES[1]: batch[-1], STAGES[2]: batch[0]}
    return renamed(sample, names)


def walk(page: Page, *views: int) -> None:
    """Open every page of some views, as on paper, and point at every picture."""
    for place in views:
        page.evaluate("place => { location.hash = `#overview/${place}`; }", place)
        page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
        page.wait_for_timeout(150)
        page.evaluate(EVERY_HOVER)
        page.wait_for_timeout(100)
        assert page.evaluate(SIGNS) == []
        page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")


@pytest.mark.parametrize("place", range(len(BATCHES)))
def test_a_shared_document_and_its_file_show_every_payload_as_text(
    place: int, browser: Browser, sample: Shared, published: Published
) -> None:
    made = hostile(sample, BATCHES[place])
    _link, token = published.links.make(
        Snapshot(made.document("linked"), made.policy), title="x", dataset_id="x", dataset_name="x", version="x",
        choices={}, made_by="x",
    )  # fmt: skip
    file = published.folder / f"{place}.html"
    file.write_bytes(made.document("embedded"))
    own = f"http://127.0.0.1:{published.target.port}"
    for address, views in ((f"{own}/s/{token}", (0, 2)), (file.as_uri(), (0,))):
        with without_policy(browser) as watched:
            watched.page.goto(address)
            walk(watched.page, *views)
            require_text_only(watched)
            asked = [url for url in watched.requests if not url.startswith((own, "file:", "data:", "blob:"))]
            assert asked == []
            # What is not shown letter by letter was not shown at all, and nothing would have been tested.
            assert BATCHES[place][0] in str(watched.page.evaluate("() => document.documentElement.textContent"))


def test_nothing_of_ours_is_stopped_by_the_policy(browser: Browser, sample: Shared, published: Published) -> None:
    """If a script of ours broke the policy, someone would loosen it one day."""
    made = hostile(sample, BATCHES[0])
    _link, token = published.links.make(
        Snapshot(made.document("linked"), made.policy), title="x", dataset_id="x", dataset_name="x", version="x",
        choices={}, made_by="x",
    )  # fmt: skip
    context = browser.new_context(locale="en-GB")
    watched = WatchedPage(context.new_page())
    watched.page.goto(f"http://127.0.0.1:{published.target.port}/s/{token}")
    walk(watched.page, 0, 1)
    require_text_only(watched)
    context.close()


def test_there_are_at_least_sixty_payloads_and_each_is_out_for_something() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 60
    assert sum(RUN in payload or FOREIGN in payload for payload in PAYLOADS) >= 60
