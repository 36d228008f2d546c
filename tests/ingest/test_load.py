# ruff: noqa: DTZ001 - times in a dataset are UTC and do not say so
"""A source becomes a dataset, and every row of it is accounted for."""

from __future__ import annotations

import csv
import datetime
import gzip
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

import journey
from journey.dataset import Dataset
from journey.errors import ArgumentError, FileUnreadableError, MappingError
from journey.ingest.load import build, inspect
from journey.ingest.mapping import Mapping
from journey.ingest.recipe import Recipe
from journey.ingest.report import ImportReport
from journey.ingest.told import Note

HEADER = "user_id,timestamp,event,country\n"
GOOD = "ana,2025-01-01 10:00,home,RO\nana,2025-01-01 10:05,cart,RO\nben,2025-01-02 09:00,home,DE\n"


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    return file_with(tmp_path, HEADER + GOOD)


def file_with(folder: Path, content: str, name: str = "log.csv") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def steps(dataset: Dataset, *columns: str) -> list[tuple[Any, ...]]:
    rows = dataset.engine.run("steps", lambda: dataset.engine.table("steps")).to_pylist()
    return [tuple(row[column] for column in columns) for row in rows]


def in_two_steps(paths: list[Path], folder: Path, **changes: Any) -> tuple[ImportReport, Dataset, Path]:
    scratch, target = folder / "scratch", folder / "target"
    scratch.mkdir()
    target.mkdir()
    proposal = inspect(paths, scratch)
    report = build(scratch, proposal.recipe.with_given(changes), target)
    return report, Dataset.open(target), target


# --- Sources -----------------------------------------------------------------------------------------------------


def test_a_file_is_loaded(log_file: Path) -> None:
    dataset = journey.load(log_file)
    assert (dataset.summary.customers, dataset.summary.interactions) == (2, 3)
    assert steps(dataset, "customer_id", "sequence", "touchpoint", "line") == [
        ("ana", 1, "home", 2),
        ("ana", 2, "cart", 3),
        ("ben", 1, "home", 4),
    ]
    assert [attribute.label for attribute in dataset.facts.attributes] == ["country"]


def test_a_packed_file_a_frame_and_an_arrow_table_give_the_same(tmp_path: Path, log_file: Path) -> None:
    packed = tmp_path / "log.csv.gz"
    packed.write_bytes(gzip.compress(log_file.read_bytes()))
    frame = pd.read_csv(log_file)
    for source in (packed, str(packed), frame, pa.Table.from_pandas(frame)):
        assert steps(journey.load(source), "customer_id", "timestamp", "touchpoint", "line") == steps(
            journey.load(log_file), "customer_id", "timestamp", "touchpoint", "line"
        )


def test_the_types_of_a_frame_are_understood() -> None:
    frame = pd.DataFrame(
        {
            "customer_id": [7.0, 7.0, None],
            "timestamp": pd.to_datetime([f"2025-01-01 {hour}:00" for hour in (10, 11, 12)]).tz_localize("+02:00"),
            "touchpoint": pd.Categorical(["home", "cart", "home"]),
            "revenue": [None, 12.5, 3.0],
            "vip": [True, True, False],
        }
    )
    dataset = journey.load(frame)
    assert steps(dataset, "customer_id", "timestamp", "revenue") == [
        ("7", datetime.datetime(2025, 1, 1, 8), None),
        ("7", datetime.datetime(2025, 1, 1, 9), 12.5),
    ]
    assert dataset.report["set_aside"] == {"no_customer": 1}


def test_rows_under_several_files_do_not_depend_on_the_order_of_the_files(tmp_path: Path, log_file: Path) -> None:
    second = file_with(tmp_path, "event,user_id,country,timestamp\nhome,ana,RO,2025-01-01 10:05\n", "more.csv")
    one, other = journey.load([log_file, second]), journey.load([second, log_file])
    columns = ("customer_id", "sequence", "timestamp", "touchpoint", "line")
    assert steps(one, *columns) == steps(other, *columns)
    assert one.summary.interactions == 4


def test_files_with_other_columns_become_one_dataset(tmp_path: Path, log_file: Path) -> None:
    second = file_with(tmp_path, "user_id,timestamp,page\nana,2025-01-01 10:05,home\n", "more.csv")
    one, other = journey.load([log_file, second]), journey.load([second, log_file])
    assert one.summary.interactions == 4
    columns = ("customer_id", "sequence", "timestamp", "touchpoint", "line")
    assert steps(one, *columns) == steps(other, *columns)


@pytest.mark.parametrize("source", [object(), 3, [], None])
def test_a_source_of_another_kind_is_refused_in_words(source: Any) -> None:
    with pytest.raises(ArgumentError, match="not possible for source"):
        journey.load(source)


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        ("", FileUnreadableError, "is empty"),
        (HEADER, FileUnreadableError, "no rows below"),
        ("%PDF-1.7", FileUnreadableError, "PDF"),
        ("user_id,event\nana,home\nana,cart\n", MappingError, "when it happened"),
        ("timestamp,event\n2025-01-01,home\n2025-01-02,cart\n", MappingError, "who the customer is"),
        ("user_id,timestamp\nana,2025-01-01\nana,2025-01-02\n", MappingError, "what was met"),
    ],
)
def test_what_cannot_be_loaded_says_why(tmp_path: Path, content: str, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        journey.load(file_with(tmp_path, content))


def test_nothing_is_left_behind_by_a_load_that_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(FileUnreadableError):
        journey.load(tmp_path / "nothing.csv")
    assert list(tmp_path.iterdir()) == []


# --- Every row is accounted for ----------------------------------------------------------------------------------


def test_rows_that_cannot_be_used_are_set_aside_with_line_and_reason(tmp_path: Path) -> None:
    path = file_with(
        tmp_path,
        HEADER + GOOD + ",2025-01-01,home,RO\nana,,home,RO\nana,soon,home,RO\nana,2025-01-01,,RO\n"
        "ana,2025-01-01,home,RO,x\n=cmd(),,home,RO\n",
    )
    report, _dataset, target = in_two_steps([path], tmp_path)
    assert (report.rows_in, report.rows_kept, report.rows_set_aside, report.rows_skipped) == (9, 3, 6, 0)
    with (target / "set_aside.csv").open(encoding="utf-8-sig", newline="") as stream:
        [header, *rows] = csv.reader(stream)
    assert header == ["file", "line", "reason", "row"]
    assert [(int(line), row) for _file, line, _reason, row in rows] == [
        (5, ",2025-01-01,home,RO"),
        (6, "ana,,home,RO"),
        (7, "ana,soon,home,RO"),
        (8, "ana,2025-01-01,,RO"),
        (9, "ana,2025-01-01,home,RO,x"),
        (10, "'=cmd(),,home,RO"),
    ]
    assert [reason for _file, _line, reason, _row in rows][:4] == [
        "no customer",
        "no time",
        "a time that can't be read, or is not written like the others in its column",
        "no touchpoint",
    ]


def test_a_line_of_a_second_file_is_its_own(tmp_path: Path) -> None:
    first = file_with(tmp_path, HEADER + GOOD)
    second = file_with(tmp_path, HEADER + GOOD.replace("ana", "cat") + ",2025-01-01,home,RO\n", "more.csv")
    _report, _dataset, target = in_two_steps([first, second], tmp_path)
    with (target / "set_aside.csv").open(encoding="utf-8-sig", newline="") as stream:
        [_header, row] = csv.reader(stream)
    assert row[:2] == ["more.csv", "5"]


def test_ids_stay_as_they_stand(tmp_path: Path) -> None:
    ids = ["NA", "null", "007", "1e5", "nan", "12345678901234567890"]
    rows = "".join(f"{each},2025-01-0{day},e{day % 2},RO\n" for each in ids for day in (1, 2))
    dataset = journey.load(file_with(tmp_path, HEADER + rows))
    assert sorted({each for (each,) in steps(dataset, "customer_id")}) == sorted(ids)


@pytest.mark.parametrize(
    ("n_rows", "n_repeated", "n_skipped"), [(100, 5, 0), (100, 6, 6), (100, 0, 0)], ids=["few", "too many", "none"]
)
def test_repeated_lines_are_kept_unless_there_are_too_many(
    tmp_path: Path, n_rows: int, n_repeated: int, n_skipped: int
) -> None:
    lines = [f"c{i % 9},2025-01-01 10:{i // 60:02d}:{i % 60:02d},e{i % 3},RO" for i in range(n_rows - n_repeated)]
    path = file_with(tmp_path, HEADER + "\n".join([*lines, *lines[:n_repeated]]) + "\n")
    report, dataset, _target = in_two_steps([path], tmp_path)
    assert (report.rows_in, report.rows_kept, report.rows_skipped) == (n_rows, n_rows - n_skipped, n_skipped)
    assert (report.duplicate_lines, dataset.summary.interactions) == (n_repeated, n_rows - n_skipped)


def test_a_repeated_id_of_the_event_shows_that_the_export_repeats_itself(tmp_path: Path) -> None:
    lines = [f"c{i % 9},2025-01-01 10:00:{i % 60:02d},e{i % 3},ev{i}" for i in range(100)]
    path = file_with(tmp_path, "user_id,timestamp,event,event_id\n" + "\n".join([*lines, lines[0]]) + "\n")
    report, _dataset, _target = in_two_steps([path], tmp_path)
    assert report.skipped == {"duplicate": 1}
    assert any("event_id" in note.text for note in report.notes)


def test_what_becomes_of_repeated_lines_can_be_said(log_file: Path) -> None:
    rows = pd.concat([pd.read_csv(log_file)] * 2)
    assert journey.load(rows).summary.interactions == 3
    assert journey.load(rows, mapping={"duplicates": "keep"}).summary.interactions == 6


@pytest.mark.parametrize("seed", range(12))
def test_no_row_is_ever_lost_whatever_the_file_holds(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311
    junk = ["", " ", "NA", '"', '""', "a,b", "é", "=1", "2025-01-03", "13/13/2024", "1.234,5", "x" * 50, "\t", "null"]
    good = [
        lambda: f"c{dice.randint(1, 5)}",
        lambda: f"2025-01-{dice.randint(1, 28):02d} 10:00",
        lambda: dice.choice(["home", "cart"]),
        lambda: dice.choice(["1.5", "20"]),
    ]
    lines = []
    for _line in range(60):
        cells = [dice.choice(junk) if dice.random() < 0.15 else cell() for cell in good]
        cells += ["more"] * (dice.random() < 0.05)
        lines.append(",".join(cells[: dice.choice([4, 5, 5, 5, 5, 3])]))
    lines += dice.sample(lines, dice.randint(0, 6))
    path = file_with(tmp_path, "user_id,timestamp,event,revenue\n" + "\n".join(lines) + "\n")
    report, dataset, _target = in_two_steps([path], tmp_path)
    assert report.rows_in == report.rows_kept + report.rows_set_aside + report.rows_skipped
    assert report.rows_kept == dataset.summary.interactions
    assert 0 < report.rows_in <= len(lines)


# --- Choices -----------------------------------------------------------------------------------------------------


def test_a_column_can_be_named(log_file: Path) -> None:
    dataset = journey.load(log_file, mapping={"touchpoint": "country", "attribute": ["event"]})
    assert [touchpoint for (touchpoint,) in steps(dataset, "touchpoint")] == ["RO", "RO", "DE"]


def test_a_whole_recipe_can_be_given(log_file: Path) -> None:
    recipe = Recipe((Mapping((("user_id", "customer_id"), ("timestamp", "timestamp"), ("country", "touchpoint"))),))
    assert journey.load(log_file, mapping=recipe).facts.attributes == ()


def test_a_date_that_can_be_read_both_ways_is_never_guessed(tmp_path: Path) -> None:
    path = file_with(tmp_path, "user_id,timestamp,event\nana,03/04/2025,home\nana,05/06/2025,cart\n")
    with pytest.raises(MappingError, match="day_first"):
        journey.load(path)
    dataset = journey.load(path, mapping={"day_first": True})
    assert steps(dataset, "timestamp")[0] == (datetime.datetime(2025, 4, 3),)


def test_a_number_that_can_be_read_both_ways_is_never_guessed() -> None:
    rows = pd.DataFrame(
        {
            "user_id": ["a", "a"],
            "timestamp": ["2025-01-01", "2025-01-02"],
            "event": ["x", "y"],
            "revenue": ["1.234"] * 2,
        }
    )
    dataset = journey.load(rows)
    assert not dataset.facts.has_revenue, "unknown, and neither 1.234 nor 1234"
    assert "NUMBER_AMBIGUOUS" in [note["code"] for note in dataset.report["notes"]]
    assert steps(journey.load(rows, mapping={"decimal_sign": ","}), "revenue") == [(1234.0,), (1234.0,)]


def test_times_without_a_zone_are_read_in_the_zone_that_is_said(log_file: Path) -> None:
    dataset = journey.load(log_file, mapping={"naive_time_zone": "Europe/Bucharest", "time_zone": "Europe/Bucharest"})
    assert steps(dataset, "timestamp")[0] == (datetime.datetime(2025, 1, 1, 8),)
    assert dataset.facts.time_zone == "Europe/Bucharest"


def test_ties_keep_the_order_of_the_file() -> None:
    rows = pd.DataFrame({"user_id": ["a"] * 3, "timestamp": ["2025-01-01"] * 3, "event": ["z", "y", "x"]})
    assert steps(journey.load(rows), "sequence", "touchpoint") == [(1, "z"), (2, "y"), (3, "x")]


def test_a_hostile_header_and_a_hostile_label_are_only_text(tmp_path: Path) -> None:
    header = '"user_id""; DROP TABLE x; --",timestamp,event,"plan\'); DELETE FROM typed; --"\n'
    rows = "ana,2025-01-01,<b>x</b> ![i](http://127.0.0.1:9/i.png) $5,a'b;\nben,2025-01-02,home,--\n"
    dataset = journey.load(file_with(tmp_path, header + rows))
    assert steps(dataset, "touchpoint")[0] == ("<b>x</b> ![i](http://127.0.0.1:9/i.png) $5",)
    assert dataset.facts.attributes[0].label == "plan'); DELETE FROM typed; --"


# --- The report --------------------------------------------------------------------------------------------------


def test_the_report_says_what_happened(tmp_path: Path, log_file: Path) -> None:
    report, dataset, target = in_two_steps([log_file], tmp_path)
    assert ImportReport.from_json((target / "report.json").read_text("utf-8")) == report
    assert dataset.report["rows_kept"] == 3
    assert report.tables[0].columns["user_id"] == "customer_id"
    assert [(file.name, file.rows, len(file.sha256)) for file in report.files] == [("log.csv", 3, 64)]
    assert report.notes[0] == Note("ROWS", "3 rows were read: 3 kept.")
    json.dumps(dict(dataset.report))


def test_the_recipe_kept_beside_the_version_makes_it_again(tmp_path: Path, log_file: Path) -> None:
    _report, dataset, target = in_two_steps([log_file], tmp_path)
    again = journey.load(log_file, mapping=Recipe.from_yaml((target / "recipe.yaml").read_text("utf-8")))
    assert again.facts == dataset.facts


def test_progress_is_told_and_never_goes_back(tmp_path: Path, log_file: Path) -> None:
    heard: list[tuple[float, str]] = []
    proposal = inspect([log_file], tmp_path, lambda share, what: heard.append((share, what)))
    shares = [share for share, _what in heard]
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert shares == sorted(shares)
    heard.clear()
    (tmp_path / "target").mkdir()
    build(tmp_path, proposal.recipe, tmp_path / "target", lambda share, what: heard.append((share, what)))
    assert [share for share, _what in heard] == sorted(share for share, _what in heard)


def test_files_are_called_what_the_person_calls_them(tmp_path: Path, log_file: Path) -> None:
    assert inspect([log_file], tmp_path, names=["März.csv"]).name == "März.csv"


@pytest.mark.parametrize("module", ["journey.ingest.load", "journey.ingest.propose"])
def test_reading_needs_no_screen_and_no_statistics(module: str) -> None:
    question = f"import {module}, sys; print(*sorted({{'streamlit', 'plotly', 'sklearn'}} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == []


def test_two_files_of_the_same_name_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    people = [
        file_with(folder, f"user_id,{said}\nana,{value}\nben,{value}2\n", "export.csv")
        for folder, said, value in ((tmp_path, "plan", "pro"), (tmp_path / "other", "country", "RO"))
    ]
    dataset = journey.load([file_with(tmp_path, HEADER.replace("country", "note") + GOOD), *people])
    assert sorted(table["name"] for table in dataset.report["tables"]) == ["export.csv", "export.csv (2)", "log.csv"]
    assert {"plan", "country"} <= set(dataset.breakdowns)


def test_a_table_that_holds_only_examples_does_not_stand_in_the_way(tmp_path: Path) -> None:
    notes = file_with(
        tmp_path, "Who,When,What,Where\nAna,2025-03-01,Phone call,Phone\nAna,2025-03-02,Visit,Shop\n", "a.csv"
    )
    people = file_with(tmp_path, "Who,About,Country\n(example) Mrs Marin,Runs a bakery,Romania\n", "b.csv")
    dataset = journey.load([notes, people])
    assert dataset.summary.interactions == 2
    assert dataset.report["rows_in"] == dataset.report["rows_kept"] + dataset.report["rows_skipped"]


def test_a_rare_second_currency_beside_the_amounts_is_never_taken_for_the_first() -> None:
    rows = pd.DataFrame(
        {
            "user_id": [f"u{i % 5}" for i in range(60)],
            "timestamp": [f"2025-01-01 10:{i:02d}" for i in range(60)],
            "event": ["order", "visit"] * 30,
            "revenue": ["10.50", "20.25"] * 30,
            "currency": ["EUR"] * 59 + ["USD"],
        }
    )
    dataset = journey.load(rows)
    assert dataset.facts.currency is None
    [note] = [note for note in dataset.report["notes"] if note["code"] == "CURRENCY_MIXED"]
    assert "EUR and USD" in note["text"]
