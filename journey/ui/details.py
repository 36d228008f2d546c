"""Who stands behind a place in a picture: from where, where next, how long, how they felt."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from journey.charts.flows import Selection
from journey.charts.theme import stage_label
from journey.language import _, duration, listed, ngettext, number, percent, signed
from journey.ui import answers, customers, evidence, filters, settings, state
from journey.ui.shell import View
from journey.ui.text import plain
from journey.vocabulary import MINIMUM_BASE


def moments(view: View) -> None:
    """Show the lowest and the highest touchpoint, each with what somebody wrote there."""
    found = answers.moments(view)
    if found.empty:
        st.caption(_("No touchpoint has at least {n} customers who answered.").format(n=MINIMUM_BASE))
        return
    for place, row in zip(st.columns(2, gap="large"), found.to_dict("records"), strict=False):
        with place.container(border=True):
            is_low = row["kind"] == "lowest"
            st.caption(_("Lowest moment") if is_low else _("Highest moment"))
            st.markdown(f"**{plain(stage_label(row['touchpoint']))}** {plain(signed(row['emotion']))}")
            st.caption(
                plain(
                    _("{low} … {high} · {n} answers of {customers} customers").format(
                        low=signed(row["low"]),
                        high=signed(row["high"]),
                        n=number(row["n_scored"]),
                        customers=number(row["customers_scored"]),
                    )
                )
            )
            for quote in answers.quotes(view, touchpoint=row["touchpoint"], low=is_low).to_dict("records"):
                st.text(f"“{quote['comment']}”")
                customers.link(view, quote["customer_key"])


def score_source(view: View) -> None:
    """Tell where the feelings come from."""
    st.caption(plain(view.dataset.report["emotion_words"]))


def finding(view: View) -> None:
    """Show the finding that a link led from, with both sides it compares."""
    wanted = next(iter(filters.read(evidence.FINDING)), None)
    if wanted is None:
        return
    for found in (answers.found(view), answers.found_in_all(view)):
        for row in found.to_dict("records"):
            if evidence.finding_id(row) == wanted:
                _finding(row)
                return
    st.caption(_("The finding that this address names is not among those of these filters."))


def _finding(row: Mapping[Any, Any]) -> None:
    show = signed if row["kind"].startswith("feeling") else percent
    told = _("{here} of {n} customers against {rest} of {n_rest}").format(
        here=show(row["here"]),
        n=number(row["customers"]),
        rest=show(row["rest"]),
        n_rest=number(row["rest_customers"]),
    )
    sure = _(
        "The finding looks at the furthest stage of each customer and gives everyone the same time; the picture below "
        "counts all who were there, so its shares may differ a little."
    )
    with st.container(border=True):
        st.markdown(f"**{plain(row['finding'])}**")
        st.caption(plain(told))
        st.caption(plain(sure))


def stage_source(view: View) -> None:
    """Tell where the stages come from, unless the data name them."""
    if view.dataset.facts.stage_source != "given":
        st.caption(plain(view.dataset.report["stage_words"]))


def flow_details(view: View, links: pd.DataFrame, clicked: Selection | None, **flow: Any) -> None:
    """Describe the node or link that was clicked, or the node chosen in the box."""
    if clicked and clicked != state.last_click():
        filters.write("at", [filters.value_id(f"{clicked[1]}·{clicked[2]}")])
        filters.write("to", [filters.value_id(str(clicked[3]))] if clicked[0] == "link" else [])
    state.remember_click(clicked)
    nodes = _nodes(links)
    words = {f"{position}·{name}": f"{number(position)} · {stage_label(name)}" for position, name in nodes}
    chosen = settings.choose_value(
        "at", _("Look closer at"), list(words), none=_("(click a node or link)"), words=words
    )
    if chosen is None:
        return
    position, name = nodes[list(words).index(chosen)]
    targets = links[(links["position"] == position) & (links["source"] == name)]["target"]
    goal = next((target for target in targets if filters.read("to") == [filters.value_id(target)]), None)
    if goal is not None:
        _link(answers.link_details(view, position=position, source=name, target=goal, **flow))
    else:
        _node(answers.node_details(view, position=position, name=name, **flow))


def _nodes(links: pd.DataFrame) -> list[tuple[int, str]]:
    sources = zip(links["position"], links["source"], strict=True)
    targets = zip(links["position"] + 1, links["target"], strict=True)
    return sorted({(int(position), str(name)) for position, name in (*sources, *targets)})


def _node(found: Any) -> None:
    with st.container(border=True):
        st.markdown(f"**{plain(stage_label(found.name))}** · {plain(_('step {n}').format(n=found.position))}")
        told = [
            _("{customers}, {share} of all in this flow").format(
                customers=ngettext("{n} customer", "{n} customers", found.customers),
                share=percent(found.share_of_customers),
            ),
            _("they came from {names}").format(names=_names(found.came_from)) if found.came_from else "",
            _("they go on to {names}").format(names=_names(found.goes_next)) if found.goes_next else "",
            _time(found.median_seconds),
            _feeling(found.feeling),
        ]
        st.markdown("  \n".join(plain(each) for each in told if each))


def _link(found: Any) -> None:
    with st.container(border=True):
        st.markdown(f"**{plain(stage_label(found.source))} → {plain(stage_label(found.target))}**")
        told = [
            _("{customers}, {share} of those at {source}").format(
                customers=ngettext("{n} customer", "{n} customers", found.customers),
                share=percent(found.share_of_source_customers),
                source=stage_label(found.source),
            ),
            _("a step back") if found.is_return else "",
            _time(found.median_seconds),
            _feeling(found.feeling),
        ]
        st.markdown("  \n".join(plain(each) for each in told if each))


def _names(neighbours: tuple[tuple[str, int], ...]) -> str:
    return listed([f"{stage_label(name)} ({number(customers)})" for name, customers in neighbours], at_most=4)


def _time(median_seconds: float) -> str:
    if math.isnan(median_seconds):
        return ""
    return _("half of them go on within {time}").format(time=duration(median_seconds))


def _feeling(found: Any) -> str:
    if not found.n_scored:
        return _("nobody said how it felt here")
    if found.customers_scored < MINIMUM_BASE:
        return _("too few customers said how it felt ({n})").format(n=number(found.customers_scored))
    return _("it felt {emotion} ({low} … {high}, {n} customers who answered)").format(
        emotion=signed(found.emotion), low=signed(found.low), high=signed(found.high), n=number(found.customers_scored)
    )
