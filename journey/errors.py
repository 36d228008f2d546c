"""What can go wrong, in the user's words.

One root and six children. Every message states the wrong value, what would be right, and what to do; the wording
lives in the named constructors here, so that it is said the same way everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from journey.language import _, listed


class JourneyError(ValueError):
    """Anything a person can mend; the message says how, `code` names its kind for machines."""

    def __init__(self, text: str, code: str = "") -> None:
        super().__init__(text)
        self.code = code

    @classmethod
    def disk_full(cls, name: str, needed: str, free: str) -> JourneyError:
        return cls(
            _(
                "There is not enough room on the disk for “{name}”: {needed} are needed, {free} are free. "
                "Make room, then try again; nothing was kept."
            ).format(name=name, needed=needed, free=free),
            "DISK_LOW",
        )

    @classmethod
    def cancelled(cls, name: str) -> JourneyError:
        return cls(_("Reading “{name}” was cancelled; nothing was kept.").format(name=name), "CANCELLED")

    @classmethod
    def dataset_changed(cls, name: str) -> JourneyError:
        return cls(
            _(
                "Others changed the dataset while “{name}” was being added to it; nothing was kept. Add it again."
            ).format(name=name),
            "DATASET_CHANGED",
        )

    @classmethod
    def changed_on_the_way(cls, name: str) -> JourneyError:
        return cls(
            _("“{name}” changed or broke off while it was uploaded; nothing was kept. Choose it again.").format(
                name=name
            ),
            "UPLOAD_BROKE_OFF",
        )

    @classmethod
    def shared_meanwhile(cls) -> JourneyError:
        return cls(
            _("Something else was shared from these data since this preview was made. Preview it once more."),
            "SHARED_MEANWHILE",
        )

    @classmethod
    def damaged_key(cls, name: str) -> JourneyError:
        return cls(
            _(
                "“{name}” in the folder of the data is damaged. Put the file back from a backup: with another key "
                "every customer would get another name."
            ).format(name=name),
            "KEY_DAMAGED",
        )

    @classmethod
    def newer_workspace(cls, home: str) -> JourneyError:
        return cls(
            _(
                "The data in {home} were kept by a newer version of Journey. Update Journey, or choose another folder "
                "with JOURNEY_HOME."
            ).format(home=home),
            "NEWER_WORKSPACE",
        )

    @classmethod
    def not_made_yet(cls, folder: str) -> JourneyError:
        text = _("{folder} may only be read, and there is nothing in it yet. Start Journey once, then try again.")
        return cls(text.format(folder=folder), "NOT_MADE_YET")


class FileUnreadableError(JourneyError):
    """The file can't be taken as a table."""

    @classmethod
    def empty(cls, name: str) -> FileUnreadableError:
        return cls(_("“{name}” is empty. Export it again, then upload the new file.").format(name=name), "EMPTY_FILE")

    @classmethod
    def header_only(cls, name: str) -> FileUnreadableError:
        return cls(
            _("“{name}” has a header line but no rows below it. Export it again with its data.").format(name=name),
            "EMPTY_FILE",
        )

    @classmethod
    def not_a_table(cls, name: str, kind: str, step: str = "") -> FileUnreadableError:
        step = step or _("Export the interactions as CSV and upload that file.")
        return cls(
            _("“{name}” is {kind}, not a table of rows. {step}").format(name=name, kind=kind, step=step),
            "UNSUPPORTED_TYPE",
        )

    @classmethod
    def no_table(cls, name: str, reason: str) -> FileUnreadableError:
        return cls(
            _(
                "No table was found in “{name}”: {reason}. A table has a line of column names, and below it a row for "
                "each interaction. Export it as CSV or Excel."
            ).format(name=name, reason=reason),
            "NOT_TABULAR",
        )

    @classmethod
    def truncated(cls, name: str) -> FileUnreadableError:
        return cls(
            _("“{name}” breaks off before its end. Export or download it again, then upload the new file.").format(
                name=name
            ),
            "TRUNCATED",
        )

    @classmethod
    def unpacks_to_too_much(cls, name: str) -> FileUnreadableError:
        return cls(
            _(
                "“{name}” unpacks to far more than a table of this size holds, and was refused for safety. Save the "
                "table anew, as CSV or Excel, and upload that file."
            ).format(name=name),
            "BOMB",
        )

    @classmethod
    def too_many_columns(cls, name: str, columns: str, most: str) -> FileUnreadableError:
        return cls(
            _(
                "“{name}” has {columns} columns, more than any export of interactions; {most} is the most. Export "
                "fewer columns."
            ).format(name=name, columns=columns, most=most),
            "TOO_MANY_COLUMNS",
        )

    @classmethod
    def forbidden_xml(cls, name: str) -> FileUnreadableError:
        return cls(
            _(
                "“{name}” declares XML entities, which no export needs and which can harm; it was not read. Open it in "
                "the program it comes from and save it anew."
            ).format(name=name),
            "XML_ENTITY",
        )

    @classmethod
    def encrypted(cls, name: str) -> FileUnreadableError:
        return cls(
            _("“{name}” is protected by a password. Save a copy without the password and upload that file.").format(
                name=name
            ),
            "ENCRYPTED",
        )

    @classmethod
    def damaged(cls, name: str, reason: str) -> FileUnreadableError:
        return cls(_("“{name}” can't be read: {reason}. Export it again.").format(name=name, reason=reason), "CORRUPT")

    @classmethod
    def over_limit(cls, name: str, reason: str) -> FileUnreadableError:
        return cls(
            _("“{name}” was stopped while reading: {reason}. Split the file by month, or export fewer columns.").format(
                name=name, reason=reason
            ),
            "TOO_BIG",
        )

    @classmethod
    def missing(cls, name: str) -> FileUnreadableError:
        return cls(_("There is no file “{name}”. Check the path.").format(name=name), "MISSING_FILE")


class MappingError(JourneyError):
    """A column that is needed is missing, or stands for something it does not hold."""

    @classmethod
    def no_column_for(cls, role: str, columns: Sequence[str]) -> MappingError:
        needs = {
            "customer_id": _("who the customer is (an id, an e-mail address)"),
            "timestamp": _("when it happened (a date, better with a time)"),
            "touchpoint": _("what was met (an event, a page, an action)"),
        }
        return cls(
            _("No column says {need}. The file has: {columns}. Choose the column, or add one to the file.").format(
                need=needs.get(role, role), columns=listed(columns, at_most=12)
            ),
            "MISSING_ROLE",
        )

    @classmethod
    def only_examples(cls, name: str) -> MappingError:
        text = _(
            "“{name}” holds only the examples of the worksheet, which are no rows. Fill in the sheet “Interactions”: "
            "who met what and when, a line each, and upload it again."
        )
        return cls(text.format(name=name), "EMPTY_FILE")

    @classmethod
    def nothing_usable(cls, role: str, column: str, examples: Sequence[str]) -> MappingError:
        if not examples:
            empty = _("Column “{column}” is empty. Choose another column, or fill it in.")
            return cls(empty.format(column=column), "MISSING_ROLE")
        kinds = {"timestamp": _("times"), "customer_id": _("customer ids"), "touchpoint": _("touchpoints")}
        return cls(
            _("Column “{column}” holds no readable {kind} (found: {examples}). Choose another column.").format(
                column=column, kind=kinds.get(role, role), examples=listed(examples, at_most=3)
            ),
            "UNREADABLE_COLUMN",
        )

    @classmethod
    def no_recipe(cls, reason: str) -> MappingError:
        return cls(_("This is not a recipe that can be followed. {reason}").format(reason=reason), "RECIPE")

    @classmethod
    def recipe_of_other_files(cls, needed: Sequence[str], columns: Sequence[str]) -> MappingError:
        return cls(
            _(
                "The recipe speaks of other columns ({needed}) than the files have ({columns}). Choose the recipe of "
                "files like these, or import without one."
            ).format(needed=listed(needed, at_most=8), columns=listed(columns, at_most=8)),
            "RECIPE",
        )

    @classmethod
    def other_currency(cls, before: str, now: str) -> MappingError:
        return cls(
            _(
                "The dataset’s amounts are in {before}, those of the new files in {now}; they can’t be added up. "
                "Convert the new amounts, or make a dataset of their own of the files."
            ).format(before=before, now=now),
            "CURRENCY_MIXED",
        )

    @classmethod
    def no_interactions(cls, told: str, *, is_explained: bool) -> MappingError:
        lacking = _(
            "Nothing says who met what and when, one row each, so that there is no journey to show. Add a file of "
            "interactions: a customer’s id, a time, and what was met."
        )
        return cls(told if is_explained else f"{told} {lacking}", "MISSING_ROLE")

    @classmethod
    def unanswered(cls, question: str, setting: str, answers: Sequence[str]) -> MappingError:
        return cls(
            _("{question} Answer in a recipe (--recipe), in the table's entry “{setting}”: {answers}.").format(
                question=question, setting=setting, answers=listed(answers)
            ),
            "AMBIGUOUS",
        )

    @classmethod
    def two_readings(cls, column: str, examples: Sequence[str], setting: str) -> MappingError:
        answers = {
            "day_first": _("whether the day comes first (mapping={“day_first”: True}) or the month (False)"),
            "decimal_sign": _("which sign is the decimal one (mapping={“decimal_sign”: “.”} or “,”)"),
        }
        return cls(
            _(
                "Column “{column}” can be read in two ways (found: {examples}), and nothing in it shows which. "
                "Say {answer}."
            ).format(column=column, examples=listed(examples, at_most=3), answer=answers[setting]),
            "AMBIGUOUS",
        )


class UnknownNameError(JourneyError):
    """A stage, touchpoint, column or model that this dataset doesn't have."""

    @classmethod
    def among(cls, kind: str, wrong: object, known: Iterable[str]) -> UnknownNameError:
        names = [str(name) for name in known]
        near = get_close_matches(str(wrong), names, n=1, cutoff=0.6) or get_close_matches(
            str(wrong).casefold(), [name.casefold() for name in names], n=1, cutoff=0.6
        )
        near = [name for name in names if near and name.casefold() == near[0].casefold()]
        hint = _("Did you mean “{name}”? ").format(name=near[0]) if near else ""
        return cls(
            _("There is no {kind} “{wrong}”. {hint}There are: {known}.").format(
                kind=kind, wrong=wrong, hint=hint, known=listed(names, at_most=12)
            )
        )


class ArgumentError(JourneyError):
    """An argument outside what is possible."""

    @classmethod
    def not_one_of(cls, argument: str, wrong: object, allowed: Sequence[str]) -> ArgumentError:
        return cls(
            _("“{wrong}” is not possible for {argument}. Choose one of: {allowed}.").format(
                argument=argument, wrong=wrong, allowed=listed([str(value) for value in allowed])
            )
        )

    @classmethod
    def out_of_range(cls, argument: str, wrong: object, low: object, high: object) -> ArgumentError:
        return cls(
            _("{argument} is {wrong}; it must lie between {low} and {high}.").format(
                argument=argument, wrong=wrong, low=low, high=high
            )
        )

    @classmethod
    def bad_duration(cls, argument: str, wrong: object) -> ArgumentError:
        return cls(
            _("“{wrong}” is not a length of time for {argument}. Write for example “30 days” or “12 hours”.").format(
                argument=argument, wrong=wrong
            )
        )

    @classmethod
    def bad_pattern(cls, pattern: str, reason: str) -> ArgumentError:
        return cls(
            _(
                "The pattern “{pattern}” can't be used: {reason}. Write for example “/product/*”, or “re:^/p/[0-9]+” "
                "for a regular expression."
            ).format(pattern=pattern, reason=reason),
            "BAD_PATTERN",
        )

    @classmethod
    def too_few(cls, argument: str, n_given: int, n_needed: int) -> ArgumentError:
        return cls(
            _("{argument} needs at least {n_needed} entries; {n_given} were given.").format(
                argument=argument, n_needed=n_needed, n_given=n_given
            )
        )

    @classmethod
    def given_twice(cls, argument: str, wrong: object) -> ArgumentError:
        return cls(_("{argument} names “{wrong}” twice. Name each one once.").format(argument=argument, wrong=wrong))

    @classmethod
    def not_masked(cls) -> ArgumentError:
        return cls(
            _("A comment still holds an address or a number of somebody. Choose it again from the comments shown."),
            "NOT_MASKED",
        )


class NotEnoughDataError(JourneyError):
    """Too few customers or answers for the question."""

    @classmethod
    def too_few_customers(cls, purpose: str, n_found: int, n_needed: int) -> NotEnoughDataError:
        return cls(
            _(
                "{purpose} need at least {n_needed} customers; here are {n_found}. Widen the filters or the period."
            ).format(purpose=purpose, n_needed=n_needed, n_found=n_found)
        )

    @classmethod
    def changed_too_little(cls, n_needed: int) -> NotEnoughDataError:
        return cls(
            _(
                "This was shared several times while fewer than {n_needed} customers changed; once more would tell "
                "about them. Share it again when more have come."
            ).format(n_needed=n_needed)
        )


class DatasetNotFoundError(JourneyError):
    """A dataset that isn't kept here (any more)."""

    @classmethod
    def with_id(cls, dataset_id: str) -> DatasetNotFoundError:
        return cls(
            _("The dataset “{id}” is not here; it may have been deleted. Choose another on Start.").format(
                id=dataset_id
            )
        )
