"""Every page answers its question, at any address, and says clearly what it can't show."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from journey.ui import filters
from journey.workspace import Workspace
from tests.ui.conftest import ROOT, OpenApp

PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
DATA_PAGES = [page for page in PAGES if page != "start"]


def shown(app: AppTest) -> str:
    """Everything a page says, one after the other."""
    parts = [element.proto.body for element in app.get("html")]
    for kind in ("markdown", "caption", "subheader", "info", "warning", "error", "text"):
        parts += [element.value for element in app.get(kind)]
    return "\n".join(str(part) for part in parts)


def errors(app: AppTest) -> list[str]:
    return [element.value for element in app.error] + [element.value for element in app.exception]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_with_a_finding_and_without_an_error(page: str, open_app: OpenApp) -> None:
    app = open_app(page, dataset="demo")
    assert not errors(app)
    assert '<h1 class="finding">' in shown(app)


@pytest.mark.parametrize("page", DATA_PAGES)
def test_a_page_tells_whom_it_is_about_and_how_it_counted(page: str, open_app: OpenApp) -> None:
    app = open_app(page, dataset="demo")
    assert "2,860 customers" in shown(app)
    assert "How this was counted" in [fold.label for fold in app.expander]


@pytest.mark.parametrize("page", DATA_PAGES)
def test_filters_of_the_address_hold_on_every_page(page: str, open_app: OpenApp) -> None:
    romania = {"a.country": filters.value_id("Romania"), "from": "2025-03-01", "to": "2025-10-31"}
    app = open_app(page, dataset="demo", **romania)
    assert not errors(app)
    assert "of 2,860" in shown(app)


@pytest.mark.parametrize("page", DATA_PAGES)
def test_an_unknown_dataset_is_told_in_words(page: str, open_app: OpenApp) -> None:
    app = open_app(page, dataset="nowhere")
    assert len(app.error) == 1
    assert "may have been deleted" in app.error[0].value


@pytest.mark.parametrize("page", DATA_PAGES)
def test_an_address_full_of_nonsense_shows_the_page_as_without_it(page: str, open_app: OpenApp) -> None:
    nonsense = dict.fromkeys(
        ("from", "persona", "channel", "stage", "a.country", "steps", "by", "order", "window", "columns", "start"),
        "<b>x</b>",
    )
    app = open_app(page, dataset="demo", **nonsense)
    assert not errors(app)
    assert "2,860 customers" in shown(app)


@pytest.mark.parametrize("page", DATA_PAGES)
def test_filters_that_leave_nobody_say_so(page: str, open_app: OpenApp) -> None:
    chosen = {"a.country": "China", "channel": "Partner", "stage": "advocacy"}
    address = {name: filters.value_id(value) for name, value in chosen.items()}
    app = open_app(page, dataset="demo", **address, **{"from": "2025-01-01", "to": "2025-01-01"})
    assert not errors(app)
    assert any("No customer is left" in element.value for element in app.info)


@pytest.mark.parametrize("page", DATA_PAGES)
def test_data_of_one_customer_say_what_is_missing(
    page: str, open_app: OpenApp, workspace: Workspace, tmp_path: Path
) -> None:
    dataset_id = keep(workspace, tmp_path, "customer_id,timestamp,touchpoint\na,2025-01-01,home\na,2025-01-02,cart\n")
    app = open_app(page, dataset=dataset_id)
    assert not errors(app)
    assert "1 customer," in shown(app)


@pytest.mark.parametrize("page", DATA_PAGES)
def test_text_from_data_is_shown_literally(page: str, open_app: OpenApp, workspace: Workspace, tmp_path: Path) -> None:
    hostile = "<b>x</b> ![i](http://127.0.0.1:9/i.png) $5"
    rows = "".join(f"c{n},2025-01-0{1 + n % 9},{hostile},{hostile},{hostile}\n" for n in range(80))
    dataset_id = keep(workspace, tmp_path, f"customer_id,timestamp,touchpoint,channel,country\n{rows}")
    app = open_app(page, dataset=dataset_id)
    assert not errors(app)
    for kind in ("markdown", "caption", "subheader", "info"):
        for element in app.get(kind):
            assert "![i](" not in str(element.value)
    for element in app.get("html"):
        assert "<b>x</b>" not in element.proto.body


def keep(workspace: Workspace, folder: Path, text: str) -> str:
    file = folder / "log.csv"
    file.write_text(text)
    with file.open("rb") as stream:
        upload = workspace.spool(file.name, stream)
    return workspace.keep([upload], workspace.inspect([upload]).recipe, "log").id
