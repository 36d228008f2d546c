"""Overview: how we are doing, and what to look at first."""

from __future__ import annotations

import streamlit as st

from journey.charts.figures import figure_cards
from journey.charts.overview import journey_strip_chart
from journey.language import _
from journey.ui import answers, details, findings, openings, shell, tables
from journey.ui.tables import Column

with shell.page("overview") as view:
    figures, strip = answers.figures(view), answers.journey_strip(view)
    openings.overview(view, figures, strip)
    st.html(figure_cards(figures, currency=view.currency, goal=view.goal))
    st.subheader(_("The journey"), anchor=False)
    st.html(journey_strip_chart(strip))
    details.stage_source(view)
    st.subheader(_("Look here first"), anchor=False)
    findings.draw(view)
    with st.expander(_("The journey in figures")):
        tables.show(
            strip,
            {
                "stage": Column(_("Stage")),
                "customers": Column(_("Customers"), "number"),
                "share_of_all": Column(_("Of all customers"), "share"),
                "share_leaving": Column(_("Leave after it"), "share"),
                "still_open": Column(_("Still on their way"), "number"),
                "emotion": Column(_("Feeling, −2 … +2"), "feeling"),
                "low": Column(_("from"), "feeling"),
                "high": Column(_("to"), "feeling"),
                "n_scored": Column(_("Answers"), "number"),
            },
            name=_("The journey in figures"),
        )
    shell.counted(
        _(
            "The figures are of the customers and the period that the filters leave. A change compares the last "
            "two full quarters of the period (halves when it is shorter), with its 95 % interval; where the later"
            " quarter had less time to follow, no change is told. The findings come from looking at many cuts of "
            "the data; those that chance would produce are held back (false discovery rate 5 %), and groups under"
            " 30 customers are left out. They show where to look; they don't prove a cause."
        )
    )
