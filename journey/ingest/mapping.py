"""What each column of one table stands for, and how its cells are read."""

from __future__ import annotations

from collections.abc import Mapping as Given
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from journey.errors import ArgumentError, MappingError, UnknownNameError
from journey.ingest.cells.amounts import DECIMAL_SIGNS
from journey.ingest.cells.emotions import SCALES
from journey.language import _
from journey.vocabulary import ROLES

#: What the rows of a table are.
KINDS = ("interactions", "feedback", "customers", "spend", "touchpoints", "unused")
#: Kinds whose rows are interactions: a customer met a touchpoint at a time.
INTERACTING = ("interactions", "feedback")
#: Values of a row that belong to one of the moments it tells about.
CARRIED = ("revenue", "score", "emotion", "comment")
DUPLICATES = ("auto", "keep", "skip")
#: Roles that any number of columns may have; the others have one column, or one pair read as one.
_SHARED_ROLES = ("attribute", "identity", "ignore")
_PAIRED_ROLES = ("channel", "timestamp", "touchpoint")


@dataclass(frozen=True)
class Moment:
    """A column of times whose filled cells are an interaction each: what was met, and what of the row belongs to it.

    `carries` names which of the row's values (`CARRIED`) belong to this moment and to no other of the row.
    """

    column: str
    touchpoint: str
    stage: str | None = None
    carries: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for carried in self.carries:
            if carried not in CARRIED:
                raise ArgumentError.not_one_of("carries", carried, CARRIED)


@dataclass(frozen=True)
class Mapping:
    """What each column of a table stands for, and how its cells are read.

    Parameters
    ----------
    roles
        Pairs of a column's header and its role (`journey.vocabulary.ROLES`). Two columns with role `channel` are
        written together, as in `newsletter / email`; two with role `timestamp` are a date and its time of day; two with
        role `touchpoint` are an event and the page it happened on.
    table
        How the table is called: its file, and its sheet where there are several.
    kind
        What its rows are (`KINDS`).
    export
        Name of the export it was recognised as (`journey.ingest.exports`).
    touchpoint, channel
        What every row is, where no column says it.
    moments
        Where one row tells of several interactions, each with a time of its own.
    customer_per_row
        No column says who: every row counts as a customer of its own.
    taken
        Whether the table is used, where that had to be asked. None: nothing was unclear.
    encoding
        What the letters are written in, where that had to be asked.
    naive_time_zone
        The zone of timestamps that name none.
    day_first
        Whether 03/04 is the 3rd of April. None: the file shows it.
    decimal_sign
        Which sign is the decimal one in 1.234. None: the file shows it.
    score_kind
        The scale of the score column. None: told by its header or by its answers.
    duplicates
        What becomes of lines that repeat another in every cell: `auto` keeps them unless they are plainly a fault of
        the export, `keep`, `skip`.
    """

    roles: tuple[tuple[str, str], ...]
    table: str = ""
    kind: str = "interactions"
    export: str | None = None
    touchpoint: str | None = None
    channel: str | None = None
    moments: tuple[Moment, ...] = ()
    customer_per_row: bool = False
    taken: bool | None = None
    encoding: str | None = None
    naive_time_zone: str = "UTC"
    day_first: bool | None = None
    decimal_sign: str | None = None
    score_kind: str | None = None
    duplicates: Literal["auto", "keep", "skip"] = "auto"

    def __post_init__(self) -> None:
        for _header, role in self.roles:
            if role not in ROLES:
                raise ArgumentError.not_one_of(_("a column's role"), role, list(ROLES))
        if self.kind not in KINDS:
            raise ArgumentError.not_one_of("kind", self.kind, KINDS)
        for moment in self.moments:
            if moment.column not in self.headers:
                raise UnknownNameError.among(_("column"), moment.column, self.headers)
        require_time_zone(self.naive_time_zone)
        if self.decimal_sign is not None and self.decimal_sign not in DECIMAL_SIGNS:
            raise ArgumentError.not_one_of("decimal_sign", self.decimal_sign, DECIMAL_SIGNS)
        if self.score_kind is not None and self.score_kind not in SCALES:
            raise ArgumentError.not_one_of("score_kind", self.score_kind, list(SCALES))
        if self.duplicates not in DUPLICATES:
            raise ArgumentError.not_one_of("duplicates", self.duplicates, DUPLICATES)

    @property
    def headers(self) -> list[str]:
        return [header for header, _role in self.roles]

    @property
    def is_interacting(self) -> bool:
        """Rows of this table are interactions, or tell of some."""
        if self.taken is False:
            return False
        return self.kind in INTERACTING or (self.kind == "customers" and bool(self.moments))

    @property
    def missing_roles(self) -> tuple[str, ...]:
        """Name what is needed for interactions and said neither by a column nor for the whole table."""
        said = {
            "customer_id": bool(self.having("customer_id") or self.having("identity")) or self.customer_per_row,
            "timestamp": bool(self.having("timestamp") or self.moments),
            "touchpoint": bool(self.having("touchpoint") or self.moments or self.touchpoint),
        }
        return tuple(role for role, is_said in said.items() if not is_said)

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

    def with_setting(self, name: str, value: Any) -> Mapping:
        """Answer a question or change another entry than the roles, by its name."""
        if name not in SETTINGS:
            raise ArgumentError.not_one_of("mapping", name, [*ROLES, *SETTINGS])
        return replace(self, **{name: frozen_entry(name, value)})

    def require_complete(self) -> None:
        """Raise `MappingError` when nothing says who, when or what."""
        for role in self.missing_roles:
            raise MappingError.no_column_for(role, self.headers)


#: The entries of a mapping that are no roles.
SETTINGS = tuple(each.name for each in fields(Mapping) if each.name not in ("roles", "table"))


def require_time_zone(name: str) -> None:
    """Raise `UnknownNameError` for a name that no time zone has."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        # The list of all zones takes long to gather, so that it is only gathered to name what is near.
        raise UnknownNameError.among(_("time zone"), name, sorted(available_timezones())) from error


def frozen_entry(name: str, value: Any) -> Any:
    """Make of lists and dictionaries, as recipes and callers write them, what the frozen mapping holds."""
    if name == "roles":
        pairs = value.items() if isinstance(value, Given) else value
        return tuple((str(header), str(role)) for header, role in pairs)
    if name == "moments":
        return tuple(each if isinstance(each, Moment) else _moment(each) for each in value)
    return value


def _moment(written: Given[str, Any]) -> Moment:
    return Moment(**{**written, "carries": tuple(written.get("carries", ()))})
