"""What was understood is told, can be corrected without losing anything, and is kept only when a person says so."""

from __future__ import annotations

import datetime
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from journey.ingest.guard import tasks
from journey.ui import import_names, importing
from journey.ui.importing import Waiting
from journey.workspace import Upload, Workspace
from tests.ui.test_pages import errors, shown

#: A page with what was read: `confirm({"log.csv": "user,when,event\n…"})`; `into` is a dataset's id.
Confirm = Callable[..., AppTest]

LOG = "user,when,event\n" + "".join(
    f"u{n},2025-03-{1 + n % 28:02}T10:{minute:02}:00Z,{event}\n"
    for n in range(40)
    for minute, event in enumerate(("Home page", "Pricing page", "Purchase")[: 1 + n % 3])
)
ONCE_MORE = "user,when,event\n" + "".join(f"u{n},2025-05-02T10:00:00Z,Home page\n" for n in range(40))
AMBIGUOUS = "user,when,event\n" + "".join(f"u{n},0{1 + n % 9}/0{1 + n % 7}/2025,home\n" for n in range(40))


def page() -> None:
    from journey.ui import start

    start.draw()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace of its own, which the app under test looks into."""
    made = Workspace(tmp_path / "home")
    monkeypatch.setattr("journey.ui.cache.workspace", lambda: made)
    # The child process has tests of its own; here it would only take its time to start.
    monkeypatch.setattr("journey.ingest.guard.tasks._answer", answered_here)
    return made


def answered_here(task: str, arguments: dict[str, Any], *_how: Any) -> Any:
    room = Path(arguments["scratch"]).parent
    room.mkdir(exist_ok=True)
    answer = getattr(tasks, task)(lambda _share, _what: None, **arguments)
    return json.loads(json.dumps(answer))


@pytest.fixture
def confirm(home: Workspace) -> Confirm:
    def opened(files: dict[str, str], into: str | None = None) -> AppTest:
        uploads = tuple(spooled(home, name, text) for name, text in files.items())
        info = home.newest(into) if into else None
        proposal = home.inspect(uploads, into=into)
        recipe = proposal.recipe
        app = AppTest.from_function(page, default_timeout=120)
        app.session_state["files being confirmed"] = Waiting(
            uploads, proposal, recipe, recipe, importing._name_of(proposal), info
        )
        return app.run()

    return opened


def spooled(workspace: Workspace, name: str, text: str) -> Upload:
    return workspace.spool(name, io.BytesIO(text.encode()))


def waiting(app: AppTest) -> Waiting:
    held: Waiting = app.session_state["files being confirmed"]
    return held


def choose_stage(app: AppTest, row: int, before: str) -> None:
    """Change a cell of the table of stages, as its editor would tell it."""
    names = [each.touchpoint for each in waiting(app).drawn["named"].touchpoints]
    edited = {"edited_rows": {row: {"before": before}}, "added_rows": [], "deleted_rows": []}
    app.session_state[f"stages 0 {import_names.names_key(names)}"] = edited
    app.run()


def keep(app: AppTest) -> None:
    """Press the button that keeps it; the page it goes to is not part of this app."""
    app.button(key="keep").click().run()


def test_a_clean_file_opens_with_what_came_of_it_and_can_be_kept_at_once(confirm: Confirm, home: Workspace) -> None:
    app = confirm({"log.csv": LOG})
    assert not errors(app)
    assert "79 interactions of 40 customers, 1 Mar – 28 Mar 2025" in shown(app)
    assert app.text_input(key="dataset name").value == "log"
    assert not app.button(key="keep").disabled
    keep(app)
    [info] = home.datasets()
    assert (info.name, info.customers, info.interactions) == ("log", 40, 79)
    assert "files being confirmed" not in app.session_state


def test_a_question_is_answered_before_the_journey_can_be_shown(confirm: Confirm) -> None:
    app = confirm({"log.csv": AMBIGUOUS})
    assert "1 question that the files leave open" in shown(app)
    assert app.button(key="keep").disabled
    app.radio(key="question 0 0").set_value(0).run()
    assert "40 interactions of 40 customers" in shown(app)
    assert waiting(app).latest.tables[0].day_first is True
    app.radio(key="question 0 0").set_value(1).run()
    assert waiting(app).latest.tables[0].day_first is False
    assert not app.button(key="keep").disabled


def test_what_is_missing_is_named_and_can_be_said(confirm: Confirm) -> None:
    app = confirm({"log.csv": LOG})
    app.selectbox(key="role touchpoint 0 0").set_value("").run()
    assert "Still to choose: the touchpoint" in shown(app)
    assert app.button(key="keep").disabled
    app.text_input(key="constant 0 0").set_value("Visit").run()
    assert "79 interactions of 40 customers" in shown(app)
    app.selectbox(key="role touchpoint 0 0").set_value("event").run()
    assert waiting(app).latest.tables[0].column("touchpoint") == "event"
    assert not errors(app)


def test_a_stage_that_is_chosen_is_the_only_one_decided(confirm: Confirm) -> None:
    app = confirm({"log.csv": LOG})
    choose_stage(app, row=0, before="onboarding")
    [(touchpoint, pair)] = waiting(app).latest.touchpoint_stages
    assert (touchpoint, pair[0]) == ("Home page", "onboarding")
    assert not errors(app)


def test_a_stage_that_is_chosen_outlives_another_grouping(confirm: Confirm) -> None:
    app = confirm({"log.csv": LOG + "u1,2025-03-29T10:00:00Z,purchases\n"})
    choose_stage(app, row=0, before="onboarding")
    [box] = [each for each in app.checkbox if "Purchase" in each.label]
    box.check().run()
    assert [name for name, _pair in waiting(app).latest.touchpoint_stages] == ["Home page"]
    assert len(waiting(app).latest.touchpoint_names) == 1
    assert not errors(app)


def test_spellings_are_merged_when_ticked_and_parted_again(confirm: Confirm) -> None:
    app = confirm({"log.csv": LOG + "u1,2025-03-29T10:00:00Z,home_pages\n"})
    [box] = [each for each in app.checkbox if "Home page" in each.label]
    box.check().run()
    [merged] = waiting(app).latest.touchpoint_names
    assert merged[1] == "Home page"
    [box] = [each for each in app.checkbox if "Home page" in each.label]
    box.uncheck().run()
    assert waiting(app).latest.touchpoint_names == ()
    assert not errors(app)


def test_a_wrong_recipe_is_refused_in_words_and_its_text_stays(confirm: Confirm) -> None:
    app = confirm({"log.csv": LOG})
    [box] = [each for each in app.text_area if each.label == "Recipe (YAML)"]
    box.set_value("tables: nonsense").run()
    app.button(key="use 0").click().run()
    assert len(app.error) == 1
    [box] = [each for each in app.text_area if each.label == "Recipe (YAML)"]
    assert box.value == "tables: nonsense"
    assert "79 interactions of 40 customers" in shown(app)


def test_an_edited_recipe_becomes_the_new_beginning(confirm: Confirm) -> None:
    app = confirm({"log.csv": LOG})
    [box] = [each for each in app.text_area if each.label == "Recipe (YAML)"]
    box.set_value(box.value.replace("currency: null", "currency: RON")).run()
    app.button(key="use 0").click().run()
    assert app.selectbox(key="currency 1").value == "RON"
    assert not errors(app)


def test_a_build_that_fails_is_told_and_leaves_everything_to_be_mended(confirm: Confirm) -> None:
    app = confirm({"log.csv": LOG.replace("event\n", "event,note\n").replace("page\n", "page,never\n")})
    assert "79 interactions" in shown(app)
    app.selectbox(key="role timestamp 0 0").set_value("note").run()
    assert len(app.error) == 1
    assert app.button(key="keep").disabled
    assert app.selectbox(key="stage set 0").options
    app.selectbox(key="role timestamp 0 0").set_value("when").run()
    assert not errors(app)
    assert not app.button(key="keep").disabled


def test_a_recognised_export_is_called_by_its_name(confirm: Confirm) -> None:
    files = Path(__file__).parents[1] / "ingest" / "exports" / "files"
    app = confirm({"orders.csv": (files / "shopify_orders.csv").read_text()})
    assert "looks like a Shopify orders export" in shown(app).replace("\\", "")


def test_files_that_tell_no_journey_say_why_and_what_to_do(confirm: Confirm) -> None:
    files = Path(__file__).parents[1] / "ingest" / "exports" / "files"
    app = confirm({"ads.csv": (files / "google_ads.csv").read_text()})
    assert "None of the tables tells who met what and when." in shown(app)
    assert app.button(key="keep").disabled
    assert not errors(app)


def test_new_months_become_a_version_with_the_decisions_of_before(confirm: Confirm, home: Workspace) -> None:
    app = confirm({"march.csv": LOG})
    app.selectbox(key="currency 0").set_value("EUR").run()
    keep(app)
    [info] = home.datasets()
    again = confirm({"may.csv": ONCE_MORE}, into=info.id)
    assert "119 interactions of 40 customers, 1 Mar – 2 May 2025" in shown(again)
    assert again.selectbox(key="currency 0").value == "EUR"
    keep(again)
    [newer] = home.datasets()
    assert (newer.id, newer.interactions) == (info.id, 119)
    assert newer.last is not None
    assert newer.last.date() == datetime.date(2025, 5, 2)


def test_stages_of_one_dataset_can_be_chosen_for_another(confirm: Confirm) -> None:
    app = confirm({"first.csv": LOG})
    app.selectbox(key="stage set 0").set_value("own").run()
    app.text_input(key="own stages 0").set_value("See, Think, Do").run()
    keep(app)
    other = confirm({"second.csv": LOG.replace("u1", "v1")})
    choice = next(each for each in other.selectbox(key="stage set 0").options if "See, Think and Do" in each)
    other.selectbox(key="stage set 0").select(choice).run()
    assert waiting(other).latest.stages == ("See", "Think", "Do")
    assert not errors(other)


def test_large_files_are_built_when_asked_only(confirm: Confirm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("journey.ui.importing._BUILT_AT_ONCE_BYTES", 10)
    app = confirm({"log.csv": LOG})
    assert "79 rows were read" in shown(app)
    assert waiting(app).tried == {}
    assert not app.button(key="keep").disabled
    app.button(key="try").click().run()
    assert "79 interactions of 40 customers" in shown(app)
    assert not errors(app)


def test_other_files_can_be_taken_and_nothing_stays_on_the_disk(confirm: Confirm, home: Workspace) -> None:
    app = confirm({"log.csv": LOG})
    app.button(key="discard").click().run()
    assert list((home.home / "incoming").iterdir()) == []
    assert list((home.home / "staging").iterdir()) == []
    assert "See how your customers really travel." in shown(app)


def test_names_from_files_stay_literal(confirm: Confirm) -> None:
    hostile = "<b>x</b> ![i](http://127.0.0.1:9/i.png) $5"
    rows = "".join(f"c{n},2025-01-0{1 + n % 9}T00:00:00Z,{hostile} {'s' * (n % 2)},x\n" for n in range(40))
    app = confirm({f"{hostile.replace('/', '')}.csv": f"customer_id,timestamp,touchpoint,{hostile}\n{rows}"})
    assert not errors(app)
    for kind in ("markdown", "caption", "subheader", "info", "warning"):
        for element in app.get(kind):
            assert "![i](" not in str(element.value)
    for element in (*app.checkbox, *app.radio, *app.selectbox, *app.text_input, *app.expander, *app.tabs):
        assert "![i](" not in element.label
