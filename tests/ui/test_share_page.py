"""A link is made on purpose: chosen, looked at, made, shown once; and what is open can be seen and closed."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from journey.dataset import Dataset, Filters
from journey.errors import NotEnoughDataError
from journey.reports.choices import PAGES, Choices
from journey.reports.protection.epochs import Telling
from journey.sharing import Links, Snapshot
from journey.text.masking import masked
from journey.ui import cache, filters, sharing_drafts
from journey.ui.sharing_changes import changes
from journey.workspace import Workspace
from tests.ui.conftest import OpenApp
from tests.ui.test_pages import errors, keep, shown

NOW = datetime.datetime.now(datetime.UTC)
DOCUMENT = Snapshot(b"<!doctype html><title>Journey</title>", "default-src 'none'")

#: What the page asked to be worked out: version of the data and choices.
Asked = list[tuple[str, Choices]]
MakeLink = Callable[..., str]


@dataclass
class View:
    label: str
    tables: Any = None


@dataclass
class Tables:
    customers: int
    interactions: int
    last: datetime.date
    figures: pd.DataFrame


@dataclass
class Collected:
    views: list[View]
    goal: str | None = "purchase"
    currency: str | None = "EUR"

    @property
    def whole(self) -> View:
        return self.views[0]


@dataclass
class WorkedOut:
    """Stands in for what a link shows; working it out has tests of its own, and takes its time."""

    tables: Collected
    policy: str = "default-src 'none'"
    suppressed: str = "1 group is too small to switch to: Antarctica."

    def document(self, library: str) -> bytes:
        return f"<!doctype html><title>{library}</title>".encode()

    def tellings_after(self, _earlier: list[Telling]) -> list[Telling]:
        return [Telling("[]", 0, b"\0" * 8)]


def told(customers: int = 2_861, groups: tuple[str, ...] = ("Romania",)) -> Collected:
    figures = pd.DataFrame({"figure": ["customers", "share_reaching_goal"], "value": [float(customers), 0.3]})
    tables = Tables(customers, 42_146, datetime.date(2025, 12, 31), figures)
    return Collected([View("Everybody", tables), *map(View, groups)])


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """What was asked for, in order."""
    made: Asked = []

    def shared(
        dataset: Dataset, _personas: Any, choices: Choices, _key: bytes, *, progress: Any, **_: Any
    ) -> WorkedOut:
        made.append((dataset.version, choices))
        progress(0.5, "Everybody")
        return WorkedOut(told())

    monkeypatch.setattr(sharing_drafts, "shared", shared)
    return made


@pytest.fixture
def links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Links:
    """The links that the app under test knows."""
    made = Links(tmp_path / "shared")
    monkeypatch.setattr(cache, "links", lambda: made)
    return made


@pytest.fixture
def make_link(links: Links, workspace: Workspace) -> MakeLink:
    """Make a link to the demo without the page, and tell its id."""

    def made(**changes: Any) -> str:
        choices = Choices("Spring", (NOW + datetime.timedelta(days=30)).date())
        settings = {
            "title": "Spring",
            "dataset_id": "demo",
            "dataset_name": "Demo",
            "version": workspace.newest("demo").version,
            "choices": {**choices.to_dict(), "n_personas": None},
            "made_by": "ana@example.com",
        }
        link, _token = links.make(DOCUMENT, **{**settings, **changes})
        return link.id

    return made


def press(app: AppTest, key: str) -> AppTest:
    return app.button(key=key).click().run()


def is_there(app: AppTest, key: str) -> bool:
    return key in [button.key for button in app.button]


def addresses(app: AppTest) -> list[str]:
    return [str(each.proto.url) for each in app.get("link_button")]


def headline(app: AppTest) -> str:
    return next(str(each.proto.body) for each in app.get("html") if "finding" in each.proto.body[:30])


# --- A link is made ----------------------------------------------------------------------------------------------


def test_where_nothing_is_shared_the_page_says_so_and_offers_to(open_app: OpenApp, links: Links) -> None:
    app = open_app("share", dataset="demo")
    assert "Nothing is shared yet." in headline(app)
    assert is_there(app, "share preview")
    assert not is_there(app, "share make")


def test_what_a_link_will_show_is_told_in_words(open_app: OpenApp, links: Links) -> None:
    app = open_app(
        "share",
        dataset="demo",
        **{"a.country": [filters.value_id("Romania"), filters.value_id("Germany")], "from": "2025-03-01"},
    )
    said = shown(app).replace("\\", "")
    assert "of 2,860, 1 Mar – 31 Dec 2025" in said
    assert "Country: Romania and Germany" in said


def test_looking_notes_nothing_and_a_link_notes_of_whom_it_tells(
    open_app: OpenApp, links: Links, asked: Asked, workspace: Workspace
) -> None:
    app = press(open_app("share", dataset="demo"), "share preview")
    assert workspace.tellings.of("demo") == []
    press(app, "share make")
    assert len(links.all()) == 1
    assert [each.epoch for each in workspace.tellings.of("demo")][:1] == [0]


def test_a_link_is_made_only_after_a_preview(open_app: OpenApp, links: Links, asked: Asked) -> None:
    app = press(open_app("share", dataset="demo"), "share preview")
    assert not errors(app)
    [(_version, choices)] = asked
    assert (choices.title, choices.pages, choices.cuts) == ("Demo: Tallybrook", PAGES, ("persona", "period"))
    assert (choices.least, choices.quotes) == (10, ())
    assert "Antarctica" in shown(app)
    look, file = addresses(app)
    assert file == f"{look}/file"
    press(app, "share make")
    [link] = links.all()
    assert (link.title, link.dataset_id, link.has_password) == ("Demo: Tallybrook", "demo", False)
    assert Choices.from_dict(link.choices) == choices
    assert (link.expires_at - NOW).days in (29, 30)


def test_another_choice_asks_for_another_preview(open_app: OpenApp, links: Links, asked: Asked) -> None:
    app = press(open_app("share", dataset="demo"), "share preview")
    app.text_input(key="share title demo").set_value("For the board").run()
    assert not is_there(app, "share make")
    assert "Something was changed since the last preview" in shown(app)
    press(app, "share preview")
    assert [choices.title for _version, choices in asked] == ["Demo: Tallybrook", "For the board"]
    assert is_there(app, "share make")


def test_other_filters_ask_for_another_preview(open_app: OpenApp, links: Links, asked: Asked) -> None:
    app = press(open_app("share", dataset="demo"), "share preview")
    app.multiselect(key="filter a.country").set_value([filters.value_id("Romania")]).run()
    assert not is_there(app, "share make")
    press(app, "share preview")
    assert asked[1][1].filters.attributes == (("country", ("Romania",)),)


def test_the_address_is_shown_once_and_only_its_hash_is_kept(open_app: OpenApp, links: Links, asked: Asked) -> None:
    app = press(press(open_app("share", dataset="demo"), "share preview"), "share make")
    address = app.code[0].value
    token = address.rpartition("/s/")[2]
    assert links.found(token, NOW) == links.all()[0]
    assert not [path for path in links.folder.rglob("*") if path.is_file() and token.encode() in path.read_bytes()]
    assert "works on this computer only" in shown(app)
    assert "make run SHARE=0.0.0.0:8600" in shown(app)
    assert "they belong behind HTTPS: `docs/deployment.md` says how" in shown(app).replace("\\", "")
    press(app, "share copied")
    assert not app.code
    assert not is_there(app, "share make")


def test_an_address_that_others_reach_brings_no_warning(
    open_app: OpenApp, links: Links, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JOURNEY_SHARE_URL", "https://share.example.com")
    app = press(press(open_app("share", dataset="demo"), "share preview"), "share make")
    assert app.code[0].value.startswith("https://share.example.com/s/")
    assert not app.warning


def test_what_readers_may_see_is_what_was_chosen(open_app: OpenApp, links: Links, asked: Asked) -> None:
    app = open_app("share", dataset="demo")
    app.multiselect(key="share cuts demo").set_value(["country"]).run()
    app.number_input(key="share least demo").set_value(25).run()
    press(app, "share preview")
    [(_version, choices)] = asked
    assert (choices.cuts, choices.least) == (("country",), 25)


def test_what_readers_cannot_switch_by_is_told_with_the_reason(
    open_app: OpenApp, links: Links, workspace: Workspace, tmp_path: Path
) -> None:
    rows = "".join(f"c{n},2025-01-0{1 + n % 9},home\n" for n in range(40))
    app = open_app("share", dataset=keep(workspace, tmp_path, f"customer_id,timestamp,touchpoint\n{rows}"))
    assert not errors(app)
    assert "can't switch by persona: there are too few customers for personas" in shown(app)
    assert "can't switch by period: the days shown hold less than two full months" in shown(app)
    app = open_app("share", dataset="demo")
    assert "Readers can't switch by" not in shown(app)
    assert app.multiselect(key="share cuts demo").value == ["persona", "period"]
    app.query_params["from"] = "2025-11-15"
    app.run()
    assert not errors(app)
    assert app.multiselect(key="share cuts demo").value == ["persona"]
    assert "can't switch by period" in shown(app)


def test_a_group_under_five_cannot_be_asked_for(open_app: OpenApp, links: Links) -> None:
    assert open_app("share", dataset="demo").number_input(key="share least demo").min == 5


def test_no_comment_is_shown_unless_it_is_ticked(open_app: OpenApp, links: Links, asked: Asked) -> None:
    app = open_app("share", dataset="demo")
    boxes = [box for box in app.checkbox if box.key.startswith("share comment")]
    assert 0 < len(boxes) <= 12
    assert not any(box.value for box in boxes)
    boxes[0].check().run()
    press(app, "share preview")
    [quote] = asked[0][1].quotes
    assert masked(quote.comment) == quote.comment
    assert quote.comment in boxes[0].label.replace("\\", "")


def test_a_password_is_kept_as_a_hash_and_a_short_one_refused(open_app: OpenApp, links: Links, asked: Asked) -> None:
    app = open_app("share", dataset="demo")
    assert app.text_input(key="share password demo").placeholder == "8 characters or more"
    app.text_input(key="share password demo").set_value("short").run()
    press(app, "share preview")
    assert [error.value.replace("\\", "") for error in app.error] == [
        "The password of a link has 8 to 200 characters. Choose another."
    ]
    assert asked == []
    assert not is_there(app, "share make")
    app.text_input(key="share password demo").set_value("a longer one").run()
    press(press(app, "share preview"), "share make")
    [link] = links.all()
    assert link.has_password


def test_the_next_link_does_not_get_the_password_of_the_last(open_app: OpenApp, links: Links, asked: Asked) -> None:
    app = open_app("share", dataset="demo")
    app.text_input(key="share password demo").set_value("a longer one").run()
    press(press(app, "share preview"), "share make")
    assert app.text_input(key="share password demo").value == ""
    press(press(app, "share preview"), "share make")
    assert [link.has_password for link in links.all()] == [False, True]
    app.text_input(key="share password demo").set_value("another one").run()
    assert app.text_input(key="share password demo").value == "another one"


def test_a_title_is_text(open_app: OpenApp, links: Links, asked: Asked) -> None:
    app = open_app("share", dataset="demo")
    app.text_input(key="share title demo").set_value("<b>x</b> ![i](http://127.0.0.1:9/i.png)").run()
    press(press(app, "share preview"), "share make")
    assert links.all()[0].title.startswith("<b>x</b>")
    for kind in ("markdown", "caption", "success"):
        for element in app.get(kind):
            assert "![i](" not in str(element.value)
            assert "<b>x" not in str(element.value)


def test_too_few_customers_are_not_shared(
    open_app: OpenApp, links: Links, workspace: Workspace, tmp_path: Path
) -> None:
    rows = "".join(f"c{n},2025-01-0{1 + n % 9},home\n" for n in range(9))
    app = open_app("share", dataset=keep(workspace, tmp_path, f"customer_id,timestamp,touchpoint\n{rows}"))
    assert "Too few customers to share" in app.info[0].value
    assert not is_there(app, "share preview")


def test_the_noise_is_one_for_all_links_of_a_dataset(workspace: Workspace) -> None:
    keys = [sharing_drafts.noise_key(dataset_id) for dataset_id in ("demo", "demo", "other")]
    assert keys[0] == keys[1] != keys[2]
    assert (workspace.home / "pseudonym.key").read_bytes() not in keys


# --- What is open ------------------------------------------------------------------------------------------------


def test_links_are_told_with_what_they_show_and_how_often_they_were_opened(
    open_app: OpenApp, links: Links, make_link: MakeLink
) -> None:
    link_id, _other = make_link(), make_link(title="Autumn", password="long enough")  # noqa: S106 - made up
    links.opened(link_id, NOW)
    links.opened(link_id, NOW)
    app = open_app("share", dataset="demo")
    assert "2 links are open; the last was opened today." in headline(app)
    said = shown(app).replace("\\", "")
    assert "opened 2 times, last today · made by ana@example.com today" in said
    assert "not opened yet · made by ana@example.com today · with a password" in said
    [log] = [element.value for element in app.dataframe]
    assert log["What"].tolist() == ["opened 2 times", "made", "made"]
    assert log["Link"].tolist() == ["Spring", "Autumn", "Spring"]


def test_two_links_to_the_same_data_can_be_told_apart(open_app: OpenApp, links: Links, make_link: MakeLink) -> None:
    until = (NOW + datetime.timedelta(days=30)).date()
    romania = Filters(end=datetime.date(2025, 9, 14), attributes=(("country", ("Romania",)),))
    narrow = Choices("Spring", until, ("flows", "overview"), ("persona", "age_group"), 25, filters=romania)
    make_link(made_by="this computer")
    refreshed = make_link(choices={**narrow.to_dict(), "n_personas": None})
    make_link(version="000000000000")
    links.refresh(refreshed, DOCUMENT, links.link(refreshed).version, by="ana@example.com")
    said = [each.value.replace("\\", "").split(" · until") for each in open_app("share", dataset="demo").caption]
    gone, of_one, of_all = [(shows, rest) for shows, *[rest] in (each for each in said if len(each) > 1)]
    assert of_all[0] == "all pages · nothing to switch by  \nDemo, data up to December 2025"
    assert of_all[1].endswith("· made on this computer today")
    assert of_one[0] == (
        "Overview and Flows · to switch by persona and Age group · groups of 25 or more · to 14 Sep 2025 · "
        "Country: Romania  \nDemo, data up to September 2025"
    )
    assert of_one[1].endswith("· made by ana@example.com today · refreshed today")
    assert gone[0].endswith("\nDemo (there are newer ones)")


def test_a_link_is_withdrawn_only_after_asking_once_more(open_app: OpenApp, links: Links, make_link: MakeLink) -> None:
    link_id = make_link()
    app = open_app("share", dataset="demo")
    assert app.button(key=f"withdraw {link_id}").disabled
    app.checkbox(key=f"sure {link_id}").check().run()
    press(app, f"withdraw {link_id}")
    assert links.link(link_id).revoked_at is not None
    assert "Nothing is shared now." in headline(app)
    assert "withdrawn today" in shown(app)
    assert not is_there(app, f"withdraw {link_id}")


def test_an_expired_link_is_folded_away_and_can_be_opened_again(
    open_app: OpenApp, links: Links, make_link: MakeLink
) -> None:
    link_id = make_link()
    links.set_expiry(link_id, NOW - datetime.timedelta(days=2), by="ana@example.com")
    app = open_app("share", dataset="demo")
    assert "Nothing is shared now." in headline(app)
    assert [fold.label for fold in app.expander if "ended" in fold.label] == ["1 link that has ended"]
    app.date_input(key=f"until {link_id}").set_value(NOW.date() + datetime.timedelta(days=5)).run()
    press(app, f"set until {link_id}")
    assert links.link(link_id).state(NOW) == "open"


def test_the_password_of_a_link_is_set_and_taken_away(open_app: OpenApp, links: Links, make_link: MakeLink) -> None:
    link_id = make_link()
    app = open_app("share", dataset="demo")
    assert not is_there(app, f"no password {link_id}")
    app.text_input(key=f"password {link_id}").set_value("a longer one").run()
    press(app, f"set password {link_id}")
    assert links.link(link_id).has_password
    press(app, f"no password {link_id}")
    assert not links.link(link_id).has_password
    [log] = [element.value for element in app.dataframe]
    assert log["What"].tolist() == ["password taken away", "password set", "made"]


def test_a_refresh_shows_what_changes_before_it_is_put_behind_the_link(
    open_app: OpenApp, links: Links, make_link: MakeLink, asked: Asked, workspace: Workspace
) -> None:
    link_id = make_link()
    before = links.link(link_id)
    app = press(open_app("share", dataset="demo"), f"refresh {link_id}")
    assert not errors(app)
    assert links.link(link_id) == before
    assert asked[0][1] == replace(Choices.from_dict(before.choices), valid_until=before.expires_at.date())
    table = app.dataframe[0].value.set_index("Figure")
    assert table.loc["Customers"].tolist() == ["2,861", "2,861"]
    assert "None of these figures changes" in shown(app)
    assert len(addresses(app)) == 1
    press(app, f"put {link_id}")
    after = links.link(link_id)
    assert after.snapshot != before.snapshot
    assert (after.id, after.expires_at, after.version) == (before.id, before.expires_at, before.version)
    assert not is_there(app, f"put {link_id}")


def test_a_refresh_that_is_left_changes_nothing(
    open_app: OpenApp, links: Links, make_link: MakeLink, asked: Asked
) -> None:
    link_id = make_link()
    before = links.link(link_id)
    app = press(press(open_app("share", dataset="demo"), f"refresh {link_id}"), f"leave {link_id}")
    assert links.link(link_id) == before
    assert not is_there(app, f"put {link_id}")


def test_newer_data_are_told_and_compared(
    open_app: OpenApp, links: Links, make_link: MakeLink, asked: Asked, workspace: Workspace
) -> None:
    link_id = make_link(version="000000000000")
    app = open_app("share", dataset="demo")
    assert "there are newer ones" in shown(app)
    press(app, f"refresh {link_id}")
    assert [version for version, _choices in asked] == [workspace.newest("demo").version]
    assert "so that the two can't be compared" in shown(app)


def test_a_refresh_is_not_held_up_by_data_that_would_not_be_shared_now(
    open_app: OpenApp, links: Links, make_link: MakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    link_id = make_link(version="000000000000")

    def worked_out(_dataset_id: str, version: str, *_given: Any) -> WorkedOut:
        if version == "000000000000":
            raise NotEnoughDataError.too_few_customers("Shared dashboards", 4, 10)
        return WorkedOut(told())

    monkeypatch.setattr(sharing_drafts, "worked_out", worked_out)
    app = press(open_app("share", dataset="demo"), f"refresh {link_id}")
    assert not errors(app)
    assert app.dataframe[0].value.set_index("Figure").loc["Customers"].tolist() == ["–", "2,861"]
    assert "so that the two can't be compared" in shown(app)
    assert is_there(app, f"put {link_id}")


def test_what_changes_is_told_figure_by_figure() -> None:
    before, after = told(2_861), told(3_012, groups=())
    table = changes(before, after).set_index("figure")
    assert table.loc["Customers"].tolist() == ["2,861", "3,012"]
    assert table.loc["Data until"].tolist() == ["31 Dec 2025", "31 Dec 2025"]
    assert table.loc["Reach Purchase"].tolist() == ["30.0 %", "30.0 %"]
    assert table.loc["Groups to switch to"].tolist() == ["1", "0"]
    assert changes(None, after)["before"].unique().tolist() == ["–"]


def test_an_address_that_was_withdrawn_is_no_longer_shown(open_app: OpenApp, links: Links, asked: Asked) -> None:
    app = press(press(open_app("share", dataset="demo"), "share preview"), "share make")
    [link] = links.all()
    links.revoke(link.id, by="ana@example.com")
    assert not app.run().code


def test_links_can_be_withdrawn_where_no_dataset_is_left(open_app: OpenApp, links: Links, make_link: MakeLink) -> None:
    link_id = make_link(dataset_id="gone")
    app = open_app("share", dataset="gone")
    assert "1 link is open" in headline(app)
    app.checkbox(key=f"sure {link_id}").check().run()
    press(app, f"withdraw {link_id}")
    assert links.link(link_id).revoked_at is not None


def test_deleting_a_dataset_withdraws_its_links(
    open_app: OpenApp, links: Links, make_link: MakeLink, workspace: Workspace, tmp_path: Path
) -> None:
    dataset_id = keep(workspace, tmp_path, "customer_id,timestamp,touchpoint\nz,2025-01-01,home\nz,2025-01-02,x\n")
    its_own, another = make_link(dataset_id=dataset_id), make_link()
    app = open_app()
    assert "The link that is open to it is withdrawn" in shown(app)
    app.checkbox(key=f"sure {dataset_id}").check().run()
    press(app, f"delete {dataset_id}")
    assert links.link(its_own).state(NOW) == "revoked"
    assert links.link(another).state(NOW) == "open"
