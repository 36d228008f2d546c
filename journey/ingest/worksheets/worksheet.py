"""A worksheet to fill in, for those who have notes and interviews only."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from journey.language import _
from journey.vocabulary import FEELINGS, STAGES

HOW_TO, INTERACTIONS, CUSTOMERS = "How to", "Interactions", "Customers"
#: The columns of the interactions, by which a worksheet is recognised, and what each stands for.
WORKSHEET: Final[dict[str, str]] = {
    "Who": "customer_id",
    "When": "timestamp",
    "What": "touchpoint",
    "Where": "channel",
    "Stage": "stage",
    "Feeling": "emotion",
    "Quote": "comment",
    "Revenue": "revenue",
}
#: The columns of the customers; others can be added.
WORKSHEET_CUSTOMERS: Final = ("Who", "About", "Country")
#: Ends the name of those who are only there to show how rows are written.
EXAMPLE_MARK: Final = "(example)"

_EXAMPLES: Final[tuple[tuple[str | int, ...], ...]] = (
    ("Ana", "March 2025", "Read a review", "Review site", "awareness", 1, "They say it is set up in a day.", ""),
    ("Ana", "2025-04-02 10:30", "Pricing page", "Website", "consideration", -1, "What do five people pay?", ""),
    ("Ana", "", "Payment", "Website", "purchase", 2, "", 240),
)
_EXAMPLE_CUSTOMER: Final = ("Ana", "Runs a small studio", "Romania")
_N_ROWS: Final = 2_000
#: Excel takes no longer list of choices in a cell.
_LONGEST_LIST: Final = 255
_WIDTHS: Final = (22, 18, 28, 18, 16, 16, 50, 12)
#: The file says nothing of when it was made, so that the same worksheet is the same file.
_MADE: Final = datetime.datetime(2025, 1, 1)  # noqa: DTZ001 - Excel knows no zones


def worksheet(path: Path, stages: Sequence[str] = STAGES) -> None:
    """Write the worksheet: how to fill it in, a sheet of interactions with choices, and a sheet of customers.

    Parameters
    ----------
    path
        Where the `.xlsx` file is written.
    stages
        The stages to choose from.
    """
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": _MADE})
        _write_how_to(book)
        _write_interactions(book, stages)
        _write_customers(book)


def feeling_words() -> list[str]:
    """Name the feelings to choose from, each with its place on −2 … +2.

    >>> feeling_words()
    ['very bad (−2)', 'bad (−1)', 'mixed (0)', 'good (+1)', 'very good (+2)']
    """
    places = ("−2", "−1", "0", "+1", "+2")
    return [f"{_(word)} ({place})" for place, (_low, word, _face) in zip(places, FEELINGS, strict=True)]


def _write_how_to(book: Any) -> None:
    sheet = book.add_worksheet(HOW_TO)
    sheet.set_column(0, 0, 100, book.add_format({"text_wrap": True, "valign": "top"}))
    title = book.add_format({"bold": True, "font_size": 16})
    sheet.write(0, 0, _("Write down what customers told you, one line for each thing they met"), title)
    for row, text in enumerate(_instructions(), start=2):
        sheet.write(row, 0, text)


def _instructions() -> tuple[str, ...]:
    return (
        _("Fill in the sheet “Interactions”. Only Who and What are needed; leave empty what you don’t know."),
        _("Who: a name or number that stays the same for one person. A made-up one is best: no real name is needed."),
        _(
            "When: as exactly as you know it: 2 April 2025 10:30, 2 April 2025, March 2025, Q1 2025 or 2025. If you "
            "don’t know, leave it empty: the lines of one person are then taken in the order in which they stand."
        ),
        _("What: the page, call, letter, shop, ad … in few words, always the same words for the same thing."),
        _("Where: the channel, for example Website, Phone, Store, E-mail, Review site."),
        _("Stage: choose from the list, or leave it empty: it is then told by What. Other stages can be typed."),
        _("Feeling: choose from the list. Empty means that you don’t know; it does not mean “mixed”."),
        _("Quote: what the person said, in their words. Revenue: what they paid then; refunds with a minus."),
        _("The sheet “Customers” can tell more about each person; add columns of your own, for example Age or Plan."),
        _(
            "Lines whose name ends in “{mark}” only show how it is done. They are left out, so you may leave them."
        ).format(mark=EXAMPLE_MARK),
        _("Then upload this file in Journey. Nothing else has to be set."),
    )


def _write_interactions(book: Any, stages: Sequence[str]) -> None:
    sheet = book.add_worksheet(INTERACTIONS)
    _write_header(book, sheet, tuple(WORKSHEET), _WIDTHS)
    words = feeling_words()
    for row, example in enumerate(_EXAMPLES, start=1):
        who, *cells = example
        place = list(WORKSHEET).index("Feeling") - 1
        cells[place] = words[int(cells[place]) + 2]
        sheet.write_row(row, 0, [f"{who} {EXAMPLE_MARK}", *cells], _grey(book))
    for header, choices in (("Stage", list(stages)), ("Feeling", words)):
        column = list(WORKSHEET).index(header)
        if sum(len(choice) + 1 for choice in choices) <= _LONGEST_LIST:
            rule = {"validate": "list", "source": choices, "error_type": "information", "ignore_blank": True}
            sheet.data_validation(1, column, _N_ROWS, column, rule)
    sheet.activate()


def _write_customers(book: Any) -> None:
    sheet = book.add_worksheet(CUSTOMERS)
    _write_header(book, sheet, WORKSHEET_CUSTOMERS, (22, 50, 18))
    who, *cells = _EXAMPLE_CUSTOMER
    sheet.write_row(1, 0, [f"{who} {EXAMPLE_MARK}", *cells], _grey(book))


def _write_header(book: Any, sheet: Any, header: Sequence[str], widths: Sequence[int]) -> None:
    bold = book.add_format({"bold": True, "bottom": 1})
    for column, (name, width) in enumerate(zip(header, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write(0, column, name, bold)
    sheet.freeze_panes(1, 1)


def _grey(book: Any) -> Any:
    return book.add_format({"font_color": "#767676", "italic": True})
