"""XES event logs as tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from journey.errors import FileUnreadableError
from tests.ingest.made_files import codes_of, read, rows_of

LOG = """<?xml version="1.0" encoding="UTF-8"?>
<log xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<global scope="event"><string key="concept:name" value="unknown"/></global>
<string key="concept:name" value="a log"/>
<trace><string key="concept:name" value="ana"/>
<event><string key="concept:name" value="Ask &amp; wait"/><date key="time:timestamp" value="2024-03-01T10:00:00+02:00"/>
<string key="org:resource" value="Mia"><string key="inner" value="no column"/></string></event>
<event><string key="concept:name" value="Answer"/><int key="cost" value="3"/></event>
<boolean key="is new" value="true"/></trace>
<trace><string key="concept:name" value="ben"/></trace>
</log>"""


def written(folder: Path, content: str) -> Path:
    path = folder / "log.xes"
    path.write_text(content, "utf-8")
    return path


def test_a_row_for_each_event_with_the_attributes_of_its_trace(tmp_path: Path) -> None:
    [table] = read(written(tmp_path, LOG))
    assert table.header == [
        "case:concept:name",
        "case:is new",
        "concept:name",
        "time:timestamp",
        "org:resource",
        "cost",
    ]
    assert rows_of(table) == [
        ["ana", "true", "Ask & wait", "2024-03-01T10:00:00+02:00", "Mia", None],
        ["ana", "true", "Answer", None, None, "3"],
    ]
    assert codes_of(table) == ["TRACES_EMPTY"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (LOG[:-30], "TRUNCATED"),
        (LOG.replace("</event>", "</evnt>"), "CORRUPT"),
        (LOG.replace("<log ", '<!DOCTYPE log [<!ENTITY a "aaaa">]>\n<log '), "XML_ENTITY"),
        ("<log></log>", "NOT_TABULAR"),
        ('<?xml version="1.0"?><rows><row who="ana"/></rows>', "UNSUPPORTED_TYPE"),
    ],
)
def test_what_is_no_whole_log_is_refused(tmp_path: Path, content: str, code: str) -> None:
    with pytest.raises(FileUnreadableError) as refused:
        read(written(tmp_path, content))
    assert refused.value.code == code
