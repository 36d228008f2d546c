"""The interactions a flow is drawn from, each with its column in the drawing."""

from __future__ import annotations

from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir

from journey.analysis.dimensions import require_dimension, require_names
from journey.dataset import Dataset, parameter
from journey.errors import ArgumentError
from journey.language import _

FEWEST_STEPS, MOST_STEPS = 2, 12


@dataclass(frozen=True)
class FlowRequest:
    """The arguments of a flow, checked once."""

    by: str
    n_steps: int
    top_n: int
    start: str | None
    end: str | None

    def require_possible(self, dataset: Dataset) -> None:
        require_dimension(self.by)
        if not FEWEST_STEPS <= self.n_steps <= MOST_STEPS:
            raise ArgumentError.out_of_range("n_steps", self.n_steps, FEWEST_STEPS, MOST_STEPS)
        if self.top_n < 1:
            raise ArgumentError.out_of_range("top_n", self.top_n, 1, _("the number of names in the data"))
        require_names(dataset, self.by, [name for name in (self.start, self.end) if name is not None])

    @property
    def shape(self) -> FlowRequest:
        """The same without its values: flows of one shape share their SQL."""
        start, end = (None if name is None else "" for name in (self.start, self.end))
        return replace(self, n_steps=0, top_n=0, start=start, end=end)

    @property
    def bound(self) -> dict[str, object]:
        """The values of the parameters that stand for them."""
        return {"n_steps": self.n_steps, "top_n": self.top_n, "flow_start": self.start, "flow_end": self.end}


def flow_rows(dataset: Dataset, request: FlowRequest) -> ir.Table:
    """Interactions with `position` (1 … n_steps), `source`, `target` (missing at an end), `ends` and `is_final`.

    `ends`: the journey's last interaction; `is_final`: the drawing stops here although the journey may go on.
    """
    steps = dataset.table("steps")
    rows = steps.select(
        "customer_key",
        "journey",
        "step",
        "is_open",
        "seconds_to_next",
        "emotion",
        source=steps[request.by],
        target=steps[f"next_{request.by}"],
        ends=steps.next_timestamp.isnull(),
    )
    anchors = _anchors(dataset, rows, request)
    if anchors is None:
        placed = rows.mutate(position=rows.step, last_step=ibis.null("int32"))
    else:
        placed = rows.inner_join(anchors, ["customer_key", "journey"])
        placed = placed.mutate(position=placed.step - placed.first_step + 1)
    n_steps = parameter("n_steps", "int32")
    within = placed.filter(placed.position.between(1, n_steps))
    if request.end is not None:
        within = within.filter(within.step <= within.last_step)
    is_final = (within.position == n_steps) | (within.step == within.last_step).fill_null(False)
    return within.select(
        "customer_key", "journey", "position", "source", "target", "ends", "is_open", "seconds_to_next", "emotion",
        is_final=is_final,
    )  # fmt: skip


def _anchors(dataset: Dataset, rows: ir.Table, request: FlowRequest) -> ir.Table | None:
    """Tell per journey which step stands in column 1, and after which the drawing stops."""
    journeys = ["customer_key", "journey"]
    unlimited = ibis.null("int32")
    if request.start is not None:
        starts = (
            rows.filter(rows.source == parameter("flow_start", "string"))
            .group_by(journeys)
            .aggregate(first_step=ibis._.step.min())
        )
        if request.end is None:
            return starts.mutate(last_step=unlimited)
        later = rows.filter(rows.source == parameter("flow_end", "string")).inner_join(starts, journeys)
        later = later.filter(later.step > later.first_step)
        return later.group_by(journeys).aggregate(first_step=ibis._.first_step.min(), last_step=ibis._.step.min())
    if request.end is not None:
        ends = (
            rows.filter(rows.source == parameter("flow_end", "string"))
            .group_by(journeys)
            .aggregate(last_step=ibis._.step.min())
        )
        return ends.mutate(first_step=ends.last_step - parameter("n_steps", "int32") + 1)
    if dataset.window[0] is not None:
        # A journey under way when the window begins is drawn from its first interaction in the window.
        return rows.group_by(journeys).aggregate(first_step=ibis._.step.min()).mutate(last_step=unlimited)
    return None
