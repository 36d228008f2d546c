from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from journey.sharing.links import Links
from tests.attacks.oracle import secrets_of
from tests.attacks.shares import Shares, new_share
from tests.attacks.target import APP, PUBLISHER, Target, running_app, running_publisher

PHRASE = "a correct horse battery staple"
_SHORT_DAYS = 1.5 / 86_400


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("attacked")


@pytest.fixture(scope="session")
def links(home: Path) -> Links:
    folder = home / "shared"
    folder.mkdir(mode=0o700, exist_ok=True)
    return Links(folder)


@pytest.fixture(scope="session")
def shares(links: Links) -> Shares:
    made = Shares(
        first=new_share(links, "first"),
        second=new_share(links, "second"),
        locked=new_share(links, "locked", password=PHRASE + " one"),
        locked_too=new_share(links, "locked-too", password=PHRASE + " two"),
        expired=new_share(links, "expired", days=_SHORT_DAYS),
        revoked=new_share(links, "revoked"),
    )
    links.revoke(made.revoked.link.id, by="olga.owner")
    while made.expired.link.state(datetime.now(UTC)) == "open":
        time.sleep(0.1)
    return made


@pytest.fixture(scope="session")
def publisher(home: Path, links: Links) -> Iterator[Target]:
    with running_publisher(home) as target:
        yield target


@pytest.fixture(scope="session")
def app(home: Path, links: Links) -> Iterator[Target]:
    with running_app(home) as target:
        yield target


@pytest.fixture(scope="session", params=[PUBLISHER, APP])
def target(request: pytest.FixtureRequest) -> Target:
    """The publishing process, and then the app's own way to links."""
    found: Target = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def hidden(shares: Shares, home: Path) -> list[bytes]:
    """What somebody without a token must not be told."""
    return secrets_of(shares.all, str(home))
