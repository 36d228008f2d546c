"""What touchpoints are called, which fall together, and which stage each stands for: shown in tables and corrected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256

import pandas as pd
import streamlit as st

from journey.charts.theme import stage_label
from journey.errors import JourneyError
from journey.ingest.names.groups import Group, GroupPreview, grouped, suggested_groups
from journey.ingest.names.variants import variants
from journey.ingest.recipe import Recipe
from journey.ingest.report import ImportReport
from journey.language import _, listed, ngettext, number
from journey.ui import cache, shell
from journey.ui.text import plain
from journey.vocabulary import STAGE_SETS

_MOST_SHOWN = 8
_OWN, _KEPT = "own", "as in "


def names(report: ImportReport, recipe: Recipe, revision: int) -> Recipe:
    """Offer spellings to merge and touchpoints to group; `report` tells how they are called without that."""
    counts = [(each.touchpoint, each.interactions) for each in report.touchpoints]
    recipe = _merged(counts, recipe, revision)
    return _grouped(counts, recipe, revision)


def _grouped(counts: list[tuple[str, int]], recipe: Recipe, revision: int) -> Recipe:
    rules = recipe.touchpoint_groups
    offered = () if rules else tuple((each.pattern, each.name) for each in suggested_groups(counts))
    if offered and st.toggle(_("Begin with groups of names that begin alike"), key=f"offered {revision}"):
        rules = offered
    st.caption(
        _(
            "Too many names to read? A pattern with * puts all that fit under one: /product/* becomes Product page. "
            "The first pattern that fits counts."
        )
    )
    edited = st.data_editor(
        pd.DataFrame(rules, columns=["pattern", "name"], dtype=str),
        num_rows="dynamic",
        hide_index=True,
        column_config={
            "pattern": st.column_config.TextColumn(_("Pattern")),
            "name": st.column_config.TextColumn(_("Name of the group")),
        },
        key=f"groups {revision} {len(rules)}",
        width="stretch",
    )
    pairs = [
        (str(pattern).strip(), str(name).strip())
        for pattern, name in edited.itertuples(index=False)
        if pd.notna(pattern) and pd.notna(name) and str(pattern).strip() and str(name).strip()
    ]
    try:
        previews = grouped(counts, [Group(*pair) for pair in pairs])
    except JourneyError as error:
        shell.tell(error)
        return recipe
    if previews:
        _preview(previews)
    return replace(recipe, touchpoint_groups=tuple(dict(pairs).items()))


def _preview(previews: Sequence[GroupPreview]) -> None:
    """Show what falls together under each rule."""
    st.dataframe(
        pd.DataFrame(
            {
                _("Group"): [preview.name for preview in previews],
                _("Touchpoints"): [number(len(preview.members)) for preview in previews],
                _("Interactions"): [number(preview.n_interactions) for preview in previews],
                _("What falls together"): [
                    listed([member for member, _n in preview.members], at_most=_MOST_SHOWN) or _("nothing fits")
                    for preview in previews
                ],
            }
        ),
        hide_index=True,
        alt=_("What falls together under each pattern"),
    )


def _merged(counts: list[tuple[str, int]], recipe: Recipe, revision: int) -> Recipe:
    names = ngettext("{n} touchpoint", "{n} touchpoints", len(counts))
    offered = variants(counts)
    if not offered:
        st.markdown(_("{names}; no two are spelled alike.").format(names=plain(names)))
        return recipe
    st.markdown(_("{names}. These may be the same; tick what is.").format(names=plain(names)))
    before = dict(recipe.touchpoint_names)
    merged = dict(before)
    for place, variant in enumerate(offered):
        label = _("{others} → “{kept}” (they differ in {reason})").format(
            others=listed([f"“{other}”" for other in variant.others]), kept=variant.kept, reason=variant.reason
        )
        was = all(before.get(other) == variant.kept for other in variant.others)
        is_same = st.checkbox(plain(label), value=was, key=f"variant {place} {variant.kept} {revision}")
        for other in variant.others:
            merged.pop(other, None)
            if is_same:
                merged[other] = variant.kept
    return replace(recipe, touchpoint_names=tuple(merged.items()))


def stages(report: ImportReport, recipe: Recipe, latest: Recipe, revision: int) -> Recipe:
    """Show which touchpoint stands for which stage, before and after the first purchase, and let it be changed."""
    st.markdown(f"**{plain(listed([stage_label(each) for each in report.stages]))}**")
    st.caption(plain(report.stage_words))
    recipe = _stage_set(recipe, revision)
    return _stage_table(report, recipe, latest, revision)


def _stage_set(recipe: Recipe, revision: int) -> Recipe:
    """Offer the sets there are, those made for other datasets among them, and one of one's own."""
    standard = {name: (name, ()) for name in STAGE_SETS}
    kept = {f"{_KEPT}{info.id}": info for info in cache.workspace().datasets()}
    own = {key: cache.recipe(info.id, info.version).stages for key, info in kept.items()}
    offered = [*standard, *(key for key, stages in own.items() if stages), _OWN]

    def shown(choice: str) -> str:
        if choice == _OWN:
            return _("stages of my own")
        if choice in kept:
            return _("as in “{name}”: {stages}").format(name=kept[choice].name, stages=listed(own[choice]))
        return f"{stage_set_words(choice)}: {listed([stage_label(stage) for stage in STAGE_SETS[choice]])}"

    now = _OWN if recipe.stages else recipe.stage_set
    chosen = st.selectbox(
        _("Set of stages"), offered, index=offered.index(now), key=f"stage set {revision}", format_func=shown
    )
    if chosen in standard:
        return replace(recipe, stage_set=chosen, stages=())
    if chosen in kept:
        return replace(recipe, stages=own[chosen])
    written = st.text_input(
        _("Your stages in order, with commas between them"),
        value=", ".join(recipe.stages),
        key=f"own stages {revision}",
    )
    return replace(recipe, stages=tuple(dict.fromkeys(name.strip() for name in written.split(",") if name.strip())))


def stage_set_words(name: str) -> str:
    """Name a set of stages as a person would."""
    return {
        "saas": _("Subscription"),
        "classic": _("Classic"),
        "e-commerce": _("Online shop"),
        "b2b sales": _("Sales to companies"),
        "service": _("Service"),
    }[name]


def _stage_table(report: ImportReport, recipe: Recipe, latest: Recipe, revision: int) -> Recipe:
    """Show the stage of every touchpoint; what a person changes is decided, all else stays as it was found."""
    decided = dict(latest.touchpoint_stages)
    offered = list(dict.fromkeys((*(recipe.stages or STAGE_SETS[recipe.stage_set]), *report.stages)))
    found = {each.touchpoint: (each.before, each.after) for each in report.touchpoints}
    pairs = [decided.get(name, pair) for name, pair in found.items()]
    shown = pd.DataFrame(
        {
            "touchpoint": list(found),
            "interactions": [each.interactions for each in report.touchpoints],
            "before": [before for before, _after in pairs],
            "after": [after for _before, after in pairs],
        }
    )
    edited = st.data_editor(
        shown,
        hide_index=True,
        disabled=("touchpoint", "interactions"),
        column_config={
            "touchpoint": st.column_config.TextColumn(_("Touchpoint")),
            "interactions": st.column_config.NumberColumn(_("Interactions"), format="localized"),
            "before": st.column_config.SelectboxColumn(
                _("Stage before the first purchase"), options=offered, format_func=_label
            ),
            "after": st.column_config.SelectboxColumn(_("Stage after it"), options=offered, format_func=_label),
        },
        key=f"stages {revision} {names_key(found)}",
        width="stretch",
    )
    rows = zip(edited["touchpoint"], edited["before"], edited["after"], strict=True)
    said = {name: (_stage(before), _stage(after)) for name, before, after in rows}
    # Touchpoints that this grouping does not have keep what was decided for them.
    kept = {name: pair for name, pair in decided.items() if name not in found}
    kept |= {name: pair for name, pair in said.items() if pair != found[name]}
    return replace(recipe, touchpoint_stages=tuple(kept.items()))


def _label(stage: object) -> str:
    return stage_label(str(stage))


def _stage(cell: object) -> str | None:
    return cell if isinstance(cell, str) and cell else None


def names_key(names: Iterable[str]) -> str:
    """Name the table of stages of these touchpoints: with others its rows are others."""
    return sha256("\n".join(names).encode()).hexdigest()[:12]
