"""Result tables on screen: sortable, in the reader's numbers, downloadable without surprises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import pandas as pd
import streamlit as st

from journey.ingest.build import harmless
from journey.language import DAY, HOUR, MINUTE, UNKNOWN, _

Kind = Literal["text", "number", "share", "money", "duration", "feeling"]


class Column(NamedTuple):
    """How a column of a result is headed and written."""

    label: str
    kind: Kind = "text"
    help: str | None = None


def show(table: pd.DataFrame, columns: Mapping[str, Column], *, name: str, height: int | None = None) -> None:
    """Show the named columns of a result table, and offer it as CSV under `name`."""
    shown = table[[column for column in columns if column in table]].copy()
    config: dict[str, Any] = {}
    for column in map(str, shown.columns):
        described = columns[column]
        if described.kind == "share":
            shown[column] = shown[column] * 100
        if described.kind == "duration":
            unit, seconds = _unit(shown[column])
            shown[column] = shown[column] / seconds
            described = described._replace(label=_("{label}, {unit}").format(label=described.label, unit=unit))
        config[column] = _configured(described)
    options: dict[str, Any] = {"height": height} if height else {}
    st.dataframe(
        shown, hide_index=True, column_config=config, alt=name, key=f"table {name}", placeholder=UNKNOWN, **options
    )
    st.download_button(
        _("Download as CSV"),
        lambda: comma_separated(table[[column for column in columns if column in table]]),
        f"{name.replace(' ', '-').lower()}.csv",
        "text/csv",
        key=f"download {name}",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
    )


def _unit(seconds: pd.Series) -> tuple[str, int]:
    """Choose the unit in which a column of durations is read best, and its length in seconds."""
    typical = seconds[seconds > 0].median()
    if typical >= 2 * DAY:
        return _("days"), DAY
    if typical >= 2 * HOUR:
        return _("hours"), HOUR
    return (_("minutes"), MINUTE) if typical >= 2 * MINUTE else (_("seconds"), 1)


def _configured(column: Column) -> Any:
    make = st.column_config
    if column.kind == "share":
        return make.NumberColumn(column.label, format="%.1f %%", help=column.help)
    if column.kind in ("number", "money"):
        return make.NumberColumn(column.label, format="localized", help=column.help)
    if column.kind == "duration":
        return make.NumberColumn(column.label, format="%.1f", help=column.help)
    if column.kind == "feeling":
        return make.NumberColumn(column.label, format="%+.2f", help=column.help)
    return make.TextColumn(column.label, help=column.help)


def comma_separated(table: pd.DataFrame) -> bytes:
    """Write a table as CSV; a text that a spreadsheet would take for a formula gets an apostrophe before it."""
    safe = table.copy()
    for column in safe.select_dtypes(include=["object", "string"]):
        safe[column] = safe[column].map(lambda cell: harmless(cell) if isinstance(cell, str) else cell)
    return safe.to_csv(index=False).encode("utf-8-sig")
