"""From a finding or a cell of the map to the page that proves it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from journey.ui import filters, navigation

#: Per page, the settings a piece of evidence may name, and the parameters of the address that stand for them.
_SETTINGS: dict[str, dict[str, str]] = {
    "funnels": {
        "steps": "steps",
        "breakdown": "breakdown",
        "by": "by",
        "window": "window",
        "start": filters.START,
        "end": filters.END,
    },
    "flows": {"by": "by", "start": "start"},
    "emotions": {"by": "by", "breakdown": "breakdown"},
}
#: The parameter that names a finding, and what of it makes its id.
FINDING = "finding"
_ABOUT = ("kind", "stage", "touchpoint", "breakdown", "value", "from_value", "to_value", "start")
#: Parameters whose values come from the data and so stand in the address by their ids.
_FROM_DATA = ("steps", "start")


def parameters(page: str, settings: Mapping[str, object]) -> dict[str, list[str]]:
    """Translate the settings of a piece of evidence, in the data's own words, into those of the address.

    What a page has no setting for is left out: the page then shows the whole picture that holds the place.
    """
    told: dict[str, list[str]] = {}
    for name, parameter in _SETTINGS.get(page, {}).items():
        if name in settings:
            value = settings[name]
            values = [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]
            told[parameter] = [filters.value_id(each) for each in values] if parameter in _FROM_DATA else values
    return told


def address_of(page: str, settings: Mapping[str, object], *, finding: str | None = None) -> str:
    """Write the address of the page that proves something, with the present dataset and filters."""
    named = {FINDING: [finding]} if finding else {}
    return navigation.address_of(page, parameters(page, settings) | named)


def finding_id(row: Mapping[Any, Any]) -> str:
    """Make the id by which a finding stands in the address: what it is about, not its figures."""
    about = [str(row[name]) for name in _ABOUT if not pd.isna(row[name])]
    return filters.value_id("|".join(about))
