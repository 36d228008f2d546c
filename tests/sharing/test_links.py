"""Links that are made, changed, withdrawn, and found by their token or not at all."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

import pytest

from journey.errors import JourneyError
from journey.sharing import LinkError, Links, Snapshot
from tests.sharing.stand_ins import NOON, Clock, files_in, made, snapshot

NOT_TOKENS = [
    "", " ", "*", "%", "_" * 42, "a" * 44, "a" * 42, "a" * 10_000, "a" * 42 + "\n", "a" * 42 + "\0", "a" * 42 + "é",
    "١" * 43, "a" * 42 + ".", "a" * 42 + "/", "../" * 14 + "a", ":key", "' OR 1=1 --" + "a" * 32, "%" * 43,
    "\ud800" * 43, object(), None, 0, 1, True, b"a" * 43, ["a" * 43], ("a" * 43,), {"select": 1}, 1.5,
]  # fmt: skip


# --- Making ----------------------------------------------------------------------------------------------------------


def test_a_link_tells_what_it_shows_of_what_until_when_and_by_whom(links: Links) -> None:
    link, _token = made(links)
    assert (link.title, link.dataset_id, link.dataset_name, link.version) == ("Spring", "d1", "Shop", "v1")
    assert link.choices == {"cuts": ["persona"]}
    assert (link.made_by, link.made_at, link.snapshot_at) == ("Ana", NOON, NOON)
    assert (link.n_opened, link.last_opened_at, link.revoked_at, link.has_password) == (0, None, None, False)
    assert re.fullmatch("[0-9a-f]{12}", link.id)
    assert links.all() == [link] == [links.link(link.id)]


def test_a_link_lasts_for_thirty_days_unless_told_and_for_365_at_most(links: Links, clock: Clock) -> None:
    assert made(links)[0].expires_at == NOON + timedelta(days=30)
    assert made(links, expires_at=NOON + timedelta(days=365))[0].expires_at == NOON + timedelta(days=365)
    with pytest.raises(LinkError, match="A link lasts for 365 days at most") as error:
        made(links, expires_at=NOON + timedelta(days=365, seconds=1))
    assert error.value.code == "LINK_TOO_LONG"
    with pytest.raises(LinkError, match="would end before anyone can open it"):
        made(links, expires_at=NOON)
    assert len(links.all()) == 2
    assert len(files_in(links.folder)) == 6


def test_a_token_is_256_bits_and_only_its_hash_is_written_down(links: Links) -> None:
    link, token = made(links)
    assert re.fullmatch("[A-Za-z0-9_-]{43}", token)
    assert token != made(links)[1]
    with closing(sqlite3.connect(links.folder / "links.sqlite")) as file:
        assert file.execute("SELECT token_sha256 FROM links WHERE id = ?", [link.id]).fetchone() == (
            hashlib.sha256(token.encode()).hexdigest(),
        )
    for path in links.folder.rglob("*"):
        assert path.is_dir() or token.encode() not in path.read_bytes()


def test_everything_kept_is_for_its_owner_only(links: Links) -> None:
    made(links)
    links.keep_library("plotly-0123456789abcdef.js", b"draw()")
    assert {oct(path.stat().st_mode & 0o777) for path in links.folder.rglob("*") if path.is_dir()} == {"0o700"}
    kept = [path for path in links.folder.rglob("*") if path.is_file() and path.suffix != ".lock"]
    assert {oct(path.stat().st_mode & 0o777) for path in kept} == {"0o600"}
    assert oct(links.folder.stat().st_mode & 0o777) == "0o700"


def test_the_one_made_last_is_listed_first_even_when_the_clock_was_set_back(links: Links, clock: Clock) -> None:
    first, _token = made(links)
    clock.go(hours=-1)
    second, token = made(links)
    assert [link.id for link in links.all()] == [second.id, first.id]
    assert links.found(token, clock.now) == second
    assert [entry.link_id for entry in links.entries()] == [second.id, first.id]


def test_times_without_a_zone_are_refused(links: Links) -> None:
    link, token = made(links)
    naive = datetime(2026, 3, 2)  # noqa: DTZ001 - what is refused
    with pytest.raises(Exception, match="times of links know their zone"):
        links.found(token, naive)
    with pytest.raises(TypeError):
        links.set_expiry(link.id, naive, by="Ana")


# --- Finding ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", NOT_TOKENS, ids=repr)
def test_what_has_not_the_shape_of_a_token_is_never_looked_up(
    links: Links, wrong: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(links)
    monkeypatch.setattr(links, "_file", None)
    assert links.found(wrong, NOON) is None


def test_only_the_very_token_finds_a_link(links: Links) -> None:
    link, token = made(links)
    assert links.found(token, NOON) == link
    # The last character stands for four bits only: another one may mean the same bytes, and still is another token.
    others = {token[:-1] + letter for letter in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"}
    others |= {token.swapcase(), token.lower(), token[::-1], "_" * 43, link.id.ljust(43, "0")}
    assert {links.found(other, NOON) for other in others - {token}} == {None}
    with closing(sqlite3.connect(links.folder / "links.sqlite")) as file:
        kept = file.execute("SELECT token_sha256, snapshot FROM links").fetchone()
    assert [links.found(name[:43], NOON) for name in kept] == [None, None]


def test_a_link_opens_up_to_its_end_and_not_from_it_on(links: Links, clock: Clock) -> None:
    link, token = made(links, expires_at=NOON + timedelta(days=1))
    just_before = NOON + timedelta(days=1, microseconds=-1)
    assert links.found(token, just_before) == link
    assert links.found(token, NOON + timedelta(days=1)) is None
    assert (link.state(just_before), link.state(NOON + timedelta(days=1))) == ("open", "expired")


def test_unknown_expired_and_withdrawn_links_are_looked_up_by_one_statement(
    links: Links, monkeypatch: pytest.MonkeyPatch
) -> None:
    _expired, expired = made(links, expires_at=NOON + timedelta(days=1))
    revoked_link, revoked = made(links)
    links.revoke(revoked_link.id, by="Ana")
    told = []
    later = NOON + timedelta(days=2)
    with closing(links._file.reading.connect()) as connection:
        monkeypatch.setattr(links._file.reading, "begin", lambda: _Traced(connection, told))
        assert [links.found(token, later) for token in ("a" * 43, expired, revoked)] == [None, None, None]
    assert len(told) == 3
    assert len(set(told)) == 1


class _Traced:
    """A connection that remembers what it was asked."""

    def __init__(self, connection: Any, told: list[str]) -> None:
        self._connection, self._told = connection, told

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def execute(self, statement: Any) -> Any:
        self._told.append(str(statement))
        return self._connection.execute(statement)


def test_links_are_found_after_a_restart(links: Links, clock: Clock) -> None:
    link, token = made(links, password="open sesame")  # noqa: S106 - a test's
    links.opened(link.id, NOON)
    restarted = Links(links.folder, clock)
    assert restarted.found(token, NOON) == links.link(link.id)
    assert restarted.entries() == links.entries()
    assert restarted.viewer_key(link.id) == links.viewer_key(link.id)


# --- Changing --------------------------------------------------------------------------------------------------------


def test_refreshed_it_shows_the_new_snapshot_and_the_old_one_is_gone(links: Links, clock: Clock) -> None:
    link, token = made(links)
    now = clock.go(days=3)
    refreshed = links.refresh(link.id, snapshot("new"), "v2", by="Dan")
    assert (refreshed.version, refreshed.snapshot_at, refreshed.made_at) == ("v2", now, NOON)
    assert refreshed.expires_at == link.expires_at
    assert links.found(token, now) == refreshed
    assert links.document(refreshed) == snapshot("new")
    assert files_in(links.folder) == [
        f"snapshots/{refreshed.snapshot}/{name}" for name in ("document.html", "document.html.gz", "policy.txt")
    ]


def test_who_found_it_before_it_was_refreshed_gets_the_new_document(links: Links) -> None:
    before, _token = made(links)
    links.refresh(before.id, snapshot("new"), "v2", by="Ana")
    assert links.document(before) == snapshot("new")
    links.revoke(before.id, by="Ana")
    assert links.document(before) is None


def test_withdrawn_it_is_gone_with_its_files_and_never_comes_back(links: Links, clock: Clock) -> None:
    link, token = made(links, password="open sesame")  # noqa: S106 - a test's
    other, other_token = made(links, "other")
    revoked = links.revoke(link.id, by="Dan")
    assert (revoked.revoked_at, revoked.state(NOON), revoked.has_password) == (NOON, "revoked", False)
    assert links.found(token, NOON) is None
    assert links.document(link) is None
    assert links.document(other) == snapshot("other")
    assert all(other.snapshot in path for path in files_in(links.folder))
    for change in (
        lambda: links.refresh(link.id, snapshot("new"), "v2", by="Ana"),
        lambda: links.set_expiry(link.id, NOON + timedelta(days=9), by="Ana"),
        lambda: links.set_password(link.id, None, by="Ana"),
    ):
        with pytest.raises(LinkError, match="“Spring” was withdrawn, and that is for good") as error:
            change()
        assert error.value.code == "LINK_REVOKED"
    clock.go(hours=1)
    assert links.revoke(link.id, by="Ana") == revoked
    assert [entry.action for entry in links.entries(link.id)] == ["revoked", "made"]
    assert Links(links.folder).found(token, NOON) is None
    assert links.found(other_token, NOON) == other


def test_links_to_a_deleted_dataset_are_withdrawn_and_others_stay(links: Links) -> None:
    gone = [made(links)[0], made(links)[0]]
    stays, token = made(links, "other", dataset_id="d2")
    links.revoke(gone[0].id, by="Ana")
    assert [link.id for link in links.revoke_dataset("d1", by="Ana")] == [gone[1].id]
    assert links.revoke_dataset("d1", by="Ana") == []
    assert links.found(token, NOON) == stays
    assert links.document(stays) == snapshot("other")
    assert [link.state(NOON) for link in links.all()] == ["open", "revoked", "revoked"]


def test_its_end_can_be_moved_also_after_it_came(links: Links, clock: Clock) -> None:
    link, token = made(links)
    ended = links.set_expiry(link.id, NOON, by="Ana")
    assert ended.state(NOON) == "expired"
    assert links.found(token, NOON) is None
    moved = links.set_expiry(link.id, NOON + timedelta(days=365), by="Ana")
    assert links.found(token, NOON) == moved
    with pytest.raises(LinkError, match="365 days at most"):
        links.set_expiry(link.id, NOON + timedelta(days=366), by="Ana")
    assert links.link(link.id) == moved
    assert links.document(moved) == snapshot()


def test_what_is_asked_of_a_link_that_is_not_there_says_so(links: Links) -> None:
    for ask in (
        lambda: links.link("0" * 12),
        lambda: links.revoke("0" * 12, by="Ana"),
        lambda: links.refresh("0" * 12, snapshot(), "v1", by="Ana"),
        lambda: links.set_expiry("0" * 12, NOON, by="Ana"),
        lambda: links.set_password("0" * 12, None, by="Ana"),
    ):
        with pytest.raises(LinkError, match="There is no link 000000000000") as error:
            ask()
        assert error.value.code == "NO_LINK"
    assert files_in(links.folder) == []


# --- The log ---------------------------------------------------------------------------------------------------------


def test_every_change_is_written_down_with_who_made_it(links: Links, clock: Clock) -> None:
    link, _token = made(links)
    clock.go(minutes=1)
    links.refresh(link.id, snapshot("new"), "v2", by="Dan")
    links.set_expiry(link.id, NOON + timedelta(days=2), by="Eva")
    links.set_password(link.id, "open sesame", by="Eva")
    links.set_password(link.id, None, by="Eva")
    links.revoke(link.id, by="Ana")
    assert [(entry.action, entry.by, entry.detail) for entry in links.entries(link.id)] == [
        ("revoked", "Ana", ""),
        ("password", "Eva", "removed"),
        ("password", "Eva", "set"),
        ("expiry", "Eva", "2026-03-03T12:00:00+00:00"),
        ("refreshed", "Dan", "v2"),
        ("made", "Ana", "v1"),
    ]
    assert links.entries(link.id)[0].at == NOON + timedelta(minutes=1)
    made(links)
    assert len(links.entries()) == 7


def test_openings_are_counted_and_take_a_line_a_day(links: Links) -> None:
    link, _token = made(links)
    for hours in (0, 1, 2, 24, 23):
        links.opened(link.id, NOON + timedelta(hours=hours))
    counted = links.link(link.id)
    assert (counted.n_opened, counted.last_opened_at) == (5, NOON + timedelta(hours=24))
    assert [(entry.at, entry.action, entry.n_times) for entry in links.entries(link.id)] == [
        (NOON + timedelta(hours=24), "opened", 2),
        (NOON, "opened", 3),
        (NOON, "made", 1),
    ]


def test_a_link_that_is_withdrawn_or_not_there_is_not_opened(links: Links) -> None:
    link, _token = made(links)
    links.revoke(link.id, by="Ana")
    links.opened(link.id, NOON)
    links.opened("0" * 12, NOON)
    assert links.link(link.id).n_opened == 0
    assert [entry.action for entry in links.entries()] == ["revoked", "made"]


def test_who_asks_too_often_is_counted_too(links: Links) -> None:
    link, _token = made(links)
    for at in (NOON, NOON, NOON + timedelta(days=1)):
        links.blocked(at)
    links.blocked(NOON, link.id)
    assert [(entry.link_id, entry.n_times) for entry in links.entries() if entry.action == "blocked"] == [
        (link.id, 1), ("", 1), ("", 2),
    ]  # fmt: skip


# --- Many at once ----------------------------------------------------------------------------------------------------


def test_a_hundred_openings_at_once_from_two_processes_worth_of_links_are_all_counted(links: Links) -> None:
    link, _token = made(links)
    beside = Links(links.folder)
    with ThreadPoolExecutor(20) as viewers:
        list(viewers.map(lambda n: (links, beside)[n % 2].opened(link.id, NOON), range(100)))
    assert links.link(link.id).n_opened == 100
    assert links.entries(link.id)[0].n_times == 100


def test_while_it_is_refreshed_viewers_see_a_whole_document_of_the_link_and_never_none(links: Links) -> None:
    link, token = made(links, "word 0")
    _other, other_token = made(links, "other")
    beside = Links(links.folder)
    whole = {snapshot(f"word {n}") for n in range(31)}

    def refresh(n: int) -> None:
        (links, beside)[n % 2].refresh(link.id, snapshot(f"word {n}"), f"v{n}", by="Ana")

    def look(_n: int) -> tuple[Snapshot | None, Snapshot | None]:
        found, other = beside.found(token, NOON), beside.found(other_token, NOON)
        assert found is not None
        assert other is not None
        return beside.document(found), beside.document(other)

    with ThreadPoolExecutor(6) as people:
        refreshed = people.map(refresh, range(1, 31))
        seen = list(people.map(look, range(150)))
        list(refreshed)
    assert {one for one, _other in seen} <= whole
    assert {other for _one, other in seen} == {snapshot("other")}
    assert len(files_in(links.folder)) == 6


def test_a_link_withdrawn_while_it_is_refreshed_stays_withdrawn(links: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    link, _token = made(links)
    keep = links._snapshots.keep

    def kept_late(written: Snapshot) -> str:
        name = keep(written)
        Links(links.folder).revoke(link.id, by="Dan")
        return name

    monkeypatch.setattr(links._snapshots, "keep", kept_late)
    with pytest.raises(LinkError, match="was withdrawn"):
        links.refresh(link.id, snapshot("new"), "v2", by="Ana")
    assert files_in(links.folder) == []
    assert links.link(link.id).state(NOON) == "revoked"


# --- The file of links -----------------------------------------------------------------------------------------------


def test_the_file_is_in_wal_with_every_commit_on_the_disk_and_has_a_schema_version(links: Links) -> None:
    with closing(links._file.reading.raw_connection()) as connection:
        asked = [connection.cursor().execute(f"PRAGMA {name}").fetchone() for name in
                 ("journal_mode", "synchronous", "user_version")]  # fmt: skip
    assert asked == [("wal",), (2,), (1,)]
    with links._file.counting() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 1


def test_links_of_a_newer_version_are_left_alone(links: Links) -> None:
    with closing(sqlite3.connect(links.folder / "links.sqlite")) as file:
        file.execute("PRAGMA user_version = 99")
    with pytest.raises(JourneyError, match="kept by a newer version") as error:
        Links(links.folder)
    assert error.value.code == "NEWER_WORKSPACE"


def test_two_that_start_at_once_make_one_file_and_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as starting:
        started = list(starting.map(lambda _n: Links(tmp_path / "shared"), range(4)))
    link, token = made(started[0])
    assert len({links.viewer_key(link.id) for links in started}) == 1
    assert all(links.found(token, link.made_at) == link for links in started)
