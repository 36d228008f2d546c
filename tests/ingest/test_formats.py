"""What a file is, told by its bytes: encodings, packed files, and what is refused in words."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from journey.errors import FileUnreadableError
from journey.ingest.encodings import encoding_of
from journey.ingest.formats import opened, read_text_table, unpacked

LOG = "who,what\nană,pagină principală\nștefan,coș abandonat\n"
ROWS = [["ană", "pagină principală"], ["ștefan", "coș abandonat"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_unicode_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(LOG.encode(encoding))
    assert read_text_table(path) == (["who", "what"], ROWS)


@pytest.mark.parametrize(
    ("encoding", "word"),
    [("cp1251", "корзина покупателя"), ("koi8_r", "корзина покупателя"), ("cp1252", "größer, schöner, Übersicht")],
)
def test_older_encodings_are_guessed_and_called_a_guess(tmp_path: Path, encoding: str, word: str) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(("who;what\n" + f"ana;{word}\n" * 30).encode(encoding))
    table = opened(path, "log.csv")
    assert not table.encoding.is_certain
    assert read_text_table(path)[1][0] == ["ana", word]


def test_a_letter_late_in_the_file_still_counts(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(b"who,what\n" + b"ana,home\n" * 200_000 + "zoë,home\n".encode())
    with path.open("rb") as stream:
        assert encoding_of(stream).name == "utf-8"
    assert read_text_table(path)[1][-1] == ["zoë", "home"]


def test_one_bad_byte_does_not_change_the_encoding_of_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(b"who,what\n" + "ană,coș\n".encode() * 99 + b"b\xe9n,cart\n")
    table = opened(path, "log.csv")
    assert (table.encoding.name, table.encoding.n_damaged_lines) == ("utf-8", 1)
    assert read_text_table(path)[1][0] == ["ană", "coș"]
    assert read_text_table(path)[1][-1] == ["b�n", "cart"]


def test_two_encodings_in_one_file_are_both_read(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    old = "ben,größer\nzoë,schöner Übergang\n".encode("cp1252")
    path.write_bytes(b"who,what\n" + ("ană,coș\n".encode() + old) * 20)
    rows = read_text_table(path)[1]
    assert rows[:3] == [["ană", "coș"], ["ben", "größer"], ["zoë", "schöner Übergang"]]


def test_a_packed_file_is_unpacked_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(gzip.compress(LOG.encode()))
    assert read_text_table(unpacked(path, "log.csv", tmp_path))[1] == ROWS


def test_a_packed_file_that_breaks_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.csv.gz"
    path.write_bytes(gzip.compress(LOG.encode() * 100)[:-20])
    with pytest.raises(FileUnreadableError, match="breaks off or is damaged"):
        unpacked(path, "log.csv.gz", tmp_path)


def test_a_file_that_unpacks_to_far_more_is_refused_before_it_fills_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "log.csv.gz"
    path.write_bytes(gzip.compress(b"0" * (80 << 20)))
    with pytest.raises(FileUnreadableError, match="unpacks to far more"):
        unpacked(path, "log.csv.gz", tmp_path)


def zipped(folder: Path, entry: str) -> bytes:
    path = folder / "packed"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, "x")
    return path.read_bytes()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file"),
        (b"PAR1\x15\x04", "a Parquet file"),
        (b'{"who": "ana"}', "JSON"),
        (b'[{"who": "ana"}]', "JSON"),
        (b"<!DOCTYPE html><table>", "a web page or XML"),
        (b"SQLite format 3\x00", "an SQLite database"),
        (b"\x7fELF\x02\x01\x01", "a program"),
        (bytes(range(256)) * 8, "a binary file"),
    ],
)
def test_what_is_no_text_table_is_named_and_refused(tmp_path: Path, content: bytes, kind: str) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(content)
    with pytest.raises(FileUnreadableError, match=f"is {kind}"):
        opened(path, "log.csv")


@pytest.mark.parametrize(("entry", "kind"), [("xl/workbook.xml", "an Excel"), ("log.csv", "a zip archive")])
def test_workbooks_and_archives_are_told_apart(tmp_path: Path, entry: str, kind: str) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(zipped(tmp_path, entry))
    with pytest.raises(FileUnreadableError, match=kind):
        opened(path, "log.csv")


@pytest.mark.parametrize("content", [b"", b"\n \n\t", b"\xef\xbb\xbf", b"\x00" * 5_000])
def test_nothing_is_called_empty(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(content)
    with pytest.raises(FileUnreadableError, match="is empty"):
        opened(path, "log.csv")


def test_a_header_may_begin_with_a_tag(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("<b>who</b>,what\nana,home\n", encoding="utf-8")
    assert read_text_table(path) == (["<b>who</b>", "what"], [["ana", "home"]])


def test_more_columns_than_any_export_has_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(",".join(f"c{i}" for i in range(3_000)) + "\n1\n", encoding="utf-8")
    with pytest.raises(FileUnreadableError, match="3,000 columns"):
        opened(path, "log.csv")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadableError, match="There is no file"):
        opened(tmp_path / "log.csv", "log.csv")
