"""Where the nodes and links of a flow stand, and in which colours; the same for every way of drawing it.

Nodes carry the position in their name (`2·pricing page`), so that a loop is no cycle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from journey.charts.theme import Palette, ThemeName, mixed, palette, stage_label, stage_ramp
from journey.language import _
from journey.vocabulary import LEFT, NOT_KNOWN, STILL_OPEN

_SEPARATOR = "·"
_ENDS = (LEFT, STILL_OPEN)


@dataclass(frozen=True)
class FlowNode:
    """A thing met at a position of the journey, with the journeys that pass it and its colour."""

    position: int
    name: str
    journeys: int
    colour: str

    @property
    def key(self) -> str:
        return f"{self.position}{_SEPARATOR}{self.name}"

    @property
    def label(self) -> str:
        return node_label(self.name)

    @property
    def is_end(self) -> bool:
        return is_end(self.name)


@dataclass(frozen=True)
class FlowLink:
    """Journeys that go from one node to the next; `is_return` when that is a step back."""

    source: str
    target: str
    journeys: int
    colour: str
    is_return: bool


@dataclass(frozen=True)
class FlowLayout:
    """Nodes and links in drawing order."""

    nodes: tuple[FlowNode, ...]
    links: tuple[FlowLink, ...]

    @property
    def columns(self) -> dict[int, list[FlowNode]]:
        columns: dict[int, list[FlowNode]] = {}
        for node in self.nodes:
            columns.setdefault(node.position, []).append(node)
        return columns

    @property
    def n_tallest(self) -> int:
        """Nodes in the column that has most of them."""
        return max((len(nodes) for nodes in self.columns.values()), default=1)

    @property
    def journeys_tallest(self) -> int:
        """Journeys in the column that has most of them."""
        return max((sum(node.journeys for node in nodes) for nodes in self.columns.values()), default=1)


def flow_layout(links: pd.DataFrame, *, order: Sequence[str] = (), theme: ThemeName = "light") -> FlowLayout:
    """Place nodes and links: by position, the biggest on top, those who leave or are still on their way below.

    Parameters
    ----------
    links
        One row per link: `position, source, target, journeys, is_return`; a link leads from `position` to the next
        one. Journeys are drawn, not customers, because only journeys add up. A link whose journeys are missing is not
        drawn.
    order
        The stages in their order, when the flow is one of stages: they give the colours.
    theme
        Light or dark.
    """
    told = links[links["journeys"].notna()].to_dict("records")
    rows = sorted((_Row.of(row) for row in told), key=lambda row: (row.position, -row.journeys))
    colours = _node_colours(rows, order, theme)
    nodes = [FlowNode(position, name, journeys, colours[name]) for (position, name), journeys in _passing(rows).items()]
    nodes.sort(key=lambda node: (node.position, node.is_end, node.name == STILL_OPEN, -node.journeys, node.name))
    return FlowLayout(tuple(nodes), tuple(_link(row, colours, palette(theme)) for row in rows))


def position_of(key: str) -> int:
    """Read the position out of a node's key."""
    return int(key.split(_SEPARATOR, 1)[0])


def name_of(key: str) -> str:
    """Read the name out of a node's key; the name itself may hold the separator."""
    return key.split(_SEPARATOR, 1)[1]


def is_end(name: str) -> bool:
    """Tell whether a node stands for the end of journeys."""
    return name in _ENDS


def node_label(name: str) -> str:
    """Write a node's name for people."""
    ends = {LEFT: _("left"), STILL_OPEN: _("still on their way"), NOT_KNOWN: _("unknown")}
    return ends.get(name) or stage_label(name)


@dataclass(frozen=True)
class _Row:
    position: int
    source: str
    target: str
    journeys: int
    is_return: bool

    @classmethod
    def of(cls, row: Mapping[Any, Any]) -> _Row:
        return cls(
            int(row["position"]), str(row["source"]), str(row["target"]), int(row["journeys"]), bool(row["is_return"])
        )


def _passing(rows: Sequence[_Row]) -> dict[tuple[int, str], int]:
    """Count the journeys that pass each node: those that come or those that go on, whichever is more."""
    coming: dict[tuple[int, str], int] = {}
    going: dict[tuple[int, str], int] = {}
    for row in rows:
        going[row.position, row.source] = going.get((row.position, row.source), 0) + row.journeys
        coming[row.position + 1, row.target] = coming.get((row.position + 1, row.target), 0) + row.journeys
    return {key: max(coming.get(key, 0), going.get(key, 0)) for key in {**going, **coming}}


def _node_colours(rows: Sequence[_Row], order: Sequence[str], theme: ThemeName) -> dict[str, str]:
    colours = palette(theme)
    names = dict.fromkeys(name for row in rows for name in (row.source, row.target))
    muted = dict.fromkeys((*_ENDS, NOT_KNOWN), colours.away)
    ramp = dict(zip(order, stage_ramp(len(order), theme), strict=True))
    return dict.fromkeys(names, colours.accent) | ramp | muted


def _link(row: _Row, colours: Mapping[str, str], theme_colours: Palette) -> FlowLink:
    tint = colours[row.target] if row.target in _ENDS else colours[row.source]
    return FlowLink(
        f"{row.position}{_SEPARATOR}{row.source}",
        f"{row.position + 1}{_SEPARATOR}{row.target}",
        row.journeys,
        mixed(theme_colours.back, theme_colours.page, 0.25) if row.is_return else mixed(tint, theme_colours.page, 0.45),
        row.is_return,
    )
