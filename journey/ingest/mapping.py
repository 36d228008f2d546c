"""The decisions that turn a file into a dataset: small, readable, kept as `recipe.yaml`."""

from __future__ import annotations

from collections.abc import Mapping as Given
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, available_timezones

import yaml

from journey.errors import ArgumentError, MappingError, UnknownNameError
from journey.ingest.amounts import DECIMAL_SIGNS
from journey.ingest.emotions import SCALES
from journey.language import _
from journey.vocabulary import NEEDED_ROLES, ROLES, STAGE_SETS

RECIPE_FORMAT = 1
#: Roles that any number of columns may have; the others have one column, or one pair read as one.
_SHARED_ROLES = ("attribute", "ignore")
_PAIRED_ROLES = ("channel", "timestamp")
DUPLICATES = ("auto", "keep", "skip")


@dataclass(frozen=True)
class Mapping:
    """What each column stands for, and how its cells are read.

    Parameters
    ----------
    roles
        Pairs of a column's header and its role (`journey.vocabulary.ROLES`). Two columns with role `channel` are
        written together, as in `newsletter / email`; two with role `timestamp` are a date and its time of day.
    time_zone
        The zone in which days are counted and shown.
    naive_time_zone
        The zone of timestamps that name none.
    day_first
        Whether 03/04 is the 3rd of April. None: the file shows it.
    decimal_sign
        Which sign is the decimal one in 1.234. None: the file shows it.
    currency
        Code of the currency of all amounts, as in `EUR`. None: amounts without a currency.
    score_kind
        The scale of the score column. None: told by its header or by its answers.
    stage_set
        Which of `journey.vocabulary.STAGE_SETS` is meant.
    stages
        A stage order of one's own; empty: found.
    touchpoint_stages
        Pairs of a touchpoint and its stage; these win over everything else.
    duplicates
        What becomes of lines that repeat another in every cell: `auto` keeps them unless they are plainly a fault of
        the export, `keep`, `skip`.
    """

    roles: tuple[tuple[str, str], ...]
    time_zone: str = "UTC"
    naive_time_zone: str = "UTC"
    day_first: bool | None = None
    decimal_sign: str | None = None
    currency: str | None = None
    score_kind: str | None = None
    stage_set: str = "saas"
    stages: tuple[str, ...] = ()
    touchpoint_stages: tuple[tuple[str, str], ...] = ()
    duplicates: Literal["auto", "keep", "skip"] = "auto"

    def __post_init__(self) -> None:
        for _header, role in self.roles:
            if role not in ROLES:
                raise ArgumentError.not_one_of(_("a column's role"), role, list(ROLES))
        for zone in (self.time_zone, self.naive_time_zone):
            _require_time_zone(zone)
        if self.stage_set not in STAGE_SETS:
            raise ArgumentError.not_one_of("stage_set", self.stage_set, list(STAGE_SETS))
        if self.decimal_sign is not None and self.decimal_sign not in DECIMAL_SIGNS:
            raise ArgumentError.not_one_of("decimal_sign", self.decimal_sign, DECIMAL_SIGNS)
        if self.score_kind is not None and self.score_kind not in SCALES:
            raise ArgumentError.not_one_of("score_kind", self.score_kind, list(SCALES))
        if self.duplicates not in DUPLICATES:
            raise ArgumentError.not_one_of("duplicates", self.duplicates, DUPLICATES)

    @property
    def headers(self) -> list[str]:
        return [header for header, _role in self.roles]

    def role_of(self, header: str) -> str:
        return dict(self.roles).get(header, "ignore")

    def having(self, role: str) -> list[str]:
        """Name the columns of a role, in the order of the file."""
        return [header for header, held in self.roles if held == role]

    def column(self, role: str) -> str | None:
        """Name the column of a role that only one column has."""
        return next(iter(self.having(role)), None)

    def with_role(self, header: str, role: str) -> Mapping:
        """Give a column another role; what had it, and can be only one, is no longer used.

        Raises
        ------
        UnknownNameError
            When there is no such column.
        ArgumentError
            When there is no such role.
        """
        return self.with_columns(role, [header])

    def with_columns(self, role: str, headers: Sequence[str]) -> Mapping:
        """Give several columns a role, as `with_role` does for one."""
        for header in headers:
            if header not in self.headers:
                raise UnknownNameError.among(_("column"), header, self.headers)
        if role not in ROLES:
            raise ArgumentError.not_one_of(_("a column's role"), role, list(ROLES))
        if role not in _SHARED_ROLES and len(headers) > 1 + (role in _PAIRED_ROLES):
            raise ArgumentError.not_one_of("mapping", ", ".join(headers), self.headers)
        freed = [] if role in _SHARED_ROLES else self.having(role)
        changed = dict.fromkeys(freed, "ignore") | dict.fromkeys(headers, role)
        return replace(self, roles=tuple((held, changed.get(held, was)) for held, was in self.roles))

    def with_given(self, given: Given[str, Any]) -> Mapping:
        """Lay over it what a caller said: role → header (or headers), and settings by their name."""
        settings = {each.name for each in fields(self)} - {"roles"}
        changed = self
        for name, value in given.items():
            if name in settings:
                changed = replace(changed, **{name: _frozen_setting(name, value)})
                continue
            if name not in ROLES:
                raise ArgumentError.not_one_of("mapping", name, [*ROLES, *sorted(settings)])
            changed = changed.with_columns(name, [value] if isinstance(value, str) else list(value))
        return changed

    def require_complete(self) -> None:
        """Raise `MappingError` when nothing says who, when or what."""
        for role in NEEDED_ROLES:
            if self.column(role) is None:
                raise MappingError.no_column_for(role, self.headers)

    def to_yaml(self) -> str:
        """Write the recipe; what is as usual is written, too, so that it can be found and changed."""
        held = asdict(self)
        held |= {"roles": dict(self.roles), "stages": list(self.stages)}
        held["touchpoint_stages"] = dict(self.touchpoint_stages)
        return yaml.safe_dump({"format": RECIPE_FORMAT} | held, allow_unicode=True, sort_keys=False)

    @classmethod
    def from_yaml(cls, text: str) -> Mapping:
        """Read a recipe.

        Raises
        ------
        MappingError
            When the text is no recipe.
        """
        try:
            held = yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise MappingError(_("This is not a recipe: {reason}").format(reason=error)) from error
        names = {each.name for each in fields(cls)} | {"format"}
        if not isinstance(held, dict) or not isinstance(held.get("roles"), dict) or not set(held) <= names:
            raise MappingError(
                _("This is not a recipe. A recipe has the entries: {names}.").format(names=", ".join(names))
            )
        del held["format"]
        return cls(**{name: _frozen_setting(name, value) for name, value in held.items()})

    @classmethod
    def read(cls, path: Path) -> Mapping:
        return cls.from_yaml(path.read_text("utf-8"))


def _require_time_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        # The list of all zones takes long to gather, so that it is only gathered to name what is near.
        raise UnknownNameError.among(_("time zone"), name, sorted(available_timezones())) from error


def _frozen_setting(name: str, value: Any) -> Any:
    """Make lists and dictionaries, as YAML and callers write them, what the frozen mapping holds."""
    if name in ("roles", "touchpoint_stages"):
        pairs = value.items() if isinstance(value, dict) else value
        return tuple((str(key), str(held)) for key, held in pairs)
    return tuple(str(stage) for stage in value) if name == "stages" else value
