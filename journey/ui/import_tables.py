"""The tables that were read, a card each: what its rows and columns stand for, and what has to be asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle

import pandas as pd
import streamlit as st

from journey.ingest.mapping import KINDS, Mapping
from journey.ingest.previous import EARLIER_VERSION
from journey.ingest.proposal import Proposal, TableProposal, kind_words, role_words
from journey.ingest.recipe import Recipe
from journey.language import _, ngettext, percent
from journey.ui.text import plain
from journey.vocabulary import NEEDED_ROLES, ROLES

_OPTIONAL_ROLES = tuple(
    role for role in ROLES if role not in (*NEEDED_ROLES, "attribute", "identity", "cost", "ignore")
)  # fmt: skip
_NONE = ""


def role_labels() -> dict[str, str]:
    """Name the roles of columns in a person's words."""
    return {
        "customer_id": _("Who (the customer)"),
        "timestamp": _("When"),
        "touchpoint": _("What was met (the touchpoint)"),
        "channel": _("Channel"),
        "source": _("Source of the visit"),
        "medium": _("Medium of the visit"),
        "referrer": _("Page that linked here"),
        "ownership": _("Owned, paid, earned or third-party"),
        "stage": _("Stage"),
        "device": _("Device"),
        "campaign": _("Campaign"),
        "revenue": _("Revenue"),
        "emotion": _("Feeling, −2 … +2"),
        "score": _("Score (NPS, CSAT, stars)"),
        "score_kind": _("Kind of score"),
        "comment": _("Comment"),
    }


def questions(proposal: Proposal, recipe: Recipe, revision: int) -> Recipe:
    """Ask what the files do not show, each answer with what it makes of the file."""
    for place, question in enumerate(proposal.questions):
        table = recipe.tables[question.place]
        decided = [choice.value for choice in question.choices].index
        now = getattr(table, question.setting)
        with st.container(border=True, key=f"question-{place}"):
            answer = st.radio(
                plain(f"{table.table}: {question.text}" if len(recipe.tables) > 1 else question.text),
                range(len(question.choices)),
                format_func=[plain(choice.words) for choice in question.choices].__getitem__,
                captions=[plain(choice.preview) for choice in question.choices],
                index=None if now is None else decided(now),
                key=f"question {place} {revision}",
            )
        if answer is not None:
            value = question.choices[answer].value
            recipe = recipe.with_table(question.place, table.with_setting(question.setting, value))
    return recipe


def cards(proposal: Proposal, recipe: Recipe, revision: int) -> Recipe:
    """Draw a card per table that a person gave, those of interactions first."""
    proposed = proposal.recipe.tables
    given = [place for place, table in enumerate(proposed) if table.export != EARLIER_VERSION]
    for place in sorted(given, key=lambda place: not proposed[place].is_interacting):
        with st.container(border=True, key=f"table-{place}"):
            mapping = _card(proposal.tables[place], recipe.tables[place], f"{place} {revision}")
        recipe = recipe.with_table(place, mapping)
    return recipe


def _card(table: TableProposal, mapping: Mapping, key: str) -> Mapping:
    what, kind = st.columns([3, 1], vertical_alignment="center")
    rows = ngettext("{n} row", "{n} rows", table.n_rows)
    what.markdown(f"**{plain(table.name)}** · {plain(rows)}")
    what.caption(plain(_("This looks like {label}.").format(label=table.label) if table.label else table.sentence))
    chosen = kind.selectbox(
        _("Its rows are"), KINDS, index=KINDS.index(mapping.kind), format_func=kind_words, key=f"kind {key}"
    )
    mapping = replace(mapping, kind=chosen)
    if mapping.is_interacting:
        mapping = _needed(table, mapping, key)
    with st.expander(_("All columns, first rows, and how the file was read")):
        columns = st.container()
        st.dataframe(
            pd.DataFrame(table.first_rows, columns=mapping.headers),
            hide_index=True,
            height=215,
            alt=_("The first rows of {name}").format(name=table.name),
        )
        mapping = _optional(table, mapping, key)
        with columns:
            _columns(table, mapping)
        facts = [f"{what}: {found}" for what, found in table.facts]
        told = [table.sentence, *facts, *(note.text for note in table.notes)]
        st.caption("\n".join(f"- {plain(each)}" for each in told))
    return mapping


def _columns(table: TableProposal, mapping: Mapping) -> None:
    """List what each column was taken as, and why."""
    st.dataframe(
        pd.DataFrame(
            {
                _("Column"): [column.header for column in table.columns],
                _("Taken as"): [role_words(mapping.role_of(column.header)) for column in table.columns],
                _("Why"): [
                    column.reason if mapping.role_of(column.header) == column.role else _("chosen by you")
                    for column in table.columns
                ],
                _("Filled"): [percent(column.share_filled) for column in table.columns],
                _("Examples"): [", ".join(column.examples[:3]) for column in table.columns],
            }
        ),
        hide_index=True,
        height=min(36 * (len(table.columns) + 1), 320),
        alt=_("What each column of {name} was taken as").format(name=table.name),
    )


def _needed(table: TableProposal, mapping: Mapping, key: str) -> Mapping:
    """Let the columns for who, when and what be chosen, or said once for all rows."""
    for role, place in zip(NEEDED_ROLES, st.columns(len(NEEDED_ROLES)), strict=True):
        with place:
            if role != "customer_id" and mapping.moments:
                _moments(mapping, role)
                continue
            mapping = _role(table, mapping, role, key)
            if role == "touchpoint" and not mapping.having(role):
                constant = st.text_input(
                    _("Every row is one"), value=mapping.touchpoint or "", key=f"constant {key}", max_chars=80
                )
                mapping = replace(mapping, touchpoint=constant.strip() or None)
            if role == "customer_id" and not mapping.having(role) and not mapping.having("identity"):
                is_own = st.checkbox(
                    _("Each row is a customer of its own"), value=mapping.customer_per_row, key=f"own {key}"
                )
                mapping = replace(mapping, customer_per_row=is_own)
    return mapping


def _moments(mapping: Mapping, role: str) -> None:
    """Tell the times of a table in which one row holds several."""
    if role == "timestamp":
        st.caption(_("When: each of these columns is a moment of its own"))
        st.caption(plain(", ".join(f"{each.column} ({each.touchpoint})" for each in mapping.moments)))
    else:
        st.caption(_("What was met is told by the column of the time."))


def _optional(table: TableProposal, mapping: Mapping, key: str) -> Mapping:
    roles = _OPTIONAL_ROLES if mapping.is_interacting else ("customer_id",) if mapping.kind == "customers" else ()
    columns = st.columns(3) if roles else []
    for role, place in zip(roles, cycle(columns), strict=False):
        with place:
            mapping = _role(table, mapping, role, key)
    mapping = _several(mapping, "identity", _("Further ids of the customer"), key)
    return _several(mapping, "attribute", _("Says something about the customer"), key)


def _several(mapping: Mapping, role: str, label: str, key: str) -> Mapping:
    chosen = st.multiselect(label, mapping.headers, default=mapping.having(role), key=f"role {role} {key}")
    for header in mapping.headers:
        if header in chosen:
            mapping = mapping.with_role(header, role)
        elif mapping.role_of(header) == role:
            mapping = mapping.with_role(header, "ignore")
    return mapping


def _role(table: TableProposal, mapping: Mapping, role: str, key: str) -> Mapping:
    """Let the column of a role be chosen; a pair that is read together stays one until another is chosen."""
    guessed = mapping.having(role)
    examples = {column.header: column.examples for column in table.columns}
    options: Sequence[str] = [_NONE, *mapping.headers]

    def shown(header: str) -> str:
        if header == _NONE:
            constant = {"touchpoint": mapping.touchpoint, "channel": mapping.channel}.get(role)
            return _("always “{value}”").format(value=constant) if constant else _("(none)")
        together = " + ".join(guessed) if guessed and header == guessed[0] else header
        return f"{together} · {', '.join(examples[header][:2])}"[:70]

    guess = guessed[0] if guessed else _NONE
    header = st.selectbox(
        role_labels()[role], options, index=options.index(guess), format_func=shown, key=f"role {role} {key}"
    )
    if header == guess:
        return mapping
    for before in guessed:
        mapping = mapping.with_role(before, "ignore")
    return mapping if header == _NONE else mapping.with_role(header, role)
