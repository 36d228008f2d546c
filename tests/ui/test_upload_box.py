"""What a browser announces is taken for what it is: words of a stranger."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from journey.ui import upload_component
from journey.ui.tickets import MOST_FILES, Desk
from journey.workspace import Upload, Workspace


class Session:
    """What the session's state would hold, and what the browser said last."""

    def __init__(self) -> None:
        self.boxes: dict[str, Any] = {}
        self.said: Any = None

    def upload_box(self, key: str) -> Any:
        return self.boxes.get(key)

    def keep_upload_box(self, key: str, box: Any) -> None:
        self.boxes[key] = box

    def chosen(self, _widget: str) -> Any:
        return self.said


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    workspace = Workspace(tmp_path / "home")
    monkeypatch.setattr(upload_component.cache, "workspace", lambda: workspace)
    return workspace


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> Session:
    made = Session()
    monkeypatch.setattr(upload_component, "state", made)
    return made


@pytest.fixture(autouse=True)
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk()
    monkeypatch.setattr(upload_component, "DESK", made)
    return made


def asked(session: Session, *files: Any) -> Any:
    session.said = {"asked": list(files)}
    upload_component._ask("files", "widget")
    return session.boxes["files"]


def announced(file: str, name: str = "log.csv", n_bytes: float = 3) -> dict[str, Any]:
    return {"file": file, "name": name, "bytes": n_bytes}


def test_each_announced_file_gets_a_ticket_under_a_name_fit_to_be_shown(session: Session, desk: Desk) -> None:
    box = asked(session, announced("1", "../../etc/passwd"), announced("2", "a\x00b.csv", 7))
    assert [(each.file, each.name, each.n_bytes) for each in desk.waiting(box.id)] == [
        ("1", "passwd", 3),
        ("2", "ab.csv", 7),
    ]


@pytest.mark.parametrize(
    "hostile",
    [
        None, 3, "x", [], {}, {"file": "1"}, announced("1", n_bytes=-1), announced("1", n_bytes=float("inf")),
        announced("1", n_bytes=float("nan")), {"file": 1, "name": "x", "bytes": 3},
        {"file": "1", "name": {"$ne": 1}, "bytes": 3}, {"file": "1", "name": "x", "bytes": "3"},
    ],
)  # fmt: skip
def test_what_our_page_would_not_have_said_gets_none(session: Session, desk: Desk, hostile: Any) -> None:
    box = asked(session, hostile, announced("good"))
    assert [each.file for each in desk.waiting(box.id)] == ["good"]


@pytest.mark.parametrize("said", [{}, {"asked": None}, {"asked": "x"}, {"asked": {"file": "1"}}])
def test_a_message_of_another_shape_is_nothing(session: Session, desk: Desk, said: Any) -> None:
    session.said = said
    upload_component._ask("files", "widget")
    assert desk.waiting(session.boxes["files"].id) == []


def test_no_box_gets_endless_tickets(session: Session, desk: Desk) -> None:
    for start in range(0, 4 * MOST_FILES, MOST_FILES):
        box = asked(session, *(announced(str(start + n)) for n in range(2 * MOST_FILES)))
    assert len(desk.waiting(box.id)) == MOST_FILES


def test_files_that_would_fill_the_disk_together_are_refused_in_words(
    session: Session, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = 50_000_000 + 6 * 25
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": free}))
    box = asked(session, announced("1", n_bytes=20), announced("2", "late.csv", 20))
    assert [each.file for each in desk.waiting(box.id)] == ["1"]
    assert box.refused["2"].startswith("There is not enough room on the disk for “late.csv”")


def test_what_came_is_handed_over_once_all_is_here_and_can_be_removed(
    session: Session, desk: Desk, home: Workspace, tmp_path: Path
) -> None:
    box = asked(session, announced("1"), announced("2"))
    first, _second = desk.waiting(box.id)
    place = home.home / "incoming" / "made"
    place.mkdir()
    (place / "upload").write_bytes(b"abc")
    assert desk.deliver(first, Upload("made", "log.csv", place / "upload", "00", 3))
    upload_component._settle("files")
    assert [upload.id for upload in box.uploads.values()] == ["made"]
    assert desk.waiting(box.id) == []
    session.said = {"removed": "1"}
    upload_component._remove("files", "widget")
    assert box.uploads == {}
    assert not place.exists()
    session.said = {"removed": "../../x"}
    upload_component._remove("files", "widget")
