"""Pages run as the server runs them, without a browser, on a workspace that holds the demo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from journey.workspace import Workspace

ROOT = Path(__file__).parents[2]
ROUTER = ROOT / "journey" / "ui" / "entry" / "router.py"

#: Runs a page of the app at an address: `open_app("funnels", dataset="demo")`.
OpenApp = Callable[..., AppTest]


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace with the demo; the app under test looks here, too."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JOURNEY_HOME", str(home))
        made = Workspace(home)
        made.add_demo()
        yield made


@pytest.fixture
def open_app(workspace: Workspace) -> OpenApp:
    def open_page(page: str = "start", **address: str | list[str]) -> AppTest:
        app = AppTest.from_file(str(ROUTER), default_timeout=120)
        for name, value in address.items():
            app.query_params[name] = value
        app.run()
        return app if page == "start" else app.switch_page(str(ROOT / "pages" / f"{page}.py")).run()

    return open_page
