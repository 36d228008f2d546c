"""Uploads as people really make them, through the whole import: the same rows come out, and what was odd is told."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from journey.ingest.worksheets.worksheet import worksheet
from tests.corpus_loader import load

HEADER = ["customer_id", "timestamp", "touchpoint", "channel", "sentiment", "revenue"]
LOG = [
    ["C001", "2024-03-09 09:43:00", "Landing page", "Web", "-0.4", "0.00"],
    ["C001", "2024-03-10 12:45:00", "Product view", "Web", "0.3", "0.00"],
    ["C001", "2024-03-12 20:53:00", "Add to cart", "App", "0.1", "49.90"],
    ["C002", "2024-03-13 09:56:00", "Product view", "Web", "-0.9", "1234.50"],
    ["C002", "2024-03-24 14:33:00", "Add to cart", "App", "-0.8", "0.00"],
    ["C002", "2024-03-26 04:15:00", "Checkout", "App", "-0.2", "18250.75"],
    ["C003", "2024-03-27 10:09:00", "Landing page", "Web", "1.0", "0.00"],
    ["C003", "2024-03-29 07:31:00", "Support chat", "Chat", "0.2", "1234.50"],
]


def text(rows: Sequence[Sequence[str]] = LOG, header: Sequence[str] = HEADER, *, separator: str = ",") -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator, lineterminator="\n")
    writer.writerows([header, *rows] if header else rows)
    return stream.getvalue()


def with_column(column: str, changed: Callable[[str, int], str]) -> list[list[str]]:
    """Write the log with the cells of a column changed, told each cell and the number of its row."""
    at = HEADER.index(column)
    return [[*row[:at], changed(row[at], place), *row[at + 1 :]] for place, row in enumerate(LOG)]


def read(folder: Path, content: str | bytes, name: str = "log.csv") -> dict[str, Any]:
    path = folder / "upload"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return load(str(path), name)


def plain(rows: Sequence[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Name customer, time, touchpoint, channel, sentiment and revenue of each row."""
    return sorted(
        (row["customer"], row["ts"], row["touchpoint"], row["channel"], row["sentiment"], row["revenue"])
        for row in rows
    )


def expected(rows: Sequence[Sequence[str]] = LOG) -> list[tuple[Any, ...]]:
    return sorted(
        (who, when.replace(" ", "T"), what, channel, float(sentiment), float(revenue))
        for who, when, what, channel, sentiment, revenue in rows
    )


def boxed(corner: str, rule: str, side: str) -> str:
    """Write the log as a database's shell does."""
    widths = [max(len(row[place]) for row in [HEADER, *LOG]) for place in range(len(HEADER))]
    line = rule + corner.join("-" * (width + 2) for width in widths) + rule
    rows = [
        side + "|".join(f" {cell:<{width}} " for cell, width in zip(row, widths, strict=True)) + side
        for row in [HEADER, *LOG]
    ]
    return "\n".join([rows[0], line, *rows[1:]]) + "\n"


def zipped(entries: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return stream.getvalue()


PLAIN = text()
LINES = PLAIN.splitlines()
#: What the log looks like, the codes of which it has to be told, or none.
SAME_LOG: dict[str, tuple[str | bytes, tuple[str, ...]]] = {
    "a mark twice": (b"\xef\xbb\xbf\xef\xbb\xbf" + PLAIN.encode(), ()),
    "unit separators": (text(separator="\x1f"), ()),
    "record separators": (text(separator="\x1e"), ()),
    "separators of control signs": (text(separator="\x01"), ()),
    "carets": (text(separator="^"), ()),
    "two signs as separator": ("\n".join("~|~".join(row) for row in [HEADER, *LOG]), ()),
    "spaces behind commas": (PLAIN.replace(",", ", "), ()),
    "carriage returns": (PLAIN.replace("\n", "\r"), ()),
    "single quotes": ("\n".join(",".join(f"'{cell}'" for cell in row) for row in [HEADER, *LOG]), ()),
    "psql": (boxed("+", "", "") + "(8 rows)\n", ("PREAMBLE_OR_RULE_SKIPPED", "FOOTER_SKIPPED")),
    "Markdown": (boxed("|", "|", "|"), ("PREAMBLE_OR_RULE_SKIPPED",)),
    "two whole headers": ("Who,When,What,Where,How,How much\n" + PLAIN, ("PREAMBLE_OR_RULE_SKIPPED",)),
    "a line of units with a range": (
        "\n".join([LINES[0], "text,UTC,text,text,-1..1,EUR", *LINES[1:]]),
        ("PREAMBLE_OR_RULE_SKIPPED",),
    ),
    "a footnote with a comma": (PLAIN + "© 2024 Example Ltd, all rights reserved\n", ("FOOTER_SKIPPED",)),
    "a footnote below a gap": (PLAIN + "\n* As of 1 April 2024, may change.\n", ("FOOTER_SKIPPED",)),
    "a total in Chinese": (PLAIN + "合计,,,,,20769.65\n", ("FOOTER_SKIPPED",)),
    "headers in French": (
        text(header=["Identifiant client", "Horodatage", "Point de contact", "Canal", "Sentiment", "Montant"]),
        ("MAPPING_GUESSED",),
    ),
    "headers in Russian": (
        text(header=["Клиент", "Дата", "Точка контакта", "Канал", "Настроение", "Выручка"]),
        ("MAPPING_GUESSED",),
    ),
    "headers in Japanese": (
        text(header=["顧客ID", "日時", "タッチポイント", "チャネル", "感情", "売上"]),
        ("MAPPING_GUESSED",),
    ),
    "headers in Arabic": (
        text(header=["معرف العميل", "التاريخ", "نقطة الاتصال", "القناة", "المشاعر", "الإيرادات"]),
        ("MAPPING_GUESSED",),
    ),
    "more columns than anybody names": (
        text([row + ["7"] * 300 for row in LOG], [*HEADER, *(f"m{place}" for place in range(300))]),
        (),
    ),
    "a long cell without a column": (
        "\n".join([*LINES[:3], LINES[3] + "," + "x" * 20_000, *LINES[4:]]),
        ("ROWS_TRIMMED", "CELL_TRUNCATED"),
    ),
    "Greek months": (
        text(with_column("timestamp", lambda cell, _at: f"{int(cell[8:10])} Μαρτίου 2024 {cell[11:]}")),
        ("DATE_FORMAT",),
    ),
    "numbers behind an apostrophe": (text(with_column("revenue", lambda cell, _at: f"'{cell}")), ("NUMBER_FORMAT",)),
    "Swiss thousands": (
        text(with_column("revenue", lambda cell, _at: f"{float(cell):,.2f}".replace(",", "'"))),
        ("NUMBER_FORMAT",),
    ),
    "Arabic digits": (
        text(with_column("revenue", lambda cell, _at: cell.translate(str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫")))),
        ("NUMBER_FORMAT",),
    ),
    "control signs of the second kind": (
        text(with_column("touchpoint", lambda cell, _at: cell + "\x9b")),
        ("CONTROL_CHARS",),
    ),
}


@pytest.mark.parametrize("case", SAME_LOG)
def test_the_same_log_in_disguise_is_the_same_log(case: str, tmp_path: Path) -> None:
    content, codes = SAME_LOG[case]
    found = read(tmp_path, content)
    assert (found["status"], set(codes) - set(found["codes"])) == ("ok", set())
    assert plain(found["rows"]) == expected()


CYRILLIC = ["Главная страница", "Корзина", "Оплата", "Возврат", "Жалоба", "Поиск", "Письмо", "Отзыв"]
LABELS = {
    "mac_roman": ["Détail produit", "Réclamation", "Décision", "Été", "Où acheter", "Retour reçu", "Élève", "Forêt"],
    "iso8859_2": ["Főoldal", "Kosár", "Fizetés", "Visszaküldés", "Panasz", "Keresés", "Értékelés", "Szállítás"],
    "koi8_r": CYRILLIC,
    "cp866": CYRILLIC,
    "cp1253": ["Αρχική σελίδα", "Καλάθι", "Πληρωμή", "Επιστροφή", "Παράπονο", "Αναζήτηση", "Μήνυμα", "Κριτική"],
    "cp1256": ["الصفحة الرئيسية", "سلة التسوق", "الدفع", "إرجاع", "شكوى", "بحث", "رسالة", "مراجعة"],
    "shift_jis": ["トップページ", "商品ページ", "カート", "支払い", "問い合わせ", "返品", "表示", "検索"],
    "iso2022_jp": ["トップページ", "商品ページ", "カート", "支払い", "問い合わせ", "返品", "表示", "検索"],
}


@pytest.mark.parametrize("encoding", LABELS)
def test_letters_are_read_in_the_encoding_that_makes_words_of_them(encoding: str, tmp_path: Path) -> None:
    rows = with_column("touchpoint", lambda _cell, at: LABELS[encoding][at])
    found = read(tmp_path, text(rows).encode(encoding))
    assert "ENCODING" in found["codes"]
    assert plain(found["rows"]) == expected(rows)


def test_letters_in_two_forms_are_one_name(tmp_path: Path) -> None:
    rows = with_column("touchpoint", lambda _cell, at: unicodedata.normalize("NFD" if at % 2 else "NFC", "Plată"))
    found = read(tmp_path, text(rows))
    assert {row["touchpoint"] for row in found["rows"]} == {"Plată"}


def test_quotes_within_quotes_are_kept_and_the_repair_is_told(tmp_path: Path) -> None:
    rows = with_column("touchpoint", lambda cell, at: 'The "big" page' if at == 2 else cell)
    content = "\n".join(",".join(f'"{cell}"' for cell in row) for row in [HEADER, *rows])
    found = read(tmp_path, content)
    assert "ROWS_REPAIRED" in found["codes"]
    assert plain(found["rows"]) == expected(rows)


def test_words_for_nothing_are_no_numbers_and_told(tmp_path: Path) -> None:
    rows = with_column("revenue", lambda cell, at: ("N/A", "nil", "#DIV/0!")[at] if at < 3 else cell)
    found = read(tmp_path, text(rows))
    assert "NULLS" in found["codes"]
    assert sum(row["revenue"] is None for row in found["rows"]) == 3


def test_customers_may_be_called_null(tmp_path: Path) -> None:
    rows = with_column("customer_id", lambda cell, _at: {"C001": "Null", "C002": "NA", "C003": "None"}[cell])
    found = read(tmp_path, text(rows))
    assert plain(found["rows"]) == expected(rows)


@pytest.mark.parametrize("label", ["$$\\frac{1}{0}$$", "{{7*7}}", "=1+1", "<b>x</b>", "%{customdata}"])
def test_what_looks_like_code_stays_as_it_is_written(label: str, tmp_path: Path) -> None:
    rows = with_column("touchpoint", lambda cell, at: label if at == 3 else cell)
    found = read(tmp_path, text(rows))
    assert plain(found["rows"]) == expected(rows)


@pytest.mark.parametrize(
    ("content", "name", "status", "code"),
    [
        # Every comma of a number cuts it, so that all cells behind it stand in the wrong columns.
        (
            "\n".join(",".join(cell.replace(".", ",") for cell in row) for row in [HEADER, *LOG]),
            "log.csv",
            "ask",
            "DELIMITER_UNCLEAR",
        ),
        (text(with_column("timestamp", lambda _cell, at: f"{at + 1:02d}/03/2024")), "log.csv", "ask", "AMBIGUOUS"),
        (text([row[1:] for row in LOG], HEADER[1:]), "log.csv", "refuse", "MISSING_ROLE"),
        (",".join(HEADER) + "\n,,,,,\n", "log.csv", "refuse", "EMPTY_FILE"),
        (zipped({"log.csv": b"0" * 40_000_000}), "log.zip", "refuse", "BOMB"),
        ("[" * 100_000 + "]" * 100_000, "log.json", "refuse", "CORRUPT"),
        ("<!DOCTYPE html><html><body><h1>Not found</h1></body></html>", "log.csv", "refuse", "UNSUPPORTED_TYPE"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "log.csv", "refuse", "UNSUPPORTED_TYPE"),
    ],
)
def test_what_can_t_be_known_is_asked_and_what_is_no_log_is_refused(
    content: str | bytes, name: str, status: str, code: str, tmp_path: Path
) -> None:
    found = read(tmp_path, content, name)
    assert (found["status"], found["codes"]) == (status, [code])


def test_a_note_beside_the_table_in_an_archive_is_left_out_and_told(tmp_path: Path) -> None:
    content = zipped({"log.csv": PLAIN.encode(), "readme.txt": b"Thank you for your order. Contact us."})
    found = read(tmp_path, content, "log.zip")
    assert "ARCHIVE_EXTRA" in found["codes"]
    assert plain(found["rows"]) == expected()


def test_a_worksheet_with_its_examples_only_is_refused_as_empty(tmp_path: Path) -> None:
    worksheet(tmp_path / "sheet.xlsx")
    assert load(str(tmp_path / "sheet.xlsx"), "sheet.xlsx") == {"status": "refuse", "codes": ["EMPTY_FILE"], "rows": []}


def test_who_has_read_enough_of_the_output_is_told_of_no_breakdown(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(PLAIN, encoding="utf-8")
    command = [sys.executable, "-m", "journey", "import", str(tmp_path / "log.csv"), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.close()
        assert b"Traceback" not in run.stderr.read()
    assert run.returncode == 0
