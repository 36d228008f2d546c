"""Personas: who our customers are."""

from __future__ import annotations

import streamlit as st

from journey.charts.persona_cards import persona_cards
from journey.charts.personas import contrast_alt, contrast_chart, persona_map_alt, persona_map_chart
from journey.language import _, number, percent
from journey.ui import answers, filters, navigation, openings, settings, shell, tables
from journey.ui.tables import Column
from journey.ui.text import plain

with shell.page("personas") as view:
    place = st.container()
    found = answers.personas(view)
    if found is None:
        with place:
            shell.headline(_("Too few customers to tell kinds apart."), shell.base_of(view))
        st.info(_("Personas need at least 30 customers each who act differently. All other pages work without them."))
        st.stop()
    choice = {"": _("as many as the data show"), **{str(n): str(n) for n in range(2, 9)}}
    settings.choose_one(filters.N_PERSONAS, _("How many personas"), choice, "", inline=True)
    with place:
        openings.personas(view, found.profiles)
    st.html(persona_cards(found.profiles, currency=view.currency, goal=view.goal, fitted=found.fitted_outcomes))
    st.caption(
        plain(
            _("Found again in resamples of the customers: agreement {agreement} (1 always, 0 by chance).").format(
                agreement=number(found.stability.agreement, 2)
            )
        )
    )
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader(_("What sets them apart"), anchor=False)
        persona = settings.choose_value("look", _("Persona"), found.names) or found.names[0]
        st.plotly_chart(
            contrast_chart(found.contrasts, persona, theme=shell.theme()),
            theme=None,
            alt=contrast_alt(found.contrasts, persona),
            config=shell.CHART,
        )
        navigation.link("customer", _("Follow one of them"), {filters.PERSONA: [filters.value_id(persona)]})
    with right:
        st.subheader(_("How near they are to each other"), anchor=False)
        st.plotly_chart(
            persona_map_chart(found.map, found.names, theme=shell.theme()),
            theme=None,
            alt=persona_map_alt(found.profiles),
            config=shell.CHART,
        )
        st.caption(
            _(
                "Each dot is a customer; near ones act alike. The two directions hold {share} of all differences."
            ).format(share=percent(found.map_share_of_variance))
        )
    tables.show(
        found.profiles,
        {
            "persona": Column(_("Persona")),
            "customers": Column(_("Customers"), "number"),
            "share_of_customers": Column(_("Share of customers"), "share"),
            "share_reaching_goal": Column(_("Reach the goal"), "share"),
            "goal_low": Column(_("from"), "share", _("Lower end of the 95 % interval")),
            "goal_high": Column(_("to"), "share", _("Upper end of the 95 % interval")),
            "median_days_to_goal": Column(_("Median days to it"), "number"),
            "revenue_per_customer": Column(_("Revenue per customer"), "money"),
            "emotion": Column(_("Feeling, −2 … +2"), "feeling"),
            "n_scored": Column(_("Answers"), "number"),
        },
        name=_("Personas"),
    )
    tables.show(
        found.choice,
        {
            "n_personas": Column(_("Number of personas"), "number"),
            "silhouette": Column(
                _("Silhouette"),
                "feeling",
                _("How much nearer customers lie to their own group than to the next: 1 far apart, 0 mixed"),
            ),
            "stability": Column(
                _("Found again"), "feeling", _("Mean adjusted Rand index over resamples: 1 always, 0 by chance")
            ),
        },
        name=_("How many personas"),
    )
    shell.counted(
        _(
            "Customers are compared by how recent, frequent and brisk their visits are, what they spent, which "
            "channels, devices and stages they met, how often they went back, and by what is known about them. "
            "Long tails are tamed with logarithms. *k*-means groups them, fitted on at most 50,000 customers of "
            "the whole dataset, whatever the filters; the number of groups is the best separated one among those "
            "found again in resamples. What made the groups can't also test them: what sets them apart is "
            "described, not tested. A persona's figures follow the filters."
        )
    )
