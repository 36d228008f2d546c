"""What one visitor's session remembers. No other module touches Streamlit's session state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

_ADDRESS = "address of the last page"
_SETTINGS = "settings by page"
_UPLOAD = "files being confirmed"
_UPLOADER = "number of the uploader"
_CLICK = "what was clicked in the flow"


def remembered_address() -> dict[str, list[str]]:
    """The dataset and filters of the address that was shown last."""
    return dict(st.session_state.get(_ADDRESS, {}))


def remember_address(address: Mapping[str, list[str]]) -> None:
    st.session_state[_ADDRESS] = dict(address)


def remembered_settings(page: str) -> dict[str, list[str]]:
    """The settings a page had when it was shown last."""
    return dict(st.session_state.get(_SETTINGS, {}).get(page, {}))


def remember_settings(page: str, settings: Mapping[str, list[str]]) -> None:
    st.session_state.setdefault(_SETTINGS, {})[page] = dict(settings)


def seed(key: str, value: Any) -> None:
    """Let the widget of this key show `value`, whatever it showed before."""
    if st.session_state.get(key, _SETTINGS) != value:
        st.session_state[key] = value


def chosen(key: str) -> Any:
    """What a person just chose in the widget of this key."""
    return st.session_state[key]


def last_click() -> Any:
    """What was clicked in the flow when the page was drawn last."""
    return st.session_state.get(_CLICK)


def remember_click(clicked: Any) -> None:
    st.session_state[_CLICK] = clicked


def upload() -> Any:
    """The files that wait for confirmation, or None."""
    return st.session_state.get(_UPLOAD)


def keep_upload(files: Any) -> None:
    """Remember the spooled files; a new uploader takes the place of the old one and frees its memory."""
    st.session_state[_UPLOAD] = files
    st.session_state[_UPLOADER] = uploader_number() + 1


def forget_upload() -> None:
    st.session_state.pop(_UPLOAD, None)


def uploader_number() -> int:
    return int(st.session_state.get(_UPLOADER, 0))
