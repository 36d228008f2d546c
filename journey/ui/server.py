"""What stands around the pages: warm imports, a health answer, and the headers of every response."""

from __future__ import annotations

import gc
import importlib
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from journey.ui import uploads

# Nothing foreign is loaded and no inline script runs; Streamlit's components need inline styles and data: pictures.
CONTENT_POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:; worker-src 'self' blob:; "
    "frame-ancestors 'none'; object-src 'none'; base-uri 'self'"
)
HEADERS = {
    b"content-security-policy": CONTENT_POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"x-frame-options": b"DENY",
}
_HEAVY = ("pandas", "ibis", "plotly.graph_objects", "sklearn.cluster", "journey.analysis.findings")


class SecureHeaders:
    """Adds `HEADERS` to every response, Streamlit's own included."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _value in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((name, value) for name, value in HEADERS.items() if name not in present),
                ]
            await send(message)

        await self._app(scope, receive, send_with_headers)


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
    yield {}


ROUTES = [Route("/healthz", health, methods=["GET"]), uploads.ROUTE]
MIDDLEWARE = [Middleware(SecureHeaders)]
