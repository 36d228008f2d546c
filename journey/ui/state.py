"""What one visitor's session remembers. No other module touches Streamlit's session state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

_ADDRESS = "address of the last page"
_SETTINGS = "settings by page"
_UPLOAD = "files being confirmed"
_INTO = "dataset that files are added to"
_CLICK = "what was clicked in the flow"
_BOXES = "upload boxes"
_DRAFTS = "documents behind no link yet"


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


def is_shown(key: str) -> bool:
    """Tell whether the widget of this key was on the page when it was drawn last."""
    return key in st.session_state


def last_click() -> Any:
    """What was clicked in the flow when the page was drawn last."""
    return st.session_state.get(_CLICK)


def remember_click(clicked: Any) -> None:
    st.session_state[_CLICK] = clicked


def upload() -> Any:
    """The files that wait for confirmation, or None."""
    return st.session_state.get(_UPLOAD)


def keep_upload(files: Any) -> None:
    st.session_state[_UPLOAD] = files


def forget_upload() -> None:
    st.session_state.pop(_UPLOAD, None)
    st.session_state.pop(_INTO, None)


def appended_to() -> Any:
    """The dataset that uploaded files are added to, or None."""
    return st.session_state.get(_INTO)


def append_to(dataset: Any) -> None:
    st.session_state[_INTO] = dataset


def upload_box(key: str) -> Any:
    """What came through the upload box of this key, or None before it was drawn."""
    return st.session_state.get(_BOXES, {}).get(key)


def keep_upload_box(key: str, box: Any) -> None:
    """Remember an upload box; None forgets it."""
    st.session_state.setdefault(_BOXES, {})[key] = box


def share_draft(name: str) -> Any:
    """What waits on the Share page under this name, or None."""
    return st.session_state.get(_DRAFTS, {}).get(name)


def keep_share_draft(name: str, draft: Any) -> None:
    """Remember what waits on the Share page; None forgets it."""
    drafts = {**st.session_state.get(_DRAFTS, {}), name: draft}
    st.session_state[_DRAFTS] = {each: kept for each, kept in drafts.items() if kept is not None}
