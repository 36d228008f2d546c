"""The channels of a whole table, worked out for the different combinations of what its rows say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from journey.engine import Draft, literal, quoted
from journey.ingest.cells.labels import Lookup, counted
from journey.ingest.names.channel_rules import CLICK_IDS, LANDING_NAMES, channel_group
from journey.ingest.names.sites import host_of, kind_of_site
from journey.ingest.told import Note
from journey.language import _, listed, number, percent
from journey.vocabulary import CHANNEL_GROUPS

#: From this share of the filled referrers on, a host that is no known site is one's own.
_OWN_SHARE: Final = 0.5
#: What the rules need of a row, in the order of the arguments of `channel_group`.
_ROLES: Final = ("source", "medium", "campaign", "referrer", "landing")


@dataclass(frozen=True)
class GroupedChannels(Lookup):
    """How rows find their channel group, and what there is to tell about it.

    `keys` are the SQL of what is looked up, each in a column of its own (`key_0`, …). `n_rows` counts the rows of each
    group, None those that say nothing; `n_silent` of the direct ones only left the referrer empty.
    """

    keys: tuple[str, ...] = ()
    n_rows: tuple[tuple[str | None, int], ...] = ()
    own_hosts: tuple[str, ...] = ()
    n_silent: int = 0

    @property
    def join_sql(self) -> str:
        same = (f"{self.table}.key_{place} IS NOT DISTINCT FROM {key}" for place, key in enumerate(self.keys))
        return f"LEFT JOIN {self.table} ON {' AND '.join(same)}"

    @property
    def notes(self) -> tuple[Note, ...]:
        """Say how the channels were found."""
        n_all = sum(n for _group, n in self.n_rows)
        n_known = sum(n for group, n in self.n_rows if group is not None)
        said = [
            _(
                "The channel was worked out from source, medium and referrer by the rules of Google Analytics 4, "
                "for {share} of the rows."
            ).format(share=percent(n_known / n_all if n_all else None))
        ]
        if self.n_silent:
            said.append(
                _("Rows without a referrer, counted as Direct because others of the table have one: {n}.").format(
                    n=number(self.n_silent)
                )
            )
        if self.own_hosts:
            said.append(
                _("Links from {hosts} come from your own pages and count as no channel.").format(
                    hosts=listed([f"“{host}”" for host in self.own_hosts], at_most=5)
                )
            )
        return tuple(Note("CHANNEL_GROUPED", text) for text in said)


def group_channels(
    draft: Draft,
    table: str,
    columns: Mapping[str, str],
    own_hosts: frozenset[str] = frozenset(),
    names: Mapping[str, str] | None = None,
    lookup: str = "names_of_channel",
) -> GroupedChannels:
    """Work out the channel group of the rows of a staged table.

    `columns` names the staged columns of the roles `source`, `medium`, `campaign`, `referrer` and `landing` (the
    address of the page), as far as there are. Addresses are cut to what the rules need before anything is counted, so
    that only different combinations are looked at, each once.

    A row that says nothing has no channel. It is Direct where it says so, and, as in Google Analytics 4, where its
    referrer is empty although other rows of the table have one; a link from one's own pages is no channel. Hosts of
    one's own are those given, those of the landing pages, and a host that is no known site and stands in more than half
    of the filled referrers.
    """
    roles = [role for role in _ROLES if role in columns]
    keys = tuple(_key_sql(role, f"raw.{columns[role]}") for role in roles)
    counts = draft.rows(f"SELECT {', '.join(keys)}, count(*) FROM {quoted(table)} AS raw GROUP BY ALL ORDER BY ALL")
    said = [{role: cell or "" for role, cell in zip(roles, cells, strict=True)} for *cells, _n in counts]
    n_rows = [n for *_cells, n in counts]
    referrers = [each.get("referrer", "") for each in said]
    own = own_hosts | _own_hosts(draft, table, columns, list(zip(referrers, n_rows, strict=True)))
    groups = [_group(each, own) for each in said]
    is_silent = [group is None and any(referrers) and not each for group, each in zip(groups, referrers, strict=True)]
    groups = ["Direct" if silent else group for group, silent in zip(groups, is_silent, strict=True)]
    labels = [(names or {}).get(group or "", group) for group in groups]
    cells = {f"key_{place}": [row[place] for row in counts] for place in range(len(keys))} | {"label": labels}
    draft.take(lookup, pa.table({name: pa.array(column, pa.string()) for name, column in cells.items()}))
    totals: Counter[str | None] = Counter()
    for group, n in zip(groups, n_rows, strict=True):
        totals[group] += n
    places = {group: place for place, group in enumerate((*CHANNEL_GROUPS, None))}
    return GroupedChannels(
        "",
        lookup,
        keys=keys,
        n_rows=tuple(sorted(totals.items(), key=lambda each: places[each[0]])),
        own_hosts=tuple(sorted(own)),
        n_silent=sum(n for n, silent in zip(n_rows, is_silent, strict=True) if silent),
    )


def _group(said: Mapping[str, str], own_hosts: frozenset[str]) -> str | None:
    source, medium, campaign, referrer, landing = (said.get(role, "") for role in _ROLES)
    return channel_group(source, medium, campaign, referrer, own_hosts, f"?{landing}")


def _key_sql(role: str, cell: str) -> str:
    """Write the SQL that cuts a cell to what the rules need of it: an address has too many different ones."""
    if role == "referrer":
        return _host_sql(cell)
    if role == "landing":
        # Splitting is four times as fast as a pattern here. Of a click id its name is enough.
        query = f"string_split(lower(split_part(split_part({cell}, '#', 1), '?', 2)), '&')"
        wanted = ", ".join(literal(name) for name in (*LANDING_NAMES, *CLICK_IDS))
        told = f"list_filter({query}, lambda part: split_part(part, '=', 1) IN ({wanted}))"
        short = f"list_transform({told}, lambda part: if(part[:4] = 'utm_', part, split_part(part, '=', 1) || '='))"
        return f"CASE WHEN contains({cell}, '?') THEN array_to_string({short}, '&') END"
    return cell


def _host_sql(address: str) -> str:
    """Write the SQL that cuts an address before its path; what is no address stays as it is."""
    is_whole = f"contains({address}, '//')"
    return f"CASE WHEN {is_whole} THEN '//' || split_part({address}, '/', 3) ELSE split_part({address}, '/', 1) END"


def _own_hosts(
    draft: Draft, table: str, columns: Mapping[str, str], referrers: list[tuple[str, int]]
) -> frozenset[str]:
    hosts: Counter[str] = Counter()
    for address, n in referrers:
        if host := host_of(address):
            hosts[host] += n
    found = {host for host, n in hosts.items() if n > _OWN_SHARE * hosts.total() and kind_of_site(host) is None}
    if "landing" in columns:
        landed = counted(draft, table, _host_sql(f"raw.{columns['landing']}"))
        n_filled = sum(landed.values())
        found |= {host_of(each) for each, n in landed.items() if n >= n_filled * 0.01} - {""}
    return frozenset(host for host in found if kind_of_site(host) is None)
