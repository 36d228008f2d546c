"""What is true of a whole dataset version; kept in its file."""

from __future__ import annotations

import datetime
import json
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from journey.vocabulary import GOAL

StageSource = Literal["given", "inferred", "touchpoints"]


#: The files of a dataset version.
DATABASE_FILE: Final = "journey.duckdb"
REPORT_FILE: Final = "report.json"
RECIPE_FILE: Final = "recipe.yaml"
SET_ASIDE_FILE: Final = "set_aside.csv"


@dataclass(frozen=True)
class Attribute:
    """A column that says something about the customer.

    `name` is the identifier in table `customers`, `label` the header as in the file. A numeric attribute has a second
    column `<name>_group`, cut at its quartiles, for filters and breakdowns.
    """

    name: str
    label: str
    numeric: bool = False

    @property
    def group_column(self) -> str:
        return f"{self.name}_group" if self.numeric else self.name


@dataclass(frozen=True)
class Facts:
    """What is true of a whole dataset version; kept in its file.

    `stage_source` tells where the stages come from: a column of the file (`given`), the touchpoints' names
    (`inferred`), or, where fewer than half of the interactions found a stage, the eight touchpoints that most customers
    meet (`touchpoints`), ordered by their median place in the journey.
    """

    first: datetime.datetime
    last: datetime.datetime
    stages: tuple[str, ...]
    stage_source: StageSource
    time_zone: str = "UTC"
    currency: str | None = None
    has_revenue: bool = False
    attributes: tuple[Attribute, ...] = ()

    @property
    def goal(self) -> str | None:
        """The stage that counts as success unless another is chosen: `purchase`, or the last one."""
        if GOAL in self.stages:
            return GOAL
        return self.stages[-1] if self.stages else None

    def to_json(self) -> str:
        return json.dumps(asdict(self), default=datetime.datetime.isoformat)

    @classmethod
    def from_json(cls, text: str) -> Facts:
        held: dict[str, Any] = json.loads(text)
        held |= {end: datetime.datetime.fromisoformat(held[end]) for end in ("first", "last")}
        held["stages"] = tuple(held["stages"])
        held["attributes"] = tuple(Attribute(**attribute) for attribute in held["attributes"])
        return cls(**held)
