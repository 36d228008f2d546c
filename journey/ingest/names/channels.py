"""Who owns a channel, when the file does not say."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import pyarrow as pa

from journey.engine import Draft
from journey.ingest.aliases import normalised
from journey.ingest.cells.labels import without_accents
from journey.vocabulary import CHANNEL_GROUPS, CHANNEL_OWNERSHIPS, OWNERSHIPS

_OWNERSHIP_OF_GROUP: Final = {group.casefold(): owner for group, owner in CHANNEL_GROUPS.items()}


@lru_cache(maxsize=10_000)
def ownership_of(channel: str) -> str | None:
    """Tell a channel's ownership by its group or the words of its name; None for a name that says nothing.

    >>> ownership_of("Paid social"), ownership_of("organic"), ownership_of("E-mail"), ownership_of("alpha")
    ('paid', 'earned', 'owned', None)
    >>> ownership_of("Bewertungsportal"), ownership_of("Publicité"), ownership_of("微信广告")
    ('third-party', 'paid', 'paid')
    """
    name = without_accents(normalised(channel)).replace("_", " ")
    if owner := _OWNERSHIP_OF_GROUP.get(name):
        return owner
    words = f" {name} "
    return next(
        (ownership for ownership, phrases in CHANNEL_OWNERSHIPS if any(_is_said(each, words) for each in phrases)), None
    )


def _is_said(phrase: str, words: str) -> bool:
    # From here on, writing sets no spaces between words.
    return phrase in words if phrase[0] >= "\u2e80" else f" {phrase} " in words


def ownership_called(cell: str) -> str | None:
    """Bring what a file calls an ownership into our words; None for anything else.

    >>> ownership_called("Third Party"), ownership_called("PAID"), ownership_called("blue")
    ('third-party', 'paid', None)
    """
    name = normalised(cell).replace("_", "-").replace("3rd", "third")
    return name if name in OWNERSHIPS else None


def infer_ownership(draft: Draft) -> int:
    """Build `channel_ownership` (channel, ownership), empty where the file tells any; count the interactions in it."""
    [(n_given,)] = draft.rows("SELECT count(ownership) FROM typed")
    found = [] if n_given else draft.rows("SELECT DISTINCT channel FROM typed WHERE channel IS NOT NULL ORDER BY 1")
    owned = {name: ownership for (name,) in found if (ownership := ownership_of(name)) is not None}
    columns = {"channel": list(owned), "ownership": list(owned.values())}
    draft.take("channel_ownership", pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()}))
    [(n_owned,)] = draft.rows("SELECT count(*) FROM typed SEMI JOIN channel_ownership USING (channel)")
    return int(n_owned)


def spell_spend_channels(draft: Draft) -> None:
    """Write the channels of `spend` as the interactions write them, where only case differs."""
    draft.execute(
        """UPDATE spend SET channel = known.channel
        FROM (SELECT DISTINCT channel FROM typed WHERE channel IS NOT NULL) AS known
        WHERE lower(trim(spend.channel)) = lower(known.channel)"""
    )
