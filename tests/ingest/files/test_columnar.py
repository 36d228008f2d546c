"""Parquet, Feather and Arrow files as text, and what is refused before a row is read."""

from __future__ import annotations

import datetime
import decimal
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import feather
from pyarrow import parquet as pq

from journey.errors import FileUnreadableError
from tests.ingest.made_files import HEADER, ROWS, codes_of, lines_of, read, rows_of

LOG = pa.table(dict(zip(HEADER, map(list, zip(*ROWS, strict=True)), strict=True)))


def test_parquet_is_read_with_the_lines_of_a_file_with_a_header(tmp_path: Path) -> None:
    pq.write_table(LOG, tmp_path / "log.parquet", row_group_size=1)
    [table] = read(tmp_path / "log.parquet")
    assert (table.header, rows_of(table)) == (HEADER, ROWS)
    [again] = read(tmp_path / "log.parquet")
    assert lines_of(again) == [(2, None), (3, None)]


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (pa.array(["a", "b"]).dictionary_encode(), ["a", "b"]),
        (pa.array([1.0, 2.5]), ["1", "2.5"]),
        (pa.array([1001.0, None]), ["1001", None]),
        (pa.array([float("nan"), 1e20]), [None, "1e+20"]),
        (pa.array([decimal.Decimal("49.90"), None]), ["49.90", None]),
        (pa.array([True, False]), ["true", "false"]),
        (pa.array([datetime.date(2024, 3, 1), None]), ["2024-03-01", None]),
        (pa.array([0, 1], pa.timestamp("s")), ["1970-01-01 00:00:00.000000", "1970-01-01 00:00:01.000000"]),
        (
            pa.array([1_500, 0], pa.timestamp("ms", "UTC")),
            ["1970-01-01 00:00:01.500000Z", "1970-01-01 00:00:00.000000Z"],
        ),
        (pa.array([[1, 2], []]), ["[1, 2]", "[]"]),
        (pa.array([b"text", b"\xff\x00"]), ["text", "ff00"]),
    ],
)
def test_values_are_written_as_a_file_would_have_them(tmp_path: Path, values: pa.Array, texts: list[str]) -> None:
    pq.write_table(pa.table({"it": values}), tmp_path / "log.parquet")
    [table] = read(tmp_path / "log.parquet")
    assert [cells[0] for cells in rows_of(table)] == texts


def test_fields_of_nested_columns_are_columns(tmp_path: Path) -> None:
    pq.write_table(pa.table({"who": ["ana"], "seen": [{"page": "Home", "at": {"x": 1}}]}), tmp_path / "log.parquet")
    [table] = read(tmp_path / "log.parquet")
    assert (table.header, rows_of(table)) == (["who", "seen.page", "seen.at.x"], [["ana", "Home", "1"]])


def test_times_with_a_zone_are_the_same_instants_in_utc_and_this_is_told(tmp_path: Path) -> None:
    times = pa.array([datetime.datetime(2024, 3, 1, 8, tzinfo=datetime.UTC)]).cast(
        pa.timestamp("ns", "Europe/Bucharest")
    )
    pq.write_table(pa.table({"when": times}), tmp_path / "log.parquet")
    [table] = read(tmp_path / "log.parquet")
    [[text]] = rows_of(table)
    assert text is not None
    assert text.startswith("2024-03-01 08:00:00")
    assert text.endswith("Z")
    assert codes_of(table) == ["TZ_CONVERTED"]


@pytest.mark.parametrize("compression", ["uncompressed", "zstd"])
def test_feather_is_read(tmp_path: Path, compression: str) -> None:
    feather.write_feather(LOG, tmp_path / "log.feather", compression=compression)
    [table] = read(tmp_path / "log.feather")
    assert (table.header, rows_of(table)) == (HEADER, ROWS)


def test_an_arrow_stream_is_read(tmp_path: Path) -> None:
    with pa.OSFile(str(tmp_path / "log.arrow"), "wb") as sink, pa.ipc.new_stream(sink, LOG.schema) as writer:
        writer.write_table(LOG)
    [table] = read(tmp_path / "log.arrow")
    assert (table.header, rows_of(table)) == (HEADER, ROWS)


def test_a_parquet_file_that_breaks_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    pq.write_table(LOG, path)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(FileUnreadableError, match="damaged or incomplete") as refused:
        read(path)
    assert refused.value.code == "CORRUPT"


def test_damage_within_the_rows_is_found_while_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    pq.write_table(pa.table({"who": [f"customer {n}" for n in range(500)]}), path, use_dictionary=False)
    content = path.read_bytes()
    path.write_bytes(content[:40] + b"\xff" * 64 + content[104:])
    with pytest.raises(FileUnreadableError) as refused:
        rows_of(read(path)[0])
    assert refused.value.code == "CORRUPT"


def test_millions_of_rows_in_a_few_bytes_are_refused_before_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    pq.write_table(pa.table({"it": pa.repeat(pa.scalar(1, pa.int8()), 2_000_000)}), path)
    with pytest.raises(FileUnreadableError) as refused:
        read(path)
    assert refused.value.code == "BOMB"


def test_more_columns_than_any_export_has_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    pq.write_table(pa.table({f"c{n}": [1] for n in range(2_001)}), path)
    with pytest.raises(FileUnreadableError, match="2,001 columns") as refused:
        read(path)
    assert refused.value.code == "TOO_MANY_COLUMNS"
