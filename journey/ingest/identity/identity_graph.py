"""Ids that met in a row become groups: union–find, from the strongest ids to the weakest, with guards.

A weaker id never joins two stronger ones of the same space, but for the few that an e-mail or a contact may join; a
chain of weaker ids never does what one of them may not. Where that would happen, all links that take part are left
out. So the answer does not depend on the order of ids, rows or files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: Why an id joins nothing.
GLUES, NOBODY, ACCOUNT_BESIDE, SHARED, AMBIGUOUS, CHAINED, TOO_LARGE = range(7)
NO_ID: Final = -1


@dataclass(frozen=True)
class Rule:
    """What the ids of one space may do; spaces are numbered from the strongest.

    `most_joined`: how many stronger ids of one space one of these may join. `most_per_id`: how many of these a
    stronger id may meet before none of them is its own; None: any number. `holds_many`: it is a company.
    `is_filled_in`: tools write ids of such spaces into each other's columns, so that a rich value is the same thing in
    all of them. `is_deed`: done once by one person, as an order is; it may join a further cookie to a person.
    """

    most_joined: int = 1
    most_per_id: int | None = None
    is_strong: bool = False
    holds_many: bool = False
    is_filled_in: bool = False
    is_deed: bool = False


@dataclass(frozen=True)
class Nodes:
    """All ids: the number of their space, a number for their text, and what is known of each alone.

    `verdict` is `GLUES` where nothing speaks against the id; `is_rich` where two systems hardly give the same text by
    chance; `is_office` where several persons may read an e-mail address.
    """

    space: Ints
    text: Ints
    verdict: Ints
    is_rich: Flags
    is_office: Flags


@dataclass(frozen=True)
class Groups:
    """The group of every id, by its smallest member, and the verdict on the id.

    `same` is the id that it really is, where one column fills in the id of another: else itself.
    `takes_no` marks strong ids that met too many weaker ones, `bridges` weak ids that alone joined stronger ones,
    `cuts` weak ids that met several groups and were given to the only person among them.
    """

    group: Ints
    verdict: Ints
    same: Ints
    takes_no: Flags
    bridges: Flags
    cuts: Flags


def glued(nodes: Nodes, edges: Ints, rules: Sequence[Rule], most_ids_of_one: int | None) -> Groups:
    """Join ids; `edges` has two columns of node numbers, and nodes are numbered from the strongest space."""
    verdict = nodes.verdict.copy()
    edges = _tidy(nodes, edges[(verdict[edges] == GLUES).all(axis=1)])
    same = _same_thing(nodes, edges, rules)
    edges = _tidy(nodes, same[edges])
    blocked = np.zeros(len(verdict), np.bool_)
    while True:
        work = _Work(nodes, rules, verdict.copy(), edges[~blocked[edges].any(axis=1)])
        work.run()
        large = work.joiners_in_large_groups(most_ids_of_one)
        if not large.any():
            break
        blocked |= large
        verdict[large] = TOO_LARGE
    verdict = np.where(work.cuts, GLUES, work.verdict)
    return Groups(work.label[same], verdict[same], same, work.takes_no, work.bridges, work.cuts)


def _tidy(nodes: Nodes, edges: Ints) -> Ints:
    """Sort each pair, the stronger id first; drop repeated pairs, and those of one space: they join nothing."""
    edges = np.sort(edges[nodes.space[edges[:, 0]] != nodes.space[edges[:, 1]]], axis=1)
    return _distinct(edges[:, 0], edges[:, 1])


def _distinct(first: Ints, second: Ints) -> Ints:
    """Name each pair once, in order. One number per pair sorts many times faster than rows do."""
    size = int(second.max(initial=0)) + 1
    codes = _different(first * size + second)
    return np.column_stack([codes // size, codes % size])


def _different(codes: Ints) -> Ints:
    """Name each number once, in order; NumPy's own `unique` goes through a hash table, which is slower for these."""
    codes = np.sort(codes)
    kept: Ints = codes[np.append(np.ones(min(1, len(codes)), np.bool_), codes[1:] != codes[:-1])]
    return kept


def _same_thing(nodes: Nodes, edges: Ints, rules: Sequence[Rule]) -> Ints:
    """Tell of every id which one it really is, where one column fills in the id of another.

    A customer's column may hold the cookie as long as nobody is known, and a cookie's column the user's id once one
    is: the same value then stands in both. It is a cookie if it also met another customer, a customer if it also met
    another cookie; if both, the two are left apart.
    """
    same = np.arange(len(nodes.space))
    strong, weak = _twice(nodes, edges, rules)
    if not len(strong):
        return same
    n_spaces = len(rules)
    is_other = nodes.text[edges[:, 0]] != nodes.text[edges[:, 1]]
    first, second = edges[is_other, 0], edges[is_other, 1]
    met = _different(np.concatenate([first * n_spaces + nodes.space[second], second * n_spaces + nodes.space[first]]))
    is_weak = np.isin(weak * n_spaces + nodes.space[strong], met)
    is_strong = np.isin(strong * n_spaces + nodes.space[weak], met)
    same[strong[is_weak & ~is_strong]] = weak[is_weak & ~is_strong]
    same[weak[~is_weak]] = strong[~is_weak]
    # What was filled in from a third column is found in two steps.
    return same[same]


def _twice(nodes: Nodes, edges: Ints, rules: Sequence[Rule]) -> tuple[Ints, Ints]:
    """Find values that stand in two spaces: side by side in a row, or anywhere if tools fill them in there."""
    beside = edges[(nodes.text[edges[:, 0]] == nodes.text[edges[:, 1]]) & nodes.is_rich[edges[:, 0]]]
    is_filled_in = np.array([rule.is_filled_in for rule in rules])[nodes.space]
    those = np.flatnonzero(is_filled_in & nodes.is_rich & (nodes.verdict == GLUES))
    those = those[np.argsort(nodes.text[those], kind="stable")]
    is_pair = nodes.text[those[1:]] == nodes.text[those[:-1]]
    pairs = _tidy(nodes, np.concatenate([beside, np.column_stack([those[:-1][is_pair], those[1:][is_pair]])]))
    return pairs[:, 0], pairs[:, 1]


class _Work:
    """One pass over the spaces; `label` is the group so far, by its smallest member."""

    def __init__(self, nodes: Nodes, rules: Sequence[Rule], verdict: Ints, edges: Ints) -> None:
        self.nodes, self.rules, self.verdict, self.edges = nodes, rules, verdict, edges
        self.n_nodes, self.n_spaces = len(verdict), len(rules)
        self.label = np.arange(self.n_nodes)
        self.takes_no, self.bridges, self.joins, self.cuts = (np.zeros(self.n_nodes, np.bool_) for _each in range(4))
        self._is_strong = np.array([rule.is_strong for rule in rules])[nodes.space]

    def run(self) -> None:
        space_of_weaker = self.nodes.space[self.edges[:, 1]]
        for number, rule in enumerate(self.rules):
            edges = self._not_too_many(rule, self.edges[space_of_weaker == number])
            if len(edges):
                self._attach(number, rule, edges[:, 0], edges[:, 1])

    def _not_too_many(self, rule: Rule, edges: Ints) -> Ints:
        """Leave out the links of a stronger id that meets more ids of this space than a person has."""
        if rule.most_per_id is None or not len(edges):
            return edges
        holds_many = np.array([each.holds_many for each in self.rules])[self.nodes.space]
        is_too_many = (np.bincount(edges[:, 0], minlength=self.n_nodes) > rule.most_per_id) & ~holds_many
        self.takes_no |= is_too_many
        kept: Ints = edges[~is_too_many[edges[:, 0]]]
        return kept

    def _attach(self, number: int, rule: Rule, strong: Ints, weak: Ints) -> None:
        """Give the ids of a space to the groups of the stronger ids they met."""
        most = np.where(self.nodes.is_office, 1, rule.most_joined)
        is_tolerant = most > 1
        codes, n_met = np.unique(weak * self.n_spaces + self.nodes.space[strong], return_counts=True)
        whose = codes // self.n_spaces
        self.verdict[whose[is_tolerant[whose] & (n_met > most[whose])]] = SHARED
        pairs = _distinct(weak, self.label[strong])
        pairs = pairs[self.verdict[pairs[:, 0]] == GLUES]
        joins = np.bincount(pairs[:, 0], minlength=self.n_nodes) > 1
        self._refuse(number, rule, pairs[(joins & ~is_tolerant)[pairs[:, 0]]])
        pairs = np.concatenate([pairs[self.verdict[pairs[:, 0]] == GLUES], self._still_sure(strong, weak)])
        joins &= self.verdict == GLUES
        self.joins |= joins
        self.bridges |= joins & ~is_tolerant
        self.label = _components(self.n_nodes, pairs)[self.label]

    def _refuse(self, number: int, rule: Rule, asks: Ints) -> None:
        """Turn down ids that would join two groups with ids of one space, alone or together with others."""
        if not len(asks):
            return
        held = self._spaces_held(number, rule)
        self.verdict[_clashing(_with_spaces(asks, held, self.n_spaces), self.n_spaces)] = AMBIGUOUS
        asks = asks[self.verdict[asks[:, 0]] == GLUES]
        whole = _components(self.n_nodes, asks)[asks[:, 0]]
        through = _with_spaces(_distinct(whole, asks[:, 1]), held, self.n_spaces)
        self.verdict[asks[np.isin(whole, _clashing(through, self.n_spaces)), 0]] = CHAINED

    def _still_sure(self, strong: Ints, weak: Ints) -> Ints:
        """Give an id that may join nothing to the one person it met, if there is but one."""
        is_turned_down = (self.verdict[weak] == AMBIGUOUS) | (self.verdict[weak] == CHAINED)
        is_told = is_turned_down & self._is_strong[strong]
        told = _distinct(weak[is_told], self.label[strong[is_told]])
        pairs: Ints = told[np.bincount(told[:, 0], minlength=self.n_nodes)[told[:, 0]] == 1]
        self.cuts[pairs[:, 0]] = True
        return pairs

    def _spaces_held(self, number: int, rule: Rule) -> Ints:
        """Pairs of a group and a space of which it holds ids, each as one number, sorted."""
        stronger = (self.nodes.space < number) & (self._is_strong | np.bool_(not rule.is_deed))
        return _different(self.label[stronger] * self.n_spaces + self.nodes.space[stronger])

    def joiners_in_large_groups(self, most: int | None) -> Flags:
        """Find the ids that joined others in groups with more strong ids than one person has."""
        if most is None:
            return np.zeros(self.n_nodes, np.bool_)
        n_strong = np.bincount(self.label[self._is_strong], minlength=self.n_nodes)
        return np.asarray(self.joins & (n_strong[self.label] > most))


def _components(n_nodes: int, links: Ints) -> Ints:
    """Label every node with the smallest node it hangs together with."""
    # Loading it takes longer than most imports have ids to join.
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ends = (np.ones(len(links), np.bool_), (links[:, 0], links[:, 1]))
    _n_found, component = connected_components(coo_array(ends, shape=(n_nodes, n_nodes)), directed=False)
    smallest = np.empty(n_nodes, np.int64)
    # Written from the last node to the first, so that the smallest of each component stays.
    smallest[component[::-1]] = np.arange(n_nodes)[::-1]
    labels: Ints = smallest[component]
    return labels


def _with_spaces(pairs: Ints, held: Ints, n_spaces: int) -> Ints:
    """Replace each (asker, group) by (asker, space) for every space the group holds ids of."""
    first = np.searchsorted(held, pairs[:, 1] * n_spaces)
    n_held = np.searchsorted(held, (pairs[:, 1] + 1) * n_spaces) - first
    place = np.arange(n_held.sum()) - np.repeat(np.cumsum(n_held) - n_held - first, n_held)
    return np.column_stack([np.repeat(pairs[:, 0], n_held), held[place] % n_spaces])


def _clashing(pairs: Ints, n_spaces: int) -> Ints:
    """Name the askers with two groups that hold ids of one space."""
    codes, counts = np.unique(pairs[:, 0] * n_spaces + pairs[:, 1], return_counts=True)
    return _different(codes[counts > 1] // n_spaces)
