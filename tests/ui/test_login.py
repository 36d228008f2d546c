"""Who comes in where a login is configured: whom the provider vouches for and `JOURNEY_ALLOW` names, nobody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from streamlit.auth_util import set_cookie_with_chunks
from streamlit.runtime.secrets import secrets_singleton
from streamlit.testing.v1 import AppTest
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from journey.ui import login
from journey.ui.invitations import ALLOW_VARIABLE, InvitationError, Invitations
from journey.ui.login import StartRefusedError, lets_in, require_safe_start
from tests.ui.conftest import ROUTER

KEY = "a key of thirty-two characters, or more"
AUTH = {
    "redirect_uri": "http://localhost:8501/oauth2callback",
    "cookie_secret": KEY,
    "client_id": "journey",
    "client_secret": "x",
    "server_metadata_url": "http://localhost:9400/.well-known/openid-configuration",
}
ORIGIN = "http://localhost:8501"
ANA: dict[str, Any] = {"email": "ana@example.com", "email_verified": True}
NOT_YET = "a page was run before the visitor was let in"


@pytest.fixture(autouse=True)
def configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """A complete login, with two people and a domain invited; a test may change it before it is read."""
    section: dict[str, Any] = dict(AUTH)
    monkeypatch.setattr(login, "get_secrets_auth_section", lambda: section)
    monkeypatch.setattr(login, "get_cookie_secret", lambda: KEY)
    monkeypatch.setattr(login, "get_origin_from_redirect_uri", lambda: ORIGIN)
    monkeypatch.setenv(ALLOW_VARIABLE, "ana@example.com, Bo@Example.com @example.org")
    login.is_on.cache_clear()
    yield section
    login.is_on.cache_clear()


# --- Who is invited ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["ana@example.com", "ANA@EXAMPLE.COM", "bo@example.com", "anybody@example.org", "a+b@Example.Org"]
)
def test_named_addresses_and_domains_are_invited(address: str) -> None:
    assert Invitations.configured().include(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "@example.org",
        "ana@example.com.evil.example",
        "ana@sub.example.org",
        "ana@notexample.org",
        "ana@example.org@evil.example",
        "ana@evil.example@example.org",
        '"ana@example.org"@evil.example',
        "ana@example.com ",
        " ana@example.com",
        "ana@example.com\n",
        "ana@example.org\x00",
        "ana@evil.example, bo@example.org",
        "ana@evil.example\nbo@example.org",
        "an\u0430@example.com",
        "ana@e\u212aample.org",
        "ana@\u24d4xample.org",
        "x@example.or\u0261",
        "bo\u200b@example.com",
        "ana@example.org.",
        "cy@example.com",
    ],
)
def test_everybody_else_is_not(address: str) -> None:
    assert not Invitations.configured().include(address)


def test_a_letter_that_becomes_another_in_lower_case_is_not_that_other() -> None:
    assert "\u212aim@example.com".lower() == "kim@example.com"
    assert not Invitations.named("kim@example.com").include("\u212aim@example.com")


@pytest.mark.parametrize("names", ["ana", "ana@", "*", "@*", "example.org", "@", "ana@@example.org", "@example.org."])
def test_what_is_neither_address_nor_domain_is_told(names: str) -> None:
    with pytest.raises(InvitationError, match="JOURNEY_ALLOW"):
        Invitations.named(f"ana@example.com, {names}")


@pytest.mark.parametrize(
    ("claims", "is_in"),
    [
        (ANA, True),
        ({**ANA, "email_verified": "true"}, True),
        ({**ANA, "email_verified": False}, False),
        ({**ANA, "email_verified": "false"}, False),
        ({**ANA, "email_verified": None}, False),
        ({**ANA, "email_verified": 1}, False),
        ({"email": "ana@example.com"}, False),
        ({"email_verified": True}, False),
        ({**ANA, "email": None}, False),
        ({**ANA, "email": ["ana@example.com"]}, False),
        ({**ANA, "email": {"select": 1}}, False),
        ({"email_verified": True, "preferred_username": "ana@example.com"}, False),
        ({}, False),
    ],
)
def test_the_provider_has_to_vouch_for_the_address(claims: dict[str, Any], is_in: bool) -> None:
    assert Invitations.configured().admit(claims) is is_in


def test_nobody_named_means_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ALLOW_VARIABLE)
    assert not Invitations.configured().admit(ANA)


# --- Starting ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "192.0.2.7"])  # noqa: S104
def test_with_a_complete_login_it_listens_anywhere(host: str) -> None:
    assert start_refused(host) == ""


def start_refused(host: str) -> str:
    """Why it does not start; nothing where it does."""
    try:
        require_safe_start(host)
    except StartRefusedError as told:
        return told.code
    return ""


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"client_id": ""}, "LOGIN_INCOMPLETE"),
        ({"client_secret": None}, "LOGIN_INCOMPLETE"),
        ({"server_metadata_url": ""}, "LOGIN_INCOMPLETE"),
        ({"cookie_secret": "changeme"}, "LOGIN_SECRET"),
        ({"redirect_uri": "http://journey.example.com/oauth2callback"}, "LOGIN_ADDRESS"),
        ({"redirect_uri": "https://journey.example.com/"}, "LOGIN_ADDRESS"),
        ({"redirect_uri": "ftp://localhost/oauth2callback"}, "LOGIN_ADDRESS"),
    ],
)
def test_half_a_login_is_none(configured: dict[str, Any], change: dict[str, Any], code: str) -> None:
    configured |= change
    with pytest.raises(StartRefusedError) as told:
        require_safe_start("127.0.0.1")
    assert told.value.code == code


def test_it_is_said_what_is_missing(configured: dict[str, Any]) -> None:
    del configured["client_id"], configured["client_secret"]
    with pytest.raises(StartRefusedError, match=r"the section \[auth\] needs client_id and client_secret, too\."):
        require_safe_start("0.0.0.0")  # noqa: S104


@pytest.mark.parametrize("names", ["", " , "])
def test_a_login_without_invitations_would_let_everybody_in(names: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ALLOW_VARIABLE, names)
    with pytest.raises(StartRefusedError) as told:
        require_safe_start("127.0.0.1")
    assert told.value.code == "NOBODY_INVITED"


def test_without_a_login_it_listens_here_only(configured: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    configured.clear()
    monkeypatch.setattr(login.config, "get_option", lambda _name: [])
    for host in ("127.0.0.1", "::1", "localhost"):
        assert start_refused(host) == ""
    for host in ("0.0.0.0", "::", "192.0.2.7", "journey.lan"):  # noqa: S104
        with pytest.raises(StartRefusedError, match="make run SHARE="):
            require_safe_start(host)


def test_a_file_that_cannot_be_read_is_no_missing_file(
    configured: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    configured.clear()
    (tmp_path / "secrets.toml").write_text("[auth")
    monkeypatch.setattr(login.config, "get_option", lambda _name: [str(tmp_path / "secrets.toml")])
    monkeypatch.setattr(type(secrets_singleton), "load_if_toml_exists", lambda _self: False)
    with pytest.raises(StartRefusedError, match=r"secrets\.toml can’t be read"):
        require_safe_start("127.0.0.1")


def test_a_login_is_not_taken_away_while_the_server_runs(configured: dict[str, Any]) -> None:
    assert login.is_on()
    configured.clear()
    assert login.is_on()


# --- Cookies -----------------------------------------------------------------------------------------------------


def cookies_of(claims: dict[str, Any], key: str = KEY, name: str = USER_COOKIE_NAME) -> dict[str, str]:
    """The cookies that signing in leaves in a browser."""
    kept: dict[str, str] = {}

    def signed(cookie: str, value: str) -> bytes:
        return create_signed_value(key, cookie, value)

    def keep(cookie: str, value: str) -> None:
        kept[cookie] = signed(cookie, value).decode()

    set_cookie_with_chunks(keep, signed, name, claims, cookie_attr_size=0)
    return kept


SIGNED_IN = {**ANA, "is_logged_in": True, "origin": ORIGIN, "provider": "default"}


def test_an_invited_persons_browser_is_let_in() -> None:
    assert lets_in(cookies_of(SIGNED_IN))


def test_cookies_in_several_pieces_are_put_together() -> None:
    cookies = cookies_of({**SIGNED_IN, "groups": [sha256(bytes([n])).hexdigest() for n in range(200)]})
    assert len(cookies) > 2
    assert lets_in(cookies)
    del cookies[f"{USER_COOKIE_NAME}_1"]
    assert not lets_in(cookies)


@pytest.mark.parametrize(
    "cookies",
    [
        {},
        {USER_COOKIE_NAME: ""},
        {USER_COOKIE_NAME: json.dumps(SIGNED_IN)},
        {USER_COOKIE_NAME: "é"},
        {USER_COOKIE_NAME: "null"},
        cookies_of(SIGNED_IN, key="another key of thirty-two characters, or more"),
        cookies_of(SIGNED_IN, name="_streamlit_user_tokens"),
        {USER_COOKIE_NAME: cookies_of(SIGNED_IN, name="_streamlit_user_tokens")["_streamlit_user_tokens"]},
        {USER_COOKIE_NAME: cookies_of(SIGNED_IN)[USER_COOKIE_NAME][:-1]},
        cookies_of({**SIGNED_IN, "is_logged_in": False}),
        cookies_of({**SIGNED_IN, "is_logged_in": "yes"}),
        cookies_of({**SIGNED_IN, "origin": "http://localhost:8502"}),
        cookies_of({name: value for name, value in SIGNED_IN.items() if name != "origin"}),
        cookies_of({**SIGNED_IN, "email": "cy@example.com"}),
        cookies_of({**SIGNED_IN, "email_verified": False}),
    ],
    ids=range(15),
)
def test_nobody_elses_browser_is(cookies: dict[str, str]) -> None:
    assert not lets_in(cookies)


def test_without_a_login_no_cookie_is_asked_for(configured: dict[str, Any]) -> None:
    configured.clear()
    assert lets_in({})


# --- Pages -------------------------------------------------------------------------------------------------------


@pytest.fixture
def app(workspace: Any) -> AppTest:
    app = AppTest.from_file(str(ROUTER), default_timeout=120)
    app.secrets["auth"] = dict(AUTH)
    return app


def words(app: AppTest) -> list[str]:
    return [str(each.value) for each in (*app.title, *app.markdown, *app.error, *app.header, *app.caption)]


def buttons(app: AppTest) -> list[str]:
    return [button.label for button in (*app.main.button, *app.sidebar.button)]


def test_who_has_not_signed_in_sees_how_to_and_nothing_else(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("journey.ui.navigation.run", lambda: pytest.fail(NOT_YET))
    app.run()
    assert not app.exception
    assert words(app) == ["Journey", "Sign in to go on."]
    assert buttons(app) == ["Sign in"]


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        (
            {"email": "cy_<b>@example.com", "email_verified": True},
            r"cy\_\<b\>\@example\.com is not invited. Ask the person who runs this Journey to invite you.",
        ),
        (
            {**ANA, "email_verified": False},
            "The login provider does not vouch for your e-mail address, so that you can’t be let in.",
        ),
        ({}, "The login provider does not vouch for your e-mail address, so that you can’t be let in."),
    ],
)
def test_who_is_not_invited_is_told_so_and_sees_nothing_else(
    app: AppTest, claims: dict[str, Any], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("journey.ui.navigation.run", lambda: pytest.fail(NOT_YET))
    for name, value in {"is_logged_in": True, **claims}.items():
        app.user[name] = value
    app.run()
    assert not app.exception
    assert words(app) == [told]
    assert buttons(app) == ["Sign in as somebody else"]


def test_who_is_invited_sees_the_app_and_is_known_by_address(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []
    monkeypatch.setattr("journey.ui.navigation.run", lambda: names.append(login.who()))
    for name, value in {"is_logged_in": True, **ANA}.items():
        app.user[name] = value
    app.run()
    assert not app.exception
    assert names == ["ana@example.com"]
    assert buttons(app) == [r"Sign out ana\@example\.com"]


def test_without_a_login_everybody_is_this_computer(
    workspace: Any, configured: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    configured.clear()
    names: list[str] = []
    monkeypatch.setattr("journey.ui.navigation.run", lambda: names.append(login.who()))
    app = AppTest.from_file(str(ROUTER), default_timeout=120).run()
    assert not app.exception
    assert names == ["this computer"]
    assert buttons(app) == []


@pytest.mark.parametrize(
    ("claims", "is_shown"),
    [({}, False), ({"is_logged_in": True, "email": "cy@example.com"}, False), ({"is_logged_in": True, **ANA}, True)],
)
def test_the_icon_of_the_page_is_asked_for_only_where_it_would_be_handed_out(
    app: AppTest, claims: dict[str, Any], is_shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    icons: list[str | None] = []
    monkeypatch.setattr("streamlit.set_page_config", lambda *, page_icon, **_: icons.append(page_icon))
    monkeypatch.setattr("journey.ui.navigation.run", lambda: None)
    for name, value in claims.items():
        app.user[name] = value
    app.run()
    assert not app.exception
    assert [icon is not None for icon in icons] == [is_shown]
