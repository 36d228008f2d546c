"""When counts are moved anew: when so few customers differ from what was told before that what moves tells of them.

A count that stays the same keeps its number, so that looking again and again averages nothing away. But if one customer
is erased, exactly the counts that held this customer change: whoever compares both documents would read a whole journey
off what moved. So of each population of which fewer customers came or went than a group needs, every count moves, and
what moved says nothing. The same customers are told of alike, by whatever they were chosen.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

import numpy as np

from journey.dataset import Dataset
from journey.reports.protection.cells import Population

#: Nearly the same customers are told of so often with other numbers; more draws of one count would give it away.
MOST_EPOCHS: Final = 4
_DIGEST_BYTES: Final = 8


@dataclass(frozen=True)
class Telling:
    """Of whom something was or is to be told, and how its counts are moved.

    `digests` are the sorted keyed 64-bit digests of the customers, 8 bytes each; `name` is what the noise is drawn by.
    """

    name: str
    epoch: int
    digests: bytes

    @property
    def customers(self) -> int:
        return len(self.digests) // _DIGEST_BYTES


_OF_INTERACTIONS: Final = (
    "sequence", "timestamp", "touchpoint", "channel", "stage", "device", "emotion", "revenue", "is_open",
)  # fmt: skip


def digests_of(dataset: Dataset, key: bytes) -> bytes:
    """Digest each customer the filters leave, with interactions and attributes: another digest when one changes.

    Parameters
    ----------
    dataset
        With the filters of what is to be shared.
    key
        The dataset's secret: nobody else can tell from a digest whose it is.
    """
    rows = dataset.frame(_contents)
    return packed(
        int.from_bytes(blake2b(repr(row).encode(), key=key[:64], digest_size=_DIGEST_BYTES).digest(), "big")
        for row in zip(rows["customer_id"], rows["content"], rows["attributes"], strict=True)
    )


def packed(digests: Iterable[int]) -> bytes:
    """Write digests in order, with their low bytes first, so that a workspace can move to another machine."""
    return np.array(sorted(set(digests)), dtype="<u8").tobytes()


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


def tellings_of(
    populations: Mapping[Population, bytes], earlier: Collection[Telling], least: int
) -> dict[Population, Telling | None]:
    """Choose how the counts of each population are moved, seeing what was told of the same dataset before.

    The same customers as before keep their name and epoch. Where fewer than `least` customers came, or fewer went,
    since something was told, an epoch is taken that none of these tellings has. Else it is the latest of that
    population.

    Parameters
    ----------
    populations
        The digests of the customers of each; those before count as told of when the next is chosen for.
    earlier
        What was told before, the oldest first, by withdrawn links too: who saw them may remember.
    least
        The smallest group that is told.

    Returns
    -------
    dict
        None for a population that can't be told of now: nearly the same customers were told of too often already.

    Examples
    --------
    >>> whole, first = (), Telling("[]", 0, packed(range(100)))
    >>> [tellings_of({whole: packed(range(1, last))}, [first], least=10)[whole].epoch for last in (100, 105, 250)]
    [1, 1, 1]
    >>> tellings_of({whole: packed(range(20, 130))}, [first], least=10)[whole].epoch
    0
    """
    known = list(earlier)
    found: dict[Population, Telling | None] = {}
    for population, digests in populations.items():
        telling = found[population] = _telling(json.dumps(population, ensure_ascii=False), digests, known, least)
        if telling is not None:
            known.append(telling)
    return found


def _telling(name: str, digests: bytes, known: Sequence[Telling], least: int) -> Telling | None:
    for each in known:
        if each.digests == digests:
            return each
    of_name = [each.epoch for each in known if each.name == name]
    wanted = Telling(name, of_name[-1] if of_name else 0, digests)
    near = [each for each in known if _may_be_near(each, wanted, least) and _is_near(each, wanted, least)]
    taken = {each.epoch for each in near}
    if not near:
        return wanted
    if len(taken) >= MOST_EPOCHS:
        return None
    # Under one name numbers of different epochs lie at most so far apart that a difference says nothing for sure.
    return Telling(near[0].name, min(epoch for epoch in range(MOST_EPOCHS) if epoch not in taken), digests)


def _may_be_near(one: Telling, other: Telling, least: int) -> bool:
    return one.name == other.name or abs(one.customers - other.customers) < least


def _is_near(before: Telling, after: Telling, least: int) -> bool:
    first, second = (np.frombuffer(each.digests, "<u8") for each in (before, after))
    both = len(np.intersect1d(first, second, assume_unique=True))
    return 0 < before.customers - both < least or 0 < after.customers - both < least
