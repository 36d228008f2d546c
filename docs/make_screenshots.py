"""Take the pictures in docs/images again, from the running app with the demo data.

`make screenshots`, or `python docs/make_screenshots.py --sizes all --out FOLDER` for every page at desktop and phone
width, light and dark.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("start", "overview", "personas", "flows", "funnels", "emotions", "customer", "journey-map")
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
READY = '[data-testid="stApp"][data-test-connection-state="CONNECTED"][data-test-script-state="notRunning"]'


def main() -> None:
    """Start the app, open every page and write a picture of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--sizes", choices=("docs", "all"), default="docs")
    parser.add_argument("--pages", nargs="*", default=PAGES, help="only these pages")
    parser.add_argument("--whole", action="store_true", help="the whole page, not only what is seen without scrolling")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    kinds = [("desktop", "light")]
    if options.sizes == "all":
        kinds = [(size, scheme) for size in SIZES for scheme in ("light", "dark")]
    with running_app() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for size, scheme in kinds:
            width, height = SIZES[size]
            page = browser.new_page(
                viewport={"width": width, "height": height},
                color_scheme="dark" if scheme == "dark" else "light",
                timezone_id="Europe/Bucharest",
            )
            for name in options.pages:
                address = f"{url}/{'' if name == 'start' else name}?dataset=demo"
                page.goto(address)
                settle(page)
                suffix = "" if options.sizes == "docs" else f"-{size}-{scheme}"
                page.screenshot(path=options.out / f"{name}{suffix}.png", full_page=False)
                if options.whole:
                    page.set_viewport_size({"width": width, "height": whole_height(page)})
                    settle(page)
                    page.screenshot(path=options.out / f"{name}{suffix}-whole.png")
                    page.set_viewport_size({"width": width, "height": height})
                print(options.out / f"{name}{suffix}.png")
            page.close()
        browser.close()


def settle(page: Page) -> None:
    """Wait until the page stands still."""
    for _turn in range(4):
        page.wait_for_selector(READY, timeout=90_000)
        page.wait_for_timeout(400)
    page.wait_for_function(
        "!document.querySelector('[data-testid=stSkeleton], [data-testid=stSpinner]')", timeout=90_000
    )
    page.wait_for_timeout(600)


def whole_height(page: Page) -> int:
    return min(int(page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")) + 10, 6_000)


@contextmanager
def running_app() -> Iterator[str]:
    """Serve the app from an empty workspace that holds the demo."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"JOURNEY_HOME": home, "PORT": str(port), "HOST": "127.0.0.1"}
        subprocess.run(
            [sys.executable, "-c", "from journey.workspace import *; Workspace(default_home()).add_demo()"],
            check=True,
            cwd=ROOT,
            env=environment,
        )
        server = subprocess.Popen([sys.executable, str(ROOT / "app.py")], cwd=ROOT, env=environment)
        try:
            url = f"http://127.0.0.1:{port}"
            for _turn in range(300):
                try:
                    with urllib.request.urlopen(f"{url}/healthz", timeout=5):  # noqa: S310 - a fixed loopback address
                        break
                except (urllib.error.URLError, ConnectionError, TimeoutError):
                    time.sleep(0.2)
            yield url
        finally:
            server.terminate()
            server.wait(15)


if __name__ == "__main__":
    main()
