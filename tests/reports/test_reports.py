from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from pathlib import Path

import pandas as pd
import pytest

import journey
from journey.errors import ArgumentError
from journey.reports import write_report
from tests.charts.test_escaping import HOSTILE
from tests.logs import make_log

MEGABYTE = 1_000_000


def log() -> journey.Dataset:
    """Sixty customers who see, and try; every other one buys. Names of touchpoints and channels are hostile."""
    rows = [
        {
            "customer_id": f"SECRET-{place:03}",
            "touchpoint": f"{stage} {HOSTILE}",
            "channel": HOSTILE,
            "stage": stage,
            "timestamp": pd.Timestamp("2025-01-01") + pd.Timedelta(days=day, minutes=place),
            "emotion": 1.0 - day,
            "comment": HOSTILE,
        }
        for place in range(60)
        for day, stage in enumerate(["see", "try", "buy"][: 2 + place % 2])
    ]
    return journey.load(pd.DataFrame(rows), stages=["see", "try", "buy"])


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(log(), path)
    return path.read_text("utf-8")


@pytest.fixture(scope="module")
def own_markup(document: str) -> str:
    """The document without its scripts."""
    return re.sub(r"<script.*?</script>", "", document, flags=re.DOTALL)


def test_the_document_is_small_enough_to_send(document: str) -> None:
    assert len(document.encode()) <= 7 * MEGABYTE


def test_the_policy_allows_the_two_scripts_it_came_with_and_no_request(document: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', document)
    assert policy
    scripts = re.findall(r"<script>(.*?)</script>", document, re.DOTALL)
    allowed = {f"'sha256-{b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts}
    rules = dict(rule.strip().split(" ", 1) for rule in policy[1].split(";"))
    assert rules["default-src"] == "'none'"
    assert set(rules["script-src"].split()) == allowed
    assert rules["img-src"] == "data:"
    assert len(scripts) == 2


def test_nothing_in_it_comes_from_elsewhere(own_markup: str) -> None:
    sources = re.findall(r'(?:src|href)="([^"]*)"', own_markup)
    assert sources
    assert all(source.startswith(("data:", "#")) for source in sources)


def test_every_link_leads_to_a_part_that_is_there(own_markup: str) -> None:
    assert set(re.findall(r'href="#([^"]*)"', own_markup)) <= set(re.findall(r'id="([^"]*)"', own_markup))


def test_it_opens_with_the_finding_and_its_base(own_markup: str) -> None:
    assert "<h1>" in own_markup
    assert "60 customers · 150 interactions" in own_markup


def test_every_part_says_how_it_was_counted(own_markup: str) -> None:
    assert own_markup.count("<section") == own_markup.count("How this was counted") >= 7


def test_it_names_no_customer(document: str) -> None:
    assert "SECRET" not in document


def test_figures_are_there_in_both_themes(document: str) -> None:
    kept = re.findall(r'<script type="application/json" id="([\w-]+)">(.*?)</script>', document, re.DOTALL)
    names = {name for name, _figure in kept}
    assert {
        f"{name}-{theme}" for name in ("funnel-picture", "flow-picture", "emotion") for theme in ("light", "dark")
    } <= names
    assert all(json.loads(figure)["data"] is not None for _name, figure in kept)


def test_text_from_the_data_stays_text(own_markup: str) -> None:
    assert "<b>x" not in own_markup
    assert "&lt;b&gt;x&lt;/b&gt;" in own_markup


def test_the_json_holds_the_same_tables_with_their_definitions(tmp_path: Path) -> None:
    path = tmp_path / "report.JSON"
    write_report(log(), path)
    report = json.loads(path.read_text("utf-8"))
    assert report["customers"] == 60
    assert [row["stage"] for row in report["strip"]["rows"]] == ["see", "try", "buy"]
    assert report["funnel"]["definition"]
    assert report["funnel"]["rows"][0]["share_of_previous"] is None
    assert report["maps"]["documents"][0]["version"] == 1
    assert "SECRET" not in path.read_text("utf-8")


def test_one_customer_gets_a_report_that_says_what_is_missing(tmp_path: Path) -> None:
    for name in ("one.html", "one.json"):
        write_report(make_log(a="see"), tmp_path / name)
    assert json.loads((tmp_path / "one.json").read_text("utf-8"))["why_no_personas"]
    assert "need at least" in (tmp_path / "one.html").read_text("utf-8")


def test_another_ending_is_refused_with_those_that_are_possible(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match=r"“.pdf” is not possible.*\.html and \.json"):
        write_report(make_log(a="see"), tmp_path / "report.pdf")
    assert list(tmp_path.iterdir()) == []
