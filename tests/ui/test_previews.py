"""A preview is seen by who has its ticket, from the app's own page, for some minutes."""

from __future__ import annotations

import asyncio

import pytest
from starlette.requests import Request
from starlette.responses import Response

from journey.errors import JourneyError
from journey.ui import previews
from journey.ui.previews import MOST_PREVIEWS, PREVIEW_MINUTES, Preview, Showcase

DOCUMENT, POLICY = b"<!doctype html><title>Journey</title>", "default-src 'none'"


@pytest.fixture(autouse=True)
def showcase(monkeypatch: pytest.MonkeyPatch) -> Showcase:
    made = Showcase()
    monkeypatch.setattr(previews, "SHOWCASE", made)
    return made


@pytest.fixture
def preview(showcase: Showcase) -> Preview:
    return showcase.show(DOCUMENT, POLICY, "spring.html")


def asked(ticket: str, *, is_file: bool = False, **headers: str) -> Response:
    written = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "headers": written, "path_params": {"ticket": ticket}}
    return asyncio.run((previews.save if is_file else previews.look)(Request(scope)))


def test_a_ticket_shows_the_document_under_its_own_policy_and_nobody_keeps_it(preview: Preview) -> None:
    answer = asked(preview.ticket)
    assert (answer.status_code, answer.body) == (200, DOCUMENT)
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert "content-disposition" not in answer.headers


def test_a_ticket_can_be_looked_at_again_while_it_lasts(preview: Preview) -> None:
    assert [asked(preview.ticket).status_code for _ in range(2)] == [200, 200]


def test_the_file_comes_under_a_name_of_plain_letters(preview: Preview) -> None:
    answer = asked(preview.ticket, is_file=True)
    assert answer.body == DOCUMENT
    assert answer.headers["content-disposition"] == 'attachment; filename="spring.html"'


@pytest.mark.parametrize("title", ['a"; filename="b', "x\r\nSet-Cookie: a=b", "../../etc/passwd", "用户", "<b>"])
def test_no_title_breaks_out_of_the_name_of_the_file(title: str) -> None:
    stem, _dot, kind = previews.file_name(title).rpartition(".")
    assert kind == "html"
    assert stem.replace("-", "").isalnum()
    assert stem.isascii()


@pytest.mark.parametrize("ticket", ["", "x" * 43, "x" * 42, "%" * 43, "é" * 43, "../" * 14 + "x", "x" * 10_000])
def test_what_is_no_ticket_shows_nothing(preview: Preview, ticket: str) -> None:
    answer = asked(ticket)
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"
    assert DOCUMENT not in bytes(answer.body)


def test_another_site_cannot_have_it_shown(preview: Preview) -> None:
    assert asked(preview.ticket, sec_fetch_site="cross-site").status_code == 404
    assert asked(preview.ticket, sec_fetch_site="same-site").status_code == 404
    assert asked(preview.ticket, sec_fetch_site="same-origin").status_code == 200
    assert asked(preview.ticket, sec_fetch_site="none").status_code == 200


def test_a_ticket_ends_after_some_minutes(preview: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previews.time, "monotonic", lambda: preview.made + PREVIEW_MINUTES * 60 - 1)
    assert asked(preview.ticket).status_code == 200
    monkeypatch.setattr(previews.time, "monotonic", lambda: preview.made + PREVIEW_MINUTES * 60 + 1)
    assert asked(preview.ticket).status_code == 404


def test_what_was_put_away_is_gone_at_once(preview: Preview, showcase: Showcase) -> None:
    showcase.put_away(preview)
    assert asked(preview.ticket).status_code == 404


def test_the_oldest_goes_when_there_are_too_many(preview: Preview, showcase: Showcase) -> None:
    newest = [showcase.show(DOCUMENT, POLICY, "more.html") for _ in range(MOST_PREVIEWS)]
    assert asked(preview.ticket).status_code == 404
    assert {asked(each.ticket).status_code for each in newest} == {200}


def test_tickets_are_long_and_never_alike(showcase: Showcase) -> None:
    tickets = {showcase.show(DOCUMENT, POLICY, "more.html").ticket for _ in range(50)}
    assert len(tickets) == 50
    assert {len(ticket) for ticket in tickets} == {43}


def test_before_a_file_is_handed_out_it_is_noted_and_looking_notes_nothing(showcase: Showcase) -> None:
    noted: list[str] = []
    preview = showcase.show(DOCUMENT, POLICY, "spring.html", lambda: noted.append("told"))
    assert asked(preview.ticket).status_code == 200
    assert noted == []
    assert asked(preview.ticket, is_file=True).body == DOCUMENT
    assert noted == ["told"]


def test_a_file_that_may_no_longer_be_told_stays_here(showcase: Showcase) -> None:
    def refuse() -> None:
        raise JourneyError.shared_meanwhile()

    preview = showcase.show(DOCUMENT, POLICY, "spring.html", refuse)
    answer = asked(preview.ticket, is_file=True)
    assert answer.status_code == 409
    assert b"Preview it once more" in bytes(answer.body)
    assert DOCUMENT not in bytes(answer.body)
