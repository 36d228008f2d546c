"""Flows: how they really travel."""

from __future__ import annotations

import streamlit as st

from journey.charts.flows import flow_alt, flow_chart, selection_of
from journey.language import _, percent
from journey.ui import answers, details, openings, settings, shell, tables
from journey.ui.tables import Column

with shell.page("flows") as view:
    place = st.container()
    details.finding(view)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = settings.choose_one(
            "by",
            _("Nodes are"),
            {"stage": _("stages"), "touchpoint": _("touchpoints"), "channel": _("channels"), "device": _("devices")},
            "touchpoint",
            inline=True,
        )
    known = answers.values(view, by)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        start = settings.choose_value("start", _("Begin at"), known, none=_("the first interaction"))
        end = settings.choose_value("end", _("End at"), known, none=_("the last interaction"))
        n_steps = settings.choose_number("columns", _("Steps"), 2, 12, 5)
        top_n = settings.choose_number("top", _("Names per step"), 3, 15, 6)
    links = answers.flow(view, by=by, n_steps=n_steps, top_n=top_n, start=start, end=end)
    returns = answers.returns(view)
    with place:
        openings.flows(view, links, returns, is_whole=start is None and end is None)

    stages = view.dataset.stages if by == "stage" else ()
    option = flow_chart(links, order=stages, theme=shell.theme())
    with st.container(key="wide-picture"):
        clicked = st.echarts_chart(
            option,
            key=f"flow {by} {n_steps} {top_n}",
            on_select="rerun",
            height=520,
            alt=flow_alt(links, order=stages),
        )
    st.caption(
        _("Steps between two named nodes: {share} of all drawn. Click a node or a link, or choose one below.").format(
            share=percent(answers.flow_coverage(links))
        )
    )
    details.flow_details(
        view, links, selection_of(clicked, option), by=by, n_steps=n_steps, top_n=top_n, start=start, end=end
    )

    st.subheader(_("Back to an earlier stage"), anchor=False)
    if returns.empty:
        st.caption(_("Nobody was seen going back to an earlier stage."))
    else:
        tables.show(
            returns,
            {
                "source": Column(_("From")),
                "target": Column(_("Back to")),
                "customers": Column(_("Customers"), "number"),
                "share_of_customers_at_source": Column(_("Share of customers seen in the stage"), "share"),
                "median_seconds": Column(_("Median time between"), "duration"),
            },
            name=_("Returns"),
        )
    st.subheader(_("The most travelled paths"), anchor=False)
    tables.show(
        answers.paths(view, by=by),
        {
            "path": Column(_("Path")),
            "journeys": Column(_("Journeys"), "number"),
            "customers": Column(_("Customers"), "number"),
            "share_of_journeys": Column(_("Share of journeys"), "share"),
            "cumulative_share_of_journeys": Column(_("Share so far"), "share"),
            "share_reaching_goal": Column(_("Share reaching the goal"), "share"),
            "median_seconds": Column(_("Median length"), "duration"),
        },
        name=_("Paths"),
        height=320,
    )
    shell.counted(
        _(
            "A journey is one customer's interactions between two silences of 30 days; its first interaction "
            "stands in the first column. A link is as wide as the journeys that went from one to the next, and a "
            "label counts journeys, too; one customer may have several, so what you click tells both. Per step the "
            "names with most customers are drawn, the rest together as *other*. A journey that ended goes to "
            "*left*. One that may still go on, because it ends less than 30 days before the end of the data or goes "
            "on after the period, goes to *still on their way* and is counted as neither. Returns and paths below "
            "are of all journeys, wherever the drawing begins and ends."
        )
    )
