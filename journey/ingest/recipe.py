"""All decisions that turn files into a dataset: one small file, to be read, changed, and used again next month."""

from __future__ import annotations

from collections.abc import Mapping as Given
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import yaml

from journey.errors import ArgumentError, MappingError
from journey.ingest.aliases import normalised
from journey.ingest.identity.identities import Identity
from journey.ingest.mapping import SETTINGS, Mapping, frozen_entry, require_time_zone
from journey.language import _
from journey.vocabulary import ROLES, STAGE_SETS

#: A touchpoint's stage before and after the customer's first purchase.
StagePair = tuple[str | None, str | None]
#: Entries of a mapping that are called like a role: what a caller says of them is the name of a column.
_COLUMN_FIRST = ("touchpoint", "channel")
#: So many letters, and no more, are read as a recipe.
_LONGEST = 5_000_000
_NAMES = ("touchpoint_groups", "touchpoint_names", "channel_names")


@dataclass(frozen=True)
class Recipe:
    """How a set of tables becomes a dataset.

    Parameters
    ----------
    tables
        What each table holds, and how it is read; the first that holds interactions is the main one.
    time_zone
        The zone in which days are counted and shown.
    currency
        Code of the currency of all amounts, as in `EUR`. None: amounts without a currency.
    stage_set
        Which of `journey.vocabulary.STAGE_SETS` is meant.
    stages
        A stage order of one's own; empty: found.
    touchpoint_stages
        Touchpoints, each with its stage before and after the customer's first purchase; these win over everything else.
    touchpoint_groups
        Pairs of a pattern and the name that all touchpoints it fits get; the first that fits counts.
    touchpoint_names, channel_names
        Pairs of a name as it is written and the name it gets.
    own_hosts
        Hosts of one's own pages: links from them are no channel.
    identity
        How ids are stitched into customers.
    """

    tables: tuple[Mapping, ...]
    time_zone: str = "UTC"
    currency: str | None = None
    stage_set: str = "saas"
    stages: tuple[str, ...] = ()
    touchpoint_stages: tuple[tuple[str, StagePair], ...] = ()
    touchpoint_groups: tuple[tuple[str, str], ...] = ()
    touchpoint_names: tuple[tuple[str, str], ...] = ()
    channel_names: tuple[tuple[str, str], ...] = ()
    own_hosts: tuple[str, ...] = ()
    identity: Identity = field(default_factory=Identity)

    def __post_init__(self) -> None:
        require_time_zone(self.time_zone)
        if self.stage_set not in STAGE_SETS:
            raise ArgumentError.not_one_of("stage_set", self.stage_set, list(STAGE_SETS))

    @property
    def main(self) -> int:
        """Tell the place of the table that holds the interactions, or that is nearest to it."""
        places = range(len(self.tables))
        return min(places, key=lambda place: (_distance(self.tables[place]), place))

    @property
    def mapping(self) -> Mapping:
        """The mapping of the main table."""
        return self.tables[self.main]

    @property
    def missing_roles(self) -> tuple[str, ...]:
        """Name what no table that holds interactions says."""
        return self.mapping.missing_roles if not self.is_complete else ()

    @property
    def is_complete(self) -> bool:
        """Every table of interactions says who, when and what, and there is one."""
        interacting = [table for table in self.tables if table.is_interacting]
        return bool(interacting) and not any(table.missing_roles for table in interacting)

    @property
    def followed(self) -> Recipe:
        """The recipe as it is carried out: tables that are not taken are not used, whatever they hold."""
        tables = (table if table.taken is not False else replace(table, kind="unused") for table in self.tables)
        return replace(self, tables=tuple(tables))

    def with_table(self, place: int, table: Mapping) -> Recipe:
        """Put another mapping in the place of one."""
        return replace(self, tables=(*self.tables[:place], table, *self.tables[place + 1 :]))

    def with_given(self, given: Given[str, Any]) -> Recipe:
        """Lay over it what a caller said: role → header (or headers), and entries by their name."""
        changed = self
        for name, value in given.items():
            if name in ENTRIES:
                changed = replace(changed, **{name: _frozen(name, value)})
            elif name in SETTINGS and name not in _COLUMN_FIRST:
                changed = _with_setting(changed, name, value)
            elif name in ROLES:
                headers = [value] if isinstance(value, str) else list(value)
                place = _place_of(changed, headers)
                changed = changed.with_table(place, changed.tables[place].with_columns(name, headers))
            else:
                raise ArgumentError.not_one_of("mapping", name, [*ROLES, *SETTINGS, *ENTRIES])
        return changed

    def fitted(self, proposed: Recipe) -> Recipe:
        """Use these decisions for other files: tables are found again by their columns, new ones keep the proposal.

        Raises
        ------
        MappingError
            When none of the tables has the columns that the recipe speaks of.
        """
        found = [self._table_like(table) for table in proposed.tables]
        if not any(found):
            headers = [header for table in proposed.tables for header in table.headers]
            raise MappingError.recipe_of_other_files(
                sorted({header for table in self.tables for header in _used(table)}), headers
            )
        tables = tuple(
            _transferred(like, table) if like else table for like, table in zip(found, proposed.tables, strict=True)
        )
        renamed = {like.table: table.table for like, table in zip(found, proposed.tables, strict=True) if like}
        spaces = tuple(((renamed.get(name, name), header), space) for (name, header), space in self.identity.spaces)
        return replace(self, tables=tables, identity=replace(self.identity, spaces=spaces))

    def to_yaml(self) -> str:
        """Write the recipe; what is as usual is written, too, so that it can be found and changed."""
        from journey.ingest.recipe_schema import RECIPE_FORMAT

        held = {name: getattr(self, name) for name in ENTRIES}
        held |= {name: dict(held[name]) for name in _NAMES}
        held |= {
            "stages": list(self.stages),
            "own_hosts": list(self.own_hosts),
            "touchpoint_stages": {name: _written_stages(pair) for name, pair in self.touchpoint_stages},
            "identity": self.identity.to_dict(),
        }
        written = {"format": RECIPE_FORMAT, "tables": [_written_table(table) for table in self.tables]} | held
        return yaml.safe_dump(written, allow_unicode=True, sort_keys=False, width=120)

    @classmethod
    def from_yaml(cls, text: str) -> Recipe:
        """Read a recipe.

        Raises
        ------
        MappingError
            When the text is no recipe; it says where.
        """
        from jsonschema import Draft202012Validator

        from journey.ingest.recipe_schema import SCHEMA

        try:
            # A part that stands for another can make a few lines stand for more than a machine holds.
            is_endless = len(text) > _LONGEST or any(isinstance(each, yaml.AliasToken) for each in yaml.scan(text))
            held: Any = None if is_endless else yaml.safe_load(text)
        # Days and numbers that there are not end in a ValueError, brackets without end in a RecursionError.
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            raise MappingError.no_recipe(str(error)) from error
        if is_endless:
            raise MappingError.no_recipe(_("It is too long, or one part of it stands for another (“*”)."))
        if isinstance(held, dict) and held.get("format") == 1:
            held = _from_first_format(held)
        faults = sorted(Draft202012Validator(SCHEMA).iter_errors(held), key=lambda fault: list(map(str, fault.path)))
        if faults:
            place = " → ".join(str(step) for step in faults[0].path) or _("the whole file")
            raise MappingError.no_recipe(f"{place}: {faults[0].message}")
        entries = {name: _frozen(name, value) for name, value in held.items() if name in ENTRIES}
        return cls(tables=tuple(_table(written) for written in held["tables"]), **entries)

    def _table_like(self, table: Mapping) -> Mapping | None:
        """Find the mapping for a table with these columns: all of them, or at least those that are used."""
        names = {normalised(header) for header in table.headers}
        same = [each for each in self.tables if {normalised(header) for header in each.headers} == names]
        near = [each for each in self.tables if _used(each) and {normalised(header) for header in _used(each)} <= names]
        return next(iter(same or sorted(near, key=lambda each: -len(_used(each)))), None)


#: The entries of a recipe beside the tables.
ENTRIES = tuple(each.name for each in fields(Recipe) if each.name != "tables")


def _with_setting(recipe: Recipe, name: str, value: Any) -> Recipe:
    # What is said of the columns of interactions is said of one table; how they are written, of all.
    if name in ("day_first", "decimal_sign", "naive_time_zone", "duplicates"):
        return replace(recipe, tables=tuple(table.with_setting(name, value) for table in recipe.tables))
    return recipe.with_table(recipe.main, recipe.mapping.with_setting(name, value))


def _place_of(recipe: Recipe, headers: Sequence[str]) -> int:
    """Find the table that has these columns, the main one first."""
    places = sorted(range(len(recipe.tables)), key=lambda place: place != recipe.main)
    return next((place for place in places if set(headers) <= set(recipe.tables[place].headers)), recipe.main)


def _distance(table: Mapping) -> int:
    kinds = ("interactions", "feedback")
    if table.kind in kinds:
        return kinds.index(table.kind)
    return 2 if table.is_interacting else 3


def _used(table: Mapping) -> list[str]:
    return [header for header, role in table.roles if role != "ignore"]


def _transferred(known: Mapping, table: Mapping) -> Mapping:
    """Take over what was decided for a table with the same columns, spelled as the new one spells them."""
    roles = {normalised(header): role for header, role in known.roles}
    spelled = {normalised(header): header for header in table.headers}
    moments = tuple(
        replace(moment, column=spelled.get(normalised(moment.column), moment.column)) for moment in known.moments
    )
    return replace(
        known,
        table=table.table,
        moments=moments,
        roles=tuple((header, roles.get(normalised(header), "ignore")) for header in table.headers),
    )


# --- As a file ---------------------------------------------------------------------------------------------------


def _written_table(table: Mapping) -> dict[str, Any]:
    settings = {name: getattr(table, name) for name in SETTINGS}
    moments = [
        {"column": each.column, "touchpoint": each.touchpoint, "stage": each.stage, "carries": list(each.carries)}
        for each in table.moments
    ]
    return {"table": table.table, "columns": dict(table.roles)} | settings | {"moments": moments}


def _table(written: Given[str, Any]) -> Mapping:
    entries = {name: frozen_entry(name, value) for name, value in written.items() if name != "columns"}
    return Mapping(roles=frozen_entry("roles", written["columns"]), **entries)


def _written_stages(pair: StagePair) -> str | dict[str, str | None] | None:
    before, after = pair
    return before if before == after else {"before": before, "after": after}


def _frozen(name: str, value: Any) -> Any:
    """Make of lists and dictionaries, as recipes and callers write them, what the frozen recipe holds."""
    if name in _NAMES:
        pairs = value.items() if isinstance(value, Given) else value
        return tuple((str(written), str(given)) for written, given in pairs)
    if name == "touchpoint_stages":
        pairs = value.items() if isinstance(value, Given) else value
        return tuple((str(touchpoint), _stage_pair(stages)) for touchpoint, stages in pairs)
    if name in ("stages", "own_hosts"):
        return tuple(str(each) for each in value)
    if name == "identity":
        return value if isinstance(value, Identity) else Identity.from_dict(value)
    return value


def _stage_pair(written: Any) -> StagePair:
    if isinstance(written, Given):
        return written.get("before"), written.get("after")
    if isinstance(written, list | tuple):
        before, after = written
        return before, after
    return written, written


def _from_first_format(held: dict[str, Any]) -> dict[str, Any]:
    """Bring a recipe of the first format, which knew one table only, into today's."""
    of_table = {name: held.pop(name) for name in SETTINGS if name in held}
    return held | {"format": 2, "tables": [{"columns": held.pop("roles", None)} | of_table]}
