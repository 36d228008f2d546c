"""The address: which dataset, which customers, which days, and a page's settings. Only this module reads and writes it.

Values that come from the data (a channel, a country) stand in the address by ids made from them, never as text: a
label may hold anything, may be renamed, and may be nobody's business.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b

import streamlit as st

from journey.dataset import UNKNOWN_VALUE, Dataset, Filters
from journey.ui import state

DATASET, VERSION, START, END = "dataset", "version", "from", "to"
PERSONA, CHANNEL, STAGE, N_PERSONAS = "persona", "channel", "stage", "personas"
#: One customer, by pseudonym: an id never stands in an address.
CUSTOMER = "customer"
_ATTRIBUTE = "a."
_SHARED = (DATASET, VERSION, START, END, PERSONA, CHANNEL, STAGE, N_PERSONAS)


def value_id(value: str) -> str:
    """Make the id by which a value from the data stands in the address."""
    return blake2b(value.encode(), digest_size=5).hexdigest()


def attribute_parameter(name: str) -> str:
    return f"{_ATTRIBUTE}{name}"


def is_shared(parameter: str) -> bool:
    """Tell whether a parameter follows a person from page to page."""
    return parameter in _SHARED or parameter.startswith(_ATTRIBUTE)


def restore(page: str) -> None:
    """Put back what the session remembers when a page is entered by its bare name, as navigation does."""
    if DATASET not in st.query_params:
        remembered = state.remembered_address() | state.remembered_settings(page)
        if remembered:
            st.query_params.from_dict(remembered)


def remember(page: str) -> None:
    """Keep the present address for the next page, and the page's settings for coming back."""
    address = parameters()
    state.remember_address({name: values for name, values in address.items() if is_shared(name)})
    state.remember_settings(page, {name: values for name, values in address.items() if not is_shared(name)})


def parameters() -> dict[str, list[str]]:
    """Read the whole address."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def shared_parameters() -> dict[str, list[str]]:
    """Read what a link to another page has to carry."""
    return {name: values for name, values in parameters().items() if is_shared(name)}


def read(name: str) -> list[str]:
    return st.query_params.get_all(name)


def write(name: str, values: Iterable[str]) -> None:
    """Set a parameter; no values take it out of the address."""
    kept = [value for value in values if value]
    if kept:
        st.query_params[name] = kept
    elif name in st.query_params:
        del st.query_params[name]


def choose_dataset(dataset_id: str) -> None:
    """Look at another dataset, without the filters of the one before."""
    state.remember_address({DATASET: [dataset_id]})
    st.query_params.from_dict({DATASET: dataset_id})


def leave_dataset() -> None:
    state.remember_address({})
    st.query_params.clear()


def filters_of(dataset: Dataset, persona_names: Sequence[str]) -> Filters:
    """Translate the address into filters. What the dataset doesn't have is left out."""
    attributes = tuple(
        (attribute.name, kept)
        for attribute in dataset.facts.attributes
        if (kept := _chosen(dataset, attribute.name, attribute_parameter(attribute.name)))
    )
    start, end = day(START), day(END)
    if start and end and end < start:
        start = end = None
    return Filters(
        start=start,
        end=end,
        personas=tuple(_by_id(persona_names)[each] for each in read(PERSONA) if each in _by_id(persona_names)),
        first_channels=_chosen(dataset, "channel", CHANNEL),
        stages_reached=tuple(_by_id(dataset.stages)[each] for each in read(STAGE) if each in _by_id(dataset.stages)),
        attributes=attributes,
    )


def n_personas() -> int | None:
    """Tell how many personas a person asked for, 2–8, or None."""
    wanted = next(iter(read(N_PERSONAS)), "")
    return int(wanted) if wanted in {str(number) for number in range(2, 9)} else None


def _chosen(dataset: Dataset, breakdown: str, parameter: str) -> tuple[str, ...]:
    wanted = read(parameter)
    if not wanted:
        return ()
    known = _by_id([*dataset.values_of(breakdown), UNKNOWN_VALUE])
    return tuple(known[each] for each in wanted if each in known)


def _by_id(values: Iterable[str]) -> Mapping[str, str]:
    return {value_id(value): value for value in values}


def day(parameter: str) -> datetime.date | None:
    """Read a day of the address; None when it is missing or no day."""
    try:
        return datetime.date.fromisoformat(next(iter(read(parameter)), ""))
    except ValueError:
        return None
