"""What stitching did, in sentences that hold no id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from journey.ingest.identity.id_spaces import kind_of
from journey.ingest.identity.identity_counts import CUT, TOO_MANY, Conflict, Stitched
from journey.ingest.told import Note
from journey.language import _, listed, ngettext, number, percent

_MOST_TOLD = 6


def kind_words(space: str) -> str:
    """Name the ids of a space in the plural."""
    words = {
        "earlier": _("customers of before"),
        "account": _("account ids"),
        "user": _("user ids"),
        "person": _("person ids"),
        "amplitude": _("Amplitude ids"),
        "contact": _("contact ids"),
        "requester": _("requester ids"),
        "email": _("e-mail addresses"),
        "phone": _("phone numbers"),
        "distinct": _("distinct ids"),
        "anonymous": _("anonymous ids"),
        "device": _("device ids"),
        "order": _("order numbers"),
        "ticket": _("ticket numbers"),
    }
    return words.get(kind_of(space)) or _("other ids")


def notes_on(stitched: Stitched) -> list[Note]:
    """Tell what was compared, joined, found and left apart."""
    return [*_compared(stitched), *_joined(stitched), *_matched(stitched), *_left_apart(stitched)]


def _compared(stitched: Stitched) -> Iterator[Note]:
    columns: dict[str, list[str]] = defaultdict(list)
    for table in stitched.tables:
        for header, space in table.headers:
            columns[space].append(_("“{header}” of {table}").format(header=header, table=table.name))
    for space, places in columns.items():
        if len(places) > 1:
            yield Note(
                "IDENTITY_SPACE",
                _("Taken as the same {kind}: {columns}.").format(
                    kind=kind_words(space), columns=listed(places, _MOST_TOLD)
                ),
            )

    for name, header in stitched.left_out:
        yield Note(
            "IDENTITY_SOMEBODY_ELSE",
            _(
                "“{header}” of {table} tells who answered, sent or sold, not who the customer is: it joins nothing."
            ).format(header=header, table=name),
        )


def _joined(stitched: Stitched) -> Iterator[Note]:
    kinds = [f"{number(n_ids)} {kind_words(space)}" for space, n_ids in stitched.ids_by_space]
    yield Note(
        "IDENTITY_STITCHED",
        _("{ids} belong to {customers}; without joining them there would be {before}.").format(
            ids=listed(kinds),
            customers=ngettext("{n} customer", "{n} customers", stitched.n_customers),
            before=number(stitched.n_customers_before),
        ),
    )
    for table in stitched.tables:
        if table.n_known > table.n_known_before:
            yield Note(
                "IDENTITY_KNOWN",
                _("{table}: {n} of {all} rows lead to a known person, {before} before ids were joined.").format(
                    table=table.name,
                    n=number(table.n_known),
                    all=number(table.n_rows),
                    before=number(table.n_known_before),
                ),
            )
    if stitched.n_bridged:
        yield Note(
            "IDENTITY_BRIDGED",
            ngettext(
                "{n} weaker id, such as a device, is all that joins two ids of a customer.",
                "{n} weaker ids, such as devices, are all that joins ids of a customer.",
                stitched.n_bridged,
            ),
        )


def _matched(stitched: Stitched) -> Iterator[Note]:
    for match in stitched.matches:
        yield Note(
            "IDENTITY_MATCH",
            _("{n} of {all} customers of {table} were found in {other} ({share}).").format(
                n=number(match.n_found),
                all=number(match.n_customers),
                table=match.table,
                other=match.other,
                share=percent(match.n_found / match.n_customers if match.n_customers else None),
            ),
        )


def _left_apart(stitched: Stitched) -> Iterator[Note]:
    for conflict in stitched.conflicts:
        text = _reason(conflict)
        if conflict.n_rows:
            text += " " + ngettext("{n} row holds no other id.", "{n} rows hold no other id.", conflict.n_rows)
        yield Note(f"IDENTITY_{conflict.reason.upper()}", text)


def _reason(conflict: Conflict) -> str:
    texts = {
        "nobody": _("{n} of the {kind} belong to nobody (null, guest, test@ and the like): they join nothing."),
        "shared": _("{n} of the {kind} belong to too many others to be one person's: they join nothing."),
        "ambiguous": _("{n} of the {kind} met two persons or more, as a shared device does: they join nothing."),
        "chained": _("{n} of the {kind} would have joined two persons by a roundabout way: they join nothing."),
        "too_large": _(
            "{n} of the {kind} would have made a customer of more ids than a person has: they join nothing."
        ),
        "account": _("{n} {kind} stand beside persons: a company does not make its people one customer."),
        TOO_MANY: _("{n} of the {kind} met more e-mails or devices than one person has: none was given to them."),
        CUT: _("{n} of the {kind} met a person and somebody unknown: they were given to the person, the others not."),
    }
    return texts[conflict.reason].format(n=number(conflict.n_ids), kind=kind_words(conflict.space))
