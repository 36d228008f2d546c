"""The filters, the same beside every page: a period, personas, first channel, stage reached, attributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from journey.dataset import Dataset, Filters
from journey.language import _, ngettext, period, readable
from journey.ui import filters, state
from journey.ui.text import plain

_MOST_VALUES = 40
_ATTRIBUTES_SHOWN = 3


def draw(dataset: Dataset, name: str, persona_names: Sequence[str], chosen: Filters) -> None:
    """Draw the filters of `dataset` (unfiltered, called `name`) with what is chosen."""
    with st.sidebar:
        st.markdown(f"**{plain(name)}**")
        counted = ngettext("{n} interaction", "{n} interactions", dataset.summary.interactions)
        st.caption(plain(f"{counted} · {period(*dataset.days)}"))
        n_aside = int(dataset.report["rows_set_aside"])
        if n_aside:
            st.caption(
                ngettext(
                    "{n} row was set aside at import: see Start, More.",
                    "{n} rows were set aside at import: see Start, More.",
                    n_aside,
                )
            )
        _period(dataset)
        if persona_names:
            _values(_("Persona"), filters.PERSONA, persona_names)
        _values(_("First channel"), filters.CHANNEL, dataset.values_of("channel"))
        _values(_("Stage reached"), filters.STAGE, dataset.stages)
        attributes = [
            each for each in dataset.facts.attributes if 2 <= len(dataset.values_of(each.name)) <= _MOST_VALUES
        ]
        for attribute in attributes[:_ATTRIBUTES_SHOWN]:
            _attribute(dataset, attribute.name, attribute.label)
        if attributes[_ATTRIBUTES_SHOWN:]:
            with st.expander(_("More about the customer")):
                for attribute in attributes[_ATTRIBUTES_SHOWN:]:
                    _attribute(dataset, attribute.name, attribute.label)
        if chosen:
            st.button(_("Clear all filters"), key="clear filters", on_click=_clear, width="stretch")
        st.caption(_("The address of this page holds these filters: copy it to show someone the same picture."))


def _attribute(dataset: Dataset, name: str, label: str) -> None:
    _values(readable(label), filters.attribute_parameter(name), dataset.values_of(name))


def _values(label: str, parameter: str, values: Sequence[str]) -> None:
    if not values:
        return
    chosen = [filters.value_id(value) for value in values if filters.value_id(value) in filters.read(parameter)]
    by_id: Mapping[str, str] = {
        filters.value_id(value): value
        for place, value in enumerate(values)
        if place < _MOST_VALUES or filters.value_id(value) in chosen
    }
    key = f"filter {parameter}"
    state.seed(key, chosen)
    st.multiselect(
        plain(label),
        list(by_id),
        format_func=lambda each: by_id[each],
        key=key,
        placeholder=_("All"),
        on_change=lambda: filters.write(parameter, state.chosen(key)),
    )


def _period(dataset: Dataset) -> None:
    first, last = dataset.days
    chosen = [filters.day(filters.START) or first, filters.day(filters.END) or last]
    key = "filter period"
    state.seed(key, (max(first, min(chosen[0], last)), min(last, max(chosen[1], first))))

    def keep() -> None:
        value = state.chosen(key)
        if len(value) == 2:
            filters.write(filters.START, [] if value[0] == first else [value[0].isoformat()])
            filters.write(filters.END, [] if value[1] == last else [value[1].isoformat()])

    st.date_input(_("Period"), min_value=first, max_value=last, key=key, format="YYYY-MM-DD", on_change=keep)


def _clear() -> None:
    for name in filters.shared_parameters():
        if name not in (filters.DATASET, filters.VERSION):
            filters.write(name, [])
