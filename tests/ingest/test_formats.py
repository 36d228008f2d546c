"""What a file is, told by its bytes: text of every encoding, what is refused in words, and names that say otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from journey.errors import FileUnreadableError
from journey.ingest.files.encodings import encoding_of
from journey.ingest.formats import read_text_table, tables_of
from tests.ingest.made_files import codes_of, read, rows_of, write_xlsx, xlsx_rows

LOG = "who,what\nană,pagină principală\nștefan,coș abandonat\n"
ROWS = [["ană", "pagină principală"], ["ștefan", "coș abandonat"]]


def written(folder: Path, content: bytes | str, name: str = "log.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_unicode_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    assert read_text_table(written(tmp_path, LOG.encode(encoding))) == (["who", "what"], ROWS)


@pytest.mark.parametrize(
    ("encoding", "word"),
    [("cp1251", "корзина покупателя"), ("koi8_r", "корзина покупателя"), ("cp1252", "größer, schöner, Übersicht")],
)
def test_older_encodings_are_guessed_and_told(tmp_path: Path, encoding: str, word: str) -> None:
    path = written(tmp_path, ("who;what\n" + f"ana;{word}\n" * 30).encode(encoding))
    [table] = read(path)
    assert rows_of(table)[0] == ["ana", word]
    assert codes_of(table)[0] == "ENCODING"


def test_an_encoding_that_a_person_names_is_taken(tmp_path: Path) -> None:
    path = written(tmp_path, "who;what\nana;cos\nben;co\xba\n".encode("latin-1"))
    [table] = tables_of(path, path.name, tmp_path, "iso8859_16")
    assert rows_of(table)[1] == ["ben", "coș"]
    assert ("Encoding", "ISO-8859-16") in table.reading.facts


def test_a_letter_late_in_the_file_still_counts(tmp_path: Path) -> None:
    path = written(tmp_path, b"who,what\n" + b"ana,home\n" * 200_000 + "zoë,home\n".encode())
    with path.open("rb") as stream:
        assert encoding_of(stream).name == "utf-8"
    assert read_text_table(path)[1][-1] == ["zoë", "home"]


def test_one_bad_byte_does_not_change_the_encoding_of_the_rest(tmp_path: Path) -> None:
    path = written(tmp_path, b"who,what\n" + "ană,coș\n".encode() * 99 + b"b\xe9n,cart\n")
    [table] = read(path)
    assert rows_of(table)[:99] == [["ană", "coș"]] * 99
    assert codes_of(table)[0].startswith("ENCODING")


def test_two_encodings_in_one_file_are_both_read(tmp_path: Path) -> None:
    old = "ben,größer\nzoë,schöner Übergang\n".encode("cp1252")
    rows = read_text_table(written(tmp_path, b"who,what\n" + ("ană,coș\n".encode() + old) * 20))[1]
    assert rows[:3] == [["ană", "coș"], ["ben", "größer"], ["zoë", "schöner Übergang"]]


def test_facts_say_what_was_found(tmp_path: Path) -> None:
    [table] = read(written(tmp_path, "who;what\nana;Home\n"))
    assert table.reading.facts == [
        ("Format", "text with separators"),
        ("Encoding", "UTF-8"),
        ("Separator", "semicolon"),
    ]
    assert (table.reading.has_header, table.reading.separator) == (True, ";")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "an image"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(40), "an Office document"),
        (b"<!DOCTYPE html><table><tr><td>who</td></tr></table>", "a web page, as some systems save tables"),
        (b"<html><body><table></table></body></html>", "a web page"),
        (b'<?xml version="1.0"?><rows/>', "XML"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "an Excel 2003 workbook",
        ),
        (b"SQLite format 3\x00" + bytes(20), "an SQLite database"),
        (b"12345678DUCK" + bytes(20), "a DuckDB database"),
        (b"\x7fELF\x02\x01\x01" + bytes(20), "a program"),
        (b"MZ\x90\x00\x03" + bytes(20), "a program"),
        (b"#!/bin/sh\nrm -rf x\n", "a program"),
        (b"\x80\x04\x95\x10\x00\x00", "a Python pickle"),
        (b"cos\nsystem\n(S'id'\ntR.", "a Python pickle"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(20), "an archive"),
        (bytes(range(256)) * 8, "a binary file"),
    ],
)
def test_what_is_no_table_is_named_and_refused(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(FileUnreadableError, match=f"is {words}") as refused:
        read(written(tmp_path, content))
    assert refused.value.code == "UNSUPPORTED_TYPE"


@pytest.mark.parametrize("content", [b"", b"\n \n\t", b"\xef\xbb\xbf", b"\x00" * 5_000])
def test_nothing_is_called_empty(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FileUnreadableError, match="is empty"):
        read(written(tmp_path, content))


def test_a_letter_is_no_table(tmp_path: Path) -> None:
    letter = "Dear all,\n\nhere are the journeys, they are great, really.\nBest,\nAna\n"
    with pytest.raises(FileUnreadableError, match="No table was found") as refused:
        read(written(tmp_path, letter))
    assert refused.value.code == "NOT_TABULAR"


@pytest.mark.parametrize("name", ["<b>who</b>", "MZ", "ORC", "GIF89"])
def test_a_header_may_begin_like_another_kind_of_file(tmp_path: Path, name: str) -> None:
    assert read_text_table(written(tmp_path, f"{name},what\nana,home\nben,cart\n"))[0] == [name, "what"]


def test_more_columns_than_any_export_has_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, ",".join(f"c{i}" for i in range(3_000)) + "\n" + ",".join("1" * 3_000) + "\n")
    with pytest.raises(FileUnreadableError, match="3,000 columns") as refused:
        read(path)
    assert refused.value.code == "TOO_MANY_COLUMNS"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadableError, match="There is no file"):
        read(tmp_path / "log.csv")


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("log.csv", []),
        ("LOG.TXT", []),
        ("log", []),
        ("log.2024", []),
        ("*.csv", []),
        ("two\nlines.csv", []),
        ("x'); DROP TABLE t; --.csv", []),
        ("{0}%(name)s.csv", []),
        ("log.xlsx", ["TYPE_BY_CONTENT"]),
        ("log.csv.exe", ["TYPE_BY_CONTENT"]),
        ("log.csv\x00.parquet", ["TYPE_BY_CONTENT"]),
    ],
)
def test_a_name_is_only_a_claim(tmp_path: Path, name: str, codes: list[str]) -> None:
    [table] = read(written(tmp_path, "who,what\nana,Home\nben,Cart\n", "kept"), name)
    assert rows_of(table) == [["ana", "Home"], ["ben", "Cart"]]
    assert codes_of(table) == codes


def test_a_workbook_is_one_under_any_name(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "kept", xlsx_rows([["who", "what"], ["ana", "Home"]]))
    [table] = read(path, "log.csv")
    assert rows_of(table) == [["ana", "Home"]]
    assert table.reading.notes[0].text == (
        "The name ends in .csv, but the file is an Excel workbook (.xlsx); it was read as that."
    )
