"""What stands around the pages: warm imports, a health answer, the doors, and when the server refuses to start."""

from __future__ import annotations

import gc
import importlib
import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from streamlit import config
from streamlit.web import bootstrap

from journey.errors import JourneyError
from journey.sharing import connections
from journey.sharing.addresses import own_port
from journey.sharing.beside import Publishing
from journey.sharing.routes import Shares
from journey.sharing.visitors import Proxies
from journey.ui import hosts, login, previews, uploads
from journey.ui.doors import Doors, require_no_base_path

PUBLISHING = Publishing()
_HEAVY = ("pandas", "ibis", "plotly.graph_objects", "sklearn.cluster", "journey.analysis.findings")


async def health(_request: Request) -> Response:
    return PlainTextResponse("ok", headers={"Cache-Control": "no-store"})


def _warm() -> None:
    for name in _HEAVY:
        importlib.import_module(name)
    # Streamlit collects garbage after every run of a page; what is frozen is not looked at again (75 → 4 ms a run).
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    # The port listens first; whoever comes in the first seconds waits for the imports only as far as needed.
    threading.Thread(target=_warm, name="warm imports", daemon=True).start()
    with PUBLISHING.running():
        yield {}


def use_settings_beside(script: Path) -> None:
    """Read `.streamlit/` beside the script that starts the server, whatever starts it and from whatever folder."""
    config._main_script_path = str(script)  # noqa: SLF001 - as `streamlit run` does; there is no public way


def settings() -> dict[str, Any]:
    """Tell where the server listens, and make ready for it.

    Raises
    ------
    SystemExit
        With a sentence, when people could come in who were never invited, or a setting can't be read.
    """
    host = hosts.listening_host()
    try:
        port = own_port()
        hosts.require_place(host, port)
    except JourneyError as error:
        raise SystemExit(str(error)) from None
    chosen = {"server.address": host, "server.port": port, "server.headless": True}
    # What is asked below reads Streamlit's settings, and those that come later than that it calls an unexpected change.
    bootstrap.load_config_options(chosen)
    try:
        require_no_base_path()
        login.require_safe_start(host)
        Proxies.configured()
        PUBLISHING.listen()
    except JourneyError as error:
        raise SystemExit(str(error)) from None
    # Whose word about a visitor's address is taken is said by JOURNEY_PROXIES alone.
    os.environ["FORWARDED_ALLOW_IPS"] = ""
    connections.use_for_every_server()
    return chosen


ROUTES = [Route("/healthz", health, methods=["GET"]), uploads.ROUTE, *previews.ROUTES]
MIDDLEWARE = [Middleware(Doors), Middleware(Shares)]
