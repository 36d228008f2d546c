"""Funnels: how many reach each stage, where they leave, where they go instead."""

from __future__ import annotations

import streamlit as st

from journey.charts.funnels import funnel_alt, funnel_chart
from journey.language import _
from journey.ui import answers, details, openings, settings, shell, tables
from journey.ui.tables import Column

WINDOWS = (7, 30, 90, 180)

with shell.page("funnels") as view:
    place = st.container()
    details.finding(view)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = settings.choose_one(
            "by", _("Steps are"), {"stage": _("stages"), "touchpoint": _("touchpoints")}, "stage", inline=True
        )
        order = settings.choose_one(
            "order",
            _("Order"),
            {"ordered": _("in order"), "strict": _("nothing between"), "any": _("any order")},
            "ordered",
            inline=True,
            hint=_(
                "In order: other interactions may lie between two steps. Any order: all of the steps so far, in "
                "whatever order."
            ),
        )
        entry = settings.choose_one(
            "entry",
            _("Entry"),
            {"closed": _("at the first step"), "open": _("at any step")},
            "closed",
            inline=True,
        )
        window = settings.choose_one("window", _("Within"), settings.windows(WINDOWS), "", inline=True)
    steps = settings.choose_values("steps", _("Steps"), answers.values(view, by), answers.usual_steps(view, by))
    breakdown = settings.choose_one("breakdown", _("Compare by"), {"": _("(nothing)"), **answers.breakdowns(view)}, "")
    if len(steps) < settings.FEWEST_STEPS:
        with place:
            shell.headline(_("A funnel needs at least two steps."), shell.base_of(view))
        st.info(_("Choose two or more steps above, as stages or as touchpoints."))
        st.stop()
    question = {
        "steps": steps,
        "by": by,
        "order": order,
        "entry": entry,
        "window": f"{window} days" if window else None,
    }
    table = answers.funnel(view, **question)
    with place:
        openings.funnel(view, table)
    st.plotly_chart(funnel_chart(table, theme=shell.theme()), theme=None, alt=funnel_alt(table), config=shell.CHART)
    details.stage_source(view)
    columns = {
        "value": Column(_("Group")),
        "step": Column(_("Step")),
        "customers": Column(_("Customers"), "number"),
        "share_of_all": Column(_("Of all customers"), "share"),
        "share_of_first": Column(_("Of the first step"), "share"),
        "share_of_previous": Column(_("Of the step before"), "share"),
        "low": Column(_("from"), "share", _("Lower end of the 95 % interval of the share of the step before")),
        "high": Column(_("to"), "share", _("Upper end of that interval")),
        "lost": Column(_("Lost"), "number", _("Reached the step before, not this one, and are no longer on their way")),
        "still_open": Column(_("Still on their way"), "number"),
        "median_seconds": Column(_("Median time"), "duration", _("From the step before")),
    }
    if breakdown:
        parts = answers.funnel(view, **question, breakdown=breakdown)
        st.plotly_chart(
            funnel_chart(parts, theme=shell.theme(), breakdown="value"),
            theme=None,
            alt=funnel_alt(parts, breakdown="value"),
            config=shell.CHART,
        )
        tables.show(parts, columns, name=_("Funnel by group"))
    else:
        tables.show(table, columns, name=_("Funnel"))
    st.subheader(_("Where the lost went next"), anchor=False)
    lost = answers.lost(view, **question)
    if lost.empty:
        st.caption(_("Nobody was lost on the way."))
    else:
        tables.show(
            lost,
            {
                "step": Column(_("After reaching")),
                "next": Column(_("Their next interaction")),
                "customers": Column(_("Customers"), "number"),
                "share_of_lost": Column(_("Share of those lost there"), "share"),
            },
            name=_("Where the lost went"),
        )
    shell.counted(
        _(
            "Counted are customers, across their journeys. Each step has to come later than the one before; the "
            "first one counts from the first time it is met in the period. *Of all* is a share of the customers "
            "the filters leave, *of the first step* of those who reached it, *of the step before* of those who "
            "reached that one, with its 95 % Wilson interval. *Within* is counted from the first step. Customers "
            "whose time is not up at the end of the data, or whose last journey may still go on, are *still on "
            "their way*: neither lost nor converted."
        )
    )
