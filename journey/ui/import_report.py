"""What an import read, kept, set aside and noticed: as a finding, in one table, and in sentences."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from journey.facts import REPORT_FILE
from journey.ingest.notes import export_missing
from journey.ingest.proposal import Proposal, kind_words, role_words
from journey.ingest.recipe import Recipe
from journey.ingest.report import ImportReport, reason_words
from journey.ingest.told import Note
from journey.language import _, listed, ngettext, number, period
from journey.ui import shell
from journey.ui.text import plain
from journey.workspace import DatasetInfo

#: Beginnings of the codes of what may change a decision or an analysis; the rest says what was done.
_WORTH_A_LOOK = (
    "NO_", "SMALL_DATA", "OUTLIER", "TIME_", "DUPLICATE", "CLOCK", "STAGE_EMPTY", "TIES", "FILE_REVERSED",
    "ID_DAMAGED", "DATE_FUTURE", "DATE_MIXED", "DATE_DAMAGED", "DATE_UNPARSED", "DATE_AMBIGUOUS", "DATE_SENTINEL",
    "NUMBER_UNREADABLE", "NUMBER_AMBIGUOUS", "CURRENCY_MIXED", "CUSTOMERS_NOT_FOUND", "LAST_ROW", "ENCODING_AMBIGUOUS",
    "ENCODING_MIXED", "IDENTITY_SHARED", "IDENTITY_AMBIGUOUS", "IDENTITY_CHAINED", "IDENTITY_TOO", "IDENTITY_CUT",
)  # fmt: skip
_MOST_TABLES, _MOST_TOLD = 6, 3


def finding(proposal: Proposal, recipe: Recipe, report: ImportReport | None, into: DatasetInfo | None) -> None:
    """Open with what came of the files, and what they look like; without a report, with what is still missing."""
    told = _("Is this right? Nothing is kept until you say so.")
    if into is not None:
        told = _("The files become a new version of “{name}”. Is this right?").format(name=into.name)
    shell.headline(_found(report, recipe) if report else _missing(proposal, recipe), told)
    places = sorted(range(len(recipe.tables)), key=lambda place: not proposal.recipe.tables[place].is_interacting)
    lines = [_table_line(proposal, place, report) for place in places]
    if len(lines) > _MOST_TABLES:
        lines[_MOST_TABLES:] = [_("and {n} more").format(n=number(len(lines) - _MOST_TABLES))]
    st.markdown("\n".join(f"- {line}" for line in lines))
    if not any(table.is_interacting for table in recipe.tables):
        why = [missing for table in recipe.tables if (missing := export_missing(table))]
        st.warning(plain(" ".join(why) or _("Add a file that does, or say below what the rows of these are.")))
    worth = _worth_a_look(report) if report else []
    if worth:
        st.markdown("  \n".join(f":material/info: {plain(note.text)}" for note in worth[:_MOST_TOLD]))
    if len(worth) > _MOST_TOLD:
        st.caption(plain(_("{n} more under “What was noticed”.").format(n=number(len(worth) - _MOST_TOLD))))


def _found(report: ImportReport, recipe: Recipe) -> str:
    zone = ZoneInfo(recipe.time_zone)
    first, last = (
        datetime.datetime.fromisoformat(moment).astimezone(zone).date() for moment in (report.first, report.last)
    )
    return _("{interactions} of {customers}, {period}").format(
        interactions=ngettext("{n} interaction", "{n} interactions", report.interactions),
        customers=ngettext("{n} customer", "{n} customers", report.customers),
        period=period(first, last),
    )


def _missing(proposal: Proposal, recipe: Recipe) -> str:
    """Say what keeps the journey from being shown."""
    interacting = [table for table in recipe.tables if table.is_interacting]
    if not any(table.n_rows for table in proposal.tables):
        return _("The files hold no rows yet. Fill them in, and upload them again.")
    if not interacting:
        return _("None of the tables tells who met what and when.")
    roles = list(dict.fromkeys(role for table in interacting for role in table.missing_roles))
    if roles:
        return _("Still to choose: {roles}").format(roles=listed([role_words(role) for role in roles]))
    if questions := proposal.unanswered(recipe):
        return ngettext(
            "{n} question that the files leave open", "{n} questions that the files leave open", len(questions)
        )
    return ngettext("{n} row was read", "{n} rows were read", sum(table.n_rows for table in proposal.tables))


def _table_line(proposal: Proposal, place: int, report: ImportReport | None) -> str:
    """Tell in a line what a table is, and how much of it could not be used."""
    table, mapping = proposal.tables[place], proposal.recipe.tables[place]
    kept = next((each for each in report.tables if each.name == table.name), None) if report else None
    parts = [
        _("looks like {label}").format(label=table.label) if table.label else "",
        ngettext("{n} row", "{n} rows", table.n_rows),
        kind_words(kept.kind if kept else mapping.kind),
        _("{n} set aside").format(n=number(sum(kept.set_aside.values()))) if kept and kept.set_aside else "",
    ]
    return f"**{plain(table.name)}** {plain(' · '.join(part for part in parts if part))}"


def noticed(report: ImportReport, *, n_told: int = _MOST_TOLD) -> None:
    """Tell what would be kept, table by table, and what was noticed beside the first things that were told before."""
    st.dataframe(_tables(report), hide_index=True, alt=_("What became of the rows of each table"))
    worth = _worth_a_look(report)
    if worth[n_told:]:
        st.markdown(f"**{plain(_('Worth a look'))}**")
        _listed(worth[n_told:])
    st.markdown(f"**{plain(_('What was understood and done'))}**")
    _listed([note for note in report.notes if note not in worth])


def summary(directory: Path) -> ImportReport:
    """Tell about the import of a version that is kept, and hand out its report."""
    report = ImportReport.from_json((directory / REPORT_FILE).read_text("utf-8"))
    noticed(report, n_told=0)
    return report


def _worth_a_look(report: ImportReport) -> list[Note]:
    return [
        note
        for note in report.notes
        if note.code.startswith(_WORTH_A_LOOK) or (note.code == "ROWS" and report.rows_set_aside)
    ]


def _listed(notes: Sequence[Note]) -> None:
    st.markdown("\n".join(f"- {plain(note.text)}" for note in notes))


def _tables(report: ImportReport) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _("Table"): [table.name for table in report.tables],
            _("Taken as"): [kind_words(table.kind) for table in report.tables],
            _("Rows read"): [number(table.rows_in) for table in report.tables],
            _("Kept"): [number(table.rows_kept) for table in report.tables],
            _("Set aside"): [_counts(table.set_aside) for table in report.tables],
            _("Skipped"): [_counts(table.skipped) for table in report.tables],
        }
    )


def _counts(by_reason: Mapping[str, int]) -> str:
    return listed([f"{number(count)} × {reason_words(reason)}" for reason, count in by_reason.items()]) or "0"
