"""Many touchpoints become few: rules by wildcard or expression, what each puts together, and rules to begin with."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from journey.errors import ArgumentError
from journey.ingest.names.page_names import is_address, page_name, whole_path
from journey.language import _, readable

#: Before a pattern of regular expressions; without it, `*` stands for anything and `?` for one sign.
EXPRESSION: Final = "re:"
_LONGEST_PATTERN: Final = 200
#: So many touchpoints can be read; what lies behind them is better grouped.
N_READ: Final = 100
_FEWEST_MEMBERS: Final = 5


@dataclass(frozen=True)
class Group:
    """A rule: what the pattern fits is called by the name."""

    pattern: str
    name: str


@dataclass(frozen=True)
class GroupPreview:
    """What falls together under a rule: the touchpoints, the most frequent first, each with its interactions."""

    pattern: str
    name: str
    members: tuple[tuple[str, int], ...]
    n_interactions: int


def grouped(names_with_counts: Sequence[tuple[str, int]], groups: Sequence[Group]) -> list[GroupPreview]:
    """Tell for every rule what falls together under it; what an earlier rule took does not count again.

    Raises
    ------
    ArgumentError
        When a pattern is empty, too long or not well formed.

    Examples
    --------
    >>> grouped([("/product/red", 5), ("/product/blue", 7), ("/cart", 3)], [Group("/product/*", "Product page")])
    [GroupPreview(pattern='/product/*', name='Product page', members=(('/product/blue', 7), ('/product/red', 5)),
    n_interactions=12)]
    """
    places = _place_of_each([(name, name) for name, _n in names_with_counts], groups)
    members: dict[int, Counter[str]] = defaultdict(Counter)
    for (name, n), place in zip(names_with_counts, places, strict=True):
        if place is not None:
            members[place][name] += n
    return [
        GroupPreview(
            group.pattern,
            group.name,
            tuple(sorted(members[place].items(), key=lambda each: (-each[1], each[0]))),
            members[place].total(),
        )
        for place, group in enumerate(groups)
    ]


def group_of_each(names: Sequence[tuple[str, str]], groups: Sequence[Group]) -> list[str | None]:
    """Name the group of each pair of a label and what was written; None where no rule fits."""
    return [None if place is None else groups[place].name for place in _place_of_each(names, groups)]


def _place_of_each(names: Sequence[tuple[str, str]], groups: Sequence[Group]) -> list[int | None]:
    patterns = [_expression(group.pattern) for group in groups]
    if not groups or not names:
        return [None] * len(names)
    # An id in a path may be what a pattern speaks of, so that the whole path is compared, too.
    forms = [
        [label for label, _written in names],
        [written for _label, written in names],
        [whole_path(written) if is_address(written) else written for _label, written in names],
    ]
    columns = [pa.array(form, pa.string()) for form in forms]
    places: list[int | None] = [None] * len(names)
    for place in reversed(range(len(groups))):
        for column in columns:
            # Arrow's patterns take time in proportion to the text, whatever a person writes.
            for index, fits in enumerate(pc.match_substring_regex(column, patterns[place]).to_pylist()):
                if fits:
                    places[index] = place
    return places


def _expression(pattern: str) -> str:
    if not pattern.strip() or pattern.strip() == EXPRESSION or len(pattern) > _LONGEST_PATTERN:
        raise ArgumentError.bad_pattern(pattern[:_LONGEST_PATTERN], _("it is empty or too long"))
    if pattern.startswith(EXPRESSION):
        expression = pattern.removeprefix(EXPRESSION).strip()
    else:
        signs = {"*": ".*", "?": "."}
        expression = "(?is)^" + "".join(signs.get(sign) or re.escape(sign) for sign in pattern.strip()) + "$"
    try:
        pc.match_substring_regex(pa.array([""]), expression)
    except pa.ArrowInvalid as error:
        raise ArgumentError.bad_pattern(pattern, str(error).splitlines()[0]) from error
    return expression


def suggested_groups(names_with_counts: Sequence[tuple[str, int]], n_kept: int = N_READ) -> list[Group]:
    """Offer rules for touchpoints that are too many to read: those behind the first `n_kept` with a common beginning.

    A path begins with its first part, a name with what stands before a colon, a dash or its first word. Five must
    share a beginning; the beginning with most interactions comes first.

    >>> suggested_groups([(f"/shop/item-{n}", 9) for n in range(6)], n_kept=0)
    [Group(pattern='/shop/*', name='Shop pages')]
    """
    ranked = sorted(names_with_counts, key=lambda each: (-each[1], each[0]))
    members, weights = Counter[str](), Counter[str]()
    for name, n in ranked[n_kept:]:
        if beginning := _beginning(name):
            members[beginning] += 1
            weights[beginning] += n
    shared = [beginning for beginning, n in members.items() if n >= _FEWEST_MEMBERS]
    return [
        Group(_literally(beginning) + "*", _name_of_group(beginning))
        for beginning in sorted(shared, key=lambda each: (-weights[each], each))
    ]


_BEGINNING: Final = re.compile(r"^(.{2,40}?(?::\s*|\s[-–—|/]\s|_|\s))\S")


def _beginning(name: str) -> str:
    if name.startswith("/"):
        first, mark, _rest = name[1:].partition("/")
        return f"/{first}/" if mark and first else ""
    found = _BEGINNING.match(name)
    return found[1] if found else ""


def _literally(beginning: str) -> str:
    return beginning.replace("?", "*")


def _name_of_group(beginning: str) -> str:
    if beginning.startswith("/"):
        known = page_name(f"{beginning}x")
        if known and not known.startswith("/"):
            return known
        return _("{name} pages").format(name=readable(beginning.strip("/").replace("-", " ")))
    return _("{name} …").format(name=readable(beginning.strip(" _:-–—|/").replace("_", " ")))
