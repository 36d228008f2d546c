"""The journey map document: stages across, lanes down, and for each cell what it rests on.

A document is plain, frozen and small. It names no customer, and `to_dict` and `from_dict` carry it to JSON and back.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from journey.errors import ArgumentError
from journey.language import _

#: Grows whenever the fields change; documents of earlier versions stay readable.
FORMAT_VERSION = 1

#: Where the text of a cell comes from: counted from the data, or written by a person.
Kind = Literal["data", "written"]
Tone = Literal["", "good", "bad"]


@dataclass(frozen=True)
class Evidence:
    """The page that proves a cell, and its settings there: pairs of a name and a value or several."""

    page: str
    settings: tuple[tuple[str, str | tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class Item:
    """One of several things in a cell, with the share of the cell's base that met it.

    `is_foreign` marks what is not ours: earned, or a third party's.
    """

    name: str
    share: float
    customers: int
    is_foreign: bool = False


@dataclass(frozen=True)
class Cell:
    """One stage in one lane.

    `text` says it in words; `items` and `emotion, low, high` hold the figures that are drawn instead where there are
    any. `n` is the base, a number, and `base` says what it counts. `is_stale` marks a written cell that the data have
    left behind.
    """

    stage: str
    text: str = ""
    kind: Kind = "data"
    tone: Tone = ""
    n: int | None = None
    base: str = ""
    items: tuple[Item, ...] = ()
    emotion: float | None = None
    low: float | None = None
    high: float | None = None
    evidence: Evidence | None = None
    is_stale: bool = False


@dataclass(frozen=True)
class Lane:
    """A row of the map: `name` is its id (`touchpoints`), `title` what people read; a stage may have several cells."""

    name: str
    title: str
    cells: tuple[Cell, ...]
    note: str = ""

    def of(self, stage: str) -> tuple[Cell, ...]:
        """Hand out the cells of a stage; none when the lane says nothing there."""
        return tuple(cell for cell in self.cells if cell.stage == stage)


@dataclass(frozen=True)
class Return:
    """Customers who come back from a stage to an earlier one; the share is of those who were at `source`, [0, 1]."""

    source: str
    target: str
    share: float
    customers: int


@dataclass(frozen=True)
class JourneyMap:
    """The whole journey on one page, for one persona or for all customers (`persona` is None).

    `share_of_customers` is the part of the dataset's customers whom the map is about, [0, 1]; `first` and `last` are
    the days of the first and the last interaction it rests on. `dataset_version` names the data it was drafted from.
    """

    persona: str | None
    title: str
    customers: int
    share_of_customers: float
    first: datetime.date | None
    last: datetime.date | None
    stages: tuple[str, ...]
    lanes: tuple[Lane, ...]
    returns: tuple[Return, ...] = ()
    dataset_version: str = ""
    notes: tuple[str, ...] = ()
    version: int = FORMAT_VERSION

    def lane(self, name: str) -> Lane:
        """Find a lane by its id; an empty one when the map has none of that name."""
        return next((lane for lane in self.lanes if lane.name == name), Lane(name, name, ()))

    def to_dict(self) -> dict[str, Any]:
        """Write the document as plain JSON values."""
        return asdict(self, dict_factory=_plain)

    @classmethod
    def from_dict(cls, held: Mapping[str, Any]) -> JourneyMap:
        """Read a document that `to_dict` wrote.

        Raises
        ------
        ArgumentError
            When it was written by a newer product than this.
        """
        if held["version"] > FORMAT_VERSION:
            raise ArgumentError.out_of_range(_("The map's format version"), held["version"], 1, FORMAT_VERSION)
        days = {end: datetime.date.fromisoformat(held[end]) if held[end] else None for end in ("first", "last")}
        lanes = tuple(_lane(lane) for lane in held["lanes"])
        plain = {"stages": tuple(held["stages"]), "notes": tuple(held["notes"]), "lanes": lanes}
        returns = tuple(Return(**each) for each in held["returns"])
        return cls(**{**held, **days, **plain, "returns": returns})


def _plain(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: _plain_settings(value) if name == "settings" else _plain_value(value) for name, value in pairs}


def _plain_settings(settings: tuple[tuple[str, object], ...]) -> dict[str, object]:
    return {name: _plain_value(value) for name, value in settings}


def _plain_value(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, datetime.date) else value


def _lane(held: Mapping[str, Any]) -> Lane:
    return Lane(**{**held, "cells": tuple(_cell(cell) for cell in held["cells"])})


def _cell(held: Mapping[str, Any]) -> Cell:
    proof = held["evidence"]
    evidence = Evidence(proof["page"], tuple(_setting(*pair) for pair in proof["settings"].items())) if proof else None
    return Cell(**{**held, "evidence": evidence, "items": tuple(Item(**item) for item in held["items"])})


def _setting(name: str, value: str | list[str]) -> tuple[str, str | tuple[str, ...]]:
    return name, value if isinstance(value, str) else tuple(value)
