"""Findings as a list, the costliest first, each with a way to its evidence."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from journey.charts.escaping import html_text
from journey.charts.html import Address, nowhere, stylesheet
from journey.language import _, interval, money, number, short


def finding_list(
    findings: pd.DataFrame,
    *,
    currency: str | None = None,
    n_shown: int = 10,
    address: Address = nowhere,
    is_rough: bool = False,
) -> str:
    """Draw findings as a list.

    Parameters
    ----------
    findings
        One row per finding, ranked, as `journey.findings`.
    currency
        Of costs in money.
    n_shown
        How many to show.
    address
        Tells where a finding is proved.
    is_rough
        Of the costs two digits are known.

    Returns
    -------
    str
        HTML that needs no script; a sentence when nothing was found.
    """
    if findings.empty:
        none = _("Nothing stands out: no difference is larger than chance and large enough to matter.")
        return f'{stylesheet("findings")}<p class="j">{html_text(none)}</p>'
    items = "".join(_item(row, currency, address, is_rough) for row in findings.head(n_shown).to_dict("records"))
    return f'{stylesheet("findings")}<div class="j j-findings"><ol>{items}</ol></div>'


def _item(row: dict[Any, Any], currency: str | None, address: Address, is_rough: bool) -> str:
    base = _("{n} customers at {where}").format(n=number(row["customers"]), where=row["where"])
    tone = " j-good" if row["difference"] > 0 else ""
    return (
        f'<li><div class="j-cost{tone}">{_cost(row, currency, is_rough)}</div>'
        f'<div><p>{html_text(row["finding"])}</p><p class="j-told">{html_text(base)}</p></div>'
        f"{_proof(row, address)}</li>"
    )


def _cost(row: dict[Any, Any], currency: str | None, is_rough: bool) -> str:
    if pd.isna(row["cost"]):
        return html_text(_unpriced(str(row["kind"])))
    if row["cost_unit"] == "money":
        said, low, high = (money(row[name], currency, is_rough=is_rough) for name in ("cost", "low", "high"))
    else:
        said, low, high = (short(row[name], is_rough=is_rough) for name in ("cost", "low", "high"))
        said = _("{n} customers").format(n=said)
    sign = "+" if row["difference"] > 0 else ""
    return f"{html_text(sign + said)}<span>{html_text(interval(low, high))}</span>"


def _unpriced(kind: str) -> str:
    """Say what a finding without a price is about; nothing where it could have had one."""
    if kind.startswith("feeling"):
        return _("a feeling")
    return _("a way back") if kind == "return" else ""


def _proof(row: dict[Any, Any], address: Address) -> str:
    settings = json.loads(row["evidence"])
    page = settings.pop("page")
    where = address(page, settings)
    if where is None:
        return "<span></span>"
    names = {"funnels": _("Funnel"), "flows": _("Flows"), "emotions": _("Emotions"), "personas": _("Personas")}
    label = names.get(page, _("Evidence"))
    return f'<a href="{html_text(where)}" target="_self">{html_text(label)} →</a>'
