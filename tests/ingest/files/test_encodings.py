"""Letters are what their writers meant, in whatever encoding, from a few words."""

from __future__ import annotations

import io
import unicodedata
from pathlib import Path

import pytest

from journey.ingest.files.encodings import Encoding, encoding_of
from journey.ingest.formats import read_text_table

WORDS = {
    "ro": "Pagină principală,Coş abandonat,Aplicaţie,Plată,Întrebare,Căutare produs",
    "de": "Käufer,Geschäft,Über uns,Größe,Händler,Rückgabe,München,Straße",
    "fr": "Café,Réclamation,Commande annulée,Événement,façade,garçon,élève",
    "es": "Atención,Señal,Devolución,¿Cómo?,niño,Página principal",
    "pt": "Página inicial,Reclamação,Avaliação,Dúvida,Pagamento não feito",
    "pl": "Strona główna,Płatność,Zażalenie,Łódź,Świąt,gęś,wózek",
    "cs": "Úvodní stránka,Košík,Dotaz,Příležitost,Žádost,Česká,řízení",
    "hu": "Főoldal,Kosár,Fizetés,Kérdés,Ügyfél,Győr,hűség",
    "ru": "Главная страница,Корзина,Оплата,Вопрос,Поддержка,Поиск товара",
    "uk": "Головна сторінка,Кошик,Оплата,Питання,Підтримка,Їжа",
    "el": "Αρχική σελίδα,Καλάθι,Πληρωμή,Ερώτηση,Υποστήριξη",
    "he": "דף הבית,עגלה,תשלום,שאלה,תמיכה",
    "ar": "الصفحة الرئيسية,سلة,دفع,سؤال,دعم",
    "tr": "Ana sayfa,Ödeme,Şikayet,Çağrı,Güven,Alışveriş,ığdır",
    "lt": "Pradžia,Krepšelis,Mokėjimas,Ąžuolas,šūkis,įmonė",
    "th": "หน้าแรก,ตะกร้า,ชำระเงิน,คำถาม",
    "zh": "首页,购物车,付款,提问,客服,搜索产品",
    "zh-tw": "首頁,購物車,付款,提問,客服,搜尋產品",
    "ja": "ホームページ,カート,支払い,質問,サポート,表示,検索",
    "ko": "홈페이지,장바구니,결제,질문,고객지원,검색",
}
WRITTEN_IN = [
    ("de", "cp1252"), ("de", "mac_roman"), ("de", "cp850"), ("fr", "cp1252"), ("fr", "mac_roman"), ("es", "cp1252"),
    ("es", "mac_roman"), ("pt", "cp1252"), ("pl", "cp1250"), ("pl", "iso8859_2"), ("cs", "cp1250"), ("cs", "iso8859_2"),
    ("hu", "cp1250"), ("ru", "cp1251"), ("ru", "koi8_r"), ("ru", "cp866"), ("ru", "iso8859_5"), ("uk", "cp1251"),
    ("el", "cp1253"), ("el", "iso8859_7"), ("he", "cp1255"), ("he", "iso8859_8"), ("ar", "cp1256"), ("tr", "cp1254"),
    ("lt", "cp1257"), ("th", "cp874"), ("zh", "gbk"), ("zh", "gb18030"), ("zh-tw", "big5"), ("ja", "cp932"),
    ("ja", "euc_jp"), ("ko", "euc_kr"),
]  # fmt: skip
MARKED = ["utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]


def log_of(words: str) -> tuple[str, list[list[str]]]:
    """A small log whose touchpoints are these words."""
    rows = [[f"C{n:03}", f"2025-01-{n + 1:02} 09:00:00", word] for n, word in enumerate(words.split(","))]
    return "".join(",".join(row) + "\n" for row in [["who", "when", "what"], *rows]), rows


def found(content: bytes) -> Encoding:
    return encoding_of(io.BytesIO(content))


@pytest.mark.parametrize(("language", "encoding"), WRITTEN_IN)
def test_a_few_words_tell_the_encoding(tmp_path: Path, language: str, encoding: str) -> None:
    text, rows = log_of(WORDS[language])
    path = tmp_path / "log.csv"
    path.write_bytes(text.encode(encoding))
    assert read_text_table(path) == (["who", "when", "what"], rows)
    assert found(text.encode(encoding)).notes()[0].code == "ENCODING"


@pytest.mark.parametrize("encoding", MARKED)
@pytest.mark.parametrize("language", ["de", "ru", "zh", "ja"])
def test_unicode_is_read_with_and_without_a_mark(tmp_path: Path, language: str, encoding: str) -> None:
    text, rows = log_of(WORDS[language])
    path = tmp_path / "log.csv"
    path.write_bytes(text.encode(encoding))
    assert read_text_table(path) == (["who", "when", "what"], rows)


@pytest.mark.parametrize(
    ("word", "encoding"),
    [("Café", "cp1252"), ("Zürich", "cp1252"), ("señal", "cp1252"), ("Košice", "cp1250"), ("Привет", "cp1251")],
)
def test_one_word_is_enough_where_it_reads_in_one_way(word: str, encoding: str) -> None:
    content = log_of(word)[0].encode(encoding)
    assert content.decode(found(content).name) == content.decode(encoding)


def test_plain_utf8_needs_no_word() -> None:
    assert found("who,what\nana,café\n".encode()).notes() == found(b"who,what\n").notes() == []


def test_letters_that_read_in_two_ways_are_asked_about_with_examples() -> None:
    encoding = found(log_of(WORDS["ro"])[0].encode("cp1250"))
    assert (encoding.name, encoding.rivals) == ("cp1250", ("iso8859_16",))
    assert encoding.examples[0] == ("C001,2025-01-02 09:00:00,Coş abandonat", "C001,2025-01-02 09:00:00,Coș abandonat")
    assert [note.code for note in encoding.notes()] == ["ENCODING", "ENCODING_AMBIGUOUS"]


def test_lines_in_another_encoding_are_read_in_it(tmp_path: Path) -> None:
    text, rows = log_of(WORDS["de"])
    lines = [line.encode("cp1252" if n % 2 else "utf-8") for n, line in enumerate(text.splitlines(keepends=True))]
    path = tmp_path / "log.csv"
    path.write_bytes(b"".join(lines))
    assert read_text_table(path)[1] == rows
    encoding = found(b"".join(lines))
    assert (encoding.fallback, encoding.first_damaged_lines) == ("cp1252", (2, 4, 6))
    assert [note.code for note in encoding.notes()] == ["ENCODING_MIXED"]


def test_one_byte_that_is_no_letter_is_replaced_and_told(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(b"who,what\nana,ca\xffrt\nben,home\n")
    assert read_text_table(path)[1] == [["ana", "ca\ufffdrt"], ["ben", "home"]]
    encoding = found(path.read_bytes())
    assert (encoding.name, encoding.first_damaged_lines) == ("utf-8", (2,))
    assert [note.code for note in encoding.notes()] == ["ENCODING_REPAIRED"]


@pytest.mark.parametrize("page", ["cp1252", "cp1250"])
def test_letters_that_were_garbled_before_are_put_right(tmp_path: Path, page: str) -> None:
    text, rows = log_of("Käufer,Größe,Café,Réponse,Città")
    path = tmp_path / "log.csv"
    path.write_bytes(text.encode().decode(page).encode())
    assert read_text_table(path)[1] == rows
    assert [note.code for note in found(path.read_bytes()).notes()] == ["ENCODING_REPAIRED"]


@pytest.mark.parametrize("language", WORDS)
def test_what_is_not_garbled_is_left_alone(language: str) -> None:
    assert found(log_of(WORDS[language])[0].encode()).mended is None


def test_letters_far_down_count_like_the_first(tmp_path: Path) -> None:
    rows = [["ana", "home"]] * 300_000 + [["ben", "Rückgabe"], ["cat", "Größe"]]
    path = tmp_path / "log.csv"
    path.write_bytes(b"who,what\n" + "".join(",".join(row) + "\n" for row in rows).encode("cp1252"))
    assert read_text_table(path)[1][-2:] == rows[-2:]


def test_a_header_is_the_same_however_its_accents_are_composed(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(unicodedata.normalize("NFD", "étape,client\nhome,ana\n"), encoding="utf-8")
    assert read_text_table(path)[0] == ["étape", "client"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [("cp1252", "Windows-1252"), ("iso8859_2", "ISO-8859-2"), ("utf-8-sig", "UTF-8"), ("koi8_r", "KOI8-R")],
)
def test_encodings_are_called_as_people_know_them(name: str, shown: str) -> None:
    assert Encoding(name).shown == shown
