"""The findings of the Overview: what it costs, what it is, and the way to its evidence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from journey.charts.escaping import html_text
from journey.language import _, interval, money, ngettext, number
from journey.ui import answers, evidence, navigation
from journey.ui.shell import View
from journey.ui.text import plain

_SHOWN = 5
_SHOWN_ON_REQUEST = 20


def draw(view: View) -> None:
    """List the findings, the costliest first."""
    found = answers.found(view)
    if found.empty:
        st.info(
            _(
                "No difference in these data is more than chance would make. Widen the period or the filters to "
                "see more."
            )
        )
        return
    rows = found.to_dict("records")
    with st.container(key="findings"):
        for row in rows[:_SHOWN]:
            _row(view, row)
    if rows[_SHOWN:]:
        rest = min(len(rows), _SHOWN_ON_REQUEST) - _SHOWN
        with st.expander(ngettext("{n} more finding", "{n} more findings", rest)):
            for row in rows[_SHOWN:_SHOWN_ON_REQUEST]:
                _row(view, row)


def _row(view: View, row: Mapping[Any, Any]) -> None:
    proof = json.loads(row["evidence"])
    page = proof.pop("page")
    cost, what, proved = st.columns([2, 9, 1.4], vertical_alignment="center")
    with cost:
        st.html(_cost(view, row))
    with what:
        base = f"{ngettext('{n} customer', '{n} customers', int(row['customers']))} · {row['where']}"
        st.html(f'<p class="told">{html_text(row["finding"])}<small>{html_text(base)}</small></p>')
    with proved:
        navigation.link(page, plain(navigation.page_info(page).title) + " →", evidence.parameters(page, proof))


def _cost(view: View, row: Mapping[Any, Any]) -> str:
    if pd.isna(row["cost"]):
        return f'<p class="cost">{html_text(_("a feeling"))}</p>'
    if row["cost_unit"] == "money":
        told = money(row["cost"], view.currency)
        ends = interval(money(row["low"], view.currency), money(row["high"], view.currency))
    else:
        told = ngettext("{n} customer", "{n} customers", round(row["cost"]))
        ends = interval(number(row["low"]), number(row["high"]))
    return f'<p class="cost">{html_text(told)}<small>{html_text(ends)}</small></p>'
