"""Spellings that may be one name: found and offered with the reason; nothing is merged here."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from journey.ingest.aliases import normalised
from journey.ingest.cells.labels import without_accents
from journey.language import _

#: More names than this are no list of names that a person keeps; those with most interactions are compared.
_MOST_NAMES: Final = 20_000
#: A word this long may hold a slip of the pen; shorter ones that differ in a letter are other words.
_LONG_WORD: Final = 6
_DIGITS: Final = re.compile(r"\d+")


@dataclass(frozen=True)
class Variant:
    """Spellings that may be one name: the most frequent, the others, and in words what they differ in."""

    kept: str
    others: tuple[str, ...]
    reason: str


def variants(names_with_counts: Sequence[tuple[str, int]]) -> list[Variant]:
    """Offer spellings to merge, those with most interactions first.

    Names are compared without capitals, spaces and signs; then without accents; then word by word in the singular; then
    allowing one letter of one long word to be wrong, missing, too many or swapped with its neighbour, the first letter
    excepted. Names whose numbers differ are never offered. Each name is offered once, for the first reason found.

    >>> variants([("add_to_cart", 90), ("Add to Cart", 5), ("Step 1", 7), ("Step 2", 7)])
    [Variant(kept='add_to_cart', others=('Add to Cart',), reason='capitals, spaces or signs')]
    """
    ranked = sorted(dict(names_with_counts).items(), key=lambda each: (-each[1], each[0]))[:_MOST_NAMES]
    n_of = dict(ranked)
    found: list[Variant] = []
    left = list(n_of)
    for reason, clusters_of in _reasons():
        taken: set[str] = set()
        for cluster in clusters_of(left):
            kept, *others = sorted(cluster, key=lambda name: (-n_of[name], name))
            found.append(Variant(kept, tuple(others), reason))
            taken |= set(others)
        # The kept spelling is compared on, so that a slip is offered beside the name it is a slip of.
        left = [name for name in left if name not in taken]
    return sorted(found, key=lambda each: (-sum(n_of[name] for name in (each.kept, *each.others)), each.kept))


_Clusters = Callable[[Sequence[str]], Iterable[list[str]]]


def _reasons() -> tuple[tuple[str, _Clusters], ...]:
    return (
        (_("capitals, spaces or signs"), partial(_alike, key=_letters)),
        (_("accents"), partial(_alike, key=lambda name: without_accents(_letters(name)))),
        (_("singular and plural"), partial(_alike, key=_singular)),
        (_("one letter"), _slips),
    )


def _alike(names: Sequence[str], key: Callable[[str], str]) -> list[list[str]]:
    clusters: dict[str, list[str]] = defaultdict(list)
    for name in names:
        if compared := key(name):
            clusters[compared].append(name)
    return [cluster for cluster in clusters.values() if len(cluster) > 1]


def _words(name: str) -> list[str]:
    return normalised(name).split("_")


def _letters(name: str) -> str:
    """Bring a name to its letters; numbers stay apart, so that 1 1 is not 11."""
    numbers = "".join(f"|{digits}" for digits in _DIGITS.findall(name))
    return "".join(_words(name)) + numbers


def _singular(name: str) -> str:
    words = (without_accents(word) for word in _words(name))
    numbers = "".join(f"|{digits}" for digits in _DIGITS.findall(name))
    return "".join(_without_plural(word) for word in words) + numbers


def _without_plural(word: str) -> str:
    """Take the English plural off a word.

    >>> [_without_plural(word) for word in ("tickets", "stories", "access", "status", "bus")]
    ['ticket', 'story', 'access', 'status', 'bus']
    """
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and word[-2] not in "sui" else word


# --- Slips of the pen --------------------------------------------------------------------------------------------


def _slips(names: Sequence[str]) -> list[list[str]]:
    """Gather names around the most frequent one from which they differ by one slip in one long word."""
    words = {name: [without_accents(word) for word in _words(name)] for name in names}
    near: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name in names:
        for key in _with_a_letter_less(words[name]):
            near[key].append(name)
    pairs: dict[str, set[str]] = defaultdict(set)
    for cluster in near.values():
        for other in cluster[1:]:
            if other != cluster[0] and _is_slip(words[cluster[0]], words[other]):
                pairs[cluster[0]].add(other)
    clusters: list[list[str]] = []
    taken: set[str] = set()
    for name in names:
        others = {other for other in pairs.get(name, ()) if other not in taken}
        if others and name not in taken:
            clusters.append([name, *sorted(others)])
            taken |= {name, *others}
    return clusters


def _with_a_letter_less(words: Sequence[str]) -> Iterable[tuple[str, ...]]:
    """Name all forms in which one long word lacks one letter: two words a slip apart share one of them."""
    for place, word in enumerate(words):
        if len(word) >= _LONG_WORD - 1 and not _DIGITS.search(word):
            shorter = {word} | {word[:index] + word[index + 1 :] for index in range(1, len(word))}
            for form in sorted(shorter):
                yield (*words[:place], f"{form}~", *words[place + 1 :])


def _is_slip(one: Sequence[str], other: Sequence[str]) -> bool:
    [(left, right)] = [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]] or [("", "")]
    if left[:1] != right[:1] or max(len(left), len(right)) < _LONG_WORD:
        return False
    if len(left) != len(right):
        short, long = sorted((left, right), key=len)
        return any(long[:index] + long[index + 1 :] == short for index in range(1, len(long)))
    differing = [index for index, (a, b) in enumerate(zip(left, right, strict=True)) if a != b]
    if len(differing) == 1:
        return True
    is_swap = len(differing) == 2 and differing[1] == differing[0] + 1
    return is_swap and left[differing[0]] == right[differing[1]] and left[differing[1]] == right[differing[0]]
