"""Links that were: after they end nothing opens them again, and what they show is never another's."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from journey.sharing.errors import LinkError
from journey.sharing.links import Links
from tests.attacks.oracle import differences, not_found
from tests.attacks.shares import POLICY, Share, Shares, marked_document, new_share, new_snapshot
from tests.attacks.target import Target, running_publisher
from tests.attacks.wire import LOCALHOST, Answer, connected, form, received, written

BY = "olga.owner"


def require_gone(target: Target, share: Share) -> None:
    """The link and its state answer as those of a link that never was."""
    expected = not_found(target)
    for path in (share.path, share.path + "/status"):
        assert differences(target.answer(written(path)), expected) == []
    for coding in ("gzip", "identity"):
        assert share.mark.encode() not in target.answer(written(share.path, ("Accept-Encoding", coding))).content


def test_a_revoked_link_is_gone_at_once_for_whoever_had_it_open(target: Target, links: Links) -> None:
    share = new_share(links, "revoked-while-open")
    with connected(target.port) as line:
        line.sendall(written(share.path, ("Connection", "keep-alive")))
        assert received(line).content == share.document
        links.revoke(share.link.id, by=BY)
        line.sendall(written(share.path, ("Connection", "keep-alive")))
        assert differences(received(line), keep_alive(target)) == []
    require_gone(target, share)


def keep_alive(target: Target) -> Answer:
    """The answer for an unknown link on a connection that stays open."""
    with connected(target.port) as line:
        line.sendall(written("/s/" + "Q" * 43, ("Connection", "keep-alive")))
        return received(line)


def test_a_revoked_link_is_not_revived_by_anything(target: Target, links: Links) -> None:
    """Elsewhere, switching public sharing off and on again brought all old links back."""
    share = new_share(links, "revived")
    links.revoke(share.link.id, by=BY)
    for revive in (
        lambda: links.set_expiry(share.link.id, datetime.now(UTC) + timedelta(days=9), by=BY),
        lambda: links.set_password(share.link.id, "a horse of another colour", by=BY),
        lambda: links.set_password(share.link.id, None, by=BY),
        lambda: links.refresh(share.link.id, new_snapshot(share.mark), "v2", by=BY),
    ):
        with pytest.raises(LinkError):
            revive()
    links.revoke(share.link.id, by=BY)
    new_share(links, "made-after-a-revocation")
    Links(links.folder)
    require_gone(target, share)


def test_the_file_of_a_revoked_link_is_gone(links: Links) -> None:
    share = new_share(links, "revoked-file")
    links.revoke(share.link.id, by=BY)
    assert [path for path in links.folder.rglob("*") if share.link.snapshot in str(path)] == []
    assert [
        path for path in links.folder.rglob("*") if path.is_file() and share.mark.encode() in path.read_bytes()
    ] == []


def test_an_expired_link_opens_no_more(target: Target, links: Links) -> None:
    share = new_share(links, "ended-early")
    assert target.opened(share.path).content == share.document
    links.set_expiry(share.link.id, datetime.now(UTC) - timedelta(seconds=1), by=BY)
    require_gone(target, share)


def test_a_link_cannot_outlast_a_year(links: Links) -> None:
    share = new_share(links, "for-ever")
    with pytest.raises(LinkError):
        links.set_expiry(share.link.id, datetime.now(UTC) + timedelta(days=366), by=BY)
    with pytest.raises(LinkError):
        new_share(links, "for-ever-from-the-start", days=366)


def test_a_refreshed_link_shows_the_new_document_and_never_the_old(target: Target, links: Links) -> None:
    share = new_share(links, "refreshed")
    assert target.opened(share.path).content == share.document
    for turn in range(3):
        mark = f"MARK-refreshed-{turn}-of-{share.link.id}"
        links.refresh(share.link.id, new_snapshot(mark), f"v{turn}", by=BY)
        for coding in ("gzip", "identity"):
            answer = target.answer(written(share.path, ("Accept-Encoding", coding)))
            assert answer.content == marked_document(mark)
    left = [path for path in links.folder.rglob("*") if path.is_file() and share.mark.encode() in path.read_bytes()]
    assert left == []


def test_while_links_are_refreshed_nobody_sees_half_a_document_or_anothers(target: Target, links: Links) -> None:
    share, other = new_share(links, "busy"), new_share(links, "beside-the-busy")
    known = {share.document}
    is_over = threading.Event()

    def refresh() -> None:
        for turn in range(12):
            mark = f"MARK-busy-{turn}"
            known.add(marked_document(mark))
            links.refresh(share.link.id, new_snapshot(mark), f"v{turn}", by=BY)
        is_over.set()

    worker = threading.Thread(target=refresh)
    worker.start()
    while not is_over.is_set():
        answer = target.opened(share.path, ("Accept-Encoding", "gzip"))
        assert answer.status == 200
        assert answer.content in known
        assert target.opened(other.path).content == other.document
    worker.join()


def test_links_live_and_stay_dead_through_a_restart(home: Path, links: Links) -> None:
    alive, dead, locked = (
        new_share(links, "alive"),
        new_share(links, "dead"),
        new_share(links, "locked-through", password="a" * 20),
    )
    with running_publisher(home) as before:
        assert before.opened(alive.path).content == alive.document
        links.revoke(dead.link.id, by=BY)
        require_gone(before, dead)
        own = ("Origin", f"http://{LOCALHOST}")
        cookie = before.answer(form(locked.path, {"password": "a" * 20}, own)).header("set-cookie") or ""
    with running_publisher(home) as after:
        assert after.opened(alive.path).content == alive.document
        require_gone(after, dead)
        assert locked.mark.encode() not in after.opened(locked.path).content
        with_cookie = after.opened(locked.path, ("Cookie", cookie.partition(";")[0]))
        assert with_cookie.content == locked.document


def test_five_wrong_passwords_are_remembered_through_a_restart(home: Path, links: Links) -> None:
    """Else whoever can make the process fall over has five more tries."""
    locked = new_share(links, "guessed-through", password="b" * 20)
    own, address = ("Origin", f"http://{LOCALHOST}"), "127.200.0.1"
    with running_publisher(home) as before:
        for guess in range(5):
            before.answer(form(locked.path, {"password": f"wrong horse {guess}"}, own), address=address)
    with running_publisher(home) as after:
        assert after.answer(form(locked.path, {"password": "b" * 20}, own), address=address).status == 429


def test_each_of_many_viewers_gets_the_document_of_his_link(target: Target, shares: Shares) -> None:
    """A cache keyed by something that a viewer sends has served one person's dashboard to another."""
    order = [shares.first, shares.second, shares.second, shares.first, shares.first] * 20

    def open_one(share: Share) -> bool:
        same = (
            ("X-Request-Id", "same"),
            ("Cookie", "session=same"),
            ("If-None-Match", '"same"'),
            ("Referer", "http://same/"),
        )
        return target.opened(share.path + "?dashboard_load_id=same", *same).content == share.document

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(open_one, order))


def test_pipelined_requests_get_their_own_answers(target: Target, shares: Shares) -> None:
    paths = [shares.first.path, "/s/" + "Q" * 43, shares.second.path, shares.locked.path, shares.first.path]
    stay = ("Connection", "keep-alive")
    with connected(target.port) as line:
        line.sendall(b"".join(written(path, stay) for path in paths[:-1]) + written(paths[-1]))
        stream = b""
        while piece := line.recv(1 << 16):
            stream += piece
    order = [stream.find(mark) for mark in (shares.first.mark.encode(), shares.second.mark.encode())]
    assert 0 < order[0] < order[1] < stream.rfind(shares.first.mark.encode())
    assert stream.count(b"HTTP/1.1 ") == len(paths)
    assert shares.locked.mark.encode() not in stream


def test_openings_are_counted_once_and_by_no_preview(target: Target, links: Links) -> None:
    share = new_share(links, "counted")
    for agent in ("Slackbot-LinkExpanding 1.0", "facebookexternalhit/1.1", "WhatsApp/2.2", "Mozilla/5.0"):
        target.opened(share.path, ("User-Agent", agent))
        target.answer(written(share.path, ("User-Agent", agent), method="HEAD"))
        target.opened(share.path + "/status", ("User-Agent", agent))
    assert links.link(share.link.id).n_opened == 0


def test_asking_for_nothing_does_not_fill_the_log(target: Target, links: Links) -> None:
    n_lines = len(links.entries())
    for _turn in range(60):
        target.opened("/s/" + "Z" * 43, address="127.201.0.1")
    assert len(links.entries()) <= n_lines + 1


def test_tokens_and_passwords_are_written_down_nowhere(
    home: Path, links: Links, shares: Shares, app: Target, publisher: Target
) -> None:
    """Neither the folder nor a log lets whoever reads it open a link."""
    for target in (app, publisher):
        target.opened(shares.first.path)
        target.opened(shares.locked.path + "?x=" + shares.locked.token)
        target.opened("/s/" + shares.second.token + "x", ("Referer", f"http://x{shares.second.path}"))
        for path in ("/" + shares.first.token, "\\s\\" + shares.first.token, "//s/" + shares.first.token):
            for method in ("GET", "PUT"):
                target.answer(written(path, method=method))
    secrets = [share.token.encode() for share in shares.all]
    secrets += [share.password.encode() for share in shares.all if share.password]
    kept = [path for path in (*home.rglob("*"), app.log, publisher.log) if path.is_file()]
    found = [(path.name, secret) for path in kept for secret in secrets if secret in path.read_bytes()]
    assert found == []


def test_what_is_kept_is_for_its_owner_alone(links: Links, shares: Shares) -> None:
    open_to_others = [
        str(path) for path in (links.folder, *links.folder.rglob("*")) if path.is_dir() and path.stat().st_mode & 0o077
    ]
    assert open_to_others == []


def test_the_policy_of_a_document_is_its_own(target: Target, shares: Shares) -> None:
    policy = target.opened(shares.first.path).header("content-security-policy") or ""
    for part in POLICY.split("; "):
        assert part in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]
