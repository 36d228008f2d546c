"""The box that files are dropped into, of any size and several at once; its browser half is `frontend/upload.js`."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from journey.disk import require_room
from journey.errors import JourneyError
from journey.language import _, size, spoken
from journey.ui import cache, state
from journey.ui.tickets import MOST_FILES, limit_bytes
from journey.ui.uploads import DESK
from journey.workspace import Upload
from journey.workspace.spool import labelled

_NAME = "journey.upload"
_ASSETS = "frontend"


@dataclass
class _Box:
    """What one box of a session holds: its name at the desk, and by file what came or why it was refused."""

    id: str = field(default_factory=secrets.token_hex)
    uploads: dict[str, Upload] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


def upload_box(key: str) -> tuple[Upload, ...]:
    """Draw a box for files, and tell what came through it in this session; nothing while files are on their way.

    What it hands out stays on disk until the caller keeps or discards it; `forget` empties the box.
    """
    box = _box(key)
    _take(box)
    widget = f"upload box {key} {box.id}"
    _component()(
        key=widget,
        data={
            "tickets": {ticket.file: ticket.code for ticket in DESK.waiting(box.id) if not ticket.is_used},
            "refused": box.refused,
            "held": [{"id": file, "name": each.name, "bytes": each.n_bytes} for file, each in box.uploads.items()],
            "most_files": MOST_FILES,
            "locale": spoken().replace("_", "-"),
            "words": _words(),
        },
        on_asked_change=partial(_ask, key, widget),
        on_settled_change=partial(_settle, key),
        on_removed_change=partial(_remove, key, widget),
    )
    return () if DESK.waiting(box.id) else tuple(box.uploads.values())


def forget(key: str) -> None:
    """Empty the box of this key, on screen too; the files that were handed out stay where they are."""
    if (box := state.upload_box(key)) is not None:
        DESK.call_back(box.id)
    state.keep_upload_box(key, None)


# --- What the browser tells --------------------------------------------------------------------------------------


def _ask(key: str, widget: str) -> None:
    """Make a ticket for each file that waits for one, or say why there is none."""
    box = _box(key)
    asked = state.chosen(widget).get("asked")
    for file in asked[:MOST_FILES] if isinstance(asked, list) else ():
        told = _File.told(file)
        waiting = DESK.waiting(box.id)
        if told is None or len(waiting) >= MOST_FILES:
            continue
        try:
            expected_bytes = sum(ticket.n_bytes for ticket in waiting if ticket.file != told.file)
            require_room(told.name, cache.workspace().home, expected_bytes + told.n_bytes)
            DESK.ticket(box.id, told.file, told.name, told.n_bytes)
        except JourneyError as error:
            box.refused[told.file] = str(error)


def _settle(key: str) -> None:
    """Take over what came; the browser sends nothing more of what it asked for."""
    box = _box(key)
    _take(box)
    DESK.call_back(box.id)


def _remove(key: str, widget: str) -> None:
    box = _box(key)
    upload = box.uploads.pop(str(state.chosen(widget).get("removed")), None)
    if upload is not None:
        cache.workspace().discard([upload])


@dataclass(frozen=True)
class _File:
    """A file as the browser announces it; `file` is the browser's own number for it."""

    file: str
    name: str
    n_bytes: int

    @classmethod
    def told(cls, said: Any) -> _File | None:
        """Read an announcement; None for one that our own page would not have made."""
        if not isinstance(said, Mapping):
            return None
        file, name, n_bytes = said.get("file"), said.get("name"), said.get("bytes")
        if not isinstance(file, str) or not isinstance(name, str) or not isinstance(n_bytes, int | float):
            return None
        return cls(file[:40], labelled(name), int(n_bytes)) if 0 <= n_bytes < float("inf") else None


# --- How it is done ----------------------------------------------------------------------------------------------


def _box(key: str) -> _Box:
    box = state.upload_box(key)
    if not isinstance(box, _Box):
        box = _Box()
        state.keep_upload_box(key, box)
    return box


def _take(box: _Box) -> None:
    box.uploads |= DESK.taken(box.id)


def _component() -> Any:
    """Find the browser half, as a file of this package: the content policy lets no inline script run."""
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(_NAME) is None:
        # Streamlit finds components of installed packages by itself; a clone is run without being installed.
        project, _dot, name = _NAME.partition(".")
        manifest = ComponentManifest(project, "", [ComponentConfig(name, _ASSETS)])
        manager.register_from_manifest(manifest, Path(__file__).parent)
    return st.components.v2.component(_NAME, js="upload.js", css="upload.css")


def _words() -> dict[str, str]:
    """Say the box's texts; the browser fills in names and numbers."""
    return {
        "drop": _("Drop your files here"),
        "choose": _("Choose files"),
        "hint": _("Any export, several at once; up to {size} each.").format(size=size(limit_bytes())),
        "waiting": _("Waiting"),
        "sending": _("{done} of {all}"),
        "checking": _("Almost there …"),
        "done": _("Uploaded"),
        "cancel": _("Cancel"),
        "cancel_file": _("Cancel {name}"),
        "remove": _("Remove"),
        "remove_file": _("Remove {name}"),
        "retry": _("Try again"),
        "retry_file": _("Try {name} again"),
        "progress": _("Upload of {name}"),
        "said_start": _("Uploading {name}."),
        "said_share": _("{name}: {share}."),
        "said_done": _("{name} is uploaded."),
        "said_cancelled": _("{name} was cancelled."),
        "said_removed": _("{name} was removed."),
        "lost": _("The connection broke off. Try again."),
        "folder": _("“{name}” is a folder. Drop the files in it."),
        "too_many": _("Only {n} files at a time. Drop the others afterwards."),
    }
