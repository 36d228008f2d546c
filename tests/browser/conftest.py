from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, sync_playwright

from journey.workspace import Workspace
from tests.browser.driver import CHROMIUM_FLAGS, NewPage, NewServer, Server, WatchedPage, running_server


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=list(CHROMIUM_FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def app_server(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> Iterator[Server]:
    """One server for all tests that leave it as they found it."""
    with running_server(tmp_path_factory.mktemp("workspace")) as server:
        yield server


@pytest.fixture
def new_server(tmp_path: Path) -> Iterator[NewServer]:
    """Servers nobody has visited yet: `new_server()`, or `new_server(home)` on an existing workspace."""
    with ExitStack() as servers:

        def start(home: Path | None = None) -> Server:
            if home is None:
                home = tmp_path / "workspace"
                home.mkdir(exist_ok=True)
            return servers.enter_context(running_server(home))

        yield start


@pytest.fixture(scope="session")
def demo_dataset_id(app_server: Server) -> str:
    """The demo data in the shared server's workspace."""
    return str(Workspace(app_server.home).add_demo().id)


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[NewPage]:
    """Pages with an empty profile each: `browser_page(width=390, height=844, colour_scheme="dark")`."""
    with ExitStack() as contexts:

        def open_empty(
            width: int = 1280, height: int = 900, colour_scheme: Literal["light", "dark"] = "light"
        ) -> WatchedPage:
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=colour_scheme, locale="en-GB"
            )
            contexts.callback(context.close)
            return WatchedPage(context.new_page())

        yield open_empty


#: Scripts that a server of the tests runs; they are no tests and draw when they are imported.
collect_ignore = ["upload_app.py", "upload_page.py"]
