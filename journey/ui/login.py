"""Signing in, where a login is configured: who may come in, and who is here.

Streamlit does the signing in (OpenID Connect, section `[auth]` of `.streamlit/secrets.toml`); whom it lets in is said
by `JOURNEY_ALLOW`. Without that section there are no accounts, and the app is for this computer alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from streamlit import config
from streamlit.auth_util import (
    get_cookie_with_chunks,
    get_origin_from_redirect_uri,
    get_secrets_auth_section,
    is_authlib_installed,
)
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from journey.errors import JourneyError
from journey.language import _, listed
from journey.sharing.addresses import is_only_here
from journey.ui.invitations import ALLOW_VARIABLE, Invitations, is_verified
from journey.ui.text import plain

SECRETS_FILE = ".streamlit/secrets.toml"
_NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
_CALLBACK = "/oauth2callback"
#: As many characters as 24 random bytes have in base64.
LEAST_SECRET = 32


class StartRefusedError(JourneyError):
    """The server would be open to people who were never invited."""

    @classmethod
    def open_to_everybody(cls, host: str) -> StartRefusedError:
        return cls(
            _(
                "Journey does not listen on {host}: everybody who reaches it would see and could delete all data. "
                "Configure a login (docs/deployment.md says how), or leave HOST out, so that only this computer "
                "reaches it. To show dashboards to others, links are enough: make run SHARE=0.0.0.0:8600."
            ).format(host=host),
            "LOGIN_MISSING",
        )

    @classmethod
    def beneath_a_path(cls, path: str) -> StartRefusedError:
        text = _(
            "Journey answers at the root of an address only, and server.baseUrlPath is “{path}”: what is kept from "
            "people who were not invited would be somewhere else. Leave it out, and give Journey a name of its own."
        )
        return cls(text.format(path=path), "BASE_PATH")

    @classmethod
    def unreadable(cls, file: str) -> StartRefusedError:
        text = _("{file} can’t be read, so that it is not known whether a login is configured. Mend or remove it.")
        return cls(text.format(file=file), "SECRETS_UNREADABLE")

    @classmethod
    def incomplete(cls, missing: list[str]) -> StartRefusedError:
        text = _("The login in {file} is not complete: the section [auth] needs {missing}, too.")
        return cls(text.format(file=SECRETS_FILE, missing=listed(missing)), "LOGIN_INCOMPLETE")

    @classmethod
    def wrong_address(cls, address: str) -> StartRefusedError:
        text = _(
            "The redirect_uri of the login is “{address}”. It is where people reach Journey, and ends in {end}; other "
            "than on this computer it begins with https."
        )
        return cls(text.format(address=address, end=_CALLBACK), "LOGIN_ADDRESS")

    @classmethod
    def weak_secret(cls) -> StartRefusedError:
        text = _(
            "The cookie_secret of the login has fewer than {n} characters, and could be guessed. Make one with: "
            'python -c "import secrets; print(secrets.token_urlsafe(32))"'
        )
        return cls(text.format(n=LEAST_SECRET), "LOGIN_SECRET")

    @classmethod
    def nobody_invited(cls) -> StartRefusedError:
        text = _(
            "A login is configured, but nobody is invited: everybody with an account at the provider would be let in. "
            "Name the people in {variable}, as in “ana@example.com, @example.org”."
        )
        return cls(text.format(variable=ALLOW_VARIABLE), "NOBODY_INVITED")

    @classmethod
    def no_library(cls) -> StartRefusedError:
        return cls(
            _("A login is configured, but Authlib is not installed: pip install -r requirements.txt."), "NO_LIBRARY"
        )


@cache
def is_on() -> bool:
    """Tell whether people have to sign in; decided once, so that a file edited later does not open the doors."""
    return bool(get_secrets_auth_section())


def require_safe_start(host: str) -> None:
    """Refuse to listen where people could come in who were never invited.

    Raises
    ------
    StartRefusedError
        When others reach `host` and no login is configured, or the login is not complete.
    InvitationError
        When `JOURNEY_ALLOW` names something that is neither an address nor a domain.
    """
    section = get_secrets_auth_section()
    if not section:
        # Streamlit takes a file it can't read for one that is not there.
        for file in config.get_option("secrets.files"):
            if Path(file).exists() and not st.secrets.load_if_toml_exists():
                raise StartRefusedError.unreadable(Path(file).name)
        if not is_only_here(host):
            raise StartRefusedError.open_to_everybody(host)
        return
    _require_complete(section)
    if not Invitations.configured():
        raise StartRefusedError.nobody_invited()


def _require_complete(section: Mapping[str, Any]) -> None:
    if not is_authlib_installed():
        raise StartRefusedError.no_library()
    if missing := [name for name in _NEEDED if not section.get(name)]:
        raise StartRefusedError.incomplete(missing)
    address = str(section["redirect_uri"])
    parts = urlsplit(address)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_only_here(parts.hostname or ""))
    if not is_safe or not address.endswith(_CALLBACK):
        raise StartRefusedError.wrong_address(address)
    if len(str(section["cookie_secret"])) < LEAST_SECRET:
        raise StartRefusedError.weak_secret()


# --- In a page ---------------------------------------------------------------------------------------------------


def require_login() -> None:
    """Let on only who is invited, where a login is configured; everybody else sees how to sign in, and nothing more."""
    if not is_on():
        return
    if not st.user.get("is_logged_in"):
        st.title(_("Journey"))
        st.write(_("Sign in to go on."))
        st.button(_("Sign in"), type="primary", key="sign in", on_click=st.login)
        st.stop()
    if not is_invited():
        _turn_away(str(st.user.get("email") or ""))
    with st.sidebar:
        st.button(
            _("Sign out {person}").format(person=plain(who())), type="tertiary", key="sign out", on_click=st.logout
        )


def is_invited() -> bool:
    """Tell whether who looks at this page has signed in and is invited, or needs not be."""
    return not is_on() or (bool(st.user.get("is_logged_in")) and Invitations.configured().admit(st.user))


def _turn_away(address: str) -> None:
    if not address or not is_verified(st.user):
        st.error(_("The login provider does not vouch for your e-mail address, so that you can’t be let in."))
    else:
        st.error(
            _("{address} is not invited. Ask the person who runs this Journey to invite you.").format(
                address=plain(address)
            )
        )
    st.button(_("Sign in as somebody else"), key="sign out", on_click=st.logout)
    st.stop()


def who() -> str:
    """Tell who is here: the e-mail address that signed in, or “this computer” where there are no accounts."""
    return str(st.user.get("email")) if is_on() else nobody()


def nobody() -> str:
    """Name who does things where there are no accounts."""
    return _("this computer")


# --- Outside a page ----------------------------------------------------------------------------------------------


def lets_in(cookies: Mapping[str, str]) -> bool:
    """Tell whether a request comes from an invited person's browser; routes know no session of a page, only cookies."""
    if not is_on():
        return True
    claims = _claims(cookies)
    # A cookie that was made for another address of this server is not taken by its pages either.
    is_signed_in = claims.get("is_logged_in") is True and claims.get("origin") == get_origin_from_redirect_uri()
    return is_signed_in and Invitations.configured().admit(claims)


def _claims(cookies: Mapping[str, str]) -> dict[str, Any]:
    def unsigned(name: str) -> bytes | None:
        value = cookies.get(name)
        # Other characters than a signature has can't be encoded, and are none.
        if not value or not value.isascii():
            return None
        return decode_signed_value(get_cookie_secret(), name, value)

    written = get_cookie_with_chunks(unsigned, USER_COOKIE_NAME)
    claims = json.loads(written) if written else {}
    return claims if isinstance(claims, dict) else {}
