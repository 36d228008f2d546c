"""The journey map as one calm grid: stages across, lanes down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from journey.charts.escaping import html_text
from journey.charts.html import Address, face_image, nowhere, stage_colours, stage_inks, stylesheet
from journey.charts.overview import depth_of, dot_class, feeling_curve
from journey.charts.theme import stage_label
from journey.language import _, interval, number, percent, short, signed

#: How high the curve is drawn, seen from its width: 104 px over about 1,000 px.
_HEIGHT_BY_WIDTH = 0.1


def map_grid(document: Mapping[str, Any], *, address: Address = nowhere) -> str:
    """Draw a journey map as an HTML table.

    It scrolls sideways on a narrow page and says so, with the lanes' names in place, and prints on one page of A4
    landscape.

    Parameters
    ----------
    document
        What `JourneyMap.to_dict` writes.
    address
        Tells where a cell is proved; a cell without an address names its base all the same.

    Returns
    -------
    str
        HTML that needs no script.
    """
    stages = document["stages"]
    heads = "".join(
        f'<th scope="col" style="--c:{colour};--i:{ink}">{html_text(stage_label(stage))}</th>'
        for stage, colour, ink in zip(stages, stage_colours(len(stages)), stage_inks(len(stages)), strict=True)
    )
    # A lane in which nothing is told would only stand there empty.
    lanes = "".join(_lane(lane, document, address) for lane in document["lanes"] if lane["cells"])
    return (
        f'{stylesheet("maps")}<div class="j j-map" style="--n:{len(stages)}">'
        f'<p class="j-hint" aria-hidden="true">{html_text(_("scroll sideways →"))}</p>'
        f'<div class="j-scroll" role="region" tabindex="0" aria-label="{html_text(map_alt(document))}">'
        f'<table><thead><tr><td><span class="j-hidden">{html_text(_("Lane"))}</span></td>{heads}</tr></thead>'
        f"<tbody>{lanes}</tbody></table></div></div>"
    )


def map_alt(document: Mapping[str, Any]) -> str:
    """Say whose map it is, on what it rests, and what it finds."""
    who = document["persona"] or _("all customers")
    return _("Journey map of {who}, {n} customers: {title}").format(
        who=who, n=number(document["customers"]), title=document["title"]
    )


def _lane(lane: Mapping[str, Any], document: Mapping[str, Any], address: Address) -> str:
    note = f'<span class="j-note">{html_text(lane["note"])}</span>' if lane["note"] else ""
    head = f'<th scope="row">{html_text(lane["title"])}{note}</th>'
    found = [[cell for cell in lane["cells"] if cell["stage"] == stage] for stage in document["stages"]]
    if lane["name"] == "feeling":
        felt = [cells[0] if cells else None for cells in found]
        return f'<tr class="j-feelings">{head}{_feelings(felt, document, address)}</tr>'
    drawn = "".join(f"<td>{''.join(_cell(cell, lane['name'], address) for cell in cells)}</td>" for cells in found)
    return f"<tr>{head}{drawn}</tr>"


def _cell(cell: Mapping[str, Any], lane: str, address: Address) -> str:
    tone = f"j-{cell['tone']}" if cell["tone"] else ""
    figure = "j-figure" if lane == "figures" else ""
    said = f'<span class="{tone}{figure}">{html_text(cell["text"])}</span>' if cell["text"] else ""
    items = "".join(_item(item) for item in cell["items"])
    listed_items = f"<ul>{items}</ul>" if items else ""
    return f'<div class="j-card">{said}{_mark(cell)}{listed_items}{_base(cell, address)}</div>'


def _item(item: Mapping[str, Any]) -> str:
    mark = f'&nbsp;<b title="{html_text(_("not ours"))}">◇</b>' if item["is_foreign"] else ""
    customers = _("{n} customers").format(n=number(item["customers"]))
    return (
        f"<li><span>{html_text(item['name'])}{mark}</span>"
        f'<span title="{html_text(customers)}">{percent(item["share"])}</span></li>'
    )


def _mark(cell: Mapping[str, Any]) -> str:
    marks = [*([_("stale")] if cell["is_stale"] else []), *([_("written")] if cell["kind"] == "written" else [])]
    return "".join(f'<span class="j-mark">{html_text(mark)}</span>' for mark in marks)


def _base(cell: Mapping[str, Any], address: Address) -> str:
    text = cell["base"]
    if not text:
        return ""
    proof = cell["evidence"]
    where = address(proof["page"], proof["settings"]) if proof else None
    if where is None:
        return f'<span class="j-base">{html_text(text)}</span>'
    # A leading slash or letter keeps the address inside the product.
    return f'<a class="j-base" href="{html_text(where)}" target="_self">{html_text(text)}</a>'


# --- The lane of feelings ----------------------------------------------------------------------------------------


def _feelings(cells: Sequence[Mapping[str, Any] | None], document: Mapping[str, Any], address: Address) -> str:
    values = [(cell["emotion"], cell["low"], cell["high"]) if cell else (None, None, None) for cell in cells]
    curve = (
        f'<div class="j-curve" aria-hidden="true"><div class="j-zero"></div>'
        f"{feeling_curve(values, _HEIGHT_BY_WIDTH)}</div>{_returns(document)}"
    )
    return "".join(f"<td>{curve if place == 0 else ''}{_dot(cell, address)}</td>" for place, cell in enumerate(cells))


def _dot(cell: Mapping[str, Any] | None, address: Address) -> str:
    if cell is None:
        return ""
    if cell["emotion"] is None:
        return f'<div class="j-open">{html_text(cell["text"])}</div>'
    kind = dot_class(cell["emotion"], cell["n"] or 0)
    span = interval(signed(cell["low"]), signed(cell["high"]))
    told = {**cell, "base": _("{emotion} · n {n}").format(emotion=signed(cell["emotion"]), n=short(cell["n"]))}
    return (
        f'<div class="{kind}" style="--y:{depth_of(cell["emotion"]):.4f}" title="{html_text(span)}">'
        f"{face_image(cell['emotion'])}{_base(told, address)}</div>"
    )


def _returns(document: Mapping[str, Any]) -> str:
    stages = document["stages"]
    drawn = []
    for back in document["returns"][:1]:
        last, first = stages.index(back["source"]), stages.index(back["target"])
        said = _("{share} of {n} come back from {source} to {target}").format(
            share=percent(back["share"]),
            n=number(back["customers"] / back["share"]),
            source=stage_label(back["source"]),
            target=stage_label(back["target"]),
        )
        place = f"--from:{(first + 0.5) / len(stages):.4f};--over:{(last - first) / len(stages):.4f}"
        drawn.append(
            f'<div class="j-back" style="{place}"></div>'
            f'<div class="j-said" style="{place}"><span>{html_text(said)}</span></div>'
        )
    return f'<div class="j-returns">{"".join(drawn)}</div>' if drawn else ""
