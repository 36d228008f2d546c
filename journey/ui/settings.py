"""The controls of a page. Each one's value lives in the address under its name, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from journey.language import _, ngettext
from journey.ui import filters, state
from journey.ui.text import plain

#: A funnel is a way from one step to another.
FEWEST_STEPS = 2
#: The longest window that an address may ask for, ten years.
MOST_DAYS = 3_652


def choose_one(
    name: str, label: str, options: Mapping[str, str], default: str, *, inline: bool = False, hint: str | None = None
) -> str:
    """Let a person choose one of `options` (id in the address → label); `default` is not written."""
    asked = filters.read(name)
    current = next((each for each in asked if each in options), default)
    if asked and asked[0] not in options:
        st.caption(
            _("This address asks for a “{label}” that is not here; the usual one is shown.").format(label=plain(label))
        )
    key = _seeded(name, current)

    def keep() -> None:
        value = state.chosen(key)
        filters.write(name, [] if value in (None, default) else [value])

    ids = list(options)
    if inline:
        st.segmented_control(
            label, ids, format_func=lambda each: plain(options[each]), key=key, on_change=keep, required=True, help=hint
        )
    else:
        st.selectbox(label, ids, format_func=lambda each: options[each], key=key, on_change=keep, help=hint)
    return current


def choose_value(
    name: str,
    label: str,
    values: Sequence[str],
    default: str | None = None,
    *,
    none: str | None = None,
    words: Mapping[str, str] | None = None,
) -> str | None:
    """Let a person choose one value from the data, by its id; `none` is the label of choosing nothing.

    `words` tells how a value is shown where it is not shown as it is.
    """
    options = ({"": none} if none is not None else {}) | {filters.value_id(value): value for value in values}
    fallback = filters.value_id(default) if default is not None else ("" if none is not None else next(iter(options)))
    shown = {key: (words or {}).get(text or "", text or "") for key, text in options.items()}
    chosen = choose_one(name, label, shown, fallback)
    return None if chosen == "" else options[chosen]


def choose_values(name: str, label: str, values: Sequence[str], default: Sequence[str] = ()) -> list[str]:
    """Let a person choose some values from the data, in their own order, by their ids."""
    by_id = {filters.value_id(value): value for value in values}
    wanted = [each for each in filters.read(name) if each in by_id]
    current = wanted or [filters.value_id(value) for value in default]
    key = _seeded(name, current)

    def keep() -> None:
        value = state.chosen(key)
        filters.write(name, [] if list(value) == [filters.value_id(each) for each in default] else value)

    st.multiselect(label, list(by_id), format_func=lambda each: by_id[each], key=key, on_change=keep)
    return [by_id[each] for each in current]


def choose_number(name: str, label: str, low: int, high: int, default: int) -> int:
    """Let a person choose a whole number between two bounds."""
    current = next((int(each) for each in filters.read(name) if each.isdecimal() and low <= int(each) <= high), default)
    key = _seeded(name, current)

    def keep() -> None:
        value = state.chosen(key)
        filters.write(name, [] if value == default else [str(value)])

    st.slider(label, low, high, key=key, on_change=keep)
    return current


def windows(usual: Sequence[int]) -> dict[str, str]:
    """Offer windows in days, and the one the address asks for."""
    asked = [int(each) for each in filters.read("window") if each.isdecimal() and 0 < int(each) <= MOST_DAYS]
    days = sorted({*usual, *asked})
    return {"": _("no limit"), **{str(each): ngettext("{n} day", "{n} days", each) for each in days}}


def _seeded(name: str, current: Any) -> str:
    key = f"setting {name}"
    state.seed(key, current)
    return key
