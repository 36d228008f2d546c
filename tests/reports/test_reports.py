from __future__ import annotations

import json
import re
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


def test_nothing_in_it_comes_from_elsewhere(own_markup: str) -> None:
    sources = re.findall(r'(?:src|href)="([^"]*)"', own_markup)
    assert sources
    assert all(source.startswith(("data:", "#")) for source in sources)


def test_it_names_no_customer(document: str) -> None:
    assert "SECRET" not in document


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
