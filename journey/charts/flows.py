"""How customers travel, as a Sankey: one layout, drawn by ECharts where people click and by Plotly in the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pandas as pd

from journey.charts.escaping import html_text, plotly_text
from journey.charts.flow_layout import (
    FlowLayout,
    FlowLink,
    FlowNode,
    flow_layout,
    is_end,
    name_of,
    node_label,
    position_of,
)
from journey.charts.theme import FONT, ThemeName, figure_layout, palette
from journey.language import _, ngettext, number, percent

Selection = tuple[Literal["node"], int, str] | tuple[Literal["link"], int, str, str]

_LONGEST_LABEL = 24
#: Nodes smaller than this part of their column's tallest neighbour would write over each other.
_SMALLEST_LABELLED = 0.012


def flow_chart(links: pd.DataFrame, *, order: Sequence[str] = (), theme: ThemeName = "light") -> dict[str, Any]:
    """Draw a flow as an ECharts option whose nodes and links can be clicked.

    Parameters and layout as in `flow_layout`. Returns plain JSON values only. The numbers are journeys, because only
    journeys add up: a label shows the bare number, the tooltip its unit.
    """
    layout = flow_layout(links, order=order, theme=theme)
    colours = palette(theme)
    least = _least_labelled(layout)
    return {
        "animation": False,
        "textStyle": {"fontFamily": FONT, "color": colours.ink},
        "tooltip": {"trigger": "item", "confine": True},
        "series": [
            {
                "type": "sankey",
                "selectedMode": "single",
                "draggable": False,
                "left": 4,
                "right": 150,
                "top": 8,
                "bottom": 8,
                "nodeWidth": 12,
                "nodeGap": 10,
                "nodeAlign": "left",
                "layoutIterations": 0,
                "emphasis": {"focus": "adjacency"},
                "select": {"itemStyle": {"borderColor": colours.ink, "borderWidth": 2}},
                "label": {"color": colours.ink, "fontSize": 12, "textBorderColor": colours.page, "textBorderWidth": 2},
                "lineStyle": {"opacity": 0.75, "curveness": 0.5},
                "data": [_echarts_node(node, node.journeys >= least) for node in layout.nodes],
                "links": [_echarts_link(link, colours.ink, link.journeys >= least) for link in layout.links],
            }
        ],
    }


def flow_figure(links: pd.DataFrame, *, order: Sequence[str] = (), theme: ThemeName = "light") -> dict[str, Any]:
    """Draw the same flow as a Plotly figure, for documents that nobody clicks in."""
    layout = flow_layout(links, order=order, theme=theme)
    index = {node.key: place for place, node in enumerate(layout.nodes)}
    across, down = _plotly_places(layout)
    least = _least_labelled(layout)
    journeys = _("{n} journeys").format(n="%{value:,}")
    trace = {
        "type": "sankey",
        "arrangement": "snap",
        "textfont": {"color": palette(theme).ink, "size": 12, "shadow": "none"},
        "node": {
            "label": [plotly_text(_cut(node.label)) if node.journeys >= least else "" for node in layout.nodes],
            "customdata": [plotly_text(node.label) for node in layout.nodes],
            "color": [node.colour for node in layout.nodes],
            "x": across,
            "y": down,
            "pad": 12,
            "thickness": 12,
            "line": {"width": 0},
            "hovertemplate": f"%{{customdata}}<br>{journeys}<extra></extra>",
        },
        "link": {
            "source": [index[link.source] for link in layout.links],
            "target": [index[link.target] for link in layout.links],
            "value": [link.journeys for link in layout.links],
            "color": [link.colour for link in layout.links],
            "label": ["↩" if link.is_return else "" for link in layout.links],
            "hovertemplate": f"%{{source.customdata}} → %{{target.customdata}} %{{label}}<br>{journeys}<extra></extra>",
        },
    }
    return {"data": [trace], "layout": figure_layout(theme, height=max(320, 26 * layout.n_tallest))}


def flow_alt(links: pd.DataFrame, *, order: Sequence[str] = ()) -> str:
    """Say what the flow shows: where it starts, the widest link, how often the way leads back."""
    layout = flow_layout(links, order=order)
    if not layout.links:
        return _("Nobody travels here.")
    first = [node for node in layout.nodes if node.position == layout.nodes[0].position]
    n_first = sum(node.journeys for node in first)
    moves = [link for link in layout.links if name_of(link.target) != name_of(link.source)]
    onward = [link for link in moves if not is_end(name_of(link.target))]
    widest = max(onward, key=lambda link: link.journeys, default=None)
    said = [
        _("{n} journeys start; most at {name} ({share}).").format(
            n=number(n_first), name=first[0].label, share=percent(first[0].journeys / n_first)
        )
    ]
    if widest:
        said.append(
            _("The widest way leads from {source} to {target}: {n} journeys.").format(
                source=node_label(name_of(widest.source)),
                target=node_label(name_of(widest.target)),
                n=number(widest.journeys),
            )
        )
    n_returns = sum(link.journeys for link in layout.links if link.is_return)
    if n_returns:
        said.append(ngettext("{n} step leads back.", "{n} steps lead back.", n_returns))
    return " ".join(said)


def selection_of(event: Mapping[str, Any] | None, option: Mapping[str, Any]) -> Selection | None:
    """Translate a click on `flow_chart` into what was clicked.

    Parameters
    ----------
    event
        What the chart element handed back: `{"selection": {"selected": [{"data_type": …, "data_indices": […]}]}}`.
    option
        The option that was drawn.

    Returns
    -------
    tuple or None
        `("node", position, name)`, `("link", position, source, target)`, or None when nothing is selected.
    """
    selected = ((event or {}).get("selection") or {}).get("selected") or []
    series = option["series"][0]
    for group in selected:
        kind, indices = group.get("data_type"), group.get("data_indices") or []
        among = series["data"] if kind == "node" else series["links"] if kind == "edge" else []
        # A click that was made on an older picture may point behind the end of this one.
        if not indices or not 0 <= indices[0] < len(among):
            continue
        if kind == "node":
            return ("node", position_of(among[indices[0]]["name"]), name_of(among[indices[0]]["name"]))
        link = among[indices[0]]
        return ("link", position_of(link["source"]), name_of(link["source"]), name_of(link["target"]))
    return None


# --- Parts -------------------------------------------------------------------------------------------------------


def _echarts_node(node: FlowNode, is_labelled: bool) -> dict[str, Any]:
    label = _no_template(f"{_cut(node.label)}  {number(node.journeys)}")
    return {
        "name": node.key,
        "depth": node.position - 1,
        "itemStyle": {"color": node.colour, "borderWidth": 0},
        "tooltip": {"formatter": _tooltip(node.label, node.journeys)},
        "label": {"show": is_labelled, "formatter": label, "position": "right"},
    }


def _tooltip(name: str, journeys: int) -> str:
    """Write a tooltip with its unit; ECharts reads it as HTML."""
    told = ngettext("{n} journey", "{n} journeys", journeys)
    return f"{html_text(_no_template(name))}<br><b>{html_text(told)}</b>"


def _way(link: FlowLink) -> str:
    back = " ↩" if link.is_return else ""
    return f"{node_label(name_of(link.source))} → {node_label(name_of(link.target))}{back}"


def _no_template(text: str) -> str:
    """Replace braces, which would be read as a template."""
    return text.replace("{", "(").replace("}", ")")


def _cut(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1].rstrip() + "…"


def _least_labelled(layout: FlowLayout) -> float:
    return _SMALLEST_LABELLED * layout.journeys_tallest


def _echarts_link(link: FlowLink, ink: str, is_labelled: bool) -> dict[str, Any]:
    drawn: dict[str, Any] = {
        "source": link.source,
        "target": link.target,
        "value": link.journeys,
        "lineStyle": {"color": link.colour},
        "tooltip": {"formatter": _tooltip(_way(link), link.journeys)},
    }
    if link.is_return and is_labelled:
        drawn["edgeLabel"] = {"show": True, "formatter": "↩", "color": ink, "fontSize": 13}
    return drawn


def _plotly_places(layout: FlowLayout) -> tuple[list[float], list[float]]:
    """Place each node on [0, 1] × [0, 1] in drawing order; Plotly leaves 0 and 1 themselves to chance."""
    columns = layout.columns
    first, n_gaps = min(columns, default=1), max(1, len(columns) - 1)
    across, down = [], []
    for position, nodes in columns.items():
        above = 0.0
        for node in nodes:
            height = 0.8 * node.journeys / layout.journeys_tallest
            across.append(min(0.9, max(0.001, 0.9 * (position - first) / n_gaps)))
            down.append(min(0.999, max(0.001, above + height / 2)))
            above += height + 0.2 / max(1, layout.n_tallest)
    return across, down
