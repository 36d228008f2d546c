"""Starting the app, opening its pages in Chromium, and waiting until they stand still."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request

ROOT = Path(__file__).resolve().parents[2]

#: Title in the navigation and address of each page that shows a dataset.
DATASET_PAGES = {
    "Overview": "/overview",
    "Personas": "/personas",
    "Flows": "/flows",
    "Funnels": "/funnels",
    "Emotions": "/emotions",
    "Journey map": "/journey-map",
    "Share": "/share",
}
PAGES = {"Start": "/"} | DATASET_PAGES

#: The one inline script of Streamlit's index page is blocked by the content security policy, and not missed.
BLOCKED_INLINE_SCRIPT = "Executing inline script violates"
#: Opened at /funnels, the front end looks for its server beneath /funnels first, and then at the root.
PROBED = ("/_stcore/health", "/_stcore/host-config")

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

WIRE_SCHEMES = {"http", "https", "ws", "wss", "ftp"}

START_SECONDS = 60
SETTLE_SECONDS = 45
STILL_SECONDS = 0.5

# Why the page is not yet what a person would look at; empty when it is.
UNSETTLED = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  if (!app) return "the app has not been drawn";
  if (app.dataset.testConnectionState !== "CONNECTED") return "not connected";
  if (app.dataset.testScriptState !== "notRunning") return "the script is " + app.dataset.testScriptState;
  const main = document.querySelector('[data-testid="stMain"]');
  if (!main || !main.innerText.trim()) return "the page is empty";
  if (document.querySelector('[data-testid="stSkeleton"]')) return "an element is still loading";
  if (document.querySelector('[data-testid="stEChartsChart"][aria-busy="true"]')) return "a chart is being drawn";
  for (const chart of document.querySelectorAll(".js-plotly-plot"))
    if (!chart.querySelector(".main-svg")) return "a chart is being drawn";
  return "";
}"""


@dataclass(frozen=True)
class Server:
    """A running app with a workspace folder of its own."""

    url: str
    home: Path


@dataclass
class WatchedPage:
    """A browser page, the errors it reported and the addresses it asked for."""

    page: Page
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._note_console)
        self.page.on("request", self._note_request)

    def _note_console(self, message: ConsoleMessage) -> None:
        expected = BLOCKED_INLINE_SCRIPT in message.text or message.location["url"].endswith(PROBED)
        if message.type == "error" and not expected:
            self.errors.append(message.text)

    def _note_request(self, request: Request) -> None:
        self.requests.append(request.url)

    def foreign_requests(self, server: Server) -> list[str]:
        """Every address asked for that is neither the server's nor part of the page itself."""
        own = urlsplit(server.url).netloc
        return [url for url in self.requests if urlsplit(url).scheme in WIRE_SCHEMES and urlsplit(url).netloc != own]

    def require_calm(self, server: Server) -> None:
        """No exception box, no error in the browser, nothing asked of a foreign host."""
        boxes = self.page.get_by_test_id("stException").all_inner_texts()
        assert not boxes, f"{self.page.url} shows an exception: {boxes}"
        assert not self.errors, f"{self.page.url} reported {self.errors}"
        assert not (foreign := self.foreign_requests(server)), f"{self.page.url} asked for {foreign}"


#: What the fixtures `browser_page` and `new_server` hand out.
NewPage = Callable[..., WatchedPage]
NewServer = Callable[..., Server]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_server(home: Path, port: int | None = None, app: Path = ROOT / "app.py") -> Iterator[Server]:
    """Serve the app from the workspace folder `home`, wait until it answers, and stop it at the end."""
    port = port or free_port()
    server = Server(f"http://127.0.0.1:{port}", home)
    log_path = home.with_name(f"{home.name}-server.log")
    environment = os.environ | {"HOST": "127.0.0.1", "PORT": str(port), "JOURNEY_HOME": str(home)}
    with log_path.open("a") as log:
        # Started from a foreign folder: what the app finds must not depend on where it is started.
        process = subprocess.Popen(
            [sys.executable, str(app)], cwd=home, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            wait_until_it_answers(server, process, log_path)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_until_it_answers(server: Server, process: subprocess.Popen[bytes], log_path: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(f"app.py ended with code {process.returncode}:\n{log_path.read_text()[-4000:]}")
        try:
            with urllib.request.urlopen(f"{server.url}/healthz", timeout=5):  # noqa: S310 - a fixed loopback address
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"app.py did not answer in {START_SECONDS} s:\n{log_path.read_text()[-4000:]}")


def open_page(watched: WatchedPage, server: Server, path: str) -> Page:
    """Go to the page as from a bookmark and wait until it stands still."""
    watched.page.goto(server.url + path, wait_until="domcontentloaded")
    settle(watched.page)
    return watched.page


def settle(page: Page) -> None:
    """Wait until the page has stood still for a moment.

    Right after a click the state may still be that of before it: wait for something expected first, then settle.
    """
    deadline = time.monotonic() + SETTLE_SECONDS
    still_since: float | None = None
    reason = "never looked at"
    while time.monotonic() < deadline:
        reason = page.evaluate(UNSETTLED)
        now = time.monotonic()
        if reason:
            still_since = None
        elif still_since is None:
            still_since = now
        elif now - still_since >= STILL_SECONDS:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{page.url} did not settle in {SETTLE_SECONDS} s: {reason}")


def at_dataset(path: str, dataset_id: str) -> str:
    """The address of a page that shows this dataset."""
    return f"{path}?dataset={dataset_id}"
