"""What touchpoints and channels are called: as the file says, tidied, and as the recipe renames and groups them."""

from __future__ import annotations

from journey.engine import Draft
from journey.ingest.aliases import PAGES, rank
from journey.ingest.cells.labels import Lookup, look_up_labels, tidy
from journey.ingest.files.staging import StagedTable
from journey.ingest.mapping import Mapping
from journey.ingest.names.channel_groups import group_channels
from journey.ingest.names.groups import Group
from journey.ingest.names.touchpoints import label_touchpoints
from journey.ingest.recipe import Recipe

_TOLD_BY = ("source", "medium", "campaign", "referrer")


class Naming:
    """The names that a recipe gives."""

    def __init__(self, recipe: Recipe) -> None:
        self._groups = [Group(pattern, name) for pattern, name in recipe.touchpoint_groups]
        self._touchpoints = dict(recipe.touchpoint_names)
        self._channels = dict(recipe.channel_names)
        self._own_hosts = frozenset(recipe.own_hosts)

    def lookups(self, draft: Draft, staged: StagedTable, mapping: Mapping) -> dict[str, Lookup]:
        """Name what the rows of a table are called, by role."""
        found: dict[str, Lookup] = {}
        # The event comes before its page, wherever the file has them.
        headers = sorted(mapping.having("touchpoint"), key=lambda header: rank(header, PAGES) is not None)
        if columns := [staged.column(header) for header in headers]:
            found["touchpoint"] = label_touchpoints(draft, staged.table, columns, self._groups, self._touchpoints)
        if columns := [staged.column(header) for header in mapping.having("channel")]:
            found["channel"] = look_up_labels(
                draft, staged.table, "names_of_channel", columns, merges_case=True, of=self._channel
            )
        else:
            told_by = {role: staged.column(header) for role in _TOLD_BY if (header := mapping.column(role)) is not None}
            if set(told_by) - {"campaign"}:
                found["channel"] = group_channels(
                    draft, staged.table, told_by, own_hosts=self._own_hosts, names=self._channels
                )
        return found

    def _channel(self, written: str) -> str | None:
        label = tidy(written)
        return label if label is None else self._channels.get(label, label)
