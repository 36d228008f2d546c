"""Who owns a channel, when the file does not say."""

from __future__ import annotations

import pyarrow as pa

from journey.engine import Draft
from journey.ingest.aliases import normalised
from journey.vocabulary import CHANNEL_OWNERSHIPS, OWNERSHIPS


def ownership_of(channel: str) -> str | None:
    """Tell a channel's ownership by the words of its name; None for a name that says nothing.

    >>> ownership_of("Paid social"), ownership_of("organic"), ownership_of("E-mail"), ownership_of("alpha")
    ('paid', 'earned', 'owned', None)
    """
    words = f" {normalised(channel).replace('_', ' ')} "
    return next(
        (ownership for ownership, phrases in CHANNEL_OWNERSHIPS if any(f" {phrase} " in words for phrase in phrases)),
        None,
    )


def ownership_called(cell: str) -> str | None:
    """Bring what a file calls an ownership into our words; None for anything else.

    >>> ownership_called("Third Party"), ownership_called("PAID"), ownership_called("blue")
    ('third-party', 'paid', None)
    """
    name = normalised(cell).replace("_", "-").replace("3rd", "third")
    return name if name in OWNERSHIPS else None


def infer_ownership(draft: Draft) -> int:
    """Fill `typed.ownership` from the channel where the file gives none at all; count the interactions that got one."""
    [(n_given,)] = draft.rows("SELECT count(ownership) FROM typed")
    if n_given:
        return 0
    channels = [name for (name,) in draft.rows("SELECT DISTINCT channel FROM typed WHERE channel IS NOT NULL")]
    owned = {name: ownership for name in channels if (ownership := ownership_of(name)) is not None}
    if not owned:
        return 0
    draft.take("owned_channels", pa.table({"channel": list(owned), "owner": list(owned.values())}))
    draft.execute(
        """UPDATE typed SET ownership = owned_channels.owner FROM owned_channels
        WHERE typed.channel = owned_channels.channel"""
    )
    draft.execute("DROP TABLE owned_channels")
    [(n_found,)] = draft.rows("SELECT count(ownership) FROM typed")
    return int(n_found)


def spell_spend_channels(draft: Draft) -> None:
    """Write the channels of `spend` as the interactions write them, where only case differs."""
    draft.execute(
        """UPDATE spend SET channel = known.channel
        FROM (SELECT DISTINCT channel FROM typed WHERE channel IS NOT NULL) AS known
        WHERE lower(trim(spend.channel)) = lower(known.channel)"""
    )
