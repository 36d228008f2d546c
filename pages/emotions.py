"""Emotions: how it feels, and where it turns."""

from __future__ import annotations

import streamlit as st

from journey.charts.emotions import emotion_alt, emotion_chart
from journey.language import _
from journey.ui import answers, details, openings, settings, shell, tables
from journey.ui.tables import Column

with shell.page("emotions") as view:
    place = st.container()
    details.finding(view)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = settings.choose_one(
            "by",
            _("Along"),
            {"stage": _("stages"), "touchpoint": _("touchpoints"), "channel": _("channels")},
            "stage",
            inline=True,
        )
        breakdown = settings.choose_one(
            "breakdown", _("Compare by"), {"": _("(nothing)"), **answers.breakdowns(view)}, ""
        )
    whole = answers.emotion(view, by=by)
    curve = answers.emotion(view, by=by, breakdown=breakdown) if breakdown else whole
    with place:
        openings.emotions(view, whole, by)
    if not whole["n_scored"].sum():
        st.info(_("Add a column with a score (NPS, CSAT, stars) or a feeling to the file to see how it feels."))
        st.stop()
    with st.container(key="wide-picture"):
        st.plotly_chart(
            emotion_chart(curve, by=by, breakdown="value" if breakdown else None, theme=shell.theme()),
            theme=None,
            alt=emotion_alt(curve, by=by, breakdown="value" if breakdown else None),
            config=shell.CHART,
        )
    details.moments(view)
    tables.show(
        curve,
        {
            "value": Column(_("Group")),
            by: Column({"stage": _("Stage"), "touchpoint": _("Touchpoint"), "channel": _("Channel")}[by]),
            "emotion": Column(_("Feeling, −2 … +2"), "feeling"),
            "low": Column(_("from"), "feeling", _("Lower end of the 95 % interval")),
            "high": Column(_("to"), "feeling", _("Upper end of the 95 % interval")),
            "n_scored": Column(_("Answers"), "number"),
            "customers_scored": Column(_("Customers who answered"), "number"),
            "interactions": Column(_("Interactions"), "number"),
            "customers": Column(_("Customers"), "number"),
        },
        name=_("Feeling"),
    )
    details.score_source(view)
    shell.counted(
        _(
            "Each answer on a scale (NPS, CSAT, stars) is laid on −2 … +2; an NPS answer by its own bands, so "
            "that 0–6 lies below zero. The feeling is the plain mean of the answers; its 95 % interval takes into"
            " account that several answers may come from one customer. Where nobody answered the curve is open: "
            "unknown is not neutral. Places where fewer than 30 customers answered are drawn pale. *Peak* is the place "
            "furthest from zero, *end* the last one; people remember these two best."
        )
    )
