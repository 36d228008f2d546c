"""Headers are understood in the languages in which people name them."""

from __future__ import annotations

import pytest

from journey.ingest.aliases import ALIASES, PERSONAL, SPEND_COLUMNS, forms, is_called, rank
from journey.ingest.names.stage_names import stage_of


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("Kunde", "customer_id"),
        ("Zeitpunkt", "timestamp"),
        ("Ereignis", "touchpoint"),
        ("Kanal", "channel"),
        ("Bewertung", "score"),
        ("Umsatz (EUR)", "revenue"),
        ("Gerät", "device"),
        ("Kommentar", "comment"),
        ("ID client", "customer_id"),
        ("Acțiune", "touchpoint"),
        ("Dată", "timestamp"),
        ("Valoare comandă", "revenue"),
        ("Sursă", "source"),
        ("Événement", "touchpoint"),
        ("Montant", "revenue"),
        ("Fecha y hora", "timestamp"),
        ("Дата и время", "timestamp"),
        ("顧客ID", "customer_id"),
        ("Otra cosa", None),
        ("Fecha", "timestamp"),
        ("Ingresos", "revenue"),
        ("Valutazione", "score"),
        ("Gebeurtenis", "touchpoint"),
        ("Zdarzenie", "touchpoint"),
        ("Przychód", "revenue"),
        ("Avaliação", "score"),
        ("客户编号", "customer_id"),
        ("渠道", "channel"),
        ("评分", "score"),
        ("utm_medium", "medium"),
        ("Page referrer", "referrer"),
        ("anonymousId", "identity"),
    ],
)
def test_a_header_is_known_in_its_language(header: str, role: str | None) -> None:
    found = {each for each, names in ALIASES.items() if rank(header, names) is not None}
    assert role in found if role else not found


def test_accents_and_case_make_no_difference() -> None:
    assert rank("GERÄT", ALIASES["device"]) == rank("gerat", ALIASES["device"])


def test_a_currency_behind_a_name_is_no_part_of_it() -> None:
    assert forms("Amount spent (RON)") == ("amount_spent_ron", "amount_spent")
    assert rank("Amount spent (RON)", SPEND_COLUMNS["cost"]) is not None
    assert rank("Kosten [€]", SPEND_COLUMNS["cost"]) is not None


@pytest.mark.parametrize(
    "header", ["Vorname", "Prénom", "Telefon", "Cod poștal", "Numer telefonu", "姓名", "First Name"]
)
def test_personal_data_are_known_in_their_language(header: str) -> None:
    assert is_called(header, PERSONAL)


@pytest.mark.parametrize(
    ("touchpoint", "stages"),
    [
        ("Kauf", ("purchase", "purchase")),
        ("In den Warenkorb", ("consideration", "consideration")),
        ("Bezahlen", ("purchase", "purchase")),
        ("Anmeldung", ("consideration", "adoption")),
        ("Kündigung", (None, None)),
        ("Bestellung storniert", (None, None)),
        ("Adăugat în coș", ("consideration", "consideration")),
        ("Comandă plasată", ("purchase", "purchase")),
        ("Comandă livrată", ("retention", "retention")),
        ("Plată", ("purchase", "purchase")),
        ("Ajout au panier", ("consideration", "consideration")),
        ("Paiement", ("purchase", "purchase")),
        ("Inicio de sesión", ("consideration", "adoption")),
        ("Devolución", (None, None)),
        ("$pageview", ("awareness", "awareness")),
    ],
)
def test_touchpoints_find_their_stage_in_their_language(touchpoint: str, stages: tuple[str | None, str | None]) -> None:
    assert stage_of(touchpoint) == stages
