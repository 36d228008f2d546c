"""Numbers and days as people read them; unknown is a dash, never 0."""

from __future__ import annotations

import datetime

import pytest

from journey import language


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (language.number(2981), "2,981"),
        (language.number(11.44, 1), "11.4"),
        (language.short(12_400), "12.4k"),
        (language.short(9_999), "9,999"),
        (language.short(3_250_000), "3.2m"),
        (language.signed(0.42, 2), "+0.42"),
        (language.signed(-1.1), "−1.1"),
        (language.signed(-0.04), "0.0"),
        (language.percent(0.414), "41 %"),
        (language.money(612_000, "EUR"), "€ 612k"),
        (language.money(-20, None), "−20"),
        (language.duration(40), "40 s"),
        (language.duration(12 * 60), "12 min"),
        (language.duration(5.2 * 3600), "5.2 h"),
        (language.duration(11 * 86_400), "11.0 days"),
        (language.day(datetime.date(2025, 5, 4)), "4 May 2025"),
        (language.period(datetime.date(2025, 1, 1), datetime.date(2025, 12, 31)), "1 Jan – 31 Dec 2025"),
        (language.months(datetime.date(2025, 7, 1), datetime.date(2025, 9, 30)), "Jul – Sept 2025"),
        (language.months(datetime.date(2024, 11, 1), datetime.date(2025, 1, 31)), "Nov 2024 – Jan 2025"),
        (language.months(datetime.date(2025, 7, 1), datetime.date(2025, 7, 31)), "July 2025"),
        (language.listed(["a", "b", "c"]), "a, b and c"),
        (language.listed(["a", "b", "c"], at_most=1), "a and 2 more"),
        (language.readable("company_size"), "Company size"),
        (language.readable("NPS score"), "NPS score"),
    ],
)
def test_what_is_written(written: str, expected: str) -> None:
    assert written == expected


@pytest.mark.parametrize("name", ["number", "short", "signed", "percent", "duration"])
def test_unknown_is_a_dash(name: str) -> None:
    write = getattr(language, name)
    assert write(float("nan")) == write(None) == language.UNKNOWN


def test_numbers_follow_the_readers_locale_and_nonsense_leaves_it() -> None:
    language.speak("de-DE")
    try:
        assert language.number(2981.5, 1) == "2.981,5"
        language.speak("no such place")
        assert language.number(2981.5, 1) == "2.981,5"
    finally:
        language.speak("en-GB")


def test_of_a_rough_number_two_digits_are_written_and_no_nought_for_a_third() -> None:
    written = [language.rough(value) for value in (35.0, 8.9, 4.0, 1_284.0, 0.42, 0.3, -1.0, None)]
    assert written == ["35", "8.9", "4", "1,300", "0.42", "0.3", "−1", "–"]
    assert language.money(80_000.0, "EUR", is_rough=True) == "€ 80k"
    assert language.duration(970_000.0, is_rough=True) == "11 days"
    assert language.duration(970_000.0) == "11.2 days"
