"""Packed files: unpacked under our own names, counted as they come out."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest

from journey.errors import FileUnreadableError
from tests.ingest.made_files import codes_of, read, rows_of

LOG = "who,what\nana,Home\nben,Cart\n"
ROWS = [["ana", "Home"], ["ben", "Cart"]]


def zipped(**entries: str | bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return held.getvalue()


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_gzip_is_unpacked_and_named_only_where_the_name_says_otherwise(tmp_path: Path) -> None:
    packed = gzip.compress(LOG.encode())
    for name, codes in (("log.csv.gz", []), ("log.csv", ["TYPE_BY_CONTENT"])):
        [table] = read(written(tmp_path, name, packed))
        assert (table.title, rows_of(table), codes_of(table)) == ("", ROWS, codes)


def test_anything_that_is_read_may_be_packed(tmp_path: Path) -> None:
    records = json.dumps([{"who": "ana", "what": "Home"}, {"who": "ben", "what": "Cart"}]).encode()
    assert rows_of(read(written(tmp_path, "log.json.gz", gzip.compress(records)))[0]) == ROWS
    assert rows_of(read(written(tmp_path, "log.zip", zipped(**{"log.json": records})))[0]) == ROWS


def test_a_zip_of_one_table_and_other_things_is_that_table(tmp_path: Path) -> None:
    entries = {
        "export/log.csv": LOG,
        "export/read me.pdf": "%PDF-1.7",
        "__MACOSX/._log.csv": "x",
        "export/nothing.csv": "",
    }
    [table] = read(written(tmp_path, "log.zip", zipped(**entries)))
    assert (table.title, rows_of(table)) == ("log.csv", ROWS)
    assert codes_of(table) == ["ARCHIVE_EXTRA"]
    assert "“nothing.csv” and “read me.pdf”" in table.reading.notes[0].text


def test_several_tables_in_a_zip_are_several_tables(tmp_path: Path) -> None:
    first, second = read(written(tmp_path, "log.zip", zipped(**{"b.csv": "who,when\nana,2024-03-01\n", "a.csv": LOG})))
    assert [first.title, second.title] == ["a.csv", "b.csv"]
    assert rows_of(second) == [["ana", "2024-03-01"]]
    assert codes_of(first) == ["ARCHIVE_SEVERAL"]


def test_names_in_a_zip_lead_nowhere(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    entries = {"../../evil.csv": LOG, "/etc/evil.csv": LOG, "C:\\evil.csv": LOG}
    tables = read(written(scratch, "log.zip", zipped(**entries)))
    assert [table.title for table in tables] == ["evil.csv"] * 3
    assert not list(tmp_path.rglob("evil*"))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (gzip.compress(LOG.encode() * 100)[:-20], "TRUNCATED"),
        (gzip.compress(LOG.encode())[:-8] + bytes(8), "CORRUPT"),
        (gzip.compress(b"0" * (80 << 20)), "BOMB"),
        (zipped(**{"log.csv": b"0" * (80 << 20)}), "BOMB"),
        (gzip.compress(gzip.compress(LOG.encode())), "UNSUPPORTED_TYPE"),
        (zipped(**{"log.zip": zipped(**{"log.csv": LOG})}), "UNSUPPORTED_TYPE"),
        (zipped(**{"a.pdf": "%PDF-1.7", "b.pdf": "%PDF-1.7"}), "UNSUPPORTED_TYPE"),
        (zipped(), "UNSUPPORTED_TYPE"),
        (zipped(**{"log.csv": LOG})[:-30], "TRUNCATED"),
        (zipped(**{str(n): "" for n in range(2_001)}), "TOO_BIG"),
    ],
)
def test_what_is_broken_or_harmful_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(FileUnreadableError) as refused:
        read(written(tmp_path, "log.zip", content))
    assert refused.value.code == code


def test_a_damaged_table_beside_a_good_one_is_not_left_out_silently(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadableError, match=r"log\.zip – b\.json") as refused:
        read(written(tmp_path, "log.zip", zipped(**{"a.csv": LOG, "b.json": '[{"who": "ana"}, {"who'})))
    assert refused.value.code == "TRUNCATED"
