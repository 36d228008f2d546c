"""A dashboard to hand on: collected, protected, and written as a document."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

from journey.analysis.concentration import largest_share_of_revenue
from journey.analysis.personas import Personas
from journey.dataset import Dataset
from journey.language import _, listed
from journey.reports.choices import Choices
from journey.reports.collecting import Progress, views_of
from journey.reports.html import Library, policy, shared_document
from journey.reports.protected_findings import protected_findings, protecting
from journey.reports.protection import Guard, protected
from journey.reports.protection.money import LARGEST_SHARE
from journey.reports.views import Collected

#: Of the whole work, collecting takes so much; protecting the rest.
_SHARE_OF_COLLECTING = 0.9
_MOST_NAMED = 6


@dataclass(frozen=True, eq=False)
class Shared:
    """What a link shows. Only protected figures are in it."""

    tables: Collected
    choices: Choices
    made_at: datetime.datetime
    #: Labels of what could be switched to, but holds too few customers.
    left_out: tuple[str, ...]

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
        said = [self.tables.kept_back or _("Nothing had to be left out."), moved]
        if self.left_out:
            names = listed(list(self.left_out), at_most=_MOST_NAMED)
            said.append(_("Too small to switch to: {names}.").format(names=names))
        return " ".join(said)


def shared(
    dataset: Dataset,
    personas: Personas | None,
    choices: Choices,
    key: bytes,
    *,
    made_at: datetime.datetime,
    epoch: int = 0,
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
    epoch
        Which noise of the key, as `journey.reports.protection.epochs.epoch_of` chooses it.
    progress
        Called with the part of the work that is done, [0, 1], and what it is at.

    Raises
    ------
    UnknownNameError
        When the dataset has no such cut or filter.
    NotEnoughDataError
        When the filters leave too few customers to tell anything.
    """
    guard = Guard(key, choices.least, epoch)
    chosen = (personas.dataset if personas else dataset).where(choices.filters)
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
    told = protected(_with_protected_findings(exact), guard)
    kept = {(view.cut, view.value) for view in told.views}
    left_out = tuple(view.label for view in exact.views if (view.cut, view.value) not in kept)
    return Shared(told, choices, made_at, left_out)


def _with_protected_findings(exact: Collected) -> Collected:
    whole = exact.whole
    if whole.tables.findings is None:
        return exact
    tables = replace(whole.tables, findings=protected_findings(whole.tables.findings))
    return replace(exact, views=(replace(whole, tables=tables), *exact.views[1:]))
