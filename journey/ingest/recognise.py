"""Which column stands for what: guessed by its header, believed only if its cells agree."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from journey.engine import Draft, literal, quoted
from journey.ingest.aliases import (
    ALIASES,
    CODE_ORIGINS,
    DEVELOPER_HEADERS,
    INGEST_TIMES,
    is_called,
    normalised,
    rank,
)
from journey.ingest.cells.profiles import Profile
from journey.ingest.files.staging import StagedTable
from journey.ingest.identity.identities import ACCOUNT, OTHER, kind_called
from journey.ingest.personal import personal_kind
from journey.language import _, number, percent
from journey.vocabulary import OWNERSHIPS

_MOST_ATTRIBUTE_VALUES = 2_000
_MOST_CHANNELS = 500
#: A column is the customer's if it says the same in all rows of so many of the customers with several rows.
_SHARE_STEADY = 0.95
#: Nobody tells customers apart by more columns than this.
_MOST_ATTRIBUTES = 200
#: Above so many rows, every 16th customer is asked.
_ASKED_ROWS, _EVERY = 1_000_000, 16
#: Words whose presence in a header hints at a role when no name of the dictionary fits: (all of these, role).
_HINTS: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"customer", "id"}), "customer_id"),
    (frozenset({"user", "id"}), "customer_id"),
    (frozenset({"client", "id"}), "customer_id"),
    (frozenset({"timestamp"}), "timestamp"),
    (frozenset({"date"}), "timestamp"),
    (frozenset({"time"}), "timestamp"),
    (frozenset({"touchpoint"}), "touchpoint"),
    (frozenset({"event"}), "touchpoint"),
    (frozenset({"channel"}), "channel"),
    (frozenset({"revenue"}), "revenue"),
    (frozenset({"dollar"}), "revenue"),
    (frozenset({"amount"}), "revenue"),
    (frozenset({"paid"}), "revenue"),
    (frozenset({"stage"}), "stage"),
    (frozenset({"comment"}), "comment"),
    (frozenset({"nps"}), "score"),
    (frozenset({"csat"}), "score"),
    (frozenset({"rating"}), "score"),
    (frozenset({"sentiment"}), "score"),
)
_HINT_RANK = 900.0
_AMOUNT = re.compile(r"\s*-?\d+[.,]\d{2}\s*")
#: Words for what is measured and is no money.
_MEASURES = frozenset(
    {
        "weight", "distance", "lat", "latitude", "lon", "lng", "longitude", "rate", "ratio", "percent", "percentage",
        "share", "score", "sentiment", "duration", "minutes", "seconds", "hours", "days", "time", "speed",
        "temperature", "height", "width", "length", "age", "size", "probability", "confidence", "index", "version",
        "rank", "position", "polarity",
    }
)  # fmt: skip
#: Kinds of ids that are no person's.
_NO_PERSONS = frozenset({OTHER, ACCOUNT, "order", "ticket"})
_CHANNEL_PARTS: dict[str, frozenset[str]] = {
    "source": frozenset({"utmsource", "mktsource", "manualsource", "source", "campaignsource"}),
    "medium": frozenset({"utmmedium", "mktmedium", "manualmedium", "medium", "campaignmedium"}),
    "referrer": frozenset({"referrer", "referer", "pagereferrer", "referrerurl", "referringdomain"}),
}
_SINGLE_ROLES = (
    "customer_id", "timestamp", "touchpoint", "stage", "channel", "ownership", "device", "campaign", "score_kind",
    "emotion", "score", "revenue", "comment",
)  # fmt: skip


@dataclass(frozen=True)
class Guess:
    """The role a column would have, and why, in words."""

    role: str
    reason: str


def guesses(draft: Draft, staged: StagedTable, columns: Sequence[Profile]) -> dict[str, Guess]:
    """Give every column a role: header to guess."""
    found: dict[str, Guess] = {}
    for role in _SINGLE_ROLES:
        free = [profile for profile in columns if profile.header not in found]
        best = _best(role, free, columns)
        if best is not None:
            found[best.header] = Guess(role, _why(role, best))
    _by_content(columns, found)
    _money_by_content(columns, found)
    _tell_channel_by_source(columns, found)
    _add_identities(columns, found)
    _join_date_and_clock(columns, found)
    _place_the_rest(draft, staged, columns, found)
    return {profile.header: found[profile.header] for profile in columns}


def customer_guesses(columns: Sequence[Profile]) -> dict[str, Guess]:
    """Give the columns of a table of customers their roles: its id, further ids, and what it says of them."""
    free = [profile for profile in columns if profile.n_filled]
    found: dict[str, Guess] = {}
    if (best := _best("customer_id", free, columns)) is not None:
        found[best.header] = Guess("customer_id", _why("customer_id", best))
    _add_identities(columns, found)
    for profile in columns:
        if profile.header not in found:
            # What all customers share is worth knowing once there are others, in a later version.
            is_shared = (
                profile.is_constant
                and profile.n_filled > 0
                and not profile.is_time
                and personal_kind(profile.header, profile.examples) is None
            )
            reason = None if is_shared else _against_attribute(profile)
            found[profile.header] = (
                Guess("ignore", reason) if reason else Guess("attribute", _("says something of them"))
            )
    return {profile.header: found[profile.header] for profile in columns}


def _best(role: str, free: Sequence[Profile], columns: Sequence[Profile]) -> Profile | None:
    rated = [(_rating(role, profile, columns), place) for place, profile in enumerate(free)]
    fitting = [(rating, place) for rating, place in rated if rating is not None]
    return free[min(fitting)[1]] if fitting else None


def _rating(role: str, profile: Profile, columns: Sequence[Profile]) -> float | None:
    """Rate a column for a role, 0 is best; None when its name or its cells speak against it."""
    rating = rank(profile.header, ALIASES[role])
    if rating is None:
        words = set(normalised(profile.header).split("_"))
        rating = _HINT_RANK if any(needed <= words for needed, hinted in _HINTS if hinted == role) else None
    if rating is None or not profile.n_filled or (role == "channel" and _tells_code_origin(profile, columns)):
        return None
    if normalised(profile.header) == role:
        # Called by our own name: the person knows what the column is.
        return rating if role != "timestamp" or profile.share_time > 0 else None
    return None if (doubt := _FITS[role](profile)) is None else rating + doubt


def _fits_customer(profile: Profile) -> float | None:
    if profile.is_time:
        return None
    # An id that differs in every row, or in none, tells nobody apart: only when there is nothing better.
    is_poor = profile.n_rows > 1 and (profile.is_unique or profile.is_constant)
    return (500.0 if is_poor else 0.0) + (100.0 if profile.share_filled < 0.5 else 0.0)


def _fits_timestamp(profile: Profile) -> float | None:
    if profile.share_time < 0.5:
        return None
    late = 400.0 if is_called(profile.header, INGEST_TIMES) else 0.0
    return late + (500.0 if profile.is_constant and profile.n_rows > 1 else 0.0)


def _fits_touchpoint(profile: Profile) -> float | None:
    if profile.is_time or profile.is_number or profile.mean_length > 200:
        return None
    return 500.0 if profile.n_rows > 1 and (profile.is_unique or profile.is_constant) else 0.0


def _fits_channel(profile: Profile) -> float | None:
    return None if profile.is_time or profile.is_number or profile.n_distinct > _MOST_CHANNELS else 0.0


def _tells_code_origin(profile: Profile, columns: Sequence[Profile]) -> bool:
    """Tell the `channel` of tools for developers, which is where their code ran and no marketing channel."""
    from_a_tool = any(is_called(other.header, DEVELOPER_HEADERS) for other in columns)
    return from_a_tool and {example.casefold() for example in profile.examples} <= CODE_ORIGINS


def _fits_few(profile: Profile) -> float | None:
    return None if profile.is_time or profile.is_number or profile.n_distinct > _MOST_ATTRIBUTE_VALUES else 0.0


def _fits_number(profile: Profile) -> float | None:
    return 0.0 if profile.is_number and not profile.is_time else None


def _fits_score(profile: Profile) -> float | None:
    return 0.0 if not profile.is_time and profile.n_distinct <= 1_000 and profile.mean_length < 20 else None


def _fits_ownership(profile: Profile) -> float | None:
    return 0.0 if {example.casefold() for example in profile.examples} <= set(OWNERSHIPS) else None


def _fits_comment(profile: Profile) -> float | None:
    return None if profile.is_time or profile.is_number or profile.mean_length < 8 else 0.0


_FITS: dict[str, Callable[[Profile], float | None]] = {
    "customer_id": _fits_customer,
    "timestamp": _fits_timestamp,
    "touchpoint": _fits_touchpoint,
    "channel": _fits_channel,
    "ownership": _fits_ownership,
    "stage": _fits_few,
    "device": _fits_few,
    "campaign": _fits_few,
    "revenue": _fits_number,
    "emotion": _fits_number,
    "score": _fits_score,
    "score_kind": _fits_few,
    "comment": _fits_comment,
}


def _why(role: str, profile: Profile) -> str:
    if role == "timestamp":
        return _("named like a time, and {share} of its filled cells are times").format(
            share=percent(profile.share_time)
        )
    if role == "customer_id":
        return _("named like an id of the customer, with about {n} different values").format(
            n=number(profile.n_distinct)
        )
    return _("by its name; about {n} different values").format(n=number(profile.n_distinct))


def _by_content(columns: Sequence[Profile], found: dict[str, Guess]) -> None:
    """Take the only column of times as the time when no name told it."""
    if any(guess.role == "timestamp" for guess in found.values()):
        return
    times = [profile for profile in columns if profile.is_time and profile.header not in found]
    if len(times) == 1:
        found[times[0].header] = Guess("timestamp", _("the only column of times"))


def _money_by_content(columns: Sequence[Profile], found: dict[str, Guess]) -> None:
    """Take the only column of amounts as the revenue when no name told it: every cell has its two decimals."""
    if any(guess.role == "revenue" for guess in found.values()):
        return
    amounts = [
        profile
        for profile in columns
        if profile.header not in found
        and profile.examples
        and profile.n_distinct > 1
        and all(_AMOUNT.fullmatch(example) for example in profile.examples)
        and not _MEASURES & set(normalised(profile.header).split("_"))
    ]
    if len(amounts) == 1:
        found[amounts[0].header] = Guess("revenue", _("the only column of amounts with two decimals"))


def _tell_channel_by_source(columns: Sequence[Profile], found: dict[str, Guess]) -> None:
    """Let source, medium and referrer tell the channel together: the one without the other is half of it."""
    taken = [header for header, guess in found.items() if guess.role == "channel"]
    parts = {
        profile.header: role
        for profile in columns
        for role, names in _CHANNEL_PARTS.items()
        if is_called(profile.header, names) and (profile.header in taken or profile.header not in found)
    }
    if not {"source", "medium"} <= set(parts.values()) or (taken and taken[0] not in parts):
        return
    for role in _CHANNEL_PARTS:
        header = next((each for each, part in parts.items() if part == role), None)
        if header is not None:
            found[header] = Guess(role, _("the channel is told by source, medium and referrer together"))


def _join_date_and_clock(columns: Sequence[Profile], found: dict[str, Guess]) -> None:
    """Let a column of clock times complete a column of dates without them."""
    dates = [profile for profile in columns if profile.header in found and found[profile.header].role == "timestamp"]
    clocks = [profile for profile in columns if profile.is_clock and profile.header not in found]
    if dates and len(clocks) == 1 and not any(":" in example for example in dates[0].examples):
        reason = _("the date and its time of day, read together")
        found[dates[0].header] = found[clocks[0].header] = Guess("timestamp", reason)


def _add_identities(columns: Sequence[Profile], found: dict[str, Guess]) -> None:
    """Take further ids of the customer: what is called like one, and tells customers apart."""
    for profile in columns:
        is_id = kind_called(profile.header) not in _NO_PERSONS or is_called(profile.header, frozenset({"accountid"}))
        # An id that stands in every row, and is always the same, is nobody's; one that stands in some is somebody's.
        is_everywhere = profile.is_constant and profile.n_filled == profile.n_rows
        if profile.header in found or not is_id or profile.is_time or is_everywhere or not profile.n_filled:
            continue
        found[profile.header] = Guess("identity", _("another id of the customer"))


def _place_the_rest(draft: Draft, staged: StagedTable, columns: Sequence[Profile], found: dict[str, Guess]) -> None:
    customer = next((header for header, guess in found.items() if guess.role == "customer_id"), None)
    rest = [profile for profile in columns if profile.header not in found]
    candidates: list[Profile] = []
    for profile in rest:
        reason = _against_attribute(profile)
        if len(candidates) == _MOST_ATTRIBUTES:
            reason = reason or _("more columns than customers can be told apart by; choose it if it matters")
        if reason is not None or customer is None:
            found[profile.header] = Guess("ignore", reason or _("no role found"))
        else:
            candidates.append(profile)
    steady = _steady_shares(draft, staged, staged.column(customer), candidates) if customer else {}
    for profile in candidates:
        share = steady[profile.header]
        if share >= _SHARE_STEADY:
            reason = _("the same in all rows of {share} of the customers").format(share=percent(share))
            found[profile.header] = Guess("attribute", reason)
        else:
            found[profile.header] = Guess("ignore", _("differs from interaction to interaction"))


def _against_attribute(profile: Profile) -> str | None:
    if not profile.n_filled:
        return _("empty in every row")
    if personal_kind(profile.header, profile.examples) is not None:
        return _("personal data that no analysis needs")
    if profile.is_constant:
        return _("the same in every row")
    if profile.is_time:
        return _("another time; one is used")
    if profile.mean_length > 100:
        return _("long texts")
    if not profile.is_number and profile.n_distinct > _MOST_ATTRIBUTE_VALUES:
        return _("too many different values to group customers by")
    return None


def _steady_shares(draft: Draft, staged: StagedTable, customer: str, candidates: Sequence[Profile]) -> dict[str, float]:
    """Tell for each column the share of customers with several rows for whom it always says the same."""
    if not candidates:
        return {}
    sums = ", ".join(f"avg(CAST(steady_{profile.column} AS INTEGER))" for profile in candidates)
    ranges = ", ".join(
        f"coalesce(min(nullif({profile.column}, '')) = max({profile.column}), true) AS steady_{profile.column}"
        for profile in candidates
    )
    some = f" AND hash({customer}) % {_EVERY} = 0" if staged.n_rows > _ASKED_ROWS else ""
    [shares] = draft.rows(
        f"""SELECT {sums} FROM (
            SELECT {ranges} FROM {quoted(staged.table)} WHERE {customer} <> {literal("")}{some}
            GROUP BY {customer} HAVING count(*) > 1)"""
    )
    return {profile.header: 1.0 if share is None else share for profile, share in zip(candidates, shares, strict=True)}
