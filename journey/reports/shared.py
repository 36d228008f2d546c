"""A dashboard to hand on: collected, protected, and written as a document."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from journey.analysis.concentration import largest_share_of_revenue
from journey.analysis.personas import Personas
from journey.dataset import Dataset, Filters
from journey.errors import JourneyError, NotEnoughDataError
from journey.language import _, listed, number
from journey.reports.choices import PERSONA, Choices
from journey.reports.collecting import Progress, views_of
from journey.reports.cuts import stretches_of, values_of
from journey.reports.html import Library, policy, shared_document
from journey.reports.protected_findings import protected_findings, protecting
from journey.reports.protection import Guard, protected
from journey.reports.protection.cells import Population, population_of
from journey.reports.protection.epochs import Telling, digests_of, tellings_of
from journey.reports.protection.money import LARGEST_SHARE
from journey.reports.views import Collected

#: Of the whole work, collecting takes so much; protecting the rest.
_SHARE_OF_COLLECTING = 0.9
_MOST_NAMED = 6
#: Views of the whole and of two groups: as each count is smaller in a group, more are missing there than in the whole.
_SEVERAL_GROUPS = 3


@dataclass(frozen=True, eq=False)
class Shared:
    """What a link shows. Only protected figures are in it."""

    tables: Collected
    choices: Choices
    made_at: datetime.datetime
    #: Labels of what could be switched to, but holds too few customers.
    left_out: tuple[str, ...]
    #: Labels of what was told of too often with other numbers to be told of now.
    told_too_often: tuple[str, ...]
    #: Of whom it tells, and how; None for whom it can't tell of now.
    tellings: dict[Population, Telling | None]

    def tellings_after(self, earlier: Collection[Telling]) -> list[Telling]:
        """Hand out of whom it tells, to be remembered before somebody sees it.

        Raises
        ------
        JourneyError
            When something else was told since it was worked out, so that its numbers have to be drawn anew.
        """
        told = {population: each.digests for population, each in self.tellings.items() if each is not None}
        if tellings_of(told, earlier, self.choices.least) != {name: self.tellings[name] for name in told}:
            raise JourneyError.shared_meanwhile()
        return [each for each in self.tellings.values() if each is not None]

    def document(self, library: Library) -> bytes:
        """Write the document; `embedded` for a file that needs nothing else."""
        return shared_document(self.tables, self.choices, made_at=self.made_at, library=library).encode()

    @property
    def policy(self) -> str:
        """The content security policy to serve the linked document with."""
        return policy("linked")

    @property
    def n_views(self) -> int:
        return len(self.tables.views)

    @property
    def suppressed(self) -> str:
        """Say what was left out, in a few sentences."""
        moved = _(
            "Counts are moved by up to 2, means by up to 2 divided by their number; times, money and numbers of "
            "interactions are rough, with two digits."
        )
        said = [self._left_out_in_words(), moved]
        if self.left_out:
            names = listed(list(self.left_out), at_most=_MOST_NAMED)
            said.append(_("Too small to switch to: {names}.").format(names=names))
        if self.told_too_often:
            names = listed(list(self.told_too_often), at_most=_MOST_NAMED)
            why = _("Shared too often while few customers changed, so that once more would tell about them: {names}.")
            said.append(why.format(names=names))
        return " ".join(said)

    def _left_out_in_words(self) -> str:
        if not self.tables.kept_back:
            return _("Nothing had to be left out.")
        if self.n_views < _SEVERAL_GROUPS:
            return _("Numbers about small groups (fewer than {least} customers) are left out.").format(
                least=number(self.choices.least)
            )
        return _(
            "Numbers about small groups (fewer than {least} customers) are left out, mostly among the groups to switch "
            "to, which are smaller than the whole."
        ).format(least=number(self.choices.least))


def shared(
    dataset: Dataset,
    personas: Personas | None,
    choices: Choices,
    key: bytes,
    *,
    made_at: datetime.datetime,
    earlier: Collection[Telling] = (),
    progress: Progress | None = None,
) -> Shared:
    """Work out what a link shows.

    Parameters
    ----------
    dataset
        The filters of `choices` take the place of its own.
    personas
        Those of the dataset version; None when there are too few customers.
    choices
        What was picked.
    key
        Of the noise, a secret of the dataset: the same in all its links, or comparing them would undo it.
    made_at
        When that is, with its time zone.
    earlier
        What was told of the dataset before, the oldest first: where few customers changed, counts are moved anew.
    progress
        Called with the part of the work that is done, [0, 1], and what it is at.

    Raises
    ------
    UnknownNameError
        When the dataset has no such cut or filter.
    NotEnoughDataError
        When the filters leave too few customers to tell anything, or were shared too often while few changed.
    """
    laid_out = personas.dataset if personas else dataset
    choices.require_possible(laid_out)
    chosen = laid_out.where(choices.filters)
    told_of = _told_of(laid_out, choices)
    tellings = tellings_of(_digests(laid_out, told_of, choices.least, key), earlier, choices.least)
    guard = _guard(key, choices, tellings)
    has_price = not largest_share_of_revenue(chosen) > LARGEST_SHARE
    exact = views_of(
        dataset,
        personas,
        choices,
        protect=protecting(guard, choices.filters, has_price=has_price),
        progress=(lambda done, what: progress(done * _SHARE_OF_COLLECTING, what)) if progress else None,
    )
    if progress:
        progress(_SHARE_OF_COLLECTING, _("Protecting groups"))
    told = _with_protected_findings(protected(_named_once(exact, tellings), guard))
    kept = {(view.cut, view.value) for view in told.views}
    too_often = tuple(view.label for view in exact.views if population_of(view.filters) in guard.untold)
    left_out = tuple(view.label for view in exact.views if (view.cut, view.value) not in kept)
    left_out = tuple(label for label in left_out if label not in too_often)
    return Shared(told, choices, made_at, left_out, too_often, tellings)


def _told_of(laid_out: Dataset, choices: Choices) -> dict[Population, Filters]:
    """Name whom a document tells of: the whole, personas, the values of the cuts, everybody, and stretches of these.

    Of the same customers the first name is taken; personas have profiles under theirs whatever the cuts.
    """
    whole = laid_out.where(choices.filters)
    cuts = dict.fromkeys((*((PERSONA,) if laid_out.personas else ()), *choices.cuts))
    views = [choices.filters, *(each.filters for cut in cuts for each in values_of(whole, cut))]
    stretches = (each for filters in views for each in _stretches(laid_out, filters))
    return {population_of(filters): filters for filters in (*views, Filters(), *stretches)}


def _stretches(laid_out: Dataset, filters: Filters) -> Iterator[Filters]:
    for first, last in stretches_of(laid_out.where(filters)):
        yield replace(filters, start=first, end=last)


def _digests(laid_out: Dataset, told_of: dict[Population, Filters], least: int, key: bytes) -> dict[Population, bytes]:
    chosen = ((population, laid_out.where(filters)) for population, filters in told_of.items())
    return {population: digests_of(each, key) for population, each in chosen if each.summary.customers >= least}


def _guard(key: bytes, choices: Choices, tellings: dict[Population, Telling | None]) -> Guard:
    whole, everybody = (tellings.get(population_of(filters), True) for filters in (choices.filters, Filters()))
    if whole is None or everybody is None:
        raise NotEnoughDataError.changed_too_little(choices.least)
    known_as = {name: None if each is None else (each.name, each.epoch) for name, each in tellings.items()}
    return Guard(key, choices.least, whole.epoch if isinstance(whole, Telling) else 0, known_as)


def _named_once(exact: Collected, tellings: dict[Population, Telling | None]) -> Collected:
    """Give views of the same customers one name, so that what is kept back in one is in the other."""
    first: dict[bytes, Filters] = {}
    views = []
    for view in exact.views:
        telling = tellings.get(population_of(view.filters))
        # Beside the whole, a view of all its customers is held together with it by their sums.
        if telling is not None and view.cut is not None:
            named = first.setdefault(telling.digests, view.filters)
            views.append(replace(view, filters=named))
        else:
            views.append(view)
    return replace(exact, views=tuple(views))


def _with_protected_findings(told: Collected) -> Collected:
    whole = told.whole
    if whole.tables.findings is None:
        return told
    tables = replace(whole.tables, findings=protected_findings(whole.tables.findings, told))
    return replace(told, views=(replace(whole, tables=tables), *told.views[1:]))
