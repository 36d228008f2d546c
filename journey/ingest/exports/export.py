"""What is known of one vendor's export: how it is told by its columns, what each stands for, and its traps."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from journey.engine import Draft
from journey.ingest import mapping as recipe
from journey.ingest.files.staging import StagedTable
from journey.language import _

#: Roles that any number of columns may have.
_SHARED_ROLES = ("attribute", "identity", "ignore")
_NO_LETTER = re.compile(r"[\W_]+")
_CURRENCY = re.compile(r"\(([A-Z]{3})\)\s*$|_in_([a-z]{3})$")

#: Rows are rewritten before they are mapped: what a row tells in a vendor's own way becomes columns or rows of ours.
Preparation = Callable[[Draft, StagedTable, "Columns"], StagedTable]


def compact(header: str) -> str:
    """Bring a header into the form in which all spellings of it are the same.

    >>> compact("traffic_source.medium"), compact("traffic_source__medium"), compact("Traffic Source Medium")
    ('trafficsourcemedium', 'trafficsourcemedium', 'trafficsourcemedium')
    """
    return _NO_LETTER.sub("", header.casefold()) or header.strip()


def alternatives(names: str) -> tuple[str, ...]:
    """Take apart headers written one after the other, best first, as in `user_id | userId`."""
    return tuple(dict.fromkeys(compact(name) for name in names.split("|") if name.strip()))


class Columns:
    """The headers of a file, found by any spelling of their names."""

    def __init__(self, header: Sequence[str], prefixes: Sequence[str] = ()) -> None:
        self._whole: dict[str, list[str]] = {}
        self._stripped: dict[str, list[str]] = {}
        for each in sorted(header, key=lambda name: (len(name), name)):
            self._whole.setdefault(compact(each), []).append(each)
            if (bare := _without_prefix(each, prefixes)) is not None:
                self._stripped.setdefault(compact(bare), []).append(each)

    def __contains__(self, name: str) -> bool:
        return compact(name) in self._whole

    def found(self, names: str) -> list[str]:
        """Name the headers that any of these names fits, in the order of the names."""
        places = [(self._whole, name) for name in alternatives(names)]
        fitting = [header for whole, name in places for header in (*whole.get(name, ()), *self._stripped.get(name, ()))]
        return list(dict.fromkeys(fitting))

    def first(self, names: str) -> str | None:
        return next(iter(self.found(names)), None)

    def has(self, names: str) -> bool:
        return any(name in self._whole for name in alternatives(names))

    def matching(self, pattern: str) -> list[str]:
        """Name the headers that a pattern fits, upper and lower case the same."""
        fits = re.compile(pattern, re.IGNORECASE)
        return sorted(each for headers in self._whole.values() for each in headers if fits.search(each))


def _without_prefix(header: str, prefixes: Sequence[str]) -> str | None:
    for prefix in prefixes:
        bare = re.sub(rf"^(?:\*\.)?{prefix}[._]+(?=.)", "", header, flags=re.IGNORECASE)
        if bare != header:
            return bare
    return None


@dataclass(frozen=True)
class Export:
    """One kind of file that a vendor's tool writes.

    Parameters
    ----------
    name
        How recipes call it, as in `shopify_orders`.
    title
        What it is, with its article, as in “a Shopify orders export”.
    needs
        Headers that must all be there; one that may be written in several ways is so told (`user_id | client_key`).
    hints, n_hints
        Headers of which so many must be there besides.
    lacks
        Headers that must not be there: they belong to another export that looks alike.
    kind
        What its rows are (`journey.ingest.mapping.KINDS`).
    columns
        Role → headers, best first. Of the roles that only one column can have, the best header present gets it; of
        several customer ids the best is the customer's, the others are further identities.
    rules
        Pairs of a pattern and the role of unknown headers it fits: questions of surveys, attributes of cases.
    prefixes
        What stands before the name of a header where an export writes nested values side by side.
    customer_names
        Headers that tell a customer by a name, or only the company: the first is the customer where no id is there.
        They are no identities, since people share them.
    touchpoint, channel, score_kind
        What every row is, where no column says it.
    moments
        The interactions a row tells of; `column` holds the headers that may stand for the time.
    traps
        Sentences about what is easily misread in this export, and how it is read here.
    lacking
        Why no journey can be built from it; None for exports that hold one.
    preparation
        How its rows are rewritten before they are mapped.
    shows_in
        Tells the export by its first rows where it is written without a header.
    """

    name: str
    title: str
    needs: tuple[str, ...]
    hints: str = ""
    n_hints: int = 1
    lacks: str = ""
    kind: str = "interactions"
    columns: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[tuple[str, str], ...] = ()
    prefixes: tuple[str, ...] = ()
    customer_names: str = ""
    touchpoint: str | None = None
    channel: str | None = None
    score_kind: str | None = None
    moments: tuple[recipe.Moment, ...] = ()
    traps: tuple[str, ...] = ()
    lacking: str | None = None
    preparation: Preparation | None = None
    shows_in: Callable[[Sequence[Sequence[str]]], bool] | None = None

    @property
    def label(self) -> str:
        """Name it for a sentence: “This looks like {label}.”."""
        return _(self.title)

    @property
    def notes(self) -> tuple[str, ...]:
        """Tell what is easily misread in it, in whole sentences."""
        return tuple(_(trap) for trap in self.traps)

    @property
    def missing(self) -> str | None:
        """Tell why no journey can be built from it, in whole sentences; None where one can."""
        return None if self.lacking is None else _(self.lacking)

    def matches(self, header: Sequence[str], first_rows: Sequence[Sequence[str]] = ()) -> bool:
        """Tell whether a file with these columns is one; further columns, their order and their case don't matter."""
        columns = Columns(header)
        if self.shows_in is not None and self.shows_in([header, *first_rows]):
            return True
        n_hints = sum(columns.has(hint) for hint in self.hints.split("|")) if self.hints else self.n_hints
        return (
            bool(self.needs)
            and all(columns.has(needed) for needed in self.needs)
            and n_hints >= self.n_hints
            and not columns.has(self.lacks)
        )

    def prepared(self, draft: Draft, staged: StagedTable) -> StagedTable:
        """Rewrite the rows of a staged table so that `mapping` fits it; most exports stay as they are."""
        if self.preparation is None:
            return staged
        return self.preparation(draft, staged, self._columns(staged.header))

    def mapping(self, header: Sequence[str], empty: Collection[str] = ()) -> recipe.Mapping:
        """Tell what each column stands for; `empty` are those without a filled cell, which stand for nothing."""
        columns = self._columns([each for each in header if each not in empty])
        roles = self._roles(columns)
        held = set(roles.values())
        moments = tuple(
            replace(moment, column=found, carries=tuple(each for each in moment.carries if each in held))
            for moment in self.moments
            if (found := columns.first(moment.column)) is not None
        )
        has_customer = bool(held & {"customer_id", "identity"})
        return recipe.Mapping(
            roles=tuple((each, roles.get(each, "ignore")) for each in header),
            kind=self.kind,
            export=self.name,
            touchpoint=None if "touchpoint" in held else self.touchpoint,
            channel=None if "channel" in held else self.channel,
            moments=moments,
            customer_per_row=self.kind == "feedback" and not has_customer,
            score_kind=self.score_kind if "score" in held and "score_kind" not in held else None,
        )

    def unknown_columns(self, header: Sequence[str]) -> tuple[str, ...]:
        """Name the columns that are not the vendor's own, so that only their cells can tell what they are."""
        columns = self._columns(header)
        known = {*self._roles(columns), *(each for moment in self.moments for each in columns.found(moment.column))}
        return tuple(each for each in header if each not in known)

    def currency(self, header: Sequence[str]) -> str | None:
        """Tell the currency that the header of the amounts names, as in `Amount spent (EUR)`."""
        roles = self._roles(self._columns(header))
        for each, role in sorted(roles.items()):
            if role in ("cost", "revenue") and (named := _CURRENCY.search(each)):
                return (named[1] or named[2]).upper()
        return None

    def _columns(self, header: Sequence[str]) -> Columns:
        return Columns(header, self.prefixes)

    def _roles(self, columns: Columns) -> dict[str, str]:
        roles: dict[str, str] = {}
        for role, names in self.columns.items():
            self._give(roles, role, columns.found(names))
        named = columns.found(self.customer_names)
        if "customer_id" not in roles.values():
            self._give(roles, "customer_id", named[:1])
        self._give(roles, "ignore", named)
        for pattern, role in self.rules:
            self._give(roles, role, columns.matching(pattern))
        return roles

    def _give(self, roles: dict[str, str], role: str, headers: Sequence[str]) -> None:
        """Give a role to the best of its headers; what the others become depends on the role."""
        free = [each for each in headers if each not in roles]
        if role in _SHARED_ROLES:
            roles.update(dict.fromkeys(free, role))
            return
        is_given = role in roles.values()
        other = "identity" if role == "customer_id" else "ignore"
        for place, each in enumerate(free):
            roles[each] = role if place == 0 and not is_given else other
