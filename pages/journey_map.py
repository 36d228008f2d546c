"""Journey map: the whole journey on one page."""

from __future__ import annotations

import streamlit as st

from journey.charts.maps import map_grid
from journey.language import _
from journey.ui import answers, details, evidence, settings, shell

with shell.page("journey_map") as view:
    place = st.container()
    persona = settings.choose_value("map", _("Whose journey"), view.chosen_personas, none=_("all customers"))
    document = answers.journey_map(view, persona)
    with place:
        shell.headline(document.title, shell.base_of(view))
    st.html(map_grid(document.to_dict(), address=evidence.address_of))
    details.stage_source(view)
    st.caption(
        _("Every cell is drafted from the data; follow it to the page that proves it. Print it on A4 landscape.")
    )
    shell.counted(
        _(
            "Touchpoints are ranked by the share of the customers seen in the stage who met them; ◇ marks those "
            "that are not ours. Feelings are means on −2 … +2 with their number of answers. It hurts where more "
            "leave than at the other stages, and at the lowest moment; nothing is written where fewer than 30 "
            "customers or answers stand behind it."
        )
    )
