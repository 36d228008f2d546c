"""How the product speaks: translated texts, and numbers and dates in the reader's locale.

Every text a person reads passes through `_`; every number through one of the functions here. An unknown value
(None, NaN) is written as an en dash, never as 0.
"""

from __future__ import annotations

import datetime
import gettext
import math
from collections.abc import Sequence
from contextvars import ContextVar
from pathlib import Path

from babel import Locale, UnknownLocaleError, dates, lists, numbers

UNKNOWN = "–"
MINUTE, HOUR, DAY = 60, 3600, 86_400

_locale: ContextVar[Locale] = ContextVar("locale", default=Locale("en", "GB"))  # noqa: B039 - never changed
_catalogues: dict[str, gettext.NullTranslations] = {}


def speak(locale: str) -> None:
    """Choose the locale for everything said after this in the current context; unknown ones leave it as it is."""
    if (parsed := _parsed(locale)) is not None:
        _locale.set(parsed)


def spoken() -> str:
    """Tell the locale in which things are said now, as in `en_GB`."""
    return str(_locale.get())


def _parsed(locale: str) -> Locale | None:
    try:
        return Locale.parse(locale.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return None


def _catalogue() -> gettext.NullTranslations:
    language = _locale.get().language
    if language not in _catalogues:
        folder = Path(__file__).parent / "locales"
        _catalogues[language] = gettext.translation("journey", folder, [language], fallback=True)
    return _catalogues[language]


def _(message: str) -> str:
    """Translate a text into the reader's language."""
    return _catalogue().gettext(message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """Translate a text that counts something; the chosen form still holds its `{n}`."""
    return _catalogue().ngettext(singular, plural, n).format(n=number(n))


def number(value: float | None, digits: int = 0) -> str:
    """Write a number with grouping, as in `2,981` or `11.4`."""
    if value is None or math.isnan(value):
        return UNKNOWN
    pattern = f"#,##0.{'0' * digits}" if digits else "#,##0"
    size, nothing = (numbers.format_decimal(each, pattern, locale=_locale.get()) for each in (abs(value), 0))
    return f"−{size}" if value < 0 and size != nothing else size


def rough(value: float | None) -> str:
    """Write a number of which two digits are known, as in `4.2`, `35` or `1,300`; no nought stands for a third."""
    if value is None or math.isnan(value):
        return UNKNOWN
    known = float(f"{value:.2g}")
    return number(known, next((digits for digits in (0, 1) if round(known, digits) == known), 2))


def short(value: float | None, *, is_rough: bool = False) -> str:
    """Write a number short, as in `12.4k`; below 10,000 in full. `is_rough`: two digits of it are known."""
    if value is None or math.isnan(value):
        return UNKNOWN
    for size, sign in ((1_000_000_000, "bn"), (1_000_000, "m"), (10_000, "k")):
        if abs(value) >= size:
            scaled = value / (1_000 if sign == "k" else size)
            return f"{rough(scaled) if is_rough else number(scaled, 1 if abs(scaled) < 100 else 0)}{sign}"
    return rough(value) if is_rough else number(value)


def signed(value: float | None, digits: int = 1) -> str:
    """Write a number with its sign, as in `+0.42` or `−1.1`."""
    if value is None or math.isnan(value):
        return UNKNOWN
    written = number(value, digits)
    return f"+{written}" if value > 0 and written != number(0, digits) else written


def percent(share: float | None, digits: int = 0) -> str:
    """Write a share in [0, 1] as `41 %`."""
    if share is None or math.isnan(share):
        return UNKNOWN
    return f"{number(share * 100, digits)} %"


def points(difference: float | None, digits: int = 0) -> str:
    """Write a difference of two shares as `+3 points`."""
    if difference is None or math.isnan(difference):
        return UNKNOWN
    return _("{n} points").format(n=signed(difference * 100, digits))


def money(amount: float | None, currency: str | None, *, is_rough: bool = False) -> str:
    """Write an amount short with its currency, as in `€ 612k`; without a currency the bare number.

    `is_rough`: two digits of it are known.
    """
    if amount is None or math.isnan(amount):
        return UNKNOWN
    sign = "−" if amount < 0 and round(amount) != 0 else ""
    symbol = numbers.get_currency_symbol(currency, locale=_locale.get()) if currency else ""
    return f"{sign}{symbol}{' ' if symbol else ''}{short(abs(amount), is_rough=is_rough)}"


def size(n_bytes: float) -> str:
    """Write a size on disk or in memory, as in `4.4 MB`."""
    for unit, sign in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if n_bytes >= unit:
            return f"{number(n_bytes / unit, 1 if n_bytes < 100 * unit else 0)} {sign}"
    return f"{number(n_bytes)} B"


def duration(seconds: float | None, *, is_rough: bool = False) -> str:
    """Write a length of time in the unit a person would choose: `40 s`, `12 min`, `5.2 h`, `11 days`.

    `is_rough`: two digits of it are known.
    """
    if seconds is None or math.isnan(seconds):
        return UNKNOWN
    if seconds < MINUTE:
        return _("{n} s").format(n=number(seconds))
    if seconds < 2 * HOUR:
        unit, size, digits = _("{n} min"), MINUTE, 0
    elif seconds < 2 * DAY:
        unit, size, digits = _("{n} h"), HOUR, 1 if seconds < 10 * HOUR else 0
    else:
        unit, size, digits = _("{n} days"), DAY, 1 if seconds < 20 * DAY else 0
    return unit.format(n=rough(seconds / size) if is_rough else number(seconds / size, digits))


def day(moment: datetime.date | datetime.datetime | None) -> str:
    """Write a date, as in `4 May 2025`."""
    if moment is None:
        return UNKNOWN
    return dates.format_date(moment, "d MMM y", locale=_locale.get())


def period(first: datetime.date, last: datetime.date) -> str:
    """Write a stretch of days, as in `1 Jan – 31 Dec 2025`."""
    start = dates.format_date(first, "d MMM" if first.year == last.year else "d MMM y", locale=_locale.get())
    return f"{start} – {day(last)}"


def months(first: datetime.date, last: datetime.date) -> str:
    """Write a stretch of whole months, as in `Jul – Sep 2025`; one month as `July 2025`."""
    if (first.year, first.month) == (last.year, last.month):
        return dates.format_date(first, "MMMM y", locale=_locale.get())
    start = dates.format_date(first, "MMM" if first.year == last.year else "MMM y", locale=_locale.get())
    return f"{start} – {dates.format_date(last, 'MMM y', locale=_locale.get())}"


def interval(low: str, high: str) -> str:
    """Write an interval from its two written ends, as in `[39 %, 43 %]`."""
    return f"[{low}, {high}]"


def readable(header: str) -> str:
    """Write the header of a column as a label, as in `company_size` → `Company size`."""
    words = header.replace("_", " ").strip() or header
    return words[0].upper() + words[1:] if words.islower() else words


def listed(names: Sequence[str], at_most: int | None = None) -> str:
    """Write names as a sentence part, `a, b and c`; the ones past `at_most` become `and n more`."""
    if at_most is not None and len(names) > at_most:
        names = [*names[:at_most], _("{n} more").format(n=number(len(names) - at_most))]
    return lists.format_list(list(names), locale=_locale.get())
