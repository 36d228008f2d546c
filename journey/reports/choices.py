"""What the one who shares has picked: which pages, what to switch by, how small a group may be, which comments."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final

from journey.dataset import Dataset, Filters
from journey.errors import ArgumentError, UnknownNameError
from journey.language import _, readable
from journey.text.masking import masked

PAGES: Final = ("overview", "personas", "journey_map", "flows", "funnels", "emotions")
#: What is no breakdown and can be switched by all the same; and what is the outcome itself, so nothing to switch by.
PERSONA, PERIOD, OUTCOME = "persona", "period", "stage_reached"
MOST_CUTS = 3
#: A group is told from so many customers on, unless chosen otherwise; never from fewer than `FEWEST_LEAST`.
LEAST, FEWEST_LEAST, MOST_LEAST = 10, 5, 1_000
LONGEST_TITLE = 120
MOST_QUOTES = 50


@dataclass(frozen=True)
class Quote:
    """A comment picked by hand, after it was seen masked, with the place it was said at."""

    comment: str
    stage: str | None = None
    touchpoint: str | None = None

    def __post_init__(self) -> None:
        if masked(self.comment) != self.comment:
            raise ArgumentError.not_masked()


@dataclass(frozen=True)
class Choices:
    """What a shared dashboard holds. Checked when made; `to_dict` and `from_dict` carry it to JSON and back.

    Parameters
    ----------
    title
        What viewers read on top, 1–120 characters.
    valid_until
        The last day of the link.
    pages
        Some of `PAGES`; kept in that order.
    cuts
        At most three things to switch by: `persona`, `period`, a breakdown of the dataset.
    least
        Groups of fewer customers are left out, 5–1,000.
    quotes
        Comments picked by hand; masked.
    filters
        Whom the dashboard is about.

    Raises
    ------
    ArgumentError
        When something lies outside what is possible.

    Examples
    --------
    >>> choices = Choices("Spring", datetime.date(2026, 6, 1), cuts=("period",))
    >>> Choices.from_dict(choices.to_dict()) == choices
    True
    """

    title: str
    valid_until: datetime.date
    pages: tuple[str, ...] = PAGES
    cuts: tuple[str, ...] = ()
    least: int = LEAST
    quotes: tuple[Quote, ...] = ()
    filters: Filters = field(default_factory=Filters)

    def __post_init__(self) -> None:
        if not 1 <= len(self.title.strip()) <= LONGEST_TITLE:
            raise ArgumentError.out_of_range(_("The title's length"), len(self.title.strip()), 1, LONGEST_TITLE)
        if not self.pages:
            raise ArgumentError.too_few(_("pages"), 0, 1)
        _require_once(_("pages"), self.pages)
        for page in self.pages:
            if page not in PAGES:
                raise ArgumentError.not_one_of(_("pages"), page, PAGES)
        object.__setattr__(self, "pages", tuple(page for page in PAGES if page in self.pages))
        _require_once(_("cuts"), self.cuts)
        if len(self.cuts) > MOST_CUTS:
            raise ArgumentError.out_of_range(_("The number of cuts"), len(self.cuts), 0, MOST_CUTS)
        if not FEWEST_LEAST <= self.least <= MOST_LEAST:
            raise ArgumentError.out_of_range(_("The smallest group"), self.least, FEWEST_LEAST, MOST_LEAST)
        if len(self.quotes) > MOST_QUOTES:
            raise ArgumentError.out_of_range(_("The number of comments"), len(self.quotes), 0, MOST_QUOTES)

    def require_possible(self, dataset: Dataset) -> None:
        """Check that a dataset, with its personas laid beside it, has what is switched by."""
        known = cuts_of(dataset)
        for cut in self.cuts:
            if cut not in known:
                raise UnknownNameError.among(_("cut"), cut, list(known))

    def to_dict(self) -> dict[str, Any]:
        """Write the choices as plain JSON values."""
        return {
            "title": self.title,
            "valid_until": self.valid_until.isoformat(),
            "pages": list(self.pages),
            "cuts": list(self.cuts),
            "least": self.least,
            "quotes": [asdict(quote) for quote in self.quotes],
            "filters": _filters_to_dict(self.filters),
        }

    @classmethod
    def from_dict(cls, held: Mapping[str, Any]) -> Choices:
        """Read choices that `to_dict` wrote."""
        return cls(
            title=held["title"],
            valid_until=datetime.date.fromisoformat(held["valid_until"]),
            pages=tuple(held["pages"]),
            cuts=tuple(held["cuts"]),
            least=held["least"],
            quotes=tuple(Quote(**quote) for quote in held["quotes"]),
            filters=_filters_from_dict(held["filters"]),
        )


def cuts_of(dataset: Dataset) -> dict[str, str]:
    """Name what a document about a dataset can be switched by, in a person's words; the dataset with its personas."""
    words = {PERSONA: _("persona"), "channel": _("first channel"), "device": _("first device")}
    words |= {attribute.name: readable(attribute.label) for attribute in dataset.facts.attributes}
    by = {
        name: words.get(name, name)
        for name in dataset.breakdowns
        if name != OUTCOME and len(dataset.values_of(name)) > 1
    }
    return {**by, PERIOD: _("period")}


def _require_once(argument: str, values: Sequence[str]) -> None:
    for place, value in enumerate(values):
        if value in values[:place]:
            raise ArgumentError.given_twice(argument, value)


def _filters_to_dict(filters: Filters) -> dict[str, Any]:
    """Write what the filters choose; those that choose nothing are left out."""
    told = {each.name: getattr(filters, each.name) for each in fields(filters)}
    plain = {name: value.isoformat() if name in _DAYS and value else value for name, value in told.items()}
    plain["attributes"] = [[name, list(values)] for name, values in filters.attributes]
    return {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items() if value}


def _filters_from_dict(held: Mapping[str, Any]) -> Filters:
    told: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in held.items()}
    told |= {name: datetime.date.fromisoformat(held[name]) for name in _DAYS if name in held}
    told |= {"attributes": tuple((name, tuple(values)) for name, values in held.get("attributes", ()))}
    return Filters(**told)


_DAYS: Final = ("start", "end")
