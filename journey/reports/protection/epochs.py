"""When all counts are moved anew: when so few customers differ from what was told before that what moves tells of them.

A count that stays the same keeps its number, so that looking again and again averages nothing away. But if one customer
is erased, exactly the counts that held this customer change: whoever compares both documents would read a whole journey
off what moved. So where fewer customers differ than a group needs, every count moves, and what moved says nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

from journey.dataset import Dataset
from journey.errors import NotEnoughDataError

#: Nearly the same customers are told of so often with other numbers; more draws of one count would give it away.
MOST_EPOCHS: Final = 4


@dataclass(frozen=True)
class Shared:
    """What was told of before: one keyed 64-bit digest of each customer with all that is known of them, and how."""

    digests: frozenset[int]
    epoch: int


_OF_INTERACTIONS: Final = (
    "sequence", "timestamp", "touchpoint", "channel", "stage", "device", "emotion", "revenue", "is_open",
)  # fmt: skip


def digests_of(dataset: Dataset, key: bytes) -> frozenset[int]:
    """Digest each customer the filters leave, with interactions and attributes: another digest when one changes.

    Parameters
    ----------
    dataset
        With the filters of what is to be shared.
    key
        The dataset's secret: nobody else can tell from a digest whose it is.
    """
    rows = dataset.frame(_contents)
    return frozenset(
        int.from_bytes(blake2b(repr(row).encode(), key=key[:64], digest_size=8).digest(), "big")
        for row in zip(rows["customer_id"], rows["content"], rows["attributes"], strict=True)
    )


def _contents(dataset: Dataset) -> Any:
    steps, customers = dataset.table("steps"), dataset.table("customers")
    done = _written(steps, _OF_INTERACTIONS).hash()
    content = steps.group_by("customer_key").aggregate(content=done.bit_xor())
    attributes = _written(customers, ("customer_id", *(each.group_column for each in dataset.facts.attributes)))
    return customers.select("customer_key", "customer_id", attributes=attributes).join(content, "customer_key")


def _written(table: Any, columns: Collection[str]) -> Any:
    texts = [table[name].cast("string").fill_null("") for name in columns]
    # A sign that no file holds in its texts, so that two texts never read like two others.
    return texts[0].concat(*(part for text in texts[1:] for part in ("\x1f", text))) if texts[1:] else texts[0]


def epoch_of(digests: AbstractSet[int], earlier: Collection[Shared], least: int) -> int:
    """Choose how counts are moved, seeing what was shared of the same dataset before (whatever its filters).

    Parameters
    ----------
    digests
        Of the customers that are to be told of, one each.
    earlier
        What was shared before, the oldest first, withdrawn links too: who saw them may remember.
    least
        The smallest group that is told.

    Returns
    -------
    int
        The epoch of the same customers, if they were shared before. Else, where fewer than `least` customers came, went
        or changed since something was shared, one that none of these has; else the latest.

    Raises
    ------
    NotEnoughDataError
        When nearly the same customers were shared with other numbers too often already.

    Examples
    --------
    >>> first = Shared(frozenset(range(100)), epoch=0)
    >>> epoch_of(set(range(1, 100)), [first], least=10), epoch_of(set(range(20, 130)), [first], least=10)
    (1, 0)
    """
    for shared in earlier:
        if shared.digests == digests:
            return shared.epoch
    near = {shared.epoch for shared in earlier if 0 < _n_different(shared.digests, digests) < least}
    if not near:
        return [shared.epoch for shared in earlier][-1] if earlier else 0
    if len(near) >= MOST_EPOCHS:
        raise NotEnoughDataError.changed_too_little(least)
    return min(epoch for epoch in range(MOST_EPOCHS) if epoch not in near)


def _n_different(one: AbstractSet[int], other: AbstractSet[int]) -> int:
    return max(len(one - other), len(other - one))
