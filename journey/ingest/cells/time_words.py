"""Words in times: names of months in many languages, and what the short names of time zones mean."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final
from zoneinfo import available_timezones

#: Months in order, a language a line; a word is a month's when it begins one of these and no other month's.
_MONTH_NAMES: Final = tuple(
    tuple(line.split())
    for line in """
    january february march april may june july august september october november december
    ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie
    januar februar märz april mai juni juli august september oktober november dezember
    janvier février mars avril mai juin juillet août septembre octobre novembre décembre
    enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
    gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
    janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
    januari februari maart april mei juni juli augustus september oktober november december
    stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
    styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień
    января февраля марта апреля мая июня июля августа сентября октября ноября декабря
    январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
    січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
    leden únor březen duben květen červen červenec srpen září říjen listopad prosinec
    ledna února března dubna května června července srpna září října listopadu prosince
    január február március április május június július augusztus szeptember október november december
    ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου
    ιανουάριος φεβρουάριος μάρτιος απρίλιος μάιος ιούνιος ιούλιος αύγουστος σεπτέμβριος οκτώβριος νοέμβριος δεκέμβριος
    ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
    """.strip().splitlines()
)
#: Short forms that no full name begins with.
_SHORT: Final = {"mrz": 3, "mrt": 3, "juil": 7, "jui": 7, "sept": 9, "fevr": 2}
_FEWEST_LETTERS: Final = 3

#: Short names of zones, in minutes east of UTC.
ZONE_MINUTES: Final[dict[str, int]] = {
    "Z": 0, "UTC": 0, "GMT": 0, "UT": 0, "WET": 0, "WEST": 60, "BST": 60, "CET": 60, "MEZ": 60, "CEST": 120,
    "MESZ": 120, "SAST": 120, "EET": 120, "EEST": 180, "MSK": 180, "TRT": 180, "GST": 240, "PKT": 300, "IST": 330,
    "ICT": 420, "WIB": 420, "SGT": 480, "HKT": 480, "PHT": 480, "AWST": 480, "JST": 540, "KST": 540, "ACST": 570,
    "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780, "BRT": -180, "ART": -180, "ADT": -180, "AST": -240,
    "EDT": -240, "EST": -300, "CDT": -300, "CST": -360, "MDT": -360, "MST": -420, "PDT": -420, "PST": -480,
    "AKDT": -480, "AKST": -540, "HST": -600,
}  # fmt: skip


def _plain(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word.casefold().replace("ı", "i").strip(". "))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@cache
def _months() -> tuple[tuple[str, int], ...]:
    return tuple((_plain(name), month) for names in _MONTH_NAMES for month, name in enumerate(names, start=1))


@cache
def month_called(word: str) -> int | None:
    """Tell the month that a word names, in whole or in short.

    >>> month_called("märz"), month_called("Sept."), month_called("5"), month_called("марта"), month_called("ma")
    (3, 9, None, 3, None)
    """
    letters = _plain(word)
    if letters in _SHORT:
        return _SHORT[letters]
    if len(letters) < _FEWEST_LETTERS:
        return None
    whole = {month for name, month in _months() if name == letters}
    found = whole or {month for name, month in _months() if name.startswith(letters)}
    return found.pop() if len(found) == 1 else None


@cache
def _regions() -> frozenset[str]:
    return frozenset(available_timezones())


def is_region(name: str) -> bool:
    """Tell a zone named by its place, as in `Europe/Bucharest`."""
    return "/" in name and name in _regions()


def zone_words(minutes: int) -> str:
    """Write minutes east of UTC as people do.

    >>> zone_words(330), zone_words(-300), zone_words(0)
    ('UTC+5:30', 'UTC−5', 'UTC')
    """
    hours, rest = divmod(abs(minutes), 60)
    written = f"{hours}:{rest:02d}" if rest else str(hours)
    return f"UTC{'−' if minutes < 0 else '+'}{written}" if minutes else "UTC"
