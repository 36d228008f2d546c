"""Small snapshots and links for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from journey.sharing import Link, Links, Snapshot

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Clock:
    """Tells the time it was set to."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def go(self, **further: float) -> datetime:
        self.now += timedelta(**further)
        return self.now


def snapshot(word: str = "old") -> Snapshot:
    """A document that says at its beginning and at its end whose it is."""
    return Snapshot(f"<p>{word}</p>{'.' * 3000}<p>{word}</p>".encode(), f"default-src 'none'; {word}")


def made(links: Links, word: str = "old", **options: Any) -> tuple[Link, str]:
    given: dict[str, Any] = {
        "title": "Spring", "dataset_id": "d1", "dataset_name": "Shop", "version": "v1", "made_by": "Ana",
        "choices": {"cuts": ["persona"]},
    }  # fmt: skip
    return links.make(snapshot(word), **given | options)


def files_in(folder: Path) -> list[str]:
    """What lies in the folders of snapshots, by path."""
    return sorted(
        str(path.relative_to(folder))
        for name in ("snapshots", "staging", "bin")
        for path in (folder / name).rglob("*")
        if path.is_file()
    )
