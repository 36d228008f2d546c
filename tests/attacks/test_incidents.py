"""What broke other products' public links, an incident a test: each says what of ours makes it impossible here."""

from __future__ import annotations

import inspect
import json
import re
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from journey.sharing.links import Links
from tests.attacks.oracle import differences, leaks, not_found, unguarded
from tests.attacks.shares import Share, Shares, new_share, new_snapshot
from tests.attacks.target import ROOT, Target
from tests.attacks.wire import LOCALHOST, Answer, answer_to, form, written
from tests.logs import make_log

BY = "olga.owner"
PASSWORD = "a wet cat and a horse"  # noqa: S105 - of no link outside these tests
TOKEN_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


@contextmanager
def statements_seen() -> Iterator[list[str]]:
    """Every SQL statement that runs in this process meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


def modules_of_the_publisher() -> set[str]:
    """What the publishing process has imported once it could serve."""
    question = (
        "import sys\nfrom pathlib import Path\nfrom journey.sharing.publisher import publisher_app\n"
        "publisher_app(Path(sys.argv[1]))\nprint(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    told = subprocess.run(
        [sys.executable, "-c", question, "/nowhere"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(told.stdout.split())


def test_cve_2026_72899_ghsa_r8h2_qpfx_mx59_a_parameter_of_a_public_dashboard_reaches_no_query(
    target: Target, shares: Shares
) -> None:
    """Metabase, CVE-2026-72899 / GHSA-r8h2-qpfx-mx59: a field filter of a public dashboard ran SQL for anybody.

    Here no parameter of a link is read, and what publishes links has no engine that a query could reach.
    """
    plain = target.answer(written(shares.first.path))
    tags = {
        "parameters": json.dumps(
            [{"type": "category", "value": ["x') OR 1=1--"], "target": ["dimension", ["template-tag", "t"]]}]
        ),
        "field-filter": '{"select":[["raw","(SELECT token_sha256 FROM links)"]]}',
        "country": "RO' UNION SELECT sql FROM sqlite_master--",
    }
    for name, value in tags.items():
        assert differences(target.answer(written(f"{shares.first.path}?{name}={quote(value)}")), plain) == []
    assert not {"duckdb", "pandas", "ibis", "sqlglot", "pyarrow", "streamlit", "plotly"} & modules_of_the_publisher()


NO_TOKENS: list[object] = [
    {"select": 1}, {"token": "x"}, ["A" * 43], ("A" * 43,), 43, 4.3, None, True, b"A" * 43, object(), "", "A" * 42,
    "A" * 44, "é" * 43, "A" * 42 + "\n", "A" * 43 + "\n", "%" * 43, "A" * 42 + "\0",
]  # fmt: skip


@pytest.mark.parametrize("token", NO_TOKENS, ids=lambda token: f"{type(token).__name__}-{str(token)[:12]!r}")
def test_cve_2026_72898_a_token_that_is_a_map_reaches_no_query(links: Links, token: object) -> None:
    """Metabase, CVE-2026-72898: `{"token": {"select": 1}}` was handed to the query builder.

    Here what is not a text of the right shape is none, before any statement is made.
    """
    with statements_seen() as seen:
        assert links.found(token, datetime.now(UTC)) is None  # type: ignore[arg-type, unused-ignore]
    assert seen == []


def test_cve_2026_72898_a_token_of_the_right_shape_is_bound_and_hashed(links: Links) -> None:
    """Metabase, CVE-2026-72898: and what has the shape is neither written into a statement nor looked up as it came."""
    token = secrets.token_urlsafe(32)
    with statements_seen() as seen:
        assert links.found(token, datetime.now(UTC)) is None
    assert seen
    assert [statement for statement in seen if token in statement] == []


@pytest.mark.parametrize("key", [":key", ":token", ":rest", "{rest}", "{rest:path}", "*", "1", "0", "-1", "%3Akey"])
def test_cve_2021_39226_a_literal_key_opens_and_deletes_nothing(
    target: Target, links: Links, shares: Shares, key: str
) -> None:
    """Grafana, CVE-2021-39226: `/:key` taken literally matched the snapshot of the lowest number, again and again."""
    before = [link.id for link in links.all() if link.revoked_at is None]
    for method in ("GET", "DELETE", "POST"):
        answer = target.answer(written(f"/s/{key}", method=method))
        assert differences(answer, not_found(target, method)) == []
    assert [link.id for link in links.all() if link.revoked_at is None] == before
    assert target.opened(shares.first.path).content == shares.first.document


def test_ghsa_67rv_nobody_chooses_the_key_of_a_link(links: Links) -> None:
    """Grafana, GHSA-67rv: keys of snapshots could be chosen by their makers, and so be guessed by others.

    Here a link is made without a word about its token, which is 256 random bits.
    """
    assert not {"token", "key", "slug", "id", "link_id"} & set(inspect.signature(links.make).parameters)
    tokens = [new_share(links, f"chosen-{number}").token for number in range(12)]
    assert all(TOKEN_SHAPE.fullmatch(token) for token in tokens)
    assert len({token[:8] for token in tokens} | {token[-8:] for token in tokens}) == 24


def test_superset_26201_the_token_of_one_dashboard_reaches_no_other(
    target: Target, shares: Shares, links: Links
) -> None:
    """Superset, issue 26201: a guest's token reached charts that were not on its dashboard.

    Here a document holds all it will ever show, and neither a token nor a cookie is good for anything but its link.
    """
    locked = new_share(links, "26201", password=PASSWORD)
    own = ("Origin", f"http://{LOCALHOST}")
    cookie = target.answer(form(locked.path, {"password": PASSWORD}, own)).header("set-cookie") or ""
    pair = cookie.partition(";")[0]
    for other in (shares.locked, shares.locked_too):
        for path in (other.path, f"{locked.path}/../{other.token}", f"/s/{other.link.snapshot}"):
            answer = target.opened(path, ("Cookie", pair), ("Referer", f"http://{LOCALHOST}{locked.path}"))
            assert other.mark.encode() not in answer.content
    others = [share.mark.encode() for share in shares.all]
    assert [mark for mark in others if mark in target.opened(locked.path, ("Cookie", pair)).content] == []


def test_cve_2023_27524_no_two_servers_share_a_key(tmp_path: Path, links: Links, shares: Shares) -> None:
    """Superset, CVE-2023-27524: two in three servers signed their sessions with the key from the manual.

    Here each folder draws its own at the first start; there is none to choose, and none to forget to choose.
    """
    other = Links(tmp_path / "shared")
    share = new_share(other, "another-server", password=PASSWORD)
    again = Links(tmp_path / "shared")
    assert again.viewer_key(share.link.id) == other.viewer_key(share.link.id)
    assert other.viewer_key(share.link.id) != links.viewer_key(shares.locked.link.id)
    source = "".join(path.read_text("utf-8") for path in (ROOT / "journey" / "sharing").glob("*.py"))
    assert not re.search(r"(?i)secret_?key\s*=\s*[\"']", source)


def test_cve_2023_27524_a_cookie_of_another_server_opens_nothing(
    target: Target, tmp_path: Path, shares: Shares
) -> None:
    """Superset, CVE-2023-27524: a session signed elsewhere with the known key was an administrator's."""
    from journey.sharing.cookies import pass_name, pass_value

    now = datetime.now(UTC).timestamp()
    for key in (b"", b"\0" * 32, b"CHANGE_ME_TO_A_COMPLEX_RANDOM_SECRET", b"thisISaSECRET_1234", b"secret"):
        forged = pass_value(key, shares.locked.link.id, now)
        answer = target.opened(shares.locked.path, ("Cookie", f"{pass_name(shares.locked.link.id)}={forged}"))
        assert shares.locked.mark.encode() not in answer.content


def broken_share(links: Links) -> Share:
    """A link whose document cannot be read in a way that nobody foresaw."""
    share = new_share(links, "broken")
    for path in [found for found in links.folder.rglob("*") if found.is_file() and share.link.snapshot in str(found)]:
        path.unlink()
        path.mkdir(mode=0o700)
    return share


@pytest.mark.parametrize("number", ["CVE-2025-55673", "CVE-2025-55674", "CVE-2025-55675", "CVE-2024-53948"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_cve_2025_55673_55674_55675_cve_2024_53948_an_error_tells_an_id_and_nothing_else(
    target: Target, links: Links, hidden: list[bytes], number: str, method: str
) -> None:
    """Superset, CVE-2025-55673, -55674, -55675 and CVE-2024-53948: errors and metadata told guests names and SQL."""
    share = broken_share(links)
    answer = target.answer(written(f"{share.path}?{number}", method=method))
    assert answer.status in (404, 500)
    told = [share.mark.encode(), share.link.title.encode(), share.link.snapshot.encode(), str(links.folder).encode()]
    assert leaks(answer, [*hidden, *told]) == []
    assert unguarded(answer) == []


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg onload=alert(1)>']
)
def test_cve_2022_43718_the_way_in_for_files_writes_no_markup(app: Target, publisher: Target, name: str) -> None:
    """Superset, CVE-2022-43718: the form for uploads wrote a file's name into its page."""
    for path in (f"/upload/{quote(name)}", f"/upload/{'A' * 43}?name={quote(name)}"):
        for target in (app, publisher):
            disposition = ("Content-Disposition", f'form-data; filename="{name}"')
            own = ("Origin", f"http://{LOCALHOST}:{target.port}")
            request = written(
                path, disposition, own, method="PUT", body=b"a,b\n1,2\n", host=f"{LOCALHOST}:{target.port}"
            )
            answer = target.answer(request)
            assert answer.status in (400, 403, 404, 405)
            assert b"alert(1)" not in answer.content
            assert answer.header("x-content-type-options") == "nosniff"


ATTACHED = [
    "ATTACH '{0}' AS x", "ATTACH '{0}' AS x (TYPE sqlite)", "ATTACH 'http://127.0.0.1:9/x' AS x",
]  # fmt: skip
ESCAPES = [
    "INSTALL sqlite", "LOAD sqlite", "INSTALL httpfs FROM community", "COPY steps TO '{0}'", "EXPORT DATABASE '{0}'",
    "SELECT * FROM read_text('/etc/passwd')", "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM glob('/*')",
    "SELECT * FROM read_parquet('http://127.0.0.1:9/x')", "SET enable_external_access = true",
    "RESET lock_configuration", "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM duckdb_secrets() UNION ALL SELECT * FROM read_blob('/etc/passwd')", "CREATE SECRET s (TYPE s3)",
    "IMPORT DATABASE '/etc'", "SELECT getenv('HOME')", "FROM '/etc/passwd'", "SELECT load_extension('x')",
    "CALL start_ui()",
]  # fmt: skip


@pytest.mark.parametrize("statement", ATTACHED)
def test_cve_2022_24854_no_file_can_be_attached_to_the_engine(tmp_path: Path, statement: str) -> None:
    """Metabase, CVE-2022-24854: SQLite attached whatever file a query named.

    Here nobody writes queries; and if one were smuggled in, the engine is locked before the first is run.
    """
    require_refused(statement.format(tmp_path / "other.db"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("statement", ESCAPES)
def test_cve_2023_38646_cve_2026_59826_59827_103928_the_engine_of_the_sample_has_no_way_out(
    tmp_path: Path, statement: str
) -> None:
    """Metabase, CVE-2023-38646, CVE-2026-59826, -59827 and -103928: the database of the sample ran code of its own."""
    require_refused(statement.format(tmp_path / "out"))
    assert list(tmp_path.iterdir()) == []


def require_refused(statement: str) -> None:
    """The engine of a loaded log refuses a statement, whatever it says about why."""
    engine = make_log(ana="see > try").engine
    with pytest.raises(
        Exception, match=r"(?i)disabled|permission|cannot|locked|not exist|extension|can not|Unable|Error"
    ):
        engine._cursor().execute(statement).fetchall()


@pytest.mark.parametrize(
    "path",
    ["/api/session/properties", "/setup", "/api/setup", "/api/setup/validate", "/install", "/first-run", "/claim"],
)
def test_cve_2023_38646_there_is_no_setup_token_to_find(publisher: Target, app: Target, path: str) -> None:
    """Metabase, CVE-2023-38646: the token of the first set-up stayed readable, and was enough to run code."""
    assert differences(publisher.answer(written(path)), not_found(publisher)) == []
    for target in (publisher, app):
        answer = target.answer(written(path, method="POST", body=b'{"token":"x"}'))
        assert answer.status in (403, 404, 405)
        assert b"token" not in answer.content


def test_cve_2026_22805_nothing_that_is_asked_makes_the_server_call_out(
    target: Target, publisher: Target, shares: Shares
) -> None:
    """Metabase, CVE-2026-22805: a subscription called addresses inside the network it ran in.

    Here nothing calls out: a trap that every request names is never visited.
    """
    with socket.create_server((LOCALHOST, 0)) as trap:
        trap.setblocking(False)
        address = f"http://{LOCALHOST}:{trap.getsockname()[1]}/"
        named = [
            (name, address)
            for name in ("Referer", "Origin", "X-Callback", "Webhook", "X-Forwarded-Host", "From", "Link")
        ]
        for path in (shares.first.path, shares.locked.path, "/s/" + "A" * 43):
            for request in (
                written(f"{path}?url={quote(address)}&callback={quote(address)}&webhook={quote(address)}", *named),
                written(address.rstrip("/") + path, *named),
                written(path, *named, host=address.removeprefix("http://").rstrip("/")),
                form(path, {"password": address, "url": address, "webhook": address}, *named),
                form(path + "/status", {"url": address}, *named),
            ):
                target.answer(request)
        with pytest.raises(BlockingIOError):
            trap.accept()
    assert not {"httpx", "requests", "aiohttp", "urllib3", "smtplib"} & modules_of_the_publisher()


def test_metabase_revived_links_no_switch_brings_a_withdrawn_link_back(target: Target, links: Links) -> None:
    """Metabase, warning in its manual: switching public sharing off and on again revives all old links."""
    shares = [new_share(links, f"switched-{number}") for number in range(3)]
    switched = {share.link.id for share in shares}
    for link_id in switched:
        links.revoke(link_id, by=BY)
    Links(links.folder)
    for share in shares:
        assert differences(target.answer(written(share.path)), not_found(target)) == []
    assert {link.id for link in links.all() if link.revoked_at} >= switched
    assert not [name for name in dir(links) if re.search(r"enable|restore|resume|unrevoke|reopen", name)]


def test_posthog_a_token_that_was_replaced_has_no_grace(target: Target, links: Links) -> None:
    """PostHog: tokens that were rotated lived on for a while, and one that was cleared came back.

    Here a token is never replaced: withdrawing is all there is, and it holds from the next request on.
    """
    share = new_share(links, "no-grace")
    assert target.opened(share.path).status == 200
    links.revoke(share.link.id, by=BY)
    assert [target.opened(share.path).status for _turn in range(3)] == [404] * 3


def test_metabase_posthog_tokens_at_rest_are_hashes(links: Links, shares: Shares) -> None:
    """Metabase and PostHog keep tokens as they are: whoever reads the database or a backup can open every link."""
    kept = b"".join(path.read_bytes() for path in links.folder.glob("links.sqlite*"))
    assert shares.first.link.id.encode() in kept
    assert [share.token for share in shares.all if share.token.encode() in kept] == []


def test_logz_io_every_link_ends(links: Links) -> None:
    """logz.io: links made before an expiry was invented never ended."""
    link, _token = links.make(
        new_snapshot("MARK-ends"), title="Ends", dataset_id="x", dataset_name="x", version="v", choices={}, made_by=BY
    )
    assert timedelta(days=29) < link.expires_at - link.made_at <= timedelta(days=30)
    assert all(each.expires_at - each.made_at <= timedelta(days=365) for each in links.all())


def test_saiku_4_6_4_a_viewers_filter_widens_nothing(target: Target, shares: Shares) -> None:
    """Saiku 4.6.4: a filter that the viewer sent took the place of the one that was forced upon him."""
    plain = target.answer(written(shares.first.path))
    for asked in (
        "?filters={}",
        "?country=RO&country=DE",
        "?persona=&period=",
        "?filter[country]=*",
        "?cut=none&value=all",
    ):
        assert differences(target.answer(written(shares.first.path + asked)), plain) == []
    posted = target.answer(form(shares.first.path, {"filters": "{}"}, ("Origin", f"http://{LOCALHOST}")))
    assert posted.status in (303, 400, 405)


def test_metabase_cache_memo_an_id_that_the_viewer_sends_picks_no_answer(target: Target, shares: Shares) -> None:
    """Metabase: what was kept under a `dashboard_load_id` of the viewer's choice went to the next who sent it."""
    same = "?dashboard_load_id=7d4f1c52"

    def asked(share: Share) -> Answer:
        return answer_to(target.port, written(share.path + same, ("Cookie", "sid=1"), ("X-Request-Id", "1")))

    assert [asked(share).content for share in (shares.first, shares.second, shares.first)] == [
        shares.first.document,
        shares.second.document,
        shares.first.document,
    ]
    assert shares.locked.mark.encode() not in asked(shares.locked).content
