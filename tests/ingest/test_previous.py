"""New months are added to what is there: nothing twice, ids stitched across, the same as if all had come at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from journey.dataset import Dataset
from journey.errors import MappingError
from journey.ingest.load import build, inspect

MAY = """customer_id,anonymous_id,timestamp,touchpoint,channel,nps,country
ana,,2025-05-01 10:00,Homepage,Email,9,RO
ana,x1,2025-05-02 10:00,Trial,,,RO
eva,,2025-05-02 10:00,Trial,,,FR
,x2,2025-05-03 10:00,Homepage,Search,,
"""
JUNE = """customer_id,anonymous_id,timestamp,touchpoint,channel,nps,country
,x2,2025-06-01 09:00,Pricing page,Search,,
ben,x2,2025-06-01 10:00,Purchase,,3,DE
ana,,2025-06-02 10:00,Purchase,,,RO
"""


def built(folder: Path, *texts: str, into: Path | None = None) -> Path:
    """Import texts as files, together or added to a version."""
    scratch, target = folder / "scratch", folder / "built"
    scratch.mkdir(parents=True)
    target.mkdir()
    paths = [folder / f"{place}.csv" for place in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text)
    build(scratch, inspect(paths, scratch, into=into).recipe, target)
    return target


def told(directory: Path) -> list[tuple[object, ...]]:
    dataset = Dataset.open(directory)
    steps = dataset.table("steps").select("customer_id", "timestamp", "touchpoint", "channel", "stage", "emotion")
    rows = [tuple(row.values()) for row in steps.to_pyarrow().to_pylist()]
    customers = dataset.table("customers").select("customer_id", "country").to_pyarrow().to_pylist()
    dataset.engine.close()
    return [*sorted(rows, key=str), *sorted(map(str, customers))]


def test_months_added_later_give_what_all_months_at_once_give(tmp_path: Path) -> None:
    later = built(tmp_path / "later", JUNE, into=built(tmp_path / "may", MAY))
    at_once = built(tmp_path / "at once", MAY, JUNE)
    assert told(later) == told(at_once)
    assert {row[0] for row in told(later) if isinstance(row, tuple)} == {"ana", "ben", "eva"}, "x2 turned out to be ben"


def test_what_is_there_already_is_not_counted_twice(tmp_path: Path) -> None:
    may = built(tmp_path / "may", MAY)
    overlapping = MAY + JUNE.split("\n", 1)[1]
    both = built(tmp_path / "both", overlapping, into=may)
    assert told(both) == told(built(tmp_path / "at once", MAY, JUNE))
    report = Dataset.open(both).report
    assert report["skipped"] == {"already_here": 4}
    assert report["rows_in"] == report["rows_kept"] + report["rows_set_aside"] + report["rows_skipped"]


@pytest.mark.parametrize("n_months", [3])
def test_months_can_be_added_again_and_again(n_months: int, tmp_path: Path) -> None:
    version: Path | None = None
    for month in range(1, n_months + 1):
        text = f"customer_id,timestamp,touchpoint\nana,2025-0{month}-01,Homepage\n"
        version = built(tmp_path / str(month), text, into=version)
    assert version is not None
    dataset = Dataset.open(version)
    assert (dataset.summary.customers, dataset.summary.interactions) == (1, n_months)
    dataset.engine.close()


def test_answers_of_nobody_known_stay_apart_from_those_of_a_file_of_the_same_name(tmp_path: Path) -> None:
    answers = [
        "date,score,comment\n" + "".join(f"2025-0{month}-0{day},{day},It was {day}\n" for day in range(1, 9))
        for month in (1, 2)
    ]
    dataset = Dataset.open(built(tmp_path / "later", answers[1], into=built(tmp_path / "first", answers[0])))
    assert (dataset.summary.customers, dataset.summary.interactions) == (16, 16)
    dataset.engine.close()


SPEND = "date,channel,cost\n2025-05-01,Email,5\n2025-05-02,Email,7\n"


def spent(directory: Path) -> list[tuple[object, ...]]:
    dataset = Dataset.open(directory)
    rows = [tuple(row.values()) for row in dataset.table("spend").select("date", "cost").to_pyarrow().to_pylist()]
    dataset.engine.close()
    return sorted((str(day), cost) for day, cost in rows)


def test_what_was_spent_before_stays_and_is_not_counted_twice(tmp_path: Path) -> None:
    may = built(tmp_path / "may", MAY, SPEND)
    later = built(tmp_path / "later", JUNE, SPEND.replace("2025-05-01,Email,5", "2025-06-01,Email,2"), into=may)
    assert spent(built(tmp_path / "june", JUNE, into=may)) == [("2025-05-01", 5.0), ("2025-05-02", 7.0)]
    assert spent(later) == [("2025-05-01", 5.0), ("2025-05-02", 7.0), ("2025-06-01", 2.0)]
    report = Dataset.open(later).report
    assert report["skipped"] == {"already_here": 1}
    assert report["rows_in"] == report["rows_kept"] + report["rows_set_aside"] + report["rows_skipped"]


def test_rows_of_spend_that_two_files_have_alike_count_once(tmp_path: Path) -> None:
    twice_a_day = SPEND + "2025-05-02,Email,7\n"
    both = built(tmp_path / "both", MAY, twice_a_day, SPEND + "2025-05-03,Email,1\n")
    assert spent(both) == [("2025-05-01", 5.0), ("2025-05-02", 14.0), ("2025-05-03", 1.0)]
    assert Dataset.open(both).report["skipped"] == {"duplicate": 2}


def test_amounts_in_another_currency_are_not_added_up(tmp_path: Path) -> None:
    euros = "customer_id,timestamp,touchpoint,revenue\nana,2025-05-01,Order,EUR 5.50\nana,2025-05-02,Order,EUR 1.50\n"
    may = built(tmp_path / "may", euros)
    with pytest.raises(MappingError, match="EUR, those of the new files in USD"):
        built(tmp_path / "june", euros.replace("EUR", "USD").replace("-05-", "-06-"), into=may)
