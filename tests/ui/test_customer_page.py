"""The customer page: one person, by a name that says nothing."""

from __future__ import annotations

import re

from streamlit.testing.v1 import AppTest

from journey.analysis.customers import customer_list
from journey.text.pseudonyms import pseudonym
from journey.ui import filters
from journey.workspace import Workspace
from journey.workspace.keys import workspace_key
from tests.ui.conftest import OpenApp

NAME = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")


def headline(app: AppTest) -> str:
    [found] = [str(body) for each in app.get("html") if (body := each.proto.body).startswith('<h1 class="finding">')]
    return found


def name_of(workspace: Workspace, customer_id: str) -> str:
    return pseudonym(customer_id, workspace_key(workspace.home))


def test_the_address_names_the_customer_by_pseudonym(open_app: OpenApp, workspace: Workspace) -> None:
    wanted = name_of(workspace, "C-00291")
    app = open_app("customer", dataset="demo", customer=wanted)
    assert f">{wanted} came " in headline(app)
    assert app.selectbox(key="setting customer").value == wanted


def test_no_id_stands_anywhere_on_the_page(open_app: OpenApp) -> None:
    app = open_app("customer", dataset="demo")
    told = [str(element.proto) for element in app.main]
    assert told
    assert not [each for each in told if re.search(r"C-\d{5}", each)]
    [frame, listed] = [element.value for element in app.dataframe]
    for table in (frame, listed):
        assert not re.search(r"C-\d{5}", table.to_csv())
    assert listed["customer"].map(lambda name: bool(NAME.fullmatch(name))).all()


def test_without_a_name_the_first_of_the_list_is_shown(open_app: OpenApp, workspace: Workspace) -> None:
    with_worst = open_app("customer", dataset="demo", order="worst")
    dataset = workspace.open("demo")
    first = customer_list(dataset, order="worst", n_customers=1)["customer_id"][0]
    dataset.engine.close()
    assert name_of(workspace, first) in headline(with_worst)


def test_a_name_that_is_nobodys_is_told_and_somebody_else_shown(open_app: OpenApp) -> None:
    app = open_app("customer", dataset="demo", customer="AAAA-AAAA")
    assert not app.error
    assert any("not here" in element.value for element in app.caption)


def test_a_person_is_found_by_the_id_and_the_id_stays_out_of_the_address(
    open_app: OpenApp, workspace: Workspace
) -> None:
    app = open_app("customer", dataset="demo")
    app.text_input(key="customer searched").set_value("c-00291").run()
    assert name_of(workspace, "C-00291") in headline(app)
    assert "00291" not in str(dict(app.query_params))


def test_a_person_is_found_by_the_pseudonym_however_it_is_typed(open_app: OpenApp, workspace: Workspace) -> None:
    app = open_app("customer", dataset="demo")
    wanted = name_of(workspace, "C-00291")
    app.text_input(key="customer searched").set_value(wanted.replace("-", " ").lower()).run()
    assert wanted in headline(app)


def test_a_text_in_nobodys_id_is_told(open_app: OpenApp) -> None:
    app = open_app("customer", dataset="demo")
    app.text_input(key="customer searched").set_value("nobody@example.com").run()
    assert any("Nobody" in element.value for element in app.caption)
    assert not app.error


def test_a_customer_outside_the_filters_is_still_shown_by_name(open_app: OpenApp, workspace: Workspace) -> None:
    wanted = name_of(workspace, "C-00001")
    romania = {"a.country": filters.value_id("Romania")}
    app = open_app("customer", dataset="demo", customer=wanted, **romania)
    assert f">{wanted} came " in headline(app)


def test_a_quote_leads_to_its_customer(open_app: OpenApp) -> None:
    app = open_app("emotions", dataset="demo")
    links = [each for each in app.get("page_link") if each.proto.page_script_hash and "Follow" in each.proto.label]
    assert len(links) == 2
    assert all("customer=" in each.proto.query_string for each in links)


def test_a_persona_leads_to_its_customers(open_app: OpenApp) -> None:
    app = open_app("personas", dataset="demo")
    [link] = [each for each in app.get("page_link") if "Follow one of them" in each.proto.label]
    assert "persona=" in link.proto.query_string
