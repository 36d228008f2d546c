"""Texts become numbers: which sign is the decimal one is decided once per column, over the whole file.

A sign followed by other than three digits, or behind the other sign, is the decimal one; a sign that comes twice in a
number is not. Where every cell reads like 1.234, both readings are possible, and it is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from journey.engine import Draft, literal, quoted

DECIMAL_SIGNS: Final = (".", ",")
#: Currency signs and the code each stands for; a sign shared by several currencies proves none.
_CURRENCY_SIGNS: Final = {
    "€": "EUR", "£": "GBP", "₽": "RUB", "₺": "TRY", "₹": "INR", "₩": "KRW", "zł": "PLN", "Kč": "CZK", "lei": "RON",
    "$": "$", "¥": "¥",
}  # fmt: skip
CURRENCIES: Final = (
    "AED", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "CZK", "DKK", "EGP", "EUR", "GBP", "HKD", "HUF", "IDR",
    "ILS", "INR", "JPY", "KES", "KRW", "MDL", "MXN", "MYR", "NGN", "NOK", "NZD", "PHP", "PLN", "RON", "RSD", "RUB",
    "SAR", "SEK", "SGD", "THB", "TRY", "UAH", "USD", "VND", "ZAR",
)  # fmt: skip
_MONEY = "|".join([*(sign.replace("$", r"\$") for sign in _CURRENCY_SIGNS), *CURRENCIES])
_GAP = "['’\u00a0\u202f ]"
_PLAIN = r"^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$"
_DIGITS = rf"(?:\d[\d.,]*(?:{_GAP}\d{{3}}[\d.,]*)*|[.,]\d+)"
#: A number with all that people write around it.
WRITTEN: Final = rf"^\s*[-+−(]*\s*(?:{_MONEY})?\s*[-+−(]*\s*{_DIGITS}\s*(?:{_MONEY}|%)?\s*\)?-?\s*$"
_NEGATIVE = r"^[^\d]*[-−(]|-\s*$"
_LONG = r"^[1-9]\d{3,}(?:[.,]|$)"


@dataclass(frozen=True)
class AmountColumn:
    """How a column writes its numbers; `is_ambiguous` when 1.234 can be read in two ways in every cell."""

    n_matching: int
    n_filled: int
    decimal_sign: str
    is_plain: bool
    is_ambiguous: bool = False
    currencies: tuple[str, ...] = ()


def _proof(decimal: str, grouping: str) -> str:
    """Write the pattern of a number that can only be read with this decimal sign."""
    return (
        rf"{decimal}\d{{1,2}}$|{decimal}\d{{4,}}$|^0?{decimal}\d+$|{grouping}\d+{decimal}\d*$"
        rf"|{grouping}\d{{3}}{grouping}"
    )


def _well_formed(decimal: str, grouping: str) -> str:
    return rf"^(?:\d{{1,3}}(?:{grouping}\d{{2,3}})+|\d*)(?:{decimal}\d*)?$"


_PROOFS: Final = {".": _proof(r"\.", ","), ",": _proof(",", r"\.")}
_WELL_FORMED: Final = {".": _well_formed(r"\.", ","), ",": _well_formed(",", r"\.")}


def amount_column(draft: Draft, table: str, column: str) -> AmountColumn:
    """Find how a column writes its numbers, over all its rows."""
    cell = quoted(column)
    [(n_filled, n_written, n_plain, n_dot, n_comma, has_dots, has_commas, has_long)] = draft.rows(
        f"""SELECT count(*), count(*) FILTER (is_plain OR is_written), count(*) FILTER (is_plain),
            count(*) FILTER ({_matches("core", _PROOFS["."])}), count(*) FILTER ({_matches("core", _PROOFS[","])}),
            coalesce(bool_or(contains(core, '.')), false), coalesce(bool_or(contains(core, ',')), false),
            coalesce(bool_or({_matches("core", _LONG)}), false)
        FROM (
            SELECT CASE WHEN is_plain OR is_written THEN {_core(cell)} END AS core, is_plain, is_written FROM (
                SELECT {cell}, {_matches(cell, _PLAIN)} AS is_plain,
                    NOT is_plain AND {_matches(cell, WRITTEN)} AS is_written
                FROM {quoted(table)} WHERE {cell} <> ''))"""
    )
    is_plain = n_plain == n_written
    # A whole number of four digits without a sign shows that dots do not group thousands here.
    is_proven = bool(n_dot or n_comma or (has_dots and not has_commas and has_long))
    return AmountColumn(
        n_written,
        n_filled,
        "," if n_comma > n_dot else ".",
        is_plain=is_plain,
        is_ambiguous=not is_proven and bool(has_dots or has_commas),
        currencies=() if is_plain else _currencies(draft, table, cell),
    )


def _core(cell: str) -> str:
    return f"regexp_replace({cell}, '[^0-9.,]', '', 'g')"


def _matches(cell: str, pattern: str) -> str:
    return f"regexp_matches({cell}, {literal(pattern)})"


def _currencies(draft: Draft, table: str, cell: str) -> tuple[str, ...]:
    found = draft.rows(
        f"SELECT DISTINCT regexp_extract({cell}, {literal(f'({_MONEY})')}, 1) "
        f"FROM {quoted(table)} WHERE {_matches(cell, WRITTEN)}"
    )
    return tuple(sorted({_CURRENCY_SIGNS.get(sign, sign) for (sign,) in found if sign}))


def amount_sql(column: str, amounts: AmountColumn, decimal_sign: str | None = None) -> str:
    """Write the SQL that reads a cell as a number; missing when it is none."""
    cell = quoted(column)
    plain = f"WHEN {_matches(cell, _PLAIN)} THEN TRY_CAST(trim({cell}) AS DOUBLE)"
    if amounts.is_plain and not amounts.is_ambiguous:
        is_even = amounts.n_matching == amounts.n_filled
        return f"TRY_CAST(nullif({cell}, '') AS DOUBLE)" if is_even else f"CASE {plain} END"
    sign = decimal_sign if amounts.is_ambiguous and decimal_sign else amounts.decimal_sign
    grouping = "," if sign == "." else "."
    bare = f"replace(replace({_core(cell)}, {literal(grouping)}, ''), ',', '.')"
    size = f"TRY_CAST({bare} AS DOUBLE) * CASE WHEN {_matches(cell, _NEGATIVE)} THEN -1 ELSE 1 END"
    is_written = f"{_matches(cell, WRITTEN)} AND {_matches(_core(cell), _WELL_FORMED[sign])}"
    return f"CASE {plain if sign == '.' else ''} WHEN {is_written} THEN {size} END"
