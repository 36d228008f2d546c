"""The findings of the Overview: what is at stake, what it is, and the way to its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from journey.charts.findings import finding_list
from journey.language import _, ngettext
from journey.ui import answers, evidence
from journey.ui.shell import View

_SHOWN = 5
_SHOWN_ON_REQUEST = 20


def draw(view: View) -> None:
    """List the findings, the costliest first."""
    found = answers.found(view)
    if found.empty:
        st.info(_("No difference here is more than chance would make. Widen the period or the filters."))
        return
    if found["cost_unit"].eq("money").any():
        told = _(
            "The sums tell what is at stake: what the customers concerned would have paid had they gone on like the "
            "others; with a plus, what they paid more. Below, their 95 % interval."
        )
        st.caption(told)
    _list(view, found.head(_SHOWN))
    rest = found.iloc[_SHOWN:_SHOWN_ON_REQUEST]
    if not rest.empty:
        with st.expander(ngettext("{n} more finding", "{n} more findings", len(rest))):
            _list(view, rest)


def _list(view: View, found: pd.DataFrame) -> None:
    ids = iter([evidence.finding_id(row) for row in found.to_dict("records")])

    def address(page: str, settings: Mapping[str, Any]) -> str:
        return evidence.address_of(page, settings, finding=next(ids))

    st.html(finding_list(found, currency=view.currency, n_shown=len(found), address=address))
