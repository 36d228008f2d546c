"""The ways of writing a time, each a pattern that a whole cell matches, and what its parts are called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from journey.engine import literal
from journey.ingest.cells.time_words import ZONE_MINUTES, is_region, month_called

_LETTER = "A-Za-zÀ-ɏͰ-ϿЀ-ӿ"
_WORD = rf"[{_LETTER}]+"
_WEEKDAY = rf"(?:{_WORD}\.?,?\s+|(?:星期|周|週).\s*)?"
_BEFORE_CLOCK = (
    r"(?:(?:[\s,Tt@_:·]|(?:星期|周|週).)+"
    r"(?:(?:a\s)?(?:ora|orele|ore|um|at|kl|klo|à|las|alle|às|as|om|godz|в)[.\s]\s*)?)"
)
_ZONE = (
    r"\s*[(\[]?(?:(?:UTC|GMT|utc|gmt)?\s?([+-])(\d{1,2}):?(\d{2})?(?::\d{2})?"
    r"|([A-Z][A-Za-z_]+(?:/[A-Za-z_]+(?:[+-]\d+)?)+|[A-Z]{1,5}|z|utc|gmt))?[)\]]?\s*(?:\[[^\]]*\]|\([^)]*\))?"
)
_ZONE_PARTS = ("sign", "zone_hours", "zone_minutes", "zone")
_CLOCK = (
    rf"(?:{_BEFORE_CLOCK}(上午|下午|晚上|오전|오후)?\s*(\d{{1,2}})"
    r"(?:\s?[:.hH]\s?(\d{2})(?:[:.](\d{2})(?:[.,:](\d+))?)?)?:?\s?(?:Uhr|uhr|hrs|h)?"
    rf"(?:\s*([AaPp]\.?\s?[Mm]\.?))?{_ZONE})?"
)
_CLOCK_PARTS = ("early_half", "hour", "minute", "second", "fraction", "half", *_ZONE_PARTS)
_YEAR = r"(\d{4}|\d{2})"
_AFTER_YEAR = r"(?:\s*(?:года|г|р)\.?|\.)?"
_OF = r"(?:\.?,?\s*(?:de|del|of|d')\s+|[.,\s/-]+)"


@dataclass(frozen=True)
class Layout:
    """A way of writing a time: the pattern, and what its groups are, in order."""

    pattern: str
    parts: tuple[str, ...]


def _dated(pattern: str, *parts: str) -> Layout:
    return Layout(rf"^\s*{pattern}{_CLOCK}\s*$", (*parts, *_CLOCK_PARTS))


ISO, DAY_AND_MONTH, WEEK, ORDINAL, MONTH_ONLY = "iso", "day and month", "week", "day of the year", "month only"
COMPACT, EPOCH, SERIAL = "compact", "epoch", "serial"

#: Layouts by name; a cell belongs to the first one that it matches.
FORMS: Final[dict[str, Layout]] = {
    ISO: _dated(rf"{_WEEKDAY}(\d{{4}})\s*[-/.]\s*(\d{{1,2}})\s*[-/.]\s*(\d{{1,2}})\.?", "year", "month", "day"),
    DAY_AND_MONTH: _dated(
        rf"{_WEEKDAY}(\d{{1,2}})\s*[-/.\s]\s*(\d{{1,2}})\s*[-/.\s]\s*{_YEAR}{_AFTER_YEAR}",
        "first",
        "second_number",
        "year",
    ),
    "month name": _dated(
        rf"{_WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th|er|º|ª|°)?{_OF}({_WORD}){_OF}'?{_YEAR}{_AFTER_YEAR}",
        "day",
        "word",
        "year",
    ),
    "month name first": _dated(
        rf"{_WEEKDAY}({_WORD})[.\s/-]+(\d{{1,2}})(?:st|nd|rd|th)?[,\s/-]+(\d{{4}})", "word", "day", "year"
    ),
    "year and month name": _dated(rf"(\d{{4}})[.\s/-]*({_WORD})[.\s/-]*(\d{{1,2}})\.?", "year", "word", "day"),
    "month name, year last": Layout(
        rf"^\s*{_WEEKDAY}({_WORD})\.?\s+(\d{{1,2}})\s+(\d{{1,2}}):(\d{{2}}):(\d{{2}})(?:\.(\d+))?{_ZONE}\s*(\d{{4}})\s*$",
        ("word", "day", "hour", "minute", "second", "fraction", *_ZONE_PARTS, "year"),
    ),
    "database": Layout(
        r"^\s*(\d{4})-(\d{2})-(\d{2})-(\d{2})\.(\d{2})\.(\d{2})(?:\.(\d+))?\s*$",
        ("year", "month", "day", "hour", "minute", "second", "fraction"),
    ),
    COMPACT: Layout(
        r"^\s*((?:19|20|25)\d{2}|9999)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"
        rf"(?:[T_ -]?([0-2]\d)([0-5]\d)(?:([0-6]\d)(?:[.,](\d+))?)?{_ZONE}|\.0)?\s*$",
        ("year", "month", "day", "hour", "minute", "second", "fraction", *_ZONE_PARTS),
    ),
    WEEK: _dated(r"(\d{4})-?[Ww](\d{2})(?:-?([1-7]))?", "year", "week", "weekday"),
    ORDINAL: _dated(r"(\d{4})-(\d{3})", "year", "ordinal"),
    MONTH_ONLY: Layout(r"^\s*(\d{4})[-/](\d{1,2})\s*$", ("year", "month")),
    "month name only": Layout(rf"^\s*({_WORD})[.\s/-]+(\d{{4}})\s*$", ("word", "year")),
    EPOCH: Layout(
        r"^\s*(?:/Date\()?(-?(?:\d{9,10}|\d{13}|\d{16}|\d{19})(?:\.\d+)?|\d\.\d{8,}[eE]\+?\d{1,2})(?:[+-]\d{4})?(?:\)/)?\s*$",
        ("count",),
    ),
    SERIAL: Layout(r"^\s*([2-7]\d{4}(?:[.,]\d+)?)\s*$", ("count",)),
}
LAYOUTS: Final[dict[str, str]] = {name: form.pattern for name, form in FORMS.items()}
#: Layouts that hold for many numbers as well: only a column called like a time is taken as one.
NUMBER_LAYOUTS: Final = (COMPACT, EPOCH, SERIAL)
#: Layouts that tell no day.
COARSE_LAYOUTS: Final = (MONTH_ONLY, "month name only")
#: A count of a spreadsheet that lost its last digits.
DAMAGED: Final = r"^\s*\d(?:[.,]\d{1,7})?[eE]\+?\d{1,2}\s*$"
#: Counts of days since 1899-12-30 from 1970 to 2099.
FIRST_SERIAL, LAST_SERIAL = 25_570, 73_050

_DIGITS = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९০১২৩৪৫৬৭৮৯๐๑๒๓๔๕๖๗๘๙０１２３４５６７８９"
_SIGNS = "／：．－−\u2010\u2011\u2013＋，、年月日时時点點分년월일시분\u00a0\u202f\u2009\u3000\t"
_PLAIN_SIGNS = "/:.-----+,,-- :::::-- ::     "
_NO_SIGNS = '秒초\u200e\u200f\u200b\ufeff\u061c"‘’'
_ALL_DIGITS: Final = f"{literal('0123456789' + _DIGITS)}, {literal('9' * (10 + len(_DIGITS)))}"
_FOREIGN = str.maketrans(_DIGITS + _SIGNS, "0123456789" * (len(_DIGITS) // 10) + _PLAIN_SIGNS, _NO_SIGNS)


def tidied(cell: str) -> str:
    """Write a time with the digits and signs of ASCII.

    >>> tidied("２０２４年３月５日 9时30分"), tidied("٢٠٢٤-٠٣-٠٥")
    ('2024-3-5  9:30:', '2024-03-05')
    """
    return cell.translate(_FOREIGN)


def tidied_sql(cell: str) -> str:
    """Write the SQL that does the same as `tidied`."""
    given = _DIGITS + _SIGNS + _NO_SIGNS
    signs = "0123456789" * (len(_DIGITS) // 10) + _PLAIN_SIGNS
    foreign = f"translate({cell}, {literal(given)}, {literal(signs)})"
    return f"CASE WHEN strlen({cell}) = length({cell}) THEN {cell} ELSE {foreign} END"


def shape_sql(cell: str) -> str:
    """Write the SQL of a cell's shape, in which all digits are alike; the common case with as few signs as can be."""
    common = f"translate({cell}, '012345678', '999999999')"
    has_others = f"regexp_matches({cell}, {literal(f'[{_DIGITS}]')})"
    is_foreign = f"strlen({cell}) > length({cell}) AND {has_others}"
    return f"CASE WHEN {is_foreign} THEN translate({cell}, {_ALL_DIGITS}) ELSE {common} END"


@dataclass(frozen=True)
class Recognised:
    """What one cell is: its layout, the parts found in it, and how a parser would be told of them.

    In `template`, `{first}` and `{second}` stand where either the day or the month does; empty when there is a part
    that only the pattern reads.
    """

    layout: str
    parts: dict[str, str]
    template: str = ""


_COMPILED = {name: re.compile(form.pattern) for name, form in FORMS.items()}


_DIRECTIVES: Final = {
    "year": "%Y", "month": "%m", "day": "%d", "first": "{first}", "second_number": "{second}", "hour": "%H",
    "minute": "%M", "second": "%S", "fraction": "%f", "half": "%p",
}  # fmt: skip
_ENGLISH_MONTH: Final = re.compile("jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec", re.IGNORECASE)
_MOST_FRACTION_DIGITS: Final = 6


def _template(cell: str, match: re.Match[str], names: tuple[str, ...]) -> str:
    """Write the cell with its parts replaced by what stands for them."""
    written, end = "", 0
    has_half = any(name == "half" and text for name, text in zip(names, match.groups(), strict=True))
    for place, name in sorted(enumerate(names, start=1), key=lambda each: match.start(each[0])):
        text = match.group(place)
        if not text:
            continue
        directive = _DIRECTIVES.get(name, "")
        if name == "year" and len(text) == len("24"):
            directive = "%y"
        elif name == "hour" and has_half:
            directive = "%I"
        elif name == "word" and _ENGLISH_MONTH.fullmatch(text):
            directive = "%b"
        is_odd = (name == "half" and len(text) != len("pm")) or (
            name == "fraction" and len(text) > _MOST_FRACTION_DIGITS
        )
        if not directive or is_odd:
            return ""
        between = cell[end : match.start(place)]
        written, end = written + between + directive, match.end(place)
    whole = written + cell[end:]
    return "" if set(whole.replace("{first}", "").replace("{second}", "")) & set("{}'") else whole


def recognised(cell: str) -> Recognised | None:
    """Tell how a single (tidied) cell writes a time; None when it is none.

    >>> recognised("Tue, 05 Mar 2024 09:30:00 +0000").layout
    'month name'
    """
    for name, pattern in _COMPILED.items():
        if (match := pattern.match(cell)) is None:
            continue
        parts = {part: text or "" for part, text in zip(FORMS[name].parts, match.groups(), strict=True)}
        if "word" in parts and month_called(parts["word"]) is None:
            continue
        if name == SERIAL and not FIRST_SERIAL <= float(parts["count"].replace(",", ".")) <= LAST_SERIAL:
            continue
        zone = parts.get("zone", "")
        is_known = not zone or zone.upper() in ZONE_MINUTES or is_region(zone)
        return Recognised(name, parts, _template(cell, match, FORMS[name].parts)) if is_known else None
    return None
