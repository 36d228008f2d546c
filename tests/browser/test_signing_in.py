"""Signing in at a login provider that runs on this machine, in a real browser."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driver import NewPage, Server, free_port, running_server, settle

PEOPLE = (
    {"sub": "ana", "email": "ana@example.com", "email_verified": True},
    {"sub": "bo", "email": "bo@example.org", "email_verified": True},
    {"sub": "cy", "email": "ana@example.com", "email_verified": False},
)
START_SECONDS = 30
#: A busy machine takes its time to draw a first page.
SHOWN_MILLISECONDS = 30_000


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of a login provider that asks for no password."""
    port = free_port()
    people = [argument for person in PEOPLE for argument in ("--user-claims", json.dumps(person))]
    process = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *people], stderr=subprocess.DEVNULL
    )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/.well-known/openid-configuration")
        yield address
    finally:
        process.terminate()
        process.wait(timeout=15)


def wait_for(address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - a fixed loopback address
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            assert time.monotonic() < deadline, f"{address} did not answer"
            time.sleep(0.1)


@pytest.fixture(scope="module")
def server(provider: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An app that only invited people may use."""
    home = tmp_path_factory.mktemp("invited") / "home"
    (home / ".streamlit").mkdir(parents=True)
    port = free_port()
    section = {
        "redirect_uri": f"http://127.0.0.1:{port}/oauth2callback",
        "cookie_secret": "a key of thirty-two characters, or more",
        "client_id": "journey",
        "client_secret": "any",
        "server_metadata_url": f"{provider}/.well-known/openid-configuration",
    }
    lines = [f'{name} = "{value}"' for name, value in section.items()]
    # The server is started in its home, and finds the file there.
    (home / ".streamlit" / "secrets.toml").write_text("\n".join(["[auth]", *lines]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JOURNEY_ALLOW", "ana@example.com")
        with running_server(home, port) as running:
            yield running


def signed_in(page: Page, server: Server, person: str) -> None:
    """Go to a page, sign in as somebody at the provider, and come back."""
    page.goto(f"{server.url}/overview")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile("/oauth2/authorize"))
    page.get_by_role("button", name=person, exact=True).click()
    page.wait_for_url(f"{server.url}/**")
    settle(page)


def status(page: Page, address: str) -> int:
    return page.context.request.get(address).status


def test_a_stranger_sees_how_to_sign_in_and_no_page(server: Server, browser_page: NewPage) -> None:
    page: Page = browser_page().page
    for path in ("/", "/overview", "/customer", "/share"):
        page.goto(server.url + path)
        expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=SHOWN_MILLISECONDS)
        settle(page)
        assert page.get_by_test_id("stMain").inner_text().split("\n\n") == ["Journey", "Sign in to go on.", "Sign in"]
        expect(page.get_by_test_id("stTopNavLink")).to_have_count(0)
    for path in ("/media/0.csv", f"/preview/{'x' * 43}", "/_stcore/bidi-components/journey.upload/upload.js"):
        assert status(page, server.url + path) == 403, path
    sent = page.context.request.put(f"{server.url}/upload/{'x' * 43}", data=b"x", headers={"Origin": server.url})
    assert sent.status == 403


def test_who_is_invited_signs_in_works_and_signs_out(server: Server, browser_page: NewPage) -> None:
    watched = browser_page(width=1600)
    page: Page = watched.page
    signed_in(page, server, "ana")
    expect(page.get_by_test_id("stTopNavLink").filter(has_text="Funnels")).to_be_visible(timeout=SHOWN_MILLISECONDS)
    expect(page.get_by_role("button", name="Sign out ana@example.com")).to_be_visible(timeout=SHOWN_MILLISECONDS)
    assert status(page, f"{server.url}/media/0.csv") == 404
    [kept] = [cookie for cookie in page.context.cookies() if cookie["name"] == "_streamlit_user"]
    assert (kept["httpOnly"], kept["sameSite"]) == (True, "Lax")

    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile("/oauth2/end_session"))
    page.goto(f"{server.url}/overview")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=SHOWN_MILLISECONDS)
    assert status(page, f"{server.url}/media/0.csv") == 403


@pytest.mark.parametrize(
    ("person", "told"),
    [
        ("bo", "bo@example.org is not invited. Ask the person who runs this Journey to invite you."),
        ("cy", "The login provider does not vouch for your e-mail address, so that you can’t be let in."),
    ],
)
def test_who_is_not_invited_is_told_so(person: str, told: str, server: Server, browser_page: NewPage) -> None:
    page: Page = browser_page().page
    signed_in(page, server, person)
    expect(page.get_by_test_id("stAlert")).to_have_text(told, timeout=SHOWN_MILLISECONDS)
    expect(page.get_by_test_id("stTopNavLink")).to_have_count(0)
    assert status(page, f"{server.url}/media/0.csv") == 403


def test_the_key_of_the_cookies_stays_where_it_is(server: Server) -> None:
    log = Path(f"{server.home}-server.log").read_text()
    assert "a key of thirty-two" not in log
