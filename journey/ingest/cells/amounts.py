"""Texts become numbers: which sign is the decimal one is decided once per column, over the whole file.

Cells that a plain cast reads are the common case and are looked at no further. The others are grouped by their shape
(every digit alike), and each shape is looked at once. A sign followed by other than three digits, or behind the other
sign, is the decimal one; a sign that comes twice in a number is not. Where every cell reads like 1.234, both readings
are possible, and it is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from journey.engine import Draft, literal, quoted
from journey.ingest.cells.labels import tidy
from journey.ingest.cells.time_layouts import shape_sql
from journey.ingest.told import Note
from journey.language import _, listed, number

DECIMAL_SIGNS: Final = (".", ",")
#: Currency signs and the code each stands for; a sign shared by several currencies proves none.
_CURRENCY_SIGNS: Final = {
    "US$": "USD", "CA$": "CAD", "A$": "AUD", "R$": "BRL", "€": "EUR", "£": "GBP", "₽": "RUB", "₺": "TRY", "₹": "INR",
    "₩": "KRW", "₪": "ILS", "₴": "UAH", "₫": "VND", "₦": "NGN", "฿": "THB", "₱": "PHP", "zł": "PLN", "Kč": "CZK",
    "Ft": "HUF", "lei": "RON", "Lei": "RON", "LEI": "RON", "leu": "RON", "лв": "BGN", "руб": "RUB", "грн": "UAH",
    "元": "CNY", "円": "JPY", "원": "KRW", "Rs": "INR", "Fr": "CHF", "kr": "kr", "$": "$", "¥": "¥", "￥": "¥",
}  # fmt: skip
CURRENCIES: Final = (
    "AED", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "CZK", "DKK", "EGP", "EUR", "GBP", "HKD", "HUF", "IDR",
    "ILS", "INR", "JPY", "KES", "KRW", "MDL", "MXN", "MYR", "NGN", "NOK", "NZD", "PHP", "PLN", "RON", "RSD", "RUB",
    "SAR", "SEK", "SGD", "THB", "TRY", "UAH", "USD", "VND", "ZAR",
)  # fmt: skip
_MONEY = "|".join([*(re.escape(sign) for sign in _CURRENCY_SIGNS), *CURRENCIES, *(code.lower() for code in CURRENCIES)])
_MONEY_AND_POINT = rf"(?:{_MONEY})\.?"
_GAP = "['’\u00a0\u202f\u2009 ]"
_SPACE = "[\\s\u00a0\u202f]"
_NUMBER = "[0-9٠-٩۰-۹०-९০-৯๐-๙０-９]"
_MARK = "[.,．，٫٬]"
_DIGITS = rf"(?:{_NUMBER}(?:{_NUMBER}|{_MARK})*(?:{_GAP}{_NUMBER}{{3}}(?:{_NUMBER}|{_MARK})*)*|{_MARK}{_NUMBER}+)"
#: A number with all that people write around it.
WRITTEN: Final = (
    rf"^{_SPACE}*'?[-+−–(]*\s*(?:(?:{_MONEY})\.?)?{_SPACE}*[-+−–(]*\s*{_DIGITS}(?:[eE][-+]?\d+)?"
    rf"{_SPACE}*(?:[kKmM](?:illion|io)?\b)?\s*(?:(?:{_MONEY})\.?|[%％٪])?\s*\)?[-−–]?{_SPACE}*$"
)
_NEGATIVE = r"^[^\d]*[-−–(]|[-−–]\s*$"
_EXPONENT = r"\d[eE][-+]?\d+\s*$"
#: Signs of other scripts, and what they are in ours; what stands beyond the second text is left out.
_FOREIGN = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९০১২৩৪৫৬৭৮৯๐๑๒๓๔๕๖๗๘๙０１２３４５６７８９．，٫٬％٪－"
_COMMON = "0123456789" * 6 + ".,.,%%-"
_THOUSANDS: Final = {"k": 1_000, "m": 1_000_000}
_SUFFIXED: Final = re.compile(r"\d\s*([kKmM])(?:illion|io)?\b", re.UNICODE)
_MOST_SHAPES: Final = 20_000
_N_DECIMALS_OF_THOUSANDS: Final = 3


@dataclass(frozen=True)
class AmountColumn:
    """How a column writes its numbers; `is_ambiguous` when 1.234 can be read in two ways in every cell.

    `n_filled` leaves out the `n_nothing` words for nothing. `has_thousands` when every number has a k or M behind it.
    """

    n_matching: int
    n_filled: int
    decimal_sign: str
    is_plain: bool
    is_ambiguous: bool = False
    currencies: tuple[str, ...] = ()
    is_percent: bool = False
    is_mixed: bool = False
    is_foreign: bool = False
    has_thousands: bool = False
    example: str = ""
    unreadable_examples: tuple[str, ...] = field(default=())
    n_nothing: int = 0
    nothing_example: str = ""

    def notes(self, header: str, *, is_money: bool = False) -> list[Note]:
        """Say how the numbers were read, and what could not be."""
        said: list[Note] = []
        if self.is_ambiguous:
            text = _("“{example}” in “{column}” can be one thousand or a fraction; without an answer it is unknown.")
            said.append(Note("NUMBER_AMBIGUOUS", text.format(example=self.example, column=header)))
        elif not self.is_plain:
            sign = _("comma") if self.decimal_sign == "," else _("point")
            text = _("Numbers in “{column}” are written like “{example}”; the {sign} is the decimal sign.")
            said.append(Note("NUMBER_FORMAT", text.format(column=header, example=self.example, sign=sign)))
        if self.decimal_sign == "," and not self.is_ambiguous:
            said.append(Note("DECIMAL_COMMA", _("Numbers in “{column}” have a decimal comma.").format(column=header)))
        if is_money and len(self.currencies) > 1:
            text = _(
                "“{column}” mixes currencies ({currencies}); they were added up as they stand. Convert them first."
            )
            said.append(Note("CURRENCY_MIXED", text.format(column=header, currencies=listed(self.currencies))))
        if self.n_nothing:
            text = _("Cells of “{column}” that say that there is nothing (as “{example}”), taken as empty: {n}.")
            nothing = text.format(column=header, example=self.nothing_example, n=number(self.n_nothing))
            said.append(Note("NULLS", nothing))
        if n_unreadable := self.n_filled - self.n_matching:
            found = listed([f"“{cell[:40]}”" for cell in self.unreadable_examples])
            text = _("Cells of “{column}” that are no number (as {found}) and count as unknown: {n}.")
            said.append(Note("NUMBER_UNREADABLE", text.format(column=header, found=found, n=number(n_unreadable))))
        return said


def _proof(decimal: str, grouping: str) -> str:
    """Write the pattern of a number that can only be read with this decimal sign."""
    return (
        rf"{decimal}\d{{1,2}}$|{decimal}\d{{4,}}$|^0?{decimal}\d+$|{grouping}\d+{decimal}\d*$"
        rf"|{grouping}\d{{3}}{grouping}|{grouping}\d{{2}}{grouping}\d{{3}}|^\d{{4,}}{decimal}"
    )


def _well_formed(decimal: str, grouping: str) -> str:
    return rf"^(?:\d{{1,3}}(?:{grouping}\d{{2,3}})*{grouping}\d{{3}}|\d*)(?:{decimal}\d*)?$"


_PROOFS: Final = {".": _proof(r"\.", ","), ",": _proof(",", r"\.")}
_WELL_FORMED: Final = {".": _well_formed(r"\.", ","), ",": _well_formed(",", r"\.")}
_COMPILED_PROOFS: Final = {sign: re.compile(pattern) for sign, pattern in _PROOFS.items()}
_COMPILED_FORMS: Final = {sign: re.compile(pattern) for sign, pattern in _WELL_FORMED.items()}
_COMPILED_WRITTEN: Final = re.compile(WRITTEN)
_COMPILED_MONEY: Final = re.compile(_MONEY)


def _is_plain_sql(cell: str) -> str:
    """Write the SQL that tells a number the engine reads as people mean it: it also reads inf, nan and 1_000."""
    return f"(isfinite(TRY_CAST({cell} AS DOUBLE)) AND NOT contains({cell}, '_'))"


def amount_column(draft: Draft, table: str, column: str) -> AmountColumn:
    """Find how a column writes its numbers, over all its rows."""
    cell = quoted(column)
    point = f"instr({cell}, '.')"
    [(n_filled, n_plain, has_points, is_proven)] = draft.rows(
        f"""SELECT count(*), count(*) FILTER (is_plain), coalesce(bool_or(n_behind IS NOT NULL), false),
            coalesce(bool_or(n_behind <> {_N_DECIMALS_OF_THOUSANDS} OR is_small), false)
        FROM (SELECT {_is_plain_sql(cell)} AS is_plain,
            CASE WHEN is_plain AND {point} > 0 THEN length({cell}) - {point} END AS n_behind,
            CASE WHEN is_plain AND {point} > 0 THEN ltrim({cell}, ' -+') < '1' END AS is_small
            FROM {quoted(table)} WHERE {cell} <> '')"""
    )
    if n_plain == n_filled and (not has_points or is_proven):
        return AmountColumn(n_filled, n_filled, ".", is_plain=True)
    shapes = draft.rows(
        f"""SELECT count(*) AS n_cells, min({cell}) FROM {quoted(table)} WHERE {cell} <> ''
        GROUP BY {shape_sql(cell)} ORDER BY n_cells DESC, 2 LIMIT {_MOST_SHAPES}"""
    )
    return _from_shapes(shapes, n_filled, is_small=is_proven)


def _from_shapes(shapes: Sequence[tuple[int, str]], n_filled: int, *, is_small: bool) -> AmountColumn:
    """Decide from a cell of each shape, and the number of cells that have it."""
    written = [(n_cells, cell) for n_cells, cell in shapes if _is_written(cell)]
    has_thousands = bool(written) and all(_SUFFIXED.search(cell) for _n, cell in written)
    if not has_thousands:
        written = [each for each in written if not _SUFFIXED.search(each[1])]
    nothings = [(n_cells, cell.strip()) for n_cells, cell in shapes if cell.strip() and tidy(cell) is None]
    n_nothing = sum(n_cells for n_cells, cell in shapes if tidy(cell) is None)
    cores = [(n_cells, _core(cell)) for n_cells, cell in written if not re.search(_EXPONENT, cell.strip())]
    n_point, n_comma = (
        sum(n_cells for n_cells, core in cores if _COMPILED_PROOFS[sign].search(core)) for sign in (".", ",")
    )
    has_points, has_commas = (any(sign in core for _n, core in cores) for sign in (".", ","))
    # A whole number of four digits without a sign shows that signs do not group thousands here.
    has_long = any(re.match(r"[1-9]\d{3,}$", core) for _n, core in cores)
    is_proven = bool(n_point or n_comma or (is_small and has_points) or ((has_points != has_commas) and has_long))
    sign = "," if n_comma > n_point or (has_commas and not has_points and not n_point and has_long) else "."
    fitting = [(n_cells, cell) for n_cells, cell in written if _fits(cell, sign) or not is_proven]
    n_matching = sum(n_cells for n_cells, _cell in fitting)
    odd = [cell for _n, cell in fitting if not _plain_number(cell)]
    unreadable = [cell for each in shapes if (cell := each[1]) and each not in fitting and tidy(cell) is not None]
    found = {match.group() for _n, cell in written if (match := _COMPILED_MONEY.search(cell))}
    return AmountColumn(
        n_matching,
        n_filled - n_nothing,
        sign,
        is_plain=not odd and sign == ".",
        is_ambiguous=not is_proven and (has_points or has_commas),
        currencies=tuple(sorted({_CURRENCY_SIGNS.get(each, each.upper()) for each in found})),
        is_percent=bool(written) and all(cell.rstrip()[-1:] in "%％٪" for _n, cell in written),
        is_foreign=any(_in_ascii(cell) != cell for _n, cell in written),
        has_thousands=has_thousands,
        is_mixed=bool(n_point and n_comma),
        example=(odd or [cell for _n, cell in fitting] or [""])[0].strip(),
        unreadable_examples=tuple(unreadable[:1]),
        n_nothing=sum(n_cells for n_cells, _cell in nothings),
        nothing_example=nothings[0][1] if nothings else "",
    )


def _in_ascii(cell: str) -> str:
    return cell.translate(str.maketrans(_FOREIGN, _COMMON))


def _is_written(cell: str) -> bool:
    return _COMPILED_WRITTEN.match(cell) is not None or _plain_number(cell)


def _plain_number(cell: str) -> bool:
    return re.match(r"^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$", cell, re.ASCII) is not None


def _core(cell: str) -> str:
    return re.sub(r"[^0-9.,]", "", _without_money(_in_ascii(cell)))


def _without_money(cell: str) -> str:
    # The point of “Rs.” or “Kč.” is none of the number's.
    return re.sub(_MONEY_AND_POINT, "", cell)


def _fits(cell: str, sign: str) -> bool:
    if re.search(_EXPONENT, cell.strip()):
        return sign == "."
    return _COMPILED_FORMS[sign].match(_core(cell)) is not None


# --- Reading -----------------------------------------------------------------------------------------------------


def _matches(cell: str, pattern: str) -> str:
    return f"regexp_matches({cell}, {literal(pattern)})"


def amount_sql(column: str, amounts: AmountColumn, decimal_sign: str | None = None) -> str:
    """Write the SQL that reads a cell as a number; missing when it is none, or nothing tells its sign."""
    given = quoted(column)
    plain = f"TRY_CAST({given} AS DOUBLE)"
    if amounts.is_plain and not amounts.is_ambiguous:
        if amounts.n_matching == amounts.n_filled:
            # Words for nothing are all that is left, and some of them (nan) are numbers to the engine.
            return f"CASE WHEN {given} <> '' AND isfinite({plain}) THEN {plain} END"
        return f"CASE WHEN {_is_plain_sql(given)} THEN {plain} END"
    if amounts.is_ambiguous and decimal_sign is None:
        return "CAST(NULL AS DOUBLE)"
    sign = decimal_sign if amounts.is_ambiguous and decimal_sign else amounts.decimal_sign
    cell = f"translate({given}, {literal(_FOREIGN)}, {literal(_COMMON)})" if amounts.is_foreign else given
    grouping = "," if sign == "." else "."
    bare = f"regexp_replace({cell}, {literal(_MONEY_AND_POINT)}, '')" if amounts.currencies else cell
    core = f"regexp_replace({bare}, '[^0-9.,]', '', 'g')"
    size = f"TRY_CAST(replace(replace({core}, {literal(grouping)}, ''), ',', '.') AS DOUBLE)"
    if amounts.has_thousands:
        kind = f"lower(regexp_extract({cell}, '[0-9]\\s*([kKmM])', 1))"
        size = f"{size} * CASE {kind} " + " ".join(f"WHEN '{k}' THEN {n}" for k, n in _THOUSANDS.items()) + " END"
        forbidden = "false"
    else:
        forbidden = _matches(cell, r"[0-9]\s*[kKmM](?:illion|io)?\b")
    signed = f"{size} * CASE WHEN {_matches(cell, _NEGATIVE)} THEN -1 ELSE 1 END"
    is_written = (
        f"{_matches(given, WRITTEN)} AND {_matches(core, _WELL_FORMED[sign])} AND NOT {forbidden} "
        f"AND NOT {_matches(cell, _EXPONENT)}"
    )
    if sign == ".":
        return f"CASE WHEN {_is_plain_sql(given)} THEN {plain} WHEN {is_written} THEN {signed} END"
    # With a decimal comma, the engine would misread the point of thousands.
    is_simple = f"NOT contains({given}, '.') AND NOT contains({given}, '_')"
    simple = f"TRY_CAST(replace({given}, ',', '.') AS DOUBLE)"
    return f"CASE WHEN {is_simple} AND isfinite({simple}) THEN {simple} WHEN {is_written} THEN {signed} END"
