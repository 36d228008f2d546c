"""Names of personas in plain words, each claim in them held up by a measured contrast."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from journey.analysis.persona_features import Feature
from journey.language import _, number, percent, readable

#: Standardised differences from which a name may say so: half a standard deviation of customers for what a persona is
#: called by, less for what is added to tell two of them apart.
CLEAR, NOTICEABLE = 0.5, 0.3


@dataclass(frozen=True)
class Contrast:
    """A feature in a persona and in the rest of the customers; `difference` is standardised."""

    feature: Feature
    inside: float
    outside: float
    difference: float

    @property
    def is_share(self) -> bool:
        return not self.feature.is_measure or self.feature.of == "share_of_returns"


def feature_label(feature: Feature, attribute_labels: dict[str, str]) -> str:
    """Say in words what a feature measures."""
    measures = {
        "days_since_last": _("days since the last contact"),
        "interactions": _("interactions"),
        "visits": _("visits"),
        "revenue": _("revenue"),
        "days_between_visits": _("days between visits"),
        "share_of_returns": _("returns to an earlier stage"),
    }
    if feature.block == "relation":
        return measures[feature.of]
    if feature.block == "attribute":
        label = readable(attribute_labels.get(feature.of, feature.of))
        return f"{label}: {feature.value}" if feature.value else label
    shares = {
        "channel": _("interactions through {value}"),
        "device": _("interactions on {value}"),
        "stage": _("interactions in {value}"),
    }
    return shares[feature.of].format(value=feature.value)


def persona_names(
    contrasts: Sequence[Sequence[Contrast]], attribute_labels: dict[str, str] | None = None
) -> tuple[str, ...]:
    """Name each persona in at most a few words, all different; the first personas choose first."""
    labels = attribute_labels or {}
    taken: list[str] = []
    for position, found in enumerate(contrasts):
        # A group that is called by what another is called by, too, needs its second trait in the name.
        heads = [next(_heads(each, labels)) for each in contrasts]
        is_shared = heads.count(heads[position]) > 1
        taken.append(next(name for name in _candidates(found, labels, is_shared) if name not in taken))
    return tuple(taken)


def _candidates(found: Sequence[Contrast], labels: dict[str, str], is_shared: bool) -> Iterator[str]:
    for head in _heads(found, labels):
        tails = list(_tails(found, head))
        yield from tails
        if not is_shared or not tails:
            yield head
    head, count = next(_heads(found, labels)), 2
    while True:
        yield _("{group}, group {n}").format(group=head, n=number(count))
        count += 1


def _heads(found: Sequence[Contrast], labels: dict[str, str]) -> Iterator[str]:
    """Offer what the group may be called, the clearest contrast first."""
    who = _who(found)
    by_clarity = sorted(found, key=lambda each: -each.difference)
    for contrast in by_clarity:
        if contrast.difference < CLEAR:
            break
        feature = contrast.feature
        if feature.of == "device" and contrast.inside >= 0.5:
            yield f"{_device_word(feature.value)} {who}"
        elif feature.of == "channel" and contrast.inside >= 0.2:
            yield f"{_capitalised(feature.value)} {who}"
    for contrast in by_clarity:
        if contrast.feature.block == "attribute" and contrast.feature.value and contrast.difference >= CLEAR:
            yield _holding(_capitalised(who), contrast.feature, labels)
    yield _capitalised(who)


def _holding(who: str, feature: Feature, labels: dict[str, str]) -> str:
    """Say which attribute value a group holds; a bare yes or no needs the attribute's name."""
    label, value = labels.get(feature.of, feature.of), feature.value.casefold()
    if value in ("true", "yes"):
        return _("{who} with {value}").format(who=who, value=label)
    if value in ("false", "no"):
        return _("{who} without {value}").format(who=who, value=label)
    if value.replace(".", "").isdigit():
        return _("{who} with {label} {value}").format(who=who, label=label, value=feature.value)
    return _("{who} with {value}").format(who=who, value=feature.value)


def _who(found: Sequence[Contrast]) -> str:
    """Choose the noun: regulars come often, buyers pay more than the rest, browsers less."""
    interactions, revenue = _difference(found, "interactions"), _difference(found, "revenue")
    if interactions >= CLEAR:
        return _("regulars")
    if revenue >= NOTICEABLE:
        return _("buyers")
    if revenue <= -NOTICEABLE:
        return _("browsers")
    return _("visitors")


def _tails(found: Sequence[Contrast], head: str) -> Iterator[str]:
    """Add a second trait to a name, the strongest contrast first."""
    offered: list[tuple[float, str]] = []
    for of, (more, less) in _tail_words().items():
        difference = _difference(found, of)
        words = more if difference > 0 else less
        if words and abs(difference) >= NOTICEABLE:
            offered.append((abs(difference), words(head)))
    yield from (name for _strength, name in sorted(offered, reverse=True))


Phrase = Callable[[str], str]


def _tail_words() -> dict[str, tuple[Phrase | None, Phrase | None]]:
    """Words for more and for less of a measure than the rest."""
    return {
        "days_between_visits": (
            lambda group: _("{group} who wait").format(group=group),
            lambda group: _("{group} who act quickly").format(group=group),
        ),
        "share_of_returns": (lambda group: _("{group} who turn back").format(group=group), None),
        "revenue": (lambda group: _("{group} who spend more").format(group=group), None),
        "days_since_last": (
            lambda group: _("{group} gone quiet").format(group=group),
            lambda group: _("{group} seen lately").format(group=group),
        ),
        "interactions": (None, lambda group: _("{group} who come rarely").format(group=group)),
    }


def _difference(found: Sequence[Contrast], of: str) -> float:
    return next((each.difference for each in found if each.feature.of == of and not each.feature.value), 0.0)


def _device_word(device: str) -> str:
    phones = {"phone", "mobile", "smartphone", "mobile phone"}
    return _("Mobile") if device.casefold() in phones else _capitalised(device)


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def standout(label: str, inside: float, outside: float, *, is_share: bool) -> str:
    """Say one contrast as `interactions through Community: 52 %, the rest 4 %`."""
    return _("{label}: {inside}, the rest {outside}").format(
        label=label, inside=_said(inside, is_share), outside=_said(outside, is_share)
    )


def _said(value: float, is_share: bool) -> str:
    return percent(value) if is_share else number(value, 1 if abs(value) < 10 else 0)
