"""What was met gets a name: pages by their address, events by their own name, both by the groups a person chose."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from journey.engine import Draft, literal, quoted
from journey.ingest.aliases import normalised
from journey.ingest.cells.labels import Lookup, counted, keep_labels, n_mended, tidy
from journey.ingest.names.groups import Group, group_of_each
from journey.ingest.names.page_names import SEARCH_TERMS, clean_path, is_address, page_name
from journey.ingest.names.sites import host_of
from journey.ingest.told import Note
from journey.language import _, listed, ngettext

#: Events that only say that a page was seen; which page stands in a column of its own.
_PAGE_VIEWS: Final = frozenset(
    {
        "page_view", "page_viewed", "page_views", "pageview", "pageviews", "page", "viewed_page", "view_page",
        "loaded_a_page", "screen_view", "screen_viewed", "screen", "viewed_screen", "page_visit", "page_visited",
        "visited_page", "page_load", "page_loaded", "mp_web_page_view", "amplitude_page_viewed", "hit",
        "session", "visit",
    }
)  # fmt: skip
#: What tools name on their own account, by its readable name.
_VENDOR_NAMES: Final = {
    "$pageview": "Page view", "$pageleave": "Page leave", "$screen": "Screen view", "$autocapture": "Click",
    "$rageclick": "Rage click", "$identify": "Identified", "$mp_web_page_view": "Page view", "$opt_in": "Opt in",
    "$session_start": "Session start", "$ae_session": "App session", "$ae_first_open": "First app open",
    "$create_alias": "Identified", "$set": "Profile updated", "$exception": "Error",
}  # fmt: skip
#: The name of an event that a tool gives, as `$pageview` or `$mp_web_page_view`.
_VENDOR_EVENT: Final = re.compile(r"\$\w[\w -]*")
_VENDOR_PREFIX: Final = re.compile(r"^\[(?:Amplitude|Experiment|Guides-Surveys|Segment)\]\s+", re.IGNORECASE)
_MAIL: Final = re.compile(r"[^\s@<>/]+@[^\s@<>/]+\.[^\s@<>/]+")
_GAP: Final = "\x1f"
_N_EXAMPLES: Final = 3


def is_page_view(event: str) -> bool:
    """Tell whether an event only says that a page was seen.

    >>> is_page_view("$pageview"), is_page_view("Page Viewed"), is_page_view("session_start")
    (True, True, False)
    """
    return normalised(event) in _PAGE_VIEWS


def touchpoint_of(event: str, page: str = "", main_host: str = "") -> str | None:
    """Name a touchpoint by the event and, for an event that only says that a page was seen, by the page.

    Addresses are named as `page_names.page_name` does. Names of events stay as they are but for spaces and what tools
    put before them; an e-mail address in one becomes `*`. None where nothing is said.

    >>> touchpoint_of("page_view", "https://example.com/pricing?a=b"), touchpoint_of("add_to_cart", "/product/1")
    ('Pricing page', 'add_to_cart')
    >>> touchpoint_of("$pageview"), touchpoint_of("$feature_flag_called"), touchpoint_of("/blog/why-maps")
    ('Page view', 'Feature flag called', 'Blog article')
    """
    if page.strip() and (not event.strip() or is_page_view(event)):
        return (page_name(page, main_host) if is_address(page) else _event_name(page)) or _event_name(event)
    return page_name(event, main_host) if is_address(event) else _event_name(event)


def _event_name(written: str) -> str | None:
    name = tidy(written)
    if name is None:
        return None
    if _VENDOR_EVENT.fullmatch(name):
        bare = name.lstrip("$").removeprefix("mp_").replace("_", " ").strip()
        return _VENDOR_NAMES.get(name.casefold()) or (bare[:1].upper() + bare[1:]) or name
    name = _VENDOR_PREFIX.sub("", name)
    return _MAIL.sub("*", name) if "@" in name else name


# --- A whole table -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NamedTouchpoints(Lookup):
    """How rows find their touchpoint, and what there is to tell about it.

    `names` counts the rows of every touchpoint; `cleaned` shows pairs of an address and the name it got.
    """

    names: tuple[tuple[str, int], ...] = ()
    cleaned: tuple[tuple[str, str], ...] = ()
    n_addresses: int = 0
    hosts: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[Note, ...]:
        """Say how addresses became names."""
        if not self.n_addresses:
            return ()
        said = ngettext(
            "{n} different address of a page was named by its path, without language, query and ids",
            "{n} different addresses of pages were named by their path, without language, query and ids",
            self.n_addresses,
        )
        pairs = listed([_("“{address}” is “{name}”").format(address=old, name=new) for old, new in self.cleaned])
        notes = [Note("TOUCHPOINTS_CLEANED", f"{said}: {pairs}.")]
        if len(self.hosts) > 1:
            text = _("Pages of several sites: those of “{host}” are named by their path, the others by site and path.")
            notes.append(Note("TOUCHPOINTS_CLEANED", text.format(host=self.hosts[0])))
        return tuple(notes)


def label_touchpoints(
    draft: Draft,
    table: str,
    columns: Sequence[str],
    groups: Sequence[Group] = (),
    names: Mapping[str, str] | None = None,
    lookup: str = "names_of_touchpoint",
) -> NamedTouchpoints:
    """Name the touchpoints of a staged table by one column, or by an event and its page.

    Only different cells are looked at, each once; where all of them are their own name, rows need no lookup. The page
    counts for events that only say that a page was seen, and where the event is empty. `names` renames what was found;
    a group wins over both, and is compared with the cell, the path and the name.
    """
    written = _written_sql(draft, table, columns)
    n_rows = counted(draft, table, written)
    said = {cells: _event_and_page(cells) for cells in n_rows}
    hosts = Counter[str]()
    for cells, (event, page) in said.items():
        address = page if is_address(page) else event
        if is_address(address) and (host := host_of(address)):
            hosts[host] += n_rows[cells]
    ranked = tuple(sorted(hosts, key=lambda host: (-hosts[host], host)))
    main_host = ranked[0] if len(ranked) > 1 else ""
    found = {cells: touchpoint_of(event, page, main_host) for cells, (event, page) in said.items()}
    labels = {cells: (names or {}).get(label or "", label) for cells, label in found.items()}
    addresses = {cells: page if is_address(page) else event for cells, (event, page) in said.items()}
    addresses = {cells: address for cells, address in addresses.items() if is_address(address)}
    chosen = group_of_each(
        [(labels[cells] or "", addresses.get(cells, event)) for cells, (event, _page) in said.items()], groups
    )
    labels = {cells: group or label for (cells, label), group in zip(labels.items(), chosen, strict=True)}
    totals = Counter[str]()
    for cells, label in labels.items():
        if label is not None:
            totals[label] += n_rows[cells]
    is_needed = any(cells != label for cells, label in labels.items())
    if is_needed:
        keep_labels(draft, lookup, labels)
    return NamedTouchpoints(
        written,
        lookup if is_needed else None,
        (),
        *n_mended(n_rows),
        names=tuple(sorted(totals.items(), key=lambda each: (-each[1], each[0]))),
        cleaned=_examples(addresses, labels),
        n_addresses=len(addresses),
        hosts=ranked,
    )


def _written_sql(draft: Draft, table: str, columns: Sequence[str]) -> str:
    """Write the SQL of what names a row: the event, and behind a gap the page where it counts."""
    event = f"raw.{quoted(columns[0])}"
    if len(columns) == 1:
        [(has_queries,)] = draft.rows(
            f"""SELECT bool_or(contains({event}, '?') AND (contains({event}, '//') OR starts_with({event}, '/')))
            FROM {quoted(table)} AS raw"""
        )
        return _short_address_sql(event) if has_queries else event
    events = (name for (name,) in draft.rows(f"SELECT DISTINCT {event} FROM {quoted(table)} AS raw"))
    views = ", ".join(literal(name) for name in sorted({"", *(each for each in events if each and is_page_view(each))}))
    page = _short_address_sql(f"raw.{quoted(columns[1])}")
    with_page = f"coalesce({event}, '') || {literal(_GAP)} || coalesce({page}, '')"
    return f"CASE WHEN coalesce(trim({event}), '') IN ({views}) THEN {with_page} ELSE {event} END"


def _short_address_sql(cell: str) -> str:
    """Write the SQL that leaves of an address's query only what was searched for: ids there make every row differ."""
    wanted = ", ".join(literal(name) for name in SEARCH_TERMS)
    query = f"string_split(split_part(split_part({cell}, '#', 1), '?', 2), '&')"
    searched = f"list_filter({query}, lambda part: split_part(part, '=', 1) IN ({wanted}))"
    short = f"concat_ws('?', split_part({cell}, '?', 1), nullif(array_to_string({searched}, '&'), ''))"
    return f"CASE WHEN contains({cell}, '?') AND contains({cell}, '/') THEN {short} ELSE {cell} END"


def _event_and_page(cells: str) -> tuple[str, str]:
    event, _gap, page = cells.partition(_GAP)
    return event, page


def _examples(addresses: dict[str, str], labels: dict[str, str | None]) -> tuple[tuple[str, str], ...]:
    """Show some addresses, without what may be personal in them, beside the names they got."""
    shown: dict[str, str] = {}
    for cells, address in addresses.items():
        label, path = labels[cells], clean_path(address)
        if label and label != path and label not in shown.values() and len(shown) < _N_EXAMPLES:
            shown[path] = label
    return tuple(shown.items())
