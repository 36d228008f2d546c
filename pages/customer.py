"""Customer: what one of them went through."""

from __future__ import annotations

import streamlit as st

from journey.charts.customers import timeline_alt, timeline_chart
from journey.language import _
from journey.ui import answers, customers, shell

with shell.page("customer") as view:
    place = st.container()
    customer_key, choice = customers.choose(view)
    found = answers.customer(view, customer_key)
    with place:
        shell.headline(*customers.headline(view, found))
    way = customers.way(view, found)
    st.plotly_chart(
        timeline_chart(way, view.whole.stages, currency=view.currency, theme=shell.theme()),
        theme=None,
        alt=timeline_alt(way),
        config=shell.CHART,
    )
    st.caption(
        _(
            "Each dot is an interaction: its colour is the feeling, from red to green, open where none is known. A "
            "diamond brought or returned money."
        )
    )
    customers.profile(view, found)
    st.subheader(_("What happened"), anchor=False)
    customers.timeline(way)
    with st.expander(_("Customers to choose from")):
        customers.table(view, choice)
    shell.counted(
        _(
            "A customer is shown under a pseudonym made from the id with a key that stays in this workspace; the same "
            "person has the same one in all datasets here. The filters choose who is in the list; the customer chosen "
            "is shown whole, with everything that happened. Visits are parted by 30 minutes without an interaction, "
            "journeys by 30 days. Paid are interactions with revenue above zero; revenue is their sum less refunds. "
            "The last feeling is that of the last answer on a scale. In comments, e-mail addresses, phone and card "
            "numbers are masked."
        )
    )
